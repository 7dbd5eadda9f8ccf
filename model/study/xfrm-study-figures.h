/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STUDY_FIGURES_H
#define XFRM_STUDY_FIGURES_H

#include "ns3/nstime.h"
#include "ns3/xfrm-core-engine.h"
#include "ns3/xfrm-receive-queue.h"
#include "ns3/xfrm-stage.h"
#include "ns3/xfrm-statistics.h"
#include "ns3/xfrm-work.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/// What became of packets that a core began to work on.
struct VerdictCounts
{
    uint64_t nPlain{0};       //!< let through as they were
    uint64_t nTransformed{0}; //!< by a chain
    uint64_t nHeld{0};        //!< would be held for a state; dropped here

    std::map<int32_t, uint64_t> nRefused{}; //!< refused, by error (negative errno; 0: by a policy
                                            //!< check)

    /// @return packets that went on
    uint64_t GetCarried() const
    {
        return nPlain + nTransformed;
    }

    /// @return packets that did not, for all reasons
    uint64_t GetRefused() const;

    /// @param other counts to add @return this
    VerdictCounts& operator+=(const VerdictCounts& other);
};

/// What a core did.
struct StudyCore
{
    CoreFigures core;         //!< times and jobs
    VerdictCounts verdicts;   //!< of packets
    Work work;                //!< done in its jobs
    uint64_t nOffered{0};     //!< packets that arrived in its queues, those lost included
    uint64_t nRingDropped{0}; //!< ... lost for want of room
    uint64_t nInterrupts{0};  //!< of its queues
    uint64_t nWaiting{0};     //!< jobs that wait at the end
    uint32_t cacheSize{0};    //!< entries in its flow cache at the end
};

/// What a class of packets came to.
struct StudyClass
{
    std::string name;         //!< its name
    uint64_t nOffered{0};     //!< packets that arrived
    uint64_t nRingDropped{0}; //!< ... lost in front of receive queues
};

/// What happened in an interval of the time series, on one core or all together.
struct StudyInterval
{
    Time end;                 //!< its end, since the start
    uint64_t nOffered{0};     //!< packets that arrived
    uint64_t nCarried{0};     //!< packets that went on
    uint64_t nRingDropped{0}; //!< packets lost in front of receive queues
    CacheWork cache;          //!< what flow caches did
    Time busyTime;            //!< in jobs that ended
    Time lockWait;            //!< of it, waiting for locks
    uint64_t nWaiting{0};     //!< jobs that wait, at its end
    uint64_t nEntries{0};     //!< entries of flow caches, at its end

    /// @param other of the same interval, what is added @return this
    StudyInterval& operator+=(const StudyInterval& other);
};

/// A row of the time series of a core.
struct StudyCoreRow : StudyInterval
{
    CpuId cpu{0}; //!< the core
};

/// A row of the time series.
struct StudyRow : StudyInterval
{
    Time shrinkTime;      //!< longest job with a shrink or re-seed in it
    uint64_t nGarbage{0}; //!< entries dropped and not destroyed yet, at its end
    Time latencyP50;      //!< half of the packets took at most so long
    Time latencyP99;      //!< 99 of 100
    Time latencyMax;      //!< the longest, to three digits
};

/// What a study came to.
struct StudyResult
{
    Time duration;                             //!< simulated time
    bool isPartial{false};                     //!< it was stopped before its end
    std::vector<StudyCore> cores;              //!< by number
    std::vector<StudyClass> classes;           //!< of packets, an attack last
    std::vector<StudyRow> rows;                //!< the time series
    std::vector<StudyCoreRow> coreRows;        //!< ... of each core: interval by interval
    Statistics statistics;                     //!< counters of the namespace
    std::array<LockFigures, N_STAGES> locks{}; //!< by stage

    /// @return all cores together; times and jobs are sums
    StudyCore GetTotal() const;
};

} // namespace ns3::xfrm

#endif // XFRM_STUDY_FIGURES_H
