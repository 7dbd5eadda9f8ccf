/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-scenario-hosts.h"

#include "ns3/boolean.h"
#include "ns3/icmpv4.h"
#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/tcp-header.h"
#include "ns3/udp-header.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"
#include "ns3/xfrm-helper.h"
#include "ns3/xfrm-ip-xfrm-apply.h"
#include "ns3/xfrm-mark-tag.h"

#include <algorithm>
#include <cstring>
#include <sstream>

namespace ns3::xfrm::conformance
{

namespace
{

using nlohmann::json;

/// From a packet to the next.  The recordings say at least 120 ms; what they show of the hold
/// queue's timer, which fires after 100, 300 and 700 ms, leaves 150 to 300 ms.
const Time PACKET_SPACING{MilliSeconds(200)};
constexpr uint32_t PAYLOAD_BYTES{10}; //!< what packets carry [bytes]
constexpr uint32_t B0{1};             //!< interface of psA towards psB
constexpr uint32_t C0{2};             //!< interface of psA towards psC

/// @return index of one of psA's devices; 0 for others
int32_t
FindDevice(const std::string& name)
{
    static const std::map<std::string, int32_t> devices{{"lo", 1}, {"b0", B0 + 1}, {"c0", C0 + 1}};
    const auto found = devices.find(name);
    return found == devices.end() ? 0 : found->second;
}

/// @return an address as text
std::string
Print(const IpAddress& address)
{
    std::ostringstream text;
    text << address.GetIpv4();
    return text.str();
}

/// @return "SOURCE:PORT>DESTINATION:PORT"
template <class TransportHeader>
std::string
DescribePorts(const Ipv4Header& header, const Packet& packet)
{
    TransportHeader transport;
    packet.PeekHeader(transport);
    std::ostringstream text;
    text << header.GetSource() << ":" << transport.GetSourcePort() << ">" << header.GetDestination()
         << ":" << transport.GetDestinationPort();
    return text.str();
}

/// @return a packet as the recordings write it
std::string
Describe(const Ptr<const Packet>& packet)
{
    const Ptr<Packet> rest = packet->Copy();
    Ipv4Header header;
    rest->RemoveHeader(header);
    std::ostringstream text;
    switch (header.GetProtocol())
    {
    case PROTO_UDP:
        text << "udp:" << DescribePorts<UdpHeader>(header, *rest);
        break;
    case PROTO_TCP:
        text << "tcp:" << DescribePorts<TcpHeader>(header, *rest);
        break;
    case PROTO_ICMP: {
        Icmpv4Header icmp;
        rest->PeekHeader(icmp);
        text << "icmp:" << +icmp.GetType() << "/" << +icmp.GetCode() << " " << header.GetSource()
             << ">" << header.GetDestination();
        break;
    }
    case PROTO_ESP: {
        std::array<uint8_t, 4> spi{};
        rest->CopyData(spi.data(), spi.size());
        text << "esp:0x" << std::hex << (spi[0] << 24 | spi[1] << 16 | spi[2] << 8 | spi[3]);
        break;
    }
    default:
        text << "proto " << +header.GetProtocol();
    }
    return text.str();
}

/// @brief Give a node one more interface address.
void
AddAddress(const Ptr<Ipv4>& ipv4, uint32_t interface, const char* address)
{
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, "255.255.255.0"));
}

} // namespace

ScenarioHosts::ScenarioHosts(const Scenario& scenario)
    : m_isHeard(scenario.isHeard)
{
    m_nodes.Create(3);
    InternetStackHelper().Install(m_nodes);
    Connect();
    XfrmHelper helper;
    helper.SetAttribute("LarvalDrop", BooleanValue(scenario.useLarvalDrop));
    helper.Install(m_nodes);
    m_routing = XfrmHelper::GetRouting(m_nodes.Get(0));
    m_routing->GetNamespace().AddKeyManager(*this);
    Watch();
    Simulator::Stop(MilliSeconds(1)); // nodes start up
    Simulator::Run();
}

ScenarioHosts::~ScenarioHosts()
{
    m_routing->GetNamespace().RemoveKeyManager(*this);
    Simulator::Destroy();
}

