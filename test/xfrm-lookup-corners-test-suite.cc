/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"
#include "ns3/xfrm-flow-decoder.h"
#include "ns3/xfrm-policy-check.h"

#include <cstdint>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// A key manager that takes every acquire, and answers none.
class SilentManager : public KeyManager
{
  public:
    bool IsListening() const override
    {
        return true;
    }

    int32_t Acquire(const Ptr<State>& larval,
                    const Template& /*wanted*/,
                    const Ptr<Policy>& /*policy*/) override
    {
        larvals.push_back(larval);
        return 0;
    }

    void NotifyPolicyExpiry(const Ptr<Policy>& /*policy*/, bool /*isHard*/) override
    {
    }

    void NotifyExpiry(const Ptr<State>& /*state*/, StateExpiry /*expiry*/) override
    {
    }

    std::vector<Ptr<State>> larvals; //!< of the acquires
};

/// @return a flow of the policy for each number
Flow
MakeFlow(uint16_t number)
{
    Flow flow = NamespaceFixture::MakeFlow();
    flow.upper = UpperLayer::Ports(number, 6000);
    return flow;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief An optional template asks for its state, and does not wait for it (R38, R39, C7, C12).
 *
 * Optional tunnel of request id 5, then a required one whose state is there.  The first flow goes
 * out through one element, and there is a larval state.  A second flow meets that: no acquire.
 * When it has gone, a third flow asks again.
 */
class OptionalAcquireTestCase : public TestCase
{
  public:
    OptionalAcquireTestCase()
        : TestCase("an optional template is acquired each time it has no state")
    {
    }

  private:
    void ExpectOneElement(NamespaceFixture& host, uint16_t number)
    {
        const OutputDecision decision = host.Decide(MakeFlow(number));
        NS_TEST_ASSERT_MSG_NE(decision.bundle, nullptr, "flow " << number << " does not wait");
        NS_TEST_EXPECT_MSG_EQ(decision.bundle->GetElements().size(), 1, "flow " << number);
        NS_TEST_EXPECT_MSG_EQ(decision.bundle->GetMatch().nTransforms, 1, "states, not templates");
    }

    void DoRun() override
    {
        NamespaceFixture host;
        SilentManager manager;
        host.net.AddKeyManager(manager);
        Template optional = NamespaceFixture::MakeTemplate(5);
        optional.isOptional = true;
        host.Add(NamespaceFixture::MakePolicy({optional, NamespaceFixture::MakeTemplate()}));
        host.Add(NamespaceFixture::MakeState());
        ExpectOneElement(host, 1);
        NS_TEST_ASSERT_MSG_EQ(manager.larvals.size(), 1, "asked for all the same");
        NS_TEST_EXPECT_MSG_EQ(manager.larvals[0]->GetConfig().reqid, 5, "for the optional one");
        NS_TEST_EXPECT_MSG_EQ(host.net.GetStates().GetCount(), 2, "a larval state");
        ExpectOneElement(host, 2);
        NS_TEST_EXPECT_MSG_EQ(manager.larvals.size(), 1, "its state is awaited already");
        host.net.GetStates().Remove(manager.larvals[0]);
        ExpectOneElement(host, 3);
        NS_TEST_EXPECT_MSG_EQ(manager.larvals.size(), 2, "none exists: asked again");
        host.net.RemoveKeyManager(manager);
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A larval state makes sibling flows wait, and none asks again (C12, C20, R142, R145).
 *
 * While nobody listens there is no larval state (R147).
 */
class SiblingFlowsTestCase : public TestCase
{
  public:
    SiblingFlowsTestCase()
        : TestCase("sibling flows wait for one acquire")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        SilentManager manager;
        host.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
        NS_TEST_EXPECT_MSG_EQ(host.Decide(MakeFlow(9)).error, error::REMOTE, "nobody listens");
        NS_TEST_EXPECT_MSG_EQ(host.net.GetStates().GetCount(), 0, "so nothing is awaited");
        host.net.AddKeyManager(manager);
        for (uint16_t number = 1; number <= 4; ++number)
        {
            NS_TEST_EXPECT_MSG_EQ(host.Decide(MakeFlow(number)).error, error::REMOTE, number);
            NS_TEST_EXPECT_MSG_EQ(manager.larvals.size(), 1, "one acquire");
        }
        NS_TEST_EXPECT_MSG_EQ(host.net.GetStates().GetCount(), 1, "one larval state");
        NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "XfrmOutNoStates=5", "all wait");
        host.net.RemoveKeyManager(manager);
    }
};

/**
 * @ingroup xfrm-tests
 * @brief States are chosen by the policy's mark, masked, and never by the flow's (R140, R149, C30).
 *
 * A policy of mark 7 under mask 0x0f takes flows of marks 0x07 and 0x17.  Both get the state that
 * wants 0x07 under mask 0xff, not the newer one that wants 0x17.  Mark 0x08 is not taken (R117).
 */
class PolicyMarkTestCase : public TestCase
{
  public:
    PolicyMarkTestCase()
        : TestCase("the mark that chooses states is the policy's")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        PolicyConfig policy = NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()});
        policy.mark = {7, 0x0f};
        host.Add(policy);
        StateConfig other = NamespaceFixture::MakeState(0x1001);
        other.mark = {0x17, 0xff};
        StateConfig right = NamespaceFixture::MakeState(0x1002);
        right.mark = {0x07, 0xff};
        host.Add(right);
        host.Add(other); // newer, so that it would be the first
        for (const uint32_t mark : {0x07U, 0x17U})
        {
            Flow flow = NamespaceFixture::MakeFlow();
            flow.common.mark = mark;
            const OutputDecision decision = host.Decide(flow);
            NS_TEST_ASSERT_MSG_NE(decision.bundle, nullptr, "flow of mark " << mark);
            NS_TEST_EXPECT_MSG_EQ(decision.bundle->GetElements()[0].state->GetConfig().id.spi,
                                  0x1002,
                                  "flow of mark " << mark);
        }
        Flow stranger = NamespaceFixture::MakeFlow();
        stranger.common.mark = 8;
        const OutputVerdict verdict = host.Decide(stranger).verdict;
        NS_TEST_EXPECT_MSG_EQ((verdict == OutputVerdict::Plain), true, "not the policy's mark");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A SUB policy and its MAIN partner share the limit of templates (C6, R34, R35).
 *
 * The states found so far and the next policy's templates must stay below 6: 2 and 3 do, 3 and 3 do
 * not.  An optional template of the SUB policy that finds none does not count: 1 and 4 do.
 */
