/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-format.h"

#include <array>
#include <boost/algorithm/hex.hpp>
#include <cinttypes>
#include <cstdio>
#include <iterator>

namespace ns3::xfrm::conformance
{

std::string
Hex(uint32_t number)
{
    std::array<char, 9> text{};
    std::snprintf(text.data(), text.size(), "%08" PRIx32, number);
    return text.data();
}

std::string
Hex64(uint64_t number)
{
    return Hex(static_cast<uint32_t>(number >> 32)) + Hex(static_cast<uint32_t>(number));
}

std::string
HexBytes(std::span<const uint8_t> bytes)
{
    std::string text;
    boost::algorithm::hex_lower(bytes.begin(), bytes.end(), std::back_inserter(text));
    return text;
}

} // namespace ns3::xfrm::conformance
