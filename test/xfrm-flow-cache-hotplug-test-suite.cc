/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-objects.h"

#include "ns3/test.h"

#include <stdexcept>
#include <string>

namespace ns3::xfrm::tests
{

namespace
{

/// Two CPUs with one bucket each.
const FlowCache::Config TWO_CPUS{.nCpus = 2, .table = {.hashShift = 0}};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Section 9: all three entries go, without Check(), and wait for the gc.
 */
class FlowCacheDownTestCase : public TestCase
{
  public:
    FlowCacheDownTestCase()
        : TestCase("a CPU that goes down drops all its entries, valid or not")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(TWO_CPUS);
        fixture.LookUpRange(1, 3);
        fixture.cpu = 1;
        fixture.LookUp(MakeKey(1));
        CacheWork work;
        const uint32_t nDropped = fixture.cache.TakeDown(0, work);
        const CacheWork expected{.nWalkedBuckets = 1, .nEvicted = 3, .nCollects = 1};
        NS_TEST_EXPECT_MSG_EQ(nDropped, 3, "all of CPU 0");
        NS_TEST_EXPECT_MSG_EQ((work == expected), true, "work: no Check(), no Delete()");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(1), "1", "CPU 1 keeps its own");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGarbageLength(), 3, "they wait for the gc");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetGcCpu().value_or(99), 1, "CPU 1 does the work");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.IsOnline(0), false, "CPU 0 is off line");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetOnline(), 1, "one CPU is left");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 21: the seed is kept and no re-seed is due; the table is empty.
 */
class FlowCacheUpTestCase : public TestCase
{
  public:
    FlowCacheUpTestCase()
        : TestCase("a CPU that comes back uses its old seed")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(TWO_CPUS);
        fixture.cpu = 1;
        fixture.LookUp(MakeKey(1));
        fixture.cache.TakeDown(1, fixture.work[1]);
        fixture.cache.BringUp(1);
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSize(), 0, "empty");
        const CacheAnswer answer = fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Miss), true, "nothing is left");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nReseeds, 0, "no re-seed");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetTable(1).GetSeed(), 1, "the seed it had");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner cases 14 and 21: the timer sets the flag of absent CPUs, too.
 */
class FlowCacheTimerWhileDownTestCase : public TestCase
{
  public:
    FlowCacheTimerWhileDownTestCase()
        : TestCase("a CPU that comes back re-seeds if the timer fired meanwhile")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(TWO_CPUS);
        fixture.cpu = 1;
        fixture.LookUp(MakeKey(1));
        fixture.cache.TakeDown(1, fixture.work[1]);
        fixture.cache.RunDue(Seconds(600));
        fixture.cache.BringUp(1);
        fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nReseeds, 1, "re-seed");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetTable(1).GetSeed(), 2, "a new seed");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A CPU that is on line for the first time gets a table, whose re-seed flag is set.
 */
class FlowCacheFirstUpTestCase : public TestCase
{
  public:
    FlowCacheFirstUpTestCase()
        : TestCase("a CPU's table is made when it comes on line for the first time")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture({.nCpus = 3, .nOnline = 1});
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetOnline(), 1, "at first");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetTable(2).HasTable(), false, "no table");
        fixture.cache.BringUp(2);
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetOnline(), 2, "one more");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetTable(2).HasTable(), true, "a table");
        NS_TEST_EXPECT_MSG_EQ(fixture.nSeeds, 0, "no seed yet");
        fixture.cpu = 2;
        fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nReseeds, 1, "at its first lookup");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Up while on line and down while off line change nothing.
 */
class FlowCacheTwiceTestCase : public TestCase
{
  public:
    FlowCacheTwiceTestCase()
        : TestCase("a CPU goes up or down only once in a row")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(TWO_CPUS);
        fixture.LookUp(MakeKey(1));
        fixture.cache.BringUp(0);
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetOnline(), 2, "no third CPU");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(0), "1", "the table stays");
        CacheWork work;
        fixture.cache.TakeDown(1, work);
        fixture.cache.TakeDown(1, work);
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetOnline(), 1, "one went");
        NS_TEST_EXPECT_MSG_EQ(work.nWalkedBuckets, 1, "its table was walked once");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A machine has a running CPU.
 */
class FlowCacheLastCpuTestCase : public TestCase
{
  public:
    FlowCacheLastCpuTestCase()
        : TestCase("the last CPU on line stays")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(TWO_CPUS);
        fixture.LookUp(MakeKey(1));
        fixture.cache.TakeDown(1, fixture.work[1]);
        std::string error;
        try
        {
            fixture.cache.TakeDown(0, fixture.work[0]);
        }
        catch (const std::invalid_argument& caught)
        {
            error = caught.what();
        }
        NS_TEST_EXPECT_MSG_EQ(error, "CPU 0 is the last one on line: must stay", "error");
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.IsOnline(0), true, "on line");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetFlows(0), "1", "its entries stay");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Section 13, corner case 20: a CPU that is off line takes no part in a flush.
 */
class FlowCacheFlushOfflineTestCase : public TestCase
{
  public:
    FlowCacheFlushOfflineTestCase()
        : TestCase("a flush leaves out CPUs that are off line")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture(TWO_CPUS);
        fixture.cpu = 1;
        fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetFlushCpus().size(), 1, "CPU 1");
        fixture.cache.TakeDown(1, fixture.work[1]);
        NS_TEST_EXPECT_MSG_EQ(fixture.cache.GetFlushCpus().size(), 0, "none");
        const auto report = fixture.cache.Flush(0, fixture.work);
        NS_TEST_EXPECT_MSG_EQ(report.nTasklets, 0, "no tasklet");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of CPUs that come and go.
 */
class FlowCacheHotplugTestSuite : public TestSuite
{
  public:
    FlowCacheHotplugTestSuite()
        : TestSuite("xfrm-flow-cache-hotplug", UNIT)
    {
        AddTestCase(new FlowCacheDownTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheUpTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheTimerWhileDownTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheFirstUpTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheTwiceTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheLastCpuTestCase, TestCase::QUICK);
        AddTestCase(new FlowCacheFlushOfflineTestCase, TestCase::QUICK);
    }
};

static FlowCacheHotplugTestSuite g_flowCacheHotplugTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
