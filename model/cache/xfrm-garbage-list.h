/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_GARBAGE_LIST_H
#define XFRM_GARBAGE_LIST_H

#include "xfrm-cache-work.h"
#include "xfrm-flow-entry.h"

#include <cstdint>
#include <optional>
#include <span>
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
    /// @param objects objects of dropped entries in their order, null where one had none
    void Append(std::span<CacheObject* const> objects);

    /// @brief Ask for the gc work to run on a CPU; nothing new if it is asked for already.
    /// @param cpu the CPU that asks
    void Schedule(CpuId cpu);

    /// @return the CPU on which the gc work is to run, none if nobody asked since it last began
    std::optional<CpuId> GetScheduled() const;

    /// @return whether a run was cut short and wants another call
    bool IsRunning() const
    {
        return !m_running.empty();
    }

    /// @return entries dropped and not destroyed yet, those of a run under way included
    uint64_t GetLength() const
    {
        return m_length;
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
    std::vector<CacheObject*> m_waiting; //!< objects of dropped entries, oldest first
    std::vector<CacheObject*> m_running; //!< those that the run under way took
    size_t m_nDone{0};                   //!< how many of m_running are destroyed
    uint64_t m_length{0};                //!< entries in both, destroyed ones excluded
    std::optional<CpuId> m_scheduled;    //!< CPU to run on
};

} // namespace ns3::xfrm

#endif // XFRM_GARBAGE_LIST_H
