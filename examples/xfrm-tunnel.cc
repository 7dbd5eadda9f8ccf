/*
 * SPDX-License-Identifier: GPL-2.0-only
 *
 * How do two gateways carry a host's packets through an IPsec tunnel?
 *
 *   H 10.1.0.2 --- 10.1.0.1 A 10.9.0.1 === 10.9.0.2 B 10.2.0.1 --- 10.2.0.2 K
 *
 * Run: ./xfrm example xfrm-tunnel.  Expected output:
 *
 *   1000-byte packets, ESP between A and B
 *   A sealed 5 packets, B opened 5, K received 5
 *   without states: XfrmOutStateInvalid 5, since the cached chain is used to its end
 */

#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/udp-client-server-helper.h"
#include "ns3/uinteger.h"
#include "ns3/xfrm-helper.h"

#include <iostream>

using namespace ns3;

const std::string COMMON =
    "ip xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1001 reqid 1 mode tunnel"
    "  aead 'rfc4106(gcm(aes))' 0x101112131415161718191a1b1c1d1e1fa0a1a2a3 128\n";
const std::string OUT = "ip xfrm policy add src 10.1.0.0/24 dst 10.2.0.0/24 dir out"
                        "  tmpl src 10.9.0.1 dst 10.9.0.2 proto esp reqid 1 mode tunnel\n";
const std::string FORWARD = "ip xfrm policy add src 10.1.0.0/24 dst 10.2.0.0/24 dir fwd"
                            "  tmpl src 10.9.0.1 dst 10.9.0.2 proto esp reqid 1 mode tunnel\n";

int
main()
{
    NodeContainer nodes(4); // H, A, B, K
    InternetStackHelper().Install(nodes);
    const std::vector<std::string> networks{"10.1.0.0", "10.9.0.0", "10.2.0.0"};
    for (uint32_t i = 0; i < 3; ++i)
    {
        PointToPointHelper link;
        // Gateways have the low address of a link, and A has that of the middle one.
        const uint32_t low = i == 0 ? 1 : i;
        const auto devices = link.Install(nodes.Get(low), nodes.Get(2 * i + 1 - low));
        Ipv4AddressHelper(networks[i].c_str(), "255.255.255.0").Assign(devices);
    }
    XfrmHelper helper;
    const auto a = helper.Install(nodes.Get(1));
    const auto b = helper.Install(nodes.Get(2));
    XfrmHelper::AssignStreams(nodes, 0);
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    XfrmHelper::Configure(nodes.Get(1), COMMON + OUT);
    XfrmHelper::Configure(nodes.Get(2), COMMON + FORWARD);
    PacketSinkHelper sink("ns3::UdpSocketFactory", InetSocketAddress("0.0.0.0", 6000));
    const auto sinks = sink.Install(nodes.Get(3));
    UdpClientHelper client(Ipv4Address("10.2.0.2"), 6000);
    client.SetAttribute("MaxPackets", UintegerValue(10));
    client.SetAttribute("Interval", TimeValue(Seconds(1)));
    client.SetAttribute("PacketSize", UintegerValue(1000));
    client.Install(nodes.Get(0)).Start(Seconds(1));
    Simulator::Schedule(Seconds(5.5),
                        [&] { XfrmHelper::Configure(nodes.Get(1), "ip xfrm state flush"); });
    Simulator::Stop(Seconds(12));
    Simulator::Run();

    std::cout << "1000-byte packets, ESP between A and B\n"
              << "A sealed " << a->GetWork().transform.nSealed << " packets, B opened "
              << b->GetWork().transform.nOpened << ", K received "
              << DynamicCast<PacketSink>(sinks.Get(0))->GetTotalRx() / 1000 << "\n"
              << "without states: XfrmOutStateInvalid "
              << a->GetNamespace().GetStatistics().Get(xfrm::Counter::OutStateInvalid)
              << ", since the cached chain is used to its end\n";
    Simulator::Destroy();
}
