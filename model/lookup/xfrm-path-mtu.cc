/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-path-mtu.h"

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t OFFSET_UNIT{8}; //!< what fragment offsets count in [bytes]

} // namespace

SizeVerdict
JudgeSize(PathMtuDiscovery discovery, uint32_t length, uint32_t pathMtu, uint32_t deviceMtu)
{
    switch (discovery)
    {
    case PathMtuDiscovery::Dont:
    case PathMtuDiscovery::Omit:
        return {.mayExceedMtu = true};
    case PathMtuDiscovery::Want:
        return {.isDontFragment = length <= pathMtu, .mayExceedMtu = true};
    case PathMtuDiscovery::Do:
        return {.isRefused = length > pathMtu, .isDontFragment = true};
    case PathMtuDiscovery::Probe:
        return {.isRefused = length > deviceMtu, .isDontFragment = true};
    }
    return {};
}

Cut
CutToFit(uint32_t payloadBytes, uint32_t headerBytes, uint32_t mtu)
{
    const uint32_t most = mtu - headerBytes;
    if (payloadBytes <= most)
    {
        return {payloadBytes, 1};
    }
    const uint32_t piece = most / OFFSET_UNIT * OFFSET_UNIT;
    return {piece, 1 + (payloadBytes - most + piece - 1) / piece}; // the last one need not be whole
}

Cut
CutToPieces(uint32_t clearBytes, uint32_t chainBytes, uint32_t headerBytes, uint32_t chainMtu)
{
    return CutToFit(clearBytes + chainBytes, headerBytes, chainMtu);
}

} // namespace ns3::xfrm
