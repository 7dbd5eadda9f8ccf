/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-keyed-line.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/nstime.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"
#include "ns3/xfrm-helper.h"

#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// A line whose first states were brought by a packet at 1 s that was held until 1.1 s and more.
class RekeyLine : public KeyedLine
{
  public:
    /// @param attributes of the manager, by name
    explicit RekeyLine(const std::map<std::string, Ptr<AttributeValue>>& attributes)
    {
        for (const auto& [name, value] : attributes)
        {
            manager->SetAttribute(name, *value);
        }
        for (const uint32_t node : {1, 2})
        {
            tunnel.GetRouting(node)->SetAttribute("LarvalDrop", BooleanValue(false));
        }
        tunnel.GetRouting(1)->m_expireTrace.ConnectWithoutContext(
            Callback<void, Ptr<const State>, bool>(
                [this](const Ptr<const State>& state, bool isHard) {
                    const bool isOut =
                        state->GetConfig().id.destination == IpAddress(Ipv4Address("10.9.0.2"));
                    expiries.push_back((isHard ? "hard " : "soft ") +
                                       std::string(isOut ? "out " : "in ") +
                                       std::to_string(state->GetUse().packets));
                    times.push_back(Simulator::Now());
                }));
        Send({});
    }

    std::vector<std::string> expiries; //!< what A's states reached: limit, direction, packets
    std::vector<Time> times;           //!< and when
};

/// @return an attribute's value
template <class Value, class Number>
Ptr<AttributeValue>
Make(Number number)
{
    return Create<Value>(number);
}

/// @return a number as an attribute's value
Ptr<AttributeValue>
Number(uint64_t number)
{
    return Make<UintegerValue>(number);
}

