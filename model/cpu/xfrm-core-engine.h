/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CORE_ENGINE_H
#define XFRM_CORE_ENGINE_H

#include "xfrm-core-state.h"
#include "xfrm-deadline-tree.h"
#include "xfrm-job-context.h"
#include "xfrm-lock-table.h"
#include "xfrm-receive-queue.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
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
        m_queues.push_back(std::make_unique<Queue>());
        m_queues.back()->config = config;
        return static_cast<uint32_t>(m_queues.size() - 1);
    }

    /// @param queue number of a queue @return core that its interrupts go to
    CpuId GetQueueCpu(uint32_t queue) const
    {
        return m_queues[queue]->config.cpu;
    }

    /**
     * @brief Send the interrupts of a queue to another core, which takes over what waits in it
     * (irq_set_affinity()).
     * @param queue number of the queue @param cpu the core @param now when [ns]
     */
    void MoveQueue(uint32_t queue, CpuId cpu, int64_t now)
    {
        Queue& moved = *m_queues[queue];
        const CpuId before = std::exchange(moved.config.cpu, cpu);
        Core& from = m_cores[before];
        Core& to = m_cores[cpu];
        Settle(from, now);
        Settle(to, now);
        from.nWaiting -= moved.waiting.size();
        to.nWaiting += moved.waiting.size();
        for (Waiting& waiting : moved.waiting)
        {
            waiting.target = waiting.target == before ? cpu : waiting.target;
        }
        if (moved.isPolled)
        {
            from.nOfQueue = from.polls.front() == queue ? 0 : from.nOfQueue;
            std::erase(from.polls, queue);
            to.polls.push_back(queue);
        }
        Wake(cpu, now);
    }

    /// @brief A job arrives; it begins at once if the core is idle.
    /// @param cpu which core @param context its context @param job it @param now when [ns]
    void Enqueue(CpuId cpu, JobContext context, Job job, int64_t now)
    {
        if (context == JobContext::Softirq)
        {
            Queue& own = *m_queues[cpu];
            if (IsAtOnce(own, now))
            {
                BeginAtOnce(own, cpu, std::move(job), now);
                return;
            }
            Append(own, cpu, {std::move(job), now, cpu}, now);
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
        Queue& ring = *m_queues[queue];
        const ReceiveQueueConfig& config = ring.config;
        if (IsAtOnce(ring, now))
        {
            BeginAtOnce(ring, queue, std::move(job), now);
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
        Append(ring, queue, {std::move(job), now, target}, now);
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
        return std::min(m_ends.GetNext(), GetNextDelay());
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
            else
            {
                const Delay delay = m_delays.top();
                m_delays.pop();
                EndDelay(delay.queue, delay.end);
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
        return m_queues[queue]->figures;
    }

    /// @param queue number of a queue @return packets that wait in it
    size_t GetQueueLength(uint32_t queue) const
    {
        return m_queues[queue]->waiting.size();
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

    /// An interrupt that waits for more packets.
    struct Delay
    {
        int64_t end;    //!< when it comes at the latest [ns]
        uint32_t queue; //!< its queue

        bool operator>(const Delay& other) const
        {
            return end != other.end ? end > other.end : queue > other.queue;
        }
    };

    int64_t GetNextDelay() const
    {
        return m_delays.empty() ? NEVER : m_delays.top().end;
    }

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

    void Append(Queue& queue, uint32_t number, Waiting waiting, int64_t now)
    {
        const CpuId cpu = queue.config.cpu;
        Settle(m_cores[cpu], now);
        queue.waiting.push_back(std::move(waiting));
        queue.figures.maxWaiting =
            std::max(queue.figures.maxWaiting, static_cast<uint32_t>(queue.waiting.size()));
        ++m_cores[cpu].nWaiting;
        if (!queue.isPolled && !IsDelayed(queue, number, now))
        {
            Interrupt(queue, number);
        }
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
    void BeginAtOnce(Queue& queue, uint32_t number, Job job, int64_t now)
    {
        const CpuId cpu = queue.config.cpu;
        Core& core = m_cores[cpu];
        ++queue.figures.nAccepted;
        ++queue.figures.nInterrupts;
        queue.figures.maxWaiting = std::max(queue.figures.maxWaiting, 1U);
        PollAlone(core, queue, number);
        core.endsUnseen = false;
        core.isRunning = false;
        core.nOfQueue = 1;
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

    /// A queue is polled, and those that were are empty.
    void PollAlone(Core& core, Queue& queue, uint32_t number)
    {
        if (core.polls.size() != 1 || core.polls.front() != number)
        {
            for (const uint32_t empty : core.polls)
            {
                m_queues[empty]->isPolled = false;
            }
            core.polls.assign(1, number);
        }
        queue.isPolled = true;
    }

    /// Whether the interrupt of a queue waits for more packets.
    bool IsDelayed(Queue& queue, uint32_t number, int64_t now)
    {
        const ReceiveQueueConfig& config = queue.config;
        if (config.delayNs == 0 || (config.nFrames > 0 && queue.waiting.size() >= config.nFrames))
        {
            return false;
        }
        if (queue.delayEnd == NEVER)
        {
            queue.delayEnd = now + config.delayNs;
            m_delays.push({queue.delayEnd, number});
        }
        return true;
    }

    void Interrupt(Queue& queue, uint32_t number)
    {
        ++queue.figures.nInterrupts;
        queue.isPolled = true;
        queue.delayEnd = NEVER;
        m_cores[queue.config.cpu].polls.push_back(number);
    }

    void EndDelay(uint32_t number, int64_t now)
    {
        Queue& queue = *m_queues[number];
        if (queue.delayEnd == now && !queue.isPolled)
        {
            Interrupt(queue, number);
            Wake(queue.config.cpu, now);
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
            PickQueue(core); // none has a packet
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
        if (Queue* queue = yields ? nullptr : PickQueue(core))
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

    /// The queue whose turn it is, null if none has a packet.
    Queue* PickQueue(Core& core)
    {
        while (!core.polls.empty())
        {
            Queue& queue = *m_queues[core.polls.front()];
            if (queue.waiting.empty())
            {
                queue.isPolled = false; // from here on it needs an interrupt (napi_complete())
                core.polls.erase(core.polls.begin());
                core.nOfQueue = 0;
            }
            else if (core.nOfQueue == m_limits.weight)
            {
                std::rotate(core.polls.begin(), core.polls.begin() + 1, core.polls.end());
                core.nOfQueue = 0;
            }
            else
            {
                ++core.nOfQueue;
                return &queue;
            }
        }
        return nullptr;
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
        core.stretch = 0;
        core.stretches.clear();
        const int64_t ns = core.isSteering
                               ? m_host.Steer(cpu, core.running.target)
                               : m_host.Begin(cpu, core.running.job, now, core.stretches);
        core.isCounted = false;
        core.hasLock = false;
        core.endsAt = now + ns + TakeOwnLocks(core);
        if (core.endsAt == now)
        {
            Continue(cpu, core, now);
        }
        else if (core.stretch == core.stretches.size() && core.nWaiting == 0 && !core.isSteering &&
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
        if (core.hasLock)
        {
            core.hasLock = false;
            const LockedStretch& done = core.stretches[core.stretch++];
            Release(done.lock, core.lockedAt, now);
            if (const int64_t ns = done.afterNs + TakeOwnLocks(core); ns > 0)
            {
                core.endsAt = now + ns;
                AwaitEnd(cpu, core);
                return;
            }
        }
        Continue(cpu, core, now);
    }

    /// @return time that a job computes with locks of its core alone, and after them [ns]
    int64_t TakeOwnLocks(Core& core)
    {
        int64_t ns = 0;
        for (; core.stretch < core.stretches.size(); ++core.stretch)
        {
            const LockedStretch& own = core.stretches[core.stretch];
            if (!own.isOwn)
            {
                break;
            }
            m_locks.Get(own.lock).TakeOwn(own.heldNs);
            ns += own.heldNs + own.afterNs;
        }
        return ns;
    }

    /// Go on to the next stretch, or to the end.
    void Continue(CpuId cpu, Core& core, int64_t now)
    {
        if (core.stretch == core.stretches.size())
        {
            Finish(cpu, core, now);
            return;
        }
        const LockedStretch& stretch = core.stretches[core.stretch];
        core.askedAt = now;
        core.hasLock = true;
        if (const auto at = m_locks.Get(stretch.lock).Request(cpu, stretch.mode, now))
        {
            Hold(cpu, *at);
        }
    }

    /// A core has got the lock that it asked for.
    void Hold(CpuId cpu, int64_t at)
    {
        Core& core = m_cores[cpu];
        core.recorder.counts.lockWaitNs += at - core.askedAt;
        core.lockedAt = at;
        const LockedStretch& stretch = core.stretches[core.stretch];
        core.endsAt = at + m_locks.Get(stretch.lock).GetHeldTime(stretch.heldNs);
        AwaitEnd(cpu, core);
    }

    void Release(LockId lock, int64_t taken, int64_t now)
    {
        m_granted.clear();
        m_locks.Get(lock).Release(taken, now, m_granted);
        for (const SpinLock::Grant& grant : m_granted)
        {
            Hold(grant.cpu, grant.at);
        }
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
        Queue& backlog = *m_queues[target];
        if (backlog.waiting.size() > m_limits.maxBacklog)
        {
            ++m_cores[target].recorder.counts.nBacklogDropped;
            m_host.Lose(target, core.running.job);
            core.running.job = Job();
            return;
        }
        ++core.recorder.counts.nSteered;
        Append(backlog, target, std::move(core.running), now);
    }

    Host& m_host;                                 //!< whose cores they are
    LockTable& m_locks;                           //!< locks of jobs
    SoftirqLimits m_limits;                       //!< how softirq work takes turns
    std::vector<Core> m_cores;                    //!< by number
    std::vector<std::unique_ptr<Queue>> m_queues; //!< each core's own first, then those added
    DeadlineTree m_ends;                          //!< ends of parts of jobs, by core
    std::priority_queue<Delay, std::vector<Delay>, std::greater<>> m_delays; //!< earliest first
    std::vector<SpinLock::Grant> m_granted; //!< scratch of Release()
};

} // namespace ns3::xfrm

#endif // XFRM_CORE_ENGINE_H
