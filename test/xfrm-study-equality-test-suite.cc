/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/boolean.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/mac48-address.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/pointer.h"
#include "ns3/random-variable-stream.h"
#include "ns3/simple-channel.h"
#include "ns3/simple-net-device.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/udp-header.h"
#include "ns3/uinteger.h"
#include "ns3/xfrm-cores.h"
#include "ns3/xfrm-helper.h"
#include "ns3/xfrm-lookup-study.h"
#include "ns3/xfrm-routing.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

constexpr uint32_t HEADER_BYTES{28}; //!< IP and UDP [bytes]
constexpr int64_t SEED_STREAM{77};   //!< ns-3's random stream of hash seeds

/// What is to be equal.
struct Shape
{
    uint32_t nCores{4};           //!< cores
    size_t nPackets{100'000};     //!< packets
    std::string locks{"none"};    //!< which locks are taken
    bool hasOneState{false};      //!< one state for all policies
    std::string steering{};       //!< cores that packets are handed to
    uint32_t interruptDelayUs{0}; //!< an interrupt waits for more packets [us]
};

/**
 * @brief Packets: flows as Zipf has them, more than flow caches take, and 2 % that never come
 * again; at times more than cores can do.
 */
ArrivalList
MakeList(const Shape& shape)
{
    TrafficClass bursts;
    bursts.arrivals.kind = ArrivalConfig::Kind::OnOff;
    bursts.arrivals.rate = 6e5 * shape.nCores;
    bursts.flows.nFlows = std::max(20'000U, 7'000 * shape.nCores);
    bursts.flows.exponent = 0.6;
    bursts.lengthBytes = 400;
    TrafficConfig traffic;
    traffic.classes = {bursts};
    traffic.attackShare = 0.02;
    TrafficMix mix(traffic);
    ArrivalList list(shape.nPackets);
    mix.Fill(list);
    for (Arrival& arrival : list)
    {
        arrival.nClass = 0;
    }
    return list;
}

/// The gateway of packet mode, into which packets are put one by one.
class Gateway
{
  public:
    Gateway(const Shape& shape, const StudyPolicies& policies, const ArrivalList& list)
        : m_space(policies.blocks, 0),
          m_list(list)
    {
        InternetStackHelper().Install(m_node);
        m_in = AddDevice("192.168.255.1", "255.255.0.0");
        AddDevice("198.18.0.1", "255.254.0.0"); // the near end of all tunnels
        m_ipv4 = m_node->GetObject<Ipv4L3Protocol>();
        Ipv4StaticRoutingHelper().GetStaticRouting(m_ipv4)->SetDefaultRoute("198.18.0.2", 2);
        const auto cores = CreateObject<XfrmCores>();
        cores->SetAttribute("Count", UintegerValue(shape.nCores));
        cores->SetAttribute("CostProfile", StringValue("linux-4.1-default"));
        cores->SetAttribute("Locks", StringValue(shape.locks));
        cores->SetAttribute("SteeringCores", StringValue(shape.steering));
        cores->SetAttribute("InterruptDelay", TimeValue(MicroSeconds(shape.interruptDelayUs)));
        XfrmHelper helper;
        helper.SetAttribute("Cores", PointerValue(cores));
        m_routing = helper.Install(m_node);
        XfrmHelper::AssignStreams(m_node, SEED_STREAM);
        for (const StateConfig& state : policies.states)
        {
            m_routing->GetNamespace().AddState(state, Time(0));
        }
        for (const PolicyConfig& policy : policies.policies)
        {
            m_routing->GetNamespace().AddPolicy(policy, false, Time(0));
        }
        m_routing->GetNamespace().RunTableWork();
    }

    ~Gateway()
    {
        Simulator::Destroy();
    }

    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;
    Gateway(Gateway&&) = delete;
    Gateway& operator=(Gateway&&) = delete;

    void Run(Time end)
    {
        Simulator::Schedule(NanoSeconds(m_list.front().ns), [this] { Arrive(0); });
        Simulator::Stop(end);
        Simulator::Run();
    }

    const NodeCores& GetCores() const
    {
        return *m_routing->GetCores();
    }

    const Namespace& GetNamespace() const
    {
        return m_routing->GetNamespace();
    }

