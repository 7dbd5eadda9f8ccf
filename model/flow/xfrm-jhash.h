/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_JHASH_H
#define XFRM_JHASH_H

/**
 * @file
 * @ingroup xfrm
 * @brief jhash2(): Bob Jenkins' 2006 hash over 32-bit words, as the kernel uses it.
 *
 * Source: the public-domain lookup3 algorithm; jhash2() and jhash_2words() of
 * include/linux/jhash.h, Linux 4.1, have the same values (doc/spec/flow-cache.md, section 3; R109).
 * Left out: jhash() over bytes.
 */

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ns3::xfrm
{

/// Four 32-bit words that are worked on together: one of each of four keys.
using FourWords [[gnu::vector_size(16)]] = uint32_t;

/**
 * @brief The three running words of the hash.
 * @tparam Word uint32_t for one key, FourWords for four at once
 */
template <typename Word>
struct JhashState
{
    Word a; //!< first word
    Word b; //!< second word
    Word c; //!< third word, the result at the end

    /// Mix the three words reversibly: done after each group of three input words.
    constexpr void Mix()
    {
        MixStep(a, b, c, 4);
        MixStep(b, c, a, 6);
        MixStep(c, a, b, 8);
        MixStep(a, b, c, 16);
        MixStep(b, c, a, 19);
        MixStep(c, a, b, 4);
    }

    /// Let every bit of the three words reach the result: done once, after the last input words.
    constexpr void Final()
    {
        FinalStep(c, b, 14);
        FinalStep(a, c, 11);
        FinalStep(b, a, 25);
        FinalStep(c, b, 16);
        FinalStep(a, c, 4);
        FinalStep(b, a, 14);
        FinalStep(c, b, 24);
    }

  private:
    static constexpr Word RotateLeft(Word word, int rotation)
    {
        return (word << rotation) | (word >> (32 - rotation));
    }

    static constexpr void MixStep(Word& x, Word& y, Word& z, int rotation)
    {
        x -= z;
        x ^= RotateLeft(z, rotation);
        z += y;
    }

    static constexpr void FinalStep(Word& x, Word y, int rotation)
    {
        x ^= y;
        x -= RotateLeft(y, rotation);
    }
};

/**
 * @brief Hash 32-bit words.
 * @param getWord callable that gives input word i
 * @param nWords length of the input [32-bit words]; inlined, so that a constant unrolls the loop
 * @param seed the initial value
 * @return the hash
 */
template <typename Word, typename GetWord>
[[gnu::always_inline]] constexpr inline Word
JhashWords(GetWord&& getWord, size_t nWords, uint32_t seed)
{
    const Word start = Word{} + (0xdeadbeef + 4 * static_cast<uint32_t>(nWords) + seed);
    JhashState<Word> state{start, start, start};
    size_t i = 0;
    for (; nWords - i > 3; i += 3)
    {
        state.a += getWord(i);
        state.b += getWord(i + 1);
        state.c += getWord(i + 2);
        state.Mix();
    }
    if (i == nWords)
    {
        return state.c; // only for an empty input
    }
    state.a += getWord(i);
    if (nWords - i > 1)
    {
        state.b += getWord(i + 1);
    }
    if (nWords - i > 2)
    {
        state.c += getWord(i + 2);
    }
    state.Final();
    return state.c;
}

/**
 * @brief Hash 32-bit words.
 * @param words the input; may be null when @p nWords is 0
 * @param nWords length of the input [32-bit words]
 * @param seed the initial value
 * @return the hash
 */
[[gnu::always_inline]] constexpr inline uint32_t
Jhash2(const uint32_t* words, size_t nWords, uint32_t seed)
{
    return JhashWords<uint32_t>([words](size_t i) { return words[i]; }, nWords, seed);
}

/**
 * @brief Hash two words (jhash_2words(), R109).
 * @param first first word
 * @param second second word
 * @param seed the initial value
 * @return the hash
 */
[[gnu::always_inline]] constexpr inline uint32_t
Jhash2Words(uint32_t first, uint32_t second, uint32_t seed)
{
    return JhashWords<uint32_t>([=](size_t i) { return i == 0 ? first : second; }, 2, seed);
}

/**
 * @brief Turn four times four words: word i of each input together.
 * @param rows four words of each of four inputs
 * @return column i is word i of the four inputs
 */
[[gnu::always_inline]] inline std::array<FourWords, 4>
Transpose(const std::array<FourWords, 4>& rows)
{
    const FourWords low01 = __builtin_shufflevector(rows[0], rows[1], 0, 4, 1, 5);
    const FourWords low23 = __builtin_shufflevector(rows[2], rows[3], 0, 4, 1, 5);
    const FourWords high01 = __builtin_shufflevector(rows[0], rows[1], 2, 6, 3, 7);
    const FourWords high23 = __builtin_shufflevector(rows[2], rows[3], 2, 6, 3, 7);
    return {__builtin_shufflevector(low01, low23, 0, 1, 4, 5),
            __builtin_shufflevector(low01, low23, 2, 3, 6, 7),
            __builtin_shufflevector(high01, high23, 0, 1, 4, 5),
            __builtin_shufflevector(high01, high23, 2, 3, 6, 7)};
}

/**
 * @brief Hash four inputs of one length at once.
 * @tparam nWords length of each input, a multiple of 4 [32-bit words]
 * @param inputs the inputs
 * @param seed the initial value of all
 * @return the hashes
 */
template <size_t nWords>
[[gnu::always_inline]] inline FourWords
Jhash2Four(const std::array<const uint32_t*, 4>& inputs, uint32_t seed)
{
    static_assert(nWords % 4 == 0);
    std::array<FourWords, nWords> words{};
    for (size_t first = 0; first < nWords; first += 4)
    {
        std::array<FourWords, 4> rows{};
        for (size_t i = 0; i < 4; ++i)
        {
            std::memcpy(&rows[i], inputs[i] + first, sizeof(FourWords));
        }
        const std::array<FourWords, 4> columns = Transpose(rows);
        std::copy(columns.begin(), columns.end(), words.begin() + first);
    }
    return JhashWords<FourWords>([&words](size_t i) { return words[i]; }, nWords, seed);
}

} // namespace ns3::xfrm

#endif // XFRM_JHASH_H
