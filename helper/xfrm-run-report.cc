/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-report.h"

#include "xfrm-run-options.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

namespace ns3::xfrm
{

namespace
{

using Json = nlohmann::ordered_json;

/// @return packets that a node dropped, for all reasons
uint64_t
CountDrops(const NodeFigures& node)
{
    uint64_t sum = 0;
    for (const auto& [reason, count] : node.drops)
    {
        sum += count;
    }
    return sum;
}

constexpr std::array<NodeColumn, 31> NODE_COLUMNS{{
    {"in", [](const NodeFigures& n) { return n.nIn; }},
    {"in_bytes", [](const NodeFigures& n) { return n.inBytes; }},
    {"out", [](const NodeFigures& n) { return n.nOut; }},
    {"out_bytes", [](const NodeFigures& n) { return n.outBytes; }},
    {"sent", [](const NodeFigures& n) { return n.nSent; }},
    {"forwarded", [](const NodeFigures& n) { return n.nForwarded; }},
    {"delivered", [](const NodeFigures& n) { return n.nDelivered; }},
    {"dropped", CountDrops},
    {"sealed", [](const NodeFigures& n) { return n.work.transform.nSealed; }},
    {"sealed_bytes", [](const NodeFigures& n) { return n.work.transform.nSealedBytes; }},
    {"opened", [](const NodeFigures& n) { return n.work.transform.nOpened; }},
    {"opened_bytes", [](const NodeFigures& n) { return n.work.transform.nOpenedBytes; }},
    {"cache_lookups", [](const NodeFigures& n) { return n.work.cache.GetLookups(); }},
    {"cache_hits", [](const NodeFigures& n) { return n.work.cache.nHits; }},
    {"cache_negative", [](const NodeFigures& n) { return n.work.cache.nNegative; }},
    {"cache_refused", [](const NodeFigures& n) { return n.work.cache.nRefused; }},
    {"cache_stale", [](const NodeFigures& n) { return n.work.cache.nStale; }},
    {"cache_misses", [](const NodeFigures& n) { return n.work.cache.nMisses; }},
    {"cache_shrinks", [](const NodeFigures& n) { return n.work.cache.nShrinks; }},
    {"cache_reseeds", [](const NodeFigures& n) { return n.work.cache.nReseeds; }},
    {"cache_entries", [](const NodeFigures& n) { return uint64_t{n.cacheSize}; }},
    {"output_lookups", [](const NodeFigures& n) { return n.work.nOutputLookups; }},
    {"policy_checks", [](const NodeFigures& n) { return n.work.nPolicyChecks; }},
    {"policy_searches", [](const NodeFigures& n) { return n.work.policy.nLookups; }},
    {"policies_compared",
     [](const NodeFigures& n) {
         return n.work.policy.nExactCompared + n.work.policy.nInexactCompared;
     }},
    {"state_searches", [](const NodeFigures& n) { return n.work.state.nFinds; }},
    {"states_compared", [](const NodeFigures& n) { return n.work.state.nFindCompared; }},
    {"bundles", [](const NodeFigures& n) { return n.work.bundle.nBundles; }},
    {"bundles_reused", [](const NodeFigures& n) { return n.work.bundle.nReused; }},
    {"policies", [](const NodeFigures& n) { return uint64_t{n.nPolicies}; }},
    {"states", [](const NodeFigures& n) { return uint64_t{n.nStates}; }},
}};

constexpr std::array FLOW_COLUMNS{
    FlowColumn{"sent", [](const FlowCounts& c) { return c.nSent; }},
    FlowColumn{"refused", [](const FlowCounts& c) { return c.nRefused; }},
    FlowColumn{"sent_bytes", [](const FlowCounts& c) { return c.sentBytes; }},
    FlowColumn{"received", [](const FlowCounts& c) { return c.nReceived; }},
    FlowColumn{"received_bytes", [](const FlowCounts& c) { return c.receivedBytes; }},
};

Json
ToJson(const TimeHistogram& delay)
{
    if (delay.GetCount() == 0)
    {
        return nullptr;
    }
    return {{"mean_ns", delay.GetMean()},
            {"p50_ns", delay.GetPercentile(0.5).GetNanoSeconds()},
            {"p90_ns", delay.GetPercentile(0.9).GetNanoSeconds()},
            {"p99_ns", delay.GetPercentile(0.99).GetNanoSeconds()},
            {"p99.9_ns", delay.GetPercentile(0.999).GetNanoSeconds()},
            {"max_ns", delay.GetMax().GetNanoSeconds()}};
}

Json
ToJson(const RunResult& result, const FlowFigures& flow)
{
    Json json{{"name", flow.name}, {"kind", flow.kind}, {"from", flow.from}, {"to", flow.to}};
    for (const FlowColumn& column : FLOW_COLUMNS)
    {
        json[std::string(column.name)] = column.get(flow.counts);
    }
    json["throughput_bps"] = GetThroughput(result, flow);
    json["delay"] = ToJson(flow.delay);
    return json;
}

Json
ToJson(const Statistics& statistics)
{
    Json json;
    for (size_t i = 0; i < Statistics::N_COUNTERS; ++i)
    {
        const auto counter = static_cast<Counter>(i);
        json[Statistics::GetLabel(counter)] = statistics.Get(counter);
    }
    return json;
}

/// @return all flows of a kind together
Json
AddUp(const RunResult& result, const std::string& kind)
{
    uint64_t nFlows = 0;
    double throughput = 0;
    TimeHistogram delay;
    std::array<uint64_t, FLOW_COLUMNS.size()> sums{};
    for (const FlowFigures& flow : result.flows)
    {
        if (flow.kind == kind)
        {
            ++nFlows;
            throughput += GetThroughput(result, flow);
            delay += flow.delay;
            for (size_t i = 0; i < sums.size(); ++i)
            {
                sums[i] += FLOW_COLUMNS[i].get(flow.counts);
            }
        }
    }
    Json json{{"flows", nFlows}};
    for (size_t i = 0; i < sums.size(); ++i)
    {
        json[std::string(FLOW_COLUMNS[i].name)] = sums[i];
    }
    json["throughput_bps"] = throughput;
    json["delay"] = ToJson(delay);
    return json;
}

/// @return all flows, and all nodes, together
Json
MakeTotal(const RunResult& result)
{
    Json json;
    for (const char* kind : {"udp", "tcp", "ping"})
    {
        json[kind] = AddUp(result, kind);
    }
    for (const NodeColumn& column : GetNodeColumns())
    {
        uint64_t sum = 0;
        for (const NodeFigures& node : result.last.nodes)
        {
            sum += column.get(node);
        }
        json[std::string(column.name)] = sum;
    }
    std::map<std::string, uint64_t> drops;
    Statistics statistics;
    for (const NodeFigures& node : result.last.nodes)
    {
        for (const auto& [reason, count] : node.drops)
        {
            drops[reason] += count;
        }
        statistics += node.statistics;
    }
    json["drops"] = drops;
    json["xfrm_stat"] = ToJson(statistics);
    return json;
}

Json
ToJson(const ReceiveCounts& counts, uint64_t nInFlight)
{
    return {{"received", counts.nReceived},
            {"forwarded", counts.nForwarded},
            {"delivered", counts.nDelivered},
            {"to_ipsec", counts.nToIpsec},
            {"kept", counts.nKept},
            {"dropped", counts.nDropped},
            {"ring_dropped", counts.nRingDropped},
            {"backlog_dropped", counts.nBacklogDropped},
            {"in_flight", nInFlight}};
}

Json
ToJson(const CoreSample& core)
{
    Json json;
    for (const CoreColumn& column : GetCoreColumns())
    {
        json[std::string(column.name)] = column.get(core);
    }
    return json;
}

Json
ToJson(const LockSample& lock)
{
    return {{"kind", lock.kind},
            {"taken", lock.figures.nTaken},
            {"contended", lock.figures.nContended},
            {"wait_ns", lock.figures.waitNs},
            {"held_ns", lock.figures.heldNs},
            {"max_waiting", lock.figures.maxWaiting}};
}

Json
ToJson(const NodeFigures& node)
{
    Json json{{"name", node.name}};
    for (const NodeColumn& column : NODE_COLUMNS)
    {
        json[std::string(column.name)] = column.get(node);
    }
    json["drops"] = node.drops;
    if (!node.cores.empty())
    {
        json["receive"] = ToJson(node.receive, node.nInFlight);
        json["cores"] = Json::array();
        for (const CoreSample& core : node.cores)
        {
            json["cores"].push_back(ToJson(core));
        }
        json["locks"] = Json::object();
        for (const LockSample& lock : node.locks)
        {
            json["locks"][std::string(lock.name)] = ToJson(lock);
        }
    }
    json["xfrm_stat"] = ToJson(node.statistics);
    return json;
}

Json
ToJson(const RunConfig& config)
{
    Json json;
    for (const RunOption& option : GetRunOptions())
    {
        if (option.kind == RunOption::Kind::OfRun)
        {
            json[option.name] = option.get(config);
        }
    }
    return json;
}

} // namespace

std::span<const FlowColumn>
GetFlowColumns()
{
    return FLOW_COLUMNS;
}

std::span<const NodeColumn>
GetNodeColumns()
{
    return NODE_COLUMNS;
}

double
GetThroughput(const RunResult& result, const FlowFigures& flow)
{
    const Time end = flow.stop.IsZero() ? result.last.time : std::min(flow.stop, result.last.time);
    const double seconds = (end - flow.start).GetSeconds();
    return seconds > 0 ? 8.0 * static_cast<double>(flow.counts.receivedBytes) / seconds : 0.0;
}

std::string
ToSeconds(Time time)
{
    constexpr int64_t SECOND{1000000000};
    const int64_t ns = time.GetNanoSeconds();
    std::string digits = std::to_string(SECOND + ns % SECOND); // a one, then nine digits
    digits.resize(digits.find_last_not_of('0') + 1);
    const std::string fraction = ns % SECOND == 0 ? "" : "." + digits.substr(1);
    return std::to_string(ns / SECOND) + fraction;
}

std::string
MakeRunJson(const RunResult& result)
{
    Json json{{"simulated_s", static_cast<double>(result.last.time.GetNanoSeconds()) / 1e9},
              {"partial", result.isPartial},
              {"config", ToJson(result.config)},
              {"total", MakeTotal(result)},
              {"flows", Json::array()},
              {"nodes", Json::array()}};
    for (const FlowFigures& flow : result.flows)
    {
        json["flows"].push_back(ToJson(result, flow));
    }
    for (const NodeFigures& node : result.last.nodes)
    {
        json["nodes"].push_back(ToJson(node));
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace ns3::xfrm
