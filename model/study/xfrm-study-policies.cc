/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-study-policies.h"

#include "xfrm-traffic-check.h"

#include <string>

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t GATEWAY{0xc6120001};  //!< 198.18.0.1, the tunnels' near end
constexpr uint32_t PEERS{0x64400000};    //!< 100.64.0.0/10, where their far ends are
constexpr uint32_t N_PEERS{1U << 22};    //!< addresses there
constexpr uint32_t SCATTER{2654435761};  //!< odd, so that no two tunnels have one far end
constexpr uint32_t FIRST_SPI{0x1000};    //!< of the first tunnel
constexpr uint32_t SPI_STEP{0x00100000}; //!< from a state to its successor
constexpr size_t GCM_KEY_BYTES{20};      //!< AES-128 key and salt (RFC 4106)

/// A kind of policy: where its flows are.
struct PolicyKind
{
    uint32_t source;      //!< source prefix of all
    uint32_t destination; //!< destination prefix of the first
    uint8_t prefix;       //!< length of both [bits]
};

constexpr PolicyKind EXACT{0xc0a80001, 0x0a000000, 32};                 //!< 192.168.0.1, 10.0.0.0
constexpr PolicyKind PREFIXED{0xc0a80100, 0x0c000000, STUDY_THRESHOLD}; //!< 192.168.1.0, 12.0.0.0
constexpr PolicyKind INEXACT{0xc0a81000, 0x10000000, 20};               //!< 192.168.16.0, 16.0.0.0

/// Far ends are scattered as real ones are.  In a row they would cancel out the reqids, which are
/// in a row, too, and all states would lie in one bucket (xfrm_dst_hash()).
uint32_t
MakePeer(uint32_t number)
{
    return PEERS + (number + 1) * SCATTER % N_PEERS;
}

StateConfig
MakeState(uint32_t number)
{
    StateConfig state;
    state.id = {.destination = Ipv4Address(MakePeer(number)),
                .spi = FIRST_SPI + number,
                .proto = PROTO_ESP};
    state.source = Ipv4Address(GATEWAY);
    state.mode = Mode::Tunnel;
    state.reqid = number + 1;
    state.aead = Algorithm{.name = "rfc4106(gcm(aes))",
                           .key = std::vector<uint8_t>(GCM_KEY_BYTES, uint8_t{0x42}),
                           .icvBits = 128};
    return state;
}

PolicyConfig
MakePolicy(const FlowBlock& block, const StateConfig& state)
{
    PolicyConfig policy;
    policy.selector.source = block.source;
    policy.selector.sourcePrefix = block.sourcePrefix;
    policy.selector.destination = block.destination;
    policy.selector.destinationPrefix = block.destinationPrefix;
    Template wanted;
    wanted.destination = state.id.destination;
    wanted.source = state.source;
    wanted.reqid = state.reqid;
    wanted.mode = state.mode;
    policy.templates.push_back(wanted);
    return policy;
}

/// @brief Add policies of a kind, with their flows and states.
void
AddPolicies(const PolicyKind& kind, uint32_t count, bool hasOneState, StudyPolicies& all)
{
    const auto step = static_cast<uint32_t>(uint64_t{1} << (32 - kind.prefix));
    for (uint32_t i = 0; i < count; ++i)
    {
        if (all.states.empty() || !hasOneState)
        {
            all.states.push_back(MakeState(static_cast<uint32_t>(all.states.size())));
        }
        all.blocks.push_back({.source = Ipv4Address(kind.source),
                              .sourcePrefix = kind.prefix,
                              .destination = Ipv4Address(kind.destination + i * step),
                              .destinationPrefix = kind.prefix,
                              .isUniform = true});
        all.policies.push_back(MakePolicy(all.blocks.back(), all.states.back()));
    }
}

} // namespace

StudyPolicies
MakeStudyPolicies(const PolicyCounts& counts)
{
    const auto check = [](const std::string& name, uint32_t value, uint32_t most) {
        CheckTraffic(value <= most, name, value, "0 to " + std::to_string(most));
    };
    check("exact policies", counts.nExact, PolicyCounts::MAX_EXACT);
    check("prefixed policies", counts.nPrefixed, PolicyCounts::MAX_PREFIXED);
    check("inexact policies", counts.nInexact, PolicyCounts::MAX_INEXACT);
    StudyPolicies all;
    AddPolicies(EXACT, counts.nExact, counts.hasOneState, all);
    AddPolicies(PREFIXED, counts.nPrefixed, counts.hasOneState, all);
    AddPolicies(INEXACT, counts.nInexact, counts.hasOneState, all);
    CheckTraffic(!all.policies.empty(), "policies", 0, "1 or more");
    all.wantsThresholds = counts.nPrefixed > 0;
    return all;
}

StateConfig
MakeRekeyed(const StateConfig& state, uint32_t number)
{
    StateConfig next = state;
    next.id.spi += number * SPI_STEP;
    return next;
}

} // namespace ns3::xfrm
