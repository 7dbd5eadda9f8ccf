/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-node-receive.h"

#include "xfrm-mark-tag.h"
#include "xfrm-node-headers.h"
#include "xfrm-packet-layers.h"

#include "ns3/simulator.h"
#include "ns3/xfrm-network-order.h"
#include "ns3/xfrm-udp-encap.h"

#include <array>
#include <utility>
#include <vector>

namespace ns3::xfrm
{

namespace
{

/// The front of a UDP packet, zeros behind its end.
struct UdpFront
{
    /// @param packet the packet
    explicit UdpFront(const Packet& packet)
    {
        packet.CopyData(bytes.data(), bytes.size());
        udpBytes = GetUdpLength(bytes, packet.GetSize());
    }

    std::array<uint8_t, UDP_FRONT_BYTES> bytes{}; //!< the first bytes
    size_t udpBytes;                              //!< length of the packet; 0: it is wrong [bytes]
};

/// @return whether a UDP packet has the right checksum, or none
/// @param front its front @param packet what follows the IP header @param header the IP header
bool
HasGoodChecksum(const UdpFront& front, const Packet& packet, const Ipv4Header& header)
{
    if (ReadUint16(front.bytes, 6) == 0)
    {
        return true;
    }
    std::vector<uint8_t> udp(front.udpBytes);
    packet.CopyData(udp.data(), udp.size());
    return HasRightUdpChecksum(
        udp,
        SumPseudoHeader(header.GetSource(), header.GetDestination(), udp.size()));
}

/// @return what input knows of a packet
InputPacket
Describe(const Packet& packet, const Ipv4Header& header, const Object& node)
{
    InputPacket description;
    description.destination = header.GetDestination();
    description.source = header.GetSource();
    description.protocol = header.GetProtocol();
    description.mark = XfrmMarkTag::Get(packet, node);
    return description;
}

} // namespace

NodeReceive::NodeReceive(Ipv4L3Protocol& ipv4, Namespace& net, NodeCpus& cpus, NodeTeller& teller)
    : m_ipv4(ipv4),
      m_cpus(cpus),
      m_teller(teller),
      m_input(net)
{
}

NodeReceive::~NodeReceive()
{
    m_backlogEvent.Cancel();
}

bool
NodeReceive::Opens(uint8_t protocol)
{
    return protocol == PROTO_ESP || protocol == PROTO_AH || protocol == PROTO_COMP ||
           protocol == PROTO_IPIP;
}

const SecPath&
NodeReceive::GetPath(const Packet& packet) const
{
    return m_arriving && m_arriving->uid == packet.GetUid() ? m_arriving->path : m_noPath;
}

void
NodeReceive::SetUdpEncap(uint16_t port, EncapType type)
{
    if (type == EncapType::None)
    {
        m_encapPorts.erase(port);
    }
    else
    {
        m_encapPorts[port] = type;
    }
}

bool
NodeReceive::IsBrokenUdp(const Packet& packet, const Ipv4Header& header) const
{
    if (!HasUdpEncap())
    {
        return false;
    }
    const UdpFront front(packet);
    const bool hasPort = packet.GetSize() >= UDP_HEADER_BYTES;
    return !hasPort || (m_encapPorts.count(ReadUint16(front.bytes, 2)) > 0 &&
                        (front.udpBytes == 0 || !HasGoodChecksum(front, packet, header)));
}

bool
NodeReceive::TakeUdp(const Ptr<const Packet>& packet,
                     const Ipv4Header& header,
                     const Ptr<Ipv4Interface>& interface)
{
    if (!HasUdpEncap())
    {
        return false;
    }
    const UdpFront front(*packet);
    const auto port = m_encapPorts.find(ReadUint16(front.bytes, 2));
    if (port == m_encapPorts.end())
    {
        return false;
    }
    const auto espOffset = FindEspInUdp(front.bytes, front.udpBytes, port->second);
    if (!espOffset)
    {
        return IsUdpKeepalive(front.bytes, front.udpBytes);
    }
    InputPacket description = Describe(*packet, header, m_ipv4);
    description.protocol = PROTO_ESP;
    description.encapType = port->second;
    description.encapPort = ReadUint16(front.bytes, 0);
    const Ptr<Packet> esp = packet->Copy();
    esp->RemoveAtEnd(static_cast<uint32_t>(packet->GetSize() - front.udpBytes));
    esp->RemoveAtStart(static_cast<uint32_t>(*espOffset));
    Open(esp, header, description, interface);
    return true;
}

void
NodeReceive::Receive(const Ptr<Packet>& packet,
                     const Ipv4Header& header,
                     const Ptr<Ipv4Interface>& interface)
{
    Open(packet, header, Describe(*packet, header, m_ipv4), interface);
}

void
NodeReceive::Open(const Ptr<Packet>& packet,
                  const Ipv4Header& header,
                  const InputPacket& description,
                  const Ptr<Ipv4Interface>& interface)
{
    m_cpus.Note(ReceiveOutcome::ToIpsec);
    SecPath path = GetPath(*packet);
    PacketOpener opener(packet, header, m_isReal);
    const size_t nBefore = path.size();
    const InputResult result = m_input.Receive(description, opener, path, m_cpus.Here());
    for (size_t i = nBefore; i < path.size(); ++i)
    {
        m_cpus.NoteState(path[i]->GetNumber());
    }
    switch (result.verdict)
    {
    case InputVerdict::Dropped:
        m_teller.Drop(packet, header, result.counter, error::INVAL);
        return;
    case InputVerdict::Decapsulated:
        CopyTosInside(*packet, header, *path.back());
        break;
    case InputVerdict::Delivered:
        packet->AddHeader(opener.GetHeader());
        break;
    }
    Enqueue({packet, std::move(path), interface});
}

void
NodeReceive::Enqueue(Opened opened)
{
    if (m_cpus.IsInJob())
    {
        m_cpus.Emit([this](const Opened& kept) { ReceiveAnew(kept); }, opened);
        return;
    }
    if (m_backlog.empty())
    {
        m_backlogEvent = Simulator::ScheduleNow(&NodeReceive::RunBacklog, this);
    }
    m_backlog.push_back(std::move(opened));
}

void
NodeReceive::RunBacklog()
{
    while (!m_backlog.empty())
    {
        Opened opened = std::move(m_backlog.front());
        m_backlog.pop_front();
        ReceiveAnew(std::move(opened));
    }
}

void
NodeReceive::ReceiveAnew(Opened opened)
{
    Arriving arriving{opened.packet->GetUid(), std::move(opened.path)};
    Arriving* const outer = ExchangeArriving(&arriving);
    m_ipv4.Receive(opened.interface->GetDevice(),
                   opened.packet,
                   Ipv4L3Protocol::PROT_NUMBER,
                   Address(), // nobody on the link, and so nobody whose ARP entry is confirmed
                   Address(),
                   NetDevice::PACKET_HOST);
    m_arriving = outer;
}

} // namespace ns3::xfrm
