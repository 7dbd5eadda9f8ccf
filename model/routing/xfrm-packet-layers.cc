/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-packet-layers.h"

#include "xfrm-ah-header.h"
#include "xfrm-esp-headers.h"
#include "xfrm-iv-source.h"
#include "xfrm-node-headers.h"

#include "ns3/node.h"
#include "ns3/udp-header.h"
#include "ns3/xfrm-esp.h"

#include <array>
#include <stdexcept>
#include <vector>

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t COMP_HEADER_BYTES{4}; //!< of an IPcomp header (RFC 3173) [bytes]

/// @return a state's ESP
const Esp&
GetEsp(const State& state)
{
    return static_cast<const Esp&>(*state.GetType());
}

/// @return length of the check value of a state's AH, and its padding [bytes]
uint32_t
GetAhIcvLength(const State& state)
{
    return state.GetType()->GetSealedLength(0, 0) - XfrmAhHeader::FIXED_BYTES;
}

/// @return the bytes of a packet
std::vector<uint8_t>
CopyBytes(const Packet& packet)
{
    std::vector<uint8_t> bytes(packet.GetSize());
    packet.CopyData(bytes.data(), bytes.size());
    return bytes;
}

/// @return the bytes of an IP header
std::vector<uint8_t>
CopyBytes(const Ipv4Header& header)
{
    Packet packet;
    packet.AddHeader(header);
    return CopyBytes(packet);
}

/// @brief Give a packet other bytes.
void
ReplaceBytes(Packet& packet, const std::vector<uint8_t>& bytes)
{
    packet.RemoveAtStart(packet.GetSize());
    packet.AddAtEnd(Create<Packet>(bytes.data(), bytes.size()));
}

/// @brief Make an ESP packet of the right lengths around what is protected.
void
WrapEsp(Packet& packet, const SealedLayer& layer)
{
    const Esp& esp = GetEsp(*layer.state);
    const uint32_t tfcBytes =
        layer.padToBytes > layer.clearBytes ? layer.padToBytes - layer.clearBytes : 0;
    const auto padBytes =
        static_cast<uint8_t>(esp.GetPadLength(layer.clearBytes, layer.padToBytes));
    packet.AddTrailer(XfrmEspTrailer(tfcBytes,
                                     padBytes,
                                     layer.nextHeader,
                                     {esp.GetKeyFingerprint(), esp.GetIcvLength()}));
    packet.AddHeader(XfrmEspHeader(layer.state->GetConfig().id.spi,
                                   static_cast<uint32_t>(layer.sequence),
                                   esp.GetIvLength()));
}

/// @brief Put an AH header before what is protected.
void
WrapAh(Packet& packet, const SealedLayer& layer)
{
    const State& state = *layer.state;
    packet.AddHeader(XfrmAhHeader(layer.nextHeader,
                                  state.GetConfig().id.spi,
                                  static_cast<uint32_t>(layer.sequence),
                                  {state.GetType()->GetKeyFingerprint(), GetAhIcvLength(state)}));
}

/// @brief Take off what WrapEsp() made.
/// @param packet the packet @param esp its state's ESP @param trailer its trailer
/// @return what was inside
OpenedLayer
UnwrapEsp(Packet& packet, const Esp& esp, const XfrmEspTrailer& trailer)
{
    const uint32_t headerBytes = XfrmEspHeader::FIXED_BYTES + esp.GetIvLength();
    const uint32_t trailerBytes = XfrmEspTrailer::FIXED_BYTES + esp.GetIcvLength();
    const uint32_t clearBytes = packet.GetSize() - headerBytes - trailerBytes;
    if (trailer.GetPadBytes() >= clearBytes || trailer.GetNextHeader() == PROTO_NONE)
    {
        return {error::INVAL, 0, 0};
    }
    packet.RemoveAtStart(headerBytes);
    packet.RemoveAtEnd(trailer.GetPadBytes() + trailerBytes);
    return {0, trailer.GetNextHeader(), packet.GetSize()};
}

