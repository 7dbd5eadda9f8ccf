/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-objects.h"

#include "ns3/test.h"

#include <initializer_list>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// Three CPUs with one bucket each; five entries fit in it, and a shrink keeps two.
const FlowCache::Config THREE_CPUS{
    .nCpus = 3,
    .table = {.hashShift = 0, .lowWatermark = 2, .highWatermark = 4}};

/// @brief Look up one flow on each of the given CPUs.
void
LookUpOn(CacheFixture& fixture, std::initializer_list<CpuId> cpus, uint32_t number)
{
    for (const CpuId cpu : cpus)
    {
        fixture.cpu = cpu;
        fixture.LookUp(MakeKey(number));
    }
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner cases 17 and 18: a shrink unlinks, the gc work deletes.
 *
 * The sixth flow drops the three oldest.  They are no longer in the count, but wait for the gc.
 */
class FlowCacheGcTestCase : public TestCase
{
  public:
    FlowCacheGcTestCase()
        : TestCase("dropped objects are deleted by the gc work, not by the lookup")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(THREE_CPUS);
        fixture.LookUpRange(1, 6);
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nDeletes, 0, "none by the lookup");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSize(), 3, "the count falls at once");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGarbageLength(), 3, "flows 1 to 3 wait");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGcCpu().value_or(99), 0, "CPU 0 asks for gc work");
        const uint64_t nDestroyed = fixture.cache.RunGc(fixture.gcWork);
        const CacheWork expected{.nCollects = 1, .nDestroyed = 3, .nDeletes = 3};
        NS_TEST_EXPECT_MSG_EQ(nDestroyed, 3, "all");
        NS_TEST_EXPECT_MSG_EQ((fixture.gcWork == expected), true, "work");
        NS_TEST_EXPECT_MSG_EQ(fixture.objects[0].nDeletes, 1, "flow 1");
        NS_TEST_EXPECT_MSG_EQ(fixture.objects[3].nDeletes, 0, "flow 4 is still in the table");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGcCpu().has_value(), false, "no more gc work");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGarbageLength(), 0, "none waits");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Entries without object are freed by the gc work, too, with nothing to delete.
 */
