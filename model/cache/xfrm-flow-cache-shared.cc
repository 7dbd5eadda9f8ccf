/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flow-cache-shared.h"

namespace ns3::xfrm
{

void
FlowCacheShared::UpdateMayRefuse()
{
    mayRefuse = refusal != RefusalRule::Never() || failsEntry;
}

void
FlowCacheShared::AdvanceEpoch()
{
    if (++epoch == 0)
    {
        // The number came round: what is known of old epochs must not look like the present one's.
        forgetEpochs();
        epoch = 1;
    }
}

} // namespace ns3::xfrm
