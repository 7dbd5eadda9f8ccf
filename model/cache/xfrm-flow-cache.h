/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FLOW_CACHE_H
#define XFRM_FLOW_CACHE_H

#include "xfrm-flow-table.h"

#include "ns3/nstime.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The flow cache of a network namespace: a table for each CPU and what they share.
 *
 * Source: struct flow_cache and net/core/flow.c, Linux 4.1 (doc/spec/flow-cache.md, sections 1, 2,
 * 6 to 10 and 12).  Left out: the sleeping locks of flush and hotplug, since nothing runs
 * concurrently here.
 *
 * The caller brings the context that the kernel has by itself: the CPU it runs on, the time, and
 * the moments at which work items run.  After each call, GetGcCpu() and GetFlushCpu() say which
 * work is asked for, and GetNextDeadline() when the seed timer fires.
 *
 * Not thread-safe.  Objects that are left at the end are deleted (Linux 4.1 leaks them).
 */
class FlowCache
{
  public:
    /// The most possible CPUs: more than any kernel of the time could be built for.
    static constexpr uint32_t MAX_CPUS{65536};

    /// Makeup of a cache.  The defaults are Linux 4.1's on one CPU.
    struct Config
    {
        uint32_t nCpus{1};                 //!< possible CPUs, 1 to 65536
        std::optional<uint32_t> nOnline{}; //!< CPUs on line at first, from 0 on; all if not given
        FlowTable::Config table{};         //!< sizes of each CPU's table
        uint32_t genid{0};                 //!< generation at first
        RefusalRule refusal{};             //!< when new entries are refused
        Time seedPeriod{Seconds(600)}; //!< time between re-seeds, positive (FLOW_HASH_RND_PERIOD)
    };

    /// What a flush did.
    struct FlushReport
    {
        uint32_t nRemoved{0};  //!< entries dropped on all CPUs
        uint32_t nTasklets{0}; //!< CPUs other than the calling one that had to run a tasklet
    };

    /**
     * @param config makeup
     * @param drawSeed source of hash seeds, called once a re-seed; must not be empty
     * @param now time of creation; the seed timer first fires one period later
     * @throws std::invalid_argument for a value outside its range
     */
    FlowCache(const Config& config, std::function<uint32_t()> drawSeed, Time now = Time(0));

    ~FlowCache();

    FlowCache(const FlowCache&) = delete;
    FlowCache& operator=(const FlowCache&) = delete;
    FlowCache(FlowCache&&) = delete;
    FlowCache& operator=(FlowCache&&) = delete;

    /**
     * @brief Number a flow, so that it can be looked up without hashing.
     * @param key the flow @return its number, counting from 0
     * @see InternedFlows::Add
     */
    FlowId Intern(FlowKeyView key);

    // Reads ahead: for whoever knows which flows are looked up by number next.  Each step reads
    // what the one before had fetched.

    /// @brief Have fetched where a flow's entry was last seen.  @param flow a number from Intern()
    [[gnu::always_inline]] void PrefetchPlace(FlowId flow) const
    {
        m_shared.flows.PrefetchPlace(flow);
    }

    /// @brief Have fetched the flow's key, unless its lookup is a hit as things are.
    /// @param flow a number from Intern()
    [[gnu::always_inline]] void PrefetchKey(FlowId flow) const
    {
        if (m_shared.flows.GetPlaces()[static_cast<uint32_t>(flow)].epoch != m_shared.epoch)
        {
            m_shared.flows.PrefetchKey(flow);
        }
    }

    /// @brief Have fetched what is read of the flow's chain.
    /// @param cpu where it will be looked up @param flow a number from Intern()
    [[gnu::always_inline]] void PrefetchChain(CpuId cpu, FlowId flow) const
    {
        m_tables[cpu].PrefetchChain(flow);
    }

    /**
     * @brief Look up a flow in a CPU's table (flow_cache_lookup()).
     * @param cpu the running CPU: a possible one, unchecked; one never on line has no table
     * @param flow a key, or a number from Intern()
     * @param resolve callable CacheObject* -> Resolution
     * @param work what the call did is added here
     * @return the object, null for "no policy", or the error
     * @see FlowTable::Lookup
     */
    template <typename Flow, typename Resolve>
    CacheAnswer Lookup(CpuId cpu, const Flow& flow, Resolve&& resolve, CacheWork& work)
    {
        return m_tables[cpu].Lookup(flow, resolve, work);
    }

    /**
     * @brief Look up many flows on one CPU, in order: equal results and work as one by one.
     * @param cpu as above
     * @param flows std::span of keys or of numbers from Intern(); shape (n)
     * @param answers set to the answers; shape (n)
     * @param resolve callable (index in flows, CacheObject*) -> Resolution
     * @param work what the call did is added here
     * @see FlowTable::LookupBatch
     */
    template <typename Flows, typename Resolve>
    void LookupBatch(CpuId cpu,
                     Flows flows,
                     std::span<CacheAnswer> answers,
                     Resolve&& resolve,
                     CacheWork& work)
    {
        m_tables[cpu].LookupBatch(flows, answers, resolve, work);
    }

    /// @param cpu a possible CPU, unchecked @return its table, to look at
    const FlowTable& GetTable(CpuId cpu) const
    {
        return m_tables[cpu];
    }

