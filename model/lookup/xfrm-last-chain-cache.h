/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_LAST_CHAIN_CACHE_H
#define XFRM_LAST_CHAIN_CACHE_H

#include "xfrm-lookup-cache.h"

#include <memory>
#include <vector>

namespace ns3::xfrm
{

/// The last chain that each CPU of a host built (xfrm_last_dst); all its namespaces share it.
struct LastChains
{
    std::vector<Ptr<Bundle>> byCpu; //!< null: none; shape (CPUs)
};

/**
 * @ingroup xfrm
 * @brief Searches each time, but uses the last chain of its CPU again if that is the right one.
 *
 * Source: xfrm_resolve_and_create_bundle(), xfrm_xdst_can_reuse() and xfrm_policy_cache_flush(),
 * net/xfrm/xfrm_policy.c, Linux 4.14 (R305, R315, C61, C62, C65).
 */
class LastChainCache final : public LookupCache
{
  public:
    /**
     * @param net the namespace; must outlive this
     * @param chains the host's; one a CPU of the namespace, or more
     * @throws std::invalid_argument for fewer
     */
    LastChainCache(Namespace& net, std::shared_ptr<LastChains> chains);

    /// The namespace goes, and takes the host's chains along, whose states and routes may be its.
    ~LastChainCache() override;
    LastChainCache(const LastChainCache&) = delete;
    LastChainCache& operator=(const LastChainCache&) = delete;
    LastChainCache(LastChainCache&&) = delete;
    LastChainCache& operator=(LastChainCache&&) = delete;

    /// @copydoc LookupCache::FindChain The last one, with the same device as the plain route,
    /// policies and states, if it is still ok (R70).
    Ptr<Bundle> FindChain(const WantedChain& wanted, CpuId cpu) override;
    void KeepChain(const Ptr<Bundle>& chain, CpuId cpu) override;
    void DropStaleChains() override;

  private:
    std::shared_ptr<LastChains> m_chains; //!< the host's
};

} // namespace ns3::xfrm

#endif // XFRM_LAST_CHAIN_CACHE_H
