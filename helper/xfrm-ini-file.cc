/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ini-file.h"

#include "ns3/xfrm-cost-profile.h"

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

} // namespace

std::vector<IniSetting>
ReadIniFile(const std::filesystem::path& file)
{
    boost::property_tree::ptree tree;
    try
    {
        boost::property_tree::read_ini(file.string(), tree);
    }
    catch (const boost::property_tree::ini_parser_error& error)
    {
        const std::string line = error.line() == 0 ? "" : ":" + std::to_string(error.line());
        throw ConfigError(file.string() + line + ": " + error.message() +
                          ": must be an INI file that can be read");
    }
    std::vector<IniSetting> settings;
    const auto add = [&](const std::string& name, const std::string& text) {
        const size_t line = FindLine(file, name);
        settings.push_back({name, text, file.string() + ":" + std::to_string(line) + ": "});
    };
    for (const auto& [key, node] : tree)
    {
        if (node.empty())
        {
            add(key, node.data());
        }
        for (const auto& [inner, value] : node)
        {
            add(Join(key, inner), value.data());
        }
    }
    return settings;
}

std::vector<std::string>
SplitQuoted(const std::string& text)
{
    std::vector<std::string> all;
    std::istringstream words(text);
    for (std::string word; words >> std::quoted(word);)
    {
        all.push_back(word);
    }
    return all;
}

std::string
FindProfile(const std::filesystem::path& file, const std::string& profile)
{
    const std::vector<std::string> shipped = CostProfile::GetShipped();
    const bool isShipped = std::find(shipped.begin(), shipped.end(), profile) != shipped.end();
    return isShipped ? profile : (file.parent_path() / profile).string();
}

} // namespace ns3::xfrm
