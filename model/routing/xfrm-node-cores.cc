/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-node-cores.h"

#include "xfrm-flow-decoder.h"

#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

namespace ns3::xfrm
{

NodeCores::NodeJob::~NodeJob()
{
    m_cores.m_nInFlight -= m_subject == Subject::Received ? 1 : 0;
}

Time
NodeCores::NodeJob::Begin(std::vector<LockedStretch>& stretches)
{
    const Work& work = m_cores.GetJobWork();
    const Work before = work;
    NodeJob* const outer = std::exchange(m_cores.m_job, this);
    m_action();
    m_cores.m_job = outer;
    const JobObjects objects{.states = {states.data(), states.size()},
                             .transmitQueue = *m_cores.m_set.GetCurrent(),
                             .lines = lines};
    return NanoSeconds(m_cores.m_planner.Plan(work, before, objects, stretches));
}

void
NodeCores::NodeJob::End()
{
    if (m_subject == Subject::Received)
    {
        Count();
    }
    NodeJob* const outer = std::exchange(m_cores.m_job, nullptr);
    for (KeptAction& output : outputs)
    {
        output();
    }
    m_cores.m_job = outer;
}

void
NodeCores::NodeJob::Lose()
{
    m_cores.m_counts.nBacklogDropped += m_subject == Subject::Received ? 1 : 0;
}

void
NodeCores::NodeJob::Count() const
{
    ReceiveCounts& counts = m_cores.m_counts;
    switch (outcome)
    {
    case ReceiveOutcome::Kept:
        ++counts.nKept;
        break;
    case ReceiveOutcome::Forwarded:
        ++counts.nForwarded;
        break;
    case ReceiveOutcome::Delivered:
        ++counts.nDelivered;
        break;
    case ReceiveOutcome::ToIpsec:
        ++counts.nToIpsec;
        break;
    case ReceiveOutcome::Dropped:
        ++counts.nDropped;
        break;
    }
}

void
NodeCores::Check(const Config& config)
{
    if (config.nCores < 1 || config.nCores > MAX_CORES)
    {
        throw std::invalid_argument(std::to_string(config.nCores) + " cores: must be 1 to " +
                                    std::to_string(MAX_CORES));
    }
    if (config.placement == SocketPlacement::Pinned && config.pinned >= config.nCores)
    {
        throw std::invalid_argument("processes pinned to core " + std::to_string(config.pinned) +
                                    ": must be 0 to " + std::to_string(config.nCores - 1));
    }
    ReceiveQueues::Check(config.queues, config.nCores);
}

NodeCores::NodeCores(const Config& config)
    : m_config((Check(config), config)),
      m_set({.nCores = config.nCores,
             .locks = config.locks,
             .contention = config.profile.GetContention(),
             .limits = config.limits,
             .steering = NanoSeconds(std::llround(config.profile.GetContention().steer))}),
      m_planner(m_config.profile, m_set.GetLocks()),
      m_spread({.nQueues = config.nCores, .key = config.queues.rss.key}),
      m_work(config.nCores)
{
}

NodeCores::~NodeCores() = default;

bool
NodeCores::Arrive(uint32_t device,
                  const Packet& packet,
                  const Ipv4Header& header,
                  std::unique_ptr<Job> job)
{
    auto queues = m_queues.find(device);
    if (queues == m_queues.end())
    {
        queues = m_queues.try_emplace(device, m_config.queues, m_set).first;
    }
    ++m_counts.nReceived;
    const bool isTaken = queues->second.Receive(DescribeForRss(header, packet), std::move(job));
    m_counts.nRingDropped += isTaken ? 0 : 1;
    return isTaken;
}

void
NodeCores::Leave(const Packet& packet,
                 const Ipv4Header& header,
                 JobContext context,
                 std::unique_ptr<Job> job)
{
    if (m_set.GetCurrent())
    {
        m_set.EnqueueNext(std::move(job));
        return;
    }
    m_set.Enqueue(Place(packet, header), context, std::move(job));
}

void
NodeCores::Note(ReceiveOutcome outcome)
{
    PacketWork& packets = GetJobWork().packet;
    packets.nForwarded += outcome == ReceiveOutcome::Forwarded ? 1 : 0;
    packets.nTransmitted += outcome == ReceiveOutcome::Forwarded ? 1 : 0;
    packets.nDelivered += outcome == ReceiveOutcome::Delivered ? 1 : 0;
    if (m_job->outcome == ReceiveOutcome::Kept)
    {
        m_job->outcome = outcome;
    }
}

CpuId
NodeCores::Place(const Packet& packet, const Ipv4Header& header)
{
    if (m_config.placement == SocketPlacement::Pinned)
    {
        return m_config.pinned;
    }
    const RssPacket flow = DescribeForRss(header, packet);
    if (m_config.placement == SocketPlacement::ByFlow)
    {
        return m_spread.GetQueue(flow);
    }
    const auto next = static_cast<CpuId>(m_places.size() % GetCores());
    return m_places.try_emplace(m_spread.Hash(flow), next).first->second;
}

} // namespace ns3::xfrm
