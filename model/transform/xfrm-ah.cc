/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ah.h"

#include "xfrm-ah-layer.h"
#include "xfrm-algorithms.h"
#include "xfrm-transform.h"

#include <stdexcept>

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t AH_FIXED_BYTES{12}; //!< all of the header but the integrity check value

} // namespace

Ah::Ah(const StateConfig& config)
    : m_outerBytes(GetOuterHeaderLength(config)),
      m_keyFingerprint(HashKeys(config))
{
    if (!config.auth || config.aead || config.encryption || config.compression)
    {
        throw std::invalid_argument("AH: must have an authentication algorithm and no other");
    }
    if (config.encapType != EncapType::None || config.tfcPad != 0)
    {
        throw std::invalid_argument("AH: UDP encapsulation or padding of whole packets: must be "
                                    "none");
    }
    const AlgorithmInfo& auth = FindAlgorithm(AlgorithmKind::Auth, *config.auth);
    m_authNumber = auth.GetTemplateBit();
    m_crypto = GetCryptoClasses(config);
    const bool isAlign4 =
        config.family == Family::Ipv4 && (config.flags & StateConfig::FLAG_ALIGN4) != 0;
    const uint32_t unit = isAlign4 ? 4 : 8;
    const uint32_t nBytes = AH_FIXED_BYTES + auth.ChooseIcvBits(config.auth->icvBits) / 8;
    m_ahBytes = (nBytes + unit - 1) / unit * unit;
}

uint32_t
Ah::GetHeaderLength() const
{
    return m_ahBytes + m_outerBytes;
}

uint32_t
Ah::GetTrailerLength() const
{
    return 0;
}

std::optional<uint32_t>
Ah::GetMtu(uint32_t /* mtu */) const
{
    return std::nullopt;
}

uint32_t
Ah::GetSealedLength(uint32_t clearBytes, uint32_t /* padToBytes */) const
{
    return m_ahBytes + clearBytes;
}

std::unique_ptr<LayerCodec>
Ah::MakeCodec(const StateConfig& config) const
{
    return std::make_unique<AhLayer>(config);
}

uint8_t
Ah::GetAuthNumber() const
{
    return m_authNumber;
}

} // namespace ns3::xfrm
