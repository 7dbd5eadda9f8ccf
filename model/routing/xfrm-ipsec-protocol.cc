/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ipsec-protocol.h"

#include "ns3/xfrm-ipsec.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(XfrmIpsecProtocol);

TypeId
XfrmIpsecProtocol::GetTypeId()
{
    static TypeId tid = TypeId("ns3::XfrmIpsecProtocol")
                            .SetParent<IpL4Protocol>()
                            .SetGroupName("Xfrm")
                            .AddConstructor<XfrmIpsecProtocol>();
    return tid;
}

XfrmIpsecProtocol::XfrmIpsecProtocol(uint8_t number, xfrm::NodeReceive& receive)
    : m_number(number),
      m_receive(&receive)
{
}

void
XfrmIpsecProtocol::LetGo()
{
    m_receive = nullptr;
}

int
XfrmIpsecProtocol::GetProtocolNumber() const
{
    return m_number;
}

IpL4Protocol::RxStatus
XfrmIpsecProtocol::Receive(Ptr<Packet> p,
                           const Ipv4Header& header,
                           Ptr<Ipv4Interface> incomingInterface)
{
    if (m_receive)
    {
        Ipv4Header whole = header; // of the fragment that came last
        whole.SetLastFragment();
        m_receive->Receive(p, whole, incomingInterface);
    }
    return RX_OK;
}

IpL4Protocol::RxStatus
XfrmIpsecProtocol::Receive(Ptr<Packet> /*p*/,
                           const Ipv6Header& /*header*/,
                           Ptr<Ipv6Interface> /*incomingInterface*/)
{
    return RX_ENDPOINT_UNREACH;
}

void
XfrmIpsecProtocol::SetDownTarget(DownTargetCallback /*cb*/)
{
}

void
XfrmIpsecProtocol::SetDownTarget6(DownTargetCallback6 /*cb*/)
{
}

IpL4Protocol::DownTargetCallback
XfrmIpsecProtocol::GetDownTarget() const
{
    return {};
}

IpL4Protocol::DownTargetCallback6
XfrmIpsecProtocol::GetDownTarget6() const
{
    return {};
}

} // namespace ns3
