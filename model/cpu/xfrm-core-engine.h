/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CORE_ENGINE_H
#define XFRM_CORE_ENGINE_H

#include "xfrm-job-context.h"
#include "xfrm-lock-table.h"
#include "xfrm-receive-queue.h"
#include "xfrm-time-histogram.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <queue>
#include <utility>
#include <vector>

namespace ns3::xfrm
{

/// What a core did so far, in numbers.
struct CoreCounts
{
    uint64_t nSoftirqJobs{0};    //!< softirq jobs finished
    uint64_t nProcessJobs{0};    //!< process jobs finished
    uint64_t nSteered{0};        //!< packets handed to other cores (RPS)
    uint64_t nBacklogDropped{0}; //!< packets from other cores lost, for want of room
    int64_t busyNs{0};           //!< time spent on finished jobs, waiting for locks included [ns]
    int64_t lockWaitNs{0};       //!< ... of it waiting for locks and lines [ns]
    uint32_t maxQueue{0};        //!< most jobs that ever waited
};

/// What a core did so far.
struct CoreFigures : CoreCounts
{
    TimeHistogram waiting; //!< from arrival to begin, without what running jobs leave behind
    TimeHistogram service; //!< from begin to end
    TimeHistogram latency; //!< from arrival to end, of the same jobs as waiting
};

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

    static constexpr int64_t NEVER{std::numeric_limits<int64_t>::max()}; //!< no deadline

