/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_AH_H
#define XFRM_AH_H

#include "ns3/xfrm-state-config.h"
#include "ns3/xfrm-transform-type.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief What the Authentication Header (RFC 4302) adds to a packet.
 *
 * Source: ah_init_state(), net/ipv4/ah4.c and net/ipv6/ah6.c, Linux 4.1 (R234).  The bytes
 * are an AhLayer's.
 */
class Ah : public TransformType
{
  public:
    /**
     * @param config a state of AH
     * @throws std::invalid_argument for algorithms, keys, integrity check values or options that
     *         Linux refuses; says what is allowed
     */
    explicit Ah(const StateConfig& config);

    uint32_t GetHeaderLength() const override;
    uint32_t GetTrailerLength() const override;
    std::optional<uint32_t> GetMtu(uint32_t mtu) const override;
    uint32_t GetSealedLength(uint32_t clearBytes, uint32_t padToBytes) const override;
    uint8_t GetAuthNumber() const override;

    std::unique_ptr<LayerCodec> MakeCodec(const StateConfig& config) const override;

    CryptoClasses GetCrypto() const override
    {
        return m_crypto;
    }

    uint64_t GetKeyFingerprint() const override
    {
        return m_keyFingerprint;
    }

  private:
    uint32_t m_outerBytes{0};     //!< outer IP header, 0 in transport mode [bytes]
    uint32_t m_ahBytes{0};        //!< the header itself, integrity check value and padding [bytes]
    uint8_t m_authNumber{0};      //!< bit of template masks
    CryptoClasses m_crypto;       //!< what is computed on the bytes
    uint64_t m_keyFingerprint{0}; //!< stands for algorithms and keys
};

} // namespace ns3::xfrm

#endif // XFRM_AH_H
