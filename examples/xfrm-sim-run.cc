/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-sim-commands.h"

#include "ns3/xfrm-run-report.h"
#include "ns3/xfrm-run.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <map>
#include <unistd.h>

namespace ns3::xfrm::sim
{

namespace
{

namespace po = boost::program_options;
namespace fs = std::filesystem;

std::atomic<bool> g_isInterrupted{false}; //!< Ctrl-C was pressed

/// Takes Ctrl-C while it lives.
class InterruptGuard
{
  public:
    InterruptGuard()
        : m_before(std::signal(SIGINT, [](int) { g_isInterrupted = true; }))
    {
    }

    ~InterruptGuard()
    {
        std::signal(SIGINT, m_before);
    }

    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
    InterruptGuard(InterruptGuard&&) = delete;
    InterruptGuard& operator=(InterruptGuard&&) = delete;

  private:
    void (*m_before)(int); //!< what took it before
};

/// A folder that is filled beside its place and put there when it is complete.
class OutFolder
{
  public:
    /// @param place where it is to be; must not exist, or be an empty folder
    explicit OutFolder(const fs::path& place)
        : m_place(place),
          m_work(place.lexically_normal().string() + ".part" + std::to_string(getpid()))
    {
        if (fs::exists(place) && !(fs::is_directory(place) && fs::is_empty(place)))
        {
            throw UsageError("run: --out " + place.string() +
                             ": must not exist, or be an empty folder");
        }
        std::error_code error;
        fs::create_directories(m_work, error);
        if (error)
        {
            throw UsageError("run: --out " + place.string() + ": " + error.message() +
                             ": must be a folder that can be made");
        }
    }

    ~OutFolder()
    {
        std::error_code ignored;
        fs::remove_all(m_work, ignored);
    }

    OutFolder(const OutFolder&) = delete;
    OutFolder& operator=(const OutFolder&) = delete;
    OutFolder(OutFolder&&) = delete;
    OutFolder& operator=(OutFolder&&) = delete;

    /// @return where to write
    const fs::path& Get() const
    {
        return m_work;
    }

    /// @brief All is written: put it in its place.
    void Finish()
    {
        if (fs::exists(m_place))
        {
            fs::remove(m_place);
        }
        fs::rename(m_work, m_place);
    }

  private:
    fs::path m_place; //!< where it is to be
    fs::path m_work;  //!< where it is filled
};

/// Shows how far a run is.
class RunProgress
{
  public:
    /// @param share share done, 0 to 1 @return whether to go on
    bool Tell(double share)
    {
        const auto now = std::chrono::steady_clock::now();
        if (now - m_lastShown > std::chrono::milliseconds(200) && share > 0)
        {
            const double elapsed = std::chrono::duration<double>(now - m_begin).count();
            m_line.Show("running: " + std::to_string(static_cast<int>(100 * share)) + " %, " +
                        std::to_string(std::lround(elapsed * (1 - share) / share)) + " s left");
            m_lastShown = now;
        }
        return !g_isInterrupted;
    }

    /// @brief Remove what is shown.
    void Clear()
    {
        m_line.Clear();
    }

  private:
    ProgressLine m_line; //!< where it is shown
    std::chrono::steady_clock::time_point m_begin{std::chrono::steady_clock::now()}; //!< start
    std::chrono::steady_clock::time_point m_lastShown{m_begin}; //!< when it was last shown
};

/// What the command line says beyond the run's own settings.
struct RunWords
{
    std::string configFile;                    //!< INI file, empty: none
    std::vector<std::string> ipXfrm;           //!< files of commands
    std::string out;                           //!< folder for files, empty: none
    bool usesPcap{false};                      //!< write packets
    bool isJson{false};                        //!< print JSON
    std::map<std::string, std::string> values; //!< settings given, by name
};

/// @return the settings; an INI file's first, then those of the command line
RunConfig
MakeConfig(const RunWords& words)
{
    RunConfig config;
    if (!words.configFile.empty())
    {
        ReadRunConfig(words.configFile, config);
    }
    for (const RunOption& option : GetRunOptions())
    {
        const std::string& value = words.values.at(option.name);
        if (!value.empty())
        {
            option.set(config, value);
        }
    }
    if (!words.ipXfrm.empty())
    {
        config.ipXfrm = words.ipXfrm;
    }
    if (config.ipXfrm.empty())
    {
        config.ipXfrm = {std::string(XFRM_EXAMPLES_DIR) + "/configs/tunnel-gcm128.ip-xfrm"};
    }
    return config;
}

/// @return whether the words ask for a run; false if the help was shown
bool
ParseRun(const std::vector<std::string>& given, RunWords& words)
{
    po::options_description description("Options");
    auto add = description.add_options();
    add("help,h", "show this help");
    add("config",
        po::value(&words.configFile)->value_name("FILE"),
        "INI file of settings; [udp] rate = 10 is --udp.rate 10");
    add("ip-xfrm",
        po::value(&words.ipXfrm)->value_name("[NODE=]FILE"),
        "ip xfrm commands of a node (A or gw1, B or gw2, ...), or of several by ip -n NODE; may be "
        "repeated; default: a tunnel between A and B");
    add("out", po::value(&words.out)->value_name("DIR"), "write summary, CSV and xfrm_stat files");
    add("pcap", po::bool_switch(&words.usesPcap), "write the packets of each device, too");
    add("json", po::bool_switch(&words.isJson), "print one JSON object instead of tables");
    const RunConfig defaults;
    for (const RunOption& option : GetRunOptions())
    {
        add(option.name.c_str(),
            po::value(&words.values[option.name])->value_name(option.unit),
            (option.help + " [" + option.get(defaults) + "]").c_str());
    }
    return Parse(given,
                 "Usage: xfrm-sim run [options]\n\n"
                 "Simulates hosts and gateways in a line, H - A - B - K, with the IPsec of Linux\n"
                 "that ip xfrm commands configure, and UDP, TCP and ping from H to K.\n"
                 "Exit status: 0 done, 2 bad input.\n",
                 description,
                 {},
                 {});
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
    if (words.usesPcap && words.out.empty())
    {
        throw UsageError("run: --pcap: must come with --out DIR, where the packets are written");
    }
    RunConfig config = MakeConfig(words);
    std::optional<OutFolder> out;
    if (!words.out.empty())
    {
        out.emplace(words.out);
        config.pcapPrefix = words.usesPcap ? out->Get().string() + "/" : "";
    }
    const InterruptGuard guard;
    RunProgress progress;
    const RunResult result =
        RunPackets(config, {.goOn = [&](double share) { return progress.Tell(share); }});
    progress.Clear();
    if (words.isJson)
    {
        std::cout << MakeRunJson(result);
    }
    else
    {
        PrintRun(result, std::cout);
    }
    if (out)
    {
        WriteRunFiles(result, out->Get());
        out->Finish();
    }
    return EXIT_OK;
}

} // namespace ns3::xfrm::sim
