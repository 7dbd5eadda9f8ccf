/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flow-cache-model.h"

#include <algorithm>
#include <utility>

namespace ns3::xfrm::tests
{

FlowCacheModel::FlowCacheModel(const FlowCache::Config& config, World world)
    : m_config(config),
      m_world(std::move(world)),
      m_genid(config.genid),
      m_nextReseed(config.seedPeriod),
      m_cpus(config.nCpus)
{
    for (CpuId cpu = 0; cpu < config.nOnline.value_or(config.nCpus); ++cpu)
    {
        BringUp(cpu);
    }
}

// Section 4.
FlowCacheModel::Answer
FlowCacheModel::Lookup(CpuId cpu, const FlowKey& key, const Resolver& resolve, CacheWork& work)
{
    Cpu& self = m_cpus[cpu];
    const FlowKeyView view = key;
    const uint32_t nWords = view.identity.GetWords();
    if (nWords == 0 || !self.hasTable)
    {
        ++work.nUncached;
        return ResolveUnstored(CacheOutcome::Uncached, resolve, work);
    }
    if (self.isReseedDue)
    {
        self.seed = m_world.drawSeed();
        self.isReseedDue = false;
        ++work.nReseeds;
        work.nEvicted += Drop(cpu, 0, cpu, work);
    }
    const size_t bucket = Jhash2(view.words, nWords, self.seed) % self.chains.size();
    work.nHashedWords += nWords;
    for (Entry& entry : self.chains[bucket])
    {
        ++work.nCompared;
        if (entry.key == key)
        {
            return Judge(entry, resolve, work);
        }
    }
    return Admit(cpu, bucket, key, resolve, work);
}

// Step 5, and the refusal of section 12 between a and b.
FlowCacheModel::Answer
FlowCacheModel::Admit(CpuId cpu,
                      size_t bucket,
                      const FlowKey& key,
                      const Resolver& resolve,
                      CacheWork& work)
{
    Cpu& self = m_cpus[cpu];
    if (self.count > m_config.table.highWatermark)
    {
        ++work.nShrinks;
        work.nEvicted += Drop(cpu, m_config.table.lowWatermark / self.chains.size(), cpu, work);
    }
    if (IsRefused(self))
    {
        ++work.nNoBuffers;
        m_genid += m_config.refusal.bumpsGenid ? 1 : 0;
        return {0, -105, CacheOutcome::NoBuffers};
    }
    if (m_world.failsEntry())
    {
        ++work.nUnstored;
        return ResolveUnstored(CacheOutcome::Unstored, resolve, work);
    }
    ++work.nMisses;
    ++self.count;
    self.chains[bucket].push_front({key});
    return ResolveInto(self.chains[bucket].front(), 0, CacheOutcome::Miss, resolve, work);
}

// Step 6.
FlowCacheModel::Answer
FlowCacheModel::Judge(Entry& entry, const Resolver& resolve, CacheWork& work)
{
    const ObjectId old = entry.object;
    if (entry.genid != m_genid)
    {
        ++work.nStale;
        if (old != 0)
        {
            ++work.nDeletes;
            m_world.deleteObject(old);
        }
        return ResolveInto(entry, 0, CacheOutcome::Stale, resolve, work);
    }
    if (old == 0)
    {
        ++work.nNegative;
        return {0, 0, CacheOutcome::Negative};
    }
    if (m_world.get(old))
    {
        ++work.nHits;
        return {old, 0, CacheOutcome::Hit};
    }
    ++work.nRefused;
    return ResolveInto(entry, old, CacheOutcome::Refused, resolve, work);
}

// Steps 7 and 8 with an entry.
FlowCacheModel::Answer
FlowCacheModel::ResolveInto(Entry& entry,
                            ObjectId old,
                            CacheOutcome outcome,
                            const Resolver& resolve,
                            CacheWork& work)
{
    entry.object = 0;
    const Answer resolved = resolve(old);
    entry.genid = m_genid;
    if (resolved.error != 0)
    {
        ++work.nErrors;
        --entry.genid;
        return {0, resolved.error, outcome};
    }
    entry.object = resolved.object;
    return {resolved.object, 0, outcome};
}

// Steps 7 and 8 without an entry.
FlowCacheModel::Answer
FlowCacheModel::ResolveUnstored(CacheOutcome outcome, const Resolver& resolve, CacheWork& work)
{
    const Answer resolved = resolve(0);
    if (resolved.error != 0)
    {
        ++work.nErrors;
        return {0, resolved.error, outcome};
    }
    if (resolved.object != 0)
    {
        ++work.nDeletes;
        m_world.deleteObject(resolved.object);
    }
    return {resolved.object, 0, outcome};
}

// Section 12.
bool
FlowCacheModel::IsRefused(const Cpu& cpu) const
{
    const uint64_t high = m_config.table.highWatermark;
    if (m_config.refusal.bumpsGenid) // 4.6
    {
        return cpu.count > 2 * high || GetGarbageLength() > high;
    }
    if (m_config.refusal.isPendingPerCpu) // 4.8
    {
        return GetGarbageLength() > 2 * GetOnline() * high;
    }
    return false;
}

bool
FlowCacheModel::IsValid(const Entry& entry, CacheWork& work)
{
    if (entry.genid != m_genid)
    {
        return false;
    }
    if (entry.object == 0)
    {
        return true;
    }
    ++work.nChecks;
    return m_world.check(entry.object);
}

// Section 5.
uint32_t
FlowCacheModel::Drop(CpuId cpu, uint64_t quota, CpuId worker, CacheWork& work)
{
    Cpu& self = m_cpus[cpu];
    uint32_t nDropped = 0;
    for (std::list<Entry>& chain : self.chains)
    {
        uint64_t nKept = 0;
        for (auto entry = chain.begin(); entry != chain.end();)
        {
            if (nKept < quota && IsValid(*entry, work))
            {
                ++nKept;
                ++entry;
                continue;
            }
            m_waiting.push_back(entry->object);
            entry = chain.erase(entry);
            ++nDropped;
        }
    }
    work.nWalkedBuckets += self.chains.size();
    self.count -= nDropped;
    if (nDropped > 0)
    {
        ++work.nCollects;
        m_gcCpu = m_gcCpu.value_or(worker);
    }
    return nDropped;
}

void
FlowCacheModel::BumpGenid(uint32_t n)
{
    m_genid += n;
}

// Section 6.
void
FlowCacheModel::RequestReseed()
{
    for (Cpu& cpu : m_cpus)
    {
        cpu.isReseedDue = true;
    }
}

void
FlowCacheModel::RunDue(Time now)
{
    for (; m_nextReseed <= now; m_nextReseed += m_config.seedPeriod)
    {
        RequestReseed();
    }
}

// Section 7.
void
FlowCacheModel::RunGc(CacheWork& work, uint64_t nMost)
{
    if (m_running.empty() && nMost > 0)
    {
        ++work.nCollects;
        m_gcCpu.reset();
        m_running.swap(m_waiting);
    }
    for (uint64_t i = 0; i < nMost && !m_running.empty(); ++i)
    {
        const ObjectId object = m_running.front();
        m_running.pop_front();
        ++work.nDestroyed;
        if (object != 0)
        {
            ++work.nDeletes;
            m_world.deleteObject(object);
        }
    }
}

// Section 8.
uint32_t
FlowCacheModel::FlushCpu(CpuId cpu, CacheWork& work)
{
    const uint32_t nDropped = Drop(cpu, UINT64_MAX, cpu, work);
    work.nFlushed += nDropped;
    return nDropped;
}

FlowCache::FlushReport
FlowCacheModel::Flush(CpuId caller, std::span<CacheWork> work)
{
    FlowCache::FlushReport report;
    if (m_world.failsMask())
    {
        return report;
    }
    const auto takesPart = [this](CpuId cpu) { return IsOnline(cpu) && GetSize(cpu) > 0; };
    if (takesPart(caller))
    {
        report.nRemoved += FlushCpu(caller, work[caller]);
    }
    for (CpuId cpu = 0; cpu < m_cpus.size(); ++cpu)
    {
        if (cpu != caller && takesPart(cpu))
        {
            ++report.nTasklets;
            report.nRemoved += FlushCpu(cpu, work[cpu]);
        }
    }
    return report;
}

void
FlowCacheModel::RequestFlush(CpuId cpu)
{
    if (!m_flushCpu)
    {
        m_flushCpu = cpu;
    }
}

std::optional<FlowCache::FlushReport>
FlowCacheModel::RunDeferredFlush(CpuId cpu, std::span<CacheWork> work)
{
    if (!m_flushCpu)
    {
        return std::nullopt;
    }
    m_flushCpu.reset();
    return Flush(cpu, work);
}

// Section 9.
void
FlowCacheModel::BringUp(CpuId cpu)
{
    Cpu& self = m_cpus[cpu];
    self.isOnline = true;
    if (!self.hasTable)
    {
        self.hasTable = true;
        self.isReseedDue = true;
        self.chains.resize(size_t{1} << m_config.table.hashShift);
    }
}

void
FlowCacheModel::TakeDown(CpuId cpu, CacheWork& work)
{
    if (!m_cpus[cpu].isOnline)
    {
        return;
    }
    m_cpus[cpu].isOnline = false;
    CpuId worker = 0;
    while (!m_cpus[worker].isOnline)
    {
        ++worker;
    }
    work.nEvicted += Drop(cpu, 0, worker, work);
}

uint32_t
FlowCacheModel::GetGenid() const
{
    return m_genid;
}

uint64_t
FlowCacheModel::GetGarbageLength() const
{
    return m_waiting.size() + m_running.size();
}

std::optional<CpuId>
FlowCacheModel::GetGcCpu() const
{
    return m_gcCpu;
}

std::optional<CpuId>
FlowCacheModel::GetFlushCpu() const
{
    return m_flushCpu;
}

uint32_t
FlowCacheModel::GetOnline() const
{
    const auto isOnline = [](const Cpu& cpu) { return cpu.isOnline; };
    return static_cast<uint32_t>(std::count_if(m_cpus.begin(), m_cpus.end(), isOnline));
}

bool
FlowCacheModel::IsOnline(CpuId cpu) const
{
    return m_cpus[cpu].isOnline;
}

bool
FlowCacheModel::HasTable(CpuId cpu) const
{
    return m_cpus[cpu].hasTable;
}

uint32_t
FlowCacheModel::GetSize(CpuId cpu) const
{
    return m_cpus[cpu].count;
}

const std::vector<std::list<FlowCacheModel::Entry>>&
FlowCacheModel::GetChains(CpuId cpu) const
{
    return m_cpus[cpu].chains;
}

} // namespace ns3::xfrm::tests
