/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ip-xfrm-cursor.h"

#include <arpa/inet.h>
#include <array>
#include <bit>
#include <charconv>

namespace ns3::xfrm
{

namespace
{

/// @param text a number as strtoul() takes it with base 0, without sign @return it, if it is one
std::optional<uint64_t>
ParseNumber(std::string_view text)
{
    int base = 10;
    if (text.starts_with("0x") || text.starts_with("0X"))
    {
        base = 16;
        text.remove_prefix(2);
    }
    else if (text.size() > 1 && text.front() == '0')
    {
        base = 8;
    }
    uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number, base);
    if (result.ec != std::errc() || result.ptr != end)
    {
        return std::nullopt;
    }
    return number;
}

/// @param text 1 to 4 numbers with dots between @return the address; parts left out are 0
std::optional<uint32_t>
ParseIpv4(std::string_view text)
{
    uint32_t address = 0;
    for (uint32_t shift = 32; shift > 0;)
    {
        shift -= 8;
        const size_t dot = text.find('.');
        const auto part = ParseNumber(text.substr(0, dot));
        if (!part || *part > 255)
        {
            return std::nullopt;
        }
        address |= static_cast<uint32_t>(*part) << shift;
        if (dot == std::string_view::npos)
        {
            return address;
        }
        text.remove_prefix(dot + 1);
    }
    return std::nullopt;
}

/// @param text an address @return the address, all its bits counting
std::optional<Prefix>
ParseAddress(std::string_view text)
{
    if (text.find(':') == std::string_view::npos)
    {
        const auto address = ParseIpv4(text);
        return address ? std::optional<Prefix>({Ipv4Address(*address), Family::Ipv4, 32})
                       : std::nullopt;
    }
    std::array<uint8_t, 16> bytes{};
    if (inet_pton(AF_INET6, std::string(text).c_str(), bytes.data()) != 1)
    {
        return std::nullopt;
    }
    return Prefix{Ipv6Address(bytes.data()), Family::Ipv6, 128};
}

/// @param text a prefix length, or a netmask of IPv4 @param prefix gets it @return whether it fits
bool
ParsePrefixLength(std::string_view text, Prefix& prefix)
{
    const auto number = ParseNumber(text);
    if (number && *number <= prefix.nBits)
    {
        prefix.nBits = static_cast<uint8_t>(*number);
        return true;
    }
    const auto mask = ParseIpv4(text);
    if (number || !mask || prefix.family != Family::Ipv4)
    {
        return false;
    }
    prefix.nBits = static_cast<uint8_t>(std::countl_one(*mask));
    return *mask == GetPrefixMask(prefix.nBits);
}

/// @param text a prefix @return the prefix
std::optional<Prefix>
ParsePrefix(std::string_view text)
{
    const size_t slash = text.find('/');
    auto prefix = ParseAddress(text.substr(0, slash));
    if (prefix && slash != std::string_view::npos &&
        !ParsePrefixLength(text.substr(slash + 1), *prefix))
    {
        return std::nullopt;
    }
    return prefix;
}

/// @param family a family @return its name
const char*
GetFamilyName(Family family)
{
    return family == Family::Ipv6 ? "IPv6" : "IPv4";
}

} // namespace

WordCursor::WordCursor(std::span<const Word> words, const std::string& file)
    : m_words(words),
      m_file(file)
{
}

const Word&
WordCursor::Take(std::string_view what)
{
    if (IsAtEnd())
    {
        Fail(m_words.back(), "must be followed by " + std::string(what));
    }
    return m_words[m_at++];
}

bool
WordCursor::TakeIf(std::string_view text)
{
    if (!IsNext(text))
    {
        return false;
    }
    ++m_at;
    return true;
}

uint64_t
WordCursor::TakeNumber(std::string_view what, uint64_t most)
{
    const Word& word = Take(what);
    const auto number = ParseNumber(word.text);
    if (!number || *number > most)
    {
        Fail(word, std::string(what) + " must be a number, 0 to " + std::to_string(most));
    }
    return *number;
}

uint32_t
WordCursor::TakeDottedQuad(std::string_view what)
{
    const Word& word = Take(what);
    const auto number = ParseIpv4(word.text);
    if (!number)
    {
        Fail(word,
             std::string(what) + " must be a number, or four from 0 to 255 with dots between");
    }
    return *number;
}

Prefix
WordCursor::TakePrefix(std::string_view what)
{
    const Word& word = Take(what);
    const bool isAny = word.text == "default" || word.text == "any" || word.text == "all";
    if (isAny && m_preferredFamily)
    {
        return {{}, *m_preferredFamily, 0};
    }
    const auto prefix = ParsePrefix(word.text);
    if (!prefix)
    {
        Fail(word,
             std::string(what) + " must be an IPv4 or IPv6 address, which /LENGTH may follow" +
                 (isAny ? "; any is 0.0.0.0/0 or ::/0" : ""));
    }
    if (m_preferredFamily && prefix->family != *m_preferredFamily)
    {
        Fail(word,
             std::string(what) + " must be an " + GetFamilyName(*m_preferredFamily) + " address");
    }
    return *prefix;
}

void
WordCursor::CheckEnd(const std::string& expected,
                     std::span<const NamedValue<std::string_view>> refused) const
{
    if (IsAtEnd())
    {
        return;
    }
    const auto* found = FindName(refused, Peek().text);
    Fail(Peek(), found == nullptr ? "must be " + expected : std::string(found->value));
}

void
WordCursor::Fail(const Word& word, const std::string& expected) const
{
    throw IpXfrmError(GetPosition(word), word.text, expected);
}

} // namespace ns3::xfrm
