/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-larval-state.h"

#include <utility>

namespace ns3::xfrm
{

namespace
{

/// @param family a family @return length of its addresses [bits]
uint8_t
GetAddressBits(Family family)
{
    return family == Family::Ipv6 ? 128 : 32;
}

/// @param flow a flow @return the selector that takes it and no other
Selector
MakeExactSelector(const Flow& flow)
{
    Selector selector;
    selector.family = static_cast<uint16_t>(flow.family);
    selector.destination = flow.destination;
    selector.destinationPrefix = GetAddressBits(flow.family);
    selector.source = flow.source;
    selector.sourcePrefix = GetAddressBits(flow.family);
    selector.destinationPort = flow.GetDestinationPort();
    selector.destinationPortMask = 0xffff;
    selector.sourcePort = flow.GetSourcePort();
    selector.sourcePortMask = 0xffff;
    selector.proto = flow.common.proto;
    selector.ifindex = flow.common.oif;
    return selector;
}

} // namespace

Ptr<State>
MakeLarvalState(const StateRequest& request, const Flow& flow, const LarvalConfig& config)
{
    StateConfig larval;
    larval.id = {config.destination.IsAny() ? request.destination : config.destination,
                 request.spi,
                 request.proto};
    larval.source = config.source.IsAny() ? request.source : config.source;
    larval.family = request.family;
    larval.mode = request.mode;
    larval.reqid = request.reqid;
    larval.selector = MakeExactSelector(flow);
    larval.mark = config.mark;
    larval.limits.hardAddSeconds = config.expirySeconds;
    return Create<State>(std::move(larval), nullptr);
}

Ptr<State>
MakeLarvalState(const StateConfig& wanted, uint64_t expirySeconds)
{
    StateConfig larval;
    larval.id = {wanted.id.destination, 0, wanted.id.proto};
    larval.source = wanted.source;
    larval.family = wanted.family;
    larval.mode = wanted.mode;
    larval.reqid = wanted.reqid;
    larval.selector.destination = wanted.id.destination;
    larval.selector.destinationPrefix = GetAddressBits(wanted.family);
    larval.selector.source = wanted.source;
    larval.selector.sourcePrefix = GetAddressBits(wanted.family);
    larval.mark = wanted.mark;
    larval.limits.hardAddSeconds = expirySeconds;
    return Create<State>(std::move(larval), nullptr);
}

} // namespace ns3::xfrm