class FlowCacheGcNegativeTestCase : public TestCase
{
  public:
    FlowCacheGcNegativeTestCase()
        : TestCase("the gc work frees entries without object, too")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(THREE_CPUS);
        fixture.LookUp(MakeKey(1), NO_POLICY);
        fixture.LookUp(MakeKey(2));
        fixture.LookUp(MakeKey(3), FAILURE);
        fixture.cache.RequestReseed();
        fixture.LookUp(MakeKey(4));
        fixture.cache.RunGc(fixture.gcWork);
        const CacheWork expected{.nCollects = 1, .nDestroyed = 3, .nDeletes = 1};
        NS_TEST_EXPECT_MSG_EQ((fixture.gcWork == expected), true, "three entries, one object");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Drops on several CPUs before the work runs make one run, on the CPU that asked first.
 */
class FlowCacheGcMergeTestCase : public TestCase
{
  public:
    FlowCacheGcMergeTestCase()
        : TestCase("several shrinks before the gc work runs make one run")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(THREE_CPUS);
        for (const CpuId cpu : {2, 1})
        {
            fixture.cpu = cpu;
            fixture.LookUpRange(1, 6);
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGcCpu().value_or(99), 2, "the first that asked");
        const uint64_t nDestroyed = fixture.cache.RunGc(fixture.gcWork);
        NS_TEST_EXPECT_MSG_EQ(nDestroyed, 6, "3 of each CPU");
        const uint64_t nMore = fixture.cache.RunGc(fixture.gcWork);
        NS_TEST_EXPECT_MSG_EQ(nMore, 0, "nothing left");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 27: a run in slices, with a drop in between.
 *
 * Three entries wait; after two the length is 1.  A re-seed then adds three for the run after this
 * one, and asks for it on its own CPU.  They count at once.
 */
class FlowCacheGcSliceTestCase : public TestCase
{
  public:
    FlowCacheGcSliceTestCase()
        : TestCase("the gc length falls by one with each entry destroyed")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(THREE_CPUS);
        FlowCache& cache = fixture.cache;
        fixture.LookUpRange(1, 6);
        for (const uint64_t nLeft : {2, 1})
        {
            const uint64_t nDestroyed = cache.RunGc(fixture.gcWork, 1);
            NS_TEST_EXPECT_MSG_EQ(nDestroyed, 1, "a slice of one");
            NS_TEST_EXPECT_MSG_EQ(cache.GetGarbageLength(), nLeft, "entries of the run count");
        }
        NS_TEST_EXPECT_MSG_EQ(cache.GetGcCpu().has_value(), false, "the run has begun");
        NS_TEST_EXPECT_MSG_EQ(fixture.objects[1].nDeletes, 1, "flow 2, oldest dropped last");
        cache.RequestReseed();
        fixture.LookUp(MakeKey(7));
        NS_TEST_EXPECT_MSG_EQ(cache.GetGarbageLength(), 1 + 3, "flows 4 to 6 are dropped");
        NS_TEST_EXPECT_MSG_EQ(cache.GetGcCpu().value_or(99), 0, "another run is asked for");
        NS_TEST_EXPECT_MSG_EQ(cache.IsGcRunning(), true, "the run wants to go on");
        const uint64_t nNone = cache.RunGc(fixture.gcWork, 0);
        NS_TEST_EXPECT_MSG_EQ(nNone, 0, "a limit of 0 does nothing");
        const uint64_t nRest = cache.RunGc(fixture.gcWork);
        NS_TEST_EXPECT_MSG_EQ(nRest, 1, "the end of the first run");
        NS_TEST_EXPECT_MSG_EQ(cache.GetGcCpu().value_or(99), 0, "the other is still due");
        const uint64_t nSecond = cache.RunGc(fixture.gcWork);
        NS_TEST_EXPECT_MSG_EQ(nSecond, 3, "the second run");
        NS_TEST_EXPECT_MSG_EQ(cache.GetGarbageLength(), 0, "nothing waits");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner cases 19 and 26: a flush removes invalid entries only, and does not
 * bump.
 *
 * Of six entries on one chain, flow 2 does not check out and flow 4 failed.  Check() is asked of
 * all four that have an object.  There is no quota.
 */
class FlowCacheFlushTestCase : public TestCase
{
  public:
    FlowCacheFlushTestCase()
        : TestCase("a flush drops invalid entries only")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture({.table = {.hashShift = 0}});
        fixture.LookUpRange(1, 2);
        fixture.LookUp(MakeKey(3), NO_POLICY);
        fixture.LookUp(MakeKey(4), FAILURE);
        fixture.LookUpRange(5, 6);
        fixture.objects[1].isValid = false;
        CacheWork work;
        const auto report = fixture.cache.Flush(0, {&work, 1});
        const CacheWork expected{.nWalkedBuckets = 1, .nChecks = 4, .nFlushed = 2, .nCollects = 1};
        NS_TEST_EXPECT_MSG_EQ(report.nRemoved, 2, "flows 2 and 4");
        NS_TEST_EXPECT_MSG_EQ(report.nTasklets, 0, "no other CPU");
        NS_TEST_EXPECT_MSG_EQ((work == expected), true, "work");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(), "6 5 3 1", "valid entries keep their order");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGenid(), 0, "no bump");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGarbageLength(), 2, "they wait for the gc");
        fixture.cache.RunGc(fixture.gcWork);
        const auto second = fixture.cache.Flush(0, {&work, 1});
        NS_TEST_EXPECT_MSG_EQ(second.nRemoved, 0, "no invalid entry, nothing removed");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGcCpu().has_value(), false, "no gc work");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 20: five possible CPUs; 0 empty, 1 to 3 with an entry, 4 off line.
 *
 * All entries are stale.  CPU 2 calls and works in line, before the tasklets of 1 and 3: so it asks
 * for the gc work.
 */
class FlowCacheFlushCpusTestCase : public TestCase
{
  public:
    FlowCacheFlushCpusTestCase()
        : TestCase("a flush works on the caller first, then on the others that have entries")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture({.nCpus = 5, .nOnline = 4, .table = {.hashShift = 0}});
        LookUpOn(fixture, {1, 2, 3}, 1);
        const std::vector<CpuId> expected{1, 2, 3};
        NS_TEST_EXPECT_MSG_EQ((fixture.cache.GetFlushCpus() == expected), true, "CPUs to flush");
        fixture.cache.BumpGenid();
        const auto report = fixture.cache.Flush(2, fixture.work);
        NS_TEST_EXPECT_MSG_EQ(report.nRemoved, 3, "one of each");
        NS_TEST_EXPECT_MSG_EQ(report.nTasklets, 2, "CPUs 1 and 3");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGcCpu().value_or(99), 2, "the caller was first");
        for (const CpuId cpu : {1, 2, 3})
        {
            NS_TEST_EXPECT_MSG_EQ(fixture.work[cpu].nFlushed, 1, "charged to CPU " << cpu);
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.work[0].nWalkedBuckets, 0, "an empty table is not walked");
        const auto nothing = fixture.cache.Flush(2, fixture.work);
        NS_TEST_EXPECT_MSG_EQ(nothing.nTasklets, 0, "all tables are empty");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A caller without entries works on none itself: all others are tasklets.
 */
