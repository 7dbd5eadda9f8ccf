/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STATE_HASH_H
#define XFRM_STATE_HASH_H

/**
 * @file
 * @ingroup xfrm
 * @brief The hashes of the state database's tables (R132), before masking.
 *
 * Source: net/xfrm/xfrm_hash.h, Linux 4.1.  The kernel adds IPv4 addresses and uses SPIs as words
 * in network order: these functions give what a little-endian host gets, on any host.
 */

#include "ns3/xfrm-flow-key.h"
#include "ns3/xfrm-ip-address.h"

#include <cstdint>

namespace ns3::xfrm
{

/// @param word a word in host order @return its bytes turned around: the network-order word as a
///        little-endian host reads it, and back
constexpr uint32_t
SwapBytes(uint32_t word)
{
    return word << 24 | (word & 0xff00) << 8 | (word >> 8 & 0xff00) | word >> 24;
}

/// @param destination an address @param source an address @param family of both
/// @return what stands for the two in the tables by destination and by source
constexpr uint32_t
HashAddresses(const IpAddress& destination, const IpAddress& source, Family family)
{
    if (family == Family::Ipv6)
    {
        const auto& to = destination.GetWords();
        const auto& from = source.GetWords();
        return to[2] ^ to[3] ^ from[2] ^ from[3];
    }
    return SwapBytes(SwapBytes(destination.GetFirstWord()) + SwapBytes(source.GetFirstWord()));
}

/// @param destination an address @param source an address @param reqid request id
/// @param family of the addresses @return hash in table bydst (__xfrm_dst_hash())
constexpr uint32_t
HashByDestination(const IpAddress& destination,
                  const IpAddress& source,
                  uint32_t reqid,
                  Family family)
{
    const uint32_t hash =
        static_cast<uint32_t>(family) ^ reqid ^ HashAddresses(destination, source, family);
    return hash ^ hash >> 16;
}

/// @param destination an address @param source an address @param family of both
/// @return hash in table bysrc (__xfrm_src_hash())
constexpr uint32_t
HashBySource(const IpAddress& destination, const IpAddress& source, Family family)
{
    return HashByDestination(destination, source, 0, family);
}

/// @param destination an address @param spi SPI, host order @param proto protocol
/// @param family of the address @return hash in table byspi (__xfrm_spi_hash())
constexpr uint32_t
HashBySpi(const IpAddress& destination, uint32_t spi, uint8_t proto, Family family)
{
    const auto& words = destination.GetWords();
    const uint32_t address = family == Family::Ipv6 ? words[2] ^ words[3] : words[0];
    const uint32_t hash = SwapBytes(spi) ^ proto ^ address;
    return hash ^ hash >> 10 ^ hash >> 20;
}

} // namespace ns3::xfrm

#endif // XFRM_STATE_HASH_H
