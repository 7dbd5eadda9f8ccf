/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flow-table.h"

#include <algorithm>
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
FlowTable::GiveTable()
{
    m_hasTable = true;
}

FlowTable::Found
FlowTable::Find(FlowKeyView key, FlowId flow, CacheWork& work)
{
    if (!key.IsCached() || !m_hasTable)
    {
        ++work.nUncached;
        return {nullptr, CacheOutcome::Uncached};
    }
    if (m_isReseedDue)
    {
        Reseed(work);
    }
    const uint32_t hash = key.Hash(m_seed);
    work.nHashedWords += key.identity.GetWords();
    return FindHashed(key, hash, flow, work);
}

FlowTable::Found
FlowTable::FindHashed(FlowKeyView key, uint32_t hash, FlowId flow, CacheWork& work)
{
    const BucketStore::Located place = m_store.Find(key, hash);
    if (place.entry)
    {
        return Judge(place, flow, work);
    }
    work.nCompared += m_store.GetChainLength(m_store.GetBucket(hash));
    return Admit(key, hash, flow, work);
}

FlowTable::Found
FlowTable::Admit(FlowKeyView key, uint32_t hash, FlowId flow, CacheWork& work)
{
    if (m_store.GetSize() > m_highWatermark || m_shared.mayRefuse)
    {
        if (const std::optional<CacheOutcome> obstacle = FindObstacle(work))
        {
            return {nullptr, *obstacle};
        }
    }
    ++work.nMisses;
    const BucketStore::Located place = m_store.Insert(key, hash);
    if (flow != FlowId::None)
    {
        Remember(place, flow);
    }
    return {place.entry, CacheOutcome::Miss};
}

size_t
FlowTable::HashAhead(std::span<const FlowKeyView> keys,
                     std::array<uint32_t, HASHED_AHEAD>& hashes) const
{
    constexpr uint32_t nWords = FlowKey::MIN_WORDS;
    const auto isShortest = [](FlowKeyView key) { return key.identity.GetWords() == nWords; };
    size_t n = 0;
    if (m_isReseedDue)
    {
        return 0;
    }
    for (; n + 4 <= std::min(keys.size(), HASHED_AHEAD); n += 4)
    {
        const auto four = keys.subspan(n, 4);
        if (!std::all_of(four.begin(), four.end(), isShortest))
        {
            break;
        }
        const FourWords hash =
            Jhash2Four<nWords>({four[0].words, four[1].words, four[2].words, four[3].words},
                               m_seed);
        for (size_t i = 0; i < 4; ++i)
        {
            hashes[n + i] = hash[i];
            m_store.PrefetchBucket(hash[i]);
        }
    }
    return n;
}

size_t
FlowTable::TakeHits(std::span<const FlowId> flows,
                    std::span<CacheAnswer> answers,
                    CacheWork& work) const
{
    constexpr size_t distance = 8; // places fetched ahead, enough to hide the second-level cache
    const InternedFlows::Place* places = m_shared.flows.GetPlaces();
    const uint32_t* nextSerials = m_store.GetNextSerials();
    const uint32_t epoch = m_shared.epoch;
    const CpuId cpu = m_cpu;
    const size_t nFlows = flows.size();
    uint64_t nCompared = 0;
    uint64_t nHashedWords = 0;
    size_t i = 0;
    for (; i < nFlows; ++i)
    {
        __builtin_prefetch(
            &places[static_cast<uint32_t>(flows[std::min(i + distance, nFlows - 1)])]);
        const InternedFlows::Place& place = places[static_cast<uint32_t>(flows[i])];
        if (place.epoch != epoch || place.cpu != cpu)
        {
            break;
        }
        nCompared += nextSerials[place.bucket] - place.serial;
        nHashedWords += place.nWords;
        answers[i] = {place.object, 0, CacheOutcome::Hit};
    }
    work.nHits += i;
    work.nCompared += nCompared;
    work.nHashedWords += nHashedWords;
    return i;
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
            return Judge({&entry, place.serial}, flow, work);
        }
    }
    return Find(m_shared.flows.GetKey(flow), flow, work);
}

FlowTable::Found
FlowTable::Judge(BucketStore::Located place, FlowId flow, CacheWork& work)
{
    const Found found = Judge(place, work);
    if (flow != FlowId::None)
    {
        Remember(place, flow);
    }
    return found;
}

FlowTable::Found
FlowTable::Judge(BucketStore::Located place, CacheWork& work)
{
    FlowEntry& entry = *place.entry;
    work.nCompared += m_store.GetPosition(entry.bucket, place.serial);
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
        return {&entry, CacheOutcome::Stale};
    }
    if (!object)
    {
        ++work.nNegative;
        return {&entry, CacheOutcome::Negative};
    }
    const Consent consent = object->Get();
    if (consent == Consent::Refused)
    {
        ++work.nRefused;
        return {&entry, CacheOutcome::Refused};
    }
    ++work.nHits;
    entry.epoch = consent == Consent::UntilChange ? m_shared.epoch : 0;
    return {&entry, CacheOutcome::Hit};
}

std::optional<CacheOutcome>
FlowTable::FindObstacle(CacheWork& work)
{
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
        return CacheOutcome::NoBuffers;
    }
    if (m_shared.failsEntry && m_shared.failsEntry())
    {
        ++work.nUnstored;
        return CacheOutcome::Unstored;
    }
    return std::nullopt;
}

