/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-node-ipsec.h"

#include "xfrm-esp-codec.h"
#include "xfrm-flow-decoder.h"
#include "xfrm-mark-tag.h"
#include "xfrm-node-headers.h"

#include "ns3/icmpv4-l4-protocol.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// @return whether packets of a protocol are not checked before they are opened (R240)
bool
IsIpsec(uint8_t protocol)
{
    return protocol == PROTO_ESP || protocol == PROTO_AH || protocol == PROTO_COMP;
}

/// @brief Refuse states whose packets a node can't make yet.  @param config a state
/// @throws std::invalid_argument naming what is allowed
void
CheckCarried(const StateConfig& config)
{
    if (config.id.proto != PROTO_ESP)
    {
        throw std::invalid_argument("state of protocol " + std::to_string(config.id.proto) +
                                    ": must be 50 (esp), the only one that nodes carry");
    }
    if (config.encapType != EncapType::None)
    {
        throw std::invalid_argument("state in UDP: must be without encap, which nodes don't carry");
    }
}

/// @return label of a counter, or the name of an error that no counter tells of
std::string
GetReason(std::optional<Counter> counter, int32_t error)
{
    return counter ? Statistics::GetLabel(*counter) : error::GetName(error);
}

} // namespace

NodeIpsec::NodeIpsec(Ipv4L3Protocol& ipv4,
                     const Ptr<Ipv4RoutingProtocol>& protocol,
                     const IpsecTraces& traces,
                     Divert divert,
                     const Config& config)
    : m_ipv4(ipv4),
      m_traces(traces),
      m_divert(std::move(divert)),
      m_cpus(config.cores),
      m_routes(ipv4, protocol),
      m_net(config.net, m_routes, m_indexes, config.drawSeed),
      m_lookup(m_net),
      m_output(m_net),
      m_input(m_net),
      m_check(m_net),
      m_timers(m_net, m_lookup, m_cpus, config.workDelay),
      m_teller(m_net, traces)
{
    m_net.SetStateFilter(CheckCarried);
    if (config.useSocketCache)
    {
        m_sockets.emplace(ipv4);
    }
}

NodeIpsec::~NodeIpsec()
{
    m_backlogEvent.Cancel();
}

bool
NodeIpsec::Opens(uint8_t protocol)
{
    return protocol == PROTO_ESP;
}

const SecPath&
NodeIpsec::GetPath(uint64_t uid) const
{
    return m_arriving && m_arriving->uid == uid ? m_arriving->path : m_noPath;
}

void
NodeIpsec::Drop(const Ptr<const Packet>& packet,
                const Ipv4Header& header,
                const std::string& reason)
{
    m_cpus.Note(ReceiveOutcome::Dropped);
    m_traces.m_dropTrace(packet, header, reason);
}

// Sent by this host

bool
NodeIpsec::WantsLocal(const Ipv4Route& /*route*/) const
{
    return m_net.GetPolicies().GetCount(Direction::Out) > 0 || !m_net.GetSocketPolicies().IsEmpty();
}

uint32_t
NodeIpsec::GetMark(const Packet& packet) const
{
    return XfrmMarkTag::Get(packet, m_ipv4);
}

OutputDecision
NodeIpsec::DecideFlow(const Flow& flow,
                      Ipv4Address destination,
                      const Ptr<Ipv4Route>& route,
                      const Context& context)
{
    if (m_sockets)
    {
        if (const OutputDecision* kept = m_sockets->Find(flow))
        {
            return *kept;
        }
    }
    const Ptr<NodeRoute> plain = m_routes.Make(destination, route);
    OutputDecision decision = m_lookup.DecideLocal(flow, plain, context);
    if (m_sockets)
    {
        m_sockets->Store(flow, decision, plain);
    }
    return decision;
}

