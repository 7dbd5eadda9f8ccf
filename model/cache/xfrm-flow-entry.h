/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FLOW_ENTRY_H
#define XFRM_FLOW_ENTRY_H

#include "xfrm-cache-object.h"

#include "ns3/xfrm-flow-key.h"

#include <array>
#include <cstdint>

namespace ns3::xfrm
{

/// Number of a simulated CPU, from 0.
using CpuId = uint32_t;

/// Number of a flow interned in a FlowCache, from 0.
enum class FlowId : uint32_t
{
    None = UINT32_MAX //!< no interned flow
};

/**
 * @ingroup xfrm
 * @brief Entry of the flow cache: one flow on one CPU, in one cache line of the host.
 *
 * Source: struct flow_cache_entry, net/core/flow.c, Linux 4.1.  Ours are the epochs (see
 * FlowCacheShared::AdvanceEpoch), bucket and flow.
 */
struct alignas(64) FlowEntry
{
    std::array<uint32_t, FlowKey::MIN_WORDS> words{}; //!< the first words of the key
    CacheObject* object{nullptr}; //!< what the resolver gave, null for "no policy" or an error
    uint32_t epoch{0};            //!< epoch in which object is known to serve, 0 none
    uint32_t validEpoch{0};       //!< epoch in which object is known to be valid, 0 none
    uint32_t genid{0};            //!< generation in which object was resolved
    FlowIdentity identity;        //!< family, direction, key length
    FlowId flow{FlowId::None};    //!< number of the flow, None if not known or the entry is free
    uint32_t bucket{0};           //!< bucket that holds this entry
};

static_assert(sizeof(FlowEntry) == 64);

} // namespace ns3::xfrm

#endif // XFRM_FLOW_ENTRY_H
