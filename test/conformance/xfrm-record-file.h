/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RECORD_FILE_H
#define XFRM_RECORD_FILE_H

#include <cstdint>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace ns3::xfrm::conformance
{

/**
 * @ingroup xfrm-tests
 * @brief One JSON object of a file with a line for each, whose fields are taken one by one.
 *
 * What is taken is gone.  All errors are InputError and name file, line, field and what is allowed.
 */
class Record
{
  public:
    /// @param where what errors call it @param value what it holds, an object
    Record(std::string where, nlohmann::json value);

    /// @param name a field @param allowed what it must be @throws InputError
    [[noreturn]] void Fail(const std::string& name, const std::string& allowed) const;

    /// @param name a field @return whether it is there
    bool Has(const std::string& name) const
    {
        return m_value.contains(name);
    }

    /// @param name a field @return it; null if there is none
    nlohmann::json Take(const std::string& name);

    /// @param name a field @param absent its value if there is none; nothing: it must be there
    /// @return it, a text
    std::string TakeText(const std::string& name, const std::optional<std::string>& absent = {});

    /// @param name a field that must be there @return it, a number that its type holds
    template <class Number>
    Number TakeNumber(const std::string& name)
    {
        return static_cast<Number>(TakeUnsigned(name, {}, std::numeric_limits<Number>::max()));
    }

    /// @param name a field @param absent its value if there is none @return it, as above
    template <class Number>
    Number TakeNumber(const std::string& name, Number absent)
    {
        return static_cast<Number>(TakeUnsigned(name, absent, std::numeric_limits<Number>::max()));
    }

    /// @param name a field @param absent its value if there is none; nothing: it must be there
    /// @return it, which may be written as 0 or 1
    bool TakeBool(const std::string& name, std::optional<bool> absent = {});

    /// @param name a field @return it, a list; empty if there is none
    std::vector<nlohmann::json> TakeList(const std::string& name);

    /// @param name a field @return it, a list of texts; empty if there is none
    std::vector<std::string> TakeTexts(const std::string& name);

    /// @return what was not taken, by name
    const nlohmann::json& GetRest() const
    {
        return m_value;
    }

    /// @param name a field @param value what it holds @return another record within this one
    Record Within(const std::string& name, nlohmann::json value) const;

    /// @throws InputError if a field was not taken
    void CheckTaken() const;

    /// @return what errors call it
    const std::string& GetPlace() const
    {
        return m_where;
    }

  private:
    uint64_t TakeUnsigned(const std::string& name,
                          std::optional<uint64_t> absent,
                          uint64_t highest);

    std::string m_where;    //!< what errors call it
    nlohmann::json m_value; //!< fields that were not taken
};

/// @param path a file with a JSON object a line @return its records @throws InputError
std::vector<Record> ReadRecords(const std::filesystem::path& path);

} // namespace ns3::xfrm::conformance

#endif // XFRM_RECORD_FILE_H
