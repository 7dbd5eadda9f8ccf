/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_H
#define XFRM_RUN_H

#include "xfrm-run-config.h"
#include "xfrm-run-traffic.h"

#include "ns3/nstime.h"
#include "ns3/xfrm-statistics.h"
#include "ns3/xfrm-work.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/// What a node did so far.
struct NodeFigures
{
    std::string name;       //!< its name
    uint64_t nSent{0};      //!< packets of its own
    uint64_t nForwarded{0}; //!< packets forwarded
    uint64_t nDelivered{0}; //!< packets delivered to its protocols, ESP packets included
    std::map<std::string, uint64_t> drops; //!< packets dropped, by reason
    size_t nPolicies{0};                   //!< policies it has
    size_t nStates{0};                     //!< states it has
    uint32_t cacheSize{0};                 //!< entries in its flow cache
    Work work;                             //!< what its IPsec did
    Statistics statistics;                 //!< /proc/net/xfrm_stat
};

/// A look at a run.
struct RunSample
{
    Time time;                      //!< when
    std::vector<FlowCounts> flows;  //!< flows, in the order of RunResult::flows
    std::vector<NodeFigures> nodes; //!< nodes, from left to right
};

/// What a run came to.
struct RunResult
{
    RunConfig config;               //!< the run
    bool isPartial{false};          //!< it was stopped before its time
    std::vector<FlowFigures> flows; //!< flows at its end, in a fixed order
    RunSample last;                 //!< at its end
    std::vector<RunSample> series;  //!< from 0 on, every interval; the last one at the end
};

/// Who watches a run.
struct RunWatcher
{
    /// Called every now and then with the share done, 0 to 1; false stops the run
    std::function<bool(double share)> goOn;
};

/**
 * @ingroup xfrm
 * @brief Run hosts and gateways in packet mode, once.
 *
 * Two runs in one process give what two processes give: equal settings give equal results.
 *
 * @param config the run
 * @param watcher who watches
 * @return what it came to
 * @throws RunConfigError, IpXfrmError, std::system_error, std::invalid_argument for settings and
 * files
 *         that can't be used, before anything runs
 */
RunResult RunPackets(const RunConfig& config, const RunWatcher& watcher = {});

} // namespace ns3::xfrm

#endif // XFRM_RUN_H
