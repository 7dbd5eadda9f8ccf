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
 * Source: the public-domain lookup3 algorithm; jhash2() of include/linux/jhash.h, Linux 4.1, has
 * the same values (doc/spec/flow-cache.md, section 3).  Left out: jhash() over bytes.
 */

#include <bit>
#include <cstddef>
#include <cstdint>

namespace ns3::xfrm
{

/// The three running words of the hash.
struct JhashState
{
    uint32_t a; //!< first word
    uint32_t b; //!< second word
    uint32_t c; //!< third word, the result at the end

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
    static constexpr void MixStep(uint32_t& x, uint32_t& y, uint32_t& z, int rotation)
    {
        x -= z;
        x ^= std::rotl(z, rotation);
        z += y;
    }

    static constexpr void FinalStep(uint32_t& x, uint32_t y, int rotation)
    {
        x ^= y;
        x -= std::rotl(y, rotation);
    }
};

/**
 * @brief Hash 32-bit words.
 * @param words the input; may be null when @p nWords is 0
 * @param nWords length of the input [32-bit words]; inlined, so that a constant unrolls the loop
 * @param seed the initial value
 * @return the hash
 */
[[gnu::always_inline]] constexpr inline uint32_t
Jhash2(const uint32_t* words, size_t nWords, uint32_t seed)
{
    const uint32_t start = 0xdeadbeef + 4 * static_cast<uint32_t>(nWords) + seed;
    JhashState state{start, start, start};
    size_t left = nWords;
    for (; left > 3; left -= 3, words += 3)
    {
        state.a += words[0];
        state.b += words[1];
        state.c += words[2];
        state.Mix();
    }
    if (left == 0)
    {
        return state.c; // only for an empty input
    }
    state.a += words[0];
    state.b += left > 1 ? words[1] : 0;
    state.c += left > 2 ? words[2] : 0;
    state.Final();
    return state.c;
}

} // namespace ns3::xfrm

#endif // XFRM_JHASH_H
