/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-scenario-file.h"

#include "xfrm-conformance.h"

#include <fstream>
#include <functional>
#include <limits>
#include <map>

namespace ns3::xfrm::conformance
{

namespace
{

using nlohmann::json;

/// One JSON object of a file with a line for each, whose fields are taken one by one.
class Record
{
  public:
    /// @param file the file @param line the line's number @param value what it holds
    Record(std::string file, size_t line, json value)
        : m_where(std::move(file) + ":" + std::to_string(line)),
          m_value(std::move(value))
    {
        if (!m_value.is_object())
        {
            throw InputError(m_where + ": must be a JSON object");
        }
    }

    /// @param name a field @param allowed what it must be @throws InputError
    [[noreturn]] void Fail(const std::string& name, const std::string& allowed) const
    {
        throw InputError(m_where + ": " + name + ": must be " + allowed);
    }

    /// @return a field, which is gone then; null if there is none
    json Take(const std::string& name)
    {
        const auto found = m_value.find(name);
        json value = found == m_value.end() ? json() : *found;
        m_value.erase(name);
        return value;
    }

    /// @param name a field @return whether it is there
    bool Has(const std::string& name) const
    {
        return m_value.contains(name);
    }

    std::string TakeText(const std::string& name, const std::optional<std::string>& absent = {})
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

    template <class Number>
    Number TakeNumber(const std::string& name, Number absent)
    {
        const json value = Take(name);
        if (value.is_null())
        {
            return absent;
        }
        constexpr uint64_t highest = std::numeric_limits<Number>::max();
        if (!value.is_number_unsigned() || value.get<uint64_t>() > highest)
        {
            Fail(name, "a number from 0 to " + std::to_string(highest));
        }
        return value.get<Number>();
    }

    bool TakeBool(const std::string& name, bool absent)
    {
        const json value = Take(name);
        if (value.is_null())
        {
            return absent;
        }
        const bool isNumber = value.is_number_unsigned() && value.get<uint64_t>() <= 1;
        if (!value.is_boolean() && !isNumber)
        {
            Fail(name, "true, false, 0 or 1");
        }
        return isNumber ? value.get<int>() == 1 : value.get<bool>();
    }

    std::vector<json> TakeList(const std::string& name)
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

    std::vector<std::string> TakeTexts(const std::string& name)
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

    /// @return another record within this one
    Record Within(const std::string& name, json value) const
    {
        return {m_where + ": " + name, std::move(value)};
    }

    /// @throws InputError if a field was not taken
    void CheckTaken() const
    {
        if (!m_value.empty())
        {
            throw InputError(m_where + ": " + m_value.begin().key() + ": unknown field");
        }
    }

  private:
    Record(std::string where, json value)
        : m_where(std::move(where)),
          m_value(std::move(value))
    {
        if (!m_value.is_object())
        {
            throw InputError(m_where + ": must be a JSON object");
        }
    }

    std::string m_where; //!< what errors call it
    json m_value;        //!< fields that were not taken
};

/// @return the records of a file
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
        json value = json::parse(line, nullptr, false);
        if (value.is_discarded())
        {
            throw InputError(path.string() + ":" + std::to_string(number) + ": not JSON");
        }
        records.emplace_back(path.string(), number, std::move(value));
    }
    return records;
}

/// @return the words of `ip xfrm policy` for each policy of a socket
std::vector<std::string>
TakeSocketPolicies(Record& packet, const std::string& name)
{
    std::vector<std::string> policies;
    for (const json& value : packet.TakeList(name))
    {
        Record policy = packet.Within(name, value);
        const std::string direction = policy.TakeText("dir");
        const std::string action = policy.TakeText("action", "allow");
        policy.CheckTaken();
        policies.push_back("dir ");
        policies.back() += direction;
        policies.back() += " action ";
        policies.back() += action;
    }
    return policies;
}

ScenarioPacket
TakePacket(Record record)
{
    static const std::map<std::string, Via> vias{{"out", Via::Out},
                                                 {"in", Via::In},
                                                 {"fwd", Via::Forward}};
    ScenarioPacket packet;
    const auto via = vias.find(record.TakeText("via"));
    if (via == vias.end())
    {
        record.Fail("via", "out, in or fwd");
    }
    packet.via = via->second;
    packet.source = record.TakeText("src");
    packet.destination = record.TakeText("dst");
    packet.proto = record.TakeText("proto", "udp");
    if (packet.proto != "udp" && packet.proto != "tcp" && packet.proto != "icmp")
    {
        record.Fail("proto", "udp, tcp or icmp");
    }
    packet.sourcePort = record.TakeNumber("sport", packet.sourcePort);
    packet.destinationPort = record.TakeNumber("dport", packet.destinationPort);
    packet.type = record.TakeNumber("type", packet.type);
    packet.code = record.TakeNumber("code", packet.code);
    packet.mark = record.TakeNumber("mark", packet.mark);
    packet.isConnected = record.TakeBool("connect", false);
    packet.policies = TakeSocketPolicies(record, "sockpol");
    packet.peerPolicies = TakeSocketPolicies(record, "recv_sockpol");
    packet.before = record.TakeTexts("before");
    record.CheckTaken();
    return packet;
}

RecordedScenario
TakeResult(Record& record, const Scenario& scenario)
{
    RecordedScenario result;
    result.commands = record.TakeList("setup");
    const bool isSkipped = !record.Take("skipped").is_null();
    std::vector<json> packets = record.TakeList("packets");
    if (isSkipped)
    {
        return result;
    }
    if (packets.size() != scenario.packets.size())
    {
        record.Fail("packets", "as many as the scenario has");
    }
    result.packets = std::move(packets);
    if (record.Has("dump_order"))
    {
        result.dumpOrder = record.TakeList("dump_order");
    }
    return result;
}

} // namespace

std::vector<Scenario>
ReadScenarios(const std::filesystem::path& file)
{
    std::vector<Scenario> scenarios;
    for (Record& record : ReadRecords(file))
    {
        Scenario scenario;
        scenario.id = record.TakeText("id");
        record.Take("note");
        record.Take("needs_setup");
        scenario.setup = record.TakeTexts("setup");
        for (const json& packet : record.TakeList("packets"))
        {
            scenario.packets.push_back(TakePacket(record.Within("packets", packet)));
        }
        scenario.useLarvalDrop = record.TakeBool("larval_drop", true);
        scenario.isHeard = record.TakeBool("monitor", true);
        record.CheckTaken();
        scenarios.push_back(std::move(scenario));
    }
    return scenarios;
}

RecordedKernel
ReadResults(const std::filesystem::path& file, const std::vector<Scenario>& scenarios)
{
    std::vector<Record> records = ReadRecords(file);
    if (records.size() != scenarios.size())
    {
        throw InputError(file.string() + ": must have a line for each line of scenarios.jsonl");
    }
    RecordedKernel kernel;
    for (size_t i = 0; i < records.size(); ++i)
    {
        Record& record = records[i];
        if (record.TakeText("id") != scenarios[i].id)
        {
            record.Fail("id", scenarios[i].id + ", as in scenarios.jsonl");
        }
        kernel.version = record.TakeText("kernel");
        kernel.scenarios.push_back(TakeResult(record, scenarios[i]));
    }
    return kernel;
}

} // namespace ns3::xfrm::conformance
