/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_NETWORK_ORDER_H
#define XFRM_NETWORK_ORDER_H

/**
 * @file
 * @ingroup xfrm
 * @brief Numbers as they stand in packets, most significant byte first.
 */

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace ns3::xfrm
{

/// @param value a number @return its bytes
inline std::array<uint8_t, 4>
ToNetworkOrder(uint32_t value)
{
    return {static_cast<uint8_t>(value >> 24),
            static_cast<uint8_t>(value >> 16),
            static_cast<uint8_t>(value >> 8),
            static_cast<uint8_t>(value)};
}

/// @param bytes some bytes @param offset of 2 of them @return the number, in network order there
inline uint16_t
ReadUint16(std::span<const uint8_t> bytes, size_t offset)
{
    return static_cast<uint16_t>(bytes[offset] << 8 | bytes[offset + 1]);
}

/// @param bytes some bytes @param offset of 4 of them @return the number, in network order there
inline uint32_t
ReadUint32(std::span<const uint8_t> bytes, size_t offset)
{
    return static_cast<uint32_t>(ReadUint16(bytes, offset)) << 16 | ReadUint16(bytes, offset + 2);
}

/// @brief Write a number over the first bytes of a message.
/// @param bytes where, 4 bytes or more @param value the number
inline void
PutUint32(std::span<uint8_t> bytes, uint32_t value)
{
    std::ranges::copy(ToNetworkOrder(value), bytes.begin());
}

} // namespace ns3::xfrm

#endif // XFRM_NETWORK_ORDER_H
