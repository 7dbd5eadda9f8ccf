/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-study-report.h"

#include "xfrm-result-folder.h"
#include "xfrm-run-report.h"
#include "xfrm-text-table.h"

#include "ns3/xfrm-ipsec.h"
#include "ns3/xfrm-stage.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ns3::xfrm
{

namespace
{

using Json = nlohmann::ordered_json;

/// @return a count as a number of tables
double
N(uint64_t count)
{
    return static_cast<double>(count);
}

/// @return a time as a number of tables [ns]
double
Ns(Time time)
{
    return static_cast<double>(time.GetNanoSeconds());
}

/// Why packets did not go on, and how many.
std::vector<std::pair<std::string, uint64_t>>
ListDrops(const StudyCore& total)
{
    std::vector<std::pair<std::string, uint64_t>> drops{
        {"ring full", total.nRingDropped},
        {"backlog full", total.core.nBacklogDropped},
        {"state awaited", total.verdicts.nHeld}};
    for (const auto& [error, count] : total.verdicts.nRefused)
    {
        drops.emplace_back(error == 0 ? "policy check" : error::GetName(error), count);
    }
    std::erase_if(drops, [](const auto& drop) { return drop.second == 0; });
    return drops;
}

/// @return packets a second, mean of all the time
double
GetRate(uint64_t n, const StudyResult& result)
{
    const double seconds = result.duration.GetSeconds();
    return seconds == 0 ? 0 : N(n) / seconds;
}

/// @return times as text [us]
std::string
ToUs(double ns)
{
    return ToFixed(ns / 1e3, ns < 1e5 ? 3 : 1);
}

void
PrintCores(const StudyResult& result, std::ostream& os)
{
    constexpr size_t MOST{16}; // cores in tables for people
    os << "Cores (latency in us, from arrival to end)\n";
    TextTable table;
    table.AddRow({"core",
                  "offered",
                  "carried",
                  "ring drops",
                  "busy %",
                  "locks %",
                  "hit %",
                  "misses",
                  "shrinks",
                  "re-seeds",
                  "entries",
                  "p50",
                  "p99",
                  "p99.9",
                  "max"});
    const auto addRow = [&](const std::string& name, const StudyCore& core, size_t nCores) {
        const double ns = std::max(Ns(result.duration), 1.0) * N(nCores);
        table.AddRow({name,
                      ToGrouped(core.nOffered),
                      ToGrouped(core.verdicts.GetCarried()),
                      ToGrouped(core.nRingDropped),
                      ToFixed(100 * N(core.core.busyNs) / ns, 1),
                      ToFixed(100 * N(core.core.lockWaitNs) / ns, 1),
                      ToFixed(100 * GetHitRatio(core.work.cache), 2),
                      ToGrouped(core.work.cache.nMisses),
                      ToGrouped(core.work.cache.nShrinks),
                      ToGrouped(core.work.cache.nReseeds),
                      ToGrouped(core.cacheSize),
                      ToUs(Ns(core.core.latency.GetPercentile(0.5))),
                      ToUs(Ns(core.core.latency.GetPercentile(0.99))),
                      ToUs(Ns(core.core.latency.GetPercentile(0.999))),
                      ToUs(Ns(core.core.latency.GetMax()))});
    };
    for (size_t cpu = 0; cpu < std::min(result.cores.size(), MOST); ++cpu)
    {
        addRow(std::to_string(cpu), result.cores[cpu], 1);
    }
    addRow("all", result.GetTotal(), result.cores.size());
    table.Print(os);
    os << '\n';
    if (result.cores.size() > MOST)
    {
        os << "  (cores " << MOST << " to " << result.cores.size() - 1
           << " are in --json and --out)\n\n";
    }
}

void
PrintLocks(const StudyResult& result, std::ostream& os)
{
    TextTable table;
    table.AddRow({"lock", "taken", "contended", "wait ms", "held ms", "most waiting"});
    bool isUsed = false;
    for (size_t stage = 0; stage < N_STAGES; ++stage)
    {
        const LockFigures& lock = result.locks[stage];
        if (lock.nTaken > 0)
        {
            isUsed = true;
            table.AddRow({std::string(GetLockName(static_cast<Stage>(stage))),
                          ToGrouped(lock.nTaken),
                          ToGrouped(lock.nContended),
                          ToFixed(N(lock.waitNs) / 1e6, 3),
                          ToFixed(N(lock.heldNs) / 1e6, 3),
                          std::to_string(lock.maxWaiting)});
        }
    }
    if (isUsed)
    {
        os << "Locks, by what they protect\n";
        table.Print(os);
        os << '\n';
    }
}

void
PrintClasses(const StudyResult& result, std::ostream& os)
{
    if (result.classes.size() < 2)
    {
        return;
    }
    os << "Classes of packets\n";
    TextTable table;
    table.AddRow({"class", "offered", "packets/s", "ring drops"});
    for (const StudyClass& kind : result.classes)
    {
        table.AddRow({kind.name,
                      ToGrouped(kind.nOffered),
                      ToFixed(GetRate(kind.nOffered, result), 0),
                      ToGrouped(kind.nRingDropped)});
    }
    table.Print(os);
    os << '\n';
}

void
PrintSeries(const StudyResult& result, std::ostream& os)
{
    constexpr size_t MOST{20}; // rows in tables for people
    const size_t step = (result.rows.size() + MOST - 1) / MOST;
    os << "Time series" << (step > 1 ? ", each " + std::to_string(step) + "th row" : "")
       << " (latency in us)\n";
    TextTable table;
    table.AddRow({"until s",
                  "offered",
                  "carried",
                  "ring drops",
                  "hit %",
                  "misses",
                  "stale",
                  "shrinks",
                  "re-seeds",
                  "garbage",
                  "waiting",
                  "p50",
                  "p99",
                  "max"});
    for (size_t i = step - 1; i < result.rows.size(); i += step)
    {
        const StudyRow& row = result.rows[i];
        table.AddRow({ToSeconds(row.end),
                      ToGrouped(row.nOffered),
                      ToGrouped(row.nCarried),
                      ToGrouped(row.nRingDropped),
                      ToFixed(100 * GetHitRatio(row.cache), 2),
                      ToGrouped(row.cache.nMisses),
                      ToGrouped(row.cache.nStale),
                      ToGrouped(row.cache.nShrinks),
                      ToGrouped(row.cache.nReseeds),
                      ToGrouped(row.nGarbage),
                      ToGrouped(row.nWaiting),
                      ToUs(Ns(row.latencyP50)),
                      ToUs(Ns(row.latencyP99)),
                      ToUs(Ns(row.latencyMax))});
    }
    table.Print(os);
    os << '\n';
}

/// @return a number as JSON: whole if it is
Json
ToJson(double value)
{
    if (value == static_cast<double>(static_cast<int64_t>(value)))
    {
        return static_cast<int64_t>(value);
    }
    return value;
}

template <class Column, class Row>
Json
ToJson(std::span<const Column> columns, const Row& row)
{
    Json json;
    for (const Column& column : columns)
    {
        json[std::string(column.name)] = ToJson(column.get(row));
    }
    return json;
}

template <class Column, class Row>
void
WriteTable(std::span<const Column> columns,
           const std::vector<Row>& rows,
           bool isNumbered,
           std::ostream& os)
{
    os << (isNumbered ? "core," : "");
    for (const Column& column : columns)
    {
        os << (&column == columns.data() ? "" : ",") << column.name;
    }
    os << '\n';
    for (size_t i = 0; i < rows.size(); ++i)
    {
        os << (isNumbered ? std::to_string(i) + "," : "");
        for (const Column& column : columns)
        {
            os << (&column == columns.data() ? "" : ",") << ToJson(column.get(rows[i])).dump();
        }
        os << '\n';
    }
}

} // namespace

void
PrintStudy(const StudySettings& settings, const StudyResult& result, std::ostream& os)
{
    const StudyCore total = result.GetTotal();
    os << settings.kernel << " on " << settings.cores
       << (settings.cores == 1 ? " core, " : " cores, ") << settings.profile << ", locks "
       << settings.locks << ", " << (settings.work == "lookup" ? "lookups only" : "forwarding")
       << ", seed " << settings.seed << "\n"
       << ToSeconds(result.duration) << " s simulated"
       << (result.isPartial ? " of " + ToSeconds(settings.duration) + " s: partial, it was stopped"
                            : "")
       << "\n\n"
       << "Packets a second: offered " << ToFixed(GetRate(total.nOffered, result), 0)
       << ", carried " << ToFixed(GetRate(total.verdicts.GetCarried(), result), 0) << "\n";
    for (const auto& [reason, count] : ListDrops(total))
    {
        os << "  dropped, " << reason << ": " << ToGrouped(count) << "\n";
    }
    os << "\n";
    PrintClasses(result, os);
    PrintCores(result, os);
    PrintLocks(result, os);
    PrintSeries(result, os);
}

namespace
{

/// @return a file without its folder
std::string
GetFileName(const std::string& file)
{
    return std::filesystem::path(file).filename().string();
}

/// @return settings as JSON: files by their names alone, so that a study with copies says the same
Json
ToJson(const StudySettings& settings)
{
    StudySettings named = settings;
    named.profile = CostProfile::Load(settings.profile).GetName();
    named.pcap = GetFileName(settings.pcap);
    named.list = GetFileName(settings.list);
    std::transform(settings.ipXfrm.begin(),
                   settings.ipXfrm.end(),
                   named.ipXfrm.begin(),
                   GetFileName);
    Json config;
    for (const Option<StudySettings>& option : GetStudyOptions())
    {
        if (option.kind == Option<StudySettings>::Kind::OfRun)
        {
            config[option.name] = option.get(named);
        }
    }
    for (const StudyList& list : GetStudyLists())
    {
        config[list.name] = named.*(list.member);
    }
    return config;
}

/// @brief Copy a file that a study needs.  @param folder where to
/// @param file its name, changed to that of the copy; empty: none
void
CopyInto(const std::filesystem::path& folder, std::string& file)
{
    if (file.empty())
    {
        return;
    }
    const std::string last = GetFileName(file);
    std::string name = last;
    for (uint32_t i = 2; std::filesystem::exists(folder / name); ++i)
    {
        name = std::to_string(i) + "-" + last;
    }
    std::filesystem::copy_file(file, folder / name);
    file = name;
}

} // namespace

namespace
{

Json
MakeSummary(const StudySettings& settings, const StudyResult& result)
{
    const StudyCore total = result.GetTotal();
    Json json{{"simulated_s", result.duration.GetSeconds()},
              {"partial", result.isPartial},
              {"config", ToJson(settings)},
              {"offered_rate", GetRate(total.nOffered, result)},
              {"carried_rate", GetRate(total.verdicts.GetCarried(), result)},
              {"total", ToJson(GetStudyCoreColumns(), total)}};
    json["drops"] = Json::object();
    for (const auto& [reason, count] : ListDrops(total))
    {
        json["drops"][reason] = count;
    }
    json["classes"] = Json::array();
    for (const StudyClass& kind : result.classes)
    {
        json["classes"].push_back(
            {{"name", kind.name}, {"offered", kind.nOffered}, {"ring_drops", kind.nRingDropped}});
    }
    json["locks"] = Json::object();
    for (size_t stage = 0; stage < N_STAGES; ++stage)
    {
        const LockFigures& lock = result.locks[stage];
        const std::string name(GetLockName(static_cast<Stage>(stage)));
        if (!name.empty())
        {
            json["locks"][name] = {{"taken", lock.nTaken},
                                   {"contended", lock.nContended},
                                   {"wait_ns", lock.waitNs},
                                   {"held_ns", lock.heldNs},
                                   {"max_waiting", lock.maxWaiting}};
        }
    }
    for (size_t i = 0; i < Statistics::N_COUNTERS; ++i)
    {
        const auto counter = static_cast<Counter>(i);
        json["xfrm_stat"][Statistics::GetLabel(counter)] = result.statistics.Get(counter);
    }
    return json;
}

} // namespace

std::string
MakeStudySummary(const StudySettings& settings, const StudyResult& result)
{
    return MakeSummary(settings, result).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string
MakeStudyJson(const StudySettings& settings, const StudyResult& result)
{
    Json json = MakeSummary(settings, result);
    json["cores"] = Json::array();
    for (const StudyCore& core : result.cores)
    {
        json["cores"].push_back(ToJson(GetStudyCoreColumns(), core));
    }
    json["series"] = Json::array();
    for (const StudyRow& row : result.rows)
    {
        json["series"].push_back(ToJson(GetStudyRowColumns(), row));
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void
WriteStudyFiles(const StudySettings& settings,
                const StudyResult& result,
                const std::filesystem::path& folder)
{
    WriteFile(folder / "summary.json",
              [&](std::ostream& os) { os << MakeStudyJson(settings, result); });
    WriteFile(folder / "cores.csv",
              [&](std::ostream& os) { WriteTable(GetStudyCoreColumns(), result.cores, true, os); });
    WriteFile(folder / "series.csv",
              [&](std::ostream& os) { WriteTable(GetStudyRowColumns(), result.rows, false, os); });
    WriteFile(folder / "core-series.csv", [&](std::ostream& os) {
        WriteTable(GetStudyCoreRowColumns(), result.coreRows, false, os);
    });
    WriteFile(folder / "xfrm_stat", [&](std::ostream& os) { result.statistics.Print(os); });
    StudySettings again = settings;
    const std::string profile = CostProfile::GetText(settings.profile);
    again.profile = "profile.json";
    WriteFile(folder / again.profile, [&](std::ostream& os) { os << profile; });
    CopyInto(folder, again.pcap);
    CopyInto(folder, again.list);
    for (std::string& file : again.ipXfrm)
    {
        CopyInto(folder, file);
    }
    WriteFile(folder / "config.ini", [&](std::ostream& os) { os << WriteStudySettings(again); });
}

} // namespace ns3::xfrm
