/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-network.h"

#include "xfrm-helper.h"
#include "xfrm-ip-xfrm.h"

#include "ns3/boolean.h"
#include "ns3/data-rate.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/node.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t LEFT{0x0a010000};   //!< 10.1.0.0
constexpr uint32_t RIGHT{0x0a020000};  //!< 10.2.0.0
constexpr uint32_t CORE{0x0a090000};   //!< 10.9.0.0
constexpr uint32_t MASK24{0xffffff00}; //!< 255.255.255.0
constexpr uint32_t MASK30{0xfffffffc}; //!< 255.255.255.252

/// @return first address of host i's network on a side
uint32_t
GetHostNetwork(uint32_t side, uint32_t i)
{
    return side + 4 * i;
}

/// @return a host's name: the letter, and from the second on a number
std::string
GetHostName(const std::string& letter, uint32_t i)
{
    return i == 0 ? letter : letter + std::to_string(i + 1);
}

/// @return a gateway's name
std::string
GetGatewayName(uint32_t i, uint32_t nGateways)
{
    return i == 0 ? "A" : i + 1 == nGateways ? "B" : "M" + std::to_string(i);
}

} // namespace

RunNetwork::RunNetwork(const RunConfig& config, int64_t stream)
    : m_nHosts(config.hosts),
      m_nGateways(config.gateways)
{
    AddMembers(config);
    for (uint32_t i = 0; i < m_nHosts; ++i)
    {
        Connect(GetGateway(0).node, GetLeft(i).node, GetHostNetwork(LEFT, i), true, config);
        Connect(GetGateway(m_nGateways - 1).node,
                GetRight(i).node,
                GetHostNetwork(RIGHT, i),
                true,
                config);
    }
    for (uint32_t i = 0; i + 1 < m_nGateways; ++i)
    {
        Connect(GetGateway(i).node, GetGateway(i + 1).node, CORE + 256 * i, false, config);
    }
    AddRoutes();
    XfrmHelper helper;
    helper.SetAttribute("LarvalDrop", BooleanValue(config.useLarvalDrop));
    helper.SetAttribute("SocketCache", BooleanValue(config.useSocketCache));
    for (Member& member : m_members)
    {
        member.routing = helper.Install(member.node);
        stream += member.routing->AssignStreams(stream);
    }
    Configure(config);
}

Ipv4Address
RunNetwork::GetLeftAddress(uint32_t i)
{
    return Ipv4Address(GetHostNetwork(LEFT, i) + 2);
}

Ipv4Address
RunNetwork::GetRightAddress(uint32_t i)
{
    return Ipv4Address(GetHostNetwork(RIGHT, i) + 2);
}

void
RunNetwork::AddMembers(const RunConfig& config)
{
    NodeContainer nodes;
    nodes.Create(2 * config.hosts + config.gateways);
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.SetRoutingHelper(Ipv4StaticRoutingHelper());
    stack.Install(nodes);
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        const uint32_t gateway = i - config.hosts;
        const uint32_t right = gateway - config.gateways;
        const std::string name = i < config.hosts            ? GetHostName("H", i)
                                 : gateway < config.gateways ? GetGatewayName(gateway, m_nGateways)
                                                             : GetHostName("K", right);
        m_members.push_back({name, nodes.Get(i), nullptr});
    }
}

void
RunNetwork::Connect(const Ptr<Node>& nearer,
                    const Ptr<Node>& further,
                    uint32_t network,
                    bool isEdge,
                    const RunConfig& config)
{
    PointToPointHelper wire;
    wire.SetDeviceAttribute("DataRate", DataRateValue(isEdge ? config.edgeRate : config.coreRate));
    wire.SetDeviceAttribute("Mtu", UintegerValue(isEdge ? config.edgeMtu : config.coreMtu));
    wire.SetChannelAttribute("Delay", TimeValue(isEdge ? config.edgeDelay : config.coreDelay));
    const NetDeviceContainer devices = wire.Install(nearer, further);
    m_devices.Add(devices);
    const Ipv4Mask mask(isEdge ? MASK30 : MASK24);
    for (uint32_t i = 0; i < 2; ++i)
    {
        const auto ipv4 = devices.Get(i)->GetNode()->GetObject<Ipv4>();
        const uint32_t interface = ipv4->AddInterface(devices.Get(i));
        ipv4->AddAddress(interface, {Ipv4Address(network + 1 + i), mask});
        ipv4->SetUp(interface);
    }
    if (!config.pcapPrefix.empty())
    {
        for (uint32_t i = 0; i < 2; ++i)
        {
            const auto isThis = [&](const Member& member) {
                return member.node == devices.Get(i)->GetNode();
            };
            const auto member = std::find_if(m_members.begin(), m_members.end(), isThis);
            wire.EnablePcap(config.pcapPrefix + member->name + "-" +
                                std::to_string(devices.Get(i)->GetIfIndex()) + ".pcap",
                            devices.Get(i),
                            false,
                            true);
        }
    }
}

