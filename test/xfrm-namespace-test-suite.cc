/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"

#include <sstream>
#include <stdexcept>
#include <string>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief What an inserted policy does beyond its database (R65, R113, C27).
 *
 * The flow cache's generation moves on by one and every route becomes stale; a deletion moves
 * neither.  States move neither.
 */
class NamespacePolicyTestCase : public TestCase
{
  public:
    NamespacePolicyTestCase()
        : TestCase(
              "a policy that comes makes cache entries and routes stale, one that goes does not")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        const Ptr<Route> before = host.routes.MakeRoute("10.2.0.2");
        host.Add(NamespaceFixture::MakePolicy());
        NS_TEST_EXPECT_MSG_EQ(host.net.GetCache().GetGenid(), 1, "generation");
        NS_TEST_EXPECT_MSG_EQ(before->IsValid(), false, "routes");
        int32_t error = host.net.AddPolicy(NamespaceFixture::MakePolicy(), false, host.now);
        NS_TEST_EXPECT_MSG_EQ(error, error::EXIST, "the same again");
        NS_TEST_EXPECT_MSG_EQ(host.net.GetCache().GetGenid(), 1, "nothing happened");
        error = host.net.AddPolicy(NamespaceFixture::MakePolicy(), true, host.now);
        NS_TEST_EXPECT_MSG_EQ(error, 0, "update");
        NS_TEST_EXPECT_MSG_EQ(host.net.GetCache().GetGenid(), 2, "replaced");
        const Ptr<Route> after = host.routes.MakeRoute("10.2.0.2");
        host.Add(NamespaceFixture::MakeState());
        host.net.FlushStates(PROTO_ANY);
        const Selector selector = NamespaceFixture::MakePolicy().selector;
        const auto remove = [&] {
            return host.net.DeletePolicy(PolicyType::Main,
                                         Direction::Out,
                                         selector,
                                         Mark(),
                                         host.Here());
        };
        error = remove();
        NS_TEST_EXPECT_MSG_EQ(error, 0, "deleted");
        error = remove();
        NS_TEST_EXPECT_MSG_EQ(error, error::NOENT, "none left");
        NS_TEST_EXPECT_MSG_EQ(host.net.GetCache().GetGenid(), 2, "deletion moves nothing");
        NS_TEST_EXPECT_MSG_EQ(after->IsValid(), true, "routes stay");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What flushes the flow cache (R66, R120): a deletion by selector or index, and a device
 * that goes down; not a flush of all policies.
 *
 * The flow has a block dummy, which no check lets live.  Its entry is dropped at once and destroyed
 * by the gc work that the flush asks for.
 */
class NamespaceFlushTestCase : public TestCase
{
  public:
    NamespaceFlushTestCase()
        : TestCase("deletions and devices that go down flush the flow cache")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        PolicyConfig block = NamespaceFixture::MakePolicy();
        block.action = PolicyAction::Block;
        const Ptr<Policy> policy = host.Add(block);
        PolicyConfig other = NamespaceFixture::MakePolicy();
        other.selector.destination = Ipv4Address("10.3.0.0");
        host.Add(other);
        const FlowTable& table = host.net.GetCache().GetTable(0);
        host.Decide();
        NS_TEST_EXPECT_MSG_EQ(table.GetSize(), 1, "cached");
        host.net.NotifyDeviceDown(host.Here());
        NS_TEST_EXPECT_MSG_EQ(table.GetSize(), 0, "device down");
        const auto wanted = host.net.TakeWantedWork();
        NS_TEST_ASSERT_MSG_EQ(wanted.size(), 1, "work");
        NS_TEST_EXPECT_MSG_EQ((wanted[0].item == WorkItem::CacheGc), true, "gc");
        NS_TEST_EXPECT_MSG_EQ(host.net.TakeWantedWork().size(), 0, "asked once");
        host.net.RunWork(WorkItem::CacheGc, host.Here());
        NS_TEST_EXPECT_MSG_EQ(host.work.cache.nDestroyed, 1, "destroyed");
        CacheWork own;
        host.net.TakeCpuWork([&](CpuId, const CacheWork& share) { own += share; });
        NS_TEST_EXPECT_MSG_EQ(own.nFlushed, 1, "the CPU's own work");
        own = {};
        host.net.TakeCpuWork([&](CpuId, const CacheWork& share) { own += share; });
        NS_TEST_EXPECT_MSG_EQ((own == CacheWork()), true, "taken");

