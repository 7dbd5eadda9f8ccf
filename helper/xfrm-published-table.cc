/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-published-table.h"

#include "xfrm-shipped-tables.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

namespace ns3::xfrm
{

namespace
{

constexpr size_t MOST_SHOWN{40}; //!< longest text that an error shows [bytes]

/// @return a text without blanks at its ends
std::string_view
Trim(std::string_view text)
{
    const size_t begin = text.find_first_not_of(" \t\r");
    return begin == std::string_view::npos
               ? std::string_view()
               : text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

/// @return the parts of a text between separators, trimmed
std::vector<std::string_view>
Split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    while (true)
    {
        const size_t end = text.find(separator);
        parts.push_back(Trim(text.substr(0, end)));
        if (end == std::string_view::npos)
        {
            return parts;
        }
        text.remove_prefix(end + 1);
    }
}

/// @return whether a text is a row between head and body of a table, such as |---|:--:|
bool
IsRule(std::string_view line)
{
    return line.find('-') != std::string_view::npos &&
           line.find_first_not_of("|-: \t") == std::string_view::npos;
}

/// @return the section that a heading begins, such as "V2"; empty: of no tables
std::string
FindSection(std::string_view line)
{
    const std::string_view title = Trim(line.substr(line.find_first_not_of('#')));
    const size_t end = title.find('.');
    if (end == std::string_view::npos || end < 2 || title[0] != 'V' ||
        !std::isdigit(static_cast<unsigned char>(title[1])))
    {
        return {};
    }
    const std::string_view name = title.substr(0, end);
    const bool isName = std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c); });
    return isName ? std::string(name) : std::string();
}

/// Reads the lines of a text.
class TableReader
{
  public:
    explicit TableReader(const std::string& name)
        : m_name(name)
    {
    }

    /// @param line the next line
    void ReadLine(std::string_view line)
    {
        ++m_line;
        line = Trim(line);
        if (line.starts_with('#') && line.find_first_not_of('#') != std::string_view::npos)
        {
            m_section = FindSection(line);
        }
        if (!line.starts_with('|'))
        {
            m_columns.clear();
            return;
        }
        if (m_section.empty())
        {
            Fail("table without section: must stand below a heading such as ## V2. Title");
        }
        std::vector<std::string_view> cells = Split(line.substr(1), '|');
        if (line.size() > 1 && line.ends_with('|'))
        {
            cells.pop_back();
        }
        ReadRow(line, cells);
    }

    /// @return all numbers
    std::vector<PublishedCell> Take()
    {
        if (m_cells.empty())
        {
            throw PublishedTableError(m_name + ": no table of numbers: must have sections such as "
                                               "## V2. Title with tables");
        }
        return std::move(m_cells);
    }

  private:
    [[noreturn]] void Fail(const std::string& what) const
    {
        throw PublishedTableError(m_name + " line " + std::to_string(m_line) + ": " + what);
    }

    /// @return a text for an error
    static std::string Show(std::string_view text)
    {
        return text.size() <= MOST_SHOWN ? std::string(text)
                                         : std::string(text.substr(0, MOST_SHOWN)) + "...";
    }

    void ReadRow(std::string_view line, const std::vector<std::string_view>& cells)
    {
        if (m_columns.empty())
        {
            m_columns.assign(cells.begin(), cells.end());
            m_hasRule = false;
            return;
        }
        if (!m_hasRule)
        {
            m_hasRule = true;
            if (!IsRule(line))
            {
                Fail(Show(line) + ": must be a line such as |---|---| behind a table's head");
            }
            return;
        }
        if (cells.empty() || cells[0].empty())
        {
            Fail("row without name: must begin with one");
        }
        if (cells.size() > m_columns.size())
        {
            Fail("row " + Show(cells[0]) + ": must have at most " +
                 std::to_string(m_columns.size()) + " cells");
        }
        for (size_t i = 1; i < cells.size(); ++i)
        {
            ReadCell(cells[i], {.row = std::string(cells[0]), .column = m_columns[i]});
        }
    }

    void ReadCell(std::string_view text, TablePlace place)
    {
        if (text.empty())
        {
            return;
        }
        const size_t colon = text.find(':');
        if (text.starts_with('(') && text.ends_with(')') && colon != std::string_view::npos)
        {
            const std::string_view column = Trim(text.substr(1, colon - 1));
            place.column = column.substr(0, column.find(' '));
            text = text.substr(colon + 1, text.size() - colon - 2);
        }
        if (place.column.empty())
        {
            Fail("row " + Show(place.row) + ": " + Show(text) + " in a column without name");
        }
        for (const std::string_view number : Split(text, '/'))
        {
            ReadNumber(number, place);
            ++place.part;
        }
    }

    void ReadNumber(std::string_view text, const TablePlace& place)
    {
        PublishedCell cell{.section = m_section,
                           .place = place,
                           .where = m_name + " line " + std::to_string(m_line)};
        const char* const end = text.data() + text.size();
        const auto [rest, error] = std::from_chars(text.data(), end, cell.value);
        const std::string_view mark = Trim({rest, static_cast<size_t>(end - rest)});
        if (error != std::errc() || !std::isfinite(cell.value) || cell.value < 0 ||
            (mark != "C" && mark != "P"))
        {
            Fail("row " + Show(place.row) + ", column " + Show(place.column) + ": " + Show(text) +
                 ": must be a number from 0 on with C or P, such as 4.93 C");
        }
        cell.isCalibrated = mark == "C";
        const bool isTwice = std::ranges::any_of(m_cells, [&](const PublishedCell& other) {
            return other.section == cell.section && other.place == place;
        });
        if (isTwice)
        {
            Fail("row " + Show(place.row) + ", column " + Show(place.column) + ": given twice");
        }
        m_cells.push_back(std::move(cell));
    }

    std::string m_name;                 //!< of the file
    size_t m_line{0};                   //!< lines read
    std::string m_section;              //!< the present one, empty: of no tables
    std::vector<std::string> m_columns; //!< of the present table, none: there is none
    bool m_hasRule{false};              //!< the rule behind its head was read
    std::vector<PublishedCell> m_cells; //!< numbers read
};

} // namespace

std::vector<PublishedCell>
ReadPublishedTables(std::string_view text, const std::string& name)
{
    TableReader reader(name);
    while (!text.empty())
    {
        const size_t end = text.find('\n');
        reader.ReadLine(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return reader.Take();
}

std::vector<PublishedCell>
LoadPublishedTables(const std::string& name)
{
    if (name.empty())
    {
        return ReadPublishedTables(GetShippedTables(), "doc/validation.md");
    }
    std::ifstream file(name, std::ios::binary);
    std::string text;
    if (!std::filesystem::is_directory(name))
    {
        text.assign(std::istreambuf_iterator<char>(file), {});
    }
    if (!file.is_open() || file.bad() || std::filesystem::is_directory(name))
    {
        throw PublishedTableError("tables " + name + ": must be a file that can be read");
    }
    return ReadPublishedTables(text, name);
}

} // namespace ns3::xfrm
