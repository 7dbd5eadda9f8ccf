/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FLOW_KEY_H
#define XFRM_FLOW_KEY_H

#include "xfrm-ip-address.h"
#include "xfrm-jhash.h"

#include "ns3/ipv6-address.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace ns3::xfrm
{

/// Direction of a flow, with the kernel's numbers (flow cache and policy use the same).
enum class Direction : uint8_t
{
    In = 0,     //!< received for this node
    Out = 1,    //!< sent by this node, and the output half of forwarding
    Forward = 2 //!< forwarded
};

/// Address families that have a flow key, with Linux' numbers.  Any other number is uncached.
enum class Family : uint16_t
{
    Ipv4 = 2,   //!< AF_INET
    Ipv6 = 10,  //!< AF_INET6
    Decnet = 12 //!< AF_DECnet
};

/**
 * @ingroup xfrm
 * @brief Which fields a flow key has and where: it changed twice while the flow cache existed.
 *
 * Source: include/net/flow.h (doc/spec/flow-cache.md, sections 3 and 12).
 */
enum class KeyLayout : uint8_t
{
    Linux41, //!< up to 4.2: 8 / 16 / 8 words for IPv4 / IPv6 / DECnet
    Linux43, //!< 4.3 to 4.9: tunnel id added, 12 / 18 / 10 words
    Linux410 //!< from 4.10: user id added, 14 / 20 / 12 words
};

/**
 * @brief Length of the flow keys of a family (flow_key_size()).
 * @param family the address family's number
 * @param layout the kernel's key layout
 * @return [32-bit words]; 0 if the flow cache does not serve this family
 */
uint32_t GetKeyWords(uint16_t family, KeyLayout layout);

/**
 * @ingroup xfrm
 * @brief What is compared beside the key words but not hashed: family, direction, and the length.
 *
 * Kept in one word, so that one comparison serves.
 */
class FlowIdentity
{
  public:
    /// An uncached flow of no family.
    constexpr FlowIdentity() = default;

    /**
     * @param family the address family's number
     * @param direction the direction
     * @param nWords key length [32-bit words]; 0: the flow is not cached
     */
    constexpr FlowIdentity(uint16_t family, Direction direction, uint8_t nWords)
        : m_bits(family | static_cast<uint32_t>(direction) << 16 |
                 static_cast<uint32_t>(nWords) << 24)
    {
    }

    /// @return the address family's number
    constexpr uint16_t GetFamily() const
    {
        return static_cast<uint16_t>(m_bits);
    }

    /// @return the direction
    constexpr Direction GetDirection() const
    {
        return static_cast<Direction>(m_bits >> 16 & 0xff);
    }

    /// @return key length [32-bit words], 0 if the flow is not cached
    constexpr uint32_t GetWords() const
    {
        return m_bits >> 24;
    }

    bool operator==(const FlowIdentity&) const = default;

  private:
    uint32_t m_bits{0}; //!< family in the low 16 bits, then direction, then length
};

/**
 * @ingroup xfrm
 * @brief A flow key somewhere in memory: cheap to pass, owns nothing.
 */
struct FlowKeyView
{
    const uint32_t* words{nullptr}; //!< key words in memory order, identity.GetWords() of them
    FlowIdentity identity;          //!< family, direction, length

    /// @return whether the flow cache serves this flow's family
    bool IsCached() const
    {
        return identity.GetWords() != 0;
    }

    /**
     * @brief The kernel's hash of the flow (flow_hash_code(), before the bucket mask).
     * @param seed the CPU's hash_rnd
     * @return the hash of the key words; identity has no part in it
     */
    uint32_t Hash(uint32_t seed) const
    {
        // IPv4 before 4.3 is the common case: a constant length is twice as fast.
        return identity.GetWords() == 8 ? Jhash2(words, 8, seed) : HashAnyLength(seed);
    }

    /// @param seed the CPU's hash_rnd @return the hash of a key of any length
    uint32_t HashAnyLength(uint32_t seed) const;
};

/**
 * @ingroup xfrm
 * @brief The upper-layer word of a flow key: ports, ICMP type and code, SPI or GRE key.
 *
 * Source: union flowi_uli.  Bytes in network order, destination port first.
 */
class UpperLayer
{
  public:
    /// Nothing known of the upper layer: all zero.
    UpperLayer() = default;

    /// @param source source port @param destination destination port @return the word
    static UpperLayer Ports(uint16_t source, uint16_t destination);

    /// @param type ICMP type @param code ICMP code @return the word
    static UpperLayer Icmp(uint8_t type, uint8_t code);

    /// @param spi SPI of ESP or AH @return the word
    static UpperLayer Spi(uint32_t spi);

    /// @param key GRE key @return the word
    static UpperLayer GreKey(uint32_t key);

    /// @return the four bytes as they lie in the key
    const std::array<uint8_t, 4>& GetBytes() const;

  private:
    std::array<uint8_t, 4> m_bytes{}; //!< network order
};

/**
 * @ingroup xfrm
 * @brief The fields that flow keys of all families share (struct flowi_common).
 *
 * A layout without tunnelId or userId ignores them.
 */
struct FlowFields
{
    int32_t oif{0};       //!< output device index, 0 unknown
    int32_t iif{0};       //!< input device index, 1 for local output
    uint32_t mark{0};     //!< packet mark
    uint8_t tos{0};       //!< type of service
    uint8_t scope{0};     //!< route scope
    uint8_t proto{0};     //!< IP protocol number
    uint8_t flags{0};     //!< flow flags
    uint32_t secid{0};    //!< security label
    uint64_t tunnelId{0}; //!< tunnel id, from 4.3 on
    uint32_t userId{0};   //!< user id, from 4.10 on
};

/**
 * @ingroup xfrm
 * @brief Flow key: the exact bytes that Linux hashes and compares, with family and direction.
 *
 * Source: struct flowi4, flowi6, flowidn, flow_key_size() and flow_key_compare(),
 * include/net/flow.h and net/core/flow.c, Linux 4.1 (doc/spec/flow-cache.md, section 3; R60).
 * Left out: the network namespace, since each namespace has a cache of its own (from 3.15 on).
 *
 * The padding at the end of IPv6 and DECnet keys is hashed and compared like any field.
 * Words are stored as a little-endian machine has them, so that hashes equal those of x86-64.
 */
class FlowKey
{
  public:
    static constexpr uint32_t MIN_WORDS{8};  //!< the shortest key of any layout [32-bit words]
    static constexpr uint32_t MAX_WORDS{20}; //!< the longest key of any layout [32-bit words]

    /// An uncached flow of no family.
    FlowKey() = default;

    /**
     * @brief A key from its bytes.
     * @param family the address family's number
     * @param direction the direction
     * @param bytes the key as it lies in memory, padding included; empty for an uncached family
     * @throws std::invalid_argument unless the length is the family's in one of the layouts
     */
    FlowKey(uint16_t family, Direction direction, std::span<const uint8_t> bytes);

    /// @param key a key to copy
    explicit FlowKey(FlowKeyView key);

    /**
     * @brief An IPv4 key.
     * @param direction the direction
     * @param common the common fields
     * @param source source address
     * @param destination destination address
     * @param upper upper-layer word
     * @param layout the kernel's key layout
     * @return the key, padding 0
     */
    static FlowKey Ipv4(Direction direction,
                        const FlowFields& common,
                        const IpAddress& source,
                        const IpAddress& destination,
                        UpperLayer upper,
                        KeyLayout layout = KeyLayout::Linux41);

    /**
     * @brief An IPv6 key.
     * @param direction the direction
     * @param common the common fields
     * @param source source address
     * @param destination destination address
     * @param flowLabel flow label, 20 bits
     * @param upper upper-layer word
     * @param layout the kernel's key layout
     * @param padding value of the padding at the end, which only Linux41 has; callers in the kernel
     *                that do not clear it make false misses
     * @return the key
     */
    static FlowKey Ipv6(Direction direction,
                        const FlowFields& common,
                        Ipv6Address source,
                        Ipv6Address destination,
                        uint32_t flowLabel,
                        UpperLayer upper,
                        KeyLayout layout = KeyLayout::Linux41,
                        uint32_t padding = 0);

    /// @return the key's bytes in memory order
    std::vector<uint8_t> GetBytes() const;

    /// @return this key without its storage; valid as long as this object
    FlowKeyView View() const
    {
        return {m_words.data(), m_identity};
    }

    /// @return this key without its storage; valid as long as this object
    operator FlowKeyView() const // NOLINT(google-explicit-constructor): a key is its view
    {
        return View();
    }

    bool operator==(const FlowKey&) const = default;

  private:
    static FlowKey ShortIpv4(Direction direction,
                             const FlowFields& common,
                             const IpAddress& source,
                             const IpAddress& destination,
                             UpperLayer upper);

    std::array<uint32_t, MAX_WORDS> m_words{}; //!< the key, unused words 0
    FlowIdentity m_identity;                   //!< family, direction, length
};

} // namespace ns3::xfrm

#endif // XFRM_FLOW_KEY_H
