/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IP_XFRM_APPLY_H
#define XFRM_IP_XFRM_APPLY_H

#include "xfrm-ip-xfrm.h"
#include "xfrm-show.h"

#include "ns3/xfrm-namespace.h"

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

namespace ns3::xfrm
{

/// Finds the index of a device by its name; 0 if there is none.
using DeviceIndexByName = std::function<int32_t(const std::string& name)>;

/// Where commands write what they list.
struct IpXfrmOutput
{
    std::ostream& os;             //!< where to
    DeviceNameByIndex nameDevice; //!< names the devices of that host; empty: if1, if2, ...
};

/**
 * @brief Carry out a command, as Linux 4.1 does when `ip` asks it to.
 *
 * As of iproute2, deleteall names each state by destination, protocol, SPI and mark, and each
 * policy by index and mark as one of ptype main: it goes on after one that is not found so, and
 * gives the first error.  It leaves policies of sockets alone.
 *
 * @param command the command; the namespace and time that it names are not looked at
 * @param space where to carry it out
 * @param findDevice finds the devices of that host
 * @param context where it runs
 * @param output where list and get write; null: they are refused
 * @return 0, or the error of Linux 4.1, such as -EEXIST
 * @throws IpXfrmError for a device that there is not, a configuration that the mechanism refuses,
 *         or a command that is not carried
 */
int32_t Apply(const IpXfrmCommand& command,
              Namespace& space,
              const DeviceIndexByName& findDevice,
              const Context& context,
              const IpXfrmOutput* output = nullptr);

/**
 * @brief Say why Linux refused a command.
 * @param command the command
 * @param error what Apply() gave, not 0
 * @return the name of the error and what it means there, such as "EEXIST: there is one already"
 */
std::string DescribeRefusal(const IpXfrmCommand& command, int32_t error);

} // namespace ns3::xfrm

#endif // XFRM_IP_XFRM_APPLY_H
