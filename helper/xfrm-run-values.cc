/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <system_error>

namespace ns3::xfrm
{

namespace
{

/// A unit of a value.
struct Unit
{
    std::string_view name; //!< its name
    int64_t size;          //!< in the smallest unit
};

/// Units of time in nanoseconds; the first four are written, from the largest on.
constexpr std::array<Unit, 6> TIME_UNITS{{{"s", 1000000000},
                                          {"ms", 1000000},
                                          {"us", 1000},
                                          {"ns", 1},
                                          {"min", 60000000000},
                                          {"h", 3600000000000}}};

/// Units of data rates in bits per second, from the largest on.
constexpr std::array<Unit, 4> RATE_UNITS{
    {{"Gbps", 1000000000}, {"Mbps", 1000000}, {"kbps", 1000}, {"bps", 1}}};

/// @return a whole number of the smallest unit, as text with a unit that needs no fraction
template <typename Units>
std::string
WriteWithUnit(uint64_t value, const Units& units)
{
    const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& each) {
        return value % static_cast<uint64_t>(each.size) == 0;
    });
    return std::to_string(value / static_cast<uint64_t>(unit->size)) + std::string(unit->name);
}

/// @return a number with a unit, in the smallest unit, rounded; nothing for other text
template <typename Units>
std::optional<uint64_t>
ParseWithUnit(const std::string& text, const Units& units, double most)
{
    const size_t end = text.find_first_not_of("0123456789.");
    const auto value = ParseReal(text.substr(0, end));
    if (!value || end == std::string::npos)
    {
        return std::nullopt;
    }
    const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& each) {
        return each.name == std::string_view(text).substr(end);
    });
    if (unit == units.end() || *value * static_cast<double>(unit->size) > most)
    {
        return std::nullopt;
    }
    return static_cast<uint64_t>(std::llround(*value * static_cast<double>(unit->size)));
}

/// @return what a whole text says; nothing if a part of it is left
template <typename Number>
std::optional<Number>
ParseAll(const std::string& text)
{
    Number value{};
    const char* end = text.data() + text.size();
    const auto [last, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && last == end ? std::optional(value) : std::nullopt;
}

} // namespace

std::string
ToText(Time time)
{
    return WriteWithUnit(static_cast<uint64_t>(time.GetNanoSeconds()), TIME_UNITS);
}

std::string
ToText(const DataRate& rate)
{
    return WriteWithUnit(rate.GetBitRate(), RATE_UNITS);
}

std::string
ToText(double value)
{
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end};
}

std::optional<uint64_t>
ParseWhole(const std::string& text)
{
    return ParseAll<uint64_t>(text);
}

std::optional<double>
ParseReal(const std::string& text)
{
    const auto value = ParseAll<double>(text);
    return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<Time>
ParseTime(const std::string& text)
{
    if (text == "0")
    {
        return Time(0);
    }
    const auto ns = ParseWithUnit(text, TIME_UNITS, 1e18);
    return ns ? std::optional(NanoSeconds(*ns)) : std::nullopt;
}

std::optional<DataRate>
ParseRate(const std::string& text)
{
    const auto rate = ParseWithUnit(text, RATE_UNITS, 1e15);
    return rate && *rate > 0 ? std::optional(DataRate(*rate)) : std::nullopt;
}

} // namespace ns3::xfrm
