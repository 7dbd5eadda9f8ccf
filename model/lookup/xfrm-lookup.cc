/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-lookup.h"

#include "xfrm-bundle-resolver.h"

namespace ns3::xfrm
{

Lookup::Lookup(Namespace& net)
    : m_net(net)
{
}

OutputDecision
Lookup::Refuse(int32_t error, std::optional<Counter> counter)
{
    if (counter)
    {
        m_net.Count(*counter);
    }
    return {.verdict = OutputVerdict::Error, .bundle = {}, .error = error, .counter = counter};
}

OutputDecision
Lookup::Judge(const Ptr<Bundle>& bundle, Purpose purpose, const Context& context)
{
    const PolicyMatch& match = bundle->GetMatch();
    if (bundle->IsDummy() && !bundle->IsQueue() && match.nTransforms > 0)
    {
        const bool isDropped = m_net.GetSettings().useLarvalDrop;
        return Refuse(isDropped ? error::REMOTE : error::AGAIN, Counter::OutNoStates);
    }
    if (purpose == Purpose::IcmpError &&
        (match.policies.front()->GetConfig().flags & PolicyConfig::FLAG_ICMP) == 0)
    {
        return Refuse(error::NOENT, std::nullopt);
    }
    return Judge(match, bundle, context);
}

OutputDecision
Lookup::Judge(const PolicyMatch& match, const Ptr<Bundle>& bundle, const Context& context)
{
    for (const Ptr<Policy>& policy : match.policies)
    {
        policy->SetUsed(m_net.GetWallClock(context.now));
    }
    if (match.nTransforms < 0)
    {
        return Refuse(error::PERM, Counter::OutPolBlock);
    }
    if (match.nTransforms == 0)
    {
        return {};
    }
    return {.verdict = bundle->IsQueue() ? OutputVerdict::Hold : OutputVerdict::Transform,
            .bundle = bundle};
}

OutputDecision
Lookup::LetThrough(Purpose purpose)
{
    return purpose == Purpose::IcmpError ? Refuse(error::NOENT, std::nullopt) : OutputDecision();
}

OutputDecision
Lookup::Decide(const Flow& flow,
               const Ptr<Route>& original,
               Purpose purpose,
               const Context& context)
{
    ++context.work.nOutputLookups;
    if (original->HasNoXfrm() || m_net.GetPolicies().GetCount(Direction::Out) == 0)
    {
        return LetThrough(purpose);
    }
    BundleResolver resolver(m_net, flow, original, purpose == Purpose::Packet, context);
    const FoundBundle found = m_net.GetLookupCache().FindBundle(flow, resolver, context);
    OutputDecision decision = LetThrough(purpose); // without a policy (R24)
    if (found.error != 0)
    {
        decision = {.verdict = OutputVerdict::Error,
                    .bundle = {},
                    .error = found.error,
                    .counter = found.counter};
    }
    else if (found.bundle)
    {
        decision = Judge(found.bundle, purpose, context);
    }
    decision.cacheOutcome = found.cacheOutcome;
    return decision;
}

/// What the policy of the flow's socket says (R10 to R13); nothing if there is none for it.
std::optional<OutputDecision>
Lookup::DecideBySocket(const Flow& flow, const Ptr<Route>& original, const Context& context)
{
    const Ptr<Policy> policy =
        m_net.GetSocketPolicies().Lookup(SocketEndpoint::OfFlow(flow, Direction::Out),
                                         Direction::Out,
                                         flow,
                                         flow.common.mark);
    if (!policy)
    {
        return std::nullopt;
    }
    ++context.work.nOutputLookups;
    const SocketBundle resolved =
        BundleResolver(m_net, flow, original, false, context).ResolveForSocket(policy);
    if (resolved.error != 0)
    {
        return OutputDecision{.verdict = OutputVerdict::Error,
                              .bundle = {},
                              .error = resolved.error,
                              .counter = resolved.counter};
    }
    return Judge(resolved.match, resolved.bundle, context);
}

OutputDecision
Lookup::DecideLocal(const Flow& flow, const Ptr<Route>& original, const Context& context)
{
    if (flow.common.proto == PROTO_ANY)
    {
        return {};
    }
    if (!m_net.GetSocketPolicies().IsEmpty())
    {
        if (const auto decision = DecideBySocket(flow, original, context))
        {
            return *decision;
        }
    }
    OutputDecision decision = Decide(flow, original, Purpose::Packet, context);
    if (decision.verdict == OutputVerdict::Error && decision.error == error::REMOTE)
    {
        if (Namespace::Faults::Strikes(m_net.GetFaults().blackhole))
        {
            decision.error = error::NOMEM;
            return decision;
        }
        decision.verdict = OutputVerdict::Blackhole;
        decision.error = 0;
    }
    return decision;
}

OutputDecision
Lookup::DecideHeld(const Flow& flow,
                   const Ptr<Route>& path,
                   HeldRole role,
                   bool isLocal,
                   const Context& context)
{
    if (isLocal && !m_net.GetSocketPolicies().IsEmpty())
    {
        if (const auto decision = DecideBySocket(flow, path, context))
        {
            return *decision;
        }
    }
    const bool mayHold = role == HeldRole::Head && m_net.GetKernel().holdsAgain;
    return Decide(flow, path, mayHold ? Purpose::Packet : Purpose::Retry, context);
}

OutputDecision
Lookup::DecideForwarded(const Flow* flow, const Ptr<Route>& original, const Context& context)
{
    if (original->HasNoXfrm() || m_net.GetPolicies().GetCount(Direction::Out) == 0)
    {
        return {};
    }
    if (!flow)
    {
        return Refuse(error::INVAL, Counter::FwdHdrError);
    }
    return Decide(*flow, original, Purpose::Packet, context);
}

} // namespace ns3::xfrm
