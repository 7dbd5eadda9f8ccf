/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-fragmenter.h"

namespace ns3::xfrm
{

std::vector<PacketFragment>
CutPacket(const Packet& packet, const Ipv4Header& header, const Cut& cut)
{
    std::vector<PacketFragment> fragments;
    fragments.reserve(cut.nPieces);
    for (uint32_t i = 0; i < cut.nPieces; ++i)
    {
        const bool isLast = i + 1 == cut.nPieces;
        const uint32_t offset = i * cut.pieceBytes;
        const uint32_t nBytes = isLast ? packet.GetSize() - offset : cut.pieceBytes;
        Ipv4Header own = header;
        own.SetFragmentOffset(static_cast<uint16_t>(header.GetFragmentOffset() + offset));
        if (!isLast)
        {
            own.SetMoreFragments();
        }
        own.SetPayloadSize(static_cast<uint16_t>(nBytes));
        fragments.push_back({packet.CreateFragment(offset, nBytes), own});
    }
    return fragments;
}

} // namespace ns3::xfrm