void
ScenarioHosts::Connect()
{
    const std::array<Ptr<Ipv4>, 3> ipv4{m_nodes.Get(0)->GetObject<Ipv4>(),
                                        m_nodes.Get(1)->GetObject<Ipv4>(),
                                        m_nodes.Get(2)->GetObject<Ipv4>()};
    const std::array<std::vector<const char*>, 3> addresses{
        std::vector{"10.9.0.1", "10.9.0.11"},
        std::vector{"10.9.0.2", "10.9.0.3", "10.9.0.4", "10.9.0.130"},
        std::vector{"10.9.2.2"}};
    for (uint32_t peer : {1, 2})
    {
        const NetDeviceContainer link =
            PointToPointHelper().Install(m_nodes.Get(0), m_nodes.Get(peer));
        const uint32_t near = ipv4[0]->AddInterface(link.Get(0));
        const uint32_t far = ipv4[peer]->AddInterface(link.Get(1));
        const std::vector<const char*> ours = peer == 1 ? addresses[0] : std::vector{"10.9.2.1"};
        for (const char* address : ours)
        {
            AddAddress(ipv4[0], near, address);
        }
        for (const char* address : addresses[peer])
        {
            AddAddress(ipv4[peer], far, address);
        }
        ipv4[0]->SetUp(near);
        ipv4[peer]->SetUp(far);
        Ipv4StaticRoutingHelper().GetStaticRouting(ipv4[peer])->SetDefaultRoute(ours[0], far);
    }
}

void
ScenarioHosts::Watch()
{
    using Seen = Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>;
    const auto see = [this](uint32_t node, const char* trace, auto function) {
        m_nodes.Get(node)->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            trace,
            Seen([this, function](const Ptr<const Packet>& packet,
                                  const Ptr<Ipv4>& /*ipv4*/,
                                  uint32_t interface) { (this->*function)(packet, interface); }));
    };
    see(0, "Tx", &ScenarioHosts::SeeLeave);
    see(0, "Rx", &ScenarioHosts::SeeArrive);
    see(2, "Rx", &ScenarioHosts::SeeReturn);
    m_routing->TraceConnectWithoutContext(
        "SendVerdict",
        Callback<void, Ptr<const Packet>, const Ipv4Header&, const std::string&>(
            [this](const Ptr<const Packet>& /*packet*/,
                   const Ipv4Header& /*header*/,
                   const std::string& verdict) { m_verdict = m_verdict.value_or(verdict); }));
}

void
ScenarioHosts::SeeLeave(const Ptr<const Packet>& packet, uint32_t interface)
{
    if (interface == B0)
    {
        m_left.push_back(Describe(packet));
    }
}

void
ScenarioHosts::SeeArrive(const Ptr<const Packet>& packet, uint32_t interface)
{
    if (interface == B0)
    {
        m_arrived.push_back(Describe(packet));
    }
}

void
ScenarioHosts::SeeReturn(const Ptr<const Packet>& packet, uint32_t /*interface*/)
{
    if (const std::string text = Describe(packet); text.starts_with("icmp:"))
    {
        m_returned.push_back(text);
    }
}

bool
ScenarioHosts::IsListening() const
{
    return m_isHeard;
}

int32_t
ScenarioHosts::Acquire(const Ptr<State>& larval,
                       const Template& /*wanted*/,
                       const Ptr<Policy>& policy)
{
    const StateConfig& config = larval->GetConfig();
    const Selector& selector = config.selector;
    m_acquires.push_back({{"daddr", Print(config.id.destination)},
                          {"saddr", Print(config.source)},
                          {"proto", config.id.proto},
                          {"sel_dst", Print(selector.destination)},
                          {"sel_src", Print(selector.source)},
                          {"sel_plen_d", selector.destinationPrefix},
                          {"sel_plen_s", selector.sourcePrefix},
                          {"sel_dport", selector.destinationPort},
                          {"sel_sport", selector.sourcePort},
                          {"sel_proto", selector.proto},
                          {"policy", GetName(*policy)}});
    return 0;
}

void
ScenarioHosts::NotifyPolicyExpiry(const Ptr<Policy>& /*policy*/, bool /*isHard*/)
{
}

void
ScenarioHosts::NotifyExpiry(const Ptr<State>& /*state*/, StateExpiry /*expiry*/)
{
}

json
ScenarioHosts::CarryOut(const std::string& command)
{
    Work work; // an administrator's
    std::ostringstream listing;
    const IpXfrmOutput output{listing, {}};
    try
    {
        const auto commands = IpXfrm::Read(command, "command");
        const int32_t error = Apply(commands.at(0),
                                    m_routing->GetNamespace(),
                                    FindDevice,
                                    {0, Simulator::Now(), work},
                                    &output);
        NamePolicies();
        if (error == 0)
        {
            return {{"rc", 0}};
        }
        return {{"rc", 2}, {"err", std::string("RTNETLINK answers: ") + std::strerror(-error)}};
    }
    catch (const IpXfrmError& error)
    {
        return {{"rc", 255}, {"err", error.what()}}; // what ip itself refuses
    }
}

