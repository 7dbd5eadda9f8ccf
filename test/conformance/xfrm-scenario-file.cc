/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-scenario-file.h"

#include "xfrm-conformance.h"
#include "xfrm-record-file.h"

#include <map>

namespace ns3::xfrm::conformance
{

namespace
{

using nlohmann::json;

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
