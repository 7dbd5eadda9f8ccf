/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IP_XFRM_COMMANDS_H
#define XFRM_IP_XFRM_COMMANDS_H

/**
 * @file
 * @ingroup xfrm
 * @brief What the commands of `ip xfrm` do, as values.
 */

#include "xfrm-ip-xfrm-error.h"

#include "ns3/xfrm-policy.h"
#include "ns3/xfrm-state.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace ns3::xfrm
{

/// An address and how many of its bits count.
struct Prefix
{
    IpAddress address;           //!< the address; bits that do not count are kept
    Family family{Family::Ipv4}; //!< its family
    uint8_t nBits{0};            //!< prefix length [bits]
};

/// A device that a selector names; its index is known only where the command is carried out.
struct DeviceName
{
    std::string name;        //!< the name, such as "eth0"
    SourcePosition position; //!< where it stands
};

/// `state add`.
struct StateAdd
{
    StateConfig config;               //!< the state; selector.ifindex is 0
    std::optional<DeviceName> device; //!< device of the selector, if it has one
};

/// `state update`.
struct StateUpdate
{
    StateConfig config;               //!< the state; selector.ifindex is 0
    std::optional<DeviceName> device; //!< device of the selector, if it has one
};

/// `state allocspi`: get an SPI for a state that is to come (R154).
struct StateAllocSpi
{
    StateConfig config;     //!< protocol, addresses, mode, request id, mark and sequence number
    uint32_t minSpi{0x100}; //!< smallest SPI
    uint32_t maxSpi{0x0fffffff}; //!< largest SPI
};

/// `state delete` and `state get`: which state.
struct StateReference
{
    StateId id;                  //!< what names the state
    Family family{Family::Ipv4}; //!< family of its addresses
    IpAddress source;            //!< source address, any if not given
    Mark mark;                   //!< mark
};

/// `state delete`.
struct StateDelete : StateReference
{
};

/// `state get`.
struct StateGet : StateReference
{
};

/// What `state list` and `state deleteall` ask of states; what is not given, all have.
struct StateFilter
{
    std::optional<Family> family;      //!< family
    std::optional<Prefix> source;      //!< where the source is
    std::optional<Prefix> destination; //!< where the destination is
    uint8_t proto{PROTO_ANY};          //!< protocol
    std::optional<uint32_t> spi;       //!< SPI
    std::optional<Mode> mode;          //!< mode
    std::optional<uint32_t> reqid;     //!< request id
    uint8_t flags{0};                  //!< one of these flags; 0: whatever flags

    /// @param config of a state @return whether it is one of those
    bool Takes(const StateConfig& config) const;
};

/// `state deleteall`.
struct StateDeleteAll
{
    StateFilter filter; //!< which
};

/// `state list`.
struct StateList
{
    StateFilter filter;    //!< which
    bool hidesKeys{false}; //!< without keys
};

/// `state flush`.
struct StateFlush
{
    uint8_t proto{PROTO_ANY}; //!< of this protocol only; PROTO_ANY: all
};

/// `policy add`.
struct PolicyAdd
{
    PolicyConfig config;              //!< the policy; selector.ifindex is 0
    std::optional<DeviceName> device; //!< device of the selector, if it has one
};

/// `policy update`.
struct PolicyUpdate
{
    PolicyConfig config;              //!< the policy; selector.ifindex is 0
    std::optional<DeviceName> device; //!< device of the selector, if it has one
};

/// `policy delete` and `policy get`: which policy.
struct PolicyReference
{
    PolicyType type{PolicyType::Main};   //!< type
    Direction direction{Direction::Out}; //!< direction
    uint32_t index{0};                   //!< index; 0: the selector decides
    Selector selector;                   //!< selector; ifindex is 0
    std::optional<DeviceName> device;    //!< device of the selector, if it has one
    Mark mark;                           //!< mark
};

/// `policy delete`.
struct PolicyDelete : PolicyReference
{
};

/// `policy get`.
struct PolicyGet : PolicyReference
{
};

/// What `policy list` and `policy deleteall` ask of policies; what is not given, all have.
struct PolicyFilter
{
    std::optional<Family> family;       //!< family
    Selector selector;                  //!< addresses within the prefixes, protocol, ports, device
    std::optional<DeviceName> device;   //!< device of the selector, if it has one
    std::optional<Direction> direction; //!< direction
    std::optional<uint32_t> index;      //!< index
    std::optional<PolicyType> type;     //!< type
    std::optional<PolicyAction> action; //!< action
    std::optional<uint32_t> priority;   //!< priority
    uint8_t flags{0};                   //!< one of these flags; 0: whatever flags
    bool hidesSockets{false};           //!< none of a socket

    /// @param policy a policy @return whether it is one of those
    bool Takes(const Policy& policy) const;
};

/// `policy deleteall`.
struct PolicyDeleteAll
{
    PolicyFilter filter; //!< which
};

/// `policy list`.
struct PolicyList
{
    PolicyFilter filter; //!< which
};

/// `policy flush`.
struct PolicyFlush
{
    PolicyType type{PolicyType::Main}; //!< type
};

/// `policy setdefault`, which Linux 4.1 refuses with EINVAL.
struct PolicySetDefault
{
    std::array<std::optional<PolicyAction>, 3> actions; //!< by Direction; unset: leave as it is
};

/// From which prefix lengths on policies are exact (R108).
struct Thresholds
{
    uint8_t localBits{0};  //!< of the address on this side [bits]
    uint8_t remoteBits{0}; //!< of the other one [bits]
};

/// `policy set`.
struct PolicySet
{
    std::optional<Thresholds> ipv4; //!< of IPv4; unset: leave them
    std::optional<Thresholds> ipv6; //!< of IPv6; unset: leave them
};

/// What a command does.
using IpXfrmAction = std::variant<StateAdd,
                                  StateUpdate,
                                  StateAllocSpi,
                                  StateDelete,
                                  StateGet,
                                  StateDeleteAll,
                                  StateList,
                                  StateFlush,
                                  PolicyAdd,
                                  PolicyUpdate,
                                  PolicyDelete,
                                  PolicyGet,
                                  PolicyDeleteAll,
                                  PolicyList,
                                  PolicyFlush,
                                  PolicySet,
                                  PolicySetDefault>;

} // namespace ns3::xfrm

#endif // XFRM_IP_XFRM_COMMANDS_H
