/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_ECN_H
#define XFRM_ECN_H

/**
 * @file
 * @ingroup xfrm
 * @brief Type of service across tunnels: DSCP and congestion marks (RFC 2474, RFC 3168).
 *
 * Source: INET_ECN_encapsulate(), ipip_ecn_decapsulate() and their callers in
 * net/ipv4/xfrm4_mode_tunnel.c, Linux 4.1 (R224, R259).
 */

#include <cstdint>

namespace ns3::xfrm
{

constexpr uint8_t ECN_MASK{0x03}; //!< bits of the type of service that are ECN, the others DSCP
constexpr uint8_t ECN_ECT0{0x02}; //!< ECN-capable
constexpr uint8_t ECN_CE{0x03};   //!< congestion experienced

/**
 * @param inner type of service of the inner header
 * @param copiesDscp its DSCP goes outside
 * @param copiesEcn its congestion marks go outside; CE as ECT(0)
 * @return type of service of the outer header (R224)
 */
constexpr uint8_t
EncapsulateTos(uint8_t inner, bool copiesDscp, bool copiesEcn)
{
    const uint8_t innerEcn = inner & ECN_MASK;
    const uint8_t ecn = innerEcn == ECN_CE ? ECN_ECT0 : innerEcn;
    return static_cast<uint8_t>((copiesDscp ? inner & ~ECN_MASK : 0) | (copiesEcn ? ecn : 0));
}

/**
 * @param outer type of service of the outer header
 * @param copiesDscp the outer DSCP goes inside
 * @param copiesEcn an outer CE goes inside
 * @return whether there are inner headers that DecapsulateTos() changes
 */
constexpr bool
MayChangeInside(uint8_t outer, bool copiesDscp, bool copiesEcn)
{
    return copiesDscp || (copiesEcn && (outer & ECN_MASK) == ECN_CE);
}

/**
 * @param outer type of service of the outer header
 * @param inner type of service of the inner header
 * @param copiesDscp the outer DSCP goes inside
 * @param copiesEcn an outer CE goes inside, if the inner packet is ECN-capable
 * @return type of service of the inner header afterwards (R259)
 */
constexpr uint8_t
DecapsulateTos(uint8_t outer, uint8_t inner, bool copiesDscp, bool copiesEcn)
{
    const auto dscp = static_cast<uint8_t>((copiesDscp ? outer : inner) & ~ECN_MASK);
    const uint8_t innerEcn = inner & ECN_MASK;
    const bool isMarked = copiesEcn && (outer & ECN_MASK) == ECN_CE && innerEcn != 0;
    return dscp | (isMarked ? ECN_CE : innerEcn);
}

} // namespace ns3::xfrm

#endif // XFRM_ECN_H
