/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IP_XFRM_ERROR_H
#define XFRM_IP_XFRM_ERROR_H

#include <cstdint>
#include <stdexcept>
#include <string>

namespace ns3::xfrm
{

/// Where a word of a text stands.
struct SourcePosition
{
    std::string file;   //!< name of the file, or what its user calls the text
    uint32_t line{0};   //!< line, from 1
    uint32_t column{0}; //!< column of its first byte, from 1 [bytes]

    bool operator==(const SourcePosition&) const = default;
};

/**
 * @ingroup xfrm
 * @brief A word of an `ip xfrm` text that is not what was expected.
 *
 * what() is one line, "FILE:LINE:COLUMN: WORD: EXPECTED"; bytes of the last two that are not
 * printable ASCII are shown as in "\x0a", and an empty word as ''.
 */
class IpXfrmError : public std::runtime_error
{
  public:
    /**
     * @param position where the word stands
     * @param word the word, without quotes
     * @param expected what was expected
     */
    IpXfrmError(SourcePosition position, std::string word, std::string expected);

    /// @return where the word stands
    const SourcePosition& GetPosition() const
    {
        return m_position;
    }

    /// @return the word, without quotes
    const std::string& GetWord() const
    {
        return m_word;
    }

    /// @return what was expected
    const std::string& GetExpected() const
    {
        return m_expected;
    }

  private:
    SourcePosition m_position; //!< where the word stands
    std::string m_word;        //!< the word
    std::string m_expected;    //!< what was expected
};

} // namespace ns3::xfrm

#endif // XFRM_IP_XFRM_ERROR_H
