/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ipip.h"

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t IPV4_BYTES{20}; //!< of an IPv4 header [bytes]

/// The inner packet is all there is.
class IpipLayer : public LayerCodec
{
  public:
    uint32_t GetIvLength() const override
    {
        return 0;
    }

    SealedBytes Seal(std::span<const uint8_t> clear, const SealInput& /*input*/) override
    {
        return {.isSealed = true, .bytes = {clear.begin(), clear.end()}};
    }

    OpenedBytes Open(std::span<const uint8_t> sealed, const OpenInput& /*input*/) override
    {
        return {.error = 0, .nextHeader = PROTO_IPIP, .clear = {sealed.begin(), sealed.end()}};
    }
};

} // namespace

uint32_t
Ipip::GetHeaderLength() const
{
    return IPV4_BYTES;
}

uint32_t
Ipip::GetTrailerLength() const
{
    return 0;
}

std::optional<uint32_t>
Ipip::GetMtu(uint32_t /*mtu*/) const
{
    return std::nullopt;
}

uint32_t
Ipip::GetSealedLength(uint32_t clearBytes, uint32_t /*padToBytes*/) const
{
    return clearBytes;
}

uint8_t
Ipip::GetAuthNumber() const
{
    return 0;
}

CryptoClasses
Ipip::GetCrypto() const
{
    return {};
}

std::unique_ptr<LayerCodec>
Ipip::MakeCodec(const StateConfig& /*config*/) const
{
    return std::make_unique<IpipLayer>();
}

} // namespace ns3::xfrm
