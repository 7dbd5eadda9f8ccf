/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-node-ipsec.h"

#include "xfrm-flow-decoder.h"
#include "xfrm-icmp-error.h"
#include "xfrm-mark-tag.h"
#include "xfrm-path-mtu-tag.h"

#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/xfrm-transform.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace ns3::xfrm
{

NodeIpsec::NodeIpsec(Ipv4L3Protocol& ipv4,
                     const Ptr<Ipv4RoutingProtocol>& protocol,
                     const IpsecTraces& traces,
                     Divert divert,
                     const Config& config)
    : m_ipv4(ipv4),
      m_divert(std::move(divert)),
      m_discovery(config.discovery),
      m_forwardsByPathMtu(config.forwardsByPathMtu),
      m_cpus(config.cores),
      m_routes(ipv4, protocol),
      m_net(config.net, m_routes, m_indexes, config.drawSeed),
      m_lookup(m_net),
      m_check(m_net),
      m_timers(m_net, m_lookup, m_cpus, config.workDelay),
      m_teller(traces, m_cpus, m_timers),
      m_transmit(ipv4, m_net, m_cpus, traces),
      m_receive(ipv4, m_net, m_cpus, m_teller),
      m_keyManager(m_net, traces)
{
    if (config.useSocketCache)
    {
        m_sockets.emplace(ipv4);
    }
}

NodeIpsec::~NodeIpsec() = default;

void
NodeIpsec::SetRealBytes(bool isReal)
{
    const auto check = [](const StateConfig& state) {
        MakeTransformType(state)->MakeCodec(state); // throws if there are no bytes to make
    };
    if (isReal)
    {
        for (const Ptr<State>& state : m_net.GetStates().GetAll())
        {
            if (state->GetType() && !state->GetConfig().isKernelOwned)
            {
                check(state->GetConfig());
            }
        }
    }
    m_net.SetStateFilter(isReal ? std::function<void(const StateConfig&)>(check) : nullptr);
    m_transmit.SetRealBytes(isReal);
    m_receive.SetRealBytes(isReal);
}

// Sent by this host

bool
NodeIpsec::WantsLocal(const Ipv4Route& /*route*/) const
{
    return m_net.GetPolicies().GetCount(Direction::Out) > 0 || !m_net.GetSocketPolicies().IsEmpty();
}

bool
NodeIpsec::WantsSize(const Packet& packet) const
{
    return XfrmPathMtuTag::Get(packet, m_discovery) != PathMtuDiscovery::Dont;
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
    const NodeTeller::Mark before(context.work);
    const Flow flow = MakeLocalFlow(header,
                                    *packet,
                                    m_routes.GetIndex(route->GetOutputDevice()),
                                    GetMark(*packet));
    const bool isIcmpError = header.GetProtocol() == PROTO_ICMP && IsIcmpError(*packet);
    OutputDecision decision =
        isIcmpError
            ? DecideIcmpError(flow, packet, m_routes.Make(header.GetDestination(), route), context)
            : DecideFlow(flow, header.GetDestination(), route, context);
    m_teller.TellLookup(packet, header, decision, context, before);
    m_teller.TellCacheWork(context, before);
    return decision;
}

OutputDecision
NodeIpsec::DecideIcmpError(const Flow& flow,
                           const Ptr<const Packet>& packet,
                           const Ptr<NodeRoute>& plain,
                           const Context& context)
{
    OutputDecision first = m_lookup.Decide(flow, plain, Lookup::Purpose::Retry, context);
    if (first.verdict == OutputVerdict::Plain || first.error == error::PERM)
    {
        return DecideByQuoted(packet, plain, context).value_or(first);
    }
    return first;
}

/// What a policy for ICMP errors makes of one, by the flow that it answers (R276).
std::optional<OutputDecision>
NodeIpsec::DecideByQuoted(const Ptr<const Packet>& packet,
                          const Ptr<NodeRoute>& plain,
                          const Context& context)
{
    const std::optional<IcmpError> error = ReadIcmpError(*packet);
    if (!error)
    {
        return std::nullopt;
    }
    // Linux takes the device where the quoted packet came in.  Here that is where the answer goes.
    const Flow flow =
        DecodeReversed(error->header, *error->rest, plain->GetDevice(), GetMark(*packet));
    const RouteAnswer route = m_routes.Lookup({Family::Ipv4, IpAddress(), flow.destination, 0});
    if (route.error != 0)
    {
        return std::nullopt;
    }
    const OutputDecision decision =
        m_lookup.Decide(flow, route.route, Lookup::Purpose::IcmpError, context);
    const bool counts = decision.verdict != OutputVerdict::Error || decision.error == error::PERM;
    return counts ? std::optional(decision) : std::nullopt;
}

OutputDecision
NodeIpsec::DecideConnect(const SocketEndpoint& socket, uint32_t mark)
{
    m_net.ConnectSocket(socket);
    const Ipv4Address destination = socket.remoteAddress.GetIpv4();
    if (m_ipv4.GetInterfaceForAddress(destination) >= 0)
    {
        return {}; // leaves by loopback, whose routes know no policies of the host (R14)
    }
    const Ptr<Ipv4Route> route = m_routes.Find(destination);
    if (!route)
    {
        return {.verdict = OutputVerdict::Error, .bundle = {}, .error = error::NETUNREACH};
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
    const NodeTeller::Mark before(context.work);
    OutputDecision decision = DecideFlow(flow, destination, route, context);
    m_teller.TellCacheWork(context, before);
    return decision;
}

int32_t
NodeIpsec::Connect(const SocketEndpoint& socket, uint32_t mark)
{
    return DecideConnect(socket, mark).error;
}

uint32_t
NodeIpsec::GetPathMtu(const SocketEndpoint& socket, uint32_t mark)
{
    const OutputDecision decision = DecideConnect(socket, mark);
    if (decision.bundle)
    {
        return decision.bundle->GetMtu();
    }
    const RouteAnswer plain = m_routes.Lookup({Family::Ipv4, IpAddress(), socket.remoteAddress, 0});
    return decision.error == 0 && plain.error == 0 ? plain.route->GetMtu() : 0;
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
    m_teller.Drop(packet, header, decision.counter, decision.error);
    m_teller.TellVerdict(packet, header, decision.error);
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
    OutgoingPacket out{packet, header, true};
    int32_t error = error::MSGSIZE;
    if (FitsLocal(decision, out, *route))
    {
        error = CarryOut(decision, out, route);
    }
    else
    {
        m_teller.Drop(packet, header, std::nullopt, error);
    }
    m_teller.TellVerdict(packet, header, error);
}

/// Settle DF of a packet of this host, and whether it may be cut.
/// @return whether it is not too large for its sender's taste (R204)
bool
NodeIpsec::FitsLocal(const OutputDecision& decision, OutgoingPacket& out, const Ipv4Route& route)
{
    const uint32_t length = out.header.GetSerializedSize() + out.packet->GetSize();
    const Bundle* const bundle = PeekPointer(decision.bundle);
    const uint32_t deviceMtu =
        bundle ? bundle->GetPath()->GetDeviceMtu() : route.GetOutputDevice()->GetMtu();
    const PathMtuDiscovery discovery = XfrmPathMtuTag::Get(*out.packet, m_discovery);
    if (UsesPathMtu(discovery))
    {
        out.pathMtu = m_routes.GetLearnedMtu(out.header.GetDestination());
    }
    const uint32_t plainMtu = out.pathMtu != 0 ? out.pathMtu : deviceMtu;
    if (out.header.IsDontFragment())
    {
        // Its sender wrote the header itself (raw_send_hdrinc()), and it may not be cut.
        return length <= (bundle ? deviceMtu : plainMtu);
    }
    const SizeVerdict size =
        JudgeSize(discovery, length, bundle ? bundle->GetMtu() : plainMtu, deviceMtu);
    out.mayExceedMtu = size.mayExceedMtu;
    if (size.isDontFragment)
    {
        out.header.SetDontFragment();
    }
    return !size.isRefused || decision.verdict == OutputVerdict::Error;
}

int32_t
NodeIpsec::CarryOut(const OutputDecision& decision,
                    OutgoingPacket& out,
                    const Ptr<Ipv4Route>& route)
{
    switch (decision.verdict)
    {
    case OutputVerdict::Plain:
        m_transmit.SendPlain(out, route);
        break;
    case OutputVerdict::Transform:
        return Transmit(*decision.bundle, out);
    case OutputVerdict::Hold:
        return Hold(*decision.bundle, out);
    case OutputVerdict::Blackhole:
        m_teller.Drop(out.packet, out.header, "blackhole");
        break;
    case OutputVerdict::Error:
        m_teller.Drop(out.packet, out.header, decision.counter, decision.error);
        break;
    }
    return decision.error;
}

int32_t
NodeIpsec::Transmit(const Bundle& bundle, OutgoingPacket& out)
{
    const OutputResult result = m_transmit.SendTransformed(bundle, out);
    if (result.error != 0)
    {
        if (result.mtu != 0 && !out.isLocal)
        {
            TellTooBig(*out.packet, out.header, result.mtu);
        }
        m_teller.Drop(out.packet, out.header, result.counter, result.error);
    }
    return result.error;
}

/// Send the source of a packet "fragmentation needed" (icmp_send()).
void
NodeIpsec::TellTooBig(const Packet& packet, const Ipv4Header& header, uint32_t mtu)
{
    const Ptr<Ipv4Route> route = m_routes.Find(header.GetSource());
    if (!route || header.GetFragmentOffset() != 0)
    {
        return; // RFC 1122: nothing is said about fragments but the first
    }
    const Ptr<Packet> message =
        MakeFragNeeded(packet, header, mtu, route->GetOutputDevice()->GetMtu());
    SocketIpTosTag tos;
    tos.SetTos(ICMP_ERROR_TOS);
    message->AddPacketTag(tos);
    m_cpus.Emit(
        [this](const Ptr<Packet>& icmp, Ipv4Address destination) {
            Ipv4Header ahead;
            ahead.SetDestination(destination);
            ahead.SetProtocol(PROTO_ICMP);
            Socket::SocketErrno error = Socket::ERROR_NOTERROR;
            const Ptr<Ipv4Route> way =
                m_ipv4.GetRoutingProtocol()->RouteOutput(icmp, ahead, nullptr, error);
            if (way)
            {
                m_ipv4.Send(icmp, way->GetSource(), destination, PROTO_ICMP, way);
            }
        },
        message,
        header.GetSource());
}

/// A packet of this node, or one that it forwards, that is held.
class NodeIpsec::Held final : public HeldPacket
{
  public:
    /// @param ipsec the node's @param bundle holds it @param out it
    Held(NodeIpsec& ipsec, const Bundle& bundle, OutgoingPacket out)
        : m_ipsec(ipsec),
          m_path(bundle.GetPath()),
          m_out(std::move(out))
    {
    }

    Flow Decode() const override
    {
        return DecodeFlow(m_out.header,
                          *m_out.packet,
                          m_path->GetDevice(),
                          m_ipsec.GetMark(*m_out.packet));
    }

    Ptr<Route> GetPath() const override
    {
        return m_path;
    }

    bool IsLocal() const override
    {
        return m_out.isLocal;
    }

    void Send(const OutputDecision& decision) override
    {
        const auto& path = static_cast<const NodeRoute&>(*m_path);
        m_ipsec.CarryOut(decision, m_out, path.GetRoute());
    }

    void Drop(int32_t error) override
    {
        m_ipsec.m_teller.Drop(m_out.packet,
                              m_out.header,
                              std::string("held: ") + error::GetName(error));
    }

  private:
    NodeIpsec& m_ipsec;   //!< the node's
    Ptr<Route> m_path;    //!< its plain route
    OutgoingPacket m_out; //!< it
};

int32_t
NodeIpsec::Hold(const Bundle& bundle, const OutgoingPacket& out)
{
    const int32_t error = m_net.GetHoldQueues().Hold(bundle.GetMatch().policies.front(),
                                                     std::make_unique<Held>(*this, bundle, out),
                                                     Simulator::Now());
    m_timers.ScheduleHeld();
    return error;
}

} // namespace ns3::xfrm
