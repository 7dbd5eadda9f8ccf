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

/// @brief Write a number over the first bytes of a message.
/// @param bytes where, 4 bytes or more @param value the number
inline void
PutUint32(std::span<uint8_t> bytes, uint32_t value)
{
    std::ranges::copy(ToNetworkOrder(value), bytes.begin());
}

} // namespace ns3::xfrm

#endif // XFRM_NETWORK_ORDER_H
