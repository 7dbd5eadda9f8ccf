/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-run.h"

#include "ns3/boolean.h"
#include "ns3/global-value.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/test.h"
#include "ns3/xfrm-run-files.h"
#include "ns3/xfrm-run.h"

#include <filesystem>
#include <fstream>
#include <string>

namespace ns3::xfrm::tests
{

namespace
{

constexpr uint32_t SIZE{972};           //!< UDP payload that makes a packet of 1000 bytes
constexpr int64_t CROSSING_NS{1440480}; //!< time of such a packet from H to K, see below

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Times on an empty line.
 *
 * A UDP payload of 972 bytes is 1000 with its headers and 1002 on the link: 80.16 us at 100 Mbps,
 * three times, and 0.1 + 1 + 0.1 ms of delay: 1.44048 ms.  A ping of 56 bytes is 84 with its
 * headers (ICMP 8, IP 20) and 86 on the link, 6.88 us: there and back 2 * (1.2 ms + 3 * 6.88 us) =
 * 2.44128 ms.  Two constant flows are half a distance apart, so that their packets do not meet.
 */
class RunTrafficTimesTestCase : public TestCase
{
  public:
    RunTrafficTimesTestCase()
        : TestCase("delays and round trips are those of the links")
    {
    }

  private:
    void DoRun() override
    {
        RunConfig config = MakeSilentRun();
        config.udpFlows = 2;
        config.udpSize = SIZE;
        const RunResult udp = RunPackets(config);
        for (const FlowFigures& flow : udp.flows)
        {
            NS_TEST_EXPECT_MSG_EQ(flow.delay.GetMax(), NanoSeconds(CROSSING_NS), flow.name);
            NS_TEST_EXPECT_MSG_EQ_TOL(flow.delay.GetMean(), CROSSING_NS, 0.01, flow.name);
        }
        config = MakeSilentRun();
        config.pingInterval = MilliSeconds(10);
        const RunResult ping = RunPackets(config);
        NS_TEST_EXPECT_MSG_EQ(ping.flows[0].delay.GetMax(), NanoSeconds(2441280), "round trip");
        NS_TEST_EXPECT_MSG_EQ(ping.flows[0].counts.receivedBytes,
                              56 * ping.flows[0].counts.nReceived,
                              "bytes of replies");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Counts and stops.
 *
 * From 100 ms on, 100 packets a second: those at 100, 110, ..., 140 ms come before a stop at
 * 150 ms.
 */
class RunLimitsTestCase : public TestCase
{
  public:
    RunLimitsTestCase()
        : TestCase("flows end after their count, and before their stop")
    {
    }

  private:
    void DoRun() override
    {
        RunConfig config = MakeSilentRun();
        config.udpFlows = 1;
        config.udpRate = 100;
        config.pingInterval = MilliSeconds(10);
        config.udpStop = MilliSeconds(150);
        config.pingStop = MilliSeconds(150);
        config.tcpFlows = 1;
        config.tcpStop = MilliSeconds(150);
        const RunResult stopped = RunPackets(config);
        NS_TEST_EXPECT_MSG_EQ(stopped.flows[0].counts.nReceived, 5, "UDP before its stop");
        NS_TEST_EXPECT_MSG_EQ(stopped.flows[2].counts.nReceived, 5, "pings before their stop");
        const FlowCounts& tcp = stopped.flows[1].counts;
        NS_TEST_EXPECT_MSG_GT(tcp.sentBytes, 0, "TCP before its stop");
        NS_TEST_EXPECT_MSG_EQ(tcp.receivedBytes, tcp.sentBytes, "all of it, before the end");
        config = MakeSilentRun();
        config.udpFlows = 1;
        config.udpCount = 7;
        config.pingInterval = MilliSeconds(10);
        config.pingCount = 3;
        const RunResult counted = RunPackets(config);
        NS_TEST_EXPECT_MSG_EQ(counted.flows[0].counts.nSent, 7, "UDP packets");
        NS_TEST_EXPECT_MSG_EQ(counted.flows[1].counts.nSent, 3, "pings");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A queue that is full loses packets, and says so.
 *
 * 100 packets of 1002 bytes on the link reach A, one a millisecond; its link to B takes 8.016 ms
 * for one.  One is sent at a time and 5 wait.  12 are sent before the last one arrives, 99 ms after
 * the first (12 * 8.016 = 96.192), so 12 + 1 + 5 get through and 82 are lost.
 */
class RunQueueTestCase : public TestCase
{
  public:
    RunQueueTestCase()
        : TestCase("packets lost in queues are counted")
    {
    }

  private:
    void DoRun() override
    {
        RunConfig config = MakeSilentRun();
        config.udpFlows = 1;
        config.udpSize = SIZE;
        config.udpCount = 100;
        config.coreRate = DataRate("1Mbps");
        config.coreQueue = 5;
        const RunResult result = RunPackets(config);
        NS_TEST_EXPECT_MSG_EQ(result.flows[0].counts.nReceived, 18, "received");
        const NodeFigures& gateway = result.last.nodes[1];
        NS_TEST_ASSERT_MSG_EQ(gateway.drops.count("queue-full"), 1, "reason");
        NS_TEST_EXPECT_MSG_EQ(gateway.drops.at("queue-full"), 82, "lost");
        NS_TEST_EXPECT_MSG_EQ(gateway.nIn, 100, "in");
        NS_TEST_EXPECT_MSG_EQ(gateway.inBytes, 100000, "bytes in");
        NS_TEST_EXPECT_MSG_EQ(gateway.nOut, 18, "out");
        NS_TEST_EXPECT_MSG_EQ(gateway.outBytes, 18000, "bytes out");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The usual tunnel with gateways between its ends: those forward what they can't read.
 *
 * 10 packets of 1000 bytes in an ESP tunnel with AES-GCM (R230): 20 outer header + 8 ESP +
 * 8 IV + 1004 (1000 and the 2 of the trailer, rounded up to 4) + 16 ICV: 1056.
 */
class RunLongTunnelTestCase : public TestCase
{
  public:
    RunLongTunnelTestCase()
        : TestCase("the tunnel works with any number of gateways")
    {
    }

  private:
    void DoRun() override
    {
        RunConfig config = MakeSilentRun();
        config.ipXfrm.clear();
        config.hosts = 2;
        config.gateways = 4;
        config.udpFlows = 1;
        config.udpCount = 10;
        config.udpSize = SIZE;
        const RunResult result = RunPackets(config);
        NS_TEST_EXPECT_MSG_EQ(result.flows[0].counts.nReceived, 10, "H to K");
        NS_TEST_EXPECT_MSG_EQ(result.flows[1].counts.nReceived, 10, "H2 to K2");
        const auto& nodes = result.last.nodes; // H H2 A M1 M2 B K K2
        NS_TEST_EXPECT_MSG_EQ(nodes[2].work.transform.nSealed, 20, "sealed by A");
        NS_TEST_EXPECT_MSG_EQ(nodes[5].work.transform.nOpened, 20, "opened by B");
        for (const size_t middle : {3, 4})
        {
            NS_TEST_EXPECT_MSG_EQ(nodes[middle].nForwarded, 20, nodes[middle].name);
            NS_TEST_EXPECT_MSG_EQ(nodes[middle].inBytes, 20 * 1056, nodes[middle].name);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What is global in ns-3 is as before a run, also after one that can't be.
 */
class RunGlobalsTestCase : public TestCase
{
  public:
    RunGlobalsTestCase()
        : TestCase("a run leaves ns-3's global settings as they were")
    {
    }

  private:
    void DoRun() override
    {
        const uint32_t seed = RngSeedManager::GetSeed();
        const uint64_t run = RngSeedManager::GetRun();
        RunConfig config = MakeSilentRun();
        config.seed = run + 77;
        RunPackets(config);
        config.ipXfrm = {"A=/nowhere/at/all"};
        NS_TEST_EXPECT_MSG_EQ(GetError([&] { RunPackets(config); }),
                              "ip-xfrm A=/nowhere/at/all: No such file or directory: must be FILE "
                              "or NODE=FILE, with a file that can be read",
                              "a file that is not there");
        BooleanValue useChecksum;
        GlobalValue::GetValueByName("ChecksumEnabled", useChecksum);
        NS_TEST_EXPECT_MSG_EQ(useChecksum.Get(), false, "checksums");
        NS_TEST_EXPECT_MSG_EQ(RngSeedManager::GetSeed(), seed, "seed");
        NS_TEST_EXPECT_MSG_EQ(RngSeedManager::GetRun(), run, "run");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A folder of results: complete in its place, or not there.
 */
class ResultFolderTestCase : public TestCase
{
  public:
    ResultFolderTestCase()
        : TestCase("a folder of results is complete or not there")
    {
    }

  private:
    void DoRun() override
    {
        const ScratchPath place;
        {
            const ResultFolder given(place.Get());
            std::ofstream(given.Get() / "file") << "x";
        }
        NS_TEST_EXPECT_MSG_EQ(std::filesystem::exists(place.Get()), false, "given up");
        std::filesystem::create_directory(place.Get());
        std::filesystem::path work;
        {
            ResultFolder complete(place.Get() + "/");
            work = complete.Get();
            WriteRunFiles(RunPackets(MakeSilentRun()), work);
            complete.Finish();
        }
        NS_TEST_EXPECT_MSG_EQ(std::filesystem::exists(work), false, "the folder beside");
        for (const char* name : {"summary.json",
                                 "config.ini",
                                 "flows.csv",
                                 "nodes.csv",
                                 "flow-series.csv",
                                 "node-series.csv",
                                 "K.xfrm_stat"})
        {
            NS_TEST_EXPECT_MSG_EQ(std::filesystem::exists(place.Get() + "/" + name), true, name);
        }
        std::ifstream statistics(place.Get() + "/A.xfrm_stat");
        std::string line;
        std::getline(statistics, line);
        NS_TEST_EXPECT_MSG_EQ(line.starts_with("XfrmInError"), true, "R280: " << line);
        const std::string message =
            "out " + place.Get() + ": exists: must be a folder that is new or empty";
        NS_TEST_EXPECT_MSG_EQ(GetError([&] { const ResultFolder again(place.Get()); }),
                              message,
                              "a folder with files");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of what a packet-mode run sends, counts and writes.
 */
class RunTrafficTestSuite : public TestSuite
{
  public:
    RunTrafficTestSuite()
        : TestSuite("xfrm-run-traffic", SYSTEM)
    {
        AddTestCase(new RunTrafficTimesTestCase, TestCase::QUICK);
        AddTestCase(new RunLimitsTestCase, TestCase::QUICK);
        AddTestCase(new RunQueueTestCase, TestCase::QUICK);
        AddTestCase(new RunLongTunnelTestCase, TestCase::QUICK);
        AddTestCase(new RunGlobalsTestCase, TestCase::QUICK);
        AddTestCase(new ResultFolderTestCase, TestCase::QUICK);
    }
};

static RunTrafficTestSuite g_runTrafficTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
