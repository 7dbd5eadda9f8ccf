/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STUDY_ROUTES_H
#define XFRM_STUDY_ROUTES_H

#include "ns3/xfrm-route.h"

#include <cstdint>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The routing of a study's host: all goes out by one device, which is up.
 */
class StudyRoutes final : public RouteTable
{
  public:
    static constexpr int32_t DEVICE{2}; //!< index of the device

    /// @param mtu of the device [bytes]
    explicit StudyRoutes(uint32_t mtu)
        : m_mtu(mtu)
    {
    }

    RouteAnswer Lookup(const RouteRequest& /*request*/) override
    {
        return {.route = GetRoute()};
    }

    /// @return the route of everything, of the present generation
    const Ptr<Route>& GetRoute()
    {
        if (!m_route || !m_route->IsCurrent())
        {
            m_route = Create<StudyRoute>(GetGeneration(), m_mtu);
        }
        return m_route;
    }

  private:
    /// The way out.
    class StudyRoute final : public Route
    {
      public:
        StudyRoute(const Ptr<const RouteGeneration>& generation, uint32_t mtu)
            : Route(generation),
              m_mtu(mtu)
        {
        }

        uint32_t GetMtu() const override
        {
            return m_mtu;
        }

        uint32_t GetDeviceMtu() const override
        {
            return m_mtu;
        }

        int32_t GetDevice() const override
        {
            return DEVICE;
        }

        bool IsDeviceUp() const override
        {
            return true;
        }

        IpAddress GetSource() const override
        {
            return {};
        }

        bool HasNoXfrm() const override
        {
            return false;
        }

        bool NotesChanges() const override
        {
            return true;
        }

      private:
        bool IsStillRight() const override
        {
            return true;
        }

        uint32_t m_mtu; //!< of the device [bytes]
    };

    uint32_t m_mtu;     //!< of the device [bytes]
    Ptr<Route> m_route; //!< the last that was given
};

} // namespace ns3::xfrm

#endif // XFRM_STUDY_ROUTES_H
