/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"
#include "ns3/xfrm-hold-queues.h"

#include <memory>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// What became of held packets, in order: "chain", "plain", or the error they were dropped with.
using Fates = std::vector<std::string>;

/// A packet that notes what becomes of it.
class NotedPacket final : public HeldPacket
{
  public:
    NotedPacket(const Flow& flow, const Ptr<Route>& path, Fates& fates)
        : m_flow(flow),
          m_path(path),
          m_fates(fates)
    {
    }

    Flow Decode() const override
    {
        return m_flow;
    }

    Ptr<Route> GetPath() const override
    {
        return m_path;
    }

    bool IsLocal() const override
    {
        return true;
    }

    void Send(const OutputDecision& decision) override
    {
        m_fates.emplace_back(decision.verdict == OutputVerdict::Transform ? "chain" : "plain");
    }

    void Drop(int32_t error) override
    {
        m_fates.emplace_back(error::GetName(error));
    }

  private:
    Flow m_flow;       //!< its flow
    Ptr<Route> m_path; //!< its plain route
    Fates& m_fates;    //!< where it is noted
};

/// A gateway with larval_drop off whose policy asks for a state that is not there.
class HoldFixture
{
  public:
    /// @param kernel its kernel
    explicit HoldFixture(const Kernel& kernel = {})
        : host(1, kernel)
    {
        host.net.GetSettings().useLarvalDrop = false;
        policy = host.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
    }

    /// @brief Decide on a packet and hold it.  @param decoded its flow as decoded when it is held
    /// @return the decision's verdict, or with Hold what Hold() returned
    int32_t Hold(const Flow& decoded = NamespaceFixture::MakeFlow())
    {
        const OutputDecision decision = host.Decide();
        NS_ABORT_MSG_IF(decision.verdict != OutputVerdict::Hold, "must be held");
        return Queues().Hold(
            decision.bundle->GetMatch().policies.front(),
            std::make_unique<NotedPacket>(decoded, decision.bundle->GetPath(), fates),
            host.now);
    }

    /// @brief Run the timers until none is left, or up to a time.
    /// @return when they fired [ms]
    std::vector<int64_t> RunTimers(Time until = Seconds(1000))
    {
        std::vector<int64_t> times;
        while (Queues().GetNextDue() && *Queues().GetNextDue() <= until)
        {
            host.now = *Queues().GetNextDue();
            times.push_back(host.now.GetMilliSeconds());
            Queues().RunDue(host.lookup, host.Here());
        }
        return times;
    }

    /// @return the queues
    HoldQueues& Queues()
    {
        return host.net.GetHoldQueues();
    }

    NamespaceFixture host; //!< the gateway
    Ptr<Policy> policy;    //!< its policy
    Fates fates;           //!< of its packets, in order
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief What is held, and what is not (R45, R46, R81, C5).
 */
class HoldAdmissionTestCase : public TestCase
{
  public:
    HoldAdmissionTestCase()
        : TestCase("101 packets of a policy are held, where a dummy was born to hold")
    {
    }