void
FlowTable::Remember(BucketStore::Located place, FlowId flow)
{
    FlowEntry& entry = *place.entry;
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
                                     .serial = place.serial,
                                     .nWords = entry.identity.GetWords()};
}

void
FlowTable::Reseed(CacheWork& work)
{
    m_seed = m_shared.drawSeed();
    m_isReseedDue = false;
    ++work.nReseeds;
    m_store.Prepare();
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
    const uint32_t nRemoved =
        IsUnsureListed() ? RemoveUnsure(work) : Remove(Removal::Flush, m_cpu, work);
    work.nFlushed += nRemoved;
    return nRemoved;
}

/// Whether an entry that is not known to be valid stays, which asks its object if that decides.
inline bool
FlowTable::Stays(FlowEntry& entry, uint64_t& nChecks)
{
    nChecks += entry.object && entry.genid == m_shared.genid ? 1 : 0;
    if (entry.genid != m_shared.genid || (entry.object && !entry.object->Check()))
    {
        return false;
    }
    if (!entry.object || entry.object->IsValidUntilChange())
    {
        NoteSure(entry);
    }
    return true;
}

/// Remove from a bucket what does not stay.
template <typename Keep>
inline uint32_t
FlowTable::Retain(uint32_t bucket, uint32_t quota, CacheObject** dropped, Keep&& keep)
{
    const auto forget = [&](const FlowEntry& entry) { Forget(entry); };
    const auto renumber = [&](const FlowEntry& entry, uint32_t serial) {
        if (InternedFlows::Place* place = FindPlaceOf(entry))
        {
            place->serial = serial;
        }
    };
    return m_store.Retain(bucket, quota, dropped, keep, forget, renumber);
}

uint32_t
FlowTable::Remove(Removal removal, CpuId worker, CacheWork& work)
{
    const uint32_t quota = removal == Removal::Shrink  ? m_quota
                           : removal == Removal::Empty ? 0
                                                       : UINT32_MAX;
    work.nWalkedBuckets += m_store.GetBuckets();
    if (m_store.GetSize() == 0)
    {
        return 0;
    }
    CacheObject** const dropped =
        m_shared.garbage.MakeRoom(m_store.GetSize() + BucketStore::OVERRUN);
    uint32_t nDropped = 0;
    uint64_t nChecks = 0;
    m_nSure = 0;
    m_nSureObjects = 0;
    m_sureEpoch = m_shared.epoch;
    const auto keep = [&](FlowEntry& entry) {
        if (entry.validEpoch == m_shared.epoch)
        {
            nChecks += entry.object ? 1 : 0;
            NoteSure(entry);
            return true;
        }
        return Stays(entry, nChecks);
    };
    for (uint32_t bucket = 0; bucket < m_store.GetBuckets(); ++bucket)
    {
        nDropped += Retain(bucket, quota, dropped + nDropped, keep);
    }
    work.nChecks += nChecks;
    m_unsure.clear();
    return HandOver(nDropped, worker, work);
}

/// Have the next flush look at an entry's bucket, if it looks at some only.
void
FlowTable::ListUnsure(const FlowEntry& entry)
{
    if (m_unsure.size() < MOST_UNSURE)
    {
        m_unsure.push_back(entry.bucket);
    }
}

/// Whether all entries that are not known to be valid lie in listed buckets, which are sorted then.
bool
FlowTable::IsUnsureListed()
{
    if (m_sureEpoch != m_shared.epoch)
    {
        return false;
    }
    std::ranges::sort(m_unsure);
    m_unsure.erase(std::unique(m_unsure.begin(), m_unsure.end()), m_unsure.end());
    uint32_t nUnsure = 0;
    const auto count = [&](const FlowEntry& entry) {
        nUnsure += entry.validEpoch != m_shared.epoch ? 1 : 0;
    };
    for (const uint32_t bucket : m_unsure)
    {
        m_store.ForEach(bucket, count);
    }
    return m_nSure + nUnsure == m_store.GetSize();
}

/// Remove for a flush where IsUnsureListed().
uint32_t
FlowTable::RemoveUnsure(CacheWork& work)
{
    work.nWalkedBuckets += m_store.GetBuckets();
    work.nChecks += m_nSureObjects;
    if (m_unsure.empty())
    {
        return 0;
    }
    CacheObject** const dropped =
        m_shared.garbage.MakeRoom(m_store.GetSize() + BucketStore::OVERRUN);
    uint32_t nDropped = 0;
    const auto keep = [&](FlowEntry& entry) {
        return entry.validEpoch == m_shared.epoch || Stays(entry, work.nChecks);
    };
    for (const uint32_t bucket : m_unsure)
    {
        nDropped += Retain(bucket, UINT32_MAX, dropped + nDropped, keep);
    }
    m_unsure.clear();
    return HandOver(nDropped, m_cpu, work);
}

/// Leave to the gc work what was dropped.
uint32_t
FlowTable::HandOver(uint32_t nDropped, CpuId worker, CacheWork& work)
{
    if (nDropped > 0)
    {
        m_shared.garbage.Append(nDropped);
        m_shared.garbage.Schedule(worker);
        ++work.nCollects;
    }
    return nDropped;
}

void
FlowTable::ForgetEpochs()
{
    m_sureEpoch = 0;
    m_store.ForEachEntry([](FlowEntry& entry) {
        entry.epoch = 0;
        entry.validEpoch = 0;
    });
}

} // namespace ns3::xfrm
