/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-replay-window.h"

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

constexpr auto NEW = ReplayVerdict::Accepted;    //!< short name for tables
constexpr auto ZERO = ReplayVerdict::Zero;       //!< short name for tables
constexpr auto OLD = ReplayVerdict::TooOld;      //!< short name for tables
constexpr auto TWICE = ReplayVerdict::Duplicate; //!< short name for tables

/// A received number, and what becomes of it.
struct Arrival
{
    uint32_t sequence;     //!< its low half
    ReplayVerdict verdict; //!< verdict expected
};

/// Feed arrivals to a window: those accepted are taken in.
/// @return the first that went wrong, or ""
std::string
Feed(ReplayWindow& window, const std::vector<Arrival>& arrivals)
{
    for (size_t i = 0; i < arrivals.size(); ++i)
    {
        const ReplayVerdict verdict = window.Check(arrivals[i].sequence);
        if (verdict != arrivals[i].verdict)
        {
            return "arrival " + std::to_string(i) + ", number " +
                   std::to_string(arrivals[i].sequence) + ": verdict " +
                   std::to_string(static_cast<int>(verdict));
        }
        if (verdict == NEW)
        {
            window.Advance(arrivals[i].sequence);
        }
    }
    return "";
}

/// @return what is wrong with a makeup, "" if nothing is
std::string
GetComplaint(const ReplayWindow::Config& config)
{
    try
    {
        const ReplayWindow window(config);
    }
    catch (const std::invalid_argument& complaint)
    {
        return complaint.what();
    }
    return "";
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief The first number sent is 1, the last 2^32 - 1; then nothing changes any more (R171).
 */
class ReplayOutTestCase : public TestCase
{
  public:
    ReplayOutTestCase()
        : TestCase("numbers sent run from 1 to 2^32 - 1, and sending fails for ever then")
    {
    }

  private:
    void DoRun() override
    {
        ReplayWindow fresh({});
        for (uint64_t expected = 1; expected <= 3; ++expected)
        {
            const uint64_t number = fresh.NextOut().value_or(0);
            NS_TEST_EXPECT_MSG_EQ(number, expected, "fresh state");
        }
        ReplayWindow old({.outSequence = 0xfffffffe});
        const uint64_t last = old.NextOut().value_or(0);
        NS_TEST_EXPECT_MSG_EQ(last, 0xffffffff, "last number");
        for (int i = 0; i < 2; ++i)
        {
            const bool hasNumber = old.NextOut().has_value();
            NS_TEST_EXPECT_MSG_EQ(hasNumber, false, "used up, try " << i);
            NS_TEST_EXPECT_MSG_EQ(old.GetOutSequence(), 0xffffffff, "unchanged, try " << i);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief With extended numbers the high half counts the wraps, to 2^64 - 1 (R171, R237).
 */
class ReplayOutExtendedTestCase : public TestCase
{
  public:
    ReplayOutExtendedTestCase()
        : TestCase("extended numbers go on behind 2^32 - 1")
    {
    }

  private:
    void DoRun() override
    {
        ReplayWindow window({.windowPackets = 32, .outSequence = 0xffffffff, .isExtended = true});
        uint64_t number = window.NextOut().value_or(0);
        NS_TEST_EXPECT_MSG_EQ(number, 0x100000000, "low half 0 is used");
        number = window.NextOut().value_or(0);
        NS_TEST_EXPECT_MSG_EQ(number, 0x100000001, "next");

        ReplayWindow last({.windowPackets = 32,
                           .outSequence = 0xffffffff,
                           .isExtended = true,
                           .outSequenceHigh = 0xffffffff});
        const bool hasNumber = last.NextOut().has_value();
        NS_TEST_EXPECT_MSG_EQ(hasNumber, false, "both halves used up");
        NS_TEST_EXPECT_MSG_EQ(last.GetOutSequence(), UINT64_MAX, "unchanged");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Without a window every number is accepted, 0 too, and nothing is noted (R172, R173, C47).
 */
class ReplayNoWindowTestCase : public TestCase
{
  public:
    ReplayNoWindowTestCase()
        : TestCase("a window of 0 means no check and no advance")
    {
    }

  private:
    void DoRun() override
    {
        ReplayWindow window({.inSequence = 7});
        const std::string wrong =
            Feed(window, {{1, NEW}, {1, NEW}, {0, NEW}, {0xffffffff, NEW}, {7, NEW}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "arrivals");
        NS_TEST_EXPECT_MSG_EQ(window.GetInSequence(), 7, "highest number");
        NS_TEST_EXPECT_MSG_EQ(window.GetBitmap().front(), 0, "bitmap");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The edges of a legacy window of 4 (R170, R172, R173).
 *
 * Number 0 is refused though it is new (C47).  Top 10: ages 0 to 3 are inside, so 7 is the oldest
 * accepted and 6 is too old.  A jump of 3 keeps the bit of 10 at age 3: bitmap 1001.  A jump of 4
 * leaves only the new one.
 */
class ReplayLegacyTestCase : public TestCase
{
  public:
    ReplayLegacyTestCase()
        : TestCase("a legacy window accepts each number once, and none before its lower edge")
    {
    }

  private:
    void DoRun() override
    {
        ReplayWindow window({.windowPackets = 4});
        std::string wrong = Feed(window, {{0, ZERO}, {10, NEW}, {10, TWICE}, {6, OLD}, {0, ZERO}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "around 10");
        NS_TEST_EXPECT_MSG_EQ(window.GetBitmap().front(), 0b0001, "only 10");
        wrong = Feed(window, {{7, NEW}, {7, TWICE}, {9, NEW}, {9, TWICE}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "inside");
        NS_TEST_EXPECT_MSG_EQ(window.GetBitmap().front(), 0b1011, "10, 9, 7");
        wrong = Feed(window, {{13, NEW}, {10, TWICE}, {9, OLD}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "jump by 3");
        // The kernel's word keeps bits beyond the window; they never count.
        NS_TEST_EXPECT_MSG_EQ((window.GetBitmap().front() & 0b1111), 0b1001, "13, 10");
        wrong = Feed(window, {{17, NEW}, {14, NEW}, {13, OLD}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "jump by 4");
        NS_TEST_EXPECT_MSG_EQ(window.GetBitmap().front(), 0b1001, "17, 14");
        NS_TEST_EXPECT_MSG_EQ(window.GetInSequence(), 17, "highest number");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Numbers of 32 bits do not wrap: behind the last one everything is old (R172).
 */
class ReplayLegacyEndTestCase : public TestCase
{
  public:
    ReplayLegacyEndTestCase()
        : TestCase("behind number 2^32 - 1 a legacy window accepts only what is left in it")
    {
    }

  private:
    void DoRun() override
    {
        ReplayWindow window({.windowPackets = 32, .inSequence = 0xfffffffa});
        const std::string wrong = Feed(window,
                                       {{0xfffffffa, NEW}, // the configured top has no bit set
                                        {0xffffffff, NEW},
                                        {0, ZERO},
                                        {1, OLD},
                                        {0xfffffffa, TWICE},
                                        {0xffffffe0, NEW},
                                        {0xffffffdf, OLD}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "arrivals");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A recorded order of arrivals at Linux 4.1.6 with its bitmaps (R172, R173, R175, R176).
 *
 * Window 32.  Legacy: afterwards 300, 299, 290 and 269 were seen, ages 0, 1, 10 and 31:
 * 0x80000403.  Extended: what is before the window is taken for the next subspace, whose integrity
 * check fails there, so that it is never taken in; afterwards 300, 299 and 269 were seen.  The ring
 * has number s at bit (s - 1) mod 32: 11, 10 and 12: 0x1c00.
 */
class ReplayRecordedTestCase : public TestCase
{
  public:
    ReplayRecordedTestCase()
        : TestCase("a recorded order of arrivals has the recorded verdicts and bitmap")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<Arrival> arrivals{
            {1, NEW},   {1, TWICE}, {2, NEW},   {3, NEW},     {3, TWICE}, {5, NEW},
            {4, NEW},   {4, TWICE}, {40, NEW},  {9, NEW},     {8, OLD},   {7, OLD},
            {39, NEW},  {9, TWICE}, {100, NEW}, {69, NEW},    {68, OLD},  {67, OLD},
            {37, OLD},  {36, OLD},  {35, OLD},  {100, TWICE}, {300, NEW}, {237, OLD},
            {236, OLD}, {235, OLD}, {269, NEW}, {268, OLD},   {267, OLD}, {173, OLD},
            {172, OLD}, {171, OLD}, {170, OLD}, {300, TWICE}, {299, NEW}, {299, TWICE},
        };
        ReplayWindow legacy({.windowPackets = 32});
        const std::string wrong = Feed(legacy, arrivals);
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "legacy");
        legacy.Advance(290);
        NS_TEST_EXPECT_MSG_EQ(legacy.GetBitmap().front(), 0x80000403, "legacy bitmap");

        ReplayWindow extended({.windowPackets = 32, .isExtended = true});
        for (const Arrival& arrival : arrivals)
        {
            const bool isNextSubspace = extended.GuessHigh(arrival.sequence) == 1;
            NS_TEST_EXPECT_MSG_EQ(isNextSubspace,
                                  (arrival.verdict == OLD),
                                  "guess for " << arrival.sequence);
            const ReplayVerdict verdict = extended.Check(arrival.sequence);
            NS_TEST_EXPECT_MSG_EQ((verdict == NEW),
                                  (arrival.verdict != TWICE),
                                  "verdict on " << arrival.sequence);
            if (verdict == NEW && !isNextSubspace)
            {
                extended.Advance(arrival.sequence);
            }
        }
        NS_TEST_EXPECT_MSG_EQ(extended.GetBitmap().front(), 0x1c00, "extended bitmap");
        NS_TEST_EXPECT_MSG_EQ(extended.GetInSequence(), 300, "extended, highest number");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A window of 64 is a ring with the same rule (R174).
 *
 * Top 100: ages 0 to 63 are inside, so 37 is the oldest and 36 too old.  A jump of 63 to 163 keeps
 * 100 at age 63; one of 64 to 227 clears all.
 */
class ReplayRingTestCase : public TestCase
{
  public:
    ReplayRingTestCase()
        : TestCase("a large window accepts each number once, and none before its lower edge")
    {
    }

  private:
    void DoRun() override
    {
        ReplayWindow window({.windowPackets = 64});
        std::string wrong =
            Feed(window, {{0, ZERO}, {100, NEW}, {37, NEW}, {36, OLD}, {37, TWICE}, {99, NEW}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "around 100");
        wrong = Feed(window, {{163, NEW}, {100, TWICE}, {99, OLD}, {101, NEW}, {101, TWICE}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "jump by 63");
        wrong = Feed(window, {{227, NEW}, {164, NEW}, {163, OLD}, {226, NEW}, {227, TWICE}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "jump by 64");
        // 227, 226, 164 are at bits 226, 225 and 163 modulo 64: 34, 33 and 35.
        NS_TEST_EXPECT_MSG_EQ(window.GetBitmap().at(0), 0, "bits 0 to 31");
        NS_TEST_EXPECT_MSG_EQ(window.GetBitmap().at(1), 0b1110, "bits 32 to 63");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A ring of 4 has the verdicts of the word of 4, and its own bitmap (R170, R174).
 *
 * Its numbers are at (number - 1) mod 4: 13 at 0, 10 at 1.
 */
class ReplaySmallRingTestCase : public TestCase
{
  public:
    ReplaySmallRingTestCase()
        : TestCase("a ring may be small")
    {
    }

  private:
    void DoRun() override
    {
        ReplayWindow window({.windowPackets = 4, .isRing = true});
        const std::string wrong =
            Feed(window,
                 {{0, ZERO}, {10, NEW}, {10, TWICE}, {6, OLD}, {7, NEW}, {13, NEW}, {10, TWICE}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "arrivals");
        NS_TEST_EXPECT_MSG_EQ(window.GetBitmap().front(), 0b0011, "13, 10");
        ReplayWindow none({.isRing = true});
        NS_TEST_EXPECT_MSG_EQ(Feed(none, {{1, NEW}, {1, NEW}, {0, NEW}}), "", "no window");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The largest ring, of 4096 (R170, R174).
 *
 * Top 10000: the oldest accepted is 10000 - 4095 = 5905.  A jump of 4095 to 14095 keeps 10000 and
 * clears what the places between were: 14095 - 4095 = 10000 is the oldest, all others are new.
 */
class ReplayLargestRingTestCase : public TestCase
{
  public:
    ReplayLargestRingTestCase()
        : TestCase("a ring of 4096 accepts each number of 4096 once")
    {
    }

  private:
    void DoRun() override
    {
        ReplayWindow window({.windowPackets = 4096});
        std::string wrong =
            Feed(window, {{10000, NEW}, {5905, NEW}, {5904, OLD}, {5905, TWICE}, {9999, NEW}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "around 10000");
        wrong = Feed(window, {{14095, NEW}, {10000, TWICE}, {9999, OLD}, {10001, NEW}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "jump by 4095");
        NS_TEST_EXPECT_MSG_EQ(window.GetBitmap().size(), 128, "words");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The second check after asynchronous decryption (R177).
 *
 * Without extended numbers it is the first check again.  With them, window 4 and top 0xfffffffe,
 * number 0xfffffffa is below the bottom 0xfffffffb: of subspace 1, far ahead.  If meanwhile 2 of
 * subspace 1 arrived, 0xfffffffa is still of subspace 1, but 0xffffffff, which was of subspace 0
 * before the wrap, still is: the window spans 0xffffffff to 2.  After 3 the bottom is 0, and
 * 0xffffffff is of subspace 1 now, though its integrity was checked with 0.
 */
class ReplayRecheckTestCase : public TestCase
{
  public:
    ReplayRecheckTestCase()
        : TestCase("a number is refused the second time if its high half is another one now")
    {
    }

  private:
    void DoRun() override
    {
        ReplayWindow plain({.windowPackets = 4});
        NS_TEST_EXPECT_MSG_EQ((plain.Recheck(5, 0) == NEW), true, "first of two copies");
        plain.Advance(5);
        NS_TEST_EXPECT_MSG_EQ((plain.Recheck(5, 0) == TWICE), true, "the other copy");

        ReplayWindow window(
            {.windowPackets = 4, .inSequence = 0xfffffffe, .bitmap = 0, .isExtended = true});
        const uint32_t before = window.GuessHigh(0xffffffff);
        NS_TEST_EXPECT_MSG_EQ(before, 0, "guess before decryption");
        NS_TEST_EXPECT_MSG_EQ((window.Recheck(0xffffffff, before) == NEW), true, "unchanged");
        window.Advance(2);
        NS_TEST_EXPECT_MSG_EQ((window.Recheck(0xffffffff, before) == NEW), true, "in the window");
        window.Advance(3);
        NS_TEST_EXPECT_MSG_EQ((window.Check(0xffffffff) == NEW), true, "the first check's verdict");
        NS_TEST_EXPECT_MSG_EQ((window.Recheck(0xffffffff, before) == OLD),
                              true,
                              "another subspace");
        NS_TEST_EXPECT_MSG_EQ((window.Recheck(0xffffffff, 1) == NEW), true, "with the right half");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Number 0 with extended numbers (R176): refused before the window has left the start of
 * subspace 0; window 4, top 2 < 3 refuses, top 3 has 0 as its bottom, top 4 takes 0 for subspace 1.
 */
class ReplayExtendedZeroTestCase : public TestCase
{
  public:
    ReplayExtendedZeroTestCase()
        : TestCase("number 0 is refused at the start of extended numbers only")
    {
    }

  private:
    void DoRun() override
    {
        ReplayWindow window({.windowPackets = 4, .isExtended = true});
        NS_TEST_EXPECT_MSG_EQ(Feed(window, {{2, NEW}, {0, ZERO}}), "", "top 2");
        NS_TEST_EXPECT_MSG_EQ(Feed(window, {{3, NEW}, {0, NEW}, {0, TWICE}}), "", "top 3");
        NS_TEST_EXPECT_MSG_EQ(window.GuessHigh(0), 0, "top 3");
        NS_TEST_EXPECT_MSG_EQ(Feed(window, {{4, NEW}}), "", "top 4");
        NS_TEST_EXPECT_MSG_EQ(window.GuessHigh(0), 1, "top 4");
        NS_TEST_EXPECT_MSG_EQ(Feed(window, {{0, NEW}}), "", "top 4");
        NS_TEST_EXPECT_MSG_EQ(window.GetInSequence(), 0x100000000, "2^32");

        ReplayWindow later(
            {.windowPackets = 4, .inSequence = 1, .isExtended = true, .inSequenceHigh = 1});
        NS_TEST_EXPECT_MSG_EQ(Feed(later, {{0, NEW}, {0, TWICE}}), "", "subspace 1");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A ring whose size is no power of two forgets the first number (R174).
 *
 * The place of top 0 is (0 - 1) mod 33 in 32 bits: 3.  Number 1 goes one further, to 4; its own
 * place is (1 - 1) mod 33 = 0, where nothing is noted: the kernel accepts it again.
 */
class ReplayOddRingTestCase : public TestCase
{
  public:
    ReplayOddRingTestCase()
        : TestCase("a ring of 33 accepts its first number twice, as in the kernel")
    {
    }

  private:
    void DoRun() override
    {
        ReplayWindow window({.windowPackets = 33});
        const std::string wrong = Feed(window, {{1, NEW}, {1, NEW}, {1, TWICE}, {2, NEW}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "arrivals");
        NS_TEST_EXPECT_MSG_EQ(window.GetBitmap().at(0), 0b10011, "bits 4, 0 and 1");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Extended numbers around a wrap (R175, R176).
 *
 * Window 4, top 0xfffffffe of subspace 0, so the bottom is 0xfffffffb and what is below is of
 * subspace 1.  Number 1 of it becomes the top: the window is now 0xfffffffe to 1 and spans both,
 * and numbers from the bottom 2^32 - 2 on are of subspace 0 again.
 */
class ReplayExtendedWrapTestCase : public TestCase
{
  public:
    ReplayExtendedWrapTestCase()
        : TestCase("extended numbers are judged in their subspace around a wrap")
    {
    }

  private:
    void DoRun() override
    {
        ReplayWindow window({.windowPackets = 4, .isExtended = true});
        std::string wrong = Feed(window, {{0, ZERO}, {1, NEW}, {0, ZERO}, {1, TWICE}, {2, NEW}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "at the start");
        wrong = Feed(window, {{0xfffffffe, NEW}, {0xfffffffb, NEW}, {0xfffffffb, TWICE}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "before the wrap");
        NS_TEST_EXPECT_MSG_EQ(window.GetInSequence(), 0xfffffffe, "before the wrap");
        NS_TEST_EXPECT_MSG_EQ(window.GuessHigh(0xfffffffa), 1, "below the bottom");
        NS_TEST_EXPECT_MSG_EQ(window.GuessHigh(0xfffffffb), 0, "the bottom");
        wrong = Feed(window, {{1, NEW}, {1, TWICE}, {0, NEW}, {0, TWICE}, {0xfffffffe, TWICE}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "behind the wrap");
        NS_TEST_EXPECT_MSG_EQ(window.GetInSequence(), 0x100000001, "behind the wrap");
        NS_TEST_EXPECT_MSG_EQ(window.GuessHigh(0xfffffffe), 0, "the bottom, before the wrap");
        NS_TEST_EXPECT_MSG_EQ(window.GuessHigh(0xfffffffd), 1, "below it, far ahead");
        wrong = Feed(window, {{0xffffffff, NEW}, {0xffffffff, TWICE}, {2, NEW}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "the last one before the wrap");
        NS_TEST_EXPECT_MSG_EQ(window.GetInSequence(), 0x100000002, "at the end");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Ranges: windows to 4096, extended numbers only with one (R170).
 */
class ReplayConfigTestCase : public TestCase
{
  public:
    ReplayConfigTestCase()
        : TestCase("a window that no kernel takes is refused with what is allowed")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(GetComplaint({.windowPackets = 32}), "", "legacy");
        NS_TEST_EXPECT_MSG_EQ(GetComplaint({.windowPackets = 4096}), "", "largest");
        NS_TEST_EXPECT_MSG_EQ(GetComplaint({.windowPackets = 4097}),
                              "replay window 4097: must be 0 to 4096",
                              "too large");
        NS_TEST_EXPECT_MSG_EQ(GetComplaint({.isExtended = true}),
                              "replay window 0: must be 1 or more with extended sequence numbers",
                              "extended without window");
        NS_TEST_EXPECT_MSG_EQ(GetComplaint({.windowPackets = 32, .inSequenceHigh = 1}),
                              "high half of a sequence number: must be 0 unless they are extended",
                              "high half");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of ReplayWindow.
 */
class ReplayWindowTestSuite : public TestSuite
{
  public:
    ReplayWindowTestSuite()
        : TestSuite("xfrm-replay-window", UNIT)
    {
        AddTestCase(new ReplayOutTestCase, TestCase::QUICK);
        AddTestCase(new ReplayOutExtendedTestCase, TestCase::QUICK);
        AddTestCase(new ReplayNoWindowTestCase, TestCase::QUICK);
        AddTestCase(new ReplayLegacyTestCase, TestCase::QUICK);
        AddTestCase(new ReplayLegacyEndTestCase, TestCase::QUICK);
        AddTestCase(new ReplayRecordedTestCase, TestCase::QUICK);
        AddTestCase(new ReplayRingTestCase, TestCase::QUICK);
        AddTestCase(new ReplaySmallRingTestCase, TestCase::QUICK);
        AddTestCase(new ReplayLargestRingTestCase, TestCase::QUICK);
        AddTestCase(new ReplayRecheckTestCase, TestCase::QUICK);
        AddTestCase(new ReplayExtendedZeroTestCase, TestCase::QUICK);
        AddTestCase(new ReplayOddRingTestCase, TestCase::QUICK);
        AddTestCase(new ReplayExtendedWrapTestCase, TestCase::QUICK);
        AddTestCase(new ReplayConfigTestCase, TestCase::QUICK);
    }
};

static ReplayWindowTestSuite g_replayWindowTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
