/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IP_XFRM_PARTS_H
#define XFRM_IP_XFRM_PARTS_H

/**
 * @file
 * @ingroup xfrm
 * @brief Parts that the commands of states and policies share.
 *
 * Each function takes the words of its part, the first of which is the cursor's next word, and
 * throws IpXfrmError.
 */

#include "xfrm-ip-xfrm-cursor.h"
#include "xfrm-ip-xfrm.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ns3::xfrm
{

/// What src, dst, proto and spi say of a state or template.
struct IdPart
{
    StateId id;                   //!< destination, SPI, protocol
    IpAddress source;             //!< source
    std::optional<Family> family; //!< family of the addresses, unset without addresses
    const Word* spiWord{nullptr}; //!< the word spi, null if there is none
};

/// What a selector says, and the device that it names.
struct SelectorPart
{
    Selector selector;                //!< the selector; family 0 without addresses, ifindex 0
    std::optional<DeviceName> device; //!< the device, if there is one
};

/// @param text a word @return whether an IdPart may start with it
bool IsIdWord(std::string_view text);

/// @param cursor at a word for which IsIdWord() is true @return the words src, dst, proto, spi
IdPart TakeId(WordCursor& cursor);

/// @param text a word @return whether a SelectorPart may start with it
bool IsSelectorWord(std::string_view text);

/// @param cursor at the first word of a selector @return the selector
SelectorPart TakeSelector(WordCursor& cursor);

/// @param cursor behind the word proto @return ESP, AH or IPcomp
uint8_t TakeIpsecProto(WordCursor& cursor);

/// @param cursor behind the word mode @return the mode
Mode TakeMode(WordCursor& cursor);

/// @param cursor behind the word mark @return the mark; without the word mask all bits count
Mark TakeMark(WordCursor& cursor);

/// @param cursor behind the word dir @return the direction
Direction TakeDirection(WordCursor& cursor);

/// @param cursor behind the word ptype @return the type
PolicyType TakePolicyType(WordCursor& cursor);

/// @param cursor behind the word limit @param limits gets the limit that follows
void TakeLimit(WordCursor& cursor, LifetimeLimits& limits);

/**
 * @brief Take one or more flags, or all of them as one number that starts with 0x.
 * @param cursor behind the word flag
 * @param what what they are, for a message
 * @param names the flags
 * @param most the largest number
 * @return their bits
 */
uint32_t TakeFlags(WordCursor& cursor,
                   std::string_view what,
                   std::span<const NamedValue<uint32_t>> names,
                   uint32_t most);

/**
 * @brief Take the algorithm of a state, and check its name, key and lengths.
 * @param cursor behind the word for its kind
 * @param keyword that word: enc, auth, auth-trunc, aead or comp
 * @param config gets the algorithm
 */
void TakeAlgorithm(WordCursor& cursor, const Word& keyword, StateConfig& config);

/// @param first a family, or none @param second another or the same @return whether they differ
inline bool
IsOtherFamily(const std::optional<Family>& first, Family second)
{
    return first && *first != second;
}

} // namespace ns3::xfrm

#endif // XFRM_IP_XFRM_PARTS_H
