/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-objects.h"

#include "ns3/test.h"

#include <stdexcept>

namespace ns3::xfrm::tests
{

namespace
{

/// One bucket and one CPU: all flows are in one chain.
const FlowCache::Config ONE_BUCKET{.table = {.hashShift = 0}};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief First lookup of a table: one re-seed that walks 1024 empty buckets, 8 words hashed, none
 * compared.
 *
 * The second one hashes again, finds the entry at the first place and asks its Get().
 */
class FlowTableHitTestCase : public TestCase
{
  public:
    FlowTableHitTestCase()
        : TestCase("the second lookup of a flow is a hit")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        const CacheAnswer first = fixture.LookUp(MakeKey(1));
        const CacheWork miss{.nMisses = 1,
                             .nReseeds = 1,
                             .nWalkedBuckets = 1024,
                             .nHashedWords = 8};
        NS_TEST_EXPECT_MSG_EQ((first.outcome == CacheOutcome::Miss), true, "the first");
        NS_TEST_EXPECT_MSG_EQ((fixture.last == miss), true, "work of the first");

        const CacheAnswer second = fixture.LookUp(MakeKey(1));
        const CacheWork hit{.nHits = 1, .nCompared = 1, .nHashedWords = 8};
        NS_TEST_EXPECT_MSG_EQ((second.outcome == CacheOutcome::Hit), true, "the second");
        NS_TEST_EXPECT_MSG_EQ((fixture.last == hit), true, "work of the second");
        NS_TEST_EXPECT_MSG_EQ(second.object, first.object, "one object for both");
        NS_TEST_EXPECT_MSG_EQ(second.error, 0, "no error");
        NS_TEST_EXPECT_MSG_EQ(fixture.objects[0].nGets, 1, "Get() is asked at the hit only");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Three entries in one chain: a search for the i-th newest compares i, a vain one all 3.
 */
class FlowTableComparedTestCase : public TestCase
{
  public:
    FlowTableComparedTestCase()
        : TestCase("a search compares the entries up to the one it finds")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(ONE_BUCKET);
        fixture.LookUpRange(1, 3);
        for (const uint32_t number : {1, 2, 3})
        {
            fixture.LookUp(MakeKey(number));
            NS_TEST_EXPECT_MSG_EQ(fixture.last.nCompared, 4 - number, "flow " << number);
        }
        fixture.LookUp(MakeKey(4));
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nCompared, 3, "a flow that is not there");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 6: hits, stale and refused entries stay where they are in the
 * chain.
 */
class FlowTableOrderTestCase : public TestCase
{
  public:
    FlowTableOrderTestCase()
        : TestCase("neither hits nor re-resolved entries move in their chain")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(ONE_BUCKET);
        fixture.LookUpRange(1, 3);
        const CacheAnswer hit = fixture.LookUp(MakeKey(1));
        fixture.objects[1].consent = Consent::Refused;
        const CacheAnswer refused = fixture.LookUp(MakeKey(2));
        fixture.cache.BumpGenid();
        const CacheAnswer stale = fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ((hit.outcome == CacheOutcome::Hit), true, "flow 1");
        NS_TEST_EXPECT_MSG_EQ((refused.outcome == CacheOutcome::Refused), true, "flow 2");
        NS_TEST_EXPECT_MSG_EQ((stale.outcome == CacheOutcome::Stale), true, "flow 1 after a bump");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(), "3 2 1", "order of insertion");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSize(), 3, "the count does not change");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 7 (R61): Delete() in the lookup itself, before the resolver, which
 * gets null.
 *
 * Get() is not asked: the generation is compared first.
 */
class FlowTableStaleTestCase : public TestCase
{
  public:
    FlowTableStaleTestCase()
        : TestCase("a generation bump makes entries stale, and their objects are deleted at once")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        fixture.LookUpRange(1, 2);
        fixture.cache.BumpGenid();
        uint32_t nDeletesBefore = 0;
        fixture.duringResolve = [&] { nDeletesBefore = fixture.objects[0].nDeletes; };
        const CacheAnswer answer = fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Stale), true, "outcome");
        NS_TEST_EXPECT_MSG_EQ(answer.object, &fixture.objects[2], "a new object");
        NS_TEST_EXPECT_MSG_EQ(fixture.objects[0].nGets, 0, "Get() is not asked");
        NS_TEST_EXPECT_MSG_EQ(nDeletesBefore, 1, "deleted before the resolver runs");
        NS_TEST_EXPECT_MSG_EQ(fixture.resolverInputs.back(), nullptr, "the resolver gets null");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nDeletes, 1, "one delete");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGarbageLength(), 0, "not through the gc");
        NS_TEST_EXPECT_MSG_EQ(fixture.objects[1].nDeletes, 0, "flow 2 is stale but untouched");
        const CacheAnswer again = fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ((again.outcome == CacheOutcome::Hit), true, "current again");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 7: an object whose Get() refuses is the resolver's from then on.
 */
