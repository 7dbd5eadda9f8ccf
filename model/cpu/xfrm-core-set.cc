/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-core-set.h"

#include <stdexcept>
#include <string>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// @return the settings of the card's RSS, one queue a core if no number is given
Rss::Config
Complete(Rss::Config rss, const CoreSet& cores)
{
    rss.nQueues = rss.nQueues == 0 ? cores.GetCores() : rss.nQueues;
    return rss;
}

/// @return core of each queue @throws std::invalid_argument naming what is wrong
std::vector<CpuId>
MakeAffinity(const std::vector<CpuId>& wanted, uint32_t nQueues, uint32_t nCores)
{
    if (!wanted.empty() && wanted.size() != nQueues)
    {
        throw std::invalid_argument("queue affinity of " + std::to_string(wanted.size()) +
                                    " queues: must name a core for each of " +
                                    std::to_string(nQueues));
    }
    std::vector<CpuId> affinity = wanted;
    for (uint32_t queue = 0; queue < nQueues; ++queue)
    {
        if (wanted.empty())
        {
            affinity.push_back(queue % nCores);
        }
        else if (wanted[queue] >= nCores)
        {
            throw std::invalid_argument("queue affinity: queue " + std::to_string(queue) +
                                        " on core " + std::to_string(wanted[queue]) +
                                        ": must be 0 to " + std::to_string(nCores - 1));
        }
    }
    return affinity;
}

} // namespace

CoreSet::CoreSet(uint32_t nCores)
{
    if (nCores == 0)
    {
        throw std::invalid_argument("0 cores: must be 1 or more");
    }
    for (CpuId cpu = 0; cpu < nCores; ++cpu)
    {
        m_cores.emplace_back(cpu, m_current);
    }
}

ReceiveQueues::ReceiveQueues(const Config& config, CoreSet& cores)
    : m_cores(cores),
      m_rss(Complete(config.rss, cores)),
      m_affinity(MakeAffinity(config.affinity, m_rss.GetQueues(), cores.GetCores()))
{
    if (config.ringSize == 0)
    {
        throw std::invalid_argument("ring size 0: must be 1 or more");
    }
    for (uint32_t queue = 0; queue < m_rss.GetQueues(); ++queue)
    {
        m_rings.emplace_back(config.ringSize);
    }
}

bool
ReceiveQueues::Receive(const RssPacket& packet, std::unique_ptr<Job> job)
{
    const uint32_t queue = m_rss.GetQueue(packet);
    return m_cores.GetCore(m_affinity[queue]).Receive(m_rings[queue], std::move(job));
}

} // namespace ns3::xfrm
