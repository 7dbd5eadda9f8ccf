/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-traffic.h"

#include "ns3/bulk-send-helper.h"
#include "ns3/double.h"
#include "ns3/icmpv4.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/simulator.h"
#include "ns3/tag.h"
#include "ns3/tcp-socket.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"
#include "ns3/xfrm-ipsec.h"

#include <algorithm>
#include <map>
#include <utility>

namespace ns3::xfrm
{

namespace
{

constexpr uint16_t UDP_SOURCE_PORT{5000}; //!< of the first UDP flow, as in the recordings
constexpr uint16_t UDP_TARGET_PORT{6000}; //!< of the first UDP flow, as in the recordings
constexpr uint16_t TCP_TARGET_PORT{8000}; //!< of the first TCP flow

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

/// @return figures of a flow that has done nothing
FlowFigures
MakeFigures(const std::string& kind,
            const RunNetwork::Member& from,
            const RunNetwork::Member& to,
            uint32_t number)
{
    FlowFigures figures;
    figures.kind = kind;
    figures.from = from.name;
    figures.to = to.name;
    figures.name = kind + " " + from.name + "-" + to.name;
    if (number > 0)
    {
        figures.name += " #" + std::to_string(number + 1);
    }
    return figures;
}

/// Datagrams from one host to another.
class UdpFlow : public RunFlow
{
  public:
    /// @param number which of the flows of this pair of hosts, from 0
    UdpFlow(const RunConfig& config,
            const RunNetwork::Member& from,
            const RunNetwork::Member& to,
            Ipv4Address target,
            uint32_t number,
            int64_t stream)
        : RunFlow(MakeFigures("udp", from, to, number)),
          m_size(config.udpSize),
          m_gap(Seconds(1 / config.udpRate)),
          m_target(target, static_cast<uint16_t>(UDP_TARGET_PORT + number)),
          m_source(Socket::CreateSocket(from.node, UdpSocketFactory::GetTypeId())),
          m_sink(Socket::CreateSocket(to.node, UdpSocketFactory::GetTypeId()))
    {
        m_source->Bind(InetSocketAddress(Ipv4Address::GetAny(),
                                         static_cast<uint16_t>(UDP_SOURCE_PORT + number)));
        m_sink->Bind(InetSocketAddress(Ipv4Address::GetAny(), m_target.GetPort()));
        m_sink->SetRecvCallback([this](const Ptr<Socket>&) { Receive(); });
        if (config.udpArrivals == Arrivals::Poisson)
        {
            m_gaps = CreateObject<ExponentialRandomVariable>();
            m_gaps->SetStream(stream);
            m_gaps->SetAttribute("Mean", DoubleValue(1 / config.udpRate));
        }
        Simulator::ScheduleWithContext(from.node->GetId(), config.start, [this] { Send(); });
    }

  private:
    void Send()
    {
        const auto packet = Create<Packet>(m_size);
        SendTimeTag tag;
        tag.time = Simulator::Now();
        packet->AddPacketTag(tag);
        ++m_figures.counts.nSent;
        m_source->SendTo(packet, 0, m_target);
        Simulator::Schedule(m_gaps ? Seconds(m_gaps->GetValue()) : m_gap, [this] { Send(); });
    }

    void Receive()
    {
        while (const Ptr<Packet> packet = m_sink->Recv())
        {
            ++m_figures.counts.nReceived;
            m_figures.counts.bytes += packet->GetSize();
            SendTimeTag tag;
            if (packet->PeekPacketTag(tag))
            {
                m_figures.delay.Add(Simulator::Now() - tag.time);
            }
        }
    }

