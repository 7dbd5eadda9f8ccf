/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_PY_WATCH_H
#define XFRM_PY_WATCH_H

/**
 * @file
 * @ingroup xfrm
 * @brief What Python and a simulation have to tell one another while it runs.
 */

#include <atomic>
#include <chrono>
#include <optional>
#include <pybind11/pybind11.h>

namespace ns3::xfrm::python
{

/// Holds ns-3's simulator, of which a process has one.
class SimulatorClaim
{
  public:
    /// @throws std::runtime_error if another run has it
    SimulatorClaim();
    ~SimulatorClaim();
    SimulatorClaim(const SimulatorClaim&) = delete;
    SimulatorClaim& operator=(const SimulatorClaim&) = delete;
    SimulatorClaim(SimulatorClaim&&) = delete;
    SimulatorClaim& operator=(SimulatorClaim&&) = delete;

  private:
    static std::atomic_flag s_isTaken; //!< a run is under way
};

/**
 * @brief Looks after signals, and tells Python how far a simulation is.
 *
 * Ctrl-C, which is KeyboardInterrupt of Python's signal handler or of the function that is told,
 * ends the simulation; another exception of theirs ends it, too, and is kept for Rethrow().  In
 * threads other than the main one Python looks after no signals.
 *
 * Made and destroyed with the GIL.
 */
class Watch
{
  public:
    /// @param progress called with the share done, 0 to 1; None: nobody is told
    explicit Watch(pybind11::object progress);

    /// @brief Called by the simulation, without the GIL, as often as it likes: looks up 20 times
    /// a second.  @param share share done, 0 to 1 @return whether to go on
    bool GoOn(double share);

    /// @brief Throw what was kept.
    void Rethrow();

  private:
    using Clock = std::chrono::steady_clock;

    pybind11::object m_progress;                        //!< called; None: nothing
    Clock::time_point m_next{Clock::now()};             //!< when to look up next
    bool m_isEnded{false};                              //!< the simulation is to end
    std::optional<pybind11::error_already_set> m_error; //!< kept
};

} // namespace ns3::xfrm::python

#endif // XFRM_PY_WATCH_H
