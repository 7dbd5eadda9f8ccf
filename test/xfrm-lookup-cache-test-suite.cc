/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"
#include "ns3/xfrm-last-chain-cache.h"
#include "ns3/xfrm-policy-check.h"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return CPUs of a host without a chain
std::shared_ptr<LastChains>
MakeLastChains(uint32_t nCpus)
{
    return std::make_shared<LastChains>(LastChains{std::vector<Ptr<Bundle>>(nCpus)});
}

/// @return a flow to a port
Flow
MakePortFlow(uint16_t port)
{
    Flow flow = NamespaceFixture::MakeFlow();
    flow.upper = UpperLayer::Ports(5000, port);
    return flow;
}

/// @return a policy with a template, for all flows
PolicyConfig
MakeTunnelPolicy()
{
    PolicyConfig config = NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()});
    config.priority = 1;
    return config;
}

/// @return one that comes before it, for what goes to a port
PolicyConfig
MakePortPolicy(uint16_t port)
{
    PolicyConfig config = NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()});
    config.selector.proto = PROTO_UDP;
    config.selector.destinationPort = port;
    config.selector.destinationPortMask = UINT16_MAX;
    return config;
}

/// A gateway of a kernel, with a policy and its state.
class TunnelHost : public NamespaceFixture
{
  public:
    /// @param name its kernel @param nCpus its CPUs @param lastChains of its host; null: its own
    explicit TunnelHost(const std::string& name,
                        uint32_t nCpus = 1,
                        const std::shared_ptr<LastChains>& lastChains = {})
        : NamespaceFixture(nCpus, Kernel::Find(name), lastChains)
    {
        Add(MakeTunnelPolicy());
        Add(MakeState());
    }

    /// @param to where a flow goes @return the chain that output decides for it; null if none
    Ptr<Bundle> GetChain(const Flow& to = MakeFlow())
    {
        return Decide(to).bundle;
    }

    /// @return dsts in use
    uint32_t GetLive()
    {
        return net.GetBundles().GetAccount()->GetLive();
    }
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief The presets, by name.
 */
class KernelTestCase : public TestCase
{
  public:
    KernelTestCase()
        : TestCase("kernels have names, and another name is refused")
    {
    }

