/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ip-address.h"

namespace ns3::xfrm
{

IpAddress::IpAddress(Ipv6Address address)
{
    std::array<uint8_t, 16> bytes{};
    address.GetBytes(bytes.data());
    for (uint32_t i = 0; i < 16; ++i)
    {
        m_words[i / 4] = m_words[i / 4] << 8 | bytes[i];
    }
}

Ipv6Address
IpAddress::GetIpv6() const
{
    std::array<uint8_t, 16> bytes{};
    for (uint32_t i = 0; i < 16; ++i)
    {
        bytes[i] = static_cast<uint8_t>(m_words[i / 4] >> (24 - 8 * (i % 4)));
    }
    return Ipv6Address(bytes.data());
}

} // namespace ns3::xfrm
