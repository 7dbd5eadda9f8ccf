/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-captures-copy.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace ns3::xfrm::tests
{

using nlohmann::json;

CapturesCopy::CapturesCopy(const std::string& folder,
                           const std::string& part,
                           const std::string& run)
    : m_top(folder),
      m_folder(m_top / "linux-4.1.6")
{
    std::filesystem::create_directories(m_folder);
    for (const auto& entry : std::filesystem::directory_iterator(GetOriginal()))
    {
        const std::string name = entry.path().filename();
        if (name.starts_with(run) && (part.empty() || !name.ends_with(".jsonl")))
        {
            std::filesystem::copy(entry.path(), m_folder / name);
        }
    }
    if (!part.empty())
    {
        CopyRecords(part, run);
    }
}

CapturesCopy::~CapturesCopy()
{
    std::filesystem::remove_all(m_top);
}

std::filesystem::path
CapturesCopy::GetOriginal()
{
    return std::filesystem::path(XFRM_GOLDEN_DIR) / "captures" / "linux-4.1.6";
}

std::filesystem::path
CapturesCopy::GetFile(const std::string& name) const
{
    return m_folder / name;
}

bool
CapturesCopy::Edit(const std::string& name, const std::string& from, const std::string& to) const
{
    std::ostringstream content;
    content << std::ifstream(GetFile(name)).rdbuf();
    std::string text = content.str();
    const size_t at = text.find(from);
    if (at != std::string::npos)
    {
        text.replace(at, from.size(), to);
    }
    std::ofstream(GetFile(name)) << text;
    return at != std::string::npos;
}

std::vector<conformance::SetReport>
CapturesCopy::Replay() const
{
    return conformance::ReplayFolder(m_top, conformance::Face::Key);
}

std::string
CapturesCopy::GetError() const
{
    std::string text;
    try
    {
        Replay();
    }
    catch (const conformance::InputError& error)
    {
        text = error.what();
    }
    const std::string folder = GetFile("");
    for (size_t at = text.find(folder); at != std::string::npos; at = text.find(folder))
    {
        text.erase(at, folder.size());
    }
    return text;
}

/// Copies the records of the runs.
void
CapturesCopy::CopyRecords(const std::string& part, const std::string& run) const
{
    std::ifstream from(GetOriginal() / (part + ".jsonl"));
    std::ofstream to(GetFile(part + ".jsonl"));
    for (std::string line; std::getline(from, line);)
    {
        const json record = json::parse(line);
        std::string name = part == "esn" ? "" : part;
        for (const char* field : {"case", "variant", "alg", "mode"})
        {
            if (record.contains(field))
            {
                name += name.empty() ? "" : "-";
                name += record[field].get<std::string>();
            }
        }
        if (record.contains("df"))
        {
            name += "-df" + record["df"].dump();
        }
        if (part == "replay")
        {
            name += "-w" + record["window"].dump() + "-esn" + record["esn"].dump();
        }
        if (name.starts_with(run))
        {
            to << line << "\n";
        }
    }
}

} // namespace ns3::xfrm::tests
