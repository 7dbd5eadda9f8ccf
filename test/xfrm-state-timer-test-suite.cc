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
 * @brief Tests of the limits of time of states.
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
    }
};

static StateTimerTestSuite g_stateTimerTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
