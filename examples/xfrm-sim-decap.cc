/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-sim-commands.h"

#include "ns3/xfrm-configured-host.h"
#include "ns3/xfrm-decap-report.h"
#include "ns3/xfrm-show-text.h"

#include <algorithm>
#include <arpa/inet.h>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace ns3::xfrm::sim
{

namespace
{

namespace po = boost::program_options;
using nlohmann::ordered_json;

constexpr size_t N_HEX_BYTES{32}; //!< bytes in a line of hexadecimal

/// What the command line asks for.
struct DecapWords
{
    std::vector<std::string> files;     //!< files of commands
    std::string host;                   //!< whose commands; empty: there is but one host
    std::vector<std::string> addresses; //!< addresses of the host; empty: as the commands tell
    DecapRunConfig run;                 //!< what is to be done
    bool hasNoPolicy{false};            //!< policies are not asked
    bool hasNoBypass{false};            //!< sockets that ESP comes to ask them, too
    bool isBrief{false};                //!< print only totals
    bool isVerbose{false};              //!< print the bytes of inner packets
    bool isJson{false};                 //!< print JSON
};

constexpr const char* USAGE =
    "Usage: xfrm-sim decap [options] --ip-xfrm FILE --pcap FILE\n\n"
    "Lets a host with the `ip xfrm` commands of files receive the packets of a capture, and\n"
    "prints for each what was inside, or the counter of /proc/net/xfrm_stat that moved.\n"
    "FILE may be a recording of test/golden/captures (NAME.txt).  The times of the packets are\n"
    "the clock: limits run, and a line \"# at 2.5s\" carries commands out that long after the\n"
    "first packet.  Fragments for the host are put together.\n"
    "With --reencap what was opened is sealed again, with its own keys, sequence numbers and\n"
    "initialisation vectors, and must be equal byte by byte; of IPcomp, whose bytes depend on\n"
    "the compressor, what comes out of it again.\n"
    "Exit status: 0 done, 1 packets that were sealed again differ, 2 bad input.\n";

/// @brief Describe the options.
void
AddOptions(po::options_description& description, DecapWords& words)
{
    auto add = description.add_options();
    add("help,h", "show this help");
    add("ip-xfrm", po::value(&words.files)->value_name("FILE"), "file of commands; repeatable");
    add("host",
        po::value(&words.host)->value_name("NAME"),
        "whose commands, if they name network namespaces (ip -n NAME)");
    add("pcap", po::value(&words.run.pcapFile)->value_name("FILE"), "the capture, pcap or pcapng");
    add("filter",
        po::value(&words.run.filter)->value_name("TEXT"),
        "only packets that an expression of pcap-filter(7) takes");
    add("address",
        po::value(&words.addresses)->value_name("ADDRESS"),
        "address of the host; repeatable.  Without it, what policies tell: ends of their "
        "tunnels, single addresses of their selectors; else destinations of states");
    add("no-policy", po::bool_switch(&words.hasNoPolicy), "let in what opens, without policies");
    add("no-bypass",
        po::bool_switch(&words.hasNoBypass),
        "ask policies about UDP that ESP hides in, too: its socket has none that lets it in");
    add("reencap", po::bool_switch(&words.run.reseals), "seal what was opened again, and compare");
    add("write",
        po::value(&words.run.writeFile)->value_name("FILE"),
        "write what was inside to a capture (pcap, raw IP)");
    add("verbose,v", po::bool_switch(&words.isVerbose), "print the bytes of what was inside");
    add("brief", po::bool_switch(&words.isBrief), "print only totals");
    add("json", po::bool_switch(&words.isJson), "print one JSON object instead of text");
}

/// @return an address of the command line
IpAddress
ReadAddress(const std::string& text)
{
    in_addr address{};
    if (inet_pton(AF_INET, text.c_str(), &address) != 1)
    {
        throw UsageError("decap: --address " + text + ": must be an IPv4 address");
    }
    return Ipv4Address(ntohl(address.s_addr));
}

/// @brief Read files and addresses, so that the run can be done.
void
Complete(DecapWords& words)
{
    if (words.files.empty())
    {
        throw UsageError("decap: --ip-xfrm missing: must be a file of ip xfrm commands");
    }
    if (words.run.pcapFile.empty())
    {
        throw UsageError("decap: --pcap missing: must be a capture");
    }
    std::vector<IpXfrmCommand> all;
    for (const std::string& file : words.files)
    {
        std::ranges::move(IpXfrm::ReadFile(file), std::back_inserter(all));
    }
    words.run.commands = ChooseCommands(all, words.host);
    for (const std::string& text : words.addresses)
    {
        words.run.addresses.push_back(ReadAddress(text));
    }
    words.run.host.hasPolicyCheck = !words.hasNoPolicy;
    words.run.host.hasBypass = !words.hasNoBypass;
}

std::string
ToText(const IpAddress& address)
{
    return show::ToText(address, Family::Ipv4);
}

/// @brief Write bytes in lines of hexadecimal.
void
PrintHex(std::ostream& os, const Octets& bytes)
{
    constexpr const char* DIGITS = "0123456789abcdef";
    for (size_t i = 0; i < bytes.size(); ++i)
    {
        os << (i % N_HEX_BYTES == 0 ? "    " : "") << DIGITS[bytes[i] >> 4] << DIGITS[bytes[i] & 15]
           << ((i + 1) % N_HEX_BYTES == 0 || i + 1 == bytes.size() ? "\n" : "");
    }
}

/// @brief Write the line of a packet.
void
PrintPacket(std::ostream& os, const DecapRecord& record, bool isVerbose)
{
    const DecapResult& result = record.result;
    os << record.number << ' ' << std::fixed << std::setprecision(6)
       << record.sinceStart.GetSeconds() << ' ' << ToText(record.source) << " > "
       << ToText(record.destination) << ' ' << NameOuter(record);
    if (result.front)
    {
        os << " 0x" << show::ToHex(result.front->spi, 8) << ' ' << result.front->sequence;
    }
    os << ' ' << DescribeVerdict(result);
    if (result.verdict == DecapVerdict::Inner)
    {
        const IpBytes inner(result.inner);
        os << ' ' << result.inner.size() << " bytes " << ToText(inner.GetSource()) << " > "
           << ToText(inner.GetDestination()) << ' ' << NameProtocol(inner.GetProtocol());
    }
    if (record.resealed && record.resealed->isEqual)
    {
        os << " reencap equal";
    }
    else if (record.resealed)
    {
        os << " reencap differs in layer " << record.resealed->layer + 1 << " at byte "
           << record.resealed->firstOffset;
    }
    os << '\n';
    if (isVerbose)
    {
        PrintHex(os, result.inner);
    }
}

void
PrintTotals(std::ostream& os, const DecapTotals& totals, bool hasReseal)
{
    constexpr size_t N_ALWAYS{2};
    size_t i = 0;
    for (const auto& [name, value] : ListFigures(totals))
    {
        if (value != 0 || i < N_ALWAYS)
        {
            os << name << ' ' << value << '\n';
        }
        ++i;
    }
    if (hasReseal)
    {
        os << "reencap " << totals.nEqual << " equal of " << totals.nResealed << '\n';
    }
}

} // namespace

int
RunDecap(const std::vector<std::string>& given)
{
    DecapWords words;
    po::options_description description("Options");
    AddOptions(description, words);
    if (!Parse(given, USAGE, description, {}, {}))
    {
        return EXIT_OK;
    }
    Complete(words);
    std::ostringstream text; // printed when all is well
    ordered_json json;
    if (words.isJson && !words.isBrief)
    {
        json["packets"] = ordered_json::array();
    }
    const auto onPacket = [&](const DecapRecord& record) {
        if (words.isBrief)
        {
            return;
        }
        if (words.isJson)
        {
            json["packets"].push_back(MakePacketJson(record, words.isVerbose));
            return;
        }
        PrintPacket(text, record, words.isVerbose);
    };
    const DecapTotals totals = xfrm::RunDecap(words.run, onPacket);
    PrintTotals(text, totals, words.run.reseals);
    if (words.isJson)
    {
        json["totals"] = MakeTotalsJson(totals, words.run.reseals);
    }
    std::cout << (words.isJson ? json.dump(2) + '\n' : text.str());
    return totals.nEqual == totals.nResealed ? EXIT_OK : EXIT_CHECK_FAILED;
}

} // namespace ns3::xfrm::sim
