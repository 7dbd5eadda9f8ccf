/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_ESP_H
#define XFRM_ESP_H

#include "ns3/xfrm-state-config.h"
#include "ns3/xfrm-transform-type.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief What Encapsulating Security Payload (RFC 4303) adds to a packet.
 *
 * Source: esp_init_state(), esp_output() and esp4_get_mtu(), net/ipv4/esp4.c, and their like of
 * net/ipv6/esp6.c, Linux 4.1 (R230 to R233, R236, R237).  The bytes are an EspLayer's.
 */
class Esp : public TransformType
{
  public:
    /**
     * @param config a state of ESP
     * @throws std::invalid_argument for algorithms, keys, integrity check values, modes, UDP
     *         encapsulation or padding that Linux refuses; says what is allowed
     */
    explicit Esp(const StateConfig& config);

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

    /**
     * @param clearBytes what is protected [bytes]
     * @param padToBytes pad shorter ones to this first, 0 none [bytes]
     * @return the ciphertext's length, pad length and next header included [bytes]
     */
    uint32_t GetCipherLength(uint32_t clearBytes, uint32_t padToBytes = 0) const;

    /**
     * @param clearBytes what is protected [bytes]
     * @param padToBytes pad shorter ones to this first, 0 none [bytes]
     * @return the pad length byte: the padding that fills the last block [bytes]
     */
    uint32_t GetPadLength(uint32_t clearBytes, uint32_t padToBytes = 0) const;

    /**
     * @brief Make what stands behind the clear text before encryption (R231, R232).
     * @param clearBytes what is protected [bytes]
     * @param padToBytes pad shorter ones to this first, 0 none [bytes]
     * @param nextHeader protocol of what is protected
     * @return zeros up to @p padToBytes, padding 1, 2, 3 ..., pad length, next header
     */
    std::vector<uint8_t> MakeTrailer(uint32_t clearBytes,
                                     uint32_t padToBytes,
                                     uint8_t nextHeader) const;

    /// @return the initialisation vector of each packet [bytes]
    uint32_t GetIvLength() const
    {
        return m_ivBytes;
    }

    /// @return what the ciphertext is a multiple of, from 4 [bytes]
    uint32_t GetBlockLength() const
    {
        return m_blockBytes;
    }

    /// @return what the cipher takes multiples of, 1 any length [bytes]
    uint32_t GetCipherBlockLength() const
    {
        return m_cipherBlockBytes;
    }

    /// @return the integrity check value [bytes]
    uint32_t GetIcvLength() const
    {
        return m_icvBytes;
    }

    /// @return UDP encapsulation: 8, with the non-IKE marker 16, without 0 [bytes]
    uint32_t GetEncapLength() const
    {
        return m_encapBytes;
    }

    uint64_t GetKeyFingerprint() const override
    {
        return m_keyFingerprint;
    }

  private:
    void UseAead(const StateConfig& config);
    void UseCipher(const StateConfig& config);

    uint32_t m_ivBytes{0};          //!< initialisation vector [bytes]
    uint32_t m_blockBytes{0};       //!< what the ciphertext is a multiple of [bytes]
    uint32_t m_cipherBlockBytes{1}; //!< what the cipher takes multiples of [bytes]
    uint32_t m_icvBytes{0};         //!< integrity check value [bytes]
    uint32_t m_encapBytes{0};       //!< UDP encapsulation [bytes]
    uint32_t m_outerBytes{0};       //!< outer IP header, 0 in transport mode [bytes]
    uint32_t m_keptBytes{0}; //!< IP header that stays in front, as get_mtu() takes it; 0 in tunnel
                             //!< mode [bytes]
    uint8_t m_authNumber{0}; //!< bit of template masks
    CryptoClasses m_crypto;  //!< what is computed on the bytes
    uint64_t m_keyFingerprint{0}; //!< stands for algorithms and keys
};

} // namespace ns3::xfrm

#endif // XFRM_ESP_H
