/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"

#include <string>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief Too many dsts (R80): above the threshold each allocation asks for a flush, above twice as
 * many it fails.
 *
 * A threshold of 3: dummies 1 to 4 find 0 to 3 dsts, 5 to 7 more than 3, and the eighth more than
 * 6.
 * A flush drops all dummies (R63), and gc gives their dsts back.
 */
class DstPressureTestCase : public TestCase
{
  public:
    DstPressureTestCase()
        : TestCase("dsts above the threshold ask for a flush, above twice as many are refused")
    {
    }

  private:
    /// @return a flow of the policy for each number
    static Flow MakeFlow(uint16_t number)
    {
        Flow flow = NamespaceFixture::MakeFlow();
        flow.upper = UpperLayer::Ports(number, 6000);
        return flow;
    }

    void CheckDummies()
    {
        NamespaceFixture host;
        host.net.GetBundles().GetAccount()->threshold = 3;
        PolicyConfig block = NamespaceFixture::MakePolicy();
        block.action = PolicyAction::Block;
        host.Add(block);
        for (uint16_t i = 1; i <= 7; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(host.Decide(MakeFlow(i)).error, error::PERM, "dummy " << i);
            NS_TEST_EXPECT_MSG_EQ(host.net.GetCache().GetFlushCpu().has_value(),
                                  (i > 4),
                                  "dummy " << i);
        }
        NS_TEST_EXPECT_MSG_EQ(host.Decide(MakeFlow(8)).error, error::NOBUFS, "one too many");
        NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "XfrmOutPolBlock=7", "no counter for a dummy");
        host.net.RunWork(WorkItem::CacheFlush, host.Here());
        host.net.RunWork(WorkItem::CacheGc, host.Here());
        NS_TEST_EXPECT_MSG_EQ(host.net.GetBundles().GetAccount()->GetLive(), 0, "all given back");
        NS_TEST_EXPECT_MSG_EQ(host.Decide(MakeFlow(8)).error, error::PERM, "room again");
    }

    void CheckChain()
    {
        NamespaceFixture host;
        host.net.GetBundles().GetAccount()->threshold = 0;
        host.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
        host.Add(NamespaceFixture::MakeState());
        const OutputDecision kept = host.Decide(MakeFlow(1));
        NS_TEST_EXPECT_MSG_EQ((kept.verdict == OutputVerdict::Transform), true, "the first");
        NS_TEST_EXPECT_MSG_EQ(host.Decide(MakeFlow(2)).error, error::NOBUFS, "the second");
        NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "XfrmOutBundleGenError=1", "counted");
    }

    void DoRun() override
    {
        CheckDummies();
        CheckChain();
    }
};

/**
 * @ingroup xfrm-tests
 * @brief No memory for the copy of a flow (R32), or for a blackhole (R6).
 */
class LookupNoMemoryTestCase : public TestCase
{
  public:
    LookupNoMemoryTestCase()
        : TestCase("a flow copy or blackhole that can't be allocated is ENOMEM")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture chain;
        chain.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
        const Ptr<State> state = chain.Add(NamespaceFixture::MakeState());
        const uint32_t nReferences = state->GetReferenceCount();
        chain.net.GetFaults().flowCopy = [] { return true; };
        NS_TEST_EXPECT_MSG_EQ(chain.Decide().error, error::NOMEM, "no copy");
        NS_TEST_EXPECT_MSG_EQ(chain.GetCounters(), "XfrmOutBundleCheckError=1", "counted");
        NS_TEST_EXPECT_MSG_EQ(chain.net.GetBundles().GetAccount()->GetLive(), 0, "no dst is left");
        NS_TEST_EXPECT_MSG_EQ(state->GetReferenceCount(), nReferences, "nobody holds the state");

        NamespaceFixture hole;
        hole.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
        hole.net.GetFaults().blackhole = [] { return true; };
        const OutputDecision decision = hole.lookup.DecideLocal(NamespaceFixture::MakeFlow(),
                                                                hole.routes.MakeRoute("10.2.0.2"),
                                                                hole.Here());
        NS_TEST_EXPECT_MSG_EQ(decision.error, error::NOMEM, "no blackhole");
        NS_TEST_EXPECT_MSG_EQ(hole.GetCounters(), "XfrmOutNoStates=1", "counted before");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Lookups for ICMP errors (R21, R24): only policies with the flag icmp serve them.
 */
class LookupIcmpTestCase : public TestCase
{
  public:
    LookupIcmpTestCase()
        : TestCase("an ICMP error needs a policy with the flag icmp")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        const auto decide = [&] {
            return host.Decide(NamespaceFixture::MakeFlow(), Lookup::Purpose::IcmpError);
        };
        NS_TEST_EXPECT_MSG_EQ(decide().error, error::NOENT, "no policy at all");
        PolicyConfig policy = NamespaceFixture::MakePolicy();
        const Ptr<Policy> plain = host.Add(policy);
        NS_TEST_EXPECT_MSG_EQ(decide().error, error::NOENT, "without the flag");
        NS_TEST_EXPECT_MSG_EQ(plain->GetUse().useTime, 0, "which is no use (R26)");
        policy.flags = PolicyConfig::FLAG_ICMP;
        policy.priority = 0;
        NS_TEST_EXPECT_MSG_EQ(host.net.AddPolicy(policy, true, host.now), 0, "with it");
        NS_TEST_EXPECT_MSG_EQ((decide().verdict == OutputVerdict::Plain), true, "let through");
        NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "", "no counter");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of Lookup where memory is short, and for ICMP errors.
 */
class LookupMemoryTestSuite : public TestSuite
{
  public:
    LookupMemoryTestSuite()
        : TestSuite("xfrm-lookup-memory", UNIT)
    {
        AddTestCase(new DstPressureTestCase, TestCase::QUICK);
        AddTestCase(new LookupNoMemoryTestCase, TestCase::QUICK);
        AddTestCase(new LookupIcmpTestCase, TestCase::QUICK);
    }
};

static LookupMemoryTestSuite g_lookupMemoryTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
