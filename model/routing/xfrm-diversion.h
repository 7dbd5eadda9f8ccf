/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_DIVERSION_H
#define XFRM_DIVERSION_H

#include "ns3/ipv4-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-route.h"
#include "ns3/packet.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Leads packets that Ipv4L3Protocol sends past IPsec, whole and with all their headers.
 *
 * When a packet is routed it may have no ports and no source yet; what the kernel decides on is
 * complete only later, in the same instant.  So the packet gets a route by a pseudo interface,
 * comes to the catcher when IP sends it there, and the real route is remembered meanwhile.
 *
 * The pseudo interface is made when it is needed: a node with nothing to divert has none, so what
 * walks over a node's devices finds the same as ever.  It does not forward, which keeps global
 * routing away, and has the loopback address, since ns-3 sends broadcasts by all other interfaces.
 *
 * Invariant: a packet without a remembered route is discarded when caught.  Ipv4L3Protocol sends
 * such ones itself: copies of broadcasts without a source, for each interface.
 *
 * Cost: two small objects a packet, one if the caller keeps its route.
 */
class Diversion
{
  public:
    /// Takes what was diverted: the packet without IP header, its header, and its real route, null
    /// if the caller kept it.
    using Catcher =
        std::function<void(const Ptr<Packet>&, const Ipv4Header&, const Ptr<Ipv4Route>&)>;

    /**
     * @param ipv4 IP of the node; must outlive this
     * @param catcher takes the packets; must not be empty
     */
    Diversion(Ipv4L3Protocol& ipv4, Catcher catcher);

    ~Diversion();

    Diversion(const Diversion&) = delete;
    Diversion& operator=(const Diversion&) = delete;
    Diversion(Diversion&&) = delete;
    Diversion& operator=(Diversion&&) = delete;

    /**
     * @brief Make the pseudo interface, if it isn't there.
     *
     * Not while the node receives a packet: ns-3 goes through a list then that an interface adds
     * to.
     */
    void Prepare();

    /// @return whether the pseudo interface is there
    bool IsReady() const
    {
        return m_device != nullptr;
    }

    /**
     * @brief Divert a packet that is about to be sent.  Only when ready.
     * @param route its route
     * @param uid the packet's number, Packet::GetUid()
     * @return the route to send it by: the same but for its device
     */
    Ptr<Ipv4Route> Divert(const Ptr<Ipv4Route>& route, uint64_t uid);

    /**
     * @brief Divert a packet that is about to be sent, and whose route the caller keeps: the
     *        catcher gets none.  Only when ready.
     * @param uid the packet's number, Packet::GetUid()
     * @return the route to send it by, the same for all
     */
    const Ptr<Ipv4Route>& DivertRouted(uint64_t uid);

    /// @param interface an interface of the node @return whether it is the pseudo interface
    bool IsPseudo(uint32_t interface) const
    {
        return m_device && interface == m_interface;
    }

  private:
    class Tap;

    /// A packet under way between its routing and the catcher.
    struct Slot
    {
        uint64_t uid{0};      //!< the packet's number
        Ptr<Ipv4Route> route; //!< its real route; null: the slot is free
    };

    void Catch(const Ptr<Packet>& packet, const Ipv4Header& header);

    Ipv4L3Protocol& m_ipv4;           //!< IP of the node
    Catcher m_catcher;                //!< takes the packets
    Ptr<NetDevice> m_device;          //!< the pseudo device; null until it is needed
    Ptr<Tap> m_tap;                   //!< what catches the packets; null until it is needed
    Ptr<Ipv4Route> m_route;           //!< a route by the device; null until it is needed
    uint32_t m_interface{0};          //!< the pseudo interface
    std::optional<uint64_t> m_routed; //!< packet under way whose route the caller keeps
    std::array<Slot, 8> m_way;        //!< packets under way; routed and never sent ones are
                                      //!< overwritten
    uint32_t m_nDiverted{0};          //!< how many ever were; modulo the slots, the next slot
};

} // namespace ns3::xfrm

#endif // XFRM_DIVERSION_H
