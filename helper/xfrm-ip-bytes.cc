/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ip-bytes.h"

#include "ns3/xfrm-udp-encap.h"

namespace ns3::xfrm
{

namespace
{

constexpr size_t LEAST_HEADER_BYTES{20}; //!< a header without options
constexpr size_t CHECKSUM_OFFSET{10};    //!< of the checksum in a header

/// @brief Write a number.  @param bytes where @param offset in there @param value the number
void
WriteUint16(std::span<uint8_t> bytes, size_t offset, uint16_t value)
{
    bytes[offset] = static_cast<uint8_t>(value >> 8);
    bytes[offset + 1] = static_cast<uint8_t>(value);
}

/// @brief Make the checksum of a header right.
void
UpdateChecksum(std::span<uint8_t> header)
{
    WriteUint16(header, CHECKSUM_OFFSET, 0);
    WriteUint16(header, CHECKSUM_OFFSET, ComputeChecksum(header));
}

} // namespace

bool
IpBytes::IsWellFormed() const
{
    if (m_packet.size() < LEAST_HEADER_BYTES || m_packet[0] >> 4 != 4)
    {
        return false;
    }
    const size_t headerBytes = (m_packet[0] & 0xfU) * 4;
    const size_t totalBytes = ReadUint16(m_packet, 2);
    if (headerBytes < LEAST_HEADER_BYTES || totalBytes < headerBytes ||
        totalBytes > m_packet.size())
    {
        return false;
    }
    return ReadUint16(m_packet, CHECKSUM_OFFSET) == 0 || ComputeChecksum(GetHeader()) == 0;
}

void
SetTos(std::span<uint8_t> header, uint8_t tos)
{
    header[1] = tos;
    UpdateChecksum(header);
}

Octets
JoinIp(std::span<const uint8_t> header, uint8_t protocol, std::span<const uint8_t> payload)
{
    constexpr uint16_t NO_FRAGMENT{0xc000}; // the reserved bit and DF
    Octets packet(header.begin(), header.end());
    WriteUint16(packet, 2, static_cast<uint16_t>(header.size() + payload.size()));
    WriteUint16(packet, 6, ReadUint16(packet, 6) & NO_FRAGMENT);
    packet[9] = protocol;
    UpdateChecksum(packet);
    packet.insert(packet.end(), payload.begin(), payload.end());
    return packet;
}

} // namespace ns3::xfrm
