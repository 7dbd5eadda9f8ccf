/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-objects.h"

#include "ns3/test.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// One bucket, low = 2, high = 4: five entries fit, and a shrink keeps two.
const FlowCache::Config TINY{.table = {.hashShift = 0, .lowWatermark = 2, .highWatermark = 4}};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner cases 1 and 3, with the default sizes.
 *
 * The count is compared with 4096 before the insertion, with a strict test: 4097 flows fit, and the
 * 4098th shrinks.  What stays is the new entry and at most two of each bucket.
 */
class FlowTableDefaultShrinkTestCase : public TestCase
{
  public:
    FlowTableDefaultShrinkTestCase()
        : TestCase("4097 entries fit, the 4098th flow leaves two a bucket")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        fixture.LookUpRange(1, 4097);
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSize(), 4097, "all stored");
        NS_TEST_EXPECT_MSG_EQ(fixture.work[0].nShrinks, 0, "no shrink yet");
        std::array<uint32_t, 1024> lengths{};
        fixture.cache.GetTable(0).ForEach(
            [&lengths](const FlowEntry& entry) { ++lengths[entry.bucket]; });
        uint32_t nKept = 0;
        for (const uint32_t length : lengths)
        {
            nKept += std::min(length, 2U);
        }
        fixture.LookUp(MakeKey(4098));
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nShrinks, 1, "one shrink");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nWalkedBuckets, 1024, "over all buckets");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nEvicted, 4097 - nKept, "more than two a bucket");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSize(), nKept + 1, "and the new one");
        NS_TEST_EXPECT_MSG_LT(nKept, 2048, "4097 flows leave some buckets with less than two");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief One bucket, low = 2, high = 4.  Section 13, corner cases 1, 2 and 4 (R66).
 *
 * Five entries fit.  The sixth miss keeps low / buckets = 2, the newest, evicts 5 - 2 = 3 and adds
 * one, which is the third in its bucket.  The hits on flow 1 don't save it: victims are the oldest.
 */
class FlowTableShrinkTestCase : public TestCase
{
  public:
    FlowTableShrinkTestCase()
        : TestCase("a miss above the high watermark keeps only the newest entries")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(TINY);
        const std::array<uint32_t, 6> evictedByMiss{0, 0, 0, 0, 0, 3};
        for (uint32_t i = 0; i < evictedByMiss.size(); ++i)
        {
            fixture.LookUp(MakeKey(i + 1));
            const uint64_t nEvicted = fixture.last.nEvicted;
            NS_TEST_EXPECT_MSG_EQ(nEvicted, evictedByMiss[i], "miss of flow " << i + 1);
            if (i + 1 < evictedByMiss.size())
            {
                fixture.LookUp(MakeKey(1));
                NS_TEST_EXPECT_MSG_EQ(fixture.last.nHits, 1, "flow 1 is hot");
            }
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(), "6 5 4", "two kept and the new one");
        const CacheAnswer evicted = fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ((evicted.outcome == CacheOutcome::Miss), true, "flow 1 went");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The watermark is looked at only when an entry is to be added.
 *
 * With five entries and high = 4 the test would be true, but hits, stale, refused and negative ones
 * pass without it.
 */
class FlowTableFoundTestCase : public TestCase
{
  public:
    FlowTableFoundTestCase()
        : TestCase("a lookup that finds an entry never shrinks")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(TINY);
        fixture.LookUpRange(1, 5);
        fixture.LookUp(MakeKey(1));
        fixture.objects[1].consent = Consent::Refused;
        fixture.LookUp(MakeKey(2), NO_POLICY);
        fixture.LookUp(MakeKey(2));
        fixture.cache.BumpGenid();
        fixture.LookUp(MakeKey(3));
        fixture.LookUp(MakeUncachedKey());
        NS_TEST_EXPECT_MSG_EQ(fixture.work[0].nShrinks, 0, "no shrink");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSize(), 5, "all stay");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 3: two buckets, low = 4, so a shrink caps each at 2.
 *
 * One bucket has 4 entries, the other 1.  A table that aimed at low = 4 would keep 3 of the full
 * one.
 */
class FlowTableCapTestCase : public TestCase
{
  public:
    FlowTableCapTestCase()
        : TestCase("a shrink caps each bucket, whatever the others hold")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture({.table = {.hashShift = 1, .lowWatermark = 4, .highWatermark = 4}});
        fixture.cache.SetEntryFault([] { return true; });
        fixture.LookUp(MakeKey(0)); // draws the seed, stores nothing
        fixture.cache.SetEntryFault(nullptr);
        const std::vector<uint32_t> full = fixture.FindNumbers(0, 4);
        const uint32_t lone = fixture.FindNumbers(1, 2)[0];
        const uint32_t last = fixture.FindNumbers(1, 2)[1];
        for (const uint32_t number : full)
        {
            fixture.LookUp(MakeKey(number));
        }
        fixture.LookUp(MakeKey(lone));
        fixture.LookUp(MakeKey(last));
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nEvicted, 2, "4 - 2 of the full bucket, 0 of the other");
        const std::string expected = std::to_string(full[3]) + " " + std::to_string(full[2]) + " " +
                                     std::to_string(last) + " " + std::to_string(lone);
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(), expected, "the newest of each bucket");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 5, and the early end of section 5.
 *
 * Chain, newest first: 7 and 6 stale, 5 not checking out, 4 negative, 3 valid, 2 and 1 valid.  The
 * quota of 2 goes to 4 and 3.  Check() is asked of 5 and 3 only: not of stale ones, not of an entry
 * without object, and not of those behind the quota.
 */
