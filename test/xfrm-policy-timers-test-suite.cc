/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-fixture.h"

#include "ns3/nstime.h"
#include "ns3/test.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return what is configured of a policy with these limits; different ones differ by @p user
PolicyConfig
MakeLimited(const LifetimeLimits& limits, uint32_t user = 0)
{
    PolicyConfig config = MakePolicy("10.0.0.0/24", "10.0.0.0/24");
    config.selector.user = user;
    config.limits = limits;
    return config;
}

/**
 * @brief Run the timers of a fixture whose wall clock is fixture.now at time 0.
 * @return what they say: "name soft" or "name hard", separated by ", "
 */
std::string
RunTimers(PolicyFixture& fixture, Time time)
{
    const auto now = fixture.now + static_cast<uint64_t>(time.ToInteger(Time::S));
    std::string text;
    for (const PolicyDatabase::Expiry& event : fixture.database.RunTimers(time, now))
    {
        text += (text.empty() ? "" : ", ") + fixture.GetName(event.policy) +
                (event.isHard ? " hard" : " soft");
    }
    return text;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief What the timer finds out of a policy added at 1000 (R122).
 *
 * Limits run from 1000, those of use from the last use if there was one.  At limit - 1 s nothing
 * has passed and 1 s remains; at the limit it has.  The next run is at the smallest remaining time,
 * a soft limit that has passed counting as 30 s.  A hard limit stops everything else.
 */
class PolicyAgeTestCase : public TestCase
{
  public:
    PolicyAgeTestCase()
        : TestCase("each limit of time counts from its base and says when to look again")
    {
    }

  private:
    /// What is to be found out.
    enum class Finding
    {
        Nothing, //!< neither
        Overdue, //!< past a soft limit
        Expired  //!< past a hard limit
    };

    /// Compare what a policy's timer finds at a time.
    void Expect(const LifetimeLimits& limits,
                uint64_t useTime,
                uint64_t now,
                Finding finding,
                std::optional<uint64_t> delay,
                const std::string& what)
    {
        const PolicyAge age = GetPolicyAge(limits, {.addTime = 1000, .useTime = useTime}, now);
        NS_TEST_EXPECT_MSG_EQ(age.isExpired, (finding == Finding::Expired), what << ": expired");
        NS_TEST_EXPECT_MSG_EQ(age.isOverdue, (finding == Finding::Overdue), what << ": overdue");
        NS_TEST_EXPECT_MSG_EQ((age.delay == delay), true, what << ": delay");
    }

    void DoRun() override
    {
        const auto never = std::nullopt;
        Expect({}, 0, 5000, Finding::Nothing, never, "no limits");
        Expect({.hardAddSeconds = 10}, 0, 1001, Finding::Nothing, 9, "hard_add, early");
        Expect({.hardAddSeconds = 10}, 1005, 1009, Finding::Nothing, 1, "hard_add, used");
        Expect({.hardAddSeconds = 10}, 1005, 1010, Finding::Expired, never, "hard_add, passed");
        Expect({.hardUseSeconds = 10}, 0, 1009, Finding::Nothing, 1, "hard_use, unused");
        Expect({.hardUseSeconds = 10},
               0,
               1010,
               Finding::Expired,
               never,
               "hard_use, unused, passed");
        Expect({.hardUseSeconds = 10}, 1005, 1010, Finding::Nothing, 5, "hard_use, used");
        Expect({.hardUseSeconds = 10}, 1005, 1015, Finding::Expired, never, "hard_use, passed");
        Expect({.softAddSeconds = 10}, 1005, 1009, Finding::Nothing, 1, "soft_add");
        Expect({.softAddSeconds = 10}, 1005, 1010, Finding::Overdue, 30, "soft_add, passed");
        Expect({.softUseSeconds = 10}, 0, 1010, Finding::Overdue, 30, "soft_use, unused, passed");
        Expect({.softUseSeconds = 10}, 1005, 1010, Finding::Nothing, 5, "soft_use, used");
        Expect({.softUseSeconds = 10}, 1005, 1099, Finding::Overdue, 30, "soft_use, passed");
        Expect({.softAddSeconds = 10, .hardAddSeconds = 12, .softUseSeconds = 5},
               0,
               1011,
               Finding::Overdue,
               1,
               "a hard limit before the next warning");
        Expect({.softAddSeconds = 10, .hardAddSeconds = 12},
               0,
               1012,
               Finding::Expired,
               never,
               "both passed");
        Expect({.softBytes = 0, .hardBytes = 0, .softPackets = 0, .hardPackets = 0},
               1005,
               5000,
               Finding::Nothing,
               never,
               "bytes and packets are never enforced");
        Expect({.hardAddSeconds = UINT64_MAX}, 0, 1001, Finding::Expired, never, "sums wrap");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The timer first runs 1 s after the insertion, and without limits never again (R114, R122).
 *
 * Inserted at 0.7 s: due at 1.7 s, not at 1.699 s.
 */
class PolicyFirstTimerTestCase : public TestCase
{
  public:
    PolicyFirstTimerTestCase()
        : TestCase(
              "the timer of a policy runs 1 s after its insertion, and by its limits from then")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        PolicyDatabase& database = fixture.database;
        NS_TEST_EXPECT_MSG_EQ(database.GetNextDeadline(), Time::Max(), "no policies");
        fixture.time = MilliSeconds(700);
        fixture.Add("unlimited", MakeLimited({}));
        fixture.time = MilliSeconds(800);
        fixture.Add("limited", MakeLimited({.hardAddSeconds = 100}, 1));
        NS_TEST_EXPECT_MSG_EQ(database.GetNextDeadline(), MilliSeconds(1700), "1 s later");
        std::string said = RunTimers(fixture, MilliSeconds(1699));
        NS_TEST_EXPECT_MSG_EQ(said, "", "too early");
        NS_TEST_EXPECT_MSG_EQ(database.GetNextDeadline(), MilliSeconds(1700), "still due");
        said = RunTimers(fixture, MilliSeconds(1700));
        NS_TEST_EXPECT_MSG_EQ(said, "", "no limits");
        NS_TEST_EXPECT_MSG_EQ(database.GetNextDeadline(), MilliSeconds(1800), "the other's");
        said = RunTimers(fixture, MilliSeconds(1800));
        NS_TEST_EXPECT_MSG_EQ(said, "", "99 s remain: it is second 1");
        NS_TEST_EXPECT_MSG_EQ(database.GetNextDeadline(), MilliSeconds(100'800), "its limit");
        said = RunTimers(fixture, MilliSeconds(100'800));
        NS_TEST_EXPECT_MSG_EQ(said, "limited hard", "passed");
        NS_TEST_EXPECT_MSG_EQ(database.GetNextDeadline(), Time::Max(), "nothing left");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Warnings repeat every 30 s while a soft limit is overdue, until the hard one (R122, R120).
 *
 * soft_add 10, hard_add 75, added at 0 s: runs at 1 (9 s remain to 10), 10, 40, 70 (5 s remain to
 * 75), 75.  The end unlinks, counts down, and makes a new generation.
 */
class PolicyExpiryTestCase : public TestCase
{
  public:
    PolicyExpiryTestCase()
        : TestCase("a policy warns every 30 s from its soft limit on and dies at the hard one")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        PolicyDatabase& database = fixture.database;
        const Ptr<Policy> policy =
            fixture.Add("a", MakeLimited({.softAddSeconds = 10, .hardAddSeconds = 75}));
        std::string log;
        while (database.GetNextDeadline() < Seconds(1000))
        {
            const Time due = database.GetNextDeadline();
            log += std::to_string(due.ToInteger(Time::S)) + ": " + RunTimers(fixture, due) + "; ";
        }
        NS_TEST_EXPECT_MSG_EQ(log, "1: ; 10: a soft; 40: a soft; 70: a soft; 75: a hard; ", "runs");
        NS_TEST_EXPECT_MSG_EQ(policy->IsDead(), true, "dead");
        NS_TEST_EXPECT_MSG_EQ(policy->GetGenid(), 1, "its chains are stale");
        NS_TEST_EXPECT_MSG_EQ(database.GetCount(Direction::Out), 0, "counted down");
        NS_TEST_EXPECT_MSG_EQ(database.GetAll().size(), 0, "list of all");
        const std::string found = fixture.LookUp(MakeFlow("10.0.0.1", "10.0.0.2"));
        NS_TEST_EXPECT_MSG_EQ(found, "", "not found");
        const Ptr<Policy> byIndex =
            database.RemoveByIndex(PolicyType::Main, Direction::Out, policy->GetIndex(), {});
        NS_TEST_EXPECT_MSG_EQ(byIndex, nullptr, "nor by index");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A lookup that marks the policy as used puts off its limits of use, at the next run of the
 * timer; a policy that nobody marks ends although packets may pass (R122, C28).
 *
 * hard_use 20, both added at 0 s: runs at 1, then 20.  "used" was used at 15, so 15 s remain at 20;
 * "cached" ends.  Used again at 34, it goes on from 35 for 19 s.
 */
class PolicyUseTimeTestCase : public TestCase
{
  public:
    PolicyUseTimeTestCase()
        : TestCase("only being chosen by a lookup puts off the limits of use")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        PolicyDatabase& database = fixture.database;
        const Ptr<Policy> used = fixture.Add("used", MakeLimited({.hardUseSeconds = 20}));
        fixture.Add("cached", MakeLimited({.hardUseSeconds = 20}, 1));
        RunTimers(fixture, Seconds(1));
        used->SetUsed(fixture.now + 15);
        NS_TEST_EXPECT_MSG_EQ(database.GetNextDeadline(), Seconds(20), "the timer does not move");
        std::string said = RunTimers(fixture, Seconds(20));
        NS_TEST_EXPECT_MSG_EQ(said, "cached hard", "20 s after it was added");
        NS_TEST_EXPECT_MSG_EQ(database.GetNextDeadline(), Seconds(35), "20 s after its use");
        used->SetUsed(fixture.now + 34);
        said = RunTimers(fixture, Seconds(35));
        NS_TEST_EXPECT_MSG_EQ(said, "", "used meanwhile");
        NS_TEST_EXPECT_MSG_EQ(database.GetNextDeadline(), Seconds(54), "20 s after its last use");
        said = RunTimers(fixture, Seconds(54));
        NS_TEST_EXPECT_MSG_EQ(said, "used hard", "unused for 20 s");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Timers due at one time run in the order in which they were armed (R122).
 *
 * a, b, c added at 0 s with soft_add 5, 3 and 5: runs at 1 arm a and c for 5, b for 3, and b at 3
 * for 33.  At 5 a, then c warn and are armed for 35.  b is armed anew at 33 for 63.
 */
class PolicyTimerOrderTestCase : public TestCase
{
  public:
    PolicyTimerOrderTestCase()
        : TestCase("timers run by deadline, among equals by arming")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        fixture.Add("a", MakeLimited({.softAddSeconds = 5}, 1));
        fixture.Add("b", MakeLimited({.softAddSeconds = 3}, 2));
        fixture.Add("c", MakeLimited({.softAddSeconds = 5}, 3));
        std::string said = RunTimers(fixture, Seconds(1));
        NS_TEST_EXPECT_MSG_EQ(said, "", "first runs");
        said = RunTimers(fixture, Seconds(5));
        NS_TEST_EXPECT_MSG_EQ(said, "b soft, a soft, c soft", "late: by deadline, then arming");
        said = RunTimers(fixture, Seconds(35));
        NS_TEST_EXPECT_MSG_EQ(said, "b soft, a soft, c soft", "30 s after they ran");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The timer of a policy that was deleted, replaced or flushed stops (R120, R113); the one
 * that replaced it has its own (R114).
 */
class PolicyTimerStopTestCase : public TestCase
{
  public:
    PolicyTimerStopTestCase()
        : TestCase("the timer of a policy stops when the policy leaves")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        PolicyDatabase& database = fixture.database;
        const PolicyConfig config = MakeLimited({.hardAddSeconds = 2});
        fixture.Add("deleted", config);
        database.Remove(PolicyType::Main, Direction::Out, config.selector, {});
        NS_TEST_EXPECT_MSG_EQ(database.GetNextDeadline(), Time::Max(), "deleted");
        fixture.Add("flushed", config);
        database.Flush(PolicyType::Main);
        NS_TEST_EXPECT_MSG_EQ(database.GetNextDeadline(), Time::Max(), "flushed");
        fixture.Add("replaced", config);
        fixture.time = MilliSeconds(500);
        fixture.Insert("new", config, false);
        NS_TEST_EXPECT_MSG_EQ(database.GetNextDeadline(), MilliSeconds(1500), "the new one's");
        RunTimers(fixture, MilliSeconds(1500));
        const std::string said = RunTimers(fixture, MilliSeconds(2500));
        NS_TEST_EXPECT_MSG_EQ(said, "new hard", "2 s");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A limit beyond the end of simulated time is never reached (R122).
 *
 * Time ends after 2^63 ns, about 9.2e9 s: a limit of 1e12 s would be due after that.
 */
class PolicyTimerFarTestCase : public TestCase
{
  public:
    PolicyTimerFarTestCase()
        : TestCase("a limit of ages does not overflow the clock")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        fixture.Add("a", MakeLimited({.hardAddSeconds = 1'000'000'000'000}));
        const std::string said = RunTimers(fixture, Seconds(1));
        NS_TEST_EXPECT_MSG_EQ(said, "", "not passed");
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetNextDeadline(), Time::Max(), "never");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of the timers of policies.
 */
class PolicyTimersTestSuite : public TestSuite
{
  public:
    PolicyTimersTestSuite()
        : TestSuite("xfrm-policy-timers", UNIT)
    {
        AddTestCase(new PolicyAgeTestCase, TestCase::QUICK);
        AddTestCase(new PolicyFirstTimerTestCase, TestCase::QUICK);
        AddTestCase(new PolicyExpiryTestCase, TestCase::QUICK);
        AddTestCase(new PolicyUseTimeTestCase, TestCase::QUICK);
        AddTestCase(new PolicyTimerOrderTestCase, TestCase::QUICK);
        AddTestCase(new PolicyTimerStopTestCase, TestCase::QUICK);
        AddTestCase(new PolicyTimerFarTestCase, TestCase::QUICK);
    }
};

static PolicyTimersTestSuite g_policyTimersTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
