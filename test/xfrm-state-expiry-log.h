/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STATE_EXPIRY_LOG_H
#define XFRM_STATE_EXPIRY_LOG_H

#include "xfrm-test-states.h"

#include "ns3/xfrm-state-database.h"

#include <cstdint>
#include <string>
#include <utility>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief Runs the timers of a state database in whole seconds, and writes down who is told what.
 */
class StateExpiryLog
{
  public:
    /// @param database the database, whose listener this becomes; must be outlived by it
    explicit StateExpiryLog(StateDatabase& database)
        : m_database(database)
    {
        database.SetExpiryListener([this](const Ptr<State>& state, StateExpiry expiry) {
            const bool isHard = expiry == StateExpiry::Hard;
            m_events += (m_events.empty() ? "" : ", ") + std::string(isHard ? "hard " : "soft ") +
                        std::to_string(state->GetConfig().id.spi);
        });
    }

    /// @brief Run what is due.  @param seconds the time [s of wall clock]
    /// @return what was told since the last run or call of Take(): "soft 1, hard 2", by SPI
    std::string RunAt(uint64_t seconds)
    {
        m_database.RunTimers(seconds);
        return Take();
    }

    /// @return what was told since the last run or call
    std::string Take()
    {
        return std::exchange(m_events, "");
    }

    /// @return when the next timer is due, 0: never [s]
    uint64_t GetNextSeconds() const
    {
        const auto due = m_database.GetNextDue();
        return due ? static_cast<uint64_t>(due->ToInteger(Time::S)) : 0;
    }

  private:
    StateDatabase& m_database; //!< the database
    std::string m_events;      //!< what was told
};

/// A database whose timers run, with a state of SPI 1 that was added at 100 s.
struct TimerFixture
{
    /// @param limits of the state
    explicit TimerFixture(const LifetimeLimits& limits)
        : log(states.database),
          state(states.Add(1, 100, [&](StateConfig& config) { config.limits = limits; }))
    {
    }

    StateDatabaseFixture states; //!< the database
    StateExpiryLog log;          //!< who is told what
    Ptr<State> state;            //!< the state
};

/// @return whether a state has a status
inline bool
Is(const Ptr<State>& state, StateStatus status)
{
    return state->GetStatus() == status;
}

} // namespace ns3::xfrm::tests

#endif // XFRM_STATE_EXPIRY_LOG_H
