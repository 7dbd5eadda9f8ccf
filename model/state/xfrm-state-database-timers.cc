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

std::optional<Time>&
StateDatabase::GetDue(State& state, TimerKind kind)
{
    return kind == TimerKind::Lifetime ? state.m_timerDue : state.m_noticeDue;
}

void
StateDatabase::Disarm(State& state, TimerKind kind)
{
    std::optional<Time>& due = GetDue(state, kind);
    if (due)
    {
        m_timers.erase({*due, state.m_insertion, kind});
        due.reset();
    }
}

/// Have a timer of a state of the database run at a time, and at no other.
void
StateDatabase::Arm(const Ptr<State>& state, TimerKind kind, Time due)
{
    Disarm(*state, kind);
    m_timers.insert({due, state->m_insertion, kind});
    GetDue(*state, kind) = due;
}

/// The same some seconds later; never, if that is behind the end of time.
void
StateDatabase::Arm(const Ptr<State>& state, TimerKind kind, const Instant& now, uint64_t seconds)
{
    const auto most = static_cast<uint64_t>((Time::Max() - now.time).ToInteger(Time::S));
    if (seconds < most)
    {
        Arm(state, kind, now.time + Time::FromInteger(seconds, Time::S));
    }
    else
    {
        Disarm(*state, kind);
    }
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
        Arm(state, TimerKind::Lifetime, now.time);
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
        Arm(state, TimerKind::Notices, now.time + maxAge);
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
    return m_timers.empty() ? std::nullopt : std::optional(m_timers.begin()->due);
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
        Arm(state, TimerKind::Lifetime, now, *run.nextSeconds);
    }
    if (run.expiry != StateExpiry::None)
    {
        TellExpiry(state, run.expiry);
    }
}

void
StateDatabase::RunTimers(const Instant& now)
{
    while (!m_timers.empty() && m_timers.begin()->due <= now.time)
    {
        const Timer timer = *m_timers.begin();
        const Ptr<State> state = m_all.at(timer.insertion);
        Disarm(*state, timer.kind);
        if (timer.kind == TimerKind::Lifetime)
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
