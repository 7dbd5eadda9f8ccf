/*
 * SPDX-License-Identifier: GPL-2.0-only
 *
 * What becomes of a gateway when its cores have more flows than their flow caches hold?
 *
 *   H 10.1.0.2 --- 10.1.0.1 A 10.9.0.1 === 10.9.0.2 B
 *
 * A has two cores, which take 1.6 us for a packet of a flow that is in the cache.  H sends 0.6
 * million packets per second and core, each of a random flow; A seals them, with null encryption.
 * A flow cache that has 4096 entries drops half.  A miss costs 1800 cycles more than a hit: a new
 * entry, the state, the chain, the shrink; and twice 30 for each policy, as both types are
 * searched.
 *
 * Run: ./xfrm example xfrm-flow-cache-thrash.  Expected output:
 *
 *   policies  flows per core  misses in %  carried Mpps  time in A us  cycles a packet
 *          1           1000          0.00          1.20         17.90             4231
 *          1           2000          0.00          1.20         25.72             4234
 *          1           4000          0.00          1.20         21.31             4241
 *          1           5000         34.30          1.05        971.87             4941
 *          1           6000         47.10          0.99       1029.32             5216
 *          1           8000         60.26          0.94       1082.82             5502
 *        300           1000          0.00          1.20         17.90             4231
 *        300           2000          0.00          1.20         25.72             4234
 *        300           4000          0.00          1.20         21.31             4241
 *        300           5000         32.45          0.48       2128.65            10684
 *        300           6000         46.75          0.38       2703.50            13539
 *        300           8000         60.11          0.32       3241.68            16214
 */

#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/random-variable-stream.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-l4-protocol.h"
#include "ns3/xfrm-helper.h"

#include <cmath>
#include <iomanip>
#include <iostream>

using namespace ns3;

constexpr uint32_t CORES{2};           //!< cores of A
constexpr uint32_t N_PACKETS{40000};   //!< packets counted, after as many that fill the queues
constexpr double PACKETS_PER_S{1.2e6}; //!< packets that H sends [1/s]
constexpr double WARM_UP_PER_S{2e5};   //!< ... while it goes through the flows first [1/s]

const std::string STATE = "ip xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1001 reqid 1"
                          "  mode tunnel auth digest_null '' enc 'ecb(cipher_null)' ''\n";
const std::string POLICY = "ip xfrm policy add src 10.1.0.0/24 dst 10.2.0.0/24 dir out priority 9"
                           "  tmpl src 10.9.0.1 dst 10.9.0.2 proto esp reqid 1 mode tunnel\n";

/// What A's cores did up to some time.
struct Figures
{
    double nPackets{0}; //!< packets that went through
    double nMisses{0};  //!< of them those that were not in the cache
    double timeNs{0};   //!< time that they spent in A [ns]
    double cycles{0};   //!< what A's cores did, gc of dropped entries included
};

Figures
Look(const Ptr<XfrmRouting>& routing)
{
    Figures figures;
    for (uint32_t cpu = 0; cpu < CORES; ++cpu)
    {
        const xfrm::CoreFigures& core = routing->GetCores()->GetSet().GetFigures(cpu);
        const auto nJobs = static_cast<double>(core.service.GetCount());
        figures.timeNs += nJobs * (core.waiting.GetMean() + core.service.GetMean());
        figures.cycles += static_cast<double>(core.busyNs) * 1e-9 *
                          routing->GetCores()->GetProfile().GetFrequency();
    }
    figures.nPackets = static_cast<double>(routing->GetCores()->GetCounts().nForwarded);
    figures.nMisses = static_cast<double>(routing->GetWork().cache.nMisses);
    return figures;
}

/// Sends a packet of each flow, slowly, then packets of random flows, without a socket each.
class Source
{
  public:
    Source(const Ptr<Node>& node, uint32_t nFlows)
        : m_udp(node->GetObject<UdpL4Protocol>()),
          m_nFlows(nFlows)
    {
        m_random->SetStream(1);
        Simulator::ScheduleNow(&Source::Send, this);
    }

