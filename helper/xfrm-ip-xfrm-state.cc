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

/// A word that a number follows.
struct NumberWord
{
    std::string_view name;           //!< the word
    uint32_t& (*find)(StateConfig&); //!< where the number goes
    uint32_t most{UINT32_MAX};       //!< largest number
};

constexpr NumberWord NUMBERS[]{
    {"reqid", [](StateConfig& config) -> uint32_t& { return config.reqid; }},
    {"seq", [](StateConfig& config) -> uint32_t& { return config.sequence; }},
    {"tfcpad", [](StateConfig& config) -> uint32_t& { return config.tfcPad; }},
    {"replay-window",
     [](StateConfig& config) -> uint32_t& { return config.replay.windowPackets; },
     ReplayWindow::MAX_WINDOW},
    {"replay-seq", [](StateConfig& config) -> uint32_t& { return config.replay.inSequence; }},
    {"replay-oseq", [](StateConfig& config) -> uint32_t& { return config.replay.outSequence; }},
    {"replay-seq-hi",
     [](StateConfig& config) -> uint32_t& { return config.replay.inSequenceHigh; }},
    {"replay-oseq-hi",
     [](StateConfig& config) -> uint32_t& { return config.replay.outSequenceHigh; }},
};

/// Takes the words of `state add` and `state update`.
class StateParser
{
  public:
    /// @param cursor behind the verb @param verb the verb
    StateParser(WordCursor& cursor, const Word& verb)
        : m_cursor(cursor),
          m_verb(verb)
    {
    }

    /// Takes all words and checks what they say together.
    void Parse();

    StateConfig config;               //!< what they say
    std::optional<DeviceName> device; //!< device of the selector

  private:
    void TakeIdPart(const Word& keyword);
    void TakeNumber(const Word& keyword);
    void TakeModePart(const Word& keyword);
    void TakeMarkPart(const Word& keyword);
    void TakeFlagPart(const Word& keyword);
    void TakeExtraFlag(const Word& keyword);
    void TakeSelectorPart(const Word& keyword);
    void TakeLimitPart(const Word& keyword);
    void TakeEncap(const Word& keyword);
    void TakeAlgorithmPart(const Word& keyword);

    void CheckAlgorithms(const GivenWords& given) const;
    void CheckReplay(const GivenWords& given) const;
    void CheckProtocol(const GivenWords& given) const;
    void Forbid(const Word* word, bool isWrong, const std::string& expected) const;

    static const Keyword<StateParser> KEYWORDS[];

    WordCursor& m_cursor; //!< the words
    const Word& m_verb;   //!< the verb
    bool m_hasId{false};  //!< whether the ID was given

    const Word* m_spiWord{nullptr}; //!< the word spi, null if there is none
    const Word* m_esnWord{nullptr}; //!< the word flag before esn, null if there is none
};

constexpr Keyword<StateParser> StateParser::KEYWORDS[]{
    {"src", &StateParser::TakeIdPart},
    {"dst", &StateParser::TakeIdPart},
    {"proto", &StateParser::TakeIdPart},
    {"spi", &StateParser::TakeIdPart},
    {"mode", &StateParser::TakeModePart},
    {"reqid", &StateParser::TakeNumber},
    {"seq", &StateParser::TakeNumber},
    {"replay-window", &StateParser::TakeNumber},
    {"replay-seq", &StateParser::TakeNumber},
    {"replay-oseq", &StateParser::TakeNumber},
    {"replay-seq-hi", &StateParser::TakeNumber},
    {"replay-oseq-hi", &StateParser::TakeNumber},
    {"mark", &StateParser::TakeMarkPart},
    {"flag", &StateParser::TakeFlagPart},
    {"extra-flag", &StateParser::TakeExtraFlag},
    {"sel", &StateParser::TakeSelectorPart},
    {"limit", &StateParser::TakeLimitPart},
    {"encap", &StateParser::TakeEncap},
    {"tfcpad", &StateParser::TakeNumber},
    {"aead", &StateParser::TakeAlgorithmPart},
    {"enc", &StateParser::TakeAlgorithmPart},
    {"auth", &StateParser::TakeAlgorithmPart},
    {"auth-trunc", &StateParser::TakeAlgorithmPart},
    {"comp", &StateParser::TakeAlgorithmPart},
};

void
StateParser::TakeIdPart(const Word& keyword)
{
    if (m_hasId)
    {
        m_cursor.Fail(keyword, "src, dst, proto and spi must stand together");
    }
    m_hasId = true;
    m_cursor.GoBack();
    const IdPart part = TakeId(m_cursor);
    m_spiWord = part.spiWord;
    config.id = part.id;
    config.source = part.source;
    config.family = part.family.value_or(config.family);
}

void
StateParser::TakeNumber(const Word& keyword)
{
    const NumberWord& number = *FindName(NUMBERS, keyword.text);
    number.find(config) = static_cast<uint32_t>(m_cursor.TakeNumber(number.name, number.most));
}

void
StateParser::TakeModePart(const Word&)
{
    config.mode = TakeMode(m_cursor);
}

void
StateParser::TakeMarkPart(const Word&)
{
    config.mark = TakeMark(m_cursor);
}

void
StateParser::TakeFlagPart(const Word& keyword)
{
    const auto flags =
        static_cast<uint8_t>(TakeFlags(m_cursor, "flag", vocabulary::STATE_FLAGS, UINT8_MAX));
    m_esnWord = (flags & StateConfig::FLAG_ESN) != 0 ? &keyword : m_esnWord;
    config.flags |= flags;
}

void
StateParser::TakeExtraFlag(const Word&)
{
    config.extraFlags |= TakeFlags(m_cursor,
                                   "extra-flag",
                                   vocabulary::EXTRA_FLAGS,
                                   StateConfig::EXTRA_DONT_ENCAP_DSCP);
}

