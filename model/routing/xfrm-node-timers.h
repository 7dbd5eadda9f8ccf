/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_NODE_TIMERS_H
#define XFRM_NODE_TIMERS_H

#include "xfrm-node-cpus.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/xfrm-lookup.h"
#include "ns3/xfrm-namespace.h"

#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The clock of a node's IPsec: has the simulator run what mechanism only keeps deadlines of.
 *
 * These are the hold queue's timer (R82), those of states and policies (R122, R160), and work
 * items, which run as process work of the CPU that asked.
 */
class NodeTimers
{
  public:
    /**
     * @param net whose timers @param lookup decides on held packets @param cpus where they run; all
     * three must outlive this
     * @param workDelay from asking for a work item until it runs
     */
    NodeTimers(Namespace& net, Lookup& lookup, NodeCpus& cpus, Time workDelay);

    ~NodeTimers();
    NodeTimers(const NodeTimers&) = delete;
    NodeTimers& operator=(const NodeTimers&) = delete;
    NodeTimers(NodeTimers&&) = delete;
    NodeTimers& operator=(NodeTimers&&) = delete;

    /// @brief Held packets, or their policies, changed.
    void ScheduleHeld();

    /// @brief Mechanism may have asked for work items.
    void ScheduleWork();

    /// @brief An interface went down (R66).
    void NotifyDown();

  private:
    void ScheduleTimers();
    void RunWork(WorkItem item);
    void ShareOutFlush();

    Namespace& m_net;              //!< whose timers
    Lookup& m_lookup;              //!< decides on held packets
    NodeCpus& m_cpus;              //!< where they run
    Time m_workDelay;              //!< from asking for a work item until it runs
    EventId m_heldEvent;           //!< when held packets are looked at again
    EventId m_timerEvent;          //!< when timers of states and policies run
    std::vector<EventId> m_events; //!< work items under way
};

} // namespace ns3::xfrm

#endif // XFRM_NODE_TIMERS_H
