/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-node-receive.h"

#include "xfrm-mark-tag.h"
#include "xfrm-node-headers.h"
#include "xfrm-packet-layers.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <array>

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t UDP_BYTES{8};    //!< of a UDP header [bytes]
constexpr uint32_t MARKER_BYTES{8}; //!< of the non-IKE marker [bytes]
constexpr uint8_t KEEPALIVE{0xff};  //!< the one byte of a keepalive (RFC 3948, section 2.3)
constexpr size_t N_FRONT_BYTES{18}; //!< of a UDP packet that are looked at [bytes]

/// The front of a UDP packet, zeros behind its end.
struct UdpFront
{
    /// @param packet the packet
    explicit UdpFront(const Packet& packet)
        : payloadBytes(packet.GetSize() > UDP_BYTES ? packet.GetSize() - UDP_BYTES : 0)
    {
        packet.CopyData(bytes.data(), bytes.size());
    }

    /// @return the 16-bit number at an offset
    uint16_t Read(size_t offset) const
    {
        return static_cast<uint16_t>(bytes[offset] << 8 | bytes[offset + 1]);
    }

    /// @return whether the payload begins with zeros @param nBytes how many [bytes]
    bool BeginsWithZeros(uint32_t nBytes) const
    {
        const auto* const begin = bytes.begin() + UDP_BYTES;
        return std::all_of(begin, begin + nBytes, [](uint8_t byte) { return byte == 0; });
    }

    uint32_t payloadBytes;                      //!< what follows the UDP header [bytes]
    std::array<uint8_t, N_FRONT_BYTES> bytes{}; //!< the first bytes
};

/// @return how much stands before ESP in a UDP packet; 0: it is no ESP (R241) [bytes]
uint32_t
GetEncapLength(const UdpFront& front, EncapType type)
{
    if (type == EncapType::EspInUdp)
    {
        return front.payloadBytes > 8 && !front.BeginsWithZeros(4) ? UDP_BYTES : 0;
    }
    return front.payloadBytes > MARKER_BYTES + 8 && front.BeginsWithZeros(MARKER_BYTES)
               ? UDP_BYTES + MARKER_BYTES
               : 0;
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
NodeReceive::GetPath(uint64_t uid) const
{
    return m_arriving && m_arriving->uid == uid ? m_arriving->path : m_noPath;
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
NodeReceive::IsUdpEncap(const Packet& packet) const
{
    return HasUdpEncap() && m_encapPorts.count(UdpFront(packet).Read(2)) > 0;
}

bool
NodeReceive::TakeUdp(const Ptr<const Packet>& packet,
                     const Ipv4Header& header,
                     const Ptr<Ipv4Interface>& interface)
{
    const UdpFront front(*packet);
    const auto port = m_encapPorts.find(front.Read(2));
    if (port == m_encapPorts.end())
    {
        return false;
    }
    if (front.payloadBytes == 1 && front.bytes[UDP_BYTES] == KEEPALIVE)
    {
        return true;
    }
    const uint32_t encapBytes = GetEncapLength(front, port->second);
    if (encapBytes == 0)
    {
        return false;
    }
    InputPacket description = Describe(*packet, header, m_ipv4);
    description.protocol = PROTO_ESP;
    description.encapType = port->second;
    description.encapPort = front.Read(0);
    const Ptr<Packet> esp = packet->Copy();
    esp->RemoveAtStart(encapBytes);
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
    SecPath path = GetPath(packet->GetUid());
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
    Enqueue({packet, path, interface});
}

void
NodeReceive::Enqueue(const Opened& opened)
{
    if (m_cpus.IsInJob())
    {
        m_cpus.Emit([this](const Opened& kept) { ReceiveAnew(kept); }, opened);
        return;
    }
    m_backlog.push_back(opened);
    if (m_backlogEvent.IsExpired())
    {
        m_backlogEvent = Simulator::ScheduleNow(&NodeReceive::RunBacklog, this);
    }
}

void
NodeReceive::RunBacklog()
{
    while (!m_backlog.empty())
    {
        const Opened opened = std::move(m_backlog.front());
        m_backlog.pop_front();
        ReceiveAnew(opened);
    }
}

void
NodeReceive::ReceiveAnew(const Opened& opened)
{
    auto outer = ExchangeArriving(Arriving{opened.packet->GetUid(), opened.path});
    m_ipv4.Receive(opened.interface->GetDevice(),
                   opened.packet,
                   Ipv4L3Protocol::PROT_NUMBER,
                   Address(), // nobody on the link, and so nobody whose ARP entry is confirmed
                   Address(),
                   NetDevice::PACKET_HOST);
    m_arriving = std::move(outer);
}

} // namespace ns3::xfrm
