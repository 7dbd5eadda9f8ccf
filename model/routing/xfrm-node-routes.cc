/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-node-routes.h"

#include "ns3/simulator.h"
#include "ns3/xfrm-ipsec.h"

#include <algorithm>

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t MIN_PATH_MTU{552};         //!< none is believed to be less (ip_rt_min_pmtu)
constexpr int64_t PATH_MTU_LIFE_SECONDS{600}; //!< how long it is kept (ip_rt_mtu_expires) [s]

} // namespace

NodeRoute::NodeRoute(NodeRoutes& table, Ipv4Address destination, const Ptr<Ipv4Route>& route)
    : Route(table.GetGeneration()),
      m_table(table),
      m_destination(destination),
      m_route(route),
      m_device(route->GetOutputDevice()),
      m_gateway(route->GetGateway()),
      m_source(route->GetSource()),
      m_interface(table.GetIpv4().GetInterfaceForDevice(m_device)),
      m_hasException(table.HasException(destination))
{
}

uint32_t
NodeRoute::GetMtu() const
{
    const uint32_t learned = m_hasException ? m_table.GetLearnedMtu(m_destination) : 0;
    return learned != 0 ? learned : GetDeviceMtu();
}

void
NodeRoute::NotePathMtu(uint32_t mtu)
{
    m_table.NotePathMtu(m_destination, mtu);
}

uint32_t
NodeRoute::GetDeviceMtu() const
{
    return m_device->GetMtu();
}

int32_t
NodeRoute::GetDevice() const
{
    return m_interface + 1;
}

bool
NodeRoute::IsDeviceUp() const
{
    return m_interface >= 0 && m_table.GetIpv4().IsUp(m_interface);
}

IpAddress
NodeRoute::GetSource() const
{
    return m_source;
}

bool
NodeRoute::HasNoXfrm() const
{
    return m_interface >= 0 && m_table.GetSettings(m_interface).hasNoXfrm;
}

bool
NodeRoute::NotesChanges() const
{
    return false;
}

bool
NodeRoute::IsSame(Ipv4Address destination, const Ipv4Route& route) const
{
    return destination == m_destination && route.GetOutputDevice() == m_device &&
           route.GetGateway() == m_gateway && route.GetSource() == m_source &&
           m_hasException == m_table.HasException(destination);
}

bool
NodeRoute::IsStillRight() const
{
    const Ptr<Ipv4Route> now = m_table.Find(m_destination);
    return now && IsSame(m_destination, *now);
}

NodeRoutes::NodeRoutes(Ipv4L3Protocol& ipv4, const Ptr<Ipv4RoutingProtocol>& protocol)
    : m_ipv4(ipv4),
      m_protocol(protocol)
{
}

Ptr<Ipv4Route>
NodeRoutes::Find(Ipv4Address destination)
{
    const uint64_t event = Simulator::GetEventCount();
    for (const Known* known : {&m_given, &m_found})
    {
        // Before the first event there is no telling whether anything changed.
        if (known->event == event && event != 0 && known->destination == destination)
        {
            return known->route;
        }
    }
    Ipv4Header header;
    header.SetDestination(destination);
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    m_found = {event, destination, m_protocol->RouteOutput(nullptr, header, nullptr, error)};
    return m_found.route;
}

Ptr<NodeRoute>
NodeRoutes::Make(Ipv4Address destination, const Ptr<Ipv4Route>& route)
{
    m_given = {Simulator::GetEventCount(), destination, route};
    Ptr<NodeRoute>& made = m_made[destination.Get() % m_made.size()];
    if (!made || !made->IsCurrent() || !made->IsSame(destination, *route))
    {
        made = Create<NodeRoute>(*this, destination, route);
    }
    return made;
}

RouteAnswer
NodeRoutes::Lookup(const RouteRequest& request)
{
    const Ipv4Address source = request.source.GetIpv4();
    if (!request.source.IsAny() && m_ipv4.GetInterfaceForAddress(source) < 0)
    {
        return {nullptr, error::INVAL};
    }
    const Ipv4Address destination = request.destination.GetIpv4();
    const Ptr<Ipv4Route> route = Find(destination);
    if (!route)
    {
        return {nullptr, error::NETUNREACH};
    }
    return {Make(destination, route), 0};
}

uint32_t
NodeRoutes::GetLearnedMtu(Ipv4Address destination) const
{
    const auto found = m_exceptions.find(destination);
    return found != m_exceptions.end() && Simulator::Now() < found->second.expiry
               ? found->second.mtu
               : 0;
}

void
NodeRoutes::NotePathMtu(Ipv4Address destination, uint32_t mtu)
{
    const Ptr<Ipv4Route> route = Find(destination);
    if (!route)
    {
        return;
    }
    const uint32_t learned = GetLearnedMtu(destination);
    const uint32_t present = learned != 0 ? learned : route->GetOutputDevice()->GetMtu();
    if (present >= mtu)
    {
        const Time expiry = Simulator::Now() + Seconds(PATH_MTU_LIFE_SECONDS);
        m_exceptions.insert_or_assign(destination, Exception{std::max(mtu, MIN_PATH_MTU), expiry});
    }
}

int32_t
NodeRoutes::GetIndex(const Ptr<const NetDevice>& device) const
{
    return device ? m_ipv4.GetInterfaceForDevice(device) + 1 : 0;
}

NodeRoutes::DeviceSettings&
NodeRoutes::GetSettings(uint32_t interface)
{
    if (interface >= m_settings.size())
    {
        m_settings.resize(interface + 1);
    }
    return m_settings[interface];
}

} // namespace ns3::xfrm
