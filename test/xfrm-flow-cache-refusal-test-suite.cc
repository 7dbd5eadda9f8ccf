/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-objects.h"

#include "ns3/test.h"

namespace ns3::xfrm::tests
{

namespace
{

/**
 * One bucket, quota 1, high = 4, the rule of 4.6: at most 8 entries, at most 4 waiting for the gc.
 *
 * Five flows fit; the sixth drops 4.
 */
const FlowCache::Config LINUX46{.table = {.hashShift = 0, .lowWatermark = 1, .highWatermark = 4},
                                .refusal = RefusalRule::Linux46()};

/// As above, with a quota of 20: shrinks remove invalid entries only.
const FlowCache::Config LINUX46_KEEPING{
    .table = {.hashShift = 0, .lowWatermark = 20, .highWatermark = 4},
    .refusal = RefusalRule::Linux46()};

/// @brief Have 5 entries wait for the gc: one more than LINUX46 allows.  Leaves no entry.
void
LeaveFiveWaiting(CacheFixture& fixture)
{
    fixture.LookUpRange(101, 105);
    fixture.cache.RequestReseed();
    fixture.LookUp(MakeKey(106));
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief The three rules at their limits, all comparisons strict, with high = 4096.
 */
class RefusalRuleTestCase : public TestCase
{
  public:
    RefusalRuleTestCase()
        : TestCase("a count equal to its limit is not refused")
    {
    }

  private:
    void DoRun() override
    {
        const RefusalRule never = RefusalRule::Never();
        const RefusalRule v46 = RefusalRule::Linux46();
        const RefusalRule v410 = RefusalRule::Linux410();
        NS_TEST_EXPECT_MSG_EQ(never.Refuses(4096, UINT32_MAX, UINT32_MAX, 1), false, "4.1");
        NS_TEST_EXPECT_MSG_EQ(v46.Refuses(4096, 8192, 4096, 1), false, "4.6, both equal");
        NS_TEST_EXPECT_MSG_EQ(v46.Refuses(4096, 8193, 0, 1), true, "4.6, 2 x high entries");
        NS_TEST_EXPECT_MSG_EQ(v46.Refuses(4096, 0, 4097, 8), true, "4.6, high waiting");
        NS_TEST_EXPECT_MSG_EQ(v410.Refuses(4096, 9999, 24576, 3), false, "4.10, 2 x 3 x high");
        NS_TEST_EXPECT_MSG_EQ(v410.Refuses(4096, 0, 24577, 3), true, "4.10, one more");
        NS_TEST_EXPECT_MSG_EQ(v410.Refuses(4096, 0, 24577, 4), false, "4.10, one CPU more");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Up to 4.5 any number of entries may wait: 100 misses with a quota of 0 and high = 4.
 *
 * The sixth flow drops 5, and so does each fifth after it: flows 6, 11, ... 96, so 19 times.
 */
class FlowCacheNoRefusalTestCase : public TestCase
{
  public:
    FlowCacheNoRefusalTestCase()
        : TestCase("up to 4.5 no new entry is refused")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture({.table = {.hashShift = 0, .lowWatermark = 0, .highWatermark = 4}});
        fixture.LookUpRange(1, 100);
        NS_TEST_EXPECT_MSG_EQ(fixture.work[0].nNoBuffers, 0, "no refusal");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGarbageLength(), 95, "19 x 5");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A refused lookup: error 105, generation + 1, no entry, no resolver, no allocation.
 *
 * The re-seed has dropped the five entries that are one too many, so flow 106 is refused itself.
 */
class FlowCacheRefusalTestCase : public TestCase
{
  public:
    FlowCacheRefusalTestCase()
        : TestCase("a refused lookup bumps the generation and resolves nothing")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(LINUX46);
        uint32_t nAllocations = 0;
        fixture.cache.SetEntryFault([&nAllocations] { return ++nAllocations == 0; });
        LeaveFiveWaiting(fixture);
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nReseeds, 1, "the re-seed comes before");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nNoBuffers, 1, "flow 106");
        const CacheAnswer answer = fixture.LookUp(MakeKey(107));
        const CacheWork expected{.nNoBuffers = 1, .nHashedWords = 8};
        NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::NoBuffers), true, "outcome");
        NS_TEST_EXPECT_MSG_EQ(answer.error, -105, "ENOBUFS");
        NS_TEST_EXPECT_MSG_EQ(answer.object, nullptr, "no object");
        NS_TEST_EXPECT_MSG_EQ((fixture.last == expected), true, "work");
        NS_TEST_EXPECT_MSG_EQ(fixture.resolverInputs.size(), 5, "resolved before only");
        NS_TEST_EXPECT_MSG_EQ(nAllocations, 5, "allocated before only");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGenid(), 2, "one for each refusal");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSize(), 0, "no entry");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 27: the limit is 4, and equal is not refused.
 *
 * Five wait; after a slice of one 4, so flow 1 is stored.  A re-seed drops it, so 5 wait: refused.
 * The next slice destroys one, and the list's length is 4, though the run has taken all but flow 1.
 */
