/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-udp-encap.h"

#include "xfrm-network-order.h"

#include "ns3/xfrm-ipsec.h"

#include <algorithm>

namespace ns3::xfrm
{

namespace
{

constexpr size_t MARKER_BYTES{8};       //!< of the non-IKE marker, zeros
constexpr size_t IKE_MARKER_BYTES{4};   //!< of the marker in front of IKE, zeros
constexpr size_t SPI_SEQUENCE_BYTES{8}; //!< SPI and sequence number
constexpr uint8_t KEEPALIVE{0xff};      //!< the one byte of a keepalive

/// @return whether the payload of a UDP packet begins with zeros @param nBytes how many
bool
CarriesZeros(std::span<const uint8_t> front, size_t nBytes)
{
    return std::ranges::all_of(front.subspan(UDP_HEADER_BYTES, nBytes),
                               [](uint8_t byte) { return byte == 0; });
}

} // namespace

uint16_t
ComputeChecksum(std::span<const uint8_t> bytes, uint32_t start)
{
    uint64_t sum = start;
    for (size_t i = 0; i < bytes.size(); ++i)
    {
        sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
    }
    while (sum > UINT16_MAX)
    {
        sum = (sum & UINT16_MAX) + (sum >> 16);
    }
    return static_cast<uint16_t>(~sum);
}

size_t
GetUdpLength(std::span<const uint8_t> front, size_t carriedBytes)
{
    if (carriedBytes < UDP_HEADER_BYTES)
    {
        return 0;
    }
    const size_t udpBytes = ReadUint16(front, 4);
    return udpBytes < UDP_HEADER_BYTES || udpBytes > carriedBytes ? 0 : udpBytes;
}

uint16_t
SumPseudoHeader(const IpAddress& source, const IpAddress& destination, size_t udpBytes)
{
    uint64_t sum = udpBytes + PROTO_UDP;
    for (const uint32_t address : {source.GetFirstWord(), destination.GetFirstWord()})
    {
        sum += (address >> 16) + (address & UINT16_MAX);
    }
    return static_cast<uint16_t>(~ComputeChecksum({}, static_cast<uint32_t>(sum)));
}

bool
HasRightUdpChecksum(std::span<const uint8_t> udp, uint16_t pseudoSum)
{
    return ComputeChecksum(udp, pseudoSum) == 0;
}

std::optional<size_t>
FindEspInUdp(std::span<const uint8_t> front, size_t udpBytes, EncapType type)
{
    if (type == EncapType::EspInUdp)
    {
        const bool isEsp = udpBytes > UDP_HEADER_BYTES + SPI_SEQUENCE_BYTES &&
                           !CarriesZeros(front, IKE_MARKER_BYTES);
        return isEsp ? std::optional(UDP_HEADER_BYTES) : std::nullopt;
    }
    const bool isEsp = udpBytes > UDP_HEADER_BYTES + MARKER_BYTES + SPI_SEQUENCE_BYTES &&
                       CarriesZeros(front, MARKER_BYTES);
    return isEsp ? std::optional(UDP_HEADER_BYTES + MARKER_BYTES) : std::nullopt;
}

bool
IsUdpKeepalive(std::span<const uint8_t> front, size_t udpBytes)
{
    return udpBytes == UDP_HEADER_BYTES + 1 && front[UDP_HEADER_BYTES] == KEEPALIVE;
}

} // namespace ns3::xfrm
