/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_CORES_H
#define XFRM_RUN_CORES_H

/**
 * @file
 * @ingroup xfrm
 * @brief The cores of the gateways of a run, and what they did.
 */

#include "xfrm-run-config.h"

#include "ns3/nstime.h"
#include "ns3/xfrm-cache-work.h"
#include "ns3/xfrm-cores.h"
#include "ns3/xfrm-node-cores.h"
#include "ns3/xfrm-routing.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ns3::xfrm
{

/**
 * @param config a run
 * @return the settings of its gateways' cores; null if they have none
 * @throws ConfigError for settings that don't fit together, or a profile that can't be read
 */
Ptr<XfrmCores> MakeRunCores(const RunConfig& config);

/// What durations came to.
struct TimeSummary
{
    Time mean; //!< their mean
    Time p50;  //!< half of them are at most this long
    Time p99;  //!< 99 of 100 are at most this long
    Time max;  //!< the longest
};

/// What a core did so far.
struct CoreSample
{
    uint64_t nSoftirqJobs{0};    //!< softirq jobs finished
    uint64_t nProcessJobs{0};    //!< process jobs finished
    Time busyTime;               //!< time spent on them
    Time lockWait;               //!< ... of it waiting for locks
    uint64_t nSteered{0};        //!< packets handed to other cores
    uint64_t nBacklogDropped{0}; //!< packets from other cores lost, for want of room
    uint32_t queueLength{0};     //!< jobs that wait
    uint32_t maxQueueLength{0};  //!< most jobs that ever waited
    uint64_t nRingDropped{0};    //!< packets lost in front of the receive queues that it serves
    TimeSummary waiting;         //!< from arrival to begin
    TimeSummary service;         //!< from begin to end
    uint32_t cacheSize{0};       //!< entries in its flow cache
    CacheWork cache;             //!< what its flow cache did in its jobs
};

/// What all locks of a kind saw.
struct LockSample
{
    std::string_view name; //!< what they protect, by its name in results
    std::string_view kind; //!< "ticket", "queued" or "read-write"
    LockFigures figures;   //!< what they saw
};

/// A number of a core, by its name in tables.
struct CoreColumn
{
    std::string_view name;                   //!< its name
    uint64_t (*get)(const CoreSample& core); //!< its value
};

/// @return what tables say of a core, in their order
std::span<const CoreColumn> GetCoreColumns();

/// @param routing IPsec of a node @return what each of its cores did; none if it has no cores
std::vector<CoreSample> SampleCores(const XfrmRouting& routing);

/// @param routing IPsec of a node @return what its locks saw, those that the work of its cores
/// takes; none if it has no cores
std::vector<LockSample> SampleLocks(const XfrmRouting& routing);

/**
 * @brief Compare sums that must agree.
 * @param routing IPsec of a node
 * @throws std::logic_error naming the first that don't: an error of the module
 */
void CheckSums(const XfrmRouting& routing);

} // namespace ns3::xfrm

#endif // XFRM_RUN_CORES_H
