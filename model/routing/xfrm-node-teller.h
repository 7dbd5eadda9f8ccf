/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_NODE_TELLER_H
#define XFRM_NODE_TELLER_H

#include "xfrm-ipsec-traces.h"
#include "xfrm-node-cpus.h"
#include "xfrm-node-timers.h"

#include "ns3/ipv4-header.h"
#include "ns3/packet.h"
#include "ns3/xfrm-lookup.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Tells what a node's IPsec does: trace sources, and what became of received packets.
 */
class NodeTeller
{
  public:
    /// What of the work so far tells whether there is something to tell.
    struct Mark
    {
        /// @param work the work so far
        explicit Mark(const Work& work)
            : nReseeds(work.cache.nReseeds),
              nShrinks(work.cache.nShrinks),
              nEvicted(work.cache.nEvicted),
              nBundles(work.bundle.nBundles)
        {
        }

        uint64_t nReseeds; //!< seeds drawn
        uint64_t nShrinks; //!< shrinks
        uint64_t nEvicted; //!< entries that they removed
        uint64_t nBundles; //!< chains built
    };

    /**
     * @param traces what to tell @param cpus where packets are worked on
     * @param timers run the work items that lookups ask for; all three must outlive this
     */
    NodeTeller(const IpsecTraces& traces, NodeCpus& cpus, NodeTimers& timers);

    /// @brief A packet is dropped.
    /// @param packet what follows the IP header @param header the IP header @param reason why
    void Drop(const Ptr<const Packet>& packet, const Ipv4Header& header, const std::string& reason);

    /**
     * @brief A packet is dropped.
     * @param packet what follows the IP header @param header the IP header
     * @param counter the counter that moved @param error the error if none did
     */
    void Drop(const Ptr<const Packet>& packet,
              const Ipv4Header& header,
              std::optional<Counter> counter,
              int32_t error);

    /// @brief Output decided on a packet.
    /// @param packet what follows the IP header @param header the IP header
    /// @param decision what was decided @param context where @param before the work before
    void TellLookup(const Ptr<const Packet>& packet,
                    const Ipv4Header& header,
                    const OutputDecision& decision,
                    const Context& context,
                    const Mark& before);

    /// @brief The flow cache was asked.  @param context where @param before the work before
    void TellCacheWork(const Context& context, const Mark& before);

    /// @brief A sender learns what became of its packet.
    /// @param packet what follows the IP header @param header the IP header
    /// @param error 0 or error of sendto()
    void TellVerdict(const Ptr<const Packet>& packet, const Ipv4Header& header, int32_t error)
    {
        m_traces.m_verdictTrace(packet, header, error::GetName(error));
    }

  private:
    const IpsecTraces& m_traces; //!< what to tell
    NodeCpus& m_cpus;            //!< where packets are worked on
    NodeTimers& m_timers;        //!< run work items
};

} // namespace ns3::xfrm

#endif // XFRM_NODE_TELLER_H
