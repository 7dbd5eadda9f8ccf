/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"
#include "ns3/xfrm-policy-check.h"

#include <string>

namespace ns3::xfrm::tests
{

namespace
{

/// The gateway of NamespaceFixture with a UDP socket, the sender of MakeFlow().
struct SocketHost : NamespaceFixture
{
    /// @brief Give the socket a policy.  @param config its makeup
    void SetPolicy(const PolicyConfig& config)
    {
        net.SetSocketPolicy(socket, config, now);
    }

    /// @return what is decided for a packet of the socket
    OutputDecision Send()
    {
        return lookup.DecideLocal(flow, routes.MakeRoute("10.2.0.2"), Here());
    }

    Flow flow{MakeFlow()}; //!< of its packets
    SocketEndpoint socket{
        SocketEndpoint::OfFlow(flow, Direction::Out).Disconnected()}; //!< the socket, not connected
};

/// @return an Out policy of an action for the flow of MakeFlow(), and others
PolicyConfig
MakeAction(PolicyAction action)
{
    PolicyConfig config = NamespaceFixture::MakePolicy();
    config.action = action;
    return config;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief The policy of the sender's socket decides first (R10, R11, R14, R22a, R22b).
 *
 * Where it does not fit, by selector or by the socket's mark, the host's does.  It does so on a
 * device with NOXFRM too, which exempts from the host's only; and it is not counted as one of them.
 */
class SocketFirstTestCase : public TestCase
{
  public:
    SocketFirstTestCase()
        : TestCase("a socket's policy decides before the host's, if it is for the flow")
    {
    }

  private:
    void DoRun() override
    {
        SocketHost host;
        host.SetPolicy(MakeAction(PolicyAction::Block));
        NS_TEST_EXPECT_MSG_EQ(host.net.GetPolicies().GetCount(Direction::Out), 0, "of the host");
        NS_TEST_EXPECT_MSG_EQ(host.Send().error, error::PERM, "blocked by the socket's");
        NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "XfrmOutPolBlock=1", "counted");
        const auto policy = host.net.GetSocketPolicies().Get(host.socket, Direction::Out);
        NS_TEST_EXPECT_MSG_EQ(policy->GetUse().useTime,
                              host.net.GetWallClock(host.now),
                              "its use is noted");
        host.routes.outside.hasNoXfrm = true;
        NS_TEST_EXPECT_MSG_EQ(host.Send().error, error::PERM, "exempt from the host's only");
        host.routes.outside.hasNoXfrm = false;

        host.Add(MakeAction(PolicyAction::Block));
        host.SetPolicy(MakeAction(PolicyAction::Allow));
        const bool isPlain = host.Send().verdict == OutputVerdict::Plain;
        NS_TEST_EXPECT_MSG_EQ(isPlain, true, "the host's is not asked");
        NS_TEST_EXPECT_MSG_EQ(host.work.nCacheLookups, 0, "nor its cache");
        PolicyConfig other = MakeAction(PolicyAction::Allow);
        other.selector.destination = Ipv4Address("10.3.0.0");
        host.SetPolicy(other);
        NS_TEST_EXPECT_MSG_EQ(host.Send().error, error::PERM, "another flow: the host's");
        PolicyConfig marked = MakeAction(PolicyAction::Allow);
        marked.mark = {.value = 5, .mask = 0xff};
        host.SetPolicy(marked);
        NS_TEST_EXPECT_MSG_EQ(host.Send().error, error::PERM, "another mark: the host's");
        host.flow.common.mark = 0x105;
        const bool isMarkPlain = host.Send().verdict == OutputVerdict::Plain;
        NS_TEST_EXPECT_MSG_EQ(isMarkPlain, true, "its mark");
        const auto connected = SocketEndpoint::OfFlow(host.flow, Direction::Out);
        host.net.ConnectSocket(connected);
        NS_TEST_EXPECT_MSG_EQ((host.Send().verdict == OutputVerdict::Plain), true, "connected");
        host.net.CloseSocket(host.socket);
        NS_TEST_EXPECT_MSG_EQ((host.Send().verdict == OutputVerdict::Plain), true, "another's end");
        host.net.CloseSocket(connected);
        NS_TEST_EXPECT_MSG_EQ(host.Send().error, error::PERM, "the socket has gone");
        NS_TEST_EXPECT_MSG_EQ(host.net.GetPolicies().GetSocketCount(Direction::Out), 0, "and all");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A missing state is an error for a socket with a policy (R12).
 *
 * It is EAGAIN whatever larval_drop says: no counter, no blackhole, no queue.  Another error keeps
 * its counter (R30, R31), and templates that are all optional let through (R33).
 */
class SocketErrorTestCase : public TestCase
{
  public:
    SocketErrorTestCase()
        : TestCase("a missing state is EAGAIN for a socket's policy, and no counter moves")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool useLarvalDrop : {true, false})
        {
            SocketHost host;
            host.net.GetSettings().useLarvalDrop = useLarvalDrop;
            host.SetPolicy(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
            const OutputDecision decision = host.Send();
            const bool isError = decision.verdict == OutputVerdict::Error;
            NS_TEST_EXPECT_MSG_EQ(isError, true, "neither blackhole nor queue");
            NS_TEST_EXPECT_MSG_EQ(decision.error, error::AGAIN, "error");
            NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "", "no counter");
        }
        SocketHost host;
        Template optional = NamespaceFixture::MakeTemplate();
        optional.isOptional = true;
        host.SetPolicy(NamespaceFixture::MakePolicy({optional}));
        const bool isPlain = host.Send().verdict == OutputVerdict::Plain;
        NS_TEST_EXPECT_MSG_EQ(isPlain, true, "all optional");
        host.SetPolicy(NamespaceFixture::MakePolicy(
            std::vector<Template>(MAX_DEPTH, NamespaceFixture::MakeTemplate())));
        NS_TEST_EXPECT_MSG_EQ(host.Send().error, error::NOBUFS, "too many templates (R34)");
        NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "XfrmOutPolError=1", "its counter");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The chain of a socket's policy is in no cache: each lookup builds one (R13).
 */
class SocketChainTestCase : public TestCase
{
  public:
    SocketChainTestCase()
        : TestCase("the chain of a socket's policy is built for each lookup, and not cached")
    {
    }

  private:
    void DoRun() override
    {
        SocketHost host;
        host.Add(NamespaceFixture::MakeState());
        host.SetPolicy(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
        const OutputDecision first = host.Send();
        const OutputDecision second = host.Send();
        const bool areTransforms =
            first.verdict == OutputVerdict::Transform && second.verdict == OutputVerdict::Transform;
        NS_TEST_ASSERT_MSG_EQ(areTransforms, true, "both go through the state");
        const bool areTwo = first.bundle != second.bundle;
        NS_TEST_EXPECT_MSG_EQ(areTwo, true, "a chain each");
        NS_TEST_EXPECT_MSG_EQ(host.work.bundle.nBundles, 2, "built");
        NS_TEST_EXPECT_MSG_EQ(host.work.nCacheLookups, 0, "no lookup in the cache");
        NS_TEST_EXPECT_MSG_EQ(first.bundle->GetReferenceCount(), 1, "ours is the only reference");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The policy of the receiver's socket is asked first, too (R260, R262, R263).
 *
 * A socket with one has the full check made although no policy of the host is there; one that is
 * not for the flow leaves it to the host's.
 */
class SocketInputTestCase : public TestCase
{
  public:
    SocketInputTestCase()
        : TestCase("a receiving socket's policy is asked before the host's")
    {
    }

  private:
    void DoRun() override
    {
        SocketHost host;
        PolicyCheck check(host.net);
        const auto receiver = SocketEndpoint::OfFlow(host.flow, Direction::In).Unbound();
        PolicyConfig config = MakeAction(PolicyAction::Block);
        config.direction = Direction::In;
        NS_TEST_EXPECT_MSG_EQ(check.HasSocketPolicy(host.flow), false, "none");
        host.net.SetSocketPolicy(receiver, config, host.now);
        NS_TEST_EXPECT_MSG_EQ(check.HasSocketPolicy(host.flow), true, "has one");
        CheckResult result = check.Check(Direction::In, &host.flow, {}, host.Here());
        NS_TEST_EXPECT_MSG_EQ(result.isAccepted, false, "blocked");
        NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), "XfrmInPolBlock=1", "counter");
        result = check.Check(Direction::Forward, &host.flow, {}, host.Here());
        NS_TEST_EXPECT_MSG_EQ(result.isAccepted, true, "not for what is forwarded");

        config.selector.destination = Ipv4Address("10.3.0.0");
        host.net.SetSocketPolicy(receiver, config, host.now);
        NS_TEST_EXPECT_MSG_EQ(check.HasSocketPolicy(host.flow), true, "whatever it is for");
        result = check.Check(Direction::In, &host.flow, {}, host.Here());
        NS_TEST_EXPECT_MSG_EQ(result.isAccepted, true, "no policy for the flow");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A held packet of a socket is decided on with its socket, another without (R82).
 */
class SocketHeldTestCase : public TestCase
{
  public:
    SocketHeldTestCase()
        : TestCase("the hold queue's timer decides by the socket of a packet that has one")
    {
    }

  private:
    void DoRun() override
    {
        SocketHost host;
        host.SetPolicy(MakeAction(PolicyAction::Block));
        const auto decide = [&](bool isLocal) {
            return host.lookup.DecideHeld(host.flow,
                                          host.routes.MakeRoute("10.2.0.2"),
                                          Lookup::HeldRole::Head,
                                          isLocal,
                                          host.Here());
        };
        NS_TEST_EXPECT_MSG_EQ(decide(true).error, error::PERM, "of the socket");
        const bool isPlain = decide(false).verdict == OutputVerdict::Plain;
        NS_TEST_EXPECT_MSG_EQ(isPlain, true, "forwarded");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Policies of sockets in lookups and checks.
 */
class LookupSocketTestSuite : public TestSuite
{
  public:
    LookupSocketTestSuite()
        : TestSuite("xfrm-lookup-socket", UNIT)
    {
        AddTestCase(new SocketFirstTestCase, TestCase::QUICK);
        AddTestCase(new SocketErrorTestCase, TestCase::QUICK);
        AddTestCase(new SocketChainTestCase, TestCase::QUICK);
        AddTestCase(new SocketInputTestCase, TestCase::QUICK);
        AddTestCase(new SocketHeldTestCase, TestCase::QUICK);
    }
};

/// Registers the suite.
static LookupSocketTestSuite g_xfrmLookupSocketTestSuite;

} // namespace ns3::xfrm::tests
