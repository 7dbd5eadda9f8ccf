/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_ESP_PROTOCOL_H
#define XFRM_ESP_PROTOCOL_H

#include "xfrm-node-ipsec.h"

#include "ns3/ip-l4-protocol.h"

namespace ns3
{

/**
 * @ingroup xfrm
 * @brief Hands received ESP packets (protocol 50) of a node to its IPsec.
 *
 * What ESP packets carry never passes here on its way down: chains send by
 * Ipv4L3Protocol::SendWithHeader().
 */
class XfrmEspProtocol : public IpL4Protocol
{
  public:
    /// @return the type
    static TypeId GetTypeId();

    /// @brief Say who takes the packets.  @param ipsec takes them; null: they are dropped
    void SetIpsec(xfrm::NodeIpsec* ipsec);

    int GetProtocolNumber() const override;
    RxStatus Receive(Ptr<Packet> p,
                     const Ipv4Header& header,
                     Ptr<Ipv4Interface> incomingInterface) override;
    RxStatus Receive(Ptr<Packet> p,
                     const Ipv6Header& header,
                     Ptr<Ipv6Interface> incomingInterface) override;
    void SetDownTarget(DownTargetCallback cb) override;
    void SetDownTarget6(DownTargetCallback6 cb) override;
    DownTargetCallback GetDownTarget() const override;
    DownTargetCallback6 GetDownTarget6() const override;

  private:
    xfrm::NodeIpsec* m_ipsec{nullptr}; //!< takes the packets
};

} // namespace ns3

#endif // XFRM_ESP_PROTOCOL_H
