/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SIM_SETTINGS_H
#define XFRM_SIM_SETTINGS_H

/**
 * @file
 * @brief What commands that simulate have in common: tables of settings, progress, Ctrl-C.
 */

#include "xfrm-sim-commands.h"

#include "ns3/nstime.h"
#include "ns3/xfrm-option.h"

#include <boost/program_options.hpp>
#include <chrono>
#include <csignal>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm::sim
{

/// @return the signal that stops the simulation; 0: none came
int GetSignal();

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
    static void Note(int number);

    void (*m_beforeInt)(int);  //!< what took Ctrl-C before
    void (*m_beforeTerm)(int); //!< what took SIGTERM before
};

/// Shows how far a simulation is.
class SimulationProgress
{
  public:
    /// @param duration simulated time of the run
    explicit SimulationProgress(Time duration)
        : m_duration(duration)
    {
    }

    /// @param share share done, 0 to 1 @return whether to go on
    bool Tell(double share);

  private:
    /// @return simulated time so far, to the millisecond [ns]
    int64_t GetReached(double share) const;

    Time m_duration;     //!< simulated time of the run
    ProgressLine m_line; //!< where it is shown
    std::chrono::steady_clock::time_point m_begin{std::chrono::steady_clock::now()}; //!< start
    std::chrono::steady_clock::time_point m_lastShown{m_begin}; //!< when it was last shown
};

/// What help calls the sections of settings, by name of section.
using SectionTitles = std::map<std::string, std::string>;

/// Settings that the command line gives, in order, with their texts.
template <class Config>
using GivenSettings = std::vector<std::pair<const Option<Config>*, std::string>>;

/**
 * @brief Add settings that are lists to the help.
 * @param lists the settings @param given those that the command line gives go there
 * @param description the help
 */
template <class Config>
void
AddLists(const std::vector<OptionList<Config>>& lists,
         Config& given,
         boost::program_options::options_description& description)
{
    for (const OptionList<Config>& list : lists)
    {
        auto* values =
            boost::program_options::value(&(given.*(list.member)))->value_name(list.unit);
        description.add_options()(list.name.c_str(),
                                  values,
                                  (list.help + "; may be repeated").c_str());
    }
}

/// @brief Set the lists that the command line gives.
/// @param lists the settings @param given what it gives @param config changed
template <class Config>
void
SetLists(const std::vector<OptionList<Config>>& lists, const Config& given, Config& config)
{
    for (const OptionList<Config>& list : lists)
    {
        if (!(given.*(list.member)).empty())
        {
            config.*(list.member) = given.*(list.member);
        }
    }
}

/**
 * @brief Add a table of settings to the help, a group a section.
 * @param options the settings @param titles of their sections
 * @param given those that the command line gives are added here
 * @param description the help
 */
template <class Config>
void
AddSettings(const std::vector<Option<Config>>& options,
            const SectionTitles& titles,
            GivenSettings<Config>& given,
            boost::program_options::options_description& description)
{
    namespace po = boost::program_options;
    const Config defaults;
    std::map<std::string, po::options_description> groups;
    std::vector<std::string> sections; // in the order of the table
    for (const Option<Config>& option : options)
    {
        const std::string section = option.GetSection();
        const auto [group, isNew] = groups.try_emplace(section, titles.at(section));
        if (isNew)
        {
            sections.push_back(section);
        }
        const auto take = [&given, &option](const std::string& text) {
            given.emplace_back(&option, text);
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

} // namespace ns3::xfrm::sim

#endif // XFRM_SIM_SETTINGS_H
