/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flow-decoder.h"

#include "ns3/xfrm-ipsec.h"

#include <array>
#include <utility>

namespace ns3::xfrm
{

namespace
{

constexpr uint8_t GRE_HAS_CHECKSUM{0x80}; //!< flag in a GRE header's first byte (RFC 2784)
constexpr uint8_t GRE_HAS_KEY{0x20};      //!< flag in a GRE header's first byte (RFC 2890)

/// The first bytes of a packet.
class Front
{
  public:
    /// @param packet the packet
    explicit Front(const Packet& packet)
        : m_size(packet.CopyData(m_bytes.data(), m_bytes.size()))
    {
    }

    /// @return whether there are bytes from an offset on
    bool Has(uint32_t offset, uint32_t size) const
    {
        return offset + size <= m_size;
    }

    /// @return the byte at an offset
    uint8_t Get8(uint32_t offset) const
    {
        return m_bytes[offset];
    }

    /// @return the number at an offset, in network order there
    uint16_t Get16(uint32_t offset) const
    {
        return static_cast<uint16_t>(m_bytes[offset] << 8 | m_bytes[offset + 1]);
    }

    /// @return the number at an offset, in network order there
    uint32_t Get32(uint32_t offset) const
    {
        return static_cast<uint32_t>(Get16(offset)) << 16 | Get16(offset + 2);
    }

  private:
    std::array<uint8_t, 12> m_bytes{}; //!< the bytes
    uint32_t m_size;                   //!< how many there are
};

/// @return what a GRE header says: its key, if it has one
UpperLayer
DecodeGre(const Front& front)
{
    if (!front.Has(0, 4) || (front.Get8(0) & GRE_HAS_KEY) == 0)
    {
        return {};
    }
    const uint32_t offset = (front.Get8(0) & GRE_HAS_CHECKSUM) != 0 ? 8 : 4;
    return front.Has(offset, 4) ? UpperLayer::GreKey(front.Get32(offset)) : UpperLayer();
}

/// @return whether packets of a protocol begin with two ports
bool
HasPorts(uint8_t proto)
{
    return proto == PROTO_UDP || proto == PROTO_UDPLITE || proto == PROTO_TCP ||
           proto == PROTO_SCTP || proto == PROTO_DCCP;
}

/// @return the upper-layer word of a packet that is no fragment
UpperLayer
DecodeUpperLayer(uint8_t proto, const Packet& packet)
{
    const Front front(packet);
    if (HasPorts(proto))
    {
        return front.Has(0, 4) ? UpperLayer::Ports(front.Get16(0), front.Get16(2)) : UpperLayer();
    }
    switch (proto)
    {
    case PROTO_ICMP:
        return front.Has(0, 2) ? UpperLayer::Icmp(front.Get8(0), front.Get8(1)) : UpperLayer();
    case PROTO_ESP:
        return front.Has(0, 4) ? UpperLayer::Spi(front.Get32(0)) : UpperLayer();
    case PROTO_AH:
        return front.Has(4, 4) ? UpperLayer::Spi(front.Get32(4)) : UpperLayer();
    case PROTO_COMP:
        return front.Has(2, 2) ? UpperLayer::Spi(front.Get16(2)) : UpperLayer();
    case PROTO_GRE:
        return DecodeGre(front);
    default:
        return {};
    }
}

} // namespace

Flow
DecodeFlow(const Ipv4Header& header, const Packet& packet, int32_t oif, uint32_t mark)
{
    Flow flow;
    flow.common.oif = oif;
    flow.common.mark = mark;
    flow.common.tos = header.GetTos();
    flow.common.proto = header.GetProtocol();
    flow.source = header.GetSource();
    flow.destination = header.GetDestination();
    if (header.IsLastFragment() && header.GetFragmentOffset() == 0)
    {
        flow.upper = DecodeUpperLayer(flow.common.proto, packet);
    }
    return flow;
}

Flow
DecodeReversed(const Ipv4Header& header, const Packet& packet, int32_t oif, uint32_t mark)
{
    Flow flow = DecodeFlow(header, packet, oif, mark);
    std::swap(flow.source, flow.destination);
    if (HasPorts(header.GetProtocol()))
    {
        const std::array<uint8_t, 4>& ports = flow.upper.GetBytes();
        flow.upper = UpperLayer::Ports(static_cast<uint16_t>(ports[2] << 8 | ports[3]),
                                       static_cast<uint16_t>(ports[0] << 8 | ports[1]));
    }
    return flow;
}

Flow
MakeLocalFlow(const Ipv4Header& header, const Packet& packet, int32_t oif, uint32_t mark)
{
    Flow flow = DecodeFlow(header, packet, oif, mark);
    flow.common.iif = LOOPBACK_INDEX;
    flow.common.tos &= TOS_ROUTED;
    return flow;
}

RssPacket
DescribeForRss(const Ipv4Header& header, const Packet& packet)
{
    RssPacket seen;
    seen.source = header.GetSource();
    seen.destination = header.GetDestination();
    seen.proto = header.GetProtocol();
    seen.isFragment = !header.IsLastFragment() || header.GetFragmentOffset() != 0;
    if (seen.isFragment)
    {
        return seen;
    }
    const Front front(packet);
    if (seen.proto == PROTO_UDP || seen.proto == PROTO_TCP)
    {
        seen.sourcePort = front.Get16(0);
        seen.destinationPort = front.Get16(2);
    }
    else if (seen.proto == PROTO_ESP || seen.proto == PROTO_AH)
    {
        seen.spi = front.Get32(seen.proto == PROTO_ESP ? 0 : 4);
    }
    return seen;
}

} // namespace ns3::xfrm