/// @return a time as an attribute's value
Ptr<AttributeValue>
Duration(Time time)
{
    return Make<TimeValue>(time);
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Rekeying at a soft limit of packets loses none (R142, R150, R152, R162, R164).
 *
 * Soft limit 100 packets.  The first pair, a, has carried 1; then packets 0 to 999 come, one a
 * millisecond from 2 s on.  R162 looks before it counts, so the packet that finds 100 warns: packet
 * 99.  The next pair, b, is there 20.5 ms later; until then 21 packets, 99 to 119, go on with the
 * dying state, the only one there is (R164).  Its addition makes the chain stale (R152), and the
 * state that is not dying is preferred (R142): a carried 121, and so does each after it, since the
 * packet that finds 100 is its 101st.  1001 packets are 8 times 121 and 33 more: 9 pairs, 8
 * rekeyings.  50 ms after each the old pair is deleted (Grace): B opened all that was on its way,
 * nothing counts, all arrive, and a pair is left.
 */
class PacketRekeyTestCase : public TestCase
{
  public:
    PacketRekeyTestCase()
        : TestCase("rekeying at a soft limit of packets loses no packet")
    {
    }

  private:
    void DoRun() override
    {
        RekeyLine line({{"SoftPackets", Number(100)},
                        {"HardPackets", Number(200)},
                        {"Grace", Duration(MilliSeconds(50))}});
        uint64_t lastReplaced = 0;
        line.manager->TraceConnectWithoutContext(
            "Rekeyed",
            Callback<void, const XfrmKeyManager::Pair&>([&](const XfrmKeyManager::Pair& pair) {
                NS_TEST_EXPECT_MSG_EQ(pair.replaces, lastReplaced + 1, "one after the other");
                NS_TEST_EXPECT_MSG_EQ(pair.number, pair.replaces + 1, "number");
                lastReplaced = pair.replaces;
            }));
        line.Send({.nPackets = 1000, .start = 2, .port = 5001});
        KeyedLine::RunUntil(4);
        NS_TEST_EXPECT_MSG_EQ(line.received.size(), 1001, "all arrive");
        NS_TEST_EXPECT_MSG_EQ(line.tunnel.GetCounters(1) + line.tunnel.GetCounters(2), "", "none");
        NS_TEST_EXPECT_MSG_EQ(line.DescribeWire(),
                              "121 x a, 121 x b, 121 x c, 121 x d, 121 x e, 121 x f, 121 x g, "
                              "121 x h, 33 x i",
                              "by SPI");
        NS_TEST_EXPECT_MSG_EQ((line.expiries == std::vector<std::string>(8, "soft out 100")),
                              true,
                              "A's warnings");
        const XfrmKeyManager::Counts& counts = line.manager->GetCounts();
        NS_TEST_EXPECT_MSG_EQ(counts.nAcquires, 1, "acquires");
        NS_TEST_EXPECT_MSG_EQ(counts.nRekeys, 8, "rekeyings");
        NS_TEST_EXPECT_MSG_EQ(counts.nPairs, 9, "pairs");
        NS_TEST_EXPECT_MSG_EQ(counts.nClosed, 8, "deleted");
        NS_TEST_EXPECT_MSG_EQ(line.CountStates(1, StateStatus::Valid), 2, "A's states");
        NS_TEST_EXPECT_MSG_EQ(line.CountStates(2, StateStatus::Valid), 2, "B's states");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A soft limit of bytes (R162, R163, R218, R254): in tunnel mode the whole inner packets
 * count, and no more, at both ends.
 *
 * The packet at 1 s has 128 bytes with its headers, the next ones 128, 129, ...: after it and n
 * more 128 (n + 1) + n (n - 1) / 2 bytes are counted.  That is 1045 for 7 and 908 for 6, so of
 * packets 0, 1, ... packet 7 finds the limit of 1000 reached, by 8 packets.  All 12 have passed
 * when the next pair comes: 1730 bytes.
 */
class ByteRekeyTestCase : public TestCase
{
  public:
    ByteRekeyTestCase()
        : TestCase("rekeying at a soft limit of bytes")
    {
    }

  private:
    void DoRun() override
    {
        RekeyLine line({{"SoftBytes", Number(1000)}});
        line.Send({.nPackets = 12, .start = 2, .port = 5001});
        KeyedLine::RunUntil(2.5);
        NS_TEST_EXPECT_MSG_EQ((line.expiries == std::vector<std::string>{"soft out 8"}),
                              true,
                              "when A's state warns");
        NS_TEST_EXPECT_MSG_EQ(line.manager->GetCounts().nRekeys, 1, "rekeyings");
        NS_TEST_EXPECT_MSG_EQ(line.received.size(), 13, "all arrive");
        for (const uint32_t node : {1, 2})
        {
            uint64_t nBytes = 0;
            for (const Ptr<State>& state : line.GetNet(node).GetStates().GetAll())
            {
                nBytes += state->GetUse().bytes;
            }
            NS_TEST_EXPECT_MSG_EQ(nBytes, 1730, "bytes at node " << node);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Limits of time, without a grace time (R160, R161, R164): rekeyed at the soft one, gone at
 * the hard one.
 *
 * The states are added at some t0 after 1 s.  Their timers run a second after the addition, and
 * then when a limit is due: at t0 + 2 s both of A's warn, and another pair is negotiated once; at
 * t0 + 4 s both end.  The next pair is there at t0 + 2.0205 s, and warns 2 s later.  Packets every
 * 10 ms from 2 to 5 s all arrive.
 */
class TimeRekeyTestCase : public TestCase
{
  public:
    TimeRekeyTestCase()
        : TestCase("rekeying at a soft limit of time loses no packet")
    {
    }

  private:
    void DoRun() override
    {
        RekeyLine line({{"SoftTime", Duration(Seconds(2))},
                        {"HardTime", Duration(Seconds(4))},
                        {"Grace", Duration(Time(0))}});
        Time added;
        line.manager->TraceConnectWithoutContext(
            "Established",
            Callback<void, const XfrmKeyManager::Pair&>([&](const XfrmKeyManager::Pair& pair) {
                added = Simulator::Now();
                NS_TEST_EXPECT_MSG_EQ(pair.replaces, 0, "of an acquire");
            }));
        line.Send({.nPackets = 300, .start = 2, .interval = MilliSeconds(10), .port = 5001});
        KeyedLine::RunUntil(5.03);
        const std::vector<Time> ages{Seconds(2), Seconds(2), Seconds(4), Seconds(4)};
        NS_TEST_ASSERT_MSG_EQ(line.times.size(), ages.size(), "limits reached until 5.03 s");
        for (size_t i = 0; i < ages.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(line.times[i] - added, ages[i], line.expiries[i]);
            NS_TEST_EXPECT_MSG_EQ(line.expiries[i].substr(0, 4), (i < 2 ? "soft" : "hard"), "kind");
        }
        NS_TEST_EXPECT_MSG_EQ(line.CountStates(1, StateStatus::Valid), 2, "A's states");
        KeyedLine::RunUntil(5.06);
        NS_TEST_EXPECT_MSG_EQ(line.times.size(), 6, "and the next ones warn");
        KeyedLine::RunUntil(5.5);
        NS_TEST_EXPECT_MSG_EQ(line.received.size(), 301, "all arrive");
        NS_TEST_EXPECT_MSG_EQ(line.tunnel.GetCounters(1) + line.tunnel.GetCounters(2), "", "none");
        NS_TEST_EXPECT_MSG_EQ(line.manager->GetCounts().nRekeys, 2, "rekeyings");
        NS_TEST_EXPECT_MSG_EQ(line.manager->GetCounts().nClosed, 1, "pairs that ended");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A hard limit without rekeying (R44, R161, R162): limit N lets N packets pass, the next
 * ends the state, and those after it die on the old chain until another is there.
 *
 * Hard limit 50 packets; the first state has carried 1.  Packets 0 to 48 pass, packet 49 is refused
 * (XfrmOutStateExpired) and the state is gone.  Packet 50 asks for another and, as its chain can't
 * be rebuilt, goes through the old one (XfrmOutStateInvalid), like all up to packet 70, until the
 * answer 20.5 ms later.  Packets 71 to 120 pass, and of 130 the last 9 are lost.  The state for the
 * other direction, and B's two, are deleted too.
 */
class HardLimitTestCase : public TestCase
{
  public:
    HardLimitTestCase()
        : TestCase("without rekeying packets die until the answer to the next acquire")
    {
    }

  private:
    void DoRun() override
    {
        RekeyLine line({{"HardPackets", Number(50)}});
        line.Send({.nPackets = 130, .start = 2, .port = 5001});
        KeyedLine::RunUntil(2.1305);
        NS_TEST_EXPECT_MSG_EQ(line.received.size(), 1 + 49 + 50, "what arrives");
        NS_TEST_EXPECT_MSG_EQ(line.tunnel.GetCounters(1),
                              "XfrmOutStateExpired=2 XfrmOutStateInvalid=29",
                              "what does not: 49 and 121; 50 to 70, and 122 to 129");
        NS_TEST_EXPECT_MSG_EQ((line.expiries == std::vector<std::string>(2, "hard out 50")),
                              true,
                              "two ends");
        NS_TEST_EXPECT_MSG_EQ(line.tunnel.GetCounters(2), "", "B's counters");
        KeyedLine::RunUntil(2.5);
        NS_TEST_EXPECT_MSG_EQ(line.manager->GetCounts().nAcquires, 3, "acquires");
        NS_TEST_EXPECT_MSG_EQ(line.manager->GetCounts().nRekeys, 0, "rekeyings");
        NS_TEST_EXPECT_MSG_EQ(line.manager->GetCounts().nClosed, 2, "deleted pairs");
        NS_TEST_EXPECT_MSG_EQ(line.CountStates(1, StateStatus::Valid), 2, "A's states");
        NS_TEST_EXPECT_MSG_EQ(line.CountStates(2, StateStatus::Valid), 2, "B's states");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A rekeying that comes to nothing: lost, or refused by the kernel since no SPI is left
 * (R154).  The old pair goes on (R164), dying, and is asked for once.
 */
class FailedRekeyTestCase : public TestCase
{
  public:
    FailedRekeyTestCase()
        : TestCase("a pair goes on if its rekeying fails")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool isLost : {true, false})
        {
            RekeyLine line({{"SoftPackets", Number(10)},
                            {"MinSpi", Number(0xc0000001)},
                            {"MaxSpi", Number(isLost ? 0xcfffffff : 0xc0000001)}});
            KeyedLine::RunUntil(1.5);
            line.manager->SetAttribute("LossProbability", DoubleValue(isLost ? 1 : 0));
            line.Send({.nPackets = 100, .start = 2, .port = 5001});
            KeyedLine::RunUntil(3);
            const XfrmKeyManager::Counts& counts = line.manager->GetCounts();
            NS_TEST_EXPECT_MSG_EQ(counts.nRekeys, 1, "rekeyings");
            NS_TEST_EXPECT_MSG_EQ(counts.nLost, (isLost ? 1 : 0), "lost");
            NS_TEST_EXPECT_MSG_EQ(counts.nRefused, (isLost ? 0 : 1), "refused");
            NS_TEST_EXPECT_MSG_EQ(counts.nPairs, 1, "pairs");
            NS_TEST_EXPECT_MSG_EQ(line.DescribeWire(), "101 x a", "by SPI");
            NS_TEST_EXPECT_MSG_EQ(line.received.size(), 101, "all arrive");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Streams decide all that is random: the same give the same SPIs, keys, times and losses.
 *
 * A fifth of the negotiations is lost, and they take 50 ms on average; states end after 10 packets.
 */
class KeyManagerStreamsTestCase : public TestCase
{
  public:
    KeyManagerStreamsTestCase()
        : TestCase("random numbers are those of the streams assigned")
    {
    }

  private:
    static std::string Describe(int64_t stream)
    {
        RekeyLine line({{"SoftPackets", Number(8)},
                        {"HardPackets", Number(10)},
                        {"LossProbability", Make<DoubleValue>(0.2)},
                        {"Delay", Make<StringValue>("ns3::ExponentialRandomVariable[Mean=0.05]")}});
        line.manager->AssignStreams(stream);
        XfrmHelper::AssignStreams(line.tunnel.line.nodes, stream + 2);
        std::ostringstream text;
        const Callback<void, const XfrmKeyManager::Pair&> note(
            [&](const XfrmKeyManager::Pair& pair) {
                StateWork ignored;
                const Ptr<State> state =
                    line.GetNet(1).GetStates().LookupBySpi(pair.there, 0, Family::Ipv4, ignored);
                text << Simulator::Now().GetNanoSeconds() << " " << pair.there.spi << " "
                     << pair.back.spi << " " << +state->GetConfig().aead->key.at(0) << "\n";
            });
        line.manager->TraceConnectWithoutContext("Established", note);
        line.manager->TraceConnectWithoutContext("Rekeyed", note);
        line.Send({.nPackets = 2000, .start = 2, .interval = MilliSeconds(50), .port = 5001});
        KeyedLine::RunUntil(110);
        text << line.received.size() << " " << line.manager->GetCounts().nLost;
        return text.str();
    }

    void DoRun() override
    {
        const std::string first = Describe(700);
        const std::string again = Describe(700);
        const std::string other = Describe(800);
        NS_TEST_EXPECT_MSG_GT(first.size(), 1000, "much happens");
        NS_TEST_EXPECT_MSG_EQ(first, again, "the same streams");
        NS_TEST_EXPECT_MSG_NE(first, other, "other streams");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief States are made of the attributes' algorithms: cipher and authentication with keys of the
 * length that is set, and the replay window.
 */
class KeyManagerAlgorithmsTestCase : public TestCase
{
  public:
    KeyManagerAlgorithmsTestCase()
        : TestCase("states have the algorithms and windows that are set")
    {
    }

  private:
    void DoRun() override
    {
        RekeyLine line({{"Aead", Make<StringValue>("")},
                        {"Authentication", Make<StringValue>("hmac(sha256)")},
                        {"KeyBytes", Number(24)},
                        {"ReplayWindow", Number(16)}});
        line.Send({.nPackets = 3, .start = 2, .port = 5001});
        KeyedLine::RunUntil(3);
        NS_TEST_EXPECT_MSG_EQ(line.received.size(), 4, "they work");
        const StateConfig& config = line.GetNet(2).GetStates().GetAll().front()->GetConfig();
        NS_TEST_EXPECT_MSG_EQ(config.aead.has_value(), false, "combined");
        NS_TEST_EXPECT_MSG_EQ(config.encryption->name, "cbc(aes)", "cipher");
        NS_TEST_EXPECT_MSG_EQ(config.encryption->key.size(), 24, "its key");
        NS_TEST_EXPECT_MSG_EQ(config.auth->name, "hmac(sha256)", "authentication");
        NS_TEST_EXPECT_MSG_EQ(config.auth->key.size(), 32, "its key");
        NS_TEST_EXPECT_MSG_EQ(config.replay.windowPackets, 16, "window");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Timers of states and policies run by themselves on a node (R122, R160, R161, R182).
 *
 * At 0 s a state that ends after 10 s is added, at 1 s a policy that ends after 4, at 2 s a state
 * that ends after 2: a later one that is due earlier moves the node's next event.  The ends are at
 * 4, 5 and 10 s.
 */
class NodeTimersTestCase : public TestCase
{
  public:
    NodeTimersTestCase()
        : TestCase("states and policies of a node end by time")
    {
    }

  private:
    void AddState(const KeyedLine& line, uint32_t spi, uint64_t seconds)
    {
        StateConfig state = MakeRecordedState("10.9.0.1", "10.9.0.2", spi, Mode::Tunnel, "gcm128");
        state.limits.hardAddSeconds = seconds;
        line.GetNet(1).AddState(state, Simulator::Now());
    }

    void DoRun() override
    {
        const KeyedLine line;
        std::ostringstream told;
        line.tunnel.GetRouting(1)->m_expireTrace.ConnectWithoutContext(
            Callback<void, Ptr<const State>, bool>([&](const Ptr<const State>& state, bool isHard) {
                told << Simulator::Now().GetSeconds() << " s: state " << state->GetConfig().id.spi
                     << (isHard ? " hard; " : " soft; ");
            }));
        line.tunnel.GetRouting(1)->m_policyExpireTrace.ConnectWithoutContext(
            Callback<void, Ptr<const Policy>, bool>([&](const Ptr<const Policy>&, bool isHard) {
                told << Simulator::Now().GetSeconds() << " s: policy"
                     << (isHard ? " hard; " : " soft; ");
            }));
        AddState(line, 1, 10);
        Simulator::Schedule(Seconds(1), [&] {
            PolicyConfig policy;
            policy.selector.proto = PROTO_TCP;
            policy.limits.hardAddSeconds = 4;
            line.GetNet(1).AddPolicy(policy, false, Simulator::Now());
        });
        Simulator::Schedule(Seconds(2), [&] { AddState(line, 2, 2); });
        KeyedLine::RunUntil(20);
        NS_TEST_EXPECT_MSG_EQ(told.str(),
                              "4 s: state 2 hard; 5 s: policy hard; 10 s: state 1 hard; ",
                              "what A tells");
        NS_TEST_EXPECT_MSG_EQ(line.GetNet(1).GetStates().GetCount(), 0, "states left");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of the model of IKE daemons: rekeying, and timers of nodes.
 */
class KeyManagerRekeyTestSuite : public TestSuite
{
  public:
    KeyManagerRekeyTestSuite()
        : TestSuite("xfrm-key-manager-rekey", SYSTEM)
    {
        AddTestCase(new PacketRekeyTestCase, TestCase::QUICK);
        AddTestCase(new ByteRekeyTestCase, TestCase::QUICK);
        AddTestCase(new TimeRekeyTestCase, TestCase::QUICK);
        AddTestCase(new HardLimitTestCase, TestCase::QUICK);
        AddTestCase(new FailedRekeyTestCase, TestCase::QUICK);
        AddTestCase(new KeyManagerStreamsTestCase, TestCase::QUICK);
        AddTestCase(new KeyManagerAlgorithmsTestCase, TestCase::QUICK);
        AddTestCase(new NodeTimersTestCase, TestCase::QUICK);
    }
};

static KeyManagerRekeyTestSuite g_keyManagerRekeyTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
