/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_H
#define XFRM_RUN_H

#include "xfrm-run-config.h"
#include "xfrm-run-flows.h"
#include "xfrm-run-ip-xfrm.h"
#include "xfrm-run-meter.h"

#include "ns3/nstime.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace ns3::xfrm
{

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
    RunConfig config;                 //!< the run
    std::vector<IpXfrmText> ipXfrm{}; //!< what its files of commands held
    bool isPartial{false};            //!< it was stopped before its time
    std::vector<FlowFigures> flows{}; //!< flows at its end, in a fixed order
    RunSample last{};                 //!< at its end
    std::vector<RunSample> series{};  //!< from 0 on, every interval; the last one at the end
};

/// What a run needs beside its settings.
struct RunSurroundings
{
    /// Called each thousandth of the run, and each 50 ms of real time, with the share done, 0 to
    /// 1; false stops the run; empty: go on
    std::function<bool(double share)> goOn;

    std::filesystem::path pcapFolder{}; //!< where packets are written; empty: nowhere
};

/**
 * @ingroup xfrm
 * @brief Run hosts and gateways in packet mode, once.
 *
 * Two runs in one process give what two processes give: equal settings give equal results.
 *
 * ns-3's global values and random number settings are as before afterwards.  Packets are written
 * into a file a link, LEFT-RIGHT.pcap by its nodes' names.
 *
 * @param config the run
 * @param surroundings who watches, where packets go
 * @return what it came to
 * @throws ConfigError, IpXfrmError for settings and files that can't be used, before it runs
 */
RunResult RunPackets(const RunConfig& config, const RunSurroundings& surroundings = {});

} // namespace ns3::xfrm

#endif // XFRM_RUN_H
