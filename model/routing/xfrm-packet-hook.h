/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_PACKET_HOOK_H
#define XFRM_PACKET_HOOK_H

#include "ns3/ipv4-header.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/net-device.h"
#include "ns3/packet.h"

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Decides on the packets of a node that have a route.
 *
 * While a hook wants nothing, XfrmRouting hands everything through, but for packets whose size may
 * matter: those with DF, and ICMP.
 */
class PacketHook
{
  public:
    /// How ns-3 forwards a packet: decrements its TTL, then sends it by the route.
    using ForwardCallback = Ipv4RoutingProtocol::UnicastForwardCallback;

    virtual ~PacketHook() = default;

    /// @param route plain route of a packet of this host @return whether to decide on such packets
    virtual bool WantsLocal(const Ipv4Route& route) const = 0;

    /**
     * @brief Decide on a packet of this host when it is routed, if all that counts is known then.
     * @param packet the packet without its IP header
     * @param header its IP header as far as it is known: addresses, protocol and type of service
     * @param route its plain route
     * @return error of the kernel's sendto(); 0 if SendLocal() is to go on with it
     */
    virtual int32_t DecideEarly(const Ptr<const Packet>& packet,
                                const Ipv4Header& header,
                                const Ptr<Ipv4Route>& route) = 0;

    /**
     * @brief Decide on a packet of this host, unless that was done early, and send it on.
     * @param packet the packet without its IP header
     * @param header its IP header, complete
     * @param route its plain route
     */
    virtual void SendLocal(const Ptr<Packet>& packet,
                           const Ipv4Header& header,
                           const Ptr<Ipv4Route>& route) = 0;

    /// @return whether to decide on received packets
    virtual bool WantsReceived() const = 0;

    /**
     * @brief Decide on a packet that is to be forwarded, and forward it.
     * @param packet the packet without its IP header
     * @param header its IP header as received
     * @param route its plain route
     * @param input device that it came by; null: a routing protocol had kept it
     * @param forward forwards it
     */
    virtual void Forward(const Ptr<const Packet>& packet,
                         const Ipv4Header& header,
                         const Ptr<Ipv4Route>& route,
                         const Ptr<const NetDevice>& input,
                         const ForwardCallback& forward) = 0;

    /**
     * @brief Decide on a packet that is to be delivered to its protocol on this host.
     * @param packet the packet without its IP header; a fragment only of what IPsec opens
     * @param header its IP header
     * @param interface number of the interface that it came by
     * @return whether to deliver it; if not, the hook has told of it
     */
    virtual bool AllowsDelivery(const Ptr<const Packet>& packet,
                                const Ipv4Header& header,
                                uint32_t interface) = 0;

    /**
     * @brief Take a packet that may be delivered instead of its protocol.
     * @param packet the packet without its IP header, whole
     * @param header its IP header
     * @param interface number of the interface that it came by
     * @return whether it was taken
     */
    virtual bool Take(const Ptr<const Packet>& /*packet*/,
                      const Ipv4Header& /*header*/,
                      uint32_t /*interface*/)
    {
        return false;
    }
};

} // namespace ns3::xfrm

#endif // XFRM_PACKET_HOOK_H
