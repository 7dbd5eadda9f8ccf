/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-traffic.h"

namespace ns3::xfrm
{

RunTraffic::RunTraffic(const RunConfig& config, const RunNetwork& network, int64_t stream)
{
    const double nUdp = uint64_t{config.hosts} * config.udpFlows;
    for (uint32_t i = 0; i < config.hosts; ++i)
    {
        FlowPlace place{.from = network.GetLeft(i),
                        .to = network.GetRight(i),
                        .target = RunNetwork::GetRightAddress(i)};
        for (place.number = 0; place.number < config.udpFlows; ++place.number)
        {
            place.phase = (uint64_t{i} * config.udpFlows + place.number) / nUdp;
            m_flows.push_back(std::make_unique<UdpFlow>(config, place, stream++));
        }
        for (place.number = 0; place.number < config.tcpFlows; ++place.number)
        {
            m_flows.push_back(std::make_unique<TcpFlow>(config, place));
        }
        place.number = 0;
        if (!config.pingInterval.IsZero())
        {
            m_flows.push_back(std::make_unique<PingFlow>(config, place, static_cast<uint16_t>(i)));
        }
    }
}

std::vector<FlowCounts>
RunTraffic::GetCounts() const
{
    std::vector<FlowCounts> counts;
    for (const auto& flow : m_flows)
    {
        counts.push_back(flow->GetFigures().counts);
    }
    return counts;
}

std::vector<FlowFigures>
RunTraffic::GetFigures() const
{
    std::vector<FlowFigures> figures;
    for (const auto& flow : m_flows)
    {
        figures.push_back(flow->GetFigures());
    }
    return figures;
}

} // namespace ns3::xfrm
