/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STATE_CONFIG_H
#define XFRM_STATE_CONFIG_H

/**
 * @file
 * @ingroup xfrm
 * @brief What is configured of a state.
 */

#include "xfrm-replay-notifier.h"
#include "xfrm-replay-window.h"

#include "ns3/xfrm-ipsec.h"
#include "ns3/xfrm-selector.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/// What names a state on input: destination, SPI and protocol (struct xfrm_id).
struct StateId
{
    IpAddress destination; //!< destination of the outer header
    uint32_t spi{0};       //!< SPI, host order
    uint8_t proto{0};      //!< ESP, AH or IPcomp

    bool operator==(const StateId&) const = default;
};

/// An algorithm by its kernel name, with its key.
struct Algorithm
{
    std::string name;         //!< the kernel's name, such as "rfc4106(gcm(aes))", or its short one
    std::vector<uint8_t> key; //!< key, with the salt behind it where the algorithm has one
    uint32_t icvBits{0};      //!< length of the integrity check value; 0 the algorithm's own, which
                              //!< combined ones do not have [bits]
};

/// How ESP hides in UDP (struct xfrm_encap_tmpl), with the kernel's numbers.
enum class EncapType : uint16_t
{
    None = 0,           //!< it does not
    EspInUdpNonIke = 1, //!< behind 8 zero bytes (old drafts)
    EspInUdp = 2        //!< RFC 3948
};

/// What is configured of a state (struct xfrm_usersa_info and its attributes, R130, R134).
struct StateConfig
{
    static constexpr uint8_t FLAG_NOECN{1};             //!< keep congestion marks apart
    static constexpr uint8_t FLAG_DECAP_DSCP{2};        //!< copy the DSCP inside on input
    static constexpr uint8_t FLAG_NOPMTUDISC{4};        //!< no DF outside
    static constexpr uint8_t FLAG_WILDRECV{8};          //!< not for output
    static constexpr uint8_t FLAG_ICMP{16};             //!< check ICMP errors by what they quote
    static constexpr uint8_t FLAG_AF_UNSPEC{32};        //!< leave the selector's family unset
    static constexpr uint8_t FLAG_ALIGN4{64};           //!< AH: align to 4 bytes
    static constexpr uint8_t FLAG_ESN{128};             //!< extended sequence numbers
    static constexpr uint32_t EXTRA_DONT_ENCAP_DSCP{1}; //!< DSCP 0 outside (extra flag)

    StateId id;                           //!< destination, SPI, protocol
    IpAddress source;                     //!< source of the outer header, any: fits all (R141)
    Family family{Family::Ipv4};          //!< family of the outer header, IPv4 or IPv6
    Mode mode{Mode::Transport};           //!< mode
    uint32_t reqid{0};                    //!< request id
    uint8_t flags{0};                     //!< FLAG_ bits
    uint32_t extraFlags{0};               //!< EXTRA_ bits
    Selector selector;                    //!< flows it may serve; its family may be unset (R131)
    Mark mark;                            //!< marks taken
    LifetimeLimits limits;                //!< limits
    std::optional<Algorithm> aead;        //!< combined algorithm
    std::optional<Algorithm> auth;        //!< authentication
    std::optional<Algorithm> encryption;  //!< cipher
    std::optional<Algorithm> compression; //!< compression
    ReplayWindow::Config replay;          //!< replay protection; FLAG_ESN sets its isExtended
    ReplayNotifier::Config notices;       //!< when its sequence numbers are told
    EncapType encapType{EncapType::None}; //!< UDP encapsulation
    uint16_t encapSourcePort{0};          //!< its source port
    uint16_t encapDestinationPort{0};     //!< its destination port
    uint32_t tfcPad{0};                   //!< traffic flow confidentiality: pad to this [bytes]
    uint32_t sequence{0};                 //!< number of the acquire answered, 0 none (km.seq)
    bool isKernelOwned{false}; //!< made by the kernel for IPcomp's own use (tunnel_users)
};

} // namespace ns3::xfrm

#endif // XFRM_STATE_CONFIG_H
