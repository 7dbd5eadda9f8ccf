/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-states.h"

#include "ns3/test.h"
#include "ns3/xfrm-replay-notifier.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace ns3::xfrm::tests
{

namespace
{

/// @return an event in short, "" for none
std::string
Name(const std::optional<ReplayEvent>& event)
{
    if (!event)
    {
        return "";
    }
    return *event == ReplayEvent::Update ? "update" : "timeout";
}

/// @brief Send a packet.  @return what is told of it
std::string
Send(ReplayWindow& window, ReplayNotifier& notifier)
{
    window.NextOut();
    return Name(notifier.NoteChange(window));
}

/// @brief Receive a packet.  @return what is told of it
std::string
Receive(ReplayWindow& window, ReplayNotifier& notifier, uint32_t sequence)
{
    window.Advance(sequence);
    return Name(notifier.NoteChange(window));
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Numbers are told when one of them has moved by the difference, 2 by default (R178).
 *
 * Sent 1: moved by 1.  Sent 2: by 2, told.  Received 3 then: moved by 3, told.  Received 2, within
 * the window: seq stays.  With extended numbers the low halves count: from 0xffffffff to 1 is 2.
 */
class ReplayDifferenceTestCase : public TestCase
{
  public:
    ReplayDifferenceTestCase()
        : TestCase("sequence numbers are told when they have moved far enough")
    {
    }

  private:
    void DoRun() override
    {
        ReplayWindow window({.windowPackets = 32});
        ReplayNotifier notifier({}, window);
        NS_TEST_EXPECT_MSG_EQ(Send(window, notifier), "", "sent 1");
        NS_TEST_EXPECT_MSG_EQ(Send(window, notifier), "update", "sent 2");
        NS_TEST_EXPECT_MSG_EQ(Send(window, notifier), "", "sent 3");
        NS_TEST_EXPECT_MSG_EQ(Receive(window, notifier, 3), "update", "received 3");
        NS_TEST_EXPECT_MSG_EQ(Receive(window, notifier, 2), "", "received 2");
        NS_TEST_EXPECT_MSG_EQ(Send(window, notifier), "", "sent 4, 3 was told with the last");
        NS_TEST_EXPECT_MSG_EQ(Send(window, notifier), "update", "sent 5");

        ReplayWindow extended({.windowPackets = 4, .outSequence = 0xffffffff, .isExtended = true});
        ReplayNotifier far({.maxDifference = 3}, extended);
        NS_TEST_EXPECT_MSG_EQ(Send(extended, far), "", "sent 2^32");
        NS_TEST_EXPECT_MSG_EQ(Send(extended, far), "", "2 further");
        NS_TEST_EXPECT_MSG_EQ(Send(extended, far), "update", "3 further");

        ReplayNotifier timed({.maxDifference = 0}, window);
        NS_TEST_EXPECT_MSG_EQ(Receive(window, timed, 1000), "", "0: not by differences");
        ReplayWindow open({});
        ReplayNotifier ignored({.maxDifference = 1}, open);
        NS_TEST_EXPECT_MSG_EQ(Receive(open, ignored, 1000), "", "no window, no change");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The timer tells what has changed; if nothing has, or nobody hears it, the next change is
 * told at once, as by the timer (R178).
 */
class ReplayTimeoutTestCase : public TestCase
{
  public:
    ReplayTimeoutTestCase()
        : TestCase("the timer tells changes, and a change after a timer in vain is told at once")
    {
    }

  private:
    void DoRun() override
    {
        ReplayWindow window({.windowPackets = 32});
        ReplayNotifier notifier({.maxDifference = 10}, window);
        NS_TEST_EXPECT_MSG_EQ(Send(window, notifier), "", "sent 1");
        NS_TEST_EXPECT_MSG_EQ(Name(notifier.RunTimer(window, true)), "timeout", "changed");
        NS_TEST_EXPECT_MSG_EQ(Send(window, notifier), "", "sent 2, the timer runs again");
        NS_TEST_EXPECT_MSG_EQ(Name(notifier.RunTimer(window, true)), "timeout", "changed");
        NS_TEST_EXPECT_MSG_EQ(Name(notifier.RunTimer(window, true)), "", "nothing new");
        NS_TEST_EXPECT_MSG_EQ(Receive(window, notifier, 1), "timeout", "told at once");
        NS_TEST_EXPECT_MSG_EQ(Receive(window, notifier, 2), "", "the timer runs again");
        NS_TEST_EXPECT_MSG_EQ(Name(notifier.RunTimer(window, false)), "", "nobody listens");
        NS_TEST_EXPECT_MSG_EQ(Send(window, notifier), "timeout", "told at once");
        NS_TEST_EXPECT_MSG_EQ(Name(notifier.RunTimer(window, true)), "", "nothing new");
        NS_TEST_EXPECT_MSG_EQ(Receive(window, notifier, 20), "update", "far: by the difference");
        NS_TEST_EXPECT_MSG_EQ(Receive(window, notifier, 19), "", "the timer runs again");
        NS_TEST_EXPECT_MSG_EQ(Name(notifier.RunTimer(window, true)), "timeout", "a bit is new");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief In the database the timer runs 1 s after the addition and after each event, and only while
 * there is something to tell (R178).
 *
 * Added at 100.  At 101 nobody listens, so the next packet, at 101.5, is told.  That starts the
 * timer for 102.5; it finds one packet more, tells it, and runs in vain at 103.5.
 */
class ReplayDatabaseTestCase : public TestCase
{
  public:
    ReplayDatabaseTestCase()
        : TestCase("a database tells sequence numbers to who listens")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture states;
        StateDatabase& database = states.database;
        const Ptr<State> state = states.Add(1, 100);
        const auto at = [](int64_t ms) {
            return Instant(MilliSeconds(ms), static_cast<uint64_t>(ms / 1000));
        };
        const auto send = [&](int64_t ms) {
            state->GetReplay().NextOut();
            database.NoteReplay(state, at(ms));
        };
        for (int i = 0; i < 5; ++i)
        {
            send(100'500);
        }
        database.RunTimers(101);
        NS_TEST_EXPECT_MSG_EQ(database.GetNextDue().has_value(), false, "nobody listens");

        std::string told;
        database.SetReplayListener([&](const Ptr<State>& which, ReplayEvent event) {
            told += Name(event) + " " + std::to_string(which->GetConfig().id.spi) + " ";
        });
        send(101'500);
        NS_TEST_EXPECT_MSG_EQ(std::exchange(told, ""), "update 1 ", "6 further");
        NS_TEST_EXPECT_MSG_EQ(database.GetNextDue().value(), MilliSeconds(102'500), "1 s later");
        send(101'600);
        NS_TEST_EXPECT_MSG_EQ(told, "", "1 further");
        database.RunTimers(at(102'500));
        NS_TEST_EXPECT_MSG_EQ(std::exchange(told, ""), "timeout 1 ", "1 further");
        database.RunTimers(at(103'500));
        NS_TEST_EXPECT_MSG_EQ(told, "", "nothing new");
        NS_TEST_EXPECT_MSG_EQ(database.GetNextDue().has_value(), false, "no timer");
        send(110'000);
        NS_TEST_EXPECT_MSG_EQ(std::exchange(told, ""), "timeout 1 ", "deferred");
        database.Remove(state);
        NS_TEST_EXPECT_MSG_EQ(database.GetNextDue().has_value(), false, "deleted");
        send(110'100);
        send(110'200);
        NS_TEST_EXPECT_MSG_EQ(told, "", "deleted");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of ReplayNotifier.
 */
class ReplayNotifierTestSuite : public TestSuite
{
  public:
    ReplayNotifierTestSuite()
        : TestSuite("xfrm-replay-notifier", UNIT)
    {
        AddTestCase(new ReplayDifferenceTestCase, TestCase::QUICK);
        AddTestCase(new ReplayTimeoutTestCase, TestCase::QUICK);
        AddTestCase(new ReplayDatabaseTestCase, TestCase::QUICK);
    }
};

static ReplayNotifierTestSuite g_replayNotifierTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
