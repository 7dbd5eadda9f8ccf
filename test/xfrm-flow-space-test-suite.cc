/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-study.h"

#include "ns3/test.h"

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return a flow as something that can be sorted
std::tuple<uint32_t, uint32_t, uint16_t, uint16_t>
MakeIndex(const Flow& flow)
{
    return {flow.source.GetFirstWord(),
            flow.destination.GetFirstWord(),
            flow.GetSourcePort(),
            flow.GetDestinationPort()};
}

/// @return flows between 192.168.0.4/30 and 10.0.0.8/31
FlowBlock
MakeFlowBlock()
{
    return {.source = Ipv4Address("192.168.0.6"),
            .sourcePrefix = 30,
            .destination = Ipv4Address("10.0.0.8"),
            .destinationPrefix = 31};
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Flows of a block: two destinations, then four sources from the one that is given on, then
 * ports.
 *
 * 2 * 4 flows have the first source port, 65536 * 8 the first destination port.
 */
class FlowSpaceOrderTestCase : public TestCase
{
  public:
    FlowSpaceOrderTestCase()
        : TestCase("numbers count hosts first, then ports")
    {
    }

  private:
    void Check(const FlowSpace& space,
               uint32_t number,
               const std::array<const char*, 2>& addresses,
               const std::array<uint16_t, 2>& ports)
    {
        const Flow flow = space.MakeFlow(number);
        NS_TEST_EXPECT_MSG_EQ(flow.source.GetIpv4(),
                              Ipv4Address(addresses[0]),
                              "source of flow " << number);
        NS_TEST_EXPECT_MSG_EQ(flow.destination.GetIpv4(),
                              Ipv4Address(addresses[1]),
                              "destination of flow " << number);
        NS_TEST_EXPECT_MSG_EQ(flow.GetSourcePort(), ports[0], "source port " << number);
        NS_TEST_EXPECT_MSG_EQ(flow.GetDestinationPort(), ports[1], "destination port " << number);
        NS_TEST_EXPECT_MSG_EQ(flow.common.oif, 5, "device of flow " << number);
        NS_TEST_EXPECT_MSG_EQ(uint32_t{flow.common.proto}, uint32_t{PROTO_UDP}, "UDP");
    }

    void DoRun() override
    {
        const FlowSpace one({MakeFlowBlock()}, 5);
        Check(one, 0, {"192.168.0.6", "10.0.0.8"}, {1024, 4096});
        Check(one, 1, {"192.168.0.6", "10.0.0.9"}, {1024, 4096});
        Check(one, 2, {"192.168.0.7", "10.0.0.8"}, {1024, 4096});
        Check(one, 4, {"192.168.0.4", "10.0.0.8"}, {1024, 4096});
        Check(one, 8, {"192.168.0.6", "10.0.0.8"}, {1025, 4096});
        Check(one, 8 * 64512, {"192.168.0.6", "10.0.0.8"}, {0, 4096});
        Check(one, 8 * 65536, {"192.168.0.6", "10.0.0.8"}, {1024, 4097});

        FlowBlock other = MakeFlowBlock();
        other.source = Ipv4Address("172.16.0.0");
        other.isUniform = true;
        Flow listed;
        listed.source = Ipv4Address("1.2.3.4");
        listed.destination = Ipv4Address("5.6.7.8");
        listed.common.proto = PROTO_UDP;
        listed.upper = UpperLayer::Ports(7, 8);
        const FlowSpace two({MakeFlowBlock(), other}, 5, {listed});
        Check(two, 0, {"1.2.3.4", "5.6.7.8"}, {7, 8}); // flow 0 of block 0 is this instead
        Check(two, 1, {"172.16.0.0", "10.0.0.8"}, {1024, 4096});
        Check(two, 2, {"192.168.0.6", "10.0.0.9"}, {1024, 4096});
        Check(two, 3, {"172.16.0.0", "10.0.0.9"}, {1024, 4096});
        NS_TEST_EXPECT_MSG_EQ(two.FindUniformBlock(2).has_value(), false, "block 0 is mixed");
        NS_TEST_EXPECT_MSG_EQ(two.FindUniformBlock(3).value_or(9), 1, "block 1 is not");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief 100000 numbers in a row have as many flows, also where each block keeps to its queues.
 */
class FlowSpaceDistinctTestCase : public TestCase
{
  public:
    FlowSpaceDistinctTestCase()
        : TestCase("no two numbers have the same flow, and aligned blocks have queues of their own")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<FlowBlock> blocks =
            MakeStudyPolicies({.nInexact = 2, .nPrefixed = 1, .nExact = 1}).blocks;
        const Rss rss({.nQueues = 8});
        for (const bool isAligned : {false, true})
        {
            FlowSpace space(blocks, 2);
            if (isAligned)
            {
                space.AlignTo(rss);
            }
            std::set<std::tuple<uint32_t, uint32_t, uint16_t, uint16_t>> flows;
            std::array<uint32_t, 8> nOfQueues{};
            uint32_t nAstray = 0;
            for (uint32_t number = 0; number < 100'000; ++number)
            {
                const Flow flow = space.MakeFlow(number);
                flows.insert(MakeIndex(flow));
                const uint32_t queue = rss.GetQueue(FlowSpace::DescribeForRss(flow));
                nAstray += queue % 4 == number % 4 ? 0 : 1;
                ++nOfQueues[queue];
            }
            NS_TEST_EXPECT_MSG_EQ(flows.size(), 100'000, "flows");
            if (isAligned)
            {
                NS_TEST_EXPECT_MSG_EQ(nAstray, 0, "each block has queues of its own");
            }
            else
            {
                NS_TEST_EXPECT_MSG_GT(nAstray, 50'000, "blocks have all queues");
            }
            for (uint32_t queue = 0; queue < 8; ++queue)
            {
                NS_TEST_EXPECT_MSG_GT(nOfQueues[queue], 9'000, "share of queue " << queue);
            }
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Values that can't be.
 */
class FlowSpaceErrorTestCase : public TestCase
{
  public:
    FlowSpaceErrorTestCase()
        : TestCase("blocks and numbers of policies that can not be are named")
    {
    }

  private:
    void Expect(const std::string& words, const std::function<void()>& fail)
    {
        NS_TEST_EXPECT_MSG_EQ(GetRefusal(fail), words, words);
    }

    void DoRun() override
    {
        Expect("no blocks of flows: must be one or more", [] { const FlowSpace space({}, 2); });
        FlowBlock block = MakeFlowBlock();
        block.sourcePrefix = 33;
        Expect("source prefix 33: must be 0 to 32 bits",
               [&] { const FlowSpace space({block}, 2); });
        block = MakeFlowBlock();
        block.destinationPrefix = 200;
        Expect("destination prefix 200: must be 0 to 32 bits",
               [&] { const FlowSpace space({block}, 2); });
        Expect("2 blocks of flows for queues of their own: must divide 3 queues", [] {
            FlowSpace space({MakeFlowBlock(), MakeFlowBlock()}, 2);
            space.AlignTo(Rss({.nQueues = 3}));
        });
        Expect("policies 0: must be 1 or more", [] { MakeStudyPolicies({}); });
        Expect("inexact policies 65537: must be 0 to 65536",
               [] { MakeStudyPolicies({.nInexact = 65'537}); });
        Expect("prefixed policies 65537: must be 0 to 65536",
               [] { MakeStudyPolicies({.nPrefixed = 65'537}); });
        Expect("exact policies 1000001: must be 0 to 1000000",
               [] { MakeStudyPolicies({.nExact = 1'000'001}); });
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Two policies of each kind: the flows of each are its own, and their searches compare
 * what the kind says.
 *
 * There are two searches, of which that of sub policies finds nothing (R41): it compares both
 * policies of the list, and the search of main policies again both, but for flow 4, whose policy is
 * the first.  A bucket may have policies of several hashes, and is gone through twice, too.
 */
class StudyPoliciesTestCase : public TestCase
{
  public:
    StudyPoliciesTestCase()
        : TestCase("policies of all kinds have flows, states and searches of their own")
    {
    }

  private:
    void CheckSelectors(const StudyPolicies& made)
    {
        const FlowSpace space(made.blocks, 2);
        for (uint32_t number = 0; number < 6000; ++number)
        {
            const Flow flow = space.MakeFlow(number);
            for (size_t i = 0; i < made.policies.size(); ++i)
            {
                const bool matches = made.policies[i].selector.Matches(flow, Family::Ipv4);
                NS_TEST_EXPECT_MSG_EQ(matches, (number % 6 == i), "flow and policy");
            }
        }
    }

    void DoRun() override
    {
        const PolicyCounts counts{.nInexact = 2, .nPrefixed = 2, .nExact = 2};
        const StudyPolicies made = MakeStudyPolicies(counts);
        NS_TEST_EXPECT_MSG_EQ(made.policies.size(), 6, "policies");
        NS_TEST_EXPECT_MSG_EQ(made.states.size(), 6, "each has a state");
        NS_TEST_EXPECT_MSG_EQ(made.wantsThresholds, true, "thresholds");
        NS_TEST_EXPECT_MSG_EQ(MakeStudyPolicies({.nExact = 1}).wantsThresholds, false, "none");
        CheckSelectors(made);
        PolicyCounts shared = counts;
        shared.hasOneState = true;
        NS_TEST_EXPECT_MSG_EQ(MakeStudyPolicies(shared).states.size(), 1, "one for all");

        const StateConfig next = MakeRekeyed(made.states[1], 2);
        StateConfig same = next;
        same.id.spi = made.states[1].id.spi;
        NS_TEST_EXPECT_MSG_NE(next.id.spi, made.states[1].id.spi, "another SPI");
        const bool isSame = same.id == made.states[1].id && same.reqid == made.states[1].reqid;
        NS_TEST_EXPECT_MSG_EQ(isSame, true, "else the same");

        for (uint32_t flow = 0; flow < 6; ++flow)
        {
            StudyConfig config = MakeRound(1, MilliSeconds(1));
            config.policies = made;
            config.traffic = MakeRecorded({flow});
            const StudyCore core = LookupStudy(config).Run().cores[0];
            NS_TEST_EXPECT_MSG_EQ(core.verdicts.nTransformed, 1, "flow " << flow);
            NS_TEST_EXPECT_MSG_EQ(core.work.policy.nLookups, 2, "searches of flow " << flow);
            NS_TEST_EXPECT_MSG_EQ(core.work.policy.nInexactCompared,
                                  (flow == 4 ? 3 : 4),
                                  "list of flow " << flow);
            if (flow < 4)
            {
                NS_TEST_EXPECT_MSG_GT(core.work.policy.nExactCompared, 1, "bucket of " << flow);
            }
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of FlowSpace and MakeStudyPolicies().
 */
class FlowSpaceTestSuite : public TestSuite
{
  public:
    FlowSpaceTestSuite()
        : TestSuite("xfrm-flow-space", UNIT)
    {
        AddTestCase(new FlowSpaceOrderTestCase, QUICK);
        AddTestCase(new FlowSpaceDistinctTestCase, QUICK);
        AddTestCase(new FlowSpaceErrorTestCase, QUICK);
        AddTestCase(new StudyPoliciesTestCase, QUICK);
    }
};

const FlowSpaceTestSuite g_flowSpaceTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