/// Policies are p1, p2, ... in the order of being added; one that is updated keeps index and name.
void
ScenarioHosts::NamePolicies()
{
    const auto policies = m_routing->GetNamespace().GetPolicies().GetAll();
    std::erase_if(m_names, [&](const auto& name) {
        return std::none_of(policies.begin(), policies.end(), [&](const auto& policy) {
            return policy->GetIndex() == name.first;
        });
    });
    for (auto policy = policies.rbegin(); policy != policies.rend(); ++policy)
    {
        if (!m_names.contains((*policy)->GetIndex()))
        {
            m_names[(*policy)->GetIndex()] = "p" + std::to_string(++m_nNamed);
        }
    }
}

/// @return name of a policy; that of a socket has none
json
ScenarioHosts::GetName(const Policy& policy) const
{
    const auto name = m_names.find(policy.GetIndex());
    return name == m_names.end() ? json() : json(name->second);
}

json
ScenarioHosts::List() const
{
    json names = json::array();
    for (const auto& policy : m_routing->GetNamespace().GetPolicies().GetAll())
    {
        names.push_back(GetName(*policy));
    }
    return names;
}

/// @return names of the policies of which a use is noted, as listed
json
ScenarioHosts::ListUsed() const
{
    json names = json::array();
    for (const auto& policy : m_routing->GetNamespace().GetPolicies().GetAll())
    {
        if (policy->GetUse().useTime != 0 && !GetName(*policy).is_null())
        {
            names.push_back(GetName(*policy));
        }
    }
    return names;
}

Ptr<Socket>
ScenarioHosts::Receive(const ScenarioPacket& packet)
{
    const Ptr<Node> node = m_nodes.Get(packet.via == Via::In ? 0 : 1);
    const auto socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), packet.destinationPort));
    socket->SetRecvCallback(Callback<void, Ptr<Socket>>([this](Ptr<Socket> receiver) {
        receiver->Recv();
        m_isDelivered = true;
    }));
    for (const std::string& policy : packet.peerPolicies)
    {
        XfrmHelper::SetSocketPolicy(socket, policy);
    }
    return socket;
}

/// A raw socket sends TCP's SYN: a TCP socket would go on, and have more to say when it is closed.
Ptr<Socket>
ScenarioHosts::MakeSocket(const ScenarioPacket& packet) const
{
    const bool isUdp = packet.proto == "udp";
    const auto socket = Socket::CreateSocket(GetSender(packet),
                                             isUdp ? UdpSocketFactory::GetTypeId()
                                                   : Ipv4RawSocketFactory::GetTypeId());
    if (!isUdp)
    {
        socket->SetAttribute("Protocol", UintegerValue(FindEnds(packet).proto));
    }
    socket->Bind(InetSocketAddress(Ipv4Address(packet.source.c_str()), packet.sourcePort));
    return socket;
}

Ptr<Node>
ScenarioHosts::GetSender(const ScenarioPacket& packet) const
{
    return m_nodes.Get(packet.via == Via::Out ? 0 : packet.via == Via::In ? 1 : 2);
}

/// @return ends of the packet's socket, once it is connected
SocketEndpoint
ScenarioHosts::FindEnds(const ScenarioPacket& packet)
{
    static const std::map<std::string, uint8_t> protocols{{"udp", PROTO_UDP},
                                                          {"tcp", PROTO_TCP},
                                                          {"icmp", PROTO_ICMP}};
    const bool hasPorts = packet.proto != "icmp";
    SocketEndpoint ends;
    ends.proto = protocols.at(packet.proto);
    ends.localAddress = Ipv4Address(packet.source.c_str());
    ends.localPort = hasPorts ? packet.sourcePort : 0;
    ends.remoteAddress = Ipv4Address(packet.destination.c_str());
    ends.remotePort = hasPorts ? packet.destinationPort : 0;
    return ends;
}

