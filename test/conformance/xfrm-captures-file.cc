/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-captures-file.h"

#include "xfrm-conformance.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <variant>

namespace ns3::xfrm::conformance
{

namespace
{

using nlohmann::json;

constexpr uint16_t ENCAP_PORT{4500}; //!< port of UDP encapsulation in recordings

/// @return the commands of a run
std::vector<IpXfrmCommand>
ReadCommands(const std::filesystem::path& file)
{
    try
    {
        return IpXfrm::ReadFile(file);
    }
    catch (const IpXfrmError& error)
    {
        throw InputError(error.what());
    }
}

/// @return the text below each line that begins with "# ", by the rest of that line
std::map<std::string, std::string>
ReadSections(const std::filesystem::path& path)
{
    std::ifstream file(path);
    if (!file)
    {
        throw InputError(path.string() + ": can't be read");
    }
    std::map<std::string, std::string> sections;
    std::string* section = nullptr;
    for (std::string line; std::getline(file, line);)
    {
        if (line.starts_with("# "))
        {
            section = &sections[line.substr(2)];
        }
        else if (section && !line.empty())
        {
            *section += line;
            *section += '\n';
        }
    }
    return sections;
}

/// @param text text @param before words @param characters some characters
/// @return the text, with "N" for a run of these characters behind the words, wherever they stand
std::string
Blank(std::string text, const std::string& before, const char* characters)
{
    for (size_t at = text.find(before); at != std::string::npos; at = text.find(before, at))
    {
        at += before.size();
        const size_t end = std::min(text.find_first_not_of(characters, at), text.size());
        if (end != at)
        {
            text.replace(at, end - at, "N");
        }
    }
    return text;
}

/// @return whether the name of a run has words, whole ones, in it: "frag-gcm128-tunnel-df0"
bool
HasWords(const std::string& name, const std::string& words)
{
    return ("-" + name + "-").find("-" + words + "-") != std::string::npos;
}

} // namespace

std::vector<std::string>
SplitDump(const std::string& text)
{
    std::vector<std::string> blocks;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
    {
        if (line.starts_with("src ") || blocks.empty())
        {
            blocks.emplace_back();
        }
        blocks.back() += line;
        blocks.back() += '\n';
    }
    return blocks;
}

std::string
NormalizeDump(const std::string& block)
{
    constexpr const char* numbers = "0123456789-:";
    std::string normal = Blank(block, "\n\t  add ", numbers); // the date
    normal = Blank(normal, "\n\t  add N ", numbers);          // the time of day
    normal = Blank(normal, " use 2", numbers);                // but not the "-" of never
    normal = Blank(normal, " use 2N ", numbers);
    return Blank(normal, " index ", "0123456789");
}

RecordedRun
ReadRun(const std::filesystem::path& file)
{
    const auto sections = ReadSections(file);
    const auto find = [&](const std::string& name) -> const std::string& {
        const auto found = sections.find(name);
        if (found == sections.end())
        {
            throw InputError(file.string() + ": \"# " + name + "\": missing");
        }
        return found->second;
    };
    find("commands");
    RecordedRun run;
    run.commands = ReadCommands(file);
    for (size_t i = 0; i < GATEWAYS.size(); ++i)
    {
        const std::string host(GATEWAYS.at(i));
        const std::string label = "xfrm_stat in " + host + ": change";
        RecordedDump& dump = run.dumps.at(i);
        try
        {
            dump.statistics = json::parse(find(label)).get<CounterMoves>();
        }
        catch (const json::exception&)
        {
            throw InputError(file.string() + ": " + label + ": must be counts by label, as JSON");
        }
        dump.states = SplitDump(find("ip -n " + host + " -s xfrm state"));
        dump.policies = SplitDump(find("ip -n " + host + " -s xfrm policy"));
    }
    return run;
}

std::vector<IpXfrmCommand>
FindCommands(const std::filesystem::path& folder,
             const std::string& algorithm,
             const std::string& mode,
             bool hasEncap)
{
    const std::string words = algorithm + '-' + mode;
    std::set<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
    {
        if (entry.path().extension() == ".txt" && HasWords(entry.path().stem(), words))
        {
            files.insert(entry.path());
        }
    }
    if (files.empty())
    {
        throw InputError(folder.string() + ": *-" + words +
                         "*.txt: missing: must have the commands of that algorithm and mode");
    }
    std::vector<IpXfrmCommand> commands = ReadCommands(*files.begin());
    for (IpXfrmCommand& command : commands)
    {
        if (auto* const add = std::get_if<StateAdd>(&command.action))
        {
            add->config.encapType = hasEncap ? EncapType::EspInUdp : EncapType::None;
            add->config.encapSourcePort = hasEncap ? ENCAP_PORT : 0;
            add->config.encapDestinationPort = hasEncap ? ENCAP_PORT : 0;
        }
    }
    return commands;
}

} // namespace ns3::xfrm::conformance
