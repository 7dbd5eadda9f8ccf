/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/xfrm-core-set.h"
#include "ns3/xfrm-ipsec.h"

#include <array>
#include <functional>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// A job that takes a given time and says when it begins and ends.
class ScriptedJob : public Job
{
  public:
    using Note = std::function<void()>;

    /// @param duration how long it takes @param begin called in Begin() @param end called in End()
    explicit ScriptedJob(Time duration, Note begin = {}, Note end = {})
        : m_duration(duration),
          m_begin(std::move(begin)),
          m_end(std::move(end))
    {
    }

    Time Begin(std::vector<LockedStretch>& /*stretches*/) override
    {
        if (m_begin)
        {
            m_begin();
        }
        return m_duration;
    }

    void End() override
    {
        if (m_end)
        {
            m_end();
        }
    }

  private:
    Time m_duration; //!< how long it takes
    Note m_begin;    //!< called in Begin()
    Note m_end;      //!< called in End()
};

/// Writes down what happens when, as "10us a".
class Timeline
{
  public:
    /// @param name what @return a note of it
    ScriptedJob::Note Mark(const std::string& name)
    {
        return [this, name] {
            m_text += (m_text.empty() ? "" : ", ") +
                      std::to_string(Simulator::Now().GetMicroSeconds()) + " " + name;
        };
    }

    /// @return all of it
    const std::string& Get() const
    {
        return m_text;
    }

  private:
    std::string m_text; //!< so far
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Softirq jobs go first, in order; a job that has begun is not interrupted.
 *
 * At 0 us: process job P (10 us) begins at once.  At 1 us: P2 (1 us), then S1 and S2 (5 us each).
 * P ends at 10, S1 runs 10 to 15, S2 15 to 20, P2 20 to 21.  S1 leaves N behind, which is next:
 * N runs 15 to 17, so S2 17 to 22 and P2 22 to 23.
 */
class CoreOrderTestCase : public TestCase
{
  public:
    CoreOrderTestCase()
        : TestCase(
              "softirq work goes first, what a job leaves behind is next, nothing is interrupted")
    {
    }