class FlowTableRefusedTestCase : public TestCase
{
  public:
    FlowTableRefusedTestCase()
        : TestCase("a refused object goes to the resolver and is not deleted by the cache")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        ScriptedObject& old = fixture.NewObject(Consent::Refused);
        fixture.LookUp(MakeKey(1), Resolution{&old});
        const CacheAnswer kept = fixture.LookUp(MakeKey(1), Resolution{&old});
        NS_TEST_EXPECT_MSG_EQ((kept.outcome == CacheOutcome::Refused), true, "outcome");
        NS_TEST_EXPECT_MSG_EQ(kept.object, &old, "the resolver gave it back");
        const CacheAnswer replaced = fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ((replaced.outcome == CacheOutcome::Refused), true, "asked again");
        NS_TEST_EXPECT_MSG_EQ(replaced.object, &fixture.objects[1], "a new object");
        NS_TEST_EXPECT_MSG_EQ(fixture.resolverInputs[1], &old, "the old object, first time");
        NS_TEST_EXPECT_MSG_EQ(fixture.resolverInputs[2], &old, "the old object, second time");
        NS_TEST_EXPECT_MSG_EQ(old.nGets, 2, "Get() asked at each lookup that found it");
        NS_TEST_EXPECT_MSG_EQ(old.nDeletes, 0, "not deleted");
        NS_TEST_EXPECT_MSG_EQ(fixture.work[0].nRefused, 2, "counted");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A refused object is out of the entry: an error of the resolver leaves the entry empty and
 * stale.
 */
class FlowTableRefusedErrorTestCase : public TestCase
{
  public:
    FlowTableRefusedErrorTestCase()
        : TestCase("an error after a refused object leaves a stale entry without object")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        fixture.LookUp(MakeKey(1), Resolution{&fixture.NewObject(Consent::Refused)});
        fixture.LookUp(MakeKey(1), FAILURE);
        const CacheAnswer answer = fixture.LookUp(MakeKey(1), NO_POLICY);
        NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Stale), true, "outcome");
        NS_TEST_EXPECT_MSG_EQ(fixture.resolverInputs[1], &fixture.objects[0], "refused object");
        NS_TEST_EXPECT_MSG_EQ(fixture.resolverInputs[2], nullptr, "nothing left in the entry");
        NS_TEST_EXPECT_MSG_EQ(fixture.objects[0].nDeletes, 0, "it was the resolver's");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 9: errors are not cached; the entry has the generation before.
 */
class FlowTableErrorTestCase : public TestCase
{
  public:
    FlowTableErrorTestCase()
        : TestCase("a failed resolution is tried again at each lookup")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture({.genid = 7});
        const CacheAnswer first = fixture.LookUp(MakeKey(1), FAILURE);
        NS_TEST_EXPECT_MSG_EQ((first.outcome == CacheOutcome::Miss), true, "first");
        NS_TEST_EXPECT_MSG_EQ(first.error, -11, "the resolver's error");
        NS_TEST_EXPECT_MSG_EQ(first.object, nullptr, "no object with an error");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetEntry(1).genid, 6, "7 - 1");
        const CacheAnswer second = fixture.LookUp(MakeKey(1), FAILURE);
        NS_TEST_EXPECT_MSG_EQ((second.outcome == CacheOutcome::Stale), true, "second");
        NS_TEST_EXPECT_MSG_EQ(second.error, -11, "the resolver's error again");
        const CacheAnswer third = fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ((third.outcome == CacheOutcome::Stale), true, "third");
        NS_TEST_EXPECT_MSG_EQ(third.object, &fixture.objects[0], "resolved at last");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSize(), 1, "the entry stayed and counted");
        NS_TEST_EXPECT_MSG_EQ(fixture.work[0].nErrors, 2, "two errors");
        NS_TEST_EXPECT_MSG_EQ(fixture.work[0].nDeletes, 0, "no object to delete");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner cases 9 and 25: 0 - 1 wraps, and generations are compared for equality
 * only.
 *
 * An entry that failed at generation 0 has no object and generation 0xffffffff.  When the counter
 * comes there, the entry looks like a current negative answer.
 */
class FlowTableErrorAtZeroTestCase : public TestCase
{
  public:
    FlowTableErrorAtZeroTestCase()
        : TestCase("an error at generation 0 stores generation 0xffffffff")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        fixture.LookUp(MakeKey(1), FAILURE);
        NS_TEST_EXPECT_MSG_EQ(fixture.GetEntry(1).genid, 0xffffffff, "0 - 1");
        fixture.cache.BumpGenid(0xffffffff);
        const CacheAnswer answer = fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Negative), true, "equal");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 25: 0xffffffff + 1 is 0, another generation; 2^32 bumps are none.
 */
