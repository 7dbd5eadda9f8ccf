/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-flows.h"

#include "ns3/double.h"
#include "ns3/icmpv4.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/simulator.h"
#include "ns3/tag.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"
#include "ns3/xfrm-ipsec.h"

#include <algorithm>
#include <iterator>

namespace ns3::xfrm
{

namespace
{

/// When a packet was sent.
class SendTimeTag : public Tag
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::xfrm::SendTimeTag")
                                .SetParent<Tag>()
                                .SetGroupName("Xfrm")
                                .AddConstructor<SendTimeTag>();
        return tid;
    }

    TypeId GetInstanceTypeId() const override
    {
        return GetTypeId();
    }

    uint32_t GetSerializedSize() const override
    {
        return 8;
    }

    void Serialize(TagBuffer buffer) const override
    {
        buffer.WriteU64(static_cast<uint64_t>(time.GetTimeStep()));
    }

    void Deserialize(TagBuffer buffer) override
    {
        time = TimeStep(buffer.ReadU64());
    }

    void Print(std::ostream& os) const override
    {
        os << "sent=" << time;
    }

    Time time; //!< when
};

/// @return a port that is a number of ports after another
uint16_t
AddToPort(uint16_t port, uint32_t number)
{
    return static_cast<uint16_t>(port + number);
}

} // namespace

// RunFlow

RunFlow::RunFlow(const std::string& kind, const FlowPlace& place)
    : m_from(place.from.node)
{
    m_figures.kind = kind;
    m_figures.from = place.from.name;
    m_figures.to = place.to.name;
    m_figures.name = kind + " " + place.from.name + "-" + place.to.name;
    if (place.number > 0)
    {
        m_figures.name += " #" + std::to_string(place.number + 1);
    }
}

void
RunFlow::Plan(Time start, Time stop)
{
    m_figures.start = start;
    m_figures.stop = stop;
    Simulator::ScheduleWithContext(m_from->GetId(), start, [this] { Begin(); });
    if (!stop.IsZero())
    {
        Simulator::ScheduleWithContext(m_from->GetId(), stop, [this] { End(); });
    }
}

// UdpFlow

UdpFlow::UdpFlow(const RunConfig& config, const FlowPlace& place, int64_t stream)
    : RunFlow("udp", place),
      m_size(config.udpSize),
      m_count(config.udpCount),
      m_gap(Seconds(1 / config.udpRate)),
      m_lead(Seconds(place.phase / config.udpRate)),
      m_target(place.target, AddToPort(config.udpPort, place.number)),
      m_source(Socket::CreateSocket(place.from.node, UdpSocketFactory::GetTypeId())),
      m_sink(Socket::CreateSocket(place.to.node, UdpSocketFactory::GetTypeId()))
{
    m_source->Bind(
        InetSocketAddress(Ipv4Address::GetAny(), AddToPort(config.udpSourcePort, place.number)));
    m_sink->Bind(InetSocketAddress(Ipv4Address::GetAny(), m_target.GetPort()));
    m_sink->SetRecvCallback([this](const Ptr<Socket>&) { Receive(); });
    if (config.udpArrivals == Arrivals::Poisson)
    {
        m_gaps = CreateObject<ExponentialRandomVariable>();
        m_gaps->SetStream(stream);
        m_gaps->SetAttribute("Mean", DoubleValue(1 / config.udpRate));
    }
    Plan(config.udpStart, config.udpStop);
}

void
UdpFlow::Begin()
{
    m_next = Simulator::Schedule(m_gaps ? DrawGap() : m_lead, [this] { Send(); });
}

void
UdpFlow::End()
{
    m_next.Cancel();
}

Time
UdpFlow::DrawGap()
{
    return m_gaps ? Seconds(m_gaps->GetValue()) : m_gap;
}

void
UdpFlow::Send()
{
    const auto packet = Create<Packet>(m_size);
    SendTimeTag tag;
    tag.time = Simulator::Now();
    packet->AddPacketTag(tag);
    FlowCounts& counts = m_figures.counts;
    if (m_source->SendTo(packet, 0, m_target) >= 0)
    {
        ++counts.nSent;
        counts.sentBytes += m_size;
    }
    else
    {
        ++counts.nRefused;
    }
    if (m_count == 0 || counts.nSent + counts.nRefused < m_count)
    {
        m_next = Simulator::Schedule(DrawGap(), [this] { Send(); });
    }
}

void
UdpFlow::Receive()
{
    while (const Ptr<Packet> packet = m_sink->Recv())
    {
        ++m_figures.counts.nReceived;
        m_figures.counts.receivedBytes += packet->GetSize();
        SendTimeTag tag;
        if (packet->PeekPacketTag(tag))
        {
            m_figures.delay.Add(Simulator::Now() - tag.time);
        }
    }
}

// TcpFlow

