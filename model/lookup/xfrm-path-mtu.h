/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_PATH_MTU_H
#define XFRM_PATH_MTU_H

/**
 * @file
 * @ingroup xfrm
 * @brief What a socket's packets may measure, and how they are cut.
 */

#include <cstdint>

namespace ns3::xfrm
{

/// What a socket does about the path MTU (IP_MTU_DISCOVER), with the kernel's numbers.
enum class PathMtuDiscovery : uint8_t
{
    Dont = 0,  //!< never DF; larger packets are cut
    Want = 1,  //!< DF on packets that fit; larger ones are cut
    Do = 2,    //!< always DF; larger packets are refused
    Probe = 3, //!< always DF; packets larger than the device's MTU are refused
    Omit = 5   //!< never DF; pieces have the device's MTU
};

/// What becomes of a packet for its size.
struct SizeVerdict
{
    bool isRefused{false};      //!< its sender gets -EMSGSIZE
    bool isDontFragment{false}; //!< it gets DF
    bool mayExceedMtu{false};   //!< it may be cut, whatever its DF says (ignore_df)
};

/// @param discovery a socket's choice
/// @return whether the path MTU counts for its packets, else only the device's (ip_sk_use_pmtu())
constexpr bool
UsesPathMtu(PathMtuDiscovery discovery)
{
    return discovery != PathMtuDiscovery::Probe && discovery != PathMtuDiscovery::Omit;
}

/**
 * @brief Judge the size of a packet of a socket (ip_make_skb(), ip_append_data(), R204).
 * @param discovery the socket's choice
 * @param length the packet's length, IP header included [bytes]
 * @param pathMtu what its chain or route takes [bytes]
 * @param deviceMtu what its device takes [bytes]
 * @return what becomes of it
 */
SizeVerdict JudgeSize(PathMtuDiscovery discovery,
                      uint32_t length,
                      uint32_t pathMtu,
                      uint32_t deviceMtu);

/// How a packet's payload is cut: into pieces of one length and the rest, which may be longer.
struct Cut
{
    uint32_t pieceBytes{0}; //!< payload of each piece but the last, a multiple of 8 [bytes]
    uint32_t nPieces{1};    //!< number of pieces; 1: it is not cut
};

/**
 * @brief Cut a packet to what a path takes (ip_fragment()).
 * @param payloadBytes what follows its IP header [bytes]
 * @param headerBytes its IP header [bytes]
 * @param mtu what the path takes, at least 8 more than the header [bytes]
 * @return how
 */
Cut CutToFit(uint32_t payloadBytes, uint32_t headerBytes, uint32_t mtu);

/**
 * @brief How a packet of a socket was put together from pieces that transport mode leaves as they
 * are (ip_append_data(), R206).
 *
 * The first piece has room for what the chain puts in front; what it puts behind goes with the last
 * one.
 *
 * @param clearBytes what followed the IP header before the chain [bytes]
 * @param chainBytes what the chain puts in front, in all [bytes]
 * @param headerBytes the IP header [bytes]
 * @param chainMtu what the chain takes [bytes]
 * @return how
 */
Cut CutToPieces(uint32_t clearBytes, uint32_t chainBytes, uint32_t headerBytes, uint32_t chainMtu);

} // namespace ns3::xfrm

#endif // XFRM_PATH_MTU_H