class FlowTableWrapTestCase : public TestCase
{
  public:
    FlowTableWrapTestCase()
        : TestCase("the generation wraps and is compared for equality")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture({.genid = 0xffffffff});
        fixture.LookUpRange(1, 2);
        fixture.cache.BumpGenid();
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGenid(), 0, "wrapped");
        const CacheAnswer stale = fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ((stale.outcome == CacheOutcome::Stale), true, "0xffffffff is not 0");
        fixture.cache.BumpGenid(0xffffffff);
        const CacheAnswer hit = fixture.LookUp(MakeKey(2));
        NS_TEST_EXPECT_MSG_EQ((hit.outcome == CacheOutcome::Hit), true, "round to 0xffffffff");
        NS_TEST_EXPECT_MSG_EQ(hit.object, &fixture.objects[1], "the object of 2^32 bumps ago");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 10: the generation is read after the resolver came back.
 *
 * So an entry whose resolver bumped is current, and one whose resolver failed has the new one
 * less 1.
 */
class FlowTableBumpInResolverTestCase : public TestCase
{
  public:
    FlowTableBumpInResolverTestCase()
        : TestCase("a bump during the resolution is not noticed by its entry")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture({.genid = 5});
        fixture.LookUp(MakeKey(1));
        fixture.duringResolve = [&fixture] { fixture.cache.BumpGenid(); };
        fixture.LookUp(MakeKey(2));
        fixture.LookUp(MakeKey(3), FAILURE);
        fixture.duringResolve = nullptr;
        NS_TEST_EXPECT_MSG_EQ(fixture.GetEntry(1).genid, 5, "resolved before");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetEntry(2).genid, 6, "5 + 1");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetEntry(3).genid, 6, "5 + 1 + 1 - 1");
        const CacheAnswer failed = fixture.LookUp(MakeKey(3));
        NS_TEST_EXPECT_MSG_EQ((failed.outcome == CacheOutcome::Stale), true, "6 is not 7");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 11: null is an answer for this generation.
 */
class FlowTableNegativeTestCase : public TestCase
{
  public:
    FlowTableNegativeTestCase()
        : TestCase("no policy is a cached answer until the next generation")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        fixture.LookUp(MakeKey(1), NO_POLICY);
        for (const uint32_t turn : {1, 2})
        {
            const CacheAnswer answer = fixture.LookUp(MakeKey(1));
            NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Negative), true, turn);
            NS_TEST_EXPECT_MSG_EQ(answer.object, nullptr, turn);
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.resolverInputs.size(), 1, "the resolver ran once");
        fixture.cache.BumpGenid();
        const CacheAnswer answer = fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Stale), true, "after a bump");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nDeletes, 0, "nothing to delete");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A resolver that throws has resolved nothing: the entry is stale, not a negative answer.
 *
 * The kernel has no exceptions; to it, this is a resolver that failed (section 4, step 8).
 */
class FlowTableThrowTestCase : public TestCase
{
  public:
    FlowTableThrowTestCase()
        : TestCase("a resolver that throws leaves a stale entry")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        const FlowKey key = MakeKey(1);
        const auto fail = [](CacheObject*) -> Resolution { throw std::runtime_error("no memory"); };
        bool hasThrown = false;
        try
        {
            fixture.cache.Lookup(0, key.View(), fail, fixture.last);
        }
        catch (const std::runtime_error&)
        {
            hasThrown = true;
        }
        NS_TEST_EXPECT_MSG_EQ(hasThrown, true, "the exception reaches the caller");
        const auto resolve = [&](CacheObject*) { return Resolution{&fixture.NewObject()}; };
        const CacheAnswer again = fixture.cache.Lookup(0, key.View(), resolve, fixture.last);
        NS_TEST_EXPECT_MSG_EQ((again.outcome == CacheOutcome::Stale), true, "resolved again");
        NS_TEST_EXPECT_MSG_EQ(again.object, &fixture.objects[0], "with an object");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of FlowTable's lookup rules.
 */
class FlowTableTestSuite : public TestSuite
{
  public:
    FlowTableTestSuite()
        : TestSuite("xfrm-flow-table", UNIT)
    {
        AddTestCase(new FlowTableHitTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableComparedTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableOrderTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableStaleTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableRefusedTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableRefusedErrorTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableErrorTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableErrorAtZeroTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableWrapTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableBumpInResolverTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableNegativeTestCase, TestCase::QUICK);
        AddTestCase(new FlowTableThrowTestCase, TestCase::QUICK);
    }
};

static FlowTableTestSuite g_flowTableTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
