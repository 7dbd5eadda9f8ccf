/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-captures-packet.h"

#include "ns3/xfrm-ipsec.h"

#include <algorithm>
#include <string>

namespace ns3::xfrm::conformance
{

namespace
{

using nlohmann::json;

constexpr size_t HEADER_BYTES{20}; //!< an IP header without options
constexpr uint16_t DF{0x4000};     //!< don't fragment
constexpr uint16_t MF{0x2000};     //!< more fragments

} // namespace

PacketFields::PacketFields(const PacketBytes& packet)
    : m_packet(packet)
{
}

/// Beyond the packet's end all is 0.
uint8_t
PacketFields::ReadU8(size_t offset) const
{
    return offset < m_packet.size() ? m_packet[offset] : 0;
}

uint16_t
PacketFields::ReadU16(size_t offset) const
{
    return static_cast<uint16_t>(ReadU8(offset) << 8 | ReadU8(offset + 1));
}

uint32_t
PacketFields::ReadU32(size_t offset) const
{
    return static_cast<uint32_t>(ReadU16(offset)) << 16 | ReadU16(offset + 2);
}

uint16_t
PacketFields::GetLength() const
{
    return ReadU16(2);
}

uint8_t
PacketFields::GetProtocol() const
{
    return ReadU8(9);
}

uint32_t
PacketFields::GetDestination() const
{
    return ReadU32(16);
}

bool
PacketFields::IsDf() const
{
    return (ReadU16(6) & DF) != 0;
}

uint16_t
PacketFields::GetId() const
{
    return ReadU16(4);
}

uint16_t
PacketFields::GetOffset() const
{
    return static_cast<uint16_t>((ReadU16(6) & 0x1fffU) * 8);
}

json
PacketFields::GetSequence() const
{
    if (GetOffset() == 0 && GetProtocol() == PROTO_ESP)
    {
        return ReadU32(HEADER_BYTES + 4);
    }
    if (GetOffset() == 0 && GetProtocol() == PROTO_AH)
    {
        return ReadU32(HEADER_BYTES + 8);
    }
    return {};
}

json
PacketFields::Describe() const
{
    return {{"proto", GetProtocol()},
            {"len", GetLength()},
            {"df", IsDf() ? 1 : 0},
            {"mf", (ReadU16(6) & MF) != 0 ? 1 : 0},
            {"off", GetOffset()}};
}

json
PacketFields::DescribeInside() const
{
    json fields = Describe();
    std::string source;
    for (size_t i = 12; i < 16; ++i)
    {
        source += (source.empty() ? "" : ".") + std::to_string(ReadU8(i));
    }
    fields["src"] = source;
    fields["tos"] = ReadU8(1);
    if (GetProtocol() == PROTO_ICMP && GetOffset() == 0)
    {
        fields["icmp"] =
            std::to_string(ReadU8(HEADER_BYTES)) + "/" + std::to_string(ReadU8(HEADER_BYTES + 1));
        if (const json mtu = GetIcmpMtu(); !mtu.is_null())
        {
            fields["icmp_mtu"] = mtu;
        }
    }
    return fields;
}

json
PacketFields::DescribeOuter() const
{
    return {{"tos", ReadU8(1)},
            {"ttl", ReadU8(8)},
            {"df", IsDf() ? 1 : 0},
            {"len", GetLength()},
            {"proto", GetProtocol()}};
}

json
PacketFields::DescribeUdp() const
{
    return {ReadU16(HEADER_BYTES),
            ReadU16(HEADER_BYTES + 2),
            ReadU16(HEADER_BYTES + 4),
            ReadU16(HEADER_BYTES + 6)};
}

json
PacketFields::GetIcmpMtu() const
{
    constexpr uint16_t fragmentationNeeded = 0x0304; // type 3, code 4 (RFC 1191)
    const bool isNeeded =
        GetProtocol() == PROTO_ICMP && ReadU16(HEADER_BYTES) == fragmentationNeeded;
    return isNeeded ? json(ReadU16(HEADER_BYTES + 6)) : json();
}

json
IdRule::Normalize(json packets)
{
    if (!packets.is_array())
    {
        return packets;
    }
    std::vector<json> ids;
    for (json& packet : packets)
    {
        const bool hasId = packet.is_object() && packet.contains("id");
        if (!hasId || (packet["id"] == 0 && packet.value("df", json()) == 1))
        {
            continue;
        }
        const auto found = std::find(ids.begin(), ids.end(), packet["id"]);
        const auto number = found - ids.begin();
        if (found == ids.end())
        {
            ids.push_back(packet["id"]);
        }
        packet["id"] = number + 1;
    }
    return packets;
}

json
IdRule::Check(json packets)
{
    json normal = Normalize(packets);
    for (size_t i = 0; i < packets.size(); ++i)
    {
        if (packets[i].at("df") == 1)
        {
            continue;
        }
        const auto id = packets[i].at("id").get<uint16_t>();
        const bool isFragment = i > 0 && packets[i - 1].at("id") == id;
        const auto growth = static_cast<int16_t>(id - m_last);
        if (m_hasBefore && !isFragment && growth <= 0)
        {
            normal[i]["id"] = -1;
        }
        m_last = id;
        m_hasBefore = true;
    }
    return normal;
}

} // namespace ns3::xfrm::conformance
