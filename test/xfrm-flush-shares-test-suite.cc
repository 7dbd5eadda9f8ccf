/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-flush-shares.h"

#include <cstdint>

namespace ns3::xfrm::tests
{

/// Equal shares of a core in a row have one number, and all that is done of them adds up.
class FlushSharesSumTestCase : public TestCase
{
  public:
    FlushSharesSumTestCase()
        : TestCase("Equal shares in a row are one, and what is done adds up")
    {
    }

  private:
    uint64_t Sum(const FlushShares& shares, CpuId cpu)
    {
        CacheWork sum{.nHits = 1};
        shares.AddTo(cpu, sum);
        NS_TEST_EXPECT_MSG_EQ(sum.nHits, 1, "added to what there was");
        return sum.nWalkedBuckets;
    }

    void DoRun() override
    {
        const CacheWork few{.nWalkedBuckets = 10};
        const CacheWork many{.nWalkedBuckets = 1000};
        FlushShares shares(2);
        const uint32_t first = shares.Add(0, few);
        NS_TEST_EXPECT_MSG_EQ(shares.Add(0, few), first, "the same again");
        NS_TEST_EXPECT_MSG_NE(shares.Add(1, few), first, "of another core");
        NS_TEST_EXPECT_MSG_EQ(shares.Begin(0, first).ns, -1, "duration not known");
        NS_TEST_EXPECT_MSG_EQ(Sum(shares, 0), 10, "one of two done");

        const uint32_t second = shares.Add(0, many); // while one of the first is to be done
        NS_TEST_EXPECT_MSG_NE(second, first, "another one");
        NS_TEST_EXPECT_MSG_EQ(Sum(shares, 0), 10, "what was done stays");
        shares.Begin(0, first).ns = 7;
        NS_TEST_EXPECT_MSG_EQ(Sum(shares, 0), 20, "done though there is another since");
        shares.Begin(0, second).ns = 8;
        NS_TEST_EXPECT_MSG_EQ(Sum(shares, 0), 1020, "the other");
        NS_TEST_EXPECT_MSG_EQ(shares.Add(0, many), second, "the same again");
        NS_TEST_EXPECT_MSG_EQ(shares.Begin(0, second).ns, 8, "duration known");
        NS_TEST_EXPECT_MSG_EQ(Sum(shares, 0), 2020, "twice the other");
        NS_TEST_EXPECT_MSG_EQ(Sum(shares, 1), 0, "of another core");

        const uint32_t third = shares.Add(0, few);
        NS_TEST_EXPECT_MSG_LT(third, 3, "a number that is free again");
        NS_TEST_EXPECT_MSG_EQ(shares.Begin(0, third).ns, -1, "is of another share");
        NS_TEST_EXPECT_MSG_EQ(Sum(shares, 0), 2030, "all");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of shares of flushes.
 */
class FlushSharesTestSuite : public TestSuite
{
  public:
    FlushSharesTestSuite()
        : TestSuite("xfrm-flush-shares", UNIT)
    {
        AddTestCase(new FlushSharesSumTestCase, QUICK);
    }
};

const FlushSharesTestSuite g_flushSharesTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
