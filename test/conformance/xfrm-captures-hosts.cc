/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-captures-hosts.h"

#include "xfrm-conformance.h"

#include "ns3/enum.h"
#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-header.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/xfrm-helper.h"
#include "ns3/xfrm-path-mtu-tag.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <variant>

namespace ns3::xfrm::conformance
{

namespace
{

const Time SPACING{MilliSeconds(40)};   //!< from a packet to the next, as recorded: 33 ms and more
constexpr uint32_t INSIDE{1};           //!< interface of H towards A, and of A towards H
constexpr uint32_t MIDDLE{2};           //!< interface of A towards B
constexpr uint16_t RECEIVER_PORT{6000}; //!< where the datagrams of recordings go
constexpr uint32_t NETWORK_BITS{0x0a000000}; //!< all addresses are 10.NETWORK.0.HOST

/// @return an address of the hosts' networks
Ipv4Address
MakeAddress(uint32_t network, uint32_t host)
{
    return Ipv4Address(NETWORK_BITS | network << 16 | host);
}

} // namespace

CaptureHosts::CaptureHosts(const Mtus& mtus)
{
    m_nodes.Create(4);
    InternetStackHelper().Install(m_nodes);
    Connect(CaptureHost::A, CaptureHost::H, 1, mtus.clear);
    Connect(CaptureHost::A, CaptureHost::B, 9, mtus.middle);
    Connect(CaptureHost::B, CaptureHost::K, 2, mtus.clear);
    const Ipv4StaticRoutingHelper routes;
    const Ipv4Mask mask("255.255.255.0");
    routes.GetStaticRouting(GetIpv4(CaptureHost::H))->SetDefaultRoute(MakeAddress(1, 1), INSIDE);
    routes.GetStaticRouting(GetIpv4(CaptureHost::A))
        ->AddNetworkRouteTo(MakeAddress(2, 0), mask, MakeAddress(9, 2), MIDDLE);
    routes.GetStaticRouting(GetIpv4(CaptureHost::B))
        ->AddNetworkRouteTo(MakeAddress(1, 0), mask, MakeAddress(9, 1), 1);
    routes.GetStaticRouting(GetIpv4(CaptureHost::K))->SetDefaultRoute(MakeAddress(2, 1), 1);
    XfrmHelper helper;
    helper.SetAttribute("Crypto", EnumValue(XfrmRouting::CRYPTO_REAL));
    helper.Install(m_nodes);
    XfrmHelper::AssignStreams(m_nodes, 0);
    Watch();
    Listen(CaptureHost::B, RECEIVER_PORT);
    Listen(CaptureHost::K, RECEIVER_PORT);
    Run(); // nodes start up
}

CaptureHosts::~CaptureHosts()
{
    Simulator::Destroy();
}

/// The near host has the low address of the link.
void
CaptureHosts::Connect(CaptureHost near, CaptureHost far, uint32_t network, uint16_t mtu)
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
    const NetDeviceContainer devices = link.Install(Get(near), Get(far));
    uint32_t host = 1;
    for (const CaptureHost end : {near, far})
    {
        const Ptr<Ipv4> ipv4 = GetIpv4(end);
        const uint32_t interface = ipv4->AddInterface(devices.Get(host - 1));
        devices.Get(host - 1)->SetMtu(mtu);
        ipv4->AddAddress(interface,
                         Ipv4InterfaceAddress(MakeAddress(network, host), "255.255.255.0"));
        ipv4->SetUp(interface);
        ++host;
    }
}

Ptr<Node>
CaptureHosts::Get(CaptureHost host) const
{
    return m_nodes.Get(static_cast<uint32_t>(host));
}

Ptr<Ipv4L3Protocol>
CaptureHosts::GetIpv4(CaptureHost host) const
{
    return Get(host)->GetObject<Ipv4L3Protocol>();
}

Ptr<XfrmRouting>
CaptureHosts::GetGateway(size_t gateway) const
{
    return XfrmHelper::GetRouting(Get(gateway == 0 ? CaptureHost::A : CaptureHost::B));
}

PacketBytes
CaptureHosts::GetBytes(const Packet& packet)
{
    PacketBytes bytes(packet.GetSize());
    packet.CopyData(bytes.data(), packet.GetSize());
    return bytes;
}

