/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IP_XFRM_NAMES_H
#define XFRM_IP_XFRM_NAMES_H

/**
 * @file
 * @ingroup xfrm
 * @brief Tables of things with names.
 */

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

namespace ns3::xfrm
{

/// A word that stands for a value.
template <typename T>
struct NamedValue
{
    std::string_view name; //!< the word
    T value;               //!< what it stands for
};

/// @param names things with a name @return the names, as in "in, out or fwd"
template <typename Names>
std::string
JoinNames(const Names& names)
{
    std::string joined;
    size_t nLeft = std::size(names);
    for (const auto& entry : names)
    {
        --nLeft;
        joined += joined.empty() ? "" : nLeft == 0 ? " or " : ", ";
        joined += entry.name;
    }
    return joined;
}

/// @param names things with a name @param text a word @return the one of this name, or null
template <typename Names>
auto
FindName(const Names& names, std::string_view text)
{
    const auto found =
        std::ranges::find_if(names, [text](const auto& entry) { return entry.name == text; });
    return found == std::ranges::end(names) ? nullptr : &*found;
}

/**
 * @param names things with a name, the first fitting one counts
 * @param text a name or its beginning, as iproute2 allows in some places
 * @return the thing, or null
 */
template <typename Names>
auto
FindAbbreviated(const Names& names, std::string_view text)
{
    const auto found = std::ranges::find_if(names, [text](const auto& entry) {
        return !text.empty() && entry.name.starts_with(text);
    });
    return found == std::ranges::end(names) ? nullptr : &*found;
}

/// @param names words @param value a value @return the first word that stands for it, "" if none
template <typename Names, typename T>
std::string_view
NameValue(const Names& names, const T& value)
{
    const auto found =
        std::ranges::find_if(names, [&value](const auto& entry) { return entry.value == value; });
    return found == std::ranges::end(names) ? std::string_view() : found->name;
}

} // namespace ns3::xfrm

#endif // XFRM_IP_XFRM_NAMES_H
