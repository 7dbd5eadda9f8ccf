/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ip-xfrm-parts.h"

#include "ns3/xfrm-algorithms.h"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm
{

namespace
{

constexpr size_t MOST_KEY_BYTES{512}; // as in iproute2

/// A word for an algorithm, and what follows the word and the name.
struct AlgorithmWord
{
    std::string_view name;                         //!< the word
    std::optional<Algorithm> StateConfig::*member; //!< where it goes
    AlgorithmKind kind;                            //!< kind of algorithm
    bool hasKey;                                   //!< a key
    bool hasIcvBits;                               //!< length of the integrity check value
};

constexpr AlgorithmWord ALGORITHM_WORDS[]{
    {"enc", &StateConfig::encryption, AlgorithmKind::Encryption, true, false},
    {"auth", &StateConfig::auth, AlgorithmKind::Auth, true, false},
    {"auth-trunc", &StateConfig::auth, AlgorithmKind::Auth, true, true},
    {"aead", &StateConfig::aead, AlgorithmKind::Aead, true, true},
    {"comp", &StateConfig::compression, AlgorithmKind::Compression, false, false},
};

/// @param digit a character @return its value as a hexadecimal digit, 16 if it is none
uint8_t
GetDigit(char digit)
{
    static constexpr std::string_view DIGITS{"0123456789abcdefABCDEF"};
    const size_t at = DIGITS.find(digit);
    return static_cast<uint8_t>(at == std::string_view::npos ? 16 : at < 16 ? at : at - 6);
}

/**
 * @brief Take a key: hexadecimal after 0x, where the first digit may stand alone; else the
 * characters themselves.
 * @param cursor before the key
 * @return the bytes
 */
std::vector<uint8_t>
TakeKey(WordCursor& cursor)
{
    const Word& word = cursor.Take("a key");
    std::vector<uint8_t> key;
    if (word.text.size() <= 2 || !word.text.starts_with("0x"))
    {
        key.assign(word.text.begin(), word.text.end());
    }
    else
    {
        const size_t nDigits = word.text.size() - 2;
        key.resize((nDigits + 1) / 2);
        for (size_t i = 0; i < nDigits; ++i)
        {
            const uint8_t digit = GetDigit(word.text[2 + i]);
            if (digit == 16)
            {
                cursor.Fail(word, "a key must have hexadecimal digits only after 0x");
            }
            uint8_t& byte = key[(i + nDigits % 2) / 2];
            byte = static_cast<uint8_t>(byte << 4 | digit);
        }
    }
    if (key.size() > MOST_KEY_BYTES)
    {
        cursor.Fail(word, "a key must have at most " + std::to_string(MOST_KEY_BYTES) + " bytes");
    }
    return key;
}

/// @param kind a kind @param cursor before a name @return the algorithm of that name
const AlgorithmInfo&
TakeName(AlgorithmKind kind, WordCursor& cursor)
{
    const Word& word = cursor.Take("the name of an algorithm");
    try
    {
        const AlgorithmInfo& info = FindAlgorithm(kind, word.text);
        return info.isImplemented ? info : FindAlgorithm(kind, Algorithm{word.text, {}, 0});
    }
    catch (const std::invalid_argument& error)
    {
        cursor.Fail(word, error.what());
    }
}

/// @param info an algorithm @param cursor before the length @return the length [bits]
uint32_t
TakeIcvBits(const AlgorithmInfo& info, WordCursor& cursor)
{
    const std::string what = "length of the integrity check value of " + std::string(info.name);
    const uint32_t icvBits = cursor.TakeUint32(what);
    try
    {
        info.ChooseIcvBits(icvBits);
    }
    catch (const std::invalid_argument& error)
    {
        cursor.Fail(cursor.GetTaken(), error.what());
    }
    return icvBits;
}

} // namespace

void
TakeAlgorithm(WordCursor& cursor, const Word& keyword, StateConfig& config)
{
    const AlgorithmWord& kind = *FindName(ALGORITHM_WORDS, keyword.text);
    if (config.*kind.member || (kind.member != &StateConfig::compression && config.aead) ||
        (kind.member == &StateConfig::aead && (config.encryption || config.auth)))
    {
        cursor.Fail(keyword, "must be given once; aead is instead of enc and auth");
    }
    Algorithm algorithm;
    const AlgorithmInfo& info = TakeName(kind.kind, cursor);
    algorithm.name = info.name;
    if (kind.hasKey)
    {
        algorithm.key = TakeKey(cursor);
        if (!info.key.Takes(algorithm.key.size()))
        {
            cursor.Fail(cursor.GetTaken(),
                        "key of " + algorithm.name + " has " +
                            std::to_string(algorithm.key.size()) + " bytes: must have " +
                            info.key.Describe());
        }
    }
    if (kind.hasIcvBits)
    {
        algorithm.icvBits = TakeIcvBits(info, cursor);
    }
    config.*kind.member = std::move(algorithm);
}

} // namespace ns3::xfrm
