/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ip-xfrm-keywords.h"
#include "xfrm-ip-xfrm-objects.h"
#include "xfrm-ip-xfrm-parts.h"
#include "xfrm-ip-xfrm-vocabulary.h"

#include <string>
#include <utility>

namespace ns3::xfrm
{

namespace
{

constexpr NamedValue<std::string_view> REFUSED_OF_STATES[]{
    {"ctx", "security contexts are not modelled"},
    {"if_id", "Linux 4.1 does not have it"},
};

/// Takes the words of `state list` and `state deleteall`.
class StateFilterParser
{
  public:
    explicit StateFilterParser(WordCursor& cursor)
        : m_cursor(cursor)
    {
        list.filter.family = cursor.GetPreferredFamily();
    }

    /// Takes all words.  @param keywords those that the verb has
    void Parse(std::span<const Keyword<StateFilterParser>> keywords)
    {
        TakeKeywords(m_cursor, *this, keywords);
        m_cursor.CheckEnd(JoinNames(keywords), REFUSED_OF_STATES);
    }

    StateList list; //!< what they say

    static const Keyword<StateFilterParser> KEYWORDS[];
    static constexpr size_t N_DELETEALL_KEYWORDS{7}; //!< the first ones, which deleteall has too

  private:
    void TakeSource(const Word& keyword);
    void TakeDestination(const Word& keyword);
    void TakeProto(const Word& keyword);
    void TakeSpi(const Word& keyword);
    void TakeModePart(const Word& keyword);
    void TakeReqid(const Word& keyword);
    void TakeFlagPart(const Word& keyword);
    void TakeNoKeys(const Word& keyword);

    WordCursor& m_cursor; //!< the words
};

constexpr Keyword<StateFilterParser> StateFilterParser::KEYWORDS[]{
    {"src", &StateFilterParser::TakeSource},
    {"dst", &StateFilterParser::TakeDestination},
    {"proto", &StateFilterParser::TakeProto},
    {"spi", &StateFilterParser::TakeSpi},
    {"mode", &StateFilterParser::TakeModePart},
    {"reqid", &StateFilterParser::TakeReqid},
    {"flag", &StateFilterParser::TakeFlagPart}, // those to here are deleteall's too
    {"nokeys", &StateFilterParser::TakeNoKeys},
};

void
StateFilterParser::TakeSource(const Word&)
{
    list.filter.source = m_cursor.TakePrefix("src");
}

void
StateFilterParser::TakeDestination(const Word&)
{
    list.filter.destination = m_cursor.TakePrefix("dst");
}

void
StateFilterParser::TakeProto(const Word&)
{
    list.filter.proto = TakeIpsecProto(m_cursor);
}

void
StateFilterParser::TakeSpi(const Word&)
{
    list.filter.spi = m_cursor.TakeUint32("spi");
}

void
StateFilterParser::TakeModePart(const Word&)
{
    list.filter.mode = TakeMode(m_cursor);
}

void
StateFilterParser::TakeReqid(const Word&)
{
    list.filter.reqid = m_cursor.TakeUint32("reqid");
}

void
StateFilterParser::TakeFlagPart(const Word&)
{
    list.filter.flags |=
        static_cast<uint8_t>(TakeFlags(m_cursor, "flag", vocabulary::STATE_FLAGS, UINT8_MAX));
}

void
StateFilterParser::TakeNoKeys(const Word&)
{
    list.hidesKeys = true;
}

IpXfrmAction
ReadList(WordCursor& cursor, const Word&)
{
    StateFilterParser parser(cursor);
    parser.Parse(StateFilterParser::KEYWORDS);
    return parser.list;
}

IpXfrmAction
ReadDeleteAll(WordCursor& cursor, const Word&)
{
    StateFilterParser parser(cursor);
    parser.Parse(
        std::span(StateFilterParser::KEYWORDS).first<StateFilterParser::N_DELETEALL_KEYWORDS>());
    return StateDeleteAll{parser.list.filter};
}

/// Takes the words of `state allocspi`.
class AllocSpiParser
{
  public:
    /// @param cursor behind the verb @param verb the verb
    AllocSpiParser(WordCursor& cursor, const Word& verb)
        : m_cursor(cursor),
          m_verb(verb)
    {
    }

    /// Takes all words and checks what they say together.
    void Parse();

    StateAllocSpi command; //!< what they say

  private:
    void TakeIdPart(const Word& keyword);
    void TakeModePart(const Word& keyword);
    void TakeMarkPart(const Word& keyword);
    void TakeReqid(const Word& keyword);
    void TakeSequence(const Word& keyword);
    void TakeMin(const Word& keyword);
    void TakeMax(const Word& keyword);
    void CheckRange(const GivenWords& given);

    static const Keyword<AllocSpiParser> KEYWORDS[];