  private:
    void DoRun() override
    {
        CoreSet cores({.nCores = 1});
        Timeline timeline;
        const auto make = [&](const std::string& name, Time duration, ScriptedJob::Note end = {}) {
            return std::make_unique<ScriptedJob>(duration, timeline.Mark(name), std::move(end));
        };
        cores.Enqueue(0, JobContext::Process, make("P", MicroSeconds(10)));
        Simulator::Schedule(MicroSeconds(1), [&] {
            cores.Enqueue(0, JobContext::Process, make("P2", MicroSeconds(1)));
            cores.Enqueue(0, JobContext::Softirq, make("S1", MicroSeconds(5), [&] {
                              NS_TEST_EXPECT_MSG_EQ(cores.GetCurrent().value_or(9), 0, "who runs");
                              cores.EnqueueNext(make("N", MicroSeconds(2)));
                          }));
            cores.Enqueue(0, JobContext::Softirq, make("S2", MicroSeconds(5)));
        });
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(timeline.Get(), "0 P, 10 S1, 15 N, 17 S2, 22 P2", "begins");
        NS_TEST_EXPECT_MSG_EQ(Simulator::Now(), MicroSeconds(23), "the end");
        NS_TEST_EXPECT_MSG_EQ(cores.GetFigures(0).nSoftirqJobs, 3, "softirq");
        NS_TEST_EXPECT_MSG_EQ(cores.GetFigures(0).nProcessJobs, 2, "process");
        NS_TEST_EXPECT_MSG_EQ(cores.GetFigures(0).busyNs, 23000, "busy all the time");
        NS_TEST_EXPECT_MSG_EQ(cores.GetFigures(0).maxQueue, 3, "most that waited");
        NS_TEST_EXPECT_MSG_EQ(cores.GetCurrent().has_value(), false, "nobody runs now");
        Simulator::Destroy();
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A ring of two: one packet is begun, two wait, the fourth is lost.
 */
class CoreRingTestCase : public TestCase
{
  public:
    CoreRingTestCase()
        : TestCase("a full ring loses packets, and one that is begun makes room")
    {
    }

  private:
    void DoRun() override
    {
        CoreSet cores({.nCores = 2});
        ReceiveQueues::Config config;
        config.rss.nQueues = 2;
        config.rss.table = {1};
        config.ringSize = 2;
        ReceiveQueues queues(config, cores);
        const auto receive = [&] {
            return queues.Receive({}, std::make_unique<ScriptedJob>(MicroSeconds(10)));
        };
        const std::vector<bool> accepted{receive(), receive(), receive(), receive()};
        NS_TEST_EXPECT_MSG_EQ((accepted == std::vector<bool>{true, true, true, false}),
                              true,
                              "the fourth is lost");
        Simulator::Schedule(MicroSeconds(10), [&] {
            const bool isAccepted = receive();
            NS_TEST_EXPECT_MSG_EQ(isAccepted, true, "room again");
        });
        Simulator::Run();
        const ReceiveQueueFigures& ring = queues.GetFigures(1);
        NS_TEST_EXPECT_MSG_EQ(ring.nAccepted, 4, "accepted");
        NS_TEST_EXPECT_MSG_EQ(ring.nDropped, 1, "lost");
        NS_TEST_EXPECT_MSG_EQ(ring.maxWaiting, 2, "most that waited");
        NS_TEST_EXPECT_MSG_EQ(queues.GetLength(1), 0, "none left");
        NS_TEST_EXPECT_MSG_EQ(queues.GetFigures(0).nAccepted, 0, "the other queue");
        NS_TEST_EXPECT_MSG_EQ(cores.GetFigures(1).nSoftirqJobs, 4, "queue 1, core 1");
        Simulator::Destroy();
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Waiting times of M/D/1 and M/M/1 against the formulas of Pollaczek and Khinchine.
 *
 * Mean service 1 us.  With load r, M/D/1 waits r / (2 (1 - r)) us and M/M/1 r / (1 - r) us on
 * average: 0.5 and 1 at load 0.5, 4.5 and 9 at load 0.9.  A core at load 1.2 with a ring is busy
 * all
 * the time and carries exactly one job a microsecond.
 */
class CoreQueueTestCase : public TestCase
{
  public:
    CoreQueueTestCase()
        : TestCase("waiting times with constant and exponential service are the textbook's")
    {
    }

  private:
    /// Feeds a core with Poisson arrivals.
    class Source
    {
      public:
        Source(double load, bool isExponential, uint64_t nJobs, uint32_t ringSize = 1000000)
            : m_ring(m_cores.AddQueue({.ringSize = ringSize})),
              m_gap(load / 1000),
              m_isExponential(isExponential),
              m_nLeft(nJobs)
        {
            ScheduleNext();
        }

        /// @return the core's figures
        CoreFigures Run()
        {
            Simulator::Run();
            Simulator::Destroy();
            return m_cores.GetFigures(0);
        }

        /// @return what the ring saw
        const ReceiveQueueFigures& GetRing() const
        {
            return m_cores.GetQueueFigures(m_ring);
        }

      private:
        void ScheduleNext()
        {
            if (m_nLeft-- > 0)
            {
                m_arrival += m_gap(m_random);
                Simulator::Schedule(PicoSeconds(static_cast<uint64_t>(m_arrival * 1000)) -
                                        Simulator::Now(),
                                    &Source::Arrive,
                                    this);
            }
        }

        void Arrive()
        {
            const double ns = m_isExponential ? m_service(m_random) : 1000.0;
            const auto duration = PicoSeconds(static_cast<uint64_t>(ns * 1000));
            m_cores.Receive(m_ring, 0, std::make_unique<ScriptedJob>(duration));
            ScheduleNext();
        }

        CoreSet m_cores{{.nCores = 1}};                        //!< the core
        uint32_t m_ring;                                       //!< its ring
        std::mt19937_64 m_random{1};                           //!< fixed seed
        std::exponential_distribution<> m_gap;                 //!< between arrivals [ns]
        std::exponential_distribution<> m_service{1.0 / 1000}; //!< service [ns]
        bool m_isExponential;                                  //!< M/M/1, else M/D/1
        uint64_t m_nLeft;                                      //!< jobs to come
        double m_arrival{0};                                   //!< time of the last arrival [ns]
    };

    void DoRun() override
    {
        for (const double load : {0.5, 0.9})
        {
            const uint64_t nJobs = load < 0.7 ? 300000 : 3000000;
            for (const bool isExponential : {false, true})
            {
                const double waiting = load / (1 - load) / (isExponential ? 1 : 2) * 1000;
                const double mean = Source(load, isExponential, nJobs).Run().waiting.GetMean();
                NS_TEST_EXPECT_MSG_EQ_TOL(mean,
                                          waiting,
                                          0.02 * waiting,
                                          (isExponential ? "M/M/1" : "M/D/1")
                                              << " at load " << load);
            }
        }
        CheckOverload();
    }

    /// At load 1.2 one job of 1 us ends each microsecond, and the rest finds the ring full.
    void CheckOverload()
    {
        Simulator::Stop(MilliSeconds(200));
        Source source(1.2, false, 300000, 64);
        const CoreFigures& figures = source.Run();
        const auto nServed = static_cast<double>(figures.nSoftirqJobs);
        NS_TEST_EXPECT_MSG_EQ_TOL(nServed, 200000, 20, "one a microsecond, but for the first ones");
        NS_TEST_EXPECT_MSG_EQ(figures.busyNs,
                              static_cast<int64_t>(figures.nSoftirqJobs) * 1000,
                              "one microsecond each");
        const double nArrived = 1.2 * 200000;
        NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(source.GetRing().nDropped),
                                  nArrived - nServed,
                                  0.02 * nArrived,
                                  "the rest is lost");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A million jobs of random lengths in bursts on 8 cores.
 *
 * No core idles while a job of its queues waits; each queue is served in order of arrival, and
 * jobs of one flow are never reordered; what arrived was served, waits, or is lost, at any time.
 */
class CoreRandomTestCase : public TestCase
{
  public:
    CoreRandomTestCase()
        : TestCase("a million random jobs: no idling, no reordering, none unaccounted for")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint64_t N_JOBS = 1000000;
        constexpr uint32_t N_CORES = 8;
        CoreSet cores({.nCores = N_CORES});
        ReceiveQueues::Config config;
        config.rss.nQueues = 16;
        config.ringSize = 64;
        ReceiveQueues queues(config, cores);
        std::mt19937_64 random(7);
        std::map<uint16_t, uint64_t> lastOfFlow;
        const Rss spread(config.rss);
        std::array<uint64_t, 16> lastOfQueue{};
        uint64_t nArrived = 0;
        uint64_t nLost = 0;
        uint64_t nServed = 0;
        uint64_t nReordered = 0;
        uint64_t nOutOfTurn = 0;
        uint64_t nIdle = 0;
        uint64_t nUnaccounted = 0;
        const auto checkSums = [&] {
            uint64_t nInside = 0;
            for (CpuId cpu = 0; cpu < N_CORES; ++cpu)
            {
                nIdle += !cores.IsBusy(cpu) && cores.GetWaiting(cpu) > 0 ? 1 : 0;
                nInside += cores.GetFigures(cpu).nSoftirqJobs + cores.GetWaiting(cpu) +
                           (cores.IsBusy(cpu) ? 1 : 0);
            }
            nUnaccounted += nInside + nLost != nArrived;
        };
        const std::function<void()> arrive = [&] {
            for (uint64_t burst = 1 + random() % 32; burst > 0 && nArrived < N_JOBS; --burst)
            {
                const uint64_t number = ++nArrived;
                const auto port = static_cast<uint16_t>(random() % 500);
                RssPacket packet;
                packet.proto = PROTO_UDP;
                packet.sourcePort = port;
                const uint32_t queue = spread.GetQueue(packet);
                const auto begin = [&, number, port, queue] {
                    nReordered += number < std::exchange(lastOfFlow[port], number);
                    nOutOfTurn += number < std::exchange(lastOfQueue[queue], number);
                    ++nServed;
                };
                const auto duration = NanoSeconds(random() % 4000);
                nLost += !queues.Receive(packet, std::make_unique<ScriptedJob>(duration, begin));
            }
            checkSums();
            if (nArrived < N_JOBS)
            {
                Simulator::Schedule(NanoSeconds(random() % 8000), arrive);
            }
        };
        Simulator::ScheduleNow(arrive);
        Simulator::Run();
        Simulator::Destroy();
        NS_TEST_EXPECT_MSG_EQ(nIdle, 0, "work conservation");
        NS_TEST_EXPECT_MSG_EQ(nReordered, 0, "order within a flow");
        NS_TEST_EXPECT_MSG_EQ(nOutOfTurn, 0, "order within a queue");
        NS_TEST_EXPECT_MSG_EQ(nUnaccounted, 0, "arrived = finished + waiting + running + lost");
        NS_TEST_EXPECT_MSG_EQ(nServed + nLost, N_JOBS, "all accounted for");
        NS_TEST_EXPECT_MSG_GT(nLost, 0, "rings overflowed");
        uint64_t nDropped = 0;
        for (uint32_t queue = 0; queue < 16; ++queue)
        {
            nDropped += queues.GetFigures(queue).nDropped;
        }
        NS_TEST_EXPECT_MSG_EQ(nDropped, nLost, "rings count what they lose");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Settings of cores and queues that cannot be.
 */
class CoreSetRefusedTestCase : public TestCase
{
  public:
    CoreSetRefusedTestCase()
        : TestCase("cores and queues that are not there are refused")
    {
    }

  private:
    void ExpectRefused(const std::function<void()>& make, const std::string& message)
    {
        std::string got;
        try
        {
            make();
        }
        catch (const std::invalid_argument& error)
        {
            got = error.what();
        }
        NS_TEST_EXPECT_MSG_EQ(got, message, "refused");
    }

    void DoRun() override
    {
        ExpectRefused([] { CoreSet({.nCores = 0}); }, "0 cores: must be 1 or more");
        CoreSet cores({.nCores = 2});
        ReceiveQueues::Config config;
        config.rss.nQueues = 2;
        const auto make = [&] { ReceiveQueues(config, cores); };
        config.affinity = {0, 2};
        ExpectRefused(make, "queue affinity: queue 1 on core 2: must be 0 to 1");
        config.affinity = {0};
        ExpectRefused(make, "queue affinity of 1 queues: must name a core for each of 2");
        config.affinity = {};
        config.ringSize = 0;
        ExpectRefused(make, "ring size 0: must be 1 or more");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Percentiles of 1 to 100000 ns: bins are at most 1/1024 wide, so each is right within
 * 0.1 %.
 */
class TimeHistogramTestCase : public TestCase
{
  public:
    TimeHistogramTestCase()
        : TestCase("percentiles are right to three digits, count, mean and maximum exactly")
    {
    }

  private:
    void DoRun() override
    {
        TimeHistogram histogram;
        NS_TEST_EXPECT_MSG_EQ(histogram.GetPercentile(0.5), Time(0), "empty");
        for (int64_t ns = 1; ns <= 100000; ++ns)
        {
            histogram.Add(NanoSeconds(ns));
        }
        NS_TEST_EXPECT_MSG_EQ(histogram.GetCount(), 100000, "count");
        NS_TEST_EXPECT_MSG_EQ(histogram.GetMean(), 50000.5, "mean");
        NS_TEST_EXPECT_MSG_EQ(histogram.GetMax(), NanoSeconds(100000), "maximum");
        NS_TEST_EXPECT_MSG_EQ(histogram.GetPercentile(0), NanoSeconds(1), "smallest");
        NS_TEST_EXPECT_MSG_EQ(histogram.GetPercentile(1), NanoSeconds(100000), "largest");
        for (const double share : {0.001, 0.01, 0.5, 0.9, 0.99, 0.999})
        {
            const double exact = share * 100000;
            NS_TEST_EXPECT_MSG_EQ_TOL(histogram.GetPercentile(share).GetNanoSeconds(),
                                      exact,
                                      0.001 * exact,
                                      "share " << share);
        }
        TimeHistogram sum = histogram;
        sum += histogram;
        NS_TEST_EXPECT_MSG_EQ(sum.GetCount(), 200000, "sum");
        NS_TEST_EXPECT_MSG_EQ(sum.GetPercentile(0.5), histogram.GetPercentile(0.5), "same shape");
        sum.Add(Seconds(1));
        sum -= histogram;
        NS_TEST_EXPECT_MSG_EQ(sum.GetCount(), 100001, "difference");
        NS_TEST_EXPECT_MSG_EQ(sum.GetPercentile(0.5), histogram.GetPercentile(0.5), "its shape");
        NS_TEST_EXPECT_MSG_EQ_TOL(sum.GetMax().GetNanoSeconds(), 1e9, 1e6, "its largest");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief 2047 ns has a bin of its own; from 2048 ns on a bin is 2 ns wide, from 4096 ns on 4 ns.
 */
class TimeHistogramBinTestCase : public TestCase
{
  public:
    TimeHistogramBinTestCase()
        : TestCase("bins have their lower ends, and those without durations are left out")
    {
    }

  private:
    void DoRun() override
    {
        TimeHistogram histogram;
        NS_TEST_EXPECT_MSG_EQ(histogram.GetBins().size(), 0, "empty");
        for (const int64_t ns : {0, 1, 1, 2047, 2048, 2049, 2050, 4095, 4096, 4099, 4100})
        {
            histogram.Add(NanoSeconds(ns));
        }
        const std::vector<std::pair<uint64_t, uint64_t>> expected{{0, 1},
                                                                  {1, 2},
                                                                  {2047, 1},
                                                                  {2048, 2},
                                                                  {2050, 1},
                                                                  {4094, 1},
                                                                  {4096, 2},
                                                                  {4100, 1}};
        const auto bins = histogram.GetBins();
        NS_TEST_ASSERT_MSG_EQ(bins.size(), expected.size(), "bins");
        for (size_t i = 0; i < bins.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(bins[i].leastNs, expected[i].first, "lower end of bin " << i);
            NS_TEST_EXPECT_MSG_EQ(bins[i].count, expected[i].second, "count of bin " << i);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of CoreSet with its CoreEngine, ReceiveQueues and TimeHistogram.
 */
class CoreTestSuite : public TestSuite
{
  public:
    CoreTestSuite()
        : TestSuite("xfrm-core", SYSTEM)
    {
        AddTestCase(new CoreOrderTestCase, TestCase::QUICK);
        AddTestCase(new CoreRingTestCase, TestCase::QUICK);
        AddTestCase(new CoreQueueTestCase, TestCase::QUICK);
        AddTestCase(new CoreRandomTestCase, TestCase::QUICK);
        AddTestCase(new CoreSetRefusedTestCase, TestCase::QUICK);
        AddTestCase(new TimeHistogramTestCase, TestCase::QUICK);
        AddTestCase(new TimeHistogramBinTestCase, TestCase::QUICK);
    }
};

static CoreTestSuite g_coreTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
