/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-sim-commands.h"

#include "ns3/xfrm-configured-host.h"
#include "ns3/xfrm-run-values.h"

#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace ns3::xfrm::sim
{

namespace
{

namespace po = boost::program_options;

/// What the command line asks for.
struct ShowWords
{
    std::vector<std::string> files; //!< files of commands
    std::string host;               //!< whose commands; empty: there is but one host
    std::string at;                 //!< when to look; empty: behind the last command
    bool isBrief{false};            //!< as without -s
    bool isJson{false};             //!< print JSON
};

/// @return whether there is something to do; false if the help was shown
bool
ParseShow(const std::vector<std::string>& given, ShowWords& words)
{
    po::options_description description("Options");
    auto add = description.add_options();
    add("help,h", "show this help");
    add("ip-xfrm",
        po::value(&words.files)->value_name("FILE"),
        "file of commands; may be given without the option");
    add("host",
        po::value(&words.host)->value_name("NAME"),
        "whose commands, if they name network namespaces (ip -n NAME)");
    add("at",
        po::value(&words.at)->value_name("TIME"),
        "when to look, such as 90s; without it, behind the last command");
    add("brief", po::bool_switch(&words.isBrief), "states and policies as without -s");
    add("json", po::bool_switch(&words.isJson), "print one JSON object instead of text");
    po::positional_options_description positional;
    positional.add("ip-xfrm", -1);
    return Parse(given,
                 "Usage: xfrm-sim show [options] FILE...\n\n"
                 "Carries out the `ip xfrm` commands of files on a host, and prints what\n"
                 "`ip -s xfrm policy`, `ip -s xfrm state` and `cat /proc/net/xfrm_stat` say then.\n"
                 "A line \"# at 2.5s\" gives the commands behind it a time; limits of states and\n"
                 "policies run.  What list and get in the files write comes first.\n"
                 "Exit status: 0 done, 2 bad input.\n",
                 description,
                 {},
                 positional);
}

/// @return commands of all files
std::vector<IpXfrmCommand>
ReadCommands(const ShowWords& words)
{
    if (words.files.empty())
    {
        throw UsageError("show: FILE missing: must be a file of ip xfrm commands");
    }
    std::vector<IpXfrmCommand> all;
    for (const std::string& file : words.files)
    {
        for (IpXfrmCommand& command : IpXfrm::ReadFile(file))
        {
            all.push_back(std::move(command));
        }
    }
    return ChooseCommands(all, words.host);
}

/// @return the time of option --at
std::optional<Time>
ReadTime(const std::string& text)
{
    if (text.empty())
    {
        return std::nullopt;
    }
    std::optional<Time> time = ParseTime(text);
    if (!time)
    {
        throw UsageError("show: --at " + text + ": must be a time from 0 with its unit, as 90s");
    }
    return time;
}

void
PrintHostText(const ConfiguredHost& host, const std::string& listed, bool hasDetails)
{
    const std::string option = hasDetails ? "-s " : "";
    std::cout << listed << "# ip " << option << "xfrm policy\n";
    host.ShowPolicies(std::cout, hasDetails);
    std::cout << "\n# ip " << option << "xfrm state\n";
    host.ShowStates(std::cout, hasDetails);
    std::cout << "\n# cat /proc/net/xfrm_stat\n";
    host.GetStatistics().Print(std::cout);
}

void
PrintHostJson(const ConfiguredHost& host, const std::string& listed, bool hasDetails)
{
    std::ostringstream policies;
    host.ShowPolicies(policies, hasDetails);
    std::ostringstream states;
    host.ShowStates(states, hasDetails);
    nlohmann::ordered_json json{{"listed", listed},
                                {"policy", policies.str()},
                                {"state", states.str()},
                                {"xfrm_stat", nlohmann::ordered_json::object()}};
    for (size_t i = 0; i < Statistics::N_COUNTERS; ++i)
    {
        const auto counter = static_cast<Counter>(i);
        json["xfrm_stat"][Statistics::GetLabel(counter)] = host.GetStatistics().Get(counter);
    }
    std::cout << json.dump(2) << "\n";
}

} // namespace

int
RunShow(const std::vector<std::string>& given)
{
    ShowWords words;
    if (!ParseShow(given, words))
    {
        return EXIT_OK;
    }
    const std::optional<Time> end = ReadTime(words.at);
    ConfiguredHost host;
    const std::vector<IpXfrmCommand> commands = ReadCommands(words);
    std::ostringstream listed;
    for (const IpXfrmCommand& command : commands)
    {
        if (!end || command.time <= *end)
        {
            host.CarryOut(command, listed);
        }
    }
    host.WaitUntil(end.value_or(Time(0)));
    (words.isJson ? PrintHostJson : PrintHostText)(host, listed.str(), !words.isBrief);
    return EXIT_OK;
}

} // namespace ns3::xfrm::sim
