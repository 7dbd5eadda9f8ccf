/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-helper.h"

#include "xfrm-ip-xfrm-apply.h"

#include "ns3/boolean.h"
#include "ns3/global-value.h"
#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4.h"
#include "ns3/node-list.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "ns3/xfrm-cores.h"

#include <boost/lexical_cast.hpp>
#include <exception>
#include <stdexcept>

namespace ns3
{

XfrmHelper::XfrmHelper()
    : m_factory("ns3::XfrmRouting")
{
}

void
XfrmHelper::SetAttribute(const std::string& name, const AttributeValue& value)
{
    m_factory.Set(name, value);
}

void
XfrmHelper::SetCores(uint32_t count, const std::string& profile)
{
    Ptr<XfrmCores> cores;
    if (count > 0)
    {
        cores = CreateObjectWithAttributes<XfrmCores>("Count",
                                                      UintegerValue(count),
                                                      "CostProfile",
                                                      StringValue(profile));
    }
    m_factory.Set("Cores", PointerValue(cores));
}

Ptr<XfrmRouting>
XfrmHelper::Install(Ptr<Node> node) const
{
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    NS_ABORT_MSG_UNLESS(ipv4 && ipv4->GetRoutingProtocol(),
                        "XfrmHelper: node " << node->GetId()
                                            << " must have its IP stack before IPsec");
    NS_ABORT_MSG_IF(GetRouting(node), "XfrmHelper: node " << node->GetId() << " has IPsec already");
    const auto routing = m_factory.Create<XfrmRouting>();
    routing->Wrap(ipv4->GetRoutingProtocol(), XfrmRouting::Attachment::Attached);
    ipv4->SetRoutingProtocol(routing);
    return routing;
}

void
XfrmHelper::Install(const NodeContainer& nodes) const
{
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        Install(*node);
    }
}

Ptr<XfrmRouting>
XfrmHelper::GetRouting(Ptr<Node> node)
{
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    return ipv4 ? DynamicCast<XfrmRouting>(ipv4->GetRoutingProtocol()) : nullptr;
}

Ptr<XfrmKeyManager>
XfrmHelper::InstallKeyManager(const NodeContainer& nodes)
{
    const auto manager = CreateObject<XfrmKeyManager>();
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        manager->Attach(*node);
    }
    return manager;
}

int32_t
XfrmHelper::Apply(const Ptr<XfrmRouting>& routing,
                  const xfrm::IpXfrmCommand& command,
                  std::ostream* listing)
{
    xfrm::Work work; // an administrator's, priced by nobody
    const xfrm::Context context{0, Simulator::Now(), work};
    xfrm::Namespace& space = routing->GetNamespace();
    if (!listing)
    {
        return xfrm::Apply(command, space, GetDeviceIndex, context);
    }
    const xfrm::IpXfrmOutput output{*listing, GetDeviceName};
    return xfrm::Apply(command, space, GetDeviceIndex, context, &output);
}

void
XfrmHelper::CarryOut(const Ptr<XfrmRouting>& routing,
                     const xfrm::IpXfrmCommand& command,
                     std::ostream* listing)
{
    if (const int32_t error = Apply(routing, command, listing); error != 0)
    {
        throw std::invalid_argument(command.position.file + ':' +
                                    std::to_string(command.position.line) + ": " + command.verb +
                                    " is refused: " + xfrm::DescribeRefusal(command, error));
    }
}

int32_t
XfrmHelper::GetDeviceIndex(const std::string& name)
{
    uint16_t number = 0;
    if (name == "lo")
    {
        return 1;
    }
    const bool isNumbered = name.starts_with("eth") && name.size() < 8 &&
                            boost::conversion::try_lexical_convert(name.substr(3), number);
    return isNumbered ? number + 2 : 0;
}

std::string
XfrmHelper::GetDeviceName(int32_t index)
{
    return index == 1 ? "lo" : "eth" + std::to_string(index - 2);
}

void
XfrmHelper::Configure(const Ptr<Node>& node, const std::string& commands)
{
    const Ptr<XfrmRouting> routing = GetRouting(node);
    NS_ABORT_MSG_UNLESS(routing, "XfrmHelper: node " << node->GetId() << " must have IPsec");
    for (const xfrm::IpXfrmCommand& command : xfrm::IpXfrm::Read(commands, "commands"))
    {
        if (command.time <= Simulator::Now())
        {
            CarryOut(routing, command);
            continue;
        }
        Simulator::Schedule(command.time - Simulator::Now(), [routing, command] {
            try
            {
                CarryOut(routing, command);
            }
            catch (const std::exception& error)
            {
                NS_ABORT_MSG(error.what());
            }
        });
    }
}

