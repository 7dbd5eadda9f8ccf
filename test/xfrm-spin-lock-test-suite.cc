/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/xfrm-core-set.h"
#include "ns3/xfrm-job-planner.h"

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// Prices that are easy to tell apart [ns].
constexpr ContentionPrices PRICES{.transfer = 10, .handover = 100, .waiter = 7};

/// @return grants as "1@110 2@217"
std::string
ToGrantsText(const std::vector<SpinLock::Grant>& grants)
{
    std::string text;
    for (const SpinLock::Grant& grant : grants)
    {
        text.append(text.empty() ? "" : " ");
        text.append(std::to_string(grant.cpu)).append("@").append(std::to_string(grant.at));
    }
    return text;
}

/// A job of stretches.
class LockedJob : public Job
{
  public:
    /// @param lead time before the first @param stretches they @param begin called in Begin()
    /// @param end called in End()
    LockedJob(Time lead,
              std::vector<LockedStretch> stretches,
              std::function<void()> begin = {},
              std::function<void()> end = {})
        : m_lead(lead),
          m_stretches(std::move(stretches)),
          m_begin(std::move(begin)),
          m_end(std::move(end))
    {
    }

    Time Begin(std::vector<LockedStretch>& stretches) override
    {
        stretches = m_stretches;
        if (m_begin)
        {
            m_begin();
        }
        return m_lead;
    }

    void End() override
    {
        if (m_end)
        {
            m_end();
        }
    }

  private:
    Time m_lead;                            //!< time before the first
    std::vector<LockedStretch> m_stretches; //!< they
    std::function<void()> m_begin;          //!< called in Begin()
    std::function<void()> m_end;            //!< called in End()
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief A line costs a transfer when another core wrote it last, one transfer after the other.
 *
 * Core 0 writes it at 5: nobody had it.  Core 1 at 6: there at 16.  Core 2 at 8 has to wait for
 * core 1, so 26.  Core 2 again at 30 has it.
 */
class SharedLineTestCase : public TestCase
{
  public:
    SharedLineTestCase()
        : TestCase("a line goes from core to core, one transfer after the other")
    {
    }

