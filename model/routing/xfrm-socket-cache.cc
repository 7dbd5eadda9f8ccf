/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-socket-cache.h"

#include "ns3/inet-socket-address.h"
#include "ns3/object-vector.h"
#include "ns3/socket.h"
#include "ns3/udp-l4-protocol.h"
#include "ns3/xfrm-ipsec.h"
#include "ns3/xfrm-jhash.h"

#include <array>

namespace ns3::xfrm
{

SocketCache::SocketCache(Ipv4L3Protocol& ipv4)
    : m_ipv4(ipv4)
{
}

size_t
SocketCache::EndpointHash::operator()(const Endpoint& endpoint) const
{
    const std::array<uint32_t, 4> words{endpoint.source.Get(),
                                        endpoint.destination.Get(),
                                        endpoint.ports,
                                        endpoint.proto};
    return Jhash2(words.data(), words.size(), 0);
}

bool
SocketCache::HasSocket(const Flow& flow)
{
    return flow.common.proto == PROTO_TCP || flow.common.proto == PROTO_UDP;
}

SocketCache::Endpoint
SocketCache::MakeEndpoint(const Flow& flow)
{
    return {flow.source.GetIpv4(),
            flow.destination.GetIpv4(),
            static_cast<uint32_t>(flow.GetSourcePort()) << 16 | flow.GetDestinationPort(),
            flow.common.proto};
}

bool
SocketCache::IsConnected(const Endpoint& endpoint) const
{
    if (endpoint.proto == PROTO_TCP)
    {
        return true;
    }
    const auto udp = m_ipv4.GetObject<UdpL4Protocol>();
    if (!udp)
    {
        return false;
    }
    const auto localPort = static_cast<uint16_t>(endpoint.ports >> 16);
    const InetSocketAddress wanted(endpoint.destination, static_cast<uint16_t>(endpoint.ports));
    ObjectVectorValue sockets;
    udp->GetAttribute("SocketList", sockets);
    for (auto each = sockets.Begin(); each != sockets.End(); ++each)
    {
        const auto socket = DynamicCast<Socket>(each->second);
        Address local;
        Address peer;
        if (socket && socket->GetSockName(local) == 0 && InetSocketAddress::IsMatchingType(local) &&
            InetSocketAddress::ConvertFrom(local).GetPort() == localPort &&
            socket->GetPeerName(peer) == 0 && InetSocketAddress::IsMatchingType(peer) &&
            InetSocketAddress::ConvertFrom(peer).GetIpv4() == wanted.GetIpv4() &&
            InetSocketAddress::ConvertFrom(peer).GetPort() == wanted.GetPort())
        {
            return true;
        }
    }
    return false;
}

SocketCache::Entry&
SocketCache::GetEntry(const Endpoint& endpoint)
{
    const auto [place, isNew] = m_entries.try_emplace(endpoint);
    if (isNew)
    {
        place->second.keepsChain = IsConnected(endpoint);
    }
    return place->second;
}

const OutputDecision*
SocketCache::Find(const Flow& flow)
{
    if (!HasSocket(flow))
    {
        return nullptr;
    }
    const auto place = m_entries.find(MakeEndpoint(flow));
    if (place == m_entries.end() || !place->second.isSet)
    {
        return nullptr;
    }
    Entry& entry = place->second;
    const bool isValid =
        entry.decision.bundle ? entry.decision.bundle->IsOk() : entry.route->IsValid();
    if (!isValid)
    {
        entry.isSet = false;
        entry.decision = {};
        entry.route = nullptr;
        return nullptr;
    }
    return &entry.decision;
}

void
SocketCache::Store(const Flow& flow, const OutputDecision& decision, const Ptr<Route>& route)
{
    const bool isLasting =
        decision.verdict == OutputVerdict::Plain || decision.verdict == OutputVerdict::Transform;
    if (!isLasting || !HasSocket(flow))
    {
        return;
    }
    Entry& entry = GetEntry(MakeEndpoint(flow));
    if (entry.keepsChain)
    {
        entry.isSet = true;
        entry.decision = {.verdict = decision.verdict, .bundle = decision.bundle};
        entry.route = route;
    }
}

void
SocketCache::Forget(const SocketEndpoint& socket)
{
    std::erase_if(m_entries, [&](const auto& entry) {
        const Endpoint& known = entry.first;
        const bool isRemote =
            socket.remotePort == 0 || (known.destination == socket.remoteAddress.GetIpv4() &&
                                       (known.ports & UINT16_MAX) == socket.remotePort);
        return isRemote && known.proto == socket.proto && known.ports >> 16 == socket.localPort &&
               (socket.localAddress.IsAny() || known.source == socket.localAddress.GetIpv4());
    });
}

} // namespace ns3::xfrm
