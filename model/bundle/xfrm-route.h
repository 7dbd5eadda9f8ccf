/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_ROUTE_H
#define XFRM_ROUTE_H

#include "ns3/ptr.h"
#include "ns3/simple-ref-count.h"
#include "ns3/xfrm-flow-key.h"
#include "ns3/xfrm-ip-address.h"

#include <cstdint>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The generation of a routing table: when it moves on, every route handed out is stale.
 *
 * Source: rt_genid_ipv4 of struct net, Linux 4.1 (R113).
 */
struct RouteGeneration : public SimpleRefCount<RouteGeneration>
{
    uint32_t value{0}; //!< the generation
};

/**
 * @ingroup xfrm
 * @brief A plain route: where a packet goes if IPsec leaves it alone.
 *
 * Source: struct rtable with what IPsec reads of its struct dst_entry, Linux 4.1.  Mechanism only
 * asks; what a route is made of is known to the RouteTable that gave it.  Getters tell the present
 * state of the device, not that of the lookup.
 */
class Route : public SimpleRefCount<Route>
{
  public:
    /// @param generation the table's, as it stands now
    explicit Route(const Ptr<const RouteGeneration>& generation)
        : m_generation(generation),
          m_born(m_generation->value)
    {
    }

    virtual ~Route() = default;
    Route(const Route&) = delete;
    Route& operator=(const Route&) = delete;
    Route(Route&&) = delete;
    Route& operator=(Route&&) = delete;

    /// @return whether it still may be used (ipv4_dst_check(), R70)
    bool IsValid() const
    {
        return IsCurrent() && IsStillRight();
    }

    /// @return whether it was given in the table's present generation
    bool IsCurrent() const
    {
        return m_born == m_generation->value;
    }

    /// @return largest packet that may leave here (dst_mtu()) [bytes]
    virtual uint32_t GetMtu() const = 0;

    /// @return its device's largest packet [bytes]
    virtual uint32_t GetDeviceMtu() const = 0;

    /// @return index of its device, 0 if it has none
    virtual int32_t GetDevice() const = 0;

    /// @return whether its device is up
    virtual bool IsDeviceUp() const = 0;

    /// @return source address that a packet gets if it has none
    virtual IpAddress GetSource() const = 0;

    /// @return hop limit for packets of this host (RTAX_HOPLIMIT), 0 the host's default
    virtual uint8_t GetHopLimit() const
    {
        return 0;
    }

    /**
     * @brief It is reported that packets have to be smaller on this way (ip_rt_update_pmtu(), R78).
     *
     * By default the path MTU is the device's, and stays.
     *
     * @param mtu what fits [bytes]
     */
    virtual void NotePathMtu(uint32_t /*mtu*/)
    {
    }

    /// @return whether output policies don't apply (DST_NOXFRM, R14)
    virtual bool HasNoXfrm() const = 0;

    /**
     * @brief Is FlowCache::NoteChange() called whenever an answer above changes?
     * @return whether chains over this route may serve unasked until then; false: ask at each use
     */
    virtual bool NotesChanges() const = 0;

  private:
    /// @return whether the table would still give this route, the generation aside
    virtual bool IsStillRight() const = 0;

    Ptr<const RouteGeneration> m_generation; //!< the table's
    uint32_t m_born;                         //!< generation in which it was given
};

/// What a route is asked for.
struct RouteRequest
{
    Family family{Family::Ipv4}; //!< address family
    IpAddress source;            //!< source address, any: not known yet
    IpAddress destination;       //!< destination address
    uint8_t tos{0};              //!< type of service
};

/// A route, or an error.
struct RouteAnswer
{
    Ptr<Route> route; //!< the route, null with an error
    int32_t error{0}; //!< 0, or a negative errno such as error::NETUNREACH
};

/**
 * @ingroup xfrm
 * @brief The routing of a host, without IPsec.
 *
 * Implemented over a node's routing protocol, by the study, and by tests.
 */
class RouteTable
{
  public:
    virtual ~RouteTable() = default;

    /**
     * @brief Find the route of a packet of this host (ip_route_output_key() with sk NULL).
     * @param request the packet @return the route or an error; a source that isn't local is one
     * (R54)
     */
    virtual RouteAnswer Lookup(const RouteRequest& request) = 0;

    /// @brief Make all routes given so far stale (rt_genid_bump_ipv4()).
    void BumpGeneration()
    {
        ++m_generation->value;
    }

    /// @return the generation, for the routes given
    Ptr<const RouteGeneration> GetGeneration() const
    {
        return m_generation;
    }

  private:
    Ptr<RouteGeneration> m_generation{Create<RouteGeneration>()}; //!< the generation
};

} // namespace ns3::xfrm

#endif // XFRM_ROUTE_H
