/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RSS_H
#define XFRM_RSS_H

#include "ns3/xfrm-flow.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace ns3::xfrm
{

/// What a network card sees of a received packet.
struct RssPacket
{
    Family family{Family::Ipv4}; //!< address family
    IpAddress source;            //!< source address
    IpAddress destination;       //!< destination address
    uint8_t proto{0};            //!< protocol behind the IP header
    bool isFragment{false};      //!< a fragment, the first one included
    uint16_t sourcePort{0};      //!< source port, if the protocol has ports
    uint16_t destinationPort{0}; //!< destination port, if the protocol has ports
    uint32_t spi{0};             //!< SPI, if the protocol is ESP or AH
};

/**
 * @ingroup xfrm
 * @brief Receive-side scaling: which queue of a network card a packet goes to.
 *
 * Source: the Toeplitz hash and the indirection table of Microsoft's "Receive Side Scaling" (NDIS),
 * which Linux drivers use with `ethtool -X` and `-N rx-flow-hash`.  The hash covers the addresses,
 * and behind them the ports of TCP and, if asked for, UDP, or the SPI of ESP and AH; of fragments
 * only the addresses.
 */
class Rss
{
  public:
    static constexpr size_t KEY_BYTES{
        40}; //!< length of the key, enough for IPv6 with ports [bytes]

    /// Microsoft's sample key, which is many drivers' default.
    static constexpr std::array<uint8_t, KEY_BYTES> DEFAULT_KEY{
        0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
        0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
        0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa};

    /// Settings.
    struct Config
    {
        uint32_t nQueues{1};                             //!< receive queues, from 1
        std::array<uint8_t, KEY_BYTES> key{DEFAULT_KEY}; //!< hash key
        std::vector<uint32_t>
            table{};             //!< queue by low bits of the hash; a power of two entries, each
                                 //!< below nQueues; empty: 128 that take the queues in turn
        bool usesUdpPorts{true}; //!< UDP: hash the ports, too
        bool usesSpi{false};     //!< ESP, AH: hash the SPI, too
    };

    /// @param config settings @throws std::invalid_argument naming the value that is out of range
    explicit Rss(const Config& config);

    /// @param packet a packet @return its queue
    uint32_t GetQueue(const RssPacket& packet) const
    {
        return GetQueue(Hash(packet));
    }

    /// @param hash the hash of a packet @return its queue
    uint32_t GetQueue(uint32_t hash) const
    {
        return m_table[hash & (m_table.size() - 1)];
    }

    /// @param packet a packet @return its hash
    uint32_t Hash(const RssPacket& packet) const;

    /// @param input at most 36 bytes @return the Toeplitz hash of the bytes
    uint32_t HashBytes(std::span<const uint8_t> input) const;

    /// @return receive queues
    uint32_t GetQueues() const
    {
        return m_nQueues;
    }

  private:
    static constexpr size_t MAX_INPUT_BYTES{36}; //!< IPv6 addresses and ports [bytes]

    uint32_t m_nQueues;            //!< receive queues
    bool m_usesUdpPorts;           //!< UDP: hash the ports, too
    bool m_usesSpi;                //!< ESP, AH: hash the SPI, too
    std::vector<uint32_t> m_table; //!< queue by low bits of the hash
    /// share of each input byte in the hash, by its place and value
    std::vector<std::array<uint32_t, 256>> m_shares;
};

} // namespace ns3::xfrm

#endif // XFRM_RSS_H
