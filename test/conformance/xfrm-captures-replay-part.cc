/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-captures-parts.h"
#include "xfrm-conformance.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <stdexcept>
#include <tuple>
#include <variant>

namespace ns3::xfrm::conformance
{

namespace
{

using nlohmann::json;

constexpr uint32_t OUTER_ADDRESS_OF_B{0x0a090002}; //!< 10.9.0.2

/// What A sent.
struct SentByA
{
    uint64_t nPackets{0}; //!< packets
    size_t nBytes{0};     //!< payload of each [bytes]
};

/**
 * @brief Find what A sent in a run whose records don't say it.
 *
 * A's state counted inner packets of tunnel mode: 20 bytes of IP, 8 of UDP and the payload (R215).
 *
 * @param run a run of packets of one length
 * @return what A sent
 */
SentByA
FindSent(const CaptureRun& run)
{
    constexpr uint64_t headerBytes = 28;
    constexpr uint64_t mostBytes = 65535; // of a packet
    constexpr uint64_t mostPackets = 100000;
    for (const std::string& state : run.recorded.dumps.at(0).states)
    {
        const std::string label = "lifetime current:\n\t  ";
        const size_t at = state.find(label);
        std::istringstream text(at == std::string::npos ? "" : state.substr(at + label.size()));
        uint64_t nBytes = 0;
        uint64_t nPackets = 0;
        text >> nBytes;
        text.ignore(std::string("(bytes), ").size());
        text >> nPackets;
        if (text && nPackets > 0 && nPackets <= mostPackets && nBytes % nPackets == 0 &&
            nBytes / nPackets >= headerBytes && nBytes / nPackets <= mostBytes)
        {
            return {nPackets, nBytes / nPackets - headerBytes};
        }
    }
    throw InputError(run.base.string() +
                     ".txt: lifetime current: a state of nA must have sent 1 to " +
                     std::to_string(mostPackets) + " packets of one length");
}

/// @return number of commands before the first that adds a state which was added before
size_t
FindAgain(const std::vector<IpXfrmCommand>& commands)
{
    std::vector<std::tuple<std::string, IpAddress, uint32_t, uint8_t>> added;
    for (size_t i = 0; i < commands.size(); ++i)
    {
        if (const auto* const add = std::get_if<StateAdd>(&commands[i].action))
        {
            const StateId& id = add->config.id;
            const std::tuple key{commands[i].nameSpace, id.destination, id.spi, id.proto};
            if (std::find(added.begin(), added.end(), key) != added.end())
            {
                return i;
            }
            added.push_back(key);
        }
    }
    return commands.size();
}

} // namespace

// EsnPart

std::string
EsnPart::GetRunName(Record record) const
{
    return record.TakeText("case") + "-" + record.TakeText("alg");
}

void
EsnPart::Begin(CaptureHosts& hosts, const CaptureRun& run)
{
    CapturePart::Begin(hosts, run);
    m_before = {hosts.GetStatistics(0), hosts.GetStatistics(1)};
    m_nBytes = FindSent(run).nBytes;
}

PlayedRecord
EsnPart::Play(CaptureHosts& hosts, Record& record)
{
    for (const char* name : {"case", "alg", "n"})
    {
        record.Take(name);
    }
    CaptureDatagram datagram;
    datagram.payload.resize(m_nBytes);
    const CaptureSights sights = hosts.Send(datagram);
    json sequences = json::array();
    for (const PacketBytes& packet : sights.wire)
    {
        sequences.push_back(PacketFields(packet).GetSequence());
    }
    return {{{"send", sights.verdict.value_or("ok")},
             {"seq", sequences},
             {"received", sights.received.size()},
             {"stat",
              {{"A", GetMoved(m_before[0], hosts.GetStatistics(0))},
               {"B", GetMoved(m_before[1], hosts.GetStatistics(1))}}}}};
}

// ReplayPart

std::string
ReplayPart::GetRunName(Record record) const
{
    return "replay-w" + std::to_string(record.TakeNumber<uint32_t>("window")) + "-esn" +
           std::to_string(record.TakeNumber<uint8_t>("esn"));
}

/// A has sent all its packets when B's state is added anew.
void
ReplayPart::Begin(CaptureHosts& hosts, const CaptureRun& run)
{
    m_path = run.base.string() + ".pcap";
    try
    {
        m_reader = std::make_unique<PcapReader>(m_path);
    }
    catch (const std::invalid_argument& error)
    {
        throw InputError(error.what());
    }
    const SentByA sent = FindSent(run);
    const std::vector<IpXfrmCommand>& commands = run.recorded.commands;
    const auto again = commands.begin() + static_cast<std::ptrdiff_t>(FindAgain(commands));
    hosts.Configure({commands.begin(), again});
    CaptureDatagram datagram;
    datagram.payload.resize(sent.nBytes);
    for (uint64_t i = 0; i < sent.nPackets; ++i)
    {
        hosts.Send(datagram);
    }
    hosts.Configure({again, commands.end()});
}

/// @return the next captured packet for B, which saw those for K, too
std::optional<PacketBytes>
ReplayPart::Next()
{
    try
    {
        while (auto packet = m_reader->Next())
        {
            if (PacketFields(packet->ip).GetDestination() == OUTER_ADDRESS_OF_B)
            {
                return std::move(packet->ip);
            }
        }
    }
    catch (const std::invalid_argument& error)
    {
        throw InputError(error.what());
    }
    return std::nullopt;
}

PlayedRecord
ReplayPart::Play(CaptureHosts& hosts, Record& record)
{
    record.Take("window");
    record.Take("esn");
    const auto sequence = record.TakeNumber<uint32_t>("seq");
    const std::optional<PacketBytes> packet = Next();
    if (!packet || PacketFields(*packet).GetSequence() != sequence)
    {
        record.Fail("seq", "that of the next packet for B in " + m_path);
    }
    const Statistics before = hosts.GetStatistics(1);
    const CaptureSights sights = hosts.Inject(*packet);
    return {{{"delivered", sights.received.size()},
             {"stat", GetMoved(before, hosts.GetStatistics(1))}}};
}

/// What was damaged has no records, but counts.
void
ReplayPart::End(CaptureHosts& hosts)
{
    while (const auto packet = Next())
    {
        hosts.Inject(*packet);
    }
}

} // namespace ns3::xfrm::conformance
