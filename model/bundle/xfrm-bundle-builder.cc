/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-bundle-builder.h"

#include <utility>

namespace ns3::xfrm
{

namespace
{

/**
 * @param state a state
 * @param family family of the packet that it is to transform
 * @return whether it has a mode for that family (xfrm_ip2inner_mode())
 */
bool
HasInnerMode(const State& state, Family family)
{
    // A selector with a family says what is inside.  Else a tunnel takes either family, and
    // transport
    // mode that of its own header.
    const StateConfig& config = state.GetConfig();
    return config.selector.family != 0 || config.mode == Mode::Tunnel || config.family == family;
}

} // namespace

BundleBuilder::BundleBuilder(RouteTable& routes, const Ptr<DstAccount>& account)
    : m_routes(routes),
      m_account(account)
{
}

int32_t
BundleBuilder::Append(Chain& chain, const Ptr<State>& state, const Flow& flow, BundleWork& work)
{
    if (const int32_t error = m_fault ? m_fault(chain.elements.size()) : 0; error != 0)
    {
        return error;
    }
    if (!m_account->TryAllocate())
    {
        return error::NOBUFS;
    }
    ++work.nElements;
    chain.elements.push_back(
        {.state = state, .stateGenid = state->GetGenid(), .route = chain.path});
    if (!HasInnerMode(*state, chain.family))
    {
        return error::AFNOSUPPORT;
    }
    const StateConfig& config = state->GetConfig();
    if (config.mode == Mode::Transport)
    {
        return 0;
    }
    // A plain lookup: no IPsec for the outer header, no device and no mark of the inner one (R53).
    ++work.nRouteLookups;
    const RouteAnswer answer =
        m_routes.Lookup({config.family,
                         config.source,
                         config.id.destination,
                         static_cast<uint8_t>(flow.common.tos & TOS_ROUTED)});
    chain.path = answer.route;
    chain.family = config.family;
    return answer.error;
}

BuiltBundle
BundleBuilder::Build(std::span<const Ptr<State>> states,
                     const Flow& flow,
                     const Ptr<Route>& original,
                     BundleWork& work)
{
    ++work.nBundles;
    Chain chain{.elements = {}, .path = original, .family = flow.family};
    chain.elements.reserve(states.size());
    int32_t error = 0;
    for (size_t i = 0; i < states.size() && error == 0; ++i)
    {
        error = Append(chain, states[i], flow, work);
    }
    if (error == 0 && chain.path->GetDevice() == 0)
    {
        error = error::NODEV;
    }
    if (error != 0)
    {
        m_account->Free(static_cast<uint32_t>(chain.elements.size()));
        return {nullptr, error};
    }
    return {Create<Bundle>(m_account, std::move(chain.elements), chain.path), 0};
}

BuiltBundle
BundleBuilder::BuildDummy(PolicyMatch match, BundleWork& work)
{
    ++work.nBundles;
    if (!m_account->TryAllocate())
    {
        return {nullptr, error::NOBUFS};
    }
    ++work.nElements;
    return {Create<Bundle>(m_account, std::move(match)), 0};
}

BuiltBundle
BundleBuilder::BuildQueue(PolicyMatch match, const Ptr<Route>& original, BundleWork& work)
{
    ++work.nBundles;
    if (!m_account->TryAllocate())
    {
        return {nullptr, error::NOBUFS};
    }
    ++work.nElements;
    if (original->GetDevice() == 0)
    {
        m_account->Free(1);
        return {nullptr, error::NODEV};
    }
    return {Create<Bundle>(m_account, std::move(match), original), 0};
}

} // namespace ns3::xfrm
