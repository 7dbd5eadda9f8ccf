/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-decap-run.h"

#include "xfrm-pcap-reader.h"
#include "xfrm-pcap-writer.h"

#include "ns3/xfrm-ipsec.h"

#include <algorithm>

namespace ns3::xfrm
{

namespace
{

/// @return wall clock when a capture starts, from 1 [s since 1970]
uint64_t
GetStart(const std::optional<CapturedPacket>& first)
{
    const int64_t seconds = first ? first->time.ToInteger(Time::S) : 0;
    return static_cast<uint64_t>(std::max<int64_t>(1, seconds));
}

/// @return what the front of a packet says that is not opened, for those who read
std::optional<SpiSequence>
ReadFront(const IpBytes& packet)
{
    const uint8_t protocol = packet.GetProtocol();
    const bool hasFront = protocol == PROTO_ESP || protocol == PROTO_AH || protocol == PROTO_COMP;
    if (!hasFront || packet.GetFragmentOffset() != 0)
    {
        return std::nullopt;
    }
    return BytePacket(packet.GetHeader(), protocol, packet.GetPayload()).ParseSpi(protocol);
}

/// @return how the layers of an opened packet look, sealed again
ResealedPacket
ResealAll(const std::vector<OpenedByteLayer>& layers)
{
    for (size_t i = 0; i < layers.size(); ++i)
    {
        const Resealed again = Reseal(layers[i]);
        if (!again.isEqual)
        {
            return {.isEqual = false, .layer = i, .firstOffset = again.firstOffset};
        }
    }
    return {};
}

/// @return what became of a packet
DecapRecord
Receive(Decap& decap, const CapturedPacket& packet, Time start)
{
    const IpBytes view(packet.ip);
    DecapRecord record;
    record.number = packet.number;
    record.time = packet.time;
    record.sinceStart = std::max(packet.time - start, Time(0));
    record.source = view.GetSource();
    record.destination = view.GetDestination();
    record.protocol = view.GetProtocol();
    if (packet.isTruncated)
    {
        record.result.verdict = DecapVerdict::CutShort;
        return record;
    }
    record.result = decap.Receive(packet.ip, record.sinceStart);
    if (!record.result.front)
    {
        record.result.front = ReadFront(view);
    }
    return record;
}

/// @brief Count a packet.
void
Count(DecapTotals& totals, const DecapRecord& record)
{
    ++totals.nPackets;
    ++totals.nByVerdict[static_cast<size_t>(record.result.verdict)];
    totals.nOpened += record.result.isOpened ? 1 : 0;
    totals.nResealed += record.resealed ? 1 : 0;
    totals.nEqual += record.resealed && record.resealed->isEqual ? 1 : 0;
}

} // namespace

DecapTotals
RunDecap(const DecapRunConfig& config, const std::function<void(const DecapRecord&)>& onPacket)
{
    PcapReader reader(config.pcapFile, config.filter);
    std::optional<CapturedPacket> packet = reader.Next();
    const Time start = packet ? packet->time : Time(0);
    DecapHost host(config.commands, GetStart(packet));
    for (const IpAddress& address : config.addresses)
    {
        host.AddAddress(address);
    }
    Decap decap(host, config.host);
    std::optional<PcapWriter> writer;
    if (!config.writeFile.empty())
    {
        writer.emplace(config.writeFile);
    }
    DecapTotals totals;
    for (; packet; packet = reader.Next())
    {
        DecapRecord record = Receive(decap, *packet, start);
        if (config.reseals && record.result.isOpened)
        {
            record.resealed = ResealAll(record.result.layers);
        }
        if (writer && record.result.verdict == DecapVerdict::Inner)
        {
            writer->Write(record.time, record.result.inner);
        }
        Count(totals, record);
        onPacket(record);
    }
    for (size_t i = 0; i < totals.nSkipped.size(); ++i)
    {
        totals.nSkipped[i] = reader.GetSkipped(static_cast<PcapSkip>(i));
    }
    totals.nIncomplete = decap.GetIncomplete();
    totals.statistics = host.GetNamespace().GetStatistics();
    if (writer)
    {
        writer->Finish();
    }
    return totals;
}

} // namespace ns3::xfrm
