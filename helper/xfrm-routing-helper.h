/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_ROUTING_HELPER_H
#define XFRM_ROUTING_HELPER_H

#include "ns3/ipv4-routing-helper.h"
#include "ns3/object-factory.h"

#include <memory>
#include <string>

namespace ns3
{

/**
 * @ingroup xfrm
 * @brief Installs IPsec together with the IP stack: for InternetStackHelper::SetRoutingHelper().
 *
 * @code
 * InternetStackHelper stack;
 * stack.SetRoutingHelper(XfrmRoutingHelper(OlsrHelper()));
 * @endcode
 *
 * @see XfrmHelper for nodes that have their IP stack
 */
class XfrmRoutingHelper : public Ipv4RoutingHelper
{
  public:
    /// @param wrapped makes the protocol that finds the routes; copied
    explicit XfrmRoutingHelper(const Ipv4RoutingHelper& wrapped);

    XfrmRoutingHelper(const XfrmRoutingHelper& other);
    XfrmRoutingHelper& operator=(const XfrmRoutingHelper&) = delete;
    XfrmRoutingHelper(XfrmRoutingHelper&&) = delete;
    XfrmRoutingHelper& operator=(XfrmRoutingHelper&&) = delete;
    ~XfrmRoutingHelper() override;

    /// @brief Set an attribute of each XfrmRouting that is made from now on.
    /// @param name its name @param value its value
    void SetAttribute(const std::string& name, const AttributeValue& value);

    XfrmRoutingHelper* Copy() const override;
    Ptr<Ipv4RoutingProtocol> Create(Ptr<Node> node) const override;

  private:
    std::unique_ptr<const Ipv4RoutingHelper> m_wrapped; //!< makes what finds the routes
    ObjectFactory m_factory;                            //!< makes the XfrmRouting
};

} // namespace ns3

#endif // XFRM_ROUTING_HELPER_H
