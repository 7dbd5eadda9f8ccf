/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-ini.h"

#include "xfrm-ini-file.h"
#include "xfrm-run-ip-xfrm.h"
#include "xfrm-run-options.h"

#include <iomanip>
#include <sstream>

namespace ns3::xfrm
{

namespace
{

/// @return the words of ip-xfrm, their files beside a folder
std::vector<std::string>
ReadIpXfrm(const std::string& text, const std::filesystem::path& folder)
{
    std::vector<std::string> all;
    for (const std::string& word : SplitQuoted(text))
    {
        IpXfrmFile file = ParseIpXfrmFile(word);
        file.path = word == NO_IP_XFRM ? file.path : (folder / file.path).string();
        all.push_back(ToText(file));
    }
    return all;
}

} // namespace

void
ReadRunConfig(const std::filesystem::path& file, RunConfig& config)
{
    RunConfig changed = config;
    for (IniSetting& setting : ReadIniFile(file))
    {
        if (setting.name == "ip-xfrm")
        {
            changed.ipXfrm = ReadIpXfrm(setting.text, file.parent_path());
            continue;
        }
        if (setting.name == "profile")
        {
            setting.text = FindProfile(file, setting.text);
        }
        SetFromIni(GetRunOptions(), setting, "run", changed);
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
    WriteIni(GetRunOptions(), config, text);
    return text.str();
}

} // namespace ns3::xfrm
