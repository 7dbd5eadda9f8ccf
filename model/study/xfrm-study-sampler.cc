/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-study-sampler.h"

#include <utility>

namespace ns3::xfrm
{

StudySampler::StudySampler(StudyHost& host,
                           const Engine& engine,
                           const std::vector<StudyQueue>& queues)
    : m_host(host),
      m_engine(engine),
      m_queues(queues),
      m_last(engine.GetCores())
{
}

std::vector<StudySampler::Sum>
StudySampler::SumUp() const
{
    std::vector<Sum> sums(m_engine.GetCores());
    for (CpuId cpu = 0; cpu < sums.size(); ++cpu)
    {
        const CoreCounts& counts = m_engine.GetCounts(cpu);
        sums[cpu].nCarried = m_host.GetVerdicts(cpu).GetCarried();
        sums[cpu].cache = m_host.GetWork(cpu).cache;
        sums[cpu].busyNs = counts.busyNs;
        sums[cpu].lockWaitNs = counts.lockWaitNs;
    }
    for (const StudyQueue& queue : m_queues)
    {
        const ReceiveQueueFigures& figures = m_engine.GetQueueFigures(queue.number);
        sums[queue.cpu].nOffered += figures.nAccepted + figures.nDropped;
        sums[queue.cpu].nRingDropped += figures.nDropped;
    }
    return sums;
}

/// What a core did between two sums.
StudyCoreRow
StudySampler::MakeRow(CpuId cpu, const Sum& now, const Sum& before) const
{
    StudyCoreRow row;
    row.cpu = cpu;
    row.nOffered = now.nOffered - before.nOffered;
    row.nRingDropped = now.nRingDropped - before.nRingDropped;
    row.nCarried = now.nCarried - before.nCarried;
    row.cache = now.cache;
    row.cache -= before.cache;
    row.busyTime = NanoSeconds(now.busyNs - before.busyNs);
    row.lockWait = NanoSeconds(now.lockWaitNs - before.lockWaitNs);
    row.nWaiting = m_engine.GetWaiting(cpu);
    row.nEntries = m_host.GetNamespace().GetCache().GetTable(cpu).GetSize();
    return row;
}

void
StudySampler::Sample(int64_t now)
{
    StudyRow row;
    row.end = NanoSeconds(now);
    const std::vector<Sum> sums = SumUp();
    for (CpuId cpu = 0; cpu < sums.size(); ++cpu)
    {
        StudyCoreRow& part = m_coreRows.emplace_back(MakeRow(cpu, sums[cpu], m_last[cpu]));
        part.end = row.end;
        row += part;
    }
    m_last = sums;
    row.nGarbage = m_host.GetNamespace().GetCache().GetGarbageLength();
    row.shrinkTime = NanoSeconds(m_host.TakeLongestShrink());
    AddLatencies(row);
    m_rows.push_back(row);
}

/// Latencies of jobs that ended since the last row.
void
StudySampler::AddLatencies(StudyRow& row)
{
    TimeHistogram latency;
    for (CpuId cpu = 0; cpu < m_engine.GetCores(); ++cpu)
    {
        m_engine.AddLatency(cpu, latency);
    }
    TimeHistogram recent = latency;
    recent -= m_lastLatency;
    m_lastLatency = std::move(latency);
    row.latencyP50 = recent.GetPercentile(0.5);
    row.latencyP99 = recent.GetPercentile(0.99);
    row.latencyMax = recent.GetMax();
}

void
StudySampler::Report(StudyResult& result) const
{
    Namespace& net = m_host.GetNamespace();
    result.rows = m_rows;
    result.coreRows = m_coreRows;
    result.statistics = net.GetStatistics();
    for (size_t i = 0; i < N_STAGES; ++i)
    {
        result.locks[i] = m_host.GetLocks().GetFigures(static_cast<Stage>(i));
    }
    const std::vector<Sum> sums = SumUp();
    for (CpuId cpu = 0; cpu < m_engine.GetCores(); ++cpu)
    {
        StudyCore core;
        core.core = m_engine.GetFigures(cpu);
        core.verdicts = m_host.GetVerdicts(cpu);
        core.work = m_host.GetWork(cpu);
        core.nOffered = sums[cpu].nOffered;
        core.nRingDropped = sums[cpu].nRingDropped;
        core.nWaiting = m_engine.GetWaiting(cpu);
        core.cacheSize = net.GetCache().GetTable(cpu).GetSize();
        result.cores.push_back(std::move(core));
    }
    for (const StudyQueue& queue : m_queues)
    {
        result.cores[queue.cpu].nInterrupts += m_engine.GetQueueFigures(queue.number).nInterrupts;
    }
}

} // namespace ns3::xfrm
