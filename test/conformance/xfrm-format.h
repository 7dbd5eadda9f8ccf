/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FORMAT_H
#define XFRM_FORMAT_H

#include <cstdint>
#include <span>
#include <string>

namespace ns3::xfrm::conformance
{

/// @param number a number @return 8 hexadecimal digits
std::string Hex(uint32_t number);

/// @param number a number @return 16 hexadecimal digits
std::string Hex64(uint64_t number);

/// @param bytes bytes @return two hexadecimal digits each
std::string HexBytes(std::span<const uint8_t> bytes);

} // namespace ns3::xfrm::conformance

#endif // XFRM_FORMAT_H
