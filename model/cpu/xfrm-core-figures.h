/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CORE_FIGURES_H
#define XFRM_CORE_FIGURES_H

#include "xfrm-job-context.h"
#include "xfrm-time-histogram.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

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

/// Which durations of jobs are kept.
enum class KeptDurations : uint8_t
{
    All,        //!< waiting, service and latency
    LatencyOnly //!< latency alone, which is quicker
};

/// What a core did so far.
struct CoreFigures : CoreCounts
{
    TimeHistogram waiting; //!< from arrival to begin, of packets that came by a queue
    TimeHistogram service; //!< from begin to end, of all jobs
    TimeHistogram latency; //!< from arrival to end, of the same jobs as waiting
};

/// Keeps a core's figures.
class CoreRecorder
{
  public:
    CoreCounts counts; //!< what was done, in numbers

    /// @brief Say which durations are kept, before the first.  @param kept which
    void SetKept(KeptDurations kept)
    {
        m_kept = kept;
    }

    /// @brief A packet that came by a queue begins.  @param waitNs how long it waited [ns]
    void NoteWait(int64_t waitNs)
    {
        if (m_kept == KeptDurations::LatencyOnly)
        {
            return;
        }
        if (waitNs == 0)
        {
            ++m_nAtOnce;
        }
        else
        {
            m_waiting.Add(waitNs);
        }
    }

    /**
     * @brief A job ends.
     * @param context its context @param hasWaited whether it is a packet that came by a queue
     * @param arrival when it arrived @param began when it began @param end when it ends [ns]
     */
    void NoteEnd(JobContext context, bool hasWaited, int64_t arrival, int64_t began, int64_t end)
    {
        ++(context == JobContext::Softirq ? counts.nSoftirqJobs : counts.nProcessJobs);
        counts.busyNs += end - began;
        if (m_kept == KeptDurations::LatencyOnly)
        {
            if (hasWaited)
            {
                AddAtOnce(end - arrival);
            }
        }
        else if (hasWaited && began == arrival)
        {
            AddAtOnce(end - began);
        }
        else
        {
            m_service.Add(end - began);
            if (hasWaited)
            {
                m_latency.Add(end - arrival);
            }
        }
    }

    /// @brief Add up latencies.  @param sum those of this core are added here
    void AddLatency(TimeHistogram& sum) const
    {
        sum += m_latency;
        AddAtOnceTo(sum);
    }

    /// @return all of it
    CoreFigures GetFigures() const
    {
        CoreFigures figures;
        static_cast<CoreCounts&>(figures) = counts;
        AddLatency(figures.latency);
        if (m_kept == KeptDurations::All)
        {
            figures.waiting = m_waiting;
            figures.waiting.AddZeros(m_nAtOnce);
            figures.service = m_service;
            AddAtOnceTo(figures.service);
        }
        return figures;
    }

  private:
    /// @brief Add to m_atOnce.  @param ns how long a job took [ns]
    void AddAtOnce(int64_t ns)
    {
        m_pending[m_nPending++] = ns;
        if (m_nPending == m_pending.size())
        {
            m_atOnce.AddAll(m_pending);
            m_nPending = 0;
        }
    }

    /// @brief Add up m_atOnce.  @param sum it is added here
    void AddAtOnceTo(TimeHistogram& sum) const
    {
        sum += m_atOnce;
        sum.AddAll(std::span(m_pending).first(m_nPending));
    }

    static constexpr size_t MAX_PENDING{32}; //!< durations that are added at a time

    KeptDurations m_kept{KeptDurations::All}; //!< which durations are kept
    /// how long jobs took that began when they came, whose service and latency are the same; of
    /// KeptDurations::LatencyOnly the latency of all
    TimeHistogram m_atOnce;
    std::array<int64_t, MAX_PENDING> m_pending{}; //!< what is to be added to it [ns]
    size_t m_nPending{0};                         //!< ... how many
    uint64_t m_nAtOnce{0};   //!< jobs that began when they came, those that run included
    TimeHistogram m_waiting; //!< waits of the others
    TimeHistogram m_service; //!< how long those took
    TimeHistogram m_latency; //!< from their arrival to their end
};

} // namespace ns3::xfrm

#endif // XFRM_CORE_FIGURES_H
