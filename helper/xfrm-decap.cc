/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-decap.h"

#include "ns3/ipv4-header.h"
#include "ns3/packet.h"
#include "ns3/xfrm-ecn.h"
#include "ns3/xfrm-flow-decoder.h"
#include "ns3/xfrm-ipsec.h"
#include "ns3/xfrm-udp-encap.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// By DecapVerdict.
constexpr std::array<const char*, N_DECAP_VERDICTS> TEXTS{"inner",
                                                          "dropped",
                                                          "fragment",
                                                          "overlapping fragment",
                                                          "keepalive",
                                                          "ike",
                                                          "plain",
                                                          "not for this host",
                                                          "malformed",
                                                          "cut short"};

/// @return whether a UDP packet has the right checksum, or none (RFC 768)
/// @param packet in which IP packet @param udp the UDP packet
bool
HasGoodChecksum(const IpBytes& packet, std::span<const uint8_t> udp)
{
    const uint16_t found = ReadUint16(udp, 6);
    const uint16_t sum = SumPseudoHeader(packet.GetSource(), packet.GetDestination(), udp.size());
    // What its sender captured has the sum of the pseudo header only, and the rest is the card's.
    return found == 0 || found == sum || HasRightUdpChecksum(udp, sum);
}

/// @return the flow of a packet as the receiver sees it (R103)
Flow
DecodeBytes(const IpBytes& packet)
{
    Ipv4Header header;
    header.SetSource(packet.GetSource().GetIpv4());
    header.SetDestination(packet.GetDestination().GetIpv4());
    header.SetProtocol(packet.GetProtocol());
    header.SetTos(packet.GetTos());
    header.SetFragmentOffset(static_cast<uint16_t>(packet.GetFragmentOffset()));
    if (packet.HasMoreFragments())
    {
        header.SetMoreFragments();
    }
    const auto payload = packet.GetPayload();
    return DecodeFlow(header, *Create<Packet>(payload.data(), payload.size()), 0, 0);
}

/// @brief Let the type of service out of the outer header into the inner one (R259).
/// @param inner the inner packet @param outer type of service of the outer one @param state its
/// state
void
CopyTosInside(Octets& inner, uint8_t outer, const State& state)
{
    const uint8_t flags = state.GetConfig().flags;
    const uint8_t before = IpBytes(inner).GetTos();
    const uint8_t after = DecapsulateTos(outer,
                                         before,
                                         (flags & StateConfig::FLAG_DECAP_DSCP) != 0,
                                         (flags & StateConfig::FLAG_NOECN) == 0);
    if (after != before)
    {
        SetTos(std::span(inner).first(IpBytes(inner).GetHeader().size()), after);
    }
}

/// @return whether packets of a protocol are opened (R240)
bool
IsOpened(uint8_t protocol)
{
    return protocol == PROTO_ESP || protocol == PROTO_AH || protocol == PROTO_COMP ||
           protocol == PROTO_IPIP;
}

} // namespace

/// A packet that is being opened, and what is known of it so far.
struct Decap::Arrival
{
    Octets packet;      //!< the packet, well-formed; later what was inside
    SecPath path;       //!< states of layers that it shed
    DecapResult result; //!< what became of it
};

const char*
GetText(DecapVerdict verdict)
{
    return TEXTS.at(static_cast<size_t>(verdict));
}

Decap::Decap(DecapHost& host, const Config& config)
    : m_host(host),
      m_config(config),
      m_input(host.GetNamespace()),
      m_check(host.GetNamespace())
{
}

/// @return what becomes of a packet before anything is opened; none: it goes on
/// @param packet the packet @param whole gets it, well-formed and whole, if it goes on
std::optional<DecapVerdict>
Decap::Take(const IpBytes& packet, Octets& whole)
{
    if (!packet.IsWellFormed())
    {
        return DecapVerdict::Malformed;
    }
    if (!m_host.HasAddress(packet.GetDestination()))
    {
        return DecapVerdict::NotForThisHost;
    }
    if (!packet.IsFragment())
    {
        whole = JoinIp(packet.GetHeader(), packet.GetProtocol(), packet.GetPayload());
        return std::nullopt;
    }
    auto taken = m_reassembly.Take(packet, m_host.Here().now);
    whole = std::move(taken.packet);
    switch (taken.verdict)
    {
    case FragmentVerdict::Waiting:
        return DecapVerdict::Fragment;
    case FragmentVerdict::Overlaps:
        return DecapVerdict::BadFragment;
    case FragmentVerdict::Malformed:
        return DecapVerdict::Malformed;
    case FragmentVerdict::Whole:
        break;
    }
    return std::nullopt;
}

DecapResult
Decap::Receive(std::span<const uint8_t> packet, Time now)
{
    m_host.WaitUntil(now);
    Arrival arrival;
    if (const auto verdict = Take(IpBytes(packet), arrival.packet))
    {
        arrival.result.verdict = *verdict;
    }
    else
    {
        Deliver(arrival);
    }
    return std::move(arrival.result);
}