class FlowTableQuotaTestCase : public TestCase
{
  public:
    FlowTableQuotaTestCase()
        : TestCase("invalid entries use no quota, negative ones do")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture({.table = {.hashShift = 0, .lowWatermark = 2, .highWatermark = 6}});
        fixture.LookUpRange(1, 3);
        fixture.LookUp(MakeKey(4), NO_POLICY);
        ScriptedObject& invalid = fixture.NewObject(Consent::Once, false);
        fixture.LookUp(MakeKey(5), Resolution{&invalid});
        fixture.LookUp(MakeKey(6), FAILURE);
        fixture.LookUp(MakeKey(7), FAILURE);
        fixture.LookUp(MakeKey(8));
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(), "8 4 3", "the new one and two valid ones");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nEvicted, 5, "7 6 5 2 1");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nChecks, 2, "5 and 3");
        NS_TEST_EXPECT_MSG_EQ(invalid.nChecks, 1, "flow 5");
        NS_TEST_EXPECT_MSG_EQ(fixture.objects[2].nChecks, 1, "flow 3");
        NS_TEST_EXPECT_MSG_EQ(fixture.objects[1].nChecks, 0, "flow 2");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief All entries are stale: a shrink drops them without asking any object.
 */
class FlowTableStaleShrinkTestCase : public TestCase
{
  public:
    FlowTableStaleShrinkTestCase()
        : TestCase("a shrink drops entries of another generation without asking")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(TINY);
        fixture.LookUpRange(1, 5);
        fixture.cache.BumpGenid();
        fixture.LookUp(MakeKey(6));
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nEvicted, 5, "stale entries fill the table till then");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nChecks, 0, "no Check()");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(), "6", "the new one");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 8: a lookup asks Get(), a shrink Check(), and both are believed.
 *
 * Flow 5 serves but does not check out, flow 4 checks out but does not serve.
 */