void
StateParser::TakeSelectorPart(const Word&)
{
    SelectorPart part = TakeSelector(m_cursor);
    config.selector = part.selector;
    device = std::move(part.device);
}

void
StateParser::TakeLimitPart(const Word&)
{
    TakeLimit(m_cursor, config.limits);
}

/// The address that must follow is the one before translation, which nothing looks at.
void
StateParser::TakeEncap(const Word&)
{
    config.encapType = m_cursor.TakeNamed<EncapType>("encap", vocabulary::ENCAP_TYPES);
    config.encapSourcePort =
        static_cast<uint16_t>(m_cursor.TakeNumber("the source port of encap", UINT16_MAX));
    config.encapDestinationPort =
        static_cast<uint16_t>(m_cursor.TakeNumber("the destination port of encap", UINT16_MAX));
    m_cursor.TakePrefix("the original address of encap");
}

void
StateParser::TakeAlgorithmPart(const Word& keyword)
{
    TakeAlgorithm(m_cursor, keyword, config);
}

/// @param word a word, or null if it was not given @throws IpXfrmError if it is there and wrong
void
StateParser::Forbid(const Word* word, bool isWrong, const std::string& expected) const
{
    if (word != nullptr && isWrong)
    {
        m_cursor.Fail(*word, expected);
    }
}

/// Source: verify_newsa_info(), Linux 4.1, and the same checks in iproute2.
void
StateParser::CheckAlgorithms(const GivenWords& given) const
{
    const uint8_t proto = config.id.proto;
    Forbid(given.Find({"enc", "aead"}), proto != PROTO_ESP, "needs proto esp");
    Forbid(given.Find({"auth", "auth-trunc"}), proto == PROTO_COMP, "needs proto esp or ah");
    Forbid(given.Find({"comp"}), proto != PROTO_COMP, "needs proto comp");
    if (proto == PROTO_ESP && !config.encryption && !config.aead)
    {
        m_cursor.Fail(m_verb, "proto esp needs enc or aead");
    }
    if (proto == PROTO_AH && !config.auth)
    {
        m_cursor.Fail(m_verb, "proto ah needs auth or auth-trunc");
    }
    if (proto == PROTO_COMP && !config.compression)
    {
        m_cursor.Fail(m_verb, "proto comp needs comp");
    }
}

/// Source: verify_replay(), Linux 4.1, and the checks of iproute2 (R170).
void
StateParser::CheckReplay(const GivenWords& given) const
{
    const bool isLarge = config.replay.windowPackets > ReplayWindow::MAX_LEGACY_WINDOW;
    const bool isComp = config.id.proto == PROTO_COMP;
    Forbid(m_esnWord, config.replay.windowPackets == 0, "esn needs a replay-window of 1 or more");
    Forbid(m_esnWord, isComp, "esn needs proto esp or ah");
    Forbid(given.Find({"replay-window"}),
           isLarge && isComp,
           "a window of more than 32 needs proto esp or ah");
    Forbid(given.Find({"replay-seq-hi", "replay-oseq-hi"}), m_esnWord == nullptr, "needs flag esn");
}

/// Source: verify_newsa_info() and xfrm_init_state(), Linux 4.1; init_state of the protocols.
void
StateParser::CheckProtocol(const GivenWords& given) const
{
    const auto family = static_cast<uint16_t>(config.family);
    Forbid(given.Find({"tfcpad"}),
           config.tfcPad != 0 && (config.id.proto != PROTO_ESP || config.mode != Mode::Tunnel),
           "needs proto esp and mode tunnel");
    Forbid(given.Find({"encap"}), config.id.proto != PROTO_ESP, "needs proto esp");
    Forbid(m_spiWord,
           config.id.proto == PROTO_COMP && config.id.spi > UINT16_MAX,
           "EINVAL: with proto comp it must be 0 to 65535");
    Forbid(given.Find({"sel"}),
           config.selector.family != 0 && config.selector.family != family &&
               config.mode != Mode::Tunnel,
           "addresses of another family than those of src and dst need mode tunnel");
}

void
StateParser::Parse()
{
    static constexpr NamedValue<std::string_view> REFUSED[]{
        {"ctx", "security contexts are not modelled"},
        {"coa", "needs proto route2 or hao, of IPv6 mobility, which is not modelled"},
        {"offload", "offload to devices is not modelled, nor does Linux 4.1 have it"},
        {"output-mark", "Linux 4.1 does not have it"},
        {"if_id", "Linux 4.1 does not have it"},
    };
    config.family = m_cursor.GetPreferredFamily().value_or(Family::Ipv4);
    const GivenWords given = TakeKeywords<StateParser>(m_cursor, *this, KEYWORDS);
    m_cursor.CheckEnd(JoinNames(KEYWORDS), REFUSED);
    if (!m_hasId)
    {
        m_cursor.Fail(m_verb, "src, dst, proto and spi must follow");
    }
    config.replay.isExtended = m_esnWord != nullptr;
    CheckAlgorithms(given);
    CheckReplay(given);
    CheckProtocol(given);
}

/// @return `state add` or `state update`
template <typename Command>
IpXfrmAction
ReadStateConfig(WordCursor& cursor, const Word& verb)
{
    StateParser parser(cursor, verb);
    parser.Parse();
    return Command{std::move(parser.config), std::move(parser.device)};
}

} // namespace

IpXfrmAction
ReadStateAdd(WordCursor& cursor, const Word& verb)
{
    return ReadStateConfig<StateAdd>(cursor, verb);
}

IpXfrmAction
ReadStateUpdate(WordCursor& cursor, const Word& verb)
{
    return ReadStateConfig<StateUpdate>(cursor, verb);
}

} // namespace ns3::xfrm
