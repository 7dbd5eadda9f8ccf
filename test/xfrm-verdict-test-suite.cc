/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-tunnel.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return a policy of direction Out for UDP of A to B that blocks
PolicyConfig
MakeBlockingPolicy(Direction direction = Direction::Out)
{
    PolicyConfig config;
    config.direction = direction;
    config.action = PolicyAction::Block;
    config.selector.proto = PROTO_UDP;
    return config;
}

/// @return a state like the recorded ones but with another key
StateConfig
MakeOtherKey()
{
    StateConfig config = MakeRecordedState("10.9.0.1", "10.9.0.2", 0x1001, Mode::Tunnel, "gcm128");
    config.aead->key[0] ^= 1;
    return config;
}

/// @param text verdicts or drops @return them in one line
std::string
Join(const std::vector<std::string>& text)
{
    std::string line;
    for (const std::string& each : text)
    {
        line += (line.empty() ? "" : " ") + each;
    }
    return line;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief What a sender on the gateway learns, and what becomes of its packets (R4, R5, R8, R22b).
 *
 * A block is EPERM; without a state the packet goes into a blackhole and the sender sees success;
 * with larval_drop off packets are held, and dropped when the first timer finds no state (R84); a
 * transport chain is success.
 */
class SendVerdictTestCase : public TestCase
{
  public:
    SendVerdictTestCase()
        : TestCase("a sender gets the verdict that the kernel's sendto would return")
    {
    }

  private:
    void Expect(const std::string& name,
                const std::function<void(TunnelLine&)>& change,
                const std::string& verdicts,
                const std::string& drops,
                const std::string& counters)
    {
        TunnelLine tunnel(Mode::Transport);
        change(tunnel);
        tunnel.SendUdp(1, 2, {10, 20});
        NS_TEST_EXPECT_MSG_EQ(Join(tunnel.told.verdicts), verdicts, name);
        NS_TEST_EXPECT_MSG_EQ(Join(tunnel.told.drops), drops, name);
        NS_TEST_EXPECT_MSG_EQ(tunnel.GetCounters(1), counters, name);
        NS_TEST_EXPECT_MSG_EQ(tunnel.received.size(), (drops.empty() ? 2 : 0), name);
        NS_TEST_EXPECT_MSG_EQ(tunnel.onWire.size(), (drops.empty() ? 2 : 0), name);
    }

    void DoRun() override
    {
        Expect(
            "a chain",
            [](TunnelLine&) {},
            "ok ok",
            "",
            "");
        Expect(
            "block",
            [](TunnelLine& tunnel) {
                Namespace& net = tunnel.GetRouting(1)->GetNamespace();
                net.FlushPolicies(PolicyType::Main);
                net.AddPolicy(MakeBlockingPolicy(), false, Time(0));
            },
            "EPERM EPERM",
            "XfrmOutPolBlock XfrmOutPolBlock",
            "XfrmOutPolBlock=2");
        Expect(
            "no state",
            [](TunnelLine& tunnel) { tunnel.GetRouting(1)->GetNamespace().FlushStates(PROTO_ANY); },
            "ok ok",
            "blackhole blackhole",
            "XfrmOutNoStates=2");
        Expect(
            "no state, larval_drop off",
            [](TunnelLine& tunnel) {
                tunnel.GetRouting(1)->GetNamespace().FlushStates(PROTO_ANY);
                tunnel.GetRouting(1)->SetAttribute("LarvalDrop", BooleanValue(false));
            },
            "ok ok",
            "held: EAGAIN held: EAGAIN",
            "XfrmOutNoStates=1");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Raw sockets learn the verdict from their send, since what they send is whole when it is
 * routed; it is decided on once.
 */
class RawSocketTestCase : public TestCase
{
  public:
    RawSocketTestCase()
        : TestCase("a raw socket is refused what a policy blocks")
    {
    }

  private:
    static constexpr uint8_t OSPF{89}; //!< a protocol without ports

    int Send(const TunnelLine& tunnel)
    {
        const auto socket =
            Socket::CreateSocket(tunnel.line.nodes.Get(1), Ipv4RawSocketFactory::GetTypeId());
        socket->SetAttribute("Protocol", UintegerValue(OSPF));
        int sent = 0;
        Simulator::Schedule(Seconds(1), [&] {
            sent = socket->SendTo(Create<Packet>(10), 0, InetSocketAddress("10.9.0.2", 0));
        });
        Simulator::Run();
        return sent;
    }

    void CheckAllowed()
    {
        const TunnelLine tunnel(Mode::Transport);
        NS_TEST_EXPECT_MSG_EQ(Send(tunnel), 10, "allowed");
        NS_TEST_EXPECT_MSG_EQ(tunnel.GetRouting(1)->GetWork().nOutputLookups, 1, "decisions");
        NS_TEST_EXPECT_MSG_EQ(Join(tunnel.told.verdicts), "ok", "verdict");
    }

    void CheckBlocked()
    {
        const TunnelLine tunnel(Mode::Transport);
        PolicyConfig block = MakeBlockingPolicy();
        block.selector.proto = OSPF;
        tunnel.GetRouting(1)->GetNamespace().AddPolicy(block, false, Time(0));
        NS_TEST_EXPECT_MSG_EQ(Send(tunnel), -1, "blocked");
        NS_TEST_EXPECT_MSG_EQ(tunnel.GetRouting(1)->GetWork().nOutputLookups, 1, "decisions");
        NS_TEST_EXPECT_MSG_EQ(Join(tunnel.told.verdicts), "EPERM", "verdict");
        NS_TEST_EXPECT_MSG_EQ(tunnel.GetCounters(1), "XfrmOutPolBlock=1", "counters");
    }

    void DoRun() override
    {
        CheckAllowed();
        CheckBlocked();
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Connected sockets keep their chains (R74; C11, C28, C63): one lookup, not one a packet.
 *
 * A policy that is inserted makes the kept chain stale (R113), and the next packet looks up again.
 * Without the attribute, and for unconnected sockets, each packet does.
 */
class SocketCacheTestCase : public TestCase
{
  public:
    SocketCacheTestCase()
        : TestCase("a connected socket looks up once, until a policy comes")
    {
    }

  private:
    uint64_t CountLookups(bool isConnected, bool insertsPolicy, bool useCache)
    {
        Config::SetDefault("ns3::XfrmRouting::SocketCache", BooleanValue(useCache));
        TunnelLine tunnel(Mode::Transport);
        Config::SetDefault("ns3::XfrmRouting::SocketCache", BooleanValue(true));
        const Ptr<XfrmRouting> routing = tunnel.GetRouting(1);
        if (insertsPolicy)
        {
            Simulator::Schedule(MicroSeconds(1001500), [routing] {
                PolicyConfig other = MakeBlockingPolicy();
                other.selector.proto = PROTO_TCP;
                routing->GetNamespace().AddPolicy(other, false, Simulator::Now());
            });
        }
        uint64_t nCreated = 0;
        routing->m_bundleTrace.ConnectWithoutContext(Callback<void, Ptr<const Bundle>, uint32_t>(
            [&](const Ptr<const Bundle>&, uint32_t) { ++nCreated; }));
        tunnel.SendUdp(1, 2, {10, 10, 10, 10}, [&](const Ptr<Socket>& socket) {
            if (isConnected)
            {
                socket->Connect(InetSocketAddress("10.9.0.2", 6000));
            }
        });
        NS_TEST_EXPECT_MSG_EQ(tunnel.received.size(), 4, "all arrive");
        NS_TEST_EXPECT_MSG_EQ(nCreated, routing->GetWork().bundle.nBundles, "chains told of");
        return routing->GetWork().nOutputLookups;
    }

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(CountLookups(true, false, true), 1, "connected");
        NS_TEST_EXPECT_MSG_EQ(CountLookups(true, true, true), 2, "a policy comes");
        NS_TEST_EXPECT_MSG_EQ(CountLookups(false, false, true), 4, "not connected");
        NS_TEST_EXPECT_MSG_EQ(CountLookups(true, false, false), 4, "switched off");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What the receiving gateway drops, with its counters (R244, R252, R258, R261 to R266,
 * R274).
 */
class ReceiveDropTestCase : public TestCase
{
  public:
    ReceiveDropTestCase()
        : TestCase("the receiving gateway drops what it must not let through")
    {
    }

  private:
    void Expect(const std::string& name,
                const std::function<void(TunnelLine&)>& change,
                const std::string& counters)
    {
        TunnelLine tunnel;
        change(tunnel);
        tunnel.SendUdp(0, 3, {100});
        NS_TEST_EXPECT_MSG_EQ(tunnel.onWire.size(), 1, name << ": A sends it");
        NS_TEST_EXPECT_MSG_EQ(tunnel.GetCounters(2), counters, name);
        NS_TEST_EXPECT_MSG_EQ(tunnel.received.size(), (counters.empty() ? 1 : 0), name);
    }

    void DoRun() override
    {
        const auto net = [](const TunnelLine& tunnel) -> Namespace& {
            return tunnel.GetRouting(2)->GetNamespace();
        };
        const auto replaceForward = [&](TunnelLine& tunnel,
                                        const std::function<void(PolicyConfig&)>& change) {
            net(tunnel).FlushPolicies(PolicyType::Main);
            PolicyConfig config;
            config.direction = Direction::Forward;
            change(config);
            net(tunnel).AddPolicy(config, false, Time(0));
        };
        Expect(
            "nothing",
            [](TunnelLine&) {},
            "");
        Expect(
            "no state",
            [&](TunnelLine& t) { net(t).FlushStates(PROTO_ANY); },
            "XfrmInNoStates=1");
        Expect(
            "another key",
            [&](TunnelLine& t) {
                net(t).FlushStates(PROTO_ANY);
                net(t).AddState(MakeOtherKey(), Time(0));
            },
            "XfrmInStateProtoError=1");
        Expect(
            "no policy",
            [&](TunnelLine& t) { net(t).FlushPolicies(PolicyType::Main); },
            "XfrmInNoPols=1");
        Expect(
            "a policy that blocks",
            [&](TunnelLine& t) {
                replaceForward(t, [](PolicyConfig& c) { c.action = PolicyAction::Block; });
            },
            "XfrmInPolBlock=1");
        Expect(
            "a policy without templates",
            [&](TunnelLine& t) { replaceForward(t, [](PolicyConfig&) {}); },
            "XfrmInTmplMismatch=1");
        Expect(
            "an exempt device",
            [&](TunnelLine& t) {
                replaceForward(t, [](PolicyConfig&) {});
                const auto ipv4 = t.line.nodes.Get(2)->GetObject<Ipv4L3Protocol>();
                t.GetRouting(2)->SetDisablePolicy(ipv4->GetNetDevice(1), true);
            },
            "");
        Expect(
            "a state for other flows",
            [&](TunnelLine& t) {
                net(t).FlushStates(PROTO_ANY);
                StateConfig narrow =
                    MakeRecordedState("10.9.0.1", "10.9.0.2", 0x1001, Mode::Tunnel, "gcm128");
                narrow.selector.source = Ipv4Address("192.0.2.1");
                narrow.selector.sourcePrefix = 32;
                net(t).AddState(narrow, Time(0));
            },
            "XfrmInStateMismatch=1");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The way in to this host (R260, R262, R267, C45): a packet in clear against a policy.
 */
class DeliveryCheckTestCase : public TestCase
{
  public:
    DeliveryCheckTestCase()
        : TestCase("packets in clear are checked before they are delivered")
    {
    }

  private:
    void Expect(const std::string& name,
                const std::function<void(TunnelLine&)>& change,
                const std::string& counters)
    {
        TunnelLine tunnel;
        tunnel.GetRouting(1)->GetNamespace().FlushPolicies(PolicyType::Main);
        tunnel.GetRouting(2)->GetNamespace().FlushPolicies(PolicyType::Main);
        change(tunnel);
        tunnel.SendUdp(1, 2, {100});
        NS_TEST_EXPECT_MSG_EQ(tunnel.GetCounters(2), counters, name);
        NS_TEST_EXPECT_MSG_EQ(tunnel.received.size(), (counters.empty() ? 1 : 0), name);
    }

    static void AddIn(TunnelLine& tunnel, const std::function<void(PolicyConfig&)>& change)
    {
        PolicyConfig config;
        config.direction = Direction::In;
        change(config);
        tunnel.GetRouting(2)->GetNamespace().AddPolicy(config, false, Time(0));
    }

    void DoRun() override
    {
        Expect(
            "no policy",
            [](TunnelLine&) {},
            "");
        Expect(
            "block",
            [](TunnelLine& t) {
                AddIn(t, [](PolicyConfig& c) { c.action = PolicyAction::Block; });
            },
            "XfrmInPolBlock=1");
        Expect(
            "required template",
            [](TunnelLine& t) { AddIn(t, [](PolicyConfig& c) { c.templates = {Template()}; }); },
            "XfrmInTmplMismatch=1");
        Expect(
            "required template, exempt device",
            [](TunnelLine& t) {
                AddIn(t, [](PolicyConfig& c) { c.templates = {Template()}; });
                const auto ipv4 = t.line.nodes.Get(2)->GetObject<Ipv4L3Protocol>();
                t.GetRouting(2)->SetDisablePolicy(ipv4->GetNetDevice(1), true);
            },
            "");
        Expect(
            "ports of another flow",
            [](TunnelLine& t) {
                AddIn(t, [](PolicyConfig& c) {
                    c.action = PolicyAction::Block;
                    c.selector.destinationPort = 7000;
                    c.selector.destinationPortMask = 0xffff;
                });
            },
            "");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A device whose routes are exempt from output policies (R14), and a selector's device
 * (R101).
 *
 * A's device towards B is Ipv4's interface 2, so 3 in selectors.
 */
class DeviceTestCase : public TestCase
{
  public:
    DeviceTestCase()
        : TestCase("devices can be exempt, and selectors can name them")
    {
    }

  private:
    void DoRun() override
    {
        for (const int32_t index : {2, 3})
        {
            TunnelLine tunnel;
            Namespace& net = tunnel.GetRouting(1)->GetNamespace();
            net.FlushPolicies(PolicyType::Main);
            PolicyConfig block = MakeBlockingPolicy();
            block.selector.ifindex = index;
            net.AddPolicy(block, false, Time(0));
            const auto ipv4 = tunnel.line.nodes.Get(1)->GetObject<Ipv4L3Protocol>();
            NS_TEST_EXPECT_MSG_EQ(tunnel.GetRouting(1)->GetDeviceIndex(ipv4->GetNetDevice(2)),
                                  3,
                                  "index");
            tunnel.SendUdp(1, 2, {100});
            NS_TEST_EXPECT_MSG_EQ(Join(tunnel.told.verdicts),
                                  (index == 3 ? "EPERM" : "ok"),
                                  "device " << index);
        }
        TunnelLine exempt(Mode::Transport);
        const auto ipv4 = exempt.line.nodes.Get(1)->GetObject<Ipv4L3Protocol>();
        exempt.GetRouting(1)->SetDisableXfrm(ipv4->GetNetDevice(2), true);
        exempt.SendUdp(1, 2, {100});
        NS_TEST_ASSERT_MSG_EQ(exempt.onWire.size(), 1, "sent");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(exempt.onWire[0].header.GetProtocol()),
                              PROTO_UDP,
                              "in clear");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of what senders learn and what receivers drop.
 */
class VerdictTestSuite : public TestSuite
{
  public:
    VerdictTestSuite()
        : TestSuite("xfrm-verdict", SYSTEM)
    {
        AddTestCase(new SendVerdictTestCase, TestCase::QUICK);
        AddTestCase(new RawSocketTestCase, TestCase::QUICK);
        AddTestCase(new SocketCacheTestCase, TestCase::QUICK);
        AddTestCase(new ReceiveDropTestCase, TestCase::QUICK);
        AddTestCase(new DeliveryCheckTestCase, TestCase::QUICK);
        AddTestCase(new DeviceTestCase, TestCase::QUICK);
    }
};

static VerdictTestSuite g_verdictTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
