/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-conformance.h"
#include "xfrm-py-core.h"
#include "xfrm-py-watch.h"

#include "ns3/simulator.h"
#include "ns3/xfrm-config-error.h"
#include "ns3/xfrm-configured-host.h"
#include "ns3/xfrm-decap-report.h"
#include "ns3/xfrm-ip-address.h"
#include "ns3/xfrm-run-values.h"
#include "ns3/xfrm-validation.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <pybind11/stl.h>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace py = pybind11;

namespace ns3::xfrm::python
{

namespace
{

/// Ends the simulation, come what may.
class SimulatorGuard
{
  public:
    SimulatorGuard() = default;

    ~SimulatorGuard()
    {
        Simulator::Destroy();
    }

    SimulatorGuard(const SimulatorGuard&) = delete;
    SimulatorGuard& operator=(const SimulatorGuard&) = delete;
    SimulatorGuard(SimulatorGuard&&) = delete;
    SimulatorGuard& operator=(SimulatorGuard&&) = delete;

  private:
    SimulatorClaim m_claim; //!< it is ours
};

/// @brief Tell Python what is being done, and look after signals.
/// @param tell called with it; None: nobody @param what it
/// @throws pybind11::error_already_set for an exception of either
void
Tell(const py::object& tell, const std::string& what)
{
    const py::gil_scoped_acquire acquired;
    if (PyErr_CheckSignals() != 0)
    {
        throw py::error_already_set();
    }
    if (!tell.is_none())
    {
        tell(what);
    }
}

/// @return a list of reports: name, rows, mismatches, what is left out
py::list
Conform(const std::vector<std::string>& paths, const std::string& face, const py::object& tell)
{
    if (face != "key" && face != "interned")
    {
        throw std::invalid_argument("face " + face + ": must be key or interned");
    }
    const auto how = face == "key" ? conformance::Face::Key : conformance::Face::Interned;
    const SimulatorGuard guard;
    std::vector<conformance::SetReport> reports;
    {
        const py::gil_scoped_release released;
        for (const std::string& path : paths)
        {
            std::ranges::move(
                conformance::ReplayFolder(path,
                                          how,
                                          [&](const std::string& name) { Tell(tell, name); }),
                std::back_inserter(reports));
        }
    }
    py::list list;
    for (const conformance::SetReport& report : reports)
    {
        py::list mismatches;
        for (const conformance::Mismatch& each : report.mismatches)
        {
            mismatches.append(py::make_tuple(each.row, each.column, each.expected, each.got));
        }
        py::list leftOut;
        for (const conformance::LeftOut& each : report.leftOut)
        {
            leftOut.append(py::make_tuple(each.what, each.why));
        }
        list.append(py::make_tuple(report.name, report.rows, mismatches, leftOut));
    }
    return list;
}

/// @param file of tables; empty: the shipped ones @return the report as JSON
std::string
Validate(const std::string& file, const py::object& tell)
{
    const SimulatorGuard guard;
    const auto cells = LoadPublishedTables(file);
    CheckPlaces(cells);
    std::ostringstream text;
    const py::gil_scoped_release released;
    PrintJson(xfrm::Validate(
                  cells,
                  [&](const PublishedCell& cell) {
                      Tell(tell, cell.section + ", " + cell.place.row + ", " + cell.place.column);
                  }),
              text);
    return text.str();
}

/// @return commands of all files of a host
std::vector<IpXfrmCommand>
ReadCommands(const std::vector<std::string>& files, const std::string& host)
{
    std::vector<IpXfrmCommand> all;
    for (const std::string& file : files)
    {
        std::ranges::move(IpXfrm::ReadFile(file), std::back_inserter(all));
    }
    return ChooseCommands(all, host);
}

/// @return packets as JSON objects, and totals as one
std::pair<std::vector<std::string>, std::string>
OpenCapture(DecapRunConfig run,
            const std::vector<std::string>& files,
            const std::string& host,
            const std::vector<uint32_t>& addresses)
{
    run.commands = ReadCommands(files, host);
    for (const uint32_t address : addresses)
    {
        run.addresses.emplace_back(Ipv4Address(address));
    }
    std::vector<std::string> packets;
    const DecapTotals totals = RunDecap(run, [&](const DecapRecord& record) {
        packets.push_back(MakePacketJson(record, true).dump());
    });
    return {std::move(packets), MakeTotalsJson(totals, run.reseals).dump()};
}

/// @return what list and get wrote; policies and states as JSON; counters
py::dict
Show(const std::vector<std::string>& files, const std::string& host, const std::string& at)
{
    std::optional<Time> end;
    if (!at.empty())
    {
        end = ParseTime(at);
        if (!end)
        {
            throw ConfigError("at " + at + ": must be a time from 0 with its unit, as 90s");
        }
    }
    const SimulatorClaim claim;
    const auto commands = ReadCommands(files, host);
    ConfiguredHost shown;
    std::ostringstream listed;
    {
        const py::gil_scoped_release released;
        for (const IpXfrmCommand& command : commands)
        {
            if (!end || command.time <= *end)
            {
                shown.CarryOut(command, listed);
            }
        }
        shown.WaitUntil(end.value_or(Time(0)));
    }
    py::dict dict;
    dict["listed"] = listed.str();
    dict["policies"] = shown.ListPolicies();
    dict["states"] = shown.ListStates();
    py::dict counters;
    for (size_t i = 0; i < Statistics::N_COUNTERS; ++i)
    {
        const auto counter = static_cast<Counter>(i);
        counters[Statistics::GetLabel(counter)] = shown.GetStatistics().Get(counter);
    }
    dict["xfrm_stat"] = counters;
    return dict;
}

/// @return as OpenCapture()
std::pair<std::vector<std::string>, std::string>
Decap(const std::string& pcap,
      const std::vector<std::string>& files,
      const std::string& host,
      const std::vector<uint32_t>& addresses,
      const std::string& filter,
      bool hasPolicyCheck,
      bool hasBypass,
      bool reseals,
      const std::string& write)
{
    DecapRunConfig run;
    run.pcapFile = pcap;
    run.filter = filter;
    run.host.hasPolicyCheck = hasPolicyCheck;
    run.host.hasBypass = hasBypass;
    run.reseals = reseals;
    run.writeFile = write;
    return OpenCapture(std::move(run), files, host, addresses);
}

} // namespace

void
BindTools(py::module_& module)
{
    module.def("conform",
               &Conform,
               py::arg("paths"),
               py::arg("face"),
               py::arg("tell"),
               "Replay recordings.");
    module.def("validate",
               &Validate,
               py::arg("file"),
               py::arg("tell"),
               "Simulate published measurements.");
    module.def("decap",
               &Decap,
               py::arg("pcap"),
               py::arg("files"),
               py::arg("host"),
               py::arg("addresses"),
               py::arg("filter"),
               py::arg("has_policy_check"),
               py::arg("has_bypass"),
               py::arg("reseals"),
               py::arg("write"),
               py::call_guard<py::gil_scoped_release>(),
               "Open the packets of a capture.");
    module.def("show",
               &Show,
               py::arg("files"),
               py::arg("host"),
               py::arg("at"),
               "Carry out commands.");
}

} // namespace ns3::xfrm::python
