/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-captures-parts.h"

#include "xfrm-conformance.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <variant>

namespace ns3::xfrm::conformance
{

namespace
{

using nlohmann::json;

/// @return "NAME-ALG-MODE", the name of a run
std::string
JoinRunName(const std::string& part, Record& record)
{
    return part + "-" + record.TakeText("alg") + "-" + record.TakeText("mode");
}

/// @return payload of the datagram that a record tells of [bytes]
uint16_t
TakePayload(Record& record)
{
    constexpr uint16_t mostBytes = 65507; // with headers of UDP and IP 65535
    const auto nBytes = record.TakeNumber<uint16_t>("payload");
    if (nBytes > mostBytes)
    {
        record.Fail("payload", "a number from 0 to " + std::to_string(mostBytes));
    }
    return nBytes;
}

/// @return what was sent, of which there is a verdict only if something was decided
json
GetVerdict(const CaptureSights& sights)
{
    return sights.verdict.value_or("ok");
}

/// @return payloads that sockets got
json
GetPayloads(const CaptureSights& sights)
{
    json payloads = json::array();
    for (const ReceivedDatagram& datagram : sights.received)
    {
        payloads.push_back(datagram.length);
    }
    return payloads;
}

/// @return what a function gives for each packet, without nulls
template <class Function>
json
List(const std::vector<PacketBytes>& packets, Function function)
{
    json list = json::array();
    for (const PacketBytes& packet : packets)
    {
        if (json value = function(PacketFields(packet)); !value.is_null())
        {
            list.push_back(std::move(value));
        }
    }
    return list;
}

} // namespace

CaptureDatagram
TakeDatagram(Record& record, size_t nBytes)
{
    const std::string mode = record.TakeText("mode");
    if (mode != "tunnel" && mode != "transport")
    {
        record.Fail("mode", "tunnel or transport");
    }
    CaptureDatagram datagram;
    if (mode == "transport")
    {
        datagram.from = CaptureHost::A;
        datagram.source = "10.9.0.1";
        datagram.destination = "10.9.0.2";
    }
    datagram.payload.resize(nBytes);
    std::iota(datagram.payload.begin(), datagram.payload.end(), uint8_t{0});
    return datagram;
}

// CapturePart

void
CapturePart::Read(CaptureRun& run)
{
    run.recorded = ReadRun(run.base.string() + ".txt");
}

void
CapturePart::Begin(CaptureHosts& hosts, const CaptureRun& run)
{
    hosts.Configure(run.recorded.commands);
}

void
CapturePart::End(CaptureHosts& /*hosts*/)
{
}

json
CapturePart::Normalize(const std::string& /*field*/, json recorded) const
{
    return recorded;
}

std::string
CapturePart::GetReason() const
{
    return "";
}

std::unique_ptr<CapturePart>
MakeCapturePart(const std::string& name)
{
    static const std::map<std::string, SizesPart::Encap> sizes{
        {"sizes", SizesPart::Encap::None},
        {"natt", SizesPart::Encap::Bypass},
        {"nobypass-natt", SizesPart::Encap::NoBypass}};
    if (const auto found = sizes.find(name); found != sizes.end())
    {
        return std::make_unique<SizesPart>(name, found->second);
    }
    if (name == "frag")
    {
        return std::make_unique<FragPart>();
    }
    if (name == "outer")
    {
        return std::make_unique<OuterPart>();
    }
    if (name == "esn")
    {
        return std::make_unique<EsnPart>();
    }
    if (name == "replay")
    {
        return std::make_unique<ReplayPart>();
    }
    return name == "mtu" ? std::make_unique<MtuPart>() : nullptr;
}

// SizesPart

SizesPart::SizesPart(std::string name, Encap encap)
    : m_name(std::move(name)),
      m_encap(encap)
{
}

std::string
SizesPart::GetRunName(Record record) const
{
    return JoinRunName(m_name, record);
}

void
SizesPart::Begin(CaptureHosts& hosts, const CaptureRun& run)
{
    CapturePart::Begin(hosts, run);
    for (const IpXfrmCommand& command : run.recorded.commands)
    {
        const auto* const add = std::get_if<StateAdd>(&command.action);
        if (m_encap != Encap::None && add && add->config.encapType != EncapType::None)
        {
            m_port = add->config.encapDestinationPort;
            hosts.OpenEncapSockets(m_port, add->config.encapType, m_encap == Encap::Bypass);
            return;
        }
    }
    if (m_encap != Encap::None)
    {
        throw InputError(run.base.string() + ".txt: encap: missing: a state must have it");
    }
}

PlayedRecord
SizesPart::Play(CaptureHosts& hosts, Record& record)
{
    record.TakeText("alg");
    if (m_encap != Encap::None && record.Has("special"))
    {
        return PlaySpecial(hosts, record);
    }
    const auto nBytes = TakePayload(record);
    const CaptureSights sights = hosts.Send(TakeDatagram(record, nBytes));
    json got{{"send", GetVerdict(sights)},
             {"outer_len", List(sights.wire, std::mem_fn(&PacketFields::GetLength))},
             {"proto", List(sights.wire, std::mem_fn(&PacketFields::GetProtocol))},
             {"received", GetPayloads(sights)}};
    if (m_encap == Encap::None)
    {
        got["seq"] = List(sights.wire, std::mem_fn(&PacketFields::GetSequence));
    }
    else
    {
        got["udp"] = List(sights.wire, [](const PacketFields& packet) {
            return packet.GetOffset() == 0 ? packet.DescribeUdp() : json();
        });
    }
    return {got};
}

/// What a key manager of A sends to B's socket for UDP.
PlayedRecord
SizesPart::PlaySpecial(CaptureHosts& hosts, Record& record) const
{
    static const std::map<std::string, std::string> payloads{
        {"keepalive 0xff", "\xff"},
        {"ike marker", std::string(4, '\0') + "IKEIKEIKEIKE"},
        {"short 3 bytes", "abc"}};
    const auto found = payloads.find(record.TakeText("special"));
    if (found == payloads.end())
    {
        record.Fail("special", "keepalive 0xff, ike marker or short 3 bytes");
    }
    record.TakeText("mode");
    CaptureDatagram datagram;
    datagram.from = CaptureHost::A;
    datagram.source = "10.9.0.1";
    datagram.destination = "10.9.0.2";
    datagram.sourcePort = m_port;
    datagram.destinationPort = m_port;
    datagram.payload.assign(found->second.begin(), found->second.end());
    json got{{"to_socket", nullptr}};
    for (const ReceivedDatagram& received : hosts.Send(datagram).received)
    {
        got["to_socket"] = received.length;
    }
    return {got};
}

/// Later fragments have no sequence number.
json
SizesPart::Normalize(const std::string& field, json recorded) const
{
    if (field == "seq" && recorded.is_array())
    {
        std::erase(recorded.get_ref<json::array_t&>(), json());
    }
    return recorded;
}

// FragPart

std::string
FragPart::GetRunName(Record record) const
{
    return JoinRunName("frag", record) + "-df" + std::to_string(record.TakeNumber<uint8_t>("df"));
}

void
FragPart::Begin(CaptureHosts& hosts, const CaptureRun& run)
{
    CapturePart::Begin(hosts, run);
    m_ids = {};
}

/// @return whether H left it to its device to cut a datagram, so that the link shows no fragments
bool
FragPart::WasOffloaded(const json& record)
{
    constexpr uint32_t linkMtu = 1500;
    const json inside = record.value("inner_side", json::array());
    return std::any_of(inside.begin(), inside.end(), [](const json& packet) {
        return packet.is_object() && packet.value("proto", json()) == PROTO_UDP &&
               packet.value("len", json()) > linkMtu;
    });
}

PlayedRecord
FragPart::Play(CaptureHosts& hosts, Record& record)
{
    record.TakeText("alg");
    const auto nBytes = TakePayload(record);
    CaptureDatagram datagram = TakeDatagram(record, nBytes);
    datagram.isDf = record.TakeBool("df");
    const CaptureSights sights = hosts.Send(datagram);
    json wire = json::array();
    for (const PacketBytes& bytes : sights.wire)
    {
        const PacketFields packet(bytes);
        json fields = packet.Describe();
        fields["id"] = packet.GetId();
        fields["seq"] = packet.GetSequence();
        wire.push_back(std::move(fields));
    }
    PlayedRecord played{{{"send", GetVerdict(sights)},
                         {"wire", m_ids.Check(std::move(wire))},
                         {"received", GetPayloads(sights)}}};
    if (datagram.from == CaptureHost::H)
    {
        played.got["inner_side"] = List(sights.inside, std::mem_fn(&PacketFields::DescribeInside));
    }
    if (WasOffloaded(record.GetRest()))
    {
        played.leftOut = {"inner_side", "wire"};
    }
    return played;
}

json
FragPart::Normalize(const std::string& field, json recorded) const
{
    return field == "wire" ? IdRule::Normalize(std::move(recorded)) : recorded;
}

std::string
FragPart::GetReason() const
{
    return "H had UDP segmentation offload, and its packets are not those of the link";
}

// OuterPart

std::string
OuterPart::GetRunName(Record record) const
{
    return "outer-" + record.TakeText("variant") + "-" + record.TakeText("mode");
}

void
OuterPart::Begin(CaptureHosts& hosts, const CaptureRun& run)
{
    CapturePart::Begin(hosts, run);
    m_ids = {};
}

PlayedRecord
OuterPart::Play(CaptureHosts& hosts, Record& record)
{
    constexpr size_t payloadBytes = 32; // unless what was received says otherwise
    const json first = record.GetRest().value("/received/0/len"_json_pointer, json());
    const json outerTos = record.GetRest().value("/outer/0/tos"_json_pointer, json());
    const bool isAltered = record.TakeText("variant").starts_with("ecn-inflight");
    CaptureDatagram datagram =
        TakeDatagram(record, first.is_number_unsigned() ? first.get<uint16_t>() : payloadBytes);
    Record inner = record.Within("inner", record.Take("inner"));
    datagram.isDf = inner.TakeBool("df");
    datagram.tos = inner.TakeNumber<uint8_t>("tos");
    datagram.ttl = inner.TakeNumber<uint8_t>("ttl");
    inner.CheckTaken();
    if (isAltered && outerTos.is_number_unsigned())
    {
        hosts.AlterTos(outerTos.get<uint8_t>());
    }
    const CaptureSights sights = hosts.Send(datagram);
    json outer = json::array();
    for (const PacketBytes& bytes : sights.wire)
    {
        const PacketFields packet(bytes);
        json fields = packet.DescribeOuter();
        fields["id"] = packet.GetId();
        fields["tos"] = isAltered ? outerTos : fields["tos"];
        outer.push_back(std::move(fields));
    }
    json received = json::array();
    for (const ReceivedDatagram& got : sights.received)
    {
        received.push_back({{"len", got.length}, {"ttl", got.ttl}, {"tos", got.tos}});
    }
    return {{{"send", GetVerdict(sights)},
             {"outer", m_ids.Check(std::move(outer))},
             {"received", received}}};
}

json
OuterPart::Normalize(const std::string& field, json recorded) const
{
    return field == "outer" ? IdRule::Normalize(std::move(recorded)) : recorded;
}

} // namespace ns3::xfrm::conformance
