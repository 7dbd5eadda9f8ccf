/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-decap-report.h"

#include "xfrm-ip-xfrm-vocabulary.h"
#include "xfrm-show-text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ns3::xfrm
{

using nlohmann::ordered_json;

namespace
{

/// A number with its name.
using Figure = std::pair<std::string, uint64_t>;

std::string
ToText(const IpAddress& address)
{
    return show::ToText(address, Family::Ipv4);
}

} // namespace

std::string
NameProtocol(uint8_t protocol)
{
    const auto& names = vocabulary::PROTOCOLS;
    const auto* const found = std::ranges::find_if(names, [&](const auto& entry) {
        return entry.value == protocol && protocol != PROTO_ANY;
    });
    return found == std::end(names) ? std::to_string(protocol) : std::string(found->name);
}

std::string
NameOuter(const DecapRecord& record)
{
    return record.result.encapType == EncapType::None ? NameProtocol(record.protocol) : "udp-esp";
}

std::string
DescribeVerdict(const DecapResult& result)
{
    return result.counter ? Statistics::GetLabel(*result.counter) : GetText(result.verdict);
}

ordered_json
MakePacketJson(const DecapRecord& record, bool hasBytes)
{
    const DecapResult& result = record.result;
    ordered_json json{{"number", record.number},
                      {"time_ns", record.time.GetNanoSeconds()},
                      {"source", ToText(record.source)},
                      {"destination", ToText(record.destination)},
                      {"protocol", NameOuter(record)},
                      {"spi", nullptr},
                      {"sequence", nullptr},
                      {"verdict", GetText(result.verdict)},
                      {"counter", nullptr}};
    if (result.front)
    {
        json["spi"] = result.front->spi;
        json["sequence"] =
            result.layers.empty() ? result.front->sequence : result.layers.front().sequence;
    }
    if (result.counter)
    {
        json["counter"] = Statistics::GetLabel(*result.counter);
    }
    if (!result.inner.empty())
    {
        const IpBytes inner(result.inner);
        json["inner"] = {{"bytes", result.inner.size()},
                         {"source", ToText(inner.GetSource())},
                         {"destination", ToText(inner.GetDestination())},
                         {"protocol", NameProtocol(inner.GetProtocol())}};
    }
    if (hasBytes && !result.inner.empty())
    {
        std::string hex;
        for (const uint8_t byte : result.inner)
        {
            hex += show::ToHex(byte, 2);
        }
        json["inner"]["hex"] = hex;
    }
    if (record.resealed)
    {
        json["reencap"] = {{"equal", record.resealed->isEqual},
                           {"layer", record.resealed->layer + 1},
                           {"byte", record.resealed->firstOffset}};
    }
    return json;
}

std::vector<Figure>
ListFigures(const DecapTotals& totals)
{
    std::vector<Figure> figures{{"packets", totals.nPackets}, {"opened", totals.nOpened}};
    uint64_t nUncounted = totals.nByVerdict[static_cast<size_t>(DecapVerdict::Dropped)];
    std::vector<Figure> counters;
    for (size_t i = 0; i < Statistics::N_COUNTERS; ++i)
    {
        const auto counter = static_cast<Counter>(i);
        counters.emplace_back(Statistics::GetLabel(counter), totals.statistics.Get(counter));
        nUncounted -= counters.back().second;
    }
    for (size_t i = 0; i < N_DECAP_VERDICTS; ++i)
    {
        const auto verdict = static_cast<DecapVerdict>(i);
        const bool isDrop = verdict == DecapVerdict::Dropped;
        figures.emplace_back(isDrop ? "dropped without a counter" : GetText(verdict),
                             isDrop ? nUncounted : totals.nByVerdict[i]);
    }
    figures.insert(figures.end(), counters.begin(), counters.end());
    figures.emplace_back("incomplete", totals.nIncomplete);
    for (size_t i = 0; i < N_PCAP_SKIPS; ++i)
    {
        figures.emplace_back(std::string("frames ") + GetText(static_cast<PcapSkip>(i)),
                             totals.nSkipped[i]);
    }
    return figures;
}

ordered_json
MakeTotalsJson(const DecapTotals& totals, bool hasReseal)
{
    ordered_json json;
    for (const auto& [name, value] : ListFigures(totals))
    {
        json[name] = value;
    }
    if (hasReseal)
    {
        json["reencap"] = {{"equal", totals.nEqual}, {"of", totals.nResealed}};
    }
    return json;
}

} // namespace ns3::xfrm
