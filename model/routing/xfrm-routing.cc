/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-routing.h"

#include "xfrm-fragmenter.h"

#include "ns3/boolean.h"
#include "ns3/enum.h"
#include "ns3/icmpv4-l4-protocol.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("XfrmRouting");

NS_OBJECT_ENSURE_REGISTERED(XfrmRouting);

namespace
{

/**
 * @param protocol protocol of a packet of this host
 * @return whether the packet is whole when it is routed
 *
 * Raw sockets route what they send as it is.  UDP, TCP and ICMP add their headers later, and of
 * what raw sockets send by these protocols there is no telling.
 */
bool
IsWholeWhenRouted(uint8_t protocol)
{
    return protocol != xfrm::PROTO_UDP && protocol != xfrm::PROTO_TCP &&
           protocol != xfrm::PROTO_ICMP;
}

/// @return whether a node has a device that is one of the host that simulates
bool
HasRealDevice(const Node& node)
{
    constexpr std::array<std::string_view, 4> REAL{"ns3::FdNetDevice",
                                                   "ns3::TapBridge",
                                                   "ns3::NetmapNetDevice",
                                                   "ns3::DpdkNetDevice"};
    for (uint32_t i = 0; i < node.GetNDevices(); ++i)
    {
        const std::string type = node.GetDevice(i)->GetInstanceTypeId().GetName();
        if (std::find(REAL.begin(), REAL.end(), type) != REAL.end())
        {
            return true;
        }
    }
    return false;
}

/// @return the header of a packet as Ipv4L3Protocol will complete it
Ipv4Header
Complete(const Ipv4Header& header, const Packet& packet, const Ipv4Route& route)
{
    Ipv4Header whole = header;
    if (header.GetSource().IsAny())
    {
        whole.SetSource(route.GetSource());
    }
    SocketIpTosTag tos;
    if (packet.PeekPacketTag(tos))
    {
        whole.SetTos(tos.GetTos());
    }
    return whole;
}

/// @return the socket error that is nearest to one of the kernel's
Socket::SocketErrno
ToSocketErrno(int32_t error)
{
    switch (error)
    {
    case 0:
        return Socket::ERROR_NOTERROR;
    case xfrm::error::AGAIN:
        return Socket::ERROR_AGAIN;
    case xfrm::error::INVAL:
        return Socket::ERROR_INVAL;
    default:
        return Socket::ERROR_NOROUTETOHOST; // ns-3 has no EPERM
    }
}

} // namespace

