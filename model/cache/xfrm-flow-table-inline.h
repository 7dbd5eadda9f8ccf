/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FLOW_TABLE_INLINE_H
#define XFRM_FLOW_TABLE_INLINE_H

/**
 * @file
 * @ingroup xfrm
 * @brief The parts of FlowTable that every lookup runs, inlined into the caller.
 */

#include "xfrm-flow-table.h"

#include <array>
#include <utility>

namespace ns3::xfrm
{

template <typename Resolve>
CacheAnswer
FlowTable::Lookup(FlowKeyView key, Resolve&& resolve, CacheWork& work)
{
    // The straight way for the shortest keys; LookupAny() has all cases.
    if (key.identity.GetWords() == FlowKey::MIN_WORDS && !m_isReseedDue)
    {
        const uint32_t hash = Jhash2(key.words, FlowKey::MIN_WORDS, m_seed);
        return LookupHashed(key, hash, resolve, work);
    }
    return LookupAny(key, resolve, work);
}

// Hits and plain misses only: all else is left to a last call, for which no registers are saved.
template <typename Resolve>
[[gnu::noinline]] CacheAnswer
FlowTable::LookupHashed(FlowKeyView key, uint32_t hash, Resolve&& resolve, CacheWork& work)
{
    work.nHashedWords += FlowKey::MIN_WORDS;
    if (m_store.IsSurelyAbsent(hash))
    {
        if (m_store.GetSize() > m_highWatermark || m_shared.mayRefuse || !m_store.HasRoom(hash))
        {
            return LookupFurther(key, hash, resolve, work);
        }
        work.nCompared += m_store.GetChainLength(m_store.GetBucket(hash));
        ++work.nMisses;
        return Ask({m_store.InsertQuickly(key, hash).entry, CacheOutcome::Miss}, resolve, work);
    }
    const BucketStore::Located place = m_store.FindQuickly(key, hash);
    if (place.entry && place.entry->epoch == m_shared.epoch)
    {
        ++work.nHits;
        work.nCompared += m_store.GetPosition(m_store.GetBucket(hash), place.serial);
        return {place.entry->object, 0, CacheOutcome::Hit};
    }
    return LookupFurther(key, hash, resolve, work);
}

template <typename Resolve>
[[gnu::noinline]] CacheAnswer
FlowTable::LookupFurther(FlowKeyView key, uint32_t hash, Resolve&& resolve, CacheWork& work)
{
    return Serve(FindHashed(key, hash, FlowId::None, work), resolve, work);
}

template <typename Resolve>
[[gnu::noinline]] CacheAnswer
FlowTable::LookupAny(FlowKeyView key, Resolve&& resolve, CacheWork& work)
{
    return Serve(Find(key, FlowId::None, work), resolve, work);
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
void
FlowTable::LookupBatch(std::span<const FlowKeyView> keys,
                       std::span<CacheAnswer> answers,
                       Resolve&& resolve,
                       CacheWork& work)
{
    std::array<uint32_t, HASHED_AHEAD> hashes{};
    size_t nDone = 0;
    while (nDone < keys.size())
    {
        const size_t nHashed = HashAhead(keys.subspan(nDone), hashes);
        const uint32_t seed = m_seed;
        for (size_t i = 0; i < nHashed && m_seed == seed && !m_isReseedDue; ++i, ++nDone)
        {
            const auto resolveThis = [&](CacheObject* old) { return resolve(nDone, old); };
            answers[nDone] = LookupHashed(keys[nDone], hashes[i], resolveThis, work);
        }
        if (nHashed == 0)
        {
            const auto resolveThis = [&](CacheObject* old) { return resolve(nDone, old); };
            answers[nDone] = Lookup(keys[nDone], resolveThis, work);
            ++nDone;
        }
    }
}

template <typename Resolve>
void
FlowTable::LookupBatch(std::span<const FlowId> flows,
                       std::span<CacheAnswer> answers,
                       Resolve&& resolve,
                       CacheWork& work)
{
    for (size_t i = 0; i < flows.size(); ++i)
    {
        i += TakeHits(flows.subspan(i), answers.subspan(i), work);
        if (i < flows.size())
        {
            const auto resolveThis = [&](CacheObject* old) { return resolve(i, old); };
            answers[i] = Lookup(flows[i], resolveThis, work);
        }
    }
}

/// An entry is valid until the epoch ends.
inline void
FlowTable::NoteSure(FlowEntry& entry)
{
    if (m_sureEpoch != m_shared.epoch)
    {
        m_sureEpoch = m_shared.epoch;
        m_nSure = 0;
        m_nSureObjects = 0;
    }
    entry.validEpoch = m_sureEpoch;
    ++m_nSure;
    m_nSureObjects += entry.object ? 1 : 0;
}

/// An entry may be no longer what it was.
inline void
FlowTable::NoteUnsure(FlowEntry& entry)
{
    if (entry.validEpoch == m_sureEpoch && m_sureEpoch != 0)
    {
        --m_nSure;
        m_nSureObjects -= entry.object ? 1 : 0;
    }
    entry.validEpoch = 0;
}

/// An entry's lookups are hits until the epoch ends.
inline void
FlowTable::NoteServing(FlowEntry& entry)
{
    entry.epoch = m_shared.epoch;
    if (InternedFlows::Place* place = FindPlaceOf(entry))
    {
        place->object = entry.object;
        place->epoch = entry.epoch;
    }
}

inline CacheAnswer
FlowTable::Store(const Found& found, const Resolution& resolution, CacheWork& work)
{
    if (resolution.error != 0)
    {
        ++work.nErrors;
        if (found.entry)
        {
            found.entry->genid =
                m_shared.genid - 1; // stale at once, after a bump by the resolver too
            ListUnsure(*found.entry);
        }
        return {nullptr, resolution.error, found.outcome};
    }
    if (found.entry)
    {
        // Read after the resolver ran, so that a change made by it counts.
        found.entry->genid = m_shared.genid;
        found.entry->object = resolution.object;
        if (resolution.isValidUntilChange || !resolution.object)
        {
            NoteSure(*found.entry);
        }
        else
        {
            ListUnsure(*found.entry);
        }
        if (resolution.servesUntilChange)
        {
            NoteServing(*found.entry);
        }
    }
    else if (resolution.object)
    {
        ++work.nDeletes;
        resolution.object->Delete();
    }
    return {resolution.object, 0, found.outcome};
}

inline InternedFlows::Place*
FlowTable::FindPlaceOf(const FlowEntry& entry)
{
    if (entry.flow == FlowId::None)
    {
        return nullptr;
    }
    InternedFlows::Place& place = m_shared.flows.GetPlace(entry.flow);
    return place.cpu == m_cpu ? &place : nullptr;
}

inline void
FlowTable::Forget(const FlowEntry& entry)
{
    if (InternedFlows::Place* place = FindPlaceOf(entry))
    {
        place->epoch = 0;
    }
}

template <typename Resolve>
[[gnu::always_inline]] inline CacheAnswer
FlowTable::Serve(const Found& found, Resolve&& resolve, CacheWork& work)
{
    if (found.outcome == CacheOutcome::Hit || found.outcome == CacheOutcome::Negative)
    {
        return {found.entry->object, 0, found.outcome};
    }
    return Ask(found, resolve, work);
}

template <typename Resolve>
[[gnu::always_inline]] inline CacheAnswer
FlowTable::Ask(const Found& found, Resolve&& resolve, CacheWork& work)
{
    if (found.outcome == CacheOutcome::NoBuffers)
    {
        return {nullptr, NO_BUFFERS, found.outcome};
    }
    CacheObject* old = nullptr;
    if (FlowEntry* entry = found.entry)
    {
        NoteUnsure(*entry);
        old = std::exchange(entry->object, nullptr); // null unless it was refused
        entry->genid = m_shared.genid - 1;           // should the resolver throw
    }
    return Store(found, resolve(old), work);
}

} // namespace ns3::xfrm

#endif // XFRM_FLOW_TABLE_INLINE_H
