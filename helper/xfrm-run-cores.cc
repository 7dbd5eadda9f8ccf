/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-cores.h"

#include "xfrm-run-options.h"

#include "ns3/boolean.h"
#include "ns3/nstime.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <array>
#include <cmath>
#include <stdexcept>
#include <string>

namespace ns3::xfrm
{

namespace
{

/// @return a summary of durations
TimeSummary
Summarize(const TimeHistogram& times)
{
    return {.mean = NanoSeconds(std::llround(times.GetMean())),
            .p50 = times.GetPercentile(0.5),
            .p99 = times.GetPercentile(0.99),
            .max = times.GetMax()};
}

/// @return a duration as a number [ns]
uint64_t
ToNs(Time time)
{
    return static_cast<uint64_t>(time.GetNanoSeconds());
}

constexpr std::array<CoreColumn, 28> CORE_COLUMNS{{
    {"busy_ns", [](const CoreSample& c) { return ToNs(c.busyTime); }},
    {"lock_wait_ns", [](const CoreSample& c) { return ToNs(c.lockWait); }},
    {"softirq_jobs", [](const CoreSample& c) { return c.nSoftirqJobs; }},
    {"process_jobs", [](const CoreSample& c) { return c.nProcessJobs; }},
    {"ring_drops", [](const CoreSample& c) { return c.nRingDropped; }},
    {"steered", [](const CoreSample& c) { return c.nSteered; }},
    {"backlog_drops", [](const CoreSample& c) { return c.nBacklogDropped; }},
    {"queue", [](const CoreSample& c) { return uint64_t{c.queueLength}; }},
    {"queue_max", [](const CoreSample& c) { return uint64_t{c.maxQueueLength}; }},
    {"wait_mean_ns", [](const CoreSample& c) { return ToNs(c.waiting.mean); }},
    {"wait_p50_ns", [](const CoreSample& c) { return ToNs(c.waiting.p50); }},
    {"wait_p99_ns", [](const CoreSample& c) { return ToNs(c.waiting.p99); }},
    {"wait_max_ns", [](const CoreSample& c) { return ToNs(c.waiting.max); }},
    {"service_mean_ns", [](const CoreSample& c) { return ToNs(c.service.mean); }},
    {"service_p50_ns", [](const CoreSample& c) { return ToNs(c.service.p50); }},
    {"service_p99_ns", [](const CoreSample& c) { return ToNs(c.service.p99); }},
    {"service_max_ns", [](const CoreSample& c) { return ToNs(c.service.max); }},
    {"cache_lookups", [](const CoreSample& c) { return c.cache.GetLookups(); }},
    {"cache_hits", [](const CoreSample& c) { return c.cache.nHits; }},
    {"cache_negative", [](const CoreSample& c) { return c.cache.nNegative; }},
    {"cache_refused", [](const CoreSample& c) { return c.cache.nRefused; }},
    {"cache_stale", [](const CoreSample& c) { return c.cache.nStale; }},
    {"cache_misses", [](const CoreSample& c) { return c.cache.nMisses; }},
    {"cache_shrinks", [](const CoreSample& c) { return c.cache.nShrinks; }},
    {"cache_reseeds", [](const CoreSample& c) { return c.cache.nReseeds; }},
    {"cache_evicted", [](const CoreSample& c) { return c.cache.nEvicted; }},
    {"cache_destroyed", [](const CoreSample& c) { return c.cache.nDestroyed; }},
    {"cache_entries", [](const CoreSample& c) { return uint64_t{c.cacheSize}; }},
}};

/// @return the name of a kind of lock in results
std::string_view
GetKindName(LockKind kind)
{
    return kind == LockKind::ReaderWriter ? "read-write"
           : kind == LockKind::Queued     ? "queued"
           : kind == LockKind::Line       ? "line"
                                          : "ticket";
}

/// @throws std::logic_error unless two sums agree
void
Expect(const std::string& what, uint64_t left, uint64_t right)
{
    if (left != right)
    {
        throw std::logic_error("sums disagree: " + what + ": " + std::to_string(left) + " and " +
                               std::to_string(right) + "; please report this");
    }
}

/// @throws ConfigError for a setting that would do nothing without cores
void
CheckWithoutCores(const RunConfig& config)
{
    const RunConfig usual;
    for (const RunOption& option : GetRunOptions())
    {
        const std::string section = option.GetSection();
        const bool isOfCores = section == "rss" || section == "napi" || section == "rps" ||
                               option.name == "profile" || option.name == "locks";
        if (isOfCores && option.get(config) != option.get(usual))
        {
            throw ConfigError(option.name + " " + option.get(config) +
                              ": must come with cores, 1 or more");
        }
    }
}

} // namespace

Ptr<XfrmCores>
MakeRunCores(const RunConfig& config)
{
    if (config.cores == 0)
    {
        CheckWithoutCores(config);
        return nullptr;
    }
    const auto cores = CreateObject<XfrmCores>();
    cores->SetAttribute("Count", UintegerValue(config.cores));
    cores->SetAttribute("CostProfile", StringValue(config.profile));
    cores->SetAttribute("RingSize", UintegerValue(config.rssRing));
    cores->SetAttribute("Queues", UintegerValue(config.rssQueues));
    cores->SetAttribute("HashKey", StringValue(config.rssKey));
    cores->SetAttribute("IndirectionTable", StringValue(config.rssTable));
    cores->SetAttribute("QueueAffinity", StringValue(config.rssAffinity));
    cores->SetAttribute("HashUdpPorts", BooleanValue(config.rssUdpPorts));
    cores->SetAttribute("HashSpi", BooleanValue(config.rssSpi));
    cores->SetAttribute("Locks", StringValue(config.locks));
    cores->SetAttribute("InterruptDelay", TimeValue(config.interruptDelay));
    cores->SetAttribute("InterruptFrames", UintegerValue(config.interruptFrames));
    cores->SetAttribute("PollWeight", UintegerValue(config.pollWeight));
    cores->SetAttribute("SteeringCores", StringValue(config.steeringCores));
    cores->SetAttribute("MaxBacklog", UintegerValue(config.maxBacklog));
    try
    {
        cores->MakeConfig();
    }
    catch (const std::invalid_argument& error)
    {
        throw ConfigError(error.what());
    }
    return cores;
}

std::span<const CoreColumn>
GetCoreColumns()
{
    return CORE_COLUMNS;
}

std::vector<CoreSample>
SampleCores(const XfrmRouting& routing)
{
    std::vector<CoreSample> samples;
    const NodeCores* const cores = routing.GetCores();
    for (CpuId cpu = 0; cores && cpu < cores->GetCores(); ++cpu)
    {
        const CoreFigures& figures = cores->GetSet().GetFigures(cpu);
        CoreSample sample;
        sample.nSoftirqJobs = figures.nSoftirqJobs;
        sample.nProcessJobs = figures.nProcessJobs;
        sample.busyTime = NanoSeconds(figures.busyNs);
        sample.lockWait = NanoSeconds(figures.lockWaitNs);
        sample.nSteered = figures.nSteered;
        sample.nBacklogDropped = figures.nBacklogDropped;
        sample.queueLength = static_cast<uint32_t>(cores->GetSet().GetWaiting(cpu));
        sample.maxQueueLength = figures.maxQueue;
        sample.waiting = Summarize(figures.waiting);
        sample.service = Summarize(figures.service);
        sample.cacheSize = routing.GetNamespace().GetCache().GetTable(cpu).GetSize();
        sample.cache = cores->GetWork(cpu).cache;
        samples.push_back(sample);
    }
    if (cores)
    {
        for (const auto& [device, queues] : cores->GetQueues())
        {
            for (uint32_t queue = 0; queue < queues.GetAffinity().size(); ++queue)
            {
                samples[queues.GetAffinity()[queue]].nRingDropped +=
                    queues.GetFigures(queue).nDropped;
            }
        }
    }
    return samples;
}

std::vector<LockSample>
SampleLocks(const XfrmRouting& routing)
{
    std::vector<LockSample> samples;
    const NodeCores* const cores = routing.GetCores();
    for (size_t i = 0; cores && i < N_STAGES; ++i)
    {
        const auto stage = static_cast<Stage>(i);
        const LockKind kind = cores->GetSet().GetLocks().GetPreset().GetKind(stage);
        if (kind != LockKind::None)
        {
            samples.push_back({.name = GetLockName(stage),
                               .kind = GetKindName(kind),
                               .figures = cores->GetSet().GetLocks().GetFigures(stage)});
        }
    }
    return samples;
}

void
CheckSums(const XfrmRouting& routing)
{
    const Work work = routing.GetWork();
    Expect("lookups, and how they ended", work.nCacheLookups, work.cache.GetLookups());
    const FlowCache& cache = routing.GetNamespace().GetCache();
    uint64_t nEntries = 0;
    for (CpuId cpu = 0; cpu < cache.GetCpus(); ++cpu)
    {
        nEntries += cache.GetTable(cpu).GetSize();
    }
    Expect("entries added, and those stored and dropped",
           work.cache.nMisses,
           nEntries + work.cache.nEvicted + work.cache.nFlushed);
    if (const NodeCores* const cores = routing.GetCores())
    {
        const ReceiveCounts& counts = cores->GetCounts();
        Expect("packets received, and what became of them",
               counts.nReceived,
               counts.nForwarded + counts.nDelivered + counts.nToIpsec + counts.nKept +
                   counts.nDropped + counts.nRingDropped + counts.nBacklogDropped +
                   cores->GetInFlight());
    }
}

} // namespace ns3::xfrm
