/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flow-table.h"

#include <stdexcept>
#include <string>

namespace ns3::xfrm
{

namespace
{

/// @return the shift @throws std::invalid_argument unless it is at most 20
uint32_t
CheckHashShift(uint32_t hashShift)
{
    if (hashShift > 20)
    {
        throw std::invalid_argument("hashShift = " + std::to_string(hashShift) +
                                    ": must be 0 to 20");
    }
    return hashShift;
}

} // namespace

void
FlowCacheShared::AdvanceEpoch()
{
    if (++epoch == 0)
    {
        // The number came round: what is known of old epochs must not look like the present one's.
        forgetEpochs();
        epoch = 1;
    }
}

FlowTable::FlowTable(CpuId cpu, const Config& config, FlowCacheShared& shared)
    : m_cpu(cpu),
      m_highWatermark(config.highWatermark),
      m_quota(0),
      m_shared(shared),
      m_store(CheckHashShift(config.hashShift))
{
    m_quota = config.lowWatermark / m_store.GetBuckets();
}

void
FlowTable::Prepare()
{
    m_isPrepared = true;
}

FlowTable::Found
FlowTable::FindInterned(FlowId flow, CacheWork& work)
{
    const InternedFlows::Place& place = m_shared.flows.GetPlace(flow);
    if (place.cpu == m_cpu && !m_isReseedDue)
    {
        FlowEntry& entry = m_store.At(place.entry);
        if (entry.flow == flow)
        {
            work.nHashedWords += entry.identity.GetWords();
            work.nCompared += m_store.GetPosition(entry.bucket, entry.serial);
            return Judge(entry, flow, work);
        }
    }
    return Find(m_shared.flows.GetKey(flow), flow, work);
}

FlowTable::Found
FlowTable::Judge(FlowEntry& entry, FlowId flow, CacheWork& work)
{
    entry.epoch = 0;
    CacheObject* object = entry.object;
    if (entry.genid != m_shared.genid)
    {
        ++work.nStale;
        entry.object = nullptr;
        if (object)
        {
            ++work.nDeletes;
            object->Delete();
        }
        Remember(entry, flow);
        return {&entry, nullptr, CacheOutcome::Stale};
    }
    if (!object)
    {
        ++work.nNegative;
        Remember(entry, flow);
        return {&entry, nullptr, CacheOutcome::Negative};
    }
    const Consent consent = object->Get();
    if (consent == Consent::Refused)
    {
        ++work.nRefused;
        entry.object = nullptr;
        Remember(entry, flow);
        return {&entry, object, CacheOutcome::Refused};
    }
    ++work.nHits;
    entry.epoch = consent == Consent::UntilChange ? m_shared.epoch : 0;
    Remember(entry, flow);
    return {&entry, object, CacheOutcome::Hit};
}

FlowTable::Found
FlowTable::Admit(FlowKeyView key, uint32_t hash, FlowId flow, CacheWork& work)
{
    work.nCompared += m_store.GetChainLength(m_store.GetBucket(hash));
    // The order is the kernel's: shrink, refusal, allocation.  Each sees what the one before left.
    if (m_store.GetSize() > m_highWatermark)
    {
        ++work.nShrinks;
        work.nEvicted += Remove(Removal::Shrink, m_cpu, work);
    }
    if (m_shared.refusal.Refuses(m_highWatermark,
                                 m_store.GetSize(),
                                 m_shared.garbage.GetLength(),
                                 m_shared.nOnline))
    {
        ++work.nNoBuffers;
        if (m_shared.refusal.bumpsGenid)
        {
            ++m_shared.genid;
            m_shared.AdvanceEpoch();
        }
        return {nullptr, nullptr, CacheOutcome::NoBuffers};
    }
    if (m_shared.failsEntry && m_shared.failsEntry())
    {
        ++work.nUnstored;
        return {nullptr, nullptr, CacheOutcome::Unstored};
    }
    ++work.nMisses;
    FlowEntry& entry = m_store.Insert(key, hash);
    Remember(entry, flow);
    return {&entry, nullptr, CacheOutcome::Miss};
}

void
FlowTable::Remember(FlowEntry& entry, FlowId flow)
{
    if (flow != FlowId::None)
    {
        if (entry.flow != flow)
        {
            Forget(entry);
        }
        entry.flow = flow;
        m_shared.flows.GetPlace(flow) = {.object = entry.object,
                                         .epoch = entry.epoch,
                                         .cpu = m_cpu,
                                         .entry = m_store.GetIndex(entry),
                                         .bucket = entry.bucket,
                                         .serial = entry.serial,
                                         .nWords = entry.identity.GetWords()};
    }
}

InternedFlows::Place*
FlowTable::FindPlaceOf(const FlowEntry& entry)
{
    if (entry.flow == FlowId::None)
    {
        return nullptr;
    }
    InternedFlows::Place& place = m_shared.flows.GetPlace(entry.flow);
    return place.cpu == m_cpu ? &place : nullptr;
}

void
FlowTable::Forget(const FlowEntry& entry)
{
    if (InternedFlows::Place* place = FindPlaceOf(entry))
    {
        place->epoch = 0;
    }
}

CacheAnswer
FlowTable::Store(const Found& found, const Resolution& resolution, CacheWork& work)
{
    const bool isError = resolution.error != 0;
    work.nErrors += isError ? 1 : 0;
    if (found.entry)
    {
        // Read after the resolver ran, so that a change made by it counts; an error is stale at
        // once.
        found.entry->genid = m_shared.genid - (isError ? 1 : 0);
        found.entry->object = isError ? nullptr : resolution.object;
    }
    else if (!isError && resolution.object)
    {
        ++work.nDeletes;
        resolution.object->Delete();
    }
    return {resolution.object, resolution.error, found.outcome};
}

void
FlowTable::Reseed(CacheWork& work)
{
    m_seed = m_shared.drawSeed();
    m_isReseedDue = false;
    ++work.nReseeds;
    work.nEvicted += Remove(Removal::Empty, m_cpu, work);
}

uint32_t
FlowTable::Empty(CpuId worker, CacheWork& work)
{
    const uint32_t nRemoved = Remove(Removal::Empty, worker, work);
    work.nEvicted += nRemoved;
    return nRemoved;
}

uint32_t
FlowTable::Flush(CacheWork& work)
{
    const uint32_t nRemoved = Remove(Removal::Flush, m_cpu, work);
    work.nFlushed += nRemoved;
    return nRemoved;
}

uint32_t
FlowTable::Remove(Removal removal, CpuId worker, CacheWork& work)
{
    const uint32_t before = m_store.GetSize();
    const uint32_t quota = removal == Removal::Shrink  ? m_quota
                           : removal == Removal::Empty ? 0
                                                       : UINT32_MAX;
    for (uint32_t bucket = 0; bucket < m_store.GetBuckets(); ++bucket)
    {
        uint32_t nKept = 0;
        const auto keep = [&](const FlowEntry& entry) {
            // Check() is asked last, and only where its answer decides.
            bool keeps = nKept < quota && entry.genid == m_shared.genid;
            if (keeps && entry.object)
            {
                ++work.nChecks;
                keeps = entry.object->Check();
            }
            if (keeps)
            {
                ++nKept;
            }
            else
            {
                m_shared.garbage.Append(entry.object);
                Forget(entry);
            }
            return keeps;
        };
        const auto renumber = [&](const FlowEntry& entry) {
            if (InternedFlows::Place* place = FindPlaceOf(entry))
            {
                place->serial = entry.serial;
            }
        };
        m_store.Retain(bucket, keep, renumber);
    }
    work.nWalkedBuckets += m_store.GetBuckets();
    const uint32_t nRemoved = before - m_store.GetSize();
    if (nRemoved > 0)
    {
        m_shared.garbage.Schedule(worker);
    }
    return nRemoved;
}

void
FlowTable::ForgetEpochs()
{
    m_store.ForEachEntry([](FlowEntry& entry) { entry.epoch = 0; });
}

void
FlowTable::DeleteAll()
{
    ForEach([](const FlowEntry& entry) {
        if (entry.object)
        {
            entry.object->Delete();
        }
    });
}

} // namespace ns3::xfrm
