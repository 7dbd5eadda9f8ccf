/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-py-class.h"
#include "xfrm-py-core.h"
#include "xfrm-py-flows.h"

#include "ns3/xfrm-lookup-host.h"
#include "ns3/xfrm-show-json.h"
#include "ns3/xfrm-study-settings.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <pybind11/stl.h>
#include <string>
#include <vector>

namespace py = pybind11;

namespace ns3::xfrm::python
{

namespace
{

constexpr size_t CHUNK{256}; //!< lookups between two looks at what they left behind

/// Where decisions go, a column each; shape (n).
struct DecisionColumns
{
    explicit DecisionColumns(py::ssize_t n)
        : verdicts(n),
          errors(n),
          policies(n),
          states(n),
          nStates(n),
          mtus(n),
          outcomes(n)
    {
    }

    py::array_t<uint8_t> verdicts;  //!< an OutputVerdict
    py::array_t<int32_t> errors;    //!< a negative errno, or 0
    py::array_t<uint32_t> policies; //!< index of the first policy, 0 none
    py::array_t<uint64_t> states;   //!< number of the outermost state, 0 none
    py::array_t<uint8_t> nStates;   //!< states of the chain
    py::array_t<uint32_t> mtus;     //!< largest packet that the chain takes, 0 without one [bytes]
    py::array_t<uint8_t> outcomes;  //!< a CacheOutcome; 255: the flow cache was not asked
};

/// A row of them, by pointers that need no GIL.
struct DecisionRows
{
    explicit DecisionRows(DecisionColumns& columns)
        : verdict(columns.verdicts.mutable_data()),
          error(columns.errors.mutable_data()),
          policy(columns.policies.mutable_data()),
          state(columns.states.mutable_data()),
          nStates(columns.nStates.mutable_data()),
          mtu(columns.mtus.mutable_data()),
          outcome(columns.outcomes.mutable_data())
    {
    }

    /// @brief Write a decision.  @param i its row @param decision it
    void Set(size_t i, const OutputDecision& decision) const
    {
        constexpr uint8_t NOT_ASKED{255};
        verdict[i] = static_cast<uint8_t>(decision.verdict);
        error[i] = decision.error;
        outcome[i] =
            decision.cacheOutcome ? static_cast<uint8_t>(*decision.cacheOutcome) : NOT_ASKED;
        policy[i] = 0;
        state[i] = 0;
        nStates[i] = 0;
        mtu[i] = 0;
        if (!decision.bundle)
        {
            return;
        }
        const auto& policies = decision.bundle->GetMatch().policies;
        const auto& elements = decision.bundle->GetElements();
        policy[i] = policies.empty() ? 0 : policies.front()->GetIndex();
        nStates[i] = static_cast<uint8_t>(elements.size());
        if (!elements.empty())
        {
            state[i] = elements.back().state->GetNumber();
            mtu[i] = decision.bundle->GetMtu();
        }
    }

    uint8_t* verdict; //!< as in DecisionColumns
    int32_t* error;   //!< as in DecisionColumns
    uint32_t* policy; //!< as in DecisionColumns
    uint64_t* state;  //!< as in DecisionColumns
    uint8_t* nStates; //!< as in DecisionColumns
    uint32_t* mtu;    //!< as in DecisionColumns
    uint8_t* outcome; //!< as in DecisionColumns
};

/// A LookupHost for any thread of Python.  A call holds no GIL while it waits or works.
class SharedHost
{
  public:
    /// @param config what it is like @throws std::invalid_argument for a value outside its range
    explicit SharedHost(const LookupHost::Config& config)
        : m_host(config),
          m_nCpus(config.nCpus)
    {
    }

    void CarryOut(const std::string& text, const std::string& name)
    {
        const std::lock_guard lock(m_mutex);
        m_host.CarryOut(text, name);
    }

    void WaitUntil(double now)
    {
        const std::lock_guard lock(m_mutex);
        m_host.WaitUntil(ToTime(now));
    }

    /// @return what is done with packets of flows
    py::dict Decide(const py::dict& fields, int64_t cpu, double now)
    {
        const FlowColumns flows(fields);
        const Time time = ToTime(now);
        const auto on = static_cast<CpuId>(CheckWhole("cpu", cpu, 0, int64_t{m_nCpus} - 1));
        DecisionColumns columns(static_cast<py::ssize_t>(flows.GetSize()));
        const DecisionRows rows(columns);
        {
            const py::gil_scoped_release released;
            const std::lock_guard lock(m_mutex);
            m_host.WaitUntil(time);
            for (size_t i = 0; i < flows.GetSize(); ++i)
            {
                rows.Set(i, m_host.Decide(flows.MakeFlow(i), on));
                if (i % CHUNK == CHUNK - 1)
                {
                    m_host.RunWantedWork();
                }
            }
        }
        using namespace py::literals;
        return py::dict("verdict"_a = columns.verdicts,
                        "error"_a = columns.errors,
                        "policy"_a = columns.policies,
                        "state"_a = columns.states,
                        "n_states"_a = columns.nStates,
                        "mtu"_a = columns.mtus,
                        "outcome"_a = columns.outcomes);
    }

