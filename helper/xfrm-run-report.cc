/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-report.h"

#include <array>
#include <cerrno>
#include <fstream>
#include <functional>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>

namespace ns3::xfrm
{

namespace
{

using Json = nlohmann::ordered_json;

/// A number of a node, by its name in tables.
struct NodeColumn
{
    const char* name;                            //!< its name
    uint64_t (*get)(const NodeFigures& figures); //!< its value
};

/// What tables say of a node.
constexpr std::array<NodeColumn, 20> NODE_COLUMNS{{
    {"sent", [](const NodeFigures& n) { return n.nSent; }},
    {"forwarded", [](const NodeFigures& n) { return n.nForwarded; }},
    {"delivered", [](const NodeFigures& n) { return n.nDelivered; }},
    {"dropped",
     [](const NodeFigures& n) {
         uint64_t sum = 0;
         for (const auto& [reason, count] : n.drops)
         {
             sum += count;
         }
         return sum;
     }},
    {"sealed", [](const NodeFigures& n) { return n.work.nTransforms; }},
    {"sealed_bytes", [](const NodeFigures& n) { return n.work.nSealedBytes; }},
    {"opened", [](const NodeFigures& n) { return n.work.nReceived; }},
    {"opened_bytes", [](const NodeFigures& n) { return n.work.nOpenedBytes; }},
    {"cache_lookups", [](const NodeFigures& n) { return n.work.cache.GetLookups(); }},
    {"cache_hits", [](const NodeFigures& n) { return n.work.cache.nHits; }},
    {"cache_negative", [](const NodeFigures& n) { return n.work.cache.nNegative; }},
    {"cache_refused", [](const NodeFigures& n) { return n.work.cache.nRefused; }},
    {"cache_stale", [](const NodeFigures& n) { return n.work.cache.nStale; }},
    {"cache_misses", [](const NodeFigures& n) { return n.work.cache.nMisses; }},
    {"cache_shrinks", [](const NodeFigures& n) { return n.work.cache.nShrinks; }},
    {"cache_reseeds", [](const NodeFigures& n) { return n.work.cache.nReseeds; }},
    {"cache_entries", [](const NodeFigures& n) { return uint64_t{n.cacheSize}; }},
    {"bundles", [](const NodeFigures& n) { return n.work.bundle.nBundles; }},
    {"policies", [](const NodeFigures& n) { return uint64_t{n.nPolicies}; }},
    {"states", [](const NodeFigures& n) { return uint64_t{n.nStates}; }},
}};

/// @return seconds, without trailing zeros
std::string
ToSeconds(Time time)
{
    std::ostringstream text;
    text << std::setprecision(12) << static_cast<double>(time.GetNanoSeconds()) / 1e9;
    return text.str();
}

/// @return time during which traffic could flow [s]
double
GetTrafficSeconds(const RunResult& result)
{
    return std::max(0.0, (result.last.time - result.config.start).GetSeconds());
}

/// @return payload that a flow carried, mean over the run [bit/s]
double
GetThroughput(const RunResult& result, const FlowFigures& flow)
{
    const double seconds = GetTrafficSeconds(result);
    return seconds > 0 ? 8.0 * static_cast<double>(flow.counts.bytes) / seconds : 0.0;
}

/// @return a file to write @throws std::system_error if it can't be made
std::ofstream
Open(const std::filesystem::path& path)
{
    std::ofstream file(path);
    if (!file)
    {
        throw std::system_error(errno, std::generic_category(), path.string());
    }
    return file;
}

/// @throws std::system_error if not all was written
void
Close(std::ofstream& file, const std::filesystem::path& path)
{
    file.close();
    if (!file)
    {
        throw std::system_error(EIO, std::generic_category(), path.string());
    }
}

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
            {"received", flow.counts.nReceived},
            {"received_bytes", flow.counts.bytes},
            {"throughput_bps", GetThroughput(result, flow)},
            {"delay", ToJson(flow.delay)}};
}