class SharedDepthTestCase : public TestCase
{
  public:
    SharedDepthTestCase()
        : TestCase("the templates of two policies are limited together")
    {
    }

  private:
    void Expect(uint32_t nSub, uint32_t nMain, uint32_t nUnmet, int32_t error)
    {
        NamespaceFixture host;
        std::vector<Template> templates;
        for (uint32_t i = 1; i <= nSub + nMain + nUnmet; ++i)
        {
            templates.push_back(NamespaceFixture::MakeTemplate(i));
            templates.back().isOptional = i <= nUnmet;
            if (i > nUnmet)
            {
                host.Add(NamespaceFixture::MakeState(0x1000 + i, i));
            }
        }
        const auto middle = templates.begin() + nUnmet + nSub;
        PolicyConfig sub = NamespaceFixture::MakePolicy({templates.begin(), middle});
        sub.type = PolicyType::Sub;
        host.Add(sub);
        host.Add(NamespaceFixture::MakePolicy({middle, templates.end()}));
        const OutputDecision decision = host.Decide();
        NS_TEST_EXPECT_MSG_EQ(decision.error, error, nSub << " and " << nMain);
        const size_t nElements = decision.bundle ? decision.bundle->GetElements().size() : 0;
        NS_TEST_EXPECT_MSG_EQ(nElements, (error == 0 ? nSub + nMain : 0), "elements");
    }

