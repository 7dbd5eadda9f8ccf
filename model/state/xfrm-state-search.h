/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STATE_SEARCH_H
#define XFRM_STATE_SEARCH_H

#include "xfrm-state-request.h"
#include "xfrm-state-table.h"
#include "xfrm-state-work.h"

#include <cstdint>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief A search for output: which states fit a request, and the best of them.
 *
 * Source: xfrm_state_look_at() and the loops of xfrm_state_find(), net/xfrm/xfrm_state.c, Linux 4.1
 * (R141 to R145).  Left out: the searches by SPI and for key managers, which are StateDatabase's.
 *
 * Lives for one search, in which request and flow must not change.
 */
class StateSearch
{
  public:
    /// @param request what is asked for @param flow the flow; both must outlive this
    StateSearch(const StateRequest& request, const Flow& flow)
        : m_request(request),
          m_flow(flow)
    {
    }

    /**
     * @brief Look at the states of a chain.
     * @param chain the chain
     * @param isAnySource whether their source does not matter (R143)
     * @param work what is done is added here
     */
    void Scan(const StateChain& chain, bool isAnySource, StateWork& work)
    {
        for (const Ptr<State>& state : chain)
        {
            ++work.nFindCompared;
            if (Fits(state->GetConfig(), isAnySource))
            {
                LookAt(state);
            }
        }
    }

    /// @return whether there is no need to look any further (R143)
    bool IsDone() const
    {
        return m_best || m_isAcquireInProgress;
    }

    /// @return the best state; null and 0 if nothing at all fits
    FoundState GetResult() const
    {
        if (m_best)
        {
            return {m_best};
        }
        return {nullptr, m_isAcquireInProgress ? error::AGAIN : m_error};
    }

  private:
    bool Fits(const StateConfig& config, bool isAnySource) const;
    void LookAt(const Ptr<State>& state);

    const StateRequest& m_request;     //!< what is asked for
    const Flow& m_flow;                //!< the flow
    Ptr<State> m_best;                 //!< best so far, or null
    bool m_isAcquireInProgress{false}; //!< a larval one fits
    int32_t m_error{0};                //!< error::SRCH if one that fits has ended
};

} // namespace ns3::xfrm

#endif // XFRM_STATE_SEARCH_H
