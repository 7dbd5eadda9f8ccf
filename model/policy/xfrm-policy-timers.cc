/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-timers.h"

#include <algorithm>

namespace ns3::xfrm
{

namespace
{

constexpr int64_t WARNING_PERIOD{30}; //!< between warnings of a soft limit (XFRM_KM_TIMEOUT) [s]

/// @return seconds until a limit has passed, 0 or less if it has
int64_t
GetRemaining(uint64_t limit, uint64_t base, uint64_t now)
{
    return static_cast<int64_t>(limit + base - now);
}

/// Note that the timer is to run again after some time.
void
LookAgain(PolicyAge& age, int64_t delay)
{
    const auto seconds = static_cast<uint64_t>(delay);
    age.delay = std::min(age.delay.value_or(seconds), seconds);
}

/// Hold a time against a hard limit.
void
CheckHard(PolicyAge& age, uint64_t limit, uint64_t base, uint64_t now)
{
    if (limit == 0)
    {
        return;
    }
    const int64_t remaining = GetRemaining(limit, base, now);
    if (remaining <= 0)
    {
        age.isExpired = true;
        return;
    }
    LookAgain(age, remaining);
}

/// Hold a time against a soft limit.
void
CheckSoft(PolicyAge& age, uint64_t limit, uint64_t base, uint64_t now)
{
    if (limit == 0)
    {
        return;
    }
    const int64_t remaining = GetRemaining(limit, base, now);
    age.isOverdue |= remaining <= 0;
    LookAgain(age, remaining <= 0 ? WARNING_PERIOD : remaining);
}

} // namespace

PolicyAge
GetPolicyAge(const LifetimeLimits& limits, const LifetimeUse& use, uint64_t now)
{
    const uint64_t useBase = use.useTime != 0 ? use.useTime : use.addTime;
    PolicyAge age;
    CheckHard(age, limits.hardAddSeconds, use.addTime, now);
    CheckHard(age, limits.hardUseSeconds, useBase, now);
    if (age.isExpired)
    {
        return {.isExpired = true, .isOverdue = false, .delay = std::nullopt};
    }
    CheckSoft(age, limits.softAddSeconds, use.addTime, now);
    CheckSoft(age, limits.softUseSeconds, useBase, now);
    return age;
}

void
PolicyTimers::Arm(const Ptr<Policy>& policy, Time deadline)
{
    Cancel(*policy);
    policy->m_deadline = deadline.GetTimeStep();
    policy->m_arming = ++m_nArmings;
    m_armed.emplace(Key{policy->m_deadline, policy->m_arming}, policy);
}

void
PolicyTimers::Cancel(Policy& policy)
{
    if (policy.m_arming != 0)
    {
        m_armed.erase({policy.m_deadline, policy.m_arming});
        policy.m_arming = 0;
    }
}

Ptr<Policy>
PolicyTimers::TakeDue(Time time)
{
    if (m_armed.empty() || m_armed.begin()->first.first > time.GetTimeStep())
    {
        return nullptr;
    }
    Policy& policy = *PeekPointer(m_armed.begin()->second);
    Ptr<Policy> due(&policy); // the map's may be the last
    Cancel(policy);
    return due;
}

} // namespace ns3::xfrm
