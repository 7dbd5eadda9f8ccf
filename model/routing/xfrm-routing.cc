/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-routing.h"

#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

#include <utility>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("XfrmRouting");

NS_OBJECT_ENSURE_REGISTERED(XfrmRouting);

TypeId
XfrmRouting::GetTypeId()
{
    static TypeId tid = TypeId("ns3::XfrmRouting")
                            .SetParent<Ipv4ListRouting>()
                            .SetGroupName("Xfrm")
                            .AddConstructor<XfrmRouting>();
    return tid;
}

XfrmRouting::XfrmRouting()
    : m_forwardHere([this](const Ptr<Ipv4Route>& route,
                           const Ptr<const Packet>& packet,
                           const Ipv4Header& header) { Forward(route, packet, header); })
{
}

XfrmRouting::~XfrmRouting() = default;

void
XfrmRouting::DoInitialize()
{
    m_wrapped->Initialize();
    // The base class would initialize members of its own, and has none.
    Ipv4ListRouting::DoInitialize();
}

void
XfrmRouting::DoDispose()
{
    m_forwardHere.Nullify();
    m_forwardByIp.Nullify();
    m_hook.reset();
    m_diversion.reset();
    m_wrappedList = nullptr;
    m_wrapped = nullptr;
    m_ipv4 = nullptr;
    Ipv4ListRouting::DoDispose();
}

void
XfrmRouting::Wrap(const Ptr<Ipv4RoutingProtocol>& wrapped, Attachment attachment)
{
    NS_LOG_FUNCTION(this << wrapped);
    NS_ABORT_MSG_UNLESS(wrapped, "XfrmRouting: there must be a routing protocol to wrap");
    NS_ABORT_MSG_IF(m_wrapped, "XfrmRouting: a routing protocol is wrapped already");
    m_wrapped = wrapped;
    m_wrappedList = DynamicCast<Ipv4ListRouting>(wrapped);
    m_attachment = attachment;
}

Ptr<Ipv4RoutingProtocol>
XfrmRouting::GetWrapped() const
{
    return m_wrapped;
}

void
XfrmRouting::SetHook(std::unique_ptr<xfrm::PacketHook> hook)
{
    m_hook = std::move(hook);
}

void
XfrmRouting::PrepareDiversion()
{
    if (m_ipv4->GetObject<Node>()->IsInitialized() && m_nReceiving == 0)
    {
        m_diversion->Prepare();
    }
    else
    {
        Simulator::ScheduleWithContext(m_ipv4->GetObject<Node>()->GetId(),
                                       Time(0),
                                       [self = Ptr<XfrmRouting>(this)] {
                                           if (self->m_diversion)
                                           {
                                               self->m_diversion->Prepare();
                                           }
                                       });
    }
}

void
XfrmRouting::SetIpv4(Ptr<Ipv4> ipv4)
{
    NS_LOG_FUNCTION(this << ipv4);
    NS_ABORT_MSG_UNLESS(m_wrapped, "XfrmRouting: there must be a routing protocol to wrap");
    m_ipv4 = DynamicCast<Ipv4L3Protocol>(ipv4);
    NS_ABORT_MSG_UNLESS(m_ipv4, "XfrmRouting: the node's Ipv4 must be an Ipv4L3Protocol");
    m_diversion = std::make_unique<xfrm::Diversion>(
        *m_ipv4,
        [this](const Ptr<Packet>& packet, const Ipv4Header& header, const Ptr<Ipv4Route>& route) {
            if (m_hook)
            {
                m_hook->SendLocal(packet, header, route);
            }
        });
    if (m_attachment == Attachment::Fresh)
    {
        m_wrapped->SetIpv4(ipv4);
        m_attachment = Attachment::Attached;
    }
}

void
XfrmRouting::AddRoutingProtocol(Ptr<Ipv4RoutingProtocol> routingProtocol, int16_t priority)
{
    NS_ABORT_MSG_UNLESS(m_wrappedList,
                        "XfrmRouting: the wrapped routing protocol is no list to add to");
    m_wrappedList->AddRoutingProtocol(routingProtocol, priority);
}

