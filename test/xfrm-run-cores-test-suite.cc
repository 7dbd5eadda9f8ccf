/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-run.h"

#include "ns3/test.h"
#include "ns3/xfrm-run-report.h"
#include "ns3/xfrm-run.h"

#include <string>

namespace ns3::xfrm::tests
{

namespace
{

/// @return a few UDP packets through gateways of one core that takes no time
RunConfig
MakeDripRun(uint32_t nFlows)
{
    RunConfig config = MakeSilentRun();
    config.cores = 1;
    config.profile = "free";
    config.udpFlows = nFlows;
    config.udpRate = 100;
    return config;
}

/// @return the longest delay of the first flow of a run
Time
GetLongestDelay(const RunConfig& config)
{
    return RunPackets(config).flows.front().delay.GetMax();
}

/// @return time that all cores of a node waited for locks [ns]
uint64_t
GetLockWait(const NodeFigures& node)
{
    uint64_t ns = 0;
    for (const CoreSample& core : node.cores)
    {
        ns += static_cast<uint64_t>(core.lockWait.GetNanoSeconds());
    }
    return ns;
}

/// @return what locks of a name saw; nothing if there are none
LockFigures
GetLock(const NodeFigures& node, std::string_view name)
{
    for (const LockSample& lock : node.locks)
    {
        if (lock.name == name)
        {
            return lock.figures;
        }
    }
    return {};
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Two cores that seal for one state wait for each other (setting locks).
 *
 * Flooded, they take the lock of the state for each packet that they seal.  Without locks neither
 * waits, and they carry no less.  From 4.9 on policies and states are searched without a lock, so
 * that fewer kinds are left.
 */
class RunLocksTestCase : public TestCase
{
  public:
    RunLocksTestCase()
        : TestCase("two cores wait for the lock of one state, unless there are no locks")
    {
    }

  private:
    static NodeFigures Run(const std::string& locks)
    {
        RunConfig config = MakeFloodRun(2, "linux-4.1-default");
        config.ipXfrm = {};
        config.locks = locks;
        return RunPackets(config).last.nodes[1];
    }

    void DoRun() override
    {
        const NodeFigures with = Run("linux-4.1");
        NS_TEST_ASSERT_MSG_EQ(with.locks.size(), 5, "kinds of locks");
        const LockFigures state = GetLock(with, "state");
        NS_TEST_EXPECT_MSG_GT(with.work.transform.nSealed, 1000, "packets");
        NS_TEST_EXPECT_MSG_EQ_TOL(state.nTaken, with.work.transform.nSealed, 2, "one a packet");
        NS_TEST_EXPECT_MSG_GT(state.nContended, 0, "some waited");
        NS_TEST_EXPECT_MSG_LT_OR_EQ(state.nContended, state.nTaken, "of those");
        NS_TEST_EXPECT_MSG_EQ(state.maxWaiting, 1, "at most the other core");
        int64_t waitNs = 0;
        for (const LockSample& lock : with.locks)
        {
            waitNs += lock.figures.waitNs;
        }
        NS_TEST_EXPECT_MSG_GT(waitNs, 0, "they waited");
        NS_TEST_EXPECT_MSG_EQ(GetLockWait(with), static_cast<uint64_t>(waitNs), "by core and lock");
        for (const CoreSample& core : with.cores)
        {
            NS_TEST_EXPECT_MSG_LT(core.lockWait, core.busyTime, "a part of it");
        }
        const NodeFigures without = Run("none");
        NS_TEST_EXPECT_MSG_EQ(without.locks.size(), 0, "no locks");
        NS_TEST_EXPECT_MSG_EQ(GetLockWait(without), 0, "nobody waits");
        NS_TEST_EXPECT_MSG_GT(without.receive.nForwarded, with.receive.nForwarded, "carried");
        const NodeFigures later = Run("linux-4.9");
        NS_TEST_EXPECT_MSG_EQ(later.locks.size(), 3, "state, gc list, transmit queue");
        NS_TEST_EXPECT_MSG_EQ(later.locks.front().kind, "queued", "kind");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief One core takes what comes and hands it to the other (rps.steering-cores, rps.max-backlog).
 *
 * 6 Mpps for a core that takes 2 us a packet: it carries 0.5 Mpps, and the backlog overflows.  To
 * hand on takes no time by this profile, so no ring does.  A backlog of 5 takes packets while no
 * more than 5 wait (enqueue_to_backlog()): 6 wait at most, the last of them 6 x 2 us.
 */
class RunSteeringTestCase : public TestCase
{
  public:
    RunSteeringTestCase()
        : TestCase("packets are handed to another core, whose backlog is limited")
    {
    }

  private:
    void CheckRun(uint32_t maxBacklog, const std::string& profile)
    {
        RunConfig config = MakeFloodRun(2, profile);
        config.rssQueues = 1;
        config.steeringCores = "1";
        config.maxBacklog = maxBacklog;
        const RunResult result = RunPackets(config);
        const NodeFigures& a = result.last.nodes[1];
        const ReceiveCounts& counts = a.receive;
        const double rate =
            static_cast<double>(counts.nForwarded) / result.last.time.GetSeconds() / 1e6;
        NS_TEST_EXPECT_MSG_EQ_TOL(rate, 0.5, 0.01, "one core's [Mpps]");
        NS_TEST_EXPECT_MSG_EQ(a.cores[0].nSoftirqJobs, 0, "core 0 hands on");
        NS_TEST_EXPECT_MSG_EQ(a.cores[0].nSteered + counts.nBacklogDropped,
                              counts.nReceived,
                              "all that comes");
        NS_TEST_EXPECT_MSG_EQ(a.cores[1].nSteered, 0, "core 1 works");
        NS_TEST_EXPECT_MSG_GT(counts.nBacklogDropped, 1000, "lost");
        NS_TEST_EXPECT_MSG_EQ(a.cores[1].nBacklogDropped, counts.nBacklogDropped, "in front of it");
        NS_TEST_EXPECT_MSG_EQ(a.drops.at("backlog-full"), counts.nBacklogDropped, "reason");
        NS_TEST_EXPECT_MSG_EQ(counts.nForwarded + counts.nBacklogDropped + a.nInFlight,
                              counts.nReceived,
                              "what became of them");
        NS_TEST_EXPECT_MSG_EQ(a.cores[1].maxQueueLength, maxBacklog + 1, "most that wait");
        NS_TEST_EXPECT_MSG_LT_OR_EQ(a.cores[1].waiting.max,
                                    MicroSeconds(2 * (maxBacklog + 1)),
                                    "longest wait");
    }

    void DoRun() override
    {
        const ScratchPath profile(MakeTwoMicroseconds());
        CheckRun(1000, profile.Get());
        CheckRun(5, profile.Get());
    }
};

/**
 * @ingroup xfrm-tests
 * @brief An interrupt that waits holds a packet (napi.interrupt-delay, napi.interrupt-frames).
 *
 * Packets come 10 ms apart.  Each of two gateways holds one for the delay of 100 us; not if one
 * frame is enough.  Of two flows, whose packets come 5 ms apart in turn, the first waits in A for
 * the second one (2 frames) or for its own next one (3 frames), instead of 50 ms.  They come to B
 * together, where the first waits until the last is there, less than 0.3 ms.
 */
class RunInterruptTestCase : public TestCase
{
  public:
    RunInterruptTestCase()
        : TestCase("an interrupt waits for its delay, or for so many packets")
    {
    }

  private:
    void DoRun() override
    {
        RunConfig config = MakeDripRun(1);
        const Time usual = GetLongestDelay(config);
        config.interruptDelay = MicroSeconds(100);
        NS_TEST_EXPECT_MSG_EQ(GetLongestDelay(config), usual + MicroSeconds(200), "delay");
        config.interruptFrames = 1;
        NS_TEST_EXPECT_MSG_EQ(GetLongestDelay(config), usual, "one frame is enough");
        RunConfig two = MakeDripRun(2);
        two.interruptDelay = MilliSeconds(50);
        two.interruptFrames = 2;
        const Time margin = MicroSeconds(300);
        NS_TEST_EXPECT_MSG_EQ_TOL(GetLongestDelay(two), usual + MilliSeconds(5), margin, "two");
        two.interruptFrames = 3;
        NS_TEST_EXPECT_MSG_EQ_TOL(GetLongestDelay(two), usual + MilliSeconds(10), margin, "three");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A queue's turn is its weight (napi.poll-weight).
 *
 * A's core polls two queues of a device; one of them is always full, at 2 us a packet.  A ping in
 * the other waits for the rest of a turn: up to 64 packets, 128 us; with weight 1, for the one that
 * is under way and one more.  Its answer comes to A by another device, whose queue takes turns as
 * well; B, which gets as much as it can do, may make it wait there and back, too: four turns at
 * most.
 */
class RunPollWeightTestCase : public TestCase
{
  public:
    RunPollWeightTestCase()
        : TestCase("a packet of another queue waits for a turn of so many packets")
    {
    }

  private:
    /// @return a port for which a flow of UDP is in another queue than pings are
    static uint16_t FindPort(const RunConfig& config)
    {
        const Rss rss({.nQueues = 2});
        RssPacket packet{.source = Ipv4Address("10.1.0.2"),
                         .destination = Ipv4Address("10.2.0.2"),
                         .proto = PROTO_ICMP};
        const uint32_t ofPings = rss.GetQueue(packet);
        packet.proto = PROTO_UDP;
        packet.sourcePort = config.udpSourcePort;
        packet.destinationPort = config.udpPort;
        while (rss.GetQueue(packet) == ofPings)
        {
            ++packet.destinationPort;
        }
        return packet.destinationPort;
    }

    void DoRun() override
    {
        const ScratchPath profile(MakeTwoMicroseconds());
        RunConfig config = MakeFloodRun(1, profile.Get());
        config.duration = MilliSeconds(25);
        config.rssQueues = 2;
        config.udpFlows = 1;
        config.udpRate = 1e6;
        config.udpPort = FindPort(config);
        config.pingInterval = MicroSeconds(97);
        config.pingStart = MilliSeconds(2);
        const auto getDelay = [&](uint32_t weight) {
            config.pollWeight = weight;
            const RunResult result = RunPackets(config);
            NS_TEST_EXPECT_MSG_GT(result.flows[1].counts.nReceived, 200, "pings");
            NS_TEST_EXPECT_MSG_GT(result.last.nodes[1].receive.nRingDropped, 1000, "overload");
            return result.flows[1].delay.GetMax();
        };
        const Time turns = getDelay(64) - getDelay(1);
        NS_TEST_EXPECT_MSG_GT(turns, MicroSeconds(64), "half of a turn, of 200 that are tried");
        NS_TEST_EXPECT_MSG_LT(turns, MicroSeconds(4 * 128), "four turns");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of the cores of packet-mode runs.
 */
class RunCoresTestSuite : public TestSuite
{
  public:
    RunCoresTestSuite()
        : TestSuite("xfrm-run-cores", SYSTEM)
    {
        AddTestCase(new RunLocksTestCase, TestCase::QUICK);
        AddTestCase(new RunSteeringTestCase, TestCase::QUICK);
        AddTestCase(new RunInterruptTestCase, TestCase::QUICK);
        AddTestCase(new RunPollWeightTestCase, TestCase::QUICK);
    }
};

static RunCoresTestSuite g_runCoresTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
