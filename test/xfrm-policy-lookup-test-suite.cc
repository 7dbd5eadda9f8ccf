/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-fixture.h"

#include "ns3/test.h"

#include <algorithm>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief An exact policy wins ties only, whatever its age (R116, C25).
 *
 * The exact one has priority 5.  An inexact one of 5 loses although it is older; one of 4 wins.
 */
class PolicyTieTestCase : public TestCase
{
  public:
    PolicyTieTestCase()
        : TestCase("an exact policy beats inexact ones of equal priority only")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        const Flow flow = MakeFlow("10.0.0.1", "10.0.0.2");
        fixture.Add("older", MakePolicy("10.0.0.0/24", "10.0.0.0/24", 5));
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(flow), "older", "alone");
        fixture.Add("exact", MakePolicy("10.0.0.1/32", "10.0.0.2/32", 5));
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(flow), "exact", "a tie");
        fixture.Add("better", MakePolicy("0.0.0.0/0", "0.0.0.0/0", 4));
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(flow), "better", "smaller priority");
        fixture.Add("exact best", [] {
            PolicyConfig config = MakePolicy("10.0.0.1/32", "10.0.0.2/32", 0);
            config.selector.proto = 17;
            return config;
        }());
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(flow), "exact best", "first of the bucket");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief An inexact policy of priority 2^32 - 1 is never found, an exact one is (R116).
 */
class PolicyWorstPriorityTestCase : public TestCase
{
  public:
    PolicyWorstPriorityTestCase()
        : TestCase("an inexact policy of the largest priority number is never found")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        const Flow flow = MakeFlow("10.0.0.1", "10.0.0.2");
        fixture.Add("worst", MakePolicy("0.0.0.0/0", "0.0.0.0/0", UINT32_MAX));
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(flow), "", "2^32 - 1");
        NS_TEST_EXPECT_MSG_EQ(fixture.work.nInexactCompared, 1, "compared all the same");
        fixture.Add("next", MakePolicy("10.0.0.0/8", "0.0.0.0/0", UINT32_MAX - 1));
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(flow), "next", "2^32 - 2");
        fixture.Add("exact", MakePolicy("10.0.0.1/32", "10.0.0.3/32", UINT32_MAX));
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(MakeFlow("10.0.0.1", "10.0.0.3")), "next", "2^32 - 2");
        fixture.database.Remove(PolicyType::Main,
                                Direction::Out,
                                MakeSelector("10.0.0.0/8", "0.0.0.0/0"),
                                {});
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(MakeFlow("10.0.0.1", "10.0.0.3")), "exact", "exact");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What a search compares (R116).
 *
 * The bucket holds tcp (1), udp (2) and other (3) of one pair: a UDP flow compares 2 of them.  The
 * list holds n0 (0), net2 (2), net3 (3), where n0 does not match: with the exact hit of priority 2
 * no match is strictly smaller, so all 3 are compared, past the match at 2.  A flow that is in no
 * bucket's policy stops at net2: 2.  A flow without policy compares the whole list.  Type and
 * direction of what is compared play no part; an empty direction compares nothing.
 */
class PolicyWorkTestCase : public TestCase
{
  public:
    PolicyWorkTestCase()
        : TestCase("a search counts each policy that the kernel's walk compares")
    {
    }

  private:
    /// Add an exact policy for a protocol.
    static void AddExact(PolicyFixture& fixture, const std::string& name, uint8_t proto)
    {
        PolicyConfig config = MakePolicy("10.0.0.1/32", "10.0.0.2/32", proto == 6 ? 1 : 2);
        config.selector.proto = proto;
        fixture.Add(name, config);
    }

    void DoRun() override
    {
        PolicyFixture fixture;
        AddExact(fixture, "tcp", 6);
        AddExact(fixture, "udp", 17);
        AddExact(fixture, "other", 0);
        fixture.Add("n0", MakePolicy("10.9.0.0/16", "0.0.0.0/0", 0));
        fixture.Add("net2", MakePolicy("10.0.0.0/8", "10.0.0.0/8", 2));
        fixture.Add("net3", MakePolicy("10.0.0.0/8", "0.0.0.0/0", 3));
        const Flow flow = MakeFlow("10.0.0.1", "10.0.0.2");
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(flow), "udp", "exact");
        NS_TEST_EXPECT_MSG_EQ((fixture.work == PolicyWork{1, 2, 3}), true, "whole list");
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(MakeFlow("10.0.0.9", "10.0.0.2")), "net2", "inexact");
        NS_TEST_EXPECT_MSG_EQ(fixture.work.nInexactCompared, 2, "up to the match");
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(MakeFlow("172.16.0.1", "10.0.0.2")), "", "none");
        NS_TEST_EXPECT_MSG_EQ(fixture.work.nInexactCompared, 3, "whole list");
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(flow, PolicyType::Sub), "", "no SUB policy");
        NS_TEST_EXPECT_MSG_EQ((fixture.work == PolicyWork{1, 3, 3}),
                              true,
                              "all MAIN ones compared");
        const std::string in = fixture.LookUp(flow, PolicyType::Main, Direction::In);
        NS_TEST_EXPECT_MSG_EQ(in, "", "none in");
        NS_TEST_EXPECT_MSG_EQ((fixture.work == PolicyWork{1, 0, 0}), true, "an empty direction");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief 40 subnet policies lie in one list, which a search walks up to its match (R116, C26).
 *
 * Policies 0 to 30 serve 10.i.0.0/16; 31 to 39 serve 10.31.0.0/16 from source port i only, those of
 * larger numbers first, so that addresses alone do not tell.
 */
