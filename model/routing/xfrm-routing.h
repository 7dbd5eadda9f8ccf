/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_ROUTING_H
#define XFRM_ROUTING_H

#include "xfrm-diversion.h"
#include "xfrm-packet-hook.h"

#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-list-routing.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <tuple>

namespace ns3
{

namespace xfrm
{

/// The parameter types of a member function.
template <class Function>
struct MemberFunction;

/// @copydoc MemberFunction
template <class Result, class Class, class... Arguments>
struct MemberFunction<Result (Class::*)(Arguments...)>
{
    /// Type of parameter I, counted from 0
    template <size_t I>
    using Argument = std::tuple_element_t<I, std::tuple<Arguments...>>;
};

/// Type of a parameter of RouteInput(): callbacks come by value up to ns-3.37, later by reference.
template <size_t I>
using RouteInputArgument = MemberFunction<decltype(&Ipv4RoutingProtocol::RouteInput)>::Argument<I>;

} // namespace xfrm

/**
 * @ingroup xfrm
 * @brief Puts IPsec between IP and the routing protocol of a node.
 *
 * Wraps the node's routing protocol, which goes on finding the routes, and leads the packets that
 * have one to IPsec.  It is a list routing since ns-3 looks for the parts of a list by casting to
 * it: what it shows as its members are those of the wrapped list, or the one wrapped protocol.
 *
 * While there is nothing to decide, every call is handed through and packets, times and traces are
 * those of a node without it.
 *
 * Left out: packets that ns-3 sends without asking its routing protocol (limited broadcasts, and
 * link-local multicasts and subnet broadcasts of sockets bound to an address) do without IPsec, and
 * so do all subnet broadcasts, since sockets compare them with the addresses of the route's device.
 * Linux decides on them too.  Where nothing was to be decided before, a hook that comes to want
 * packets of this host while the node receives one is asked from the end of that event on.
 */
class XfrmRouting : public Ipv4ListRouting
{
  public:
    /// @return the type
    static TypeId GetTypeId();

    XfrmRouting();
    XfrmRouting(const XfrmRouting&) = delete;
    XfrmRouting& operator=(const XfrmRouting&) = delete;
    ~XfrmRouting() override;

    /// Whether a protocol knows its Ipv4 already.
    enum class Attachment
    {
        Attached, //!< it was in use on this node: its SetIpv4() isn't called again
        Fresh     //!< it was not: its SetIpv4() is called when this one's is
    };

    /**
     * @brief Say what finds the routes.  Once, before this is given to an Ipv4.
     * @param wrapped the protocol, not null
     * @param attachment whether it is in use already
     */
    void Wrap(const Ptr<Ipv4RoutingProtocol>& wrapped, Attachment attachment);

    /// @return what finds the routes
    Ptr<Ipv4RoutingProtocol> GetWrapped() const;

    /// @brief Say who decides on packets.  @param hook decides; null: nobody
    void SetHook(std::unique_ptr<xfrm::PacketHook> hook);

    /**
     * @brief Get ready to lead packets of this host to the hook.
     *
     * To be called when the hook comes to want them.  Takes effect at once, except before the
     * simulation starts, since interfaces may still be added, and while the node receives a packet:
     * then as an event of its own at the same time.
     */
    void PrepareDiversion();

    // Ipv4ListRouting

    /// @brief Add to the wrapped list; aborts if what is wrapped is no list.
    /// @param routingProtocol what to add @param priority its priority
    void AddRoutingProtocol(Ptr<Ipv4RoutingProtocol> routingProtocol, int16_t priority) override;
    uint32_t GetNRoutingProtocols() const override;
    Ptr<Ipv4RoutingProtocol> GetRoutingProtocol(uint32_t index, int16_t& priority) const override;

    // Ipv4RoutingProtocol

    Ptr<Ipv4Route> RouteOutput(Ptr<Packet> p,
                               const Ipv4Header& header,
                               Ptr<NetDevice> oif,
                               Socket::SocketErrno& sockerr) override;
    bool RouteInput(Ptr<const Packet> p,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> idev,
                    xfrm::RouteInputArgument<3> ucb,
                    xfrm::RouteInputArgument<4> mcb,
                    xfrm::RouteInputArgument<5> lcb,
                    xfrm::RouteInputArgument<6> ecb) override;
    void NotifyInterfaceUp(uint32_t interface) override;
    void NotifyInterfaceDown(uint32_t interface) override;
    void NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void SetIpv4(Ptr<Ipv4> ipv4) override;
    void PrintRoutingTable(Ptr<OutputStreamWrapper> stream,
                           Time::Unit unit = Time::S) const override;

  protected:
    void DoInitialize() override;
    void DoDispose() override;

  private:
    bool IsForDevice(Ipv4Address destination, const Ipv4Route& route) const;
    bool IsPseudo(uint32_t interface) const;
    void Forward(const Ptr<Ipv4Route>& route,
                 const Ptr<const Packet>& packet,
                 const Ipv4Header& header);

    Ptr<Ipv4RoutingProtocol> m_wrapped;           //!< finds the routes
    Ptr<Ipv4ListRouting> m_wrappedList;           //!< the same if it is a list, else null
    Attachment m_attachment{Attachment::Fresh};   //!< whether it has its Ipv4
    Ptr<Ipv4L3Protocol> m_ipv4;                   //!< IP of the node
    std::unique_ptr<xfrm::PacketHook> m_hook;     //!< decides on packets; null: nobody
    std::unique_ptr<xfrm::Diversion> m_diversion; //!< leads packets of this host to the hook

    uint32_t m_nReceiving{0}; //!< packets being received, one within the other

    // Forwarding: ns-3 makes the same callback anew for each packet, so the last one serves all.
    UnicastForwardCallback m_forwardHere; //!< calls Forward()
    UnicastForwardCallback m_forwardByIp; //!< forwards by Ipv4L3Protocol
    Ptr<const NetDevice> m_input;         //!< device of the packet being routed, null in between
};

} // namespace ns3

#endif // XFRM_ROUTING_H
