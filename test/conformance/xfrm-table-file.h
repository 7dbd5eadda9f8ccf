/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TABLE_FILE_H
#define XFRM_TABLE_FILE_H

#include <boost/iostreams/filtering_stream.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ns3::xfrm::conformance
{

/**
 * @ingroup xfrm-tests
 * @brief A gzip-compressed CSV file with a header line, read row by row.
 *
 * Fields are separated by commas and hold neither commas nor quotes.  Every error is an InputError
 * that names file, line and column.
 */
class TableFile
{
  public:
    /**
     * @param path the file
     * @param columns the names that its header must have, in order
     * @throws InputError if the file can't be read or has another header
     */
    TableFile(const std::filesystem::path& path, std::vector<std::string> columns);

    /// @brief Read the next row. @return whether there was one
    bool Next();

    /// @return zero-based number of the row
    uint64_t GetRow() const
    {
        return m_nRows - 1;
    }

    /// @return rows read
    uint64_t GetRows() const
    {
        return m_nRows;
    }

    /// @param column number of a column @return its field in this row
    const std::string& Get(size_t column) const
    {
        return m_fields[column];
    }

    /// @return names of the columns
    const std::vector<std::string>& GetColumns() const
    {
        return m_columns;
    }

    /// @param column number of a column @param highest largest value allowed @return the number
    uint64_t GetNumber(size_t column, uint64_t highest = UINT64_MAX) const;

    /// @param column number of a column @return the number of 32 bits, which may be negative
    int32_t GetSigned(size_t column) const;

    /// @param column number of a column @return the hexadecimal number of at most 8 digits
    uint32_t GetHex(size_t column) const;

    /// @param column number of a column @return the bytes, two hexadecimal digits each
    std::vector<uint8_t> GetHexBytes(size_t column) const;

    /// @param column number of a column @param allowed what its field must be @throws InputError
    [[noreturn]] void Fail(size_t column, const std::string& allowed) const;

  private:
    [[noreturn]] void FailFile(const std::string& what) const;
    bool ReadLine();

    std::filesystem::path m_path;                //!< the file
    std::vector<std::string> m_columns;          //!< names of the columns
    boost::iostreams::filtering_istream m_input; //!< the file, uncompressed
    std::string m_line;                          //!< the line read last
    uint64_t m_nRows{0};                         //!< rows read
    std::vector<std::string> m_fields;           //!< fields of m_line
};

} // namespace ns3::xfrm::conformance

#endif // XFRM_TABLE_FILE_H
