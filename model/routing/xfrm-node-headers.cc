/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-node-headers.h"

#include "ns3/node.h"
#include "ns3/xfrm-ecn.h"

namespace ns3::xfrm
{

Ipv4Header
MakeHeader(const IpHeader& fields)
{
    Ipv4Header header;
    header.SetSource(fields.source.GetIpv4());
    header.SetDestination(fields.destination.GetIpv4());
    header.SetProtocol(fields.protocol);
    header.SetTos(fields.tos);
    header.SetTtl(fields.ttl);
    header.SetIdentification(fields.id);
    if (fields.isDontFragment)
    {
        header.SetDontFragment();
    }
    return header;
}

IpHeader
DescribeHeader(const Ipv4Header& header)
{
    IpHeader fields;
    fields.source = header.GetSource();
    fields.destination = header.GetDestination();
    fields.protocol = header.GetProtocol();
    fields.tos = header.GetTos();
    fields.ttl = header.GetTtl();
    fields.id = header.GetIdentification();
    fields.isDontFragment = header.IsDontFragment();
    fields.lengthBytes = header.GetSerializedSize();
    return fields;
}

void
CopyTosInside(Packet& packet, const Ipv4Header& outer, const State& state)
{
    const uint8_t flags = state.GetConfig().flags;
    const bool copiesDscp = (flags & StateConfig::FLAG_DECAP_DSCP) != 0;
    const bool copiesEcn = (flags & StateConfig::FLAG_NOECN) == 0;
    if (!MayChangeInside(outer.GetTos(), copiesDscp, copiesEcn))
    {
        return; // without a look at the inner header
    }
    Ipv4Header inner;
    packet.PeekHeader(inner);
    const uint8_t tos = DecapsulateTos(outer.GetTos(), inner.GetTos(), copiesDscp, copiesEcn);
    if (tos == inner.GetTos())
    {
        return;
    }
    packet.RemoveHeader(inner);
    inner.SetTos(tos);
    if (Node::ChecksumEnabled())
    {
        inner.EnableChecksum();
    }
    packet.AddHeader(inner);
}

} // namespace ns3::xfrm
