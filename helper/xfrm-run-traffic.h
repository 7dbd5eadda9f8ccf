/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_TRAFFIC_H
#define XFRM_RUN_TRAFFIC_H

#include "xfrm-run-config.h"
#include "xfrm-run-flows.h"
#include "xfrm-run-network.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The flows of a run: UDP, TCP and pings from each left host to its right one.
 *
 * Ports count up from flow to flow of a pair of hosts.  The constant UDP flows of a run begin one
 * after the other, so that their packets spread evenly over the distance of packets.
 */
class RunTraffic
{
  public:
    /**
     * @param config the run
     * @param network its nodes
     * @param stream first random stream to use
     */
    RunTraffic(const RunConfig& config, const RunNetwork& network, int64_t stream);

    /// @return what all flows did so far, in a fixed order
    std::vector<FlowFigures> GetFigures() const;

    /// @return the same in numbers, in the same order
    std::vector<FlowCounts> GetCounts() const;

  private:
    std::vector<std::unique_ptr<RunFlow>> m_flows; //!< the flows
};

} // namespace ns3::xfrm

#endif // XFRM_RUN_TRAFFIC_H