TypeId
XfrmRouting::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::XfrmRouting")
            .SetParent<Ipv4ListRouting>()
            .SetGroupName("Xfrm")
            .AddConstructor<XfrmRouting>()
            .AddAttribute(
                "LarvalDrop",
                "Drop packets silently while a state is awaited, else refuse them with "
                "EAGAIN (net.core.xfrm_larval_drop)",
                BooleanValue(true),
                MakeBooleanAccessor(&XfrmRouting::SetLarvalDrop, &XfrmRouting::GetLarvalDrop),
                MakeBooleanChecker())
            .AddAttribute("NoPmtuDisc",
                          "New states send without DF (net.ipv4.ip_no_pmtu_disc); set before "
                          "installation",
                          BooleanValue(false),
                          MakeBooleanAccessor(&XfrmRouting::m_hasNoPmtuDisc),
                          MakeBooleanChecker())
            .AddAttribute("DefaultTtl",
                          "TTL of outer headers, 1 to 255 (net.ipv4.ip_default_ttl); set before "
                          "installation",
                          UintegerValue(64),
                          MakeUintegerAccessor(&XfrmRouting::m_defaultTtl),
                          MakeUintegerChecker<uint8_t>(1))
            .AddAttribute(
                "GcThreshold",
                "Dst entries of chains above which flow caches are flushed; twice as many "
                "are the most (net.ipv4.xfrm4_gc_thresh); set before installation",
                UintegerValue(32768),
                MakeUintegerAccessor(&XfrmRouting::m_gcThreshold),
                MakeUintegerChecker<uint32_t>())
            .AddAttribute("Epoch",
                          "Wall clock at simulation time 0 in seconds since 1970, from 1, since "
                          "Linux takes 0 for never; set before installation",
                          UintegerValue(1434931200),
                          MakeUintegerAccessor(&XfrmRouting::m_epoch),
                          MakeUintegerChecker<uint64_t>(1))
            .AddAttribute("WorkDelay",
                          "Time from asking for a work item (gc, flush, growth of tables) until it "
                          "runs; set before installation",
                          TimeValue(MicroSeconds(10)),
                          MakeTimeAccessor(&XfrmRouting::m_workDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("SocketCache",
                          "TCP and connected UDP sockets keep their chains (sk_dst_cache); set "
                          "before installation",
                          BooleanValue(true),
                          MakeBooleanAccessor(&XfrmRouting::m_useSocketCache),
                          MakeBooleanChecker())
            .AddAttribute("PathMtuDiscovery",
                          "Of packets of this host whose sockets do not say: Linux has Want "
                          "(IP_MTU_DISCOVER), nodes of ns-3 are Dont; set before installation",
                          EnumValue(static_cast<int>(xfrm::PathMtuDiscovery::Dont)),
                          MakeEnumAccessor(&XfrmRouting::m_discovery),
                          MakeEnumChecker(static_cast<int>(xfrm::PathMtuDiscovery::Dont),
                                          "Dont",
                                          static_cast<int>(xfrm::PathMtuDiscovery::Want),
                                          "Want",
                                          static_cast<int>(xfrm::PathMtuDiscovery::Do),
                                          "Do",
                                          static_cast<int>(xfrm::PathMtuDiscovery::Probe),
                                          "Probe",
                                          static_cast<int>(xfrm::PathMtuDiscovery::Omit),
                                          "Omit"))
            .AddAttribute("ForwardUsePmtu",
                          "Hold what is forwarded against the path MTU instead of the device's "
                          "(net.ipv4.ip_forward_use_pmtu); set before installation",
                          BooleanValue(false),
                          MakeBooleanAccessor(&XfrmRouting::m_forwardsByPathMtu),
                          MakeBooleanChecker())
            .AddAttribute(
                "Crypto",
                "Bytes of packets: Real, Sizes (only lengths are right), or Auto: real "
                "if the node has a device of the host that simulates",
                EnumValue(CRYPTO_AUTO),
                MakeEnumAccessor(&XfrmRouting::SetCrypto, &XfrmRouting::GetCrypto),
                MakeEnumChecker(CRYPTO_AUTO, "Auto", CRYPTO_REAL, "Real", CRYPTO_SIZES, "Sizes"))
            .AddAttribute("RandomIv",
                          "Draw initialisation vectors, else they are the sequence number; set "
                          "before installation",
                          BooleanValue(false),
                          MakeBooleanAccessor(&XfrmRouting::m_hasRandomIvs),
                          MakeBooleanChecker())
            .AddAttribute("Cores",
                          "Cores that work on packets, an XfrmCores; null: all work takes no time; "
                          "set before installation",
                          PointerValue(),
                          MakePointerAccessor(&XfrmRouting::m_coreSettings),
                          MakePointerChecker<XfrmCores>())
            .AddTraceSource("Lookup",
                            "Output decided on a packet",
                            MakeTraceSourceAccessor(&XfrmRouting::m_lookupTrace),
                            "ns3::xfrm::IpsecTraces::LookupCallback")
            .AddTraceSource("FlowCacheShrink",
                            "A core's flow cache was shrunk",
                            MakeTraceSourceAccessor(&XfrmRouting::m_shrinkTrace),
                            "ns3::xfrm::IpsecTraces::EvictionCallback")
            .AddTraceSource("FlowCacheReseed",
                            "A core's flow cache drew a new seed and dropped all entries",
                            MakeTraceSourceAccessor(&XfrmRouting::m_reseedTrace),
                            "ns3::xfrm::IpsecTraces::EvictionCallback")
            .AddTraceSource("BundleCreated",
                            "A chain was built",
                            MakeTraceSourceAccessor(&XfrmRouting::m_bundleTrace),
                            "ns3::xfrm::IpsecTraces::BundleCallback")
            .AddTraceSource("Transformed",
                            "A packet went through its chain and leaves",
                            MakeTraceSourceAccessor(&XfrmRouting::m_transformTrace),
                            "ns3::xfrm::IpsecTraces::TransformCallback")
            .AddTraceSource("Dropped",
                            "IPsec dropped a packet",
                            MakeTraceSourceAccessor(&XfrmRouting::m_dropTrace),
                            "ns3::xfrm::IpsecTraces::DropCallback")
            .AddTraceSource("RingDropped",
                            "A packet was lost in front of a full receive queue",
                            MakeTraceSourceAccessor(&XfrmRouting::m_ringDropTrace),
                            "ns3::xfrm::IpsecTraces::RingDropCallback")
            .AddTraceSource("Acquire",
                            "A state is wanted: key managers are asked",
                            MakeTraceSourceAccessor(&XfrmRouting::m_acquireTrace),
                            "ns3::xfrm::IpsecTraces::AcquireCallback")
            .AddTraceSource("StateExpired",
                            "A state reached a soft or hard limit",
                            MakeTraceSourceAccessor(&XfrmRouting::m_expireTrace),
                            "ns3::xfrm::IpsecTraces::ExpireCallback")
            .AddTraceSource("PolicyExpired",
                            "A policy reached a soft or hard limit of time",
                            MakeTraceSourceAccessor(&XfrmRouting::m_policyExpireTrace),
                            "ns3::xfrm::IpsecTraces::PolicyExpireCallback")
            .AddTraceSource("MappingChanged",
                            "Packets of a state come from another address or UDP port than it says",
                            MakeTraceSourceAccessor(&XfrmRouting::m_mappingTrace),
                            "ns3::xfrm::IpsecTraces::MappingCallback")
            .AddTraceSource("SendVerdict",
                            "What the kernel's sendto() would have returned to a packet's sender",
                            MakeTraceSourceAccessor(&XfrmRouting::m_verdictTrace),
                            "ns3::xfrm::IpsecTraces::VerdictCallback");
    return tid;
}

XfrmRouting::XfrmRouting()
    : m_forwardHere([this](const Ptr<Ipv4Route>& route,
                           const Ptr<const Packet>& packet,
                           const Ipv4Header& header) { Forward(route, packet, header); }),
      m_deliverHere([this](const Ptr<const Packet>& packet,
                           const Ipv4Header& header,
                           uint32_t interface) { Deliver(packet, header, interface); }),
      m_multicastHere([this](const Ptr<Ipv4MulticastRoute>& route,
                             const Ptr<const Packet>& packet,
                             const Ipv4Header& header) { Multicast(route, packet, header); }),
      m_refuseHere([this](const Ptr<const Packet>& packet,
                          const Ipv4Header& header,
                          Socket::SocketErrno error) { Refuse(packet, header, error); })
{
}

XfrmRouting::~XfrmRouting() = default;

void
XfrmRouting::DoInitialize()
{
    m_wrapped->Initialize();
    ApplyCrypto(m_crypto); // devices are there now
    // The base class would initialize members of its own, and has none.
    Ipv4ListRouting::DoInitialize();
}

void
XfrmRouting::DoDispose()
{
    m_forwardHere.Nullify();
    m_forwardByIp.Nullify();
    m_deliverHere.Nullify();
    m_deliverByIp.Nullify();
    m_multicastHere.Nullify();
    m_multicastByIp.Nullify();
    m_refuseHere.Nullify();
    m_refuseByIp.Nullify();
    for (const Ptr<XfrmIpsecProtocol>& protocol : m_protocols)
    {
        protocol->LetGo();
    }
    m_protocols.clear();
    m_reassembly.reset();
    m_hook = nullptr;
    m_other.reset();
    m_ipsec.reset();
    m_cores.reset();
    m_coreSettings = nullptr;
    m_seeds = nullptr;
    m_ivs = nullptr;
    m_diversion.reset();
    m_loopback = nullptr;
    m_wrappedList = nullptr;
    m_wrapped = nullptr;
    m_ipv4 = nullptr;
    Ipv4ListRouting::DoDispose();
}

void
XfrmRouting::Wrap(const Ptr<Ipv4RoutingProtocol>& wrapped, Attachment attachment)
{
    NS_LOG_FUNCTION(this << wrapped);
    NS_ABORT_MSG_UNLESS(wrapped, "XfrmRouting: there must be a routing protocol to wrap");
    NS_ABORT_MSG_IF(m_wrapped, "XfrmRouting: a routing protocol is wrapped already");
    m_wrapped = wrapped;
    m_wrappedList = DynamicCast<Ipv4ListRouting>(wrapped);
    m_attachment = attachment;
}

Ptr<Ipv4RoutingProtocol>
XfrmRouting::GetWrapped() const
{
    return m_wrapped;
}

void
XfrmRouting::SetHook(std::unique_ptr<xfrm::PacketHook> hook)
{
    m_other = std::move(hook);
    m_hook = m_other.get();
}

xfrm::NodeIpsec::Config
XfrmRouting::MakeConfig()
{
    xfrm::NodeIpsec::Config config;
    config.net.settings = {.useLarvalDrop = m_useLarvalDrop,
                           .hasNoPmtuDisc = m_hasNoPmtuDisc,
                           .gcThreshold = m_gcThreshold,
                           .defaultTtl = m_defaultTtl,
                           .epoch = m_epoch};
    config.drawSeed = [this] { return DrawSeed(); };
    config.workDelay = m_workDelay;
    config.useSocketCache = m_useSocketCache;
    config.discovery = static_cast<xfrm::PathMtuDiscovery>(m_discovery);
    config.forwardsByPathMtu = m_forwardsByPathMtu;
    config.cores = m_cores.get();
    config.net.cache.nCpus = m_cores ? m_cores->GetCores() : 1;
    return config;
}

void
XfrmRouting::MakeCores()
{
    try
    {
        m_cores = std::make_unique<xfrm::NodeCores>(m_coreSettings->MakeConfig());
    }
    catch (const std::invalid_argument& error)
    {
        NS_ABORT_MSG("XfrmRouting: " << error.what());
    }
    m_loopback = m_ipv4->GetNetDevice(0);
    PrepareDiversion(); // what this host sends waits for a core, IPsec or not
}

void
XfrmRouting::MakeIpsec()
{
    m_ipsec = std::make_unique<xfrm::NodeIpsec>(
        *m_ipv4,
        m_wrapped,
        *this,
        [this](uint64_t uid) { return DivertForwarded(uid); },
        MakeConfig());
    m_ipsec->GetNamespace().SetPolicyListener([this] {
        m_ipsec->NotifyPolicies();
        PrepareDiversion();
    });
    for (const uint8_t number :
         {xfrm::PROTO_ESP, xfrm::PROTO_AH, xfrm::PROTO_COMP, xfrm::PROTO_IPIP})
    {
        InsertProtocol(number);
    }
    m_reassembly = std::make_unique<xfrm::Reassembly>(
        *m_ipv4,
        [this](const Ptr<Packet>& packet,
               const Ipv4Header& header,
               const Ptr<Ipv4Interface>& interface,
               const Ptr<IpL4Protocol>& protocol) {
            return DeliverWhole(packet, header, interface, protocol);
        });
    if (m_hasRandomIvs)
    {
        m_ivs = CreateObject<UniformRandomVariable>();
        m_ipsec->GetTransmit().GetIvs().SetRandom(m_ivs);
        AssignStreams(m_stream);
    }
    ApplyCrypto(m_crypto);
    if (!m_hook)
    {
        m_hook = m_ipsec.get();
    }
}

void
XfrmRouting::InsertProtocol(uint8_t number)
{
    m_protocols.push_back(Create<XfrmIpsecProtocol>(number, m_ipsec->GetReceive()));
    m_ipv4->Insert(m_protocols.back());
}

void
XfrmRouting::SetCrypto(Crypto crypto)
{
    if (m_ipsec)
    {
        ApplyCrypto(crypto);
    }
    m_crypto = crypto;
}

void
XfrmRouting::ApplyCrypto(Crypto crypto)
{
    m_ipsec->SetRealBytes(crypto == CRYPTO_REAL ||
                          (crypto == CRYPTO_AUTO && HasRealDevice(*m_ipv4->GetObject<Node>())));
}

void
XfrmRouting::SetUdpEncap(uint16_t port, xfrm::EncapType type)
{
    NS_ABORT_MSG_UNLESS(m_ipsec, "XfrmRouting: must be installed before it is configured");
    m_ipsec->GetReceive().SetUdpEncap(port, type);
}

uint32_t
XfrmRouting::DrawSeed()
{
    if (!m_seeds)
    {
        // Only now: a stream number that is taken earlier would change those of others.
        m_seeds = CreateObject<UniformRandomVariable>();
        if (m_stream >= 0)
        {
            m_seeds->SetStream(m_stream);
        }
    }
    return m_seeds->GetInteger(0, UINT32_MAX);
}

int64_t
XfrmRouting::AssignStreams(int64_t stream)
{
    m_stream = stream;
    if (m_seeds && stream >= 0)
    {
        m_seeds->SetStream(stream);
    }
    if (m_ivs && stream >= 0)
    {
        m_ivs->SetStream(stream + 1);
    }
    return m_hasRandomIvs ? 2 : 1;
}

xfrm::Namespace&
XfrmRouting::GetNamespace() const
{
    NS_ABORT_MSG_UNLESS(m_ipsec, "XfrmRouting: must be installed before it is configured");
    return m_ipsec->GetNamespace();
}

xfrm::Work
XfrmRouting::GetWork() const
{
    NS_ABORT_MSG_UNLESS(m_ipsec, "XfrmRouting: must be installed before it is looked at");
    return m_ipsec->GetWork();
}

int32_t
XfrmRouting::Connect(const xfrm::SocketEndpoint& socket, uint32_t mark)
{
    NS_ABORT_MSG_UNLESS(m_ipsec, "XfrmRouting: must be installed before it is asked");
    return m_ipsec->Connect(socket, mark);
}

uint32_t
XfrmRouting::GetPathMtu(const xfrm::SocketEndpoint& socket, uint32_t mark)
{
    NS_ABORT_MSG_UNLESS(m_ipsec, "XfrmRouting: must be installed before it is asked");
    return m_ipsec->GetPathMtu(socket, mark);
}

void
XfrmRouting::CloseSocket(const xfrm::SocketEndpoint& socket)
{
    NS_ABORT_MSG_UNLESS(m_ipsec, "XfrmRouting: must be installed before it is configured");
    m_ipsec->CloseSocket(socket);
}

void
XfrmRouting::SetLarvalDrop(bool useLarvalDrop)
{
    m_useLarvalDrop = useLarvalDrop;
    if (m_ipsec)
    {
        m_ipsec->GetNamespace().GetSettings().useLarvalDrop = useLarvalDrop;
    }
}

bool
XfrmRouting::GetLarvalDrop() const
{
    return m_useLarvalDrop;
}

xfrm::NodeRoutes::DeviceSettings&
XfrmRouting::GetDeviceSettings(const Ptr<const NetDevice>& device)
{
    NS_ABORT_MSG_UNLESS(m_ipsec, "XfrmRouting: must be installed before it is configured");
    const int32_t interface = m_ipv4->GetInterfaceForDevice(device);
    NS_ABORT_MSG_IF(interface < 0, "XfrmRouting: the device must be one of the node's with IP");
    return m_ipsec->GetRoutes().GetSettings(interface);
}

void
XfrmRouting::SetDisableXfrm(const Ptr<const NetDevice>& device, bool isDisabled)
{
    GetDeviceSettings(device).hasNoXfrm = isDisabled;
    GetNamespace().NotifyRoutesChanged();
}

void
XfrmRouting::SetDisablePolicy(const Ptr<const NetDevice>& device, bool isDisabled)
{
    GetDeviceSettings(device).hasNoPolicy = isDisabled;
}

int32_t
XfrmRouting::GetDeviceIndex(const Ptr<const NetDevice>& device) const
{
    NS_ABORT_MSG_UNLESS(m_ipsec, "XfrmRouting: must be installed before it is asked");
    return m_ipsec->GetRoutes().GetIndex(device);
}

Ptr<Ipv4Route>
XfrmRouting::DivertForwarded(uint64_t uid)
{
    return m_diversion->IsReady() ? m_diversion->DivertRouted(uid) : nullptr;
}

void
XfrmRouting::PrepareDiversion()
{
    if (m_ipv4->GetObject<Node>()->IsInitialized() && m_nReceiving == 0)
    {
        m_diversion->Prepare();
    }
    else
    {
        Simulator::ScheduleWithContext(m_ipv4->GetObject<Node>()->GetId(),
                                       Time(0),
                                       [self = Ptr<XfrmRouting>(this)] {
                                           if (self->m_diversion)
                                           {
                                               self->m_diversion->Prepare();
                                           }
                                       });
    }
}

void
XfrmRouting::SetIpv4(Ptr<Ipv4> ipv4)
{
    NS_LOG_FUNCTION(this << ipv4);
    NS_ABORT_MSG_UNLESS(m_wrapped, "XfrmRouting: there must be a routing protocol to wrap");
    m_ipv4 = DynamicCast<Ipv4L3Protocol>(ipv4);
    NS_ABORT_MSG_UNLESS(m_ipv4, "XfrmRouting: the node's Ipv4 must be an Ipv4L3Protocol");
    m_diversion = std::make_unique<xfrm::Diversion>(
        *m_ipv4,
        [this](const Ptr<Packet>& packet, const Ipv4Header& header, const Ptr<Ipv4Route>& route) {
            if (m_cores && !m_cores->IsBeginning())
            {
                QueueLocal(packet, header, route);
            }
            else if (m_hook)
            {
                m_hook->SendLocal(packet, header, route);
            }
        });
    if (m_attachment == Attachment::Fresh)
    {
        m_wrapped->SetIpv4(ipv4);
        m_attachment = Attachment::Attached;
    }
    if (m_coreSettings)
    {
        MakeCores();
    }
    MakeIpsec();
}

void
XfrmRouting::AddRoutingProtocol(Ptr<Ipv4RoutingProtocol> routingProtocol, int16_t priority)
{
    NS_ABORT_MSG_UNLESS(m_wrappedList,
                        "XfrmRouting: the wrapped routing protocol is no list to add to");
    m_wrappedList->AddRoutingProtocol(routingProtocol, priority);
}

uint32_t
XfrmRouting::GetNRoutingProtocols() const
{
    return m_wrappedList ? m_wrappedList->GetNRoutingProtocols() : 1;
}

Ptr<Ipv4RoutingProtocol>
XfrmRouting::GetRoutingProtocol(uint32_t index, int16_t& priority) const
{
    if (m_wrappedList)
    {
        return m_wrappedList->GetRoutingProtocol(index, priority);
    }
    NS_ABORT_MSG_IF(index > 0, "XfrmRouting: routing protocol " << index << ": there is but one");
    priority = 0;
    return m_wrapped;
}

bool
XfrmRouting::IsForDevice(Ipv4Address destination, const Ipv4Route& route) const
{
    const int32_t interface = m_ipv4->GetInterfaceForDevice(route.GetOutputDevice());
    for (uint32_t i = 0; i < m_ipv4->GetNAddresses(interface); ++i)
    {
        if (m_ipv4->GetAddress(interface, i).GetBroadcast() == destination)
        {
            return true;
        }
    }
    // What this host sends to itself leaves by loopback in Linux, whose routes know no policies of
    // the host (R14).
    return m_ipv4->GetInterfaceForAddress(destination) >= 0;
}

Ptr<Ipv4Route>
XfrmRouting::RouteOutput(Ptr<Packet> p,
                         const Ipv4Header& header,
                         Ptr<NetDevice> oif,
                         Socket::SocketErrno& sockerr)
{
    Ptr<Ipv4Route> route = m_wrapped->RouteOutput(p, header, oif, sockerr);
    if (!route || !p || !m_hook ||
        !(m_cores || m_hook->WantsLocal(*route) || m_ipsec->WantsSize(*p)) ||
        IsForDevice(header.GetDestination(), *route))
    {
        return route; // without a packet it is only a question (R3)
    }
    if (!m_diversion->IsReady())
    {
        if (m_nReceiving > 0)
        {
            return route;
        }
        m_diversion->Prepare();
    }
    if (!m_cores && IsWholeWhenRouted(header.GetProtocol()))
    {
        sockerr = ToSocketErrno(m_hook->DecideEarly(p, Complete(header, *p, *route), route));
        if (sockerr != Socket::ERROR_NOTERROR)
        {
            return nullptr;
        }
    }
    return m_diversion->Divert(route, p->GetUid());
}

bool
XfrmRouting::RouteInput(Ptr<const Packet> p,
                        const Ipv4Header& header,
                        Ptr<const NetDevice> idev,
                        xfrm::RouteInputArgument<3> ucb,
                        xfrm::RouteInputArgument<4> mcb,
                        xfrm::RouteInputArgument<5> lcb,
                        xfrm::RouteInputArgument<6> ecb)
{
    if (!m_cores && !NeedsHook(header))
    {
        ++m_nReceiving;
        const bool isRouted = m_wrapped->RouteInput(p, header, idev, ucb, mcb, lcb, ecb);
        --m_nReceiving;
        return isRouted;
    }
    m_forwardByIp = ucb;
    m_deliverByIp = lcb;
    if (m_cores)
    {
        m_multicastByIp = mcb;
        m_refuseByIp = ecb;
        Queue(p, header, idev);
        return true;
    }
    return Route(p, header, idev, mcb, ecb);
}

bool
XfrmRouting::NeedsHook(const Ipv4Header& header) const
{
    return m_hook && (m_hook->WantsReceived() || xfrm::IsFragment(header) ||
                      header.IsDontFragment() || header.GetProtocol() == xfrm::PROTO_ICMP);
}

bool
XfrmRouting::Route(const Ptr<const Packet>& packet,
                   const Ipv4Header& header,
                   const Ptr<const NetDevice>& input,
                   const MulticastForwardCallback& multicast,
                   const ErrorCallback& refuse)
{
    // What a packet carries may be received while it is routed, so this runs within itself.
    ++m_nReceiving;
    const auto outer = std::exchange(m_input, input);
    const bool isRouted =
        m_wrapped
            ->RouteInput(packet, header, input, m_forwardHere, multicast, m_deliverHere, refuse);
    m_input = outer;
    --m_nReceiving;
    return isRouted;
}

void
XfrmRouting::Queue(const Ptr<const Packet>& packet,
                   const Ipv4Header& header,
                   const Ptr<const NetDevice>& input)
{
    ++m_nReceiving; // an idle core begins at once
    if (const auto& arriving = m_ipsec->GetReceive().GetArriving())
    {
        m_cores->ReceiveAnew([this, packet, header, input, path = *arriving] {
            ++m_cores->GetJobWork().packet.nReinjected;
            const auto outer = m_ipsec->GetReceive().ExchangeArriving(path);
            Input(packet, header, input);
            m_ipsec->GetReceive().ExchangeArriving(outer);
        });
    }
    else if (input == m_loopback || header.GetSource() == header.GetDestination())
    {
        // Between two of its addresses ns-3 shows no difference from what comes by the device.
        m_cores->ReceiveLoopback(*packet, header, [this, packet, header, input] {
            ++m_cores->GetJobWork().packet.nReinjected;
            Input(packet, header, input);
        });
    }
    else if (!m_cores->Receive(input->GetIfIndex(), *packet, header, [this, packet, header, input] {
                 ++m_cores->GetJobWork().packet.nReceived;
                 Input(packet, header, input);
             }))
    {
        m_ringDropTrace(packet, header, input);
    }
    --m_nReceiving;
}

void
XfrmRouting::Input(const Ptr<const Packet>& packet,
                   const Ipv4Header& header,
                   const Ptr<const NetDevice>& input)
{
    if (!Route(packet, header, input, m_multicastHere, m_refuseHere))
    {
        Refuse(packet, header, Socket::ERROR_NOROUTETOHOST);
    }
}

void
XfrmRouting::QueueLocal(const Ptr<Packet>& packet,
                        const Ipv4Header& header,
                        const Ptr<Ipv4Route>& route)
{
    m_cores->Send(*packet, header, [this, packet, header, route] {
        SendLocal(packet, header, route);
    });
}

void
XfrmRouting::SendLocal(const Ptr<Packet>& packet,
                       const Ipv4Header& header,
                       const Ptr<Ipv4Route>& route)
{
    ++m_cores->GetJobWork().packet.nSent;
    if (m_hook && m_hook->WantsLocal(*route))
    {
        m_hook->SendLocal(packet, header, route);
        return;
    }
    m_cores->Emit([this, packet, header, route] { m_ipv4->SendWithHeader(packet, header, route); });
}

bool
XfrmRouting::IsLate() const
{
    return m_cores && !m_cores->IsBeginning();
}

void
XfrmRouting::Multicast(const Ptr<Ipv4MulticastRoute>& route,
                       const Ptr<const Packet>& packet,
                       const Ipv4Header& header)
{
    if (IsLate())
    {
        m_cores->Do(0, xfrm::JobContext::Softirq, [this, route, packet, header] {
            Multicast(route, packet, header);
        });
        return;
    }
    m_cores->Note(xfrm::ReceiveOutcome::Forwarded);
    m_cores->Emit([this, route, packet, header] { m_multicastByIp(route, packet, header); });
}

void
XfrmRouting::Refuse(const Ptr<const Packet>& packet,
                    const Ipv4Header& header,
                    Socket::SocketErrno error)
{
    if (IsLate())
    {
        m_refuseByIp(packet, header, error);
        return;
    }
    m_cores->Note(xfrm::ReceiveOutcome::Dropped);
    m_cores->Emit([this, packet, header, error] { m_refuseByIp(packet, header, error); });
}

void
XfrmRouting::Forward(const Ptr<Ipv4Route>& route,
                     const Ptr<const Packet>& packet,
                     const Ipv4Header& header)
{
    if (IsLate())
    {
        m_cores->Do(0, xfrm::JobContext::Softirq, [this, route, packet, header] {
            Forward(route, packet, header);
        });
    }
    else if (NeedsHook(header))
    {
        m_hook->Forward(packet, header, route, m_input, m_forwardByIp);
    }
    else if (m_cores)
    {
        m_cores->Note(xfrm::ReceiveOutcome::Forwarded);
        m_cores->Emit([this, route, packet, header] { m_forwardByIp(route, packet, header); });
    }
    else
    {
        m_forwardByIp(route, packet, header);
    }
}

void
XfrmRouting::Deliver(const Ptr<const Packet>& packet, const Ipv4Header& header, uint32_t interface)
{
    if (IsLate())
    {
        m_cores->Do(0, xfrm::JobContext::Softirq, [this, packet, header, interface] {
            Deliver(packet, header, interface);
        });
        return;
    }
    const bool isOpened = xfrm::NodeReceive::Opens(header.GetProtocol());
    if (m_hook && !isOpened && xfrm::IsFragment(header) && m_hook->WantsReceived())
    {
        if (m_cores)
        {
            m_cores->Note(xfrm::ReceiveOutcome::Delivered);
        }
        m_reassembly->Deliver(packet, header, interface, m_deliverByIp);
        return;
    }
    if (m_hook && (!m_hook->AllowsDelivery(packet, header, interface) ||
                   (!xfrm::IsFragment(header) && m_hook->Take(packet, header, interface))))
    {
        return;
    }
    if (!m_cores || isOpened)
    {
        DeliverByIp(packet, header, interface);
        return;
    }
    m_cores->Note(xfrm::ReceiveOutcome::Delivered);
    m_cores->Emit([this, packet, header, interface] { DeliverByIp(packet, header, interface); });
}

void
XfrmRouting::DeliverByIp(const Ptr<const Packet>& packet,
                         const Ipv4Header& header,
                         uint32_t interface)
{
    if (xfrm::IsFragment(header))
    {
        m_deliverByIp(xfrm::MakeReal(*packet), header, interface);
        return;
    }
    m_deliverByIp(packet, header, interface);
}

IpL4Protocol::RxStatus
XfrmRouting::DeliverWhole(const Ptr<Packet>& packet,
                          const Ipv4Header& header,
                          const Ptr<Ipv4Interface>& interface,
                          const Ptr<IpL4Protocol>& protocol)
{
    const int32_t index = m_ipv4->GetInterfaceForDevice(interface->GetDevice());
    m_ipsec->GetReceive().NameArriving(packet->GetUid());
    if (!m_hook->AllowsDelivery(packet, header, index) || m_hook->Take(packet, header, index))
    {
        return IpL4Protocol::RX_OK;
    }
    if (!m_cores)
    {
        return protocol->Receive(packet, header, interface);
    }
    m_cores->Emit([ipv4 = m_ipv4, packet, header, interface, protocol] {
        const Ptr<Packet> kept = packet->Copy();
        if (protocol->Receive(packet, header, interface) == IpL4Protocol::RX_ENDPOINT_UNREACH)
        {
            ipv4->GetObject<Icmpv4L4Protocol>()->SendDestUnreachPort(header, kept);
        }
    });
    return IpL4Protocol::RX_OK;
}

bool
XfrmRouting::IsPseudo(uint32_t interface) const
{
    return m_diversion && m_diversion->IsPseudo(interface);
}

void
XfrmRouting::NotifyInterfaceUp(uint32_t interface)
{
    if (!IsPseudo(interface))
    {
        m_wrapped->NotifyInterfaceUp(interface);
    }
}

void
XfrmRouting::NotifyInterfaceDown(uint32_t interface)
{
    if (!IsPseudo(interface))
    {
        m_wrapped->NotifyInterfaceDown(interface);
        if (m_ipsec)
        {
            m_ipsec->NotifyDown();
        }
    }
}

void
XfrmRouting::NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    if (!IsPseudo(interface))
    {
        m_wrapped->NotifyAddAddress(interface, address);
    }
}

void
XfrmRouting::NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    if (!IsPseudo(interface))
    {
        m_wrapped->NotifyRemoveAddress(interface, address);
    }
}

void
XfrmRouting::PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit unit) const
{
    m_wrapped->PrintRoutingTable(stream, unit);
}

} // namespace ns3
