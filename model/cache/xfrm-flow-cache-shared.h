/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FLOW_CACHE_SHARED_H
#define XFRM_FLOW_CACHE_SHARED_H

#include "xfrm-garbage-list.h"
#include "xfrm-interned-flows.h"
#include "xfrm-refusal-rule.h"

#include <cstdint>
#include <functional>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief What the flow tables of all CPUs of a namespace share.  Owned by their FlowCache.
 */
struct FlowCacheShared
{
    uint32_t genid{0};                  //!< generation, wraps (flow_cache_genid)
    uint32_t epoch{1};                  //!< see AdvanceEpoch(); never 0
    uint32_t nOnline{0};                //!< CPUs on line
    bool mayRefuse{false};              //!< refusal or failsEntry may forbid a new entry
    RefusalRule refusal;                //!< when a new entry is refused
    GarbageList garbage;                //!< entries that wait for the gc work
    InternedFlows flows;                //!< flows looked up by number
    std::function<uint32_t()> drawSeed; //!< source of hash seeds, one call a re-seed
    std::function<bool()> failsEntry;   //!< whether this allocation of an entry fails; empty: never
    std::function<void()> forgetEpochs; //!< makes all tables forget the epochs they know

    /// @brief Bring mayRefuse up to date.
    void UpdateMayRefuse();

    /**
     * @brief Something happened that may end hits: a new generation, a due re-seed, a noted change.
     *
     * An entry known to serve in the present epoch is a hit without further question; one known to
     * be valid in it may stay without.
     */
    void AdvanceEpoch();
};

} // namespace ns3::xfrm

#endif // XFRM_FLOW_CACHE_SHARED_H
