/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-line.h"

#include "ns3/boolean.h"
#include "ns3/csma-helper.h"
#include "ns3/dhcp-helper.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/mobility-helper.h"
#include "ns3/on-off-helper.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"
#include "ns3/yans-wifi-helper.h"

#include <algorithm>
#include <functional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return the lines of a trace as one text, sorted: RIP and OLSR go through interfaces in the
///         order of pointers, which differs from run to run
std::string
Join(const IpTrace& trace)
{
    std::vector<std::string> lines = trace.GetLines();
    std::sort(lines.begin(), lines.end());
    std::string text;
    for (const std::string& line : lines)
    {
        text += line + "\n";
    }
    return text;
}

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
    return trace.Count("10.2.0.2 LocalDeliver") > 100 ? Join(trace) : "";
}

/// What the IP layers do when OLSR does.
std::string
RouteByOlsr(Installed installed)
{
    Line line({.routes = Line::Routes::Olsr, .installed = installed});
    line.AddTraffic(20);
    const IpTrace trace(line.nodes);
    line.Run(22);
    return trace.Count("10.2.0.2 LocalDeliver") > 100 ? Join(trace) : "";
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

/// What the IP layers do when three nodes talk by Wi-Fi without an access point.
std::string
TalkByWifi(Installed installed)
{
    NodeContainer nodes(3);
    YansWifiPhyHelper phy;
    phy.SetChannel(YansWifiChannelHelper::Default().Create());
    WifiHelper wifi;
    wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager");
    WifiMacHelper mac;
    mac.SetType("ns3::AdhocWifiMac");
    const auto devices = wifi.Install(phy, mac, nodes);
    MobilityHelper mobility;
    mobility.SetPositionAllocator("ns3::GridPositionAllocator");
    mobility.Install(nodes);
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(nodes);
    stack.AssignStreams(nodes, 1000);
    wifi.AssignStreams(devices, 2000);
    Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(devices);
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(nodes.Get(0)->GetObject<Ipv4>())
        ->AddHostRouteTo("10.1.0.3", "10.1.0.2", 1); // by way of the second
    Install(nodes, installed);
    OnOffHelper onOff("ns3::UdpSocketFactory", InetSocketAddress("10.1.0.3", 9));
    onOff.SetConstantRate(DataRate("100kbps"), 500);
    onOff.Install(nodes.Get(0)).Start(Seconds(1));
    const IpTrace trace(nodes);
    Simulator::Stop(Seconds(2));
    Simulator::Run();
    Simulator::Destroy();
    return trace.Count("10.1.0.2 UnicastForward") > 20 ? Join(trace) : "";
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Something of ns-3 that sits next to routing, without the module, with nothing configured,
 *        and with a hook that lets everything through: its result is the same.
 */
class NeighbourTestCase : public TestCase
{
  public:
    /// @param name what it is @param run runs it, and gives its result; empty: it did not work
    NeighbourTestCase(const std::string& name, std::function<std::string(Installed)> run)
        : TestCase(name + " goes on working"),
          m_run(std::move(run))
    {
    }

  private:
    void DoRun() override
    {
        const std::string plain = m_run(Installed::Nothing);
        NS_TEST_ASSERT_MSG_NE(plain, "", "plain ns-3");
        const bool isSameEmpty = m_run(Installed::Empty) == plain;
        const bool isSameHooked = m_run(Installed::PassingHook) == plain;
        NS_TEST_EXPECT_MSG_EQ(isSameEmpty, true, "nothing configured");
        NS_TEST_EXPECT_MSG_EQ(isSameHooked, true, "everything diverted");
    }

    std::function<std::string(Installed)> m_run; //!< runs it
};

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
        AddTestCase(new NeighbourTestCase("ad hoc Wi-Fi", TalkByWifi), TestCase::QUICK);
    }
};

static XfrmRoutingNeighboursTestSuite g_xfrmRoutingNeighboursTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
