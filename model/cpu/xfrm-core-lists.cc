/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-core-lists.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <system_error>

namespace ns3::xfrm
{

namespace
{

/// @return the parts of a text between separators; none of an empty one
std::vector<std::string>
Split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    size_t from = 0;
    while (!text.empty() && from <= text.size())
    {
        const size_t to = std::min(text.find(separator, from), text.size());
        parts.push_back(text.substr(from, to - from));
        from = to + 1;
    }
    return parts;
}

/// @return a number @throws std::invalid_argument for anything else
uint32_t
ParseNumber(const std::string& text, int base, uint32_t most, const std::string& error)
{
    uint32_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [last, code] = std::from_chars(text.data(), end, number, base);
    if (text.empty() || code != std::errc() || last != end || number > most)
    {
        throw std::invalid_argument(error);
    }
    return number;
}

} // namespace

std::vector<uint32_t>
ParseNumbers(const std::string& text, const std::string& what)
{
    const std::string error = what + " " + text + ": must be numbers such as 0,1,2,3";
    std::vector<uint32_t> numbers;
    for (const std::string& part : Split(text, ','))
    {
        numbers.push_back(ParseNumber(part, 10, UINT32_MAX, error));
    }
    return numbers;
}

std::array<uint8_t, Rss::KEY_BYTES>
ParseRssKey(const std::string& text)
{
    if (text.empty())
    {
        return Rss::DEFAULT_KEY;
    }
    std::array<uint8_t, Rss::KEY_BYTES> key{};
    const std::string error =
        "RSS key " + text + ": must be " + std::to_string(key.size()) + " bytes as 6d:5a:...";
    const std::vector<std::string> parts = Split(text, ':');
    if (parts.size() != key.size())
    {
        throw std::invalid_argument(error);
    }
    for (size_t i = 0; i < key.size(); ++i)
    {
        key[i] = static_cast<uint8_t>(ParseNumber(parts[i], 16, UINT8_MAX, error));
    }
    return key;
}

} // namespace ns3::xfrm
