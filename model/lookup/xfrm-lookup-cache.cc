/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-lookup-cache.h"

#include "xfrm-bundle-resolver.h"

namespace ns3::xfrm
{

FoundBundle
LookupCache::FindBundle(const Flow& /*flow*/, BundleResolver& resolver, const Context& /*context*/)
{
    const ResolvedBundle resolved = resolver.Resolve(nullptr);
    return {.bundle = resolved.bundle, .error = resolved.error, .counter = resolved.counter};
}

FoundPolicy
LookupCache::FindPolicy(const Flow& flow, Direction direction, const Context& context)
{
    return {.policy = m_net.GetPolicies().Lookup(flow, direction, context.work.policy)};
}

Ptr<Bundle>
LookupCache::FindChain(const WantedChain& /*wanted*/, CpuId /*cpu*/)
{
    return nullptr;
}

void
LookupCache::KeepChain(const Ptr<Bundle>& /*chain*/, CpuId /*cpu*/)
{
}

void
LookupCache::DropStaleChains()
{
}

} // namespace ns3::xfrm
