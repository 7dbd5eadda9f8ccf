/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IP_XFRM_WORDS_H
#define XFRM_IP_XFRM_WORDS_H

/**
 * @file
 * @ingroup xfrm
 * @brief From a text to words: quotes, comments, continued lines.
 */

#include "ns3/nstime.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::xfrm
{

/// A word of a text, without its quotes.
struct Word
{
    std::string text;   //!< the word; may be empty if it was quoted
    uint32_t line{0};   //!< line of its first byte, from 1
    uint32_t column{0}; //!< column of its first byte, quotes included, from 1 [bytes]
};

/// The words of one command; never empty.
using WordLine = std::vector<Word>;

/// A command of a text.
struct CommandLine
{
    Time time;      //!< when it is to be carried out, since the start
    WordLine words; //!< its words
};

/**
 * @brief Split a text into the words of its commands, one command a line.
 *
 * As a shell does: blanks separate words; '...' is taken as it stands; in "..." a backslash escapes
 * a backslash, a double quote, $ and `; elsewhere a backslash escapes any character; a backslash at
 * the end of a line continues it; # at the start of a word begins a comment.  Parentheses are
 * ordinary characters, as in an `ip -batch` file.  What only a running shell could do (variables,
 * pipes, several commands in a line, redirection) is refused.  A quote ends on its line, unless
 * that is continued.
 *
 * A comment "# at TIME" that has its line for itself says when the commands behind it are to be
 * carried out; before the first one that is time 0.  Other comments that begin with "at" say
 * nothing, unless a digit, a sign or a dot follows, which is refused.
 *
 * Of a recording, a text with the line "# commands", only what is between that line and the next
 * one that begins with "# xfrm_stat" is read.
 *
 * @param text the text; lines end in LF or CR LF
 * @param file what errors call it
 * @return the commands that have words
 * @throws IpXfrmError for a quote that is not closed, a backslash at the end of the text, a
 *         character of the shell, or a time that is none, goes back or does not stand alone
 */
std::vector<CommandLine> SplitWords(std::string_view text, const std::string& file);

} // namespace ns3::xfrm

#endif // XFRM_IP_XFRM_WORDS_H
