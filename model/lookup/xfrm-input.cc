/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-input.h"

#include <utility>

namespace ns3::xfrm
{

/// The layer that is being opened.
struct Input::Layer
{
    SealedPacket& sealed;                 //!< the packet's bytes
    const InputPacket& packet;            //!< the packet
    EncapType encapType{EncapType::None}; //!< UDP encapsulation that was taken off
    SpiSequence front;                    //!< what its header says
    OpenedLayer opened;                   //!< what was inside
};

Input::Input(Namespace& net)
    : m_net(net)
{
}

InputResult
Input::Drop(const Refusal& refusal)
{
    if (refusal.counter)
    {
        m_net.Count(*refusal.counter);
    }
    return {.verdict = InputVerdict::Dropped, .counter = refusal.counter};
}

std::optional<Input::Refusal>
Input::Admit(State& state, const Layer& layer, const Context& context)
{
    if (state.GetStatus() == StateStatus::Acquire)
    {
        return Refusal{Counter::AcquireError};
    }
    if (state.GetStatus() != StateStatus::Valid)
    {
        return Refusal{Counter::InStateInvalid};
    }
    if (state.GetConfig().encapType != layer.encapType)
    {
        return Refusal{Counter::InStateMismatch};
    }
    switch (state.GetReplay().Check(layer.front.sequence))
    {
    case ReplayVerdict::Accepted:
        break;
    case ReplayVerdict::TooOld:
        ++state.statistics.nReplayWindow;
        return Refusal{Counter::InStateSeqError};
    case ReplayVerdict::Duplicate:
        ++state.statistics.nReplay;
        return Refusal{Counter::InStateSeqError};
    case ReplayVerdict::Zero:
        return Refusal{Counter::InStateSeqError};
    }
    if (m_net.CheckExpiry(Ptr<State>(&state), context.now) != 0)
    {
        return Refusal{Counter::InStateExpired};
    }
    return std::nullopt;
}

std::optional<Input::Refusal>
Input::Open(State& state, Layer& layer, const Context& context)
{
    ++context.work.transform.nOpened;
    const uint64_t high = state.GetReplay().GuessHigh(layer.front.sequence);
    layer.opened = layer.sealed.Open(state, high << 32 | layer.front.sequence);
    if (layer.opened.error != 0)
    {
        if (layer.opened.error == error::BADMSG)
        {
            ++state.statistics.nIntegrityFailed;
        }
        return Refusal{Counter::InStateProtoError};
    }
    TellMapping(state, layer);
    context.work.transform.nOpenedBytes += layer.opened.clearBytes;
    context.work.transform.AddCrypto(state.GetType()->GetCrypto(), layer.opened.clearBytes);
    state.GetReplay().Advance(layer.front.sequence);
    m_net.NoteReplay(Ptr<State>(&state), context.now);
    state.Count(layer.opened.clearBytes);
    return CheckMode(state, layer.opened.nextHeader);
}

/// Tell key managers that a peer moved behind its NAT; the state stays as it is (R248).
void
Input::TellMapping(State& state, const Layer& layer)
{
    const StateConfig& config = state.GetConfig();
    const InputPacket& packet = layer.packet;
    if (layer.encapType != EncapType::None &&
        (packet.source != config.source || packet.encapPort != config.encapSourcePort))
    {
        m_net.NotifyMapping(Ptr<State>(&state), packet.source, packet.encapPort);
    }
}

std::optional<Input::Refusal>
Input::CheckMode(const State& state, uint8_t nextHeader)
{
    if (nextHeader == PROTO_IPIP)
    {
        return std::nullopt;
    }
    const StateConfig& config = state.GetConfig();
    if (config.mode != Mode::Transport)
    {
        return Refusal{Counter::InStateModeError};
    }
    // Without a family in its selector, transport mode has no mode for anything but IP in IP: the
    // kernel finds none and drops, and counts nothing (R255).
    return config.selector.family == 0 ? std::optional(Refusal{}) : std::nullopt;
}

InputResult
Input::Receive(const InputPacket& packet,
               SealedPacket& sealed,
               SecPath& path,
               const Context& context)
{
    Layer layer{.sealed = sealed,
                .packet = packet,
                .encapType = packet.encapType,
                .front = {},
                .opened = {}};
    uint8_t protocol = packet.protocol;
    while (true)
    {
        const auto front = sealed.ParseSpi(protocol);
        if (!front)
        {
            return Drop({Counter::InHdrError});
        }
        layer.front = *front;
        if (path.size() == MAX_DEPTH)
        {
            return Drop({Counter::InBufferError});
        }
        const Ptr<State> state =
            m_net.GetStates().LookupBySpi({packet.destination, front->spi, protocol},
                                          packet.mark,
                                          packet.family,
                                          context.work.state);
        if (!state)
        {
            return Drop({Counter::InNoStates});
        }
        path.push_back(state);
        if (const auto refusal = Admit(*state, layer, context))
        {
            return Drop(*refusal);
        }
        if (const auto refusal = Open(*state, layer, context))
        {
            return Drop(*refusal);
        }
        protocol = layer.opened.nextHeader;
        if (state->GetConfig().mode != Mode::Transport)
        {
            return {InputVerdict::Decapsulated, std::nullopt, protocol};
        }
        if (protocol != PROTO_ESP && protocol != PROTO_AH && protocol != PROTO_COMP)
        {
            return {InputVerdict::Delivered, std::nullopt, protocol};
        }
        layer.encapType = EncapType::None; // only the first layer may be encapsulated (R247)
    }
}

} // namespace ns3::xfrm
