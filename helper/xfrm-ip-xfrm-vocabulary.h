/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IP_XFRM_VOCABULARY_H
#define XFRM_IP_XFRM_VOCABULARY_H

/**
 * @file
 * @ingroup xfrm
 * @brief Words of `ip xfrm` that stand for values, as they are read and written.
 */

#include "xfrm-ip-xfrm-names.h"

#include "ns3/xfrm-policy.h"
#include "ns3/xfrm-state-config.h"

#include <cstdint>
#include <string>

namespace ns3::xfrm::vocabulary
{

/// Protocols of selectors, those of the protocols database that selectors are written for.
inline constexpr NamedValue<uint8_t> PROTOCOLS[]{
    {"any", 0},
    {"ip", 0},
    {"icmp", PROTO_ICMP},
    {"igmp", 2},
    {"ipencap", PROTO_IPIP},
    {"tcp", PROTO_TCP},
    {"udp", PROTO_UDP},
    {"dccp", PROTO_DCCP},
    {"ipv6", 41},
    {"gre", PROTO_GRE},
    {"esp", PROTO_ESP},
    {"ah", PROTO_AH},
    {"ipv6-icmp", PROTO_ICMPV6},
    {"ospf", 89},
    {"ipcomp", PROTO_COMP},
    {"vrrp", 112},
    {"l2tp", 115},
    {"sctp", PROTO_SCTP},
    {"mobility-header", PROTO_MH},
    {"udplite", PROTO_UDPLITE},
};

/// Protocols of states and templates.
inline constexpr NamedValue<uint8_t> IPSEC_PROTOCOLS[]{
    {"esp", PROTO_ESP},
    {"ah", PROTO_AH},
    {"comp", PROTO_COMP},
};

/// Modes of states and templates.
inline constexpr NamedValue<Mode> MODES[]{{"transport", Mode::Transport}, {"tunnel", Mode::Tunnel}};

/// Directions of policies.
inline constexpr NamedValue<Direction> DIRECTIONS[]{
    {"in", Direction::In},
    {"out", Direction::Out},
    {"fwd", Direction::Forward},
};

/// Types of policies.
inline constexpr NamedValue<PolicyType> POLICY_TYPES[]{
    {"main", PolicyType::Main},
    {"sub", PolicyType::Sub},
};

/// Actions of policies.
inline constexpr NamedValue<PolicyAction> ACTIONS[]{
    {"allow", PolicyAction::Allow},
    {"block", PolicyAction::Block},
};

/// Whether a template is optional.
inline constexpr NamedValue<bool> LEVELS[]{{"required", false}, {"use", true}};

/// Flags of policies.
inline constexpr NamedValue<uint32_t> POLICY_FLAGS[]{
    {"localok", PolicyConfig::FLAG_LOCALOK},
    {"icmp", PolicyConfig::FLAG_ICMP},
};

/// Flags of states.
inline constexpr NamedValue<uint32_t> STATE_FLAGS[]{
    {"noecn", StateConfig::FLAG_NOECN},
    {"decap-dscp", StateConfig::FLAG_DECAP_DSCP},
    {"nopmtudisc", StateConfig::FLAG_NOPMTUDISC},
    {"wildrecv", StateConfig::FLAG_WILDRECV},
    {"icmp", StateConfig::FLAG_ICMP},
    {"af-unspec", StateConfig::FLAG_AF_UNSPEC},
    {"align4", StateConfig::FLAG_ALIGN4},
    {"esn", StateConfig::FLAG_ESN},
};

/// Extra flags of states.
inline constexpr NamedValue<uint32_t> EXTRA_FLAGS[]{
    {"dont-encap-dscp", StateConfig::EXTRA_DONT_ENCAP_DSCP},
};

/// Kinds of UDP encapsulation.
inline constexpr NamedValue<EncapType> ENCAP_TYPES[]{
    {"espinudp", EncapType::EspInUdp},
    {"espinudp-nonike", EncapType::EspInUdpNonIke},
};

} // namespace ns3::xfrm::vocabulary

#endif // XFRM_IP_XFRM_VOCABULARY_H
