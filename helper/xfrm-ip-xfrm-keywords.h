/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IP_XFRM_KEYWORDS_H
#define XFRM_IP_XFRM_KEYWORDS_H

/**
 * @file
 * @ingroup xfrm
 * @brief Tables of keywords, and the loop that reads by them.
 */

#include "xfrm-ip-xfrm-cursor.h"

#include <initializer_list>
#include <map>
#include <span>
#include <string_view>

namespace ns3::xfrm
{

/// A word that a parser of class P reads by a member function, which gets that word.
template <typename P>
struct Keyword
{
    std::string_view name;        //!< the word
    void (P::*read)(const Word&); //!< reads what follows it
};

/// Keywords that a command has, with the last word of each; views and words are the command's.
class GivenWords
{
  public:
    /// @param word a keyword
    void Add(const Word& word)
    {
        m_words[word.text] = &word;
    }

    /// @param names keywords @return the word of the first of them that was given, or null
    const Word* Find(std::initializer_list<std::string_view> names) const
    {
        for (const std::string_view name : names)
        {
            if (const auto found = m_words.find(name); found != m_words.end())
            {
                return found->second;
            }
        }
        return nullptr;
    }

  private:
    std::map<std::string_view, const Word*> m_words; //!< by name
};

/**
 * @brief Have keywords read until the next word is none, or the command ends.
 * @param cursor the words
 * @param parser reads them
 * @param keywords those it knows
 * @return those there were
 */
template <typename P>
GivenWords
TakeKeywords(WordCursor& cursor, P& parser, std::span<const Keyword<P>> keywords)
{
    GivenWords given;
    while (!cursor.IsAtEnd())
    {
        const Word& word = cursor.Peek();
        const auto* keyword = FindName(keywords, word.text);
        if (keyword == nullptr)
        {
            break;
        }
        given.Add(word);
        cursor.Take(word.text);
        (parser.*keyword->read)(word);
    }
    return given;
}

} // namespace ns3::xfrm

#endif // XFRM_IP_XFRM_KEYWORDS_H
