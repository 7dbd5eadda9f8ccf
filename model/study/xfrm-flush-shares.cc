/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flush-shares.h"

#include <utility>

namespace ns3::xfrm
{

uint32_t
FlushShares::Add(CpuId cpu, const CacheWork& work)
{
    Core& core = m_cores[cpu];
    if (core.last != NONE && m_shares[core.last].work == work)
    {
        ++m_shares[core.last].nPending;
        return core.last;
    }
    if (core.last != NONE)
    {
        Share& before = m_shares[core.last];
        core.done += before.work * std::exchange(before.nDone, 0);
        if (before.nPending == 0)
        {
            m_free.push_back(core.last);
        }
    }
    if (m_free.empty())
    {
        m_free.push_back(static_cast<uint32_t>(m_shares.size()));
        m_shares.emplace_back();
    }
    core.last = m_free.back();
    m_free.pop_back();
    m_shares[core.last] = {.work = work, .nPending = 1};
    return core.last;
}

FlushShares::Share&
FlushShares::Begin(CpuId cpu, uint32_t number)
{
    Core& core = m_cores[cpu];
    Share& share = m_shares[number];
    --share.nPending;
    if (number == core.last)
    {
        ++share.nDone;
    }
    else
    {
        core.done += share.work;
        if (share.nPending == 0)
        {
            m_free.push_back(number);
        }
    }
    return share;
}

void
FlushShares::AddTo(CpuId cpu, CacheWork& sum) const
{
    const Core& core = m_cores[cpu];
    sum += core.done;
    if (core.last != NONE)
    {
        sum += m_shares[core.last].work * m_shares[core.last].nDone;
    }
}

} // namespace ns3::xfrm
