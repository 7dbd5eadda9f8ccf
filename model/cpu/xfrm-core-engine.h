/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CORE_ENGINE_H
#define XFRM_CORE_ENGINE_H

#include "xfrm-core-state.h"
#include "xfrm-deadline-tree.h"
#include "xfrm-job-context.h"
#include "xfrm-job-queues.h"
#include "xfrm-lock-table.h"
#include "xfrm-receive-queue.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The cores of a host in simulated time: jobs wait, are done one at a time, and take time.
 *
 * Softirq jobs go first: those that the running job left behind, then the core's queues in the
 * order in which they asked, SoftirqLimits::weight packets of each before the next one's turn.
 * Process jobs follow while there are none, and one of them has a turn whenever softirq work went
 * on for SoftirqLimits::periodNs or nPackets.  A job that has begun is not interrupted: it
 * computes, and where it needs a lock it takes it, or waits for it and stays busy.
 *
 * Source: net_rx_action(), process_backlog(), napi_complete() and get_rps_cpu(), net/core/dev.c;
 * __do_softirq(), kernel/softirq.c, Linux 4.1.  Left out: that ksoftirqd and processes then share
 * the core in slices: it is one job a turn here.
 *
 * Knows neither events nor packets: its owner says what time it is, tells of arrivals in order of
 * time, and calls RunDue() no later than GetNextDeadline().  What falls due at one time is done in
 * order of cores, so the same arrivals give the same results whoever the owner is.
 *
 * Invariants:
 * - a core with a waiting job is busy, unless the job waits for its queue's interrupt;
 * - jobs accepted = jobs finished + jobs waiting + cores busy + packets lost between cores.
 *
 * @tparam Host whose cores they are.  Has
 *         - Job: what is done, movable and default constructible;
 *         - bool IsPacket(const Job&): whether its wait and its latency are kept;
 *         - bool NeedsEnd(const Job&): whether End() is to be called for it; else jobs without
 *           locks need no event;
 *         - int64_t Begin(CpuId, Job&, int64_t now, std::vector<LockedStretch>&): does it and says
 *           how long it takes [ns], followed by stretches that need locks, which it adds;
 *         - void End(CpuId, Job&, int64_t now): its time is over;
 *         - int64_t Steer(CpuId, CpuId target): how long a packet takes to be handed on [ns];
 *         - void Lose(CpuId, Job&): it is lost on its way to that core, and never begins.
 */
template <class Host>
class CoreEngine
{
  public:
    using Job = typename Host::Job;

    static constexpr int64_t NEVER{DeadlineTree::NEVER}; //!< no deadline

    /**
     * @param host whose cores they are @param nCores cores, from 1
     * @param locks the locks of its jobs @param limits how softirq work takes turns
     * @param kept which durations of jobs the figures have
     *
     * All three must outlive it.
     */
    CoreEngine(Host& host,
               uint32_t nCores,
               LockTable& locks,
               const SoftirqLimits& limits,
               KeptDurations kept = KeptDurations::All)
        : m_host(host),
          m_locks(locks),
          m_limits(limits),
          m_cores(nCores),
          m_queues(limits.weight),
          m_ends(nCores)
    {
        for (CpuId cpu = 0; cpu < nCores; ++cpu)
        {
            AddQueue({.cpu = cpu, .ringSize = UINT32_MAX});
            m_cores[cpu].recorder.SetKept(kept);
        }
    }

    /// @brief Add a queue.  @param config its settings, checked by the caller @return its number
    uint32_t AddQueue(const ReceiveQueueConfig& config)
    {
        return m_queues.Add(config);
    }

    /// @param queue number of a queue @return core that its interrupts go to
    CpuId GetQueueCpu(uint32_t queue) const
    {
        return m_queues.Get(queue).config.cpu;
    }

    /**
     * @brief Send the interrupts of a queue to another core, which takes over what waits in it
     * (irq_set_affinity()).
     * @param queue number of the queue @param cpu the core @param now when [ns]
     */
    void MoveQueue(uint32_t queue, CpuId cpu, int64_t now)
    {
        const Queue& moved = m_queues.Get(queue);
        Core& from = m_cores[moved.config.cpu];
        Core& to = m_cores[cpu];
        Settle(from, now);
        Settle(to, now);
        from.nWaiting -= moved.waiting.size();
        to.nWaiting += moved.waiting.size();
        m_queues.Move(queue, cpu, from.polls, to.polls);
        Wake(cpu, now);
    }

