/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ip-xfrm-words.h"

#include "xfrm-ip-xfrm-error.h"
#include "xfrm-run-values.h"

#include <utility>

namespace ns3::xfrm
{

namespace
{

constexpr std::string_view RECORDING_STARTS{"# commands"};
constexpr std::string_view RECORDING_ENDS{"# xfrm_stat"};
constexpr std::string_view TIME_STARTS{"at "};
constexpr std::string_view TIME_BEGINNINGS{"0123456789.+-"};
constexpr std::string_view ESCAPABLE{"\\\"$`"}; // within double quotes

/// @param character a character @return whether it separates words of a line
bool
IsBlank(char character)
{
    return character == ' ' || character == '\t' || character == '\r' || character == '\v' ||
           character == '\f';
}

/// Reads a text from its start to its end.
class Splitter
{
  public:
    Splitter(std::string_view text, const std::string& file)
        : m_text(text),
          m_file(file)
    {
    }

    std::vector<CommandLine> Split();

  private:
    bool IsAtEnd() const
    {
        return m_at == m_text.size();
    }

    char Peek() const
    {
        return m_text[m_at];
    }

    void SkipLine();
    void SkipToCommands();
    bool SkipContinuation();
    void ReadLine(WordLine& words);
    void ReadComment(bool isAlone);
    void SkipBlanks();
    Word ReadWord();
    void ReadPlain(Word& word);
    void ReadSingleQuoted(Word& word);
    void ReadDoubleQuoted(Word& word);
    void Take(Word& word);
    [[noreturn]] void Fail(uint32_t column, std::string word, std::string expected) const;

    std::string_view m_text;   //!< the text
    const std::string& m_file; //!< its name
    size_t m_at{0};            //!< next character
    size_t m_lineStart{0};     //!< first character of the line
    uint32_t m_line{1};        //!< line, from 1
    bool m_isRecording{false}; //!< "# xfrm_stat" ends the commands
    Time m_time{0};            //!< when commands are to be carried out

