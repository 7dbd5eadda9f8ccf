/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_NET_DEVICE_H
#define XFRM_NET_DEVICE_H

#include "ns3/mac48-address.h"
#include "ns3/net-device.h"
#include "ns3/node.h"

#include <cstdint>

namespace ns3
{

/**
 * @ingroup xfrm
 * @brief The device that diverted packets seem to leave by: a name for Ipv4, no way out.
 *
 * Ipv4L3Protocol cuts a packet to the MTU of the device of its route, so packets that IPsec has yet
 * to see are given a route by this device: it takes the largest packet whole.  They never reach it,
 * since they are caught between IP and device.  @see xfrm::Diversion
 *
 * Left out, since nothing is ever sent or received here: channel, link changes, receive callbacks.
 */
class XfrmNetDevice : public NetDevice
{
  public:
    /// Largest IP packet [bytes]
    static constexpr uint16_t MTU{65535};

    /// @return the type
    static TypeId GetTypeId();

    void SetIfIndex(const uint32_t index) override;
    uint32_t GetIfIndex() const override;
    Ptr<Channel> GetChannel() const override;
    void SetAddress(Address address) override;
    Address GetAddress() const override;
    bool SetMtu(const uint16_t mtu) override;
    uint16_t GetMtu() const override;
    bool IsLinkUp() const override;
    void AddLinkChangeCallback(Callback<void> callback) override;
    bool IsBroadcast() const override;
    Address GetBroadcast() const override;
    bool IsMulticast() const override;
    Address GetMulticast(Ipv4Address multicastGroup) const override;
    Address GetMulticast(Ipv6Address addr) const override;
    bool IsBridge() const override;
    bool IsPointToPoint() const override;
    bool Send(Ptr<Packet> packet, const Address& dest, uint16_t protocolNumber) override;
    bool SendFrom(Ptr<Packet> packet,
                  const Address& source,
                  const Address& dest,
                  uint16_t protocolNumber) override;
    Ptr<Node> GetNode() const override;
    void SetNode(Ptr<Node> node) override;
    bool NeedsArp() const override;
    void SetReceiveCallback(ReceiveCallback cb) override;
    void SetPromiscReceiveCallback(PromiscReceiveCallback cb) override;
    bool SupportsSendFrom() const override;

  protected:
    void DoDispose() override;

  private:
    Ptr<Node> m_node;       //!< the node
    uint32_t m_ifIndex{0};  //!< index among the node's devices
    Mac48Address m_address; //!< address, of no use
};

} // namespace ns3

#endif // XFRM_NET_DEVICE_H
