/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-network.h"

#include "xfrm-helper.h"
#include "xfrm-ip-xfrm-apply.h"
#include "xfrm-run-cores.h"
#include "xfrm-run-values.h"

#include "ns3/boolean.h"
#include "ns3/channel.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/pointer.h"
#include "ns3/queue-size.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <stdexcept>

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t LEFT{0x0a010000};   //!< 10.1.0.0
constexpr uint32_t RIGHT{0x0a020000};  //!< 10.2.0.0
constexpr uint32_t CORE{0x0a090000};   //!< 10.9.0.0
constexpr uint32_t MASK24{0xffffff00}; //!< 255.255.255.0
constexpr uint32_t MASK30{0xfffffffc}; //!< 255.255.255.252
constexpr uint32_t MASK32{0xffffffff}; //!< 255.255.255.255

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

/// @brief Give a device its address, and set it up.
void
AddAddress(const Ptr<NetDevice>& device, uint32_t address, uint32_t mask)
{
    const auto ipv4 = device->GetNode()->GetObject<Ipv4>();
    const uint32_t interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface, {Ipv4Address(address), Ipv4Mask(mask)});
    ipv4->SetUp(interface);
}

} // namespace

RunNetwork::RunNetwork(const RunConfig& config,
                       const std::vector<IpXfrmText>& ipXfrm,
                       int64_t stream)
    : m_nHosts(config.hosts),
      m_nGateways(config.gateways),
      m_duration(config.duration)
{
    stream += AddMembers(config, stream);
    AddLinks(config);
    AddHostRoutes();
    AddGatewayRoutes();
    XfrmHelper helper;
    helper.SetAttribute("Kernel", StringValue(config.kernel));
    helper.SetAttribute("LarvalDrop", BooleanValue(config.useLarvalDrop));
    helper.SetAttribute("SocketCache", BooleanValue(config.useSocketCache));
    const Ptr<XfrmCores> cores = MakeRunCores(config);
    for (uint32_t i = 0; i < m_members.size(); ++i)
    {
        const bool isGateway = i >= m_nHosts && i < m_nHosts + m_nGateways;
        helper.SetAttribute("Cores", PointerValue(isGateway ? cores : nullptr));
        Member& member = m_members[i];
        member.routing = helper.Install(member.node);
        stream += member.routing->AssignStreams(stream);
    }
    for (const IpXfrmText& text : ipXfrm)
    {
        CarryOut(text);
    }
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

uint32_t
RunNetwork::GetCoreAddress(uint32_t gateway, bool isTowardsRight) const
{
    if (gateway == 0 || gateway + 1 == m_nGateways)
    {
        return CORE + (gateway == 0 ? 1 : 2);
    }
    return CORE + 256 * gateway + (isTowardsRight ? 2 : 1);
}

int64_t
RunNetwork::AddMembers(const RunConfig& config, int64_t stream)
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
    return stack.AssignStreams(nodes, stream);
}

void
RunNetwork::AddLinks(const RunConfig& config)
{
    const uint32_t last = m_nHosts + m_nGateways - 1;
    for (uint32_t i = 0; i < m_nHosts; ++i)
    {
        const uint32_t network = GetHostNetwork(LEFT, i);
        Connect({i, network + 2}, {m_nHosts, network + 1}, true, config);
    }
    for (uint32_t i = 0; i < m_nHosts; ++i)
    {
        const uint32_t network = GetHostNetwork(RIGHT, i);
        Connect({last, network + 1}, {last + 1 + i, network + 2}, true, config);
    }
    for (uint32_t i = 0; i + 1 < m_nGateways; ++i)
    {
        Connect({m_nHosts + i, GetCoreAddress(i, true)},
                {m_nHosts + i + 1, GetCoreAddress(i + 1, false)},
                false,
                config);
    }
}

void
RunNetwork::Connect(const End& left, const End& right, bool isEdge, const RunConfig& config)
{
    PointToPointHelper wire;
    wire.DisableFlowControl();
    const uint32_t nPackets = isEdge ? config.edgeQueue : config.coreQueue;
    wire.SetQueue("ns3::DropTailQueue",
                  "MaxSize",
                  QueueSizeValue(QueueSize(QueueSizeUnit::PACKETS, nPackets)));
    wire.SetDeviceAttribute("DataRate", DataRateValue(isEdge ? config.edgeRate : config.coreRate));
    wire.SetDeviceAttribute("Mtu", UintegerValue(isEdge ? config.edgeMtu : config.coreMtu));
    wire.SetChannelAttribute("Delay", TimeValue(isEdge ? config.edgeDelay : config.coreDelay));
    const Member& leftMember = m_members[left.member];
    const Member& rightMember = m_members[right.member];
    const NetDeviceContainer devices = wire.Install(leftMember.node, rightMember.node);
    const uint32_t mask = isEdge ? MASK30 : m_nGateways == 2 ? MASK24 : MASK32;
    AddAddress(devices.Get(0), left.address, mask);
    AddAddress(devices.Get(1), right.address, mask);
    m_links.push_back({leftMember.name + "-" + rightMember.name, devices.Get(0)});
}

