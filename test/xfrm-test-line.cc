/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-line.h"

#include "ns3/bulk-send-helper.h"
#include "ns3/csma-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/olsr-helper.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/rip-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-echo-helper.h"
#include "ns3/uinteger.h"
#include "ns3/xfrm-helper.h"
#include "ns3/xfrm-net-device.h"
#if __has_include("ns3/v4ping-helper.h")
#include "ns3/v4ping-helper.h"
#else
#include "ns3/ping-helper.h"
#endif

#include <algorithm>
#include <sstream>
#include <utility>

namespace ns3::xfrm::tests
{

namespace
{

/// @brief Have a node ping an address once a second.
void
AddPing(const Ptr<Node>& node, Ipv4Address to, double start)
{
#if __has_include("ns3/v4ping-helper.h")
    ApplicationContainer ping = V4PingHelper(to).Install(node);
#else
    ApplicationContainer ping = PingHelper(Address(to)).Install(node);
#endif
    ping.Start(Seconds(start));
}

} // namespace

// PassingHook

PassingHook::PassingHook(const Ptr<Node>& node)
    : m_node(node)
{
}

PassingHook::Count&
PassingHook::Total()
{
    static Count total;
    return total;
}

bool
PassingHook::WantsLocal(const Ipv4Route& /*route*/) const
{
    return true;
}

int32_t
PassingHook::DecideEarly(const Ptr<const Packet>& /*packet*/,
                         const Ipv4Header& /*header*/,
                         const Ptr<Ipv4Route>& /*route*/)
{
    return 0;
}

void
PassingHook::SendLocal(const Ptr<Packet>& packet,
                       const Ipv4Header& header,
                       const Ptr<Ipv4Route>& route)
{
    ++Total().nLocal;
    m_node->GetObject<Ipv4L3Protocol>()->SendWithHeader(packet, header, route);
}

bool
PassingHook::WantsReceived() const
{
    return true;
}

void
PassingHook::Forward(const Ptr<const Packet>& packet,
                     const Ipv4Header& header,
                     const Ptr<Ipv4Route>& route,
                     const Ptr<const NetDevice>& /*input*/,
                     const ForwardCallback& forward)
{
    ++Total().nForwarded;
    forward(route, packet, header);
}

bool
PassingHook::AllowsDelivery(const Ptr<const Packet>& /*packet*/,
                            const Ipv4Header& /*header*/,
                            uint32_t /*interface*/)
{
    return true;
}

void
Install(const NodeContainer& nodes, Installed what)
{
    if (what == Installed::Nothing)
    {
        return;
    }
    XfrmHelper helper;
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        const bool isGateway = node != nodes.Begin() && node + 1 != nodes.End();
        if (what == Installed::FreeCores || (what == Installed::Gateways && isGateway))
        {
            helper.SetCores(4, what == Installed::FreeCores ? "free" : "linux-4.1-default");
        }
        else
        {
            helper.SetCores(0, "free");
        }
        const auto routing = helper.Install(*node);
        if (what == Installed::PassingHook)
        {
            routing->SetHook(std::make_unique<PassingHook>(*node));
            routing->PrepareDiversion();
        }
    }
}

// Line

const Ipv4Address Line::K("10.2.0.2");
const Ipv4Address Line::H("10.1.0.2");

Line::Line(const Config& config)
{
    nodes.Create(4);
    InstallStack(config.routes);
    PointToPointHelper wire;
    wire.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
    wire.SetChannelAttribute("Delay", StringValue("1ms"));
    CsmaHelper ethernet;
    ethernet.SetChannelAttribute("DataRate", StringValue("100Mbps"));
    ethernet.SetChannelAttribute("Delay", StringValue("1ms"));
    const std::vector<std::string> networks{"10.1.0.0", "10.9.0.0", "10.2.0.0"};
    // The gateways have the low address, and on the middle link A has.
    const std::vector<std::pair<uint32_t, uint32_t>> ends{{1, 0}, {1, 2}, {2, 3}};
    for (size_t i = 0; i < ends.size(); ++i)
    {
        const NodeContainer pair(nodes.Get(ends[i].first), nodes.Get(ends[i].second));
        const NetDeviceContainer devices =
            config.link == Link::Csma ? ethernet.Install(pair) : wire.Install(pair);
        m_stream += ethernet.AssignStreams(devices, m_stream);
        Ipv4AddressHelper(networks[i].c_str(), "255.255.255.0").Assign(devices);
    }
    Install(nodes, config.installed);
    if (config.routes == Routes::Global)
    {
        Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    }
    else if (config.routes == Routes::Static)
    {
        AddStaticRoutes();
    }
}

Line::~Line()
{
    Simulator::Destroy();
}

