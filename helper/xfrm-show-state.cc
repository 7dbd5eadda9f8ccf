/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ip-xfrm-vocabulary.h"
#include "xfrm-show-text.h"

#include "ns3/xfrm-algorithms.h"

#include <sstream>

namespace ns3::xfrm
{

namespace
{

constexpr size_t WORDS_A_LINE{8}; // of the bits of a replay window

/// Writes one state; a function for each part.
class StatePrinter
{
  public:
    StatePrinter(std::ostream& os, const State& state, const ShowOptions& options)
        : m_os(os),
          m_state(state),
          m_config(state.GetConfig()),
          m_options(options)
    {
    }

    void Print();

  private:
    void PrintFlags();
    void PrintAlgorithms();
    void PrintKey(const Algorithm& algorithm);
    void PrintEncap();
    void PrintReplay();
    void PrintBitmap();
    void PrintSelector();
    void PrintUse();

    /// @return whether the window is one of those that are configured by an attribute of its own
    bool HasLargeReplay() const
    {
        const ReplayWindow& replay = m_state.GetReplay();
        return replay.IsExtended() || replay.GetWindow() > ReplayWindow::MAX_LEGACY_WINDOW;
    }

    std::ostream& m_os;           //!< where to
    const State& m_state;         //!< the state
    const StateConfig& m_config;  //!< its configuration
    const ShowOptions& m_options; //!< how
};

/// As iproute2 does, writes the sequence number in decimal behind 0x, and extra flags with -s only.
void
StatePrinter::PrintFlags()
{
    m_os << "\treplay-window " << (HasLargeReplay() ? 0 : m_state.GetReplay().GetWindow()) << ' ';
    if (m_options.hasDetails)
    {
        const std::string sequence = std::to_string(m_config.sequence);
        m_os << "seq 0x" << std::string(8 - std::min<size_t>(8, sequence.size()), '0') << sequence
             << ' ';
    }
    if (m_options.hasDetails || m_config.flags != 0)
    {
        m_os << "flag " << show::NameFlags(m_config.flags, vocabulary::STATE_FLAGS);
    }
    if (m_options.hasDetails)
    {
        if (m_config.extraFlags != 0)
        {
            m_os << "extra_flag " << show::NameFlags(m_config.extraFlags, vocabulary::EXTRA_FLAGS);
        }
        m_os << " (" << show::ToBinary(m_config.flags) << ')';
    }
    m_os << '\n';
}

/// Writes a key, and its length if there is one.
void
StatePrinter::PrintKey(const Algorithm& algorithm)
{
    if (m_options.hidesKeys)
    {
        m_os << "<<Keys hidden>>";
        return;
    }
    if (algorithm.key.empty())
    {
        return;
    }
    m_os << "0x";
    for (const uint8_t byte : algorithm.key)
    {
        m_os << show::ToHex(byte, 2);
    }
    if (m_options.hasDetails)
    {
        m_os << " (" << algorithm.key.size() * 8 << " bits)";
    }
}

/// The kernel tells the length of the integrity check value of authentication always.
void
StatePrinter::PrintAlgorithms()
{
    if (const auto& aead = m_config.aead)
    {
        m_os << "\taead " << aead->name << ' ';
        PrintKey(*aead);
        m_os << ' ' << aead->icvBits << '\n';
    }
    if (const auto& auth = m_config.auth)
    {
        m_os << "\tauth-trunc " << auth->name << ' ';
        PrintKey(*auth);
        m_os << ' ' << FindAlgorithm(AlgorithmKind::Auth, auth->name).ChooseIcvBits(auth->icvBits)
             << '\n';
    }
    if (const auto& encryption = m_config.encryption)
    {
        m_os << "\tenc " << encryption->name << ' ';
        PrintKey(*encryption);
        m_os << '\n';
    }
    if (const auto& compression = m_config.compression)
    {
        m_os << "\tcomp " << compression->name << " \n";
    }
}

void
StatePrinter::PrintEncap()
{
    if (m_config.encapType != EncapType::None)
    {
        m_os << "\tencap type " << NameValue(vocabulary::ENCAP_TYPES, m_config.encapType)
             << " sport " << m_config.encapSourcePort << " dport " << m_config.encapDestinationPort
             << " addr " << show::ToText(IpAddress(), m_config.family) << '\n';
    }
}

/// Writes the words from the last to the first, WORDS_A_LINE in a line.
void
StatePrinter::PrintBitmap()
{
    const auto& bitmap = m_state.GetReplay().GetBitmap();
    for (size_t i = 0; i < bitmap.size(); ++i)
    {
        m_os << (i % WORDS_A_LINE == 0 ? "\t " : "")
             << show::ToHex(bitmap[bitmap.size() - 1 - i], 8) << ' '
             << ((i + 1) % WORDS_A_LINE == 0 || i + 1 == bitmap.size() ? "\n" : "");
    }
}

void
StatePrinter::PrintReplay()
{
    const ReplayWindow& replay = m_state.GetReplay();
    const auto low = [](uint64_t number) {
        return "0x" + show::ToHex(static_cast<uint32_t>(number));
    };
    const auto high = [](uint64_t number) { return "0x" + show::ToHex(number >> 32); };
    if (!HasLargeReplay())
    {
        m_os << "\tanti-replay context: seq " << low(replay.GetInSequence()) << ", oseq "
             << low(replay.GetOutSequence()) << ", bitmap 0x"
             << show::ToHex(replay.GetBitmap().empty() ? 0 : replay.GetBitmap().front(), 8) << '\n';
        return;
    }
    m_os << "\tanti-replay esn context:\n"
         << "\t seq-hi " << high(replay.GetInSequence()) << ", seq " << low(replay.GetInSequence())
         << ", oseq-hi " << high(replay.GetOutSequence()) << ", oseq "
         << low(replay.GetOutSequence()) << '\n'
         << "\t replay_window " << replay.GetWindow() << ", bitmap-length "
         << replay.GetBitmap().size() << '\n';
    PrintBitmap();
}

/// A selector of no family, which only af-unspec gives, is not written.
void
StatePrinter::PrintSelector()
{
    if (m_config.selector.family != 0)
    {
        m_os << "\tsel ";
        show::Print(m_os,
                    m_config.selector,
                    static_cast<Family>(m_config.selector.family),
                    m_options);
    }
}

void
StatePrinter::PrintUse()
{
    show::Print(m_os, m_config.limits, m_state.GetUse());
    m_os << "\tstats:\n"
         << "\t  replay-window " << m_state.statistics.nReplayWindow << " replay "
         << m_state.statistics.nReplay << " failed " << m_state.statistics.nIntegrityFailed << '\n';
}

void
StatePrinter::Print()
{
    m_os << "src " << show::ToText(m_config.source, m_config.family) << " dst "
         << show::ToText(m_config.id.destination, m_config.family) << "\n\t";
    show::Print(m_os,
                {m_config.id.proto, m_config.id.spi, m_config.reqid, m_config.mode, true},
                m_options);
    PrintFlags();
    show::Print(m_os, m_config.mark);
    PrintAlgorithms();
    PrintEncap();
    PrintReplay();
    if (m_config.tfcPad != 0)
    {
        m_os << "\ttfcpad " << m_config.tfcPad << '\n';
    }
    PrintSelector();
    if (m_options.hasDetails)
    {
        PrintUse();
    }
}

} // namespace

void
ShowState(std::ostream& os, const State& state, const ShowOptions& options)
{
    std::ostringstream text;
    StatePrinter(text, state, options).Print();
    show::PrintLines(os, text.str(), options);
}

} // namespace ns3::xfrm
