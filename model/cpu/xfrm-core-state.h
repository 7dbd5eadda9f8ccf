/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CORE_STATE_H
#define XFRM_CORE_STATE_H

/**
 * @file
 * @ingroup xfrm
 * @brief What CoreEngine knows of a queue and of a core.  What each packet needs comes first, and
 * lies together.
 */

#include "xfrm-core-figures.h"
#include "xfrm-deadline-tree.h"
#include "xfrm-lock-table.h"
#include "xfrm-receive-queue.h"

#include <cstdint>
#include <deque>
#include <vector>

namespace ns3::xfrm
{

/// A job that waits.
/// @tparam Job what is done
template <class Job>
struct WaitingJob
{
    Job job{};          //!< it
    int64_t arrival{0}; //!< when it came [ns]
    CpuId target{0};    //!< core that is to do it
};

/// Packets that wait for a core.
/// @tparam Job what is done
template <class Job>
struct alignas(64) JobQueue
{
    ReceiveQueueFigures figures;           //!< what it saw
    bool isPolled{false};                  //!< its core knows of it, so it needs no interrupt
    ReceiveQueueConfig config;             //!< settings
    std::deque<WaitingJob<Job>> waiting;   //!< in order of arrival
    int64_t delayEnd{DeadlineTree::NEVER}; //!< when the interrupt comes that waits for more [ns]
};

/// A core.
/// @tparam Job what is done
template <class Job>
struct alignas(64) CoreState
{
    bool isRunning{false};                //!< a job is being done
    bool isSteering{false};               //!< ... it hands a packet to another core
    bool endsUnseen{false};               //!< ... its end is no event, since nothing waits for it
    bool isCounted{false};                //!< ... it is in the figures already
    bool hasWaited{false};                //!< ... it is a packet that came by a queue
    bool hasLock{false};                  //!< ... it is in the locked part of a stretch
    bool isDue{false};                    //!< ... the end of its part is an event
    JobContext context{};                 //!< ... its context
    int64_t endsAt{0};                    //!< ... end of the present part [ns]
    int64_t began{0};                     //!< ... when it began [ns]
    size_t nWaiting{0};                   //!< jobs that wait, those in its queues included
    std::vector<uint32_t> polls;          //!< queues to take packets from, in turn
    uint32_t nOfQueue{0};                 //!< packets taken from the first of polls in its turn
    uint32_t nOfStretch{0};               //!< softirq jobs since process work had a chance
    int64_t stretchBegin{0};              //!< since when that is [ns]
    WaitingJob<Job> running;              //!< the job that is done
    std::vector<LockedStretch> stretches; //!< ... its stretches
    size_t stretch{0};                    //!< ... the next or present one
    CoreRecorder recorder;                //!< what it did
    int64_t lockedAt{0};                  //!< when the job took the lock that it has [ns]
    int64_t askedAt{0};                   //!< ... when it asked for it [ns]
    std::deque<WaitingJob<Job>> next;     //!< left behind by running jobs
    std::deque<WaitingJob<Job>> process;  //!< process jobs, in order of arrival
};

} // namespace ns3::xfrm

#endif // XFRM_CORE_STATE_H
