/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-keyed-line.h"

#include "ns3/inet-socket-address.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/xfrm-helper.h"

#include <algorithm>

namespace ns3::xfrm::tests
{

KeyedLine::KeyedLine(Mode mode)
    : tunnel(mode)
{
    const NodeContainer gateways(tunnel.line.nodes.Get(1), tunnel.line.nodes.Get(2));
    GetNet(1).FlushStates(PROTO_ANY);
    GetNet(2).FlushStates(PROTO_ANY);
    XfrmHelper::AssignStreams(gateways, 500);
    manager = XfrmHelper::InstallKeyManager(gateways);
    manager->SetAttribute("Delay", StringValue("ns3::ConstantRandomVariable[Constant=0.0205]"));
    manager->AssignStreams(510);
    for (uint32_t node = 0; node < tunnel.line.nodes.GetN(); ++node)
    {
        Listen(node);
    }
}

void
KeyedLine::Listen(uint32_t node)
{
    const auto sink =
        Socket::CreateSocket(tunnel.line.nodes.Get(node), UdpSocketFactory::GetTypeId());
    sink->Bind(InetSocketAddress(Ipv4Address::GetAny(), 6000));
    sink->SetRecvCallback(MakeCallback(&KeyedLine::NoteReceived, this));
}

void
KeyedLine::NoteReceived(Ptr<Socket> socket)
{
    while (const Ptr<Packet> packet = socket->Recv())
    {
        received.push_back(packet->GetSize());
    }
}

void
KeyedLine::Send(const Stream& stream)
{
    const auto source =
        Socket::CreateSocket(tunnel.line.nodes.Get(stream.from), UdpSocketFactory::GetTypeId());
    source->Bind(InetSocketAddress(Ipv4Address::GetAny(), stream.port));
    const Ipv4Address target = tunnel.line.GetIpv4(stream.to)->GetAddress(1, 0).GetLocal();
    for (uint32_t i = 0; i < stream.nPackets; ++i)
    {
        Simulator::Schedule(
            Seconds(stream.start) + i * stream.interval - Simulator::Now(),
            [source, target, i] {
                source->SendTo(Create<Packet>(100 + i), 0, InetSocketAddress(target, 6000));
            });
    }
}

void
KeyedLine::RunUntil(double seconds)
{
    Simulator::Stop(Seconds(seconds) - Simulator::Now());
    Simulator::Run();
}

Namespace&
KeyedLine::GetNet(uint32_t node) const
{
    return tunnel.GetRouting(node)->GetNamespace();
}

size_t
KeyedLine::CountStates(uint32_t node, StateStatus status) const
{
    const std::vector<Ptr<State>> states = GetNet(node).GetStates().GetAll();
    return std::count_if(states.begin(), states.end(), [status](const Ptr<State>& state) {
        return state->GetStatus() == status;
    });
}

std::string
KeyedLine::DescribeWire() const
{
    std::vector<uint32_t> spis;
    std::string text;
    size_t nInRow = 0;
    for (size_t i = 0; i < tunnel.onWire.size(); ++i)
    {
        const uint32_t spi = tunnel.onWire[i].spi;
        ++nInRow;
        if (i + 1 < tunnel.onWire.size() && tunnel.onWire[i + 1].spi == spi)
        {
            continue;
        }
        auto known = std::find(spis.begin(), spis.end(), spi);
        if (known == spis.end())
        {
            known = spis.insert(spis.end(), spi);
        }
        text += (text.empty() ? "" : ", ") + std::to_string(nInRow) + " x " +
                static_cast<char>('a' + (known - spis.begin()));
        nInRow = 0;
    }
    return text;
}

} // namespace ns3::xfrm::tests
