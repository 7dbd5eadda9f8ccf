/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-sim-commands.h"
#include "xfrm-sim-settings.h"

#include "ns3/xfrm-run-files.h"
#include "ns3/xfrm-run-ini.h"
#include "ns3/xfrm-run-options.h"
#include "ns3/xfrm-run-report.h"
#include "ns3/xfrm-run.h"

#include <iostream>
#include <optional>

namespace ns3::xfrm::sim
{

namespace
{

namespace po = boost::program_options;

/// What the command line says.
struct RunWords
{
    std::string configFile;              //!< INI file; empty: none
    RunConfig lists;                     //!< settings that are lists
    GivenSettings<RunConfig> settings{}; //!< those given
};

/// @return what help calls the sections of settings
const SectionTitles&
GetTitles()
{
    static const SectionTitles titles{{"", "Run"},
                                      {"line", "Nodes (line)"},
                                      {"edge", "Links of hosts (edge)"},
                                      {"core", "Links between gateways (core)"},
                                      {"rss", "Receive queues of gateways (rss)"},
                                      {"napi", "Polling of these queues (napi)"},
                                      {"rps", "Packets for other cores (rps)"},
                                      {"udp", "UDP"},
                                      {"tcp", "TCP"},
                                      {"ping", "Ping"},
                                      {"ipsec", "IPsec (ipsec)"}};
    return titles;
}

/// @return whether the words ask for a run; false if the help was shown
bool
ParseRun(const std::vector<std::string>& given, RunWords& words)
{
    po::options_description description;
    po::options_description files("Files");
    auto add = files.add_options();
    add("help,h", "show this help");
    add("config",
        po::value(&words.configFile)->value_name("FILE"),
        "INI file of settings: rate = 10 in section [udp] is --udp.rate 10; what the command line "
        "gives counts more");
    AddLists(GetRunLists(), words.lists, files);
    description.add(files);
    AddSettings(GetRunOptions(), GetTitles(), words.settings, description);
    return Parse(
        given,
        "Usage: xfrm-sim run [options]\n\n"
        "Simulates hosts and gateways in a line, H - A - B - K, with the IPsec of Linux\n"
        "that ip xfrm commands configure, and UDP, TCP and ping from H to K.\n\n"
        "TIME is a number with ns, us, ms, s, min or h; RATE one with bps, kbps, Mbps or\n"
        "Gbps; PPS packets per second; BYTES of a payload are those above UDP, TCP or\n"
        "ICMP.  Defaults are in [].\n\n"
        "Exit status: 0 done; 2 bad input; 130 stopped by Ctrl-C, 143 by SIGTERM: results\n"
        "are those up to then and say so.",
        description,
        {},
        {});
}

/// @return the settings; an INI file's first, then those of the command line
RunConfig
MakeConfig(const RunWords& words)
{
    RunConfig config;
    if (!words.configFile.empty())
    {
        ReadRunConfig(words.configFile, config);
    }
    for (const auto& [option, text] : words.settings)
    {
        option->Set(config, text);
    }
    SetLists(GetRunLists(), words.lists, config);
    CheckRunConfig(config);
    return config;
}

} // namespace

int
RunRun(const std::vector<std::string>& given)
{
    RunWords words;
    if (!ParseRun(given, words))
    {
        return EXIT_OK;
    }
    const RunConfig config = MakeConfig(words);
    const InterruptGuard guard; // from here on there may be something to clear up
    std::optional<ResultFolder> folder;
    RunSurroundings surroundings;
    if (!config.out.empty())
    {
        folder.emplace(config.out);
        surroundings.pcapFolder = folder->Get();
    }
    std::optional<SimulationProgress> progress(config.duration);
    surroundings.goOn = [&](double share) { return progress->Tell(share); };
    const RunResult result = RunPackets(config, surroundings);
    progress.reset(); // takes its line away
    if (folder)
    {
        WriteRunFiles(result, folder->Get());
        folder->Finish();
    }
    if (config.isJson)
    {
        std::cout << MakeRunJson(result);
    }
    else
    {
        PrintRun(result, std::cout);
    }
    return result.isPartial ? EXIT_BY_SIGNAL + GetSignal() : EXIT_OK;
}

} // namespace ns3::xfrm::sim
