/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-decap.h"

#include "xfrm-test-captures.h"

#include "ns3/abort.h"
#include "ns3/xfrm-ip-xfrm.h"
#include "ns3/xfrm-show-text.h"

namespace ns3::xfrm::tests
{

namespace
{

constexpr uint64_t EPOCH{1434931200}; //!< wall clock at the start [s since 1970]

// No strings, which suites would need before they are made.
constexpr const char* GCM_IN_UDP{
    "aead 'rfc4106(gcm(aes))' 0x101112131415161718191a1b1c1d1e1fa0a1a2a3 128"
    " encap espinudp 4500 4500 0.0.0.0"};
constexpr const char* CBC{
    "enc 'cbc(aes)' 0x30313233343536373839303132333435 auth-trunc 'hmac(sha256)'"
    " 0x4041424344454647484950515253545556575859606162636465666768697071 128"};

/// @brief Append a number of 16 bits.
void
Append(Octets& bytes, size_t number)
{
    bytes.push_back(static_cast<uint8_t>(number >> 8));
    bytes.push_back(static_cast<uint8_t>(number));
}

} // namespace

std::string
MakeStateText(const std::string& protection,
              const std::string& proto,
              const std::string& mode,
              uint32_t spi)
{
    const std::string window = proto == "comp" ? "" : " replay-window 32";
    return "ip xfrm state add src 10.9.0.1 dst 10.9.0.2 proto " + proto + " spi 0x" +
           show::ToHex(spi) + " reqid 1 mode " + mode + window + " " + protection + "\n";
}

std::string
MakePolicyText(const std::string& templates, const std::string& words)
{
    return "ip xfrm policy add " + words + " " + templates + "\n";
}

std::string
MakeTunnelText(const std::string& proto)
{
    return "tmpl src 10.9.0.1 dst 10.9.0.2 proto " + proto + " reqid 1 mode tunnel";
}

std::vector<Protection>
ListProtections()
{
    return {{.name = "GCM", .words = DECAP_GCM},
            {.name = "CBC and HMAC", .words = CBC},
            {.name = "AH", .words = DECAP_SHA1, .proto = "ah", .protocol = PROTO_AH},
            {.name = "GCM in UDP", .words = GCM_IN_UDP, .isInUdp = true}};
}

DecapFixture::DecapFixture(const std::string& commands, const Decap::Config& config)
    : host(IpXfrm::Read(commands, "commands"), EPOCH),
      decap(host, config)
{
}

DecapFixture::DecapFixture(const Protection& protection)
    : DecapFixture(MakeStateText(protection.words, protection.proto) +
                   MakePolicyText(MakeTunnelText(protection.proto)))
{
}

Octets
DecapFixture::MakeOuter(uint8_t protocol, std::span<const uint8_t> payload, uint8_t tos)
{
    Octets header = FromHex("45000000 1234 4000 40000000 0a090001 0a090002");
    header[1] = tos;
    return JoinIp(header, protocol, payload);
}

Octets
DecapFixture::Seal(std::span<const uint8_t> clear, const LayerWords& words)
{
    StateWork work;
    const auto state = host.GetNamespace().GetStates().LookupBySpi(
        {Ipv4Address("10.9.0.2"), words.spi, words.protocol},
        0,
        Family::Ipv4,
        work);
    NS_ABORT_MSG_UNLESS(state, "no such state");
    LayerCodec& codec = state->GetCodec();
    const Octets iv = MakePattern(codec.GetIvLength(), 0x30);
    const size_t nBytes =
        state->GetType()->GetSealedLength(static_cast<uint32_t>(clear.size()), words.padToBytes);
    const Octets outer = MakeOuter(words.protocol, Octets(nBytes), words.tos);
    const SealedBytes sealed = codec.Seal(clear,
                                          {.sequence = words.sequence,
                                           .nextHeader = words.nextHeader,
                                           .padToBytes = words.padToBytes,
                                           .iv = iv,
                                           .ipHeader = std::span(outer).first(20)});
    NS_ABORT_MSG_UNLESS(sealed.isSealed, "not sealed");
    return sealed.bytes;
}

Octets
DecapFixture::MakeSealed(const Protection& protection, uint32_t sequence)
{
    const Octets sealed =
        Seal(MakeInner(), {.protocol = protection.protocol, .sequence = sequence});
    return protection.isInUdp ? MakeOuter(PROTO_UDP, MakeUdp(sealed))
                              : MakeOuter(protection.protocol, sealed);
}

Octets
DecapFixture::MakeUdp(std::span<const uint8_t> payload, uint16_t destinationPort)
{
    Octets udp;
    Append(udp, 4500);
    Append(udp, destinationPort);
    Append(udp, 8 + payload.size());
    Append(udp, 0);
    udp.insert(udp.end(), payload.begin(), payload.end());
    return udp;
}

Octets
DecapFixture::MakeInner(uint8_t tos)
{
    return MakeIp({.payloadBytes = 20, .tos = tos});
}

std::string
DecapFixture::Receive(std::span<const uint8_t> packet)
{
    const Statistics before = host.GetNamespace().GetStatistics();
    last = decap.Receive(packet, now);
    std::string text = GetText(last.verdict);
    for (size_t i = 0; i < Statistics::N_COUNTERS; ++i)
    {
        const auto counter = static_cast<Counter>(i);
        const uint64_t moved =
            host.GetNamespace().GetStatistics().Get(counter) - before.Get(counter);
        if (moved > 0)
        {
            text.append(" ").append(Statistics::GetLabel(counter));
            text.append("+").append(std::to_string(moved));
        }
    }
    return text;
}

std::string
DecapFixture::ResealLast() const
{
    for (const OpenedByteLayer& layer : last.layers)
    {
        const Resealed again = Reseal(layer);
        if (!again.isEqual)
        {
            return "differs at " + std::to_string(again.firstOffset);
        }
    }
    return last.layers.empty() ? "no layer" : "equal";
}

} // namespace ns3::xfrm::tests
