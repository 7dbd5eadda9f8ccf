/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-report.h"

#include "xfrm-ip-xfrm-names.h"
#include "xfrm-run-options.h"

#include "ns3/xfrm-kernel.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

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

Json
ToJson(const TimeHistogram& delay)
{
    if (delay.GetCount() == 0)
    {
        return nullptr;
    }
    return {{"mean_ns", delay.GetMean()},
            {"p50_ns", delay.GetPercentile(0.5).GetNanoSeconds()},
            {"p99_ns", delay.GetPercentile(0.99).GetNanoSeconds()},
            {"max_ns", delay.GetMax().GetNanoSeconds()}};
}

Json
ToJson(const RunResult& result, const FlowFigures& flow)
{
    return {{"name", flow.name},
            {"kind", flow.kind},
            {"from", flow.from},
            {"to", flow.to},
            {"sent", flow.counts.nSent},
            {"refused", flow.counts.nRefused},
            {"sent_bytes", flow.counts.sentBytes},
            {"received", flow.counts.nReceived},
            {"received_bytes", flow.counts.receivedBytes},
            {"throughput_bps", GetThroughput(result, flow)},
            {"delay", ToJson(flow.delay)}};
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
    }
    for (size_t i = 0; i < Statistics::N_COUNTERS; ++i)
    {
        const auto counter = static_cast<Counter>(i);
        json["xfrm_stat"][Statistics::GetLabel(counter)] = node.statistics.Get(counter);
    }
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

/// @return a number with a fixed count of decimals
std::string
ToFixed(double value, int nDecimals)
{
    std::ostringstream text;
    text << std::fixed << std::setprecision(nDecimals) << value;
    return text.str();
}

/// @return a number with a blank between thousands
std::string
ToGrouped(uint64_t value)
{
    std::string text = std::to_string(value);
    for (size_t at = text.size(); at > 3; at -= 3)
    {
        text.insert(at - 3, 1, ' ');
    }
    return text;
}

/// Rows of right-aligned columns behind a left-aligned first one.
class Table
{
  public:
    /// @param cells one for each column
    void AddRow(std::vector<std::string> cells)
    {
        m_rows.push_back(std::move(cells));
    }

    void Print(std::ostream& os) const
    {
        std::vector<size_t> widths(m_rows[0].size());
        for (const auto& row : m_rows)
        {
            for (size_t i = 0; i < row.size(); ++i)
            {
                widths[i] = std::max(widths[i], row[i].size());
            }
        }
        for (const auto& row : m_rows)
        {
            os << "  " << std::left << std::setw(static_cast<int>(widths[0])) << row[0]
               << std::right;
            for (size_t i = 1; i < row.size(); ++i)
            {
                os << "  " << std::setw(static_cast<int>(widths[i])) << row[i];
            }
            os << '\n';
        }
        os << '\n';
    }

  private:
    std::vector<std::vector<std::string>> m_rows; //!< head and rows
};

void
PrintFlows(const RunResult& result, std::ostream& os)
{
    os << "Flows (delay in ms: of UDP one way, else round trip)\n";
    Table table;
    table.AddRow({"flow", "sent", "received", "bytes", "Mbit/s", "mean", "p50", "p99", "max"});
    for (const FlowFigures& flow : result.flows)
    {
        const bool isTcp = flow.kind == "tcp";
        std::vector<std::string> cells{flow.name,
                                       isTcp ? "-" : ToGrouped(flow.counts.nSent),
                                       isTcp ? "-" : ToGrouped(flow.counts.nReceived),
                                       ToGrouped(flow.counts.receivedBytes),
                                       ToFixed(GetThroughput(result, flow) / 1e6, 3)};
        const auto addDelay = [&](double ns) {
            cells.push_back(flow.delay.GetCount() == 0 ? "-" : ToFixed(ns / 1e6, 3));
        };
        addDelay(flow.delay.GetMean());
        for (const double share : {0.5, 0.99, 1.0})
        {
            addDelay(static_cast<double>(flow.delay.GetPercentile(share).GetNanoSeconds()));
        }
        table.AddRow(cells);
    }
    table.Print(os);
}

/// @brief Print some columns of some nodes.
void
PrintColumns(const std::vector<NodeFigures>& nodes,
             std::initializer_list<std::pair<const char*, const char*>> heads,
             std::ostream& os)
{
    Table table;
    std::vector<std::string> cells{"node"};
    for (const auto& [head, name] : heads)
    {
        cells.emplace_back(head);
    }
    table.AddRow(cells);
    for (const NodeFigures& node : nodes)
    {
        cells = {node.name};
        for (const auto& [head, name] : heads)
        {
            cells.push_back(ToGrouped(FindName(NODE_COLUMNS, name)->get(node)));
        }
        table.AddRow(cells);
    }
    table.Print(os);
}

void
PrintFlowCaches(const std::vector<NodeFigures>& nodes, std::ostream& os)
{
    os << "Flow cache, all CPUs (of nodes with policies or states)\n";
    PrintColumns(nodes,
                 {{"policies", "policies"},
                  {"states", "states"},
                  {"lookups", "cache_lookups"},
                  {"hits", "cache_hits"},
                  {"negative", "cache_negative"},
                  {"refused", "cache_refused"},
                  {"stale", "cache_stale"},
                  {"misses", "cache_misses"},
                  {"shrinks", "cache_shrinks"},
                  {"reseeds", "cache_reseeds"},
                  {"entries", "cache_entries"}},
                 os);
}