/// Opens layers until there is none, or the packet is dropped.
void
Decap::Deliver(Arrival& arrival)
{
    while (true)
    {
        const IpBytes packet(arrival.packet);
        const bool isForThis = m_host.HasAddress(packet.GetDestination());
        const uint8_t protocol = packet.GetProtocol();
        if (!isForThis || packet.IsFragment() || (!IsOpened(protocol) && protocol != PROTO_UDP))
        {
            LetIn(arrival, isForThis ? Direction::In : Direction::Forward);
            return;
        }
        InputPacket description;
        description.source = packet.GetSource();
        description.destination = packet.GetDestination();
        description.protocol = protocol;
        const bool goesOn = protocol == PROTO_UDP ? TakeUdp(arrival)
                                                  : Open(arrival, description, packet.GetPayload());
        if (!goesOn)
        {
            return;
        }
    }
}

/// Takes ESP out of a UDP packet and opens it.  @return whether there is more to open
bool
Decap::TakeUdp(Arrival& arrival)
{
    const IpBytes packet(arrival.packet);
    const auto payload = packet.GetPayload();
    const bool isOutermost = arrival.path.empty();
    const bool hasPorts = payload.size() >= UDP_HEADER_BYTES;
    const EncapType type = hasPorts ? m_host.FindEncap(ReadUint16(payload, 2)) : EncapType::None;
    const auto udp = payload.first(GetUdpLength(payload, payload.size()));
    if (isOutermost && (udp.empty() || !HasGoodChecksum(packet, udp)))
    {
        arrival.result.verdict = DecapVerdict::Malformed;
        return false;
    }
    if (type == EncapType::None || udp.empty())
    {
        LetIn(arrival, Direction::In);
        return false;
    }
    if (!m_config.hasBypass && !IsLetIn(arrival, Direction::In))
    {
        return false;
    }
    const auto espOffset = FindEspInUdp(udp, udp.size(), type);
    if (!espOffset)
    {
        arrival.result.verdict =
            IsUdpKeepalive(udp, udp.size()) ? DecapVerdict::Keepalive : DecapVerdict::Ike;
        return false;
    }
    if (isOutermost)
    {
        arrival.result.encapType = type;
    }
    InputPacket description;
    description.source = packet.GetSource();
    description.destination = packet.GetDestination();
    description.encapType = type;
    description.encapPort = ReadUint16(udp, 0);
    return Open(arrival, description, udp.subspan(*espOffset));
}

/**
 * @brief Open layers down to a tunnel or a transport protocol.
 * @param arrival the packet @param description what is known of it
 * @param payload what follows its IP header, UDP encapsulation taken off
 * @return whether it is open, and what was inside is to be looked at
 */
bool
Decap::Open(Arrival& arrival, const InputPacket& description, std::span<const uint8_t> payload)
{
    DecapResult& result = arrival.result;
    BytePacket bytes(IpBytes(arrival.packet).GetHeader(), description.protocol, payload);
    if (arrival.path.empty())
    {
        result.front = bytes.ParseSpi(description.protocol);
    }
    const InputResult opened = m_input.Receive(description, bytes, arrival.path, m_host.Here());
    std::ranges::move(bytes.TakeLayers(), std::back_inserter(result.layers));
    if (opened.verdict == InputVerdict::Dropped)
    {
        result.verdict = DecapVerdict::Dropped;
        result.counter = opened.counter;
        return false;
    }
    if (opened.verdict == InputVerdict::Delivered)
    {
        arrival.packet = bytes.GetPacket();
        return true;
    }
    const uint8_t tos = IpBytes(bytes.GetPacket()).GetTos();
    const auto inner = bytes.GetPayload();
    arrival.packet.assign(inner.begin(), inner.end());
    if (!IpBytes(arrival.packet).IsWellFormed())
    {
        result.verdict = DecapVerdict::Malformed;
        return false;
    }
    CopyTosInside(arrival.packet, tos, *arrival.path.back());
    return true;
}

/// Lets a packet in or through, or drops it, as policies say.
void
Decap::LetIn(Arrival& arrival, Direction direction)
{
    const bool isInside = !arrival.path.empty();
    if (isInside)
    {
        const IpBytes inner(arrival.packet);
        const size_t nBytes = inner.GetHeader().size() + inner.GetPayload().size();
        arrival.result.isOpened = true;
        arrival.result.inner.assign(arrival.packet.begin(), arrival.packet.begin() + nBytes);
    }
    if (IsLetIn(arrival, direction))
    {
        arrival.result.verdict = isInside ? DecapVerdict::Inner : DecapVerdict::Plain;
    }
}

/// @return whether policies let a packet in or through; else the result says why (R260 to R267)
bool
Decap::IsLetIn(Arrival& arrival, Direction direction)
{
    if (!m_config.hasPolicyCheck || m_check.PassesUnchecked(direction, arrival.path, false))
    {
        return true;
    }
    const Flow flow = DecodeBytes(IpBytes(arrival.packet));
    const CheckResult checked = m_check.Check(direction, &flow, arrival.path, m_host.Here());
    if (!checked.isAccepted)
    {
        arrival.result.verdict = DecapVerdict::Dropped;
        arrival.result.counter = checked.counter;
    }
    return checked.isAccepted;
}

} // namespace ns3::xfrm
