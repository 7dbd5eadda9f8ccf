/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IPIP_H
#define XFRM_IPIP_H

#include "xfrm-transform-type.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief IPv4 in IPv4 (RFC 2003): what takes tunnel packets that IPcomp left as they are.
 *
 * Source: xfrm_tunnel_init_state() and xfrm_tunnel_rcv(), net/ipv4/xfrm4_tunnel.c, Linux 4.1
 * (R235).  Only of the states that a StateDatabase makes for IPcomp.
 */
class Ipip : public TransformType
{
  public:
    uint32_t GetHeaderLength() const override;
    uint32_t GetTrailerLength() const override;
    std::optional<uint32_t> GetMtu(uint32_t mtu) const override;
    uint32_t GetSealedLength(uint32_t clearBytes, uint32_t padToBytes) const override;
    uint8_t GetAuthNumber() const override;
    CryptoClasses GetCrypto() const override;
    std::unique_ptr<LayerCodec> MakeCodec(const StateConfig& config) const override;
};

} // namespace ns3::xfrm

#endif // XFRM_IPIP_H
