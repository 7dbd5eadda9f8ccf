/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-objects.h"

#include "ns3/test.h"

#include <initializer_list>
#include <stdexcept>
#include <string>

namespace ns3::xfrm::tests
{

namespace
{

/// Two CPUs with one bucket each.
const FlowCache::Config TWO_SHORT_CPUS{.nCpus = 2, .table = {.hashShift = 0}};

/// @param action what is to throw @return the text of its std::invalid_argument, empty if it threw
/// none
template <typename Action>
std::string
GetActionError(Action&& action)
{
    try
    {
        action();
        return "";
    }
    catch (const std::invalid_argument& error)
    {
        return error.what();
    }
}

/// @param config a makeup @return what is wrong with it, empty if nothing
std::string
GetConfigError(const FlowCache::Config& config)
{
    return GetActionError([&config] { FlowCache(config, [] { return 1; }); });
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief A value outside its range is named, with the value and the range.
 */
class FlowCacheConfigTestCase : public TestCase
{
  public:
    FlowCacheConfigTestCase()
        : TestCase("a bad configuration is turned down with name, value and range")
    {
    }

  private:
    /// @param error a text @param parts what it has to contain
    void ExpectParts(const std::string& error, std::initializer_list<std::string> parts)
    {
        for (const std::string& part : parts)
        {
            NS_TEST_EXPECT_MSG_NE(error.find(part), std::string::npos, part << " in: " << error);
        }
    }

    void DoRun() override
    {
        ExpectParts(GetConfigError({.nCpus = 0}), {"nCpus", "0", "1 to 65536"});
        ExpectParts(GetConfigError({.nCpus = 65537}), {"nCpus", "65537", "1 to 65536"});
        ExpectParts(GetConfigError({.nCpus = 4, .nOnline = 5}), {"nOnline", "5", "1 to 4"});
        ExpectParts(GetConfigError({.nCpus = 4, .nOnline = 0}), {"nOnline", "0", "1 to 4"});
        ExpectParts(GetConfigError({.table = {.hashShift = 21}}), {"hashShift", "21", "0 to 20"});
        ExpectParts(GetConfigError({.seedPeriod = Time(0)}), {"seedPeriod", "positive"});
        ExpectParts(GetActionError([] { FlowCache({}, nullptr); }), {"drawSeed", "empty"});
        NS_TEST_EXPECT_MSG_EQ(GetConfigError({.nCpus = 4, .nOnline = 4}), "", "all on line");
        NS_TEST_EXPECT_MSG_EQ(GetConfigError({.table = {.hashShift = 20}}), "", "2^20 buckets");
        NS_TEST_EXPECT_MSG_EQ(GetConfigError({.seedPeriod = TimeStep(1)}), "", "shortest period");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief CPU numbers run from 0 to nCpus - 1.
 */
class FlowCacheCpuRangeTestCase : public TestCase
{
  public:
    FlowCacheCpuRangeTestCase()
        : TestCase("an impossible CPU is turned down with its number and the range")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(TWO_SHORT_CPUS);
        FlowCache& cache = fixture.cache;
        const std::string expected = "CPU = 2: must be 0 to 1";
        const std::string up = GetActionError([&] { cache.BringUp(2); });
        const std::string down = GetActionError([&] { cache.TakeDown(2, fixture.work[0]); });
        const std::string flush = GetActionError([&] { cache.Flush(2, fixture.work); });
        const std::string request = GetActionError([&] { cache.RequestFlush(2); });
        NS_TEST_EXPECT_MSG_EQ(up, expected, "CPU up");
        NS_TEST_EXPECT_MSG_EQ(down, expected, "CPU down");
        NS_TEST_EXPECT_MSG_EQ(flush, expected, "flush");
        NS_TEST_EXPECT_MSG_EQ(request, expected, "deferred flush");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief One flow on two CPUs: two resolutions, two entries, two seeds.
 */
class FlowCachePerCpuTestCase : public TestCase
{
  public:
    FlowCachePerCpuTestCase()
        : TestCase("each CPU looks in its own table only")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(TWO_SHORT_CPUS);
        fixture.LookUp(MakeKey(1));
        fixture.cpu = 1;
        const CacheAnswer other = fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ((other.outcome == CacheOutcome::Miss), true, "CPU 1");
        NS_TEST_EXPECT_MSG_EQ(other.object, &fixture.objects[1], "an object of its own");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetTable(0).GetSeed(), 1, "the first seed");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetTable(1).GetSeed(), 2, "the second seed");
        fixture.cpu = 0;
        const CacheAnswer hit = fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ(hit.object, &fixture.objects[0], "CPU 0 has kept its own");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 26: a bump makes the entries of all CPUs stale, and flushes none.
 */
class FlowCacheBumpTestCase : public TestCase
{
  public:
    FlowCacheBumpTestCase()
        : TestCase("a generation bump makes the entries of all CPUs stale")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(TWO_SHORT_CPUS);
        for (const CpuId cpu : {0, 1})
        {
            fixture.cpu = cpu;
            fixture.LookUp(MakeKey(1));
        }
        fixture.cache.BumpGenid();
        NS_TEST_EXPECT_MSG_EQ(fixture.objects[0].nDeletes, 0, "CPU 0 is not touched");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSize(), 1, "the entry of CPU 1 stays");
        for (const CpuId cpu : {0, 1})
        {
            fixture.cpu = cpu;
            const CacheAnswer answer = fixture.LookUp(MakeKey(1));
            NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Stale), true, "CPU " << cpu);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 13: one seed a CPU, at its first cached lookup, before any hash.
 *
 * With the first seed, 1, the flow lies in bucket Jhash2(key, 1) mod 1024.
 */
class FlowCacheFirstSeedTestCase : public TestCase
{
  public:
    FlowCacheFirstSeedTestCase()
        : TestCase("the first lookup of a CPU draws its seed before it hashes")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        NS_TEST_EXPECT_MSG_EQ(fixture.nSeeds, 0, "no seed before the first lookup");
        fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ(fixture.nSeeds, 1, "one seed at the first");
        const uint32_t expected = MakeKey(1).View().Hash(1) % 1024;
        NS_TEST_EXPECT_MSG_EQ(fixture.GetEntry(1).bucket, expected, "hashed with it");
        fixture.LookUp(MakeKey(2));
        NS_TEST_EXPECT_MSG_EQ(fixture.nSeeds, 1, "no seed at the second");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The seed timer fires one period after the creation, not one nanosecond earlier.
 */
class FlowCacheTimerTestCase : public TestCase
{
  public:
    FlowCacheTimerTestCase()
        : TestCase("the seed timer fires after exactly 600 seconds, and again after each 600 more")
    {
    }

  private:
    void DoRun() override
    {
        FlowCache late(
            {},
            [] { return 1; },
            Seconds(5));
        NS_TEST_EXPECT_MSG_EQ(late.GetNextDeadline(), Seconds(605), "creation + period");

        CacheFixture fixture;
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetNextDeadline(), Seconds(600), "the first");
        fixture.LookUp(MakeKey(1));
        fixture.cache.RunDue(Seconds(600) - NanoSeconds(1));
        fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nHits, 1, "one nanosecond before");
        fixture.cache.RunDue(Seconds(600));
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetNextDeadline(), Seconds(1200), "the second");
        fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nReseeds, 1, "at 600 s");
        fixture.cache.RunDue(Seconds(3000));
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetNextDeadline(), Seconds(3600), "after a pause");
        fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nReseeds, 1, "four firings set one flag");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 14: the timer sets flags only; idle CPUs keep their entries.
 */
class FlowCacheLazyReseedTestCase : public TestCase
{
  public:
    FlowCacheLazyReseedTestCase()
        : TestCase("each CPU re-seeds at its own next cached lookup")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(TWO_SHORT_CPUS);
        fixture.LookUpRange(1, 2);
        fixture.cpu = 1;
        fixture.LookUpRange(1, 2);
        fixture.cache.RequestReseed();
        NS_TEST_EXPECT_MSG_EQ(fixture.nSeeds, 2, "no seed drawn by the timer");
        fixture.LookUp(MakeUncachedKey());
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(1), "2 1", "an uncached family is no reason");
        fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(1), "1", "CPU 1 re-seeded");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(0), "2 1", "CPU 0 is idle");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetTable(1).GetSeed(), 3, "the third seed");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetTable(0).GetSeed(), 1, "the first seed");
        fixture.cpu = 0;
        fixture.LookUp(MakeKey(3));
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetTable(0).GetSeed(), 4, "the fourth seed");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(0), "3", "CPU 0 re-seeded");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 15: three valid entries go, no object is asked, nothing is
 * rehashed.
 */
