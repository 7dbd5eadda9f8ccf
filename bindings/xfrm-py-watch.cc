/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-py-watch.h"

#include "ns3/xfrm-study-settings.h"

#include <stdexcept>
#include <utility>

namespace py = pybind11;

namespace ns3::xfrm::python
{

std::atomic_flag SimulatorClaim::s_isTaken;

SimulatorClaim::SimulatorClaim()
{
    if (s_isTaken.test_and_set())
    {
        throw std::runtime_error(
            "a run is under way in this process: must end first, or be in another process");
    }
    EndTimeAccounts(); // a study that begins later must not run the simulator
}

SimulatorClaim::~SimulatorClaim()
{
    s_isTaken.clear();
}

Watch::Watch(py::object progress)
    : m_progress(std::move(progress))
{
}

bool
Watch::GoOn(double share)
{
    constexpr std::chrono::milliseconds PERIOD{50};
    const Clock::time_point now = Clock::now();
    if (m_isEnded || now < m_next)
    {
        return !m_isEnded;
    }
    m_next = now + PERIOD;
    const py::gil_scoped_acquire acquired;
    try
    {
        if (PyErr_CheckSignals() != 0)
        {
            throw py::error_already_set();
        }
        if (!m_progress.is_none())
        {
            m_progress(share);
        }
    }
    catch (py::error_already_set& error)
    {
        m_isEnded = true;
        if (!error.matches(PyExc_KeyboardInterrupt))
        {
            m_error.emplace(std::move(error));
        }
    }
    return !m_isEnded;
}

void
Watch::Rethrow()
{
    if (m_error)
    {
        throw py::error_already_set(std::move(*m_error));
    }
}

} // namespace ns3::xfrm::python
