/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RECEIVE_QUEUE_H
#define XFRM_RECEIVE_QUEUE_H

#include "ns3/xfrm-flow-entry.h"

#include <cstdint>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Settings of a queue from which a core takes packets.
 *
 * The defaults are Linux 4.1's; a card's driver may have others.
 */
struct ReceiveQueueConfig
{
    CpuId cpu{0};           //!< core that its interrupts go to (smp_affinity)
    uint32_t ringSize{512}; //!< packets that may wait in it, from 1 (ethtool -G rx)
    int64_t delayNs{0};     //!< an interrupt waits for more packets (ethtool -C rx-usecs) [ns]
    uint32_t nFrames{0};    //!< ... but no longer than until there are so many, 0 no such limit
                            //!< (ethtool -C rx-frames)

    /// Cores that packets are handed to, by the high part of their hash; empty: they stay (RPS,
    /// rps_cpus).  Those of the queue's own core are done at once, where Linux queues them, too
    std::vector<CpuId> steering{};
};

/// What a core does at a stretch before it looks at something else.  Linux 4.1's.
struct SoftirqLimits
{
    uint32_t weight{64};       //!< packets of one queue before the next one's turn
    uint32_t nPackets{3000};   //!< packets before waiting process work has a turn: ten rounds of
                               //!< net.core.netdev_budget (MAX_SOFTIRQ_RESTART)
    int64_t periodNs{2000000}; //!< time before it has one (MAX_SOFTIRQ_TIME) [ns]
    uint32_t maxBacklog{1000}; //!< packets from other cores that may wait for one
                               //!< (net.core.netdev_max_backlog)
};

/// What a queue saw.
struct ReceiveQueueFigures
{
    uint64_t nAccepted{0};   //!< packets taken
    uint64_t nDropped{0};    //!< packets lost for want of room
    uint64_t nInterrupts{0}; //!< times it had its core poll it
    uint32_t maxWaiting{0};  //!< most packets that ever waited
};

} // namespace ns3::xfrm

#endif // XFRM_RECEIVE_QUEUE_H
