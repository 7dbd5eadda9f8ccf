/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FLOW_LOOKUP_CACHE_H
#define XFRM_FLOW_LOOKUP_CACHE_H

#include "xfrm-lookup-cache.h"

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Remembers what each flow came to, in the namespace's flow cache.
 *
 * Source: the callers of flow_cache_lookup(), xfrm_lookup() and __xfrm_policy_check(), with the
 * resolvers xfrm_bundle_lookup() and xfrm_policy_lookup(), net/xfrm/xfrm_policy.c, Linux 4.1 (R15,
 * R43, R60 to R64, R302).
 */
class FlowLookupCache final : public LookupCache
{
  public:
    using LookupCache::LookupCache;

    FoundBundle FindBundle(const Flow& flow,
                           BundleResolver& resolver,
                           const Context& context) override;
    FoundPolicy FindPolicy(const Flow& flow, Direction direction, const Context& context) override;
};

} // namespace ns3::xfrm

#endif // XFRM_FLOW_LOOKUP_CACHE_H