        host.Decide();
        host.net.DeletePolicy(PolicyType::Main,
                              Direction::Out,
                              policy->GetIndex(),
                              Mark(),
                              host.Here());
        NS_TEST_EXPECT_MSG_EQ(table.GetSize(), 0, "deleted by index");
        host.Decide();
        host.net.FlushPolicies(PolicyType::Main);
        NS_TEST_EXPECT_MSG_EQ(table.GetSize(), 1, "a flush of policies leaves entries");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief References around a lookup (R9, R22c, R43): the caller's own, the cache's share, and the
 * original route given back on errors.
 */
class NamespaceReferenceTestCase : public TestCase
{
  public:
    NamespaceReferenceTestCase()
        : TestCase("a lookup leaves a reference to its caller and one to the cache")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        const Ptr<Route> route = host.routes.MakeRoute("10.2.0.2");
        PolicyConfig block = NamespaceFixture::MakePolicy();
        block.action = PolicyAction::Block;
        host.Add(block);
        const Flow flow = NamespaceFixture::MakeFlow();
        OutputDecision decision =
            host.lookup.Decide(flow, route, Lookup::Purpose::Packet, host.Here());
        NS_TEST_EXPECT_MSG_EQ(decision.error, error::PERM, "refused");
        NS_TEST_EXPECT_MSG_EQ(route->GetReferenceCount(), 1, "ours only");
        host.Add(NamespaceFixture::MakeState());
        PolicyConfig tunnel = NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()});
        NS_TEST_EXPECT_MSG_EQ(host.net.AddPolicy(tunnel, true, host.now), 0, "replaced");
        const Ptr<Route> fresh = host.routes.MakeRoute("10.2.0.2");
        decision = host.lookup.Decide(flow, fresh, Lookup::Purpose::Packet, host.Here());
        NS_TEST_ASSERT_MSG_EQ((decision.verdict == OutputVerdict::Transform), true, "a chain");
        NS_TEST_EXPECT_MSG_EQ(decision.bundle->GetReferenceCount(), 2, "the cache's and ours");
        NS_TEST_EXPECT_MSG_EQ(fresh->GetReferenceCount(), 2, "the chain's and ours");
        NS_TEST_EXPECT_MSG_EQ(decision.bundle->IsTunnel(), true, "tunnel flag (R23)");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Settings: states without DF (R134), a clock that never reads 0, TTLs that live.
 */
class NamespaceSettingsTestCase : public TestCase
{
  public:
    NamespaceSettingsTestCase()
        : TestCase("settings reach new states, and impossible ones are refused")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        host.net.GetSettings().hasNoPmtuDisc = true;
        const Ptr<State> state = host.Add(NamespaceFixture::MakeState());
        NS_TEST_EXPECT_MSG_EQ(uint32_t(state->GetConfig().flags),
                              StateConfig::FLAG_NOPMTUDISC,
                              "NOPMTUDISC");
        NS_TEST_EXPECT_MSG_EQ(host.net.GetWallClock(MilliSeconds(1999)), 1434931201, "seconds");
        for (const Namespace::Settings& bad :
             {Namespace::Settings{.epoch = 0}, Namespace::Settings{.defaultTtl = 0}})
        {
            std::string message;
            try
            {
                Namespace({.cache = {}, .settings = bad}, host.routes, host.indexes, [] {
                    return 1;
                });
            }
            catch (const std::invalid_argument& error)
            {
                message = error.what();
            }
            NS_TEST_EXPECT_MSG_NE(message.find("must be 1"), std::string::npos, message);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The text of /proc/net/xfrm_stat (R280): 28 lines, label to column 24, tab, number.
 */
class StatisticsTestCase : public TestCase
{
  public:
    StatisticsTestCase()
        : TestCase("counters print in the kernel's order and form")
    {
    }

  private:
    void DoRun() override
    {
        Statistics statistics;
        statistics.Increment(Counter::OutError);
        statistics.Increment(Counter::AcquireError);
        statistics.Increment(Counter::AcquireError);
        std::ostringstream text;
        statistics.Print(text);
        std::istringstream lines(text.str());
        std::vector<std::string> all;
        for (std::string line; std::getline(lines, line);)
        {
            all.push_back(line);
        }
        NS_TEST_ASSERT_MSG_EQ(all.size(), 28, "lines");
        NS_TEST_EXPECT_MSG_EQ(all[0], "XfrmInError             \t0", "first");
        NS_TEST_EXPECT_MSG_EQ(all[14], "XfrmOutError            \t1", "last of the left column");
        NS_TEST_EXPECT_MSG_EQ(all[15], "XfrmOutBundleGenError   \t0", "first of the right one");
        NS_TEST_EXPECT_MSG_EQ(all[26], "XfrmOutStateInvalid     \t0", "before last");
        NS_TEST_EXPECT_MSG_EQ(all[27], "XfrmAcquireError        \t2", "last");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of Namespace and Statistics.
 */
class NamespaceTestSuite : public TestSuite
{
  public:
    NamespaceTestSuite()
        : TestSuite("xfrm-namespace", UNIT)
    {
        AddTestCase(new NamespacePolicyTestCase, TestCase::QUICK);
        AddTestCase(new NamespaceFlushTestCase, TestCase::QUICK);
        AddTestCase(new NamespaceReferenceTestCase, TestCase::QUICK);
        AddTestCase(new NamespaceSettingsTestCase, TestCase::QUICK);
        AddTestCase(new StatisticsTestCase, TestCase::QUICK);
    }
};

static NamespaceTestSuite g_namespaceTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