class PolicyLongListTestCase : public TestCase
{
  public:
    PolicyLongListTestCase()
        : TestCase("a long list is searched in order, also past policies of fitting addresses")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        for (uint32_t i = 0; i < 40; ++i)
        {
            const std::string prefix = "10." + std::to_string(std::min(i, 31U)) + ".0.0/16";
            PolicyConfig config = MakePolicy(prefix, "0.0.0.0/0", i < 31 ? i : 100 - i);
            config.selector.sourcePort = static_cast<uint16_t>(i < 31 ? 0 : i);
            config.selector.sourcePortMask = i < 31 ? 0 : 0xffff;
            fixture.Add(std::to_string(i), config);
        }
        for (uint32_t i = 0; i < 31; ++i)
        {
            const Flow flow = MakeFlow("10." + std::to_string(i) + ".0.1", "10.0.0.1");
            NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(flow), std::to_string(i), "subnet " << i);
            NS_TEST_EXPECT_MSG_EQ(fixture.work.nInexactCompared, i + 1, "subnet " << i);
        }
        Flow flow = MakeFlow("10.31.0.1", "10.0.0.1");
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(flow), "", "no port fits");
        NS_TEST_EXPECT_MSG_EQ(fixture.work.nInexactCompared, 40, "no port fits");
        flow.upper = UpperLayer::Ports(31, 6000);
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(flow), "31", "priority 69, the last");
        NS_TEST_EXPECT_MSG_EQ(fixture.work.nInexactCompared, 40, "the last");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief IPv4 and IPv6 policies share the lists and do not see each other's flows (R117).
 */
class PolicyFamiliesTestCase : public TestCase
{
  public:
    PolicyFamiliesTestCase()
        : TestCase("a flow finds policies of its own family only")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        PolicyConfig config;
        config.family = Family::Ipv6;
        fixture.Add("v6", config);
        config.selector.source = Ipv6Address("2001:db8::1");
        config.selector.sourcePrefix = 128;
        config.selector.destination = Ipv6Address("2001:db8::2");
        config.selector.destinationPrefix = 128;
        fixture.Add("v6 host", config);
        fixture.Add("v4", MakePolicy("0.0.0.0/0", "0.0.0.0/0"));
        NS_TEST_EXPECT_MSG_EQ(fixture.GetInexact(), "v6 v4", "the list");
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(MakeFlow("10.0.0.1", "10.0.0.2")), "v4", "IPv4");
        Flow flow;
        flow.family = Family::Ipv6;
        flow.source = Ipv6Address("2001:db8::1");
        flow.destination = Ipv6Address("2001:db8::2");
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(flow), "v6 host", "IPv6, exact");
        flow.destination = Ipv6Address("2001:db8::3");
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(flow), "v6", "IPv6, inexact");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief SUB policies are searched first; a SUB hit of any action ends the lookup, whatever the
 * priority (R118).
 */
class PolicySubTestCase : public TestCase
{
  public:
    PolicySubTestCase()
        : TestCase("a global lookup searches SUB policies, then MAIN ones")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        PolicyConfig config = MakePolicy("10.0.0.0/24", "10.0.0.0/24", 9);
        config.type = PolicyType::Sub;
        fixture.Add("sub", config);
        fixture.Add("main", MakePolicy("0.0.0.0/0", "0.0.0.0/0", 1));
        PolicyWork work;
        Ptr<Policy> found =
            fixture.database.Lookup(MakeFlow("10.0.0.1", "10.0.0.2"), Direction::Out, work);
        NS_TEST_EXPECT_MSG_EQ(fixture.GetName(found), "sub", "SUB ends it");
        NS_TEST_EXPECT_MSG_EQ((work == PolicyWork{1, 0, 2}), true, "one search, past main");
        work = {};
        found = fixture.database.Lookup(MakeFlow("10.1.0.1", "10.0.0.2"), Direction::Out, work);
        NS_TEST_EXPECT_MSG_EQ(fixture.GetName(found), "main", "no SUB policy fits");
        NS_TEST_EXPECT_MSG_EQ((work == PolicyWork{2, 0, 3}), true, "two searches: 2 and 1");
        config.action = PolicyAction::Block;
        fixture.Insert("sub block", config, false);
        found = fixture.database.Lookup(MakeFlow("10.0.0.1", "10.0.0.2"), Direction::Out, work);
        NS_TEST_EXPECT_MSG_EQ(fixture.GetName(found), "sub block", "a SUB policy that blocks");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of PolicyDatabase::Lookup().
 */
class PolicyLookupTestSuite : public TestSuite
{
  public:
    PolicyLookupTestSuite()
        : TestSuite("xfrm-policy-lookup", UNIT)
    {
        AddTestCase(new PolicyTieTestCase, TestCase::QUICK);
        AddTestCase(new PolicyWorstPriorityTestCase, TestCase::QUICK);
        AddTestCase(new PolicyWorkTestCase, TestCase::QUICK);
        AddTestCase(new PolicyLongListTestCase, TestCase::QUICK);
        AddTestCase(new PolicyFamiliesTestCase, TestCase::QUICK);
        AddTestCase(new PolicySubTestCase, TestCase::QUICK);
    }
};

static PolicyLookupTestSuite g_policyLookupTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