OutputDecision
NodeIpsec::DecideLocal(const Ptr<const Packet>& packet,
                       const Ipv4Header& header,
                       const Ptr<Ipv4Route>& route)
{
    const Context context = m_cpus.Here();
    const Mark before(context.work);
    const Flow flow = MakeLocalFlow(header,
                                    *packet,
                                    m_routes.GetIndex(route->GetOutputDevice()),
                                    GetMark(*packet));
    OutputDecision decision = DecideFlow(flow, header.GetDestination(), route, context);
    TellLookup(packet, header, decision, context, before);
    TellCacheWork(context, before);
    return decision;
}

int32_t
NodeIpsec::Connect(const SocketEndpoint& socket, uint32_t mark)
{
    m_net.ConnectSocket(socket);
    const Ipv4Address destination = socket.remoteAddress.GetIpv4();
    if (m_ipv4.GetInterfaceForAddress(destination) >= 0)
    {
        return 0; // leaves by loopback, whose routes know no policies of the host (R14)
    }
    const Ptr<Ipv4Route> route = m_routes.Find(destination);
    if (!route)
    {
        return error::NETUNREACH;
    }
    Flow flow;
    flow.common.iif = LOOPBACK_INDEX;
    flow.common.oif = m_routes.GetIndex(route->GetOutputDevice());
    flow.common.mark = mark;
    flow.common.proto = socket.proto;
    flow.source = socket.localAddress.IsAny() ? route->GetSource() : socket.localAddress;
    flow.destination = socket.remoteAddress;
    flow.upper = UpperLayer::Ports(socket.localPort, socket.remotePort);
    const Context context = m_cpus.Here();
    const Mark before(context.work);
    const OutputDecision decision = DecideFlow(flow, destination, route, context);
    TellCacheWork(context, before);
    return decision.error;
}

void
NodeIpsec::CloseSocket(const SocketEndpoint& socket)
{
    m_net.CloseSocket(socket);
    if (m_sockets)
    {
        m_sockets->Forget(socket);
    }
}

int32_t
NodeIpsec::DecideEarly(const Ptr<const Packet>& packet,
                       const Ipv4Header& header,
                       const Ptr<Ipv4Route>& route)
{
    const OutputDecision decision = DecideLocal(packet, header, route);
    if (decision.verdict != OutputVerdict::Error)
    {
        m_early = Early{packet->GetUid(), decision};
        return 0;
    }
    Drop(packet, header, GetReason(decision.counter, decision.error));
    m_traces.m_verdictTrace(packet, header, error::GetName(decision.error));
    return decision.error;
}

std::optional<OutputDecision>
NodeIpsec::TakeEarly(uint64_t uid)
{
    if (!m_early || m_early->uid != uid)
    {
        return std::nullopt;
    }
    return std::exchange(m_early, std::nullopt)->decision;
}

void
NodeIpsec::SendLocal(const Ptr<Packet>& packet,
                     const Ipv4Header& header,
                     const Ptr<Ipv4Route>& route)
{
    if (const Ptr<Bundle> bundle = std::exchange(m_forwarding, nullptr))
    {
        TransmitForwarded(*bundle, packet, header);
        return;
    }
    const std::optional<OutputDecision> early = TakeEarly(packet->GetUid());
    const OutputDecision decision = early ? *early : DecideLocal(packet, header, route);
    const int32_t error = CarryOut(decision, packet, header, route, true);
    m_traces.m_verdictTrace(packet, header, error::GetName(error));
}

int32_t
NodeIpsec::CarryOut(const OutputDecision& decision,
                    const Ptr<Packet>& packet,
                    const Ipv4Header& header,
                    const Ptr<Ipv4Route>& route,
                    bool isLocal)
{
    switch (decision.verdict)
    {
    case OutputVerdict::Plain:
        SendOut(packet, header, route);
        break;
    case OutputVerdict::Transform:
        return Transmit(*decision.bundle, packet, header, isLocal);
    case OutputVerdict::Hold:
        return Hold(*decision.bundle, packet, header, isLocal);
    case OutputVerdict::Blackhole:
        Drop(packet, header, "blackhole");
        break;
    case OutputVerdict::Error:
        Drop(packet, header, GetReason(decision.counter, decision.error));
        break;
    }
    return decision.error;
}

