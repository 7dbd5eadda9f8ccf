/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_VALUES_H
#define XFRM_RUN_VALUES_H

/**
 * @file
 * @ingroup xfrm
 * @brief Values as text, and back: what ToText() writes is read as the same value.
 */

#include "ns3/data-rate.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ns3::xfrm
{

/// @param time 0 or more @return it with the largest unit that needs no fraction, such as "20us"
std::string ToText(Time time);

/// @param rate a data rate @return it with the largest unit that needs no fraction, as "100Mbps"
std::string ToText(const DataRate& rate);

/// @param value a finite number @return its shortest text
std::string ToText(double value);

/// @param text digits @return the number; nothing for other text, and beyond 64 bits
std::optional<uint64_t> ParseWhole(const std::string& text);

/// @param text a decimal number @return the number; nothing for other text, and unless finite
std::optional<double> ParseReal(const std::string& text);

/// @param text a number of 0 or more and ns, us, ms, s, min or h; or 0 @return the time, to the
/// nanosecond; nothing for other text, and beyond 1e18 ns
std::optional<Time> ParseTime(const std::string& text);

/// @param text a number above 0 and bps, kbps, Mbps or Gbps @return the rate, to the bit per
/// second; nothing for other text, below 1 bps and above 1e15
std::optional<DataRate> ParseRate(const std::string& text);

} // namespace ns3::xfrm

#endif // XFRM_RUN_VALUES_H
