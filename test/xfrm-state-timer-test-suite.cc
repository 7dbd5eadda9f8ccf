/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-state-expiry-log.h"
#include "xfrm-test-states.h"

#include "ns3/test.h"

#include <cstdint>
#include <functional>
#include <string>

namespace ns3::xfrm::tests
{

namespace
{

/// A database whose timers run, with a state of SPI 1 that was added at 100 s.
struct TimerFixture
{
    /// @param limits of the state
    explicit TimerFixture(const LifetimeLimits& limits)
        : log(states.database),
          state(states.Add(1, 100, [&](StateConfig& config) { config.limits = limits; }))
    {
    }

    StateDatabaseFixture states; //!< the database
    StateExpiryLog log;          //!< who is told what
    Ptr<State> state;            //!< the state
};

/// @return whether a state has a status
bool
Is(const Ptr<State>& state, StateStatus status)
{
    return state->GetStatus() == status;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief A limit of 10 s since the addition (R150, R160, R161).
 *
 * Added at 100, the timer runs at 101 first, when 100 + 10 - 101 = 9 s are left: next at 110.
 */
class StateHardAddTestCase : public TestCase
{
  public:
    StateHardAddTestCase()
        : TestCase("a state ends when its hard limit since the addition is reached")
    {
    }

  private:
    void DoRun() override
    {
        TimerFixture fixture({.hardAddSeconds = 10});
        NS_TEST_EXPECT_MSG_EQ(fixture.log.GetNextSeconds(), 101, "1 s after the addition (R150)");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.RunAt(101), "", "9 s left");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.GetNextSeconds(), 110, "next");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.RunAt(109), "", "1 s left");
        NS_TEST_EXPECT_MSG_EQ(Is(fixture.state, StateStatus::Valid), true, "1 s left");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.RunAt(110), "hard 1", "over: told (R161)");
        NS_TEST_EXPECT_MSG_EQ(Is(fixture.state, StateStatus::Dead), true, "deleted (R161)");
        NS_TEST_EXPECT_MSG_EQ(fixture.states.database.GetCount(), 0, "deleted (R161)");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.GetNextSeconds(), 0, "no timer");

        TimerFixture unlimited({});
        unlimited.log.RunAt(101);
        NS_TEST_EXPECT_MSG_EQ(unlimited.log.GetNextSeconds(), 0, "without limits: never again");
        TimerFixture huge({.hardAddSeconds = uint64_t{1} << 62});
        NS_TEST_EXPECT_MSG_EQ(huge.log.RunAt(101), "", "behind the end of time");
        NS_TEST_EXPECT_MSG_EQ(huge.log.GetNextSeconds(), 0, "behind the end of time");
        TimerFixture wrapped({.hardAddSeconds = UINT64_MAX});
        NS_TEST_EXPECT_MSG_EQ(wrapped.log.RunAt(101), "hard 1", "a number below 0 to Linux");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A limit of 10 s since the first use counts from now while there was none (R160).
 *
 * Runs at 101 and 111 find 10 s left.  First used at 115, the run at 121 finds 10 + 115 - 121 = 4.
 */
class StateHardUseTestCase : public TestCase
{
  public:
    StateHardUseTestCase()
        : TestCase("a limit since the first use does not end a state that is not used")
    {
    }

  private:
    void DoRun() override
    {
        TimerFixture fixture({.hardUseSeconds = 10});
        fixture.log.RunAt(101);
        NS_TEST_EXPECT_MSG_EQ(fixture.log.GetNextSeconds(), 111, "unused");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.RunAt(111), "", "unused");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.GetNextSeconds(), 121, "still unused");
        fixture.states.database.CheckExpiry(fixture.state, 115);
        fixture.states.database.CheckExpiry(fixture.state, 118);
        NS_TEST_EXPECT_MSG_EQ(fixture.log.RunAt(121), "", "used");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.GetNextSeconds(), 125, "10 s after the first use");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.RunAt(125), "hard 1", "over");
        NS_TEST_EXPECT_MSG_EQ(fixture.states.database.GetCount(), 0, "deleted");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Soft limits of time: the timer comes back at the nearest limit, and the warning is given
 * once (R160).
 */
class StateSoftTimesTestCase : public TestCase
{
  public:
    StateSoftTimesTestCase()
        : TestCase("a soft limit of time makes a state dying, and is told once")
    {
    }

