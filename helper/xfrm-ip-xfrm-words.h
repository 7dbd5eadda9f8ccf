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
 * Of a recording, a text with the line "# commands", only what is between that line and the next
 * one that begins with "# xfrm_stat" is read.
 *
 * @param text the text; lines end in LF or CR LF
 * @param file what errors call it
 * @return the commands that have words
 * @throws IpXfrmError for a quote that is not closed, a backslash at the end of the text, or a
 *         character of the shell
 */
std::vector<WordLine> SplitWords(std::string_view text, const std::string& file);

} // namespace ns3::xfrm

#endif // XFRM_IP_XFRM_WORDS_H
