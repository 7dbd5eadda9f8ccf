/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flow.h"

#include "xfrm-ipsec.h"

namespace ns3::xfrm
{

namespace
{

/// The two halves of what an upper-layer word says to selectors.
struct Ports
{
    uint16_t source{0};      //!< stands for the source port
    uint16_t destination{0}; //!< stands for the destination port
};

/// @return what stands for the ports of a flow (R102)
Ports
GetPorts(const Flow& flow)
{
    const std::array<uint8_t, 4>& bytes = flow.upper.GetBytes();
    const auto first = static_cast<uint16_t>(bytes[0] << 8 | bytes[1]);
    const auto second = static_cast<uint16_t>(bytes[2] << 8 | bytes[3]);
    switch (flow.common.proto)
    {
    case PROTO_TCP:
    case PROTO_UDP:
    case PROTO_UDPLITE:
    case PROTO_SCTP:
        return {second, first}; // the destination port comes first in the word
    case PROTO_ICMP:
    case PROTO_ICMPV6:
        return {bytes[0], bytes[1]};
    case PROTO_MH:
        return {bytes[0], 0};
    case PROTO_GRE:
        return {first, second};
    default:
        return {};
    }
}

} // namespace

FlowKey
Flow::MakeKey(Direction direction, KeyLayout layout) const
{
    if (family == Family::Ipv6)
    {
        return FlowKey::Ipv6(direction,
                             common,
                             source.GetIpv6(),
                             destination.GetIpv6(),
                             flowLabel,
                             upper,
                             layout);
    }
    return FlowKey::Ipv4(direction, common, source, destination, upper, layout);
}

uint16_t
Flow::GetSourcePort() const
{
    return GetPorts(*this).source;
}

uint16_t
Flow::GetDestinationPort() const
{
    return GetPorts(*this).destination;
}

} // namespace ns3::xfrm
