/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_PCAP_LINK_H
#define XFRM_PCAP_LINK_H

/**
 * @file
 * @ingroup xfrm
 * @brief Link layers of captured frames: where the IPv4 packet begins.
 */

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace ns3::xfrm
{

/// Why a captured frame has no IPv4 packet that can be used.
enum class PcapSkip : uint8_t
{
    NotIpv4,   //!< it carries something else
    CutShort,  //!< what was captured ends before the IP header does
    BadHeader, //!< the IP header has another version or less than 20 bytes
    BadLength  //!< the total length is less than the header's or more than the frame holds
};

/// How many reasons there are.
inline constexpr size_t N_PCAP_SKIPS{4};

/// @param skip a reason @return it in words, such as "not IPv4"
const char* GetText(PcapSkip skip);

/// What a frame carries.
struct FramePayload
{
    std::optional<PcapSkip> skip;    //!< why it is not looked into; none: it is IPv4
    std::span<const uint8_t> packet; //!< from the IP header to the frame's end; part of the frame
};

/// Finds what a frame carries.  Its parameter: what was captured of the frame.
using LinkParser = FramePayload (*)(std::span<const uint8_t>);

/**
 * @brief Choose by link type.
 *
 * Source: https://www.tcpdump.org/linktypes.html.  Ethernet and Linux cooked v1 with tags of
 * IEEE 802.1Q and 802.1ad; PPP with or without address and control bytes and with a protocol of
 * one or two bytes (RFC 1661, RFC 1662).  Left out: PPPoE, MPLS and all that is not IPv4.
 *
 * @param linkType libpcap's number of it (DLT_...) @return its parser; null: there is none
 */
LinkParser FindLinkParser(int linkType);

/// @return what FindLinkParser() knows, as part of a sentence: "Ethernet, raw IP, ..."
std::string ListLinkTypes();

} // namespace ns3::xfrm

#endif // XFRM_PCAP_LINK_H