    /**
     * @param host whose cores they are @param nCores cores, from 1
     * @param locks the locks of its jobs @param limits how softirq work takes turns
     *
     * All three must outlive it.
     */
    CoreEngine(Host& host, uint32_t nCores, LockTable& locks, const SoftirqLimits& limits)
        : m_host(host),
          m_locks(locks),
          m_limits(limits),
          m_cores(nCores)
    {
        for (CpuId cpu = 0; cpu < nCores; ++cpu)
        {
            AddQueue({.cpu = cpu, .ringSize = UINT32_MAX});
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
            Append(*m_queues[cpu], cpu, {std::move(job), now, cpu}, now);
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
        if (IsAtOnce(ring, queue, now))
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
        return m_due.empty() ? NEVER : m_due.top().at;
    }

    /// @brief Do all that is due.  @param now the time [ns]
    void RunDue(int64_t now)
    {
        while (!m_due.empty() && m_due.top().at <= now)
        {
            const Due due = m_due.top();
            m_due.pop();
            if (due.id < m_cores.size())
            {
                Advance(due.id, due.at);
                Run(due.id, due.at);
            }
            else
            {
                EndDelay(due.id - static_cast<uint32_t>(m_cores.size()), due.at);
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
        return m_cores[cpu].figures;
    }

    /// @param cpu a core @return what it did so far
    CoreFigures GetFigures(CpuId cpu) const
    {
        const Core& core = m_cores[cpu];
        CoreFigures figures = core.figures;
        figures.waiting.AddZeros(core.nAtOnce);
        figures.service += core.atOnce;
        figures.latency += core.atOnce;
        return figures;
    }

    /// @brief Add up latencies.  @param cpu a core @param sum those of its jobs are added here
    void AddLatency(CpuId cpu, TimeHistogram& sum) const
    {
        sum += m_cores[cpu].figures.latency;
        sum += m_cores[cpu].atOnce;
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
    /// A job that waits.
    struct Waiting
    {
        Job job{};          //!< it
        int64_t arrival{0}; //!< when it came [ns]
        CpuId target{0};    //!< core that is to do it
    };

    /// Packets that wait for a core.
    struct Queue
    {
        ReceiveQueueConfig config;   //!< settings
        std::deque<Waiting> waiting; //!< in order of arrival
        bool isPolled{false};        //!< its core knows of it, so it needs no interrupt
        int64_t delayEnd{NEVER};     //!< when the interrupt comes that waits for more [ns]
        ReceiveQueueFigures figures; //!< what it saw
    };

    /// A core.
    struct Core
    {
        std::deque<Waiting> next;    //!< left behind by running jobs
        std::deque<uint32_t> polls;  //!< queues to take packets from, in turn
        std::deque<Waiting> process; //!< process jobs, in order of arrival
        size_t nWaiting{0};          //!< jobs that wait, those in its queues included
        uint32_t nOfQueue{0};        //!< packets taken from the first of polls in its turn
        uint32_t nOfStretch{0};      //!< softirq jobs since process work had a chance
        int64_t stretchBegin{0};     //!< since when that is [ns]
        bool isRunning{false};       //!< a job is being done
        bool isSteering{false};      //!< ... it hands a packet to another core
        bool endsUnseen{false};      //!< ... its end is no event, since nothing waits for it
        bool isCounted{false};       //!< ... it is in the figures already
        bool hasWaited{false};       //!< ... it came by a queue
        bool hasLock{false};         //!< ... it is in the locked part of a stretch
        JobContext context{};        //!< ... its context
        Waiting running;             //!< ... the job
        int64_t began{0};            //!< ... when it began [ns]
        int64_t endsAt{0};           //!< ... end of the present part [ns]
        int64_t lockedAt{0};         //!< ... when it took the lock that it has [ns]
        int64_t askedAt{0};          //!< ... when it asked for it [ns]
        size_t stretch{0};           //!< ... the next or present stretch
        std::vector<LockedStretch> stretches; //!< ... its stretches
        uint64_t nAtOnce{0};  //!< jobs that began when they came, those that run included
        TimeHistogram atOnce; //!< how long those took, whose service and latency are the same
        CoreFigures figures;  //!< what was done, but for these in its histograms
    };

    /// Something that falls due.
    struct Due
    {
        int64_t at;  //!< when [ns]
        uint32_t id; //!< a core, or behind those a queue

        bool operator>(const Due& other) const
        {
            return at != other.at ? at > other.at : id > other.id;
        }
    };

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

    /// Whether a packet that arrives begins at once, on a core with nothing else to look at.
    bool IsAtOnce(const Queue& queue, uint32_t number, int64_t now) const
    {
        const ReceiveQueueConfig& config = queue.config;
        const Core& core = m_cores[config.cpu];
        const bool isIdle = !core.isRunning || (core.endsUnseen && core.endsAt <= now);
        return isIdle && core.nWaiting == 0 && config.delayNs == 0 && config.steering.empty() &&
               (core.polls.empty() || (core.polls.size() == 1 && core.polls.front() == number));
    }

    /// What Append() and all that follows from it come to then.
    void BeginAtOnce(Queue& queue, uint32_t number, Job job, int64_t now)
    {
        const CpuId cpu = queue.config.cpu;
        Core& core = m_cores[cpu];
        ++queue.figures.nAccepted;
        ++queue.figures.nInterrupts;
        queue.figures.maxWaiting = std::max(queue.figures.maxWaiting, 1U);
        queue.isPolled = true;
        if (core.polls.empty())
        {
            core.polls.push_back(number);
        }
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
            m_due.push({queue.delayEnd, number + GetCores()});
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
        core.figures.maxQueue =
            std::max(core.figures.maxQueue, static_cast<uint32_t>(core.nWaiting));
        if (core.endsUnseen)
        {
            core.endsUnseen = false;
            m_due.push({core.endsAt, cpu});
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
                core.polls.pop_front();
                core.nOfQueue = 0;
            }
            else if (core.nOfQueue == m_limits.weight)
            {
                core.polls.push_back(core.polls.front());
                core.polls.pop_front();
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
        core.hasWaited = countsWait;
        if (countsWait && !core.isSteering)
        {
            CountWait(core, now - core.running.arrival);
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
        core.endsAt = now + ns;
        if (ns == 0)
        {
            Continue(cpu, core, now);
        }
        else if (core.stretches.empty() && core.nWaiting == 0 && !core.isSteering &&
                 !m_host.NeedsEnd(core.running.job))
        {
            core.endsUnseen = true;
            Count(core, core.endsAt);
        }
        else
        {
            m_due.push({core.endsAt, cpu});
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
            if (done.afterNs > 0)
            {
                core.endsAt = now + done.afterNs;
                m_due.push({core.endsAt, cpu});
                return;
            }
        }
        Continue(cpu, core, now);
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
        core.figures.lockWaitNs += at - core.askedAt;
        core.lockedAt = at;
        const LockedStretch& stretch = core.stretches[core.stretch];
        core.endsAt = at + m_locks.Get(stretch.lock).GetHeldTime(stretch.heldNs);
        m_due.push({core.endsAt, cpu});
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
            core.figures.busyNs += now - core.began;
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

    static void CountWait(Core& core, int64_t waitNs)
    {
        if (waitNs == 0)
        {
            ++core.nAtOnce;
        }
        else
        {
            core.figures.waiting.Add(waitNs);
        }
    }

    /// Count a job that ends.
    static void Count(Core& core, int64_t end)
    {
        CoreFigures& figures = core.figures;
        ++(core.context == JobContext::Softirq ? figures.nSoftirqJobs : figures.nProcessJobs);
        figures.busyNs += end - core.began;
        if (core.hasWaited && core.began == core.running.arrival)
        {
            core.atOnce.Add(end - core.began);
        }
        else
        {
            figures.service.Add(end - core.began);
            if (core.hasWaited)
            {
                figures.latency.Add(end - core.running.arrival);
            }
        }
        core.isCounted = true;
    }

    /// Hand the running packet to the core that is to do it (enqueue_to_backlog()).
    void Steer(Core& core, int64_t now)
    {
        const CpuId target = core.running.target;
        Queue& backlog = *m_queues[target];
        if (backlog.waiting.size() > m_limits.maxBacklog)
        {
            ++m_cores[target].figures.nBacklogDropped;
            m_host.Lose(target, core.running.job);
            core.running.job = Job();
            return;
        }
        ++core.figures.nSteered;
        Append(backlog, target, std::move(core.running), now);
    }

    Host& m_host;                                 //!< whose cores they are
    LockTable& m_locks;                           //!< locks of jobs
    SoftirqLimits m_limits;                       //!< how softirq work takes turns
    std::vector<Core> m_cores;                    //!< by number
    std::vector<std::unique_ptr<Queue>> m_queues; //!< each core's own first, then those added
    std::priority_queue<Due, std::vector<Due>, std::greater<>> m_due; //!< earliest first
    std::vector<SpinLock::Grant> m_granted;                           //!< scratch of Release()
};

} // namespace ns3::xfrm

#endif // XFRM_CORE_ENGINE_H
