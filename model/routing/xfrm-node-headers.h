/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_NODE_HEADERS_H
#define XFRM_NODE_HEADERS_H

/**
 * @file
 * @ingroup xfrm
 * @brief IP headers as ns-3 has them, and as mechanism sees them.
 */

#include "ns3/ipv4-header.h"
#include "ns3/packet.h"
#include "ns3/xfrm-ip-header.h"
#include "ns3/xfrm-state.h"

namespace ns3::xfrm
{

/// @param header a header @return its fields that mechanism looks at
IpHeader DescribeHeader(const Ipv4Header& header);

/// @param fields what a header says @return the header, without a length
Ipv4Header MakeHeader(const IpHeader& fields);

/// @brief Let the type of service out of the outer header into the inner one (R259).
/// @param packet begins with the inner header @param outer the outer one @param state its state
void CopyTosInside(Packet& packet, const Ipv4Header& outer, const State& state);

} // namespace ns3::xfrm

#endif // XFRM_NODE_HEADERS_H
