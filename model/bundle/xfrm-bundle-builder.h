/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_BUNDLE_BUILDER_H
#define XFRM_BUNDLE_BUILDER_H

#include "xfrm-bundle-work.h"
#include "xfrm-bundle.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace ns3::xfrm
{

/// A bundle, or an error.
struct BuiltBundle
{
    Ptr<Bundle> bundle; //!< the bundle, null with an error
    int32_t error{0};   //!< 0 or a negative errno
};

/**
 * @ingroup xfrm
 * @brief Builds chains of transformations.
 *
 * Source: xfrm_bundle_create() and xfrm_create_dummy_bundle(), net/xfrm/xfrm_policy.c, Linux 4.1
 * (R50 to R58, R79, R45, R46).  Left out: care-of addresses (R53), since Mobile IPv6's states are
 * not modelled, and so R55, which only they would show; header space that must not be fragmented,
 * which no IPv4 type has; init_path, which does nothing for IPv4 (R57).
 */
class BundleBuilder
{
  public:
    /**
     * @param routes plain routing; must outlive the builder
     * @param account where dst entries are counted
     */
    BundleBuilder(RouteTable& routes, const Ptr<DstAccount>& account);

    /**
     * @brief Build the chain of some states.
     * @param states the states, innermost first, at least one
     * @param flow the flow
     * @param original its plain route
     * @param work what is done is added here
     * @return the chain, without policies; or the first error, after which all references are given
     *         back: -ENOBUFS no memory, -EINVAL no such family, -EAFNOSUPPORT no mode for the
     *         family, the error of an outer route, -ENODEV no device
     */
    BuiltBundle Build(std::span<const Ptr<State>> states,
                      const Flow& flow,
                      const Ptr<Route>& original,
                      BundleWork& work);

    /**
     * @brief Make a dummy.
     * @param match the policies and what they came to @param work what is done is added here
     * @return the dummy; or -ENOBUFS, no memory
     */
    BuiltBundle BuildDummy(PolicyMatch match, BundleWork& work);

    /**
     * @brief Make a dummy that holds packets (R46).
     * @param match the policies and what they came to @param original the plain route
     * @param work what is done is added here
     * @return the dummy; or -ENOBUFS, no memory, or -ENODEV, no device
     */
    BuiltBundle BuildQueue(PolicyMatch match, const Ptr<Route>& original, BundleWork& work);

    /// @brief Let elements of chains fail (R79).  @param fault called with an element's place
    /// before it is made: 0, or its error, such as -EINVAL, no such family; empty: none fails
    void SetFault(std::function<int32_t(size_t)> fault)
    {
        m_fault = std::move(fault);
    }

    /// @return where dst entries are counted
    const Ptr<DstAccount>& GetAccount() const
    {
        return m_account;
    }

  private:
    /// A chain that is being built.
    struct Chain
    {
        std::vector<BundleElement> elements; //!< so far
        Ptr<Route> path;                     //!< route behind them
        Family family;                       //!< family of the packet behind them
    };

    int32_t Append(Chain& chain, const Ptr<State>& state, const Flow& flow, BundleWork& work);

    RouteTable& m_routes;                   //!< plain routing
    Ptr<DstAccount> m_account;              //!< where dst entries are counted
    std::function<int32_t(size_t)> m_fault; //!< errors of elements by place; empty: none
};

} // namespace ns3::xfrm

#endif // XFRM_BUNDLE_BUILDER_H
