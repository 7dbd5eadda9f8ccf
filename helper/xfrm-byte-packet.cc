/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-byte-packet.h"

#include "ns3/xfrm-ipsec.h"

#include <algorithm>

namespace ns3::xfrm
{

namespace
{

constexpr size_t ESP_FRONT_BYTES{8};       //!< SPI and sequence number
constexpr size_t AH_HEADER_BYTES{12};      //!< all of an AH header but the check value
constexpr size_t IPCOMP_HEADER_BYTES{4};   //!< of an IPcomp header (RFC 3173)
constexpr size_t MOST_PACKET_BYTES{65535}; //!< longest IPv4 packet

/// @return where two sequences first differ; the shorter one's length if it begins the other
size_t
FindDifference(std::span<const uint8_t> left, std::span<const uint8_t> right)
{
    return std::ranges::mismatch(left, right).in1 - left.begin();
}

/// @brief Compress anew, and compare what it decompresses to.
Resealed
ResealCompressed(const OpenedByteLayer& layer)
{
    LayerCodec& codec = layer.state->GetCodec();
    SealInput input;
    input.nextHeader = layer.nextHeader;
    const SealedBytes again = codec.Seal(layer.clear, input);
    if (!again.isSealed) // without gain it is left alone, whatever the other side thought
    {
        return {};
    }
    const OpenedBytes opened = codec.Open(again.bytes, {});
    return {opened.clear == layer.clear && opened.nextHeader == layer.nextHeader,
            FindDifference(opened.clear, layer.clear)};
}

} // namespace

BytePacket::BytePacket(std::span<const uint8_t> header,
                       uint8_t protocol,
                       std::span<const uint8_t> payload)
    : m_packet(JoinIp(header, protocol, payload))
{
}

std::optional<SpiSequence>
BytePacket::ParseSpi(uint8_t protocol)
{
    const std::span<const uint8_t> front = GetPayload();
    switch (protocol)
    {
    case PROTO_ESP:
        return front.size() < ESP_FRONT_BYTES
                   ? std::nullopt
                   : std::optional(SpiSequence{ReadUint32(front, 0), ReadUint32(front, 4)});
    case PROTO_AH:
        return front.size() < AH_HEADER_BYTES
                   ? std::nullopt
                   : std::optional(SpiSequence{ReadUint32(front, 4), ReadUint32(front, 8)});
    case PROTO_COMP:
        return front.size() < IPCOMP_HEADER_BYTES
                   ? std::nullopt
                   : std::optional(SpiSequence{ReadUint16(front, 2), 0});
    case PROTO_IPIP: // xfrm4_tunnel_spi_lookup()
        return SpiSequence{IpBytes(m_packet).GetSource().GetFirstWord(), 0};
    default:
        return std::nullopt;
    }
}

OpenedLayer
BytePacket::Open(State& state, uint64_t sequence)
{
    const IpBytes view(m_packet);
    const auto header = view.GetHeader();
    const auto sealed = view.GetPayload();
    OpenedBytes opened = state.GetCodec().Open(sealed, {.sequence = sequence, .ipHeader = header});
    // What IPcomp holds may be too long for IP.
    if (opened.error == 0 && header.size() + opened.clear.size() > MOST_PACKET_BYTES)
    {
        opened = {error::INVAL, 0, {}};
    }
    if (opened.error != 0)
    {
        return {opened.error, 0, 0};
    }
    m_layers.push_back({.state = Ptr<State>(&state),
                        .sequence = sequence,
                        .nextHeader = opened.nextHeader,
                        .ipHeader = {header.begin(), header.end()},
                        .sealed = {sealed.begin(), sealed.end()},
                        .clear = opened.clear});
    m_packet = JoinIp(m_layers.back().ipHeader, opened.nextHeader, opened.clear);
    return {0, opened.nextHeader, static_cast<uint32_t>(opened.clear.size())};
}

Resealed
Reseal(const OpenedByteLayer& layer)
{
    if (layer.state->GetConfig().id.proto == PROTO_COMP)
    {
        return ResealCompressed(layer);
    }
    LayerCodec& codec = layer.state->GetCodec();
    const std::span<const uint8_t> sealed(layer.sealed);
    const size_t ivBytes = codec.GetIvLength();
    const auto iv = ivBytes == 0 ? sealed.first(0) : sealed.subspan(ESP_FRONT_BYTES, ivBytes);
    const SealedBytes again = codec.Seal(layer.clear,
                                         {.sequence = layer.sequence,
                                          .nextHeader = layer.nextHeader,
                                          .padToBytes = 0, // the zeros of TFC are there
                                          .iv = iv,
                                          .ipHeader = layer.ipHeader});
    return {again.bytes == layer.sealed, FindDifference(again.bytes, layer.sealed)};
}

} // namespace ns3::xfrm
