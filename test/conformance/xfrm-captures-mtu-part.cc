/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-captures-parts.h"

#include <functional>

namespace ns3::xfrm::conformance
{

namespace
{

using nlohmann::json;

constexpr uint16_t CLEAR_MTU{9000};        //!< of the links H-A and B-K in this part [bytes]
constexpr uint16_t MTU_ENCAP_PORT{4500};   //!< port of UDP encapsulation in this part
constexpr uint32_t UDP_IP_BYTES{28};       //!< headers of a datagram [bytes]
constexpr uint32_t MOST_PROBE_BYTES{8900}; //!< largest payload of the first probe [bytes]
constexpr uint32_t PROBE_EXCESS{200};      //!< its payload above the link's MTU [bytes]

/**
 * @param from a number that passes @param to a number that may not
 * @param passes whether a number passes; if one does, so do all that are smaller
 * @return the largest number that passes
 */
uint32_t
FindLargest(uint32_t from, uint32_t to, const std::function<bool(uint32_t)>& passes)
{
    while (from < to)
    {
        const uint32_t middle = to - (to - from) / 2;
        if (passes(middle))
        {
            from = middle;
        }
        else
        {
            to = middle - 1;
        }
    }
    return from;
}

/// @return lengths of what A sent to B
json
GetLengths(const CaptureSights& sights)
{
    json lengths = json::array();
    for (const PacketBytes& packet : sights.wire)
    {
        lengths.push_back(PacketFields(packet).GetLength());
    }
    return lengths;
}

/// @return a datagram with DF
CaptureDatagram
MakeProbe(CaptureDatagram datagram, uint32_t payloadBytes)
{
    datagram.isDf = true;
    datagram.payload.resize(payloadBytes);
    return datagram;
}

} // namespace

std::string
MtuPart::GetRunName(Record record) const
{
    const std::string link = std::to_string(record.TakeNumber<uint16_t>("link"));
    const std::string algorithm = record.TakeText("alg");
    return "mtu-" + link + "-" + algorithm + "-" + record.TakeText("mode") + "-natt" +
           (record.TakeBool("natt") ? "1" : "0");
}

void
MtuPart::Read(CaptureRun& run)
{
    constexpr uint16_t leastMtu = 68; // of a link (RFC 791)
    Record record = run.records.at(0).second;
    run.hasDumps = false;
    run.mtus = {CLEAR_MTU, record.TakeNumber<uint16_t>("link")};
    if (run.mtus.middle < leastMtu)
    {
        record.Fail("link", "a number from 68 to 65535");
    }
    const std::string algorithm = record.TakeText("alg");
    const std::string mode = record.TakeText("mode");
    run.recorded.commands =
        FindCommands(run.base.parent_path(), algorithm, mode, record.TakeBool("natt"));
}

void
MtuPart::Begin(CaptureHosts& hosts, const CaptureRun& run)
{
    CapturePart::Begin(hosts, run);
    if (Record(run.records.at(0).second).TakeBool("natt"))
    {
        hosts.OpenEncapSockets(MTU_ENCAP_PORT, EncapType::EspInUdp, true);
    }
}

PlayedRecord
MtuPart::Play(CaptureHosts& hosts, Record& record)
{
    record.Take("alg");
    record.Take("natt");
    const auto linkMtu = record.TakeNumber<uint16_t>("link");
    CaptureDatagram local = TakeDatagram(record, 0);
    const bool isTunnel = local.from == CaptureHost::H;
    if (isTunnel)
    {
        local.from = CaptureHost::A;
        local.source = "10.1.0.1";
    }
    json got;
    hosts.Send(local);
    got["IP_MTU_connected"] = hosts.GetChainMtu(); // a connected socket keeps the chain
    const uint32_t largest = FindLargest(0, linkMtu - UDP_IP_BYTES, [&](uint32_t payloadBytes) {
        return hosts.Send(MakeProbe(local, payloadBytes)).verdict.value_or("ok") == "ok";
    });
    got["max_df_udp_payload"] = largest;
    got["wire_len_at_max"] = GetLengths(hosts.Send(MakeProbe(local, largest)));
    if (isTunnel)
    {
        PlayForwarded(hosts, linkMtu, got);
    }
    return {got};
}

void
MtuPart::PlayForwarded(CaptureHosts& hosts, uint32_t linkMtu, json& got)
{
    const auto send = [&hosts](uint32_t payloadBytes) {
        return hosts.Send(MakeProbe({}, payloadBytes));
    };
    got["fwd_icmp_mtu"] = json::array();
    const uint32_t first = std::min(linkMtu + PROBE_EXCESS, MOST_PROBE_BYTES);
    for (const uint32_t payloadBytes : {first, linkMtu - UDP_IP_BYTES, linkMtu - UDP_IP_BYTES})
    {
        json told = json::array();
        for (const PacketBytes& packet : send(payloadBytes).inside)
        {
            if (const json mtu = PacketFields(packet).GetIcmpMtu(); !mtu.is_null())
            {
                told.push_back(mtu);
            }
        }
        got["fwd_icmp_mtu"].push_back(told);
    }
    const uint32_t largest = FindLargest(0, linkMtu - UDP_IP_BYTES, [&](uint32_t payloadBytes) {
        return !send(payloadBytes).received.empty();
    });
    got["fwd_max_inner_len"] = largest + UDP_IP_BYTES;
    got["fwd_wire_len_at_max"] = GetLengths(send(largest));
}

} // namespace ns3::xfrm::conformance
