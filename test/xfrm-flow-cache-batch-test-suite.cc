/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-objects.h"

#include "ns3/test.h"

#include <map>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// Lookups of one run.
constexpr uint32_t N_LOOKUPS{20000};

/// What one run of lookups gives.
struct Outcome
{
    std::vector<CacheAnswer> answers; //!< by lookup
    std::vector<size_t> numbers;      //!< number of each answer's object, 0 none
    CacheWork work;                   //!< all work
    std::string flows;                //!< content of the table at the end
    uint32_t seed{0};                 //!< the table's seed at the end
    uint32_t genid{0};                //!< the generation at the end
};

/// @return flows in random order: mostly IPv4, and IPv6 and uncached ones in between
std::vector<FlowKey>
MakeFlows()
{
    std::mt19937 random(1);
    std::vector<FlowKey> flows;
    for (uint32_t i = 0; i < N_LOOKUPS; ++i)
    {
        const uint32_t number = random() % 60;
        flows.push_back(random() % 40 == 0   ? MakeUncachedKey()
                        : random() % 20 == 0 ? MakeIpv6Key(number)
                                             : MakeKey(number));
    }
    return flows;
}

/**
 * @brief Look up the flows, some at a time.
 *
 * What the resolver does depends on how often it ran: objects of both consents, "no policy",
 * errors; now and then it bumps the generation or asks for a re-seed, so that hashes made ahead go
 * stale.
 *
 * @param flows the flows; keys or numbers
 * @param sizes sizes of the batches, in turn; 0 for one single lookup
 * @param fixture the cache
 */
template <typename Flow>
Outcome
LookUpAll(std::span<const Flow> flows, const std::vector<size_t>& sizes, CacheFixture& fixture)
{
    Outcome outcome;
    outcome.answers.resize(flows.size());
    size_t nResolved = 0;
    const auto resolve = [&](CacheObject*) {
        ++nResolved;
        if (nResolved % 97 == 0)
        {
            fixture.cache.BumpGenid();
        }
        if (nResolved % 501 == 0)
        {
            fixture.cache.RequestReseed();
        }
        if (nResolved % 11 == 0)
        {
            return nResolved % 2 == 0 ? NO_POLICY : FAILURE;
        }
        return Resolution{
            &fixture.NewObject(nResolved % 3 == 0 ? Consent::Once : Consent::UntilChange)};
    };
    size_t nBatches = 0;
    for (size_t i = 0; i < flows.size();)
    {
        const size_t size = std::min(sizes[nBatches++ % sizes.size()], flows.size() - i);
        if (size == 0)
        {
            outcome.answers[i] = fixture.cache.Lookup(0, flows[i], resolve, outcome.work);
            ++i;
            continue;
        }
        fixture.cache.LookupBatch(
            0,
            flows.subspan(i, size),
            std::span(outcome.answers).subspan(i, size),
            [&](size_t, CacheObject* old) { return resolve(old); },
            outcome.work);
        i += size;
    }
    std::map<const CacheObject*, size_t> numbers{{nullptr, 0}};
    for (const ScriptedObject& object : fixture.objects)
    {
        numbers.emplace(&object, numbers.size());
    }
    for (const CacheAnswer& answer : outcome.answers)
    {
        outcome.numbers.push_back(numbers.at(answer.object));
    }
    outcome.flows = fixture.GetFlows();
    outcome.seed = fixture.cache.GetTable(0).GetSeed();
    outcome.genid = fixture.cache.GetGenid();
    return outcome;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief 20,000 lookups in a small table that shrinks and re-seeds: alone and in batches.
 *
 * The single lookups are right by the other suites.  Sizes of batches are below, at and above the
 * 16 flows whose hashes are made ahead, and not multiples of the 4 that are hashed at a time.
 */
class BatchTestCase : public TestCase
{
  public:
    BatchTestCase(bool isInterned, const std::string& face)
        : TestCase("a batch by " + face + " gives what single lookups give"),
          m_isInterned(isInterned)
    {
    }

  private:
    void DoRun() override
    {
        const Outcome single = RunFace({0});
        NS_TEST_ASSERT_MSG_GT(single.work.nReseeds, 2, "the run has re-seeds");
        NS_TEST_ASSERT_MSG_GT(single.work.nShrinks, 2, "and shrinks");
        NS_TEST_ASSERT_MSG_GT(single.work.nHits, 1000, "and hits");
        for (const std::vector<size_t>& sizes :
             std::vector<std::vector<size_t>>{{1}, {3}, {16}, {17}, {1000}, {5, 0, 64, 2}})
        {
            const Outcome batch = RunFace(sizes);
            const std::string message = "batches of " + std::to_string(sizes[0]);
            NS_TEST_EXPECT_MSG_EQ((batch.work == single.work), true, message);
            NS_TEST_EXPECT_MSG_EQ((batch.numbers == single.numbers), true, message);
            NS_TEST_EXPECT_MSG_EQ(batch.flows, single.flows, message);
            NS_TEST_EXPECT_MSG_EQ(batch.seed, single.seed, message);
            NS_TEST_EXPECT_MSG_EQ(batch.genid, single.genid, message);
            for (size_t i = 0; i < N_LOOKUPS; ++i)
            {
                const bool isEqual = batch.answers[i].outcome == single.answers[i].outcome &&
                                     batch.answers[i].error == single.answers[i].error;
                NS_TEST_ASSERT_MSG_EQ(isEqual, true, message << ", lookup " << i);
            }
        }
    }

    Outcome RunFace(const std::vector<size_t>& sizes) const
    {
        CacheFixture fixture({.table{.hashShift = 3, .lowWatermark = 20, .highWatermark = 40}});
        const std::vector<FlowKey> keys = MakeFlows();
        if (!m_isInterned)
        {
            const std::vector<FlowKeyView> views(keys.begin(), keys.end());
            return LookUpAll<FlowKeyView>(views, sizes, fixture);
        }
        std::vector<FlowId> numbers;
        numbers.reserve(keys.size());
        for (const FlowKey& key : keys)
        {
            numbers.push_back(fixture.cache.Intern(key));
        }
        return LookUpAll<FlowId>(numbers, sizes, fixture);
    }

    bool m_isInterned; //!< lookups by number instead of by key
};

/**
 * @ingroup xfrm-tests
 * @brief Batches of lookups, both faces.
 */
class FlowCacheBatchTestSuite : public TestSuite
{
  public:
    FlowCacheBatchTestSuite()
        : TestSuite("xfrm-flow-cache-batch", UNIT)
    {
        AddTestCase(new BatchTestCase(false, "key"), TestCase::QUICK);
        AddTestCase(new BatchTestCase(true, "number"), TestCase::QUICK);
    }
};

/// Registers the suite.
static FlowCacheBatchTestSuite g_xfrmFlowCacheBatchTestSuite;

} // namespace ns3::xfrm::tests
