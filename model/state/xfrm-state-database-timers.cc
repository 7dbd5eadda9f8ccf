/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The timers of states, and who is told of what they find.

#include "xfrm-state-database.h"

#include "ns3/assert.h"

#include <utility>

namespace ns3::xfrm
{

void
StateDatabase::SetExpiryListener(ExpiryListener listener)
{
    m_expiryListener = std::move(listener);
}

void
StateDatabase::SetReplayListener(ReplayListener listener)
{
    m_replayListener = std::move(listener);
}

void
StateDatabase::TellExpiry(const Ptr<State>& state, StateExpiry expiry) const
{
    if (m_expiryListener)
    {
        m_expiryListener(state, expiry);
    }
}

StateExpiry
StateDatabase::CheckExpiry(const Ptr<State>& state, const Instant& now)
{
    NS_ASSERT_MSG(state->m_status != StateStatus::Dead, "a state that has left");
    const bool wasDying = state->IsDying();
    if (state->CheckExpiry(now.wallClock) != 0)
    {
        m_timers.Arm(state->m_timers, TimerKind::Lifetime, now.time);
        return StateExpiry::Hard;
    }
    if (wasDying || !state->IsDying())
    {
        return StateExpiry::None;
    }
    TellExpiry(state, StateExpiry::Soft);
    return StateExpiry::Soft;
}

void
StateDatabase::TellReplay(const Ptr<State>& state, ReplayEvent event, const Instant& now)
{
    const Time maxAge = state->m_notifier.GetMaxAge();
    if (maxAge.IsStrictlyPositive())
    {
        m_timers.Arm(state->m_timers, TimerKind::Notices, now.time + maxAge);
    }
    m_replayListener(state, event);
}

void
StateDatabase::NoteReplay(const Ptr<State>& state, const Instant& now)
{
    if (!m_replayListener || state->GetStatus() == StateStatus::Dead)
    {
        return;
    }
    if (const auto event = state->m_notifier.NoteChange(state->GetReplay()))
    {
        TellReplay(state, *event, now);
    }
}

std::optional<Time>
StateDatabase::GetNextDue() const
{
    const StateTimers::Timer* first = m_timers.GetFirst();
    return first != nullptr ? std::optional(first->due) : std::nullopt;
}

void
StateDatabase::RunLifetimeTimer(const Ptr<State>& state, const Instant& now)
{
    const StateTimerRun run = state->RunTimer(now.wallClock);
    if (run.expiry == StateExpiry::Hard)
    {
        // In Linux a larval one without SPI is Expired for the moment in between (R161), which
        // nobody sees here.
        Remove(state);
    }
    else if (run.nextSeconds)
    {
        m_timers.Arm(state->m_timers, TimerKind::Lifetime, now, *run.nextSeconds);
    }
    if (run.expiry != StateExpiry::None)
    {
        TellExpiry(state, run.expiry);
    }
}

void
StateDatabase::RunTimers(const Instant& now)
{
    for (const StateTimers::Timer* first = m_timers.GetFirst();
         first != nullptr && first->due <= now.time;
         first = m_timers.GetFirst())
    {
        const TimerKind kind = first->kind;
        const Ptr<State> state = m_all.at(first->number);
        m_timers.Disarm(state->m_timers, kind);
        if (kind == TimerKind::Lifetime)
        {
            RunLifetimeTimer(state, now);
        }
        else if (state->GetStatus() == StateStatus::Valid)
        {
            const bool isHeard = static_cast<bool>(m_replayListener);
            if (const auto event = state->m_notifier.RunTimer(state->GetReplay(), isHeard))
            {
                TellReplay(state, *event, now);
            }
        }
    }
}

} // namespace ns3::xfrm
