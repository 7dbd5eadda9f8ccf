/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_TRAFFIC_H
#define XFRM_RUN_TRAFFIC_H

#include "xfrm-run-config.h"
#include "xfrm-run-network.h"

#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/packet-sink.h"
#include "ns3/random-variable-stream.h"
#include "ns3/socket.h"
#include "ns3/xfrm-time-histogram.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm
{

/// What a flow did so far, in numbers.
struct FlowCounts
{
    uint64_t nSent{0};     //!< packets sent; TCP: 0
    uint64_t nReceived{0}; //!< packets received, pings answered; TCP: reads
    uint64_t bytes{0};     //!< payload received; pings: 0 [bytes]
};

/// What a flow did so far.
struct FlowFigures
{
    std::string name;    //!< such as "udp H-K"
    std::string kind;    //!< "udp", "tcp" or "ping"
    std::string from;    //!< name of its source
    std::string to;      //!< name of its destination
    FlowCounts counts;   //!< in numbers
    TimeHistogram delay; //!< UDP: one way; ping: round trip; TCP: none
};

/**
 * @ingroup xfrm
 * @brief One flow of a run.
 */
class RunFlow
{
  public:
    /// @param figures its name and ends
    explicit RunFlow(FlowFigures figures)
        : m_figures(std::move(figures))
    {
    }

    virtual ~RunFlow() = default;
    RunFlow(const RunFlow&) = delete;
    RunFlow& operator=(const RunFlow&) = delete;
    RunFlow(RunFlow&&) = delete;
    RunFlow& operator=(RunFlow&&) = delete;

    /// @return what it did so far
    FlowFigures GetFigures() const
    {
        FlowFigures figures = m_figures;
        figures.counts = GetCounts();
        return figures;
    }

    /// @return what it did so far, in numbers
    virtual FlowCounts GetCounts() const
    {
        return m_figures.counts;
    }

  protected:
    FlowFigures m_figures; //!< what it did so far
};

/**
 * @ingroup xfrm
 * @brief The flows of a run: UDP and TCP from each left host to its right one, and pings.
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
