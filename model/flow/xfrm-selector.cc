/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-selector.h"

namespace ns3::xfrm
{

bool
Selector::Matches(const Flow& flow, Family matchFamily) const
{
    if (matchFamily != Family::Ipv4 && matchFamily != Family::Ipv6)
    {
        return false;
    }
    return flow.destination.SharesPrefix(destination, destinationPrefix) &&
           flow.source.SharesPrefix(source, sourcePrefix) &&
           ((flow.GetDestinationPort() ^ destinationPort) & destinationPortMask) == 0 &&
           ((flow.GetSourcePort() ^ sourcePort) & sourcePortMask) == 0 &&
           (proto == 0 || proto == flow.common.proto) &&
           (ifindex == 0 || ifindex == flow.common.oif);
}

} // namespace ns3::xfrm
