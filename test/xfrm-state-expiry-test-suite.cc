/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-state-expiry-log.h"

#include "ns3/test.h"

#include <cstdint>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief A hard limit of packets is checked before the packet is counted: with 1 the second packet
 * finds it, the state is expired, and its timer is due at once (R161, R162).
 */
class StatePacketLimitTestCase : public TestCase
{
  public:
    StatePacketLimitTestCase()
        : TestCase("a state that is used up has its timer run at once")
    {
    }

  private:
    void DoRun() override
    {
        TimerFixture fixture({.hardPackets = 1});
        StateDatabase& database = fixture.states.database;
        StateExpiry expiry = database.CheckExpiry(fixture.state, 103);
        NS_TEST_EXPECT_MSG_EQ((expiry == StateExpiry::None), true, "first packet");
        NS_TEST_EXPECT_MSG_EQ(fixture.state->GetUse().useTime, 103, "first use");
        fixture.state->Count(100);
        fixture.log.RunAt(104);
        NS_TEST_EXPECT_MSG_EQ(fixture.log.GetNextSeconds(), 0, "no limit of time");
        expiry = database.CheckExpiry(fixture.state, 105);
        NS_TEST_EXPECT_MSG_EQ((expiry == StateExpiry::Hard), true, "second packet");
        NS_TEST_EXPECT_MSG_EQ(Is(fixture.state, StateStatus::Expired), true, "expired, not gone");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.Take(), "", "not told yet");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.GetNextSeconds(), 105, "at once");
        NS_TEST_EXPECT_MSG_EQ(fixture.states.FindSpi(), error::SRCH, "its flow waits for nothing");
        NS_TEST_EXPECT_MSG_EQ(fixture.states.Find().isAcquireWanted, false, "nor is one asked");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.RunAt(105), "hard 1", "told");
        NS_TEST_EXPECT_MSG_EQ(Is(fixture.state, StateStatus::Dead), true, "gone");
        NS_TEST_EXPECT_MSG_EQ(fixture.states.Find().isAcquireWanted, true, "the next one is asked");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A soft limit of bytes is told once; the state goes on being used until there is another
 * one (R162, R164).
 */
class StateByteWarningTestCase : public TestCase
{
  public:
    StateByteWarningTestCase()
        : TestCase("a soft limit of bytes is told once, and the state serves while it is alone")
    {
    }

  private:
    void DoRun() override
    {
        TimerFixture fixture({.softBytes = 1000});
        StateDatabase& database = fixture.states.database;
        fixture.state->Count(999);
        StateExpiry expiry = database.CheckExpiry(fixture.state, 103);
        NS_TEST_EXPECT_MSG_EQ((expiry == StateExpiry::None), true, "999 bytes");
        fixture.state->Count(1);
        expiry = database.CheckExpiry(fixture.state, 103);
        NS_TEST_EXPECT_MSG_EQ((expiry == StateExpiry::Soft), true, "1000 bytes");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.Take(), "soft 1", "told");
        expiry = database.CheckExpiry(fixture.state, 104);
        NS_TEST_EXPECT_MSG_EQ((expiry == StateExpiry::None), true, "once");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.Take(), "", "once");
        NS_TEST_EXPECT_MSG_EQ(fixture.states.FindSpi(), 1, "serves while it is alone (R164)");
        fixture.states.Add(2, 50);
        NS_TEST_EXPECT_MSG_EQ(fixture.states.FindSpi(), 2, "one that is not dying (R164)");
        NS_TEST_EXPECT_MSG_EQ(fixture.state->GetGenid(), 1, "and chains look again (R164)");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief An update has the timer run 1 s later, and one over its new limits ends at once (R151,
 * R161, R162).
 */
class StateUpdateTimerTestCase : public TestCase
{
  public:
    StateUpdateTimerTestCase()
        : TestCase("an update has the timer run one second later")
    {
    }

