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

constexpr uint32_t DIRECTION_BITS{7}; // of a policy's index (R113)

constexpr NamedValue<std::string_view> REFUSED_OF_POLICIES[]{
    {"ctx", "security contexts are not modelled"},
    {"if_id", "Linux 4.1 does not have it"},
    {"offload", "Linux 4.1 does not have it"},
};

/// Takes the words of a template.
class TemplateParser
{
  public:
    explicit TemplateParser(WordCursor& cursor)
        : m_cursor(cursor)
    {
    }

    /// Takes all words.  @param keyword the word tmpl
    void Parse(const Word& keyword);

    Template config;              //!< what they say, but for its family
    std::optional<Family> family; //!< family of the addresses, unset without addresses

  private:
    void TakeIdPart(const Word& keyword);
    void TakeModePart(const Word& keyword);
    void TakeReqid(const Word& keyword);
    void TakeLevel(const Word& keyword);

    static const Keyword<TemplateParser> KEYWORDS[];

    WordCursor& m_cursor; //!< the words
    bool m_hasId{false};  //!< whether the ID was given
};

constexpr Keyword<TemplateParser> TemplateParser::KEYWORDS[]{
    {"src", &TemplateParser::TakeIdPart},
    {"dst", &TemplateParser::TakeIdPart},
    {"proto", &TemplateParser::TakeIdPart},
    {"spi", &TemplateParser::TakeIdPart},
    {"mode", &TemplateParser::TakeModePart},
    {"reqid", &TemplateParser::TakeReqid},
    {"level", &TemplateParser::TakeLevel},
};

void
TemplateParser::TakeIdPart(const Word& keyword)
{
    if (m_hasId)
    {
        m_cursor.Fail(keyword, "src, dst, proto and spi must stand together");
    }
    m_hasId = true;
    m_cursor.GoBack();
    const IdPart part = TakeId(m_cursor);
    config.destination = part.id.destination;
    config.source = part.source;
    config.spi = part.id.spi;
    config.proto = part.id.proto;
    family = part.family;
}

void
TemplateParser::TakeModePart(const Word&)
{
    config.mode = TakeMode(m_cursor);
}

void
TemplateParser::TakeReqid(const Word&)
{
    config.reqid = m_cursor.TakeUint32("reqid");
}

void
TemplateParser::TakeLevel(const Word&)
{
    config.isOptional = m_cursor.TakeNamed<bool>("level", vocabulary::LEVELS);
}

void
TemplateParser::Parse(const Word& keyword)
{
    TakeKeywords<TemplateParser>(m_cursor, *this, KEYWORDS);
    if (!m_hasId)
    {
        m_cursor.Fail(keyword, "must be followed by proto and more of " + JoinNames(KEYWORDS));
    }
}

/// Takes the words of `policy add`, `update`, `delete` and `get`.
class PolicyParser
{
  public:
    /// @param cursor behind the verb @param verb the verb
    PolicyParser(WordCursor& cursor, const Word& verb)
        : m_cursor(cursor),
          m_verb(verb)
    {
    }

    /// Takes all words of `policy add` and `policy update`.
    void ParseConfig();

    /// Takes all words of `policy delete` and `policy get`.
    void ParseReference();

    PolicyConfig config;              //!< what they say
    std::optional<DeviceName> device; //!< device of the selector

  private:
    void TakeSelectorPart(const Word& keyword);
    void TakeDirectionPart(const Word& keyword);
    void TakeMarkPart(const Word& keyword);
    void TakeIndex(const Word& keyword);
    void TakeType(const Word& keyword);
    void TakeAction(const Word& keyword);
    void TakePriority(const Word& keyword);
    void TakeFlagPart(const Word& keyword);
    void TakeLimitPart(const Word& keyword);
    void TakeTemplate(const Word& keyword);
    void Parse(std::span<const Keyword<PolicyParser>> keywords);

    static const Keyword<PolicyParser> KEYWORDS[];
    static constexpr size_t N_REFERENCE_KEYWORDS{13}; //!< the first ones, of delete and get too

    WordCursor& m_cursor;             //!< the words
    const Word& m_verb;               //!< the verb
    const Word* m_indexWord{nullptr}; //!< the word index, null if there is none
    bool m_hasSelector{false};        //!< whether the selector was given
    bool m_hasDirection{false};       //!< whether the direction was given

    std::vector<std::optional<Family>> m_templateFamilies; //!< of each template
};

constexpr Keyword<PolicyParser> PolicyParser::KEYWORDS[]{
    {"src", &PolicyParser::TakeSelectorPart},
    {"dst", &PolicyParser::TakeSelectorPart},
    {"dev", &PolicyParser::TakeSelectorPart},
    {"proto", &PolicyParser::TakeSelectorPart},
    {"sport", &PolicyParser::TakeSelectorPart},
    {"dport", &PolicyParser::TakeSelectorPart},
    {"type", &PolicyParser::TakeSelectorPart},
    {"code", &PolicyParser::TakeSelectorPart},
    {"key", &PolicyParser::TakeSelectorPart},
    {"dir", &PolicyParser::TakeDirectionPart},
    {"mark", &PolicyParser::TakeMarkPart},
    {"index", &PolicyParser::TakeIndex},
    {"ptype", &PolicyParser::TakeType}, // those to here are of delete and get too
    {"action", &PolicyParser::TakeAction},
    {"priority", &PolicyParser::TakePriority},
    {"flag", &PolicyParser::TakeFlagPart},
    {"limit", &PolicyParser::TakeLimitPart},
    {"tmpl", &PolicyParser::TakeTemplate},
};

