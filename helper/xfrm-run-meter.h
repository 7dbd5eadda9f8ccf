/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_METER_H
#define XFRM_RUN_METER_H

#include "xfrm-run-cores.h"
#include "xfrm-run-network.h"

#include "ns3/net-device.h"
#include "ns3/packet.h"
#include "ns3/xfrm-statistics.h"
#include "ns3/xfrm-work.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/// What a node did so far.
struct NodeFigures
{
    std::string name;       //!< its name
    uint64_t nIn{0};        //!< packets that came in by links
    uint64_t inBytes{0};    //!< their length, IP header included [bytes]
    uint64_t nOut{0};       //!< packets that went out by links
    uint64_t outBytes{0};   //!< their length, IP header included [bytes]
    uint64_t nSent{0};      //!< packets of its own
    uint64_t nForwarded{0}; //!< packets forwarded
    uint64_t nDelivered{0}; //!< packets delivered to its protocols, ESP packets included
    std::map<std::string, uint64_t> drops; //!< packets dropped, by reason
    size_t nPolicies{0};                   //!< policies it has
    size_t nStates{0};                     //!< states it has
    uint32_t cacheSize{0};                 //!< entries in its flow caches
    Work work;                             //!< what its IPsec did
    Statistics statistics;                 //!< /proc/net/xfrm_stat
    ReceiveCounts receive;                 //!< what became of received packets, with cores
    uint64_t nInFlight{0};                 //!< received packets that wait or are worked on
    std::vector<CoreSample> cores;         //!< its cores; empty: none
    std::vector<LockSample> locks;         //!< their locks, all cores together
};

/**
 * @ingroup xfrm
 * @brief Counts what a node does.
 *
 * Reasons to drop are ns-3's ("ttl-expired", "no-route", ...), "queue-full" for packets that found
 * the queue of a link full, "ring-full" for those that found a receive queue full,
 * "backlog-full" for those that found another core's backlog full, and those of XfrmRouting's trace
 * source Dropped.
 */
class NodeMeter
{
  public:
    /// @param member the node
    explicit NodeMeter(const RunNetwork::Member& member);

    ~NodeMeter() = default;
    NodeMeter(const NodeMeter&) = delete;
    NodeMeter& operator=(const NodeMeter&) = delete;
    NodeMeter(NodeMeter&&) = delete;
    NodeMeter& operator=(NodeMeter&&) = delete;

    /// @return what it did so far
    NodeFigures GetFigures() const;

  private:
    void ListenToIp(const Ptr<Node>& node);
    void ListenToDevice(const Ptr<NetDevice>& device);

    Ptr<XfrmRouting> m_routing; //!< its IPsec
    NodeFigures m_figures;      //!< what is counted
};

} // namespace ns3::xfrm

#endif // XFRM_RUN_METER_H
