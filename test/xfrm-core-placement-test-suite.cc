/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-tunnel.h"

#include "ns3/boolean.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4-static-routing.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"
#include "ns3/xfrm-cores.h"
#include "ns3/xfrm-helper.h"

#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return settings of four cores whose work takes no time
Ptr<XfrmCores>
MakeFreeCores()
{
    return CreateObjectWithAttributes<XfrmCores>("Count",
                                                 UintegerValue(4),
                                                 "CostProfile",
                                                 StringValue("free"));
}

/// @return a node's IPsec, on such cores
Ptr<XfrmRouting>
InstallCores(const Ptr<Node>& node, const Ptr<XfrmCores>& cores)
{
    XfrmHelper helper;
    helper.SetAttribute("Cores", PointerValue(cores));
    return helper.Install(node);
}

/// UDP sockets of a node, one a flow, each sending to port 9 of an address.
class Flows
{
  public:
    /// @param node sends @param to receives @param nFlows flows
    Flows(const Ptr<Node>& node, Ipv4Address to, uint32_t nFlows)
    {
        for (uint32_t i = 0; i < nFlows; ++i)
        {
            const auto socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
            socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 5000 + i));
            socket->Connect(InetSocketAddress(to, 9));
            m_sockets.push_back(socket);
        }
    }

    /// @brief Let each flow send a packet.  @param at when, one after the other
    void Send(Time at)
    {
        for (size_t i = 0; i < m_sockets.size(); ++i)
        {
            Simulator::Schedule(at + MicroSeconds(i),
                                [socket = m_sockets[i]] { socket->Send(Create<Packet>(100)); });
        }
    }

  private:
    std::vector<Ptr<Socket>> m_sockets; //!< of the flows, in order of their ports
};

/// Counts the UDP packets that a node gets at port 9.
class Sink
{
  public:
    /// @param node the node
    explicit Sink(const Ptr<Node>& node)
        : m_socket(Socket::CreateSocket(node, UdpSocketFactory::GetTypeId()))
    {
        m_socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 9));
        m_socket->SetRecvCallback([this](const Ptr<Socket>& socket) {
            while (socket->Recv())
            {
                ++m_nReceived;
            }
        });
    }

    /// @return packets so far
    uint32_t GetReceived() const
    {
        return m_nReceived;
    }

  private:
    Ptr<Socket> m_socket;    //!< at port 9
    uint32_t m_nReceived{0}; //!< packets so far
};

/// @return process jobs that each core of a node did
std::vector<uint64_t>
GetProcessJobs(const XfrmRouting& routing)
{
    std::vector<uint64_t> jobs;
    for (CpuId cpu = 0; cpu < routing.GetCores()->GetCores(); ++cpu)
    {
        jobs.push_back(routing.GetCores()->GetSet().GetFigures(cpu).nProcessJobs);
    }
    return jobs;
}

/// A routing protocol that takes its time: it answers a millisecond later, as reactive ones do.
class LateRouting : public Ipv4StaticRouting
{
  public:
    bool RouteInput(Ptr<const Packet> packet,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> device,
                    RouteInputArgument<3> forward,
                    RouteInputArgument<4> multicast,
                    RouteInputArgument<5> deliver,
                    RouteInputArgument<6> refuse) override
    {
        Simulator::Schedule(MilliSeconds(1), [=, this] {
            if (!Ipv4StaticRouting::RouteInput(packet,
                                               header,
                                               device,
                                               forward,
                                               multicast,
                                               deliver,
                                               refuse))
            {
                refuse(packet, header, Socket::ERROR_NOROUTETOHOST);
            }
        });
        return true;
    }
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief What a process sends is worked on by the core that the process is placed on.
 */
class CorePlacementTestCase : public TestCase
{
  public:
    CorePlacementTestCase()
        : TestCase("processes are pinned, placed by flow, or placed in turn")
    {
    }

  private:
    static constexpr uint32_t N_FLOWS{8}; //!< flows, each of two packets

