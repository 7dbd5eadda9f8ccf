/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flow-cache.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// @throws std::invalid_argument unless lowest <= value <= highest
void
CheckRange(const std::string& name, uint32_t value, uint32_t lowest, uint32_t highest)
{
    if (value < lowest || value > highest)
    {
        throw std::invalid_argument(name + " = " + std::to_string(value) + ": must be " +
                                    std::to_string(lowest) + " to " + std::to_string(highest));
    }
}

} // namespace

FlowCache::FlowCache(const Config& config, std::function<uint32_t()> drawSeed, Time now)
    : m_seedPeriod(config.seedPeriod),
      m_nextReseed(now + config.seedPeriod)
{
    CheckRange("nCpus", config.nCpus, 1, MAX_CPUS);
    const uint32_t nOnline = config.nOnline.value_or(config.nCpus);
    CheckRange("nOnline", nOnline, 1, config.nCpus);
    if (!config.seedPeriod.IsStrictlyPositive())
    {
        throw std::invalid_argument("seedPeriod = " + std::to_string(m_seedPeriod.GetSeconds()) +
                                    " s: must be positive");
    }
    if (!drawSeed)
    {
        throw std::invalid_argument("drawSeed is empty: must be a callable");
    }
    m_shared.genid = config.genid;
    m_shared.refusal = config.refusal;
    m_shared.UpdateMayRefuse();
    m_shared.drawSeed = std::move(drawSeed);
    m_shared.forgetEpochs = [this] {
        m_shared.flows.ForgetEpochs();
        std::for_each(m_tables.begin(), m_tables.end(), [](FlowTable& table) {
            table.ForgetEpochs();
        });
    };
    m_isOnline.resize(config.nCpus);
    m_tables.reserve(config.nCpus);
    for (CpuId cpu = 0; cpu < config.nCpus; ++cpu)
    {
        m_tables.emplace_back(cpu, config.table, m_shared);
    }
    for (CpuId cpu = 0; cpu < nOnline; ++cpu)
    {
        BringUp(cpu);
    }
}

FlowCache::~FlowCache()
{
    DeleteAll();
}

void
FlowCache::DeleteAll()
{
    CacheWork unused;
    for (FlowTable& table : m_tables)
    {
        table.Empty(0, unused);
    }
    while (m_shared.garbage.GetLength() > 0)
    {
        m_shared.garbage.Run(unused);
    }
}

FlowId
FlowCache::Intern(FlowKeyView key)
{
    return m_shared.flows.Add(key);
}

void
FlowCache::BumpGenid(uint32_t n)
{
    m_shared.genid += n;
    m_shared.AdvanceEpoch();
}

void
FlowCache::NoteChange()
{
    m_shared.AdvanceEpoch();
}

void
FlowCache::RequestReseed()
{
    for (FlowTable& table : m_tables)
    {
        table.RequestReseed();
    }
    m_shared.AdvanceEpoch();
}

Time
FlowCache::GetNextDeadline() const
{
    return m_nextReseed;
}

void
FlowCache::RunDue(Time now)
{
    while (m_nextReseed <= now)
    {
        RequestReseed();
        m_nextReseed += m_seedPeriod;
    }
}

std::optional<CpuId>
FlowCache::GetGcCpu() const
{
    return m_shared.garbage.GetScheduled();
}

uint64_t
FlowCache::RunGc(CacheWork& work, uint64_t nMost)
{
    return m_shared.garbage.Run(work, nMost);
}

std::vector<CpuId>
FlowCache::GetFlushCpus() const
{
    std::vector<CpuId> cpus;
    for (CpuId cpu = 0; cpu < m_tables.size(); ++cpu)
    {
        if (m_isOnline[cpu] && m_tables[cpu].GetSize() > 0)
        {
            cpus.push_back(cpu);
        }
    }
    return cpus;
}

uint32_t
FlowCache::FlushCpu(CpuId cpu, CacheWork& work)
{
    return m_tables[cpu].Flush(work);
}

FlowCache::FlushReport
FlowCache::Flush(CpuId caller, std::span<CacheWork> work)
{
    CheckCpu(caller);
    FlushReport report;
    if (m_failsMask && m_failsMask())
    {
        return report;
    }
    std::vector<CpuId> cpus = GetFlushCpus();
    if (const auto own = std::find(cpus.begin(), cpus.end(), caller); own != cpus.end())
    {
        std::rotate(cpus.begin(), own, own + 1);
    }
    for (const CpuId cpu : cpus)
    {
        report.nTasklets += cpu == caller ? 0 : 1;
        report.nRemoved += FlushCpu(cpu, work[cpu]);
    }
    return report;
}

void
FlowCache::RequestFlush(CpuId cpu)
{
    CheckCpu(cpu);
    m_flushCpu = m_flushCpu.value_or(cpu);
}

std::optional<CpuId>
FlowCache::GetFlushCpu() const
{
    return m_flushCpu;
}

std::optional<FlowCache::FlushReport>
FlowCache::RunDeferredFlush(CpuId cpu, std::span<CacheWork> work)
{
    if (!m_flushCpu)
    {
        return std::nullopt;
    }
    m_flushCpu.reset();
    return Flush(cpu, work);
}

void
FlowCache::BringUp(CpuId cpu)
{
    CheckCpu(cpu);
    if (!m_isOnline[cpu])
    {
        m_isOnline[cpu] = true;
        ++m_shared.nOnline;
        m_tables[cpu].GiveTable();
    }
}

uint32_t
FlowCache::TakeDown(CpuId cpu, CacheWork& work)
{
    CheckCpu(cpu);
    if (!m_isOnline[cpu])
    {
        return 0;
    }
    if (m_shared.nOnline == 1)
    {
        throw std::invalid_argument("CPU " + std::to_string(cpu) +
                                    " is the last one on line: must stay");
    }
    m_isOnline[cpu] = false;
    --m_shared.nOnline;
    const auto worker = std::find(m_isOnline.begin(), m_isOnline.end(), true);
    return m_tables[cpu].Empty(static_cast<CpuId>(worker - m_isOnline.begin()), work);
}

void
FlowCache::SetEntryFault(std::function<bool()> failsEntry)
{
    m_shared.failsEntry = std::move(failsEntry);
    m_shared.UpdateMayRefuse();
}

void
FlowCache::SetMaskFault(std::function<bool()> failsMask)
{
    m_failsMask = std::move(failsMask);
}

void
FlowCache::CheckCpu(CpuId cpu) const
{
    CheckRange("CPU", cpu, 0, static_cast<uint32_t>(m_tables.size()) - 1);
}

} // namespace ns3::xfrm
