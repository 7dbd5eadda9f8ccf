/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-py-configs.h"
#include "xfrm-py-core.h"
#include "xfrm-py-tables.h"
#include "xfrm-py-watch.h"

#include "ns3/xfrm-result-folder.h"
#include "ns3/xfrm-study-report.h"

#include <optional>
#include <pybind11/stl.h>
#include <string>
#include <utility>

namespace py = pybind11;

namespace ns3::xfrm::python
{

namespace
{

/// @return "summary" as JSON, "cores", "series", "core_series" and "histogram" as
/// columns
py::dict
ToDict(const StudySettings& settings, const StudyResult& result)
{
    py::dict dict;
    dict["summary"] = MakeStudySummary(settings, result);
    dict["cores"] = ToArrays(GetStudyCoreColumns(), result.cores);
    dict["series"] = ToArrays(GetStudyRowColumns(), result.rows);
    dict["core_series"] = ToArrays(GetStudyCoreRowColumns(), result.coreRows);
    dict["histogram"] = ToArrays(result.GetTotal().core.latency);
    return dict;
}

/// @param out folder for files; none: none @param progress told how far it is
py::dict
Study(const Texts& texts,
      const Lists& lists,
      const std::optional<std::string>& out,
      py::object progress)
{
    const auto settings = MakeConfig<StudySettings>(texts, lists);
    std::optional<ResultFolder> folder;
    if (out)
    {
        folder.emplace(*out);
    }
    Watch watch(std::move(progress));
    std::optional<StudyResult> result;
    {
        const py::gil_scoped_release released;
        result = RunStudy(settings, [&](double share) { return watch.GoOn(share); });
    }
    watch.Rethrow();
    if (folder)
    {
        WriteStudyFiles(settings, *result, folder->Get());
        folder->Finish();
    }
    return ToDict(settings, *result);
}

} // namespace

void
BindStudy(py::module_& module)
{
    module.def("study",
               &Study,
               py::arg("texts"),
               py::arg("lists"),
               py::arg("out"),
               py::arg("progress"),
               "Make a study and run it.");
}

} // namespace ns3::xfrm::python
