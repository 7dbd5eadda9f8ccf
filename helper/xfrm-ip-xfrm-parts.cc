/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ip-xfrm-parts.h"

#include "xfrm-ip-xfrm-keywords.h"
#include "xfrm-ip-xfrm-vocabulary.h"

#include <string>

namespace ns3::xfrm
{

namespace
{

/// A word for one limit of a lifetime.
struct LimitName
{
    std::string_view name;           //!< the word
    uint64_t LifetimeLimits::*limit; //!< the limit
};

constexpr LimitName LIMITS[]{
    {"time-soft", &LifetimeLimits::softAddSeconds},
    {"time-hard", &LifetimeLimits::hardAddSeconds},
    {"time-use-soft", &LifetimeLimits::softUseSeconds},
    {"time-use-hard", &LifetimeLimits::hardUseSeconds},
    {"byte-soft", &LifetimeLimits::softBytes},
    {"byte-hard", &LifetimeLimits::hardBytes},
    {"packet-soft", &LifetimeLimits::softPackets},
    {"packet-hard", &LifetimeLimits::hardPackets},
};

/// Takes the words src, dst, proto, spi.
class IdParser
{
  public:
    explicit IdParser(WordCursor& cursor)
        : m_cursor(cursor)
    {
    }

    IdPart Take();

    static const Keyword<IdParser> KEYWORDS[];

  private:
    void TakeSource(const Word& keyword);
    void TakeDestination(const Word& keyword);
    void TakeProto(const Word& keyword);
    void TakeSpi(const Word& keyword);
    IpAddress TakeAddress(const Word& keyword);

    WordCursor& m_cursor; //!< the words
    IdPart m_part;        //!< what they say
};

constexpr Keyword<IdParser> IdParser::KEYWORDS[]{
    {"src", &IdParser::TakeSource},
    {"dst", &IdParser::TakeDestination},
    {"proto", &IdParser::TakeProto},
    {"spi", &IdParser::TakeSpi},
};

/// As iproute2 does, drops a prefix length.
IpAddress
IdParser::TakeAddress(const Word& keyword)
{
    const Prefix prefix = m_cursor.TakePrefix(keyword.text);
    if (IsOtherFamily(m_part.family, prefix.family))
    {
        m_cursor.Fail(keyword, "src and dst must be addresses of one family");
    }
    m_part.family = prefix.family;
    return prefix.address;
}

void
IdParser::TakeSource(const Word& keyword)
{
    m_part.source = TakeAddress(keyword);
}

void
IdParser::TakeDestination(const Word& keyword)
{
    m_part.id.destination = TakeAddress(keyword);
}

void
IdParser::TakeProto(const Word&)
{
    m_part.id.proto = TakeIpsecProto(m_cursor);
}

void
IdParser::TakeSpi(const Word& keyword)
{
    m_part.spiWord = &keyword;
    m_part.id.spi = m_cursor.TakeUint32("spi");
}

IdPart
IdParser::Take()
{
    const Word& first = m_cursor.Peek();
    TakeKeywords<IdParser>(m_cursor, *this, KEYWORDS);
    if (m_part.id.proto == 0)
    {
        m_cursor.Fail(first, "proto must stand beside src, dst and spi");
    }
    return m_part;
}

} // namespace

bool
IsIdWord(std::string_view text)
{
    return FindName(IdParser::KEYWORDS, text) != nullptr;
}

IdPart
TakeId(WordCursor& cursor)
{
    return IdParser(cursor).Take();
}

uint8_t
TakeIpsecProto(WordCursor& cursor)
{
    return cursor.TakeNamed<uint8_t>("proto", vocabulary::IPSEC_PROTOCOLS);
}

Mode
TakeMode(WordCursor& cursor)
{
    const Word& word = cursor.Take("transport or tunnel");
    const auto* found = FindAbbreviated(vocabulary::MODES, word.text);
    if (found == nullptr)
    {
        const bool isKnown = word.text == "beet" || word.text == "ro" || word.text == "in_trigger";
        cursor.Fail(word,
                    std::string("mode must be transport or tunnel") +
                        (isKnown ? ": others are not modelled" : ""));
    }
    return found->value;
}

Mark
TakeMark(WordCursor& cursor)
{
    Mark mark{.value = cursor.TakeUint32("mark"), .mask = UINT32_MAX};
    const Word& value = cursor.GetTaken();
    if (cursor.TakeIf("mask"))
    {
        mark.mask = cursor.TakeUint32("mask");
    }
    if ((mark.value & ~mark.mask) != 0)
    {
        cursor.Fail(value, "EINVAL: the mark has bits outside its mask, so nothing would match it");
    }
    return mark;
}

Direction
TakeDirection(WordCursor& cursor)
{
    return cursor.TakeNamed<Direction>("dir", vocabulary::DIRECTIONS);
}

PolicyType
TakePolicyType(WordCursor& cursor)
{
    return cursor.TakeNamed<PolicyType>("ptype", vocabulary::POLICY_TYPES);
}

void
TakeLimit(WordCursor& cursor, LifetimeLimits& limits)
{
    const std::string expected = JoinNames(LIMITS);
    const Word& word = cursor.Take(expected);
    const auto* found = FindName(LIMITS, word.text);
    if (found == nullptr)
    {
        cursor.Fail(word, "limit must be " + expected);
    }
    limits.*found->limit = cursor.TakeNumber(found->name, UINT64_MAX);
}

uint32_t
TakeFlags(WordCursor& cursor,
          std::string_view what,
          std::span<const NamedValue<uint32_t>> names,
          uint32_t most)
{
    if (!cursor.IsAtEnd() && cursor.Peek().text.starts_with("0x"))
    {
        return static_cast<uint32_t>(cursor.TakeNumber(what, most));
    }
    uint32_t flags = cursor.TakeNamed<uint32_t>(what, names);
    while (!cursor.IsAtEnd() && FindName(names, cursor.Peek().text) != nullptr)
    {
        flags |= cursor.TakeNamed<uint32_t>(what, names);
    }
    return flags;
}

} // namespace ns3::xfrm
