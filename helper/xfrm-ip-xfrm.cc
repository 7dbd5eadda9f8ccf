/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ip-xfrm.h"

#include "xfrm-ip-xfrm-objects.h"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// What an option of ip does here.
enum class OptionEffect : uint8_t
{
    None,      //!< nothing: `ip xfrm` does not look at it
    Value,     //!< nothing, and a value follows
    Namespace, //!< a namespace follows
    Family,    //!< a family follows
    Ipv4,      //!< addresses are IPv4
    Ipv6,      //!< addresses are IPv6
    Details,   //!< what is listed has details
    OneLine,   //!< what is listed has a line each
    Refused    //!< it can't be read
};

/// Options of ip, in the order in which it looks for abbreviated ones.
constexpr NamedValue<OptionEffect> OPTIONS[]{
    {"loops", OptionEffect::Value},
    {"family", OptionEffect::Family},
    {"4", OptionEffect::Ipv4},
    {"6", OptionEffect::Ipv6},
    {"human-readable", OptionEffect::None},
    {"iec", OptionEffect::None},
    {"stats", OptionEffect::Details},
    {"statistics", OptionEffect::Details},
    {"details", OptionEffect::None},
    {"resolve", OptionEffect::None},
    {"oneline", OptionEffect::OneLine},
    {"timestamp", OptionEffect::None},
    {"tshort", OptionEffect::None},
    {"force", OptionEffect::None},
    {"batch", OptionEffect::Refused},
    {"brief", OptionEffect::None},
    {"json", OptionEffect::None},
    {"rcvbuf", OptionEffect::Value},
    {"color", OptionEffect::None},
    {"netns", OptionEffect::Namespace},
    {"Numeric", OptionEffect::None},
    {"all", OptionEffect::Refused},
    {"echo", OptionEffect::None},
    {"pretty", OptionEffect::None},
};

constexpr NamedValue<Family> FAMILIES[]{{"inet", Family::Ipv4}, {"inet6", Family::Ipv6}};

/// An object that `ip xfrm` has commands for.
struct CommandObject
{
    std::string_view name;               //!< the object
    std::span<const Verb> (*getVerbs)(); //!< its verbs
};

constexpr CommandObject OBJECTS[]{{"state", &GetStateVerbs}, {"policy", &GetPolicyVerbs}};

/// Reads one command.
class CommandParser
{
  public:
    /// @param words the command @param file what errors call the text
    CommandParser(const WordLine& words, const std::string& file)
        : m_cursor(words, file)
    {
    }

    /// @return the command
    IpXfrmCommand Parse();

  private:
    void TakeProgram();
    void TakeOptions();
    void TakeOption(const Word& option);
    bool TakeExec();
    std::span<const Verb> TakeObject();
    void TakeVerb(std::span<const Verb> verbs);
    std::string TakeNamespaceName();

    WordCursor m_cursor;     //!< the words
    IpXfrmCommand m_command; //!< what they say
};

/// @param text a word @return whether it calls the program ip
bool
IsProgram(std::string_view text)
{
    return text == "ip" || (text.starts_with('/') && text.ends_with("/ip"));
}

/// Takes what is before the object, all of which may be missing.
void
CommandParser::TakeProgram()
{
    do
    {
        m_cursor.TakeIf("sudo");
        if (!m_cursor.IsAtEnd() && IsProgram(m_cursor.Peek().text))
        {
            m_cursor.Take("ip");
            TakeOptions();
        }
    } while (TakeExec());
    static constexpr std::string_view XFRM{"xfrm"};
    if (!m_cursor.IsAtEnd() && !m_cursor.Peek().text.empty() &&
        XFRM.starts_with(m_cursor.Peek().text))
    {
        m_cursor.Take(XFRM);
    }
}

/// @return whether "netns exec NAME" was there, which another command must follow
bool
CommandParser::TakeExec()
{
    if (!m_cursor.TakeIf("netns"))
    {
        return false;
    }
    if (!m_cursor.TakeIf("exec"))
    {
        m_cursor.Fail(m_cursor.GetTaken(), "must be followed by exec");
    }
    m_command.nameSpace = TakeNamespaceName();
    return true;
}

