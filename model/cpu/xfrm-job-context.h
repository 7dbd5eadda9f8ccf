/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_JOB_CONTEXT_H
#define XFRM_JOB_CONTEXT_H

#include <cstdint>

namespace ns3::xfrm
{

/// In which context the kernel would do a job.
enum class JobContext : uint8_t
{
    Softirq, //!< packet work: to completion, in order of arrival
    Process  //!< system calls and work items: while no softirq work waits, or has had its time
};

} // namespace ns3::xfrm

#endif // XFRM_JOB_CONTEXT_H
