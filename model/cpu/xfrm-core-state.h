/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CORE_STATE_H
#define XFRM_CORE_STATE_H

#include "xfrm-core-figures.h"
#include "xfrm-job-context.h"
#include "xfrm-job-queues.h"
#include "xfrm-lock-walk.h"

#include <cstdint>
#include <deque>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief What CoreEngine knows of a core.  What each packet needs comes first, and lies together.
 * @tparam Job what is done
 */
template <class Job>
struct alignas(64) CoreState
{
    bool isRunning{false};               //!< a job is being done
    bool isSteering{false};              //!< ... it hands a packet to another core
    bool endsUnseen{false};              //!< ... its end is no event, since nothing waits for it
    bool isCounted{false};               //!< ... it is in the figures already
    bool hasWaited{false};               //!< ... it is a packet that came by a queue
    bool isDue{false};                   //!< ... the end of its part is an event
    JobContext context{};                //!< ... its context
    int64_t endsAt{0};                   //!< ... end of the present part [ns]
    int64_t began{0};                    //!< ... when it began [ns]
    size_t nWaiting{0};                  //!< jobs that wait, those in its queues included
    PollList polls;                      //!< queues to take packets from
    uint32_t nOfStretch{0};              //!< softirq jobs since process work had a chance
    int64_t stretchBegin{0};             //!< since when that is [ns]
    WaitingJob<Job> running;             //!< the job that is done
    LockWalk locks;                      //!< ... its locks
    CoreRecorder recorder;               //!< what it did
    std::deque<WaitingJob<Job>> next;    //!< left behind by running jobs
    std::deque<WaitingJob<Job>> process; //!< process jobs, in order of arrival
};

} // namespace ns3::xfrm

#endif // XFRM_CORE_STATE_H
