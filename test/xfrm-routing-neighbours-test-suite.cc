/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-line.h"
#include "xfrm-test-neighbour.h"

#include "ns3/csma-helper.h"
#include "ns3/dhcp-helper.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/on-off-helper.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

#include <sstream>
#include <string>

namespace ns3::xfrm::tests
{

namespace
{

/// FlowMonitor's report on UDP, TCP and ping across a line.
std::string
MonitorFlows(Installed installed)
{
    Line line({.installed = installed});
    line.AddTraffic();
    FlowMonitorHelper helper;
    const auto monitor = helper.InstallAll();
    line.Run(4);
    return monitor->SerializeToXmlString(0, true, true);
}

/// What the IP layers do when RIP finds the routes for UDP, TCP and ping.
std::string
RouteByRip(Installed installed)
{
    Line line({.routes = Line::Routes::Rip, .installed = installed});
    line.AddTraffic(40);
    const IpTrace trace(line.nodes);
    line.Run(42);
    return trace.Count("10.2.0.2 LocalDeliver") > 100 ? trace.Join() : "";
}

/// What the IP layers do when OLSR does.
std::string
RouteByOlsr(Installed installed)
{
    Line line({.routes = Line::Routes::Olsr, .installed = installed});
    line.AddTraffic(20);
    const IpTrace trace(line.nodes);
    line.Run(22);
    return trace.Count("10.2.0.2 LocalDeliver") > 100 ? trace.Join() : "";
}

/// Bytes that an OnOff application brings across a line.
std::string
SendOnOff(Installed installed)
{
    Line line({.link = Line::Link::Csma, .installed = installed});
    OnOffHelper onOff("ns3::UdpSocketFactory", InetSocketAddress(Line::K, 9));
    onOff.SetConstantRate(DataRate("1Mbps"), 500);
    onOff.Install(line.nodes.Get(0)).Start(Seconds(1));
    const auto sinks =
        PacketSinkHelper("ns3::UdpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 9))
            .Install(line.nodes.Get(3));
    line.Run(3);
    const uint64_t nBytes = DynamicCast<PacketSink>(sinks.Get(0))->GetTotalRx();
    return nBytes > 0 ? std::to_string(nBytes) : "";
}

/// The address that a DHCP client gets over an Ethernet.
std::string
LeaseAddress(Installed installed)
{
    NodeContainer nodes(2);
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(nodes);
    const auto devices = CsmaHelper().Install(nodes);
    DhcpHelper dhcp;
    dhcp.InstallFixedAddress(devices.Get(0), "172.30.0.1", Ipv4Mask("/24"));
    dhcp.InstallDhcpServer(devices.Get(0),
                           "172.30.0.1",
                           "172.30.0.0",
                           Ipv4Mask("/24"),
                           "172.30.0.10",
                           "172.30.0.100",
                           "172.30.0.1")
        .Start(Seconds(0));
    dhcp.InstallDhcpClient(devices.Get(1)).Start(Seconds(1));
    Install(nodes, installed);
    Simulator::Stop(Seconds(10));
    Simulator::Run();
    std::ostringstream text;
    const auto ipv4 = nodes.Get(1)->GetObject<Ipv4>();
    const auto interface = ipv4->GetInterfaceForDevice(devices.Get(1));
    for (uint32_t i = 0; i < ipv4->GetNAddresses(interface); ++i)
    {
        text << ipv4->GetAddress(interface, i).GetLocal();
    }
    Simulator::Destroy();
    return text.str();
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief The rest of ns-3, next to XfrmRouting.
 */
class XfrmRoutingNeighboursTestSuite : public TestSuite
{
  public:
    XfrmRoutingNeighboursTestSuite()
        : TestSuite("xfrm-routing-neighbours", SYSTEM)
    {
        AddTestCase(new NeighbourTestCase("FlowMonitor", MonitorFlows), TestCase::QUICK);
        AddTestCase(new NeighbourTestCase("RIP", RouteByRip), TestCase::QUICK);
        AddTestCase(new NeighbourTestCase("OLSR", RouteByOlsr), TestCase::QUICK);
        AddTestCase(new NeighbourTestCase("OnOff", SendOnOff), TestCase::QUICK);
        AddTestCase(new NeighbourTestCase("DHCP", LeaseAddress), TestCase::QUICK);
    }
};

static XfrmRoutingNeighboursTestSuite g_xfrmRoutingNeighboursTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