  private:
    void DoRun() override
    {
        TimerFixture add({.softAddSeconds = 5, .hardAddSeconds = 10});
        add.log.RunAt(101);
        NS_TEST_EXPECT_MSG_EQ(add.log.GetNextSeconds(), 105, "the soft limit is nearer");
        NS_TEST_EXPECT_MSG_EQ(add.state->IsDying(), false, "before");
        NS_TEST_EXPECT_MSG_EQ(add.log.RunAt(105), "soft 1", "soft");
        NS_TEST_EXPECT_MSG_EQ(add.state->IsDying(), true, "soft");
        NS_TEST_EXPECT_MSG_EQ(add.log.GetNextSeconds(), 110, "the hard limit");
        const StateTimerRun again = add.state->RunTimer(107);
        NS_TEST_EXPECT_MSG_EQ((again.expiry == StateExpiry::None), true, "only once");
        NS_TEST_EXPECT_MSG_EQ(again.nextSeconds.value_or(0), 3, "to the hard limit");
        NS_TEST_EXPECT_MSG_EQ(add.log.RunAt(110), "hard 1", "hard");

        // At 101 unused, so 5 s are left; used at 103, so at 106 there are 5 + 103 - 106 = 2.
        TimerFixture use({.softUseSeconds = 5});
        use.log.RunAt(101);
        NS_TEST_EXPECT_MSG_EQ(use.log.GetNextSeconds(), 106, "unused");
        use.states.database.CheckExpiry(use.state, 103);
        NS_TEST_EXPECT_MSG_EQ(use.log.RunAt(106), "", "used, not long enough");
        NS_TEST_EXPECT_MSG_EQ(use.log.GetNextSeconds(), 108, "5 s after the first use");
        NS_TEST_EXPECT_MSG_EQ(use.log.RunAt(108), "soft 1", "soft");
        NS_TEST_EXPECT_MSG_EQ(use.log.GetNextSeconds(), 0, "no hard limit");

        TimerFixture both({.hardAddSeconds = 9, .softUseSeconds = 5});
        both.states.database.CheckExpiry(both.state, 100);
        NS_TEST_EXPECT_MSG_EQ(both.log.RunAt(109), "hard 1", "late: the hard limit acts alone");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The clock jumps over both limits since the addition (R160).
 *
 * Soft 20 s, hard 30 s, added at 100: the run at 101 schedules the soft limit, 19 s away.  At 500
 * the hard limit is over, but the soft one never ran: the time of addition becomes 500 - 19 - 1 =
 * 480, so that the soft limit is reached just now, and 30 - 19 = 11 s are left to the hard one.
 */
class StateClockJumpTestCase : public TestCase
{
  public:
    StateClockJumpTestCase()
        : TestCase("a clock that jumps over the hard limit brings the soft one first")
    {
    }

  private:
    void DoRun() override
    {
        TimerFixture fixture({.softAddSeconds = 20, .hardAddSeconds = 30});
        fixture.log.RunAt(101);
        NS_TEST_EXPECT_MSG_EQ(fixture.log.RunAt(500), "soft 1", "jump");
        NS_TEST_EXPECT_MSG_EQ(fixture.state->GetUse().addTime, 480, "added later");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.GetNextSeconds(), 511, "hard limit");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.RunAt(511), "hard 1", "hard limit");

        TimerFixture early({.softAddSeconds = 20, .hardAddSeconds = 30});
        NS_TEST_EXPECT_MSG_EQ(early.log.RunAt(500), "hard 1", "nothing was scheduled yet");
        TimerFixture hardOnly({.hardAddSeconds = 30});
        hardOnly.log.RunAt(101);
        NS_TEST_EXPECT_MSG_EQ(hardOnly.log.RunAt(500), "hard 1", "no soft limit");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The exception of R160 catches states that another soft limit made dying: Linux' own
 * mistake.
 *
 * Soft 20 s, hard 30 s, added at 100: the run at 101 schedules the soft limit, 19 s away.  Packets
 * make the state dying before, so the run at 120 does not look at soft limits, and the one at 130
 * takes the clock for one that has jumped: added at 130 - 19 - 1 = 110, 11 s left.  At 141 that is
 * over by a second, and the same happens again.
 */
class StateNeverEndingTestCase : public TestCase
{
  public:
    StateNeverEndingTestCase()
        : TestCase("a state that packets made dying outlives its limit since the addition")
    {
    }

  private:
    void DoRun() override
    {
        TimerFixture fixture({.softPackets = 1, .softAddSeconds = 20, .hardAddSeconds = 30});
        fixture.log.RunAt(101);
        fixture.state->Count(1);
        fixture.states.database.CheckExpiry(fixture.state, 110);
        NS_TEST_EXPECT_MSG_EQ(fixture.log.Take(), "soft 1", "packets");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.RunAt(120), "", "already dying");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.GetNextSeconds(), 130, "hard limit");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.RunAt(130), "", "put off");
        NS_TEST_EXPECT_MSG_EQ(fixture.state->GetUse().addTime, 110, "put off");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.GetNextSeconds(), 141, "put off");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.RunAt(141), "", "again");
        NS_TEST_EXPECT_MSG_EQ(fixture.state->GetUse().addTime, 121, "again");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.GetNextSeconds(), 152, "again");

        // Lowered limits leave 5 - 19 s, which Linux would spend in an endless loop.
        StateConfig config = fixture.state->GetConfig();
        config.limits = {.softPackets = 1, .hardAddSeconds = 5};
        fixture.states.database.Update(MakeState(config), 150);
        NS_TEST_EXPECT_MSG_EQ(fixture.log.Take(), "soft 1", "checked by the update (R151)");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.RunAt(151), "", "less than nothing left");
        NS_TEST_EXPECT_MSG_EQ(fixture.log.GetNextSeconds(), 152, "a second later");
    }
};

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
 * @brief Tests of the lifetimes of states.
 */
class StateTimerTestSuite : public TestSuite
{
  public:
    StateTimerTestSuite()
        : TestSuite("xfrm-state-timer", UNIT)
    {
        AddTestCase(new StateHardAddTestCase, TestCase::QUICK);
        AddTestCase(new StateHardUseTestCase, TestCase::QUICK);
        AddTestCase(new StateSoftTimesTestCase, TestCase::QUICK);
        AddTestCase(new StateClockJumpTestCase, TestCase::QUICK);
        AddTestCase(new StateNeverEndingTestCase, TestCase::QUICK);
        AddTestCase(new StatePacketLimitTestCase, TestCase::QUICK);
        AddTestCase(new StateByteWarningTestCase, TestCase::QUICK);
        AddTestCase(new StateUpdateTimerTestCase, TestCase::QUICK);
        AddTestCase(new StateTimerOrderTestCase, TestCase::QUICK);
        AddTestCase(new StateTimerListenerTestCase, TestCase::QUICK);
    }
};

static StateTimerTestSuite g_stateTimerTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