void
NodeIpsec::SendOut(const Ptr<Packet>& packet, const Ipv4Header& header, const Ptr<Ipv4Route>& route)
{
    m_cpus.Emit([this](const Ptr<Packet>& whole,
                       const Ipv4Header& outer,
                       const Ptr<Ipv4Route>& way) { m_ipv4.SendWithHeader(whole, outer, way); },
                packet,
                header,
                route);
}

int32_t
NodeIpsec::Transmit(const Bundle& bundle,
                    const Ptr<Packet>& packet,
                    const Ipv4Header& header,
                    bool isLocal)
{
    OutputPacket sealed;
    sealed.header = DescribeHeader(header);
    sealed.length = sealed.header.lengthBytes + packet->GetSize();
    sealed.hasSocket = isLocal;
    const OutputResult result = m_output.Send(bundle, sealed, m_cpus.Here());
    if (result.error != 0)
    {
        const auto icmp = m_ipv4.GetObject<Icmpv4L4Protocol>();
        if (result.error == error::MSGSIZE && !isLocal && icmp)
        {
            m_cpus.Emit([icmp, header, packet, mtu = static_cast<uint16_t>(result.mtu)] {
                icmp->SendDestUnreachFragNeeded(header, packet, mtu);
            });
        }
        Drop(packet, header, GetReason(result.counter, result.error));
        return result.error;
    }
    if (sealed.length > UINT16_MAX)
    {
        Drop(packet, header, error::GetName(error::MSGSIZE)); // no IP packet is that long
        return error::MSGSIZE;
    }
    const Ipv4Header outer = SealPacket(packet, header, sealed);
    m_traces.m_transformTrace(packet, outer, sealed.layers);
    const auto& path = static_cast<const NodeRoute&>(*bundle.GetPath());
    SendOut(packet, outer, path.GetRoute());
    return 0;
}

/// A packet of this node, or one that it forwards, that is held.
class NodeIpsec::Held final : public HeldPacket
{
  public:
    /**
     * @param ipsec the node's @param bundle holds it @param packet it, without its IP header
     * @param header its IP header @param isLocal it is of this node
     */
    Held(NodeIpsec& ipsec,
         const Bundle& bundle,
         const Ptr<Packet>& packet,
         const Ipv4Header& header,
         bool isLocal)
        : m_ipsec(ipsec),
          m_path(bundle.GetPath()),
          m_packet(packet),
          m_header(header),
          m_isLocal(isLocal)
    {
    }

    Flow Decode() const override
    {
        return DecodeFlow(m_header, *m_packet, m_path->GetDevice(), m_ipsec.GetMark(*m_packet));
    }

    Ptr<Route> GetPath() const override
    {
        return m_path;
    }

    bool IsLocal() const override
    {
        return m_isLocal;
    }

    void Send(const OutputDecision& decision) override
    {
        const auto& path = static_cast<const NodeRoute&>(*m_path);
        m_ipsec.CarryOut(decision, m_packet, m_header, path.GetRoute(), m_isLocal);
    }

    void Drop(int32_t error) override
    {
        m_ipsec.Drop(m_packet, m_header, std::string("held: ") + error::GetName(error));
    }

  private:
    NodeIpsec& m_ipsec;   //!< the node's
    Ptr<Route> m_path;    //!< its plain route
    Ptr<Packet> m_packet; //!< it, without its IP header
    Ipv4Header m_header;  //!< its IP header
    bool m_isLocal;       //!< it is of this node
};

int32_t
NodeIpsec::Hold(const Bundle& bundle,
                const Ptr<Packet>& packet,
                const Ipv4Header& header,
                bool isLocal)
{
    const int32_t error =
        m_net.GetHoldQueues().Hold(bundle.GetMatch().policies.front(),
                                   std::make_unique<Held>(*this, bundle, packet, header, isLocal),
                                   Simulator::Now());
    m_timers.ScheduleHeld();
    return error;
}

