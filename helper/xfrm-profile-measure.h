/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_PROFILE_MEASURE_H
#define XFRM_PROFILE_MEASURE_H

#include <functional>
#include <string>

namespace ns3::xfrm
{

/**
 * @brief Make a cost profile of this machine by timing the module's own code.
 *
 * The module does the kernel's steps, but is not the kernel: no packet moves, no lock is taken, and
 * what is looked up mostly is in the host's caches.  So the prices say how this machine's steps
 * compare to one another rather than what a kernel would take on it.  What can't be timed here
 * has the price that it has in linux-4.1-default, as nanoseconds, and says so.
 *
 * @param tell told what is timed; may be empty
 * @return JSON of the profile, in which a cycle stands for a nanosecond
 */
std::string MeasureProfile(const std::function<void(const std::string& what)>& tell = {});

} // namespace ns3::xfrm

#endif // XFRM_PROFILE_MEASURE_H
