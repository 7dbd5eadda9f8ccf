/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_BUNDLE_RESOLVER_H
#define XFRM_BUNDLE_RESOLVER_H

#include "xfrm-context.h"
#include "xfrm-namespace.h"

#include <optional>

namespace ns3::xfrm
{

/// A bundle, or that there is nothing to do, or an error with the counter that it moved.
struct ResolvedBundle
{
    Ptr<Bundle> bundle; //!< the bundle; null with an error, or if nothing is to be done
    int32_t error{0};   //!< 0 or a negative errno
    std::optional<Counter> counter{}; //!< the counter that was moved
};

/// What the policy of a socket comes to: a chain of its own, or an error.
struct SocketBundle
{
    PolicyMatch match;                //!< the policy, maybe a MAIN partner, transforms
    Ptr<Bundle> bundle{};             //!< the chain, null if there is nothing to transform
    int32_t error{0};                 //!< 0 or a negative errno
    std::optional<Counter> counter{}; //!< the counter that was moved
};

/**
 * @ingroup xfrm
 * @brief Finds what output does with a flow that no cache knows: the resolver of the flow cache,
 * and in kernels without one, of each packet.
 *
 * Source: xfrm_bundle_lookup(), xfrm_expand_policies(), xfrm_resolve_and_create_bundle(),
 * net/xfrm/xfrm_policy.c, Linux 4.1 (R11 to R13, R27 to R33, R40 to R46), and 4.14 (R305).
 */
class BundleResolver
{
  public:
    /**
     * @param net the namespace
     * @param flow the flow
     * @param original its plain route
     * @param mayHold packets may be held while a state is missing (XFRM_LOOKUP_QUEUE)
     * @param context where it runs
     */
    BundleResolver(Namespace& net,
                   const Flow& flow,
                   const Ptr<Route>& original,
                   bool mayHold,
                   const Context& context);

    /**
     * @brief Decide anew (xfrm_bundle_lookup()).
     * @param old a bundle that refused to serve, whose policies are used again; null: none
     * @return the bundle, maybe the old one; null without error: no policy (R41)
     */
    ResolvedBundle Resolve(const Ptr<Bundle>& old);

    /**
     * @brief Find what a socket's policy comes to (xfrm_lookup() with one, R11 to R13).
     *
     * Each time anew: the chain is in no flow cache.  A missing state is -EAGAIN, and no counter
     * moves.
     *
     * @param policy it
     * @return its chain
     */
    SocketBundle ResolveForSocket(const Ptr<Policy>& policy);

  private:
    ResolvedBundle ResolveAnew();
    ResolvedBundle ResolveAgain(const Ptr<Bundle>& old);
    PolicyMatch Expand(const Ptr<Policy>& first);
    ResolvedBundle Build(const PolicyMatch& match);
    ResolvedBundle BuildDummy(PolicyMatch match);
    ResolvedBundle Fail(int32_t error, Counter counter);

    Namespace& m_net;             //!< the namespace
    const Flow& m_flow;           //!< the flow
    const Ptr<Route>& m_original; //!< its plain route
    bool m_mayHold;               //!< packets may be held
    const Context& m_context;     //!< where it runs
};

} // namespace ns3::xfrm

#endif // XFRM_BUNDLE_RESOLVER_H
