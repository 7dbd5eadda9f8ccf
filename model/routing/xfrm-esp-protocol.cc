/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-esp-protocol.h"

#include "ns3/xfrm-ipsec.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(XfrmEspProtocol);

TypeId
XfrmEspProtocol::GetTypeId()
{
    static TypeId tid = TypeId("ns3::XfrmEspProtocol")
                            .SetParent<IpL4Protocol>()
                            .SetGroupName("Xfrm")
                            .AddConstructor<XfrmEspProtocol>();
    return tid;
}

void
XfrmEspProtocol::SetIpsec(xfrm::NodeIpsec* ipsec)
{
    m_ipsec = ipsec;
}

int
XfrmEspProtocol::GetProtocolNumber() const
{
    return xfrm::PROTO_ESP;
}

IpL4Protocol::RxStatus
XfrmEspProtocol::Receive(Ptr<Packet> p,
                         const Ipv4Header& header,
                         Ptr<Ipv4Interface> incomingInterface)
{
    if (m_ipsec)
    {
        m_ipsec->ReceiveEsp(p, header, incomingInterface);
    }
    return RX_OK;
}

IpL4Protocol::RxStatus
XfrmEspProtocol::Receive(Ptr<Packet> /*p*/,
                         const Ipv6Header& /*header*/,
                         Ptr<Ipv6Interface> /*incomingInterface*/)
{
    return RX_ENDPOINT_UNREACH;
}

void
XfrmEspProtocol::SetDownTarget(DownTargetCallback /*cb*/)
{
}

void
XfrmEspProtocol::SetDownTarget6(DownTargetCallback6 /*cb*/)
{
}

IpL4Protocol::DownTargetCallback
XfrmEspProtocol::GetDownTarget() const
{
    return {};
}

IpL4Protocol::DownTargetCallback6
XfrmEspProtocol::GetDownTarget6() const
{
    return {};
}

} // namespace ns3
