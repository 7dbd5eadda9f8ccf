/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FLOW_TABLE_H
#define XFRM_FLOW_TABLE_H

#include "xfrm-bucket-store.h"
#include "xfrm-cache-work.h"
#include "xfrm-garbage-list.h"
#include "xfrm-interned-flows.h"
#include "xfrm-refusal-rule.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief What the flow tables of all CPUs of a namespace share.  Owned by their FlowCache.
 */
struct FlowCacheShared
{
    uint32_t genid{0};                  //!< generation, wraps (flow_cache_genid)
    uint32_t epoch{1};                  //!< see AdvanceEpoch(); never 0
    uint32_t nOnline{0};                //!< CPUs on line
    RefusalRule refusal;                //!< when a new entry is refused
    GarbageList garbage;                //!< entries that wait for the gc work
    InternedFlows flows;                //!< flows looked up by number
    std::function<uint32_t()> drawSeed; //!< source of hash seeds, one call a re-seed
    std::function<bool()> failsEntry;   //!< whether this allocation of an entry fails; empty: never
    std::function<void()> forgetEpochs; //!< makes all tables forget the epochs they know

    /**
     * @brief Something happened that may end hits: a new generation, a due re-seed, a noted change.
     *
     * An entry known to serve in the present epoch is a hit without further question.
     */
    void AdvanceEpoch();
};

/**
 * @ingroup xfrm
 * @brief The flow cache of one simulated CPU: flow to object, with the kernel's rules for entries.
 *
 * Source: struct flow_cache_percpu, flow_cache_lookup(), __flow_cache_shrink() and
 * flow_new_hash_rnd(), net/core/flow.c, Linux 4.1 (doc/spec/flow-cache.md, sections 3 to 6; R60 to
 * R66). Left out: the network namespace in the comparison, since a FlowCache serves one namespace;
 * the lists that all CPUs share, which are FlowCache's.
 *
 * Invariants:
 * - a flow is stored at most once; a chain runs from the newest entry to the oldest, and neither
 * hits nor re-resolved entries move in it;
 * - the entries are those added (CacheWork::nMisses) less those evicted and flushed.
 *
 * Knows neither time nor cost: each call adds what it did to a CacheWork.  Not thread-safe.
 */
class FlowTable
{
  public:
    /// Error of a refused entry, -ENOBUFS with Linux' number.
    static constexpr int32_t NO_BUFFERS{-105};

    /// Sizes.  The defaults are the kernel's, which has no setting for them.
    struct Config
    {
        uint32_t hashShift{10};       //!< log2 of the number of buckets, 0 to 20
        uint32_t lowWatermark{2048};  //!< a shrink keeps lowWatermark / buckets a bucket [entries]
        uint32_t highWatermark{4096}; //!< a miss above this shrinks first [entries]
    };

    /**
     * @param cpu number of the table's CPU
     * @param config sizes
     * @param shared what all tables share; must outlive the table
     * @throws std::invalid_argument unless hashShift <= 20
     */
    FlowTable(CpuId cpu, const Config& config, FlowCacheShared& shared);

    FlowTable(const FlowTable&) = delete;
    FlowTable& operator=(const FlowTable&) = delete;
    FlowTable(FlowTable&&) = default;
    FlowTable& operator=(FlowTable&&) = delete;
    ~FlowTable() = default;

    /**
     * @brief Find the object of a flow, or have it resolved (section 4).
     * @param key the flow
     * @param resolve callable CacheObject* -> Resolution, called on a miss or a stale or refused
     * entry with the refused object or null.  A refused object is the resolver's from then on. It
     * may change the generation, and must not use this table
     * @param work what the call did is added here
     * @return the object, null for "no policy", or the error
     */
    template <typename Resolve>
    CacheAnswer Lookup(FlowKeyView key, Resolve&& resolve, CacheWork& work)
    {
        return Serve(Find(key, FlowId::None, work), resolve, work);
    }

    /**
     * @brief The same for an interned flow: equal results and work, but a hit costs no hash.
     * @param flow number from FlowCache::Intern()
     * @param resolve as above
     * @param work what the call did is added here
     * @return as above
     */
    template <typename Resolve>
    CacheAnswer Lookup(FlowId flow, Resolve&& resolve, CacheWork& work);

    /// A hit that needs no question, and its work.
    struct KnownHit
    {
        CacheObject* object;   //!< the object
        uint32_t nCompared;    //!< CacheWork::nCompared of this lookup
        uint32_t nHashedWords; //!< CacheWork::nHashedWords of this lookup
    };

    /**
     * @brief The quick part of Lookup() for an interned flow: for loops that keep their own counts.
     * @param flow number from FlowCache::Intern()
     * @return the hit, to be counted by the caller; nothing if Lookup() has to find out, which may
     *         still end in a hit
     */
    std::optional<KnownHit> TryHit(FlowId flow) const
    {
        const InternedFlows::Place& place = m_shared.flows.GetPlace(flow);
        if (place.epoch != m_shared.epoch || place.cpu != m_cpu)
        {
            return std::nullopt;
        }
        return KnownHit{place.object,
                        m_store.GetPosition(place.bucket, place.serial),
                        place.nWords};
    }

    /// @brief Have the next cached lookup draw a new seed and drop every entry (hash_rnd_recalc).
    void RequestReseed()
    {
        m_isReseedDue = true;
    }

    /// @brief Make the table, if this CPU never had one (CPU up-prepare, section 9).
    void Prepare();

