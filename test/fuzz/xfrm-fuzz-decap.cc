/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-fuzz-targets.h"

#include "ns3/xfrm-decap.h"
#include "ns3/xfrm-ip-xfrm.h"

#include <algorithm>
#include <array>
#include <vector>

namespace ns3::xfrm::fuzz
{

namespace
{

constexpr uint64_t EPOCH{1434931200}; //!< wall clock at the start [s since 1970]

/// Commands of the hosts.  All are 10.9.0.2, in front of 10.2.0.0/24.  The keys are those of
/// test/golden/captures, so that its packets open; without keys, fuzzers find what opens.
constexpr std::array<const char*, 6> HOSTS{
    // recorded tunnels and policies
    R"(
xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1001 reqid 1 mode tunnel replay-window \
    32 aead 'rfc4106(gcm(aes))' 0x101112131415161718191a1b1c1d1e1fa0a1a2a3 128
xfrm policy add src 10.1.0.0/24 dst 10.2.0.0/24 dir fwd tmpl src 10.9.0.1 dst 10.9.0.2 proto \
    esp reqid 1 mode tunnel
)",
    // recorded transport mode, in UDP
    R"(
xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1001 reqid 1 mode transport \
    replay-window 32 encap espinudp 4500 4500 0.0.0.0 aead 'rfc4106(gcm(aes))' \
    0x101112131415161718191a1b1c1d1e1fa0a1a2a3 128
xfrm policy add src 10.9.0.1/32 dst 10.9.0.2/32 proto udp dir in tmpl proto esp reqid 1 mode \
    transport
)",
    // recorded CBC
    R"(
xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1001 reqid 1 mode tunnel replay-window \
    32 auth-trunc 'hmac(sha1)' 0x4041424344454647484950515253545556575859 96 enc 'cbc(aes)' \
    0x30313233343536373839303132333435
xfrm policy add src 10.1.0.0/24 dst 10.2.0.0/24 dir fwd tmpl src 10.9.0.1 dst 10.9.0.2 proto \
    esp reqid 1 mode tunnel
)",
    // everything opens: tunnel, transport, AH, IPcomp, ESP in UDP of both kinds
    R"(
xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1001 mode tunnel flag decap-dscp enc \
    cipher_null ''
xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1002 mode transport enc cipher_null ''
xfrm state add src 10.9.0.1 dst 10.9.0.2 proto ah spi 0x1003 mode transport auth digest_null ''
xfrm state add src 10.9.0.1 dst 10.9.0.2 proto comp spi 0x1004 mode tunnel comp deflate
xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1005 mode tunnel encap espinudp 4500 \
    4500 0.0.0.0 enc cipher_null ''
xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1006 mode transport encap \
    espinudp-nonike 500 500 0.0.0.0 enc cipher_null ''
)",
    // the same, asked of policies, with limits and numbers of 64 bits
    R"(
xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1001 reqid 1 mode tunnel replay-window \
    64 flag esn limit packet-soft 2 limit packet-hard 5 enc cipher_null ''
xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1002 reqid 2 mode transport \
    replay-window 32 limit time-use-soft 3 limit time-use-hard 9 enc cipher_null ''
xfrm state add src 10.9.0.1 dst 10.9.0.2 proto ah spi 0x1003 reqid 3 mode tunnel replay-window \
    32 limit byte-hard 5000 auth digest_null ''
xfrm policy add src 10.1.0.0/24 dst 10.2.0.0/24 dir fwd tmpl src 10.9.0.1 dst 10.9.0.2 proto \
    esp mode tunnel
xfrm policy add src 10.1.0.0/24 dst 10.9.0.2/32 dir in tmpl src 10.9.0.1 dst 10.9.0.2 proto ah \
    mode tunnel tmpl proto esp level use
xfrm policy add src 10.3.0.0/24 dst 10.2.0.0/24 dir fwd action block
# at 20s
xfrm state flush
)",
    // AH with a check value
    R"(
xfrm state add src 10.9.0.1 dst 10.9.0.2 proto ah spi 0x1001 mode tunnel replay-window 32 auth \
    'hmac(sha1)' 0x4041424344454647484950515253545556575859
)"};

constexpr size_t OPEN_HOST{3}; //!< the one that lets everything in

/// @return how often counters moved, all together
uint64_t
Sum(const Statistics& statistics)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < Statistics::N_COUNTERS; ++i)
    {
        sum += statistics.Get(static_cast<Counter>(i));
    }
    return sum;
}

/// @return the commands of each host
std::vector<std::vector<IpXfrmCommand>>
ReadHosts()
{
    std::vector<std::vector<IpXfrmCommand>> hosts;
    hosts.reserve(HOSTS.size());
    for (const char* const text : HOSTS)
    {
        hosts.push_back(IpXfrm::Read(text, "commands"));
    }
    return hosts;
}

/// @brief See that what became of a packet makes sense.
void
Check(const DecapResult& result)
{
    const bool isInner = result.verdict == DecapVerdict::Inner;
    Require(!isInner || result.isOpened, "what comes out was opened");
    Require(!result.isOpened || IpBytes(result.inner).IsWellFormed(), "what comes out is a packet");
    Require(!result.isOpened || !result.layers.empty(), "what was opened had a layer");
    Require(result.layers.size() <= MAX_DEPTH, "there are six layers at most");
    Require(!result.counter || result.verdict == DecapVerdict::Dropped, "a counter means a drop");
    for (const OpenedByteLayer& layer : result.layers)
    {
        Reseal(layer);
    }
}

} // namespace

void
FuzzDecap(Input input)
{
    if (input.empty())
    {
        return;
    }
    static const auto hosts = ReadHosts();
    const size_t choice = input[0] % hosts.size();
    DecapHost host(hosts[choice], EPOCH);
    Decap decap(host, {.hasPolicyCheck = choice != OPEN_HOST});
    Time now(0);
    constexpr size_t HEAD_BYTES{3};
    for (input = input.subspan(1); input.size() >= HEAD_BYTES;)
    {
        const size_t nBytes = std::min<size_t>(ReadUint16(input, 0), input.size() - HEAD_BYTES);
        now += Seconds(input[2]);
        const uint64_t before = Sum(host.GetNamespace().GetStatistics());
        const DecapResult result = decap.Receive(input.subspan(HEAD_BYTES, nBytes), now);
        const uint64_t after = Sum(host.GetNamespace().GetStatistics());
        Require(after == before + (result.counter ? 1 : 0), "one counter moves, or none");
        Check(result);
        input = input.subspan(HEAD_BYTES + nBytes);
    }
}

} // namespace ns3::xfrm::fuzz
