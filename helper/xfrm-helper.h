/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_HELPER_H
#define XFRM_HELPER_H

#include "ns3/node-container.h"
#include "ns3/object-factory.h"
#include "ns3/xfrm-routing.h"

#include <string>

namespace ns3
{

/**
 * @ingroup xfrm
 * @brief Puts IPsec on nodes that have their IP stack, addresses and routing protocol.
 *
 * @see XfrmRoutingHelper for nodes that are about to get their IP stack
 */
class XfrmHelper
{
  public:
    XfrmHelper();

    /// @brief Set an attribute of each XfrmRouting that is installed from now on.
    /// @param name its name @param value its value
    void SetAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Wrap a node's routing protocol.
     * @param node the node; aborts if it has no Ipv4, no routing protocol, or IPsec already
     * @return its new routing protocol
     */
    Ptr<XfrmRouting> Install(Ptr<Node> node) const;

    /// @brief Wrap the routing protocols of some nodes, one by one.  @param nodes the nodes
    void Install(const NodeContainer& nodes) const;

    /// @param node a node @return what was installed on it, null if nothing was
    static Ptr<XfrmRouting> GetRouting(Ptr<Node> node);

  private:
    ObjectFactory m_factory; //!< makes what is installed
};

} // namespace ns3

#endif // XFRM_HELPER_H
