/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-run-report.h"
#include "ns3/xfrm-run.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return the tunnel of the recordings, with little traffic
RunConfig
MakeConfig()
{
    RunConfig config;
    config.ipXfrm = {std::string(XFRM_GOLDEN_DIR) +
                     "/captures/linux-4.1.6/sizes-gcm128-tunnel.txt"};
    config.duration = MilliSeconds(1100);
    config.interval = MilliSeconds(500);
    config.udpRate = 100;
    config.udpArrivals = Arrivals::Poisson;
    config.tcpBytes = 100000;
    return config;
}

/// @return what a thing that must fail says
std::string
GetError(const std::function<void()>& fail)
{
    try
    {
        fail();
    }
    catch (const std::runtime_error& error)
    {
        return error.what();
    }
    return "no error";
}

/// A file that is there as long as this is.
class ScratchFile
{
  public:
    explicit ScratchFile(const std::string& content)
        : m_path(std::filesystem::temp_directory_path() /
                 ("xfrm-run-test-" + std::to_string(getpid()) + ".ini"))
    {
        std::ofstream(m_path) << content;
    }

    ~ScratchFile()
    {
        std::filesystem::remove(m_path);
    }

    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;
    ScratchFile(ScratchFile&&) = delete;
    ScratchFile& operator=(ScratchFile&&) = delete;

    std::string GetPath() const
    {
        return m_path.string();
    }

  private:
    std::filesystem::path m_path;
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Each setting reads what it writes, and an INI file carries all of them.
 */
class RunConfigRoundTripTestCase : public TestCase
{
  public:
    RunConfigRoundTripTestCase()
        : TestCase("a written INI file gives the same settings again")
    {
    }