    /// @brief A job arrives; it begins at once if the core is idle.
    /// @param cpu which core @param context its context @param job it @param now when [ns]
    void Enqueue(CpuId cpu, JobContext context, Job job, int64_t now)
    {
        if (context == JobContext::Softirq)
        {
            if (IsAtOnce(m_queues.Get(cpu), now))
            {
                BeginAtOnce(cpu, std::move(job), now);
                return;
            }
            Append(cpu, {std::move(job), now, cpu}, now);
            return;
        }
        Settle(m_cores[cpu], now);
        m_cores[cpu].process.push_back({std::move(job), now, cpu});
        ++m_cores[cpu].nWaiting;
        Wake(cpu, now);
    }

    /**
     * @brief A packet arrives in a queue.
     * @param queue number of the queue @param job what is to be done with it
     * @param hash its hash, by which it may be handed to another core @param now when [ns]
     * @return false if the queue is full: it is lost, and the queue counts it
     */
    bool Receive(uint32_t queue, Job job, uint32_t hash, int64_t now)
    {
        Queue& ring = m_queues.Get(queue);
        const ReceiveQueueConfig& config = ring.config;
        if (IsAtOnce(ring, now))
        {
            ++ring.figures.nAccepted;
            BeginAtOnce(queue, std::move(job), now);
            return true;
        }
        if (ring.waiting.size() == config.ringSize)
        {
            ++ring.figures.nDropped;
            return false;
        }
        ++ring.figures.nAccepted;
        const std::vector<CpuId>& steering = config.steering;
        const CpuId target =
            steering.empty() ? config.cpu : steering[(uint64_t{hash} * steering.size()) >> 32];
        Append(queue, {std::move(job), now, target}, now);
        return true;
    }

    /// @brief Softirq work that the running job leaves behind: it is next, before all that waits.
    /// @param cpu its core @param job it @param now when [ns]
    void EnqueueNext(CpuId cpu, Job job, int64_t now)
    {
        m_cores[cpu].next.push_back({std::move(job), now, cpu});
        ++m_cores[cpu].nWaiting;
        Wake(cpu, now);
    }

    /// @return when RunDue() is to be called, NEVER if nothing is under way [ns]
    int64_t GetNextDeadline() const
    {
        return std::min(m_ends.GetNext(), m_queues.GetNextDelay());
    }

    /// @brief Do all that is due.  @param now the time [ns]
    void RunDue(int64_t now)
    {
        for (int64_t next = GetNextDeadline(); next <= now; next = GetNextDeadline())
        {
            if (m_ends.GetNext() == next)
            {
                EndPart(m_ends.GetOwner(), next);
            }
            else if (const auto queue = m_queues.EndDelay())
            {
                const CpuId cpu = GetQueueCpu(*queue);
                m_queues.Interrupt(*queue, m_cores[cpu].polls);
                Wake(cpu, next);
            }
        }
    }

    /// @param cpu a core @return whether it does a job @param now the time [ns]
    bool IsBusy(CpuId cpu, int64_t now) const
    {
        const Core& core = m_cores[cpu];
        return core.isRunning && !(core.endsUnseen && core.endsAt <= now);
    }

    /// @param cpu a core @return jobs that wait
    size_t GetWaiting(CpuId cpu) const
    {
        return m_cores[cpu].nWaiting;
    }

    /// @param cpu a core @return what it did so far, in numbers
    const CoreCounts& GetCounts(CpuId cpu) const
    {
        return m_cores[cpu].recorder.counts;
    }

    /// @param cpu a core @return what it did so far
    CoreFigures GetFigures(CpuId cpu) const
    {
        return m_cores[cpu].recorder.GetFigures();
    }

    /// @brief Add up latencies.  @param cpu a core @param sum those of its jobs are added here
    void AddLatency(CpuId cpu, TimeHistogram& sum) const
    {
        m_cores[cpu].recorder.AddLatency(sum);
    }

    /// @param queue number of a queue @return what it saw
    const ReceiveQueueFigures& GetQueueFigures(uint32_t queue) const
    {
        return m_queues.Get(queue).figures;
    }

    /// @param queue number of a queue @return packets that wait in it
    size_t GetQueueLength(uint32_t queue) const
    {
        return m_queues.Get(queue).waiting.size();
    }

    /// @return cores
    uint32_t GetCores() const
    {
        return static_cast<uint32_t>(m_cores.size());
    }

  private:
    using Waiting = WaitingJob<Job>;
    using Queue = JobQueue<Job>;
    using Core = CoreState<Job>;

