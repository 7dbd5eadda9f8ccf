/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-py-core.h"
#include "xfrm-py-watch.h"

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

/// Name of a setting -> its value as text.
using Settings = std::map<std::string, std::string>;

/// @return the run that an INI file, settings over it, and files of commands describe
RunConfig
MakeRunConfig(const std::string& file,
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
    const RunConfig config = MakeRunConfig(file, settings, ipXfrm);
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
}

} // namespace ns3::xfrm::python
