/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-keyed-line.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"
#include "ns3/xfrm-mark-tag.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return n sizes as KeyedLine sends them, from the packet with a number on [bytes]
std::vector<uint32_t>
MakeSizes(uint32_t first, size_t n)
{
    std::vector<uint32_t> sizes(n);
    std::iota(sizes.begin(), sizes.end(), 100 + first);
    return sizes;
}

/// @return an Out policy of A for a port of H, with a request id of its own
PolicyConfig
MakePortPolicy(uint16_t port, uint32_t reqid)
{
    PolicyConfig config;
    config.selector.source = Ipv4Address("10.1.0.0");
    config.selector.sourcePrefix = 24;
    config.selector.destination = Ipv4Address("10.2.0.0");
    config.selector.destinationPrefix = 24;
    config.selector.proto = PROTO_UDP;
    config.selector.sourcePort = port;
    config.selector.sourcePortMask = 0xffff;
    Template wanted;
    wanted.source = Ipv4Address("10.9.0.1");
    wanted.destination = Ipv4Address("10.9.0.2");
    wanted.reqid = reqid;
    wanted.mode = Mode::Tunnel;
    config.templates = {wanted};
    return config;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief An acquire with larval_drop 1, answered after 20.5 ms (R4, R147, R148, R150, R151, R154).
 *
 * 40 packets, one a millisecond: those that A decides on 0 to 20 ms after the first, 21 of them,
 * are lost, and the other 19 arrive.  Forwarded ones count and are dropped; of A's own the sender
 * hears success, since they go into a blackhole (R8).  One acquire is sent (R183).  In the end A
 * and B have a state a direction each, valid, between the right ends, with a receiver's SPI and the
 * same key on both, and no larval state is left: A's was answered by its number (R150), those that
 * had the SPIs were replaced (R151, R154).
 */
class AnsweredAcquireTestCase : public TestCase
{
  public:
    /// @param isLocal whether A sends itself
    explicit AnsweredAcquireTestCase(bool isLocal)
        : TestCase(std::string("an acquire is answered, larval_drop 1, ") +
                   (isLocal ? "local" : "forwarded")),
          m_isLocal(isLocal)
    {
    }

  private:
    void CheckStates(const KeyedLine& line)
    {
        for (const uint32_t node : {1, 2})
        {
            NS_TEST_EXPECT_MSG_EQ(line.CountStates(node, StateStatus::Valid), 2, "valid");
            NS_TEST_EXPECT_MSG_EQ(line.CountStates(node, StateStatus::Acquire), 0, "larval");
        }
        for (const Ptr<State>& state : line.GetNet(1).GetStates().GetAll())
        {
            const StateConfig& config = state->GetConfig();
            NS_TEST_EXPECT_MSG_EQ((config.id.spi >> 28), 0xc, "SPI from 0xc0000000 on");
            StateWork ignored;
            const Ptr<State> peer =
                line.GetNet(2).GetStates().LookupBySpi(config.id, 0, Family::Ipv4, ignored);
            NS_TEST_ASSERT_MSG_EQ((peer != nullptr), true, "B has it too");
            NS_TEST_EXPECT_MSG_EQ((config.aead->key == peer->GetConfig().aead->key), true, "key");
            NS_TEST_EXPECT_MSG_EQ((config.source == peer->GetConfig().source), true, "source");
            NS_TEST_EXPECT_MSG_EQ(config.reqid, 1, "the template's request id");
            const bool isOut = config.source == IpAddress(Ipv4Address("10.9.0.1"));
            NS_TEST_EXPECT_MSG_EQ(config.sequence, (isOut ? 1 : 0), "number of the acquire");
            NS_TEST_EXPECT_MSG_EQ((config.mode == Mode::Transport), m_isLocal, "its mode");
        }
    }

    void DoRun() override
    {
        KeyedLine line(m_isLocal ? Mode::Transport : Mode::Tunnel);
        line.Send({.from = m_isLocal ? 1U : 0U, .to = m_isLocal ? 2U : 3U, .nPackets = 40});
        KeyedLine::RunUntil(2);
        NS_TEST_EXPECT_MSG_EQ((line.received == MakeSizes(21, 19)), true, "the last 19 arrive");
        NS_TEST_EXPECT_MSG_EQ(line.tunnel.GetCounters(1), "XfrmOutNoStates=21", "A's counters");
        NS_TEST_EXPECT_MSG_EQ(line.tunnel.GetCounters(2), "", "B's counters");
        const TunnelLine::Told& told = line.tunnel.told;
        const std::string reason = m_isLocal ? "blackhole" : "XfrmOutNoStates";
        NS_TEST_EXPECT_MSG_EQ((told.drops == std::vector<std::string>(21, reason)), true, "drops");
        const std::vector<std::string> verdicts(m_isLocal ? 40 : 0, "ok");
        NS_TEST_EXPECT_MSG_EQ((told.verdicts == verdicts), true, "senders hear success");
        const XfrmKeyManager::Counts& counts = line.manager->GetCounts();
        NS_TEST_EXPECT_MSG_EQ(counts.nAcquires, 1, "acquires");
        NS_TEST_EXPECT_MSG_EQ(counts.nPairs, 1, "pairs");
        CheckStates(line);
    }

    bool m_isLocal; //!< whether A sends itself
};

/**
 * @ingroup xfrm-tests
 * @brief An acquire with larval_drop 0: packets are held, and sent when the timer finds the state
 * (R81, R82, R87).
 *
 * The first packet reaches A at t.  Packets up to t + 20 ms are held; from t + 21 ms on there is a
 * state, and packets go out at once, so the 19 of them overtake the 21, which the timer releases at
 * t + 100 ms.  All 40 arrive and nothing counts: the timer's lookup finds the chain.  Forwarded
 * packets had been through FORWARD, with their TTL decremented, when they were held: the trace has
 * them there as they arrive, and on the wire only when they leave (R87).
 */
class HeldAcquireTestCase : public TestCase
{
  public:
    /// @param isLocal whether A sends itself
    explicit HeldAcquireTestCase(bool isLocal)
        : TestCase(std::string("an acquire is answered, larval_drop 0, ") +
                   (isLocal ? "local" : "forwarded")),
          m_isLocal(isLocal)
    {
    }

  private:
    void DoRun() override
    {
        KeyedLine line(m_isLocal ? Mode::Transport : Mode::Tunnel);
        line.tunnel.GetRouting(1)->SetAttribute("LarvalDrop", BooleanValue(false));
        const IpTrace trace(NodeContainer(line.tunnel.line.nodes.Get(1)));
        line.Send({.from = m_isLocal ? 1U : 0U, .to = m_isLocal ? 2U : 3U, .nPackets = 40});
        KeyedLine::RunUntil(1.090);
        NS_TEST_EXPECT_MSG_EQ((line.received == MakeSizes(21, 19)), true, "those that overtake");
        NS_TEST_EXPECT_MSG_EQ(line.tunnel.onWire.size(), 19, "POST_ROUTING before the timer");
        NS_TEST_EXPECT_MSG_EQ(trace.Count("UnicastForward"), (m_isLocal ? 0 : 40), "FORWARD");
        KeyedLine::RunUntil(2);
        std::vector<uint32_t> all = MakeSizes(21, 19);
        const std::vector<uint32_t> held = MakeSizes(0, 21);
        all.insert(all.end(), held.begin(), held.end());
        NS_TEST_EXPECT_MSG_EQ((line.received == all), true, "all arrive, the held ones last");
        NS_TEST_EXPECT_MSG_EQ(trace.Count("UnicastForward"), (m_isLocal ? 0 : 40), "FORWARD once");
        NS_TEST_EXPECT_MSG_EQ(line.tunnel.GetCounters(1), "", "A's counters");
        NS_TEST_EXPECT_MSG_EQ(line.tunnel.told.drops.size(), 0, "drops");
        NS_TEST_EXPECT_MSG_EQ(line.manager->GetCounts().nAcquires, 1, "acquires");
    }

    bool m_isLocal; //!< whether A sends itself
};

/**
 * @ingroup xfrm-tests
 * @brief A lost negotiation is never answered (R183): the larval state lives its 30 s, in which
 * nobody asks again, and the packet after that asks by number 2, which is answered.
 *
 * Packets once a second at 1, 2, ... 35 s.  The first reaches A at some t after 1 s, and the larval
 * state ends at t + 30.  The packet of 31 s is 30 bytes longer and reaches A later than that: it
 * asks anew, and is lost, as the state comes 20.5 ms later.  So 31 packets are lost, and 4 arrive.
 */
class LostNegotiationTestCase : public TestCase
{
  public:
    LostNegotiationTestCase()
        : TestCase("after a lost negotiation the larval state expires, and the next packet asks")
    {
    }

  private:
    void DoRun() override
    {
        KeyedLine line;
        std::vector<uint32_t> numbers;
        line.manager->TraceConnectWithoutContext(
            "Acquire",
            Callback<void, Ptr<const Node>, Ptr<const State>>(
                [&](const Ptr<const Node>& node, const Ptr<const State>& larval) {
                    NS_TEST_EXPECT_MSG_EQ(node, line.tunnel.line.nodes.Get(1), "who asks");
                    numbers.push_back(larval->GetConfig().sequence);
                }));
        line.manager->SetAttribute("LossProbability", DoubleValue(1));
        line.Send({.nPackets = 35, .interval = Seconds(1)});
        KeyedLine::RunUntil(30);
        NS_TEST_EXPECT_MSG_EQ(line.CountStates(1, StateStatus::Acquire), 1, "it waits");
        NS_TEST_EXPECT_MSG_EQ(line.manager->GetCounts().nLost, 1, "lost");
        line.manager->SetAttribute("LossProbability", DoubleValue(0));
        KeyedLine::RunUntil(36);
        NS_TEST_EXPECT_MSG_EQ((numbers == std::vector<uint32_t>{1, 2}), true, "two acquires");
        NS_TEST_EXPECT_MSG_EQ((line.received == MakeSizes(31, 4)), true, "what arrives");
        NS_TEST_EXPECT_MSG_EQ(line.tunnel.GetCounters(1), "XfrmOutNoStates=31", "what does not");
        NS_TEST_EXPECT_MSG_EQ(line.manager->GetCounts().nPairs, 1, "pairs");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Who is absent, and who is silent (R147, R148, R180, R181, R182).
 *
 * Absent: A's kernel asks nobody, and nothing waits.  Silent: one ACQUIRE event and one larval
 * state, which no flow but the first is in the selector of, and all wait for (C20).  To the packets
 * it is the same.  When a daemon that was absent answers, the next packet brings the states.
 */
class PresenceTestCase : public TestCase
{
  public:
    PresenceTestCase()
        : TestCase("a daemon can be absent, or silent")
    {
    }

  private:
    void Check(const std::string& presence, uint32_t nAcquires)
    {
        KeyedLine line;
        uint32_t nEvents = 0;
        line.tunnel.GetRouting(1)->m_acquireTrace.ConnectWithoutContext(
            Callback<void, Ptr<const State>, Ptr<const Policy>>(
                [&](const Ptr<const State>&, const Ptr<const Policy>&) { ++nEvents; }));
        line.manager->SetAttribute("Presence", StringValue(presence));
        line.Send({.nPackets = 5});
        line.Send({.nPackets = 5, .port = 5001});
        KeyedLine::RunUntil(2);
        NS_TEST_EXPECT_MSG_EQ(nEvents, nAcquires, presence << ": ACQUIRE events");
        NS_TEST_EXPECT_MSG_EQ(line.manager->GetCounts().nAcquires, nAcquires, presence);
        NS_TEST_EXPECT_MSG_EQ(line.manager->GetCounts().nUnanswered, nAcquires, presence);
        NS_TEST_EXPECT_MSG_EQ(line.CountStates(1, StateStatus::Acquire), nAcquires, presence);
        NS_TEST_EXPECT_MSG_EQ(line.tunnel.GetCounters(1), "XfrmOutNoStates=10", presence);
        NS_TEST_EXPECT_MSG_EQ(line.received.size(), 0, presence);
    }

    void CheckReturn()
    {
        KeyedLine line;
        line.manager->SetAttribute("Presence", StringValue("absent"));
        line.Send({.nPackets = 40});
        Simulator::Schedule(Seconds(1.0105), [&] {
            line.manager->SetAttribute("Presence", StringValue("answering"));
        });
        KeyedLine::RunUntil(2);
        // Packet i is at A a bit more than 1 ms after 1 s + i ms.  So packet 10 is the first to be
        // heard of, at 1.011 s and that bit; the states are there 20.5 ms later, and packet 31 is
        // the first to find them.
        NS_TEST_EXPECT_MSG_EQ((line.received == MakeSizes(31, 9)), true, "after its return");
    }

    void DoRun() override
    {
        Check("absent", 0);
        Check("silent", 1);
        CheckReturn();
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Acquire storms (R147, R148, R183; C20, C21): it is not flows that ask, but what templates
 * ask for.
 *
 * 40 flows of one policy, three packets each: one acquire.  40 policies, for a port each, of the
 * same request id and ends share one acquire (C21); with a request id each there are 40, of 40
 * larval states.  Silent daemons leave all 120 packets lost.
 */
class StormTestCase : public TestCase
{
  public:
    StormTestCase()
        : TestCase("as many acquires as wants, however many flows")
    {
    }

  private:
    static constexpr uint32_t N_FLOWS{40}; //!< flows

    void Check(const std::string& name, uint32_t nPolicies, bool hasOwnIds, uint32_t nAcquires)
    {
        KeyedLine line;
        line.manager->SetAttribute("Presence", StringValue("silent"));
        if (nPolicies > 0)
        {
            line.GetNet(1).FlushPolicies(PolicyType::Main);
        }
        for (uint32_t i = 0; i < nPolicies; ++i)
        {
            const PolicyConfig policy =
                MakePortPolicy(static_cast<uint16_t>(5000 + i), hasOwnIds ? 10 + i : 10);
            line.GetNet(1).AddPolicy(policy, false, Time(0));
        }
        for (uint32_t i = 0; i < N_FLOWS; ++i)
        {
            line.Send(
                {.nPackets = 3, .interval = Seconds(5), .port = static_cast<uint16_t>(5000 + i)});
        }
        KeyedLine::RunUntil(20);
        NS_TEST_EXPECT_MSG_EQ(line.manager->GetCounts().nAcquires, nAcquires, name);
        NS_TEST_EXPECT_MSG_EQ(line.CountStates(1, StateStatus::Acquire), nAcquires, name);
        NS_TEST_EXPECT_MSG_EQ(line.tunnel.GetCounters(1), "XfrmOutNoStates=120", name);
        KeyedLine::RunUntil(32);
        NS_TEST_EXPECT_MSG_EQ(line.CountStates(1, StateStatus::Acquire), 0, name << ": expired");
    }

    void DoRun() override
    {
        Check("one policy", 0, false, 1);
        Check("policies that want the same", N_FLOWS, false, 1);
        Check("policies that want each its own", N_FLOWS, true, N_FLOWS);
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Both ends can ask, at a time too; whom a daemon does not know, it can't answer for.
 *
 * K's packet has B ask, and the answer serves both directions.  When H and K send at a time, each
 * gateway asks before the other's pair is there: two pairs, and no larval state is left, since the
 * first pair's state answers B's by its ends (R150, without a number).  A template that names an
 * SPI is refused (R180), and an acquire for a stranger is never answered (R148).
 */
class WhoAsksTestCase : public TestCase
{
  public:
    WhoAsksTestCase()
        : TestCase("either end asks, or both")
    {
    }

  private:
    void CheckOther()
    {
        KeyedLine line;
        line.Send({.from = 3, .to = 0, .nPackets = 40});
        KeyedLine::RunUntil(1.5);
        NS_TEST_EXPECT_MSG_EQ(line.received.size(), 19, "K to H");
        line.Send({.start = 2});
        KeyedLine::RunUntil(3);
        NS_TEST_EXPECT_MSG_EQ(line.received.size(), 20, "and H to K, at once");
        NS_TEST_EXPECT_MSG_EQ(line.manager->GetCounts().nPairs, 1, "by one pair");
    }

    void CheckBoth()
    {
        KeyedLine both;
        both.Send({.nPackets = 40});
        both.Send({.from = 3, .to = 0, .nPackets = 40});
        KeyedLine::RunUntil(2);
        NS_TEST_EXPECT_MSG_EQ(both.received.size(), 2 * 19, "both at a time");
        NS_TEST_EXPECT_MSG_EQ(both.manager->GetCounts().nPairs, 2, "a pair each");
        NS_TEST_EXPECT_MSG_EQ(both.CountStates(1, StateStatus::Valid), 4, "A's");
        NS_TEST_EXPECT_MSG_EQ(both.CountStates(2, StateStatus::Acquire), 0, "B's larval ones");
    }

    void CheckTemplate(const std::string& name,
                       const std::function<void(Template&)>& change,
                       uint32_t nAcquires)
    {
        KeyedLine line;
        PolicyConfig policy = MakePortPolicy(5000, 10);
        change(policy.templates.front());
        line.GetNet(1).FlushPolicies(PolicyType::Main);
        line.GetNet(1).AddPolicy(policy, false, Time(0));
        line.Send({.nPackets = 2});
        KeyedLine::RunUntil(2);
        NS_TEST_EXPECT_MSG_EQ(line.manager->GetCounts().nAcquires, nAcquires, name);
        NS_TEST_EXPECT_MSG_EQ(line.manager->GetCounts().nUnanswered, nAcquires, name);
        NS_TEST_EXPECT_MSG_EQ(line.CountStates(1, StateStatus::Acquire), nAcquires, name);
    }

    void DoRun() override
    {
        CheckOther();
        CheckBoth();
        CheckTemplate(
            "an SPI",
            [](Template& wanted) { wanted.spi = 0x1001; },
            0);
        CheckTemplate(
            "a stranger",
            [](Template& wanted) { wanted.destination = Ipv4Address("10.9.0.77"); },
            1);
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A policy with a mark (R148, R149, R150): what answers its acquire bears it for output, and
 * takes any mark for input.
 *
 * The policy takes packets with mark 5 in the low byte.  Packets of H get the mark as they reach A;
 * on the way to B they have none, and B opens them.
 */
class MarkedPolicyTestCase : public TestCase
{
  public:
    MarkedPolicyTestCase()
        : TestCase("states for a policy with a mark bear it")
    {
    }

  private:
    void DoRun() override
    {
        KeyedLine line;
        const Ptr<Node> a = line.tunnel.line.nodes.Get(1);
        a->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "Rx",
            Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
                [&](const Ptr<const Packet>& packet, const Ptr<Ipv4>&, uint32_t) {
                    XfrmMarkTag::Set(*packet, *a, 5);
                }));
        PolicyConfig policy = MakePortPolicy(5000, 1);
        policy.mark = {5, 0xff};
        line.GetNet(1).FlushPolicies(PolicyType::Main);
        line.GetNet(1).AddPolicy(policy, false, Time(0));
        line.Send({.nPackets = 40});
        KeyedLine::RunUntil(2);
        NS_TEST_EXPECT_MSG_EQ(line.received.size(), 19, "after the answer they arrive");
        NS_TEST_EXPECT_MSG_EQ(line.manager->GetCounts().nAcquires, 1, "acquires");
        NS_TEST_EXPECT_MSG_EQ(line.CountStates(1, StateStatus::Acquire), 0, "answered");
        for (const uint32_t node : {1, 2})
        {
            for (const Ptr<State>& state : line.GetNet(node).GetStates().GetAll())
            {
                const StateConfig& config = state->GetConfig();
                const bool isToB = config.id.destination == IpAddress(Ipv4Address("10.9.0.2"));
                const Mark mark = isToB == (node == 1) ? policy.mark : Mark();
                NS_TEST_EXPECT_MSG_EQ((config.mark == mark), true, "of node " << node);
            }
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of the model of IKE daemons: acquires.
 */
class KeyManagerTestSuite : public TestSuite
{
  public:
    KeyManagerTestSuite()
        : TestSuite("xfrm-key-manager", SYSTEM)
    {
        AddTestCase(new AnsweredAcquireTestCase(false), TestCase::QUICK);
        AddTestCase(new AnsweredAcquireTestCase(true), TestCase::QUICK);
        AddTestCase(new HeldAcquireTestCase(false), TestCase::QUICK);
        AddTestCase(new HeldAcquireTestCase(true), TestCase::QUICK);
        AddTestCase(new LostNegotiationTestCase, TestCase::QUICK);
        AddTestCase(new PresenceTestCase, TestCase::QUICK);
        AddTestCase(new StormTestCase, TestCase::QUICK);
        AddTestCase(new WhoAsksTestCase, TestCase::QUICK);
        AddTestCase(new MarkedPolicyTestCase, TestCase::QUICK);
    }
};

static KeyManagerTestSuite g_keyManagerTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