  private:
    void DoRun() override
    {
        TimerFixture fixture({});
        fixture.log.RunAt(101);
        StateConfig config = fixture.state->GetConfig();
        config.limits.hardAddSeconds = 50;
        fixture.states.database.Update(MakeState(config), 200);
        NS_TEST_EXPECT_MSG_EQ(fixture.log.GetNextSeconds(), 201, "1 s after the update");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.RunAt(200), "", "not at once, though it is over");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.RunAt(201), "hard 1", "over since 150");

        TimerFixture used({});
        used.states.database.CheckExpiry(used.state, 102);
        used.state->Count(100);
        config.limits = {.softBytes = 100};
        used.states.database.Update(MakeState(config), 103);
        NS_TEST_EXPECT_MSG_EQ(used.log.Take(), "soft 1", "over the soft limit");
        config.limits = {.hardBytes = 100};
        used.states.database.Update(MakeState(config), 104);
        NS_TEST_EXPECT_MSG_EQ(used.log.Take(), "hard 1", "over the hard limit");
        NS_TEST_EXPECT_MSG_EQ(used.states.database.GetCount(), 0, "gone");
        NS_TEST_EXPECT_MSG_EQ(used.log.GetNextSeconds(), 0, "and its timers");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Timers run by time, then by insertion; a deleted state's do not (R153, R160).
 *
 * Timers count from the moment of the addition, not from the full second: added 0.7 s after the
 * start, at 1000 s of wall clock, with 10 s to live, the state ends at 10.7 s.
 */
class StateTimerOrderTestCase : public TestCase
{
  public:
    StateTimerOrderTestCase()
        : TestCase("timers run in order of time, then of insertion")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture states;
        StateExpiryLog log(states.database);
        const auto add = [&](uint32_t spi, uint64_t seconds) {
            return states.Add(spi, 100, [=](StateConfig& config) {
                config.limits.hardAddSeconds = seconds;
            });
        };
        add(5, 20);
        add(4, 10);
        add(3, 20);
        const Ptr<State> deleted = add(2, 10);
        add(1, 10);
        log.RunAt(101);
        states.database.Remove(deleted);
        NS_TEST_EXPECT_MSG_EQ(log.RunAt(300), "hard 4, hard 1, hard 5, hard 3", "order");

        const auto at = [](int64_t milliseconds) {
            return Instant(MilliSeconds(milliseconds), 1000 + milliseconds / 1000);
        };
        StateConfig config = MakeStateConfig(6);
        config.limits.hardAddSeconds = 10;
        states.database.Add(MakeState(config), at(700));
        NS_TEST_EXPECT_MSG_EQ(states.database.GetNextDue().value(), MilliSeconds(1700), "first");
        states.database.RunTimers(at(1700));
        NS_TEST_EXPECT_MSG_EQ(states.database.GetNextDue().value(), MilliSeconds(10700), "next");
        states.database.RunTimers(at(10699));
        NS_TEST_EXPECT_MSG_EQ(log.Take(), "", "a millisecond before");
        states.database.RunTimers(at(10700));
        NS_TEST_EXPECT_MSG_EQ(log.Take(), "hard 6", "then");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Whoever is told of the end of a state may change the database: a rekey adds the next one.
 */
class StateTimerListenerTestCase : public TestCase
{
  public:
    StateTimerListenerTestCase()
        : TestCase("a listener may add a state while timers run")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture states;
        const auto limit = [](StateConfig& config) { config.limits.softAddSeconds = 5; };
        states.database.SetExpiryListener([&](const Ptr<State>& state, StateExpiry) {
            states.Add(state->GetConfig().id.spi + 1, 105, limit);
        });
        states.Add(1, 100, limit);
        states.database.RunTimers(101);
        states.database.RunTimers(105);
        NS_TEST_EXPECT_MSG_EQ(states.GetSpis(), "2 1", "the next one");
        NS_TEST_EXPECT_MSG_EQ(states.FindSpi(), 2, "is used");
        NS_TEST_EXPECT_MSG_EQ(states.database.GetNextDue().value(), Seconds(106), "and has timers");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of how states of a database reach their limits, and of who is told.
 */
class StateExpiryTestSuite : public TestSuite
{
  public:
    StateExpiryTestSuite()
        : TestSuite("xfrm-state-expiry", UNIT)
    {
        AddTestCase(new StatePacketLimitTestCase, TestCase::QUICK);
        AddTestCase(new StateByteWarningTestCase, TestCase::QUICK);
        AddTestCase(new StateUpdateTimerTestCase, TestCase::QUICK);
        AddTestCase(new StateTimerOrderTestCase, TestCase::QUICK);
        AddTestCase(new StateTimerListenerTestCase, TestCase::QUICK);
    }
};

static StateExpiryTestSuite g_stateExpiryTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
