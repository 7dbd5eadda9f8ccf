/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-study.h"

#include "ns3/test.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

constexpr int32_t NO_BUFFERS{-105}; //!< -ENOBUFS

/// @return the first flows of a study, so many of them on each core, core by core in turn
std::vector<uint32_t>
TakeEvenly(const StudyConfig& config, size_t nEach)
{
    const Rss rss({.nQueues = config.nCores});
    const FlowSpace space(config.policies.blocks, config.oif);
    std::vector<size_t> nTaken(config.nCores);
    std::vector<uint32_t> flows;
    for (uint32_t flow = 0; flows.size() < nEach * config.nCores; ++flow)
    {
        const Flow packet = space.MakeFlow(flow);
        size_t& n = nTaken[rss.GetQueue(FlowSpace::DescribeForRss(packet))];
        if (n < nEach)
        {
            ++n;
            flows.push_back(flow);
        }
    }
    return flows;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief 1000 flows in turn, one packet a microsecond on one core, and a policy that is inserted at
 * 5.5 us: until then 6 packets have come.
 *
 * All six entries are stale then (R65), and no others; each of the 1000 flows misses once.  A flush
 * at the same time removes the six, which then miss again; alone it removes nothing, since all are
 * valid.
 */
class StudyStaleTestCase : public TestCase
{
  public:
    StudyStaleTestCase()
        : TestCase("an inserted policy makes all entries stale, and a flush removes those")
    {
    }

  private:
    void Check(const std::function<void(LookupStudy&)>& action,
               const CacheWork& expected,
               const std::string& name)
    {
        StudyConfig config = MakeRound(1, MilliSeconds(3));
        config.workDelay = Time(0);
        config.events = {MakeStudyEvent(NanoSeconds(5500), action)};
        const StudyResult result = LookupStudy(config).Run();
        const StudyCore& core = result.cores[0];
        NS_TEST_EXPECT_MSG_EQ(core.work.cache.nStale, expected.nStale, name << ": stale");
        NS_TEST_EXPECT_MSG_EQ(core.work.cache.nFlushed, expected.nFlushed, name << ": flushed");
        NS_TEST_EXPECT_MSG_EQ(core.work.cache.nMisses, expected.nMisses, name << ": misses");
        NS_TEST_EXPECT_MSG_EQ(core.work.cache.nHits,
                              3000 - expected.nMisses - expected.nStale,
                              name << ": hits");
        NS_TEST_EXPECT_MSG_EQ(core.verdicts.nTransformed, 3000, name << ": all go on");
    }

    void DoRun() override
    {
        const auto flush = [](LookupStudy& study) {
            study.GetNamespace().GetCache().RequestFlush(0);
        };
        Check([](LookupStudy&) {}, {.nMisses = 1000}, "nothing");
        Check([](LookupStudy& study) { study.InsertPolicy(); },
              {.nStale = 6, .nMisses = 1000},
              "insert");
        Check(flush, {.nMisses = 1000}, "flush");
        Check(
            [&](LookupStudy& study) {
                study.InsertPolicy();
                flush(study);
            },
            {.nMisses = 1006, .nFlushed = 6},
            "insert and flush");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The same traffic, and a state that is replaced at 1.5 ms, when all 1000 flows have chains.
 *
 * Chains with the old state no longer serve (R63): each flow's is built once more, with the new
 * one, and no packet is lost.
 */
class StudyRekeyTestCase : public TestCase
{
  public:
    StudyRekeyTestCase()
        : TestCase("a rekey has all chains built again, and no packet is lost")
    {
    }

  private:
    void DoRun() override
    {
        for (const StudyWork kind : {StudyWork::Lookup, StudyWork::Forward})
        {
            StudyConfig config = MakeRound(2, MilliSeconds(4));
            config.work = kind;
            config.events = {
                MakeStudyEvent(MicroSeconds(1500), [](LookupStudy& study) { study.Rekey(0); })};
            LookupStudy study(config);
            const StudyCore total = study.Run().GetTotal();
            NS_TEST_EXPECT_MSG_EQ(total.work.bundle.nBundles, 2000, "chains");
            NS_TEST_EXPECT_MSG_EQ(total.work.cache.nMisses, 1000, "entries");
            NS_TEST_EXPECT_MSG_EQ(total.verdicts.nTransformed, 4000, "all go on");
            NS_TEST_EXPECT_MSG_EQ(total.verdicts.GetRefused(), 0, "none is refused");
            const StateId old = config.policies.states[0].id;
            const StateId next = MakeRekeyed(config.policies.states[0], 1).id;
            NS_TEST_EXPECT_MSG_NE(old.spi, next.spi, "another SPI");
            const std::vector<Ptr<State>> states = study.GetNamespace().GetStates().GetAll();
            NS_TEST_ASSERT_MSG_EQ(states.size(), 1, "the old one is gone");
            const bool isNext = states[0]->GetConfig().id == next;
            NS_TEST_EXPECT_MSG_EQ(isNext, true, "the new one is there");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Two cores; core 1 is off line from 2 to 4 of 6 ms.
 *
 * Its queue goes to core 0 for that time and comes back, with no packet lost.  Its entries are gone
 * (section 9 of flow-cache.md), so its flows miss on core 0, and again at home.
 */
class StudyCpuTestCase : public TestCase
{
  public:
    StudyCpuTestCase()
        : TestCase("queues of a core that goes off line are served by another")
    {
    }

  private:
    void DoRun() override
    {
        StudyConfig config = MakeRound(2, MilliSeconds(6));
        const uint64_t nHome = LookupStudy(config).Run().cores[1].cacheSize; // flows of core 1
        NS_TEST_ASSERT_MSG_GT(nHome, 300, "about half of the flows");
        config.events = {
            MakeStudyEvent(MilliSeconds(2), [](LookupStudy& study) { study.TakeDown(1); }),
            MakeStudyEvent(MilliSeconds(4), [](LookupStudy& study) { study.BringUp(1); })};
        const StudyResult result = LookupStudy(config).Run();
        // Each flow has six packets: one a millisecond.
        NS_TEST_EXPECT_MSG_EQ(result.cores[1].nOffered, 6 * nHome, "queue 1");
        NS_TEST_EXPECT_MSG_EQ(result.cores[1].verdicts.GetCarried(), 4 * nHome, "core 1");
        NS_TEST_EXPECT_MSG_EQ(result.cores[0].verdicts.GetCarried(), 6000 - 4 * nHome, "core 0");
        NS_TEST_EXPECT_MSG_EQ(result.cores[1].work.cache.nMisses, 2 * nHome, "twice at home");
        NS_TEST_EXPECT_MSG_EQ(result.cores[0].work.cache.nMisses, 1000, "once each elsewhere");
        CheckErrors(config);
    }

    void CheckErrors(const StudyConfig& config)
    {
        LookupStudy study(config);
        study.TakeDown(0);
        NS_TEST_EXPECT_MSG_NE(GetRefusal([&] { study.TakeDown(1); }), "no error", "the last one");
        NS_TEST_EXPECT_MSG_NE(GetRefusal([&] { study.TakeDown(2); }), "no error", "none such");
        NS_TEST_EXPECT_MSG_NE(GetRefusal([&] { study.BringUp(2); }), "no error", "none such");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Two cores shrink their tables while the gc work waits: each drops more than 2048 entries.
 *
 * 4.6 refuses new entries while more than 4096 wait (V6, R312), which two shrinks do; 4.10 from
 * 2 * 2 * 4096 on, and 4.1 never.
 */
class StudyGarbageTestCase : public TestCase
{
  public:
    StudyGarbageTestCase()
        : TestCase("4.6 refuses entries while many wait for the gc, and 4.1 does not")
    {
    }

  private:
    void Check(const RefusalRule& refusal, Time workDelay, bool isRefused, const std::string& name)
    {
        StudyConfig config =
            MakeStudy(2, {.kind = FlowConfig::Kind::Scan, .nFlows = 15'000}, 1e6, MilliSeconds(15));
        config.net.cache.refusal = refusal;
        config.workDelay = workDelay;
        const StudyCore total = LookupStudy(config).Run().GetTotal();
        NS_TEST_EXPECT_MSG_GT(total.work.cache.nShrinks, 1, name << ": shrinks");
        NS_TEST_EXPECT_MSG_EQ((total.work.cache.nNoBuffers > 0), isRefused, name << ": refused");
        const auto errors = total.verdicts.nRefused;
        const auto place = errors.find(NO_BUFFERS);
        NS_TEST_EXPECT_MSG_EQ((place == errors.end() ? 0 : place->second),
                              total.work.cache.nNoBuffers,
                              name << ": packets refused with ENOBUFS");
        NS_TEST_EXPECT_MSG_EQ(total.verdicts.GetCarried() + total.verdicts.GetRefused(),
                              total.nOffered,
                              name << ": all others go on");
    }

    void DoRun() override
    {
        Check(RefusalRule::Never(), Seconds(1), false, "4.1");
        Check(RefusalRule::Linux46(), Seconds(1), true, "4.6");
        Check(RefusalRule::Linux46(), Time(0), false, "4.6 whose gc is quick");
        Check(RefusalRule::Linux410(), Seconds(1), false, "4.10");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief V6: 4097 flows on each core, each with a chain of one dst, and a threshold of 32768.
 *
 * Up to 2 * 32768 + 1 dsts are allocated: 15 * 4097 = 61455 are, of 16 * 4097 = 65552 the last 15
 * are not.
 */
class StudyDstTestCase : public TestCase
{
  public:
    StudyDstTestCase()
        : TestCase("chains of 4097 flows a core can be had on 15 cores, and not on 16")
    {
    }

  private:
    void Check(uint32_t nCores, uint64_t nFailed)
    {
        StudyConfig config = MakeRound(nCores, MilliSeconds(1));
        config.traffic = MakeRecorded(TakeEvenly(config, 4097));
        const StudyResult result = LookupStudy(config).Run();
        const StudyCore total = result.GetTotal();
        NS_TEST_EXPECT_MSG_EQ(total.nOffered, uint64_t{4097} * nCores, "packets");
        NS_TEST_EXPECT_MSG_EQ(total.work.cache.nShrinks, 0, "no table is above its watermark");
        NS_TEST_EXPECT_MSG_EQ(total.verdicts.GetRefused(), nFailed, "refused");
        const auto place = total.verdicts.nRefused.find(NO_BUFFERS);
        NS_TEST_EXPECT_MSG_EQ((place == total.verdicts.nRefused.end() ? 0 : place->second),
                              nFailed,
                              "with ENOBUFS");
        NS_TEST_EXPECT_MSG_EQ(result.statistics.Get(Counter::OutBundleGenError),
                              nFailed,
                              "counted");
        NS_TEST_EXPECT_MSG_EQ(total.verdicts.nTransformed, total.nOffered - nFailed, "others");
    }

    void DoRun() override
    {
        Check(15, 0);
        Check(16, 15);
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Two flows in turn on a core, of 5 policies in the list, and one flow alone.
 *
 * 4.1 remembers both.  4.14 remembers a core's last chain, which serves only the next packet of
 * the same policies (R305); 4.19 nothing (R306).  Two searches are done for a packet, of which that
 * of sub policies compares all 5 in vain; flow 1 has the second policy, and flow 0 the first.
 */
class StudyKernelTestCase : public TestCase
{
  public:
    StudyKernelTestCase()
        : TestCase("kernels without a flow cache search for each packet")
    {
    }

  private:
    static StudyCore Run(const std::string& kernel, const std::vector<uint32_t>& flows)
    {
        StudyConfig config = MakeRound(1, MilliSeconds(1));
        config.policies = MakeStudyPolicies({.nInexact = 5});
        config.net.kernel = Kernel::Find(kernel);
        std::vector<uint32_t> packets;
        for (uint32_t i = 0; i < 10; ++i)
        {
            packets.insert(packets.end(), flows.begin(), flows.end());
        }
        config.traffic = MakeRecorded(packets);
        return LookupStudy(config).Run().GetTotal();
    }

    void Check(const std::string& kernel,
               const std::vector<uint32_t>& flows,
               uint64_t nSearches,
               uint64_t nBuilt,
               uint64_t nReused)
    {
        const StudyCore total = Run(kernel, flows);
        const std::string name = kernel + " with flows " + std::to_string(flows.size());
        NS_TEST_EXPECT_MSG_EQ(total.verdicts.nTransformed, 10 * flows.size(), name << ": all");
        NS_TEST_EXPECT_MSG_EQ(total.work.policy.nLookups, nSearches, name << ": searches");
        const uint64_t nCompared = flows.size() == 1 ? (5 + 2) : (5 + 2 + 5 + 1);
        NS_TEST_EXPECT_MSG_EQ(total.work.policy.nInexactCompared,
                              nSearches / (2 * flows.size()) * nCompared,
                              name << ": policies compared");
        NS_TEST_EXPECT_MSG_EQ(total.work.bundle.nBundles, nBuilt, name << ": chains built");
        NS_TEST_EXPECT_MSG_EQ(total.work.bundle.nReused, nReused, name << ": chains reused");
        const uint64_t nCached = kernel == "linux-4.1" ? 10 * flows.size() : 0;
        NS_TEST_EXPECT_MSG_EQ(total.work.cache.GetLookups(), nCached, name << ": flow cache");
    }

    void DoRun() override
    {
        Check("linux-4.1", {1}, 2, 1, 0);
        Check("linux-4.1", {0, 1}, 4, 2, 0);
        Check("linux-4.14", {1}, 20, 1, 9);
        Check("linux-4.14", {0, 1}, 40, 20, 0);
        Check("linux-4.19", {1}, 20, 10, 0);
        Check("linux-4.19", {0, 1}, 40, 20, 0);
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The same traffic on four cores, and a flush each 100 us from 1.55 ms on, when all cores
 * have entries: 15 times the other three have a tasklet to run, 45 softirq jobs beside 3000
 * packets.  Latencies are those of packets alone.
 */
class StudyLatencyTestCase : public TestCase
{
  public:
    StudyLatencyTestCase()
        : TestCase("latencies are those of packets, not of tasklets")
    {
    }

  private:
    void DoRun() override
    {
        for (const KeptDurations kept : {KeptDurations::All, KeptDurations::LatencyOnly})
        {
            StudyConfig config = MakeRound(4, MilliSeconds(3));
            config.kept = kept;
            config.events = {MakeStudyEvent(MicroSeconds(1550), [](LookupStudy& study) {
                study.GetNamespace().GetCache().RequestFlush(0);
            })};
            config.events[0].period = MicroSeconds(100);
            const StudyCore total = LookupStudy(config).Run().GetTotal();
            NS_TEST_EXPECT_MSG_EQ(total.core.nSoftirqJobs, 3045, "packets and tasklets");
            NS_TEST_EXPECT_MSG_EQ(total.core.latency.GetCount(), 3000, "packets");
            const uint64_t nWalks = 4 + 15 * 4; // first re-seeds, and flushes
            NS_TEST_EXPECT_MSG_EQ(total.work.cache.nWalkedBuckets, nWalks * 1024, "walked");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of what happens to a study's host, and of kernels.
 */
class StudyEventsTestSuite : public TestSuite
{
  public:
    StudyEventsTestSuite()
        : TestSuite("xfrm-study-events", UNIT)
    {
        AddTestCase(new StudyStaleTestCase, QUICK);
        AddTestCase(new StudyRekeyTestCase, QUICK);
        AddTestCase(new StudyCpuTestCase, QUICK);
        AddTestCase(new StudyGarbageTestCase, QUICK);
        AddTestCase(new StudyDstTestCase, QUICK);
        AddTestCase(new StudyKernelTestCase, QUICK);
        AddTestCase(new StudyLatencyTestCase, QUICK);
    }
};

const StudyEventsTestSuite g_studyEventsTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