    /// The end of a core's part is an event.
    void AwaitEnd(CpuId cpu, Core& core)
    {
        core.isDue = true;
        m_ends.Set(cpu, core.endsAt);
    }

    /// A part of a core's job is over.
    void EndPart(CpuId cpu, int64_t now)
    {
        Core& core = m_cores[cpu];
        core.isDue = false;
        Advance(cpu, now);
        Run(cpu, now);
        if (!core.isDue)
        {
            m_ends.Set(cpu, NEVER);
        }
    }

    void Append(uint32_t queue, Waiting waiting, int64_t now)
    {
        const CpuId cpu = GetQueueCpu(queue);
        Core& core = m_cores[cpu];
        Settle(core, now);
        m_queues.Append(queue, std::move(waiting), now, core.polls);
        ++core.nWaiting;
        Wake(cpu, now);
    }

    /// Whether what arrives in a queue begins at once, on a core where nothing waits.
    bool IsAtOnce(const Queue& queue, int64_t now) const
    {
        const ReceiveQueueConfig& config = queue.config;
        const Core& core = m_cores[config.cpu];
        const bool isIdle = !core.isRunning || (core.endsUnseen && core.endsAt <= now);
        return isIdle && core.nWaiting == 0 && config.delayNs == 0 && config.steering.empty();
    }

    /// What Append() and all that follows from it come to then.
    void BeginAtOnce(uint32_t queue, Job job, int64_t now)
    {
        const CpuId cpu = GetQueueCpu(queue);
        Core& core = m_cores[cpu];
        m_queues.Pass(queue, core.polls);
        core.endsUnseen = false;
        core.isRunning = false;
        core.nOfStretch = 1;
        core.stretchBegin = now;
        core.running.job = std::move(job);
        core.running.arrival = now;
        core.running.target = cpu;
        Begin(cpu, JobContext::Softirq, now, true);
        if (!core.isRunning)
        {
            Run(cpu, now); // a job of no duration may have left something behind
        }
    }

    /// See what ended unseen: a job, and the polling of queues that are empty.
    void Settle(Core& core, int64_t now)
    {
        if (core.endsUnseen && core.endsAt <= now)
        {
            core.endsUnseen = false;
            core.isRunning = false;
        }
        if (!core.isRunning)
        {
            m_queues.Pick(core.polls); // none has a packet
            core.nOfStretch = 0;
        }
    }

    /// Something waits for a core: let it begin, or see to it that it is looked at afterwards.
    void Wake(CpuId cpu, int64_t now)
    {
        Core& core = m_cores[cpu];
        if (!core.isRunning)
        {
            Run(cpu, now);
            return;
        }
        CoreCounts& counts = core.recorder.counts;
        counts.maxQueue = std::max(counts.maxQueue, static_cast<uint32_t>(core.nWaiting));
        if (core.endsUnseen)
        {
            core.endsUnseen = false;
            AwaitEnd(cpu, core);
        }
    }

    void Run(CpuId cpu, int64_t now)
    {
        Core& core = m_cores[cpu];
        // Jobs of no duration end where they begin, so the queues are looked at anew each time.
        while (!core.isRunning && core.nWaiting > 0 && BeginNext(cpu, core, now))
        {
        }
    }

    /// Begin what is next.  False if all that waits is delayed in its queue.
    bool BeginNext(CpuId cpu, Core& core, int64_t now)
    {
        if (!core.next.empty())
        {
            Take(core, core.next);
            Begin(cpu, JobContext::Softirq, now, false);
            return true;
        }
        const bool yields = !core.process.empty() && IsStretchOver(core, now);
        if (Queue* queue = yields ? nullptr : m_queues.Pick(core.polls))
        {
            if (core.nOfStretch++ == 0)
            {
                core.stretchBegin = now;
            }
            Take(core, queue->waiting);
            Begin(cpu, JobContext::Softirq, now, true);
            return true;
        }
        core.nOfStretch = 0;
        if (core.process.empty())
        {
            return false;
        }
        Take(core, core.process);
        Begin(cpu, JobContext::Process, now, true);
        return true;
    }

    /// Whether softirq work went on for so long that process work has a turn.
    bool IsStretchOver(const Core& core, int64_t now) const
    {
        return core.nOfStretch >= m_limits.nPackets ||
               (core.nOfStretch > 0 && now - core.stretchBegin >= m_limits.periodNs);
    }

    static void Take(Core& core, std::deque<Waiting>& from)
    {
        core.running = std::move(from.front());
        from.pop_front();
        --core.nWaiting;
    }