void
XfrmHelper::SetSocketPolicy(const Ptr<Socket>& socket, const std::string& policy)
{
    const Ptr<XfrmRouting> routing = GetRouting(socket->GetNode());
    NS_ABORT_MSG_UNLESS(routing, "XfrmHelper: the socket's node must have IPsec");
    SetSocketPolicy(routing, GetEndpoint(socket), policy);
}

void
XfrmHelper::SetSocketPolicy(const Ptr<XfrmRouting>& routing,
                            const xfrm::SocketEndpoint& socket,
                            const std::string& policy)
{
    const auto commands = xfrm::IpXfrm::Read("policy add " + policy, "policy");
    const auto* const add = std::get_if<xfrm::PolicyAdd>(&commands.front().action);
    if (commands.size() != 1 || !add)
    {
        throw std::invalid_argument("policy of a socket: must be one policy, in a line");
    }
    if (add->device)
    {
        throw xfrm::IpXfrmError(add->device->position,
                                add->device->name,
                                "policies of sockets must not name a device");
    }
    const int32_t error =
        routing->GetNamespace().SetSocketPolicy(socket, add->config, Simulator::Now());
    if (error != 0)
    {
        throw std::invalid_argument(std::string("policy of a socket is refused: ") +
                                    xfrm::error::GetName(error) +
                                    ": it must have dir in or out, and ptype main");
    }
}

xfrm::SocketEndpoint
XfrmHelper::GetEndpoint(const Ptr<Socket>& socket)
{
    xfrm::SocketEndpoint ends;
    Address address;
    if (socket->GetSockName(address) == 0 && InetSocketAddress::IsMatchingType(address))
    {
        const auto local = InetSocketAddress::ConvertFrom(address);
        ends.localAddress = local.GetIpv4();
        ends.localPort = local.GetPort();
    }
    if (socket->GetPeerName(address) == 0 && InetSocketAddress::IsMatchingType(address))
    {
        const auto remote = InetSocketAddress::ConvertFrom(address);
        ends.remoteAddress = remote.GetIpv4();
        ends.remotePort = remote.GetPort();
    }
    if (socket->GetSocketType() == Socket::NS3_SOCK_RAW)
    {
        UintegerValue protocol;
        socket->GetAttribute("Protocol", protocol);
        ends.proto = static_cast<uint8_t>(protocol.Get());
        ends.localPort = 0;
        ends.remotePort = 0;
    }
    else
    {
        ends.proto =
            socket->GetSocketType() == Socket::NS3_SOCK_STREAM ? xfrm::PROTO_TCP : xfrm::PROTO_UDP;
    }
    return ends;
}

void
XfrmHelper::UseRealBytes()
{
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
    {
        const Ptr<XfrmRouting> routing = GetRouting(*node);
        if (routing && routing->GetCrypto() == XfrmRouting::CRYPTO_AUTO)
        {
            routing->SetCrypto(XfrmRouting::CRYPTO_REAL);
        }
    }
}

void
XfrmHelper::EnablePcap(const std::string& prefix, const NodeContainer& nodes)
{
    UseRealBytes();
    InternetStackHelper().EnablePcapIpv4(prefix, nodes);
}

uint32_t
XfrmHelper::FitSegmentSize(const Ptr<Socket>& socket, const InetSocketAddress& remote)
{
    constexpr uint32_t HEADER_BYTES{40};    // of IP and TCP
    constexpr uint32_t TIMESTAMP_BYTES{12}; // of TCP's option, with its padding
    const Ptr<XfrmRouting> routing = GetRouting(socket->GetNode());
    NS_ABORT_MSG_UNLESS(routing, "XfrmHelper: the socket's node must have IPsec");
    xfrm::SocketEndpoint ends = GetEndpoint(socket);
    ends.remoteAddress = remote.GetIpv4();
    ends.remotePort = remote.GetPort();
    BooleanValue hasTimestamps;
    socket->GetAttribute("Timestamp", hasTimestamps);
    UintegerValue present;
    socket->GetAttribute("SegmentSize", present);
    const uint32_t headers = HEADER_BYTES + (hasTimestamps.Get() ? TIMESTAMP_BYTES : 0);
    const uint32_t mtu = routing->GetPathMtu(ends);
    if (mtu > headers && mtu - headers < present.Get())
    {
        present.Set(mtu - headers);
        socket->SetAttribute("SegmentSize", present);
    }
    return static_cast<uint32_t>(present.Get());
}

int64_t
XfrmHelper::AssignStreams(const NodeContainer& nodes, int64_t stream)
{
    int64_t nUsed = 0;
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        if (const Ptr<XfrmRouting> routing = GetRouting(*node))
        {
            nUsed += routing->AssignStreams(stream + nUsed);
        }
    }
    return nUsed;
}

} // namespace ns3
