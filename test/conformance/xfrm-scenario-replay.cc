/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-scenario-replay.h"

#include "xfrm-scenario-file.h"
#include "xfrm-scenario-hosts.h"

#include <map>

namespace ns3::xfrm::conformance
{

namespace
{

using nlohmann::json;

/// Packets of scenarios that are not compared, and why: the list in the recordings' README.
const std::map<std::string, std::string> UNDEFINED{
    {"sub-sa-main-sa",
     "undefined behaviour of Linux 4.1: IPv4 has no state sort, the array stays unset"},
};

/// Plays one scenario.
class ScenarioPlayer
{
  public:
    ScenarioPlayer(const Scenario& scenario, const RecordedScenario& recorded, SetReport& report)
        : m_scenario(scenario),
          m_recorded(recorded),
          m_report(report),
          m_hosts(scenario)
    {
    }

    void Play()
    {
        for (const std::string& command : m_scenario.setup)
        {
            CarryOut(command);
        }
        if (m_recorded.dumpOrder)
        {
            Compare("dump_order", json(*m_recorded.dumpOrder), m_hosts.List());
            ++m_report.rows;
        }
        if (!m_recorded.packets)
        {
            return; // for want of a command that the kernel took
        }
        for (size_t i = 0; i < m_scenario.packets.size(); ++i)
        {
            for (const std::string& command : m_scenario.packets[i].before)
            {
                CarryOut(command);
            }
            PlayPacket(i);
        }
    }

  private:
    void CarryOut(const std::string& command)
    {
        const std::string label = "ip xfrm " + command;
        const size_t number = m_nCommands++;
        if (number >= m_recorded.commands.size() ||
            m_recorded.commands[number].value("cmd", "") != label)
        {
            throw InputError(m_scenario.id + ": the results must have \"" + label +
                             "\" as command " + std::to_string(number + 1));
        }
        const json got = m_hosts.CarryOut(command);
        const json& expected = m_recorded.commands[number];
        const bool isTaken = expected.value("rc", 0) == 0;
        const bool isSame = isTaken == (got.at("rc") == 0);
        Compare("\"" + command + "\" rc",
                expected.value("rc", 0),
                isSame ? expected.value("rc", 0) : got.at("rc").get<int>());
        if (!isTaken && isSame && IsFromKernel(expected))
        {
            Compare("\"" + command + "\" err", expected.at("err"), got.at("err"));
        }
        ++m_report.rows;
    }

    /// @return whether a refusal is the kernel's; else it is ip's, whose words are its own
    static bool IsFromKernel(const json& refusal)
    {
        return refusal.value("err", "").starts_with("RTNETLINK answers: ");
    }

    void PlayPacket(size_t number)
    {
        const json got = m_hosts.Play(m_scenario.packets[number]);
        if (UNDEFINED.contains(m_scenario.id))
        {
            return;
        }
        for (const auto& [field, expected] : (*m_recorded.packets)[number].items())
        {
            if (field == "packet")
            {
                continue;
            }
            if (!got.contains(field))
            {
                throw InputError(m_scenario.id + ": packet " + std::to_string(number + 1) + ": " +
                                 field + ": unknown field of a result");
            }
            Compare("packet " + std::to_string(number + 1) + " " + field,
                    WithoutIndexes(expected),
                    got.at(field));
        }
        ++m_report.rows;
    }

    /// @return acquires without the policy's index, which depends on what was done before
    static json WithoutIndexes(json value)
    {
        for (json& element : value)
        {
            if (element.is_object())
            {
                element.erase("index");
            }
        }
        return value;
    }

    /// @return a text as it is, all else as JSON
    static std::string ToText(const json& value)
    {
        return value.is_string() ? value.get<std::string>() : value.dump();
    }

    void Compare(const std::string& what, const json& expected, const json& got)
    {
        if (expected != got)
        {
            m_report.mismatches.push_back(
                {m_report.rows, m_scenario.id + " " + what, ToText(expected), ToText(got)});
        }
    }

    const Scenario& m_scenario;         //!< the scenario
    const RecordedScenario& m_recorded; //!< what the kernel did
    SetReport& m_report;                //!< what came out
    ScenarioHosts m_hosts;              //!< where it is played
    size_t m_nCommands{0};              //!< commands given
};

} // namespace

bool
IsModelled(const std::filesystem::path& results)
{
    return results.filename().string().starts_with("results-4.1.");
}

SetReport
ReplayScenarios(const std::filesystem::path& results)
{
    const auto scenarios = ReadScenarios(results.parent_path() / "scenarios.jsonl");
    const RecordedKernel kernel = ReadResults(results, scenarios);
    SetReport report;
    report.name = "scenarios-" + kernel.version;
    for (size_t i = 0; i < scenarios.size(); ++i)
    {
        ScenarioPlayer(scenarios[i], kernel.scenarios[i], report).Play();
        const auto undefined = UNDEFINED.find(scenarios[i].id);
        if (undefined != UNDEFINED.end())
        {
            report.leftOut.push_back({undefined->first, undefined->second});
        }
    }
    return report;
}

} // namespace ns3::xfrm::conformance
