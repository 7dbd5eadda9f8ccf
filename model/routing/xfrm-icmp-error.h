/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_ICMP_ERROR_H
#define XFRM_ICMP_ERROR_H

/**
 * @file
 * @ingroup xfrm
 * @brief ICMP errors: those a node sends for a path MTU, and what received ones quote.
 */

#include "ns3/ipv4-header.h"
#include "ns3/packet.h"

#include <cstdint>
#include <optional>

namespace ns3::xfrm
{

constexpr uint8_t ICMP_ERROR_TOS{0xc0}; //!< type of service of ICMP errors: internetwork control

/// What an ICMP message is about, if it is an error.
struct IcmpError
{
    uint8_t type{0};   //!< its type
    uint8_t code{0};   //!< its code
    uint16_t mtu{0};   //!< with "fragmentation needed": what fits [bytes]
    Ipv4Header header; //!< IP header that it quotes
    Ptr<Packet> rest;  //!< what it quotes of the packet behind that header

    /// @return whether it says that DF is set and fragmentation is needed
    bool IsFragNeeded() const
    {
        return type == 3 && code == 4;
    }
};

/// @param packet an ICMP message @return whether it is an error, and so quotes a packet (RFC 1122)
bool IsIcmpError(const Packet& packet);

/**
 * @param packet an ICMP message
 * @return what it is about; none if it quotes no IP header, which is read from echoes too (R269)
 */
std::optional<IcmpError> ReadIcmpError(const Packet& packet);

/**
 * @brief Make the message "fragmentation needed and DF set" (RFC 1191; icmp_send(), R278).
 * @param packet what follows the IP header of the packet that is too large
 * @param header its IP header
 * @param mtu what fits [bytes]
 * @param room how long the IP packet with the message may be; it quotes as much as fits into 576
 *             bytes [bytes]
 * @return the message, without IP header
 */
Ptr<Packet> MakeFragNeeded(const Packet& packet,
                           const Ipv4Header& header,
                           uint32_t mtu,
                           uint32_t room);

} // namespace ns3::xfrm

#endif // XFRM_ICMP_ERROR_H
