/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-config.h"

#include "xfrm-run-cores.h"
#include "xfrm-run-values.h"

#include <algorithm>

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t MAX_FLOWS{4000};       //!< flows of a run; each has sockets, and counts delays
constexpr uint64_t MAX_RESULTS{10000000}; //!< figures of flows and nodes in the time series
constexpr uint32_t PORTS{65536};          //!< ports there are

/// @throws ConfigError unless the ports of some flows exist
void
CheckPorts(const std::string& name, uint16_t first, const std::string& flowsName, uint32_t nFlows)
{
    if (first + nFlows > PORTS)
    {
        throw ConfigError(name + " " + std::to_string(first) + ": must be at most " +
                          std::to_string(PORTS - nFlows) + ", since " + flowsName + " is " +
                          std::to_string(nFlows));
    }
}

/// @throws ConfigError unless traffic begins before it ends
void
CheckTimes(const std::string& kind, Time start, Time stop)
{
    if (!stop.IsZero() && stop <= start)
    {
        throw ConfigError(kind + ".stop " + ToText(stop) + ": must be 0 or above " + kind +
                          ".start, " + ToText(start));
    }
}

/// @throws ConfigError unless the results fit into memory
void
CheckAmount(const RunConfig& config)
{
    const uint64_t perPair =
        uint64_t{config.udpFlows} + config.tcpFlows + (config.pingInterval.IsZero() ? 0 : 1);
    if (perPair * config.hosts > MAX_FLOWS)
    {
        throw ConfigError("udp.flows " + std::to_string(config.udpFlows) + ": with tcp.flows " +
                          std::to_string(config.tcpFlows) + " and line.hosts " +
                          std::to_string(config.hosts) + " must give at most " +
                          std::to_string(MAX_FLOWS) + " flows");
    }
    const uint64_t nFigures = perPair * config.hosts + 2 * uint64_t{config.hosts} +
                              uint64_t{config.gateways} * (1 + config.cores);
    const int64_t mostRows = static_cast<int64_t>(MAX_RESULTS / nFigures);
    if (config.duration.GetNanoSeconds() / config.interval.GetNanoSeconds() > mostRows)
    {
        throw ConfigError("interval " + ToText(config.interval) + ": must give at most " +
                          std::to_string(mostRows) + " rows in the duration, " +
                          ToText(config.duration));
    }
}

} // namespace

void
CheckRunConfig(const RunConfig& config)
{
    CheckPorts("udp.port", config.udpPort, "udp.flows", config.udpFlows);
    CheckPorts("udp.source-port", config.udpSourcePort, "udp.flows", config.udpFlows);
    CheckPorts("tcp.port", config.tcpPort, "tcp.flows", config.tcpFlows);
    CheckTimes("udp", config.udpStart, config.udpStop);
    CheckTimes("tcp", config.tcpStart, config.tcpStop);
    CheckTimes("ping", config.pingStart, config.pingStop);
    CheckAmount(config);
    MakeRunCores(config);
    const bool isNone =
        std::find(config.ipXfrm.begin(), config.ipXfrm.end(), NO_IP_XFRM) != config.ipXfrm.end();
    if (isNone && config.ipXfrm.size() > 1)
    {
        throw ConfigError("ip-xfrm none: must be the only one");
    }
    if (config.usesPcap && config.out.empty())
    {
        throw ConfigError("pcap true: must come with out, the folder for the packets");
    }
}

} // namespace ns3::xfrm