    std::vector<uint64_t> Run(const std::string& placement)
    {
        const Line line({.installed = Installed::Nothing});
        const auto cores = MakeFreeCores();
        cores->SetAttribute("SocketPlacement", StringValue(placement));
        cores->SetAttribute("PinnedCore", UintegerValue(2));
        const auto routing = InstallCores(line.nodes.Get(0), cores);
        const Sink sink(line.nodes.Get(3));
        Flows flows(line.nodes.Get(0), Line::K, N_FLOWS);
        flows.Send(Seconds(1));
        flows.Send(Seconds(2));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(sink.GetReceived(), 2 * N_FLOWS, placement << ": packets");
        return GetProcessJobs(*routing);
    }

    static std::vector<uint64_t> PlaceByHash()
    {
        const Rss rss({.nQueues = 4});
        std::vector<uint64_t> jobs(4);
        for (uint16_t i = 0; i < N_FLOWS; ++i)
        {
            jobs[rss.GetQueue({.source = Line::H,
                               .destination = Line::K,
                               .proto = PROTO_UDP,
                               .sourcePort = static_cast<uint16_t>(5000 + i),
                               .destinationPort = 9})] += 2;
        }
        return jobs;
    }

    void DoRun() override
    {
        const std::vector<uint64_t> pinned{0, 0, 2 * N_FLOWS, 0};
        NS_TEST_EXPECT_MSG_EQ((Run("pinned") == pinned), true, "pinned");
        NS_TEST_EXPECT_MSG_EQ((Run("by-flow") == PlaceByHash()), true, "by flow");
        NS_TEST_EXPECT_MSG_EQ((Run("round-robin") == std::vector<uint64_t>(4, 4)), true, "in turn");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What a host sends to itself stays on the core of its process, and in no receive queue.
 */
class CoreLoopbackTestCase : public TestCase
{
  public:
    CoreLoopbackTestCase()
        : TestCase("what a host sends to itself arrives on the core of its process")
    {
    }

  private:
    void DoRun() override
    {
        const Line line({.installed = Installed::Nothing});
        const auto cores = MakeFreeCores();
        cores->SetAttribute("SocketPlacement", StringValue("pinned"));
        cores->SetAttribute("PinnedCore", UintegerValue(3));
        const auto routing = InstallCores(line.nodes.Get(0), cores);
        const Sink sink(line.nodes.Get(0));
        Flows flows(line.nodes.Get(0), Line::H, 8);
        flows.Send(Seconds(1));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(sink.GetReceived(), 8, "delivered");
        NS_TEST_EXPECT_MSG_EQ(routing->GetCores()->GetWork(3).packet.nDelivered, 8, "on core 3");
        NS_TEST_EXPECT_MSG_EQ(routing->GetWork().packet.nReinjected, 8, "by no driver");
        NS_TEST_EXPECT_MSG_EQ(routing->GetCores()->GetQueues().empty(), true, "in no queue");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A multicast that a router delivers and forwards is one packet with two ways out.
 */
class CoreMulticastTestCase : public TestCase
{
  public:
    CoreMulticastTestCase()
        : TestCase("multicasts are delivered and forwarded by one job")
    {
    }

  private:
    void DoRun() override
    {
        const Ipv4Address group("225.1.2.4");
        const Line line({.installed = Installed::Nothing});
        const auto routing = InstallCores(line.nodes.Get(1), MakeFreeCores());
        const Ipv4StaticRoutingHelper helper;
        helper.GetStaticRouting(line.GetIpv4(0))->SetDefaultMulticastRoute(1);
        helper.GetStaticRouting(line.GetIpv4(1))
            ->AddMulticastRoute(Ipv4Address::GetAny(), group, 1, {2});
        const Sink near(line.nodes.Get(1));
        const Sink far(line.nodes.Get(2));
        Flows flows(line.nodes.Get(0), group, 8);
        flows.Send(Seconds(1));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(near.GetReceived(), 8, "delivered");
        NS_TEST_EXPECT_MSG_EQ(far.GetReceived(), 8, "forwarded");
        const ReceiveCounts& counts = routing->GetCores()->GetCounts();
        NS_TEST_EXPECT_MSG_EQ(counts.nReceived, 8, "packets");
        NS_TEST_EXPECT_MSG_EQ(counts.nForwarded + counts.nDelivered, 8, "each counts once");
        NS_TEST_EXPECT_MSG_EQ(routing->GetWork().packet.nForwarded, 8, "work of forwarding");
        NS_TEST_EXPECT_MSG_EQ(routing->GetWork().packet.nDelivered, 8, "work of delivery");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Work items run in process context on the core that asked; flushes touch every core's
 * cache there.
 */
class CoreWorkTestCase : public TestCase
{
  public:
    CoreWorkTestCase()
        : TestCase("gc runs on the core that asked, shares of a flush on their cores")
    {
    }

  private:
    /// A new seed after its 600 s drops a core's entries, and their gc runs there.
    void CheckGc()
    {
        const TunnelLine tunnel(Mode::Tunnel,
                                "gcm128",
                                {.installed = Installed::FreeCores},
                                TunnelLine::Watch::Nothing);
        const Sink sink(tunnel.line.nodes.Get(3));
        Flows flows(tunnel.line.nodes.Get(0), Line::K, 1);
        flows.Send(Seconds(1));
        flows.Send(Seconds(700));
        Simulator::Run();
        const XfrmRouting& a = *tunnel.GetRouting(1);
        uint32_t nCores = 0;
        for (CpuId cpu = 0; cpu < 4; ++cpu)
        {
            const CacheWork& work = a.GetCores()->GetWork(cpu).cache;
            const bool isFlows = work.GetLookups() > 0;
            nCores += isFlows ? 1 : 0;
            NS_TEST_EXPECT_MSG_EQ((work.nEvicted > 0), isFlows, "evicted by core " << cpu);
            NS_TEST_EXPECT_MSG_EQ(work.nDestroyed, work.nEvicted, "freed by core " << cpu);
            NS_TEST_EXPECT_MSG_EQ(GetProcessJobs(a)[cpu], (isFlows ? 1 : 0), "gc of core " << cpu);
        }
        NS_TEST_EXPECT_MSG_EQ(nCores, 1, "cores that see the flow");
    }

    /// When a device goes down the chains over it leave all caches, each by its core.
    void CheckFlush()
    {
        const TunnelLine tunnel(Mode::Tunnel,
                                "gcm128",
                                {.installed = Installed::FreeCores},
                                TunnelLine::Watch::Nothing);
        const Sink sink(tunnel.line.nodes.Get(3));
        Flows flows(tunnel.line.nodes.Get(0), Line::K, 16);
        flows.Send(Seconds(1));
        Simulator::Schedule(Seconds(2), [&] { tunnel.line.GetIpv4(1)->SetDown(2); });
        Simulator::Run();
        const NodeCores& cores = *tunnel.GetRouting(1)->GetCores();
        uint64_t nFlushed = 0;
        for (CpuId cpu = 0; cpu < 4; ++cpu)
        {
            const CacheWork& work = cores.GetWork(cpu).cache;
            const BundleWork& bundle = cores.GetWork(cpu).bundle;
            NS_TEST_EXPECT_MSG_GT(bundle.nBundles, 0, "chains built by core " << cpu);
            NS_TEST_EXPECT_MSG_EQ(work.nFlushed, bundle.nBundles, "flushed by core " << cpu);
            nFlushed += work.nFlushed;
        }
        NS_TEST_EXPECT_MSG_EQ(nFlushed, 16, "flushed in all");
    }

    void DoRun() override
    {
        CheckGc();
        CheckFlush();
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A routing protocol may keep packets and answer when no job is about them.
 */
class CoreLateAnswerTestCase : public TestCase
{
  public:
    CoreLateAnswerTestCase()
        : TestCase("late answers of a routing protocol are worked on by core 0")
    {
    }

  private:
    void DoRun() override
    {
        const Line line({.installed = Installed::Nothing});
        const auto ipv4 = line.GetIpv4(1);
        const auto late = CreateObject<LateRouting>();
        ipv4->SetRoutingProtocol(late);
        late->AddNetworkRouteTo("10.2.0.0", Ipv4Mask("255.255.255.0"), "10.9.0.2", 2);
        const auto routing = InstallCores(line.nodes.Get(1), MakeFreeCores());
        uint32_t nRefused = 0;
        ipv4->TraceConnectWithoutContext("Drop",
                                         Callback<void,
                                                  const Ipv4Header&,
                                                  Ptr<const Packet>,
                                                  Ipv4L3Protocol::DropReason,
                                                  Ptr<Ipv4>,
                                                  uint32_t>([&](const Ipv4Header& /*header*/,
                                                                const Ptr<const Packet>& /*packet*/,
                                                                Ipv4L3Protocol::DropReason reason,
                                                                const Ptr<Ipv4>& /*node*/,
                                                                uint32_t /*interface*/) {
                                             nRefused +=
                                                 reason == Ipv4L3Protocol::DROP_ROUTE_ERROR ? 1 : 0;
                                         }));
        const Sink far(line.nodes.Get(3));
        const Sink near(line.nodes.Get(1));
        Flows forwarded(line.nodes.Get(0), Line::K, 4);
        forwarded.Send(Seconds(1));
        Flows delivered(line.nodes.Get(0), "10.1.0.1", 3);
        delivered.Send(Seconds(2));
        Flows refused(line.nodes.Get(0), "10.77.0.1", 2);
        refused.Send(Seconds(3));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(far.GetReceived(), 4, "forwarded");
        NS_TEST_EXPECT_MSG_EQ(near.GetReceived(), 3, "delivered");
        NS_TEST_EXPECT_MSG_EQ(nRefused, 2, "refused");
        NS_TEST_EXPECT_MSG_EQ(routing->GetCores()->GetCounts().nKept, 9, "kept");
        NS_TEST_EXPECT_MSG_EQ(routing->GetWork().packet.nForwarded, 4, "work of forwarding");
        NS_TEST_EXPECT_MSG_EQ(routing->GetWork().packet.nDelivered, 3, "work of delivery");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A simulation may end while packets wait.
 */
class CoreDisposeTestCase : public TestCase
{
  public:
    CoreDisposeTestCase()
        : TestCase("waiting jobs go with their node")
    {
    }

  private:
    void DoRun() override
    {
        const TunnelLine tunnel(Mode::Tunnel,
                                "gcm128",
                                {.installed = Installed::Gateways},
                                TunnelLine::Watch::Nothing);
        const auto& cores = *tunnel.GetRouting(1)->GetCores();
        for (uint32_t i = 0; i < 100; ++i) // from A itself, so that no link paces them
        {
            Simulator::Schedule(Seconds(1), [&] {
                tunnel.line.nodes.Get(1)->GetObject<Ipv4L3Protocol>()->Send(Create<Packet>(100),
                                                                            "10.1.0.1",
                                                                            Line::K,
                                                                            PROTO_UDP,
                                                                            nullptr);
            });
        }
        Simulator::Stop(Seconds(1) + MicroSeconds(20));
        Simulator::Run();
        size_t nWaiting = 0;
        for (CpuId cpu = 0; cpu < 4; ++cpu)
        {
            nWaiting += cores.GetSet().GetWaiting(cpu);
        }
        NS_TEST_EXPECT_MSG_GT(nWaiting, 50, "packets that wait");
        Simulator::Destroy(); // the sanitizers look on
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of which core does what, and when.
 */
class CorePlacementTestSuite : public TestSuite
{
  public:
    CorePlacementTestSuite()
        : TestSuite("xfrm-core-placement", UNIT)
    {
        AddTestCase(new CorePlacementTestCase, TestCase::QUICK);
        AddTestCase(new CoreLoopbackTestCase, TestCase::QUICK);
        AddTestCase(new CoreMulticastTestCase, TestCase::QUICK);
        AddTestCase(new CoreWorkTestCase, TestCase::QUICK);
        AddTestCase(new CoreLateAnswerTestCase, TestCase::QUICK);
        AddTestCase(new CoreDisposeTestCase, TestCase::QUICK);
    }
};

static CorePlacementTestSuite g_corePlacementTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
