/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-files.h"

#include "xfrm-run-ini.h"
#include "xfrm-run-report.h"
#include "xfrm-run-values.h"

#include <ostream>

namespace ns3::xfrm
{

namespace
{

namespace fs = std::filesystem;

void
WriteFlows(const RunResult& result, std::ostream& os)
{
    os << "flow,kind,from,to,sent,refused,sent_bytes,received,received_bytes,throughput_bps,"
          "delay_mean_ns,delay_p50_ns,delay_p99_ns,delay_max_ns\n";
    for (const FlowFigures& flow : result.flows)
    {
        const FlowCounts& counts = flow.counts;
        os << flow.name << ',' << flow.kind << ',' << flow.from << ',' << flow.to << ','
           << counts.nSent << ',' << counts.nRefused << ',' << counts.sentBytes << ','
           << counts.nReceived << ',' << counts.receivedBytes << ','
           << ToText(GetThroughput(result, flow)) << ',';
        if (flow.delay.GetCount() == 0)
        {
            os << ",,,\n";
            continue;
        }
        os << ToText(flow.delay.GetMean()) << ',' << flow.delay.GetPercentile(0.5).GetNanoSeconds()
           << ',' << flow.delay.GetPercentile(0.99).GetNanoSeconds() << ','
           << flow.delay.GetMax().GetNanoSeconds() << '\n';
    }
}

void
WriteFlowSeries(const RunResult& result, std::ostream& os)
{
    os << "time_s,flow";
    for (const FlowColumn& column : GetFlowColumns())
    {
        os << ',' << column.name;
    }
    os << '\n';
    for (const RunSample& sample : result.series)
    {
        for (size_t i = 0; i < sample.flows.size(); ++i)
        {
            os << ToSeconds(sample.time) << ',' << result.flows[i].name;
            for (const FlowColumn& column : GetFlowColumns())
            {
                os << ',' << column.get(sample.flows[i]);
            }
            os << '\n';
        }
    }
}

/// @brief Write a table of nodes at some times.
/// @param samples the times @param hasTime whether a column tells them
void
WriteNodes(const std::vector<RunSample>& samples, bool hasTime, std::ostream& os)
{
    os << (hasTime ? "time_s,node" : "node");
    for (const NodeColumn& column : GetNodeColumns())
    {
        os << ',' << column.name;
    }
    os << '\n';
    for (const RunSample& sample : samples)
    {
        for (const NodeFigures& node : sample.nodes)
        {
            os << (hasTime ? ToSeconds(sample.time) + "," : "") << node.name;
            for (const NodeColumn& column : GetNodeColumns())
            {
                os << ',' << column.get(node);
            }
            os << '\n';
        }
    }
}

/// @brief Write a table of cores at some times.
/// @param samples the times @param hasTime whether a column tells them
void
WriteCores(const std::vector<RunSample>& samples, bool hasTime, std::ostream& os)
{
    os << (hasTime ? "time_s,node,core" : "node,core");
    for (const CoreColumn& column : GetCoreColumns())
    {
        os << ',' << column.name;
    }
    os << '\n';
    for (const RunSample& sample : samples)
    {
        for (const NodeFigures& node : sample.nodes)
        {
            for (size_t cpu = 0; cpu < node.cores.size(); ++cpu)
            {
                os << (hasTime ? ToSeconds(sample.time) + "," : "") << node.name << ',' << cpu;
                for (const CoreColumn& column : GetCoreColumns())
                {
                    os << ',' << column.get(node.cores[cpu]);
                }
                os << '\n';
            }
        }
    }
}

/// Writes what a run needs to be done again.
void
WriteSettings(const RunResult& result, const fs::path& folder)
{
    RunConfig config = result.config;
    config.ipXfrm.clear();
    for (const IpXfrmText& each : result.ipXfrm)
    {
        const std::string name = "ip-xfrm-" + std::to_string(config.ipXfrm.size() + 1);
        config.ipXfrm.push_back(ToText(IpXfrmFile{each.file.node, name}));
        WriteFile(folder / name, [&](std::ostream& os) { os << each.text; });
    }
    if (config.ipXfrm.empty())
    {
        config.ipXfrm = {NO_IP_XFRM};
    }
    if (config.cores > 0)
    {
        const std::string text = CostProfile::GetText(config.profile);
        config.profile = "profile.json";
        WriteFile(folder / config.profile, [&](std::ostream& os) { os << text; });
    }
    WriteFile(folder / "config.ini", [&](std::ostream& os) { os << WriteRunConfig(config); });
}

} // namespace

void
WriteRunFiles(const RunResult& result, const fs::path& folder)
{
    WriteFile(folder / "summary.json", [&](std::ostream& os) { os << MakeRunJson(result); });
    WriteFile(folder / "flows.csv", [&](std::ostream& os) { WriteFlows(result, os); });
    WriteFile(folder / "nodes.csv",
              [&](std::ostream& os) { WriteNodes({result.last}, false, os); });
    WriteFile(folder / "flow-series.csv", [&](std::ostream& os) { WriteFlowSeries(result, os); });
    WriteFile(folder / "node-series.csv",
              [&](std::ostream& os) { WriteNodes(result.series, true, os); });
    if (result.config.cores > 0)
    {
        WriteFile(folder / "cores.csv",
                  [&](std::ostream& os) { WriteCores({result.last}, false, os); });
        WriteFile(folder / "core-series.csv",
                  [&](std::ostream& os) { WriteCores(result.series, true, os); });
    }
    for (const NodeFigures& node : result.last.nodes)
    {
        WriteFile(folder / (node.name + ".xfrm_stat"),
                  [&](std::ostream& os) { node.statistics.Print(os); });
    }
    WriteSettings(result, folder);
}

} // namespace ns3::xfrm