/// @return whether there are bytes for a state's algorithms; if not, only fingerprints fit them
bool
CanOpen(State& state)
{
    try
    {
        state.GetCodec();
        return true;
    }
    catch (const std::invalid_argument&)
    {
        return false;
    }
}

/// @return the number at a place of a packet's front, in network order there
uint32_t
Read32(const std::array<uint8_t, XfrmAhHeader::FIXED_BYTES>& front, size_t place)
{
    return uint32_t{front[place]} << 24 | uint32_t{front[place + 1]} << 16 |
           uint32_t{front[place + 2]} << 8 | front[place + 3];
}

} // namespace

PacketSealer::PacketSealer(const Ptr<Packet>& packet, Ipv4Header& header, IvSource* ivs)
    : m_packet(packet),
      m_header(header),
      m_ivs(ivs)
{
}

void
PacketSealer::PushHeader(const IpHeader& outside)
{
    if (m_wasTunnelled && Node::ChecksumEnabled()) // IP sees to that of what comes
    {
        m_header.EnableChecksum();
    }
    m_packet->AddHeader(m_header);
    m_header = MakeHeader(outside);
    m_wasTunnelled = true;
}

void
PacketSealer::PushUdp(const StateConfig& config)
{
    if (config.encapType == EncapType::EspInUdpNonIke)
    {
        m_packet->AddHeader(XfrmEspHeader()); // 8 zeros
    }
    UdpHeader udp;
    udp.SetSourcePort(config.encapSourcePort);
    udp.SetDestinationPort(config.encapDestinationPort);
    m_packet->AddHeader(udp);
}

SealedSize
PacketSealer::SealBytes(const SealedLayer& layer)
{
    State& state = *layer.state;
    const uint8_t protocol = state.GetConfig().id.proto;
    if (!m_ivs && protocol == PROTO_ESP)
    {
        WrapEsp(*m_packet, layer);
        return {};
    }
    if (!m_ivs && protocol == PROTO_AH)
    {
        WrapAh(*m_packet, layer);
        return {};
    }
    LayerCodec& codec = state.GetCodec();
    std::vector<uint8_t> iv;
    std::vector<uint8_t> header;
    if (m_ivs)
    {
        iv = m_ivs->Make(layer.sequence, codec.GetIvLength());
    }
    if (protocol == PROTO_AH)
    {
        header = CopyBytes(m_header);
    }
    const SealedBytes sealed = codec.Seal(CopyBytes(*m_packet),
                                          {.sequence = layer.sequence,
                                           .nextHeader = layer.nextHeader,
                                           .padToBytes = layer.padToBytes,
                                           .iv = iv,
                                           .ipHeader = header});
    if (sealed.isSealed)
    {
        ReplaceBytes(*m_packet, sealed.bytes);
    }
    return {.error = sealed.error, .isSealed = sealed.isSealed};
}

SealedSize
PacketSealer::Seal(const SealedLayer& layer, const IpHeader& outside)
{
    const StateConfig& config = layer.state->GetConfig();
    if (config.mode != Mode::Transport)
    {
        PushHeader(outside);
    }
    // AH's check value is over the header as it leaves.
    const uint32_t length = layer.state->GetType()->GetSealedLength(layer.clearBytes, 0);
    m_header.SetProtocol(outside.protocol);
    m_header.SetPayloadSize(static_cast<uint16_t>(length));
    SealedSize sealed = SealBytes(layer);
    if (!sealed.isSealed)
    {
        m_header.SetProtocol(layer.nextHeader);
    }
    if (config.encapType != EncapType::None)
    {
        PushUdp(config);
    }
    sealed.bytes = m_packet->GetSize();
    m_header.SetPayloadSize(static_cast<uint16_t>(sealed.bytes));
    return sealed;
}

PacketOpener::PacketOpener(const Ptr<Packet>& packet, const Ipv4Header& header, bool isReal)
    : m_packet(packet),
      m_header(header),
      m_isReal(isReal)
{
}

