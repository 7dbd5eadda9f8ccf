/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ip-xfrm-error.h"

#include <string_view>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// @param text any bytes @return printable ASCII
std::string
MakePrintable(std::string_view text)
{
    static constexpr std::string_view DIGITS{"0123456789abcdef"};
    std::string printable;
    for (const char character : text)
    {
        const auto byte = static_cast<uint8_t>(character);
        if (byte >= 0x20 && byte < 0x7f)
        {
            printable += character;
            continue;
        }
        printable += "\\x";
        printable += DIGITS[byte >> 4];
        printable += DIGITS[byte & 15];
    }
    return printable;
}

} // namespace

IpXfrmError::IpXfrmError(SourcePosition position, std::string word, std::string expected)
    : std::runtime_error(position.file + ":" + std::to_string(position.line) + ":" +
                         std::to_string(position.column) + ": " +
                         (word.empty() ? "''" : MakePrintable(word)) + ": " +
                         MakePrintable(expected)),
      m_position(std::move(position)),
      m_word(std::move(word)),
      m_expected(std::move(expected))
{
}

} // namespace ns3::xfrm
