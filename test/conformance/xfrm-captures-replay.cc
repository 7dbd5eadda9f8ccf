/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-captures-replay.h"

#include "xfrm-captures-part.h"

#include <algorithm>
#include <memory>
#include <set>
#include <sstream>
#include <utility>

namespace ns3::xfrm::conformance
{

namespace
{

using nlohmann::json;

const char* const PARTS_TEXT{"sizes, frag, mtu, outer, natt, nobypass-natt, esn or replay"};

/// @return a text as it is, all else as JSON
std::string
ToText(const json& value)
{
    return value.is_string() ? value.get<std::string>() : value.dump();
}

/// @return name of a folder, however it is given: "x/", "."
std::string
GetName(const std::filesystem::path& folder)
{
    const std::filesystem::path whole = std::filesystem::absolute(folder).lexically_normal();
    return whole.has_filename() ? whole.filename() : whole.parent_path().filename();
}

/// @return the names of the parts that a folder holds, in order
std::vector<std::string>
FindParts(const std::filesystem::path& folder)
{
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
    {
        if (entry.path().extension() == ".jsonl")
        {
            names.insert(entry.path().stem());
        }
    }
    return {names.begin(), names.end()};
}

/// Plays the recordings of one kernel.
class Player
{
  public:
    explicit Player(const std::filesystem::path& folder)
        : m_folder(folder)
    {
        m_dumps.name = GetSetName("dumps");
    }

    /// @return name of a set
    std::string GetSetName(const std::string& part) const
    {
        return "captures/" + GetName(m_folder) + "/" + part;
    }

    /// @throws InputError for values of a kind that no record has, too
    SetReport PlayPart(const std::string& name)
    {
        try
        {
            return Play(name);
        }
        catch (const json::exception& error)
        {
            throw InputError((m_folder / (name + ".jsonl")).string() + ": " + error.what());
        }
    }

    /// @throws InputError for a NAME.txt that belongs to no record played
    void CheckRuns() const
    {
        for (const auto& entry : std::filesystem::directory_iterator(m_folder))
        {
            const std::filesystem::path& path = entry.path();
            if (path.extension() == ".txt" && !m_runs.contains(path.stem()))
            {
                throw InputError(path.string() + ": its records are missing");
            }
        }
    }

    /// @return the report on what A and B came to in the parts played
    const SetReport& GetDumps() const
    {
        return m_dumps;
    }

  private:
    SetReport Play(const std::string& name)
    {
        SetReport report;
        report.name = GetSetName(name);
        const std::filesystem::path file = m_folder / (name + ".jsonl");
        const std::unique_ptr<CapturePart> part = MakeCapturePart(name);
        if (!part)
        {
            throw InputError(file.string() + ": the part must be " + PARTS_TEXT);
        }
        uint64_t nLeftOut = 0;
        for (CaptureRun& run : FindRuns(file, *part))
        {
            part->Read(run);
            CaptureHosts hosts(run.mtus);
            part->Begin(hosts, run);
            for (const auto& [row, record] : run.records)
            {
                nLeftOut += PlayRecord(*part, hosts, record, row, report) ? 1 : 0;
                ++report.rows;
            }
            part->End(hosts);
            if (run.hasDumps)
            {
                CompareDumps(run, hosts);
            }
        }
        if (nLeftOut > 0)
        {
            report.leftOut.push_back(
                {m_leftOutFields + " of " + std::to_string(nLeftOut) + " rows", part->GetReason()});
        }
        return report;
    }

    /// @return the runs of a part, in order
    std::vector<CaptureRun> FindRuns(const std::filesystem::path& file, const CapturePart& part)
    {
        std::vector<CaptureRun> runs;
        std::string current;
        uint64_t row = 0;
        for (const Record& record : ReadRecords(file))
        {
            const std::string name = part.GetRunName(record);
            if (runs.empty() || name != current)
            {
                runs.emplace_back();
                runs.back().base = m_folder / name;
                current = name;
            }
            runs.back().records.emplace_back(row++, record);
        }
        return runs;
    }

