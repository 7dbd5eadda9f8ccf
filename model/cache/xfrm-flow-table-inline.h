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
    // The straight way to a hit with the shortest keys; Find() has all cases.
    if (key.identity.GetWords() == FlowKey::MIN_WORDS && !m_isReseedDue)
    {
        const uint32_t hash = Jhash2(key.words, FlowKey::MIN_WORDS, m_seed);
        return LookupHashed(key, hash, resolve, work);
    }
    return Serve(Find(key, FlowId::None, work), resolve, work);
}

template <typename Resolve>
[[gnu::always_inline]] inline CacheAnswer
FlowTable::LookupHashed(FlowKeyView key, uint32_t hash, Resolve&& resolve, CacheWork& work)
{
    work.nHashedWords += FlowKey::MIN_WORDS;
    FlowEntry* entry = m_store.Find(key, hash);
    if (entry && entry->epoch == m_shared.epoch)
    {
        ++work.nHits;
        work.nCompared += m_store.GetPosition(entry->bucket, entry->serial);
        return {entry->object, 0, CacheOutcome::Hit};
    }
    const Found found =
        entry ? Judge(*entry, FlowId::None, work) : Admit(key, hash, FlowId::None, work);
    return Serve(found, resolve, work);
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
        }
        return {nullptr, resolution.error, found.outcome};
    }
    if (found.entry)
    {
        // Read after the resolver ran, so that a change made by it counts.
        found.entry->genid = m_shared.genid;
        found.entry->object = resolution.object;
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

inline FlowTable::Found
FlowTable::Admit(FlowKeyView key, uint32_t hash, FlowId flow, CacheWork& work)
{
    work.nCompared += m_store.GetChainLength(m_store.GetBucket(hash));
    if (m_store.GetSize() > m_highWatermark || m_shared.mayRefuse)
    {
        if (const std::optional<CacheOutcome> obstacle = FindObstacle(work))
        {
            return {nullptr, *obstacle};
        }
    }
    ++work.nMisses;
    FlowEntry& entry = m_store.Insert(key, hash);
    if (flow != FlowId::None)
    {
        Remember(entry, flow);
    }
    return {&entry, CacheOutcome::Miss};
}

template <typename Resolve>
CacheAnswer
FlowTable::Serve(const Found& found, Resolve&& resolve, CacheWork& work)
{
    if (found.outcome == CacheOutcome::NoBuffers)
    {
        return {nullptr, NO_BUFFERS, found.outcome};
    }
    CacheObject* old = nullptr;
    if (found.entry)
    {
        if (found.outcome == CacheOutcome::Hit || found.outcome == CacheOutcome::Negative)
        {
            return {found.entry->object, 0, found.outcome};
        }
        old = std::exchange(found.entry->object, nullptr); // null unless it was refused
        found.entry->genid = m_shared.genid - 1;           // should the resolver throw
    }
    return Store(found, resolve(old), work);
}

} // namespace ns3::xfrm

#endif // XFRM_FLOW_TABLE_INLINE_H
