/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-run.h"

#include "ns3/test.h"
#include "ns3/xfrm-run-report.h"
#include "ns3/xfrm-run.h"

#include <sstream>
#include <string>

namespace ns3::xfrm::tests
{

namespace
{

/// @return packets that a node forwarded a second, from the counts of its cores [1/s]
double
GetForwardingRate(const RunResult& result, size_t node)
{
    return static_cast<double>(result.last.nodes[node].receive.nForwarded) /
           result.last.time.GetSeconds();
}

/// @return commands for a tunnel from A to B of some states, one for each destination port that has
///         other low bits
std::string
MakeTunnels(uint32_t nStates)
{
    std::ostringstream text;
    for (const char* const node : {"A", "B"})
    {
        for (uint32_t i = 0; i < nStates; ++i)
        {
            text << "ip -n " << node << " xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi "
                 << 4096 + i << " reqid " << 1 + i
                 << " mode tunnel aead 'rfc4106(gcm(aes))' "
                    "0x101112131415161718191a1b1c1d1e1fa0a1a2a3 128\n";
            for (uint32_t port = i; port < 256; port += nStates)
            {
                text << "ip -n " << node << " xfrm policy add src 10.1.0.0/24 dst 10.2.0.0/24"
                     << " proto udp dport " << 6000 + port << " dir "
                     << (node[0] == 'A' ? "out" : "fwd")
                     << " tmpl src 10.9.0.1 dst 10.9.0.2 proto esp reqid " << 1 + i
                     << " mode tunnel\n";
            }
        }
    }
    return text.str();
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief What cores carry is their number times their rate.
 *
 * 6 Mpps come for cores that take 2 us a packet: 0.5 Mpps each; the rest is lost in front of full
 * rings.
 */
class NodeCoresRateTestCase : public TestCase
{
  public:
    NodeCoresRateTestCase()
        : TestCase("1, 2, 4 and 8 cores carry 0.5, 1, 2 and 4 Mpps")
    {
    }

  private:
    void DoRun() override
    {
        const ScratchPath profile(MakeTwoMicroseconds());
        for (const uint32_t nCores : {1, 2, 4, 8})
        {
            const RunResult result = RunPackets(MakeFloodRun(nCores, profile.Get()));
            const double expected = 0.5e6 * nCores;
            NS_TEST_EXPECT_MSG_EQ_TOL(GetForwardingRate(result, 1),
                                      expected,
                                      0.02 * expected,
                                      nCores << " cores");
            const NodeFigures& a = result.last.nodes[1];
            NS_TEST_EXPECT_MSG_EQ(a.drops.at("ring-full"), a.receive.nRingDropped, "ring drops");
            NS_TEST_EXPECT_MSG_EQ(a.cores.size(), nCores, "cores");
            for (const CoreSample& core : a.cores)
            {
                NS_TEST_EXPECT_MSG_EQ(core.service.max, MicroSeconds(2), "service");
                NS_TEST_EXPECT_MSG_GT(core.busyTime, MicroSeconds(4700), "busy");
            }
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The receiving gateway of one state works on one core, whatever the cores of the sender.
 *
 * All ESP packets of a state have the same addresses and SPI.  With eight states and a network card
 * that looks at the SPI they are spread, without it they are not.
 */
class NodeCoresStatesTestCase : public TestCase
{
  public:
    NodeCoresStatesTestCase()
        : TestCase("one state is received by one core, several by several if RSS sees the SPI")
    {
    }

  private:
    double Run(uint32_t nStates, bool usesSpi, const std::string& profile)
    {
        const ScratchPath commands(MakeTunnels(nStates), "commands");
        RunConfig config = MakeFloodRun(8, profile);
        config.rssSpi = usesSpi;
        config.ipXfrm = {commands.Get()};
        return GetForwardingRate(RunPackets(config), 2);
    }

    void DoRun() override
    {
        const ScratchPath profile(MakeTwoMicroseconds());
        const double core = 0.5e6;
        NS_TEST_EXPECT_MSG_EQ_TOL(Run(1, true, profile.Get()), core, 0.02 * core, "one state");
        NS_TEST_EXPECT_MSG_EQ_TOL(Run(8, false, profile.Get()), core, 0.02 * core, "addresses");
        NS_TEST_EXPECT_MSG_GT(Run(8, true, profile.Get()), 3.9 * core, "eight states, SPI");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Cores that take no time change nothing that a flow sees.
 */
class NodeCoresFreeTestCase : public TestCase
{
  public:
    NodeCoresFreeTestCase()
        : TestCase("a tunnel between cores that take no time carries the same")
    {
    }

  private:
    void DoRun() override
    {
        RunConfig config = MakeTunnelRun();
        const RunResult plain = RunPackets(config);
        config.cores = 4;
        config.profile = "free";
        const RunResult cores = RunPackets(config);
        for (size_t i = 0; i < plain.flows.size(); ++i)
        {
            const FlowFigures& left = plain.flows[i];
            const FlowFigures& right = cores.flows[i];
            NS_TEST_EXPECT_MSG_EQ(right.counts.nReceived, left.counts.nReceived, left.name);
            NS_TEST_EXPECT_MSG_EQ(right.counts.receivedBytes, left.counts.receivedBytes, left.name);
            NS_TEST_EXPECT_MSG_EQ(right.delay.GetMax(), left.delay.GetMax(), left.name);
        }
        const NodeFigures& a = cores.last.nodes[1];
        uint64_t nLookups = 0;
        for (const CoreSample& core : a.cores)
        {
            nLookups += core.cache.GetLookups();
        }
        NS_TEST_EXPECT_MSG_EQ(nLookups, a.work.nCacheLookups, "lookups of all cores");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of nodes with cores.
 */
class NodeCoresTestSuite : public TestSuite
{
  public:
    NodeCoresTestSuite()
        : TestSuite("xfrm-node-cores", SYSTEM)
    {
        AddTestCase(new NodeCoresRateTestCase, TestCase::QUICK);
        AddTestCase(new NodeCoresStatesTestCase, TestCase::QUICK);
        AddTestCase(new NodeCoresFreeTestCase, TestCase::QUICK);
    }
};

static NodeCoresTestSuite g_nodeCoresTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