  private:
    void DoRun() override
    {
        RunConfig config;
        const std::vector<std::pair<std::string, std::string>> values{
            {"duration", "2500ms"},
            {"seed", "7"},
            {"line.hosts", "3"},
            {"edge.rate", "64kbps"},
            {"core.delay", "1ns"},
            {"udp.rate", "0.5"},
            {"udp.size", "0"},
            {"udp.arrivals", "poisson"},
            {"ping.interval", "0s"},
            {"ipsec.larval-drop", "false"}};
        config.ipXfrm = {"A=a.conf", "b.conf"};
        for (const RunOption& option : GetRunOptions())
        {
            for (const auto& [name, value] : values)
            {
                if (option.name == name)
                {
                    option.set(config, value);
                    NS_TEST_EXPECT_MSG_EQ(option.get(config), value, name);
                }
            }
        }
        const std::string text = WriteRunConfig(config);
        const ScratchFile file(text);
        RunConfig again;
        ReadRunConfig(file.GetPath(), again);
        NS_TEST_EXPECT_MSG_EQ(WriteRunConfig(again), text, "the same");
        NS_TEST_EXPECT_MSG_EQ(again.ipXfrm.size(), 2, "files");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Settings that can't be, each with its message.
 */
class RunConfigErrorTestCase : public TestCase
{
  public:
    RunConfigErrorTestCase()
        : TestCase("a setting that is wrong is named, with what is allowed")
    {
    }

  private:
    void Expect(const std::string& name, const std::string& value, const std::string& message)
    {
        for (const RunOption& option : GetRunOptions())
        {
            if (option.name == name)
            {
                RunConfig config;
                const std::string error = GetError([&] { option.set(config, value); });
                NS_TEST_EXPECT_MSG_EQ(error, message, name);
            }
        }
    }

    void DoRun() override
    {
        const std::string rate = "packets per second, above 0, at most 1e9";
        Expect("udp.rate", "-5", "udp.rate -5: must be " + rate);
        Expect("udp.rate", "nan", "udp.rate nan: must be " + rate);
        Expect("udp.rate", "many", "udp.rate many: must be " + rate);
        Expect("line.hosts", "0", "line.hosts 0: must be a whole number from 1 to 64");
        Expect("line.hosts", "-1", "line.hosts -1: must be a whole number from 1 to 64");
        Expect("line.gateways", "1", "line.gateways 1: must be a whole number from 2 to 64");
        Expect("duration", "0s", "duration 0s: must be a time such as 10s, 1.5ms or 20us");
        Expect("duration", "10", "duration 10: must be a time such as 10s, 1.5ms or 20us");
        Expect("duration", "", "duration \"\": must be a time such as 10s, 1.5ms or 20us");
        Expect("edge.rate",
               "0bps",
               "edge.rate 0bps: must be a data rate such as 10Gbps, 100Mbps or 64kbps");
        Expect("udp.arrivals", "often", "udp.arrivals often: must be constant or poisson");
        Expect("kernel", "linux-2.4", "kernel linux-2.4: must be linux-4.1");
        Expect("ipsec.larval-drop", "1", "ipsec.larval-drop 1: must be true or false");

        const ScratchFile file("seed = 3\n[udp]\nsize = 10\nrate = fast\n");
        RunConfig config;
        const std::string error = GetError([&] { ReadRunConfig(file.GetPath(), config); });
        NS_TEST_EXPECT_MSG_EQ(error, file.GetPath() + ":4: udp.rate fast: must be " + rate, "INI");
        NS_TEST_EXPECT_MSG_EQ(config.udpSize, RunConfig().udpSize, "nothing is set");
    }
};

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
        RunConfig config = MakeConfig();
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
        const RunResult result = RunPackets(MakeConfig());
        NS_TEST_EXPECT_MSG_EQ(result.isPartial, false, "complete");
        NS_TEST_EXPECT_MSG_EQ(result.last.time, MilliSeconds(1100), "duration");
        NS_TEST_EXPECT_MSG_EQ(result.series.size(), 4, "samples");
        NS_TEST_ASSERT_MSG_EQ(result.flows.size(), 3, "flows");
        const FlowCounts& udp = result.flows[0].counts;
        NS_TEST_EXPECT_MSG_EQ_TOL(udp.nSent, 100, 40, "UDP sent");
        NS_TEST_EXPECT_MSG_GT(udp.nReceived + 3, udp.nSent, "UDP received, but what is under way");
        NS_TEST_EXPECT_MSG_EQ(udp.bytes, 1000 * udp.nReceived, "UDP bytes");
        NS_TEST_EXPECT_MSG_EQ(result.flows[1].counts.bytes, 100000, "TCP bytes");
        NS_TEST_EXPECT_MSG_EQ(result.flows[2].counts.nReceived, 10, "pings answered");
        NS_TEST_EXPECT_MSG_EQ(result.flows[2].delay.GetCount(), 10, "round trips");
        const std::vector<NodeFigures>& nodes = result.last.nodes;
        NS_TEST_ASSERT_MSG_EQ(nodes.size(), 4, "nodes");
        NS_TEST_EXPECT_MSG_EQ(nodes[1].name, "A", "A");
        NS_TEST_EXPECT_MSG_EQ(nodes[1].work.nTransforms, nodes[2].work.nReceived, "A to B");
        NS_TEST_EXPECT_MSG_EQ(nodes[2].work.nTransforms, nodes[1].work.nReceived, "B to A");
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
        RunConfig config = MakeConfig();
        const ScratchFile file("ip -n A xfrm policy add dir out tmpl src 10.9.0.1 dst 10.9.0.2 "
                               "proto esp reqid 9 mode tunnel\n");
        config.ipXfrm = {file.GetPath()};
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
        const ScratchFile file(text);
        RunConfig config = MakeConfig();
        config.ipXfrm = {prefix + file.GetPath()};
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
            RunPackets(MakeConfig(), {.goOn = [](double share) { return share < 0.5; }});
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
        RunConfig config = MakeConfig();
        config.hosts = 3;
        config.gateways = 4;
        config.tcpFlows = 0;
        const ScratchFile file("ip -n A xfrm policy add src 10.1.0.0/24 dst 10.2.0.0/24 dir out\n");
        config.ipXfrm = {file.GetPath()};
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
        AddTestCase(new RunConfigRoundTripTestCase, TestCase::QUICK);
        AddTestCase(new RunConfigErrorTestCase, TestCase::QUICK);
        AddTestCase(new RunRepeatTestCase, TestCase::QUICK);
        AddTestCase(new RunFiguresTestCase, TestCase::QUICK);
        AddTestCase(new RunWithoutStatesTestCase, TestCase::QUICK);
        AddTestCase(new RunCommandErrorTestCase, TestCase::QUICK);
        AddTestCase(new RunStoppedTestCase, TestCase::QUICK);
        AddTestCase(new RunLongLineTestCase, TestCase::QUICK);
    }
};

static RunTestSuite g_runTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
