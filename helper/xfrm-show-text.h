/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SHOW_TEXT_H
#define XFRM_SHOW_TEXT_H

/**
 * @file
 * @ingroup xfrm
 * @brief Parts that the texts of states and policies share.
 */

#include "xfrm-ip-xfrm-names.h"
#include "xfrm-show.h"

#include <cstdint>
#include <ostream>
#include <span>
#include <string>

namespace ns3::xfrm::show
{

/// @param value a number @param nDigits least number of digits @return it in hexadecimal
std::string ToHex(uint64_t value, int nDigits = 1);

/// @param address an address @param family its family @return its text
std::string ToText(const IpAddress& address, Family family);

/// @param flags 8 flags @return 8 binary digits behind 0x
std::string ToBinary(uint8_t flags);

/**
 * @brief Name flags.
 * @param flags the flags
 * @param names those that have one
 * @return the names with blanks between, and what has none as a hexadecimal number at the end
 */
std::string NameFlags(uint32_t flags, std::span<const NamedValue<uint32_t>> names);

/**
 * @brief Write a selector, to the end of its line.
 * @param os where to
 * @param selector the selector
 * @param family family of its addresses
 * @param options how
 */
void Print(std::ostream& os, const Selector& selector, Family family, const ShowOptions& options);

/// @brief Write the line of a mark, unless there is none.  @param os where to @param mark the mark
void Print(std::ostream& os, const Mark& mark);

/// @brief Write the lines of a lifetime.
/// @param os where to @param limits its limits @param use what was used of them
void Print(std::ostream& os, const LifetimeLimits& limits, const LifetimeUse& use);

/// What states and templates say of a transformation.
struct Transform
{
    uint8_t proto;  //!< protocol
    uint32_t spi;   //!< SPI
    uint32_t reqid; //!< request id
    Mode mode;      //!< mode
    bool showsSpi;  //!< whether an SPI of 0 is written, too
};

/// @brief Write a transformation, to the end of its line.
/// @param os where to @param transform what @param options how
void Print(std::ostream& os, const Transform& transform, const ShowOptions& options);

/// @brief Write a text of several lines as the options want it.
/// @param os where to @param text the text, each line with its end @param options how
void PrintLines(std::ostream& os, std::string text, const ShowOptions& options);

} // namespace ns3::xfrm::show

#endif // XFRM_SHOW_TEXT_H
