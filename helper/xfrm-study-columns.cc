/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-study-columns.h"

#include <array>

namespace ns3::xfrm
{

namespace
{

/// @return a count as a number of tables
double
AsCount(uint64_t count)
{
    return static_cast<double>(count);
}

/// @return a time as a number of tables [ns]
double
Nanos(Time time)
{
    return static_cast<double>(time.GetNanoSeconds());
}

constexpr std::array STUDY_CORE_COLUMNS{
    StudyCoreColumn{"offered", [](const StudyCore& c) { return AsCount(c.nOffered); }},
    StudyCoreColumn{"carried", [](const StudyCore& c) { return AsCount(c.verdicts.GetCarried()); }},
    StudyCoreColumn{"transformed",
                    [](const StudyCore& c) { return AsCount(c.verdicts.nTransformed); }},
    StudyCoreColumn{"ring_drops", [](const StudyCore& c) { return AsCount(c.nRingDropped); }},
    StudyCoreColumn{"backlog_drops",
                    [](const StudyCore& c) { return AsCount(c.core.nBacklogDropped); }},
    StudyCoreColumn{"refused", [](const StudyCore& c) { return AsCount(c.verdicts.GetRefused()); }},
    StudyCoreColumn{"steered", [](const StudyCore& c) { return AsCount(c.core.nSteered); }},
    StudyCoreColumn{"waiting", [](const StudyCore& c) { return AsCount(c.nWaiting); }},
    StudyCoreColumn{"queue_max", [](const StudyCore& c) { return AsCount(c.core.maxQueue); }},
    StudyCoreColumn{"interrupts", [](const StudyCore& c) { return AsCount(c.nInterrupts); }},
    StudyCoreColumn{"busy_ns", [](const StudyCore& c) { return AsCount(c.core.busyNs); }},
    StudyCoreColumn{"lock_wait_ns", [](const StudyCore& c) { return AsCount(c.core.lockWaitNs); }},
    StudyCoreColumn{"softirq_jobs",
                    [](const StudyCore& c) { return AsCount(c.core.nSoftirqJobs); }},
    StudyCoreColumn{"process_jobs",
                    [](const StudyCore& c) { return AsCount(c.core.nProcessJobs); }},
    StudyCoreColumn{"lookups",
                    [](const StudyCore& c) { return AsCount(c.work.cache.GetLookups()); }},
    StudyCoreColumn{"hits", [](const StudyCore& c) { return AsCount(c.work.cache.nHits); }},
    StudyCoreColumn{"hit_ratio", [](const StudyCore& c) { return GetHitRatio(c.work.cache); }},
    StudyCoreColumn{"negative", [](const StudyCore& c) { return AsCount(c.work.cache.nNegative); }},
    StudyCoreColumn{"refused_entries",
                    [](const StudyCore& c) { return AsCount(c.work.cache.nRefused); }},
    StudyCoreColumn{"stale", [](const StudyCore& c) { return AsCount(c.work.cache.nStale); }},
    StudyCoreColumn{"misses", [](const StudyCore& c) { return AsCount(c.work.cache.nMisses); }},
    StudyCoreColumn{"no_buffers",
                    [](const StudyCore& c) { return AsCount(c.work.cache.nNoBuffers); }},
    StudyCoreColumn{"shrinks", [](const StudyCore& c) { return AsCount(c.work.cache.nShrinks); }},
    StudyCoreColumn{"reseeds", [](const StudyCore& c) { return AsCount(c.work.cache.nReseeds); }},
    StudyCoreColumn{"evicted", [](const StudyCore& c) { return AsCount(c.work.cache.nEvicted); }},
    StudyCoreColumn{"flushed", [](const StudyCore& c) { return AsCount(c.work.cache.nFlushed); }},
    StudyCoreColumn{"entries", [](const StudyCore& c) { return AsCount(c.cacheSize); }},
    StudyCoreColumn{"policy_searches",
                    [](const StudyCore& c) { return AsCount(c.work.policy.nLookups); }},
    StudyCoreColumn{"chains_built",
                    [](const StudyCore& c) { return AsCount(c.work.bundle.nBundles); }},
    StudyCoreColumn{"latency_mean_ns", [](const StudyCore& c) { return c.core.latency.GetMean(); }},
    StudyCoreColumn{"latency_p50_ns",
                    [](const StudyCore& c) { return Nanos(c.core.latency.GetPercentile(0.5)); }},
    StudyCoreColumn{"latency_p90_ns",
                    [](const StudyCore& c) { return Nanos(c.core.latency.GetPercentile(0.9)); }},
    StudyCoreColumn{"latency_p99_ns",
                    [](const StudyCore& c) { return Nanos(c.core.latency.GetPercentile(0.99)); }},
    StudyCoreColumn{"latency_p99.9_ns",
                    [](const StudyCore& c) { return Nanos(c.core.latency.GetPercentile(0.999)); }},
    StudyCoreColumn{"latency_p99.99_ns",
                    [](const StudyCore& c) { return Nanos(c.core.latency.GetPercentile(0.9999)); }},
    StudyCoreColumn{
        "latency_p99.999_ns",
        [](const StudyCore& c) { return Nanos(c.core.latency.GetPercentile(0.99999)); }},
    StudyCoreColumn{"latency_max_ns",
                    [](const StudyCore& c) { return Nanos(c.core.latency.GetMax()); }},
};

constexpr std::array STUDY_ROW_COLUMNS{
    StudyRowColumn{"time_s", [](const StudyRow& r) { return Nanos(r.end) / 1e9; }},
    StudyRowColumn{"offered", [](const StudyRow& r) { return AsCount(r.nOffered); }},
    StudyRowColumn{"carried", [](const StudyRow& r) { return AsCount(r.nCarried); }},
    StudyRowColumn{"ring_drops", [](const StudyRow& r) { return AsCount(r.nRingDropped); }},
    StudyRowColumn{"hit_ratio", [](const StudyRow& r) { return GetHitRatio(r.cache); }},
    StudyRowColumn{"misses", [](const StudyRow& r) { return AsCount(r.cache.nMisses); }},
    StudyRowColumn{"stale", [](const StudyRow& r) { return AsCount(r.cache.nStale); }},
    StudyRowColumn{"no_buffers", [](const StudyRow& r) { return AsCount(r.cache.nNoBuffers); }},
    StudyRowColumn{"shrinks", [](const StudyRow& r) { return AsCount(r.cache.nShrinks); }},
    StudyRowColumn{"reseeds", [](const StudyRow& r) { return AsCount(r.cache.nReseeds); }},
    StudyRowColumn{"shrink_longest_ns", [](const StudyRow& r) { return Nanos(r.shrinkTime); }},
    StudyRowColumn{"entries", [](const StudyRow& r) { return AsCount(r.nEntries); }},
    StudyRowColumn{"garbage", [](const StudyRow& r) { return AsCount(r.nGarbage); }},
    StudyRowColumn{"waiting", [](const StudyRow& r) { return AsCount(r.nWaiting); }},
    StudyRowColumn{"busy_ns", [](const StudyRow& r) { return Nanos(r.busyTime); }},
    StudyRowColumn{"lock_wait_ns", [](const StudyRow& r) { return Nanos(r.lockWait); }},
    StudyRowColumn{"latency_p50_ns", [](const StudyRow& r) { return Nanos(r.latencyP50); }},
    StudyRowColumn{"latency_p99_ns", [](const StudyRow& r) { return Nanos(r.latencyP99); }},
    StudyRowColumn{"latency_max_ns", [](const StudyRow& r) { return Nanos(r.latencyMax); }},
};

constexpr std::array STUDY_CORE_ROW_COLUMNS{
    StudyCoreRowColumn{"time_s", [](const StudyCoreRow& r) { return Nanos(r.end) / 1e9; }},
    StudyCoreRowColumn{"core", [](const StudyCoreRow& r) { return AsCount(r.cpu); }},
    StudyCoreRowColumn{"offered", [](const StudyCoreRow& r) { return AsCount(r.nOffered); }},
    StudyCoreRowColumn{"carried", [](const StudyCoreRow& r) { return AsCount(r.nCarried); }},
    StudyCoreRowColumn{"ring_drops", [](const StudyCoreRow& r) { return AsCount(r.nRingDropped); }},
    StudyCoreRowColumn{"hit_ratio", [](const StudyCoreRow& r) { return GetHitRatio(r.cache); }},
    StudyCoreRowColumn{"misses", [](const StudyCoreRow& r) { return AsCount(r.cache.nMisses); }},
    StudyCoreRowColumn{"stale", [](const StudyCoreRow& r) { return AsCount(r.cache.nStale); }},
    StudyCoreRowColumn{"no_buffers",
                       [](const StudyCoreRow& r) { return AsCount(r.cache.nNoBuffers); }},
    StudyCoreRowColumn{"shrinks", [](const StudyCoreRow& r) { return AsCount(r.cache.nShrinks); }},
    StudyCoreRowColumn{"reseeds", [](const StudyCoreRow& r) { return AsCount(r.cache.nReseeds); }},
    StudyCoreRowColumn{"entries", [](const StudyCoreRow& r) { return AsCount(r.nEntries); }},
    StudyCoreRowColumn{"waiting", [](const StudyCoreRow& r) { return AsCount(r.nWaiting); }},
    StudyCoreRowColumn{"busy_ns", [](const StudyCoreRow& r) { return Nanos(r.busyTime); }},
    StudyCoreRowColumn{"lock_wait_ns", [](const StudyCoreRow& r) { return Nanos(r.lockWait); }},
};

} // namespace

double
GetHitRatio(const CacheWork& cache)
{
    const uint64_t nLookups = cache.GetLookups();
    return nLookups == 0 ? 0 : AsCount(cache.nHits) / AsCount(nLookups);
}

std::span<const StudyCoreColumn>
GetStudyCoreColumns()
{
    return STUDY_CORE_COLUMNS;
}

std::span<const StudyRowColumn>
GetStudyRowColumns()
{
    return STUDY_ROW_COLUMNS;
}

std::span<const StudyCoreRowColumn>
GetStudyCoreRowColumns()
{
    return STUDY_CORE_ROW_COLUMNS;
}

} // namespace ns3::xfrm