    /// @return time until each flow has sent a packet
    Time GetWarmUp() const
    {
        return Seconds(m_nFlows / WARM_UP_PER_S);
    }

  private:
    void Send()
    {
        const bool isWarm = m_nSent >= m_nFlows;
        const uint32_t flow = isWarm ? m_random->GetInteger(0, m_nFlows - 1) : m_nSent;
        ++m_nSent;
        m_udp->Send(Create<Packet>(18),
                    Ipv4Address("10.1.0.2"),
                    Ipv4Address("10.2.0.2"),
                    static_cast<uint16_t>(10000 + flow),
                    9);
        Simulator::Schedule(Seconds(1 / (isWarm ? PACKETS_PER_S : WARM_UP_PER_S)),
                            &Source::Send,
                            this);
    }

    Ptr<UdpL4Protocol> m_udp;                                                   //!< UDP of H
    uint32_t m_nFlows;                                                          //!< flows
    uint32_t m_nSent{0};                                                        //!< packets so far
    Ptr<UniformRandomVariable> m_random{CreateObject<UniformRandomVariable>()}; //!< which is next
};

/// @brief Print a line of the table.
void
RunPoint(uint32_t flowsPerCore, uint32_t nPolicies)
{
    NodeContainer nodes(3);
    InternetStackHelper().Install(nodes);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("100Gbps"));
    Ipv4AddressHelper addresses("10.1.0.0", "255.255.255.0", "0.0.0.1");
    addresses.Assign(link.Install(nodes.Get(1), nodes.Get(0)));
    addresses.SetBase("10.9.0.0", "255.255.255.0");
    addresses.Assign(link.Install(nodes.Get(1), nodes.Get(2)));
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    Ipv4StaticRoutingHelper routes;
    routes.GetStaticRouting(nodes.Get(0)->GetObject<Ipv4>())->SetDefaultRoute("10.1.0.1", 1);
    routes.GetStaticRouting(nodes.Get(1)->GetObject<Ipv4>())->SetDefaultRoute("10.9.0.2", 2);

    XfrmHelper helper;
    helper.Install(nodes.Get(2)); // takes the ESP packets, and drops them
    helper.SetCores(CORES, "linux-4.1-default");
    const auto routing = helper.Install(nodes.Get(1));
    XfrmHelper::AssignStreams(nodes, 2);
    XfrmHelper::Configure(nodes.Get(1), STATE + POLICY);
    for (uint32_t i = 1; i < nPolicies; ++i)
    {
        const std::string other =
            "10." + std::to_string(16 + i / 256) + "." + std::to_string(i % 256) + ".0/24";
        XfrmHelper::Configure(nodes.Get(1),
                              "ip xfrm policy add src 10.1.0.0/24 dst " + other + " dir out\n");
    }

    const Source source(nodes.Get(0), flowsPerCore * CORES);
    const Time window = Seconds(N_PACKETS / PACKETS_PER_S);
    Simulator::Stop(source.GetWarmUp() + window);
    Simulator::Run();
    const Figures before = Look(routing);
    Simulator::Stop(window);
    Simulator::Run();
    const Figures after = Look(routing);
    Simulator::Destroy();

    const double nPackets = after.nPackets - before.nPackets;
    std::cout << std::setw(8) << nPolicies << std::setw(15) << flowsPerCore << std::setw(14)
              << 100 * (after.nMisses - before.nMisses) / nPackets << std::setw(14)
              << nPackets / window.GetMicroSeconds() << std::setw(14)
              << (after.timeNs - before.timeNs) / nPackets / 1e3 << std::setw(17)
              << std::lround((after.cycles - before.cycles) / nPackets) << "\n";
}

int
main()
{
    std::cout
        << "policies  flows per core  misses in %  carried Mpps  time in A us  cycles a packet\n"
        << std::fixed << std::setprecision(2);
    for (const uint32_t nPolicies : {1, 300})
    {
        for (const uint32_t flows : {1000, 2000, 4000, 5000, 6000, 8000})
        {
            RunPoint(flows, nPolicies);
        }
    }
    return 0;
}
