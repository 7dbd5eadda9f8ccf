/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-selector.h"

#include <stdexcept>

namespace ns3::xfrm
{

namespace
{

/// @throws std::invalid_argument unless the prefix length is one of the family
void
CheckPrefix(const std::string& name, uint32_t prefixLength, Family family)
{
    const uint32_t nMost = family == Family::Ipv6 ? 128 : 32;
    if (prefixLength > nMost)
    {
        throw std::invalid_argument(name + " prefix length " + std::to_string(prefixLength) +
                                    ": must be 0 to " + std::to_string(nMost));
    }
}

} // namespace

void
CheckFamily(const std::string& name, Family family)
{
    if (family != Family::Ipv4 && family != Family::Ipv6)
    {
        throw std::invalid_argument(name + " family " +
                                    std::to_string(static_cast<uint16_t>(family)) +
                                    ": must be 2 (IPv4) or 10 (IPv6)");
    }
}

void
Selector::CheckPrefixes(Family addressFamily) const
{
    CheckPrefix("destination", destinationPrefix, addressFamily);
    CheckPrefix("source", sourcePrefix, addressFamily);
}

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
