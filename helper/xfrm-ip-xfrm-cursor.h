/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IP_XFRM_CURSOR_H
#define XFRM_IP_XFRM_CURSOR_H

#include "xfrm-ip-xfrm-commands.h"
#include "xfrm-ip-xfrm-error.h"
#include "xfrm-ip-xfrm-names.h"
#include "xfrm-ip-xfrm-words.h"

#include "ns3/xfrm-flow-key.h"
#include "ns3/xfrm-ip-address.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Goes through the words of one command, and reads values as iproute2 does.
 *
 * Each Take... function takes the next word; all throw IpXfrmError with that word, or with the one
 * before it if the command ends.  A `what` names the value in messages.
 */
class WordCursor
{
  public:
    /**
     * @param words the command, at least one word; must outlive the cursor
     * @param file what errors call the text; must outlive the cursor
     */
    WordCursor(std::span<const Word> words, const std::string& file);

    /// @return whether all words were taken
    bool IsAtEnd() const
    {
        return m_at == m_words.size();
    }

    /// @param text a word @return whether it is the next one
    bool IsNext(std::string_view text) const
    {
        return !IsAtEnd() && m_words[m_at].text == text;
    }

    /// @return the next word, which is not taken; there must be one
    const Word& Peek() const
    {
        return m_words[m_at];
    }

    /// @return the word taken last; there must be one
    const Word& GetTaken() const
    {
        return m_words[m_at - 1];
    }

    /// @brief Give the word taken last back: it is the next one again.  There must be one.
    void GoBack()
    {
        --m_at;
    }

    /// @brief Take the next word.  @param what what it must be, for a message @return the word
    const Word& Take(std::string_view what);

    /// @brief Take the next word if it is this one.  @param text a word @return whether it was
    bool TakeIf(std::string_view text);

    /**
     * @brief Take a number, decimal, or hexadecimal after 0x, or octal after 0.
     * @param what what it is
     * @param most largest number
     * @return the number
     */
    uint64_t TakeNumber(std::string_view what, uint64_t most);

    /// @brief Take a number of 32 bits.  @param what what it is @return the number
    uint32_t TakeUint32(std::string_view what)
    {
        return static_cast<uint32_t>(TakeNumber(what, UINT32_MAX));
    }

    /// @brief Take four numbers with dots between.  @param what what it is @return them as a number
    uint32_t TakeDottedQuad(std::string_view what);

    /**
     * @brief Take an address with or without prefix length, which may be a netmask.
     *
     * An IPv4 address may have less than four parts, the others are 0.  Without prefix length all
     * bits count.  "default", "any" and "all" need a family that the command's options give.
     *
     * @param what what it is
     * @return the prefix
     */
    Prefix TakePrefix(std::string_view what);

    /**
     * @brief Take one of some words.
     * @param what what it is
     * @param names the words
     * @return the value of the word
     */
    template <typename T>
    T TakeNamed(std::string_view what, std::span<const NamedValue<T>> names);

    /// @param family the only family of addresses, by the command's options
    void SetPreferredFamily(Family family)
    {
        m_preferredFamily = family;
    }

    /// @return the only family of addresses, if the command's options name one
    std::optional<Family> GetPreferredFamily() const
    {
        return m_preferredFamily;
    }

    /**
     * @brief Make sure that all words were taken.
     * @param expected what the next word should have been
     * @param refused words that are known, with the reason why they are refused
     * @throws IpXfrmError unless they were
     */
    void CheckEnd(const std::string& expected,
                  std::span<const NamedValue<std::string_view>> refused = {}) const;

    /// @param word a word @param expected what was expected @throws IpXfrmError
    [[noreturn]] void Fail(const Word& word, const std::string& expected) const;

    /// @param word a word @return where it stands
    SourcePosition GetPosition(const Word& word) const
    {
        return {m_file, word.line, word.column};
    }

  private:
    std::span<const Word> m_words;           //!< the command
    const std::string& m_file;               //!< name of the text
    size_t m_at{0};                          //!< next word
    std::optional<Family> m_preferredFamily; //!< the only family, if the options name one
};

template <typename T>
T
WordCursor::TakeNamed(std::string_view what, std::span<const NamedValue<T>> names)
{
    const std::string expected = JoinNames(names);
    const Word& word = Take(expected);
    const auto* found = FindName(names, word.text);
    if (found == nullptr)
    {
        Fail(word, std::string(what) + " must be " + expected);
    }
    return found->value;
}

} // namespace ns3::xfrm

#endif // XFRM_IP_XFRM_CURSOR_H