    /// Begin with what is now core.running.
    void Begin(CpuId cpu, JobContext context, int64_t now, bool countsWait)
    {
        Core& core = m_cores[cpu];
        core.isSteering = core.running.target != cpu;
        core.hasWaited = countsWait && m_host.IsPacket(core.running.job);
        if (core.hasWaited && !core.isSteering)
        {
            core.recorder.NoteWait(now - core.running.arrival);
        }
        core.isRunning = true;
        core.context = context;
        core.began = now;
        core.isCounted = false;
        std::vector<LockedStretch>& stretches = core.locks.Begin();
        const int64_t ns = core.isSteering ? m_host.Steer(cpu, core.running.target)
                                           : m_host.Begin(cpu, core.running.job, now, stretches);
        core.endsAt = now + ns + core.locks.PassOwn(m_locks);
        if (core.endsAt == now)
        {
            Continue(cpu, core, now);
        }
        else if (core.locks.IsOver() && core.nWaiting == 0 && !core.isSteering &&
                 !m_host.NeedsEnd(core.running.job))
        {
            core.endsUnseen = true;
            Count(core, core.endsAt);
        }
        else
        {
            AwaitEnd(cpu, core);
        }
    }

    /// A part of the running job is over.
    void Advance(CpuId cpu, int64_t now)
    {
        Core& core = m_cores[cpu];
        if (core.locks.IsAtLock())
        {
            const int64_t ns = Release(core, now) + core.locks.PassOwn(m_locks);
            if (ns > 0)
            {
                core.endsAt = now + ns;
                AwaitEnd(cpu, core);
                return;
            }
        }
        Continue(cpu, core, now);
    }

    /// Go on to the next stretch, or to the end.
    void Continue(CpuId cpu, Core& core, int64_t now)
    {
        if (core.locks.IsOver())
        {
            Finish(cpu, core, now);
        }
        else if (const auto at = core.locks.Ask(m_locks, cpu, now))
        {
            Hold(cpu, *at);
        }
    }

    /// A core has got the lock that it asked for.
    void Hold(CpuId cpu, int64_t at)
    {
        Core& core = m_cores[cpu];
        core.recorder.counts.lockWaitNs += core.locks.Take(at);
        core.endsAt = core.locks.GetRelease(m_locks);
        AwaitEnd(cpu, core);
    }

    /// @return how long what follows the lock takes [ns]
    int64_t Release(Core& core, int64_t now)
    {
        m_granted.clear();
        const int64_t ns = core.locks.Release(m_locks, now, m_granted);
        for (const SpinLock::Grant& grant : m_granted)
        {
            Hold(grant.cpu, grant.at);
        }
        return ns;
    }

    void Finish(CpuId cpu, Core& core, int64_t now)
    {
        if (core.isSteering)
        {
            core.recorder.counts.busyNs += now - core.began;
            Steer(core, now);
        }
        else
        {
            if (!core.isCounted)
            {
                Count(core, now);
            }
            if (m_host.NeedsEnd(core.running.job))
            {
                m_host.End(cpu, core.running.job, now);
                core.running.job = Job();
            }
        }
        core.isRunning = false;
    }

    /// Count a job that ends.
    static void Count(Core& core, int64_t end)
    {
        core.recorder.NoteEnd(core.context, core.hasWaited, core.running.arrival, core.began, end);
        core.isCounted = true;
    }

    /// Hand the running packet to the core that is to do it (enqueue_to_backlog()).
    void Steer(Core& core, int64_t now)
    {
        const CpuId target = core.running.target;
        if (GetQueueLength(target) > m_limits.maxBacklog)
        {
            ++m_cores[target].recorder.counts.nBacklogDropped;
            m_host.Lose(target, core.running.job);
            core.running.job = Job();
            return;
        }
        ++core.recorder.counts.nSteered;
        Append(target, std::move(core.running), now);
    }

    Host& m_host;                           //!< whose cores they are
    LockTable& m_locks;                     //!< locks of jobs
    SoftirqLimits m_limits;                 //!< how softirq work takes turns
    std::vector<Core> m_cores;              //!< by number
    JobQueues<Job> m_queues;                //!< each core's own first, then those added
    DeadlineTree m_ends;                    //!< ends of parts of jobs, by core
    std::vector<SpinLock::Grant> m_granted; //!< scratch of Release()
};

} // namespace ns3::xfrm

#endif // XFRM_CORE_ENGINE_H