    WordCursor& m_cursor; //!< the words
    const Word& m_verb;   //!< the verb
    bool m_hasId{false};  //!< whether the ID was given
};

constexpr Keyword<AllocSpiParser> AllocSpiParser::KEYWORDS[]{
    {"src", &AllocSpiParser::TakeIdPart},
    {"dst", &AllocSpiParser::TakeIdPart},
    {"proto", &AllocSpiParser::TakeIdPart},
    {"spi", &AllocSpiParser::TakeIdPart},
    {"mode", &AllocSpiParser::TakeModePart},
    {"mark", &AllocSpiParser::TakeMarkPart},
    {"reqid", &AllocSpiParser::TakeReqid},
    {"seq", &AllocSpiParser::TakeSequence},
    {"min", &AllocSpiParser::TakeMin},
    {"max", &AllocSpiParser::TakeMax},
};

void
AllocSpiParser::TakeIdPart(const Word& keyword)
{
    if (m_hasId)
    {
        m_cursor.Fail(keyword, "src, dst and proto must stand together");
    }
    m_hasId = true;
    m_cursor.GoBack();
    const IdPart part = TakeId(m_cursor);
    if (part.spiWord != nullptr)
    {
        m_cursor.Fail(*part.spiWord, "the kernel chooses the SPI: give min and max");
    }
    command.config.id = part.id;
    command.config.source = part.source;
    command.config.family = part.family.value_or(command.config.family);
}

void
AllocSpiParser::TakeModePart(const Word&)
{
    command.config.mode = TakeMode(m_cursor);
}

void
AllocSpiParser::TakeMarkPart(const Word&)
{
    command.config.mark = TakeMark(m_cursor);
}

void
AllocSpiParser::TakeReqid(const Word&)
{
    command.config.reqid = m_cursor.TakeUint32("reqid");
}

void
AllocSpiParser::TakeSequence(const Word&)
{
    command.config.sequence = m_cursor.TakeUint32("seq");
}

void
AllocSpiParser::TakeMin(const Word&)
{
    command.minSpi = m_cursor.TakeUint32("min");
}

void
AllocSpiParser::TakeMax(const Word&)
{
    command.maxSpi = m_cursor.TakeUint32("max");
}

/// The range of IPcomp is that of its 16-bit CPI.
void
AllocSpiParser::CheckRange(const GivenWords& given)
{
    const Word* const min = given.Find({"min"});
    const Word* const max = given.Find({"max"});
    if ((min == nullptr) != (max == nullptr))
    {
        m_cursor.Fail(min == nullptr ? *max : *min, "min and max must be given together");
    }
    const bool isComp = command.config.id.proto == PROTO_COMP;
    if (min == nullptr)
    {
        command.maxSpi = isComp ? UINT16_MAX : command.maxSpi;
        return;
    }
    if (command.minSpi > command.maxSpi)
    {
        m_cursor.Fail(*min, "EINVAL: min must not be more than max");
    }
    if (isComp && command.maxSpi > UINT16_MAX)
    {
        m_cursor.Fail(*max, "EINVAL: with proto comp it must be 0 to 65535");
    }
}

void
AllocSpiParser::Parse()
{
    command.config.family = m_cursor.GetPreferredFamily().value_or(Family::Ipv4);
    const GivenWords given = TakeKeywords<AllocSpiParser>(m_cursor, *this, KEYWORDS);
    m_cursor.CheckEnd(JoinNames(KEYWORDS), REFUSED_OF_STATES);
    if (!m_hasId)
    {
        m_cursor.Fail(m_verb, "src, dst and proto must follow");
    }
    CheckRange(given);
}

IpXfrmAction
ReadAllocSpi(WordCursor& cursor, const Word& verb)
{
    AllocSpiParser parser(cursor, verb);
    parser.Parse();
    return std::move(parser.command);
}

/// @return `state delete` or `state get`
template <typename Command>
IpXfrmAction
ReadStateReference(WordCursor& cursor, const Word& verb)
{
    Command command;
    command.family = cursor.GetPreferredFamily().value_or(Family::Ipv4);
    bool hasId = false;
    while (!cursor.IsAtEnd())
    {
        if (cursor.TakeIf("mark"))
        {
            command.mark = TakeMark(cursor);
            continue;
        }
        if (hasId || !IsIdWord(cursor.Peek().text))
        {
            cursor.CheckEnd(hasId ? "mark" : "src, dst, proto, spi or mark", REFUSED_OF_STATES);
        }
        hasId = true;
        const IdPart part = TakeId(cursor);
        command.id = part.id;
        command.source = part.source;
        command.family = part.family.value_or(command.family);
    }
    if (!hasId)
    {
        cursor.Fail(verb, "dst, proto and spi must follow");
    }
    return command;
}

IpXfrmAction
ReadStateFlush(WordCursor& cursor, const Word&)
{
    StateFlush command;
    while (cursor.TakeIf("proto"))
    {
        command.proto = TakeIpsecProto(cursor);
    }
    cursor.CheckEnd("proto");
    return command;
}

constexpr Verb STATE_VERBS[]{
    {"add", &ReadStateAdd},
    {"update", &ReadStateUpdate},
    {"allocspi", &ReadAllocSpi},
    {"delete", &ReadStateReference<StateDelete>},
    {"deleteall", &ReadDeleteAll},
    {"delall", &ReadDeleteAll},
    {"list", &ReadList},
    {"show", &ReadList},
    {"lst", &ReadList},
    {"get", &ReadStateReference<StateGet>},
    {"flush", &ReadStateFlush},
    {"count", nullptr, "sizes of hash tables are not shown; list shows the states"},
};

} // namespace

std::span<const Verb>
GetStateVerbs()
{
    return STATE_VERBS;
}

} // namespace ns3::xfrm
