/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-socket-policies.h"

#include "ns3/assert.h"

#include <tuple>
#include <utility>

namespace ns3::xfrm
{

SocketEndpoint
SocketEndpoint::OfFlow(const Flow& flow, Direction direction)
{
    const uint8_t proto = flow.common.proto;
    const bool hasPorts = proto == PROTO_UDP || proto == PROTO_UDPLITE || proto == PROTO_TCP ||
                          proto == PROTO_SCTP || proto == PROTO_DCCP;
    const uint16_t sourcePort = hasPorts ? flow.GetSourcePort() : 0;
    const uint16_t destinationPort = hasPorts ? flow.GetDestinationPort() : 0;
    if (direction == Direction::In)
    {
        return {flow.family, proto, flow.destination, destinationPort, flow.source, sourcePort};
    }
    return {flow.family, proto, flow.source, sourcePort, flow.destination, destinationPort};
}

SocketEndpoint
SocketEndpoint::Disconnected() const
{
    return {family, proto, localAddress, localPort, {}, 0};
}

SocketEndpoint
SocketEndpoint::Unbound() const
{
    return {family, proto, {}, localPort, {}, 0};
}

bool
SocketEndpoint::operator<(const SocketEndpoint& other) const
{
    const auto getTuple = [](const SocketEndpoint& end) {
        return std::tie(end.family,
                        end.proto,
                        end.localPort,
                        end.remotePort,
                        end.localAddress.GetWords(),
                        end.remoteAddress.GetWords());
    };
    return getTuple(*this) < getTuple(other);
}

SocketPolicies::SocketPolicies(PolicyDatabase& database)
    : m_database(database)
{
}

SocketPolicies::Setting
SocketPolicies::Set(const SocketEndpoint& socket, const Ptr<Policy>& policy, uint64_t now)
{
    const PolicyConfig& config = policy->GetConfig();
    if (config.direction == Direction::Forward || config.type != PolicyType::Main)
    {
        return {.error = error::INVAL, .replaced = nullptr};
    }
    m_database.AddOfSocket(policy, now);
    Ptr<Policy> old =
        std::exchange(m_sockets[socket].at(static_cast<size_t>(config.direction)), policy);
    if (old)
    {
        m_database.RemoveOfSocket(old);
    }
    return {.error = 0, .replaced = old};
}

void
SocketPolicies::Clone(const SocketEndpoint& listener, const SocketEndpoint& child)
{
    NS_ASSERT_MSG(!m_sockets.contains(child), "a new socket has no policies");
    const auto found = m_sockets.find(listener);
    if (found == m_sockets.end())
    {
        return;
    }
    Pair clones;
    for (size_t direction = 0; direction < clones.size(); ++direction)
    {
        if (const Ptr<Policy>& policy = found->second.at(direction))
        {
            clones.at(direction) = m_database.CloneOfSocket(*policy);
        }
    }
    m_sockets.emplace(child, clones);
}

void
SocketPolicies::Rename(const SocketEndpoint& from, const SocketEndpoint& to)
{
    if (const auto found = m_sockets.find(from); found != m_sockets.end() && from != to)
    {
        Close(to);
        m_sockets[to] = found->second;
        m_sockets.erase(from);
    }
}

void
SocketPolicies::Close(const SocketEndpoint& socket)
{
    const auto found = m_sockets.find(socket);
    if (found == m_sockets.end())
    {
        return;
    }
    for (const Ptr<Policy>& policy : found->second)
    {
        if (policy)
        {
            m_database.RemoveOfSocket(policy);
        }
    }
    m_sockets.erase(found);
}

Ptr<Policy>
SocketPolicies::Get(const SocketEndpoint& socket, Direction direction) const
{
    const auto found = m_sockets.find(socket);
    return found != m_sockets.end() ? found->second.at(static_cast<size_t>(direction)) : nullptr;
}

bool
SocketPolicies::Has(const SocketEndpoint& socket, Direction direction) const
{
    const Pair* policies = Find(socket);
    return policies && policies->at(static_cast<size_t>(direction));
}

Ptr<Policy>
SocketPolicies::Lookup(const SocketEndpoint& socket,
                       Direction direction,
                       const Flow& flow,
                       uint32_t mark) const
{
    const Pair* policies = Find(socket);
    if (!policies)
    {
        return nullptr;
    }
    const Ptr<Policy>& policy = policies->at(static_cast<size_t>(direction));
    if (!policy || !policy->GetConfig().selector.Matches(flow, socket.family) ||
        !policy->GetConfig().mark.Takes(mark))
    {
        return nullptr;
    }
    return policy;
}

/// @return policies of the socket that has these ends, null if there is none with policies
const SocketPolicies::Pair*
SocketPolicies::Find(const SocketEndpoint& socket) const
{
    for (const SocketEndpoint& end : {socket, socket.Disconnected(), socket.Unbound()})
    {
        if (const auto found = m_sockets.find(end); found != m_sockets.end())
        {
            return &found->second;
        }
    }
    return nullptr;
}

} // namespace ns3::xfrm
