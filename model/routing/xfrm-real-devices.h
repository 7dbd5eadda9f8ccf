/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_REAL_DEVICES_H
#define XFRM_REAL_DEVICES_H

/**
 * @file
 * @ingroup xfrm
 * @brief Devices by which packets leave the simulation, for the host that simulates.
 */

#include "ns3/node.h"

namespace ns3::xfrm
{

/**
 * @brief May packets of a node leave the simulation as they are?
 *
 * FdNetDevice and its kind, and TapBridge, are known by their names, so that no module is needed
 * for them.  Farther away than on a channel of the node none is looked for.
 *
 * @param node the node, with its devices
 * @return whether it, or a node on one of its channels, has such a device
 */
bool IsRealNear(const Node& node);

} // namespace ns3::xfrm

#endif // XFRM_REAL_DEVICES_H