uint32_t
XfrmRouting::GetNRoutingProtocols() const
{
    return m_wrappedList ? m_wrappedList->GetNRoutingProtocols() : 1;
}

Ptr<Ipv4RoutingProtocol>
XfrmRouting::GetRoutingProtocol(uint32_t index, int16_t& priority) const
{
    if (m_wrappedList)
    {
        return m_wrappedList->GetRoutingProtocol(index, priority);
    }
    NS_ABORT_MSG_IF(index > 0, "XfrmRouting: routing protocol " << index << ": there is but one");
    priority = 0;
    return m_wrapped;
}

bool
XfrmRouting::IsForDevice(Ipv4Address destination, const Ipv4Route& route) const
{
    const int32_t interface = m_ipv4->GetInterfaceForDevice(route.GetOutputDevice());
    for (uint32_t i = 0; i < m_ipv4->GetNAddresses(interface); ++i)
    {
        if (m_ipv4->GetAddress(interface, i).GetBroadcast() == destination)
        {
            return true;
        }
    }
    // What this host sends to itself leaves by loopback in Linux, whose routes know no IPsec (R14).
    return m_ipv4->GetInterfaceForAddress(destination) >= 0;
}

Ptr<Ipv4Route>
XfrmRouting::RouteOutput(Ptr<Packet> p,
                         const Ipv4Header& header,
                         Ptr<NetDevice> oif,
                         Socket::SocketErrno& sockerr)
{
    Ptr<Ipv4Route> route = m_wrapped->RouteOutput(p, header, oif, sockerr);
    if (!route || !p || !m_hook || !m_hook->WantsLocal(*route) ||
        IsForDevice(header.GetDestination(), *route))
    {
        return route; // without a packet it is only a question (R3)
    }
    if (!m_diversion->IsReady())
    {
        if (m_nReceiving > 0)
        {
            return route;
        }
        m_diversion->Prepare();
    }
    return m_diversion->Divert(route, p->GetUid());
}

bool
XfrmRouting::RouteInput(Ptr<const Packet> p,
                        const Ipv4Header& header,
                        Ptr<const NetDevice> idev,
                        xfrm::RouteInputArgument<3> ucb,
                        xfrm::RouteInputArgument<4> mcb,
                        xfrm::RouteInputArgument<5> lcb,
                        xfrm::RouteInputArgument<6> ecb)
{
    // What a packet carries may be received while it is routed, so this runs within itself.
    ++m_nReceiving;
    bool isRouted = false;
    if (!m_hook || !m_hook->WantsReceived())
    {
        isRouted = m_wrapped->RouteInput(p, header, idev, ucb, mcb, lcb, ecb);
    }
    else
    {
        m_forwardByIp = ucb;
        const auto outer = std::exchange(m_input, idev);
        isRouted = m_wrapped->RouteInput(p, header, idev, m_forwardHere, mcb, lcb, ecb);
        m_input = outer;
    }
    --m_nReceiving;
    return isRouted;
}

void
XfrmRouting::Forward(const Ptr<Ipv4Route>& route,
                     const Ptr<const Packet>& packet,
                     const Ipv4Header& header)
{
    if (m_hook)
    {
        m_hook->Forward(packet, header, route, m_input, m_forwardByIp);
    }
}

bool
XfrmRouting::IsPseudo(uint32_t interface) const
{
    return m_diversion && m_diversion->IsPseudo(interface);
}

void
XfrmRouting::NotifyInterfaceUp(uint32_t interface)
{
    if (!IsPseudo(interface))
    {
        m_wrapped->NotifyInterfaceUp(interface);
    }
}

void
XfrmRouting::NotifyInterfaceDown(uint32_t interface)
{
    if (!IsPseudo(interface))
    {
        m_wrapped->NotifyInterfaceDown(interface);
    }
}

void
XfrmRouting::NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    if (!IsPseudo(interface))
    {
        m_wrapped->NotifyAddAddress(interface, address);
    }
}

void
XfrmRouting::NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    if (!IsPseudo(interface))
    {
        m_wrapped->NotifyRemoveAddress(interface, address);
    }
}

void
XfrmRouting::PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit unit) const
{
    m_wrapped->PrintRoutingTable(stream, unit);
}

} // namespace ns3
