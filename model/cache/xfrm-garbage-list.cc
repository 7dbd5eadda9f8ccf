/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-garbage-list.h"

#include <utility>

namespace ns3::xfrm
{

CacheObject**
GarbageList::MakeRoom(size_t nMost)
{
    if (m_waiting.size() < m_nWaiting + nMost)
    {
        m_waiting.resize(m_nWaiting + nMost);
    }
    return m_waiting.data() + m_nWaiting;
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
    if (m_nRunning == 0)
    {
        m_scheduled.reset();
        ++work.nCollects;
        m_running.swap(m_waiting);
        m_nRunning = std::exchange(m_nWaiting, 0);
    }
    uint64_t nDestroyed = 0;
    for (; m_nDone < m_nRunning && nDestroyed < nMost; ++m_nDone, ++nDestroyed)
    {
        if (CacheObject* object = m_running[m_nDone])
        {
            ++work.nDeletes;
            object->Delete();
        }
    }
    work.nDestroyed += nDestroyed;
    if (m_nDone == m_nRunning)
    {
        m_nRunning = 0;
        m_nDone = 0;
    }
    return nDestroyed;
}

} // namespace ns3::xfrm
