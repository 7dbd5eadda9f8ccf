/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ah-layer.h"

#include "xfrm-algorithms.h"
#include "xfrm-libcrypto-algorithms.h"
#include "xfrm-network-order.h"

#include "ns3/xfrm-ipsec.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace ns3::xfrm
{

namespace
{

constexpr size_t FIXED_BYTES{12};        //!< all of the header but the check value
constexpr size_t LEAST_IP_BYTES{20};     //!< an IPv4 header without options
constexpr size_t DESTINATION_OFFSET{16}; //!< destination in an IPv4 header
constexpr size_t ADDRESS_BYTES{4};       //!< an IPv4 address

constexpr uint8_t OPTION_END{0};                  //!< end of the options
constexpr uint8_t OPTION_NOOP{1};                 //!< one byte of nothing
constexpr uint8_t OPTION_SECURITY{0x82};          //!< security
constexpr uint8_t OPTION_LOOSE_ROUTE{0x83};       //!< loose source route
constexpr uint8_t OPTION_EXTENDED{0x85};          //!< extended security
constexpr uint8_t OPTION_CIPSO{0x86};             //!< commercial security
constexpr uint8_t OPTION_STRICT_ROUTE{0x89};      //!< strict source route
constexpr uint8_t OPTION_ROUTER_ALERT{0x94};      //!< router alert
constexpr uint8_t OPTION_MULTI_DESTINATION{0x95}; //!< RFC 1770

/// @return whether an option does not change on the way
bool
IsImmutable(uint8_t type)
{
    constexpr std::array IMMUTABLE{OPTION_SECURITY,
                                   OPTION_EXTENDED,
                                   OPTION_CIPSO,
                                   OPTION_ROUTER_ALERT,
                                   OPTION_MULTI_DESTINATION};
    return std::ranges::find(IMMUTABLE, type) != IMMUTABLE.end();
}

/// @brief Blank the options that may change (ip_clear_mutable_options()).
/// @param options all of them @param destination gets the last hop of a source route
/// @return 0, or error::INVAL
int32_t
BlankOptions(std::span<uint8_t> options, std::span<uint8_t, ADDRESS_BYTES> destination)
{
    while (!options.empty() && options[0] != OPTION_END)
    {
        if (options[0] == OPTION_NOOP)
        {
            options = options.subspan(1);
            continue;
        }
        // Linux reads a length behind the end of the header, where the next bytes are AH's.
        const size_t nBytes = options.size() < 2 ? 0 : options[1];
        if (nBytes < 2 || nBytes > options.size())
        {
            return error::INVAL;
        }
        const auto option = options.first(nBytes);
        if (option[0] == OPTION_LOOSE_ROUTE || option[0] == OPTION_STRICT_ROUTE)
        {
            if (nBytes < 2 + ADDRESS_BYTES)
            {
                return error::INVAL;
            }
            std::ranges::copy(option.last(ADDRESS_BYTES), destination.begin());
        }
        if (!IsImmutable(option[0]))
        {
            std::ranges::fill(option, 0);
        }
        options = options.subspan(nBytes);
    }
    return 0;
}

} // namespace

int32_t
BlankMutableFields(std::span<uint8_t> header, bool isSent)
{
    const size_t saidBytes = header.empty() ? 0 : (header[0] & 0xfU) * 4;
    if (header.size() < LEAST_IP_BYTES || header.size() != saidBytes)
    {
        throw std::invalid_argument("AH: IP header of " + std::to_string(header.size()) +
                                    " bytes: must be 20 to 60, as its own length says, " +
                                    std::to_string(saidBytes));
    }
    for (const size_t offset : {1, 6, 7, 8, 10, 11}) // TOS, fragment field, TTL, checksum
    {
        header[offset] = 0;
    }
    std::array<uint8_t, ADDRESS_BYTES> received{};
    const auto destination = header.subspan<DESTINATION_OFFSET, ADDRESS_BYTES>();
    return BlankOptions(header.subspan(LEAST_IP_BYTES), isSent ? destination : std::span(received));
}

AhLayer::AhLayer(const StateConfig& config)
    : m_mac(MakeMac(*config.auth)),
      m_spi(config.id.spi),
      m_unitBytes((config.flags & StateConfig::FLAG_ALIGN4) != 0 ? 4 : 8),
      m_isExtended((config.flags & StateConfig::FLAG_ESN) != 0)
{
    if (config.family != Family::Ipv4)
    {
        throw std::invalid_argument("AH: bytes of IPv6 packets: must be IPv4");
    }
    const AlgorithmInfo& auth = FindAlgorithm(AlgorithmKind::Auth, *config.auth);
    m_icvBytes = auth.ChooseIcvBits(config.auth->icvBits) / 8;
    m_fullIcvBytes = auth.maxIcvBits / 8;
}

size_t
AhLayer::RoundUp(size_t nBytes) const
{
    return (nBytes + m_unitBytes - 1) / m_unitBytes * m_unitBytes;
}

void
AhLayer::Authenticate(std::span<const uint8_t> ipHeader,
                      std::span<const uint8_t> header,
                      std::span<const uint8_t> clear,
                      uint64_t sequence,
                      std::span<uint8_t> icv)
{
    if (m_mac)
    {
        const auto high = ToNetworkOrder(static_cast<uint32_t>(sequence >> 32));
        const size_t nHigh = m_isExtended ? high.size() : 0;
        m_mac->Compute({ipHeader, header, clear, std::span(high).first(nHigh)}, icv);
    }
}

SealedBytes
AhLayer::Seal(std::span<const uint8_t> clear, const SealInput& input)
{
    std::vector<uint8_t> ipHeader(input.ipHeader.begin(), input.ipHeader.end());
    if (const int32_t error = BlankMutableFields(ipHeader, true); error != 0)
    {
        return {false, {}, error};
    }
    const size_t headerBytes = RoundUp(FIXED_BYTES + m_icvBytes);
    SealedBytes sealed;
    sealed.bytes.resize(headerBytes + clear.size());
    const std::span header = std::span(sealed.bytes).first(headerBytes);
    header[0] = input.nextHeader;
    header[1] = static_cast<uint8_t>(headerBytes / 4 - 2);
    PutUint32(header.subspan(4), m_spi);
    PutUint32(header.subspan(8), static_cast<uint32_t>(input.sequence));
    std::ranges::copy(clear, sealed.bytes.begin() + headerBytes);
    Authenticate(ipHeader, header, clear, input.sequence, header.subspan(FIXED_BYTES, m_icvBytes));
    return sealed;
}

/// @return the length of a received header, which is that of the check value cut or whole; 0 if it
///         is neither, or is not all there [bytes]
size_t
AhLayer::GetHeaderLength(std::span<const uint8_t> sealed) const
{
    const size_t saidBytes = sealed.size() < FIXED_BYTES ? 0 : (sealed[1] + 2) * 4;
    const bool isKnown = saidBytes == RoundUp(FIXED_BYTES + m_fullIcvBytes) ||
                         saidBytes == RoundUp(FIXED_BYTES + m_icvBytes);
    return isKnown && saidBytes <= sealed.size() ? saidBytes : 0;
}

OpenedBytes
AhLayer::Open(std::span<const uint8_t> sealed, const OpenInput& input)
{
    const size_t headerBytes = GetHeaderLength(sealed);
    std::vector<uint8_t> ipHeader(input.ipHeader.begin(), input.ipHeader.end());
    if (headerBytes == 0 || BlankMutableFields(ipHeader, false) != 0)
    {
        return {error::INVAL, 0, {}};
    }
    const auto clear = sealed.subspan(headerBytes);
    std::vector<uint8_t> header(sealed.begin(), sealed.begin() + headerBytes);
    std::ranges::fill(std::span(header).subspan(FIXED_BYTES, m_icvBytes), 0);
    std::vector<uint8_t> computed(m_icvBytes);
    Authenticate(ipHeader, header, clear, input.sequence, computed);
    if (!std::ranges::equal(computed, sealed.subspan(FIXED_BYTES, m_icvBytes)))
    {
        return {error::BADMSG, 0, {}};
    }
    if (sealed[0] == 0) // which xfrm_input() takes for an error
    {
        return {error::INVAL, 0, {}};
    }
    return {0, sealed[0], {clear.begin(), clear.end()}};
}

} // namespace ns3::xfrm