Json
ToJson(const NodeFigures& node)
{
    Json json{{"name", node.name}};
    for (const NodeColumn& column : NODE_COLUMNS)
    {
        json[column.name] = column.get(node);
    }
    json["drops"] = node.drops;
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
    Json json{{"ip-xfrm", config.ipXfrm}};
    for (const RunOption& option : GetRunOptions())
    {
        json[option.name] = option.get(config);
    }
    return json;
}

/// @return a time in milliseconds, for people
std::string
ToMs(double ns)
{
    std::ostringstream text;
    text << std::fixed << std::setprecision(3) << ns / 1e6;
    return text.str();
}

/// Writes rows of right-aligned columns behind a left-aligned first one.
class Table
{
  public:
    explicit Table(std::ostream& os)
        : m_os(os)
    {
    }

    void Row(const std::vector<std::string>& cells)
    {
        m_os << "  " << std::left << std::setw(16) << cells[0] << std::right;
        for (size_t i = 1; i < cells.size(); ++i)
        {
            m_os << ' ' << std::setw(11) << cells[i];
        }
        m_os << '\n';
    }

  private:
    std::ostream& m_os;
};

void
PrintFlows(const RunResult& result, std::ostream& os)
{
    os << "Flows (delay in ms: one way, ping: round trip)\n";
    Table table(os);
    table.Row({"flow", "sent", "received", "Mbit/s", "mean", "p50", "p99", "max"});
    for (const FlowFigures& flow : result.flows)
    {
        std::ostringstream rate;
        rate << std::fixed << std::setprecision(3) << GetThroughput(result, flow) / 1e6;
        std::vector<std::string> cells{flow.name,
                                       flow.kind == "tcp" ? "-" : std::to_string(flow.counts.nSent),
                                       flow.kind == "tcp" ? "-"
                                                          : std::to_string(flow.counts.nReceived),
                                       flow.kind == "ping" ? "-" : rate.str()};
        for (const double share : {-1.0, 0.5, 0.99, 1.0})
        {
            const double ns =
                share < 0 ? flow.delay.GetMean()
                          : static_cast<double>(flow.delay.GetPercentile(share).GetNanoSeconds());
            cells.push_back(flow.delay.GetCount() == 0 ? "-" : ToMs(ns));
        }
        table.Row(cells);
    }
}

void
PrintNodes(const RunResult& result, std::ostream& os)
{
    os << "Packets\n";
    Table packets(os);
    packets.Row({"node", "sent", "forwarded", "delivered", "dropped", "sealed", "opened"});
    os.flush();
    const auto get = [](const NodeFigures& node, size_t column) {
        return std::to_string(NODE_COLUMNS[column].get(node));
    };
    for (const NodeFigures& node : result.last.nodes)
    {
        packets.Row({node.name,
                     get(node, 0),
                     get(node, 1),
                     get(node, 2),
                     get(node, 3),
                     get(node, 4),
                     get(node, 6)});
    }
    os << "Flow cache, of nodes with policies\n";
    Table cache(os);
    cache.Row({"node", "lookups", "hits", "negative", "refused", "stale", "misses", "entries"});
    for (const NodeFigures& node : result.last.nodes)
    {
        if (node.nPolicies > 0)
        {
            cache.Row({node.name,
                       get(node, 8),
                       get(node, 9),
                       get(node, 10),
                       get(node, 11),
                       get(node, 12),
                       get(node, 13),
                       get(node, 16)});
        }
    }
}

void
PrintCounters(const RunResult& result, std::ostream& os)
{
    os << "Drops and xfrm_stat, where not 0\n";
    bool isAny = false;
    for (const NodeFigures& node : result.last.nodes)
    {
        for (const auto& [reason, count] : node.drops)
        {
            os << "  " << node.name << ": dropped " << count << ", " << reason << '\n';
            isAny = true;
        }
        for (size_t i = 0; i < Statistics::N_COUNTERS; ++i)
        {
            const auto counter = static_cast<Counter>(i);
            if (const uint64_t value = node.statistics.Get(counter); value != 0)
            {
                os << "  " << node.name << ": " << Statistics::GetLabel(counter) << ' ' << value
                   << '\n';
                isAny = true;
            }
        }
    }
    os << (isAny ? "" : "  none\n");
}

