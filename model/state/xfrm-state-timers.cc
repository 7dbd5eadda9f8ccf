/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-state-timers.h"

namespace ns3::xfrm
{

void
StateTimers::Arm(Owner& owner, Kind kind, Time due)
{
    Disarm(owner, kind);
    m_queue.insert({due, owner.number, kind});
    GetDue(owner, kind) = due;
}

void
StateTimers::Arm(Owner& owner, Kind kind, const Instant& now, uint64_t seconds)
{
    const auto most = static_cast<uint64_t>((Time::Max() - now.time).ToInteger(Time::S));
    if (seconds < most)
    {
        Arm(owner, kind, now.time + Time::FromInteger(seconds, Time::S));
    }
    else
    {
        Disarm(owner, kind);
    }
}

void
StateTimers::Disarm(Owner& owner, Kind kind)
{
    std::optional<Time>& due = GetDue(owner, kind);
    if (due)
    {
        m_queue.erase({*due, owner.number, kind});
        due.reset();
    }
}

} // namespace ns3::xfrm
