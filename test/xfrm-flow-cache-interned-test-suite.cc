/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-objects.h"

#include "ns3/test.h"

#include <array>
#include <initializer_list>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/**
 * Two caches that are treated alike, but one is asked by key and the other by interned number.
 *
 * What the first does is right by the tests of the other suites; the second has to do the same.
 */
class Twins
{
  public:
    /// @param config makeup of both
    explicit Twins(const FlowCache::Config& config)
        : byKey(config),
          byNumber(config)
    {
        for (uint32_t i = 0; i < 50; ++i)
        {
            m_flows.push_back(byNumber.cache.Intern(MakeKey(i)));
        }
    }

    /**
     * @brief Look up a flow in both on one CPU.
     * @param number of the flow, below 50
     * @param cpu the CPU
     * @return what differs, empty if nothing
     */
    std::string LookUp(uint32_t number, CpuId cpu = 0)
    {
        byKey.cpu = cpu;
        byNumber.cpu = cpu;
        const CacheAnswer expected = byKey.LookUp(MakeKey(number));
        const CacheAnswer answer = byNumber.LookUp(m_flows[number]);
        const bool isSame = answer.outcome == expected.outcome && byNumber.last == byKey.last &&
                            Find(byNumber, answer.object) == Find(byKey, expected.object) &&
                            byNumber.GetFlows(cpu) == byKey.GetFlows(cpu);
        return isSame ? "" : "flow " + std::to_string(number) + " on CPU " + std::to_string(cpu);
    }

    /// @brief LookUp() of several flows.  @return as above, for all
    std::string LookUpAll(std::initializer_list<uint32_t> numbers, CpuId cpu = 0)
    {
        std::string differences;
        for (const uint32_t number : numbers)
        {
            differences += LookUp(number, cpu);
        }
        return differences;
    }

    /// @brief Do the same to both.
    template <typename Action>
    void OnBoth(Action&& action)
    {
        action(byKey);
        action(byNumber);
    }

    CacheFixture byKey;    //!< asked by key
    CacheFixture byNumber; //!< asked by number

  private:
    /// @return number of an object of that fixture, or how many there are if it has none
    static size_t Find(const CacheFixture& fixture, const CacheObject* object)
    {
        size_t i = 0;
        while (i < fixture.objects.size() && &fixture.objects[i] != object)
        {
            ++i;
        }
        return i;
    }

    std::vector<FlowId> m_flows; //!< by flow number
};

/// Two CPUs with one bucket each, where a shrink keeps two of more than six.
const FlowCache::Config TWO_SHRINKING_CPUS{
    .nCpus = 2,
    .table = {.hashShift = 0, .lowWatermark = 2, .highWatermark = 6}};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Flows are numbered in order, equal ones too.
 */
