/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-replay-arrivals.h"

#include "ns3/test.h"

#include <cstdint>
#include <string>

namespace ns3::xfrm::tests
{

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
 * @brief A jump clears the bits of all numbers that it leaves out (R174).
 *
 * In a ring of 64 that has 1 to 64, 68 takes the place of 4, and leaves 65, 66 and 67 out, whose
 * places had 1, 2 and 3.
 */
class ReplayClearedRingTestCase : public TestCase
{
  public:
    ReplayClearedRingTestCase()
        : TestCase("numbers left out by a jump in a full ring are new")
    {
    }

  private:
    void DoRun() override
    {
        ReplayWindow window({.windowPackets = 64});
        for (uint32_t sequence = 1; sequence <= 64; ++sequence)
        {
            window.Advance(sequence);
        }
        const std::string wrong = Feed(
            window,
            {{68, NEW}, {65, NEW}, {66, NEW}, {67, NEW}, {67, TWICE}, {64, TWICE}, {5, TWICE}});
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "after the jump");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of ReplayWindow as a ring of bits, with extended numbers and without.
 */
class ReplayRingTestSuite : public TestSuite
{
  public:
    ReplayRingTestSuite()
        : TestSuite("xfrm-replay-ring", UNIT)
    {
        AddTestCase(new ReplayRingTestCase, TestCase::QUICK);
        AddTestCase(new ReplayClearedRingTestCase, TestCase::QUICK);
        AddTestCase(new ReplaySmallRingTestCase, TestCase::QUICK);
        AddTestCase(new ReplayLargestRingTestCase, TestCase::QUICK);
        AddTestCase(new ReplayRecheckTestCase, TestCase::QUICK);
        AddTestCase(new ReplayExtendedZeroTestCase, TestCase::QUICK);
        AddTestCase(new ReplayOddRingTestCase, TestCase::QUICK);
        AddTestCase(new ReplayExtendedWrapTestCase, TestCase::QUICK);
    }
};

static ReplayRingTestSuite g_replayRingTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
