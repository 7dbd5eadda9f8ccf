/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-rss.h"

#include "ns3/xfrm-ipsec.h"

#include <bit>
#include <stdexcept>
#include <string>

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t DEFAULT_TABLE_SIZE{128}; //!< entries of an indirection table

/// The bytes that are hashed, in their order.
class RssInput
{
  public:
    /// Append an address, all of its family's bytes.
    void Append(const IpAddress& address, Family family)
    {
        const size_t nWords = family == Family::Ipv6 ? 4 : 1;
        for (size_t i = 0; i < nWords; ++i)
        {
            Append(address.GetWords()[i]);
        }
    }

    /// Append a word, high byte first.
    void Append(uint32_t word)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            m_bytes[m_size++] = static_cast<uint8_t>(word >> shift);
        }
    }

    /// @return the bytes
    std::span<const uint8_t> Get() const
    {
        return std::span(m_bytes).first(m_size);
    }

  private:
    std::array<uint8_t, 36> m_bytes{}; //!< the bytes
    size_t m_size{0};                  //!< how many there are
};

/// @param key the hash key @param bit a bit of the input, from 0 @return the 32 key bits from
/// there on
uint32_t
GetWindow(const std::array<uint8_t, Rss::KEY_BYTES>& key, size_t bit)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < 5; ++i)
    {
        bits = bits << 8 | (bit / 8 + i < key.size() ? key[bit / 8 + i] : 0);
    }
    return static_cast<uint32_t>(bits >> (8 - bit % 8));
}

/// @return the table that takes the queues in turn
std::vector<uint32_t>
MakeTable(uint32_t nQueues)
{
    std::vector<uint32_t> table(DEFAULT_TABLE_SIZE);
    for (uint32_t i = 0; i < DEFAULT_TABLE_SIZE; ++i)
    {
        table[i] = i % nQueues;
    }
    return table;
}

/// @param config settings @throws std::invalid_argument naming the value that is out of range
void
CheckConfig(const Rss::Config& config)
{
    if (config.nQueues == 0)
    {
        throw std::invalid_argument("RSS with 0 queues: must be 1 or more");
    }
    if (!config.table.empty() && !std::has_single_bit(config.table.size()))
    {
        throw std::invalid_argument("RSS indirection table of " +
                                    std::to_string(config.table.size()) +
                                    " entries: must be a power of two");
    }
    for (size_t i = 0; i < config.table.size(); ++i)
    {
        if (config.table[i] >= config.nQueues)
        {
            throw std::invalid_argument("RSS indirection table entry " + std::to_string(i) +
                                        " names queue " + std::to_string(config.table[i]) +
                                        ": must be 0 to " + std::to_string(config.nQueues - 1));
        }
    }
}

} // namespace

Rss::Rss(const Config& config)
    : m_nQueues(config.nQueues),
      m_usesUdpPorts(config.usesUdpPorts),
      m_usesSpi(config.usesSpi),
      m_shares(MAX_INPUT_BYTES)
{
    CheckConfig(config);
    m_table = config.table.empty() ? MakeTable(config.nQueues) : config.table;
    for (size_t place = 0; place < MAX_INPUT_BYTES; ++place)
    {
        for (size_t value = 1; value < 256; ++value)
        {
            const size_t bit = 7 - std::countr_zero(value); // of the byte, the highest is bit 0
            m_shares[place][value] =
                m_shares[place][value & (value - 1)] ^ GetWindow(config.key, 8 * place + bit);
        }
    }
}

uint32_t
Rss::HashBytes(std::span<const uint8_t> input) const
{
    uint32_t hash = 0;
    for (size_t place = 0; place < input.size(); ++place)
    {
        hash ^= m_shares[place][input[place]];
    }
    return hash;
}

uint32_t
Rss::Hash(const RssPacket& packet) const
{
    RssInput input;
    input.Append(packet.source, packet.family);
    input.Append(packet.destination, packet.family);
    const bool hasPorts =
        packet.proto == PROTO_TCP || (packet.proto == PROTO_UDP && m_usesUdpPorts);
    if (packet.isFragment)
    {
        return HashBytes(input.Get());
    }
    if (hasPorts)
    {
        input.Append(static_cast<uint32_t>(packet.sourcePort) << 16 | packet.destinationPort);
    }
    else if (m_usesSpi && (packet.proto == PROTO_ESP || packet.proto == PROTO_AH))
    {
        input.Append(packet.spi);
    }
    return HashBytes(input.Get());
}

} // namespace ns3::xfrm