    /// @return whether fields are left out
    bool PlayRecord(CapturePart& part,
                    CaptureHosts& hosts,
                    Record record,
                    uint64_t row,
                    SetReport& report)
    {
        const std::string label = part.GetRunName(record) + " ";
        const PlayedRecord played = part.Play(hosts, record);
        const std::set<std::string> leftOut(played.leftOut.begin(), played.leftOut.end());
        CheckFields(record, played.got);
        for (const auto& [field, recorded] : record.GetRest().items())
        {
            const json expected = part.Normalize(field, recorded);
            if (!leftOut.contains(field) && expected != played.got.at(field))
            {
                const json& got = played.got.at(field);
                report.mismatches.push_back(
                    {row, std::string(label).append(field), ToText(expected), ToText(got)});
            }
        }
        if (!leftOut.empty())
        {
            NameLeftOut(leftOut);
        }
        return !leftOut.empty();
    }

    /// @throws InputError unless a record says what is compared, and no more
    static void CheckFields(const Record& record, const json& got)
    {
        for (const auto& [field, value] : got.items())
        {
            if (!record.Has(field))
            {
                throw InputError(record.GetPlace() + ": " + field + ": missing");
            }
        }
        for (const auto& [field, value] : record.GetRest().items())
        {
            if (!got.contains(field))
            {
                throw InputError(record.GetPlace() + ": " + field + ": unknown field");
            }
        }
    }

    void NameLeftOut(const std::set<std::string>& fields)
    {
        m_leftOutFields.clear();
        for (const std::string& field : fields)
        {
            m_leftOutFields += m_leftOutFields.empty() ? "" : ", ";
            m_leftOutFields += field;
        }
    }

    void CompareDumps(const CaptureRun& run, const CaptureHosts& hosts)
    {
        for (size_t i = 0; i < GATEWAYS.size(); ++i)
        {
            const std::string label =
                run.base.filename().string() + " " + std::string(GATEWAYS.at(i));
            const RecordedDump& dump = run.recorded.dumps.at(i);
            const CounterMoves moved = GetMoved({}, hosts.GetStatistics(i));
            if (moved != dump.statistics)
            {
                AddDumpMismatch(label + " xfrm_stat",
                                json(dump.statistics).dump(),
                                json(moved).dump());
            }
            ++m_dumps.rows;
            CompareBlocks(label + " state", dump.states, SplitDump(hosts.Show(i, "state")));
            CompareBlocks(label + " policy", dump.policies, SplitDump(hosts.Show(i, "policy")));
        }
        m_runs.insert(run.base.filename());
    }

    void CompareBlocks(const std::string& label,
                       const std::vector<std::string>& expected,
                       const std::vector<std::string>& got)
    {
        for (size_t i = 0; i < std::max(expected.size(), got.size()); ++i)
        {
            CompareLines(label + " " + std::to_string(i + 1),
                         i < expected.size() ? NormalizeDump(expected[i]) : "",
                         i < got.size() ? NormalizeDump(got[i]) : "");
            ++m_dumps.rows;
        }
    }

    /// Names the first line that differs.
    void CompareLines(const std::string& label, const std::string& expected, const std::string& got)
    {
        std::istringstream expectedLines(expected);
        std::istringstream gotLines(got);
        while (expectedLines || gotLines)
        {
            std::string expectedLine;
            std::string gotLine;
            std::getline(expectedLines, expectedLine);
            std::getline(gotLines, gotLine);
            if (expectedLine != gotLine)
            {
                AddDumpMismatch(label, expectedLine, gotLine);
                return;
            }
        }
    }

    void AddDumpMismatch(const std::string& column,
                         const std::string& expected,
                         const std::string& got)
    {
        m_dumps.mismatches.push_back({m_dumps.rows, column, expected, got});
    }

    std::filesystem::path m_folder; //!< the recording
    SetReport m_dumps;              //!< on what A and B came to
    std::set<std::string> m_runs;   //!< names of the runs played
    std::string m_leftOutFields;    //!< fields that were left out
};

} // namespace

bool
HasModelledCaptures(const std::filesystem::path& folder)
{
    return GetName(folder).starts_with("linux-4.1.") && !FindParts(folder).empty();
}

std::vector<SetReport>
ReplayCaptures(const std::filesystem::path& folder, const Progress& progress)
{
    Player player(folder);
    std::vector<SetReport> reports;
    for (const std::string& part : FindParts(folder))
    {
        if (progress)
        {
            progress(player.GetSetName(part));
        }
        reports.push_back(player.PlayPart(part));
    }
    player.CheckRuns();
    reports.push_back(player.GetDumps());
    return reports;
}

} // namespace ns3::xfrm::conformance
