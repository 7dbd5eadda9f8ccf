/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-fragmenter.h"
#include "xfrm-routing.h"

#include "ns3/icmpv4-l4-protocol.h"
#include "ns3/socket.h"

#include <utility>

namespace ns3
{

namespace
{

/**
 * @param protocol protocol of a packet of this host
 * @return whether the packet is whole when it is routed
 *
 * Raw sockets route what they send as it is.  UDP, TCP and ICMP add their headers later, and of
 * what raw sockets send by these protocols there is no telling.
 */
bool
IsWholeWhenRouted(uint8_t protocol)
{
    return protocol != xfrm::PROTO_UDP && protocol != xfrm::PROTO_TCP &&
           protocol != xfrm::PROTO_ICMP;
}

/// @return the header of a packet as Ipv4L3Protocol will complete it
Ipv4Header
Complete(const Ipv4Header& header, const Packet& packet, const Ipv4Route& route)
{
    Ipv4Header whole = header;
    if (header.GetSource().IsAny())
    {
        whole.SetSource(route.GetSource());
    }
    SocketIpTosTag tos;
    if (packet.PeekPacketTag(tos))
    {
        whole.SetTos(tos.GetTos());
    }
    return whole;
}

/// @return the socket error that is nearest to one of the kernel's
Socket::SocketErrno
ToSocketErrno(int32_t error)
{
    switch (error)
    {
    case 0:
        return Socket::ERROR_NOTERROR;
    case xfrm::error::AGAIN:
        return Socket::ERROR_AGAIN;
    case xfrm::error::INVAL:
        return Socket::ERROR_INVAL;
    default:
        return Socket::ERROR_NOROUTETOHOST; // ns-3 has no EPERM
    }
}

} // namespace

// What this host sends

Ptr<Ipv4Route>
XfrmRouting::RouteOutput(Ptr<Packet> p,
                         const Ipv4Header& header,
                         Ptr<NetDevice> oif,
                         Socket::SocketErrno& sockerr)
{
    Ptr<Ipv4Route> route = m_wrapped->RouteOutput(p, header, oif, sockerr);
    if (!route || !p || !m_hook ||
        !(m_cores || m_hook->WantsLocal(*route) || m_ipsec->WantsSize(*p)) ||
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
    if (!m_cores && IsWholeWhenRouted(header.GetProtocol()))
    {
        sockerr = ToSocketErrno(m_hook->DecideEarly(p, Complete(header, *p, *route), route));
        if (sockerr != Socket::ERROR_NOTERROR)
        {
            return nullptr;
        }
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
    if (!m_cores && !NeedsHook(header))
    {
        ++m_nReceiving;
        const bool isRouted = m_wrapped->RouteInput(p, header, idev, ucb, mcb, lcb, ecb);
        --m_nReceiving;
        return isRouted;
    }
    if (m_forwardByIp.IsNull())
    {
        m_forwardByIp = ucb;
        m_deliverByIp = lcb;
        m_multicastByIp = mcb;
        m_refuseByIp = ecb;
    }
    if (m_cores)
    {
        Queue(p, header, idev);
        return true;
    }
    return Route(p, header, idev, m_multicastByIp, m_refuseByIp);
}

bool
XfrmRouting::NeedsHook(const Ipv4Header& header) const
{
    return m_hook && (m_hook->WantsReceived() || xfrm::IsFragment(header) ||
                      header.IsDontFragment() || header.GetProtocol() == xfrm::PROTO_ICMP);
}

bool
XfrmRouting::Route(const Ptr<const Packet>& packet,
                   const Ipv4Header& header,
                   const Ptr<const NetDevice>& input,
                   const MulticastForwardCallback& multicast,
                   const ErrorCallback& refuse)
{
    // What a packet carries may be received while it is routed, so this runs within itself.
    ++m_nReceiving;
    const auto* const outer = std::exchange(m_input, PeekPointer(input));
    const bool isRouted =
        m_wrapped
            ->RouteInput(packet, header, input, m_forwardHere, multicast, m_deliverHere, refuse);
    m_input = outer;
    --m_nReceiving;
    return isRouted;
}

void
XfrmRouting::Queue(const Ptr<const Packet>& packet,
                   const Ipv4Header& header,
                   const Ptr<const NetDevice>& input)
{
    ++m_nReceiving; // an idle core begins at once
    if (const auto* arriving = m_ipsec->GetReceive().GetArriving())
    {
        m_cores->ReceiveAnew([this, packet, header, input, path = *arriving]() mutable {
            ++m_cores->GetJobWork().packet.nReinjected;
            auto* const outer = m_ipsec->GetReceive().ExchangeArriving(&path);
            Input(packet, header, input);
            m_ipsec->GetReceive().ExchangeArriving(outer);
        });
    }
    else if (input == m_loopback || header.GetSource() == header.GetDestination())
    {
        // Between two of its addresses ns-3 shows no difference from what comes by the device.
        m_cores->ReceiveLoopback(*packet, header, [this, packet, header, input] {
            ++m_cores->GetJobWork().packet.nReinjected;
            Input(packet, header, input);
        });
    }
    else if (!m_cores->Receive(input->GetIfIndex(), *packet, header, [this, packet, header, input] {
                 ++m_cores->GetJobWork().packet.nReceived;
                 Input(packet, header, input);
             }))
    {
        m_ringDropTrace(packet, header, input);
    }
    --m_nReceiving;
}

void
XfrmRouting::Input(const Ptr<const Packet>& packet,
                   const Ipv4Header& header,
                   const Ptr<const NetDevice>& input)
{
    if (!Route(packet, header, input, m_multicastHere, m_refuseHere))
    {
        Refuse(packet, header, Socket::ERROR_NOROUTETOHOST);
    }
}

void
XfrmRouting::QueueLocal(const Ptr<Packet>& packet,
                        const Ipv4Header& header,
                        const Ptr<Ipv4Route>& route)
{
    m_cores->Send(*packet, header, [this, packet, header, route] {
        SendLocal(packet, header, route);
    });
}

void
XfrmRouting::SendLocal(const Ptr<Packet>& packet,
                       const Ipv4Header& header,
                       const Ptr<Ipv4Route>& route)
{
    ++m_cores->GetJobWork().packet.nSent;
    ++m_cores->GetJobWork().packet.nTransmitted;
    if (m_hook && m_hook->WantsLocal(*route))
    {
        m_hook->SendLocal(packet, header, route);
        return;
    }
    m_cores->Emit([this, packet, header, route] { m_ipv4->SendWithHeader(packet, header, route); });
}

bool
XfrmRouting::IsLate() const
{
    return m_cores && !m_cores->IsBeginning();
}

void
XfrmRouting::Multicast(const Ptr<Ipv4MulticastRoute>& route,
                       const Ptr<const Packet>& packet,
                       const Ipv4Header& header)
{
    if (IsLate())
    {
        m_cores->Do(0, xfrm::JobContext::Softirq, [this, route, packet, header] {
            Multicast(route, packet, header);
        });
        return;
    }
    m_cores->Note(xfrm::ReceiveOutcome::Forwarded);
    m_cores->Emit([this, route, packet, header] { m_multicastByIp(route, packet, header); });
}

void
XfrmRouting::Refuse(const Ptr<const Packet>& packet,
                    const Ipv4Header& header,
                    Socket::SocketErrno error)
{
    if (IsLate())
    {
        m_refuseByIp(packet, header, error);
        return;
    }
    m_cores->Note(xfrm::ReceiveOutcome::Dropped);
    m_cores->Emit([this, packet, header, error] { m_refuseByIp(packet, header, error); });
}

void
XfrmRouting::Forward(const Ptr<Ipv4Route>& route,
                     const Ptr<const Packet>& packet,
                     const Ipv4Header& header)
{
    if (IsLate())
    {
        m_cores->Do(0, xfrm::JobContext::Softirq, [this, route, packet, header] {
            Forward(route, packet, header);
        });
    }
    else if (NeedsHook(header))
    {
        m_hook->Forward(packet, header, route, m_input, m_forwardByIp);
    }
    else if (m_cores)
    {
        m_cores->Note(xfrm::ReceiveOutcome::Forwarded);
        m_cores->Emit([this, route, packet, header] { m_forwardByIp(route, packet, header); });
    }
    else
    {
        m_forwardByIp(route, packet, header);
    }
}

void
XfrmRouting::Deliver(const Ptr<const Packet>& packet, const Ipv4Header& header, uint32_t interface)
{
    if (IsLate())
    {
        m_cores->Do(0, xfrm::JobContext::Softirq, [this, packet, header, interface] {
            Deliver(packet, header, interface);
        });
        return;
    }
    const bool isOpened = xfrm::NodeReceive::Opens(header.GetProtocol());
    if (m_hook && !isOpened && xfrm::IsFragment(header) && m_hook->WantsReceived())
    {
        if (m_cores)
        {
            m_cores->Note(xfrm::ReceiveOutcome::Delivered);
        }
        m_reassembly->Deliver(packet, header, interface, m_deliverByIp);
        return;
    }
    const bool mayBeTaken = !isOpened && !xfrm::IsFragment(header); // it may be UDP, then
    if (m_hook && (!m_hook->AllowsDelivery(packet, header, interface) ||
                   (mayBeTaken && m_hook->Take(packet, header, interface))))
    {
        return;
    }
    if (!m_cores || isOpened)
    {
        DeliverByIp(packet, header, interface);
        return;
    }
    m_cores->Note(xfrm::ReceiveOutcome::Delivered);
    m_cores->Emit([this, packet, header, interface] { DeliverByIp(packet, header, interface); });
}

void
XfrmRouting::DeliverByIp(const Ptr<const Packet>& packet,
                         const Ipv4Header& header,
                         uint32_t interface)
{
    if (xfrm::IsFragment(header))
    {
        m_deliverByIp(xfrm::MakeReal(*packet), header, interface);
        return;
    }
    m_deliverByIp(packet, header, interface);
}

IpL4Protocol::RxStatus
XfrmRouting::DeliverWhole(const Ptr<Packet>& packet,
                          const Ipv4Header& header,
                          const Ptr<Ipv4Interface>& interface,
                          const Ptr<IpL4Protocol>& protocol)
{
    const int32_t index = m_ipv4->GetInterfaceForDevice(interface->GetDevice());
    m_ipsec->GetReceive().NameArriving(packet->GetUid());
    if (!m_hook->AllowsDelivery(packet, header, index) || m_hook->Take(packet, header, index))
    {
        return IpL4Protocol::RX_OK;
    }
    if (!m_cores)
    {
        return protocol->Receive(packet, header, interface);
    }
    m_cores->Emit([ipv4 = m_ipv4, packet, header, interface, protocol] {
        const Ptr<Packet> kept = packet->Copy();
        if (protocol->Receive(packet, header, interface) == IpL4Protocol::RX_ENDPOINT_UNREACH)
        {
            ipv4->GetObject<Icmpv4L4Protocol>()->SendDestUnreachPort(header, kept);
        }
    });
    return IpL4Protocol::RX_OK;
}

} // namespace ns3