void
RunNetwork::AddRoute(const Member& member, uint32_t network, uint32_t mask, uint32_t gateway)
{
    const auto ipv4 = member.node->GetObject<Ipv4>();
    const Ipv4StaticRoutingHelper helper;
    const int32_t interface = ipv4->GetInterfaceForPrefix(
        Ipv4Address(gateway),
        Ipv4Mask((gateway & 0x00ff0000) == 0x00090000 ? MASK24 : MASK30));
    helper.GetStaticRouting(ipv4)->AddNetworkRouteTo(Ipv4Address(network),
                                                     Ipv4Mask(mask),
                                                     Ipv4Address(gateway),
                                                     interface);
}

void
RunNetwork::AddRoutes()
{
    for (uint32_t i = 0; i < m_nHosts; ++i)
    {
        AddRoute(GetLeft(i), 0, 0, GetHostNetwork(LEFT, i) + 1);
        AddRoute(GetRight(i), 0, 0, GetHostNetwork(RIGHT, i) + 1);
    }
    for (uint32_t i = 0; i < m_nGateways; ++i)
    {
        const uint32_t core = CORE + 256 * i;
        if (i + 1 < m_nGateways)
        {
            AddRoute(GetGateway(i), RIGHT, MASK24, core + 2);
            AddRoute(GetGateway(i), CORE, 0xffff0000, core + 2);
        }
        if (i > 0)
        {
            AddRoute(GetGateway(i), LEFT, MASK24, core - 256 + 1);
            for (uint32_t link = 0; link + 1 < i; ++link)
            {
                AddRoute(GetGateway(i), CORE + 256 * link, MASK24, core - 256 + 1);
            }
        }
    }
}

const RunNetwork::Member&
RunNetwork::FindMember(const std::string& name, const std::string& place) const
{
    // gw1 is the first gateway, gw2 the second; nA is the network namespace of the recordings.
    std::string names;
    for (uint32_t i = 0; i < m_members.size(); ++i)
    {
        const Member& member = m_members[i];
        const std::string alias = i >= m_nHosts && i < m_nHosts + m_nGateways
                                      ? "gw" + std::to_string(i - m_nHosts + 1)
                                      : member.name;
        if (name == member.name || name == "n" + member.name || name == alias)
        {
            return member;
        }
        names += (names.empty() ? "" : ", ") + member.name;
    }
    throw RunConfigError(place + ": node " + name + ": must be one of " + names);
}

void
RunNetwork::Configure(const RunConfig& config)
{
    for (const std::string& each : config.ipXfrm)
    {
        const size_t equals = each.find('=');
        if (equals == std::string::npos)
        {
            CarryOut("", each);
        }
        else
        {
            CarryOut(each.substr(0, equals), each.substr(equals + 1));
        }
    }
}

void
RunNetwork::CarryOut(const std::string& nodeName, const std::string& file)
{
    const Member* only =
        nodeName.empty() ? nullptr : &FindMember(nodeName, "ip-xfrm " + nodeName + "=" + file);
    size_t nDone = 0;
    for (const IpXfrmCommand& command : IpXfrm::ReadFile(file))
    {
        const std::string place = file + ":" + std::to_string(command.position.line);
        if (!only && command.nameSpace.empty())
        {
            throw RunConfigError(place + ": the command names no network namespace: must have "
                                         "ip -n NODE, or give the file as NODE=FILE");
        }
        const Member& member =
            command.nameSpace.empty() ? *only : FindMember(command.nameSpace, place);
        if (only && &member != only)
        {
            continue; // a file for several nodes, given to one
        }
        const int32_t error = XfrmHelper::Apply(member.routing, command);
        if (error != 0)
        {
            throw RunConfigError(place + ": " + command.verb + " on node " + member.name +
                                 " is refused: " + error::GetName(error));
        }
        ++nDone;
    }
    if (nDone == 0)
    {
        throw RunConfigError("ip-xfrm " + file + ": must hold ip xfrm commands" +
                             (only ? " for node " + only->name : ""));
    }
}

} // namespace ns3::xfrm
