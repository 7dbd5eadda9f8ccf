/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-line.h"
#include "xfrm-test-neighbour.h"

#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/mobility-helper.h"
#include "ns3/on-off-helper.h"
#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/yans-wifi-helper.h"

#include <string>

namespace ns3::xfrm::tests
{

namespace
{

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
    return trace.Count("10.1.0.2 UnicastForward") > 20 ? trace.Join() : "";
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Wi-Fi next to XfrmRouting.  Not run inside an ns-3 tree: building Wi-Fi there takes long.
 */
class XfrmRoutingWifiTestSuite : public TestSuite
{
  public:
    XfrmRoutingWifiTestSuite()
        : TestSuite("xfrm-routing-wifi", SYSTEM)
    {
        AddTestCase(new NeighbourTestCase("ad hoc Wi-Fi", TalkByWifi), TestCase::QUICK);
    }
};

static XfrmRoutingWifiTestSuite g_xfrmRoutingWifiTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
