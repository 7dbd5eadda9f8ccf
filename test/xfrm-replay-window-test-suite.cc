/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-replay-arrivals.h"

#include "ns3/test.h"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

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
        const std::vector<NumberArrival> arrivals{
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
        for (const NumberArrival& arrival : arrivals)
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
        AddTestCase(new ReplayConfigTestCase, TestCase::QUICK);
    }
};

static ReplayWindowTestSuite g_replayWindowTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
