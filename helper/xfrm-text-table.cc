/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-text-table.h"

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace ns3::xfrm
{

std::string
ToFixed(double value, int nDecimals)
{
    std::ostringstream text;
    text << std::fixed << std::setprecision(nDecimals) << value;
    return text.str();
}

std::string
ToGrouped(uint64_t value)
{
    std::string text = std::to_string(value);
    for (size_t at = text.size(); at > 3; at -= 3)
    {
        text.insert(at - 3, 1, ' ');
    }
    return text;
}

void
TextTable::Print(std::ostream& os) const
{
    std::vector<size_t> widths(m_rows[0].size());
    for (const auto& row : m_rows)
    {
        for (size_t i = 0; i < row.size(); ++i)
        {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    for (const auto& row : m_rows)
    {
        os << "  " << std::left << std::setw(static_cast<int>(widths[0])) << row[0] << std::right;
        for (size_t i = 1; i < row.size(); ++i)
        {
            os << "  " << std::setw(static_cast<int>(widths[i])) << row[i];
        }
        os << '\n';
    }
}

} // namespace ns3::xfrm