/// Writes a file by a function.
void
WriteFile(const std::filesystem::path& path, const std::function<void(std::ostream&)>& write)
{
    std::ofstream file = Open(path);
    write(file);
    Close(file, path);
}

void
WriteFlows(const RunResult& result, std::ostream& os)
{
    os << "flow,kind,from,to,sent,received,received_bytes,throughput_bps,delay_mean_ns,delay_p50_"
          "ns,"
          "delay_p99_ns,delay_max_ns\n";
    for (const FlowFigures& flow : result.flows)
    {
        os << flow.name << ',' << flow.kind << ',' << flow.from << ',' << flow.to << ','
           << flow.counts.nSent << ',' << flow.counts.nReceived << ',' << flow.counts.bytes << ','
           << GetThroughput(result, flow) << ',';
        if (flow.delay.GetCount() == 0)
        {
            os << ",,,\n";
            continue;
        }
        os << flow.delay.GetMean() << ',' << flow.delay.GetPercentile(0.5).GetNanoSeconds() << ','
           << flow.delay.GetPercentile(0.99).GetNanoSeconds() << ','
           << flow.delay.GetMax().GetNanoSeconds() << '\n';
    }
}

void
WriteNodeHeader(const std::string& first, std::ostream& os)
{
    os << first << "node";
    for (const NodeColumn& column : NODE_COLUMNS)
    {
        os << ',' << column.name;
    }
    os << '\n';
}

void
WriteNodeRow(const std::string& first, const NodeFigures& node, std::ostream& os)
{
    os << first << node.name;
    for (const NodeColumn& column : NODE_COLUMNS)
    {
        os << ',' << column.get(node);
    }
    os << '\n';
}

} // namespace

void
PrintRun(const RunResult& result, std::ostream& os)
{
    os << result.config.kernel << ", seed " << result.config.seed << ", "
       << ToSeconds(result.last.time) << " s simulated"
       << (result.isPartial ? ", stopped before " + ToSeconds(result.config.duration) + " s" : "")
       << "\n\n";
    PrintFlows(result, os);
    os << '\n';
    PrintNodes(result, os);
    os << '\n';
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

void
WriteRunFiles(const RunResult& result, const std::filesystem::path& folder)
{
    WriteFile(folder / "summary.json", [&](std::ostream& os) { os << MakeRunJson(result); });
    WriteFile(folder / "config.ini",
              [&](std::ostream& os) { os << WriteRunConfig(result.config); });
    WriteFile(folder / "flows.csv", [&](std::ostream& os) { WriteFlows(result, os); });
    WriteFile(folder / "nodes.csv", [&](std::ostream& os) {
        WriteNodeHeader("", os);
        for (const NodeFigures& node : result.last.nodes)
        {
            WriteNodeRow("", node, os);
        }
    });
    WriteFile(folder / "flow-series.csv", [&](std::ostream& os) {
        os << "time_s,flow,sent,received,received_bytes\n";
        for (const RunSample& sample : result.series)
        {
            for (size_t i = 0; i < sample.flows.size(); ++i)
            {
                os << ToSeconds(sample.time) << ',' << result.flows[i].name << ','
                   << sample.flows[i].nSent << ',' << sample.flows[i].nReceived << ','
                   << sample.flows[i].bytes << '\n';
            }
        }
    });
    WriteFile(folder / "node-series.csv", [&](std::ostream& os) {
        WriteNodeHeader("time_s,", os);
        for (const RunSample& sample : result.series)
        {
            for (const NodeFigures& node : sample.nodes)
            {
                WriteNodeRow(ToSeconds(sample.time) + ",", node, os);
            }
        }
    });
    for (const NodeFigures& node : result.last.nodes)
    {
        WriteFile(folder / (node.name + ".xfrm_stat"),
                  [&](std::ostream& os) { node.statistics.Print(os); });
    }
}

} // namespace ns3::xfrm