    /// @return column of the next character, from 1
    uint32_t GetColumn() const
    {
        return static_cast<uint32_t>(m_at - m_lineStart) + 1;
    }
};

void
Splitter::Fail(uint32_t column, std::string word, std::string expected) const
{
    throw IpXfrmError({m_file, m_line, column}, std::move(word), std::move(expected));
}

/// Goes to the first character of the next line, or to the end of the text.
void
Splitter::SkipLine()
{
    const size_t end = m_text.find('\n', m_at);
    if (end == std::string_view::npos)
    {
        m_at = m_text.size();
        return;
    }
    m_at = end + 1;
    m_lineStart = m_at;
    ++m_line;
}

/// Goes behind the line "# commands", if there is one.
void
Splitter::SkipToCommands()
{
    const Splitter start = *this;
    while (!IsAtEnd())
    {
        std::string_view line = m_text.substr(m_at, m_text.find('\n', m_at) - m_at);
        while (!line.empty() && IsBlank(line.back()))
        {
            line.remove_suffix(1);
        }
        SkipLine();
        if (line == RECORDING_STARTS)
        {
            m_isRecording = true;
            return;
        }
    }
    m_at = start.m_at;
    m_lineStart = start.m_lineStart;
    m_line = start.m_line;
}

/// @return whether a backslash and the end of a line were there, and were skipped
bool
Splitter::SkipContinuation()
{
    const std::string_view rest = m_text.substr(m_at);
    if (!rest.starts_with("\\\n") && !rest.starts_with("\\\r\n"))
    {
        return false;
    }
    SkipLine();
    return true;
}

/// Appends the next character, which is not the end of a line, to a word.
void
Splitter::Take(Word& word)
{
    if (Peek() == '\0')
    {
        Fail(GetColumn(), {Peek()}, "a text must not hold zero bytes");
    }
    word.text += m_text[m_at++];
}

void
Splitter::ReadSingleQuoted(Word& word)
{
    const uint32_t column = GetColumn();
    ++m_at;
    while (!IsAtEnd() && Peek() != '\'' && Peek() != '\n')
    {
        Take(word);
    }
    if (IsAtEnd() || Peek() == '\n')
    {
        Fail(column, "'", "the quote must be closed on its line");
    }
    ++m_at;
}

void
Splitter::ReadDoubleQuoted(Word& word)
{
    const uint32_t line = m_line;
    const uint32_t column = GetColumn();
    ++m_at;
    while (!IsAtEnd() && Peek() != '"' && Peek() != '\n')
    {
        if (SkipContinuation())
        {
            continue;
        }
        if (Peek() == '$' || Peek() == '`')
        {
            Fail(GetColumn(),
                 {Peek()},
                 "a shell would replace this: write the value, or escape it with a backslash");
        }
        const bool isEscape = Peek() == '\\' && m_at + 1 < m_text.size() &&
                              ESCAPABLE.find(m_text[m_at + 1]) != std::string_view::npos;
        m_at += isEscape ? 1 : 0;
        Take(word);
    }
    if (IsAtEnd() || Peek() == '\n')
    {
        throw IpXfrmError({m_file, line, column}, "\"", "the quote must be closed on its line");
    }
    ++m_at;
}

/// Reads a character that is not quoted, or an escaped one.
void
Splitter::ReadPlain(Word& word)
{
    switch (Peek())
    {
    case '$':
    case '`':
        Fail(GetColumn(),
             {Peek()},
             "a shell would replace this: write the value, or quote it with '");
    case ';':
    case '&':
    case '|':
    case '<':
    case '>':
        Fail(GetColumn(), {Peek()}, "a line must hold one ip command and nothing else of a shell");
    case '\\':
        if (m_at + 1 == m_text.size())
        {
            Fail(GetColumn(), "\\", "a line or character must follow the backslash");
        }
        ++m_at;
        break;
    default:
        break;
    }
    Take(word);
}

/// Reads the word that starts here.
Word
Splitter::ReadWord()
{
    Word word{.text = {}, .line = m_line, .column = GetColumn()};
    while (!IsAtEnd() && !IsBlank(Peek()) && Peek() != '\n')
    {
        if (SkipContinuation())
        {
            continue;
        }
        switch (Peek())
        {
        case '\'':
            ReadSingleQuoted(word);
            break;
        case '"':
            ReadDoubleQuoted(word);
            break;
        default:
            ReadPlain(word);
            break;
        }
    }
    return word;
}

/// Goes to the next character of the line that is no blank.
void
Splitter::SkipBlanks()
{
    while (!IsAtEnd() && IsBlank(Peek()))
    {
        ++m_at;
    }
}

/// Reads a comment, which may say the time of the commands behind it.
/// @param isAlone whether no command is before it in its line
void
Splitter::ReadComment(bool isAlone)
{
    ++m_at;
    SkipBlanks();
    if (!m_text.substr(m_at).starts_with(TIME_STARTS))
    {
        return;
    }
    m_at += TIME_STARTS.size();
    SkipBlanks();
    std::string_view rest = m_text.substr(m_at, m_text.find('\n', m_at) - m_at);
    while (!rest.empty() && IsBlank(rest.back()))
    {
        rest.remove_suffix(1);
    }
    if (rest.empty() || TIME_BEGINNINGS.find(rest.front()) == std::string_view::npos)
    {
        return;
    }
    const auto time = ParseTime(std::string(rest));
    if (!isAlone || !time || *time < m_time)
    {
        Fail(GetColumn(),
             std::string(rest),
             !isAlone ? "a time must have its line for itself, before its commands"
             : !time  ? "must be a time with ns, us, ms, s, min or h, such as 2.5s"
                      : "must not be before the time above it");
    }
    m_time = *time;
}

/// Reads to the end of a line and of those that continue it.
void
Splitter::ReadLine(WordLine& words)
{
    while (!IsAtEnd() && Peek() != '\n' && Peek() != '#')
    {
        if (IsBlank(Peek()))
        {
            ++m_at;
        }
        else if (!SkipContinuation())
        {
            words.push_back(ReadWord());
        }
    }
    if (!IsAtEnd() && Peek() == '#')
    {
        ReadComment(words.empty());
    }
    SkipLine();
}

std::vector<CommandLine>
Splitter::Split()
{
    std::vector<CommandLine> lines;
    SkipToCommands();
    while (!IsAtEnd())
    {
        if (m_isRecording && m_text.substr(m_at).starts_with(RECORDING_ENDS))
        {
            break;
        }
        WordLine words;
        ReadLine(words);
        if (!words.empty())
        {
            lines.push_back({m_time, std::move(words)});
        }
    }
    return lines;
}

} // namespace

std::vector<CommandLine>
SplitWords(std::string_view text, const std::string& file)
{
    return Splitter(text, file).Split();
}

} // namespace ns3::xfrm
