/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-esp.h"

#include "xfrm-algorithms.h"
#include "xfrm-esp-layer.h"
#include "xfrm-transform.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t ESP_HEADER_BYTES{8};  //!< SPI and sequence number
constexpr uint32_t ESP_FOOTER_BYTES{2};  //!< pad length and next header
constexpr uint32_t LEAST_BLOCK_BYTES{4}; //!< the ciphertext ends on a 4-byte boundary

/// @param nBytes a length [bytes] @param blockBytes a power of two [bytes]
/// @return the next multiple [bytes]
uint32_t
RoundUp(uint32_t nBytes, uint32_t blockBytes)
{
    return (nBytes + blockBytes - 1) & ~(blockBytes - 1);
}

/// @return length of a state's UDP encapsulation [bytes]
/// @throws std::invalid_argument for an unknown type, or with IPv6
uint32_t
FindEncapLength(const StateConfig& config)
{
    if (config.encapType == EncapType::None)
    {
        return 0;
    }
    if (config.family == Family::Ipv6)
    {
        throw std::invalid_argument("ESP: UDP encapsulation: must be none with IPv6");
    }
    switch (config.encapType)
    {
    case EncapType::EspInUdp:
        return 8;
    case EncapType::EspInUdpNonIke:
        return 16;
    default:
        throw std::invalid_argument("ESP: UDP encapsulation of type " +
                                    std::to_string(static_cast<uint16_t>(config.encapType)) +
                                    ": must be 1 (espinudp-nonike) or 2 (espinudp)");
    }
}

} // namespace

Esp::Esp(const StateConfig& config)
    : m_encapBytes(FindEncapLength(config)),
      m_keyFingerprint(HashKeys(config))
{
    if (config.compression)
    {
        throw std::invalid_argument("ESP: compression \"" + config.compression->name +
                                    "\": must be none");
    }
    if (config.tfcPad != 0 && config.mode != Mode::Tunnel)
    {
        throw std::invalid_argument("ESP: padding of whole packets (tfcpad): must be 0 unless the "
                                    "mode is tunnel");
    }
    if (config.aead)
    {
        UseAead(config);
    }
    else
    {
        UseCipher(config);
    }
    m_crypto = GetCryptoClasses(config);
    m_outerBytes = GetOuterHeaderLength(config);
    m_keptBytes = config.mode == Mode::Tunnel ? 0 : GetIpHeaderLength(config.family);
}

void
Esp::UseAead(const StateConfig& config)
{
    if (config.auth || config.encryption)
    {
        throw std::invalid_argument("ESP: " + config.aead->name +
                                    " with another algorithm: must be the only one");
    }
    const AlgorithmInfo& aead = FindAlgorithm(AlgorithmKind::Aead, *config.aead);
    m_ivBytes = aead.ivBytes;
    m_blockBytes = RoundUp(aead.blockBytes, LEAST_BLOCK_BYTES);
    m_icvBytes = aead.ChooseIcvBits(config.aead->icvBits) / 8;
}

void
Esp::UseCipher(const StateConfig& config)
{
    if (!config.encryption)
    {
        throw std::invalid_argument("ESP without cipher: must have a combined algorithm or a "
                                    "cipher, which may be ecb(cipher_null)");
    }
    const AlgorithmInfo& cipher = FindAlgorithm(AlgorithmKind::Encryption, *config.encryption);
    m_ivBytes = cipher.ivBytes;
    m_cipherBlockBytes = cipher.blockBytes;
    m_blockBytes = RoundUp(cipher.blockBytes, LEAST_BLOCK_BYTES);
    if (config.auth)
    {
        const AlgorithmInfo& auth = FindAlgorithm(AlgorithmKind::Auth, *config.auth);
        m_icvBytes = auth.ChooseIcvBits(config.auth->icvBits) / 8;
        m_authNumber = auth.GetTemplateBit();
    }
}

uint32_t
Esp::GetHeaderLength() const
{
    return ESP_HEADER_BYTES + m_ivBytes + m_encapBytes + m_outerBytes;
}

uint32_t
Esp::GetTrailerLength() const
{
    return m_blockBytes + 1 + m_icvBytes;
}

std::optional<uint32_t>
Esp::GetMtu(uint32_t mtu) const
{
    const uint32_t room = mtu - GetHeaderLength() - m_icvBytes - m_keptBytes;
    return (room & ~(m_blockBytes - 1)) + m_keptBytes - ESP_FOOTER_BYTES;
}

uint32_t
Esp::GetCipherLength(uint32_t clearBytes, uint32_t padToBytes) const
{
    return RoundUp(std::max(clearBytes, padToBytes) + ESP_FOOTER_BYTES, m_blockBytes);
}

uint32_t
Esp::GetPadLength(uint32_t clearBytes, uint32_t padToBytes) const
{
    return GetCipherLength(clearBytes, padToBytes) - std::max(clearBytes, padToBytes) -
           ESP_FOOTER_BYTES;
}

uint32_t
Esp::GetSealedLength(uint32_t clearBytes, uint32_t padToBytes) const
{
    return m_encapBytes + ESP_HEADER_BYTES + m_ivBytes + GetCipherLength(clearBytes, padToBytes) +
           m_icvBytes;
}

std::unique_ptr<LayerCodec>
Esp::MakeCodec(const StateConfig& config) const
{
    return std::make_unique<EspLayer>(*this, config);
}

uint8_t
Esp::GetAuthNumber() const
{
    return m_authNumber;
}

std::vector<uint8_t>
Esp::MakeTrailer(uint32_t clearBytes, uint32_t padToBytes, uint8_t nextHeader) const
{
    std::vector<uint8_t> trailer(std::max(clearBytes, padToBytes) - clearBytes);
    const auto padLength = static_cast<uint8_t>(GetPadLength(clearBytes, padToBytes));
    for (uint8_t i = 1; i <= padLength; ++i)
    {
        trailer.push_back(i);
    }
    trailer.push_back(padLength);
    trailer.push_back(nextHeader);
    return trailer;
}

} // namespace ns3::xfrm
