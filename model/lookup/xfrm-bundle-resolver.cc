/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-bundle-resolver.h"

#include "xfrm-lookup-cache.h"
#include "xfrm-template-resolver.h"

#include <algorithm>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// @return number of a policy's templates
int32_t
CountTemplates(const Policy& policy)
{
    return static_cast<int32_t>(policy.GetConfig().templates.size());
}

/// @return whether any of the policies was deleted or replaced
bool
HasDead(const PolicyMatch& match)
{
    return std::any_of(match.policies.begin(), match.policies.end(), [](const Ptr<Policy>& policy) {
        return policy->IsDead();
    });
}

} // namespace

BundleResolver::BundleResolver(Namespace& net,
                               const Flow& flow,
                               const Ptr<Route>& original,
                               bool mayHold,
                               const Context& context)
    : m_net(net),
      m_flow(flow),
      m_original(original),
      m_mayHold(mayHold),
      m_context(context)
{
}

ResolvedBundle
BundleResolver::Resolve(const Ptr<Bundle>& old)
{
    if (old && !HasDead(old->GetMatch()))
    {
        return ResolveAgain(old); // without a search in the policies (R40)
    }
    return ResolveAnew();
}

SocketBundle
BundleResolver::ResolveForSocket(const Ptr<Policy>& policy)
{
    PolicyMatch match = Expand(policy);
    if (match.nTransforms <= 0)
    {
        return {.match = std::move(match)};
    }
    const ResolvedBundle resolved = Build(match);
    if (resolved.bundle)
    {
        return {.match = resolved.bundle->GetMatch(), .bundle = resolved.bundle};
    }
    match.nTransforms = 0; // nothing is built without error: all templates are optional
    return {.match = std::move(match), .error = resolved.error, .counter = resolved.counter};
}

ResolvedBundle
BundleResolver::ResolveAnew()
{
    const Ptr<Policy> first =
        m_net.GetPolicies().Lookup(m_flow, Direction::Out, m_context.work.policy);
    if (!first)
    {
        return {};
    }
    PolicyMatch match = Expand(first);
    if (match.nTransforms <= 0)
    {
        return BuildDummy(std::move(match));
    }
    ResolvedBundle resolved = Build(match);
    if (resolved.bundle || (resolved.error != 0 && resolved.error != error::AGAIN))
    {
        return resolved;
    }
    if (resolved.error == 0)
    {
        match.nTransforms = 0; // all templates are optional, and none was met
    }
    return BuildDummy(std::move(match));
}

ResolvedBundle
BundleResolver::ResolveAgain(const Ptr<Bundle>& old)
{
    ResolvedBundle resolved = Build(old->GetMatch());
    if (resolved.bundle || (resolved.error != 0 && resolved.error != error::AGAIN))
    {
        return resolved;
    }
    if (resolved.error == 0)
    {
        old->LetThrough();
    }
    // A chain that can't be rebuilt goes on being used as it is, dead states included (R44).
    return {old, 0, {}};
}

PolicyMatch
BundleResolver::Expand(const Ptr<Policy>& first)
{
    PolicyMatch match{{first}, CountTemplates(*first)};
    const PolicyConfig& config = first->GetConfig();
    if (config.action == PolicyAction::Allow && config.type != PolicyType::Main)
    {
        const Ptr<Policy> second = m_net.GetPolicies().Lookup(m_flow,
                                                              PolicyType::Main,
                                                              Direction::Out,
                                                              m_context.work.policy);
        if (second)
        {
            match.policies.push_back(second);
            match.nTransforms += CountTemplates(*second);
        }
    }
    for (const Ptr<Policy>& policy : match.policies)
    {
        if (policy->GetConfig().action != PolicyAction::Allow)
        {
            match.nTransforms = -1;
        }
    }
    return match;
}

ResolvedBundle
BundleResolver::Build(const PolicyMatch& match)
{
    const ResolvedTemplates resolved = ResolveTemplates(m_net, match.policies, m_flow, m_context);
    if (resolved.error == error::AGAIN)
    {
        return {nullptr, resolved.error, {}};
    }
    if (resolved.error != 0)
    {
        return Fail(resolved.error, Counter::OutPolError);
    }
    if (resolved.states.empty())
    {
        return {};
    }
    LookupCache& cache = m_net.GetLookupCache();
    const WantedChain wanted{match.policies, resolved.states, *m_original};
    if (const Ptr<Bundle> kept = cache.FindChain(wanted, m_context.cpu))
    {
        ++m_context.work.bundle.nReused;
        return {kept, 0, {}};
    }
    BuiltBundle built =
        m_net.GetBundles().Build(resolved.states, m_flow, m_original, m_context.work.bundle);
    m_net.RelievePressure(m_context.cpu);
    if (built.error == 0 && Namespace::Faults::Strikes(m_net.GetFaults().flowCopy))
    {
        return Fail(error::NOMEM, Counter::OutBundleCheckError);
    }
    if (built.error != 0)
    {
        return Fail(built.error, Counter::OutBundleGenError);
    }
    built.bundle->SetMatch({match.policies, static_cast<int32_t>(resolved.states.size())});
    cache.KeepChain(built.bundle, m_context.cpu);
    return {built.bundle, 0, {}};
}

ResolvedBundle
BundleResolver::BuildDummy(PolicyMatch match)
{
    const bool holds = m_mayHold && !m_net.GetSettings().useLarvalDrop && match.nTransforms > 0;
    BundleBuilder& bundles = m_net.GetBundles();
    BundleWork& work = m_context.work.bundle;
    const BuiltBundle built = holds ? bundles.BuildQueue(std::move(match), m_original, work)
                                    : bundles.BuildDummy(std::move(match), work);
    m_net.RelievePressure(m_context.cpu);
    return {built.bundle, built.error, {}};
}

ResolvedBundle
BundleResolver::Fail(int32_t error, Counter counter)
{
    m_net.Count(counter);
    return {nullptr, error, counter};
}

} // namespace ns3::xfrm
