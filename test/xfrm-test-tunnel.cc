/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-tunnel.h"

#include "ns3/abort.h"
#include "ns3/callback.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/xfrm-esp-headers.h"
#include "ns3/xfrm-helper.h"

#include <numeric>

namespace ns3::xfrm::tests
{

namespace
{

/// One direction of the protected traffic.
struct Way
{
    std::string from;   //!< outer source
    std::string to;     //!< outer destination
    std::string source; //!< inner source
    std::string target; //!< inner destination
    uint32_t spi{0};    //!< SPI
};

/// @return n bytes from a number on
std::vector<uint8_t>
MakeKey(uint8_t first, size_t n)
{
    std::vector<uint8_t> key(n);
    std::iota(key.begin(), key.end(), first);
    return key;
}

/// @return the policy of a direction, with its template
PolicyConfig
MakePolicy(Direction direction, const Way& way, Mode mode)
{
    PolicyConfig config;
    config.direction = direction;
    const uint8_t prefix = mode == Mode::Tunnel ? 24 : 32;
    config.selector.source = Ipv4Address(way.source.c_str());
    config.selector.sourcePrefix = prefix;
    config.selector.destination = Ipv4Address(way.target.c_str());
    config.selector.destinationPrefix = prefix;
    config.selector.proto = mode == Mode::Tunnel ? PROTO_ANY : PROTO_UDP;
    Template wanted;
    wanted.reqid = 1;
    wanted.mode = mode;
    if (mode == Mode::Tunnel)
    {
        wanted.source = Ipv4Address(way.from.c_str());
        wanted.destination = Ipv4Address(way.to.c_str());
    }
    config.templates = {wanted};
    return config;
}

} // namespace

StateConfig
MakeRecordedState(const std::string& from,
                  const std::string& to,
                  uint32_t spi,
                  Mode mode,
                  const std::string& algorithm)
{
    StateConfig config;
    config.id = {Ipv4Address(to.c_str()), spi, PROTO_ESP};
    config.source = Ipv4Address(from.c_str());
    config.mode = mode;
    config.reqid = 1;
    config.replay.windowPackets = 32;
    if (algorithm == "gcm128")
    {
        config.aead = Algorithm{"rfc4106(gcm(aes))", MakeKey(0x10, 20), 128};
    }
    else
    {
        config.encryption = Algorithm{"cbc(aes)", MakeKey(0x10, 16), 0};
        config.auth = Algorithm{"hmac(sha1)", MakeKey(0x20, 20), 96};
    }
    return config;
}

TunnelLine::TunnelLine(Mode mode,
                       const std::string& algorithm,
                       const Line::Config& config,
                       Watch watch)
    : line(config)
{
    Configure(1, mode, algorithm);
    Configure(2, mode, algorithm);
    if (watch == Watch::All)
    {
        WatchAll();
    }
}

void
TunnelLine::WatchAll()
{
    const auto ipv4 = line.nodes.Get(1)->GetObject<Ipv4L3Protocol>();
    ipv4->TraceConnectWithoutContext("Tx", MakeCallback(&TunnelLine::NoteSent, this));
    GetRouting(1)->m_dropTrace.ConnectWithoutContext(
        Callback<void, Ptr<const Packet>, const Ipv4Header&, const std::string&>(
            [this](const Ptr<const Packet>&, const Ipv4Header&, const std::string& reason) {
                told.drops.push_back(reason);
            }));
    GetRouting(1)->m_verdictTrace.ConnectWithoutContext(
        Callback<void, Ptr<const Packet>, const Ipv4Header&, const std::string&>(
            [this](const Ptr<const Packet>&, const Ipv4Header&, const std::string& verdict) {
                told.verdicts.push_back(verdict);
            }));
}

Ptr<XfrmRouting>
TunnelLine::GetRouting(uint32_t node) const
{
    return XfrmHelper::GetRouting(line.nodes.Get(node));
}

void
TunnelLine::Configure(uint32_t node, Mode mode, const std::string& algorithm)
{
    const bool isTunnel = mode == Mode::Tunnel;
    const Way there{"10.9.0.1",
                    "10.9.0.2",
                    isTunnel ? "10.1.0.0" : "10.9.0.1",
                    isTunnel ? "10.2.0.0" : "10.9.0.2",
                    0x1001};
    const Way back{"10.9.0.2",
                   "10.9.0.1",
                   isTunnel ? "10.2.0.0" : "10.9.0.2",
                   isTunnel ? "10.1.0.0" : "10.9.0.1",
                   0x2001};
    Namespace& net = GetRouting(node)->GetNamespace();
    for (const Way& way : {there, back})
    {
        net.AddState(MakeRecordedState(way.from, way.to, way.spi, mode, algorithm),
                     Simulator::Now());
        const bool isOut = (way.spi == there.spi) == (node == 1);
        if (isOut)
        {
            net.AddPolicy(MakePolicy(Direction::Out, way, mode), false, Simulator::Now());
            continue;
        }
        net.AddPolicy(MakePolicy(Direction::In, way, mode), false, Simulator::Now());
        net.AddPolicy(MakePolicy(Direction::Forward, way, mode), false, Simulator::Now());
    }
}

void
TunnelLine::NoteSent(Ptr<const Packet> packet, Ptr<Ipv4> /*ipv4*/, uint32_t interface) // NOLINT
{
    if (interface != 2)
    {
        return; // the other side, or not on a wire
    }
    OnWire sent;
    const Ptr<Packet> copy = packet->Copy();
    copy->RemoveHeader(sent.header);
    sent.length = packet->GetSize();
    if (sent.header.GetProtocol() == PROTO_ESP && sent.header.GetFragmentOffset() == 0)
    {
        XfrmEspHeader esp;
        copy->RemoveHeader(esp);
        sent.spi = esp.GetSpi();
        sent.sequence = esp.GetSequence();
    }
    onWire.push_back(sent);
}

void
TunnelLine::NoteReceived(Ptr<Socket> socket)
{
    Address from;
    while (const Ptr<Packet> packet = socket->RecvFrom(from))
    {
        received.push_back(packet->GetSize());
        froms.push_back(InetSocketAddress::ConvertFrom(from).GetIpv4());
    }
}

void
TunnelLine::SendUdp(uint32_t from,
                    uint32_t to,
                    const std::vector<uint32_t>& sizes,
                    const std::function<void(Ptr<Socket>)>& setUp)
{
    const auto sink = Socket::CreateSocket(line.nodes.Get(to), UdpSocketFactory::GetTypeId());
    sink->Bind(InetSocketAddress(Ipv4Address::GetAny(), 6000));
    sink->SetRecvCallback(MakeCallback(&TunnelLine::NoteReceived, this));
    const auto source = Socket::CreateSocket(line.nodes.Get(from), UdpSocketFactory::GetTypeId());
    source->Bind(InetSocketAddress(Ipv4Address::GetAny(), 5000));
    // The nodes' addresses towards each other.
    const Ipv4Address target = to == 3   ? Line::K
                               : to == 2 ? Ipv4Address("10.9.0.2")
                                         : Ipv4Address("10.1.0.2");
    if (setUp)
    {
        setUp(source);
    }
    for (size_t i = 0; i < sizes.size(); ++i)
    {
        Simulator::ScheduleWithContext(
            line.nodes.Get(from)->GetId(),
            Seconds(1) + MilliSeconds(i) - Simulator::Now(),
            [source, target, size = sizes[i]] {
                source->SendTo(Create<Packet>(size), 0, InetSocketAddress(target, 6000));
            });
    }
    Simulator::Stop(Seconds(2) + MilliSeconds(sizes.size()) - Simulator::Now());
    Simulator::Run();
}

std::string
DescribeCounters(const XfrmRouting& routing)
{
    std::string text;
    const Statistics& statistics = routing.GetNamespace().GetStatistics();
    for (size_t i = 0; i < Statistics::N_COUNTERS; ++i)
    {
        const auto counter = static_cast<Counter>(i);
        if (const uint64_t value = statistics.Get(counter); value != 0)
        {
            text += (text.empty() ? "" : " ") + std::string(Statistics::GetLabel(counter)) + "=" +
                    std::to_string(value);
        }
    }
    return text;
}

std::string
TunnelLine::GetCounters(uint32_t node) const
{
    return DescribeCounters(*GetRouting(node));
}

Ptr<State>
TunnelLine::GetState(uint32_t node) const
{
    StateWork ignored;
    const StateId id{Ipv4Address("10.9.0.2"), 0x1001, PROTO_ESP};
    return GetRouting(node)->GetNamespace().GetStates().LookupBySpi(id, 0, Family::Ipv4, ignored);
}

} // namespace ns3::xfrm::tests
