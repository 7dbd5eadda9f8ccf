/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IP_XFRM_APPLY_H
#define XFRM_IP_XFRM_APPLY_H

#include "xfrm-ip-xfrm.h"

#include "ns3/xfrm-namespace.h"

#include <cstdint>
#include <functional>
#include <string>

namespace ns3::xfrm
{

/// Finds the index of a device by its name; 0 if there is none.
using DeviceIndexByName = std::function<int32_t(const std::string& name)>;

/**
 * @brief Carry out a command, as Linux 4.1 does when `ip` asks it to.
 * @param command the command; the namespace that it names is not looked at
 * @param space where to carry it out
 * @param findDevice finds the devices of that host
 * @param context where it runs
 * @return 0, or the error of Linux 4.1, such as -EEXIST
 * @throws IpXfrmError for a device that there is not, or a configuration that the mechanism refuses
 */
int32_t Apply(const IpXfrmCommand& command,
              Namespace& space,
              const DeviceIndexByName& findDevice,
              const Context& context);

} // namespace ns3::xfrm

#endif // XFRM_IP_XFRM_APPLY_H
