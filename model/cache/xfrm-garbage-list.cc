/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-garbage-list.h"

namespace ns3::xfrm
{

void
GarbageList::Append(std::span<CacheObject* const> objects)
{
    m_waiting.insert(m_waiting.end(), objects.begin(), objects.end());
    m_length += objects.size();
}

void
GarbageList::Schedule(CpuId cpu)
{
    if (!m_scheduled)
    {
        m_scheduled = cpu;
    }
}

std::optional<CpuId>
GarbageList::GetScheduled() const
{
    return m_scheduled;
}

uint64_t
GarbageList::Run(CacheWork& work, uint64_t nMost)
{
    if (nMost == 0)
    {
        return 0;
    }
    if (m_running.empty())
    {
        m_scheduled.reset();
        m_running.swap(m_waiting);
    }
    uint64_t nDestroyed = 0;
    for (; m_nDone < m_running.size() && nDestroyed < nMost; ++m_nDone, ++nDestroyed)
    {
        if (CacheObject* object = m_running[m_nDone])
        {
            ++work.nDeletes;
            object->Delete();
        }
        --m_length;
    }
    work.nDestroyed += nDestroyed;
    if (m_nDone == m_running.size())
    {
        m_running.clear();
        m_nDone = 0;
    }
    return nDestroyed;
}

} // namespace ns3::xfrm
