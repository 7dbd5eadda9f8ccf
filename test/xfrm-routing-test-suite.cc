/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-line.h"

#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/ipv4-global-routing.h"
#include "ns3/ipv4-list-routing-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/test.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/xfrm-helper.h"
#include "ns3/xfrm-net-device.h"
#include "ns3/xfrm-routing-helper.h"

#include <algorithm>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return what the IP layers did when UDP, TCP and ping crossed a line
std::vector<std::string>
TraceTraffic(Line::Link link, Installed installed)
{
    Line line({.link = link, .installed = installed});
    line.AddTraffic();
    const IpTrace trace(line.nodes);
    line.Run(4);
    return trace.GetLines();
}

/// A routing protocol that knows no routes and counts what it is told.
class CountingRouting : public Ipv4RoutingProtocol
{
  public:
    Ptr<Ipv4Route> RouteOutput(Ptr<Packet> /*p*/,
                               const Ipv4Header& /*header*/,
                               Ptr<NetDevice> /*oif*/,
                               Socket::SocketErrno& /*sockerr*/) override
    {
        auto route = Create<Ipv4Route>();
        route->SetOutputDevice(device);
        return route;
    }

    bool RouteInput(Ptr<const Packet> /*p*/,
                    const Ipv4Header& /*header*/,
                    Ptr<const NetDevice> /*idev*/,
                    RouteInputArgument<3> /*ucb*/,
                    RouteInputArgument<4> /*mcb*/,
                    RouteInputArgument<5> /*lcb*/,
                    RouteInputArgument<6> /*ecb*/) override
    {
        return false;
    }

    void NotifyInterfaceUp(uint32_t /*interface*/) override
    {
        ++nUp;
    }

    void NotifyInterfaceDown(uint32_t /*interface*/) override
    {
        ++nDown;
    }

    void NotifyAddAddress(uint32_t /*interface*/, Ipv4InterfaceAddress /*address*/) override
    {
        ++nAdded;
    }

    void NotifyRemoveAddress(uint32_t /*interface*/, Ipv4InterfaceAddress /*address*/) override
    {
        ++nRemoved;
    }

    void SetIpv4(Ptr<Ipv4> /*ipv4*/) override
    {
        ++nAttached;
    }

    void PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit unit) const override
    {
    }

    Ptr<NetDevice> device;    //!< what its routes lead to
    uint32_t nUp{0};          //!< interfaces that went up
    uint32_t nDown{0};        //!< interfaces that went down
    uint32_t nAdded{0};       //!< addresses that were added
    uint32_t nRemoved{0};     //!< addresses that were removed
    uint32_t nAttached{0};    //!< calls of SetIpv4()
    uint32_t nInitialized{0}; //!< calls of DoInitialize()

  protected:
    void DoInitialize() override
    {
        ++nInitialized;
    }
};