  private:
    Ptr<SimpleNetDevice> AddDevice(const char* address, const char* mask)
    {
        const auto device = CreateObject<SimpleNetDevice>();
        device->SetAttribute("PointToPointMode", BooleanValue(true)); // nobody to ask by ARP
        device->SetAddress(Mac48Address::Allocate());
        device->SetMtu(1500);
        device->SetChannel(CreateObject<SimpleChannel>());
        m_node->AddDevice(device);
        const Ptr<Ipv4> ipv4 = m_node->GetObject<Ipv4>();
        const uint32_t interface = ipv4->AddInterface(device);
        ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, mask));
        ipv4->SetUp(interface);
        return device;
    }

    void Arrive(size_t i)
    {
        const Arrival& arrival = m_list[i];
        if (i + 1 < m_list.size())
        {
            Simulator::Schedule(NanoSeconds(m_list[i + 1].ns - arrival.ns),
                                [this, i] { Arrive(i + 1); });
        }
        const Flow flow = m_space.MakeFlow(arrival.flow);
        const auto packet = Create<Packet>(arrival.length - HEADER_BYTES);
        UdpHeader udp;
        udp.SetSourcePort(flow.GetSourcePort());
        udp.SetDestinationPort(flow.GetDestinationPort());
        packet->AddHeader(udp);
        Ipv4Header header;
        header.SetSource(flow.source.GetIpv4());
        header.SetDestination(flow.destination.GetIpv4());
        header.SetProtocol(flow.common.proto);
        header.SetTtl(64);
        header.SetPayloadSize(packet->GetSize());
        packet->AddHeader(header);
        m_ipv4->Receive(m_in,
                        packet,
                        Ipv4L3Protocol::PROT_NUMBER,
                        Address(),
                        Address(),
                        NetDevice::PACKET_HOST);
    }

    FlowSpace m_space;                      //!< what flows are
    const ArrivalList& m_list;              //!< what arrives
    Ptr<Node> m_node{CreateObject<Node>()}; //!< the node
    Ptr<SimpleNetDevice> m_in;              //!< where packets come in
    Ptr<Ipv4L3Protocol> m_ipv4;             //!< its IP
    Ptr<XfrmRouting> m_routing;             //!< its IPsec
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief One list of packets through packet mode and through the study: the same work, counters and
 * times of each core.
 */
class StudyEqualityTestCase : public TestCase
{
  public:
    StudyEqualityTestCase(const std::string& name, const Shape& shape)
        : TestCase(name),
          m_shape(shape)
    {
    }

  private:
    StudyConfig MakeConfig(const ArrivalList& list) const
    {
        StudyConfig config;
        config.nCores = m_shape.nCores;
        config.profile = CostProfile::Load("linux-4.1-default");
        config.locks = LockPreset::Find(m_shape.locks);
        config.queues.delay = MicroSeconds(m_shape.interruptDelayUs);
        for (const char core : m_shape.steering)
        {
            if (core != ',')
            {
                config.queues.steering.push_back(static_cast<CpuId>(core - '0'));
            }
        }
        config.policies = MakePolicies();
        config.kept = KeptDurations::All;
        config.oif = XfrmHelper::GetDeviceIndex("eth1");
        config.work = StudyWork::Forward;
        TrafficClass recorded;
        recorded.recorded = std::make_shared<const ArrivalList>(list);
        config.traffic.classes = {recorded};
        config.duration = GetEnd(list);
        config.interval = config.duration;
        const auto seeds = CreateObject<UniformRandomVariable>();
        seeds->SetStream(SEED_STREAM);
        config.drawSeed = [seeds] { return seeds->GetInteger(0, UINT32_MAX); };
        return config;
    }

    StudyPolicies MakePolicies() const
    {
        return MakeStudyPolicies({.nInexact = 10, .hasOneState = m_shape.hasOneState});
    }

    /// @return a time when all is done
    static Time GetEnd(const ArrivalList& list)
    {
        return NanoSeconds(list.back().ns) + MilliSeconds(200);
    }

    void Compare(const TimeHistogram& packets, const TimeHistogram& study, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ(study.GetCount(), packets.GetCount(), what << ": how many");
        NS_TEST_EXPECT_MSG_EQ(study.GetMean(), packets.GetMean(), what << ": mean");
        NS_TEST_EXPECT_MSG_EQ(study.GetMax(), packets.GetMax(), what << ": longest");
        for (const double share : {0.1, 0.5, 0.9, 0.99})
        {
            NS_TEST_EXPECT_MSG_EQ(study.GetPercentile(share),
                                  packets.GetPercentile(share),
                                  what << ": share " << share);
        }
    }

