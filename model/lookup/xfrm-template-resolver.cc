/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-template-resolver.h"

#include <optional>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// Resolves the templates of one policy after the other, carrying the tunnel ends along.
class TemplateResolver
{
  public:
    TemplateResolver(Namespace& net, const Flow& flow, const Context& context)
        : m_net(net),
          m_flow(flow),
          m_context(context)
    {
    }

    /// @brief Resolve a policy's templates (xfrm_tmpl_resolve_one()).  @return 0 or an error
    int32_t Resolve(const Ptr<Policy>& policy);

    /// @return the states found
    std::vector<Ptr<State>> TakeStates()
    {
        return std::move(m_states);
    }

  private:
    /// The two ends that a state must have.
    struct Ends
    {
        IpAddress remote; //!< destination of the outer header
        IpAddress local;  //!< its source
    };

    std::optional<Ends> FindEnds(const Template& wanted, const Ends& last);
    StateDatabase::Found FindState(const Template& wanted,
                                   const Ptr<Policy>& policy,
                                   const Ends& ends);

    Namespace& m_net;                 //!< the namespace
    const Flow& m_flow;               //!< the flow
    const Context& m_context;         //!< where it runs
    std::vector<Ptr<State>> m_states; //!< states found
};

/// @return the error that a missing or unfit state means to the one who needs it (R38)
int32_t
Judge(const StateDatabase::Found& found)
{
    if (found.state)
    {
        return found.state->GetStatus() == StateStatus::Error ? error::INVAL : error::AGAIN;
    }
    return found.error == error::SRCH ? error::AGAIN : found.error;
}

/// @return what is asked of the state database for a template (R140, R149)
StateRequest
MakeRequest(const Template& wanted, const Policy& policy)
{
    StateRequest request;
    request.family = wanted.family;
    request.reqid = wanted.reqid;
    request.mode = wanted.mode;
    request.proto = wanted.proto;
    request.spi = wanted.spi;
    request.mark = policy.GetConfig().mark.Get();
    return request;
}

std::optional<TemplateResolver::Ends>
TemplateResolver::FindEnds(const Template& wanted, const Ends& last)
{
    if (wanted.mode == Mode::Transport)
    {
        return last;
    }
    if (!wanted.source.IsAny())
    {
        return Ends{wanted.destination, wanted.source};
    }
    ++m_context.work.bundle.nRouteLookups;
    const RouteAnswer answer = m_net.GetRoutes().Lookup(
        {.family = wanted.family, .source = {}, .destination = wanted.destination});
    if (answer.error != 0)
    {
        return std::nullopt;
    }
    return Ends{wanted.destination, answer.route->GetSource()};
}

StateDatabase::Found
TemplateResolver::FindState(const Template& wanted, const Ptr<Policy>& policy, const Ends& ends)
{
    StateRequest request = MakeRequest(wanted, *policy);
    request.destination = ends.remote;
    request.source = ends.local;
    StateDatabase::Found found = m_net.GetStates().Find(request, m_flow, m_context.work.state);
    return found.isAcquireWanted ? m_net.Acquire(request, m_flow, wanted, policy, m_context.now)
                                 : found;
}

int32_t
TemplateResolver::Resolve(const Ptr<Policy>& policy)
{
    const std::vector<Template>& templates = policy->GetConfig().templates;
    if (m_states.size() + templates.size() >= MAX_DEPTH)
    {
        return error::NOBUFS;
    }
    Ends last{m_flow.destination, m_flow.source};
    for (const Template& wanted : templates)
    {
        const std::optional<Ends> ends = FindEnds(wanted, last);
        if (!ends)
        {
            return error::HOSTUNREACH;
        }
        StateDatabase::Found found = FindState(wanted, policy, *ends);
        if (found.state && found.state->GetStatus() == StateStatus::Valid)
        {
            m_states.push_back(std::move(found.state));
            last = *ends;
        }
        else if (!wanted.isOptional)
        {
            return Judge(found);
        }
    }
    return 0;
}

} // namespace

ResolvedTemplates
ResolveTemplates(Namespace& net,
                 const std::vector<Ptr<Policy>>& policies,
                 const Flow& flow,
                 const Context& context)
{
    TemplateResolver resolver(net, flow, context);
    for (const Ptr<Policy>& policy : policies)
    {
        if (const int32_t error = resolver.Resolve(policy); error != 0)
        {
            return {{}, error};
        }
    }
    return {resolver.TakeStates(), 0};
}

} // namespace ns3::xfrm
