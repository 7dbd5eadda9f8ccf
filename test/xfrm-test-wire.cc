/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-wire.h"

#include "xfrm-test-tunnel.h"

#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/xfrm-helper.h"

#include <numeric>
#include <sstream>

namespace ns3::xfrm::tests
{

namespace
{

const std::string A{"10.9.0.1"};        //!< address of A towards B
const std::string B{"10.9.0.2"};        //!< address of B towards A
const std::string H_NET{"10.1.0.0/24"}; //!< network of H
const std::string K_NET{"10.2.0.0/24"}; //!< network of K

/// @return the lines of a text
std::vector<std::string>
SplitLines(const std::string& text)
{
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
    {
        lines.push_back(line);
    }
    return lines;
}

/// @return commands for the states from one end to the other
std::string
MakeStates(const WireConfig& config, const std::string& from, const std::string& to, uint32_t spi)
{
    std::ostringstream commands;
    for (const std::string& words : SplitLines(config.states))
    {
        const bool hasMode = words.find(" mode ") != std::string::npos;
        const std::string mode = config.isTunnel ? " mode tunnel" : " mode transport";
        const size_t proto = words.find(' ', std::string("proto ").size());
        commands << "state add src " << from << " dst " << to << ' ' << words.substr(0, proto)
                 << " spi " << spi++ << " reqid 1" << (hasMode ? "" : mode) << words.substr(proto)
                 << '\n';
    }
    return commands.str();
}

/// @return the command for a policy with the templates from one end to the other
std::string
MakePolicy(const WireConfig& config,
           const std::string& direction,
           const std::string& selector,
           const std::string& ends)
{
    std::string command = "policy add " + selector + " dir " + direction;
    for (const std::string& words : SplitLines(config.templates))
    {
        const bool isTunnel = words.find("mode tunnel") != std::string::npos;
        command += " tmpl ";
        command += isTunnel ? ends + ' ' : "";
        command += words;
    }
    return command + '\n';
}

/// @return the commands for A, or with the ends swapped for B
std::string
MakeCommands(const WireConfig& config, bool isA)
{
    const std::string near = config.isTunnel ? (isA ? H_NET : K_NET) : (isA ? A : B);
    const std::string far = config.isTunnel ? (isA ? K_NET : H_NET) : (isA ? B : A);
    const std::string proto = config.isTunnel ? "" : " proto udp";
    const std::string out = "src " + near + " dst " + far + proto;
    const std::string in = "src " + far + " dst " + near + proto;
    const std::string there = isA ? "src " + A + " dst " + B : "src " + B + " dst " + A;
    const std::string back = isA ? "src " + B + " dst " + A : "src " + A + " dst " + B;
    std::string commands = MakeStates(config, A, B, 0x1001) + MakeStates(config, B, A, 0x2001) +
                           MakePolicy(config, "out", out, there) +
                           MakePolicy(config, "in", in, back);
    if (config.isTunnel)
    {
        commands += MakePolicy(config, "fwd", in, back);
    }
    return commands;
}

} // namespace

std::vector<uint8_t>
MakePayload(uint32_t number, uint32_t size)
{
    std::vector<uint8_t> bytes(size);
    std::iota(bytes.begin(), bytes.end(), static_cast<uint8_t>(number));
    return bytes;
}

WireLine::WireLine(const WireConfig& config, XfrmRouting::Crypto crypto, Watch watch)
    : line({.installed = Installed::Empty}),
      m_isTunnel(config.isTunnel)
{
    for (const uint32_t node : {1, 2})
    {
        GetRouting(node)->SetCrypto(crypto);
        XfrmHelper::Configure(line.nodes.Get(node), MakeCommands(config, node == 1));
    }
    if (watch == Watch::Nothing)
    {
        return;
    }
    line.nodes.Get(1)->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
        "Tx",
        Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
            [this](const Ptr<const Packet>& packet, const Ptr<Ipv4>& /*ipv4*/, uint32_t interface) {
                NoteSent(*packet, interface);
            }));
    GetRouting(1)->m_verdictTrace.ConnectWithoutContext(
        Callback<void, Ptr<const Packet>, const Ipv4Header&, const std::string&>(
            [this](const Ptr<const Packet>&, const Ipv4Header&, const std::string& verdict) {
                verdicts.push_back(verdict);
            }));
}

Ptr<XfrmRouting>
WireLine::GetRouting(uint32_t node) const
{
    return XfrmHelper::GetRouting(line.nodes.Get(node));
}

void
WireLine::NoteSent(const Packet& packet, uint32_t interface)
{
    if (interface == 2)
    {
        std::vector<uint8_t> bytes(packet.GetSize());
        packet.CopyData(bytes.data(), bytes.size());
        sent.push_back({Simulator::Now(), std::move(bytes)});
    }
}

void
WireLine::NoteReceived(Ptr<Socket> socket)
{
    while (const Ptr<Packet> packet = socket->Recv())
    {
        std::vector<uint8_t> bytes(packet->GetSize());
        packet->CopyData(bytes.data(), bytes.size());
        const uint8_t first = bytes.empty() ? 0 : bytes.front();
        if (bytes == MakePayload(first, packet->GetSize()))
        {
            received.push_back(packet->GetSize());
        }
    }
}

void
WireLine::SendUdp(const std::vector<uint32_t>& sizes, const std::function<void(Ptr<Socket>)>& setUp)
{
    const Ptr<Node> source = line.nodes.Get(m_isTunnel ? 0 : 1);
    const Ptr<Node> sink = line.nodes.Get(m_isTunnel ? 3 : 2);
    const Ptr<Socket> receiver = Socket::CreateSocket(sink, UdpSocketFactory::GetTypeId());
    receiver->Bind(InetSocketAddress(Ipv4Address::GetAny(), 6000));
    receiver->SetRecvCallback(MakeCallback(&WireLine::NoteReceived, this));
    const Ptr<Socket> sender = Socket::CreateSocket(source, UdpSocketFactory::GetTypeId());
    sender->Bind(InetSocketAddress(Ipv4Address::GetAny(), 5000));
    if (setUp)
    {
        setUp(sender);
    }
    const InetSocketAddress target(m_isTunnel ? Line::K : Ipv4Address(B.c_str()), 6000);
    Time at = Seconds(1);
    for (uint32_t i = 0; i < sizes.size(); ++i)
    {
        const std::vector<uint8_t> payload = MakePayload(i, sizes[i]);
        Simulator::Schedule(at, [sender, target, payload] {
            sender->SendTo(Create<Packet>(payload.data(), payload.size()), 0, target);
        });
        at += MilliSeconds(2);
    }
    Simulator::Stop(at + MilliSeconds(200));
    Simulator::Run();
}

std::string
WireLine::GetCounters(uint32_t node) const
{
    return DescribeCounters(*GetRouting(node));
}

} // namespace ns3::xfrm::tests