void
Line::InstallStack(Routes routes)
{
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    RipHelper rip;
    OlsrHelper olsr;
    if (routes == Routes::Rip)
    {
        stack.SetRoutingHelper(rip);
    }
    else if (routes == Routes::Olsr)
    {
        stack.SetRoutingHelper(olsr);
    }
    stack.Install(nodes);
    m_stream += stack.AssignStreams(nodes, m_stream);
    m_stream += routes == Routes::Rip ? rip.AssignStreams(nodes, m_stream)
                                      : olsr.AssignStreams(nodes, m_stream);
}

void
Line::AddStaticRoutes()
{
    const Ipv4StaticRoutingHelper helper;
    const auto add = [&](uint32_t node, const char* network, const char* gateway, uint32_t out) {
        helper.GetStaticRouting(GetIpv4(node))
            ->AddNetworkRouteTo(network, Ipv4Mask("255.255.255.0"), gateway, out);
    };
    helper.GetStaticRouting(GetIpv4(0))->SetDefaultRoute("10.1.0.1", 1);
    add(1, "10.2.0.0", "10.9.0.2", 2);
    add(2, "10.1.0.0", "10.9.0.1", 1);
    helper.GetStaticRouting(GetIpv4(3))->SetDefaultRoute("10.2.0.1", 1);
}

Ptr<Ipv4>
Line::GetIpv4(uint32_t node) const
{
    return nodes.Get(node)->GetObject<Ipv4>();
}

void
Line::AddTraffic(double start)
{
    UdpEchoServerHelper(7).Install(nodes.Get(3)).Start(Seconds(start / 2));
    UdpEchoClientHelper echo(K, 7);
    echo.SetAttribute("MaxPackets", UintegerValue(50));
    echo.SetAttribute("Interval", StringValue("10ms"));
    echo.SetAttribute("PacketSize", UintegerValue(2000)); // in two fragments
    echo.Install(nodes.Get(0)).Start(Seconds(start));
    PacketSinkHelper("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 80))
        .Install(nodes.Get(3))
        .Start(Seconds(start / 2));
    BulkSendHelper bulk("ns3::TcpSocketFactory", InetSocketAddress(K, 80));
    bulk.SetAttribute("MaxBytes", UintegerValue(200000));
    bulk.Install(nodes.Get(0)).Start(Seconds(start));
    AddPing(nodes.Get(0), K, start);
}

void
Line::Run(double seconds)
{
    Simulator::Stop(Seconds(seconds));
    Simulator::Run();
}

// IpTrace

IpTrace::IpTrace(const NodeContainer& nodes)
{
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        Listen(*node);
    }
}

void
IpTrace::Listen(const Ptr<Node>& node)
{
    const auto ipv4 = node->GetObject<Ipv4L3Protocol>();
    // Numbers of nodes go on counting from run to run within a process, these do not.
    std::ostringstream name;
    name << ipv4->GetAddress(1, 0).GetLocal();
    for (const std::string what : {"Tx", "Rx"})
    {
        ipv4->TraceConnectWithoutContext(
            what,
            MakeBoundCallback(&IpTrace::OnWire, this, name.str() + " " + what));
    }
    for (const std::string what : {"SendOutgoing", "UnicastForward", "LocalDeliver"})
    {
        ipv4->TraceConnectWithoutContext(
            what,
            MakeBoundCallback(&IpTrace::OnPacket, this, name.str() + " " + what));
    }
}

void
IpTrace::Add(const std::string& what, const Ipv4Header& header, uint32_t sizeBytes)
{
    std::ostringstream text;
    text << Simulator::Now().GetNanoSeconds() << " " << what << " " << header << " of "
         << sizeBytes;
    m_lines.push_back(text.str());
}

void
IpTrace::OnWire(IpTrace* self,
                const std::string& what,
                Ptr<const Packet> packet,
                Ptr<Ipv4> ipv4,
                uint32_t interface)
{
    if (!DynamicCast<XfrmNetDevice>(ipv4->GetNetDevice(interface)))
    {
        Ipv4Header header;
        const Ptr<Packet> copy = packet->Copy();
        copy->RemoveHeader(header);
        self->Add(what + " " + std::to_string(interface), header, packet->GetSize());
    }
}

void
IpTrace::OnPacket(IpTrace* self,
                  const std::string& what,
                  const Ipv4Header& header,
                  Ptr<const Packet> packet,
                  uint32_t /*interface*/)
{
    self->Add(what, header, packet->GetSize());
}

std::string
IpTrace::Join() const
{
    std::vector<std::string> lines = m_lines;
    std::sort(lines.begin(), lines.end());
    std::string text;
    for (const std::string& line : lines)
    {
        text += line + "\n";
    }
    return text;
}

size_t
IpTrace::Count(const std::string& word) const
{
    return std::count_if(m_lines.begin(), m_lines.end(), [&](const std::string& line) {
        return line.find(word) != std::string::npos;
    });
}

} // namespace ns3::xfrm::tests