class FlowCacheFlushIdleCallerTestCase : public TestCase
{
  public:
    FlowCacheFlushIdleCallerTestCase()
        : TestCase("a caller without entries leaves a flush to the tasklets")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(THREE_CPUS);
        LookUpOn(fixture, {1, 2}, 1);
        fixture.cache.BumpGenid();
        const auto report = fixture.cache.Flush(0, fixture.work);
        NS_TEST_EXPECT_MSG_EQ(report.nTasklets, 2, "CPUs 1 and 2");
        NS_TEST_EXPECT_MSG_EQ(fixture.work[0].nWalkedBuckets, 0, "none by the caller");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGcCpu().value_or(99), 1, "tasklets in CPU order");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Without memory for the CPU mask a flush returns at once.
 */
class FlowCacheMaskFaultTestCase : public TestCase
{
  public:
    FlowCacheMaskFaultTestCase()
        : TestCase("a flush without memory for its mask does nothing")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(THREE_CPUS);
        fixture.LookUp(MakeKey(1));
        fixture.cache.BumpGenid();
        fixture.cache.SetMaskFault([] { return true; });
        const auto failed = fixture.cache.Flush(0, fixture.work);
        NS_TEST_EXPECT_MSG_EQ(failed.nRemoved, 0, "nothing removed");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(), "1", "the stale entry stays");
        fixture.cache.SetMaskFault(nullptr);
        const auto done = fixture.cache.Flush(0, fixture.work);
        NS_TEST_EXPECT_MSG_EQ(done.nRemoved, 1, "memory is back");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Deferred requests merge: two make one flush, and a third after it another one.
 */
class FlowCacheDeferredFlushTestCase : public TestCase
{
  public:
    FlowCacheDeferredFlushTestCase()
        : TestCase("deferred flushes that are asked for before one runs are one")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(THREE_CPUS);
        FlowCache& cache = fixture.cache;
        fixture.LookUp(MakeKey(1));
        cache.BumpGenid();
        const auto unasked = cache.RunDeferredFlush(0, fixture.work);
        NS_TEST_EXPECT_MSG_EQ(unasked.has_value(), false, "not asked for");
        cache.RequestFlush(1);
        cache.RequestFlush(2);
        NS_TEST_EXPECT_MSG_EQ(cache.GetFlushCpu().value_or(99), 1, "the first that asked");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(), "1", "nothing happens before it runs");
        const auto first = cache.RunDeferredFlush(1, fixture.work);
        NS_TEST_ASSERT_MSG_EQ(first.has_value(), true, "asked for");
        NS_TEST_EXPECT_MSG_EQ(first->nRemoved, 1, "the stale entry");
        NS_TEST_EXPECT_MSG_EQ(first->nTasklets, 1, "CPU 0, since CPU 1 runs it");
        const auto second = cache.RunDeferredFlush(1, fixture.work);
        NS_TEST_EXPECT_MSG_EQ(second.has_value(), false, "two requests were one");
        cache.RequestFlush(2);
        NS_TEST_EXPECT_MSG_EQ(cache.GetFlushCpu().value_or(99), 2, "a new request");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of FlowCache's gc work and of its flushes.
 */
class FlowCacheGcTestSuite : public TestSuite
{
  public:
    FlowCacheGcTestSuite()
        : TestSuite("xfrm-flow-cache-gc", UNIT)
    {
        AddTestCase(new FlowCacheGcTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheGcNegativeTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheGcMergeTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheGcSliceTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheFlushTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheFlushCpusTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheFlushIdleCallerTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheMaskFaultTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheDeferredFlushTestCase, TestCase::QUICK);
    }
};

static FlowCacheGcTestSuite g_flowCacheGcTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
