/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FLOW_DECODER_H
#define XFRM_FLOW_DECODER_H

#include "ns3/ipv4-header.h"
#include "ns3/packet.h"
#include "ns3/xfrm-flow.h"
#include "ns3/xfrm-rss.h"

#include <cstdint>

namespace ns3::xfrm
{

constexpr int32_t LOOPBACK_INDEX{1}; //!< device index of the loopback

/**
 * @brief The flow of a packet as a router or receiver sees it (_decode_session4(), R103).
 *
 * Ports are 0 for any fragment, and where their bytes are missing.
 *
 * @param header its IP header
 * @param packet what follows
 * @param oif device index of its route, 0 none
 * @param mark its mark
 * @return the flow
 */
Flow DecodeFlow(const Ipv4Header& header, const Packet& packet, int32_t oif, uint32_t mark);

/**
 * @brief The flow that a packet's answers belong to: addresses and ports are swapped
 * (xfrm_decode_session_reverse(), R103).
 * @param header its IP header @param packet what follows
 * @param oif device index of where it came in @param mark its mark
 * @return the flow
 */
Flow DecodeReversed(const Ipv4Header& header, const Packet& packet, int32_t oif, uint32_t mark);

/**
 * @brief The flow of a packet of this host as its socket and the routing make it (R1, R104).
 *
 * Differs from a decoded one in the input device, the loopback, and the type of service, of which
 * only the bits that routing looks at stay.
 *
 * @param header its IP header, complete
 * @param packet what follows
 * @param oif device index of its plain route
 * @param mark its socket's mark
 * @return the flow
 */
Flow MakeLocalFlow(const Ipv4Header& header, const Packet& packet, int32_t oif, uint32_t mark);

/**
 * @param header an IP header
 * @param packet what follows
 * @return what a network card sees of it
 */
RssPacket DescribeForRss(const Ipv4Header& header, const Packet& packet);

} // namespace ns3::xfrm

#endif // XFRM_FLOW_DECODER_H
