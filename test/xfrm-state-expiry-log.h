/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STATE_EXPIRY_LOG_H
#define XFRM_STATE_EXPIRY_LOG_H

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

} // namespace ns3::xfrm::tests

#endif // XFRM_STATE_EXPIRY_LOG_H