void
PrintSearches(const std::vector<NodeFigures>& nodes, std::ostream& os)
{
    os << "Searches, all CPUs (of nodes with policies or states)\n";
    PrintColumns(nodes,
                 {{"policies", "policies"},
                  {"states", "states"},
                  {"lookups", "output_lookups"},
                  {"checks", "policy_checks"},
                  {"of policies", "policy_searches"},
                  {"compared", "policies_compared"},
                  {"of states", "state_searches"},
                  {"compared", "states_compared"},
                  {"chains built", "bundles"},
                  {"used again", "bundles_reused"}},
                 os);
}

void
PrintNodes(const RunResult& result, std::ostream& os)
{
    os << "Packets (in, out: on links; sealed, opened: by IPsec)\n";
    PrintColumns(result.last.nodes,
                 {{"in", "in"},
                  {"out", "out"},
                  {"sent", "sent"},
                  {"forwarded", "forwarded"},
                  {"delivered", "delivered"},
                  {"dropped", "dropped"},
                  {"sealed", "sealed"},
                  {"opened", "opened"}},
                 os);
    std::vector<NodeFigures> protectors;
    std::copy_if(result.last.nodes.begin(),
                 result.last.nodes.end(),
                 std::back_inserter(protectors),
                 [](const NodeFigures& node) { return node.nPolicies > 0 || node.nStates > 0; });
    if (protectors.empty())
    {
        os << "No node has policies or states.\n\n";
        return;
    }
    if (Kernel::Find(result.config.kernel).memory == LookupMemory::FlowCache)
    {
        PrintFlowCaches(protectors, os);
    }
    else
    {
        PrintSearches(protectors, os);
    }
}

/// @return a duration in microseconds
std::string
ToUs(Time time)
{
    return ToFixed(static_cast<double>(time.GetNanoSeconds()) / 1e3, 2);
}

void
PrintCores(const RunResult& result, std::ostream& os)
{
    if (result.config.cores == 0)
    {
        return;
    }
    os << "Cores (busy in % of the time, waits and services in us)\n";
    Table table;
    table.AddRow({"core",
                  "busy",
                  "jobs",
                  "ring drops",
                  "queue",
                  "max",
                  "wait p50",
                  "p99",
                  "service p50",
                  "p99",
                  "lookups",
                  "hits",
                  "misses",
                  "stale",
                  "shrinks",
                  "reseeds"});
    for (const NodeFigures& node : result.last.nodes)
    {
        for (size_t i = 0; i < node.cores.size(); ++i)
        {
            const CoreSample& core = node.cores[i];
            const double share = core.busyTime.GetSeconds() / result.last.time.GetSeconds();
            table.AddRow({node.name + " " + std::to_string(i),
                          ToFixed(100 * share, 1),
                          ToGrouped(core.nSoftirqJobs + core.nProcessJobs),
                          ToGrouped(core.nRingDropped),
                          ToGrouped(core.queueLength),
                          ToGrouped(core.maxQueueLength),
                          ToUs(core.waiting.p50),
                          ToUs(core.waiting.p99),
                          ToUs(core.service.p50),
                          ToUs(core.service.p99),
                          ToGrouped(core.cache.GetLookups()),
                          ToGrouped(core.cache.nHits),
                          ToGrouped(core.cache.nMisses),
                          ToGrouped(core.cache.nStale),
                          ToGrouped(core.cache.nShrinks),
                          ToGrouped(core.cache.nReseeds)});
        }
    }
    table.Print(os);
}

void
PrintCounters(const RunResult& result, std::ostream& os)
{
    os << "Refusals, drops and xfrm_stat, where not 0\n";
    bool isAny = false;
    const auto print = [&](const std::string& who, const std::string& what, uint64_t count) {
        if (count != 0)
        {
            os << "  " << who << ": " << what << ' ' << ToGrouped(count) << '\n';
            isAny = true;
        }
    };
    for (const FlowFigures& flow : result.flows)
    {
        print(flow.name, "refused to the sender", flow.counts.nRefused);
    }
    for (const NodeFigures& node : result.last.nodes)
    {
        for (const auto& [reason, count] : node.drops)
        {
            print(node.name, "dropped for " + reason, count);
        }
        for (size_t i = 0; i < Statistics::N_COUNTERS; ++i)
        {
            const auto counter = static_cast<Counter>(i);
            print(node.name, Statistics::GetLabel(counter), node.statistics.Get(counter));
        }
    }
    os << (isAny ? "" : "  none\n");
}

} // namespace

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

void
PrintRun(const RunResult& result, std::ostream& os)
{
    const RunConfig& config = result.config;
    os << config.kernel << ", " << config.gateways << " gateways, " << config.hosts
       << (config.hosts == 1 ? " host" : " hosts") << " on each side, seed " << config.seed << ", "
       << ToSeconds(result.last.time) << " s simulated"
       << (config.cores == 0
               ? ""
               : ", " + std::to_string(config.cores) + " cores a gateway, " + config.profile)
       << (result.isPartial ? ", INCOMPLETE: stopped before " + ToSeconds(config.duration) + " s"
                            : "")
       << "\n\n";
    PrintFlows(result, os);
    PrintNodes(result, os);
    PrintCores(result, os);
    PrintCounters(result, os);
}

std::string
MakeRunJson(const RunResult& result)
{
    Json json{{"simulated_s", static_cast<double>(result.last.time.GetNanoSeconds()) / 1e9},
              {"partial", result.isPartial},
              {"config", ToJson(result.config)},
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
    return json.dump(2) + "\n";
}

} // namespace ns3::xfrm