class FlowTableDisagreeTestCase : public TestCase
{
  public:
    FlowTableDisagreeTestCase()
        : TestCase("a hit may be thrown out by a shrink, and a refused object stay")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(TINY);
        fixture.LookUpRange(1, 3);
        fixture.LookUp(MakeKey(4), Resolution{&fixture.NewObject(Consent::Refused, true)});
        fixture.LookUp(MakeKey(5), Resolution{&fixture.NewObject(Consent::Once, false)});
        const CacheAnswer hit = fixture.LookUp(MakeKey(5));
        NS_TEST_EXPECT_MSG_EQ((hit.outcome == CacheOutcome::Hit), true, "flow 5 serves");
        fixture.LookUp(MakeKey(6));
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(), "6 4 3", "flow 5 went, flow 4 stayed");
        const CacheAnswer refused = fixture.LookUp(MakeKey(4));
        NS_TEST_EXPECT_MSG_EQ((refused.outcome == CacheOutcome::Refused), true, "flow 4");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 12: the shrink stands before the allocation.
 */
class FlowTableShrinkFaultTestCase : public TestCase
{
  public:
    FlowTableShrinkFaultTestCase()
        : TestCase("a shrink that is due is done even when the allocation then fails")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(TINY);
        fixture.LookUpRange(1, 5);
        fixture.cache.SetEntryFault([] { return true; });
        const CacheAnswer answer = fixture.LookUp(MakeKey(6));
        NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Unstored), true, "outcome");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nShrinks, 1, "one shrink");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(), "5 4", "two kept, none added");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The quota is low / buckets, rounded down.
 *
 * Four buckets: low = 3 gives 0, so a shrink empties the table, and without asking any object; low
 * = 7 gives 1.
 */
class FlowTableRoundingTestCase : public TestCase
{
  public:
    FlowTableRoundingTestCase()
        : TestCase("the quota of a shrink is rounded down")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture none({.table = {.hashShift = 2, .lowWatermark = 3, .highWatermark = 9}});
        none.LookUpRange(1, 11);
        NS_TEST_EXPECT_MSG_EQ(none.GetFlows(), "11", "the new one only");
        NS_TEST_EXPECT_MSG_EQ(none.last.nEvicted, 10, "all the others");
        NS_TEST_EXPECT_MSG_EQ(none.last.nChecks, 0, "no Check()");

        CacheFixture one({.table = {.hashShift = 2, .lowWatermark = 7, .highWatermark = 40}});
        one.LookUpRange(1, 41);
        for (uint32_t bucket = 0; bucket < 4; ++bucket)
        {
            const uint32_t first = one.FindNumbers(bucket, 1)[0];
            NS_TEST_ASSERT_MSG_LT(first, 42, "no bucket is empty");
        }
        one.LookUp(MakeKey(42));
        NS_TEST_EXPECT_MSG_EQ(one.last.nEvicted, 41 - 4, "one stays in each of four buckets");
        NS_TEST_EXPECT_MSG_EQ(one.GetSize(), 5, "and the new one");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Quota x buckets = 8, high = 2: a shrink of up to 8 entries removes nothing.
 *
 * From the fourth flow on, each miss shrinks in vain; no gc work is asked for.
 */
class FlowTableVainShrinkTestCase : public TestCase
{
  public:
    FlowTableVainShrinkTestCase()
        : TestCase("with a quota above the high watermark each miss shrinks and removes nothing")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture({.table = {.hashShift = 0, .lowWatermark = 8, .highWatermark = 2}});
        fixture.LookUpRange(1, 9);
        NS_TEST_EXPECT_MSG_EQ(fixture.work[0].nShrinks, 6, "flows 4 to 9");
        NS_TEST_EXPECT_MSG_EQ(fixture.work[0].nEvicted, 0, "nothing removed");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGcCpu().has_value(), false, "no gc work");
        fixture.LookUp(MakeKey(10));
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nEvicted, 1, "9 - 8");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGcCpu().has_value(), true, "gc work");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A shrink walks the buckets of its own CPU only.
 */
class FlowTableOwnShrinkTestCase : public TestCase
{
  public:
    FlowTableOwnShrinkTestCase()
        : TestCase("a shrink touches no other CPU")
    {
    }