class FlowCacheRefusalLimitTestCase : public TestCase
{
  public:
    FlowCacheRefusalLimitTestCase()
        : TestCase("entries that the gc work has not destroyed yet count for the refusal")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(LINUX46);
        LeaveFiveWaiting(fixture);
        fixture.cache.RunGc(fixture.gcWork, 1);
        fixture.LookUp(MakeKey(1)); // 4 wait: stored
        fixture.cache.RequestReseed();
        const CacheAnswer five = fixture.LookUp(MakeKey(2));
        NS_TEST_EXPECT_MSG_EQ((five.outcome == CacheOutcome::NoBuffers), true, "4 + 1 wait");
        fixture.cache.RunGc(fixture.gcWork, 1);
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGarbageLength(), 4, "4 left, some in the run");
        const CacheAnswer four = fixture.LookUp(MakeKey(2));
        NS_TEST_EXPECT_MSG_EQ((four.outcome == CacheOutcome::Miss), true, "4 wait");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A shrink may cause the refusal of its own lookup.
 *
 * Flow 6 drops 4, equal to the limit, and is stored.  Flows 7 to 9 fill up to 5 again; flow 10
 * drops 4 more, 8 wait, and it is refused: one entry stays.
 */
class FlowCacheRefusalShrinkTestCase : public TestCase
{
  public:
    FlowCacheRefusalShrinkTestCase()
        : TestCase("the refusal sees what the shrink of the same lookup has dropped")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(LINUX46);
        fixture.LookUpRange(1, 6);
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGarbageLength(), 4, "flows 1 to 4");
        NS_TEST_EXPECT_MSG_EQ(fixture.work[0].nMisses, 6, "4 is not above 4");
        fixture.LookUpRange(7, 9);
        const CacheAnswer answer = fixture.LookUp(MakeKey(10));
        NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::NoBuffers), true, "8 above 4");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nShrinks, 1, "the shrink is done all the same");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(), "9", "the quota of one");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief At most 2 x 4 entries, where shrinks keep all: nine are stored, since 8 is not above 8.
 *
 * The refusal bumps the generation.  So the shrink of the next miss finds all nine stale and drops
 * them, which is more than may wait: refused again.
 */
class FlowCacheRefusalCountTestCase : public TestCase
{
  public:
    FlowCacheRefusalCountTestCase()
        : TestCase("more than twice the high watermark of entries is refused")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(LINUX46_KEEPING);
        fixture.LookUpRange(1, 9);
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSize(), 9, "nine are stored");
        const CacheAnswer tenth = fixture.LookUp(MakeKey(10));
        NS_TEST_EXPECT_MSG_EQ((tenth.outcome == CacheOutcome::NoBuffers), true, "9 above 8");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGenid(), 1, "bumped");
        const CacheAnswer next = fixture.LookUp(MakeKey(10));
        NS_TEST_EXPECT_MSG_EQ((next.outcome == CacheOutcome::NoBuffers), true, "9 wait");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nEvicted, 9, "all stale");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A shrink may avert a refusal: of nine entries one is invalid, so 8 are left, and 1 waits.
 */
class FlowCacheRefusalAvertedTestCase : public TestCase
{
  public:
    FlowCacheRefusalAvertedTestCase()
        : TestCase("the refusal sees the count that the shrink has left")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(LINUX46_KEEPING);
        fixture.LookUpRange(1, 9);
        fixture.objects[3].isValid = false;
        const CacheAnswer answer = fixture.LookUp(MakeKey(10));
        NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Miss), true, "8 is not above 8");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(), "10 9 8 7 6 5 3 2 1", "flow 4 was invalid");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Only new entries are refused: entries that are there serve, stale ones and all.
 *
 * A sixth flow drops 4 of CPU 0, and a fifth entry waits from CPU 1.
 */
