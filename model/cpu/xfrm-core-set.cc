/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-core-set.h"

#include "ns3/abort.h"
#include "ns3/simulator.h"

#include <stdexcept>
#include <string>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// @return the simulator's time [ns]
int64_t
GetNow()
{
    return Simulator::Now().GetNanoSeconds();
}

/// @throws std::invalid_argument unless a core is there @param what whose it is
void
CheckCore(CpuId cpu, uint32_t nCores, const std::string& what)
{
    if (cpu >= nCores)
    {
        throw std::invalid_argument(what + " on core " + std::to_string(cpu) + ": must be 0 to " +
                                    std::to_string(nCores - 1));
    }
}

/// @return the number of cores @throws std::invalid_argument for settings that can't be
uint32_t
CheckCount(const CoreSet::Config& config)
{
    if (config.nCores == 0)
    {
        throw std::invalid_argument("0 cores: must be 1 or more");
    }
    if (config.limits.weight == 0)
    {
        throw std::invalid_argument("poll weight 0: must be 1 or more");
    }
    NS_ABORT_MSG_IF(Time::GetResolution() < Time::NS, "cores need a resolution of 1 ns or finer");
    return config.nCores;
}

} // namespace

int64_t
CoreSet::Host::Begin(CpuId cpu, Job& job, int64_t /*now*/, std::vector<LockedStretch>& stretches)
{
    const auto outer = std::exchange(current, cpu);
    const Time duration = job->Begin(stretches);
    current = outer;
    return duration.GetNanoSeconds();
}

void
CoreSet::Host::End(CpuId cpu, Job& job, int64_t /*now*/)
{
    const auto outer = std::exchange(current, cpu);
    job->End();
    current = outer;
}

CoreSet::CoreSet(const Config& config)
    : m_locks(config.locks, config.contention),
      m_host{m_current, config.steering.GetNanoSeconds()},
      m_engine(m_host, CheckCount(config), m_locks, config.limits)
{
}

CoreSet::~CoreSet()
{
    for (auto& [at, event] : m_armed)
    {
        event.Cancel();
    }
}

void
CoreSet::Enqueue(CpuId cpu, JobContext context, std::unique_ptr<Job> job)
{
    if (!m_current)
    {
        m_engine.RunDue(GetNow());
    }
    m_engine.Enqueue(cpu, context, std::move(job), GetNow());
    Arm();
}

void
CoreSet::EnqueueNext(std::unique_ptr<Job> job)
{
    m_engine.EnqueueNext(*m_current, std::move(job), GetNow());
    Arm();
}

bool
CoreSet::Receive(uint32_t queue, uint32_t hash, std::unique_ptr<Job> job)
{
    if (!m_current)
    {
        m_engine.RunDue(GetNow());
    }
    const bool isTaken = m_engine.Receive(queue, std::move(job), hash, GetNow());
    Arm();
    return isTaken;
}

bool
CoreSet::IsBusy(CpuId cpu) const
{
    return m_engine.IsBusy(cpu, GetNow());
}

void
CoreSet::Fire()
{
    m_armed.pop_back();
    m_engine.RunDue(GetNow());
    Arm();
}

void
CoreSet::Arm()
{
    const int64_t next = m_engine.GetNextDeadline();
    if (next != CoreEngine<Host>::NEVER && (m_armed.empty() || next < m_armed.back().first))
    {
        m_armed.emplace_back(
            next,
            Simulator::Schedule(NanoSeconds(next) - Simulator::Now(), [this] { Fire(); }));
    }
}

void
ReceiveQueues::Check(const Config& config, uint32_t nCores)
{
    const Rss rss = MakeRss(config, nCores);
    if (!config.affinity.empty() && config.affinity.size() != rss.GetQueues())
    {
        throw std::invalid_argument("queue affinity of " + std::to_string(config.affinity.size()) +
                                    " queues: must name a core for each of " +
                                    std::to_string(rss.GetQueues()));
    }
    for (size_t queue = 0; queue < config.affinity.size(); ++queue)
    {
        CheckCore(config.affinity[queue], nCores, "queue affinity: queue " + std::to_string(queue));
    }
    for (const CpuId cpu : config.steering)
    {
        CheckCore(cpu, nCores, "packets steered");
    }
    if (config.ringSize == 0)
    {
        throw std::invalid_argument("ring size 0: must be 1 or more");
    }
}

Rss
ReceiveQueues::MakeRss(const Config& config, uint32_t nCores)
{
    Rss::Config rss = config.rss;
    rss.nQueues = rss.nQueues == 0 ? nCores : rss.nQueues;
    return Rss(rss);
}

std::vector<ReceiveQueueConfig>
ReceiveQueues::MakeQueues(const Config& config, uint32_t nCores)
{
    std::vector<ReceiveQueueConfig> queues(config.rss.nQueues == 0 ? nCores : config.rss.nQueues);
    for (size_t i = 0; i < queues.size(); ++i)
    {
        queues[i].cpu =
            config.affinity.empty() ? static_cast<CpuId>(i % nCores) : config.affinity[i];
        queues[i].ringSize = config.ringSize;
        queues[i].delayNs = config.delay.GetNanoSeconds();
        queues[i].nFrames = config.nFrames;
        queues[i].steering = config.steering;
    }
    return queues;
}

ReceiveQueues::ReceiveQueues(const Config& config, CoreSet& cores)
    : m_cores(cores),
      m_rss((Check(config, cores.GetCores()), MakeRss(config, cores.GetCores())))
{
    for (const ReceiveQueueConfig& queue : MakeQueues(config, cores.GetCores()))
    {
        m_affinity.push_back(queue.cpu);
        m_numbers.push_back(m_cores.AddQueue(queue));
    }
}

bool
ReceiveQueues::Receive(const RssPacket& packet, std::unique_ptr<Job> job)
{
    const uint32_t hash = m_rss.Hash(packet);
    return m_cores.Receive(m_numbers[m_rss.GetQueue(hash)], hash, std::move(job));
}

} // namespace ns3::xfrm
