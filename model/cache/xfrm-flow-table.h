/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FLOW_TABLE_H
#define XFRM_FLOW_TABLE_H

#include "xfrm-bucket-store.h"
#include "xfrm-cache-work.h"
#include "xfrm-flow-cache-shared.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The flow cache of one simulated CPU: flow to object, with the kernel's rules for entries.
 *
 * Source: struct flow_cache_percpu, flow_cache_lookup(), __flow_cache_shrink() and
 * flow_new_hash_rnd(), net/core/flow.c, Linux 4.1 (doc/spec/flow-cache.md, sections 3 to 6; R60 to
 * R66 of doc/spec/xfrm-lookup.md).  Left out: the network namespace in the comparison, since a
 * FlowCache serves one namespace; the lists that all CPUs share, which are FlowCache's.
 *
 * Invariants:
 * - a flow is stored at most once;
 * - a chain runs from the newest entry to the oldest; hits and re-resolutions move nothing;
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
     *                entry with the refused object or null.  A refused object is the resolver's
     *                from then on.  It may change the generation, and must not use this table
     * @param work what the call did is added here
     * @return the object, null for "no policy", or the error
     */
    template <typename Resolve>
    CacheAnswer Lookup(FlowKeyView key, Resolve&& resolve, CacheWork& work);

    /**
     * @brief The same for an interned flow: equal results and work, but a hit costs no hash.
     * @param flow number from FlowCache::Intern()
     * @param resolve as above
     * @param work what the call did is added here
     * @return as above
     */
    template <typename Resolve>
    CacheAnswer Lookup(FlowId flow, Resolve&& resolve, CacheWork& work);

    /**
     * @brief Look up many flows by key, in order: results and work as one by one, but quicker.
     * @param keys the flows; shape (n)
     * @param answers set to the answers; shape (n)
     * @param resolve callable (index in keys, CacheObject*) -> Resolution
     * @param work what the call did is added here
     */
    template <typename Resolve>
    void LookupBatch(std::span<const FlowKeyView> keys,
                     std::span<CacheAnswer> answers,
                     Resolve&& resolve,
                     CacheWork& work);

    /**
     * @brief The same for interned flows.
     * @param flows numbers from FlowCache::Intern(); shape (n)
     * @param answers as above
     * @param resolve as above
     * @param work as above
     */
    template <typename Resolve>
    void LookupBatch(std::span<const FlowId> flows,
                     std::span<CacheAnswer> answers,
                     Resolve&& resolve,
                     CacheWork& work);

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

    /// @brief Have fetched what the lookup of an interned flow reads of its chain.
    /// @param flow number from FlowCache::Intern()
    [[gnu::always_inline]] void PrefetchChain(FlowId flow) const
    {
        const InternedFlows::Place& place = m_shared.flows.GetPlace(flow);
        if (place.epoch == m_shared.epoch && place.cpu == m_cpu)
        {
            m_store.PrefetchSerial(place.bucket);
            return;
        }
        m_store.PrefetchEntry(place.entry);
        m_store.PrefetchBucket(m_shared.flows.GetKey(flow).Hash(m_seed));
        m_store.PrefetchFree();
    }

    /**
     * @brief Serve interned flows from the front for as long as TryHit() does.
     * @param flows numbers from FlowCache::Intern(); shape (n)
     * @param answers the first ones are set; shape (n)
     * @param work what the call did is added here
     * @return how many were served
     */
    size_t TakeHits(std::span<const FlowId> flows,
                    std::span<CacheAnswer> answers,
                    CacheWork& work) const;

    /**
     * @brief Have the next cached lookup draw a new seed and drop every entry (hash_rnd_recalc).
     *
     * The caller advances the epoch, so that no lookup is taken for a hit before.
     */
    void RequestReseed()
    {
        m_isReseedDue = true;
    }

    /// @brief Give this CPU a table, if it never had one (CPU up-prepare, section 9).
    void GiveTable();

    /// @return whether this CPU has a table
    bool HasTable() const
    {
        return m_hasTable;
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
        for (uint32_t bucket = 0; GetSize() > 0 && bucket < m_store.GetBuckets(); ++bucket)
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
        FlowEntry* entry;     //!< the flow's entry, null if it has none and gets none
        CacheOutcome outcome; //!< how the lookup goes on
    };

    /// Hashes that a batch computes before it searches.
    static constexpr size_t HASHED_AHEAD{16};

    /// Most buckets that a flush looks at alone; if there are more, it looks at all.
    static constexpr size_t MOST_UNSURE{64};

    size_t HashAhead(std::span<const FlowKeyView> keys,
                     std::array<uint32_t, HASHED_AHEAD>& hashes) const;
    Found Find(FlowKeyView key, FlowId flow, CacheWork& work);
    Found FindInterned(FlowId flow, CacheWork& work);
    Found FindHashed(FlowKeyView key, uint32_t hash, FlowId flow, CacheWork& work);
    Found Judge(BucketStore::Located place, FlowId flow, CacheWork& work);
    Found Judge(BucketStore::Located place, CacheWork& work);
    Found Admit(FlowKeyView key, uint32_t hash, FlowId flow, CacheWork& work);
    std::optional<CacheOutcome> FindObstacle(CacheWork& work);
    void Remember(BucketStore::Located place, FlowId flow);
    void Forget(const FlowEntry& entry);
    InternedFlows::Place* FindPlaceOf(const FlowEntry& entry);
    CacheAnswer Store(const Found& found, const Resolution& resolution, CacheWork& work);
    void NoteSure(FlowEntry& entry);
    void NoteUnsure(FlowEntry& entry);
    void ListUnsure(const FlowEntry& entry);
    void NoteServing(FlowEntry& entry);
    void Reseed(CacheWork& work);
    uint32_t Remove(Removal removal, CpuId worker, CacheWork& work);
    bool IsUnsureListed();
    uint32_t RemoveUnsure(CacheWork& work);
    bool Stays(FlowEntry& entry, uint64_t& nChecks);

    template <typename Keep>
    uint32_t Retain(uint32_t bucket, uint32_t quota, CacheObject** dropped, Keep&& keep);
    uint32_t HandOver(uint32_t nDropped, CpuId worker, CacheWork& work);

    template <typename Resolve>
    CacheAnswer LookupHashed(FlowKeyView key, uint32_t hash, Resolve&& resolve, CacheWork& work);

    template <typename Resolve>
    CacheAnswer LookupFurther(FlowKeyView key, uint32_t hash, Resolve&& resolve, CacheWork& work);

    template <typename Resolve>
    CacheAnswer LookupAny(FlowKeyView key, Resolve&& resolve, CacheWork& work);

    template <typename Resolve>
    CacheAnswer Ask(const Found& found, Resolve&& resolve, CacheWork& work);

    template <typename Resolve>
    CacheAnswer Serve(const Found& found, Resolve&& resolve, CacheWork& work);

    CpuId m_cpu;                    //!< number of the CPU
    uint32_t m_highWatermark;       //!< a miss above this shrinks first [entries]
    uint32_t m_quota;               //!< valid entries that a shrink leaves in a bucket
    uint32_t m_seed{0};             //!< hash seed (hash_rnd)
    bool m_isReseedDue{true};       //!< the next cached lookup re-seeds
    bool m_hasTable{false};         //!< the CPU has a table
    uint32_t m_sureEpoch{0};        //!< epoch of the following numbers, which are 0 in any other
    uint32_t m_nSure{0};            //!< entries known to be valid
    uint32_t m_nSureObjects{0};     //!< ... that have an object
    std::vector<uint32_t> m_unsure; //!< buckets of some entries that are not, MOST_UNSURE at most
    FlowCacheShared& m_shared;      //!< what all CPUs share
    BucketStore m_store;            //!< the entries
};

} // namespace ns3::xfrm

#include "xfrm-flow-table-inline.h"

#endif // XFRM_FLOW_TABLE_H
