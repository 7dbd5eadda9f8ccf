/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CORE_H
#define XFRM_CORE_H

#include "xfrm-receive-ring.h"
#include "xfrm-time-histogram.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/xfrm-flow-entry.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace ns3::xfrm
{

/// In which context the kernel would do a job.
enum class JobContext : uint8_t
{
    Softirq, //!< packet work: to completion, in order of arrival
    Process  //!< system calls and work items: while no softirq work waits
};

/// A stretch of a job.
struct Segment
{
    Time duration; //!< how long the core computes
};

/**
 * @ingroup xfrm
 * @brief Something that a core does.
 *
 * Begin() decides and says how long it takes; its outputs leave in End(), when that time is over.
 */
class Job
{
  public:
    virtual ~Job() = default;

    /**
     * @brief Its turn has come.
     * @param segments where it says how long it takes; empty, it adds what it needs
     */
    virtual void Begin(std::vector<Segment>& segments) = 0;

    /// @brief Its time is over.
    virtual void End() = 0;
};

/// What a core did so far.
struct CoreFigures
{
    uint64_t nSoftirqJobs{0}; //!< softirq jobs finished
    uint64_t nProcessJobs{0}; //!< process jobs finished
    Time busyTime;            //!< time spent on them, finished ones only
    uint32_t maxQueue{0};     //!< most jobs that ever waited
    TimeHistogram waiting;    //!< from arrival to begin, without what running jobs leave behind
    TimeHistogram service;    //!< from begin to end
};

/**
 * @ingroup xfrm
 * @brief One simulated core: jobs wait, are done one at a time, and take time.
 *
 * Softirq jobs go first, in order of arrival; process jobs follow in theirs while none waits.  A
 * job
 * that has begun is not interrupted.  Jobs that take no time end where they begin, without an
 * event.
 *
 * Left out: ksoftirqd, by which process work gets its turn on a core that is overloaded with
 * softirq work: here gc and flushes wait until there is none.
 *
 * Invariants:
 * - a core with a waiting job is busy (work conservation);
 * - jobs accepted = jobs finished + jobs waiting + 1 if busy.
 */
class Core
{
  public:
    /**
     * @param cpu its number
     * @param current where it stands while it runs a job's Begin() or End(), null otherwise; shared
     *                by the cores of a host, must outlive them
     */
    Core(CpuId cpu, Core*& current);
    ~Core();
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;
    Core(Core&&) = delete;
    Core& operator=(Core&&) = delete;

    /// @brief A job arrives; it begins at once if the core is idle.
    /// @param context its context @param job the job
    void Enqueue(JobContext context, std::unique_ptr<Job> job);

    /**
     * @brief A packet arrives in a ring that this core serves; it leaves the ring when it begins.
     * @param ring the ring, must outlive the core @param job what is to be done with the packet
     * @return false if the ring is full: the packet is lost, and the ring counts it
     */
    bool Receive(ReceiveRing& ring, std::unique_ptr<Job> job);

    /**
     * @brief Softirq work that the running job leaves behind: it is next, before all that waits.
     *
     * Several such jobs keep their order.
     *
     * @param job the job
     */
    void EnqueueNext(std::unique_ptr<Job> job);

    /// @return its number
    CpuId GetCpu() const
    {
        return m_cpu;
    }

    /// @return whether a job is being done
    bool IsBusy() const
    {
        return m_running != nullptr;
    }

    /// @return jobs that wait
    size_t GetWaiting() const
    {
        return m_next.size() + m_softirq.size() + m_process.size();
    }

    /// @return the context of the job being done; only while busy
    JobContext GetContext() const
    {
        return m_context;
    }

    /// @return what it did so far
    const CoreFigures& GetFigures() const
    {
        return m_figures;
    }

  private:
    /// A job that waits.
    struct Waiting
    {
        std::unique_ptr<Job> job; //!< the job
        Time arrival;             //!< when it came
        ReceiveRing* ring;        //!< where its packet waits, null if in none
    };

    using Queue = std::deque<Waiting>;

    void Append(Queue& queue, std::unique_ptr<Job> job, ReceiveRing* ring = nullptr);
    void Run();
    bool Begin(Queue& queue);
    void End();

    CpuId m_cpu;                               //!< its number
    Core*& m_current;                          //!< the core that runs now
    Queue m_next;                              //!< left behind by running jobs
    Queue m_softirq;                           //!< softirq jobs, in order of arrival
    Queue m_process;                           //!< process jobs, in order of arrival
    std::unique_ptr<Job> m_running;            //!< being done, null if idle
    JobContext m_context{JobContext::Softirq}; //!< its context
    Time m_duration;                           //!< how long it takes
    EventId m_end;                             //!< its end
    std::vector<Segment> m_segments;           //!< its segments
    CoreFigures m_figures;                     //!< what was done
};

} // namespace ns3::xfrm

#endif // XFRM_CORE_H
