/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SELECTOR_H
#define XFRM_SELECTOR_H

#include "xfrm-flow.h"

#include <cstdint>
#include <string>

namespace ns3::xfrm
{

/**
 * @brief Refuse families that have no selectors.
 * @param name what has the family, for the message @param family the family
 * @throws std::invalid_argument unless it is IPv4 or IPv6
 */
void CheckFamily(const std::string& name, Family family);

/**
 * @ingroup xfrm
 * @brief Which flows a policy or state is for (RFC 4301: selector).
 *
 * Source: struct xfrm_selector and xfrm_selector_match(), Linux 4.1 (R100, R101).  Left out: label
 * hooks, which always allow here.
 */
struct Selector
{
    IpAddress destination;           //!< destination address, of which the prefix counts
    IpAddress source;                //!< source address, of which the prefix counts
    uint16_t destinationPort{0};     //!< destination port, or what stands for it (R102)
    uint16_t destinationPortMask{0}; //!< bits of it that count
    uint16_t sourcePort{0};          //!< source port, or what stands for it (R102)
    uint16_t sourcePortMask{0};      //!< bits of it that count
    uint16_t family{0};              //!< address family's number, 0 unset; Match() ignores it
    uint8_t destinationPrefix{0};    //!< prefix length, 0 any [bits]
    uint8_t sourcePrefix{0};         //!< prefix length, 0 any [bits]
    uint8_t proto{0};                //!< IP protocol, 0 any
    int32_t ifindex{0};              //!< output device, 0 any
    uint32_t user{0};                //!< user id, which nothing looks at

    /**
     * @param flow the flow
     * @param matchFamily the family whose address rules apply; no other than IPv4 and IPv6 matches
     * @return whether the flow is one of these (xfrm_selector_match(), R101)
     */
    bool Matches(const Flow& flow, Family matchFamily) const;

    /**
     * @brief Refuse prefixes that no address of a family has.
     * @param addressFamily the family of its addresses
     * @throws std::invalid_argument naming the prefix length and what is allowed
     */
    void CheckPrefixes(Family addressFamily) const;

    /// @return whether all bytes are equal, as duplicates and deletions are found (R111, R121)
    bool operator==(const Selector&) const = default;
};

} // namespace ns3::xfrm

#endif // XFRM_SELECTOR_H
