/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_PUBLISHED_TABLE_H
#define XFRM_PUBLISHED_TABLE_H

/**
 * @file
 * @ingroup xfrm
 * @brief Reads tables of published numbers from Markdown.
 *
 * @code
 * ## V2. Where the numbers are from
 * | policy index | 1 | 10 |
 * |---|---|---|
 * | Intel Skylake | 4.93 C / 4.48 C | 4.29 P / 4.46 P |
 * @endcode
 *
 * The first row has the names of columns, the first column those of rows.  A cell is empty, or has
 * numbers, each marked C (calibrated on) or P (predicted), with slashes between them.  A cell that
 * is of another column than its own says so: (1024 flows: 21.3 P).  All other text is left alone.
 */

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::xfrm
{

/// A table that can't be: file, line, what is wrong, what is allowed.
class PublishedTableError : public std::invalid_argument
{
  public:
    using std::invalid_argument::invalid_argument;
};

/// Which number of a table.
struct TablePlace
{
    std::string row;    //!< its row
    std::string column; //!< its column
    size_t part{0};     //!< which number of the cell, from 0

    bool operator==(const TablePlace&) const = default;
};

/// A published number.
struct PublishedCell
{
    std::string section;      //!< its section, such as "V2"
    TablePlace place;         //!< its place in there
    double value{0};          //!< it
    bool isCalibrated{false}; //!< profiles are calibrated on it; else it is to be predicted
    std::string where;        //!< file and line, for errors
};

/**
 * @brief Read all tables of a text.
 * @param text Markdown @param name name of the file, for errors
 * @return its numbers, in their order
 * @throws PublishedTableError for the first thing that is wrong
 */
std::vector<PublishedCell> ReadPublishedTables(std::string_view text, const std::string& name);

/// @param name a file; empty: the one that is shipped, doc/validation.md @return its numbers
/// @throws PublishedTableError if it can't be read, or for the first thing that is wrong
std::vector<PublishedCell> LoadPublishedTables(const std::string& name);

} // namespace ns3::xfrm

#endif // XFRM_PUBLISHED_TABLE_H
