/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TRANSFORM_H
#define XFRM_TRANSFORM_H

/**
 * @file
 * @ingroup xfrm
 * @brief The choice of what a state's protocol does to a packet, and what all of them share.
 */

#include "ns3/xfrm-state-config.h"
#include "ns3/xfrm-transform-type.h"

#include <cstdint>
#include <memory>

namespace ns3::xfrm
{

/**
 * @brief Make what a state's protocol does to a packet (xfrm_init_state()).
 * @param config what is configured of the state
 * @return the type, for the State
 * @throws std::invalid_argument for what Linux refuses, and for mode beet (R207) and protocols
 *         other than ESP, AH and IPcomp, which are not modelled; says what is allowed
 */
std::shared_ptr<const TransformType> MakeTransformType(const StateConfig& config);

/// @param family IPv4 or IPv6 @return its IP header without options [bytes]
uint32_t GetIpHeaderLength(Family family);

/// @param config a state @return the IP header that it adds, 0 in transport mode [bytes]
uint32_t GetOuterHeaderLength(const StateConfig& config);

/// @param config a state
/// @return a number that stands for its algorithms and keys (TransformType::GetKeyFingerprint())
uint64_t HashKeys(const StateConfig& config);

} // namespace ns3::xfrm

#endif // XFRM_TRANSFORM_H
