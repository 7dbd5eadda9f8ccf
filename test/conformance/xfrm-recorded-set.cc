/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-recorded-set.h"

#include "xfrm-conformance.h"
#include "xfrm-table-file.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

namespace ns3::xfrm::conformance
{

namespace
{

/// What a recording's file name ends with that holds its parameters.
const std::string META_SUFFIX{".meta.json"};

/// Reads the fields of a set's parameters.
class MetaFile
{
  public:
    explicit MetaFile(const std::filesystem::path& path)
        : m_path(path)
    {
        std::ifstream file(path);
        try
        {
            m_json = nlohmann::json::parse(file);
        }
        catch (const nlohmann::json::exception& error)
        {
            throw InputError(path.string() + ": not JSON: " + error.what());
        }
    }

    /// @return a number of 32 bits
    uint32_t GetNumber(const std::string& name,
                       uint32_t highest = UINT32_MAX,
                       uint32_t lowest = 0) const
    {
        const nlohmann::json& value = Get(name);
        if (!value.is_number_unsigned() || value.get<uint64_t>() > highest ||
            value.get<uint64_t>() < lowest)
        {
            Fail(name,
                 "a number from " + std::to_string(lowest) + " to " + std::to_string(highest));
        }
        return value.get<uint32_t>();
    }

    /// @return a text
    std::string GetText(const std::string& name) const
    {
        const nlohmann::json& value = Get(name);
        if (!value.is_string())
        {
            Fail(name, "a text");
        }
        return value.get<std::string>();
    }

    /// @return a list of hexadecimal numbers of 32 bits
    std::vector<uint32_t> GetHexList(const std::string& name) const
    {
        std::vector<uint32_t> numbers;
        for (const nlohmann::json& value : Get(name))
        {
            const std::string text = value.is_string() ? value.get<std::string>() : "";
            if (text.empty() || text.size() > 8 ||
                text.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos)
            {
                Fail(name, "a list of hexadecimal numbers of at most 8 digits");
            }
            numbers.push_back(static_cast<uint32_t>(std::stoul(text, nullptr, 16)));
        }
        return numbers;
    }

    [[noreturn]] void Fail(const std::string& name, const std::string& allowed) const
    {
        const std::string value = m_json.contains(name) ? m_json[name].dump() : "missing";
        throw InputError(m_path.string() + ": " + name + ": " + value + ": must be " + allowed);
    }

  private:
    const nlohmann::json& Get(const std::string& name) const
    {
        if (!m_json.is_object() || !m_json.contains(name))
        {
            throw InputError(m_path.string() + ": " + name + ": missing");
        }
        return m_json[name];
    }

    std::filesystem::path m_path; //!< the file
    nlohmann::json m_json;        //!< its content
};

/// A span of kernel versions with the same refusal of new entries (flow-cache.md, section 12).
struct VersionSpan
{
    std::array<uint32_t, 2> last{}; //!< last version of the span, major and minor number
    RefusalRule refusal;            //!< when new entries are refused
};

RefusalRule
ReadRefusal(const MetaFile& meta)
{
    // Up to 3.14 all namespaces share one cache, which does not show in one namespace.
    constexpr std::array<VersionSpan, 3> spans{{{{4, 5}, RefusalRule::Never()},
                                                {{4, 7}, RefusalRule::Linux46()},
                                                {{4, 13}, RefusalRule::Linux410()}}};
    const std::string text = meta.GetText("version");
    std::array<uint32_t, 2> version{};
    if (std::sscanf(text.c_str(), "%u.%u", &version[0], &version[1]) == 2 && version[0] >= 3)
    {
        for (const VersionSpan& span : spans)
        {
            if (version <= span.last)
            {
                return span.refusal;
            }
        }
    }
    meta.Fail("version", "a kernel with a flow cache, \"3.0\" to \"4.13\"");
}

std::vector<FlowKey>
ReadFlows(const std::filesystem::path& path)
{
    TableFile file(path, {"flow", "family", "dir", "key_hex"});
    std::vector<FlowKey> flows;
    while (file.Next())
    {
        if (file.GetNumber(0) != flows.size())
        {
            file.Fail(0, std::to_string(flows.size()) + ", the next flow");
        }
        const auto family = static_cast<uint16_t>(file.GetNumber(1, UINT16_MAX));
        const auto direction = static_cast<Direction>(file.GetNumber(2, 2));
        std::vector<uint8_t> bytes;
        if (GetKeyWords(family, KeyLayout::Linux41) != 0) // else the key means nothing
        {
            bytes = file.GetHexBytes(3);
        }
        try
        {
            flows.emplace_back(family, direction, bytes);
        }
        catch (const std::invalid_argument& error)
        {
            file.Fail(3, std::string("a key of the family's length: ") + error.what());
        }
    }
    return flows;
}

std::vector<Snapshot>
ReadSnapshots(const std::filesystem::path& path)
{
    TableFile file(path, {"i", "cpu", "bucket", "pos", "flow", "genid", "obj"});
    std::vector<Snapshot> snapshots;
    while (file.Next())
    {
        const uint64_t row = file.GetNumber(0);
        if (snapshots.empty() || snapshots.back().row != row)
        {
            if (!snapshots.empty() && row < snapshots.back().row)
            {
                file.Fail(0, "at least the row before");
            }
            snapshots.push_back({.row = row, .entries = {}});
        }
        const auto number = [&file](size_t column) {
            return static_cast<uint32_t>(file.GetNumber(column, UINT32_MAX));
        };
        snapshots.back().entries.push_back(
            {number(1), number(2), number(3), number(4), number(5), number(6)});
    }
    return snapshots;
}

} // namespace

RecordedSet
RecordedSet::Read(const std::filesystem::path& path)
{
    const MetaFile meta(path);
    RecordedSet set;
    const std::string file = path.filename().string();
    set.name = file.substr(0, file.size() - META_SUFFIX.size());
    const std::filesystem::path base = path.parent_path() / set.name;
    set.operations = base.string() + ".ops.csv.gz";
    set.config.nCpus = meta.GetNumber("ncpu", FlowCache::MAX_CPUS, 1);
    set.config.genid = meta.GetNumber("genid_init");
    set.config.table.hashShift = meta.GetNumber("hash_shift", 20);
    set.config.table.lowWatermark = meta.GetNumber("low_watermark");
    set.config.table.highWatermark = meta.GetNumber("high_watermark");
    set.config.refusal = ReadRefusal(meta);
    set.seeds = meta.GetHexList("rnd_values");
    set.nRows = meta.GetNumber("rows");
    set.nObjects = meta.GetNumber("objects");
    set.flows = ReadFlows(base.string() + ".flows.csv.gz");
    if (set.flows.size() != meta.GetNumber("flows"))
    {
        meta.Fail("flows",
                  "the number of flows in " + set.name + ".flows.csv.gz, " +
                      std::to_string(set.flows.size()));
    }
    set.snapshots = ReadSnapshots(base.string() + ".snap.csv.gz");
    return set;
}

} // namespace ns3::xfrm::conformance
