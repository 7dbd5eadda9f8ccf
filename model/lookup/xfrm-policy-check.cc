/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-check.h"

#include <algorithm>
#include <boost/container/static_vector.hpp>
#include <span>

namespace ns3::xfrm
{

namespace
{

/// @return whether a state's mode makes or opens tunnels
bool
IsTunnel(const State& state)
{
    return state.GetConfig().mode != Mode::Transport;
}

/// @return whether any state from a place on was a tunnel's
bool
HasTunnel(std::span<const Ptr<State>> path)
{
    return std::any_of(path.begin(), path.end(), [](const Ptr<State>& state) {
        return IsTunnel(*state);
    });
}

/// @return whether a template allows a state's authentication algorithm (R264)
bool
AllowsAlgorithm(const Template& wanted, const State& state)
{
    const bool isIpsec =
        wanted.proto == PROTO_ESP || wanted.proto == PROTO_AH || wanted.proto == PROTO_COMP;
    return !isIpsec || wanted.AllowsAllAlgorithms() ||
           (wanted.authAlgorithms >> state.GetType()->GetAuthNumber() & 1U) != 0;
}

/// @return whether a state is what a template asks for (xfrm_state_ok(), R264)
bool
Meets(const Template& wanted, const State& state)
{
    const StateConfig& config = state.GetConfig();
    if (config.isKernelOwned)
    {
        return wanted.isOptional && (wanted.source.IsAny() || wanted.source == config.source);
    }
    return wanted.proto == config.id.proto && (wanted.spi == 0 || wanted.spi == config.id.spi) &&
           (wanted.reqid == 0 || wanted.reqid == config.reqid) && wanted.mode == config.mode &&
           AllowsAlgorithm(wanted, state) &&
           (wanted.mode == Mode::Transport || wanted.source.IsAny() ||
            wanted.source == config.source);
}

/**
 * @brief Find the layer that meets a template (xfrm_policy_ok(), R265).
 * @param wanted the template
 * @param path the states, outermost first
 * @param next first one to look at; moved behind the one that meets it
 * @return whether the template is satisfied
 */
bool
Satisfies(const Template& wanted, const SecPath& path, size_t& next)
{
    if (wanted.isOptional && wanted.mode == Mode::Transport)
    {
        return true;
    }
    for (size_t i = next; i < path.size(); ++i)
    {
        if (Meets(wanted, *path[i]))
        {
            next = i + 1;
            return true;
        }
        if (IsTunnel(*path[i]))
        {
            break;
        }
    }
    return wanted.isOptional;
}

/// @return whether the packet's layers meet the templates of some policies (R265 to R267)
bool
MeetsAll(std::span<const Ptr<Policy>> policies, const SecPath& path)
{
    size_t next = 0;
    for (auto policy = policies.rbegin(); policy != policies.rend(); ++policy)
    {
        const std::vector<Template>& templates = (*policy)->GetConfig().templates;
        for (auto wanted = templates.rbegin(); wanted != templates.rend(); ++wanted)
        {
            if (!Satisfies(*wanted, path, next))
            {
                return false;
            }
        }
    }
    return !HasTunnel(std::span(path.data(), path.size()).subspan(next));
}

} // namespace

PolicyCheck::PolicyCheck(Namespace& net)
    : m_net(net)
{
}

bool
PolicyCheck::PassesUnchecked(Direction direction, const SecPath& path, bool hasNoPolicy) const
{
    return hasNoPolicy || (path.empty() && m_net.GetPolicies().GetCount(direction) == 0);
}

bool
PolicyCheck::HasSocketPolicy(const Flow& flow) const
{
    const SocketPolicies& sockets = m_net.GetSocketPolicies();
    const auto socket = SocketEndpoint::OfFlow(flow, Direction::In);
    return !sockets.IsEmpty() && sockets.Has(socket, Direction::In);
}

FoundPolicy
PolicyCheck::Find(Direction direction, const Flow& flow, const Context& context)
{
    if (direction == Direction::In && !m_net.GetSocketPolicies().IsEmpty())
    {
        const auto socket = SocketEndpoint::OfFlow(flow, direction);
        if (const auto policy = m_net.GetSocketPolicies().Lookup(socket, direction, flow, 0))
        {
            return {.policy = policy};
        }
    }
    return m_net.GetLookupCache().FindPolicy(flow, direction, context);
}

std::optional<Counter>
PolicyCheck::Judge(const Ptr<Policy>& first,
                   const Flow& flow,
                   const SecPath& path,
                   const Context& context)
{
    const uint64_t now = m_net.GetWallClock(context.now);
    boost::container::static_vector<Ptr<Policy>, 2> policies{first};
    first->SetUsed(now);
    if (first->GetConfig().type != PolicyType::Main)
    {
        // Always in direction In, even for packets that are forwarded (R263).
        const Ptr<Policy> second =
            m_net.GetPolicies().Lookup(flow, PolicyType::Main, Direction::In, context.work.policy);
        if (second)
        {
            second->SetUsed(now);
            policies.push_back(second);
        }
    }
    size_t nTemplates = 0;
    for (const Ptr<Policy>& policy : policies)
    {
        const PolicyConfig& config = policy->GetConfig();
        if (config.action != PolicyAction::Allow)
        {
            return Counter::InPolBlock;
        }
        if (nTemplates + config.templates.size() >= MAX_DEPTH)
        {
            return Counter::InBufferError;
        }
        nTemplates += config.templates.size();
    }
    return MeetsAll({policies.data(), policies.size()}, path)
               ? std::nullopt
               : std::optional(Counter::InTmplMismatch);
}

CheckResult
PolicyCheck::Check(Direction direction,
                   const Flow* flow,
                   const SecPath& path,
                   const Context& context)
{
    ++context.work.nPolicyChecks;
    CheckResult result;
    const auto reject = [&](Counter counter) {
        m_net.Count(counter);
        result.isAccepted = false;
        result.counter = counter;
        return result;
    };
    if (!flow)
    {
        return reject(Counter::InHdrError);
    }
    for (const Ptr<State>& state : path)
    {
        if (!state->GetConfig().selector.Matches(*flow, flow->family))
        {
            return reject(Counter::InStateMismatch);
        }
    }
    const FoundPolicy found = Find(direction, *flow, context);
    result.cacheOutcome = found.cacheOutcome;
    if (found.error != 0)
    {
        return reject(Counter::InPolError);
    }
    if (!found.policy)
    {
        return HasTunnel({path.data(), path.size()}) ? reject(Counter::InNoPols) : result;
    }
    const auto counter = Judge(found.policy, *flow, path, context);
    return counter ? reject(*counter) : result;
}

} // namespace ns3::xfrm
