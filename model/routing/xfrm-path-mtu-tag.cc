/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-path-mtu-tag.h"

#include "ns3/socket.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(XfrmPathMtuTag);

XfrmPathMtuTag::XfrmPathMtuTag(xfrm::PathMtuDiscovery discovery)
    : m_discovery(discovery)
{
}

TypeId
XfrmPathMtuTag::GetTypeId()
{
    static TypeId tid = TypeId("ns3::XfrmPathMtuTag")
                            .SetParent<Tag>()
                            .SetGroupName("Xfrm")
                            .AddConstructor<XfrmPathMtuTag>();
    return tid;
}

xfrm::PathMtuDiscovery
XfrmPathMtuTag::Get(const Packet& packet, xfrm::PathMtuDiscovery otherwise)
{
    XfrmPathMtuTag own;
    if (packet.PeekPacketTag(own))
    {
        return own.m_discovery;
    }
    SocketSetDontFragmentTag dontFragment;
    if (packet.PeekPacketTag(dontFragment) && dontFragment.IsEnabled())
    {
        return xfrm::PathMtuDiscovery::Do;
    }
    return otherwise;
}

TypeId
XfrmPathMtuTag::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
XfrmPathMtuTag::GetSerializedSize() const
{
    return 1;
}

void
XfrmPathMtuTag::Serialize(TagBuffer buffer) const
{
    buffer.WriteU8(static_cast<uint8_t>(m_discovery));
}

void
XfrmPathMtuTag::Deserialize(TagBuffer buffer)
{
    m_discovery = static_cast<xfrm::PathMtuDiscovery>(buffer.ReadU8());
}

void
XfrmPathMtuTag::Print(std::ostream& os) const
{
    os << "discovery=" << static_cast<uint32_t>(m_discovery);
}

} // namespace ns3
