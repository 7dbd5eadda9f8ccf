/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-net-device.h"

#include "ns3/channel.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(XfrmNetDevice);

TypeId
XfrmNetDevice::GetTypeId()
{
    static TypeId tid = TypeId("ns3::XfrmNetDevice")
                            .SetParent<NetDevice>()
                            .SetGroupName("Xfrm")
                            .AddConstructor<XfrmNetDevice>();
    return tid;
}

void
XfrmNetDevice::DoDispose()
{
    m_node = nullptr;
    NetDevice::DoDispose();
}

void
XfrmNetDevice::SetIfIndex(const uint32_t index)
{
    m_ifIndex = index;
}

uint32_t
XfrmNetDevice::GetIfIndex() const
{
    return m_ifIndex;
}

Ptr<Channel>
XfrmNetDevice::GetChannel() const
{
    return nullptr;
}

void
XfrmNetDevice::SetAddress(Address address)
{
    m_address = Mac48Address::ConvertFrom(address);
}

Address
XfrmNetDevice::GetAddress() const
{
    return m_address;
}

bool
XfrmNetDevice::SetMtu(const uint16_t mtu)
{
    return mtu == MTU;
}

uint16_t
XfrmNetDevice::GetMtu() const
{
    return MTU;
}

bool
XfrmNetDevice::IsLinkUp() const
{
    return true;
}

void
XfrmNetDevice::AddLinkChangeCallback(Callback<void> callback)
{
}

bool
XfrmNetDevice::IsBroadcast() const
{
    return true;
}

Address
XfrmNetDevice::GetBroadcast() const
{
    static const Address broadcast = Mac48Address::GetBroadcast();
    return broadcast;
}

bool
XfrmNetDevice::IsMulticast() const
{
    return true;
}

Address
XfrmNetDevice::GetMulticast(Ipv4Address multicastGroup) const
{
    return Mac48Address::GetMulticast(multicastGroup);
}

Address
XfrmNetDevice::GetMulticast(Ipv6Address addr) const
{
    return Mac48Address::GetMulticast(addr);
}

bool
XfrmNetDevice::IsBridge() const
{
    return false;
}

bool
XfrmNetDevice::IsPointToPoint() const
{
    return false;
}

bool
XfrmNetDevice::Send(Ptr<Packet> /*packet*/, const Address& /*dest*/, uint16_t /*protocolNumber*/)
{
    return false;
}

bool
XfrmNetDevice::SendFrom(Ptr<Packet> /*packet*/,
                        const Address& /*source*/,
                        const Address& /*dest*/,
                        uint16_t /*protocolNumber*/)
{
    return false;
}

Ptr<Node>
XfrmNetDevice::GetNode() const
{
    return m_node;
}

void
XfrmNetDevice::SetNode(Ptr<Node> node)
{
    m_node = node;
}

bool
XfrmNetDevice::NeedsArp() const
{
    return false;
}

void
XfrmNetDevice::SetReceiveCallback(ReceiveCallback cb)
{
}

void
XfrmNetDevice::SetPromiscReceiveCallback(PromiscReceiveCallback cb)
{
}

bool
XfrmNetDevice::SupportsSendFrom() const
{
    return false;
}

} // namespace ns3
