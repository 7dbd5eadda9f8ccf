/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-helper.h"

#include "ns3/ipv4.h"

namespace ns3
{

XfrmHelper::XfrmHelper()
    : m_factory("ns3::XfrmRouting")
{
}

void
XfrmHelper::SetAttribute(const std::string& name, const AttributeValue& value)
{
    m_factory.Set(name, value);
}

Ptr<XfrmRouting>
XfrmHelper::Install(Ptr<Node> node) const
{
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    NS_ABORT_MSG_UNLESS(ipv4 && ipv4->GetRoutingProtocol(),
                        "XfrmHelper: node " << node->GetId()
                                            << " must have its IP stack before IPsec");
    NS_ABORT_MSG_IF(GetRouting(node), "XfrmHelper: node " << node->GetId() << " has IPsec already");
    const auto routing = m_factory.Create<XfrmRouting>();
    routing->Wrap(ipv4->GetRoutingProtocol(), XfrmRouting::Attachment::Attached);
    ipv4->SetRoutingProtocol(routing);
    return routing;
}

void
XfrmHelper::Install(const NodeContainer& nodes) const
{
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        Install(*node);
    }
}

Ptr<XfrmRouting>
XfrmHelper::GetRouting(Ptr<Node> node)
{
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    return ipv4 ? DynamicCast<XfrmRouting>(ipv4->GetRoutingProtocol()) : nullptr;
}

} // namespace ns3
