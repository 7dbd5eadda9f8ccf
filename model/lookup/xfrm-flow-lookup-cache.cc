/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flow-lookup-cache.h"

#include "xfrm-bundle-resolver.h"
#include "xfrm-policy-object.h"

namespace ns3::xfrm
{

FoundBundle
FlowLookupCache::FindBundle(const Flow& flow, BundleResolver& resolver, const Context& context)
{
    m_net.RunDue(context.now);
    ResolvedBundle resolved;
    const auto resolve = [&](CacheObject* old) -> Resolution {
        // The cache's reference of a refused bundle is ours now.
        const Ptr<Bundle> refused(static_cast<Bundle*>(old), false);
        resolved = resolver.Resolve(refused);
        if (resolved.bundle)
        {
            resolved.bundle->Ref(); // the cache's share
        }
        const bool isLasting = resolved.bundle && resolved.bundle->IsOkUntilChange();
        return {PeekPointer(resolved.bundle), resolved.error, isLasting};
    };
    const FlowKey key = flow.MakeKey(Direction::Out);
    ++context.work.nCacheLookups;
    const CacheAnswer answer =
        m_net.GetCache().Lookup(context.cpu, key.View(), resolve, context.work.cache);
    return {.bundle = Ptr<Bundle>(static_cast<Bundle*>(answer.object)),
            .error = answer.error,
            .counter = resolved.counter,
            .cacheOutcome = answer.outcome};
}

FoundPolicy
FlowLookupCache::FindPolicy(const Flow& flow, Direction direction, const Context& context)
{
    m_net.RunDue(context.now);
    Ptr<Policy> found; // holds the policy if the cache does not store its object
    const auto resolve = [&](CacheObject* old) -> Resolution {
        if (old)
        {
            old->Delete();
        }
        found = m_net.GetPolicies().Lookup(flow, direction, context.work.policy);
        return {found ? new PolicyObject(found) : nullptr, 0, true};
    };
    const FlowKey key = flow.MakeKey(direction);
    ++context.work.nCacheLookups;
    const CacheAnswer answer =
        m_net.GetCache().Lookup(context.cpu, key.View(), resolve, context.work.cache);
    if (!found && answer.object)
    {
        found = static_cast<PolicyObject*>(answer.object)->GetPolicy();
    }
    return {.policy = found, .error = answer.error, .cacheOutcome = answer.outcome};
}

} // namespace ns3::xfrm
