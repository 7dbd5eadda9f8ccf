/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SATURATED_CORES_H
#define XFRM_SATURATED_CORES_H

#include "ns3/xfrm-context.h"
#include "ns3/xfrm-cost-profile.h"
#include "ns3/xfrm-lock-table.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace ns3::xfrm
{

/// What a job of saturated cores used that others use, too.
struct UsedObjects
{
    std::vector<uint64_t> states; //!< numbers of states, in the order of their use
    std::vector<uint64_t> lines;  //!< numbers of lines without a lock
};

/// Cores that always have more to do than they can.
struct SaturatedConfig
{
    uint32_t nCores{1};                  //!< cores, from 1
    LockPreset locks{};                  //!< which locks jobs take
    uint32_t nJobs{600};                 //!< jobs of the core that does most: from 4
    const CostProfile* profile{nullptr}; //!< what work costs; not null
};

/// Does a job: its work goes to the context, what it used to the objects.
using SaturatedTask = std::function<void(const Context& context, UsedObjects& used)>;

/**
 * @brief Find the rate of cores under more load than they can carry.
 *
 * Jobs wait on each core from the beginning on, so that nothing but the price of their work and the
 * other cores set the rate.  It is taken after the first quarter, when cores have spread.
 *
 * @param config the cores @param task done for each job @return jobs a second of all cores
 */
double MeasureSaturated(const SaturatedConfig& config, const SaturatedTask& task);

} // namespace ns3::xfrm

#endif // XFRM_SATURATED_CORES_H