// Received

bool
NodeIpsec::WantsReceived() const
{
    const PolicyDatabase& policies = m_net.GetPolicies();
    return m_arriving || policies.GetCount(Direction::Out) > 0 ||
           policies.GetCount(Direction::Forward) > 0 || policies.GetCount(Direction::In) > 0 ||
           !m_net.GetSocketPolicies().IsEmpty();
}

void
NodeIpsec::Forward(const Ptr<const Packet>& packet,
                   const Ipv4Header& header,
                   const Ptr<Ipv4Route>& route,
                   const Ptr<const NetDevice>& input,
                   const ForwardCallback& forward)
{
    const Context context = m_cpus.Here();
    const Mark before(context.work);
    const SecPath& path = GetPath(packet->GetUid());
    const int32_t interface = input ? m_ipv4.GetInterfaceForDevice(input) : -1;
    const bool isExempt = interface >= 0 && m_routes.GetSettings(interface).hasNoPolicy;
    const Ptr<NodeRoute> plain = m_routes.Make(header.GetDestination(), route);
    const Flow flow = DecodeFlow(header, *packet, plain->GetDevice(), GetMark(*packet));
    if (!m_check.PassesUnchecked(Direction::Forward, path, isExempt))
    {
        const CheckResult result = m_check.Check(Direction::Forward, &flow, path, context);
        if (!result.isAccepted)
        {
            TellCacheWork(context, before);
            Drop(packet, header, GetReason(result.counter, 0));
            return;
        }
    }
    OutputDecision decision;
    if (header.GetTtl() > 1 && m_net.GetPolicies().GetCount(Direction::Out) > 0)
    {
        decision = m_lookup.DecideForwarded(&flow, plain, context);
        TellLookup(packet, header, decision, context, before);
    }
    TellCacheWork(context, before);
    switch (decision.verdict)
    {
    case OutputVerdict::Plain: // and those whose TTL ends here, of which IP tells the sender (R271)
        m_cpus.Note(ReceiveOutcome::Forwarded);
        m_cpus.Emit(forward, route, packet, header);
        break;
    case OutputVerdict::Transform:
    case OutputVerdict::Hold:
        ForwardTransformed(decision.bundle, packet, header, forward);
        break;
    case OutputVerdict::Blackhole:
    case OutputVerdict::Error:
        Drop(packet, header, GetReason(decision.counter, decision.error));
        break;
    }
}

void
NodeIpsec::ForwardTransformed(const Ptr<Bundle>& bundle,
                              const Ptr<const Packet>& packet,
                              const Ipv4Header& header,
                              const ForwardCallback& forward)
{
    if (const Ptr<Ipv4Route> diverted = m_divert(packet->GetUid()))
    {
        m_forwarding = bundle;
        forward(diverted, packet, header); // comes back to SendLocal() with its TTL decremented
        m_forwarding = nullptr;
        return;
    }
    Ipv4Header forwarded = header;
    forwarded.SetTtl(header.GetTtl() - 1);
    TransmitForwarded(*bundle, packet->Copy(), forwarded);
}

void
NodeIpsec::TransmitForwarded(const Bundle& bundle,
                             const Ptr<Packet>& packet,
                             const Ipv4Header& header)
{
    if (bundle.IsQueue())
    {
        Hold(bundle, packet, header, false);
    }
    else if (Transmit(bundle, packet, header, false) == 0)
    {
        m_cpus.Note(ReceiveOutcome::Forwarded);
    }
}

