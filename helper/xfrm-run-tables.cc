/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ip-xfrm-names.h"
#include "xfrm-run-report.h"
#include "xfrm-text-table.h"

#include "ns3/xfrm-kernel.h"

#include <algorithm>
#include <initializer_list>
#include <utility>
#include <vector>

namespace ns3::xfrm
{

namespace
{

void
PrintFlows(const RunResult& result, std::ostream& os)
{
    os << "Flows (delay in ms: of UDP one way, else round trip)\n";
    TextTable table;
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
    os << '\n';
}

/// @brief Print some columns of some nodes.
void
PrintColumns(const std::vector<NodeFigures>& nodes,
             std::initializer_list<std::pair<const char*, const char*>> heads,
             std::ostream& os)
{
    TextTable table;
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
            cells.push_back(ToGrouped(FindName(GetNodeColumns(), name)->get(node)));
        }
        table.AddRow(cells);
    }
    table.Print(os);
    os << '\n';
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
    os << "Cores (busy, and of it waiting for locks, in % of the time; waits and services in us)\n";
    TextTable table;
    table.AddRow({"core",
                  "busy",
                  "locks",
                  "jobs",
                  "steered",
                  "ring drops",
                  "backlog drops",
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
            const auto share = [&](Time time) {
                return ToFixed(100 * time.GetSeconds() / result.last.time.GetSeconds(), 1);
            };
            table.AddRow({node.name + " " + std::to_string(i),
                          share(core.busyTime),
                          share(core.lockWait),
                          ToGrouped(core.nSoftirqJobs + core.nProcessJobs),
                          ToGrouped(core.nSteered),
                          ToGrouped(core.nRingDropped),
                          ToGrouped(core.nBacklogDropped),
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
    os << '\n';
}

void
PrintLocks(const RunResult& result, std::ostream& os)
{
    TextTable table;
    table.AddRow({"lock", "kind", "taken", "contended", "mean wait", "held", "most waiting"});
    bool isAny = false;
    for (const NodeFigures& node : result.last.nodes)
    {
        for (const LockSample& lock : node.locks)
        {
            const LockFigures& figures = lock.figures;
            std::string name = node.name + " " + std::string(lock.name);
            std::ranges::replace(name, '_', ' ');
            const auto nContended = static_cast<int64_t>(figures.nContended);
            table.AddRow({name,
                          std::string(lock.kind),
                          ToGrouped(figures.nTaken),
                          ToGrouped(figures.nContended),
                          nContended == 0 ? "-" : ToUs(NanoSeconds(figures.waitNs / nContended)),
                          ToUs(NanoSeconds(figures.heldNs)),
                          std::to_string(figures.maxWaiting)});
            isAny = true;
        }
    }
    if (isAny)
    {
        os << "Locks (waits of contended ones, and all time held, in us)\n";
        table.Print(os);
        os << '\n';
    }
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
    PrintLocks(result, os);
    PrintCounters(result, os);
}

} // namespace ns3::xfrm
