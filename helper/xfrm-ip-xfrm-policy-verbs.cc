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

constexpr NamedValue<PolicyAction> DEFAULT_ACTIONS[]{
    {"accept", PolicyAction::Allow},
    {"block", PolicyAction::Block},
};

/// Takes the words of `policy list` and `policy deleteall`.
class PolicyFilterParser
{
  public:
    explicit PolicyFilterParser(WordCursor& cursor)
        : m_cursor(cursor)
    {
        filter.family = cursor.GetPreferredFamily();
    }

    /// Takes all words.
    void Parse();

    PolicyFilter filter; //!< what they say

  private:
    void TakeNoSock(const Word& keyword);
    void TakeSelectorPart(const Word& keyword);
    void TakeDirectionPart(const Word& keyword);
    void TakeIndex(const Word& keyword);
    void TakeType(const Word& keyword);
    void TakeAction(const Word& keyword);
    void TakePriority(const Word& keyword);
    void TakeFlagPart(const Word& keyword);

    static const Keyword<PolicyFilterParser> KEYWORDS[];

    WordCursor& m_cursor;      //!< the words
    bool m_hasSelector{false}; //!< whether the selector was given
};

constexpr Keyword<PolicyFilterParser> PolicyFilterParser::KEYWORDS[]{
    {"nosock", &PolicyFilterParser::TakeNoSock},
    {"src", &PolicyFilterParser::TakeSelectorPart},
    {"dst", &PolicyFilterParser::TakeSelectorPart},
    {"dev", &PolicyFilterParser::TakeSelectorPart},
    {"proto", &PolicyFilterParser::TakeSelectorPart},
    {"sport", &PolicyFilterParser::TakeSelectorPart},
    {"dport", &PolicyFilterParser::TakeSelectorPart},
    {"type", &PolicyFilterParser::TakeSelectorPart},
    {"code", &PolicyFilterParser::TakeSelectorPart},
    {"key", &PolicyFilterParser::TakeSelectorPart},
    {"dir", &PolicyFilterParser::TakeDirectionPart},
    {"index", &PolicyFilterParser::TakeIndex},
    {"ptype", &PolicyFilterParser::TakeType},
    {"action", &PolicyFilterParser::TakeAction},
    {"priority", &PolicyFilterParser::TakePriority},
    {"flag", &PolicyFilterParser::TakeFlagPart},
};

void
PolicyFilterParser::Parse()
{
    static constexpr NamedValue<std::string_view> REFUSED[]{
        {"ctx", "security contexts are not modelled"},
        {"if_id", "Linux 4.1 does not have it"},
    };
    TakeKeywords<PolicyFilterParser>(m_cursor, *this, KEYWORDS);
    m_cursor.CheckEnd(JoinNames(KEYWORDS), REFUSED);
}

void
PolicyFilterParser::TakeNoSock(const Word&)
{
    filter.hidesSockets = true;
}

void
PolicyFilterParser::TakeSelectorPart(const Word& keyword)
{
    if (m_hasSelector)
    {
        m_cursor.Fail(keyword, "the words of the selector must stand together");
    }
    m_hasSelector = true;
    m_cursor.GoBack();
    SelectorPart part = TakeSelector(m_cursor);
    filter.selector = part.selector;
    filter.device = std::move(part.device);
}

void
PolicyFilterParser::TakeDirectionPart(const Word&)
{
    filter.direction = TakeDirection(m_cursor);
}

void
PolicyFilterParser::TakeIndex(const Word&)
{
    filter.index = m_cursor.TakeUint32("index");
}

void
PolicyFilterParser::TakeType(const Word&)
{
    filter.type = TakePolicyType(m_cursor);
}

void
PolicyFilterParser::TakeAction(const Word&)
{
    filter.action = m_cursor.TakeNamed<PolicyAction>("action", vocabulary::ACTIONS);
}

void
PolicyFilterParser::TakePriority(const Word&)
{
    filter.priority = m_cursor.TakeUint32("priority");
}

void
PolicyFilterParser::TakeFlagPart(const Word&)
{
    filter.flags |=
        static_cast<uint8_t>(TakeFlags(m_cursor, "flag", vocabulary::POLICY_FLAGS, UINT8_MAX));
}

/// @return `policy list` or `policy deleteall`
template <typename Command>
IpXfrmAction
ReadFilter(WordCursor& cursor, const Word&)
{
    PolicyFilterParser parser(cursor);
    parser.Parse();
    return Command{std::move(parser.filter)};
}

IpXfrmAction
ReadPolicyFlush(WordCursor& cursor, const Word&)
{
    PolicyFlush command;
    while (cursor.TakeIf("ptype"))
    {
        command.type = TakePolicyType(cursor);
    }
    cursor.CheckEnd("ptype");
    return command;
}

/// @param cursor behind a word for thresholds @param word that word @param most bits of an address
/// @return the thresholds
Thresholds
TakeThresholds(WordCursor& cursor, const std::string& word, uint8_t most)
{
    Thresholds thresholds;
    thresholds.localBits = static_cast<uint8_t>(cursor.TakeNumber("LBITS of " + word, most));
    thresholds.remoteBits = static_cast<uint8_t>(cursor.TakeNumber("RBITS of " + word, most));
    return thresholds;
}

IpXfrmAction
ReadSet(WordCursor& cursor, const Word& verb)
{
    PolicySet command;
    if (cursor.IsAtEnd())
    {
        cursor.Fail(verb, "must be followed by hthresh4 or hthresh6");
    }
    while (!cursor.IsAtEnd())
    {
        const bool isIpv4 = cursor.IsNext("hthresh4");
        if (!isIpv4 && !cursor.IsNext("hthresh6"))
        {
            cursor.CheckEnd("hthresh4 or hthresh6");
        }
        const Word& word = cursor.Take("hthresh4 or hthresh6");
        auto& thresholds = isIpv4 ? command.ipv4 : command.ipv6;
        if (thresholds)
        {
            cursor.Fail(word, "must be given once");
        }
        thresholds = TakeThresholds(cursor, word.text, isIpv4 ? 32 : 128);
    }
    return command;
}

IpXfrmAction
ReadSetDefault(WordCursor& cursor, const Word&)
{
    PolicySetDefault command;
    while (!cursor.IsAtEnd())
    {
        const auto direction = static_cast<size_t>(TakeDirection(cursor));
        command.actions[direction] = cursor.TakeNamed<PolicyAction>("action", DEFAULT_ACTIONS);
    }
    return command;
}

constexpr Verb POLICY_VERBS[]{
    {"add", &ReadPolicyAdd},
    {"update", &ReadPolicyUpdate},
    {"delete", &ReadPolicyDelete},
    {"deleteall", &ReadFilter<PolicyDeleteAll>},
    {"delall", &ReadFilter<PolicyDeleteAll>},
    {"list", &ReadFilter<PolicyList>},
    {"show", &ReadFilter<PolicyList>},
    {"lst", &ReadFilter<PolicyList>},
    {"get", &ReadPolicyGet},
    {"flush", &ReadPolicyFlush},
    {"count", nullptr, "sizes of hash tables are not shown; list shows the policies"},
    {"set", &ReadSet},
    {"setdefault", &ReadSetDefault},
    {"getdefault", nullptr, "Linux 4.1 does not have it"},
};

} // namespace

std::span<const Verb>
GetPolicyVerbs()
{
    return POLICY_VERBS;
}

} // namespace ns3::xfrm