    /// @return whether this CPU has a table
    bool IsPrepared() const
    {
        return m_isPrepared;
    }

    /**
     * @brief Drop every entry, valid or not, without Check() (CPU dead, section 9).
     * @param worker CPU that does it, on which the gc work is asked for
     * @param work what the call did is added here
     * @return entries dropped
     */
    uint32_t Empty(CpuId worker, CacheWork& work);

    /**
     * @brief Drop the invalid entries only (section 8).
     * @param work what the call did is added here
     * @return entries dropped
     */
    uint32_t Flush(CacheWork& work);

    /// @brief Take no entry for a hit unasked.
    void ForgetEpochs();

    /// @brief Delete all objects: the last call before the end.
    void DeleteAll();

    /// @return entries stored, stale ones included
    uint32_t GetSize() const
    {
        return m_store.GetSize();
    }

    /// @return the hash seed; 0 before the first cached lookup
    uint32_t GetSeed() const
    {
        return m_seed;
    }

    /// @param key a cached flow @return the bucket of its chain with the present seed
    uint32_t GetBucket(FlowKeyView key) const
    {
        return m_store.GetBucket(key.Hash(m_seed));
    }

    /// @param entry an entry of this table @return its key
    FlowKey GetKey(const FlowEntry& entry) const
    {
        return m_store.GetKey(entry);
    }

    /**
     * @brief Look at every entry, buckets ascending, each from the newest entry to the oldest.
     * @param visit callable FlowEntry
     */
    template <typename Visit>
    void ForEach(Visit&& visit) const
    {
        for (uint32_t bucket = 0; bucket < m_store.GetBuckets(); ++bucket)
        {
            m_store.ForEach(bucket, visit);
        }
    }

  private:
    /// Why entries are removed, which decides how many may stay.
    enum class Removal : uint8_t
    {
        Shrink, //!< the newest valid ones stay, a few a bucket
        Empty,  //!< none stays
        Flush   //!< all valid ones stay
    };

    /// Result of a search.
    struct Found
    {
        FlowEntry* entry;     //!< where a resolution goes, null if nowhere
        CacheObject* object;  //!< the object of a hit, the resolver's argument if one is to run
        CacheOutcome outcome; //!< how the lookup goes on
    };

    Found Find(FlowKeyView key, FlowId flow, CacheWork& work);
    Found FindInterned(FlowId flow, CacheWork& work);
    Found Judge(FlowEntry& entry, FlowId flow, CacheWork& work);
    Found Admit(FlowKeyView key, uint32_t hash, FlowId flow, CacheWork& work);
    void Remember(FlowEntry& entry, FlowId flow);
    void Forget(const FlowEntry& entry);
    InternedFlows::Place* FindPlaceOf(const FlowEntry& entry);
    CacheAnswer Store(const Found& found, const Resolution& resolution, CacheWork& work);
    void Reseed(CacheWork& work);
    uint32_t Remove(Removal removal, CpuId worker, CacheWork& work);

    template <typename Resolve>
    CacheAnswer Serve(const Found& found, Resolve&& resolve, CacheWork& work);

    CpuId m_cpu;               //!< number of the CPU
    uint32_t m_highWatermark;  //!< a miss above this shrinks first [entries]
    uint32_t m_quota;          //!< valid entries that a shrink leaves in a bucket
    uint32_t m_seed{0};        //!< hash seed (hash_rnd)
    bool m_isReseedDue{true};  //!< the next cached lookup re-seeds
    bool m_isPrepared{false};  //!< the CPU has a table
    FlowCacheShared& m_shared; //!< what all CPUs share
    BucketStore m_store;       //!< the entries
};

inline FlowTable::Found
FlowTable::Find(FlowKeyView key, FlowId flow, CacheWork& work)
{
    if (!key.IsCached() || !m_isPrepared)
    {
        ++work.nUncached;
        return {nullptr, nullptr, CacheOutcome::Uncached};
    }
    if (m_isReseedDue)
    {
        Reseed(work);
    }
    const uint32_t hash = key.Hash(m_seed);
    work.nHashedWords += key.identity.GetWords();
    FlowEntry* entry = m_store.Find(key, hash);
    if (!entry)
    {
        return Admit(key, hash, flow, work);
    }
    work.nCompared += m_store.GetPosition(entry->bucket, entry->serial);
    if (entry->epoch == m_shared.epoch && flow == FlowId::None)
    {
        ++work.nHits;
        return {entry, entry->object, CacheOutcome::Hit};
    }
    return Judge(*entry, flow, work);
}

template <typename Resolve>
CacheAnswer
FlowTable::Lookup(FlowId flow, Resolve&& resolve, CacheWork& work)
{
    if (const std::optional<KnownHit> hit = TryHit(flow))
    {
        ++work.nHits;
        work.nCompared += hit->nCompared;
        work.nHashedWords += hit->nHashedWords;
        return {hit->object, 0, CacheOutcome::Hit};
    }
    return Serve(FindInterned(flow, work), resolve, work);
}

template <typename Resolve>
CacheAnswer
FlowTable::Serve(const Found& found, Resolve&& resolve, CacheWork& work)
{
    switch (found.outcome)
    {
    case CacheOutcome::Hit:
    case CacheOutcome::Negative:
        return {found.object, 0, found.outcome};
    case CacheOutcome::NoBuffers:
        return {nullptr, NO_BUFFERS, found.outcome};
    default:
        return Store(found, resolve(found.object), work);
    }
}

} // namespace ns3::xfrm

#endif // XFRM_FLOW_TABLE_H