/// @return the packet, its transport header included unless its socket adds that
Ptr<Packet>
ScenarioHosts::MakePacket(const ScenarioPacket& packet) const
{
    const auto made = Create<Packet>(packet.proto == "tcp" ? 0 : PAYLOAD_BYTES);
    if (packet.proto == "icmp")
    {
        Icmpv4Header header;
        header.SetType(packet.type);
        header.SetCode(packet.code);
        header.EnableChecksum();
        made->AddHeader(header);
    }
    else if (packet.proto == "tcp")
    {
        TcpHeader header;
        header.SetSourcePort(packet.sourcePort);
        header.SetDestinationPort(packet.destinationPort);
        header.SetFlags(TcpHeader::SYN);
        made->AddHeader(header);
    }
    XfrmMarkTag::Set(*made, *GetSender(packet), packet.mark);
    return made;
}

/// @return what connect() or sendto() returns, by name
std::string
ScenarioHosts::SendBy(const Ptr<Socket>& socket, const ScenarioPacket& packet)
{
    const InetSocketAddress peer(Ipv4Address(packet.destination.c_str()), packet.destinationPort);
    const Ptr<XfrmRouting> routing = XfrmHelper::GetRouting(socket->GetNode());
    Ipv4Header header;
    header.SetDestination(peer.GetIpv4());
    Socket::SocketErrno ignored = Socket::ERROR_NOTERROR;
    if (!routing->RouteOutput(nullptr, header, nullptr, ignored))
    {
        return error::GetName(error::NETUNREACH); // sockets of ns-3 report success
    }
    const bool isTcp = packet.proto == "tcp";
    if (packet.isConnected && !isTcp)
    {
        socket->Connect(peer);
    }
    if (packet.isConnected || isTcp)
    {
        const int32_t error = routing->Connect(FindEnds(packet), packet.mark);
        if (error != 0)
        {
            return error::GetName(error);
        }
    }
    m_verdict.reset();
    socket->SendTo(MakePacket(packet), 0, peer);
    return isTcp ? "EINPROGRESS" : m_verdict.value_or(error::GetName(0));
}

/// @brief A socket goes, with its policies.
void
ScenarioHosts::Close(const Ptr<Socket>& socket, const SocketEndpoint& ends)
{
    XfrmHelper::GetRouting(socket->GetNode())->CloseSocket(ends);
    socket->Close();
}

json
ScenarioHosts::Play(const ScenarioPacket& packet)
{
    const Statistics before = m_routing->GetNamespace().GetStatistics();
    const json usedBefore = ListUsed();
    m_left = m_arrived = m_returned = m_acquires = json::array();
    m_isDelivered = false;

    const Ptr<Socket> receiver = Receive(packet);
    const Ptr<Socket> sender = MakeSocket(packet);
    const bool hasConnection = packet.isConnected || packet.proto == "tcp";
    const SocketEndpoint ends = hasConnection ? FindEnds(packet) : FindEnds(packet).Disconnected();
    for (const std::string& policy : packet.policies)
    {
        XfrmHelper::SetSocketPolicy(XfrmHelper::GetRouting(sender->GetNode()),
                                    ends.Disconnected(),
                                    policy);
    }
    json seen;
    seen["send"] = SendBy(sender, packet);
    Simulator::Stop(PACKET_SPACING);
    Simulator::Run();
    Report(packet, before, usedBefore, seen);
    Close(sender, ends);
    Close(receiver, XfrmHelper::GetEndpoint(receiver));
    return seen;
}

void
ScenarioHosts::Report(const ScenarioPacket& packet,
                      const Statistics& before,
                      const json& usedBefore,
                      json& seen) const
{
    const Statistics& now = m_routing->GetNamespace().GetStatistics();
    seen["delivered"] = m_isDelivered;
    seen["on_wire"] = packet.via == Via::In ? m_arrived : m_left;
    seen["icmp_back"] = m_returned;
    seen["acquire"] = m_acquires;
    seen["in_use"] = ListUsed();
    seen["use_set"] = json::array();
    for (const json& name : seen["in_use"])
    {
        if (std::find(usedBefore.begin(), usedBefore.end(), name) == usedBefore.end())
        {
            seen["use_set"].push_back(name);
        }
    }
    seen["stat_delta"] = json::object();
    for (size_t i = 0; i < Statistics::N_COUNTERS; ++i)
    {
        const auto counter = static_cast<Counter>(i);
        if (const uint64_t moved = now.Get(counter) - before.Get(counter))
        {
            seen["stat_delta"][Statistics::GetLabel(counter)] = moved;
        }
    }
}

} // namespace ns3::xfrm::conformance
