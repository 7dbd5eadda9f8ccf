/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_UDP_ENCAP_H
#define XFRM_UDP_ENCAP_H

/**
 * @file
 * @ingroup xfrm
 * @brief What a host looks at in UDP before ESP is taken out of it, byte by byte.
 *
 * Source: __udp4_lib_rcv(), udp_queue_rcv_skb() and xfrm4_udp_encap_rcv(), Linux 4.1 (R241).
 */

#include "ns3/xfrm-ip-address.h"
#include "ns3/xfrm-state-config.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace ns3::xfrm
{

/// Length of a UDP header [bytes].
inline constexpr size_t UDP_HEADER_BYTES{8};

/// Most that stands in front of ESP: a UDP header and the non-IKE marker [bytes].
inline constexpr size_t UDP_FRONT_BYTES{16};

/**
 * @brief The one's complement of the one's complement sum (RFC 1071).
 * @param bytes what is summed up @param start a sum to begin with
 * @return the checksum; 0 if the bytes have their own, right one among them
 */
uint16_t ComputeChecksum(std::span<const uint8_t> bytes, uint32_t start = 0);

/**
 * @brief How long is a UDP packet?
 * @param front its first bytes, UDP_HEADER_BYTES or all
 * @param carriedBytes what IP carries [bytes]
 * @return what its header says: the bytes behind that do not belong to it; 0 if there is no whole
 *         header, or less than it says, and it is dropped ("short packet") [bytes]
 */
size_t GetUdpLength(std::span<const uint8_t> front, size_t carriedBytes);

/// @return the sum of UDP's pseudo header (RFC 768), not complemented
/// @param source from where @param destination to where, both IPv4
/// @param udpBytes length of the UDP packet [bytes]
uint16_t SumPseudoHeader(const IpAddress& source, const IpAddress& destination, size_t udpBytes);

/// @return whether the checksum of a UDP packet is right; not asked of those that have none, 0
/// @param udp the packet, as long as its header says @param pseudoSum of SumPseudoHeader()
bool HasRightUdpChecksum(std::span<const uint8_t> udp, uint16_t pseudoSum);

/**
 * @brief Where does ESP begin in a UDP packet?
 * @param front its first bytes, UDP_FRONT_BYTES or all
 * @param udpBytes its length [bytes]
 * @param type how ESP hides on its port; not None
 * @return what stands in front [bytes]; none: it is no ESP, and its socket's
 */
std::optional<size_t> FindEspInUdp(std::span<const uint8_t> front, size_t udpBytes, EncapType type);

/// @return whether a UDP packet keeps a NAT's mapping alive (RFC 3948, section 2.3)
/// @param front its first bytes, UDP_FRONT_BYTES or all @param udpBytes its length [bytes]
bool IsUdpKeepalive(std::span<const uint8_t> front, size_t udpBytes);

} // namespace ns3::xfrm

#endif // XFRM_UDP_ENCAP_H