TcpFlow::TcpFlow(const RunConfig& config, const FlowPlace& place)
    : RunFlow("tcp", place),
      m_segment(config.tcpSegment),
      m_limit(config.tcpBytes),
      m_target(place.target, AddToPort(config.tcpPort, place.number)),
      m_listener(Socket::CreateSocket(place.to.node, TcpSocketFactory::GetTypeId()))
{
    m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), m_target.GetPort()));
    m_listener->Listen();
    m_listener->SetAcceptCallback(
        MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
        [this](const Ptr<Socket>& socket, const Address&) {
            socket->SetRecvCallback([this](const Ptr<Socket>& connection) { Receive(connection); });
        });
    Plan(config.tcpStart, config.tcpStop);
}

void
TcpFlow::Begin()
{
    m_source = Socket::CreateSocket(m_from, TcpSocketFactory::GetTypeId());
    m_source->SetAttribute("SegmentSize", UintegerValue(m_segment));
    m_source->TraceConnectWithoutContext(
        "RTT",
        Callback<void, Time, Time>([this](Time, Time measured) { m_figures.delay.Add(measured); }));
    m_source->SetConnectCallback(
        [this](const Ptr<Socket>&) {
            m_isConnected = true;
            Fill();
        },
        MakeNullCallback<void, Ptr<Socket>>());
    m_source->SetSendCallback([this](const Ptr<Socket>&, uint32_t) { Fill(); });
    m_source->Bind();
    m_source->Connect(m_target);
}

void
TcpFlow::End()
{
    m_isConnected = false;
    m_source->Close();
}

void
TcpFlow::Fill()
{
    uint64_t& sentBytes = m_figures.counts.sentBytes;
    while (m_isConnected)
    {
        const uint64_t left = m_limit == 0 ? m_segment : m_limit - sentBytes;
        if (left == 0)
        {
            End();
            return;
        }
        const auto size = static_cast<uint32_t>(
            std::min<uint64_t>({left, m_segment, m_source->GetTxAvailable()}));
        if (size == 0 || m_source->Send(Create<Packet>(size)) <= 0)
        {
            return; // called again when there is room
        }
        sentBytes += size;
    }
}

void
TcpFlow::Receive(const Ptr<Socket>& socket)
{
    while (const Ptr<Packet> packet = socket->Recv())
    {
        if (packet->GetSize() == 0)
        {
            return; // the other end closed
        }
        m_figures.counts.receivedBytes += packet->GetSize();
    }
}

// PingFlow

PingFlow::PingFlow(const RunConfig& config, const FlowPlace& place, uint16_t id)
    : RunFlow("ping", place),
      m_size(config.pingSize),
      m_count(config.pingCount),
      m_interval(config.pingInterval),
      m_id(id),
      m_target(place.target, 0),
      m_socket(Socket::CreateSocket(place.from.node, Ipv4RawSocketFactory::GetTypeId()))
{
    m_socket->SetAttribute("Protocol", UintegerValue(PROTO_ICMP));
    m_socket->SetRecvCallback([this](const Ptr<Socket>&) { Receive(); });
    Plan(config.pingStart, config.pingStop);
}

void
PingFlow::Begin()
{
    Send();
}

void
PingFlow::End()
{
    m_next.Cancel();
}

void
PingFlow::Send()
{
    const auto packet = Create<Packet>();
    Icmpv4Echo echo;
    echo.SetIdentifier(m_id);
    echo.SetSequenceNumber(m_sequence);
    echo.SetData(Create<Packet>(m_size));
    packet->AddHeader(echo);
    Icmpv4Header header;
    header.SetType(Icmpv4Header::ICMPV4_ECHO);
    header.SetCode(0);
    if (Node::ChecksumEnabled())
    {
        header.EnableChecksum();
    }
    packet->AddHeader(header);
    FlowCounts& counts = m_figures.counts;
    if (m_socket->SendTo(packet, 0, m_target) >= 0)
    {
        m_sent[m_sequence] = Simulator::Now();
        ++counts.nSent;
        counts.sentBytes += m_size;
    }
    else
    {
        ++counts.nRefused;
    }
    ++m_sequence;
    if (m_count == 0 || counts.nSent + counts.nRefused < m_count)
    {
        m_next = Simulator::Schedule(m_interval, [this] { Send(); });
    }
}

void
PingFlow::Receive()
{
    while (const Ptr<Packet> packet = m_socket->Recv())
    {
        Ipv4Header ip;
        Icmpv4Header header;
        Icmpv4Echo echo;
        packet->RemoveHeader(ip);
        packet->RemoveHeader(header);
        if (header.GetType() != Icmpv4Header::ICMPV4_ECHO_REPLY)
        {
            continue;
        }
        packet->RemoveHeader(echo);
        const auto sent = m_sent.find(echo.GetSequenceNumber());
        if (echo.GetIdentifier() == m_id && sent != m_sent.end())
        {
            ++m_figures.counts.nReceived;
            m_figures.counts.receivedBytes += echo.GetDataSize();
            m_figures.delay.Add(Simulator::Now() - sent->second);
            m_sent.erase(sent);
        }
    }
}

} // namespace ns3::xfrm
