/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-validation.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

namespace ns3::xfrm
{

namespace
{

/// @return a number to so many digits
std::string
ToText(double value, int nDigits)
{
    std::ostringstream text;
    text << std::setprecision(nDigits) << value;
    return text.str();
}

/// @return an error or a band: a difference, or percent
std::string
ToShare(double value, bool isAbsolute, bool isSigned)
{
    std::ostringstream text;
    text << (isSigned ? std::showpos : std::noshowpos) << std::fixed;
    isAbsolute ? text << std::setprecision(4) << value
               : text << std::setprecision(1) << 100 * value << " %";
    return text.str();
}

/// @return whether numbers are compared as they are
bool
IsPlain(const CheckedCell& cell)
{
    return cell.publishedRatio == cell.published.value;
}

/// @return the text of a row
std::vector<std::string>
MakeRow(const CheckedCell& cell)
{
    const TablePlace& place = cell.published.place;
    const auto ratio = [&](double value) { return IsPlain(cell) ? "" : ToText(value, 4); };
    return {place.row,
            place.column + (place.part > 0 ? " /" + std::to_string(place.part + 1) : ""),
            ToText(cell.published.value, 7),
            ToText(cell.simulated, 7),
            ratio(cell.publishedRatio),
            ratio(cell.simulatedRatio),
            ToShare(cell.error, cell.band.isAbsolute, true),
            cell.isExact ? "equal" : ToShare(cell.band.width, cell.band.isAbsolute, false),
            cell.published.isCalibrated ? "C" : "P",
            cell.isInside ? "" : "MISS"};
}

/// @brief Write rows with columns right-aligned, but for the first.
void
PrintRows(const std::vector<std::vector<std::string>>& rows, std::ostream& os)
{
    std::vector<size_t> widths(rows.front().size());
    for (const auto& row : rows)
    {
        for (size_t i = 0; i < row.size(); ++i)
        {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    for (const auto& row : rows)
    {
        std::ostringstream line;
        line << "  " << std::left << std::setw(static_cast<int>(widths[0])) << row[0] << std::right;
        for (size_t i = 1; i < row.size(); ++i)
        {
            line << "  " << std::setw(static_cast<int>(widths[i])) << row[i];
        }
        std::string text = line.str();
        text.erase(text.find_last_not_of(' ') + 1);
        os << text << "\n";
    }
}

/// @return a field of comma-separated values
std::string
Quote(const std::string& text)
{
    if (text.find_first_of(",\"\n") == std::string::npos)
    {
        return text;
    }
    std::string quoted = "\"";
    for (const char c : text)
    {
        quoted.append(c == '"' ? 2 : 1, c);
    }
    return quoted + "\"";
}

nlohmann::ordered_json
ToJson(const CheckedCell& cell)
{
    const PublishedCell& published = cell.published;
    const auto finite = [](double value) {
        return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
    };
    return {{"section", published.section},
            {"row", published.place.row},
            {"column", published.place.column},
            {"part", published.place.part + 1},
            {"published", published.value},
            {"simulated", cell.simulated},
            {"published_compared", cell.publishedRatio},
            {"simulated_compared", cell.simulatedRatio},
            {"error", finite(cell.error)},
            {"band", cell.band.width},
            {"is_absolute", cell.band.isAbsolute},
            {"is_exact", cell.isExact},
            {"kind", published.isCalibrated ? "C" : "P"},
            {"is_inside", cell.isInside}};
}

} // namespace

void
PrintText(const ValidationReport& report, std::ostream& os)
{
    auto cell = report.cells.begin();
    while (cell != report.cells.end())
    {
        const std::string& section = cell->published.section;
        const ValidationScenario& scenario = ValidationScenario::Find(section);
        os << section << ": " << scenario.what << "\n";
        std::vector<std::vector<std::string>> rows{
            {"", "column", "published", "simulated", "ratio", "ours", "error", "band", "kind", ""}};
        for (; cell != report.cells.end() && cell->published.section == section; ++cell)
        {
            rows.push_back(MakeRow(*cell));
        }
        PrintRows(rows, os);
        os << "\n";
    }
    os << "C: " << report.nCalibrated << " calibrated on, " << report.nCalibratedMissed
       << " of them off by more than 5 %\n"
       << "P: " << report.nPredicted << " predicted, " << report.nPredictedMissed
       << " of them outside their band, of which a tenth may be; " << report.nExactMissed
       << " not equal though they have to be\n"
       << (report.IsPassed() ? "passed\n" : "FAILED\n");
}

void
PrintJson(const ValidationReport& report, std::ostream& os)
{
    nlohmann::ordered_json json;
    json["cells"] = nlohmann::ordered_json::array();
    for (const CheckedCell& cell : report.cells)
    {
        json["cells"].push_back(ToJson(cell));
    }
    json["calibrated"] = {{"cells", report.nCalibrated}, {"missed", report.nCalibratedMissed}};
    json["predicted"] = {{"cells", report.nPredicted},
                         {"missed", report.nPredictedMissed},
                         {"exact_missed", report.nExactMissed}};
    json["is_passed"] = report.IsPassed();
    os << json.dump(2) << "\n";
}

void
PrintCsv(const ValidationReport& report, std::ostream& os)
{
    os << "section,row,column,part,published,simulated,published_compared,simulated_compared,"
          "error,band,is_absolute,is_exact,kind,is_inside\n";
    for (const CheckedCell& cell : report.cells)
    {
        const PublishedCell& published = cell.published;
        os << published.section << "," << Quote(published.place.row) << ","
           << Quote(published.place.column) << "," << published.place.part + 1 << ","
           << ToText(published.value, 12) << "," << ToText(cell.simulated, 12) << ","
           << ToText(cell.publishedRatio, 12) << "," << ToText(cell.simulatedRatio, 12) << ","
           << ToText(cell.error, 12) << "," << ToText(cell.band.width, 12) << ","
           << (cell.band.isAbsolute ? 1 : 0) << "," << (cell.isExact ? 1 : 0) << ","
           << (published.isCalibrated ? "C" : "P") << "," << (cell.isInside ? 1 : 0) << "\n";
    }
}

} // namespace ns3::xfrm
