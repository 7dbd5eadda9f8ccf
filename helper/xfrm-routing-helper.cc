/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-routing-helper.h"

#include "ns3/node.h"
#include "ns3/xfrm-routing.h"

namespace ns3
{

XfrmRoutingHelper::XfrmRoutingHelper(const Ipv4RoutingHelper& wrapped)
    : m_wrapped(wrapped.Copy()),
      m_factory("ns3::XfrmRouting")
{
}

XfrmRoutingHelper::XfrmRoutingHelper(const XfrmRoutingHelper& other)
    : Ipv4RoutingHelper(other),
      m_wrapped(other.m_wrapped->Copy()),
      m_factory(other.m_factory)
{
}

XfrmRoutingHelper::~XfrmRoutingHelper() = default;

void
XfrmRoutingHelper::SetAttribute(const std::string& name, const AttributeValue& value)
{
    m_factory.Set(name, value);
}

XfrmRoutingHelper*
XfrmRoutingHelper::Copy() const
{
    return new XfrmRoutingHelper(*this);
}

Ptr<Ipv4RoutingProtocol>
XfrmRoutingHelper::Create(Ptr<Node> node) const
{
    const auto routing = m_factory.Create<XfrmRouting>();
    routing->Wrap(m_wrapped->Create(node), XfrmRouting::Attachment::Fresh);
    return routing;
}

} // namespace ns3