void
CaptureHosts::Watch()
{
    using Seen = Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>;
    const auto see = [this](CaptureHost host, const char* trace, uint32_t at, auto& list) {
        GetIpv4(host)->TraceConnectWithoutContext(trace,
                                                  Seen([at, &list](const Ptr<const Packet>& packet,
                                                                   const Ptr<Ipv4>& /*ipv4*/,
                                                                   uint32_t interface) {
                                                      if (interface == at)
                                                      {
                                                          list.push_back(GetBytes(*packet));
                                                      }
                                                  }));
    };
    see(CaptureHost::H, "Tx", INSIDE, m_seen.inside);
    see(CaptureHost::H, "Rx", INSIDE, m_seen.inside);
    see(CaptureHost::A, "Tx", MIDDLE, m_seen.wire);
    for (const CaptureHost host : {CaptureHost::H, CaptureHost::A})
    {
        XfrmHelper::GetRouting(Get(host))->TraceConnectWithoutContext(
            "SendVerdict",
            Callback<void, Ptr<const Packet>, const Ipv4Header&, const std::string&>(
                [this](const Ptr<const Packet>& /*packet*/,
                       const Ipv4Header& /*header*/,
                       const std::string& verdict) {
                    m_seen.verdict = m_seen.verdict.value_or(verdict);
                }));
    }
    GetGateway(0)->TraceConnectWithoutContext(
        "Lookup",
        Callback<void, Ptr<const Packet>, const Ipv4Header&, const OutputDecision&, uint32_t>(
            [this](const Ptr<const Packet>& /*packet*/,
                   const Ipv4Header& /*header*/,
                   const OutputDecision& decision,
                   uint32_t /*cpu*/) {
                m_chainMtu = decision.bundle ? decision.bundle->GetMtu() : 0;
            }));
}

void
CaptureHosts::Listen(CaptureHost host, uint16_t port)
{
    const auto socket = Socket::CreateSocket(Get(host), UdpSocketFactory::GetTypeId());
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    socket->SetIpRecvTtl(true);
    socket->SetIpRecvTos(true);
    socket->SetRecvCallback(Callback<void, Ptr<Socket>>(
        [this, host, port](const Ptr<Socket>& receiver) { Receive(receiver, host, port); }));
}

void
CaptureHosts::Receive(const Ptr<Socket>& socket, CaptureHost host, uint16_t port)
{
    const Ptr<Packet> packet = socket->Recv();
    SocketIpTtlTag ttl;
    packet->PeekPacketTag(ttl);
    SocketIpTosTag tos;
    packet->PeekPacketTag(tos);
    m_seen.received.push_back({host, port, packet->GetSize(), ttl.GetTtl(), tos.GetTos()});
}

void
CaptureHosts::Configure(const std::vector<IpXfrmCommand>& commands)
{
    for (const IpXfrmCommand& command : commands)
    {
        const auto* const name = std::find(GATEWAYS.begin(), GATEWAYS.end(), command.nameSpace);
        const std::string where =
            command.position.file + ":" + std::to_string(command.position.line);
        if (name == GATEWAYS.end())
        {
            throw InputError(where + ": " + command.nameSpace + ": must be nA or nB");
        }
        const Ptr<XfrmRouting> routing = GetGateway(name - GATEWAYS.begin());
        if (const auto* const add = std::get_if<StateAdd>(&command.action))
        {
            routing->GetNamespace().DeleteState(add->config.id, 0, add->config.family);
        }
        try
        {
            XfrmHelper::CarryOut(routing, command);
        }
        catch (const std::invalid_argument& error)
        {
            throw InputError(error.what());
        }
    }
}

void
CaptureHosts::OpenEncapSockets(uint16_t port, EncapType type, bool bypasses)
{
    for (const CaptureHost host : {CaptureHost::A, CaptureHost::B})
    {
        const Ptr<XfrmRouting> routing = XfrmHelper::GetRouting(Get(host));
        Listen(host, port);
        routing->SetUdpEncap(port, type);
        if (bypasses)
        {
            SocketEndpoint ends;
            ends.proto = PROTO_UDP;
            ends.localPort = port;
            XfrmHelper::SetSocketPolicy(routing, ends, "dir in action allow");
            XfrmHelper::SetSocketPolicy(routing, ends, "dir out action allow");
        }
    }
}

