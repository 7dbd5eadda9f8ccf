/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FLOW_H
#define XFRM_FLOW_H

#include "xfrm-flow-key.h"
#include "xfrm-ip-address.h"

#include <cstdint>

namespace ns3::xfrm
{

/// Bits of the type of service that routing looks at (IPTOS_RT_MASK).
constexpr uint8_t TOS_ROUTED{0x1c};

/**
 * @ingroup xfrm
 * @brief A flow by its fields: what selectors look at, and what a flow key is made of.
 *
 * Source: struct flowi, include/net/flow.h, Linux 4.1.
 */
struct Flow
{
    Family family{Family::Ipv4}; //!< address family
    FlowFields common;           //!< devices, mark, type of service, protocol
    IpAddress source;            //!< source address
    IpAddress destination;       //!< destination address
    UpperLayer upper;            //!< ports, type and code, SPI or key; by common.proto
    uint32_t flowLabel{0};       //!< IPv6 flow label, 20 bits

    /**
     * @brief The key under which the flow cache keeps this flow in a direction (R60).
     * @param direction the direction @param layout the kernel's key layout
     * @return the key
     */
    FlowKey MakeKey(Direction direction, KeyLayout layout = KeyLayout::Linux41) const;

    /// @return what stands for the source port, by protocol (xfrm_flowi_sport(), R102)
    uint16_t GetSourcePort() const;

    /// @return what stands for the destination port, by protocol (xfrm_flowi_dport(), R102)
    uint16_t GetDestinationPort() const;
};

} // namespace ns3::xfrm

#endif // XFRM_FLOW_H