bool
NodeIpsec::AllowsDelivery(const Ptr<const Packet>& packet,
                          const Ipv4Header& header,
                          uint32_t interface)
{
    const SecPath& path = GetPath(packet->GetUid());
    const bool isExempt = m_routes.GetSettings(interface).hasNoPolicy;
    const bool passes = m_check.PassesUnchecked(Direction::In, path, isExempt);
    if (IsIpsec(header.GetProtocol()) || (passes && m_net.GetSocketPolicies().IsEmpty()))
    {
        return true;
    }
    const Flow flow = DecodeFlow(header, *packet, LOOPBACK_INDEX, GetMark(*packet));
    if (passes && !m_check.HasSocketPolicy(flow))
    {
        return true;
    }
    const Context context = m_cpus.Here();
    const Mark before(context.work);
    const CheckResult result = m_check.Check(Direction::In, &flow, path, context);
    TellCacheWork(context, before);
    if (!result.isAccepted)
    {
        Drop(packet, header, GetReason(result.counter, 0));
    }
    return result.isAccepted;
}

void
NodeIpsec::ReceiveEsp(const Ptr<Packet>& packet,
                      const Ipv4Header& header,
                      const Ptr<Ipv4Interface>& interface)
{
    m_cpus.Note(ReceiveOutcome::ToIpsec);
    SecPath path = GetPath(packet->GetUid());
    EspPacket sealed(packet);
    InputPacket description;
    description.destination = header.GetDestination();
    description.protocol = header.GetProtocol();
    description.mark = GetMark(*packet);
    const InputResult result = m_input.Receive(description, sealed, path, m_cpus.Here());
    switch (result.verdict)
    {
    case InputVerdict::Dropped:
        Drop(packet, header, GetReason(result.counter, error::INVAL));
        return;
    case InputVerdict::Decapsulated:
        CopyTosInside(*packet, header, *path.back());
        break;
    case InputVerdict::Delivered: {
        Ipv4Header plain = header;
        plain.SetProtocol(result.nextHeader);
        plain.SetPayloadSize(static_cast<uint16_t>(packet->GetSize()));
        packet->AddHeader(plain);
        break;
    }
    }
    const Opened opened{packet, path, interface};
    if (m_cpus.IsInJob())
    {
        m_cpus.Emit([this](const Opened& kept) { ReceiveAnew(kept); }, opened);
        return;
    }
    m_backlog.push_back(opened);
    if (m_backlogEvent.IsExpired())
    {
        m_backlogEvent = Simulator::ScheduleNow(&NodeIpsec::RunBacklog, this);
    }
}

void
NodeIpsec::RunBacklog()
{
    while (!m_backlog.empty())
    {
        const Opened opened = std::move(m_backlog.front());
        m_backlog.pop_front();
        ReceiveAnew(opened);
    }
}

void
NodeIpsec::ReceiveAnew(const Opened& opened)
{
    auto outer = ExchangeArriving(Arriving{opened.packet->GetUid(), opened.path});
    m_ipv4.Receive(opened.interface->GetDevice(),
                   opened.packet,
                   Ipv4L3Protocol::PROT_NUMBER,
                   Address(), // nobody on the link, and so nobody whose ARP entry is confirmed
                   Address(),
                   NetDevice::PACKET_HOST);
    m_arriving = std::move(outer);
}

// Telling, and work that is put off

void
NodeIpsec::TellLookup(const Ptr<const Packet>& packet,
                      const Ipv4Header& header,
                      const OutputDecision& decision,
                      const Context& context,
                      const Mark& before)
{
    m_traces.m_lookupTrace(packet, header, decision, context.cpu);
    // A chain that could not be rebuilt comes back as it was (R44): only what was built counts.
    if (context.work.bundle.nBundles != before.nBundles &&
        decision.verdict == OutputVerdict::Transform)
    {
        m_traces.m_bundleTrace(decision.bundle, context.cpu);
    }
}

void
NodeIpsec::TellCacheWork(const Context& context, const Mark& before)
{
    const CacheWork& now = context.work.cache;
    if (now.nReseeds != before.nReseeds)
    {
        m_traces.m_reseedTrace(context.cpu, now.nEvicted - before.nEvicted);
    }
    else if (now.nShrinks != before.nShrinks)
    {
        m_traces.m_shrinkTrace(context.cpu, now.nEvicted - before.nEvicted);
    }
    m_timers.ScheduleWork();
}

} // namespace ns3::xfrm
