/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ipcomp.h"

#include "xfrm-algorithms.h"
#include "xfrm-ipcomp-layer.h"
#include "xfrm-transform.h"

#include <stdexcept>
#include <string>

namespace ns3::xfrm
{

Ipcomp::Ipcomp(const StateConfig& config)
    : m_outerBytes(GetOuterHeaderLength(config))
{
    if (!config.compression || config.aead || config.auth || config.encryption)
    {
        throw std::invalid_argument("IPcomp: must have a compression and no other algorithm");
    }
    if (config.encapType != EncapType::None || config.tfcPad != 0)
    {
        throw std::invalid_argument("IPcomp: UDP encapsulation or padding of whole packets: must "
                                    "be none");
    }
    if (config.id.spi > UINT16_MAX)
    {
        throw std::invalid_argument("IPcomp: SPI " + std::to_string(config.id.spi) +
                                    ": must be at most 65535");
    }
    FindAlgorithm(AlgorithmKind::Compression, *config.compression);
}

uint32_t
Ipcomp::GetHeaderLength() const
{
    return m_outerBytes;
}

uint32_t
Ipcomp::GetTrailerLength() const
{
    return 0;
}

std::optional<uint32_t>
Ipcomp::GetMtu(uint32_t /* mtu */) const
{
    return std::nullopt;
}

uint32_t
Ipcomp::GetSealedLength(uint32_t clearBytes, uint32_t /* padToBytes */) const
{
    return clearBytes;
}

uint8_t
Ipcomp::GetAuthNumber() const
{
    return 0;
}

CryptoClasses
Ipcomp::GetCrypto() const
{
    return {};
}

std::unique_ptr<LayerCodec>
Ipcomp::MakeCodec(const StateConfig& config) const
{
    return std::make_unique<IpcompLayer>(config);
}

} // namespace ns3::xfrm
