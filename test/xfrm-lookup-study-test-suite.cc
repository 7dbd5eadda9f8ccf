/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flow-cache-model.h"
#include "xfrm-test-study.h"

#include "ns3/test.h"
#include "ns3/xfrm-study-report.h"

#include <algorithm>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return all packets of a study, by the core that they arrive at
std::vector<std::vector<uint32_t>>
ListFlowsByCore(const StudyConfig& config)
{
    const Rss rss({.nQueues = config.nCores});
    const FlowSpace space(config.policies.blocks, config.oif);
    std::vector<std::vector<uint32_t>> flows(config.nCores);
    TrafficMix mix(config.traffic);
    ArrivalList arrivals(1000);
    while (true)
    {
        mix.Fill(arrivals);
        for (const Arrival& arrival : arrivals)
        {
            if (arrival.ns >= config.duration.GetNanoSeconds())
            {
                return flows;
            }
            const Flow flow = space.MakeFlow(arrival.flow);
            flows[rss.GetQueue(FlowSpace::DescribeForRss(flow))].push_back(arrival.flow);
        }
    }
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Poisson arrivals on one core where a lookup takes 1 us, and all else no time: an M/D/1
 * queue, in which packets wait r / (2 (1 - r)) us on average at load r (Pollaczek and Khinchine).
 *
 * M/M/1 is a test of CoreEngine in suite xfrm-core-engine: prices have no random part.
 */
class StudyWaitingTestCase : public TestCase
{
  public:
    StudyWaitingTestCase()
        : TestCase("packets wait as long as the formula for constant service says")
    {
    }

  private:
    void DoRun() override
    {
        for (const double load : {0.3, 0.5, 0.8})
        {
            StudyConfig config = MakeStudy(1, {.nFlows = 10}, load * 1e6, Seconds(10));
            config.profile = MakeMicrosecondLookups();
            config.kept = KeptDurations::All;
            config.queues.ringSize = 1'000'000;
            const StudyResult result = LookupStudy(config).Run();
            const CoreFigures& core = result.cores[0].core;
            const double expected = load / (2 * (1 - load)) * 1000;
            NS_TEST_EXPECT_MSG_EQ_TOL(core.waiting.GetMean(),
                                      expected,
                                      0.01 * expected,
                                      "load " << load);
            NS_TEST_EXPECT_MSG_EQ_TOL(core.latency.GetMean(),
                                      expected + 1000,
                                      0.01 * (expected + 1000),
                                      "and service at load " << load);
            NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(core.busyNs),
                                      load * 1e10,
                                      0.01 * load * 1e10,
                                      "busy at load " << load);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief 8000 flows on 4 cores, about 2000 on each: none has 4096, so that nothing is evicted, and
 * a core misses exactly the first packet of each flow.
 */
class StudyFirstPacketsTestCase : public TestCase
{
  public:
    StudyFirstPacketsTestCase()
        : TestCase("below the watermark the first packet of each flow misses, and no other")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto kind : {FlowConfig::Kind::Uniform, FlowConfig::Kind::Zipf})
        {
            const StudyConfig config =
                MakeStudy(4, {.kind = kind, .nFlows = 8000}, 5e5, Seconds(1));
            const StudyResult result = LookupStudy(config).Run();
            const auto flows = ListFlowsByCore(config);
            for (CpuId cpu = 0; cpu < config.nCores; ++cpu)
            {
                const std::set<uint32_t> distinct(flows[cpu].begin(), flows[cpu].end());
                const CacheWork& cache = result.cores[cpu].work.cache;
                NS_TEST_EXPECT_MSG_EQ(cache.nMisses, distinct.size(), "misses on core " << cpu);
                NS_TEST_EXPECT_MSG_EQ(cache.nHits,
                                      flows[cpu].size() - distinct.size(),
                                      "hits on core " << cpu);
                NS_TEST_EXPECT_MSG_EQ(result.cores[cpu].cacheSize,
                                      distinct.size(),
                                      "entries on core " << cpu);
            }
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Flows above the watermark, against two slow tables.
 *
 * FlowCacheModel has the same seed, and so the same chains: all that it counts is equal.  The
 * other has a bucket for each flow that is drawn by lot: its hit ratio is the same within 1 %.
 */
class StudyHitRatioTestCase : public TestCase
{
  public:
    StudyHitRatioTestCase()
        : TestCase("above the watermark hits are those of slow tables")
    {
    }

  private:
    static constexpr uint32_t SEED{0x5eed}; //!< hash seed of all tables

    /// A core's table by sections 4 and 5 of doc/spec/flow-cache.md, with buckets by lot.
    class DrawnTable
    {
      public:
        /// @return whether the flow is there; else it is from now on
        bool Find(uint32_t flow)
        {
            const auto [place, isNew] = m_buckets.try_emplace(flow, 0U);
            if (isNew)
            {
                place->second = std::uniform_int_distribution<uint32_t>(0, 1023)(m_random);
            }
            std::list<uint32_t>& chain = m_chains[place->second];
            if (std::find(chain.begin(), chain.end(), flow) != chain.end())
            {
                return true;
            }
            if (m_nEntries > 4096)
            {
                Shrink();
            }
            chain.push_front(flow);
            ++m_nEntries;
            return false;
        }

      private:
        /// Keep the two newest entries of each chain.
        void Shrink()
        {
            m_nEntries = 0;
            for (auto& [bucket, chain] : m_chains)
            {
                chain.resize(std::min<size_t>(chain.size(), 2));
                m_nEntries += chain.size();
            }
        }

        std::map<uint32_t, uint32_t> m_buckets;           //!< bucket of each flow
        std::map<uint32_t, std::list<uint32_t>> m_chains; //!< newest first, by bucket
        size_t m_nEntries{0};                             //!< entries of all chains
        std::mt19937 m_random{1};                         //!< fixed seed
    };

    /// @return what a core's table does with packets of these flows
    static CacheWork RunModel(const StudyConfig& config, const std::vector<uint32_t>& flows)
    {
        const auto agree = [](ObjectId) { return true; };
        const auto neverFail = [] { return false; };
        FlowCacheModel model({},
                             {.drawSeed = [] { return SEED; },
                              .failsEntry = neverFail,
                              .failsMask = neverFail,
                              .get = agree,
                              .check = agree,
                              .deleteObject = [](ObjectId) {}});
        const FlowSpace space(config.policies.blocks, config.oif);
        CacheWork work;
        for (const uint32_t flow : flows)
        {
            const FlowKey key = space.MakeFlow(flow).MakeKey(Direction::Out, config.layout);
            model.Lookup(
                0,
                key,
                [](ObjectId) { return FlowCacheModel::Answer{1}; },
                work);
        }
        return work;
    }

    void Compare(const StudyCore& core,
                 const StudyConfig& config,
                 const std::vector<uint32_t>& flows)
    {
        const CacheWork& cache = core.work.cache;
        const CacheWork model = RunModel(config, flows);
        NS_TEST_EXPECT_MSG_EQ(cache.nHits, model.nHits, "hits");
        NS_TEST_EXPECT_MSG_EQ(cache.nMisses, model.nMisses, "misses");
        NS_TEST_EXPECT_MSG_EQ(cache.nCompared, model.nCompared, "entries compared");
        NS_TEST_EXPECT_MSG_EQ(cache.nShrinks, model.nShrinks, "shrinks");
        NS_TEST_EXPECT_MSG_EQ(cache.nEvicted, model.nEvicted, "evicted");
        NS_TEST_EXPECT_MSG_GT(cache.nShrinks, 10, "there are more flows than it takes");
        DrawnTable drawn;
        uint64_t nHits = 0;
        for (const uint32_t flow : flows)
        {
            nHits += drawn.Find(flow) ? 1 : 0;
        }
        NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(cache.nHits),
                                  static_cast<double>(nHits),
                                  0.01 * static_cast<double>(nHits),
                                  "hits by lot");
    }

    void DoRun() override
    {
        for (const FlowConfig& traffic :
             {FlowConfig{.kind = FlowConfig::Kind::Uniform, .nFlows = 12'000},
              FlowConfig{.kind = FlowConfig::Kind::Zipf, .nFlows = 50'000, .exponent = 0.8}})
        {
            StudyConfig config = MakeStudy(2, traffic, 4e5, Seconds(1));
            config.drawSeed = [] { return SEED; };
            const StudyResult result = LookupStudy(config).Run();
            const auto flows = ListFlowsByCore(config);
            for (CpuId cpu = 0; cpu < config.nCores; ++cpu)
            {
                Compare(result.cores[cpu], config, flows[cpu]);
            }
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Packets that arrive go on, are lost in front of a ring or a backlog, are refused, or wait.
 */
class StudyBalanceTestCase : public TestCase
{
  public:
    StudyBalanceTestCase()
        : TestCase("each packet is carried, lost, refused or waits, and rows add up to the whole")
    {
    }

  private:
    void Check(const StudyConfig& config, const std::string& name)
    {
        const StudyResult result = LookupStudy(config).Run();
        const StudyCore total = result.GetTotal();
        const uint64_t nGone = total.verdicts.GetCarried() + total.nRingDropped +
                               total.core.nBacklogDropped + total.verdicts.GetRefused();
        NS_TEST_EXPECT_MSG_EQ(total.nOffered, nGone + total.nWaiting, name);
        NS_TEST_EXPECT_MSG_EQ(result.classes[0].nOffered, total.nOffered, name << ": class");
        NS_TEST_EXPECT_MSG_EQ(result.classes[0].nRingDropped,
                              total.nRingDropped,
                              name << ": lost of the class");
        NS_TEST_EXPECT_MSG_GT(total.nRingDropped + total.core.nBacklogDropped,
                              0,
                              name << ": there is too much");
        NS_TEST_EXPECT_MSG_EQ(result.rows.size(), 4, name << ": rows");
        StudyInterval sum;
        for (const StudyRow& row : result.rows)
        {
            sum += row;
        }
        NS_TEST_EXPECT_MSG_EQ(sum.nOffered, total.nOffered, name << ": offered by rows");
        NS_TEST_EXPECT_MSG_EQ(sum.nCarried, total.verdicts.GetCarried(), name << ": carried");
        NS_TEST_EXPECT_MSG_EQ(sum.nRingDropped, total.nRingDropped, name << ": lost by rows");
        const bool isSame = sum.cache == total.work.cache;
        NS_TEST_EXPECT_MSG_EQ(isSame, true, name << ": work of the caches by rows");
        NS_TEST_EXPECT_MSG_EQ(sum.busyTime, NanoSeconds(total.core.busyNs), name << ": busy");
        NS_TEST_EXPECT_MSG_EQ(result.rows.back().nWaiting, total.nWaiting, name << ": waiting");
        CheckCores(result, name);
    }

    /// The rows of each core add up to what it did, those of an interval to its row.
    void CheckCores(const StudyResult& result, const std::string& name)
    {
        const size_t nCores = result.cores.size();
        NS_TEST_ASSERT_MSG_EQ(result.coreRows.size(), 4 * nCores, name << ": rows of cores");
        std::vector<StudyInterval> sums(nCores);
        std::vector<StudyInterval> together(result.rows.size());
        for (size_t i = 0; i < result.coreRows.size(); ++i)
        {
            const StudyCoreRow& row = result.coreRows[i];
            NS_TEST_EXPECT_MSG_EQ(row.cpu, i % nCores, name << ": core");
            NS_TEST_EXPECT_MSG_EQ(row.end, result.rows[i / nCores].end, name << ": end");
            sums[row.cpu] += row;
            together[i / nCores] += row;
        }
        for (size_t cpu = 0; cpu < nCores; ++cpu)
        {
            const StudyCore& core = result.cores[cpu];
            const bool isSame = sums[cpu].cache == core.work.cache;
            NS_TEST_EXPECT_MSG_EQ(isSame, true, name << ": work of core " << cpu);
            NS_TEST_EXPECT_MSG_EQ(sums[cpu].nOffered, core.nOffered, name << ": offered");
            NS_TEST_EXPECT_MSG_EQ(sums[cpu].nRingDropped, core.nRingDropped, name << ": lost");
            NS_TEST_EXPECT_MSG_EQ(sums[cpu].busyTime, NanoSeconds(core.core.busyNs), name);
        }
        for (size_t i = 0; i < together.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(together[i].nEntries, result.rows[i].nEntries, name);
            NS_TEST_EXPECT_MSG_EQ(together[i].nWaiting, result.rows[i].nWaiting, name);
        }
    }

    void DoRun() override
    {
        StudyConfig config = MakeStudy(4, {.nFlows = 1000}, 2e7, MilliSeconds(40));
        config.interval = MilliSeconds(10);
        config.profile = CostProfile::Load("linux-4.1-default");
        Check(config, "lookups");
        config.work = StudyWork::Forward;
        Check(config, "forwarding");
        config.locks = LockPreset::Find("linux-4.1");
        config.policies.states.clear(); // awaited
        Check(config, "no states");
        config.policies = MakeStudyPolicies({.nInexact = 1});
        config.traffic.classes[0].arrivals.stop = MilliSeconds(20);
        config.queues.steering = {1, 2, 3}; // all are done at the end: none is on its way
        Check(config, "steering");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief All that is random is so by the seed.
 */
class StudySeedTestCase : public TestCase
{
  public:
    StudySeedTestCase()
        : TestCase("equal seeds give equal results, and others give others")
    {
    }

  private:
    static std::string Run(uint64_t seed)
    {
        StudySettings settings;
        settings.seed = seed;
        settings.flows = 30'000;
        settings.rate = 4e6;
        settings.work = "forward";
        settings.attack = 0.05;
        settings.population = "churn";
        settings.duration = MilliSeconds(50);
        settings.interval = MilliSeconds(10);
        settings.events = {"20ms insert"};
        StudyResult result = LookupStudy(MakeStudyConfig(settings)).Run();
        settings.seed = 1; // the text has it, too
        return MakeStudyJson(settings, result);
    }

    void DoRun() override
    {
        const std::string first = Run(1);
        const bool isSame = Run(1) == first;
        NS_TEST_EXPECT_MSG_EQ(isSame, true, "the same seed");
        const bool isOther = Run(2) != first;
        NS_TEST_EXPECT_MSG_EQ(isOther, true, "another seed");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A run that is stopped has what there was by then, and RunFor() goes on.
 */
class StudyPartialTestCase : public TestCase
{
  public:
    StudyPartialTestCase()
        : TestCase("a study that is stopped says so, with what it has")
    {
    }

  private:
    void DoRun() override
    {
        const StudyConfig config = MakeRound(2, Seconds(1));
        LookupStudy study(config);
        double last = 0;
        uint32_t nAsked = 0;
        const StudyResult result = study.Run([&](double share) {
            NS_TEST_EXPECT_MSG_GT(share, last, "the share grows");
            last = share;
            return ++nAsked < 3;
        });
        NS_TEST_EXPECT_MSG_EQ(result.isPartial, true, "stopped");
        NS_TEST_EXPECT_MSG_EQ(nAsked, 3, "asked");
        NS_TEST_EXPECT_MSG_EQ(result.duration, study.GetNow(), "time");
        NS_TEST_EXPECT_MSG_EQ_TOL(result.duration.GetSeconds(), last, 1e-9, "share of 1 s");
        NS_TEST_EXPECT_MSG_LT(result.duration, Seconds(1), "before the end");
        // A packet each microsecond, the first at 0.
        const auto nPackets = static_cast<uint64_t>(result.duration.GetMicroSeconds()) + 1;
        NS_TEST_EXPECT_MSG_EQ(result.GetTotal().nOffered, nPackets, "offered");
        NS_TEST_EXPECT_MSG_EQ(result.rows.back().end, result.duration, "end of the last row");
        NS_TEST_EXPECT_MSG_EQ(LookupStudy(config).Run().isPartial, false, "not stopped");
        study.RunFor(MilliSeconds(10));
        NS_TEST_EXPECT_MSG_EQ(study.GetNow(), result.duration + MilliSeconds(10), "goes on");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A study of few packets whose host has much to do besides, and one that is being made.
 */
class StudyStopTestCase : public TestCase
{
  public:
    StudyStopTestCase()
        : TestCase("a study can be stopped between two packets, and while it is made")
    {
    }

  private:
    void DoRun() override
    {
        StudyConfig config = MakeRound(1, Seconds(1000));
        config.traffic.classes[0].arrivals.rate =
            1e-3; // the first packet at 0, the next one after the end
        uint32_t nEvents = 0;
        config.events = {
            {MicroSeconds(1), "tick", [&](LookupStudy&) { ++nEvents; }, MicroSeconds(1)}};
        LookupStudy study(config);
        const StudyResult result = study.Run([](double) { return false; });
        NS_TEST_EXPECT_MSG_EQ(result.isPartial, true, "stopped");
        NS_TEST_EXPECT_MSG_GT(nEvents, 0, "after some events");
        NS_TEST_EXPECT_MSG_LT(nEvents, 1000, "and soon");
        NS_TEST_EXPECT_MSG_EQ(result.duration, MicroSeconds(nEvents), "one each microsecond");
        bool isStopped = false;
        try
        {
            const LookupStudy made(config, [](double) { return false; });
        }
        catch (const StudyStopped&)
        {
            isStopped = true;
        }
        NS_TEST_EXPECT_MSG_EQ(isStopped, true, "while it is made");
        StudySettings settings;
        settings.cores = 3;
        const StudyResult nothing = RunStudy(settings, [](double) { return false; });
        NS_TEST_EXPECT_MSG_EQ(nothing.isPartial, true, "partial");
        NS_TEST_EXPECT_MSG_EQ(nothing.duration, Time(0), "no time");
        NS_TEST_EXPECT_MSG_EQ(nothing.cores.size(), 3, "its cores");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Ten rounds of 10 ms: an event each period, the last one at the end, and one that is once.
 */
class StudyPeriodTestCase : public TestCase
{
  public:
    StudyPeriodTestCase()
        : TestCase("an event with a period happens again and again, others once")
    {
    }

  private:
    void DoRun() override
    {
        StudyConfig config = MakeRound(1, MilliSeconds(100));
        std::vector<Time> times;
        uint32_t nOnce = 0;
        config.events = {{MilliSeconds(5),
                          "again",
                          [&](LookupStudy& study) { times.push_back(study.GetNow()); },
                          MilliSeconds(10)},
                         {MilliSeconds(7), "once", [&](LookupStudy&) { ++nOnce; }}};
        LookupStudy(config).Run();
        NS_TEST_ASSERT_MSG_EQ(times.size(), 10, "5, 15, ... 95 ms");
        NS_TEST_EXPECT_MSG_EQ(times[0], MilliSeconds(5), "first");
        NS_TEST_EXPECT_MSG_EQ(times[9], MilliSeconds(95), "last");
        NS_TEST_EXPECT_MSG_EQ(nOnce, 1, "no period");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Values that are out of range.
 */
class StudyErrorTestCase : public TestCase
{
  public:
    StudyErrorTestCase()
        : TestCase("values out of range are named with what is allowed")
    {
    }

  private:
    void Expect(const std::string& words, const std::function<void(StudyConfig&)>& change)
    {
        StudyConfig config = MakeRound(2, Seconds(1));
        change(config);
        NS_TEST_EXPECT_MSG_EQ(GetRefusal([&] { const LookupStudy study(config); }), words, words);
    }

    void DoRun() override
    {
        const std::string cores = ": must be 1 to 1024";
        Expect("cores 0" + cores, [](StudyConfig& c) { c.nCores = 0; });
        Expect("cores 1025" + cores, [](StudyConfig& c) { c.nCores = 1025; });
        Expect("duration [s] 0: must be above 0", [](StudyConfig& c) { c.duration = Time(0); });
        Expect("interval [s] -1: must be above 0",
               [](StudyConfig& c) { c.interval = Seconds(-1); });
        Expect("delay of work [s] -1: must be 0 or more",
               [](StudyConfig& c) { c.workDelay = Seconds(-1); });
        Expect("poll weight 0: must be 1 or more", [](StudyConfig& c) { c.limits.weight = 0; });
        Expect("policy 1 of the study: refused with EEXIST",
               [](StudyConfig& c) { c.policies.policies.push_back(c.policies.policies[0]); });
        Expect("state 1 of the study: refused with EEXIST",
               [](StudyConfig& c) { c.policies.states.push_back(c.policies.states[0]); });
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of LookupStudy: queues, flow caches, sums.
 */
class LookupStudyTestSuite : public TestSuite
{
  public:
    LookupStudyTestSuite()
        : TestSuite("xfrm-lookup-study", UNIT)
    {
        AddTestCase(new StudyWaitingTestCase, QUICK);
        AddTestCase(new StudyFirstPacketsTestCase, QUICK);
        AddTestCase(new StudyHitRatioTestCase, QUICK);
        AddTestCase(new StudyBalanceTestCase, QUICK);
        AddTestCase(new StudySeedTestCase, QUICK);
        AddTestCase(new StudyPartialTestCase, QUICK);
        AddTestCase(new StudyPeriodTestCase, QUICK);
        AddTestCase(new StudyStopTestCase, QUICK);
        AddTestCase(new StudyErrorTestCase, QUICK);
    }
};

const LookupStudyTestSuite g_lookupStudyTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
