/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STATE_TIMERS_H
#define XFRM_STATE_TIMERS_H

#include "xfrm-instant.h"

#include "ns3/nstime.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <tuple>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The timers of states that run, in the order in which they fire: by time, then by the
 * number of the state.
 *
 * Source: mtimer and rtimer of struct xfrm_state, Linux 4.1.  A timer runs once, and has at most
 * one time at which it does.  Each call costs O(log(timers)).
 */
class StateTimers
{
  public:
    /// The timers of a state.
    enum class Kind : uint8_t
    {
        Lifetime, //!< limits of time (mtimer)
        Notices   //!< of sequence numbers (rtimer)
    };

    /// A state as its timers know it.
    struct Owner
    {
        uint64_t number{0};                        //!< number of its insertion
        std::array<std::optional<Time>, 2> dues{}; //!< when its timers run, by Kind; none: never
    };

    /// A timer that runs.
    struct Timer
    {
        Time due;        //!< when
        uint64_t number; //!< of its state
        Kind kind;       //!< which of the state's timers

        /// @param other another one @return whether this one fires first
        bool operator<(const Timer& other) const
        {
            return std::tie(due, number, kind) < std::tie(other.due, other.number, other.kind);
        }
    };

    /// @brief Have a timer run at a time, and at no other.
    /// @param owner whose @param kind which @param due when
    void Arm(Owner& owner, Kind kind, Time due);

    /// @brief The same some time from now; never, if that is behind the end of time.
    /// @param owner whose @param kind which @param now the time @param seconds how much later [s]
    void Arm(Owner& owner, Kind kind, const Instant& now, uint64_t seconds);

    /// @brief Have a timer not run any more.  @param owner whose @param kind which
    void Disarm(Owner& owner, Kind kind);

    /// @return the first timer that fires, null if none runs; until the next change
    const Timer* GetFirst() const
    {
        return m_queue.empty() ? nullptr : &*m_queue.begin();
    }

  private:
    static std::optional<Time>& GetDue(Owner& owner, Kind kind)
    {
        return owner.dues[static_cast<size_t>(kind)];
    }

    std::set<Timer> m_queue; //!< timers that run
};

} // namespace ns3::xfrm

#endif // XFRM_STATE_TIMERS_H
