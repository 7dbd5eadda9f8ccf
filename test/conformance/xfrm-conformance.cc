/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-conformance.h"

#include "xfrm-captures-replay.h"
#include "xfrm-flow-cache-replay.h"
#include "xfrm-hash-vectors.h"
#include "xfrm-scenario-replay.h"

#include <algorithm>
#include <map>

namespace ns3::xfrm::conformance
{

namespace
{

/// Replays one set.
using Replay = std::function<SetReport()>;

/// @return how to replay each set of a folder, by name
std::map<std::string, Replay>
FindSets(const std::filesystem::path& folder, Face face)
{
    const std::string metaSuffix = ".meta.json";
    std::map<std::string, Replay> sets;
    for (const auto& file : std::filesystem::directory_iterator(folder))
    {
        const std::filesystem::path& path = file.path();
        const std::string name = path.filename().string();
        if (name.ends_with(metaSuffix))
        {
            sets[name.substr(0, name.size() - metaSuffix.size())] = [path, face] {
                const RecordedSet set = RecordedSet::Read(path);
                return FlowCacheReplay(set, face).Run();
            };
        }
        else if (name == "jhash2.csv.gz")
        {
            sets["jhash2"] = [path] { return ReplayJhash2(path); };
        }
        else if (name == "keylayout.csv.gz")
        {
            sets["keylayout"] = [path] { return ReplayKeyLayout(path); };
        }
        else if (name.starts_with("results-") && name.ends_with(".jsonl") && IsModelled(path))
        {
            sets[path.stem().string()] = [path] { return ReplayScenarios(path); };
        }
    }
    return sets;
}

/// @throws InputError for a part of a set whose parameters are missing
void
CheckParts(const std::filesystem::path& folder, const std::map<std::string, Replay>& sets)
{
    for (const auto& file : std::filesystem::directory_iterator(folder))
    {
        const std::string name = file.path().filename().string();
        for (const std::string suffix : {".flows.csv.gz", ".ops.csv.gz", ".snap.csv.gz"})
        {
            if (name.ends_with(suffix) &&
                sets.count(name.substr(0, name.size() - suffix.size())) == 0)
            {
                throw InputError(file.path().string() + ": its .meta.json is missing");
            }
        }
    }
}

/// @return the folders with recordings within a folder, itself included, in order
std::vector<std::filesystem::path>
FindFolders(const std::filesystem::path& top, Face face)
{
    std::vector<std::filesystem::path> all{top};
    for (const auto& entry : std::filesystem::recursive_directory_iterator(top))
    {
        if (entry.is_directory())
        {
            all.push_back(entry.path());
        }
    }
    std::sort(all.begin(), all.end());
    std::vector<std::filesystem::path> folders;
    for (const auto& folder : all)
    {
        const auto sets = FindSets(folder, face);
        CheckParts(folder, sets);
        if (!sets.empty() || HasModelledCaptures(folder))
        {
            folders.push_back(folder);
        }
    }
    return folders;
}

/// @brief Replay the sets of a folder.
void
ReplaySets(const std::filesystem::path& folder,
           Face face,
           const Progress& progress,
           std::vector<SetReport>& reports)
{
    if (HasModelledCaptures(folder))
    {
        const auto captures = ReplayCaptures(folder, progress);
        reports.insert(reports.end(), captures.begin(), captures.end());
    }
    for (const auto& [name, replay] : FindSets(folder, face))
    {
        if (progress)
        {
            progress(name);
        }
        reports.push_back(replay());
    }
}

} // namespace

std::vector<SetReport>
ReplayFolder(const std::filesystem::path& folder, Face face, const Progress& progress)
{
    if (!std::filesystem::is_directory(folder))
    {
        throw InputError(folder.string() + ": must be a folder of recordings");
    }
    const auto folders = FindFolders(folder, face);
    if (folders.empty())
    {
        throw InputError(folder.string() +
                         ": no recordings: must hold *.meta.json with their *.csv.gz, "
                         "jhash2.csv.gz, keylayout.csv.gz, scenarios.jsonl with "
                         "results-4.1.*.jsonl, or in a folder linux-4.1.* captures, *.jsonl with "
                         "their *.txt and *.pcap");
    }
    std::vector<SetReport> reports;
    for (const auto& each : folders)
    {
        ReplaySets(each, face, progress, reports);
    }
    return reports;
}

} // namespace ns3::xfrm::conformance
