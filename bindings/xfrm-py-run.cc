/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-py-core.h"

#include "ns3/xfrm-run-files.h"
#include "ns3/xfrm-run-ini.h"
#include "ns3/xfrm-run-options.h"
#include "ns3/xfrm-run-report.h"
#include "ns3/xfrm-run.h"

#include <atomic>
#include <map>
#include <optional>
#include <pybind11/stl.h>
#include <stdexcept>
#include <string>
#include <vector>

namespace py = pybind11;

namespace ns3::xfrm::python
{

namespace
{

/// Holds ns-3's simulator, of which a process has one.
class SimulatorClaim
{
  public:
    /// @throws std::runtime_error if another run has it
    SimulatorClaim()
    {
        if (s_isTaken.test_and_set())
        {
            throw std::runtime_error(
                "a run is under way in this process: must end first, or be in another process");
        }
    }

    ~SimulatorClaim()
    {
        s_isTaken.clear();
    }

    SimulatorClaim(const SimulatorClaim&) = delete;
    SimulatorClaim& operator=(const SimulatorClaim&) = delete;
    SimulatorClaim(SimulatorClaim&&) = delete;
    SimulatorClaim& operator=(SimulatorClaim&&) = delete;

  private:
    static inline std::atomic_flag s_isTaken; //!< a run is under way
};

/// Name of a setting -> its value as text.
using Settings = std::map<std::string, std::string>;

/// @return the run that an INI file, settings over it, and files of commands describe
RunConfig
MakeConfig(const std::string& file,
           const Settings& settings,
           const std::optional<std::vector<std::string>>& ipXfrm)
{
    RunConfig config;
    if (!file.empty())
    {
        ReadRunConfig(file, config);
    }
    // In the order of the table, so that of two bad settings always the same one is named.
    for (const RunOption& option : GetRunOptions())
    {
        if (const auto given = settings.find(option.name); given != settings.end())
        {
            option.Set(config, given->second);
        }
    }
    if (ipXfrm)
    {
        config.ipXfrm = *ipXfrm;
    }
    CheckRunConfig(config);
    return config;
}

/// @return the run as one JSON object; a signal's exception ends it, and leaves no files
std::string
Run(const std::string& file,
    const Settings& settings,
    const std::optional<std::vector<std::string>>& ipXfrm)
{
    const SimulatorClaim claim;
    const RunConfig config = MakeConfig(file, settings, ipXfrm);
    std::optional<ResultFolder> folder;
    RunSurroundings surroundings;
    if (!config.out.empty())
    {
        folder.emplace(config.out);
        surroundings.pcapFolder = folder->Get();
    }
    bool isInterrupted = false;
    surroundings.goOn = [&](double) {
        const py::gil_scoped_acquire acquired;
        isInterrupted = isInterrupted || PyErr_CheckSignals() != 0;
        return !isInterrupted;
    };
    std::optional<RunResult> result;
    {
        const py::gil_scoped_release released;
        result = RunPackets(config, surroundings);
    }
    if (isInterrupted)
    {
        throw py::error_already_set();
    }
    if (folder)
    {
        WriteRunFiles(*result, folder->Get());
        folder->Finish();
    }
    return MakeRunJson(*result);
}

/// @return name, unit, help, what is allowed, usual value, whether it is of output; of each setting
py::list
GetSettings()
{
    const RunConfig usual;
    py::list settings;
    for (const RunOption& option : GetRunOptions())
    {
        settings.append(py::make_tuple(option.name,
                                       option.unit,
                                       option.help,
                                       option.allowed,
                                       option.get(usual),
                                       option.kind == RunOption::Kind::OfOutput));
    }
    return settings;
}

} // namespace

void
BindRun(py::module_& module)
{
    module.def("run",
               &Run,
               py::arg("file"),
               py::arg("settings"),
               py::arg("ip_xfrm"),
               "Run in packet mode; the result as JSON text.");
    module.def("run_settings", &GetSettings, "The settings of a run.");
}

} // namespace ns3::xfrm::python
