/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_GARBAGE_LIST_H
#define XFRM_GARBAGE_LIST_H

#include "xfrm-cache-work.h"
#include "xfrm-flow-entry.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Dropped entries of all CPUs that wait for the gc work of their namespace.
 *
 * Source: flow_cache_gc_list, flow_cache_queue_garbage() and flow_cache_gc_task(), net/core/flow.c,
 * Linux 4.1 (doc/spec/flow-cache.md, section 7).  Of an entry only the object is kept: the entry's
 * memory is free at once.  Oldest first; a run destroys in that order.
 */
class GarbageList
{
  public:
    /**
     * @brief Make room behind the end of the list, where a caller can write entries in place.
     * @param nMost how many
     * @return where their objects go, oldest first, null where an entry has none; valid until the
     *         next call of this or Run()
     */
    CacheObject** MakeRoom(size_t nMost);

    /// @brief Add what was written to the room.  @param n entries dropped
    void Append(size_t n)
    {
        m_nWaiting += n;
    }

    /// @brief Ask for the gc work to run on a CPU; nothing new if it is asked for already.
    /// @param cpu the CPU that asks
    void Schedule(CpuId cpu);

    /// @return the CPU on which the gc work is to run, none if nobody asked since it last began
    std::optional<CpuId> GetScheduled() const;

    /// @return whether a run was cut short and wants another call
    bool IsRunning() const
    {
        return m_nRunning > 0;
    }

    /// @return entries dropped and not destroyed yet, those of a run under way included
    uint64_t GetLength() const
    {
        return m_nWaiting + m_nRunning - m_nDone;
    }

    /**
     * @brief Run the gc work: take the whole list, destroy its entries one by one.
     *
     * The length falls by one after each entry.  A run cut short by @p nMost goes on at the next
     * call; entries appended meanwhile belong to the run after it.
     *
     * @param work what is done is added here
     * @param nMost entries to destroy at most, for callers that spread the run over simulated time;
     *              0 does nothing
     * @return entries destroyed
     */
    uint64_t Run(CacheWork& work, uint64_t nMost = UINT64_MAX);

  private:
    std::vector<CacheObject*> m_waiting; //!< objects of dropped entries, oldest first, then room
    std::vector<CacheObject*> m_running; //!< those that the run under way took
    size_t m_nWaiting{0};                //!< entries in m_waiting
    size_t m_nRunning{0};                //!< entries in m_running, 0 between two runs
    size_t m_nDone{0};                   //!< how many of m_running are destroyed
    std::optional<CpuId> m_scheduled;    //!< CPU to run on
};

} // namespace ns3::xfrm

#endif // XFRM_GARBAGE_LIST_H
