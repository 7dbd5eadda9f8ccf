/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-state-search.h"

namespace ns3::xfrm
{

// R141
bool
StateSearch::Fits(const StateConfig& config, bool isAnySource) const
{
    return config.family == m_request.family && config.reqid == m_request.reqid &&
           config.mark.Takes(m_request.mark) && (config.flags & StateConfig::FLAG_WILDRECV) == 0 &&
           config.id.destination == m_request.destination &&
           (isAnySource || config.source == m_request.source || config.source.IsAny() ||
            m_request.source.IsAny()) &&
           config.mode == m_request.mode && config.id.proto == m_request.proto &&
           (m_request.spi == 0 || m_request.spi == config.id.spi);
}

// R142
void
StateSearch::LookAt(const Ptr<State>& state)
{
    const Selector& selector = state->GetConfig().selector;
    const bool isFlowTaken = selector.Matches(m_flow, static_cast<Family>(selector.family));
    switch (state->GetStatus())
    {
    case StateStatus::Valid:
        if (selector.family != 0 && !isFlowTaken)
        {
            return;
        }
        if (!m_best || (m_best->IsDying() && !state->IsDying()) ||
            (m_best->IsDying() == state->IsDying() &&
             m_best->GetUse().addTime < state->GetUse().addTime))
        {
            m_best = state;
        }
        return;
    case StateStatus::Acquire:
        m_isAcquireInProgress = true;
        return;
    case StateStatus::Error:
    case StateStatus::Expired:
        m_error = isFlowTaken ? error::SRCH : m_error;
        return;
    case StateStatus::Void:
    case StateStatus::Dead:
        return;
    }
}

} // namespace ns3::xfrm
