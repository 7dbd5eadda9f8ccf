/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flow-decoder.h"
#include "xfrm-icmp-error.h"
#include "xfrm-node-ipsec.h"
#include "xfrm-packet-layers.h"

namespace ns3::xfrm
{

bool
NodeIpsec::WantsReceived() const
{
    const PolicyDatabase& policies = m_net.GetPolicies();
    return policies.GetCount(Direction::Out) > 0 || policies.GetCount(Direction::Forward) > 0 ||
           policies.GetCount(Direction::In) > 0 || m_receive.GetArriving() ||
           m_receive.HasUdpEncap() || !m_net.GetSocketPolicies().IsEmpty();
}

void
NodeIpsec::Forward(const Ptr<const Packet>& packet,
                   const Ipv4Header& header,
                   const Ptr<Ipv4Route>& route,
                   const Ptr<const NetDevice>& input,
                   const ForwardCallback& forward)
{
    const Context context = m_cpus.Here();
    const NodeTeller::Mark before(context.work);
    const SecPath& path = m_receive.GetPath(*packet);
    const int32_t interface = input ? m_ipv4.GetInterfaceForDevice(input) : -1;
    const bool isExempt = interface >= 0 && m_routes.GetSettings(interface).hasNoPolicy;
    const Ptr<NodeRoute> plain = m_routes.Make(header.GetDestination(), route);
    const Flow flow = DecodeFlow(header, *packet, plain->GetDevice(), GetMark(*packet));
    if (!m_check.PassesUnchecked(Direction::Forward, path, isExempt))
    {
        const CheckResult result = m_check.Check(Direction::Forward, &flow, path, context);
        if (!result.isAccepted)
        {
            m_teller.TellCacheWork(context, before);
            m_teller.Drop(packet, header, result.counter, 0);
            return;
        }
    }
    OutputDecision decision;
    if (header.GetTtl() > 1 && m_net.GetPolicies().GetCount(Direction::Out) > 0)
    {
        decision = m_lookup.DecideForwarded(&flow, plain, context);
        m_teller.TellLookup(packet, header, decision, context, before);
    }
    m_teller.TellCacheWork(context, before);
    if (decision.verdict != OutputVerdict::Error && header.GetTtl() > 1 &&
        IsTooBigToForward(decision, packet, header, *plain))
    {
        return;
    }
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
        m_teller.Drop(packet, header, decision.counter, decision.error);
        break;
    }
}

/// Hold a packet with DF against the MTU of the device that it is to leave by (ip_forward(), R272),
/// and tell its source.
bool
NodeIpsec::IsTooBigToForward(const OutputDecision& decision,
                             const Ptr<const Packet>& packet,
                             const Ipv4Header& header,
                             const NodeRoute& plain)
{
    if (!header.IsDontFragment())
    {
        return false;
    }
    const Route& path =
        decision.bundle ? *decision.bundle->GetPath() : static_cast<const Route&>(plain);
    const uint32_t pathMtu = decision.bundle ? decision.bundle->GetMtu() : plain.GetMtu();
    const uint32_t mtu = m_forwardsByPathMtu ? pathMtu : path.GetDeviceMtu();
    if (header.GetSerializedSize() + packet->GetSize() <= mtu)
    {
        return false;
    }
    TellTooBig(*packet, header, mtu);
    m_teller.Drop(packet, header, std::nullopt, error::MSGSIZE);
    return true;
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
    OutgoingPacket out{packet, header};
    if (bundle.IsQueue())
    {
        Hold(bundle, out);
    }
    else if (Transmit(bundle, out) == 0)
    {
        m_cpus.Note(ReceiveOutcome::Forwarded);
    }
}

bool
NodeIpsec::AllowsDelivery(const Ptr<const Packet>& packet,
                          const Ipv4Header& header,
                          uint32_t interface)
{
    if (NodeReceive::Opens(header.GetProtocol()))
    {
        return true; // R240
    }
    if (header.GetProtocol() == PROTO_UDP && m_receive.IsBrokenUdp(*packet, header))
    {
        m_teller.Drop(packet, header, std::nullopt, error::INVAL);
        return false;
    }
    const SecPath& path = m_receive.GetPath(*packet);
    const bool isExempt = m_routes.GetSettings(interface).hasNoPolicy;
    const bool passes = m_check.PassesUnchecked(Direction::In, path, isExempt);
    if (!passes || !m_net.GetSocketPolicies().IsEmpty())
    {
        const Flow flow = DecodeFlow(header, *packet, LOOPBACK_INDEX, GetMark(*packet));
        if (!passes || m_check.HasSocketPolicy(flow))
        {
            const CheckResult result = CheckDelivery(packet, flow, path);
            if (!result.isAccepted)
            {
                m_teller.Drop(packet, header, result.counter, 0);
                return false;
            }
        }
    }
    if (header.GetProtocol() == PROTO_ICMP)
    {
        NotePathMtu(*packet);
    }
    return true;
}

CheckResult
NodeIpsec::CheckDelivery(const Ptr<const Packet>& packet, const Flow& flow, const SecPath& path)
{
    const Context context = m_cpus.Here();
    const NodeTeller::Mark before(context.work);
    CheckResult result = m_check.Check(Direction::In, &flow, path, context);
    const bool mayAnswer = flow.common.proto == PROTO_ICMP && !path.empty() &&
                           (path.back()->GetConfig().flags & StateConfig::FLAG_ICMP) != 0;
    if (!result.isAccepted && mayAnswer)
    {
        if (const auto quoted = ReadIcmpError(*packet)) // R269, icmp_rcv()
        {
            const Flow answered =
                DecodeReversed(quoted->header, *quoted->rest, LOOPBACK_INDEX, GetMark(*packet));
            result = m_check.Check(Direction::In, &answered, path, context);
        }
    }
    m_teller.TellCacheWork(context, before);
    return result;
}

bool
NodeIpsec::Take(const Ptr<const Packet>& packet, const Ipv4Header& header, uint32_t interface)
{
    return header.GetProtocol() == PROTO_UDP &&
           m_receive.TakeUdp(packet, header, m_ipv4.GetInterface(interface));
}

/// Learn from an ICMP error what fits on the way of one of our packets (icmp_unreach(), R275, R77).
void
NodeIpsec::NotePathMtu(const Packet& icmp)
{
    const std::optional<IcmpError> error = ReadIcmpError(icmp);
    if (!error || !error->IsFragNeeded())
    {
        return;
    }
    const Ipv4Header& quoted = error->header;
    if (NodeReceive::Opens(quoted.GetProtocol()))
    {
        const auto front = PacketOpener(error->rest, quoted, false).ParseSpi(quoted.GetProtocol());
        Context context = m_cpus.Here();
        if (!front || !m_net.GetStates().LookupBySpi(
                          {quoted.GetDestination(), front->spi, quoted.GetProtocol()},
                          GetMark(icmp),
                          Family::Ipv4,
                          context.work.state))
        {
            return;
        }
    }
    else if (m_ipv4.GetInterfaceForAddress(quoted.GetSource()) < 0)
    {
        return;
    }
    m_routes.NotePathMtu(quoted.GetDestination(), error->mtu);
}

} // namespace ns3::xfrm