  private:
    void DoRun() override
    {
        HoldFixture fixture;
        for (int i = 0; i < 101; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(fixture.Hold(), 0, "packet " << i);
            fixture.host.now += MicroSeconds(10);
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.Hold(), error::AGAIN, "one too many");
        NS_TEST_EXPECT_MSG_EQ(fixture.fates.size(), 1, "it is dropped");
        NS_TEST_EXPECT_MSG_EQ(fixture.Queues().GetLength(*fixture.policy), 101, "the others stay");
        NS_TEST_EXPECT_MSG_EQ(fixture.Queues().GetNextDue()->GetMilliSeconds(), 100, "first timer");

        NamespaceFixture bare;
        bare.net.GetSettings().useLarvalDrop = false;
        bare.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
        OutputDecision decision = bare.Decide(NamespaceFixture::MakeFlow(), Lookup::Purpose::Retry);
        NS_TEST_EXPECT_MSG_EQ(decision.error, error::AGAIN, "asked without the flag");
        NS_TEST_EXPECT_MSG_EQ(bare.GetCounters(), "XfrmOutNoStates=1", "counted");
        decision = bare.Decide();
        NS_TEST_EXPECT_MSG_EQ(decision.error, error::AGAIN, "born bare, it stays so");

        NamespaceFixture lost;
        lost.net.GetSettings().useLarvalDrop = false;
        lost.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
        lost.routes.outside.index = 0;
        NS_TEST_EXPECT_MSG_EQ(lost.Decide().error, error::NODEV, "no device");
        NS_TEST_EXPECT_MSG_EQ(lost.net.GetBundles().GetAccount()->GetLive(), 0, "no dst is left");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The timer doubles, and gives up at the end (R82, R83).
 */
class HoldTimerTestCase : public TestCase
{
  public:
    HoldTimerTestCase()
        : TestCase("the timer doubles from 0.1 s, and purges when it fires after 102.4 s")
    {
    }

  private:
    void DoRun() override
    {
        HoldFixture fixture;
        fixture.Hold();
        fixture.Hold();
        const std::vector<int64_t>
            times{100, 300, 700, 1500, 3100, 6300, 12700, 25500, 51100, 102300, 204700};
        NS_TEST_EXPECT_MSG_EQ((fixture.RunTimers() == times), true, "when it fires");
        NS_TEST_EXPECT_MSG_EQ((fixture.fates == Fates{"EAGAIN", "EAGAIN"}), true, "both dropped");
        NS_TEST_EXPECT_MSG_EQ(fixture.host.GetCounters(), "", "held packets are no failures");
        NS_TEST_EXPECT_MSG_EQ(fixture.host.work.nOutputLookups, 13, "two packets, eleven timers");
        fixture.Hold();
        NS_TEST_EXPECT_MSG_EQ(fixture.Queues().GetNextDue()->GetMilliSeconds(),
                              204800,
                              "and starts anew");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Kernels without a flow cache have no dummy that remembers to hold (R316).
 *
 * In 4.14 the first timer purges, whatever the flow; in 4.19 it may hold again, and doubles as in
 * R83, for a flow that is decoded in another way than it was held, too (R84).
 */
class HoldKernelsTestCase : public TestCase
{
  public:
    HoldKernelsTestCase()
        : TestCase("the first timer purges in linux-4.14, and doubles for all in linux-4.19")
    {
    }

  private:
    void DoRun() override
    {
        HoldFixture last(Kernel::Find("linux-4.14"));
        last.Hold();
        NS_TEST_EXPECT_MSG_EQ((last.RunTimers() == std::vector<int64_t>{100}), true, "one timer");
        NS_TEST_EXPECT_MSG_EQ((last.fates == Fates{"EAGAIN"}), true, "dropped");
        NS_TEST_EXPECT_MSG_EQ(last.host.GetCounters(), "XfrmOutNoStates=1", "counted");

        HoldFixture none(Kernel::Find("linux-4.19"));
        Flow decoded = NamespaceFixture::MakeFlow();
        decoded.common.iif = 0;
        decoded.common.tos = 0xff;
        none.Hold(decoded);
        NS_TEST_EXPECT_MSG_EQ(none.RunTimers().size(), 11, "timers");
        NS_TEST_EXPECT_MSG_EQ(none.host.now, MilliSeconds(204700), "the last one");
        NS_TEST_EXPECT_MSG_EQ(none.host.GetCounters(), "", "held packets are no failures");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Packets leave when the state is there (R82).
 */
class HoldReleaseTestCase : public TestCase
{
  public:
    HoldReleaseTestCase()
        : TestCase("all packets leave by the timer after the state came")
    {
    }

  private:
    void DoRun() override
    {
        HoldFixture fixture;
        fixture.Hold();
        Flow other = NamespaceFixture::MakeFlow();
        other.destination = Ipv4Address("10.3.0.2"); // of no policy any more: in clear
        fixture.Hold(other);
        fixture.RunTimers(MilliSeconds(200));
        fixture.host.Add(NamespaceFixture::MakeState());
        NS_TEST_EXPECT_MSG_EQ(fixture.fates.empty(), true, "they wait for the timer");
        const std::vector<int64_t> times = fixture.RunTimers();
        NS_TEST_EXPECT_MSG_EQ((times == std::vector<int64_t>{300}), true, "the next one");
        NS_TEST_EXPECT_MSG_EQ((fixture.fates == Fates{"chain", "plain"}), true, "each by its own");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Keys that differ, and policies that come, purge at the first timer (R84, R85).
 */
class HoldPurgeTestCase : public TestCase
{
  public:
    HoldPurgeTestCase()
        : TestCase("another key, or a new policy, purges at the next timer")
    {
    }

  private:
    void DoRun() override
    {
        HoldFixture local;
        Flow decoded = NamespaceFixture::MakeFlow();
        decoded.common.iif = 0;
        decoded.common.tos = 0xff;
        local.Hold(decoded);
        NS_TEST_EXPECT_MSG_EQ((local.RunTimers() == std::vector<int64_t>{100}), true, "one timer");
        NS_TEST_EXPECT_MSG_EQ((local.fates == Fates{"EAGAIN"}), true, "dropped");
        NS_TEST_EXPECT_MSG_EQ(local.host.GetCounters(), "XfrmOutNoStates=1", "counted");

        HoldFixture inserted;
        inserted.Hold();
        PolicyConfig other = NamespaceFixture::MakePolicy();
        other.selector.destination = Ipv4Address("10.77.0.0");
        inserted.host.Add(other);
        NS_TEST_EXPECT_MSG_EQ((inserted.RunTimers() == std::vector<int64_t>{100}), true, "R85");
        NS_TEST_EXPECT_MSG_EQ((inserted.fates == Fates{"EAGAIN"}), true, "dropped");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A replaced policy hands its packets on, a deleted one drops them (R86, R120).
 *
 * The timer, which had come to 0.4 s, begins anew with 0.1 s, and fires at once.
 */
class HoldPolicyTestCase : public TestCase
{
  public:
    HoldPolicyTestCase()
        : TestCase("a new policy takes over what the replaced one holds, deletion drops it")
    {
    }

  private:
    void DoRun() override
    {
        HoldFixture fixture;
        fixture.Hold();
        fixture.RunTimers(MilliSeconds(500));
        fixture.host.now = MilliSeconds(500);
        const PolicyConfig same = NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()});
        NS_TEST_EXPECT_MSG_EQ(fixture.host.net.AddPolicy(same, true, fixture.host.now),
                              0,
                              "update");
        NS_TEST_EXPECT_MSG_EQ(fixture.Queues().GetLength(*fixture.policy), 0, "it has none left");
        NS_TEST_EXPECT_MSG_EQ(fixture.Queues().GetNextDue()->GetMilliSeconds(), 500, "at once");
        fixture.host.Decide(); // another packet, for which the new policy holds, too
        fixture.RunTimers(MilliSeconds(500));
        NS_TEST_EXPECT_MSG_EQ(fixture.Queues().GetNextDue()->GetMilliSeconds(), 700, "2 x 0.1 s");

        HoldFixture deleted;
        deleted.Hold();
        deleted.host.net.FlushPolicies(PolicyType::Main);
        NS_TEST_EXPECT_MSG_EQ((deleted.fates == Fates{"EAGAIN"}), true, "dropped");
        NS_TEST_EXPECT_MSG_EQ(deleted.Queues().GetNextDue().has_value(), false, "no timer");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of HoldQueues.
 */
class HoldQueuesTestSuite : public TestSuite
{
  public:
    HoldQueuesTestSuite()
        : TestSuite("xfrm-hold-queues", UNIT)
    {
        AddTestCase(new HoldAdmissionTestCase, TestCase::QUICK);
        AddTestCase(new HoldTimerTestCase, TestCase::QUICK);
        AddTestCase(new HoldKernelsTestCase, TestCase::QUICK);
        AddTestCase(new HoldReleaseTestCase, TestCase::QUICK);
        AddTestCase(new HoldPurgeTestCase, TestCase::QUICK);
        AddTestCase(new HoldPolicyTestCase, TestCase::QUICK);
    }
};

static HoldQueuesTestSuite g_holdQueuesTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