  private:
    void DoRun() override
    {
        FlowCache::Config config = TINY;
        config.nCpus = 2;
        CacheFixture fixture(config);
        fixture.LookUpRange(1, 5);
        fixture.cpu = 1;
        fixture.LookUpRange(1, 6);
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nWalkedBuckets, 1, "one bucket of one CPU");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(0), "5 4 3 2 1", "CPU 0 keeps all");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(1), "6 5 4", "CPU 1 shrank");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Objects of 4 and 5 are promised to be valid until a change: the shrink for 6 asks neither.
 *
 * It counts both all the same, as the kernel asks them.  6 and 7 are not promised, so the next
 * shrink asks 8's predecessors as always.
 */
class FlowTablePromiseTestCase : public TestCase
{
  public:
    FlowTablePromiseTestCase()
        : TestCase("a shrink does not ask objects that are promised to be valid until a change")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(TINY);
        fixture.LookUpRange(1, 3);
        ScriptedObject& fourth = fixture.NewObject();
        ScriptedObject& fifth = fixture.NewObject();
        fixture.LookUp(MakeKey(4), Resolution{&fourth, 0, true});
        fixture.LookUp(MakeKey(5), Resolution{&fifth, 0, true});
        fixture.LookUp(MakeKey(6));
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(), "6 5 4", "both stay");
        NS_TEST_EXPECT_MSG_EQ(fourth.nChecks + fifth.nChecks, 0, "not asked");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nChecks, 2, "but counted");
        fixture.cache.NoteChange();
        fifth.isValid = false;
        CacheWork work;
        fixture.cache.FlushCpu(0, work);
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(), "6 4", "5 is asked after the change, and goes");
        NS_TEST_EXPECT_MSG_EQ(fourth.nChecks + fifth.nChecks, 2, "each once");
        NS_TEST_EXPECT_MSG_EQ(work.nChecks, 3, "6 too");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A promise ends with the generation and with the entry's object.
 *
 * Flow 2's generation is over.  Flow 3's object refused, and its resolver failed; flow 4's was
 * replaced by "no policy", flow 5's by an object without a promise.  Flow 1 keeps its own.
 */
class FlowTablePromiseEndsTestCase : public TestCase
{
  public:
    FlowTablePromiseEndsTestCase()
        : TestCase("a promise of validity does not outlive the generation or the object")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture({.table = {.hashShift = 0}});
        const auto promise = [&](uint32_t number) {
            ScriptedObject& object = fixture.NewObject(Consent::Refused);
            fixture.LookUp(MakeKey(number), Resolution{&object, 0, true});
        };
        promise(2);
        fixture.cache.BumpGenid();
        for (const uint32_t number : {1, 3, 4, 5})
        {
            promise(number);
        }
        fixture.LookUp(MakeKey(3), FAILURE);
        fixture.LookUp(MakeKey(4), NO_POLICY);
        ScriptedObject& asked = fixture.NewObject(Consent::Once, false);
        fixture.LookUp(MakeKey(5), Resolution{&asked});
        CacheWork work;
        fixture.cache.FlushCpu(0, work);
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(), "4 1", "stale, failed and invalid ones go");
        NS_TEST_EXPECT_MSG_EQ(asked.nChecks, 1, "no promise for it");
        NS_TEST_EXPECT_MSG_EQ(work.nChecks, 2, "of flows 1 and 5");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of FlowTable's watermark shrink.
 */
class FlowTableShrinkTestSuite : public TestSuite
{
  public:
    FlowTableShrinkTestSuite()
        : TestSuite("xfrm-flow-table-shrink", UNIT)
    {
        AddTestCase(new FlowTableDefaultShrinkTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableShrinkTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableFoundTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableCapTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableQuotaTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableStaleShrinkTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableDisagreeTestCase, TestCase::QUICK);
        AddTestCase(new FlowTablePromiseTestCase, TestCase::QUICK);
        AddTestCase(new FlowTablePromiseEndsTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableShrinkFaultTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableRoundingTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableVainShrinkTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableOwnShrinkTestCase, TestCase::QUICK);
    }
};

static FlowTableShrinkTestSuite g_flowTableShrinkTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
