/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CONTEXT_H
#define XFRM_CONTEXT_H

#include "xfrm-work.h"

#include "ns3/nstime.h"
#include "ns3/xfrm-flow-entry.h"

namespace ns3::xfrm
{

/// What the kernel has by itself and mechanism is handed: where and when it runs, and who counts.
struct Context
{
    CpuId cpu;  //!< the running CPU
    Time now;   //!< time since the start
    Work& work; //!< what is done is added here
};

} // namespace ns3::xfrm

#endif // XFRM_CONTEXT_H
