/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-ini.h"

#include "xfrm-run-ip-xfrm.h"
#include "xfrm-run-options.h"

#include "ns3/xfrm-cost-profile.h"

#include <algorithm>
#include <boost/property_tree/ini_parser.hpp>
#include <boost/property_tree/ptree.hpp>
#include <fstream>
#include <iomanip>
#include <sstream>

namespace ns3::xfrm
{

namespace
{

/// @return the name of a setting, by its section, maybe empty, and its key there
std::string
Join(const std::string& section, const std::string& key)
{
    std::string name = section;
    name.append(section.empty() ? "" : ".").append(key);
    return name;
}

/// @return number of the line of an INI file that sets a name, from 1; 0 if none does
size_t
FindLine(const std::filesystem::path& file, const std::string& name)
{
    std::ifstream stream(file);
    std::string section;
    size_t number = 0;
    for (std::string line; std::getline(stream, line);)
    {
        ++number;
        const size_t first = line.find_first_not_of(" \t");
        if (first == std::string::npos)
        {
            continue;
        }
        if (line[first] == '[')
        {
            section = line.substr(first + 1, line.find(']') - first - 1);
            continue;
        }
        const std::string key = line.substr(first, line.find_first_of(" \t=", first) - first);
        if (Join(section, key) == name)
        {
            return number;
        }
    }
    return 0;
}

/// @return the words of ip-xfrm, their files beside a folder
std::vector<std::string>
ReadIpXfrm(const std::string& text, const std::filesystem::path& folder)
{
    std::vector<std::string> all;
    std::istringstream words(text);
    for (std::string word; words >> std::quoted(word);)
    {
        IpXfrmFile file = ParseIpXfrmFile(word);
        file.path = word == NO_IP_XFRM ? file.path : (folder / file.path).string();
        all.push_back(ToText(file));
    }
    return all;
}

/// Sets one name of an INI file.
void
SetFromFile(const std::filesystem::path& file,
            const std::string& name,
            const std::string& text,
            RunConfig& config)
{
    if (name == "ip-xfrm")
    {
        config.ipXfrm = ReadIpXfrm(text, file.parent_path());
        return;
    }
    const std::string place = file.string() + ":" + std::to_string(FindLine(file, name)) + ": ";
    const std::vector<RunOption>& options = GetRunOptions();
    const auto option = std::find_if(options.begin(), options.end(), [&](const RunOption& each) {
        return each.name == name;
    });
    if (option == options.end())
    {
        throw RunConfigError(place + name + ": no such setting: xfrm-sim run --help lists them");
    }
    try
    {
        const std::vector<std::string> shipped = CostProfile::GetShipped();
        const bool isFile =
            name == "profile" && std::find(shipped.begin(), shipped.end(), text) == shipped.end();
        option->Set(config, isFile ? (file.parent_path() / text).string() : text);
    }
    catch (const RunConfigError& error)
    {
        throw RunConfigError(place + error.what());
    }
}

} // namespace

void
ReadRunConfig(const std::filesystem::path& file, RunConfig& config)
{
    boost::property_tree::ptree tree;
    try
    {
        boost::property_tree::read_ini(file.string(), tree);
    }
    catch (const boost::property_tree::ini_parser_error& error)
    {
        const std::string line = error.line() == 0 ? "" : ":" + std::to_string(error.line());
        throw RunConfigError(file.string() + line + ": " + error.message() +
                             ": must be an INI file that can be read");
    }
    RunConfig changed = config;
    for (const auto& [key, node] : tree)
    {
        if (node.empty())
        {
            SetFromFile(file, key, node.data(), changed);
        }
        for (const auto& [inner, value] : node)
        {
            SetFromFile(file, Join(key, inner), value.data(), changed);
        }
    }
    config = changed;
}

std::string
WriteRunConfig(const RunConfig& config)
{
    std::ostringstream text;
    text << "; settings of xfrm-sim run\n";
    if (!config.ipXfrm.empty())
    {
        text << "ip-xfrm =";
        for (const std::string& each : config.ipXfrm)
        {
            text << ' ' << std::quoted(each);
        }
        text << '\n';
    }
    std::string section;
    for (const RunOption& option : GetRunOptions())
    {
        if (option.kind == RunOption::Kind::OfOutput)
        {
            continue;
        }
        if (option.GetSection() != section)
        {
            section = option.GetSection();
            text << "\n[" << section << "]\n";
        }
        text << option.GetKey() << " = " << option.get(config) << '\n';
    }
    return text.str();
}

} // namespace ns3::xfrm
