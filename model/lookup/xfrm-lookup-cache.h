/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_LOOKUP_CACHE_H
#define XFRM_LOOKUP_CACHE_H

#include "xfrm-context.h"
#include "xfrm-statistics.h"

#include "ns3/xfrm-bundle.h"
#include "ns3/xfrm-flow.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ns3::xfrm
{

class BundleResolver;
class Namespace;

/// What output does with a flow.
struct FoundBundle
{
    Ptr<Bundle> bundle;                         //!< null with an error, or without a policy
    int32_t error{0};                           //!< 0 or a negative errno
    std::optional<Counter> counter{};           //!< the counter that the error moved
    std::optional<CacheOutcome> cacheOutcome{}; //!< how the flow cache answered, if there is one
};

/// Which policy a received packet is held against.
struct FoundPolicy
{
    Ptr<Policy> policy;                         //!< the policy, null if there is none
    int32_t error{0};                           //!< 0 or a negative errno
    std::optional<CacheOutcome> cacheOutcome{}; //!< how the flow cache answered, if it was asked
};

/// A chain that is wanted.
struct WantedChain
{
    const std::vector<Ptr<Policy>>& policies; //!< whose
    std::span<const Ptr<State>> states;       //!< which states, innermost first
    const Route& original;                    //!< the flow's plain route
};

/**
 * @ingroup xfrm
 * @brief What a kernel remembers of lookups.  This one remembers nothing.
 *
 * Source: xfrm_bundle_lookup() and __xfrm_policy_check(), net/xfrm/xfrm_policy.c, Linux 4.19 (R306,
 * R315): policies and states are searched for each packet, and its chain is built.  Other kernels'
 * memories are derived from it.
 *
 * Owned by its Namespace.
 */
class LookupCache
{
  public:
    /// @param net the namespace; must outlive this
    explicit LookupCache(Namespace& net)
        : m_net(net)
    {
    }

    virtual ~LookupCache() = default;
    LookupCache(const LookupCache&) = delete;
    LookupCache& operator=(const LookupCache&) = delete;
    LookupCache(LookupCache&&) = delete;
    LookupCache& operator=(LookupCache&&) = delete;

    /**
     * @brief Find what output does with a flow.
     * @param flow the flow @param resolver finds it anew @param context where it runs
     * @return what it does
     */
    virtual FoundBundle FindBundle(const Flow& flow,
                                   BundleResolver& resolver,
                                   const Context& context);

    /**
     * @brief Find the policy of the namespace that a received packet is held against.
     * @param flow the packet's flow @param direction In or Forward @param context where it runs
     * @return the policy
     */
    virtual FoundPolicy FindPolicy(const Flow& flow, Direction direction, const Context& context);

    /// @brief May a chain be used again?  @param wanted which one is needed @param cpu where
    /// @return one that serves; null: it has to be built
    virtual Ptr<Bundle> FindChain(const WantedChain& wanted, CpuId cpu);

    /// @brief A chain was built.  @param chain the chain @param cpu where
    virtual void KeepChain(const Ptr<Bundle>& chain, CpuId cpu);

    /// @brief States or policies were flushed, or a device went down: let go chains that are not ok
    /// any more.
    virtual void DropStaleChains();

  protected:
    Namespace& m_net; //!< the namespace
};

} // namespace ns3::xfrm

#endif // XFRM_LOOKUP_CACHE_H
