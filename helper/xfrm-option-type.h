/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_OPTION_TYPE_H
#define XFRM_OPTION_TYPE_H

/**
 * @file
 * @ingroup xfrm
 * @brief Types of settings, for those that read and write them without text.
 */

#include "ns3/data-rate.h"
#include "ns3/nstime.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace ns3::xfrm
{

/// What a setting's text stands for; Python has a type for each.
enum class OptionType : uint8_t
{
    Whole, //!< a whole number
    Real,  //!< a number
    Time,  //!< a time, such as "10ms"
    Rate,  //!< a data rate, such as "10Gbps"
    Bool,  //!< true or false
    Text,  //!< a text
    Word   //!< one of some words
};

/// @param type a type @return its name: "whole", "real", "time", "rate", "bool", "text" or "word"
constexpr std::string_view
GetName(OptionType type)
{
    constexpr std::array<std::string_view, 7>
        NAMES{"whole", "real", "time", "rate", "bool", "text", "word"};
    return NAMES[static_cast<size_t>(type)];
}

/// @return the type of settings that are kept as a Value
template <typename Value>
constexpr OptionType
GetOptionType()
{
    if constexpr (std::is_same_v<Value, bool>)
    {
        return OptionType::Bool;
    }
    else if constexpr (std::is_integral_v<Value>)
    {
        return OptionType::Whole;
    }
    else if constexpr (std::is_same_v<Value, double>)
    {
        return OptionType::Real;
    }
    else if constexpr (std::is_same_v<Value, Time>)
    {
        return OptionType::Time;
    }
    else if constexpr (std::is_same_v<Value, DataRate>)
    {
        return OptionType::Rate;
    }
    else
    {
        return OptionType::Text;
    }
}

} // namespace ns3::xfrm

#endif // XFRM_OPTION_TYPE_H