    void Compare(const Gateway& gateway, const StudyResult& result, CpuId cpu)
    {
        const NodeCores& cores = gateway.GetCores();
        const CoreFigures packets = cores.GetSet().GetFigures(cpu);
        const StudyCore& study = result.cores[cpu];
        const std::string core = "core " + std::to_string(cpu);
        const bool isSameWork = cores.GetWork(cpu) == study.work;
        NS_TEST_EXPECT_MSG_EQ(isSameWork, true, core << ": work");
        const CacheWork& cache = cores.GetWork(cpu).cache;
        NS_TEST_EXPECT_MSG_EQ(study.work.cache.nHits, cache.nHits, core << ": hits");
        NS_TEST_EXPECT_MSG_EQ(study.work.cache.nMisses, cache.nMisses, core << ": misses");
        NS_TEST_EXPECT_MSG_EQ(study.work.cache.nCompared, cache.nCompared, core << ": compared");
        NS_TEST_EXPECT_MSG_EQ(study.work.cache.nShrinks, cache.nShrinks, core << ": shrinks");
        NS_TEST_EXPECT_MSG_EQ(study.work.cache.nDestroyed, cache.nDestroyed, core << ": gc");
        NS_TEST_EXPECT_MSG_EQ(study.core.nSoftirqJobs, packets.nSoftirqJobs, core << ": softirq");
        NS_TEST_EXPECT_MSG_EQ(study.core.nProcessJobs, packets.nProcessJobs, core << ": process");
        NS_TEST_EXPECT_MSG_EQ(study.core.busyNs, packets.busyNs, core << ": busy");
        NS_TEST_EXPECT_MSG_EQ(study.core.lockWaitNs, packets.lockWaitNs, core << ": locks");
        NS_TEST_EXPECT_MSG_EQ(study.core.nSteered, packets.nSteered, core << ": steered");
        NS_TEST_EXPECT_MSG_EQ(study.core.maxQueue, packets.maxQueue, core << ": queue");
        Compare(packets.waiting, study.core.waiting, core + ": waiting");
        Compare(packets.service, study.core.service, core + ": service");
        Compare(packets.latency, study.core.latency, core + ": latency");
    }

    void DoRun() override
    {
        const ArrivalList list = MakeList(m_shape);
        Gateway gateway(m_shape, MakePolicies(), list);
        gateway.Run(GetEnd(list));
        LookupStudy study(MakeConfig(list));
        const StudyResult result = study.Run();
        for (CpuId cpu = 0; cpu < m_shape.nCores; ++cpu)
        {
            Compare(gateway, result, cpu);
        }
        const StudyCore total = result.GetTotal();
        NS_TEST_EXPECT_MSG_EQ(total.nRingDropped,
                              gateway.GetCores().GetCounts().nRingDropped,
                              "lost in front of rings");
        NS_TEST_EXPECT_MSG_EQ(total.verdicts.GetCarried(),
                              gateway.GetCores().GetCounts().nForwarded,
                              "forwarded");
        const bool isSameStatistics = result.statistics == gateway.GetNamespace().GetStatistics();
        NS_TEST_EXPECT_MSG_EQ(isSameStatistics, true, "counters");
        NS_TEST_EXPECT_MSG_GT(total.work.cache.nShrinks, 0, "there were shrinks");
        NS_TEST_EXPECT_MSG_GT(total.nRingDropped, 0, "there was too much at times");
        if (m_shape.locks != "none" && m_shape.nCores > 1)
        {
            NS_TEST_EXPECT_MSG_GT(total.core.lockWaitNs, 0, "locks were waited for");
        }
    }

    Shape m_shape; //!< what is to be equal
};

/**
 * @ingroup xfrm-tests
 * @brief Tests that packet mode and study are the same.
 */
class StudyEqualityTestSuite : public TestSuite
{
  public:
    StudyEqualityTestSuite()
        : TestSuite("xfrm-study-equality", SYSTEM)
    {
        const auto add = [this](const std::string& name, const Shape& shape, auto fullness) {
            AddTestCase(new StudyEqualityTestCase(name, shape), fullness);
        };
        add("one core", {.nCores = 1}, QUICK);
        add("four cores without locks", {}, QUICK);
        add("four cores with one state and locks",
            {.locks = "linux-4.1", .hasOneState = true},
            QUICK);
        add("four cores with locks, steering and interrupts that wait",
            {.locks = "linux-4.2", .steering = "0,1,2,3", .interruptDelayUs = 20},
            QUICK);
        add("four cores with one state, and lines that all write",
            {.locks = "linux-4.2-lines", .hasOneState = true},
            QUICK);
        for (const uint32_t nCores : {1, 4, 16})
        {
            for (const char* const locks : {"none", "linux-4.1"})
            {
                add("a million packets, " + std::to_string(nCores) + " cores, locks " + locks,
                    {.nCores = nCores, .nPackets = 1'000'000, .locks = locks},
                    TAKES_FOREVER);
            }
        }
    }
};

const StudyEqualityTestSuite g_studyEqualityTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
