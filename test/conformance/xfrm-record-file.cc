/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-record-file.h"

#include "xfrm-conformance.h"

#include <fstream>
#include <utility>

namespace ns3::xfrm::conformance
{

using nlohmann::json;

Record::Record(std::string where, json value)
    : m_where(std::move(where)),
      m_value(std::move(value))
{
    if (!m_value.is_object())
    {
        throw InputError(m_where + ": must be a JSON object");
    }
}

void
Record::Fail(const std::string& name, const std::string& allowed) const
{
    throw InputError(m_where + ": " + name + ": must be " + allowed);
}

json
Record::Take(const std::string& name)
{
    const auto found = m_value.find(name);
    json value = found == m_value.end() ? json() : *found;
    m_value.erase(name);
    return value;
}

std::string
Record::TakeText(const std::string& name, const std::optional<std::string>& absent)
{
    const json value = Take(name);
    if (value.is_null() && absent)
    {
        return *absent;
    }
    if (!value.is_string())
    {
        Fail(name, "a text");
    }
    return value.get<std::string>();
}

uint64_t
Record::TakeUnsigned(const std::string& name, std::optional<uint64_t> absent, uint64_t highest)
{
    const json value = Take(name);
    if (value.is_null() && absent)
    {
        return *absent;
    }
    if (!value.is_number_unsigned() || value.get<uint64_t>() > highest)
    {
        Fail(name, "a number from 0 to " + std::to_string(highest));
    }
    return value.get<uint64_t>();
}

bool
Record::TakeBool(const std::string& name, std::optional<bool> absent)
{
    const json value = Take(name);
    if (value.is_null() && absent)
    {
        return *absent;
    }
    const bool isNumber = value.is_number_unsigned() && value.get<uint64_t>() <= 1;
    if (!value.is_boolean() && !isNumber)
    {
        Fail(name, "true, false, 0 or 1");
    }
    return isNumber ? value.get<int>() == 1 : value.get<bool>();
}

std::vector<json>
Record::TakeList(const std::string& name)
{
    const json value = Take(name);
    if (value.is_null())
    {
        return {};
    }
    if (!value.is_array())
    {
        Fail(name, "a list");
    }
    return value.get<std::vector<json>>();
}

std::vector<std::string>
Record::TakeTexts(const std::string& name)
{
    std::vector<std::string> texts;
    for (const json& value : TakeList(name))
    {
        if (!value.is_string())
        {
            Fail(name, "a list of texts");
        }
        texts.push_back(value.get<std::string>());
    }
    return texts;
}

Record
Record::Within(const std::string& name, json value) const
{
    return {m_where + ": " + name, std::move(value)};
}

void
Record::CheckTaken() const
{
    if (!m_value.empty())
    {
        throw InputError(m_where + ": " + m_value.begin().key() + ": unknown field");
    }
}

std::vector<Record>
ReadRecords(const std::filesystem::path& path)
{
    std::ifstream file(path);
    if (!file)
    {
        throw InputError(path.string() + ": can't be read");
    }
    std::vector<Record> records;
    std::string line;
    for (size_t number = 1; std::getline(file, line); ++number)
    {
        if (line.empty())
        {
            continue;
        }
        const std::string where = path.string() + ":" + std::to_string(number);
        json value = json::parse(line, nullptr, false);
        if (value.is_discarded())
        {
            throw InputError(where + ": not JSON");
        }
        records.emplace_back(where, std::move(value));
    }
    return records;
}

} // namespace ns3::xfrm::conformance