  private:
    void DoRun() override
    {
        SharedLine line;
        const std::vector<int64_t> got{line.Touch(0, 5, PRICES),
                                       line.Touch(1, 6, PRICES),
                                       line.Touch(2, 8, PRICES),
                                       line.Touch(2, 30, PRICES)};
        NS_TEST_EXPECT_MSG_EQ((got == std::vector<int64_t>{5, 16, 26, 30}), true, "times");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Cores get a ticket lock in the order in which they asked; each hand-over costs 100 ns, and
 * 7 for each core that goes on waiting.  In a queued lock it is 100 whoever waits.
 */
class SpinLockOrderTestCase : public TestCase
{
  public:
    SpinLockOrderTestCase()
        : TestCase("a lock is granted in order, dearer the more cores wait if it is a ticket lock")
    {
    }

  private:
    void Check(LockKind kind, const std::string& first, const std::string& second)
    {
        SpinLock lock(kind, PRICES);
        const std::optional<int64_t> taken = lock.Request(3, LockMode::Exclusive, 0);
        NS_TEST_EXPECT_MSG_EQ(taken.value_or(-1), 0, "free, and nobody had it");
        for (const CpuId cpu : {2, 0, 1})
        {
            const bool isTaken = lock.Request(cpu, LockMode::Shared, 5 + cpu).has_value();
            NS_TEST_EXPECT_MSG_EQ(isTaken, false, "held: core " << cpu << " waits");
        }
        std::vector<SpinLock::Grant> granted;
        lock.Release(0, 50, granted);
        NS_TEST_EXPECT_MSG_EQ(ToGrantsText(granted), first, "two go on waiting");
        granted.clear();
        lock.Release(164, 200, granted);
        NS_TEST_EXPECT_MSG_EQ(ToGrantsText(granted), second, "one goes on waiting");
        const LockFigures& figures = lock.GetFigures();
        NS_TEST_EXPECT_MSG_EQ(figures.nTaken, 3, "taken");
        NS_TEST_EXPECT_MSG_EQ(figures.nContended, 2, "of these after waiting");
        NS_TEST_EXPECT_MSG_EQ(figures.maxWaiting, 3, "most that waited");
        NS_TEST_EXPECT_MSG_EQ(figures.heldNs, 50 + 36, "time held");
    }

    void DoRun() override
    {
        Check(LockKind::Ticket, "2@164", "0@307");
        Check(LockKind::Queued, "2@150", "0@300");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Readers share a read-write lock, but behind a writer that waits they wait, too.
 *
 * Readers 0 and 1 have it at 0 and, after a transfer, at 11.  Writer 2 asks at 20, readers 3 and 4
 * after it.  When both readers have left, at 40, the writer has it at 140; it leaves at 150, and
 * both readers get it, one hand-over after the other.
 */
class ReaderWriterLockTestCase : public TestCase
{
  public:
    ReaderWriterLockTestCase()
        : TestCase("readers share a lock, its line one after the other, and never pass a writer")
    {
    }

  private:
    void DoRun() override
    {
        SpinLock lock(LockKind::ReaderWriter, PRICES);
        const int64_t first = lock.Request(0, LockMode::Shared, 0).value_or(-1);
        const int64_t second = lock.Request(1, LockMode::Shared, 1).value_or(-1);
        NS_TEST_EXPECT_MSG_EQ(first, 0, "reader 0");
        NS_TEST_EXPECT_MSG_EQ(second, 11, "reader 1");
        const bool isWriting = lock.Request(2, LockMode::Exclusive, 20).has_value();
        const bool isReading = lock.Request(3, LockMode::Shared, 21).has_value() ||
                               lock.Request(4, LockMode::Shared, 22).has_value();
        NS_TEST_EXPECT_MSG_EQ(isWriting || isReading, false, "they wait");
        std::vector<SpinLock::Grant> granted;
        lock.Release(0, 30, granted);
        NS_TEST_EXPECT_MSG_EQ(ToGrantsText(granted), "", "reader 1 is there still");
        lock.Release(11, 40, granted);
        NS_TEST_EXPECT_MSG_EQ(ToGrantsText(granted), "2@140", "the writer");
        granted.clear();
        lock.Release(140, 150, granted);
        NS_TEST_EXPECT_MSG_EQ(ToGrantsText(granted), "3@250 4@350", "both readers");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Cores that want one lock all the time: its throughput is that of the closed form.
 *
 * With n cores, jobs of 200 ns in the lock and no more, and n - 1 cores that wait all the time, one
 * job ends every 200 + handover + waiter * (n - 2) ns with a ticket lock, every 200 + handover with
 * a queued one.
 */
class SpinLockThroughputTestCase : public TestCase
{
  public:
    SpinLockThroughputTestCase()
        : TestCase("the throughput of a lock that cores fight for is that of the closed form")
    {
    }

  private:
    static constexpr int64_t HELD_NS{200}; //!< time in the lock

    /// @return jobs that end in a millisecond
    uint64_t CountJobs(const std::string& preset, uint32_t nCores)
    {
        CoreSet cores({.nCores = nCores, .locks = LockPreset::Find(preset), .contention = PRICES});
        const LockId lock = cores.GetLocks().Find(Stage::StateUse, 1);
        std::function<void(CpuId)> add = [&](CpuId cpu) {
            cores.Enqueue(cpu,
                          JobContext::Softirq,
                          std::make_unique<LockedJob>(
                              Time(0),
                              std::vector<LockedStretch>{{lock, LockMode::Exclusive, HELD_NS, 0}},
                              [&add, cpu] { add(cpu); }));
        };
        for (CpuId cpu = 0; cpu < nCores; ++cpu)
        {
            add(cpu);
        }
        Simulator::Stop(MilliSeconds(1));
        Simulator::Run();
        uint64_t nJobs = 0;
        for (CpuId cpu = 0; cpu < nCores; ++cpu)
        {
            nJobs += cores.GetFigures(cpu).nSoftirqJobs;
        }
        Simulator::Destroy();
        return nJobs;
    }

    void DoRun() override
    {
        for (const uint32_t nCores : {2U, 4U, 16U})
        {
            const double ticket = HELD_NS + PRICES.handover + PRICES.waiter * (nCores - 2.0);
            const double queued = HELD_NS + PRICES.handover;
            const auto nTicket = static_cast<double>(CountJobs("linux-4.1", nCores));
            const auto nQueued = static_cast<double>(CountJobs("linux-4.2", nCores));
            NS_TEST_EXPECT_MSG_EQ_TOL(nTicket,
                                      1e6 / ticket,
                                      0.01 * 1e6 / ticket,
                                      "ticket lock, " << nCores << " cores");
            NS_TEST_EXPECT_MSG_EQ_TOL(nQueued,
                                      1e6 / queued,
                                      0.01 * 1e6 / queued,
                                      "queued lock, " << nCores << " cores");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Of several requests at one time the lowest core's is first, and a core that waits is busy.
 *
 * Cores 0 to 2 begin at 0, in the order 2, 0, 1; each computes 10 ns, then wants the lock for 50,
 * then computes 5.  Core 0 has it from 10 to 60, core 1 is handed it at 60 and has it at 167 (one
 * more waits), until 217; core 2 at 317, until 367.
 */
class LockTieTestCase : public TestCase
{
  public:
    LockTieTestCase()
        : TestCase("requests of one time are granted in the order of cores, who are busy meanwhile")
    {
    }

  private:
    void DoRun() override
    {
        CoreSet cores({.nCores = 3, .locks = LockPreset::Find("linux-4.1"), .contention = PRICES});
        const LockId lock = cores.GetLocks().Find(Stage::StateSearch, 0);
        std::string ends;
        for (const CpuId cpu : {2U, 0U, 1U})
        {
            cores.Enqueue(cpu,
                          JobContext::Softirq,
                          std::make_unique<LockedJob>(
                              NanoSeconds(10),
                              std::vector<LockedStretch>{{lock, LockMode::Exclusive, 50, 5}},
                              std::function<void()>(),
                              [&ends, cpu] {
                                  ends.append(std::to_string(cpu)).append("@");
                                  ends.append(std::to_string(Simulator::Now().GetNanoSeconds()));
                                  ends.append(" ");
                              }));
        }
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(ends, "0@65 1@222 2@372 ", "ends");
        NS_TEST_EXPECT_MSG_EQ(cores.GetFigures(2).busyNs, 372, "busy all the time");
        NS_TEST_EXPECT_MSG_EQ(cores.GetFigures(2).lockWaitNs, 317 - 10, "waiting for the lock");
        Simulator::Destroy();
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A job's stages in order: what takes no lock is before, between and behind what does.
 *
 * At 1 GHz a cycle is a nanosecond.  Work: received (1100), a search in the policies (120) and one
 * in the states (250), two layers (882 each, and 150 each under the lock of its state), forwarded
 * (1325) and transmitted (150).
 */
class JobPlannerTestCase : public TestCase
{
  public:
    JobPlannerTestCase()
        : TestCase("stages with locks follow one another, each as long as its work")
    {
    }

  private:
    void DoRun() override
    {
        std::string text = CostProfile::GetText("linux-4.1-default");
        text.replace(text.find("2.59e+09"), 8, "1e9");
        const CostProfile profile = CostProfile::Read(text, "p.json");
        Work work;
        work.packet = {.nReceived = 1, .nForwarded = 1, .nTransmitted = 1};
        work.policy.nLookups = 1;
        work.state.nFinds = 1;
        work.transform.nSealed = 2;
        const std::vector<uint64_t> states{7, 9};
        const JobObjects objects{.states = states, .transmitQueue = 3};
        LockTable locks(LockPreset::Find("linux-4.1"), profile.GetContention());
        std::vector<LockedStretch> stretches;
        const int64_t lead = JobPlanner(profile, locks).Plan(work, {}, objects, stretches);
        std::string got = std::to_string(lead);
        for (const LockedStretch& stretch : stretches)
        {
            got.append(" ").append(std::to_string(stretch.heldNs));
            got.append("+").append(std::to_string(stretch.afterNs));
        }
        NS_TEST_EXPECT_MSG_EQ(got, "1100 120+0 250+0 150+0 150+3089 150+0", "stretches");
        NS_TEST_EXPECT_MSG_EQ((stretches[0].mode == LockMode::Shared), true, "policies are read");
        NS_TEST_EXPECT_MSG_NE(stretches[2].lock, stretches[3].lock, "a lock a state");
        LockTable none(LockPreset::Find("none"), profile.GetContention());
        stretches.clear();
        const int64_t all = JobPlanner(profile, none).Plan(work, {}, objects, stretches);
        NS_TEST_EXPECT_MSG_EQ(all, 1100 + 120 + 250 + 300 + 1764 + 1325 + 150, "without locks");
        NS_TEST_EXPECT_MSG_EQ(stretches.empty(), true, "without locks");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Two queues of a core take turns of 64 packets; process work has a turn after 2 ms.
 *
 * Packets of 10 us: 400 in queue 0, 100 in queue 1, and one process job.  Queue 0 has 64 packets,
 * queue 1 64, queue 0 64 again, and queue 1 8 when 2 ms are over and the process job has its turn;
 * then queue 1 goes on with the 28 that it has left, and queue 0 with 272.
 */
class PollingTestCase : public TestCase
{
  public:
    PollingTestCase()
        : TestCase("queues take turns of 64 packets, and process work has one after 2 ms")
    {
    }

  private:
    void DoRun() override
    {
        CoreSet cores({.nCores = 1});
        const uint32_t first = cores.AddQueue({});
        const uint32_t second = cores.AddQueue({});
        std::string order;
        const auto make = [&order](char name) {
            return std::make_unique<LockedJob>(MicroSeconds(10),
                                               std::vector<LockedStretch>(),
                                               [&order, name] { order.push_back(name); });
        };
        for (int i = 0; i < 100; ++i)
        {
            cores.Receive(first, 0, make('a'));
            cores.Receive(second, 0, make('b'));
        }
        for (int i = 0; i < 300; ++i)
        {
            cores.Receive(first, 0, make('a'));
        }
        cores.Enqueue(0, JobContext::Process, make('P'));
        Simulator::Run();
        const std::string expected = std::string(64, 'a') + std::string(64, 'b') +
                                     std::string(64, 'a') + std::string(8, 'b') + "P" +
                                     std::string(28, 'b') + std::string(272, 'a');
        NS_TEST_EXPECT_MSG_EQ(order, expected, "order");
        NS_TEST_EXPECT_MSG_EQ(cores.GetQueueFigures(first).nInterrupts, 1, "polled all along");
        Simulator::Destroy();
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Interrupts wait 50 us, or until 3 packets are there; packets are handed to other cores.
 */
class ReceivePathTestCase : public TestCase
{
  public:
    ReceivePathTestCase()
        : TestCase("interrupts wait for more packets, and packets are steered to other cores")
    {
    }

  private:
    void CheckModeration()
    {
        CoreSet cores({.nCores = 1});
        const uint32_t queue = cores.AddQueue({.delayNs = 50000, .nFrames = 3});
        std::vector<int64_t> begins;
        const auto receive = [&] {
            cores.Receive(queue,
                          0,
                          std::make_unique<LockedJob>(
                              NanoSeconds(100),
                              std::vector<LockedStretch>(),
                              [&begins] { begins.push_back(Simulator::Now().GetNanoSeconds()); }));
        };
        for (const int64_t us : {0, 10, 100, 101, 102})
        {
            Simulator::Schedule(MicroSeconds(us), receive);
        }
        Simulator::Run();
        const std::vector<int64_t> expected{50000, 50100, 102000, 102100, 102200};
        NS_TEST_EXPECT_MSG_EQ((begins == expected), true, "after 50 us, and with the third packet");
        NS_TEST_EXPECT_MSG_EQ(cores.GetQueueFigures(queue).nInterrupts, 2, "interrupts");
        Simulator::Destroy();
    }

    void CheckSteering()
    {
        CoreSet cores({.nCores = 2, .limits = {.maxBacklog = 1}, .steering = NanoSeconds(30)});
        const uint32_t queue = cores.AddQueue({.steering = {0, 1}});
        std::string begins;
        for (const uint32_t hash : {0xffffffffU, 0U, 0xffffffffU, 0xffffffffU, 0xffffffffU})
        {
            cores.Receive(
                queue,
                hash,
                std::make_unique<LockedJob>(NanoSeconds(1000), std::vector<LockedStretch>(), [&] {
                    begins.append(std::to_string(*cores.GetCurrent())).append("@");
                    begins.append(std::to_string(Simulator::Now().GetNanoSeconds()));
                    begins.append(" ");
                }));
        }
        Simulator::Run();
        // Handed on at 30, core 0's own until 1030, then two handed on at 1060 and 1090, when core
        // 1 has just begun the former; the last finds room, too.
        NS_TEST_EXPECT_MSG_EQ(begins, "1@30 0@30 1@1060 1@2060 1@3060 ", "begins");
        NS_TEST_EXPECT_MSG_EQ(cores.GetFigures(0).nSteered, 4, "handed on");
        NS_TEST_EXPECT_MSG_EQ(cores.GetFigures(1).nBacklogDropped, 0, "none lost");
        Simulator::Destroy();
    }

    void DoRun() override
    {
        CheckModeration();
        CheckSteering();
        std::string error;
        try
        {
            LockPreset::Find("linux-9");
        }
        catch (const std::invalid_argument& refused)
        {
            error = refused.what();
        }
        NS_TEST_EXPECT_MSG_EQ(error,
                              "locks linux-9: must be one of none, linux-4.1, linux-4.2, "
                              "linux-4.9, linux-4.2-lines, inline-short, inline-long",
                              "refused");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of SpinLock, SharedLine, JobPlanner, and of what CoreEngine does with them.
 */
class SpinLockTestSuite : public TestSuite
{
  public:
    SpinLockTestSuite()
        : TestSuite("xfrm-spin-lock", SYSTEM)
    {
        AddTestCase(new SharedLineTestCase, TestCase::QUICK);
        AddTestCase(new SpinLockOrderTestCase, TestCase::QUICK);
        AddTestCase(new ReaderWriterLockTestCase, TestCase::QUICK);
        AddTestCase(new SpinLockThroughputTestCase, TestCase::QUICK);
        AddTestCase(new LockTieTestCase, TestCase::QUICK);
        AddTestCase(new JobPlannerTestCase, TestCase::QUICK);
        AddTestCase(new PollingTestCase, TestCase::QUICK);
        AddTestCase(new ReceivePathTestCase, TestCase::QUICK);
    }
};

static SpinLockTestSuite g_spinLockTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
