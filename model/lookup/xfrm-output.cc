/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-output.h"

#include "ns3/xfrm-ecn.h"
#include "ns3/xfrm-jhash.h"

#include <algorithm>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// @return TTL of an outer header: the next hop's setting, else the host's (R226)
uint8_t
ChooseTtl(const Bundle& bundle, size_t index, uint8_t defaultTtl)
{
    const std::vector<BundleElement>& elements = bundle.GetElements();
    const Route& child =
        index + 1 < elements.size() ? *elements[index + 1].route : *bundle.GetPath();
    return child.GetHopLimit() != 0 ? child.GetHopLimit() : defaultTtl;
}

/// @return protocol number in front of a state's own header (R236)
uint8_t
GetOuterProtocol(const StateConfig& config)
{
    return config.encapType == EncapType::None ? config.id.proto : PROTO_UDP;
}

/// @return to how many bytes shorter packets are padded first, 0 not at all (R231)
uint32_t
ChoosePadding(const BundleElement& element)
{
    const uint32_t tfcPad = element.state->GetConfig().tfcPad;
    return tfcPad == 0 ? 0 : std::min(tfcPad, element.state->GetMtu(element.childMtu));
}

} // namespace

Output::Output(Namespace& net)
    : m_net(net)
{
}

OutputResult
Output::Fail(int32_t error, Counter counter, uint32_t mtu)
{
    m_net.Count(counter);
    return {error, counter, mtu};
}

void
Output::SetFault(std::function<bool(OutputStep, size_t)> failsStep)
{
    m_failsStep = std::move(failsStep);
}

bool
Output::Fails(OutputStep step, size_t index) const
{
    return m_failsStep && m_failsStep(step, index);
}

OutputResult
Output::Send(const Bundle& bundle, OutputPacket& packet, const Context& context)
{
    OutputResult result;
    for (size_t i = 0; i < bundle.GetElements().size() && result.error == 0; ++i)
    {
        result = Transform(bundle, i, packet, context);
    }
    return result;
}

OutputResult
Output::CheckSize(const BundleElement& element, OutputPacket& packet)
{
    if (packet.wasSizeTested || !packet.header.isDontFragment || packet.mayExceedMtu)
    {
        return {};
    }
    if (packet.length > element.mtu)
    {
        return Fail(error::MSGSIZE, Counter::OutStateModeError, element.mtu);
    }
    packet.wasSizeTested = true;
    return {};
}

uint16_t
Output::NextId(const IpHeader& header)
{
    const std::array<uint32_t, 3> words{header.destination.GetFirstWord(),
                                        header.source.GetFirstWord(),
                                        header.protocol};
    return m_ids[Jhash2(words.data(), words.size(), 0) % m_ids.size()]++;
}

void
Output::PushTunnelHeader(const Bundle& bundle, size_t index, OutputPacket& packet)
{
    const StateConfig& config = bundle.GetElements()[index].state->GetConfig();
    const IpHeader& inner = packet.header;
    IpHeader outer;
    outer.source = config.source;
    outer.destination = config.id.destination;
    outer.protocol = PROTO_IPIP;
    outer.tos = EncapsulateTos(inner.tos,
                               (config.extraFlags & StateConfig::EXTRA_DONT_ENCAP_DSCP) == 0,
                               (config.flags & StateConfig::FLAG_NOECN) == 0);
    outer.ttl = ChooseTtl(bundle, index, m_net.GetSettings().defaultTtl);
    outer.isDontFragment =
        inner.isDontFragment && (config.flags & StateConfig::FLAG_NOPMTUDISC) == 0;
    outer.id = outer.isDontFragment && !packet.mayExceedMtu ? 0 : NextId(outer);
    packet.header = outer;
}

OutputResult
Output::Admit(State& state, SealedLayer& layer, const Context& context)
{
    if (state.GetStatus() != StateStatus::Valid)
    {
        return Fail(error::INVAL, Counter::OutStateInvalid);
    }
    if (const int32_t error = m_net.CheckExpiry(Ptr<State>(&state), context.now); error != 0)
    {
        return Fail(error, Counter::OutStateExpired);
    }
    const auto sequence = state.GetReplay().NextOut();
    if (!sequence)
    {
        return Fail(error::OVERRUN, Counter::OutStateSeqError);
    }
    m_net.NoteReplay(Ptr<State>(&state), context.now);
    layer.sequence = *sequence;
    state.Count(layer.clearBytes);
    return {};
}

OutputResult
Output::Seal(OutputPacket& packet, SealedLayer& layer, const Context& context)
{
    const State& state = *layer.state;
    layer.nextHeader = packet.header.protocol;
    packet.header.protocol = GetOuterProtocol(state.GetConfig());
    SealedSize sealed;
    if (packet.bytes)
    {
        sealed = packet.bytes->Seal(layer, packet.header);
    }
    else
    {
        sealed.bytes = state.GetType()->GetSealedLength(layer.clearBytes, layer.padToBytes);
    }
    if (sealed.error != 0)
    {
        return Fail(sealed.error, Counter::OutStateProtoError);
    }
    if (!sealed.isSealed)
    {
        packet.header.protocol = layer.nextHeader;
    }
    ++context.work.transform.nSealed;
    context.work.transform.nSealedBytes += layer.clearBytes;
    context.work.transform.AddCrypto(state.GetType()->GetCrypto(), layer.clearBytes);
    layer.sealedBytes = sealed.bytes;
    packet.length = packet.header.lengthBytes + layer.sealedBytes;
    packet.layers.push_back(std::move(layer));
    return {};
}

OutputResult
Output::Transform(const Bundle& bundle, size_t index, OutputPacket& packet, const Context& context)
{
    const BundleElement& element = bundle.GetElements()[index];
    State& state = *element.state;
    if (Fails(OutputStep::Headroom, index))
    {
        return Fail(error::NOMEM, Counter::OutError);
    }
    const bool isTunnel = state.GetConfig().mode != Mode::Transport;
    OutputResult result = isTunnel ? CheckSize(element, packet) : OutputResult();
    if (result.error != 0)
    {
        return result;
    }
    SealedLayer layer{.state = element.state, .inside = packet.header};
    layer.clearBytes = isTunnel ? packet.length : packet.length - packet.header.lengthBytes;
    if (isTunnel)
    {
        PushTunnelHeader(bundle, index, packet); // takes an id, whatever fails from here on (R211)
    }
    result = Admit(state, layer, context);
    if (result.error != 0)
    {
        return result;
    }
    if (Fails(OutputStep::Protocol, index))
    {
        return Fail(error::NOMEM, Counter::OutStateProtoError);
    }
    layer.padToBytes = ChoosePadding(element);
    result = Seal(packet, layer, context);
    if (result.error != 0)
    {
        return result;
    }
    if (Fails(OutputStep::Pop, index))
    {
        return Fail(error::HOSTUNREACH, Counter::OutError);
    }
    return {};
}

} // namespace ns3::xfrm
