/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_LOCK_WALK_H
#define XFRM_LOCK_WALK_H

#include "xfrm-lock-table.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief How far a core's job has come with the stretches of it that need locks.
 */
class LockWalk
{
  public:
    /// @brief A job begins.  @return its stretches, none yet, to be added by who knows them
    std::vector<LockedStretch>& Begin()
    {
        m_stretches.clear();
        m_next = 0;
        m_isAtLock = false;
        return m_stretches;
    }

    /// @return whether no stretch is left
    bool IsOver() const
    {
        return m_next == m_stretches.size();
    }

    /// @return whether it asked for a lock that it has not released yet
    bool IsAtLock() const
    {
        return m_isAtLock;
    }

    /// @brief Go through stretches whose locks are wanted by this core alone.
    /// @param locks all locks @return how long those take, and what follows them [ns]
    int64_t PassOwn(LockTable& locks)
    {
        int64_t ns = 0;
        for (; !IsOver() && m_stretches[m_next].isOwn; ++m_next)
        {
            const LockedStretch& own = m_stretches[m_next];
            locks.Get(own.lock).TakeOwn(own.heldNs);
            ns += own.heldNs + own.afterNs;
        }
        return ns;
    }

    /// @brief Ask for the lock of the next stretch.
    /// @param locks all locks @param cpu the core @param now when [ns]
    /// @return when it gets it, none if it has to wait until a release tells
    std::optional<int64_t> Ask(LockTable& locks, CpuId cpu, int64_t now)
    {
        const LockedStretch& stretch = m_stretches[m_next];
        m_askedAt = now;
        m_isAtLock = true;
        return locks.Get(stretch.lock).Request(cpu, stretch.mode, now);
    }

    /// @brief It gets the lock.  @param at when [ns] @return how long it waited [ns]
    int64_t Take(int64_t at)
    {
        m_takenAt = at;
        return at - m_askedAt;
    }

    /// @param locks all locks @return when the core is done with the lock that it took [ns]
    int64_t GetRelease(LockTable& locks) const
    {
        const LockedStretch& stretch = m_stretches[m_next];
        return m_takenAt + locks.Get(stretch.lock).GetHeldTime(stretch.heldNs);
    }

    /**
     * @brief Release the lock.
     * @param locks all locks @param now when [ns] @param granted who gets it then is added here
     * @return how long what follows takes [ns]
     */
    int64_t Release(LockTable& locks, int64_t now, std::vector<SpinLock::Grant>& granted)
    {
        const LockedStretch& done = m_stretches[m_next++];
        m_isAtLock = false;
        locks.Get(done.lock).Release(m_takenAt, now, granted);
        return done.afterNs;
    }

  private:
    std::vector<LockedStretch> m_stretches; //!< all of the job
    size_t m_next{0};                       //!< the next or present one
    bool m_isAtLock{false};                 //!< it is in the locked part of that, or waits for it
    int64_t m_askedAt{0};                   //!< when it asked for the lock [ns]
    int64_t m_takenAt{0};                   //!< when it took it [ns]
};

} // namespace ns3::xfrm

#endif // XFRM_LOCK_WALK_H
