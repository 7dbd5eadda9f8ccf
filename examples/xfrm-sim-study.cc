/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-sim-commands.h"
#include "xfrm-sim-settings.h"

#include "ns3/xfrm-result-folder.h"
#include "ns3/xfrm-study-report.h"
#include "ns3/xfrm-study-settings.h"

#include <iostream>
#include <optional>

namespace ns3::xfrm::sim
{

namespace
{

namespace po = boost::program_options;

/// What the command line says.
struct StudyWords
{
    std::string configFile;                  //!< INI file; empty: none
    StudySettings lists;                     //!< settings that are lists
    GivenSettings<StudySettings> settings{}; //!< all others that are given
};

/// @return whether the words ask for a study; false if the help was shown
bool
ParseStudy(const std::vector<std::string>& given, StudyWords& words)
{
    static const SectionTitles titles{{"", "Study"},
                                      {"traffic", "Packets (traffic)"},
                                      {"spd", "Policies and states (spd)"},
                                      {"rss", "Receive queues (rss)"},
                                      {"napi", "Polling of these queues (napi)"},
                                      {"rps", "Packets for other cores (rps)"},
                                      {"ipsec", "IPsec (ipsec)"},
                                      {"cache", "Flow caches (cache)"},
                                      {"events", "What happens (events)"}};
    po::options_description description;
    po::options_description files("Files and lists");
    auto add = files.add_options();
    add("help,h", "show this help");
    add("config",
        po::value(&words.configFile)->value_name("FILE"),
        "INI file of settings: size = 64 in section [traffic] is --traffic.size 64; what the "
        "command line gives counts more");
    AddLists(GetStudyLists(), words.lists, files);
    description.add(files);
    AddSettings(GetStudyOptions(), titles, words.settings, description);
    return Parse(
        given,
        "Usage: xfrm-sim study [options]\n\n"
        "Simulates a host of many cores that looks up, or forwards, packets that are\n"
        "numbers of flows: the same receive queues, cores, flow caches and databases as\n"
        "in run, without packets, and so tens of times as fast, hundreds for lookups.\n\n"
        "TIME is a number with ns, us, ms, s, min or h; PPS packets per second; BYTES from\n"
        "the IP header on.  Defaults are in [].\n\n"
        "Exit status: 0 done; 2 bad input; 130 stopped by Ctrl-C, 143 by SIGTERM: results\n"
        "are those up to then and say so.",
        description,
        {},
        {});
}

/// @return the settings; an INI file's first, then those of the command line
StudySettings
MakeSettings(const StudyWords& words)
{
    StudySettings settings;
    if (!words.configFile.empty())
    {
        ReadStudySettings(words.configFile, settings);
    }
    for (const auto& [option, text] : words.settings)
    {
        option->Set(settings, text);
    }
    SetLists(GetStudyLists(), words.lists, settings);
    return settings;
}

} // namespace

int
RunStudyCommand(const std::vector<std::string>& given)
{
    StudyWords words;
    if (!ParseStudy(given, words))
    {
        return EXIT_OK;
    }
    const StudySettings settings = MakeSettings(words);
    const InterruptGuard guard; // from here on there may be something to clear up
    std::optional<ResultFolder> folder;
    if (!settings.out.empty())
    {
        folder.emplace(settings.out);
    }
    std::optional<SimulationProgress> progress(settings.duration);
    const StudyResult result =
        RunStudy(settings, [&](double share) { return progress->Tell(share); });
    progress.reset(); // takes its line away
    if (folder)
    {
        WriteStudyFiles(settings, result, folder->Get());
        folder->Finish();
    }
    if (settings.isJson)
    {
        std::cout << MakeStudyJson(settings, result);
    }
    else
    {
        PrintStudy(settings, result, std::cout);
    }
    return result.isPartial ? EXIT_BY_SIGNAL + GetSignal() : EXIT_OK;
}

} // namespace ns3::xfrm::sim
