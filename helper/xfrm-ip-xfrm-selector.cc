/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ip-xfrm-keywords.h"
#include "xfrm-ip-xfrm-parts.h"
#include "xfrm-ip-xfrm-vocabulary.h"

#include <string>

namespace ns3::xfrm
{

namespace
{

/// @param text a word @return the same with small letters
std::string
MakeLower(std::string text)
{
    for (char& character : text)
    {
        character =
            character >= 'A' && character <= 'Z' ? static_cast<char>(character + 32) : character;
    }
    return text;
}

/// Takes the words of a selector.
class SelectorParser
{
  public:
    explicit SelectorParser(WordCursor& cursor)
        : m_cursor(cursor)
    {
    }

    SelectorPart Take();

    static const Keyword<SelectorParser> KEYWORDS[];

  private:
    void TakeSource(const Word& keyword);
    void TakeDestination(const Word& keyword);
    void TakeDevice(const Word& keyword);
    void TakeProto(const Word& keyword);
    void TakeSourcePort(const Word& keyword);
    void TakeDestinationPort(const Word& keyword);
    void TakeType(const Word& keyword);
    void TakeCode(const Word& keyword);
    void TakeKey(const Word& keyword);
    Prefix TakeAddress(const Word& keyword);
    void CheckUpperLayer(const GivenWords& given) const;

