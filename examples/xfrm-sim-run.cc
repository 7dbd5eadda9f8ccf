/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-sim-commands.h"

#include "ns3/xfrm-run-files.h"
#include "ns3/xfrm-run-ini.h"
#include "ns3/xfrm-run-options.h"
#include "ns3/xfrm-run-report.h"
#include "ns3/xfrm-run.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <iostream>
#include <map>
#include <optional>
#include <utility>

namespace ns3::xfrm::sim
{

namespace
{

namespace po = boost::program_options;

volatile std::sig_atomic_t g_signal{0}; //!< the signal that stops the run; 0: none came

/// Takes the first Ctrl-C or SIGTERM while it lives; the second ends the program.
class InterruptGuard
{
  public:
    InterruptGuard()
        : m_beforeInt(std::signal(SIGINT, &InterruptGuard::Note)),
          m_beforeTerm(std::signal(SIGTERM, &InterruptGuard::Note))
    {
    }

    ~InterruptGuard()
    {
        std::signal(SIGINT, m_beforeInt);
        std::signal(SIGTERM, m_beforeTerm);
    }

    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
    InterruptGuard(InterruptGuard&&) = delete;
    InterruptGuard& operator=(InterruptGuard&&) = delete;

  private:
    static void Note(int number)
    {
        g_signal = number;
        std::signal(number, SIG_DFL);
    }

    void (*m_beforeInt)(int);  //!< what took Ctrl-C before
    void (*m_beforeTerm)(int); //!< what took SIGTERM before
};

/// Shows how far a run is.
class RunProgress
{
  public:
    /// @param duration simulated time of the run
    explicit RunProgress(Time duration)
        : m_duration(duration)
    {
    }

    /// @param share share done, 0 to 1 @return whether to go on
    bool Tell(double share)
    {
        const auto now = std::chrono::steady_clock::now();
        if (now - m_lastShown > std::chrono::milliseconds(200) && share > 0)
        {
            const double elapsed = std::chrono::duration<double>(now - m_begin).count();
            m_line.Show("simulated " + ToSeconds(NanoSeconds(GetReached(share))) + " s of " +
                        ToSeconds(m_duration) + " s, " +
                        std::to_string(static_cast<int>(100 * share)) + " %, " +
                        std::to_string(std::lround(elapsed * (1 - share) / share)) + " s left");
            m_lastShown = now;
        }
        return g_signal == 0;
    }

  private:
    /// @return simulated time so far, to the millisecond [ns]
    int64_t GetReached(double share) const
    {
        return std::llround(m_duration.GetSeconds() * share * 1000) * 1000000;
    }

    Time m_duration;     //!< simulated time of the run
    ProgressLine m_line; //!< where it is shown
    std::chrono::steady_clock::time_point m_begin{std::chrono::steady_clock::now()}; //!< start
    std::chrono::steady_clock::time_point m_lastShown{m_begin}; //!< when it was last shown
};

/// What the command line says.
struct RunWords
{
    std::string configFile;                                           //!< INI file; empty: none
    std::vector<std::string> ipXfrm;                                  //!< files of commands
    std::vector<std::pair<const RunOption*, std::string>> settings{}; //!< those given
};

/// Adds the table of settings to the help, a group a section.
void
AddSettings(po::options_description& description, RunWords& words)
{
    const RunConfig defaults;
    const std::map<std::string, std::string> titles{{"", "Run"},
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
    std::map<std::string, po::options_description> groups;
    std::vector<std::string> sections; // in the order of the table
    for (const RunOption& option : GetRunOptions())
    {
        const std::string section = option.GetSection();
        const auto [group, isNew] = groups.try_emplace(section, titles.at(section));
        if (isNew)
        {
            sections.push_back(section);
        }
        const auto take = [&words, &option](const std::string& text) {
            words.settings.emplace_back(&option, text);
        };
        auto* value = po::value<std::string>()->value_name(option.unit)->notifier(take);
        if (option.isSwitch)
        {
            value->implicit_value("true", "")->value_name("[=BOOL]");
        }
        const std::string usual = option.get(defaults);
        const std::string shown = usual.empty() || option.isSwitch ? "" : " [" + usual + "]";
        group->second.add_options()(option.name.c_str(), value, (option.help + shown).c_str());
    }
    for (const std::string& section : sections)
    {
        description.add(groups.at(section));
    }
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
    add("ip-xfrm",
        po::value(&words.ipXfrm)->value_name("[NODE=]FILE"),
        "ip xfrm commands of a node (A or gw1, B or gw2, ...), or of several by ip -n NODE; may be "
        "repeated; none: no IPsec [a tunnel between A and B]");
    description.add(files);
    AddSettings(description, words);
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
    if (!words.ipXfrm.empty())
    {
        config.ipXfrm = words.ipXfrm;
    }
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
    std::optional<RunFolder> folder;
    RunSurroundings surroundings;
    if (!config.out.empty())
    {
        folder.emplace(config.out);
        surroundings.pcapFolder = folder->Get();
    }
    std::optional<RunProgress> progress(config.duration);
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
    return result.isPartial ? EXIT_BY_SIGNAL + g_signal : EXIT_OK;
}

} // namespace ns3::xfrm::sim
