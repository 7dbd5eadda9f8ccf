/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_REPORT_H
#define XFRM_RUN_REPORT_H

/**
 * @file
 * @ingroup xfrm
 * @brief What a run came to, for people and for programs.  Equal results give equal bytes.
 */

#include "xfrm-run.h"

#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

namespace ns3::xfrm
{

/// A number of a node, by its name in tables.
struct NodeColumn
{
    std::string_view name;                       //!< its name
    uint64_t (*get)(const NodeFigures& figures); //!< its value
};

/// A number of a flow, by its name in tables.
struct FlowColumn
{
    std::string_view name;                     //!< its name
    uint64_t (*get)(const FlowCounts& counts); //!< its value
};

/// @return what tables say of a flow, in their order
std::span<const FlowColumn> GetFlowColumns();

/// @return what tables say of a node, in their order
std::span<const NodeColumn> GetNodeColumns();

/// @param result a run @param flow one of its flows
/// @return payload that it received, mean over the time from its start to its stop [bit/s]
double GetThroughput(const RunResult& result, const FlowFigures& flow);

/// @param time a time @return seconds, without trailing zeros
std::string ToSeconds(Time time);

/// @brief Write tables for people.  @param result the run @param os where to
void PrintRun(const RunResult& result, std::ostream& os);

/// @param result the run @return one JSON object, indented, with a newline at its end
std::string MakeRunJson(const RunResult& result);

} // namespace ns3::xfrm

#endif // XFRM_RUN_REPORT_H
