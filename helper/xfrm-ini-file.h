/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_INI_FILE_H
#define XFRM_INI_FILE_H

/**
 * @file
 * @ingroup xfrm
 * @brief Settings in INI files: "rate = 10" in section [udp] is udp.rate.
 *
 * Comments begin with ; and have lines of their own.
 */

#include "xfrm-option.h"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/// A line of an INI file that sets something.
struct IniSetting
{
    std::string name;  //!< dotted name
    std::string text;  //!< its value
    std::string place; //!< where it stands, for errors: "FILE:LINE: "
};

/// @param file an INI file @return what it sets, in order
/// @throws ConfigError naming file and line if it can't be read
std::vector<IniSetting> ReadIniFile(const std::filesystem::path& file);

/// @param text words, in double quotes if they have blanks @return the words
std::vector<std::string> SplitQuoted(const std::string& text);

/// @param file an INI file @param profile a cost profile that it names
/// @return a shipped one as it is, a file beside the INI file
std::string FindProfile(const std::filesystem::path& file, const std::string& profile);

/**
 * @brief Set what a line of an INI file says.
 * @param options the settings that there are @param setting the line
 * @param command whose help lists them, such as "run" @param config changed
 * @throws ConfigError naming file, line, value and what is allowed
 */
template <class Config>
void
SetFromIni(const std::vector<Option<Config>>& options,
           const IniSetting& setting,
           const std::string& command,
           Config& config)
{
    const auto option = std::find_if(options.begin(), options.end(), [&](const auto& each) {
        return each.name == setting.name;
    });
    if (option == options.end())
    {
        throw ConfigError(setting.place + setting.name + ": no such setting: xfrm-sim " + command +
                          " --help lists them");
    }
    try
    {
        option->Set(config, setting.text);
    }
    catch (const ConfigError& error)
    {
        throw ConfigError(setting.place + error.what());
    }
}

/// @brief Write settings as lines of an INI file, those of output left out.
/// @param options the settings @param config their values @param os where to
template <class Config>
void
WriteIni(const std::vector<Option<Config>>& options, const Config& config, std::ostream& os)
{
    std::string section;
    for (const Option<Config>& option : options)
    {
        if (option.kind == Option<Config>::Kind::OfOutput)
        {
            continue;
        }
        if (option.GetSection() != section)
        {
            section = option.GetSection();
            os << "\n[" << section << "]\n";
        }
        os << option.GetKey() << " = " << option.get(config) << '\n';
    }
}

} // namespace ns3::xfrm

#endif // XFRM_INI_FILE_H
