/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IPCOMP_H
#define XFRM_IPCOMP_H

#include "ns3/xfrm-state-config.h"
#include "ns3/xfrm-transform-type.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief What IP Payload Compression (RFC 3173) adds to a packet: nothing that is known before.
 *
 * Source: ipcomp4_init_state(), net/ipv4/ipcomp.c, ipcomp_init_state(), net/xfrm/xfrm_ipcomp.c, and
 * verify_newsa_info(), net/xfrm/xfrm_user.c, Linux 4.1 (R235).  Left out: the IPIP state that Linux
 * adds beside one of tunnel mode, which is its database's.
 */
class Ipcomp : public TransformType
{
  public:
    /**
     * @param config a state of IPcomp
     * @throws std::invalid_argument for algorithms, SPIs or options that Linux refuses; says what
     *         is allowed
     */
    explicit Ipcomp(const StateConfig& config);

    uint32_t GetHeaderLength() const override;
    uint32_t GetTrailerLength() const override;
    std::optional<uint32_t> GetMtu(uint32_t mtu) const override;

    /// @return the length of the clear bytes: what compression makes of them is not known without
    ///         them, and what does not get shorter is sent as it is [bytes]
    uint32_t GetSealedLength(uint32_t clearBytes, uint32_t padToBytes) const override;

    uint8_t GetAuthNumber() const override;
    CryptoClasses GetCrypto() const override;
    std::unique_ptr<LayerCodec> MakeCodec(const StateConfig& config) const override;

  private:
    uint32_t m_outerBytes{0}; //!< outer IP header, 0 in transport mode [bytes]
};

} // namespace ns3::xfrm

#endif // XFRM_IPCOMP_H
