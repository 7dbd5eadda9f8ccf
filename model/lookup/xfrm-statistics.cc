/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-statistics.h"

#include <iomanip>

namespace ns3::xfrm
{

namespace
{

/// By Counter.
constexpr std::array<const char*, Statistics::N_COUNTERS> LABELS{
    "XfrmInError",
    "XfrmInBufferError",
    "XfrmInHdrError",
    "XfrmInNoStates",
    "XfrmInStateProtoError",
    "XfrmInStateModeError",
    "XfrmInStateSeqError",
    "XfrmInStateExpired",
    "XfrmInStateMismatch",
    "XfrmInStateInvalid",
    "XfrmInTmplMismatch",
    "XfrmInNoPols",
    "XfrmInPolBlock",
    "XfrmInPolError",
    "XfrmOutError",
    "XfrmOutBundleGenError",
    "XfrmOutBundleCheckError",
    "XfrmOutNoStates",
    "XfrmOutStateProtoError",
    "XfrmOutStateModeError",
    "XfrmOutStateSeqError",
    "XfrmOutStateExpired",
    "XfrmOutPolBlock",
    "XfrmOutPolDead",
    "XfrmOutPolError",
    "XfrmFwdHdrError",
    "XfrmOutStateInvalid",
    "XfrmAcquireError",
};

} // namespace

const char*
Statistics::GetLabel(Counter counter)
{
    return LABELS.at(static_cast<size_t>(counter));
}

void
Statistics::Print(std::ostream& os) const
{
    for (size_t i = 0; i < N_COUNTERS; ++i)
    {
        os << std::left << std::setw(24) << LABELS[i] << '\t' << m_values[i] << '\n';
    }
}

} // namespace ns3::xfrm