  private:
    void DoRun() override
    {
        for (const std::string& name : Kernel::GetNames())
        {
            NS_TEST_EXPECT_MSG_EQ(Kernel::Find(name).name, name, "its name");
        }
        NS_TEST_EXPECT_MSG_EQ(Kernel().name, Kernel::GetNames().front(), "the default");
        std::string error;
        try
        {
            Kernel::Find("linux-4.0");
        }
        catch (const std::invalid_argument& thrown)
        {
            error = thrown.what();
        }
        NS_TEST_EXPECT_MSG_EQ(error,
                              "kernel linux-4.0: must be one of linux-4.1, linux-4.14, linux-4.19",
                              "refused");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Linux 4.19 remembers nothing (R306, C65).
 *
 * Three packets: each searches SUB and MAIN policies and the state, and has a chain of its own,
 * which goes with it.
 */
class LookupNothingTestCase : public TestCase
{
  public:
    LookupNothingTestCase()
        : TestCase("linux-4.19 searches and builds for each packet")
    {
    }

  private:
    void DoRun() override
    {
        TunnelHost host("linux-4.19");
        const Ptr<Bundle> first = host.GetChain();
        NS_TEST_ASSERT_MSG_EQ((first != nullptr), true, "a chain");
        NS_TEST_EXPECT_MSG_NE(host.GetChain(), first, "another one");
        NS_TEST_EXPECT_MSG_EQ(host.GetLive(), 1, "and that is gone");
        const OutputDecision decision = host.Decide();
        NS_TEST_EXPECT_MSG_EQ(decision.cacheOutcome.has_value(), false, "no flow cache is asked");
        NS_TEST_EXPECT_MSG_EQ(host.work.policy.nLookups, 6, "SUB and MAIN, thrice");
        NS_TEST_EXPECT_MSG_EQ(host.work.state.nFinds, 3, "states");
        NS_TEST_EXPECT_MSG_EQ(host.work.bundle.nBundles, 3, "chains");
        NS_TEST_EXPECT_MSG_EQ(host.work.bundle.nReused, 0, "none twice");
        NS_TEST_EXPECT_MSG_EQ(host.work.nCacheLookups, 0, "lookups in a cache");
        NS_TEST_EXPECT_MSG_EQ((host.work.cache == CacheWork()), true, "nor any other of its work");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Linux 4.14 uses the last chain again, whatever the flow (R305, C62, C65).
 *
 * Policies and states are searched each time all the same.
 */
class LastChainReuseTestCase : public TestCase
{
  public:
    LastChainReuseTestCase()
        : TestCase("linux-4.14 searches for each packet, and uses the last chain again")
    {
    }

  private:
    void DoRun() override
    {
        TunnelHost host("linux-4.14");
        const Ptr<Bundle> first = host.GetChain();
        NS_TEST_ASSERT_MSG_EQ((first != nullptr), true, "a chain");
        NS_TEST_EXPECT_MSG_EQ(host.GetChain(), first, "the same flow");
        NS_TEST_EXPECT_MSG_EQ(host.GetChain(MakePortFlow(7)), first, "another of the policy");
        NS_TEST_EXPECT_MSG_EQ(host.work.policy.nLookups, 6, "SUB and MAIN, thrice");
        NS_TEST_EXPECT_MSG_EQ(host.work.state.nFinds, 3, "states");
        NS_TEST_EXPECT_MSG_EQ(host.work.bundle.nBundles, 1, "one chain");
        NS_TEST_EXPECT_MSG_EQ(host.work.bundle.nReused, 2, "used again");
        NS_TEST_EXPECT_MSG_EQ(host.work.bundle.nElements, 1, "one dst");
        NS_TEST_EXPECT_MSG_EQ((host.work.cache == CacheWork()), true, "no flow cache");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Two policies that take turns leave the last chain no hit (R305, R332).
 *
 * Both have the same state.  Six packets in turn build six chains; of three more of the second
 * policy, all use the sixth again.
 */
class LastChainTurnsTestCase : public TestCase
{
  public:
    LastChainTurnsTestCase()
        : TestCase("policies that take turns never meet their chain again")
    {
    }

  private:
    void DoRun() override
    {
        TunnelHost host("linux-4.14");
        host.Add(MakePortPolicy(7));
        for (int i = 0; i < 3; ++i)
        {
            host.GetChain(MakePortFlow(6000));
            host.GetChain(MakePortFlow(7));
        }
        NS_TEST_EXPECT_MSG_EQ(host.work.bundle.nBundles, 6, "built");
        NS_TEST_EXPECT_MSG_EQ(host.work.bundle.nReused, 0, "in turn");
        for (int i = 0; i < 3; ++i)
        {
            host.GetChain(MakePortFlow(7));
        }
        NS_TEST_EXPECT_MSG_EQ(host.work.bundle.nBundles, 6, "no more are built");
        NS_TEST_EXPECT_MSG_EQ(host.work.bundle.nReused, 3, "in a row");
        NS_TEST_EXPECT_MSG_EQ(host.GetLive(), 1, "only the last is kept");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What makes a last chain the wrong one (R305, R70).
 *
 * Another state; routes that have become stale; another policy with the same content, whose
 * insertion makes routes stale, too.  Each time one chain more is built, and serves then.
 */
class LastChainChangeTestCase : public TestCase
{
  public:
    LastChainChangeTestCase()
        : TestCase("a last chain that is wrong or stale is built anew")
    {
    }

  private:
    void ExpectBuilt(TunnelHost& host, const std::string& why)
    {
        const uint64_t nBuilt = host.work.bundle.nBundles;
        const Ptr<Bundle> chain = host.GetChain();
        NS_TEST_EXPECT_MSG_EQ(host.work.bundle.nBundles, nBuilt + 1, why);
        NS_TEST_EXPECT_MSG_EQ(host.GetChain(), chain, why << ", then used again");
    }

    void DoRun() override
    {
        TunnelHost host("linux-4.14");
        ExpectBuilt(host, "the first");
        host.net.DeleteState({Ipv4Address("10.9.0.2"), 0x1001, PROTO_ESP}, 0, Family::Ipv4);
        NS_TEST_EXPECT_MSG_EQ(host.Decide().error, error::REMOTE, "R315: noticed at once");
        const Ptr<State> second = host.Add(NamespaceFixture::MakeState(0x1002));
        ExpectBuilt(host, "another state");
        NS_TEST_EXPECT_MSG_EQ(host.GetChain()->GetElements().front().state, second, "which");
        host.routes.BumpGeneration();
        ExpectBuilt(host, "stale routes");
        host.net.AddPolicy(MakeTunnelPolicy(), true, host.now);
        ExpectBuilt(host, "another policy");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The device of the outer route is held against that of the plain route (R305, R56).
 *
 * The tunnel leaves by the device outside; a flow whose plain route is inside never uses its chain
 * again.
 */
class LastChainDeviceTestCase : public TestCase
{
  public:
    LastChainDeviceTestCase()
        : TestCase("a chain by another device than the plain route is never used again")
    {
    }

  private:
    void DoRun() override
    {
        TunnelHost host("linux-4.14");
        for (int i = 0; i < 3; ++i)
        {
            host.lookup.Decide(NamespaceFixture::MakeFlow(),
                               host.routes.MakeRoute("10.1.0.9"),
                               Lookup::Purpose::Packet,
                               host.Here());
        }
        NS_TEST_EXPECT_MSG_EQ(host.work.bundle.nBundles, 3, "built");
        NS_TEST_EXPECT_MSG_EQ(host.work.bundle.nReused, 0, "used again");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Each CPU has a last chain, which the namespaces of a host share (R305, C60).
 *
 * A packet on each of two CPUs builds two chains.  Two namespaces of a host that take turns on one
 * CPU, as request and response do in R331's UDP_RR, have no hit; each for itself would have.  One
 * that goes takes the chains along.
 */
class LastChainCpusTestCase : public TestCase
{
  public:
    LastChainCpusTestCase()
        : TestCase("each CPU has its last chain, whatever the namespace")
    {
    }

  private:
    void CheckCpus()
    {
        TunnelHost host("linux-4.14", 2);
        const Ptr<Bundle> first = host.GetChain();
        host.cpu = 1;
        const Ptr<Bundle> second = host.GetChain();
        NS_TEST_EXPECT_MSG_NE(second, first, "its own");
        NS_TEST_EXPECT_MSG_EQ(host.GetChain(), second, "again");
        host.cpu = 0;
        NS_TEST_EXPECT_MSG_EQ(host.GetChain(), first, "still there");
        NS_TEST_EXPECT_MSG_EQ(host.work.bundle.nBundles, 2, "two in all");
    }

    void CheckNamespaces()
    {
        const auto chains = MakeLastChains(1);
        TunnelHost left("linux-4.14", 1, chains);
        {
            TunnelHost right("linux-4.14", 1, chains);
            for (int i = 0; i < 3; ++i)
            {
                left.GetChain();
                right.GetChain();
            }
            NS_TEST_EXPECT_MSG_EQ(left.work.bundle.nReused, 0, "in turn");
            NS_TEST_EXPECT_MSG_EQ(right.work.bundle.nReused, 0, "in turn");
        }
        NS_TEST_EXPECT_MSG_EQ((chains->byCpu.front() == nullptr), true, "gone with its namespace");
        left.GetChain();
        left.GetChain();
        NS_TEST_EXPECT_MSG_EQ(left.work.bundle.nReused, 1, "alone");
    }

    void DoRun() override
    {
        CheckCpus();
        CheckNamespaces();
        std::string error;
        try
        {
            const TunnelHost host("linux-4.14", 2, MakeLastChains(1));
        }
        catch (const std::invalid_argument& thrown)
        {
            error = thrown.what();
        }
        NS_TEST_EXPECT_MSG_EQ(error, "last chains of 1 CPUs: must be of 2 or more", "too few");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A last chain holds its dst until another one comes, or a sweep finds it stale (R305).
 *
 * Deleting the state leaves the chain where it is; a flush of states or policies, and a device that
 * goes down, let it go.
 */
class LastChainSweepTestCase : public TestCase
{
  public:
    LastChainSweepTestCase()
        : TestCase("flushes and devices that go down sweep stale last chains")
    {
    }

  private:
    void DoRun() override
    {
        TunnelHost host("linux-4.14");
        host.GetChain();
        host.net.NotifyDeviceDown(host.Here());
        NS_TEST_EXPECT_MSG_EQ(host.GetLive(), 1, "another device: the chain is ok");
        host.routes.outside.isUp = false;
        host.net.NotifyDeviceDown(host.Here());
        NS_TEST_EXPECT_MSG_EQ(host.GetLive(), 0, "its device");
        host.routes.outside.isUp = true;
        host.GetChain();
        host.net.FlushStates(PROTO_ANY);
        NS_TEST_EXPECT_MSG_EQ(host.GetLive(), 0, "flush of states");
        host.Add(NamespaceFixture::MakeState());
        host.GetChain();
        host.net.DeleteState({Ipv4Address("10.9.0.2"), 0x1001, PROTO_ESP}, 0, Family::Ipv4);
        NS_TEST_EXPECT_MSG_EQ(host.GetLive(), 1, "a state is deleted");
        host.net.FlushPolicies(PolicyType::Main);
        NS_TEST_EXPECT_MSG_EQ(host.GetLive(), 0, "flush of policies");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Without a flow cache every lookup sees the policies as they are (R315, C61).
 *
 * A SUB policy blocks; its flush is noticed by the next packet, which 4.1 would go on blocking
 * (C2).  Dummies are built each time, and go: 2 for blocks.
 */
class LookupCurrentTestCase : public TestCase
{
  public:
    LookupCurrentTestCase()
        : TestCase("without a flow cache a policy that is deleted decides no more")
    {
    }

  private:
    void DoRun() override
    {
        for (const char* const name : {"linux-4.14", "linux-4.19"})
        {
            TunnelHost host(name);
            PolicyConfig block = NamespaceFixture::MakePolicy();
            block.action = PolicyAction::Block;
            block.type = PolicyType::Sub;
            host.Add(block);
            NS_TEST_EXPECT_MSG_EQ(host.Decide().error, error::PERM, name);
            NS_TEST_EXPECT_MSG_EQ(host.Decide().error, error::PERM, name << ": again");
            NS_TEST_EXPECT_MSG_EQ(host.work.bundle.nBundles, 2, name << ": dummies");
            NS_TEST_EXPECT_MSG_EQ(host.GetLive(), 0, name << ": which are gone");
            host.net.FlushPolicies(PolicyType::Sub);
            NS_TEST_EXPECT_MSG_EQ((host.GetChain() != nullptr),
                                  true,
                                  name << ": no block any more");
            NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "XfrmOutPolBlock=2", name);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Policy checks search the policies, too (R315).
 *
 * Two checks, each with a search in SUB and MAIN; a policy that was deleted is not met again.
 */
class CheckWithoutCacheTestCase : public TestCase
{
  public:
    CheckWithoutCacheTestCase()
        : TestCase("without a flow cache each policy check searches")
    {
    }

  private:
    void DoRun() override
    {
        for (const char* const name : {"linux-4.14", "linux-4.19"})
        {
            NamespaceFixture host(1, Kernel::Find(name));
            PolicyConfig block = NamespaceFixture::MakePolicy();
            block.action = PolicyAction::Block;
            block.direction = Direction::In;
            host.Add(block);
            PolicyCheck check(host.net);
            const Flow flow = NamespaceFixture::MakeFlow();
            for (int i = 0; i < 2; ++i)
            {
                const CheckResult result = check.Check(Direction::In, &flow, {}, host.Here());
                NS_TEST_EXPECT_MSG_EQ(result.isAccepted, false, name);
                NS_TEST_EXPECT_MSG_EQ(result.cacheOutcome.has_value(), false, name);
            }
            NS_TEST_EXPECT_MSG_EQ(host.work.policy.nLookups, 4, name << ": SUB and MAIN, twice");
            NS_TEST_EXPECT_MSG_EQ(host.work.nCacheLookups, 0, name);
            NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "XfrmInPolBlock=2", name);
            host.net.FlushPolicies(PolicyType::Main);
            const CheckResult result = check.Check(Direction::In, &flow, {}, host.Here());
            NS_TEST_EXPECT_MSG_EQ(result.isAccepted, true, name << ": no policy");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of what kernels remember of lookups.
 */
class LookupCacheTestSuite : public TestSuite
{
  public:
    LookupCacheTestSuite()
        : TestSuite("xfrm-lookup-cache", UNIT)
    {
        AddTestCase(new KernelTestCase, TestCase::QUICK);
        AddTestCase(new LookupNothingTestCase, TestCase::QUICK);
        AddTestCase(new LastChainReuseTestCase, TestCase::QUICK);
        AddTestCase(new LastChainTurnsTestCase, TestCase::QUICK);
        AddTestCase(new LastChainChangeTestCase, TestCase::QUICK);
        AddTestCase(new LastChainDeviceTestCase, TestCase::QUICK);
        AddTestCase(new LastChainCpusTestCase, TestCase::QUICK);
        AddTestCase(new LastChainSweepTestCase, TestCase::QUICK);
        AddTestCase(new LookupCurrentTestCase, TestCase::QUICK);
        AddTestCase(new CheckWithoutCacheTestCase, TestCase::QUICK);
    }
};

static LookupCacheTestSuite g_lookupCacheTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
