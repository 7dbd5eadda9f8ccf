/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STUDY_SAMPLER_H
#define XFRM_STUDY_SAMPLER_H

#include "xfrm-study-figures.h"
#include "xfrm-study-host.h"

#include "ns3/nstime.h"
#include "ns3/xfrm-core-engine.h"
#include "ns3/xfrm-time-histogram.h"

#include <cstdint>
#include <vector>

namespace ns3::xfrm
{

/// A receive queue of a study.
struct StudyQueue
{
    uint32_t number; //!< its number in the engine
    CpuId cpu;       //!< its core, if that is on line
};

/**
 * @ingroup xfrm
 * @brief Reads the figures of a study's cores: sums at its end, and the rows of its time series.
 */
class StudySampler
{
  public:
    using Engine = CoreEngine<StudyHost>;

    /// @param host what cores do @param engine the cores @param queues receive queues; all three
    /// must outlive this
    StudySampler(StudyHost& host, const Engine& engine, const std::vector<StudyQueue>& queues);

    /// @brief End a row of the time series.  @param now when [ns]
    void Sample(int64_t now);

    /// @return the time up to which there are rows [ns]
    int64_t GetEnd() const
    {
        return m_rows.empty() ? -1 : m_rows.back().end.GetNanoSeconds();
    }

    /// @brief Write down what there is.
    /// @param result its cores, counters, locks and rows are set
    void Report(StudyResult& result) const;

  private:
    /// What a core did up to some time.
    struct Sum
    {
        uint64_t nOffered{0};     //!< packets that arrived in its queues
        uint64_t nRingDropped{0}; //!< ... lost for want of room
        uint64_t nCarried{0};     //!< packets that went on
        CacheWork cache;          //!< what its flow cache did
        int64_t busyNs{0};        //!< time in jobs [ns]
        int64_t lockWaitNs{0};    //!< of it, waiting for locks [ns]
    };

    std::vector<Sum> SumUp() const;
    StudyCoreRow MakeRow(CpuId cpu, const Sum& now, const Sum& before) const;
    void AddLatencies(StudyRow& row);

    StudyHost& m_host;                       //!< what cores do
    const Engine& m_engine;                  //!< the cores
    const std::vector<StudyQueue>& m_queues; //!< receive queues
    std::vector<StudyRow> m_rows;            //!< time series
    std::vector<StudyCoreRow> m_coreRows;    //!< time series of each core
    std::vector<Sum> m_last;                 //!< sums at the last row, by core
    TimeHistogram m_lastLatency;             //!< latencies up to there
};

} // namespace ns3::xfrm

#endif // XFRM_STUDY_SAMPLER_H
