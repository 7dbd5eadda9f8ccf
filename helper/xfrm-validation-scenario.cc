/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-validation-scenario.h"

#include <algorithm>
#include <charconv>
#include <span>

namespace ns3::xfrm
{

namespace
{

/// @return names with commas between them
std::string
Join(std::span<const std::string_view> names)
{
    std::string text;
    for (const std::string_view name : names)
    {
        text.append(text.empty() ? "" : ", ").append(name);
    }
    return text;
}

} // namespace

uint32_t
GetNumber(const std::string& column)
{
    uint32_t number = 0;
    const char* const end = column.data() + column.size();
    const auto [rest, error] = std::from_chars(column.data(), end, number);
    return error == std::errc() && rest == end ? number : UINT32_MAX;
}

void
ValidationScenario::Check(const PublishedCell& cell) const
{
    const auto fail = [&](const std::string& what) {
        throw PublishedTableError(cell.where + ": " + cell.section + " " + what);
    };
    const TablePlace& place = cell.place;
    if (std::ranges::find(rows, place.row) == rows.end())
    {
        fail("row " + place.row + ": must be one of " + Join(rows));
    }
    if (!columns.empty() && std::ranges::find(columns, place.column) == columns.end())
    {
        fail("column " + place.column + ": must be one of " + Join(columns));
    }
    const uint32_t number = GetNumber(place.column);
    if (columns.empty() && (number < leastNumber || number > mostNumber))
    {
        fail("column " + place.column + ": must be a whole number from " +
             std::to_string(leastNumber) + " to " + std::to_string(mostNumber));
    }
    if (place.part >= nParts)
    {
        fail("row " + place.row + ", column " + place.column + ": must have " +
             std::to_string(nParts) + (nParts == 1 ? " number" : " numbers"));
    }
}

const std::vector<ValidationScenario>&
ValidationScenario::GetAll()
{
    static const std::vector<ValidationScenario> all{MakeMemoryScenario(),
                                                     MakePolicyListScenario(),
                                                     MakeInboundListScenario(),
                                                     MakeOneStateScenario(),
                                                     MakeGatewayScenario(),
                                                     MakeSharesScenario(),
                                                     MakeLimitsScenario(),
                                                     MakeReferenceCountScenario()};
    return all;
}

const ValidationScenario&
ValidationScenario::Find(std::string_view name)
{
    std::vector<std::string_view> names;
    for (const ValidationScenario& scenario : GetAll())
    {
        if (scenario.section == name)
        {
            return scenario;
        }
        names.push_back(scenario.section);
    }
    throw std::invalid_argument("section " + std::string(name) + ": must be one of " + Join(names));
}

} // namespace ns3::xfrm