std::optional<SpiSequence>
PacketOpener::ParseSpi(uint8_t protocol)
{
    std::array<uint8_t, XfrmAhHeader::FIXED_BYTES> front{};
    const uint32_t nBytes = m_packet->CopyData(front.data(), front.size());
    switch (protocol)
    {
    case PROTO_ESP:
        if (nBytes >= XfrmEspHeader::FIXED_BYTES)
        {
            return SpiSequence{Read32(front, 0), Read32(front, 4)};
        }
        return std::nullopt;
    case PROTO_AH:
        if (nBytes >= XfrmAhHeader::FIXED_BYTES)
        {
            return SpiSequence{Read32(front, 4), Read32(front, 8)};
        }
        return std::nullopt;
    case PROTO_COMP:
        if (nBytes >= COMP_HEADER_BYTES)
        {
            return SpiSequence{Read32(front, 0) & UINT16_MAX, 0};
        }
        return std::nullopt;
    case PROTO_IPIP:
        return SpiSequence{m_header.GetSource().Get(), 0}; // xfrm4_tunnel_spi_lookup()
    default:
        return std::nullopt;
    }
}

std::optional<OpenedLayer>
PacketOpener::OpenEspByFingerprint(const Esp& esp)
{
    const uint32_t icvBytes = esp.GetIcvLength();
    XfrmEspTrailer trailer(icvBytes);
    const uint32_t minBytes =
        XfrmEspHeader::FIXED_BYTES + esp.GetIvLength() + trailer.GetSerializedSize();
    if (m_packet->GetSize() < minBytes || (icvBytes == 0 && m_isReal))
    {
        return std::nullopt;
    }
    m_packet->PeekTrailer(trailer);
    if (trailer.GetIcv() != Fingerprint(esp.GetKeyFingerprint(), icvBytes))
    {
        return std::nullopt;
    }
    return UnwrapEsp(*m_packet, esp, trailer);
}

std::optional<OpenedLayer>
PacketOpener::OpenAhByFingerprint(const State& state)
{
    const uint32_t icvBytes = GetAhIcvLength(state);
    XfrmAhHeader header(icvBytes);
    if (m_packet->GetSize() < header.GetSerializedSize())
    {
        return std::nullopt;
    }
    m_packet->PeekHeader(header);
    if (header.GetIcv() != Fingerprint(state.GetType()->GetKeyFingerprint(), icvBytes))
    {
        return std::nullopt;
    }
    m_packet->RemoveHeader(header);
    return OpenedLayer{0, header.GetNextHeader(), m_packet->GetSize()};
}

std::optional<OpenedLayer>
PacketOpener::OpenByFingerprint(const State& state)
{
    switch (state.GetConfig().id.proto)
    {
    case PROTO_ESP:
        return OpenEspByFingerprint(GetEsp(state));
    case PROTO_AH:
        return OpenAhByFingerprint(state);
    default:
        return std::nullopt;
    }
}

OpenedLayer
PacketOpener::OpenBytes(State& state, uint64_t sequence)
{
    if (!CanOpen(state))
    {
        return {error::BADMSG, 0, 0};
    }
    const std::vector<uint8_t> header = CopyBytes(m_header);
    const OpenedBytes opened =
        state.GetCodec().Open(CopyBytes(*m_packet), {.sequence = sequence, .ipHeader = header});
    if (opened.error == 0)
    {
        ReplaceBytes(*m_packet, opened.clear);
    }
    return {opened.error, opened.nextHeader, m_packet->GetSize()};
}

OpenedLayer
PacketOpener::Open(State& state, uint64_t sequence)
{
    const std::optional<OpenedLayer> known = OpenByFingerprint(state);
    const OpenedLayer opened = known ? *known : OpenBytes(state, sequence);
    m_header.SetProtocol(opened.nextHeader);
    m_header.SetPayloadSize(static_cast<uint16_t>(m_packet->GetSize()));
    return opened;
}

} // namespace ns3::xfrm
