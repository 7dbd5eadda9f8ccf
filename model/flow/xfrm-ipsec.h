/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IPSEC_H
#define XFRM_IPSEC_H

/**
 * @file
 * @ingroup xfrm
 * @brief The words that policies and states share: protocols, modes, marks, lifetimes, errors.
 */

#include <cstdint>

namespace ns3::xfrm
{

constexpr uint8_t PROTO_ANY{0};       //!< no protocol given
constexpr uint8_t PROTO_ICMP{1};      //!< ICMP
constexpr uint8_t PROTO_IPIP{4};      //!< IPv4 in IPv4
constexpr uint8_t PROTO_TCP{6};       //!< TCP
constexpr uint8_t PROTO_UDP{17};      //!< UDP
constexpr uint8_t PROTO_DCCP{33};     //!< DCCP
constexpr uint8_t PROTO_GRE{47};      //!< GRE
constexpr uint8_t PROTO_ESP{50};      //!< Encapsulating Security Payload (RFC 4303)
constexpr uint8_t PROTO_AH{51};       //!< Authentication Header (RFC 4302)
constexpr uint8_t PROTO_ICMPV6{58};   //!< ICMPv6
constexpr uint8_t PROTO_NONE{59};     //!< no next header: a dummy packet
constexpr uint8_t PROTO_COMP{108};    //!< IP Payload Compression (RFC 3173)
constexpr uint8_t PROTO_SCTP{132};    //!< SCTP
constexpr uint8_t PROTO_MH{135};      //!< mobility header
constexpr uint8_t PROTO_UDPLITE{136}; //!< UDP-Lite

/**
 * @brief Results of the mechanism, with Linux' errno numbers, negative as in the kernel.
 *
 * An int32_t that is 0 on success carries them; errno names of the host are not used, since they
 * differ from system to system.
 */
namespace error
{
constexpr int32_t PERM{-1};          //!< -EPERM
constexpr int32_t NOENT{-2};         //!< -ENOENT
constexpr int32_t SRCH{-3};          //!< -ESRCH
constexpr int32_t AGAIN{-11};        //!< -EAGAIN
constexpr int32_t NOMEM{-12};        //!< -ENOMEM
constexpr int32_t EXIST{-17};        //!< -EEXIST
constexpr int32_t NODEV{-19};        //!< -ENODEV
constexpr int32_t INVAL{-22};        //!< -EINVAL
constexpr int32_t REMOTE{-66};       //!< -EREMOTE
constexpr int32_t BADMSG{-74};       //!< -EBADMSG
constexpr int32_t OVERRUN{-75};      //!< -EOVERFLOW
constexpr int32_t MSGSIZE{-90};      //!< -EMSGSIZE
constexpr int32_t AFNOSUPPORT{-97};  //!< -EAFNOSUPPORT
constexpr int32_t NETUNREACH{-101};  //!< -ENETUNREACH
constexpr int32_t NOBUFS{-105};      //!< -ENOBUFS
constexpr int32_t HOSTUNREACH{-113}; //!< -EHOSTUNREACH

/// @param error 0 or one of the above @return "ok", or the name without sign, such as "EPERM"
const char* GetName(int32_t error);
} // namespace error

/// The most templates of a policy, states of a chain and layers of a received packet.
constexpr uint32_t MAX_DEPTH{6}; // XFRM_MAX_DEPTH

/// How a packet is transformed, with the kernel's numbers (XFRM_MODE_*).
enum class Mode : uint8_t
{
    Transport = 0, //!< the payload of the IP packet is protected
    Tunnel = 1,    //!< the whole IP packet is protected, under a new IP header
    Beet = 4       //!< bound end-to-end tunnel; known, but refused by configuration (R207)
};

/**
 * @brief A value and the bits of it that count (struct xfrm_mark).
 *
 * On a policy or state it says which packet marks it takes: those with (mark & mask) == value.
 */
struct Mark
{
    uint32_t value{0}; //!< value wanted
    uint32_t mask{0};  //!< bits compared; 0 takes any mark

    /// @param mark a packet's or policy's mark @return whether it is taken
    constexpr bool Takes(uint32_t mark) const
    {
        return (mark & mask) == value;
    }

    /// @return the bits that this mark stands for (xfrm_mark_get())
    constexpr uint32_t Get() const
    {
        return value & mask;
    }

    bool operator==(const Mark&) const = default;
};

/// Limits of a lifetime (struct xfrm_lifetime_cfg): see R122 and R160 to R162.
struct LifetimeLimits
{
    uint64_t softBytes{UINT64_MAX};   //!< warn at this many [bytes]
    uint64_t hardBytes{UINT64_MAX};   //!< end at this many [bytes]
    uint64_t softPackets{UINT64_MAX}; //!< warn at this many packets
    uint64_t hardPackets{UINT64_MAX}; //!< end at this many packets
    uint64_t softAddSeconds{0};       //!< warn this long after it was added, 0 never [s]
    uint64_t hardAddSeconds{0};       //!< end this long after it was added, 0 never [s]
    uint64_t softUseSeconds{0};       //!< warn this long after its first use, 0 never [s]
    uint64_t hardUseSeconds{0};       //!< end this long after its first use, 0 never [s]

    bool operator==(const LifetimeLimits&) const = default;
};

/// What counts against the limits (struct xfrm_lifetime_cur).  Times are seconds of wall clock.
struct LifetimeUse
{
    uint64_t bytes{0};   //!< bytes so far [bytes]
    uint64_t packets{0}; //!< packets so far
    uint64_t addTime{0}; //!< when it was added [s of wall clock]
    uint64_t useTime{0}; //!< policy: last use; state: first use; 0 never [s of wall clock]
};

} // namespace ns3::xfrm

#endif // XFRM_IPSEC_H
