/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_POLICY_TIMERS_H
#define XFRM_POLICY_TIMERS_H

#include "xfrm-policy.h"

#include "ns3/nstime.h"
#include "ns3/ptr.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

namespace ns3::xfrm
{

/// What the timer of a policy finds out (xfrm_policy_timer(), R122).
struct PolicyAge
{
    bool isExpired{false};         //!< past a hard limit: the policy ends
    bool isOverdue{false};         //!< past a soft limit: warn
    std::optional<uint64_t> delay; //!< when to look again, nothing for never; from 1 [s]
};

/**
 * @brief Hold the use of a policy against its limits (R122).
 *
 * Source: xfrm_policy_timer(), net/xfrm/xfrm_policy.c, Linux 4.1, whose sums are taken modulo 2^64
 * and read as signed: a limit of 2^63 s or more has passed at once.  Bytes and packets play no
 * part.
 *
 * @param limits its limits @param use its times @param now the time [s of wall clock]
 * @return what its timer finds out
 */
PolicyAge GetPolicyAge(const LifetimeLimits& limits, const LifetimeUse& use, uint64_t now);

/**
 * @ingroup xfrm
 * @brief The timers of policies: which policy is to be looked at next.
 *
 * Source: timer of struct xfrm_policy, Linux 4.1.  Left out: rounding to the kernel's ticks.
 *
 * Of timers due at the same time, the one armed first comes first.  Operations cost O(log n);
 * GetNextDeadline() O(1).  Knows neither limits nor the database.  Not thread-safe.
 */
class PolicyTimers
{
  public:
    /// @param policy a policy, whose timer is armed or armed anew @param deadline when it is due
    void Arm(const Ptr<Policy>& policy, Time deadline);

    /// @param policy a policy, whose timer is stopped if it is armed
    void Cancel(Policy& policy);

    /// @return when the next timer is due, Time::Max() for never
    Time GetNextDeadline() const
    {
        return m_armed.empty() ? Time::Max() : Time(m_armed.begin()->first.first);
    }

    /// @brief Stop the next timer that is due.
    /// @param time the time @return its policy, null if none is due
    Ptr<Policy> TakeDue(Time time);

    /// @return timers that are armed
    size_t GetCount() const
    {
        return m_armed.size();
    }

  private:
    /// Deadline [time steps], and how manieth arming it was.  Not a Time, each of which ns-3 lists.
    using Key = std::pair<int64_t, uint64_t>;

    std::map<Key, Ptr<Policy>> m_armed; //!< policies whose timers are armed
    uint64_t m_nArmings{0};             //!< armings so far
};

} // namespace ns3::xfrm

#endif // XFRM_POLICY_TIMERS_H
