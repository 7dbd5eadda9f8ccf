/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IPSEC_TRACES_H
#define XFRM_IPSEC_TRACES_H

#include "ns3/ipv4-header.h"
#include "ns3/net-device.h"
#include "ns3/packet.h"
#include "ns3/traced-callback.h"
#include "ns3/xfrm-bundle.h"
#include "ns3/xfrm-lookup.h"
#include "ns3/xfrm-output.h"

#include <cstdint>
#include <string>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The trace sources of XfrmRouting, and the signatures of what listens to them.
 *
 * Listeners look.  What they want to change of policies and states they do later, as an event of
 * its own (Simulator::ScheduleNow()): a lookup may be under way.
 */
struct IpsecTraces
{
    /**
     * @brief Output decided on a packet.
     * @param packet the packet without IP header @param header its IP header
     * @param decision what is to be done, how the flow cache answered, which counter moved
     * @param core the core that decided
     */
    using LookupCallback = void (*)(Ptr<const Packet> packet,
                                    const Ipv4Header& header,
                                    const OutputDecision& decision,
                                    uint32_t core);

    /// @brief A core's flow cache dropped entries.
    /// @param core the core @param nEvicted entries dropped
    using EvictionCallback = void (*)(uint32_t core, uint64_t nEvicted);

    /// @brief A chain was built.  @param bundle the chain @param core the core that built it
    using BundleCallback = void (*)(Ptr<const Bundle> bundle, uint32_t core);

    /**
     * @brief A packet went through its chain and leaves.
     * @param packet what follows the outer IP header @param header the outer IP header
     * @param layers what was done, innermost first
     */
    using TransformCallback = void (*)(Ptr<const Packet> packet,
                                       const Ipv4Header& header,
                                       const SealedLayers& layers);

    /**
     * @brief IPsec dropped a packet.
     * @param packet what follows the IP header @param header its IP header
     * @param reason label of the counter that moved, such as "XfrmInNoPols"; "blackhole"; or the
     *               name of an error that no counter tells of
     */
    using DropCallback = void (*)(Ptr<const Packet> packet,
                                  const Ipv4Header& header,
                                  const std::string& reason);

    /**
     * @brief A packet was lost in front of a full receive queue.
     * @param packet what follows the IP header @param header its IP header
     * @param device where it came in
     */
    using RingDropCallback = void (*)(Ptr<const Packet> packet,
                                      const Ipv4Header& header,
                                      Ptr<const NetDevice> device);

    /**
     * @brief What the kernel's sendto() would have returned to a packet's sender.
     * @param packet the packet without IP header, transport header first
     * @param header its IP header
     * @param verdict "ok" or an errno name such as "EPERM"
     */
    using VerdictCallback = void (*)(Ptr<const Packet> packet,
                                     const Ipv4Header& header,
                                     const std::string& verdict);

    /**
     * @brief A state is wanted: key managers are asked (ACQUIRE, R182).
     * @param larval stands for it meanwhile, if one accepts @param policy whose template wants it
     */
    using AcquireCallback = void (*)(Ptr<const State> larval, Ptr<const Policy> policy);

    /// @brief A state reached a limit (EXPIRE).  @param state the state @param isHard it ends
    using ExpireCallback = void (*)(Ptr<const State> state, bool isHard);

    /// @brief A policy reached a limit (POLEXPIRE).  @param policy it @param isHard it ends
    using PolicyExpireCallback = void (*)(Ptr<const Policy> policy, bool isHard);

    /**
     * @brief Packets of a state come from another address or UDP port than it says (MAPPING).
     * @param state the state @param source where from @param port source port of their UDP
     */
    using MappingCallback = void (*)(Ptr<const State> state, Ipv4Address source, uint16_t port);

    TracedCallback<Ptr<const Packet>, const Ipv4Header&, const OutputDecision&, uint32_t>
        m_lookupTrace;                                         //!< "Lookup"
    TracedCallback<uint32_t, uint64_t> m_shrinkTrace;          //!< "FlowCacheShrink"
    TracedCallback<uint32_t, uint64_t> m_reseedTrace;          //!< "FlowCacheReseed"
    TracedCallback<Ptr<const Bundle>, uint32_t> m_bundleTrace; //!< "BundleCreated"
    TracedCallback<Ptr<const Packet>, const Ipv4Header&, const SealedLayers&>
        m_transformTrace; //!< "Transformed"
    TracedCallback<Ptr<const Packet>, const Ipv4Header&, const std::string&>
        m_dropTrace; //!< "Dropped"
    TracedCallback<Ptr<const Packet>, const Ipv4Header&, Ptr<const NetDevice>>
        m_ringDropTrace; //!< "RingDropped"
    TracedCallback<Ptr<const Packet>, const Ipv4Header&, const std::string&>
        m_verdictTrace;                                                     //!< "SendVerdict"
    TracedCallback<Ptr<const State>, Ptr<const Policy>> m_acquireTrace;     //!< "Acquire"
    TracedCallback<Ptr<const State>, bool> m_expireTrace;                   //!< "StateExpired"
    TracedCallback<Ptr<const Policy>, bool> m_policyExpireTrace;            //!< "PolicyExpired"
    TracedCallback<Ptr<const State>, Ipv4Address, uint16_t> m_mappingTrace; //!< "MappingChanged"
};

} // namespace ns3::xfrm

#endif // XFRM_IPSEC_TRACES_H
