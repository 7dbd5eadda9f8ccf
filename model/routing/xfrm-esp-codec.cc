/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-esp-codec.h"

#include "xfrm-esp-headers.h"

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

} // namespace

void
SealEsp(Packet& packet, const SealedLayer& layer)
{
    const Esp& esp = GetEsp(*layer.state);
    const uint32_t tfcBytes =
        layer.padToBytes > layer.clearBytes ? layer.padToBytes - layer.clearBytes : 0;
    const auto padBytes =
        static_cast<uint8_t>(esp.GetPadLength(layer.clearBytes, layer.padToBytes));
    packet.AddTrailer(XfrmEspTrailer(tfcBytes,
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
    XfrmEspTrailer trailer(esp.GetIcvLength());
    const uint32_t headerBytes = XfrmEspHeader::FIXED_BYTES + esp.GetIvLength();
    const uint32_t trailerBytes = trailer.GetSerializedSize();
    if (m_packet->GetSize() < headerBytes + trailerBytes)
    {
        return {error::INVAL, 0, 0};
    }
    m_packet->PeekTrailer(trailer);
    if (!trailer.HasFingerprint(esp.GetKeyFingerprint()))
    {
        return {error::BADMSG, 0, 0};
    }
    const uint32_t clearBytes = m_packet->GetSize() - headerBytes - trailerBytes;
    if (trailer.GetPadBytes() >= clearBytes || trailer.GetNextHeader() == PROTO_NONE)
    {
        return {error::INVAL, 0, 0};
    }
    m_packet->RemoveAtStart(headerBytes);
    m_packet->RemoveAtEnd(trailer.GetPadBytes() + trailerBytes);
    return {0, trailer.GetNextHeader(), m_packet->GetSize()};
}

} // namespace ns3::xfrm