std::string
CommandParser::TakeNamespaceName()
{
    const Word& word = m_cursor.Take("the name of a namespace");
    if (word.text.empty())
    {
        m_cursor.Fail(word, "a namespace must have a name");
    }
    return word.text;
}

void
CommandParser::TakeOptions()
{
    while (!m_cursor.IsAtEnd() && m_cursor.Peek().text.starts_with('-'))
    {
        TakeOption(m_cursor.Take("an option"));
    }
}

void
CommandParser::TakeOption(const Word& option)
{
    std::string_view name = option.text;
    name.remove_prefix(name.starts_with("--") ? 2 : 1);
    const auto* found = FindAbbreviated(OPTIONS, name.substr(0, name.find('=')));
    switch (found == nullptr ? OptionEffect::Refused : found->value)
    {
    case OptionEffect::None:
        break;
    case OptionEffect::Value:
        m_cursor.Take("a value");
        break;
    case OptionEffect::Namespace:
        m_command.nameSpace = TakeNamespaceName();
        break;
    case OptionEffect::Family:
        m_cursor.SetPreferredFamily(m_cursor.TakeNamed<Family>("family", FAMILIES));
        break;
    case OptionEffect::Ipv4:
        m_cursor.SetPreferredFamily(Family::Ipv4);
        break;
    case OptionEffect::Ipv6:
        m_cursor.SetPreferredFamily(Family::Ipv6);
        break;
    case OptionEffect::Details:
        m_command.hasDetails = true;
        break;
    case OptionEffect::OneLine:
        m_command.isOneLine = true;
        break;
    case OptionEffect::Refused:
        m_cursor.Fail(option, "option of ip must be -netns, -family, -4, -6 or one for output");
    }
}

/// @return the verbs of the object
std::span<const Verb>
CommandParser::TakeObject()
{
    const std::string expected = JoinNames(OBJECTS);
    const Word& word = m_cursor.Take(expected);
    const auto* found = FindAbbreviated(OBJECTS, word.text);
    if (found == nullptr)
    {
        m_cursor.Fail(word, "must be ip xfrm, or its object " + expected);
    }
    return found->getVerbs();
}

/// Takes the verb and what follows it; without a verb, list is meant.
void
CommandParser::TakeVerb(std::span<const Verb> verbs)
{
    const bool isGiven = !m_cursor.IsAtEnd();
    const Word& word = isGiven ? m_cursor.Take("a verb") : m_cursor.GetTaken();
    const auto* found = isGiven ? FindAbbreviated(verbs, word.text) : FindName(verbs, "list");
    if (found == nullptr)
    {
        m_cursor.Fail(word, "verb must be " + JoinNames(verbs));
    }
    if (found->read == nullptr)
    {
        m_cursor.Fail(word, std::string(found->refusal));
    }
    m_command.position = m_cursor.GetPosition(word);
    m_command.verb = isGiven ? word.text : "list";
    m_command.action = found->read(m_cursor, word);
}

IpXfrmCommand
CommandParser::Parse()
{
    TakeProgram();
    TakeVerb(TakeObject());
    return std::move(m_command);
}

} // namespace

std::vector<IpXfrmCommand>
IpXfrm::Read(std::string_view text, const std::string& name)
{
    std::vector<IpXfrmCommand> commands;
    for (const CommandLine& line : SplitWords(text, name))
    {
        commands.push_back(CommandParser(line.words, name).Parse());
        commands.back().time = line.time;
    }
    return commands;
}

std::vector<IpXfrmCommand>
IpXfrm::ReadFile(const std::filesystem::path& file)
{
    if (std::filesystem::is_directory(file))
    {
        throw std::system_error(EISDIR, std::generic_category(), file.string());
    }
    std::ifstream stream(file, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    if (!stream.is_open() || stream.bad())
    {
        throw std::system_error(errno, std::generic_category(), file.string());
    }
    return Read(text, file.string());
}

} // namespace ns3::xfrm