    uint32_t m_size;                       //!< payload [bytes]
    Time m_gap;                            //!< constant distance of packets
    Ptr<ExponentialRandomVariable> m_gaps; //!< random distances; null: constant ones
    InetSocketAddress m_target;            //!< where it goes
    Ptr<Socket> m_source;                  //!< sends
    Ptr<Socket> m_sink;                    //!< receives
};

/// As much as goes, or a number of bytes, over TCP.
class TcpFlow : public RunFlow
{
  public:
    /// @param number which of the flows of this pair of hosts, from 0
    TcpFlow(const RunConfig& config,
            const RunNetwork::Member& from,
            const RunNetwork::Member& to,
            Ipv4Address target,
            uint32_t number)
        : RunFlow(MakeFigures("tcp", from, to, number))
    {
        const InetSocketAddress address(target, static_cast<uint16_t>(TCP_TARGET_PORT + number));
        BulkSendHelper source("ns3::TcpSocketFactory", address);
        source.SetAttribute("MaxBytes", UintegerValue(config.tcpBytes));
        source.SetAttribute("SendSize", UintegerValue(config.tcpSegment));
        source.Install(from.node).Start(config.start);
        PacketSinkHelper sink("ns3::TcpSocketFactory",
                              InetSocketAddress(Ipv4Address::GetAny(), address.GetPort()));
        ApplicationContainer sinks = sink.Install(to.node);
        sinks.Start(Time(0));
        m_sink = DynamicCast<PacketSink>(sinks.Get(0));
        m_sink->TraceConnectWithoutContext("Rx",
                                           Callback<void, Ptr<const Packet>, const Address&>(
                                               [this](const Ptr<const Packet>&, const Address&) {
                                                   ++m_figures.counts.nReceived;
                                               }));
    }

    FlowCounts GetCounts() const override
    {
        FlowCounts counts = m_figures.counts;
        counts.bytes = m_sink->GetTotalRx();
        return counts;
    }

  private:
    Ptr<PacketSink> m_sink; //!< receives
};

/// Echo requests and their replies.
class PingFlow : public RunFlow
{
  public:
    /// @param id identifier of its requests
    PingFlow(const RunConfig& config,
             const RunNetwork::Member& from,
             const RunNetwork::Member& to,
             Ipv4Address target,
             uint16_t id)
        : RunFlow(MakeFigures("ping", from, to, 0)),
          m_size(config.pingSize),
          m_interval(config.pingInterval),
          m_id(id),
          m_target(target, 0),
          m_socket(Socket::CreateSocket(from.node, Ipv4RawSocketFactory::GetTypeId()))
    {
        m_socket->SetAttribute("Protocol", UintegerValue(PROTO_ICMP));
        m_socket->SetRecvCallback([this](const Ptr<Socket>&) { Receive(); });
        Simulator::ScheduleWithContext(from.node->GetId(), config.start, [this] { Send(); });
    }

  private:
    void Send()
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
        m_sent[m_sequence++] = Simulator::Now();
        ++m_figures.counts.nSent;
        m_socket->SendTo(packet, 0, m_target);
        Simulator::Schedule(m_interval, [this] { Send(); });
    }

    void Receive()
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
                m_figures.delay.Add(Simulator::Now() - sent->second);
                m_sent.erase(m_sent.begin(), std::next(sent)); // older ones are lost
            }
        }
    }

    uint32_t m_size;                 //!< payload [bytes]
    Time m_interval;                 //!< between requests
    uint16_t m_id;                   //!< identifier of its requests
    uint16_t m_sequence{0};          //!< number of the next request
    InetSocketAddress m_target;      //!< where it goes
    Ptr<Socket> m_socket;            //!< sends and receives
    std::map<uint16_t, Time> m_sent; //!< when requests without reply were sent
};

} // namespace

RunTraffic::RunTraffic(const RunConfig& config, const RunNetwork& network, int64_t stream)
{
    for (uint32_t i = 0; i < config.hosts; ++i)
    {
        const RunNetwork::Member& from = network.GetLeft(i);
        const RunNetwork::Member& to = network.GetRight(i);
        const Ipv4Address target = RunNetwork::GetRightAddress(i);
        for (uint32_t flow = 0; flow < config.udpFlows; ++flow)
        {
            m_flows.push_back(std::make_unique<UdpFlow>(config, from, to, target, flow, stream++));
        }
        for (uint32_t flow = 0; flow < config.tcpFlows; ++flow)
        {
            m_flows.push_back(std::make_unique<TcpFlow>(config, from, to, target, flow));
        }
        if (!config.pingInterval.IsZero())
        {
            m_flows.push_back(
                std::make_unique<PingFlow>(config, from, to, target, static_cast<uint16_t>(i)));
        }
    }
}

std::vector<FlowCounts>
RunTraffic::GetCounts() const
{
    std::vector<FlowCounts> counts;
    for (const auto& flow : m_flows)
    {
        counts.push_back(flow->GetCounts());
    }
    return counts;
}

std::vector<FlowFigures>
RunTraffic::GetFigures() const
{
    std::vector<FlowFigures> figures;
    for (const auto& flow : m_flows)
    {
        figures.push_back(flow->GetFigures());
    }
    return figures;
}

} // namespace ns3::xfrm
