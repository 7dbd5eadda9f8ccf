/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-py-configs.h"
#include "xfrm-py-core.h"
#include "xfrm-py-tables.h"
#include "xfrm-py-watch.h"

#include "ns3/xfrm-result-folder.h"
#include "ns3/xfrm-run-files.h"
#include "ns3/xfrm-run-report.h"
#include "ns3/xfrm-run.h"

#include <functional>
#include <optional>
#include <pybind11/stl.h>
#include <string>
#include <utility>
#include <vector>

namespace py = pybind11;

namespace ns3::xfrm::python
{

namespace
{

template <class Row>
using Rows = std::vector<std::reference_wrapper<const Row>>;

/// @return tables of flows, nodes and cores; their rows are ordered by time, then as in the JSON
py::dict
ToTables(const std::vector<RunSample>& samples)
{
    std::vector<double> times;
    Rows<FlowCounts> flows;
    Rows<NodeFigures> nodes;
    Rows<CoreSample> cores;
    for (const RunSample& sample : samples)
    {
        times.push_back(static_cast<double>(sample.time.GetNanoSeconds()) / 1e9);
        flows.insert(flows.end(), sample.flows.begin(), sample.flows.end());
        nodes.insert(nodes.end(), sample.nodes.begin(), sample.nodes.end());
        for (const NodeFigures& node : sample.nodes)
        {
            cores.insert(cores.end(), node.cores.begin(), node.cores.end());
        }
    }
    py::dict dict;
    dict["times"] = times;
    dict["flows"] = ToArrays(GetFlowColumns(), flows);
    dict["nodes"] = ToArrays(GetNodeColumns(), nodes);
    dict["cores"] = ToArrays(GetCoreColumns(), cores);
    return dict;
}

/// @return "summary" as JSON; "last" and "series": tables
py::dict
ToDict(const RunResult& result)
{
    py::dict dict;
    dict["summary"] = MakeRunJson(result);
    dict["last"] = ToTables({result.last});
    dict["series"] = ToTables(result.series);
    return dict;
}

/// @param out folder for files; none: none @param progress told how far it is
py::dict
Run(const Texts& texts,
    const Lists& lists,
    const std::optional<std::string>& out,
    py::object progress)
{
    const SimulatorClaim claim;
    const auto config = MakeConfig<RunConfig>(texts, lists);
    CheckRunConfig(config);
    std::optional<ResultFolder> folder;
    RunSurroundings surroundings;
    if (out)
    {
        folder.emplace(*out);
        surroundings.pcapFolder = folder->Get();
    }
    Watch watch(std::move(progress));
    surroundings.goOn = [&](double share) { return watch.GoOn(share); };
    std::optional<RunResult> result;
    {
        const py::gil_scoped_release released;
        result = RunPackets(config, surroundings);
    }
    watch.Rethrow();
    if (folder)
    {
        WriteRunFiles(*result, folder->Get());
        folder->Finish();
    }
    return ToDict(*result);
}

} // namespace

void
BindRun(py::module_& module)
{
    module.def("run",
               &Run,
               py::arg("texts"),
               py::arg("lists"),
               py::arg("out"),
               py::arg("progress"),
               "Run in packet mode.");
}

} // namespace ns3::xfrm::python