void
PolicyParser::TakeSelectorPart(const Word& keyword)
{
    if (m_hasSelector)
    {
        m_cursor.Fail(keyword, "the words of the selector must stand together");
    }
    m_hasSelector = true;
    m_cursor.GoBack();
    SelectorPart part = TakeSelector(m_cursor);
    config.selector = part.selector;
    device = std::move(part.device);
}

void
PolicyParser::TakeDirectionPart(const Word& keyword)
{
    if (m_hasDirection)
    {
        m_cursor.Fail(keyword, "must be given once");
    }
    m_hasDirection = true;
    config.direction = TakeDirection(m_cursor);
}

void
PolicyParser::TakeMarkPart(const Word&)
{
    config.mark = TakeMark(m_cursor);
}

void
PolicyParser::TakeIndex(const Word& keyword)
{
    m_indexWord = &keyword;
    config.index = m_cursor.TakeUint32("index");
}

void
PolicyParser::TakeType(const Word&)
{
    config.type = TakePolicyType(m_cursor);
}

void
PolicyParser::TakeAction(const Word&)
{
    config.action = m_cursor.TakeNamed<PolicyAction>("action", vocabulary::ACTIONS);
}

void
PolicyParser::TakePriority(const Word&)
{
    config.priority = m_cursor.TakeUint32("priority");
}

void
PolicyParser::TakeFlagPart(const Word&)
{
    config.flags |=
        static_cast<uint8_t>(TakeFlags(m_cursor, "flag", vocabulary::POLICY_FLAGS, UINT8_MAX));
}

void
PolicyParser::TakeLimitPart(const Word&)
{
    TakeLimit(m_cursor, config.limits);
}

void
PolicyParser::TakeTemplate(const Word& keyword)
{
    if (config.templates.size() == MAX_DEPTH)
    {
        m_cursor.Fail(keyword,
                      "EINVAL: a policy has at most " + std::to_string(MAX_DEPTH) + " templates");
    }
    TemplateParser parser(m_cursor);
    parser.Parse(keyword);
    config.templates.push_back(parser.config);
    m_templateFamilies.push_back(parser.family);
}

/// Takes all words, and settles the family: that of addresses, else that of options, else IPv4.
void
PolicyParser::Parse(std::span<const Keyword<PolicyParser>> keywords)
{
    TakeKeywords(m_cursor, *this, keywords);
    m_cursor.CheckEnd(JoinNames(keywords), REFUSED_OF_POLICIES);
    if (!m_hasDirection)
    {
        m_cursor.Fail(m_verb, "dir must follow");
    }
    config.family = m_cursor.GetPreferredFamily().value_or(Family::Ipv4);
    if (config.selector.family != 0)
    {
        config.family = static_cast<Family>(config.selector.family);
    }
    config.selector.family = static_cast<uint16_t>(config.family);
}

void
PolicyParser::ParseConfig()
{
    Parse(KEYWORDS);
    for (size_t i = 0; i < config.templates.size(); ++i)
    {
        config.templates[i].family = m_templateFamilies[i].value_or(config.family);
    }
    const uint32_t direction = config.index & DIRECTION_BITS;
    if (config.index != 0 && direction != static_cast<uint32_t>(config.direction))
    {
        m_cursor.Fail(*m_indexWord,
                      "EINVAL: its low 3 bits must be the direction: 0 in, 1 out, 2 fwd");
    }
}

void
PolicyParser::ParseReference()
{
    Parse(std::span(KEYWORDS).first<N_REFERENCE_KEYWORDS>());
    if (m_hasSelector && m_indexWord != nullptr)
    {
        m_cursor.Fail(*m_indexWord, "must not be given beside a selector");
    }
    if (!m_hasSelector && m_indexWord == nullptr)
    {
        m_cursor.Fail(m_verb, "a selector or index must follow");
    }
}

/// @return `policy add` or `policy update`
template <typename Command>
IpXfrmAction
ReadPolicyConfig(WordCursor& cursor, const Word& verb)
{
    PolicyParser parser(cursor, verb);
    parser.ParseConfig();
    return Command{std::move(parser.config), std::move(parser.device)};
}

/// @return `policy delete` or `policy get`
template <typename Command>
IpXfrmAction
ReadPolicyReference(WordCursor& cursor, const Word& verb)
{
    PolicyParser parser(cursor, verb);
    parser.ParseReference();
    return Command{{.type = parser.config.type,
                    .direction = parser.config.direction,
                    .index = parser.config.index,
                    .selector = parser.config.selector,
                    .device = std::move(parser.device),
                    .mark = parser.config.mark}};
}

} // namespace

IpXfrmAction
ReadPolicyAdd(WordCursor& cursor, const Word& verb)
{
    return ReadPolicyConfig<PolicyAdd>(cursor, verb);
}

IpXfrmAction
ReadPolicyUpdate(WordCursor& cursor, const Word& verb)
{
    return ReadPolicyConfig<PolicyUpdate>(cursor, verb);
}

IpXfrmAction
ReadPolicyDelete(WordCursor& cursor, const Word& verb)
{
    return ReadPolicyReference<PolicyDelete>(cursor, verb);
}

IpXfrmAction
ReadPolicyGet(WordCursor& cursor, const Word& verb)
{
    return ReadPolicyReference<PolicyGet>(cursor, verb);
}

} // namespace ns3::xfrm
