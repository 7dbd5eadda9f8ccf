/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-esp-codec.h"

#include "xfrm-esp-headers.h"

#include "ns3/buffer.h"
#include "ns3/xfrm-esp.h"

namespace ns3::xfrm
{

namespace
{

/// @return a state's ESP
const Esp&
GetEsp(const State& state)
{
    return static_cast<const Esp&>(*state.GetType());
}

/// @return protocol number of what a state protects in a packet
uint8_t
GetNextHeader(const SealedLayer& layer)
{
    const bool isTunnel = layer.state->GetConfig().mode != Mode::Transport;
    return isTunnel ? PROTO_IPIP : layer.inside.protocol;
}

/**
 * @brief Append a trailer as plain bytes.
 *
 * ns-3.37 cannot print a fragment of a packet that it knows to have a trailer.
 */
void
AppendBytes(Packet& packet, const Trailer& trailer)
{
    Buffer buffer;
    buffer.AddAtEnd(trailer.GetSerializedSize());
    trailer.Serialize(buffer.End());
    packet.AddAtEnd(Create<Packet>(buffer.PeekData(), buffer.GetSize()));
}

} // namespace

void
SealEsp(Packet& packet, const SealedLayer& layer)
{
    const Esp& esp = GetEsp(*layer.state);
    const uint32_t tfcBytes =
        layer.padToBytes > layer.clearBytes ? layer.padToBytes - layer.clearBytes : 0;
    const auto padBytes =
        static_cast<uint8_t>(esp.GetPadLength(layer.clearBytes, layer.padToBytes));
    AppendBytes(packet,
                XfrmEspTrailer(tfcBytes,
                               padBytes,
                               GetNextHeader(layer),
                               esp.GetIcvLength(),
                               esp.GetKeyFingerprint()));
    packet.AddHeader(XfrmEspHeader(layer.state->GetConfig().id.spi,
                                   static_cast<uint32_t>(layer.sequence),
                                   esp.GetIvLength()));
}

EspPacket::EspPacket(const Ptr<Packet>& packet)
    : m_packet(packet)
{
}

std::optional<SpiSequence>
EspPacket::ParseSpi(uint8_t protocol)
{
    if (protocol != PROTO_ESP || m_packet->GetSize() < XfrmEspHeader::FIXED_BYTES)
    {
        return std::nullopt;
    }
    XfrmEspHeader header;
    m_packet->PeekHeader(header);
    return SpiSequence{header.GetSpi(), header.GetSequence()};
}

OpenedLayer
EspPacket::Open(const State& state)
{
    const Esp& esp = GetEsp(state);
    XfrmEspHeader header(esp.GetIvLength());
    XfrmEspTrailer trailer(esp.GetIcvLength());
    const uint32_t fixedBytes = header.GetSerializedSize() + trailer.GetSerializedSize();
    if (m_packet->GetSize() < fixedBytes)
    {
        return {error::INVAL, 0, 0};
    }
    m_packet->RemoveHeader(header);
    m_packet->RemoveAtEnd(
        m_packet->PeekTrailer(trailer)); // padding follows when its length is known
    if (!trailer.HasFingerprint(esp.GetKeyFingerprint()))
    {
        return {error::BADMSG, 0, 0};
    }
    if (trailer.GetPadBytes() >= m_packet->GetSize() || trailer.GetNextHeader() == PROTO_NONE)
    {
        return {error::INVAL, 0, 0};
    }
    m_packet->RemoveAtEnd(trailer.GetPadBytes());
    return {0, trailer.GetNextHeader(), m_packet->GetSize()};
}

} // namespace ns3::xfrm