    void DoRun() override
    {
        Expect(2, 3, 0, 0);
        Expect(3, 3, 0, error::NOBUFS);
        Expect(1, 4, 2, 0);
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A chain of optional templates whose states have gone (R33, R42): the flow is let through.
 *
 * Nothing resolves, so the old object is returned with no transformations, now and again.
 */
class StaleOptionalTestCase : public TestCase
{
  public:
    StaleOptionalTestCase()
        : TestCase("a flow whose optional states have gone is let through")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        Template optional = NamespaceFixture::MakeTemplate();
        optional.isOptional = true;
        host.Add(NamespaceFixture::MakePolicy({optional}));
        const Ptr<State> state = host.Add(NamespaceFixture::MakeState());
        OutputVerdict verdict = host.Decide().verdict;
        NS_TEST_EXPECT_MSG_EQ((verdict == OutputVerdict::Transform), true, "with its state");
        host.net.DeleteState(state->GetConfig().id, 0, Family::Ipv4);
        for (int i = 0; i < 2; ++i)
        {
            verdict = host.Decide().verdict;
            NS_TEST_EXPECT_MSG_EQ((verdict == OutputVerdict::Plain), true, "without it");
        }
        NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "", "no counter");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The outer header is routed plainly, and no policy is asked about it (C8, R53).
 *
 * A policy refuses everything between the tunnel's ends, and is not asked about the flow's chain.
 * Its outer lookup knows addresses and type of service alone, whatever mark and device the flow
 * has.  Two tunnels take two templates.
 */
class OuterHeaderTestCase : public TestCase
{
  public:
    OuterHeaderTestCase()
        : TestCase("no policy is asked about an outer header")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        PolicyConfig outer = NamespaceFixture::MakePolicy();
        outer.action = PolicyAction::Block;
        outer.selector.source = Ipv4Address("10.9.0.0");
        outer.selector.destination = Ipv4Address("10.9.0.0");
        const Ptr<Policy> block = host.Add(outer);
        host.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
        host.Add(NamespaceFixture::MakeState());
        Flow flow = NamespaceFixture::MakeFlow();
        flow.common.mark = 7;
        flow.common.oif = 2;
        const OutputDecision single = host.Decide(flow);
        NS_TEST_ASSERT_MSG_NE(single.bundle, nullptr, "a chain");
        NS_TEST_EXPECT_MSG_EQ(single.bundle->GetElements().size(), 1, "one template, one tunnel");
        NS_TEST_EXPECT_MSG_EQ(block->GetUse().useTime, 0, "the policy of the ends is not asked");
        NS_TEST_EXPECT_MSG_EQ(single.bundle->GetPath()->GetDevice(), 3, "not the flow's device");
        NS_TEST_ASSERT_MSG_EQ(host.routes.requests.size(), 1, "one outer lookup");
        NS_TEST_EXPECT_MSG_EQ(host.routes.requests[0].destination.GetIpv4(),
                              Ipv4Address("10.9.0.2"),
                              "of the tunnel's end");

        NamespaceFixture nested;
        nested.Add(NamespaceFixture::MakePolicy(
            {NamespaceFixture::MakeTemplate(1), NamespaceFixture::MakeTemplate(2)}));
        nested.Add(NamespaceFixture::MakeState(0x1001, 1));
        nested.Add(NamespaceFixture::MakeState(0x1002, 2));
        NS_TEST_EXPECT_MSG_EQ(nested.Decide().bundle->GetElements().size(), 2, "two templates");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A selector's device is the plaintext's, a chain's the outer one's (C9, R1, R56, R101).
 *
 * The plain route leads inside, device 2, and the tunnel leaves by device 3.
 */
class SelectorDeviceTestCase : public TestCase
{
  public:
    SelectorDeviceTestCase()
        : TestCase("a selector's device is that of the plain route")
    {
    }

  private:
    void Expect(int32_t ifindex, OutputVerdict verdict)
    {
        NamespaceFixture host;
        PolicyConfig policy = NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()});
        policy.selector.ifindex = ifindex;
        host.Add(policy);
        host.Add(NamespaceFixture::MakeState());
        const Ptr<Route> plain = host.routes.MakeRoute("10.1.0.2");
        Flow flow = NamespaceFixture::MakeFlow();
        flow.common.oif = plain->GetDevice();
        const OutputDecision decision = host.lookup.DecideLocal(flow, plain, host.Here());
        NS_TEST_EXPECT_MSG_EQ((decision.verdict == verdict), true, "device " << ifindex);
        if (decision.bundle)
        {
            NS_TEST_EXPECT_MSG_EQ(decision.bundle->GetPath()->GetDevice(), 3, "the chain's");
        }
    }

    void DoRun() override
    {
        Expect(2, OutputVerdict::Transform);
        Expect(3, OutputVerdict::Plain);
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Fragments and policies of ports (C29, R103, R104).
 *
 * A router decodes each fragment with ports 0, also the first, which has them: a policy of port
 * 6000 takes whole packets alone.  A socket's datagram is looked up before it is cut: with ports.
 */
class FragmentPolicyTestCase : public TestCase
{
  public:
    FragmentPolicyTestCase()
        : TestCase("a policy of ports takes no fragment that is forwarded")
    {
    }

  private:
    static OutputVerdict Forward(NamespaceFixture& host, const Ipv4Header& header)
    {
        const std::vector<uint8_t> bytes{0x13, 0x88, 0x17, 0x70, 0, 100, 0, 0}; // 5000, 6000
        const Ptr<Packet> packet = Create<Packet>(bytes.data(), bytes.size());
        const Flow flow = DecodeFlow(header, *packet, 3, 0);
        return host.lookup.DecideForwarded(&flow, host.routes.MakeRoute("10.2.0.2"), host.Here())
            .verdict;
    }

    void DoRun() override
    {
        NamespaceFixture host;
        PolicyConfig block = NamespaceFixture::MakePolicy();
        block.action = PolicyAction::Block;
        block.selector.proto = PROTO_UDP;
        block.selector.destinationPort = 6000;
        block.selector.destinationPortMask = 0xffff;
        host.Add(block);
        Ipv4Header header;
        header.SetSource(Ipv4Address("10.1.0.2"));
        header.SetDestination(Ipv4Address("10.2.0.2"));
        header.SetProtocol(PROTO_UDP);
        NS_TEST_EXPECT_MSG_EQ((Forward(host, header) == OutputVerdict::Error), true, "whole");
        header.SetMoreFragments();
        NS_TEST_EXPECT_MSG_EQ((Forward(host, header) == OutputVerdict::Plain), true, "first");
        header.SetLastFragment();
        header.SetFragmentOffset(1480);
        NS_TEST_EXPECT_MSG_EQ((Forward(host, header) == OutputVerdict::Plain), true, "last");
        const OutputDecision local = host.lookup.DecideLocal(NamespaceFixture::MakeFlow(),
                                                             host.routes.MakeRoute("10.2.0.2"),
                                                             host.Here());
        NS_TEST_EXPECT_MSG_EQ(local.error, error::PERM, "a socket's datagram");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The direction is part of a cache key (R60): output and forwarding know a flow apart.
 *
 * No policy takes the flow, which either direction notes for itself.
 */
class DirectionKeyTestCase : public TestCase
{
  public:
    DirectionKeyTestCase()
        : TestCase("a flow has an entry a direction")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        PolicyConfig elsewhere = NamespaceFixture::MakePolicy();
        elsewhere.selector.destination = Ipv4Address("10.3.0.0");
        host.Add(elsewhere);
        const Flow flow = NamespaceFixture::MakeFlow();
        host.Decide(flow);
        PolicyCheck check(host.net);
        check.Check(Direction::Forward, &flow, {}, host.Here());
        NS_TEST_EXPECT_MSG_EQ(host.work.cache.nMisses, 2, "an entry each");
        host.Decide(flow);
        check.Check(Direction::Forward, &flow, {}, host.Here());
        NS_TEST_EXPECT_MSG_EQ(host.work.cache.nMisses, 2, "no more");
        NS_TEST_EXPECT_MSG_EQ(host.work.cache.nNegative, 2, "both are known to have no policy");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A policy that has died is not served by the cache to input or forwarding (R64).
 *
 * The flush of all policies leaves the flow cache alone (R120), so that its entry is there still.
 */
class DeadForwardPolicyTestCase : public TestCase
{
  public:
    DeadForwardPolicyTestCase()
        : TestCase("a dead policy stops no packet that is forwarded")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        PolicyConfig block = NamespaceFixture::MakePolicy();
        block.action = PolicyAction::Block;
        block.direction = Direction::Forward;
        host.Add(block);
        const Flow flow = NamespaceFixture::MakeFlow();
        PolicyCheck check(host.net);
        check.Check(Direction::Forward, &flow, {}, host.Here());
        NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "XfrmInPolBlock=1", "refused while it lives");
        host.net.FlushPolicies(PolicyType::Main);
        check.Check(Direction::Forward, &flow, {}, host.Here());
        NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "XfrmInPolBlock=1", "not any more");
        NS_TEST_EXPECT_MSG_EQ(host.work.cache.nRefused, 1, "its entry was there");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of corner cases of Lookup.
 */
class LookupCornersTestSuite : public TestSuite
{
  public:
    LookupCornersTestSuite()
        : TestSuite("xfrm-lookup-corners", UNIT)
    {
        AddTestCase(new OptionalAcquireTestCase, TestCase::QUICK);
        AddTestCase(new SiblingFlowsTestCase, TestCase::QUICK);
        AddTestCase(new PolicyMarkTestCase, TestCase::QUICK);
        AddTestCase(new SharedDepthTestCase, TestCase::QUICK);
        AddTestCase(new StaleOptionalTestCase, TestCase::QUICK);
        AddTestCase(new OuterHeaderTestCase, TestCase::QUICK);
        AddTestCase(new SelectorDeviceTestCase, TestCase::QUICK);
        AddTestCase(new FragmentPolicyTestCase, TestCase::QUICK);
        AddTestCase(new DirectionKeyTestCase, TestCase::QUICK);
        AddTestCase(new DeadForwardPolicyTestCase, TestCase::QUICK);
    }
};

static LookupCornersTestSuite g_lookupCornersTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
