/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CAPTURES_PACKET_H
#define XFRM_CAPTURES_PACKET_H

#include "xfrm-captures-hosts.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

namespace ns3::xfrm::conformance
{

/// Reads the fields of a packet that recordings name.
class PacketFields
{
  public:
    /// @param packet a packet with at least its IP header, without options; must outlive this
    explicit PacketFields(const PacketBytes& packet);

    /// @return its length
    uint16_t GetLength() const;

    /// @return its protocol
    uint8_t GetProtocol() const;

    /// @return its destination address
    uint32_t GetDestination() const;

    /// @return whether it has DF
    bool IsDf() const;

    /// @return its identification
    uint16_t GetId() const;

    /// @return offset of its payload in the whole packet [bytes]
    uint16_t GetOffset() const;

    /// @return low 32 bits of the sequence number; null unless it begins with ESP or AH
    nlohmann::json GetSequence() const;

    /// @return "proto", "len", "df", "mf", "off"
    nlohmann::json Describe() const;

    /// @return Describe(), "src", "tos", and of ICMP "icmp" and maybe "icmp_mtu"
    nlohmann::json DescribeInside() const;

    /// @return "tos", "ttl", "df", "len" and "proto"
    nlohmann::json DescribeOuter() const;

    /// @return ports, length and checksum of the UDP header
    nlohmann::json DescribeUdp() const;

    /// @return MTU of an ICMP "fragmentation needed"; null for anything else
    nlohmann::json GetIcmpMtu() const;

  private:
    uint8_t ReadU8(size_t offset) const;
    uint16_t ReadU16(size_t offset) const;
    uint32_t ReadU32(size_t offset) const;

    const PacketBytes& m_packet; //!< the packet
};

/**
 * @ingroup xfrm-tests
 * @brief What identifications of IP say (R227), whatever generator they are from.
 *
 * 0 with DF; else they count up from packet to packet, and only fragments of one share it.
 */
class IdRule
{
  public:
    /**
     * @brief Replace identifications in a list of packets by what they say.
     * @param packets objects with "id" and "df"; of a recording
     * @return the same with "id" 0 if it is that with DF, else which of the list's identifications
     *         it is, from 1
     */
    static nlohmann::json Normalize(nlohmann::json packets);

    /**
     * @brief The same for packets of the model, whose identifications must count up.
     * @param packets objects with "id" and "df"
     * @return the same; "id" is -1 where it does not count up from the packet before, without DF
     */
    nlohmann::json Check(nlohmann::json packets);

  private:
    uint16_t m_last{0};      //!< the last identification of a packet without DF
    bool m_hasBefore{false}; //!< whether there was one
};

} // namespace ns3::xfrm::conformance

#endif // XFRM_CAPTURES_PACKET_H
