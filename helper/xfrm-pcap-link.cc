/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-pcap-link.h"

#include <algorithm>
#include <array>
#include <pcap/dlt.h>
#include <string_view>

namespace ns3::xfrm
{

namespace
{

using Bytes = std::span<const uint8_t>;

constexpr uint16_t ETHERTYPE_IPV4{0x0800};
constexpr uint8_t AF_INET_EVERYWHERE{2}; //!< AF_INET, the same on all systems

/// @param bytes at least 2 bytes from the offset on @return a number in network order
uint16_t
ReadU16(Bytes bytes, size_t offset)
{
    return static_cast<uint16_t>(bytes[offset] << 8 | bytes[offset + 1]);
}

/// @return whether an EtherType is that of a tag of 802.1Q, 802.1ad, or 802.1ad before it was one
bool
IsTag(uint16_t type)
{
    return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

/// @param typeOffset where the EtherType of a frame stands, right before what it carries
FramePayload
ParseEtherType(Bytes frame, size_t typeOffset)
{
    constexpr size_t tagBytes = 4;
    size_t offset = typeOffset;
    while (offset + 2 <= frame.size() && IsTag(ReadU16(frame, offset)))
    {
        offset += tagBytes;
    }
    if (offset + 2 > frame.size())
    {
        return {PcapSkip::CutShort, {}};
    }
    if (ReadU16(frame, offset) != ETHERTYPE_IPV4)
    {
        return {PcapSkip::NotIpv4, {}};
    }
    return {{}, frame.subspan(offset + 2)};
}

FramePayload
ParseEthernet(Bytes frame)
{
    return ParseEtherType(frame, 12); // behind two addresses
}

FramePayload
ParseCooked(Bytes frame)
{
    return ParseEtherType(frame, 14); // behind type, address type, its length and 8 bytes of it
}

FramePayload
ParseCooked2(Bytes frame)
{
    constexpr size_t headerBytes = 20; // the EtherType first
    if (frame.size() < headerBytes)
    {
        return {PcapSkip::CutShort, {}};
    }
    if (ReadU16(frame, 0) != ETHERTYPE_IPV4)
    {
        return {PcapSkip::NotIpv4, {}};
    }
    return {{}, frame.subspan(headerBytes)};
}

FramePayload
ParseRaw(Bytes frame)
{
    if (frame.empty())
    {
        return {PcapSkip::CutShort, {}};
    }
    if (frame[0] >> 4 != 4)
    {
        return {PcapSkip::NotIpv4, {}};
    }
    return {{}, frame};
}

FramePayload
ParsePpp(Bytes frame)
{
    constexpr uint16_t protocolIpv4 = 0x0021;
    size_t offset = frame.size() >= 2 && ReadU16(frame, 0) == 0xff03 ? 2 : 0;
    if (offset >= frame.size())
    {
        return {PcapSkip::CutShort, {}};
    }
    uint16_t protocol = frame[offset++];
    if (protocol % 2 == 0) // an odd byte is the last one of a protocol
    {
        if (offset >= frame.size())
        {
            return {PcapSkip::CutShort, {}};
        }
        protocol = static_cast<uint16_t>(protocol << 8 | frame[offset++]);
    }
    if (protocol != protocolIpv4)
    {
        return {PcapSkip::NotIpv4, {}};
    }
    return {{}, frame.subspan(offset)};
}

/// The address family is in the byte order of the machine that captured, which may be another one.
FramePayload
ParseLoopback(Bytes frame)
{
    constexpr size_t headerBytes = 4;
    if (frame.size() < headerBytes)
    {
        return {PcapSkip::CutShort, {}};
    }
    const std::array<uint8_t, headerBytes> little{AF_INET_EVERYWHERE, 0, 0, 0};
    const std::array<uint8_t, headerBytes> big{0, 0, 0, AF_INET_EVERYWHERE};
    const Bytes family = frame.first(headerBytes);
    if (!std::equal(family.begin(), family.end(), little.begin()) &&
        !std::equal(family.begin(), family.end(), big.begin()))
    {
        return {PcapSkip::NotIpv4, {}};
    }
    return {{}, frame.subspan(headerBytes)};
}

/// A link type.
struct LinkType
{
    int number;            //!< libpcap's number
    std::string_view name; //!< what errors call it; empty: as the one before
    LinkParser parser;     //!< finds what its frames carry
};

constexpr std::array<LinkType, 9> LINK_TYPES{{{DLT_EN10MB, "Ethernet", ParseEthernet},
                                              {DLT_RAW, "raw IP", ParseRaw},
                                              {DLT_IPV4, "", ParseRaw},
                                              {DLT_LINUX_SLL, "Linux cooked v1", ParseCooked},
                                              {DLT_LINUX_SLL2, "Linux cooked v2", ParseCooked2},
                                              {DLT_PPP, "PPP", ParsePpp},
                                              {DLT_PPP_SERIAL, "", ParsePpp},
                                              {DLT_NULL, "BSD loopback", ParseLoopback},
                                              {DLT_LOOP, "", ParseLoopback}}};

} // namespace

const char*
GetText(PcapSkip skip)
{
    constexpr std::array<const char*, N_PCAP_SKIPS> texts{"not IPv4",
                                                          "cut short before the IP header ends",
                                                          "malformed IP header",
                                                          "wrong IP total length"};
    return texts.at(static_cast<size_t>(skip));
}

LinkParser
FindLinkParser(int linkType)
{
    const auto* const found =
        std::find_if(LINK_TYPES.begin(), LINK_TYPES.end(), [linkType](const LinkType& type) {
            return type.number == linkType;
        });
    return found == LINK_TYPES.end() ? nullptr : found->parser;
}

std::string
ListLinkTypes()
{
    std::string list;
    for (const LinkType& type : LINK_TYPES)
    {
        if (!type.name.empty())
        {
            list += list.empty() ? "" : ", ";
            list += type.name;
        }
    }
    return list;
}

} // namespace ns3::xfrm