class InternedNumberTestCase : public TestCase
{
  public:
    InternedNumberTestCase()
        : TestCase("interned flows are numbered from 0")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        const FlowId first = fixture.cache.Intern(MakeKey(1));
        const FlowId longer = fixture.cache.Intern(MakeIpv6Key(1));
        const FlowId again = fixture.cache.Intern(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ(static_cast<uint32_t>(first), 0, "first");
        NS_TEST_EXPECT_MSG_EQ(static_cast<uint32_t>(longer), 1, "IPv6");
        NS_TEST_EXPECT_MSG_EQ(static_cast<uint32_t>(again), 2, "the first once more");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief All outcomes but refusals of the 4.6 kind, on objects that agree once or until a change.
 */
class InternedOutcomesTestCase : public TestCase
{
  public:
    InternedOutcomesTestCase()
        : TestCase("an interned flow has the outcomes and the work of its key")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto consent : {Consent::Once, Consent::UntilChange})
        {
            Twins twins(TWO_SHRINKING_CPUS);
            twins.OnBoth([consent](CacheFixture& fixture) { fixture.consent = consent; });
            const std::string hits = twins.LookUpAll({1, 2, 3, 1, 1, 2, 2, 3, 3, 1});
            NS_TEST_EXPECT_MSG_EQ(hits, "", "misses and hits");
            twins.OnBoth([](CacheFixture& fixture) {
                fixture.objects[1].consent = Consent::Refused;
                fixture.cache.NoteChange();
            });
            const std::string refused = twins.LookUpAll({1, 2, 2, 2});
            NS_TEST_EXPECT_MSG_EQ(refused, "", "flow 2 is refused");
            twins.OnBoth([](CacheFixture& fixture) { fixture.cache.BumpGenid(); });
            const std::string stale = twins.LookUpAll({3, 3, 3, 2, 1, 1});
            NS_TEST_EXPECT_MSG_EQ(stale, "", "all are stale");
            twins.OnBoth(
                [](CacheFixture& fixture) { fixture.cache.SetEntryFault([] { return true; }); });
            const std::string unstored = twins.LookUpAll({4, 4, 1});
            NS_TEST_EXPECT_MSG_EQ(unstored, "", "flow 4 is not stored");
            NS_TEST_EXPECT_MSG_EQ(twins.byNumber.work[0].nRefused, 1, "one was refused");
            NS_TEST_EXPECT_MSG_EQ(twins.byNumber.work[0].nStale, 3, "three were stale");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Negative answers and errors, which have no object to agree.
 */
class InternedNegativeTestCase : public TestCase
{
  public:
    InternedNegativeTestCase()
        : TestCase("an interned flow may have no policy, or an error")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        const FlowId flow = fixture.cache.Intern(MakeKey(1));
        fixture.LookUp(flow, FAILURE);
        const CacheAnswer stale = fixture.LookUp(flow, NO_POLICY);
        const CacheAnswer negative = fixture.LookUp(flow);
        const CacheWork expected{.nNegative = 1, .nCompared = 1, .nHashedWords = 8};
        NS_TEST_EXPECT_MSG_EQ((stale.outcome == CacheOutcome::Stale), true, "after an error");
        NS_TEST_EXPECT_MSG_EQ((negative.outcome == CacheOutcome::Negative), true, "no policy");
        NS_TEST_EXPECT_MSG_EQ((fixture.last == expected), true, "work");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A flow keeps an entry on each CPU it is seen on, wherever it was seen last.
 */
class InternedMoveTestCase : public TestCase
{
  public:
    InternedMoveTestCase()
        : TestCase("an interned flow may move between CPUs")
    {
    }

  private:
    void DoRun() override
    {
        Twins twins(TWO_SHRINKING_CPUS);
        twins.OnBoth([](CacheFixture& fixture) { fixture.consent = Consent::UntilChange; });
        std::string differences;
        for (const CpuId cpu : {0, 1, 0, 1, 1, 0, 0})
        {
            differences += twins.LookUpAll({1, 2, 3, 1}, cpu);
        }
        NS_TEST_EXPECT_MSG_EQ(differences, "", "two entries a flow");
        NS_TEST_EXPECT_MSG_EQ(twins.byNumber.work[0].nMisses, 3, "CPU 0");
        NS_TEST_EXPECT_MSG_EQ(twins.byNumber.work[1].nMisses, 3, "CPU 1");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief One key interned twice: one entry for both, and the object of one is that of the other.
 */
class InternedTwiceTestCase : public TestCase
{
  public:
    InternedTwiceTestCase()
        : TestCase("a key interned twice has one entry")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        fixture.consent = Consent::UntilChange;
        const std::array<FlowId, 2> flows{fixture.cache.Intern(MakeKey(1)),
                                          fixture.cache.Intern(MakeKey(1))};
        fixture.LookUp(flows[0]);
        for (const uint32_t i : {1, 0, 0, 1, 1, 0})
        {
            const CacheAnswer answer = fixture.LookUp(flows[i]);
            NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Hit), true, "number " << i);
            NS_TEST_EXPECT_MSG_EQ(answer.object, &fixture.objects[0], "number " << i);
        }
        const CacheAnswer byKey = fixture.LookUp(MakeKey(1));
        NS_TEST_EXPECT_MSG_EQ(byKey.object, &fixture.objects[0], "by key");
        fixture.cache.RequestReseed();
        const CacheAnswer miss = fixture.LookUp(flows[0]);
        const CacheAnswer hit = fixture.LookUp(flows[1]);
        NS_TEST_EXPECT_MSG_EQ((miss.outcome == CacheOutcome::Miss), true, "dropped for both");
        NS_TEST_EXPECT_MSG_EQ((hit.outcome == CacheOutcome::Hit), true, "there for both");
        NS_TEST_EXPECT_MSG_EQ(hit.object, &fixture.objects[1], "the new object");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What a shrink drops is a miss, what stays a hit at its new place.
 *
 * Seven flows fit.  The eighth leaves 7 and 6, then 8 is added.  Flows 5 to 2 fill up to seven
 * again, and flow 1 shrinks once more.
 */
class InternedEvictTestCase : public TestCase
{
  public:
    InternedEvictTestCase()
        : TestCase("an interned flow notices that its entry was evicted")
    {
    }

  private:
    void DoRun() override
    {
        Twins twins(TWO_SHRINKING_CPUS);
        twins.OnBoth([](CacheFixture& fixture) { fixture.consent = Consent::UntilChange; });
        const std::string before = twins.LookUpAll({1, 2, 3, 4, 5, 6, 7, 7, 6, 5, 4, 3, 2, 1});
        NS_TEST_EXPECT_MSG_EQ(before, "", "seven flows fit");
        const std::string after = twins.LookUpAll({8, 8, 7, 6, 5, 4, 3, 2, 1, 8, 7});
        NS_TEST_EXPECT_MSG_EQ(after, "", "the eighth shrinks");
        NS_TEST_EXPECT_MSG_EQ(twins.byNumber.work[0].nShrinks, 2, "and one of the others, too");
        twins.OnBoth([](CacheFixture& fixture) { fixture.cache.RequestReseed(); });
        const std::string reseeded = twins.LookUpAll({1, 2, 2, 1});
        NS_TEST_EXPECT_MSG_EQ(reseeded, "", "a re-seed drops all");
        twins.OnBoth([](CacheFixture& fixture) {
            fixture.cache.TakeDown(0, fixture.work[0]);
            fixture.cache.BringUp(0);
        });
        const std::string hotplugged = twins.LookUpAll({1, 2, 2, 1});
        NS_TEST_EXPECT_MSG_EQ(hotplugged, "", "a CPU that goes down, too");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A flush takes the newest and a middle one of five out of the chain: the others move up.
 *
 * Places were 5 4 3 2 1 for flows 1 to 5; without 3 and 5 they are 3 2 1 for 1, 2 and 4.
 */
class InternedRenumberTestCase : public TestCase
{
  public:
    InternedRenumberTestCase()
        : TestCase("hits of interned flows count the entries before them at that time")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture({.table = {.hashShift = 0}});
        fixture.consent = Consent::UntilChange;
        std::vector<FlowId> flows;
        for (uint32_t number = 1; number <= 5; ++number)
        {
            flows.push_back(fixture.cache.Intern(MakeKey(number)));
            fixture.LookUp(flows.back());
            fixture.LookUp(flows.back());
        }
        fixture.LookUp(flows[0]);
        NS_TEST_EXPECT_MSG_EQ(fixture.last.nCompared, 5, "the oldest of five");
        fixture.objects[2].isValid = false;
        fixture.objects[4].isValid = false;
        fixture.cache.Flush(0, fixture.work);
        const std::array<uint32_t, 3> stay{0, 1, 3};
        for (uint32_t i = 0; i < stay.size(); ++i)
        {
            fixture.LookUp(flows[stay[i]]);
            const CacheWork expected{.nHits = 1, .nCompared = 3 - i, .nHashedWords = 8};
            NS_TEST_EXPECT_MSG_EQ((fixture.last == expected), true, "flow " << stay[i] + 1);
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.objects[0].nGets, 1, "no further question");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A flow of a family that is not cached can be numbered, and is resolved each time.
 */
class InternedUncachedTestCase : public TestCase
{
  public:
    InternedUncachedTestCase()
        : TestCase("an interned flow of an uncached family is resolved each time")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture fixture;
        const FlowId uncached = fixture.cache.Intern(MakeUncachedKey());
        fixture.cache.Intern(MakeKey(1));
        for (const uint32_t turn : {1, 2})
        {
            const CacheAnswer answer = fixture.LookUp(uncached);
            NS_TEST_EXPECT_MSG_EQ((answer.outcome == CacheOutcome::Uncached), true, turn);
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.nSeeds, 0, "no re-seed");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A batch equals its flows one by one, with misses, hits and a shrink in it.
 */
class InternedBatchTestCase : public TestCase
{
  public:
    InternedBatchTestCase()
        : TestCase("a batch has the answers and the work of single lookups")
    {
    }

  private:
    void DoRun() override
    {
        CacheFixture single(TWO_SHRINKING_CPUS);
        CacheFixture batch(TWO_SHRINKING_CPUS);
        std::vector<FlowId> flows;
        for (const uint32_t number : {1, 2, 1, 1, 3, 4, 5, 6, 7, 2, 2, 8, 9, 1, 8, 8, 9})
        {
            single.cache.Intern(MakeKey(number));
            flows.push_back(batch.cache.Intern(MakeKey(number)));
        }
        CacheWork expected;
        CacheWork work;
        for (uint32_t turn = 0; turn < 3; ++turn)
        {
            std::vector<CacheAnswer> answers(flows.size());
            std::vector<size_t> resolved;
            const auto resolve = [&](size_t i, CacheObject*) {
                resolved.push_back(i);
                return Resolution{&batch.NewObject(Consent::UntilChange)};
            };
            batch.cache.LookupBatch(0, flows, answers, resolve, work);
            single.consent = Consent::UntilChange;
            std::vector<size_t> expectedResolved;
            for (size_t i = 0; i < flows.size(); ++i)
            {
                const size_t nBefore = single.resolverInputs.size();
                const CacheAnswer answer = single.LookUp(flows[i]);
                expected += single.last;
                NS_TEST_EXPECT_MSG_EQ((answers[i].outcome == answer.outcome), true, i);
                if (single.resolverInputs.size() > nBefore)
                {
                    expectedResolved.push_back(i);
                }
            }
            NS_TEST_EXPECT_MSG_EQ((resolved == expectedResolved), true, "indices resolved");
            NS_TEST_EXPECT_MSG_EQ((work == expected), true, "work");
            NS_TEST_EXPECT_MSG_EQ(batch.GetFlows(), single.GetFlows(), "entries");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of lookups by number.
 */
class FlowCacheInternedTestSuite : public TestSuite
{
  public:
    FlowCacheInternedTestSuite()
        : TestSuite("xfrm-flow-cache-interned", UNIT)
    {
        AddTestCase(new InternedNumberTestCase, TestCase::QUICK);
        AddTestCase(new InternedOutcomesTestCase, TestCase::QUICK);
        AddTestCase(new InternedNegativeTestCase, TestCase::QUICK);
        AddTestCase(new InternedMoveTestCase, TestCase::QUICK);
        AddTestCase(new InternedTwiceTestCase, TestCase::QUICK);
        AddTestCase(new InternedEvictTestCase, TestCase::QUICK);
        AddTestCase(new InternedRenumberTestCase, TestCase::QUICK);
        AddTestCase(new InternedUncachedTestCase, TestCase::QUICK);
        AddTestCase(new InternedBatchTestCase, TestCase::QUICK);
    }
};

static FlowCacheInternedTestSuite g_flowCacheInternedTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