/**
 * As a raw socket with IP_HDRINCL does it, so that the header can be any.  With DF, H went on
 * sending what A had refused, and A sealed packets before they turned out too large: the recorded
 * sockets had IP_PMTUDISC_PROBE.
 */
CaptureSights
CaptureHosts::Send(const CaptureDatagram& datagram)
{
    const auto packet = Create<Packet>(datagram.payload.data(), datagram.payload.size());
    UdpHeader udp;
    udp.SetSourcePort(datagram.sourcePort);
    udp.SetDestinationPort(datagram.destinationPort);
    packet->AddHeader(udp);
    Ipv4Header header;
    header.SetSource(Ipv4Address(datagram.source));
    header.SetDestination(Ipv4Address(datagram.destination));
    header.SetProtocol(PROTO_UDP);
    header.SetTos(datagram.tos);
    header.SetTtl(datagram.ttl);
    header.SetIdentification(m_nextId++);
    if (datagram.isDf)
    {
        packet->AddPacketTag(XfrmPathMtuTag(PathMtuDiscovery::Probe));
    }
    header.SetPayloadSize(static_cast<uint16_t>(packet->GetSize()));
    const Ptr<Ipv4L3Protocol> ipv4 = GetIpv4(datagram.from);
    Socket::SocketErrno ignored = Socket::ERROR_NOTERROR;
    const Ptr<Ipv4Route> route =
        ipv4->GetRoutingProtocol()->RouteOutput(packet, header, nullptr, ignored);
    if (route)
    {
        ipv4->SendWithHeader(packet, header, route);
    }
    return Run();
}

CaptureSights
CaptureHosts::Inject(const PacketBytes& packet)
{
    const Ptr<Ipv4L3Protocol> ipv4 = GetIpv4(CaptureHost::B);
    const Ptr<NetDevice> device = ipv4->GetNetDevice(1);
    const Address address = device->GetAddress();
    ipv4->Receive(device,
                  Create<Packet>(packet.data(), packet.size()),
                  Ipv4L3Protocol::PROT_NUMBER,
                  address,
                  address,
                  NetDevice::PACKET_HOST);
    return Run();
}

CaptureSights
CaptureHosts::Run()
{
    Simulator::Stop(SPACING);
    Simulator::Run();
    return std::exchange(m_seen, {});
}

void
CaptureHosts::AlterTos(uint8_t tos)
{
    const Ptr<Ipv4L3Protocol> ipv4 = GetIpv4(CaptureHost::B);
    ipv4->GetNetDevice(1)->SetReceiveCallback(
        NetDevice::ReceiveCallback([ipv4, tos](Ptr<NetDevice> device,
                                               Ptr<const Packet> packet,
                                               uint16_t protocol,
                                               const Address& from) {
            const Ptr<Packet> altered = packet->Copy();
            Ipv4Header header;
            altered->RemoveHeader(header);
            header.SetTos(tos);
            altered->AddHeader(header);
            const Address to = device->GetAddress();
            ipv4->Receive(device, altered, protocol, from, to, NetDevice::PACKET_HOST);
            return true;
        }));
}

Statistics
CaptureHosts::GetStatistics(size_t gateway) const
{
    return GetGateway(gateway)->GetNamespace().GetStatistics();
}

std::string
CaptureHosts::Show(size_t gateway, const std::string& object) const
{
    std::ostringstream text;
    const auto commands = IpXfrm::Read("ip -s xfrm " + object, "show");
    XfrmHelper::CarryOut(GetGateway(gateway), commands.at(0), &text);
    return text.str();
}

CounterMoves
GetMoved(const Statistics& before, const Statistics& now)
{
    CounterMoves moved;
    for (size_t i = 0; i < Statistics::N_COUNTERS; ++i)
    {
        const auto counter = static_cast<Counter>(i);
        if (const uint64_t count = now.Get(counter) - before.Get(counter))
        {
            moved[Statistics::GetLabel(counter)] = count;
        }
    }
    return moved;
}

} // namespace ns3::xfrm::conformance
