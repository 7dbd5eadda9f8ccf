/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"

#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return a policy of a type that blocks
PolicyConfig
MakeBlock(PolicyType type = PolicyType::Main)
{
    PolicyConfig config = NamespaceFixture::MakePolicy();
    config.action = PolicyAction::Block;
    config.type = type;
    return config;
}

/// @return the same, but optional
Template
MakeOptional(Template wanted)
{
    wanted.isOptional = true;
    return wanted;
}

/// @return n templates with request ids 1 to n
std::vector<Template>
MakeTemplates(uint32_t n)
{
    std::vector<Template> templates;
    for (uint32_t i = 1; i <= n; ++i)
    {
        templates.push_back(NamespaceFixture::MakeTemplate(i));
    }
    return templates;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief When output policies are not even looked for (R2, R3, R14, R24).
 *
 * No Out policy at all, a device with NOXFRM, protocol 0: the packet goes plain, and neither the
 * flow cache nor a counter moves.
 */
class LookupSkippedTestCase : public TestCase
{
  public:
    LookupSkippedTestCase()
        : TestCase("without Out policies, or on an exempt device, nothing is looked up")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        PolicyConfig in = MakeBlock();
        in.direction = Direction::In;
        host.Add(in);
        OutputDecision decision = host.Decide();
        NS_TEST_EXPECT_MSG_EQ((decision.verdict == OutputVerdict::Plain), true, "no Out policy");
        host.Add(MakeBlock());
        host.routes.outside.hasNoXfrm = true;
        decision = host.Decide();
        NS_TEST_EXPECT_MSG_EQ((decision.verdict == OutputVerdict::Plain), true, "NOXFRM");
        host.routes.outside.hasNoXfrm = false;
        Flow flow = NamespaceFixture::MakeFlow();
        flow.common.proto = PROTO_ANY;
        decision = host.lookup.DecideLocal(flow, host.routes.MakeRoute("10.2.0.2"), host.Here());
        NS_TEST_EXPECT_MSG_EQ((decision.verdict == OutputVerdict::Plain), true, "protocol 0");
        NS_TEST_EXPECT_MSG_EQ(host.work.cache.GetLookups(), 0, "no lookup in the cache");
        NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "", "no counter");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief "No policy" is cached until a policy is inserted (R15, R41, R65, C3).
 */
class LookupNegativeTestCase : public TestCase
{
  public:
    LookupNegativeTestCase()
        : TestCase("a flow without policy is remembered as such until a policy comes")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        PolicyConfig other = MakeBlock();
        other.selector.destination = Ipv4Address("10.3.0.0");
        host.Add(other);
        OutputDecision decision = host.Decide();
        NS_TEST_EXPECT_MSG_EQ((decision.cacheOutcome == CacheOutcome::Miss), true, "first");
        decision = host.Decide();
        NS_TEST_EXPECT_MSG_EQ((decision.cacheOutcome == CacheOutcome::Negative), true, "second");
        NS_TEST_EXPECT_MSG_EQ((decision.verdict == OutputVerdict::Plain), true, "plain");
        NS_TEST_EXPECT_MSG_EQ(host.work.policy.nLookups, 2, "SUB and MAIN, once each");
        host.Add(MakeBlock());
        decision = host.Decide();
        NS_TEST_EXPECT_MSG_EQ((decision.cacheOutcome == CacheOutcome::Stale), true, "inserted");
        NS_TEST_EXPECT_MSG_EQ(decision.error, error::PERM, "the new policy blocks");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Block and bypass (R20, R22a, R22b, R22d, R26, R29, R62, C2).
 *
 * Both set the policy's use time to the wall clock, block counts OutPolBlock, and both stay in
 * force for a cached flow although the policy is deleted by a flush.
 */
class LookupDummyTestCase : public TestCase
{
  public:
    LookupDummyTestCase()
        : TestCase("block refuses and bypass lets through, cached flows even after a flush")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        PolicyConfig last = MakeBlock();
        last.priority = 1;
        const Ptr<Policy> block = host.Add(last);
        PolicyConfig config = NamespaceFixture::MakePolicy();
        config.selector.sourcePort = 5001;
        config.selector.sourcePortMask = 0xffff;
        config.priority = 0;
        const Ptr<Policy> bypass = host.Add(config);
        host.now = Seconds(5);
        OutputDecision decision = host.Decide();
        NS_TEST_EXPECT_MSG_EQ(decision.error, error::PERM, "blocked");
        NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "XfrmOutPolBlock=1", "counted");
        NS_TEST_EXPECT_MSG_EQ(block->GetUse().useTime, 1434931205, "epoch and 5 s");
        NS_TEST_EXPECT_MSG_EQ(bypass->GetUse().useTime, 0, "not used");
        Flow flow = NamespaceFixture::MakeFlow();
        flow.upper = UpperLayer::Ports(5001, 6000);
        decision = host.Decide(flow);
        NS_TEST_EXPECT_MSG_EQ((decision.verdict == OutputVerdict::Plain), true, "let through");
        NS_TEST_EXPECT_MSG_EQ(bypass->GetUse().useTime, 1434931205, "used");
        NS_TEST_EXPECT_MSG_EQ(host.net.FlushPolicies(PolicyType::Main), 2, "both deleted");
        decision = host.Decide();
        NS_TEST_EXPECT_MSG_EQ((decision.verdict == OutputVerdict::Plain), true, "no policy left");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A bypass policy is a dummy that serves hits, dead or not (R22d, C2).
 *
 * Another policy keeps the count above 0; the flush of SUB policies kills the bypass, and a hit
 * does
 * not look at that.
 */
class LookupDeadBypassTestCase : public TestCase
{
  public:
    LookupDeadBypassTestCase()
        : TestCase("a dead policy's bypass goes on for cached flows")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        host.Add(MakeBlock());
        PolicyConfig config = MakeBlock(PolicyType::Sub);
        const Ptr<Policy> sub = host.Add(config);
        OutputDecision decision = host.Decide();
        NS_TEST_EXPECT_MSG_EQ(decision.error, error::PERM, "SUB blocks; MAIN is not asked (R29)");
        NS_TEST_EXPECT_MSG_EQ(host.work.policy.nLookups, 1, "one search: SUB");
        host.net.FlushPolicies(PolicyType::Sub);
        NS_TEST_EXPECT_MSG_EQ(sub->IsDead(), true, "deleted");
        host.now = Seconds(9);
        decision = host.Decide();
        NS_TEST_EXPECT_MSG_EQ((decision.cacheOutcome == CacheOutcome::Hit), true, "a hit");
        NS_TEST_EXPECT_MSG_EQ(sub->GetUse().useTime, 1434931209, "the dead policy is used (R26)");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A missing state (R5, R8, R19, R33, R38, R42, R45, R270, C1, C4, C5).
 *
 * xfrm_lookup() says -EREMOTE, to a local sender that is a blackhole and success, to a forwarder an
 * error; with larval_drop off it is -EAGAIN.  Each lookup counts OutNoStates and leaves the use
 * time
 * alone.  A state that arrives serves the next packet without a new search for policies: the dummy
 * refuses, and its policies are used again (R40).
 */
class LookupNoStateTestCase : public TestCase
{
  public:
    LookupNoStateTestCase()
        : TestCase("a missing state drops silently, and its arrival is noticed at the next packet")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        const Ptr<Policy> policy =
            host.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
        OutputDecision decision = host.Decide();
        NS_TEST_EXPECT_MSG_EQ(decision.error, error::REMOTE, "larval_drop");
        const Flow flow = NamespaceFixture::MakeFlow();
        const Ptr<Route> route = host.routes.MakeRoute("10.2.0.2");
        decision = host.lookup.DecideLocal(flow, route, host.Here());
        NS_TEST_EXPECT_MSG_EQ((decision.verdict == OutputVerdict::Blackhole), true, "local");
        NS_TEST_EXPECT_MSG_EQ(decision.error, 0, "success to the sender");
        decision = host.lookup.DecideForwarded(&flow, route, host.Here());
        NS_TEST_EXPECT_MSG_EQ(decision.error, error::REMOTE, "forwarded");
        host.net.GetSettings().useLarvalDrop = false;
        decision = host.lookup.DecideLocal(flow, route, host.Here());
        NS_TEST_EXPECT_MSG_EQ(decision.error, error::AGAIN, "larval_drop off");
        NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "XfrmOutNoStates=4", "once a lookup");
        NS_TEST_EXPECT_MSG_EQ(policy->GetUse().useTime, 0, "no use time");
        const uint64_t nSearches = host.work.policy.nLookups;
        host.Add(NamespaceFixture::MakeState());
        decision = host.Decide();
        NS_TEST_EXPECT_MSG_EQ((decision.verdict == OutputVerdict::Transform), true, "resolved");
        NS_TEST_EXPECT_MSG_EQ((decision.cacheOutcome == CacheOutcome::Refused), true, "refused");
        NS_TEST_EXPECT_MSG_EQ(host.work.policy.nLookups, nSearches, "no search for policies");
        NS_TEST_EXPECT_MSG_EQ(decision.bundle->GetElements().size(), 1, "one state");
        decision = host.Decide();
        NS_TEST_EXPECT_MSG_EQ((decision.cacheOutcome == CacheOutcome::Hit), true, "then a hit");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief An old chain that cannot be rebuilt is used as it is (R40, R42, R44, R74).
 *
 * Its state is deleted by a flush, which leaves the entry; the template is unresolved (-EAGAIN), so
 * the lookup returns the old chain, dead state included.  When its policy is dead too, the policies
 * are searched anew.
 */
class LookupStaleChainTestCase : public TestCase
{
  public:
    LookupStaleChainTestCase()
        : TestCase("a chain whose state went goes on being used while there is no other")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        host.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
        PolicyConfig other = MakeBlock();
        other.selector.destination = Ipv4Address("10.3.0.0");
        other.type = PolicyType::Sub;
        host.Add(other);
        host.Add(NamespaceFixture::MakeState());
        const OutputDecision first = host.Decide();
        NS_TEST_ASSERT_MSG_EQ((first.verdict == OutputVerdict::Transform), true, "a chain");
        host.net.FlushStates(PROTO_ANY);
        const OutputDecision second = host.Decide();
        NS_TEST_EXPECT_MSG_EQ((second.cacheOutcome == CacheOutcome::Refused), true, "refused");
        NS_TEST_EXPECT_MSG_EQ(second.bundle, first.bundle, "the same chain");
        NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "", "nothing is counted by the lookup");
        host.net.FlushPolicies(PolicyType::Main);
        const OutputDecision third = host.Decide();
        NS_TEST_EXPECT_MSG_EQ((third.verdict == OutputVerdict::Plain), true, "no policy any more");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Optional templates (R32, R33, R38, R42, C7).
 *
 * Unmet ones shrink the chain; when none is met the flow goes plain, now and from the cache, and
 * the
 * dummy's number of transformations is 0.
 */
class LookupOptionalTestCase : public TestCase
{
  public:
    LookupOptionalTestCase()
        : TestCase("optional templates that find no state are left out")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        const Template first = NamespaceFixture::MakeTemplate(1);
        const Template second = NamespaceFixture::MakeTemplate(2);
        host.Add(NamespaceFixture::MakePolicy({MakeOptional(first), MakeOptional(second)}));
        OutputDecision decision = host.Decide();
        NS_TEST_EXPECT_MSG_EQ((decision.verdict == OutputVerdict::Plain), true, "none met");
        decision = host.Decide();
        NS_TEST_EXPECT_MSG_EQ((decision.cacheOutcome == CacheOutcome::Hit), true, "cached");
        host.Add(NamespaceFixture::MakeState(0x2, 2));
        decision = host.Decide();
        NS_TEST_EXPECT_MSG_EQ((decision.verdict == OutputVerdict::Plain), true, "still a hit");
        PolicyConfig other = MakeBlock();
        other.selector.destination = Ipv4Address("10.3.0.0");
        host.Add(other);
        decision = host.Decide();
        NS_TEST_ASSERT_MSG_EQ((decision.verdict == OutputVerdict::Transform), true, "anew");
        NS_TEST_EXPECT_MSG_EQ(decision.bundle->GetElements().size(), 1, "one of two is met");
        NS_TEST_EXPECT_MSG_EQ(decision.bundle->GetMatch().nTransforms, 1, "states are counted");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief How many templates there may be (R34, C6).
 *
 * Five are the most: the sixth makes states so far + templates reach 6.
 */
class LookupDepthTestCase : public TestCase
{
  public:
    LookupDepthTestCase()
        : TestCase("five templates resolve, six are too many")
    {
    }

  private:
    void DoRun() override
    {
        for (const uint32_t n : {5U, 6U})
        {
            NamespaceFixture host;
            host.Add(NamespaceFixture::MakePolicy(MakeTemplates(n)));
            for (uint32_t i = 1; i <= n; ++i)
            {
                host.Add(NamespaceFixture::MakeState(0x1000 + i, i));
            }
            const OutputDecision decision = host.Decide();
            NS_TEST_EXPECT_MSG_EQ(decision.error, (n == 5 ? 0 : error::NOBUFS), n);
            NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), (n == 5 ? "" : "XfrmOutPolError=1"), n);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Errors on the way to a chain, with their counters (R25, R30, R31, R36, R146).
 *
 * A tunnel without local address whose peer has no route: -EHOSTUNREACH, OutPolError, even if the
 * template is optional.  An outer route that fails: its error, OutBundleGenError.  A wanted SPI
 * that
 * exists with another request id: -EEXIST, OutPolError.  Errors are not cached.
 */
class LookupErrorTestCase : public TestCase
{
  public:
    LookupErrorTestCase()
        : TestCase("each failure has its error and its counter, and is tried again")
    {
    }

  private:
    void ExpectError(Template wanted,
                     const StateConfig& state,
                     int32_t routeError,
                     int32_t expected,
                     const std::string& counter)
    {
        NamespaceFixture host;
        host.Add(NamespaceFixture::MakePolicy({wanted}));
        host.Add(state);
        host.routes.failsWith = routeError;
        for (uint32_t i = 1; i <= 2; ++i)
        {
            const OutputDecision decision = host.lookup.Decide(NamespaceFixture::MakeFlow(),
                                                               host.routes.MakeRoute("10.2.0.2"),
                                                               Lookup::Purpose::Packet,
                                                               host.Here());
            NS_TEST_EXPECT_MSG_EQ(decision.error, expected, counter);
            NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), counter + "=" + std::to_string(i), counter);
        }
        NS_TEST_EXPECT_MSG_EQ(host.work.cache.nErrors, 2, "both asked the resolver");
    }

    void DoRun() override
    {
        Template anyLocal = MakeOptional(NamespaceFixture::MakeTemplate());
        anyLocal.source = IpAddress();
        const StateConfig state = NamespaceFixture::MakeState();
        ExpectError(anyLocal, state, error::NETUNREACH, error::HOSTUNREACH, "XfrmOutPolError");
        ExpectError(NamespaceFixture::MakeTemplate(),
                    state,
                    error::NETUNREACH,
                    error::NETUNREACH,
                    "XfrmOutBundleGenError");
        Template wantedSpi = NamespaceFixture::MakeTemplate(7);
        wantedSpi.spi = 0x1001;
        ExpectError(wantedSpi, state, 0, error::EXIST, "XfrmOutPolError");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Where a template's ends come from (R36, R37, R140).
 *
 * A tunnel without local address takes the route's source, 10.9.0.1.  A transport template behind a
 * tunnel uses the tunnel's ends, a first one the flow's; a skipped optional one changes nothing.
 */
class LookupEndsTestCase : public TestCase
{
  public:
    LookupEndsTestCase()
        : TestCase("templates take their ends from the tunnel before, the flow or the route")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        Template tunnel = NamespaceFixture::MakeTemplate(1);
        tunnel.source = IpAddress();
        Template skipped = MakeOptional(NamespaceFixture::MakeTemplate(9));
        skipped.destination = Ipv4Address("10.9.0.99");
        Template transport;
        transport.reqid = 2;
        host.Add(NamespaceFixture::MakePolicy({tunnel, skipped, transport}));
        host.Add(NamespaceFixture::MakeState(0x1001, 1));
        StateConfig behind = NamespaceFixture::MakeState(0x1002, 2);
        behind.mode = Mode::Transport;
        host.Add(behind);
        const OutputDecision decision = host.Decide();
        NS_TEST_ASSERT_MSG_EQ((decision.verdict == OutputVerdict::Transform), true, "resolved");
        NS_TEST_EXPECT_MSG_EQ(decision.bundle->GetElements().size(), 2, "tunnel and transport");
        NS_TEST_EXPECT_MSG_EQ(decision.bundle->GetMatch().nTransforms, 2, "states, not templates");

        NamespaceFixture plain;
        plain.Add(NamespaceFixture::MakePolicy({transport}));
        behind.id.destination = Ipv4Address("10.2.0.2");
        behind.source = Ipv4Address("10.1.0.2");
        plain.Add(behind);
        const OutputDecision direct = plain.Decide();
        NS_TEST_EXPECT_MSG_EQ((direct.verdict == OutputVerdict::Transform), true, "flow's ends");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief SUB policies and their MAIN partners (R16, R27, R28, R35, R118).
 *
 * SUB allows with one template, MAIN adds another: the chain has both states, SUB's first.
 */
class LookupSubPolicyTestCase : public TestCase
{
  public:
    LookupSubPolicyTestCase()
        : TestCase("a SUB policy that allows is joined by a MAIN policy")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        PolicyConfig sub = NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate(1)});
        sub.type = PolicyType::Sub;
        const Ptr<Policy> first = host.Add(sub);
        const Ptr<Policy> second =
            host.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate(2)}));
        const Ptr<State> inner = host.Add(NamespaceFixture::MakeState(0x1001, 1));
        const Ptr<State> outer = host.Add(NamespaceFixture::MakeState(0x1002, 2));
        const OutputDecision decision = host.Decide();
        NS_TEST_ASSERT_MSG_EQ((decision.verdict == OutputVerdict::Transform), true, "resolved");
        const std::vector<BundleElement>& elements = decision.bundle->GetElements();
        NS_TEST_ASSERT_MSG_EQ(elements.size(), 2, "both");
        NS_TEST_EXPECT_MSG_EQ(elements[0].state, inner, "SUB's first");
        NS_TEST_EXPECT_MSG_EQ(elements[1].state, outer, "MAIN's second");
        NS_TEST_EXPECT_MSG_NE(first->GetUse().useTime, 0, "SUB used");
        NS_TEST_EXPECT_MSG_NE(second->GetUse().useTime, 0, "MAIN used");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What makes a cache key (R60, C10), and that the cache is the running CPU's (R61).
 *
 * Flows that differ only in mark, type of service, or output device are entries of their own with
 * chains of their own over the same state; another CPU knows none of them.
 */
class LookupKeyTestCase : public TestCase
{
  public:
    LookupKeyTestCase()
        : TestCase("flows that differ in any key field have chains of their own, on each CPU")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host(2);
        host.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
        const Ptr<State> state = host.Add(NamespaceFixture::MakeState());
        Flow flow = NamespaceFixture::MakeFlow();
        const OutputDecision first = host.Decide(flow);
        flow.common.mark = 1;
        const OutputDecision marked = host.Decide(flow);
        flow.common.tos = 0x10;
        host.Decide(flow);
        flow.common.oif = 4;
        host.Decide(flow);
        host.cpu = 1;
        const OutputDecision elsewhere = host.Decide(flow);
        NS_TEST_EXPECT_MSG_EQ(host.work.cache.nMisses, 5, "no two are the same");
        NS_TEST_EXPECT_MSG_NE(first.bundle, marked.bundle, "chains of their own");
        NS_TEST_EXPECT_MSG_EQ(elsewhere.bundle->GetElements()[0].state, state, "same state");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Forwarded packets (R270, R271): what cannot be read is counted, but only if it matters.
 */
class LookupForwardTestCase : public TestCase
{
  public:
    LookupForwardTestCase()
        : TestCase("a forwarded packet with an unreadable header is dropped if policies exist")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        const Ptr<Route> route = host.routes.MakeRoute("10.2.0.2");
        OutputDecision decision = host.lookup.DecideForwarded(nullptr, route, host.Here());
        NS_TEST_EXPECT_MSG_EQ((decision.verdict == OutputVerdict::Plain), true, "no policy");
        host.Add(MakeBlock());
        decision = host.lookup.DecideForwarded(nullptr, route, host.Here());
        NS_TEST_EXPECT_MSG_EQ((decision.verdict == OutputVerdict::Error), true, "dropped");
        NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "XfrmFwdHdrError=1", "counted");
        const Flow flow = NamespaceFixture::MakeFlow();
        decision = host.lookup.DecideForwarded(&flow, route, host.Here());
        NS_TEST_EXPECT_MSG_EQ(decision.error, error::PERM, "blocked");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of Lookup, BundleResolver and ResolveTemplates.
 */
class LookupTestSuite : public TestSuite
{
  public:
    LookupTestSuite()
        : TestSuite("xfrm-lookup", UNIT)
    {
        AddTestCase(new LookupSkippedTestCase, TestCase::QUICK);
        AddTestCase(new LookupNegativeTestCase, TestCase::QUICK);
        AddTestCase(new LookupDummyTestCase, TestCase::QUICK);
        AddTestCase(new LookupDeadBypassTestCase, TestCase::QUICK);
        AddTestCase(new LookupNoStateTestCase, TestCase::QUICK);
        AddTestCase(new LookupStaleChainTestCase, TestCase::QUICK);
        AddTestCase(new LookupOptionalTestCase, TestCase::QUICK);
        AddTestCase(new LookupDepthTestCase, TestCase::QUICK);
        AddTestCase(new LookupErrorTestCase, TestCase::QUICK);
        AddTestCase(new LookupEndsTestCase, TestCase::QUICK);
        AddTestCase(new LookupSubPolicyTestCase, TestCase::QUICK);
        AddTestCase(new LookupKeyTestCase, TestCase::QUICK);
        AddTestCase(new LookupForwardTestCase, TestCase::QUICK);
    }
};

static LookupTestSuite g_lookupTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
