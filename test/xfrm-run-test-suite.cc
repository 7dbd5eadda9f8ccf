/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-run.h"

#include "ns3/test.h"
#include "ns3/xfrm-run-report.h"
#include "ns3/xfrm-run.h"

#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief Equal settings give equal results, in one process too; another seed gives others.
 */
class RunRepeatTestCase : public TestCase
{
  public:
    RunRepeatTestCase()
        : TestCase("the same seed gives the same bytes, another one gives others")
    {
    }

  private:
    void DoRun() override
    {
        RunConfig config = MakeTunnelRun();
        const std::string first = MakeRunJson(RunPackets(config));
        config.seed = 2;
        const std::string other = MakeRunJson(RunPackets(config));
        config.seed = 1;
        const std::string again = MakeRunJson(RunPackets(config));
        NS_TEST_EXPECT_MSG_EQ((first == again), true, "the same seed");
        NS_TEST_EXPECT_MSG_EQ((first == other), false, "another seed");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The figures of a run: everything arrives, and what A sealed B opened.
 *
 * 1 s of traffic: about 100 UDP packets, 10 pings, 100000 bytes of TCP.  Samples at 0, 0.5 and 1 s,
 * and at the end.  Each lookup is a hit, negative, refused, stale or a miss.
 */
class RunFiguresTestCase : public TestCase
{
  public:
    RunFiguresTestCase()
        : TestCase("a run's figures add up")
    {
    }

  private:
    void DoRun() override
    {
        const RunResult result = RunPackets(MakeTunnelRun());
        NS_TEST_EXPECT_MSG_EQ(result.isPartial, false, "complete");
        NS_TEST_EXPECT_MSG_EQ(result.last.time, MilliSeconds(1100), "duration");
        NS_TEST_EXPECT_MSG_EQ(result.series.size(), 4, "samples");
        NS_TEST_ASSERT_MSG_EQ(result.flows.size(), 3, "flows");
        const FlowCounts& udp = result.flows[0].counts;
        NS_TEST_EXPECT_MSG_EQ_TOL(udp.nSent, 100, 40, "UDP sent");
        NS_TEST_EXPECT_MSG_GT(udp.nReceived + 3, udp.nSent, "UDP received, but what is under way");
        NS_TEST_EXPECT_MSG_EQ(udp.receivedBytes, 1000 * udp.nReceived, "UDP bytes");
        NS_TEST_EXPECT_MSG_EQ(result.flows[1].counts.sentBytes, 100000, "TCP bytes sent");
        NS_TEST_EXPECT_MSG_EQ(result.flows[1].counts.receivedBytes, 100000, "TCP bytes");
        NS_TEST_EXPECT_MSG_EQ(result.flows[2].counts.nReceived, 10, "pings answered");
        NS_TEST_EXPECT_MSG_EQ(result.flows[2].delay.GetCount(), 10, "round trips");
        const std::vector<NodeFigures>& nodes = result.last.nodes;
        NS_TEST_ASSERT_MSG_EQ(nodes.size(), 4, "nodes");
        NS_TEST_EXPECT_MSG_EQ(nodes[1].name, "A", "A");
        NS_TEST_EXPECT_MSG_EQ(nodes[1].work.transform.nSealed,
                              nodes[2].work.transform.nOpened,
                              "A to B");
        NS_TEST_EXPECT_MSG_EQ(nodes[2].work.transform.nSealed,
                              nodes[1].work.transform.nOpened,
                              "B to A");
        const CacheWork& cache = nodes[1].work.cache;
        NS_TEST_EXPECT_MSG_EQ(cache.nHits + cache.nNegative + cache.nRefused + cache.nStale +
                                  cache.nMisses,
                              cache.GetLookups(),
                              "lookups");
        NS_TEST_EXPECT_MSG_EQ(nodes[1].cacheSize, cache.nMisses, "one entry a miss");
        NS_TEST_EXPECT_MSG_EQ((nodes[1].statistics == Statistics()), true, "no counter");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Kernels without a flow cache carry the same (R305, R306, R315).
 *
 * Each packet that A seals was looked up.  In 4.19 it had a chain of its own; in 4.14 one policy
 * and one state leave one chain, used again by all further packets.  B checks what it opened by a
 * search in its policies.
 */
class RunKernelTestCase : public TestCase
{
  public:
    RunKernelTestCase()
        : TestCase("a tunnel of kernels without a flow cache carries the same")
    {
    }

  private:
    void DoRun() override
    {
        RunConfig config = MakeTunnelRun();
        const RunResult usual = RunPackets(config);
        for (const bool hasLast : {true, false})
        {
            config.kernel = hasLast ? "linux-4.14" : "linux-4.19";
            const RunResult result = RunPackets(config);
            for (size_t i = 0; i < usual.flows.size(); ++i)
            {
                NS_TEST_EXPECT_MSG_EQ(result.flows[i].counts.receivedBytes,
                                      usual.flows[i].counts.receivedBytes,
                                      config.kernel << " " << usual.flows[i].name);
            }
            const Work& a = result.last.nodes[1].work;
            const uint64_t nSealed = a.transform.nSealed;
            NS_TEST_EXPECT_MSG_GT(nSealed, 100, config.kernel << ": packets");
            NS_TEST_EXPECT_MSG_EQ(a.bundle.nBundles, (hasLast ? 1 : nSealed), "chains built");
            NS_TEST_EXPECT_MSG_EQ(a.bundle.nReused, (hasLast ? nSealed - 1 : 0), "used again");
            NS_TEST_EXPECT_MSG_EQ(a.state.nFinds, nSealed, "states searched");
            NS_TEST_EXPECT_MSG_EQ(a.nCacheLookups, 0, "no flow cache");
            const Work& b = result.last.nodes[2].work;
            NS_TEST_EXPECT_MSG_GT(b.nPolicyChecks, 100, "checks of B");
            NS_TEST_EXPECT_MSG_EQ(b.nCacheLookups, 0, "no flow cache");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What a run with a template that nobody can resolve says: the kernel's counters.
 */
class RunWithoutStatesTestCase : public TestCase
{
  public:
    RunWithoutStatesTestCase()
        : TestCase("a template without state shows in counters and drops")
    {
    }

  private:
    void DoRun() override
    {
        RunConfig config = MakeTunnelRun();
        const ScratchPath file("ip -n A xfrm policy add dir out tmpl src 10.9.0.1 dst 10.9.0.2 "
                               "proto esp reqid 9 mode tunnel\n");
        config.ipXfrm = {file.Get()};
        config.udpArrivals = Arrivals::Constant;
        config.tcpFlows = 0;
        config.pingInterval = Time(0);
        const RunResult result = RunPackets(config);
        NS_TEST_EXPECT_MSG_EQ(result.flows[0].counts.nReceived, 0, "nothing arrives");
        const NodeFigures& gateway = result.last.nodes[1];
        const uint64_t nCounted = gateway.statistics.Get(Counter::OutNoStates);
        NS_TEST_EXPECT_MSG_EQ_TOL(nCounted, 100, 1, "one a packet");
        NS_TEST_EXPECT_MSG_EQ(gateway.drops.at("XfrmOutNoStates"), nCounted, "dropped");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Files of commands that can't be carried out, with their messages.
 */
class RunCommandErrorTestCase : public TestCase
{
  public:
    RunCommandErrorTestCase()
        : TestCase("commands that can't be carried out are named by file and line")
    {
    }

  private:
    void Expect(const std::string& prefix, const std::string& text, const std::string& message)
    {
        const ScratchPath file(text);
        RunConfig config = MakeTunnelRun();
        config.ipXfrm = {prefix + file.Get()};
        const std::string error = GetError([&] { RunPackets(config); });
        NS_TEST_EXPECT_MSG_NE(error.find(message), std::string::npos, error);
    }

    void DoRun() override
    {
        const std::string add = "xfrm policy add src 10.1.0.0/24 dir out\n";
        Expect("Z=", "ip " + add, "node Z: must be one of H, A, B, K");
        Expect("", "ip -n nZ " + add, ":1: node nZ: must be one of H, A, B, K");
        Expect("", "ip " + add, ":1: the command names no network namespace: must have ip -n NODE");
        Expect("gw1=", "ip " + add + "ip " + add, ":2: add on node A is refused: EEXIST");
        Expect("B=", "# nothing\n", "must hold ip xfrm commands for node B");
        Expect("B=", "ip -n nA " + add, "must hold ip xfrm commands for node B");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A run that is stopped says so, and has the figures so far.
 */
class RunStoppedTestCase : public TestCase
{
  public:
    RunStoppedTestCase()
        : TestCase("a run that is stopped keeps what it has")
    {
    }

  private:
    void DoRun() override
    {
        const RunResult result =
            RunPackets(MakeTunnelRun(), {.goOn = [](double share) { return share < 0.5; }});
        NS_TEST_EXPECT_MSG_EQ(result.isPartial, true, "partial");
        NS_TEST_EXPECT_MSG_EQ_TOL(result.last.time.GetSeconds(), 0.55, 0.01, "half way");
        NS_TEST_EXPECT_MSG_GT(result.flows[0].counts.nReceived, 10, "figures so far");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief More hosts and gateways: every pair of hosts has its flows, through all gateways.
 */
class RunLongLineTestCase : public TestCase
{
  public:
    RunLongLineTestCase()
        : TestCase("hosts and gateways can be many")
    {
    }

  private:
    void DoRun() override
    {
        RunConfig config = MakeTunnelRun();
        config.hosts = 3;
        config.gateways = 4;
        config.tcpFlows = 0;
        const ScratchPath file("ip -n A xfrm policy add src 10.1.0.0/24 dst 10.2.0.0/24 dir out\n");
        config.ipXfrm = {file.Get()};
        const RunResult result = RunPackets(config);
        NS_TEST_ASSERT_MSG_EQ(result.flows.size(), 6, "UDP and ping a pair");
        for (const FlowFigures& flow : result.flows)
        {
            NS_TEST_EXPECT_MSG_GT(flow.counts.nReceived, 5, flow.name);
        }
        std::string names;
        for (const NodeFigures& node : result.last.nodes)
        {
            names += node.name + " ";
        }
        NS_TEST_EXPECT_MSG_EQ(names, "H H2 H3 A M1 M2 B K K2 K3 ", "nodes");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of packet-mode runs.
 */
class RunTestSuite : public TestSuite
{
  public:
    RunTestSuite()
        : TestSuite("xfrm-run", SYSTEM)
    {
        AddTestCase(new RunRepeatTestCase, TestCase::QUICK);
        AddTestCase(new RunFiguresTestCase, TestCase::QUICK);
        AddTestCase(new RunKernelTestCase, TestCase::QUICK);
        AddTestCase(new RunWithoutStatesTestCase, TestCase::QUICK);
        AddTestCase(new RunCommandErrorTestCase, TestCase::QUICK);
        AddTestCase(new RunStoppedTestCase, TestCase::QUICK);
        AddTestCase(new RunLongLineTestCase, TestCase::QUICK);
    }
};

static RunTestSuite g_runTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