/// @return a node with an IP stack, routed by a list that holds nothing but what is given
Ptr<Node>
MakeNode(const Ptr<Ipv4RoutingProtocol>& protocol)
{
    auto node = CreateObject<Node>();
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(node);
    node->GetObject<Ipv4>()->SetRoutingProtocol(protocol);
    return node;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief The module, with nothing configured, on every node of a line.
 *
 * Nothing is decided on and nothing diverted, so every packet is seen by every IP layer at the same
 * time with the same header as without the module.
 */
class EmptyTraceTestCase : public TestCase
{
  public:
    /// @param link what the links are @param name its name
    EmptyTraceTestCase(Line::Link link, const std::string& name)
        : TestCase("nothing configured, " + name + ": the packet trace is plain ns-3's"),
          m_link(link)
    {
    }

  private:
    void DoRun() override
    {
        const auto plain = TraceTraffic(m_link, Installed::Nothing);
        const auto empty = TraceTraffic(m_link, Installed::Empty);
        NS_TEST_ASSERT_MSG_GT(plain.size(), 2000, "the traffic is not worth the name");
        NS_TEST_ASSERT_MSG_EQ(empty.size(), plain.size(), "events");
        const auto [a, b] = std::mismatch(plain.begin(), plain.end(), empty.begin());
        NS_TEST_ASSERT_MSG_EQ((a == plain.end()), true, *a << "\nbecame\n" << *b);
    }

    Line::Link m_link; //!< what the links are
};

/**
 * @ingroup xfrm-tests
 * @brief A hook decides on every packet of every node, and lets it through.
 *
 * Diverting takes no simulated time, and the diverted packet leaves by its real route with its
 * header: but for the pseudo interface the trace is the plain one.  The echoes are fragmented
 * by their sender, at the MTU of the real device.
 */
class DivertedTraceTestCase : public TestCase
{
  public:
    /// @param link what the links are @param name its name
    DivertedTraceTestCase(Line::Link link, const std::string& name)
        : TestCase("everything diverted, " + name + ": the packet trace is plain ns-3's"),
          m_link(link)
    {
    }

  private:
    void DoRun() override
    {
        const auto plain = TraceTraffic(m_link, Installed::Nothing);
        PassingHook::Total() = {};
        const auto diverted = TraceTraffic(m_link, Installed::PassingHook);
        NS_TEST_EXPECT_MSG_GT(PassingHook::Total().nLocal, 200, "packets of the hosts");
        NS_TEST_EXPECT_MSG_GT(PassingHook::Total().nForwarded, 400, "packets forwarded");
        NS_TEST_ASSERT_MSG_EQ(diverted.size(), plain.size(), "events");
        const auto [a, b] = std::mismatch(plain.begin(), plain.end(), diverted.begin());
        NS_TEST_ASSERT_MSG_EQ((a == plain.end()), true, *a << "\nbecame\n" << *b);
    }

    Line::Link m_link; //!< what the links are
};

/**
 * @ingroup xfrm-tests
 * @brief What looks for a routing protocol by its class finds that of the wrapped list.
 *
 * InternetStackHelper makes a list of static routing (priority 0) and global routing (-10).
 */
class MembersTestCase : public TestCase
{
  public:
    MembersTestCase()
        : TestCase("the members of the wrapped list are shown, and added to")
    {
    }

  private:
    void DoRun() override
    {
        const Line line({.installed = Installed::Empty});
        const auto ipv4 = line.GetIpv4(1);
        const auto routing = XfrmHelper::GetRouting(line.nodes.Get(1));
        NS_TEST_ASSERT_MSG_EQ(routing->GetNRoutingProtocols(), 2, "static and global");
        NS_TEST_EXPECT_MSG_NE(Ipv4StaticRoutingHelper().GetStaticRouting(ipv4), nullptr, "static");
        NS_TEST_EXPECT_MSG_NE(
            Ipv4RoutingHelper::GetRouting<Ipv4GlobalRouting>(ipv4->GetRoutingProtocol()),
            nullptr,
            "global");
        auto added = CreateObject<CountingRouting>();
        routing->AddRoutingProtocol(added, 5);
        NS_TEST_EXPECT_MSG_EQ(routing->GetNRoutingProtocols(), 3, "and the new one");
        int16_t priority = 0;
        const auto first = routing->GetRoutingProtocol(0, priority);
        NS_TEST_EXPECT_MSG_EQ((first == added), true, "the highest priority comes first");
        NS_TEST_EXPECT_MSG_EQ(priority, 5, "its priority");
        NS_TEST_EXPECT_MSG_EQ(added->nAttached, 1, "the list tells it its Ipv4");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A protocol that is no list is shown as the one member.
 */
class OneMemberTestCase : public TestCase
{
  public:
    OneMemberTestCase()
        : TestCase(
              "a wrapped protocol that is no list is the one member, and is told everything once")
    {
    }

  private:
    void DoRun() override
    {
        auto wrapped = CreateObject<CountingRouting>();
        const auto node = MakeNode(wrapped);
        const auto routing = XfrmHelper().Install(node);
        int16_t priority = -1;
        NS_TEST_ASSERT_MSG_EQ(routing->GetNRoutingProtocols(), 1, "one");
        const auto member = routing->GetRoutingProtocol(0, priority);
        NS_TEST_EXPECT_MSG_EQ((member == wrapped), true, "the wrapped one");
        NS_TEST_EXPECT_MSG_EQ(priority, 0, "its priority");
        NS_TEST_EXPECT_MSG_EQ(wrapped->nAttached, 1, "it had its Ipv4 before");
        routing->Initialize();
        NS_TEST_EXPECT_MSG_EQ(wrapped->nInitialized, 1, "and is initialized with us");
        Simulator::Destroy();
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Notifications reach the wrapped protocol, except those of the pseudo interface.
 *
 * A packet is routed while a hook wants it: that makes the pseudo interface, the second after
 * loopback, with its address.  The node's own events are told: taking loopback down and up, adding
 * and removing an address.
 */
class NotificationTestCase : public TestCase
{
  public:
    NotificationTestCase()
        : TestCase("the wrapped protocol is told about all interfaces but the pseudo one")
    {
    }

  private:
    void DoRun() override
    {
        auto wrapped = CreateObject<CountingRouting>();
        const auto node = MakeNode(wrapped);
        Install(NodeContainer(node), Installed::PassingHook);
        const auto ipv4 = node->GetObject<Ipv4>();
        wrapped->device = ipv4->GetNetDevice(0);
        Ipv4Header header;
        header.SetDestination("10.0.0.1");
        Socket::SocketErrno error;
        const auto plain = ipv4->GetRoutingProtocol()->RouteOutput(nullptr, header, {}, error);
        NS_TEST_EXPECT_MSG_EQ((plain->GetOutputDevice() == wrapped->device), true, "a question");
        NS_TEST_ASSERT_MSG_EQ(ipv4->GetNInterfaces(), 1, "no pseudo interface before it is needed");
        const auto route =
            ipv4->GetRoutingProtocol()->RouteOutput(Create<Packet>(1), header, {}, error);
        NS_TEST_ASSERT_MSG_EQ(ipv4->GetNInterfaces(), 2, "the pseudo interface");
        const auto device = DynamicCast<XfrmNetDevice>(route->GetOutputDevice());
        NS_TEST_ASSERT_MSG_NE(device, nullptr, "the packet is diverted");
        NS_TEST_EXPECT_MSG_EQ(device->GetMtu(), 65535, "no packet is cut");
        NS_TEST_EXPECT_MSG_EQ(ipv4->IsForwarding(1), false, "global routing stays away");
        ipv4->SetDown(1);
        NS_TEST_EXPECT_MSG_EQ(wrapped->nUp + wrapped->nDown + wrapped->nAdded, 0, "untold");
        ipv4->SetDown(0);
        ipv4->SetUp(0);
        ipv4->AddAddress(0, {"10.0.0.2", "255.0.0.0"});
        ipv4->RemoveAddress(0, 1);
        NS_TEST_EXPECT_MSG_EQ(wrapped->nDown, 1, "loopback down");
        NS_TEST_EXPECT_MSG_EQ(wrapped->nUp, 1, "loopback up");
        NS_TEST_EXPECT_MSG_EQ(wrapped->nAdded, 1, "address added");
        NS_TEST_EXPECT_MSG_EQ(wrapped->nRemoved, 1, "address removed");
        Simulator::Destroy();
    }
};

/**
 * @ingroup xfrm-tests
 * @brief XfrmRoutingHelper around the usual list, given to InternetStackHelper.
 */
class RoutingHelperTestCase : public TestCase
{
  public:
    RoutingHelperTestCase()
        : TestCase("installed with the IP stack, it routes as the wrapped list does")
    {
    }

  private:
    void DoRun() override
    {
        Ipv4ListRoutingHelper list;
        list.Add(Ipv4StaticRoutingHelper(), 0);
        list.Add(Ipv4GlobalRoutingHelper(), -10);
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.SetRoutingHelper(XfrmRoutingHelper(list));
        const auto node = CreateObject<Node>();
        stack.Install(node);
        const auto routing = XfrmHelper::GetRouting(node);
        NS_TEST_ASSERT_MSG_NE(routing, nullptr, "it is the node's routing protocol");
        NS_TEST_EXPECT_MSG_EQ(routing->GetNRoutingProtocols(), 2, "static and global");
        const auto ipv4 = node->GetObject<Ipv4>();
        Ipv4Header header;
        header.SetDestination("127.0.0.1");
        Socket::SocketErrno error;
        const auto route = ipv4->GetRoutingProtocol()->RouteOutput(nullptr, header, {}, error);
        NS_TEST_ASSERT_MSG_NE(route, nullptr, "static routing knows loopback");
        Simulator::Destroy();
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Global routes, computed before and again while pseudo interfaces exist.
 *
 * A has two networks of its own and K's: three routes by global routing of plain ns-3, which are
 * found again after the first packets have made the pseudo interfaces.
 */
class GlobalRoutingTestCase : public TestCase
{
  public:
    GlobalRoutingTestCase()
        : TestCase("global routing computes the same routes beside the pseudo interface")
    {
    }

  private:
    static std::vector<uint32_t> CountRoutes(const Line& line)
    {
        std::vector<uint32_t> counts;
        for (uint32_t i = 0; i < 4; ++i)
        {
            counts.push_back(Ipv4RoutingHelper::GetRouting<Ipv4GlobalRouting>(
                                 line.GetIpv4(i)->GetRoutingProtocol())
                                 ->GetNRoutes());
        }
        return counts;
    }

    void DoRun() override
    {
        std::vector<uint32_t> plain;
        {
            const Line line({.routes = Line::Routes::Global});
            plain = CountRoutes(line);
        }
        Line line({.routes = Line::Routes::Global, .installed = Installed::PassingHook});
        NS_TEST_EXPECT_MSG_EQ((CountRoutes(line) == plain), true, "before the first packet");
        line.AddTraffic();
        const IpTrace trace(line.nodes);
        line.Run(2);
        NS_TEST_EXPECT_MSG_GT(trace.Count("10.2.0.2 LocalDeliver"), 100, "packets reach K");
        NS_TEST_EXPECT_MSG_EQ(line.GetIpv4(0)->GetNInterfaces(), 3, "H has a pseudo interface");
        Ipv4GlobalRoutingHelper::RecomputeRoutingTables();
        NS_TEST_EXPECT_MSG_EQ((CountRoutes(line) == plain), true, "after the first packets");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Broadcasts that ns-3 sends by every interface, next to a pseudo interface.
 *
 * A socket of A broadcasts once: a copy for each interface whose address isn't loopback's, so
 * one to H and one to B.  A broadcast without a source goes by all interfaces, loopback and the
 * pseudo one included; what comes to the latter has no route and is gone.  Neither is decided on.
 */
class BroadcastTestCase : public TestCase
{
  public:
    BroadcastTestCase()
        : TestCase("broadcasts leave by the real interfaces, once each")
    {
    }

  private:
    void DoRun() override
    {
        Line line({.link = Line::Link::Csma, .installed = Installed::PassingHook});
        const auto socket = Socket::CreateSocket(line.nodes.Get(1), UdpSocketFactory::GetTypeId());
        socket->Bind();
        line.Run(0.5);
        NS_TEST_ASSERT_MSG_EQ(line.GetIpv4(1)->GetNInterfaces(), 4, "A has a pseudo interface");
        socket->SetAllowBroadcast(true);
        PassingHook::Total() = {};
        IpTrace trace(line.nodes);
        Simulator::Schedule(Seconds(1), [&] {
            socket->SendTo(Create<Packet>(20),
                           0,
                           InetSocketAddress(Ipv4Address::GetBroadcast(), 9));
            line.GetIpv4(1)->Send(Create<Packet>(30),
                                  Ipv4Address::GetAny(),
                                  Ipv4Address::GetBroadcast(),
                                  253,
                                  nullptr);
        });
        Simulator::Schedule(Seconds(2), [&] {
            // To a subnet: this one asks the routing protocol.
            socket->SendTo(Create<Packet>(40), 0, InetSocketAddress("10.1.0.255", 9));
        });
        line.Run(2.5);
        NS_TEST_EXPECT_MSG_EQ(PassingHook::Total().nLocal, 0, "decided on");
        NS_TEST_EXPECT_MSG_EQ(trace.Count("10.1.0.1 Tx 1"), 3, "from A to H");
        NS_TEST_EXPECT_MSG_EQ(trace.Count("10.1.0.1 Tx 2"), 2, "from A to B");
        NS_TEST_EXPECT_MSG_EQ(trace.Count("10.1.0.2 LocalDeliver"), 3, "at H");
        NS_TEST_EXPECT_MSG_EQ(trace.Count("10.9.0.2 LocalDeliver"), 2, "at B");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A datagram with TTL 2 from H to K: A leaves it 1, B answers.
 *
 * The answer of B comes from its address on the link to A and is seen seven times: B sends it, A
 * receives, forwards and sends it, H receives and takes it: SendOutgoing and Tx of B, Rx,
 * UnicastForward and Tx of A, Rx and LocalDeliver of H.
 */
class TimeExceededTestCase : public TestCase
{
  public:
    TimeExceededTestCase()
        : TestCase("Time Exceeded comes from the hop at which the TTL ends")
    {
    }

  private:
    void DoRun() override
    {
        Line line({.installed = Installed::PassingHook});
        const auto socket = Socket::CreateSocket(line.nodes.Get(0), UdpSocketFactory::GetTypeId());
        socket->SetIpTtl(2);
        const IpTrace trace(line.nodes);
        Simulator::Schedule(Seconds(0.5), [&] {
            socket->SendTo(Create<Packet>(100), 0, InetSocketAddress(Line::K, 9));
        });
        line.Run(1);
        NS_TEST_EXPECT_MSG_EQ(trace.Count("10.1.0.2 LocalDeliver"), 1, "one answer for H");
        NS_TEST_EXPECT_MSG_EQ(trace.Count("10.9.0.2 > 10.1.0.2"), 7, "from B to A to H");
        NS_TEST_EXPECT_MSG_EQ(trace.Count(" 10.2.0.2 Rx"), 0, "nothing reaches K");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Routing without Simulator::Run() in some, over a simulated network in most.
 */
class XfrmRoutingTestSuite : public TestSuite
{
  public:
    XfrmRoutingTestSuite()
        : TestSuite("xfrm-routing", SYSTEM)
    {
        AddTestCase(new EmptyTraceTestCase(Line::Link::PointToPoint, "point to point"),
                    TestCase::QUICK);
        AddTestCase(new EmptyTraceTestCase(Line::Link::Csma, "CSMA"), TestCase::QUICK);
        AddTestCase(new DivertedTraceTestCase(Line::Link::PointToPoint, "point to point"),
                    TestCase::QUICK);
        AddTestCase(new DivertedTraceTestCase(Line::Link::Csma, "CSMA"), TestCase::QUICK);
        AddTestCase(new MembersTestCase, TestCase::QUICK);
        AddTestCase(new OneMemberTestCase, TestCase::QUICK);
        AddTestCase(new NotificationTestCase, TestCase::QUICK);
        AddTestCase(new RoutingHelperTestCase, TestCase::QUICK);
        AddTestCase(new GlobalRoutingTestCase, TestCase::QUICK);
        AddTestCase(new BroadcastTestCase, TestCase::QUICK);
        AddTestCase(new TimeExceededTestCase, TestCase::QUICK);
    }
};

static XfrmRoutingTestSuite g_xfrmRoutingTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