    /// @return index of the policy of each flow, 0 none; shape (n)
    py::array_t<uint32_t> FindPolicies(const py::dict& fields, int64_t direction)
    {
        const FlowColumns flows(fields);
        const auto towards = static_cast<Direction>(CheckWhole("direction", direction, 0, 2));
        py::array_t<uint32_t> indexes(static_cast<py::ssize_t>(flows.GetSize()));
        uint32_t* index = indexes.mutable_data();
        const py::gil_scoped_release released;
        const std::lock_guard lock(m_mutex);
        for (size_t i = 0; i < flows.GetSize(); ++i)
        {
            const auto policy = m_host.GetNamespace().GetPolicies().Lookup(flows.MakeFlow(i),
                                                                           towards,
                                                                           m_host.GetWork().policy);
            index[i] = policy ? policy->GetIndex() : 0;
        }
        return indexes;
    }

    /// @return number of the state of each destination, SPI, protocol and mark, 0 none; shape (n)
    py::array_t<uint64_t> FindStates(const py::dict& fields)
    {
        const Column<uint32_t> destinations(fields, "daddr");
        const Column<uint32_t> spis(fields, "spi");
        const Column<uint8_t> protos(fields, "proto");
        const Column<uint32_t> marks(fields, "mark");
        py::array_t<uint64_t> numbers(static_cast<py::ssize_t>(destinations.GetSize()));
        uint64_t* number = numbers.mutable_data();
        const py::gil_scoped_release released;
        const std::lock_guard lock(m_mutex);
        for (size_t i = 0; i < destinations.GetSize(); ++i)
        {
            const StateId id{.destination = Ipv4Address(destinations[i]),
                             .spi = spis[i],
                             .proto = protos[i]};
            const auto state =
                m_host.GetNamespace().GetStates().LookupBySpi(id,
                                                              marks[i],
                                                              Family::Ipv4,
                                                              m_host.GetWork().state);
            number[i] = state ? state->GetNumber() : 0;
        }
        return numbers;
    }

    /// @return policies as JSON, newest first
    std::vector<std::string> ListPolicies()
    {
        const std::lock_guard lock(m_mutex);
        return xfrm::ListPolicies(m_host.GetNamespace().GetPolicies());
    }

    /// @return states as JSON, newest first
    std::vector<std::string> ListStates()
    {
        const std::lock_guard lock(m_mutex);
        return xfrm::ListStates(m_host.GetNamespace().GetStates());
    }

    /// @return counters of the kernel, by label
    std::vector<std::pair<std::string, uint64_t>> GetStatistics()
    {
        const std::lock_guard lock(m_mutex);
        std::vector<std::pair<std::string, uint64_t>> counters;
        for (size_t i = 0; i < Statistics::N_COUNTERS; ++i)
        {
            const auto counter = static_cast<Counter>(i);
            counters.emplace_back(Statistics::GetLabel(counter),
                                  m_host.GetNamespace().GetStatistics().Get(counter));
        }
        return counters;
    }

    double GetNow()
    {
        const std::lock_guard lock(m_mutex);
        return m_host.GetNow().GetSeconds();
    }

  private:
    /// @return seconds as a time @throws std::invalid_argument unless 0 to 1e8
    static Time ToTime(double seconds)
    {
        constexpr double LATEST_SECONDS{1e8};
        if (!(seconds >= 0 && seconds <= LATEST_SECONDS))
        {
            throw std::invalid_argument("now " + std::to_string(seconds) +
                                        ": must be seconds from 0 to 1e8");
        }
        return Seconds(seconds);
    }

    LookupHost m_host;  //!< the host
    uint32_t m_nCpus;   //!< its CPUs
    std::mutex m_mutex; //!< held by the one call at work
};

/// @return a host
std::unique_ptr<SharedHost>
MakeHost(int64_t nCpus, const std::string& kernel, int64_t mtu, uint64_t seed)
{
    EndTimeAccounts();
    LookupHost::Config config;
    config.nCpus = static_cast<uint32_t>(CheckWhole("n_cpus", nCpus, 1, FlowCache::MAX_CPUS));
    config.kernel = kernel;
    config.mtu = static_cast<uint32_t>(CheckWhole("mtu", mtu, 68, 65535));
    config.seed = seed;
    return std::make_unique<SharedHost>(config);
}

} // namespace

void
BindHost(py::module_& module)
{
    using Released = py::call_guard<py::gil_scoped_release>;
    const py::class_<SharedHost> bound =
        py::class_<SharedHost>(module, "Host", py::is_final())
            .def("carry_out", &SharedHost::CarryOut, py::arg("text"), py::arg("name"), Released())
            .def("wait_until", &SharedHost::WaitUntil, py::arg("now"), Released())
            .def("decide", &SharedHost::Decide, py::arg("fields"), py::arg("cpu"), py::arg("now"))
            .def("find_policies",
                 &SharedHost::FindPolicies,
                 py::arg("fields"),
                 py::arg("direction"))
            .def("find_states", &SharedHost::FindStates, py::arg("fields"))
            .def("list_policies", &SharedHost::ListPolicies, Released())
            .def("list_states", &SharedHost::ListStates, Released())
            .def("statistics", &SharedHost::GetStatistics, Released())
            .def("now", &SharedHost::GetNow, Released());
    Seal(bound);
    module.def("make_host",
               &MakeHost,
               py::arg("n_cpus"),
               py::arg("kernel"),
               py::arg("mtu"),
               py::arg("seed"),
               "Make a Host.");
}

} // namespace ns3::xfrm::python
