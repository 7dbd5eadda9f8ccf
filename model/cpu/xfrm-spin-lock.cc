/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-spin-lock.h"

#include <algorithm>
#include <cmath>

namespace ns3::xfrm
{

int64_t
SharedLine::Touch(CpuId cpu, int64_t now, const ContentionPrices& prices)
{
    const bool isForeign = m_owner != cpu && m_owner != UINT32_MAX;
    const int64_t begin = isForeign ? std::max(now, m_freeAt) : now;
    m_freeAt = begin + (isForeign ? std::llround(prices.transfer) : 0);
    m_owner = cpu;
    return m_freeAt;
}

SpinLock::SpinLock(LockKind kind, const ContentionPrices& prices)
    : m_kind(kind),
      m_prices(&prices)
{
}

bool
SpinLock::IsOpenFor(LockMode mode) const
{
    const bool isShared = m_kind == LockKind::ReaderWriter && mode == LockMode::Shared;
    return !m_isHeld && (isShared || m_nReaders == 0);
}

void
SpinLock::Enter(LockMode mode)
{
    if (m_kind == LockKind::ReaderWriter && mode == LockMode::Shared)
    {
        ++m_nReaders;
    }
    else
    {
        m_isHeld = true;
    }
    ++m_figures.nTaken;
}

int64_t
SpinLock::GetHandover() const
{
    const auto nFurther = static_cast<double>(m_waiting.size()) - 1;
    return std::llround(m_prices->handover +
                        (m_kind == LockKind::Ticket ? nFurther * m_prices->waiter : 0));
}

int64_t
SpinLock::GetHeldTime(int64_t ns) const
{
    if (m_kind != LockKind::Ticket || m_waiting.empty())
    {
        return ns;
    }
    const double slowdown = m_prices->crowding * static_cast<double>(m_waiting.size()) / 1000;
    return std::llround(static_cast<double>(ns) * (1 + slowdown));
}

std::optional<int64_t>
SpinLock::Request(CpuId cpu, LockMode mode, int64_t now)
{
    if (m_kind == LockKind::Line)
    {
        const int64_t at = m_line.Touch(cpu, now, *m_prices);
        ++m_figures.nTaken;
        m_figures.waitNs += at - now;
        return at;
    }
    if (m_waiting.empty() && IsOpenFor(mode))
    {
        Enter(mode);
        const int64_t at = m_line.Touch(cpu, now, *m_prices);
        m_figures.waitNs += at - now;
        return at;
    }
    m_waiting.push_back({cpu, mode, now});
    m_figures.maxWaiting = std::max(m_figures.maxWaiting, static_cast<uint32_t>(m_waiting.size()));
    return std::nullopt;
}

void
SpinLock::Release(int64_t taken, int64_t now, std::vector<Grant>& granted)
{
    m_figures.heldNs += now - taken;
    if (m_kind == LockKind::Line)
    {
        return;
    }
    if (m_isHeld)
    {
        m_isHeld = false;
    }
    else
    {
        --m_nReaders;
    }
    int64_t at = now;
    while (!m_waiting.empty() && IsOpenFor(m_waiting.front().mode))
    {
        const Waiter next = m_waiting.front();
        at += GetHandover();
        m_waiting.pop_front();
        Enter(next.mode);
        m_line.Give(next.cpu, at);
        ++m_figures.nContended;
        m_figures.waitNs += at - next.since;
        granted.push_back({next.cpu, at});
    }
}

} // namespace ns3::xfrm