void
RunNetwork::WritePackets(const std::filesystem::path& folder) const
{
    PointToPointHelper wire;
    for (const Link& link : m_links)
    {
        wire.EnablePcap((folder / (link.name + ".pcap")).string(), link.left, false, true);
    }
}

void
RunNetwork::AddRoute(uint32_t member, uint32_t network, uint32_t mask, const End& next)
{
    // Links are point to point: the interface is the one whose other end is the next node.
    const auto ipv4 = m_members[member].node->GetObject<Ipv4>();
    for (uint32_t interface = 1; interface < ipv4->GetNInterfaces(); ++interface)
    {
        const Ptr<NetDevice> device = ipv4->GetNetDevice(interface);
        const auto channel = device->GetChannel();
        const Ptr<NetDevice> other = channel->GetDevice(channel->GetDevice(0) == device ? 1 : 0);
        if (other->GetNode() == m_members[next.member].node)
        {
            Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->AddNetworkRouteTo(
                Ipv4Address(network),
                Ipv4Mask(mask),
                Ipv4Address(next.address),
                interface);
        }
    }
}

void
RunNetwork::AddHostRoutes()
{
    const uint32_t last = m_nHosts + m_nGateways - 1;
    for (uint32_t i = 0; i < m_nHosts; ++i)
    {
        AddRoute(i, 0, 0, {m_nHosts, GetHostNetwork(LEFT, i) + 1});
        AddRoute(last + 1 + i, 0, 0, {last, GetHostNetwork(RIGHT, i) + 1});
    }
}

void
RunNetwork::AddGatewayRoutes()
{
    for (uint32_t i = 0; i < m_nGateways; ++i)
    {
        const uint32_t member = m_nHosts + i;
        const End left{member - 1, i > 0 ? GetCoreAddress(i - 1, true) : 0};
        const End right{member + 1, i + 1 < m_nGateways ? GetCoreAddress(i + 1, false) : 0};
        if (i > 0)
        {
            AddRoute(member, LEFT, MASK24, left);
            AddRoute(member, GetCoreAddress(0, true), MASK32, left);
        }
        if (i + 1 < m_nGateways)
        {
            AddRoute(member, RIGHT, MASK24, right);
            AddRoute(member, GetCoreAddress(m_nGateways - 1, false), MASK32, right);
        }
        for (uint32_t other = 1; other + 1 < m_nGateways; ++other)
        {
            if (other != i)
            {
                AddRoute(member, CORE + 256 * other, MASK24, other < i ? left : right);
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
    throw ConfigError(place + ": node " + name + ": must be one of " + names);
}

void
RunNetwork::CarryOut(const Member& member, const IpXfrmCommand& command)
{
    const int32_t error = XfrmHelper::Apply(member.routing, command);
    if (error != 0)
    {
        throw ConfigError(command.position.file + ":" + std::to_string(command.position.line) +
                          ": " + command.verb + " on node " + member.name +
                          " is refused: " + DescribeRefusal(command, error));
    }
}

void
RunNetwork::Try(const Member& member, const IpXfrmCommand& command)
{
    try
    {
        CarryOut(member, command);
    }
    catch (const std::runtime_error&)
    {
        m_failure = std::current_exception();
        Simulator::Stop();
    }
}

void
RunNetwork::CheckCommands() const
{
    if (m_failure)
    {
        std::rethrow_exception(m_failure);
    }
}

void
RunNetwork::CarryOut(const IpXfrmText& text)
{
    const IpXfrmFile& file = text.file;
    const std::string setting = "ip-xfrm " + ToText(file);
    const Member* only = file.node.empty() ? nullptr : &FindMember(file.node, setting);
    size_t nDone = 0;
    for (const IpXfrmCommand& command : IpXfrm::Read(text.text, file.path))
    {
        const std::string place = file.path + ":" + std::to_string(command.position.line);
        const Member* member =
            command.nameSpace.empty() ? only : &FindMember(command.nameSpace, place);
        if (member == nullptr)
        {
            throw ConfigError(place + ": the command names no network namespace: must have "
                                      "ip -n NODE, or give the file as NODE=FILE");
        }
        if (only != nullptr && member != only)
        {
            continue; // a file for several nodes, given to one
        }
        if (command.time >= m_duration)
        {
            throw ConfigError(place + ": " + command.verb + " at " + ToText(command.time) +
                              ": must be before the end of the run, " + ToText(m_duration));
        }
        if (command.time.IsZero())
        {
            CarryOut(*member, command);
        }
        else
        {
            Simulator::Schedule(command.time, [this, member, command] { Try(*member, command); });
        }
        ++nDone;
    }
    if (nDone == 0)
    {
        throw ConfigError(setting + ": must hold ip xfrm commands" +
                          (only ? " for node " + only->name : ""));
    }
}

} // namespace ns3::xfrm
