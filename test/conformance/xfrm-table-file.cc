/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-table-file.h"

#include "xfrm-conformance.h"

#include <boost/algorithm/hex.hpp>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/join.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/iostreams/device/file.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <charconv>
#include <iterator>
#include <utility>

namespace ns3::xfrm::conformance
{

namespace
{

/// @return whether all of the text was a number of this base
template <typename Number>
bool
Parse(const std::string& text, Number& number, int base)
{
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number, base);
    return result.ec == std::errc() && result.ptr == end;
}

} // namespace

TableFile::TableFile(const std::filesystem::path& path, std::vector<std::string> columns)
    : m_path(path),
      m_columns(std::move(columns))
{
    const boost::iostreams::file_source file(path.string(), std::ios::binary);
    if (!std::filesystem::is_regular_file(path) || !file.is_open())
    {
        FailFile("can't be read");
    }
    m_input.push(boost::iostreams::gzip_decompressor());
    m_input.push(file);
    const std::string header = boost::algorithm::join(m_columns, ",");
    if (!ReadLine() || m_line != header)
    {
        FailFile("line 1: the header must be \"" + header + "\"");
    }
}

bool
TableFile::Next()
{
    if (!ReadLine())
    {
        return false;
    }
    ++m_nRows;
    boost::algorithm::split(m_fields, m_line, boost::algorithm::is_any_of(","));
    if (m_fields.size() != m_columns.size())
    {
        FailFile("line " + std::to_string(m_nRows + 1) + ": " + std::to_string(m_fields.size()) +
                 " fields: must be " + std::to_string(m_columns.size()));
    }
    return true;
}

uint64_t
TableFile::GetNumber(size_t column, uint64_t highest) const
{
    uint64_t number = 0;
    if (!Parse(Get(column), number, 10) || number > highest)
    {
        Fail(column, "a number from 0 to " + std::to_string(highest));
    }
    return number;
}

int32_t
TableFile::GetSigned(size_t column) const
{
    int32_t number = 0;
    if (!Parse(Get(column), number, 10))
    {
        Fail(column, "a number of 32 bits");
    }
    return number;
}

uint32_t
TableFile::GetHex(size_t column) const
{
    uint32_t number = 0;
    if (!Parse(Get(column), number, 16))
    {
        Fail(column, "a hexadecimal number of at most 8 digits");
    }
    return number;
}

std::vector<uint8_t>
TableFile::GetHexBytes(size_t column) const
{
    std::vector<uint8_t> bytes;
    try
    {
        boost::algorithm::unhex(Get(column), std::back_inserter(bytes));
    }
    catch (const boost::algorithm::hex_decode_error&)
    {
        Fail(column, "bytes of two hexadecimal digits");
    }
    return bytes;
}

void
TableFile::Fail(size_t column, const std::string& allowed) const
{
    FailFile("line " + std::to_string(m_nRows + 1) + ", column " + m_columns[column] + ": \"" +
             Get(column) + "\": must be " + allowed);
}

void
TableFile::FailFile(const std::string& what) const
{
    throw InputError(m_path.string() + ": " + what);
}

bool
TableFile::ReadLine()
{
    try
    {
        std::getline(m_input, m_line);
    }
    catch (const std::ios_base::failure&)
    {
        FailFile("is damaged or not compressed with gzip");
    }
    if (m_input.bad())
    {
        FailFile("is damaged or not compressed with gzip");
    }
    return !m_input.fail();
}

} // namespace ns3::xfrm::conformance
