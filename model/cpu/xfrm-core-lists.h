/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CORE_LISTS_H
#define XFRM_CORE_LISTS_H

/**
 * @file
 * @ingroup xfrm
 * @brief Settings of cores and receive queues as text.
 */

#include "xfrm-rss.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/// @param text numbers as "0,1,2"; empty: none @param what they are, for errors @return the numbers
/// @throws std::invalid_argument for anything else
std::vector<uint32_t> ParseNumbers(const std::string& text, const std::string& what);

/// @param text a key as "6d:5a:..."; empty: the usual one @return the key
/// @throws std::invalid_argument for anything else
std::array<uint8_t, Rss::KEY_BYTES> ParseRssKey(const std::string& text);

} // namespace ns3::xfrm

#endif // XFRM_CORE_LISTS_H
