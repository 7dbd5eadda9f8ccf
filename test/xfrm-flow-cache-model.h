/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FLOW_CACHE_MODEL_H
#define XFRM_FLOW_CACHE_MODEL_H

#include "ns3/xfrm-flow-cache.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <optional>
#include <span>
#include <vector>

namespace ns3::xfrm::tests
{

/// Number of an object of the randomised test; 0 is no object.
using ObjectId = uint32_t;

/**
 * @ingroup xfrm-tests
 * @brief A plain, slow flow cache, written down from the text of doc/spec/flow-cache.md.
 *
 * Chains are lists with the newest entry first, every lookup hashes and walks its chain, and every
 * object is asked each time.  The randomised test holds FlowCache against it.
 */
class FlowCacheModel
{
  public:
    /// An entry in a chain.
    struct Entry
    {
        FlowKey key;        //!< the flow
        uint32_t genid{0};  //!< generation in which object was resolved
        ObjectId object{0}; //!< what the resolver returned
    };

    /// What a lookup or a resolver returns.
    struct Answer
    {
        ObjectId object{0};                      //!< the object
        int32_t error{0};                        //!< 0 or a negative errno
        CacheOutcome outcome{CacheOutcome::Hit}; //!< how the lookup ended; not used by resolvers
    };

    /// The world around the cache.
    struct World
    {
        std::function<uint32_t()> drawSeed;         //!< random seeds
        std::function<bool()> failsEntry;           //!< whether this allocation of an entry fails
        std::function<bool()> failsMask;            //!< whether this allocation of a CPU mask fails
        std::function<bool(ObjectId)> get;          //!< the object's get()
        std::function<bool(ObjectId)> check;        //!< the object's check()
        std::function<void(ObjectId)> deleteObject; //!< the object's delete()
    };

    /// What resolves a lookup: refused object or 0 -> answer.
    using Resolver = std::function<Answer(ObjectId)>;

    /// @param config makeup @param world the world
    FlowCacheModel(const FlowCache::Config& config, World world);

    /// @see FlowCache::Lookup
    Answer Lookup(CpuId cpu, const FlowKey& key, const Resolver& resolve, CacheWork& work);

    /// @see FlowCache::BumpGenid
    void BumpGenid(uint32_t n);

    /// @see FlowCache::RequestReseed
    void RequestReseed();

    /// @see FlowCache::RunDue
    void RunDue(Time now);

    /// @see FlowCache::RunGc
    void RunGc(CacheWork& work, uint64_t nMost);

    /// @see FlowCache::FlushCpu
    uint32_t FlushCpu(CpuId cpu, CacheWork& work);

    /// @see FlowCache::Flush
    FlowCache::FlushReport Flush(CpuId caller, std::span<CacheWork> work);

    /// @see FlowCache::RequestFlush
    void RequestFlush(CpuId cpu);

    /// @see FlowCache::RunDeferredFlush
    std::optional<FlowCache::FlushReport> RunDeferredFlush(CpuId cpu, std::span<CacheWork> work);

    /// @see FlowCache::BringUp
    void BringUp(CpuId cpu);

    /// @see FlowCache::TakeDown
    void TakeDown(CpuId cpu, CacheWork& work);

    /// @return the generation
    uint32_t GetGenid() const;

    /// @return entries dropped and not destroyed yet
    uint64_t GetGarbageLength() const;

    /// @return the CPU that asked for the gc work
    std::optional<CpuId> GetGcCpu() const;

    /// @return the CPU that asked for a deferred flush
    std::optional<CpuId> GetFlushCpu() const;

    /// @return CPUs on line
    uint32_t GetOnline() const;

    /// @param cpu a CPU @return whether it is on line
    bool IsOnline(CpuId cpu) const;

    /// @param cpu a CPU @return whether it was ever on line
    bool HasTable(CpuId cpu) const;

    /// @param cpu a CPU @return its entries
    uint32_t GetSize(CpuId cpu) const;

    /// @param cpu a CPU @return its chains by bucket, the newest entry of each first
    const std::vector<std::list<Entry>>& GetChains(CpuId cpu) const;

  private:
    /// What a CPU has for itself.
    struct Cpu
    {
        bool isOnline{false};                 //!< the CPU runs
        bool hasTable{false};                 //!< the CPU has a table
        bool isReseedDue{true};               //!< the re-seed flag
        uint32_t seed{0};                     //!< the hash seed
        uint32_t count{0};                    //!< entries in its table
        std::vector<std::list<Entry>> chains; //!< its table, by bucket
    };

    Answer Admit(CpuId cpu, size_t bucket, const FlowKey& key, const Resolver&, CacheWork& work);
    Answer Judge(Entry& entry, const Resolver& resolve, CacheWork& work);
    Answer ResolveInto(Entry& entry,
                       ObjectId old,
                       CacheOutcome outcome,
                       const Resolver&,
                       CacheWork&);
    Answer ResolveUnstored(CacheOutcome outcome, const Resolver& resolve, CacheWork& work);
    bool IsRefused(const Cpu& cpu) const;
    bool IsValid(const Entry& entry, CacheWork& work);
    uint32_t Drop(CpuId cpu, uint64_t quota, CpuId worker, CacheWork& work);

    FlowCache::Config m_config;      //!< makeup
    World m_world;                   //!< the world
    uint32_t m_genid;                //!< generation
    Time m_nextReseed;               //!< when the timer fires
    std::vector<Cpu> m_cpus;         //!< all possible CPUs
    std::deque<ObjectId> m_waiting;  //!< the gc list
    std::deque<ObjectId> m_running;  //!< what the gc work took and has not destroyed yet
    std::optional<CpuId> m_gcCpu;    //!< where the gc work is to run
    std::optional<CpuId> m_flushCpu; //!< where the deferred flush is to run
};

} // namespace ns3::xfrm::tests

#endif // XFRM_FLOW_CACHE_MODEL_H
