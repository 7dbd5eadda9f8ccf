/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flow-key.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace ns3::xfrm
{

namespace
{

/// @return length of the fields that all families share [bytes]
uint32_t
GetCommonSize(KeyLayout layout)
{
    switch (layout)
    {
    case KeyLayout::Linux41:
        return 20;
    case KeyLayout::Linux43:
        return 32; // 4 bytes of padding, then 8 of tunnel id
    case KeyLayout::Linux410:
        return 40; // and 4 of user id, 4 of padding
    }
    throw std::invalid_argument("KeyLayout: must be Linux41, Linux43 or Linux410");
}

/// @return length of a family's own fields [bytes], 0 for an uncached family
uint32_t
GetFamilySize(uint16_t family)
{
    switch (static_cast<Family>(family))
    {
    case Family::Ipv4:
        return 4 + 4 + 4; // source, destination, upper layer
    case Family::Ipv6:
        return 16 + 16 + 4 + 4; // destination, source, flow label, upper layer
    case Family::Decnet:
        return 2 + 2 + 4; // destination, source, upper layer
    }
    return 0;
}

/// Writes the fields of a key one after the other; what it skips stays 0.
class KeyWriter
{
  public:
    /// Write a number as a little-endian machine stores it.
    template <typename Number>
    void Host(Number value)
    {
        for (size_t i = 0; i < sizeof(Number); ++i)
        {
            m_bytes[m_size++] = static_cast<uint8_t>(static_cast<uint64_t>(value) >> (8 * i));
        }
    }

    /// Write a number in network order.
    template <typename Number>
    void Network(Number value)
    {
        for (size_t i = sizeof(Number); i-- > 0;)
        {
            m_bytes[m_size++] = static_cast<uint8_t>(static_cast<uint64_t>(value) >> (8 * i));
        }
    }

    /// Write bytes as they are.
    void Raw(std::span<const uint8_t> bytes)
    {
        m_size = std::copy(bytes.begin(), bytes.end(), m_bytes.begin() + m_size) - m_bytes.begin();
    }

    /// Write the fields that all families share (struct flowi_common).
    void Common(const FlowFields& fields, KeyLayout layout)
    {
        Host(fields.oif);
        Host(fields.iif);
        Host(fields.mark);
        Host(fields.tos);
        Host(fields.scope);
        Host(fields.proto);
        Host(fields.flags);
        Host(fields.secid);
        if (layout != KeyLayout::Linux41)
        {
            m_size = 24;
            Network(fields.tunnelId);
        }
        if (layout == KeyLayout::Linux410)
        {
            Host(fields.userId);
        }
        m_size = GetCommonSize(layout);
    }

    /// @return the finished key, padded to its family's length
    FlowKey Finish(Family family, Direction direction, KeyLayout layout) const
    {
        const auto number = static_cast<uint16_t>(family);
        return {number, direction, std::span(m_bytes).first(4 * GetKeyWords(number, layout))};
    }

  private:
    std::array<uint8_t, 4 * FlowKey::MAX_WORDS> m_bytes{}; //!< the key so far
    size_t m_size{0};                                      //!< where the next field goes [bytes]
};

/// @return the word that a little-endian machine reads of four bytes
uint32_t
MakeWord(uint8_t first, uint8_t second, uint8_t third, uint8_t fourth)
{
    return first | static_cast<uint32_t>(second) << 8 | static_cast<uint32_t>(third) << 16 |
           static_cast<uint32_t>(fourth) << 24;
}

/// @return four bytes, the first number's high byte first
std::array<uint8_t, 4>
TwoPorts(uint16_t first, uint16_t second)
{
    return {static_cast<uint8_t>(first >> 8),
            static_cast<uint8_t>(first),
            static_cast<uint8_t>(second >> 8),
            static_cast<uint8_t>(second)};
}

} // namespace

uint32_t
GetKeyWords(uint16_t family, KeyLayout layout)
{
    const uint32_t familySize = GetFamilySize(family);
    if (familySize == 0)
    {
        return 0;
    }
    // Keys are compared in units of a long: their length is a multiple of 8 bytes.
    return (GetCommonSize(layout) + familySize + 7) / 8 * 2;
}

uint32_t
FlowKeyView::HashAnyLength(uint32_t seed) const
{
    return Jhash2(words, identity.GetWords(), seed);
}

UpperLayer
UpperLayer::Ports(uint16_t source, uint16_t destination)
{
    UpperLayer word;
    word.m_bytes = TwoPorts(destination, source);
    return word;
}

UpperLayer
UpperLayer::Icmp(uint8_t type, uint8_t code)
{
    UpperLayer word;
    word.m_bytes = {type, code, 0, 0};
    return word;
}

UpperLayer
UpperLayer::Spi(uint32_t spi)
{
    UpperLayer word;
    word.m_bytes = TwoPorts(static_cast<uint16_t>(spi >> 16), static_cast<uint16_t>(spi));
    return word;
}

UpperLayer
UpperLayer::GreKey(uint32_t key)
{
    return Spi(key);
}

const std::array<uint8_t, 4>&
UpperLayer::GetBytes() const
{
    return m_bytes;
}

FlowKey::FlowKey(uint16_t family, Direction direction, std::span<const uint8_t> bytes)
    : m_identity(family, direction, static_cast<uint8_t>(bytes.size() / 4))
{
    constexpr std::array layouts{KeyLayout::Linux41, KeyLayout::Linux43, KeyLayout::Linux410};
    std::string allowed;
    bool isAllowed = false;
    for (const KeyLayout layout : layouts)
    {
        const size_t size = 4 * GetKeyWords(family, layout);
        isAllowed = isAllowed || bytes.size() == size;
        allowed += (allowed.empty() ? "" : ", ") + std::to_string(size);
    }
    if (!isAllowed)
    {
        throw std::invalid_argument("flow key of family " + std::to_string(family) + " with " +
                                    std::to_string(bytes.size()) + " bytes: must be one of " +
                                    allowed);
    }
    for (size_t i = 0; i < bytes.size(); ++i)
    {
        m_words[i / 4] |= static_cast<uint32_t>(bytes[i]) << (8 * (i % 4));
    }
}

FlowKey::FlowKey(FlowKeyView key)
    : m_identity(key.identity)
{
    std::copy_n(key.words, key.identity.GetWords(), m_words.begin());
}

FlowKey
FlowKey::ShortIpv4(Direction direction,
                   const FlowFields& common,
                   const IpAddress& source,
                   const IpAddress& destination,
                   UpperLayer upper)
{
    // Word by word: this is what each packet does, and several times.
    const std::array<uint8_t, 4>& bytes = upper.GetBytes();
    FlowKey key;
    key.m_identity = FlowIdentity(static_cast<uint16_t>(Family::Ipv4), direction, MIN_WORDS);
    key.m_words[0] = static_cast<uint32_t>(common.oif);
    key.m_words[1] = static_cast<uint32_t>(common.iif);
    key.m_words[2] = common.mark;
    key.m_words[3] = MakeWord(common.tos, common.scope, common.proto, common.flags);
    key.m_words[4] = common.secid;
    key.m_words[5] = __builtin_bswap32(source.GetFirstWord());
    key.m_words[6] = __builtin_bswap32(destination.GetFirstWord());
    key.m_words[7] = MakeWord(bytes[0], bytes[1], bytes[2], bytes[3]);
    return key;
}

FlowKey
FlowKey::Ipv4(Direction direction,
              const FlowFields& common,
              const IpAddress& source,
              const IpAddress& destination,
              UpperLayer upper,
              KeyLayout layout)
{
    if (layout == KeyLayout::Linux41)
    {
        return ShortIpv4(direction, common, source, destination, upper);
    }
    KeyWriter writer;
    writer.Common(common, layout);
    writer.Network(source.GetFirstWord());
    writer.Network(destination.GetFirstWord());
    writer.Raw(upper.GetBytes());
    return writer.Finish(Family::Ipv4, direction, layout);
}

FlowKey
FlowKey::Ipv6(Direction direction,
              const FlowFields& common,
              Ipv6Address source,
              Ipv6Address destination,
              uint32_t flowLabel,
              UpperLayer upper,
              KeyLayout layout,
              uint32_t padding)
{
    std::array<uint8_t, 16> address{};
    KeyWriter writer;
    writer.Common(common, layout);
    destination.GetBytes(address.data());
    writer.Raw(address);
    source.GetBytes(address.data());
    writer.Raw(address);
    writer.Network(flowLabel);
    writer.Raw(upper.GetBytes());
    if (layout == KeyLayout::Linux41)
    {
        writer.Host(padding);
    }
    return writer.Finish(Family::Ipv6, direction, layout);
}

std::vector<uint8_t>
FlowKey::GetBytes() const
{
    std::vector<uint8_t> bytes;
    for (uint32_t i = 0; i < 4 * m_identity.GetWords(); ++i)
    {
        bytes.push_back(static_cast<uint8_t>(m_words[i / 4] >> (8 * (i % 4))));
    }
    return bytes;
}

} // namespace ns3::xfrm
