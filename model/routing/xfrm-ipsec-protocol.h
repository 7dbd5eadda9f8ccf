/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IPSEC_PROTOCOL_H
#define XFRM_IPSEC_PROTOCOL_H

#include "xfrm-node-receive.h"

#include "ns3/ip-l4-protocol.h"

namespace ns3
{

/**
 * @ingroup xfrm
 * @brief Hands received packets of an IPsec protocol to a node's IPsec: ESP (50), AH (51), IPcomp
 * (108), or IP in IP (4).
 *
 * What they carry never passes here on its way down: chains send by
 * Ipv4L3Protocol::SendWithHeader().
 */
class XfrmIpsecProtocol : public IpL4Protocol
{
  public:
    /// @return the type
    static TypeId GetTypeId();

    XfrmIpsecProtocol() = default;

    /// @param number the protocol @param receive takes its packets, and must be told to let go
    XfrmIpsecProtocol(uint8_t number, xfrm::NodeReceive& receive);

    /// @brief Drop packets from now on.
    void LetGo();

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
    uint8_t m_number{xfrm::PROTO_ESP};     //!< the protocol
    xfrm::NodeReceive* m_receive{nullptr}; //!< takes the packets; null: they are dropped
};

} // namespace ns3

#endif // XFRM_IPSEC_PROTOCOL_H
