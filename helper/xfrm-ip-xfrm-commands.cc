/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-ip-xfrm-commands.h"

namespace ns3::xfrm
{

namespace
{

/// @param wanted a value, or none @param value a value @return whether nothing else is wanted
template <typename T>
bool
Takes(const std::optional<T>& wanted, const T& value)
{
    return !wanted || *wanted == value;
}

/// @param wanted a prefix, or none @param address an address @param family its family
/// @return whether it is in there
bool
Takes(const std::optional<Prefix>& wanted, const IpAddress& address, Family family)
{
    return !wanted ||
           (wanted->family == family && wanted->address.SharesPrefix(address, wanted->nBits));
}

/// @param wanted what is asked of a selector @param selector a selector @return whether it has that
bool
Takes(const Selector& wanted, const Selector& selector)
{
    return (wanted.family == 0 || wanted.family == selector.family) &&
           wanted.source.SharesPrefix(selector.source, wanted.sourcePrefix) &&
           wanted.destination.SharesPrefix(selector.destination, wanted.destinationPrefix) &&
           (wanted.proto == 0 || wanted.proto == selector.proto) &&
           ((wanted.sourcePort ^ selector.sourcePort) & wanted.sourcePortMask) == 0 &&
           ((wanted.destinationPort ^ selector.destinationPort) & wanted.destinationPortMask) ==
               0 &&
           (wanted.ifindex == 0 || wanted.ifindex == selector.ifindex);
}

} // namespace

bool
StateFilter::Takes(const StateConfig& config) const
{
    return xfrm::Takes(family, config.family) &&
           xfrm::Takes(source, config.source, config.family) &&
           xfrm::Takes(destination, config.id.destination, config.family) &&
           (proto == PROTO_ANY || proto == config.id.proto) && xfrm::Takes(spi, config.id.spi) &&
           xfrm::Takes(mode, config.mode) && xfrm::Takes(reqid, config.reqid) &&
           (flags == 0 || (flags & config.flags) != 0);
}

bool
PolicyFilter::Takes(const Policy& policy) const
{
    const PolicyConfig& config = policy.GetConfig();
    return xfrm::Takes(family, config.family) && xfrm::Takes(selector, config.selector) &&
           xfrm::Takes(direction, config.direction) && xfrm::Takes(index, policy.GetIndex()) &&
           xfrm::Takes(type, config.type) && xfrm::Takes(action, config.action) &&
           xfrm::Takes(priority, config.priority) && (flags == 0 || (flags & config.flags) != 0) &&
           !(hidesSockets && policy.IsOfSocket());
}

} // namespace ns3::xfrm
