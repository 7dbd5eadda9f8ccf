/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TEXT_TABLE_H
#define XFRM_TEXT_TABLE_H

#include <cstdint>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm
{

/// @param value a number @param nDecimals its decimals @return it with so many
std::string ToFixed(double value, int nDecimals);

/// @param value a number @return it with a blank between thousands
std::string ToGrouped(uint64_t value);

/**
 * @ingroup xfrm
 * @brief Rows of right-aligned columns behind a left-aligned first one.
 */
class TextTable
{
  public:
    /// @param cells one for each column; the first row is the head
    void AddRow(std::vector<std::string> cells)
    {
        m_rows.push_back(std::move(cells));
    }

    /// @brief Write it.  @param os where to
    void Print(std::ostream& os) const;

  private:
    std::vector<std::vector<std::string>> m_rows; //!< head and rows
};

} // namespace ns3::xfrm

#endif // XFRM_TEXT_TABLE_H