    WordCursor& m_cursor;           //!< the words
    SelectorPart m_part;            //!< what they say
    std::optional<Family> m_family; //!< family of the addresses
};

constexpr Keyword<SelectorParser> SelectorParser::KEYWORDS[]{
    {"src", &SelectorParser::TakeSource},
    {"dst", &SelectorParser::TakeDestination},
    {"dev", &SelectorParser::TakeDevice},
    {"proto", &SelectorParser::TakeProto},
    {"sport", &SelectorParser::TakeSourcePort},
    {"dport", &SelectorParser::TakeDestinationPort},
    {"type", &SelectorParser::TakeType},
    {"code", &SelectorParser::TakeCode},
    {"key", &SelectorParser::TakeKey},
};

Prefix
SelectorParser::TakeAddress(const Word& keyword)
{
    const Prefix prefix = m_cursor.TakePrefix(keyword.text);
    if (IsOtherFamily(m_family, prefix.family))
    {
        m_cursor.Fail(keyword, "src and dst must be addresses of one family");
    }
    m_family = prefix.family;
    m_part.selector.family = static_cast<uint16_t>(prefix.family);
    return prefix;
}

void
SelectorParser::TakeSource(const Word& keyword)
{
    const Prefix prefix = TakeAddress(keyword);
    m_part.selector.source = prefix.address;
    m_part.selector.sourcePrefix = prefix.nBits;
}

void
SelectorParser::TakeDestination(const Word& keyword)
{
    const Prefix prefix = TakeAddress(keyword);
    m_part.selector.destination = prefix.address;
    m_part.selector.destinationPrefix = prefix.nBits;
}

void
SelectorParser::TakeDevice(const Word&)
{
    const Word& word = m_cursor.Take("a device name");
    if (word.text.empty() || word.text.size() > 15)
    {
        m_cursor.Fail(word, "a device name must have 1 to 15 characters");
    }
    m_part.device = DeviceName{word.text, m_cursor.GetPosition(word)};
}

void
SelectorParser::TakeProto(const Word&)
{
    if (!m_cursor.IsAtEnd())
    {
        const auto* found = FindName(vocabulary::PROTOCOLS, MakeLower(m_cursor.Peek().text));
        if (found != nullptr)
        {
            m_part.selector.proto = found->value;
            m_cursor.Take("a protocol");
            return;
        }
    }
    m_part.selector.proto = static_cast<uint8_t>(
        m_cursor.TakeNumber("proto that is none of " + JoinNames(vocabulary::PROTOCOLS),
                            UINT8_MAX));
}

/// As iproute2 does, takes port 0 for any, unless another port was given before.
void
SelectorParser::TakeSourcePort(const Word&)
{
    m_part.selector.sourcePort = static_cast<uint16_t>(m_cursor.TakeNumber("sport", UINT16_MAX));
    m_part.selector.sourcePortMask |= m_part.selector.sourcePort != 0 ? UINT16_MAX : 0;
}

/// As iproute2 does, takes port 0 for any, unless another port was given before.
void
SelectorParser::TakeDestinationPort(const Word&)
{
    m_part.selector.destinationPort =
        static_cast<uint16_t>(m_cursor.TakeNumber("dport", UINT16_MAX));
    m_part.selector.destinationPortMask |= m_part.selector.destinationPort != 0 ? UINT16_MAX : 0;
}

void
SelectorParser::TakeType(const Word&)
{
    m_part.selector.sourcePort = static_cast<uint16_t>(m_cursor.TakeNumber("type", UINT8_MAX));
    m_part.selector.sourcePortMask = UINT16_MAX;
}

void
SelectorParser::TakeCode(const Word&)
{
    m_part.selector.destinationPort = static_cast<uint16_t>(m_cursor.TakeNumber("code", UINT8_MAX));
    m_part.selector.destinationPortMask = UINT16_MAX;
}

/// The key is one number, or has the form of an IPv4 address.
void
SelectorParser::TakeKey(const Word&)
{
    const bool isDotted =
        !m_cursor.IsAtEnd() && m_cursor.Peek().text.find('.') != std::string::npos;
    const uint32_t key = isDotted ? m_cursor.TakeDottedQuad("key") : m_cursor.TakeUint32("key");
    m_part.selector.sourcePort = static_cast<uint16_t>(key >> 16);
    m_part.selector.destinationPort = static_cast<uint16_t>(key);
    m_part.selector.sourcePortMask = UINT16_MAX;
    m_part.selector.destinationPortMask = UINT16_MAX;
}

/// Checks that the protocol has what was given of it.
void
SelectorParser::CheckUpperLayer(const GivenWords& given) const
{
    const uint8_t proto = m_part.selector.proto;
    const bool hasPorts = proto == PROTO_ANY || proto == PROTO_TCP || proto == PROTO_UDP ||
                          proto == PROTO_SCTP || proto == PROTO_DCCP;
    const bool hasType = proto == PROTO_ICMP || proto == PROTO_ICMPV6 || proto == PROTO_MH;
    const Word* const portWord = given.Find({"sport", "dport"});
    if (portWord != nullptr && !hasPorts)
    {
        m_cursor.Fail(*portWord, "ports need proto tcp, udp, sctp or dccp");
    }
    const Word* const typeWord = given.Find({"type", "code"});
    if (typeWord != nullptr && !hasType)
    {
        m_cursor.Fail(*typeWord, "types and codes need proto icmp, ipv6-icmp or mobility-header");
    }
    const Word* const keyWord = given.Find({"key"});
    if (keyWord != nullptr && proto != PROTO_GRE)
    {
        m_cursor.Fail(*keyWord, "a key needs proto gre");
    }
}

SelectorPart
SelectorParser::Take()
{
    const std::string expected = JoinNames(KEYWORDS);
    if (m_cursor.IsAtEnd() || FindName(KEYWORDS, m_cursor.Peek().text) == nullptr)
    {
        const Word& word = m_cursor.Take(expected);
        m_cursor.Fail(word, "a selector must start with " + expected);
    }
    CheckUpperLayer(TakeKeywords<SelectorParser>(m_cursor, *this, KEYWORDS));
    return m_part;
}

} // namespace

bool
IsSelectorWord(std::string_view text)
{
    return FindName(SelectorParser::KEYWORDS, text) != nullptr;
}

SelectorPart
TakeSelector(WordCursor& cursor)
{
    return SelectorParser(cursor).Take();
}

} // namespace ns3::xfrm
