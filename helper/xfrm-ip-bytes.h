/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IP_BYTES_H
#define XFRM_IP_BYTES_H

/**
 * @file
 * @ingroup xfrm
 * @brief IPv4 packets as bytes (RFC 791): fields of their headers, options kept.
 *
 * ns-3's Ipv4Header drops options and does not look at bytes of a wrong length.
 */

#include "ns3/xfrm-ip-address.h"
#include "ns3/xfrm-network-order.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ns3::xfrm
{

/// Bytes of a packet.
using Octets = std::vector<uint8_t>;

/**
 * @brief A view of an IPv4 packet.
 *
 * Everything but IsWellFormed() is only to be asked of a packet that is.
 */
class IpBytes
{
  public:
    /// @param packet a packet; must outlive the view
    explicit IpBytes(std::span<const uint8_t> packet)
        : m_packet(packet)
    {
    }

    /**
     * @brief What ip_rcv() looks at: version, lengths and checksum.
     *
     * Deviation: a checksum of 0 is taken for one that was not computed, as ns-3 by default has it.
     *
     * @return whether it is a packet of IPv4, maybe with bytes behind its end
     */
    bool IsWellFormed() const;

    /// @return the header, options included
    std::span<const uint8_t> GetHeader() const
    {
        return m_packet.first((m_packet[0] & 0xfU) * 4);
    }

    /// @return what follows the header, up to the total length
    std::span<const uint8_t> GetPayload() const
    {
        return m_packet.first(ReadUint16(m_packet, 2)).subspan(GetHeader().size());
    }

    /// @return the source
    IpAddress GetSource() const
    {
        return Ipv4Address(ReadUint32(m_packet, 12));
    }

    /// @return the destination
    IpAddress GetDestination() const
    {
        return Ipv4Address(ReadUint32(m_packet, 16));
    }

    /// @return type of service
    uint8_t GetTos() const
    {
        return m_packet[1];
    }

    /// @return identification
    uint16_t GetId() const
    {
        return ReadUint16(m_packet, 4);
    }

    /// @return protocol of the payload
    uint8_t GetProtocol() const
    {
        return m_packet[9];
    }

    /// @return whether it is a part of a packet
    bool IsFragment() const
    {
        return (ReadUint16(m_packet, 6) & 0x3fff) != 0;
    }

    /// @return whether another fragment follows
    bool HasMoreFragments() const
    {
        return (m_packet[6] & 0x20U) != 0;
    }

    /// @return where the payload stands in the whole one [bytes]
    size_t GetFragmentOffset() const
    {
        return (ReadUint16(m_packet, 6) & 0x1fffU) * 8;
    }

  private:
    std::span<const uint8_t> m_packet; //!< the packet
};

/// @brief Change the type of service.  @param header the header @param tos the new one
void SetTos(std::span<uint8_t> header, uint8_t tos);

/**
 * @brief Put a header before a payload, of which it is not a fragment.
 * @param header the header, options included; what it says of length, protocol, fragment and
 *        checksum is replaced
 * @param protocol protocol of the payload
 * @param payload the payload, so long that the packet has at most 65535 bytes
 * @return the packet
 */
Octets JoinIp(std::span<const uint8_t> header, uint8_t protocol, std::span<const uint8_t> payload);

} // namespace ns3::xfrm

#endif // XFRM_IP_BYTES_H
