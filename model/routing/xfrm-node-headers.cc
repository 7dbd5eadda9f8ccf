/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-node-headers.h"

#include "xfrm-esp-codec.h"

#include "ns3/node.h"
#include "ns3/xfrm-ecn.h"

namespace ns3::xfrm
{

namespace
{

/// @return a header with such fields
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

} // namespace

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

Ipv4Header
SealPacket(const Ptr<Packet>& packet, const Ipv4Header& header, const OutputPacket& sealed)
{
    Ipv4Header current = header;
    for (size_t i = 0; i < sealed.layers.size(); ++i)
    {
        const SealedLayer& layer = sealed.layers[i];
        const bool isLast = i + 1 == sealed.layers.size();
        const IpHeader& next = isLast ? sealed.header : sealed.layers[i + 1].inside;
        if (layer.state->GetConfig().mode != Mode::Transport)
        {
            if (i > 0 && Node::ChecksumEnabled()) // IP sees to that of what comes and what leaves
            {
                current.EnableChecksum();
            }
            packet->AddHeader(current);
            current = MakeHeader(next);
        }
        SealEsp(*packet, layer);
        current.SetProtocol(next.protocol);
        current.SetPayloadSize(static_cast<uint16_t>(packet->GetSize()));
    }
    return current;
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