    /// @return possible CPUs
    uint32_t GetCpus() const
    {
        return static_cast<uint32_t>(m_tables.size());
    }

    // Generation

    /// @return the generation
    uint32_t GetGenid() const
    {
        return m_shared.genid;
    }

    /// @brief Make all entries of all CPUs stale (flow_cache_genid).  @param n added, with wrap
    void BumpGenid(uint32_t n = 1);

    /**
     * @brief Something changed that an object's Get() or Check() depends on: a state, a route, a
     * device, a policy.
     *
     * Objects that consented to serve, or are promised to be valid, until a change are asked again.
     * Changes no result by itself.
     */
    void NoteChange();

    // Seed timer

    /// @brief The seed timer fires: every possible CPU re-seeds at its next cached lookup.
    void RequestReseed();

    /// @return when the seed timer fires next
    Time GetNextDeadline() const;

    /// @brief Fire the timer as often as it is due.  @param now the time
    void RunDue(Time now);

    // gc work

    /// @return entries dropped and not destroyed yet
    uint64_t GetGarbageLength() const
    {
        return m_shared.garbage.GetLength();
    }

    /// @return the CPU on which the gc work is to run, none if nobody asked since it last began
    std::optional<CpuId> GetGcCpu() const;

    /// @return whether RunGc() was cut short by its limit and wants another call
    bool IsGcRunning() const
    {
        return m_shared.garbage.IsRunning();
    }

    /**
     * @brief Run the gc work (flow_cache_gc_task()).
     * @param work what the call did is added here
     * @param nMost entries to destroy at most
     * @return entries destroyed
     * @see GarbageList::Run
     */
    uint64_t RunGc(CacheWork& work, uint64_t nMost = UINT64_MAX);

    // Flush

    /// @return the CPUs that a flush would work on: on line, with entries; ascending
    std::vector<CpuId> GetFlushCpus() const;

    /**
     * @brief Drop the invalid entries of one CPU: a flush tasklet's share of the work.
     * @param cpu a possible CPU, unchecked
     * @param work what the call did is added here
     * @return entries dropped
     */
    uint32_t FlushCpu(CpuId cpu, CacheWork& work);

    /**
     * @brief Drop the invalid entries of all CPUs on line (flow_cache_flush()).
     * @param caller CPU that calls; it does its own table itself, before the others
     * @param work what each CPU did is added here; shape (possible CPUs)
     * @return what was done
     */
    FlushReport Flush(CpuId caller, std::span<CacheWork> work);

    /// @brief Ask for a flush by a work item; requests before it runs are one.  @param cpu who asks
    void RequestFlush(CpuId cpu);

    /// @return the CPU that asked for a deferred flush, none if nobody did since the last
    std::optional<CpuId> GetFlushCpu() const;

    /**
     * @brief Run the deferred flush's work item.
     * @param cpu CPU that runs it @param work as in Flush()
     * @return what was done, none if no flush was asked for
     */
    std::optional<FlushReport> RunDeferredFlush(CpuId cpu, std::span<CacheWork> work);

    /// @brief Delete all objects, those on the gc list included: the last call before the end of
    /// whoever owns them.
    void DeleteAll();

    // CPU hotplug

    /// @param cpu a possible CPU, unchecked @return whether it is on line
    bool IsOnline(CpuId cpu) const
    {
        return m_isOnline[cpu];
    }

    /// @return CPUs on line
    uint32_t GetOnline() const
    {
        return m_shared.nOnline;
    }

    /**
     * @brief A CPU comes on line; its table is made if it never had one.
     * @param cpu a possible CPU; nothing happens if it is on line
     * @throws std::invalid_argument for an impossible CPU
     */
    void BringUp(CpuId cpu);

    /**
     * @brief A CPU goes off line: all its entries go to the gc, its seed stays.
     * @param cpu a possible CPU; nothing happens if it is off line
     * @param work what the call did is added here; the lowest CPU left on line does it
     * @return entries dropped
     * @throws std::invalid_argument for an impossible CPU, or the last one on line
     */
    uint32_t TakeDown(CpuId cpu, CacheWork& work);

    // Faults

    /**
     * @brief Let allocations of entries fail.
     * @param failsEntry called before each allocation of an entry, true lets it fail; empty: never
     */
    void SetEntryFault(std::function<bool()> failsEntry);

    /**
     * @brief Let allocations of the CPU mask of a flush fail; such a flush does nothing.
     * @param failsMask called at the start of each Flush(), true lets it fail; empty: never
     */
    void SetMaskFault(std::function<bool()> failsMask);

  private:
    void CheckCpu(CpuId cpu) const;

    FlowCacheShared m_shared;          //!< what all tables share
    std::vector<FlowTable> m_tables;   //!< table of each possible CPU
    std::vector<bool> m_isOnline;      //!< whether each possible CPU is on line
    Time m_seedPeriod;                 //!< time between two firings of the seed timer
    Time m_nextReseed;                 //!< next firing of the seed timer
    std::optional<CpuId> m_flushCpu;   //!< who asked for the deferred flush, none if nobody
    std::function<bool()> m_failsMask; //!< whether a flush's mask allocation fails
};

} // namespace ns3::xfrm

#endif // XFRM_FLOW_CACHE_H
