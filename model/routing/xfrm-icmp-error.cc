/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-icmp-error.h"

#include "ns3/icmpv4.h"
#include "ns3/node.h"

#include <algorithm>
#include <array>

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t ICMP_BYTES{8};        //!< of an ICMP header, the second word included [bytes]
constexpr uint32_t IP_BYTES{20};         //!< of an IP header [bytes]
constexpr uint32_t MAX_ERROR_BYTES{576}; //!< of an IP packet with an ICMP error [bytes]

/// @return whether messages of a type are errors
bool
IsErrorType(uint8_t type)
{
    constexpr std::array<uint8_t, 5> ERRORS{3, 4, 5, 11, 12};
    return std::find(ERRORS.begin(), ERRORS.end(), type) != ERRORS.end();
}

} // namespace

bool
IsIcmpError(const Packet& packet)
{
    uint8_t type = 0;
    return packet.CopyData(&type, 1) == 1 && IsErrorType(type);
}

std::optional<IcmpError>
ReadIcmpError(const Packet& packet)
{
    if (packet.GetSize() < ICMP_BYTES + IP_BYTES)
    {
        return std::nullopt;
    }
    std::array<uint8_t, ICMP_BYTES + 1> front{};
    packet.CopyData(front.data(), front.size());
    const uint8_t versionLength = front[ICMP_BYTES];
    const uint32_t headerBytes = 4 * (versionLength & 0xfU);
    if (versionLength >> 4 != 4 || headerBytes < IP_BYTES ||
        packet.GetSize() < ICMP_BYTES + headerBytes)
    {
        return std::nullopt;
    }
    IcmpError error;
    error.type = front[0];
    error.code = front[1];
    error.mtu = static_cast<uint16_t>(front[6] << 8 | front[7]);
    error.rest = packet.CreateFragment(ICMP_BYTES, packet.GetSize() - ICMP_BYTES);
    error.rest->RemoveHeader(error.header);
    return error;
}

Ptr<Packet>
MakeFragNeeded(const Packet& packet, const Ipv4Header& header, uint32_t mtu, uint32_t room)
{
    const uint32_t headerBytes = header.GetSerializedSize();
    const uint32_t most = std::min(room, MAX_ERROR_BYTES) - IP_BYTES - ICMP_BYTES - headerBytes;
    const Ptr<Packet> quoted = packet.CreateFragment(0, std::min(packet.GetSize(), most));
    quoted->RemoveAllPacketTags();
    quoted->AddHeader(header);
    const std::array<uint8_t, 4> second{0,
                                        0,
                                        static_cast<uint8_t>(mtu >> 8),
                                        static_cast<uint8_t>(mtu)};
    Ptr<Packet> message = Create<Packet>(second.data(), second.size());
    message->AddAtEnd(quoted);
    Icmpv4Header icmp;
    icmp.SetType(Icmpv4Header::ICMPV4_DEST_UNREACH);
    icmp.SetCode(Icmpv4DestinationUnreachable::ICMPV4_FRAG_NEEDED);
    if (Node::ChecksumEnabled())
    {
        icmp.EnableChecksum();
    }
    message->AddHeader(icmp);
    return message;
}

} // namespace ns3::xfrm