class FlowCacheReseedTestCase : public TestCase
{
  public:
    FlowCacheReseedTestCase()
        : TestCase("a re-seed drops every entry, valid or not, without asking")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        fixture.LookUpRange(1, 3);
        fixture.cache.RequestReseed();
        const CacheAnswer answer = fixture.LookUp(MakeKey(1));
        const CacheWork expected{.nMisses = 1,
                                 .nReseeds = 1,
                                 .nWalkedBuckets = 1024,
                                 .nEvicted = 3,
                                 .nCollects = 1,
                                 .nHashedWords = 8};
        NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Miss), true, "flow 1 went, too");
        NS_TEST_EXPECT_MSG_EQ((fixture.last == expected), true, "work: one hash, no Check()");
        NS_TEST_EXPECT_MSG_EQ(fixture.objects[0].nDeletes, 0, "not deleted by the lookup");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGarbageLength(), 3, "they wait for the gc");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What the cache holds at its end, entries and garbage, is deleted once.
 */
class FlowCacheEndTestCase : public TestCase
{
  public:
    FlowCacheEndTestCase()
        : TestCase("objects that are left at the end are deleted")
    {
    }

  private:
    void DoRun() override
    {
        ScriptedObject stored;
        ScriptedObject dropped;
        CacheWork work;
        {
            FlowCache cache({}, [] { return 1; });
            const auto resolveTo = [](ScriptedObject& object) {
                return [&object](CacheObject*) { return Resolution{&object}; };
            };
            cache.Lookup(0, MakeKey(1), resolveTo(dropped), work);
            cache.RequestReseed();
            cache.Lookup(0, MakeKey(2), resolveTo(stored), work);
        }
        NS_TEST_EXPECT_MSG_EQ(dropped.nDeletes, 1, "from the gc list");
        NS_TEST_EXPECT_MSG_EQ(stored.nDeletes, 1, "from the table");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of FlowCache: its makeup, its tables, its seeds.
 */
class FlowCacheTestSuite : public TestSuite
{
  public:
    FlowCacheTestSuite()
        : TestSuite("xfrm-flow-cache", UNIT)
    {
        AddTestCase(new FlowCacheConfigTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheCpuRangeTestCase, TestCase::QUICK);
        AddTestCase(new FlowCachePerCpuTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheBumpTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheFirstSeedTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheTimerTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheLazyReseedTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheReseedTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheEndTestCase, TestCase::QUICK);
    }
};

static FlowCacheTestSuite g_flowCacheTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
