/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-cores.h"

#include "ns3/boolean.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "ns3/xfrm-core-lists.h"

#include <array>
#include <stdexcept>
#include <vector>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(XfrmCores);

namespace
{

/// @return where processes run
xfrm::SocketPlacement
ParsePlacement(const std::string& text)
{
    if (text == "pinned")
    {
        return xfrm::SocketPlacement::Pinned;
    }
    if (text == "by-flow")
    {
        return xfrm::SocketPlacement::ByFlow;
    }
    if (text == "round-robin")
    {
        return xfrm::SocketPlacement::RoundRobin;
    }
    throw std::invalid_argument("socket placement " + text +
                                ": must be pinned, by-flow or round-robin");
}

} // namespace

TypeId
XfrmCores::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::XfrmCores")
            .SetParent<Object>()
            .SetGroupName("Xfrm")
            .AddConstructor<XfrmCores>()
            .AddAttribute("Count",
                          "Cores, 1 to 64",
                          UintegerValue(1),
                          MakeUintegerAccessor(&XfrmCores::m_count),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("CostProfile",
                          "What work costs: free, linux-4.1-default, or a JSON file",
                          StringValue("linux-4.1-default"),
                          MakeStringAccessor(&XfrmCores::m_profile),
                          MakeStringChecker())
            .AddAttribute("RingSize",
                          "Packets that may wait in a receive queue (ethtool -G rx)",
                          UintegerValue(512),
                          MakeUintegerAccessor(&XfrmCores::m_ringSize),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("Queues",
                          "Receive queues of each device, 0 one a core (ethtool -L rx)",
                          UintegerValue(0),
                          MakeUintegerAccessor(&XfrmCores::m_queues),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("HashKey",
                          "Key of the RSS hash, 40 bytes as 6d:5a:..., empty for Microsoft's "
                          "(ethtool -X hkey)",
                          StringValue(""),
                          MakeStringAccessor(&XfrmCores::m_hashKey),
                          MakeStringChecker())
            .AddAttribute("IndirectionTable",
                          "Queue by low bits of the RSS hash as 0,1,2,3, a power of two of them; "
                          "empty: all queues in turn (ethtool -X)",
                          StringValue(""),
                          MakeStringAccessor(&XfrmCores::m_table),
                          MakeStringChecker())
            .AddAttribute("QueueAffinity",
                          "Core of each queue as 0,1,2,3; empty: all cores in turn "
                          "(smp_affinity)",
                          StringValue(""),
                          MakeStringAccessor(&XfrmCores::m_affinity),
                          MakeStringChecker())
            .AddAttribute("InterruptDelay",
                          "How long a queue's interrupt waits for more packets (ethtool -C "
                          "rx-usecs)",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&XfrmCores::m_delay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("InterruptFrames",
                          "... but no longer than until there are so many, 0 no such limit "
                          "(ethtool -C rx-frames)",
                          UintegerValue(0),
                          MakeUintegerAccessor(&XfrmCores::m_frames),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("SteeringCores",
                          "Cores that packets are handed to by their hash as 0,1,2,3; empty: "
                          "packets stay on the core of their queue (RPS, rps_cpus)",
                          StringValue(""),
                          MakeStringAccessor(&XfrmCores::m_steering),
                          MakeStringChecker())
            .AddAttribute("PollWeight",
                          "Packets of one queue before the next one has its turn "
                          "(netif_napi_add())",
                          UintegerValue(64),
                          MakeUintegerAccessor(&XfrmCores::m_weight),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("MaxBacklog",
                          "Packets from other cores that may wait for one "
                          "(net.core.netdev_max_backlog)",
                          UintegerValue(1000),
                          MakeUintegerAccessor(&XfrmCores::m_backlog),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("Locks",
                          "Which locks the work of packets takes: none, linux-4.1, linux-4.2, "
                          "linux-4.9, linux-4.2-lines, inline-short or inline-long",
                          StringValue("linux-4.1"),
                          MakeStringAccessor(&XfrmCores::m_locks),
                          MakeStringChecker())
            .AddAttribute("HashUdpPorts",
                          "RSS looks at UDP ports (ethtool -N rx-flow-hash udp4 sdfn)",
                          BooleanValue(true),
                          MakeBooleanAccessor(&XfrmCores::m_usesUdpPorts),
                          MakeBooleanChecker())
            .AddAttribute("HashSpi",
                          "RSS looks at the SPI of ESP and AH",
                          BooleanValue(false),
                          MakeBooleanAccessor(&XfrmCores::m_usesSpi),
                          MakeBooleanChecker())
            .AddAttribute("SocketPlacement",
                          "Core of a process that sends: pinned (all on PinnedCore), by-flow (by "
                          "the RSS hash), or round-robin (each new flow on the next)",
                          StringValue("by-flow"),
                          MakeStringAccessor(&XfrmCores::m_placement),
                          MakeStringChecker())
            .AddAttribute("PinnedCore",
                          "Core of processes that send, with SocketPlacement Pinned",
                          UintegerValue(0),
                          MakeUintegerAccessor(&XfrmCores::m_pinned),
                          MakeUintegerChecker<uint32_t>());
    return tid;
}

xfrm::NodeCores::Config
XfrmCores::MakeConfig() const
{
    xfrm::NodeCores::Config config;
    config.nCores = m_count;
    config.profile = xfrm::CostProfile::Load(m_profile);
    config.queues.ringSize = m_ringSize;
    config.queues.affinity = xfrm::ParseNumbers(m_affinity, "queue affinity");
    config.queues.rss.nQueues = m_queues;
    config.queues.rss.key = xfrm::ParseRssKey(m_hashKey);
    config.queues.rss.table = xfrm::ParseNumbers(m_table, "RSS indirection table");
    config.queues.rss.usesUdpPorts = m_usesUdpPorts;
    config.queues.rss.usesSpi = m_usesSpi;
    config.queues.delay = m_delay;
    config.queues.nFrames = m_frames;
    config.queues.steering = xfrm::ParseNumbers(m_steering, "steering cores");
    config.limits.weight = m_weight;
    config.limits.maxBacklog = m_backlog;
    config.locks = xfrm::LockPreset::Find(m_locks);
    config.placement = ParsePlacement(m_placement);
    config.pinned = m_pinned;
    xfrm::NodeCores::Check(config);
    return config;
}

} // namespace ns3
