/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FRAGMENTER_H
#define XFRM_FRAGMENTER_H

#include "ns3/ipv4-header.h"
#include "ns3/packet.h"
#include "ns3/xfrm-path-mtu.h"

#include <vector>

namespace ns3::xfrm
{

/// A fragment of a packet.
struct PacketFragment
{
    Ptr<Packet> packet; //!< what follows its IP header
    Ipv4Header header;  //!< its IP header
};

/**
 * @brief Cut a packet into fragments (ip_fragment(), RFC 791).
 * @param packet what follows the IP header @param header the IP header; may be a fragment's itself
 * @param cut how; its pieces fit into the packet
 * @return the fragments in order, with the packet's number and tags
 */
std::vector<PacketFragment> CutPacket(const Packet& packet,
                                      const Ipv4Header& header,
                                      const Cut& cut);

/// @param header an IP header @return whether what follows is only a part of a packet
inline bool
IsFragment(const Ipv4Header& header)
{
    return !header.IsLastFragment() || header.GetFragmentOffset() != 0;
}

} // namespace ns3::xfrm

#endif // XFRM_FRAGMENTER_H