class FlowCacheRefusalFoundTestCase : public TestCase
{
  public:
    FlowCacheRefusalFoundTestCase()
        : TestCase("found entries and uncached families are not refused")
    {
    }

  private:
    void DoRun() override
    {
        FlowCache::Config config = LINUX46;
        config.nCpus = 2;
        CacheFixture fixture(config);
        fixture.LookUpRange(1, 6);
        fixture.cpu = 1;
        fixture.LookUp(MakeKey(1));
        fixture.cache.TakeDown(1, fixture.work[1]);
        fixture.cpu = 0;
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGarbageLength(), 5, "4 + 1");
        const CacheAnswer hit = fixture.LookUp(MakeKey(6));
        const CacheAnswer uncached = fixture.LookUp(MakeUncachedKey());
        const CacheAnswer refused = fixture.LookUp(MakeKey(7));
        const CacheAnswer stale = fixture.LookUp(MakeKey(6));
        NS_TEST_EXPECT_MSG_EQ((hit.outcome == CacheOutcome::Hit), true, "hit");
        NS_TEST_EXPECT_MSG_EQ((uncached.outcome == CacheOutcome::Uncached), true, "uncached");
        NS_TEST_EXPECT_MSG_EQ((refused.outcome == CacheOutcome::NoBuffers), true, "new");
        NS_TEST_EXPECT_MSG_EQ((stale.outcome == CacheOutcome::Stale), true, "bumped just now");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief 4.8 to 4.13: more than 2 x on-line CPUs x high waiting; no bump.
 *
 * Quota 0, high = 4: each fifth flow from the sixth on drops 5.  With two CPUs on line 16 may wait:
 * flow 21 makes it 20.  After a gc of 4 it is 16; with one CPU on line only 8 may wait.
 */
class FlowCacheRefusal410TestCase : public TestCase
{
  public:
    FlowCacheRefusal410TestCase()
        : TestCase("from 4.8 on the limit goes with the CPUs on line")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture({.nCpus = 3,
                              .nOnline = 2,
                              .table = {.hashShift = 0, .lowWatermark = 0, .highWatermark = 4},
                              .refusal = RefusalRule::Linux410()});
        fixture.LookUpRange(1, 20);
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGarbageLength(), 15, "flows 6, 11 and 16");
        const CacheAnswer twenty = fixture.LookUp(MakeKey(21));
        NS_TEST_EXPECT_MSG_EQ((twenty.outcome == CacheOutcome::NoBuffers), true, "20 wait");
        fixture.cache.RunGc(fixture.gcWork, 4);
        const CacheAnswer sixteen = fixture.LookUp(MakeKey(21));
        NS_TEST_EXPECT_MSG_EQ((sixteen.outcome == CacheOutcome::Miss), true, "16 wait");
        fixture.cache.TakeDown(1, fixture.work[1]);
        const CacheAnswer oneCpu = fixture.LookUp(MakeKey(22));
        NS_TEST_EXPECT_MSG_EQ((oneCpu.outcome == CacheOutcome::NoBuffers), true, "8 may wait");
        fixture.cache.BringUp(2);
        const CacheAnswer twoCpus = fixture.LookUp(MakeKey(22));
        NS_TEST_EXPECT_MSG_EQ((twoCpus.outcome == CacheOutcome::Miss), true, "16 again");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGenid(), 0, "no bump");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of the refusal rules of 4.6 and later.
 */
class FlowCacheRefusalTestSuite : public TestSuite
{
  public:
    FlowCacheRefusalTestSuite()
        : TestSuite("xfrm-flow-cache-refusal", UNIT)
    {
        AddTestCase(new RefusalRuleTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheNoRefusalTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheRefusalTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheRefusalLimitTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheRefusalShrinkTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheRefusalCountTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheRefusalAvertedTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheRefusalFoundTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheRefusal410TestCase, TestCase::QUICK);
    }
};

static FlowCacheRefusalTestSuite g_flowCacheRefusalTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
