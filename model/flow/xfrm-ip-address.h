/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IP_ADDRESS_H
#define XFRM_IP_ADDRESS_H

#include "ns3/ipv4-address.h"
#include "ns3/ipv6-address.h"

#include <array>
#include <cstdint>

namespace ns3::xfrm
{

/// @param nBits leading bits, more than 32 mean 32 @return a word in which only those are set
constexpr uint32_t
GetPrefixMask(uint32_t nBits)
{
    return nBits >= 32 ? UINT32_MAX : ~(UINT32_MAX >> nBits);
}

/**
 * @ingroup xfrm
 * @brief An IPv4 or IPv6 address; which of the two is said by whoever holds it.
 *
 * Source: xfrm_address_t, include/uapi/linux/xfrm.h, Linux 4.1.  All zero is the any-address of
 * both families.  An IPv4 address fills the first word, the others are 0.
 */
class IpAddress
{
  public:
    /// The any-address.
    constexpr IpAddress() = default;

    /// @param address an IPv4 address
    IpAddress(Ipv4Address address) // NOLINT(google-explicit-constructor): it is one
        : m_words{address.Get(), 0, 0, 0}
    {
    }

    /// @param address an IPv6 address
    IpAddress(Ipv6Address address); // NOLINT(google-explicit-constructor): it is one

    /// @return whether this is the any-address
    constexpr bool IsAny() const
    {
        return (m_words[0] | m_words[1] | m_words[2] | m_words[3]) == 0;
    }

    /// @return the first word, host order: all of an IPv4 address
    constexpr uint32_t GetFirstWord() const
    {
        return m_words[0];
    }

    /// @return the words, most significant first, each in host order
    constexpr const std::array<uint32_t, 4>& GetWords() const
    {
        return m_words;
    }

    /// @return as an IPv4 address: the first word
    Ipv4Address GetIpv4() const
    {
        return Ipv4Address(m_words[0]);
    }

    /// @return as an IPv6 address
    Ipv6Address GetIpv6() const;

    /**
     * @param other an address of the same family
     * @param prefixLength bits that count, 0 to 128 (0 to 32 for IPv4)
     * @return whether the first bits of both are equal; always with 0 bits (addr_match())
     */
    constexpr bool SharesPrefix(const IpAddress& other, uint32_t prefixLength) const
    {
        for (uint32_t i = 0; i < 4 && prefixLength > 32 * i; ++i)
        {
            const uint32_t mask = GetPrefixMask(prefixLength - 32 * i);
            if (((m_words[i] ^ other.m_words[i]) & mask) != 0)
            {
                return false;
            }
        }
        return true;
    }

    bool operator==(const IpAddress&) const = default;

  private:
    std::array<uint32_t, 4> m_words{}; //!< most significant first, each in host order
};

} // namespace ns3::xfrm

#endif // XFRM_IP_ADDRESS_H
