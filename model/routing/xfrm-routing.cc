/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-routing.h"

#include "xfrm-real-devices.h"

#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("XfrmRouting");

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
    // The base class would initialize members of its own, and has none.
    Ipv4ListRouting::DoInitialize();
}

void
XfrmRouting::DoDispose()
{
    m_startEvent.Cancel();
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
    try
    {
        config.net.kernel = xfrm::Kernel::Find(m_kernel);
    }
    catch (const std::invalid_argument& error)
    {
        NS_ABORT_MSG("XfrmRouting: " << error.what());
    }
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
    // Once more when all devices are there.  Nobody initializes the routing protocol of an Ipv4.
    m_startEvent = Simulator::ScheduleNow([this] {
        try
        {
            ApplyCrypto(m_crypto);
        }
        catch (const std::invalid_argument& error)
        {
            NS_ABORT_MSG("XfrmRouting: " << error.what());
        }
    });
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
                          (crypto == CRYPTO_AUTO && xfrm::IsRealNear(*m_ipv4->GetObject<Node>())));
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
