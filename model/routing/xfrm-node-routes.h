/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_NODE_ROUTES_H
#define XFRM_NODE_ROUTES_H

#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/nstime.h"
#include "ns3/xfrm-route.h"

#include <array>
#include <cstdint>
#include <map>
#include <vector>

namespace ns3::xfrm
{

class NodeRoutes;

/**
 * @ingroup xfrm
 * @brief A route that a node's routing protocol gave.
 *
 * ns-3 does not tell when routes change, so IsValid() asks the protocol again and compares device,
 * gateway and source.
 */
class NodeRoute final : public Route
{
  public:
    /// @param table whose it is; must outlive the route
    /// @param destination where it leads @param route the route
    NodeRoute(NodeRoutes& table, Ipv4Address destination, const Ptr<Ipv4Route>& route);

    /// @return the route, to send by
    const Ptr<Ipv4Route>& GetRoute() const
    {
        return m_route;
    }

    /// @param destination where another route leads @param route it @return whether it is the same
    bool IsSame(Ipv4Address destination, const Ipv4Route& route) const;

    /// @copydoc Route::GetMtu()
    /// The device's, or what was learned to fit on the way (ipv4_mtu()).
    uint32_t GetMtu() const override;
    uint32_t GetDeviceMtu() const override;
    int32_t GetDevice() const override;
    bool IsDeviceUp() const override;
    IpAddress GetSource() const override;
    bool HasNoXfrm() const override;
    bool NotesChanges() const override;
    void NotePathMtu(uint32_t mtu) override;

  private:
    bool IsStillRight() const override;

    NodeRoutes& m_table;       //!< whose it is
    Ipv4Address m_destination; //!< where it leads
    Ptr<Ipv4Route> m_route;    //!< the route
    Ptr<NetDevice> m_device;   //!< device that it leaves by
    Ipv4Address m_gateway;     //!< its gateway, any if there is none
    Ipv4Address m_source;      //!< its source
    int32_t m_interface;       //!< interface of the device
    bool m_hasException;       //!< a path MTU was learned before it was made
};

/**
 * @ingroup xfrm
 * @brief The routing of a node as mechanism sees it: the wrapped routing protocol.
 *
 * Device indexes are those of Linux: 1 the loopback, and one more than Ipv4's interface number for
 * all others.
 */
class NodeRoutes final : public RouteTable
{
  public:
    /// What is set for a device.
    struct DeviceSettings
    {
        bool hasNoXfrm{false};   //!< output policies don't apply (disable_xfrm)
        bool hasNoPolicy{false}; //!< what comes in is not checked (disable_policy)
    };

    /**
     * @param ipv4 IP of the node; must outlive this
     * @param protocol what finds the routes
     */
    NodeRoutes(Ipv4L3Protocol& ipv4, const Ptr<Ipv4RoutingProtocol>& protocol);

    RouteAnswer Lookup(const RouteRequest& request) override;

    /**
     * @brief A route that the protocol gave in the present event.
     * @param destination where it leads @param route the route
     * @return it, for mechanism; the same object as before if that is still the same route
     */
    Ptr<NodeRoute> Make(Ipv4Address destination, const Ptr<Ipv4Route>& route);

    /// @param destination an address
    /// @return the protocol's route there, as it is in the present event; null if there is none
    Ptr<Ipv4Route> Find(Ipv4Address destination);

    /**
     * @brief Learn what fits on the way to a destination (__ip_rt_update_pmtu(), R275, R78).
     *
     * Larger values than the one in force are not believed, and those below 552 taken for 552.
     * It is forgotten after 600 s.
     *
     * @param destination where the way leads @param mtu what fits [bytes]
     */
    void NotePathMtu(Ipv4Address destination, uint32_t mtu);

    /// @param destination an address
    /// @return what was learned to fit on the way there, 0 if nothing is known now [bytes]
    uint32_t GetLearnedMtu(Ipv4Address destination) const;

    /// @param destination an address
    /// @return whether a path MTU was ever learned there, so that its routes are kept apart
    bool HasException(Ipv4Address destination) const
    {
        return m_exceptions.count(destination) > 0;
    }

    /// @param device a device of the node @return its index; 0 for null or a stranger
    int32_t GetIndex(const Ptr<const NetDevice>& device) const;

    /**
     * @brief What is set for a device, to read or change.  By default nothing, but loopback has
     * both.
     * @param interface number of its interface, from 0
     * @return the settings
     */
    DeviceSettings& GetSettings(uint32_t interface);

    /// @return IP of the node
    Ipv4L3Protocol& GetIpv4() const
    {
        return m_ipv4;
    }

  private:
    /// A route that needs no second question in the same event.
    struct Known
    {
        uint64_t event{UINT64_MAX}; //!< number of the event
        Ipv4Address destination;    //!< where the route leads
        Ptr<Ipv4Route> route;       //!< the route, null if there was none
    };

    /// A path MTU that was learned (struct fib_nh_exception).
    struct Exception
    {
        uint32_t mtu; //!< what fits [bytes]
        Time expiry;  //!< when it is forgotten
    };

    Ipv4L3Protocol& m_ipv4;                               //!< IP of the node
    Ptr<Ipv4RoutingProtocol> m_protocol;                  //!< what finds the routes
    Known m_given;                                        //!< the last route given to Make()
    Known m_found;                                        //!< the last one that Find() asked for
    std::array<Ptr<NodeRoute>, 64> m_made;                //!< routes made last, by destination
    std::map<Ipv4Address, Exception> m_exceptions;        //!< path MTUs learned, by destination
    std::vector<DeviceSettings> m_settings{{true, true}}; //!< by interface; the first is loopback's
};

} // namespace ns3::xfrm

#endif // XFRM_NODE_ROUTES_H
