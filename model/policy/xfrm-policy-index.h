/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_POLICY_INDEX_H
#define XFRM_POLICY_INDEX_H

#include "xfrm-policy.h"

#include "ns3/ptr.h"

#include <cstdint>
#include <unordered_map>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The generator of policy indexes: one for a whole system, all its namespaces (R113).
 *
 * Source: idx_generator of xfrm_gen_index(), net/xfrm/xfrm_policy.c, Linux 4.1.
 */
class PolicyIndexGenerator
{
  public:
    /// @param direction direction of the policy @return the next candidate, never 0; may be in use
    uint32_t Next(Direction direction);

    /// @param direction direction of a socket's policy @return its index: the direction and 3
    uint32_t NextOfSocket(Direction direction);

  private:
    uint32_t Draw(uint32_t lowBits);

    uint32_t m_next{0}; //!< next multiple of 8, wraps
};

/**
 * @ingroup xfrm
 * @brief The policies of a namespace by index.
 *
 * Source: policy_byidx of struct netns_xfrm, xfrm_gen_index() and xfrm_byidx_should_resize(),
 * net/xfrm/xfrm_policy.c, Linux 4.1 (R107, R109, R113, R115).  Left out: the chains, whose order no
 * result shows; there is their number, since it says when the table is to grow.
 *
 * All operations cost O(1).  Not thread-safe.
 */
class PolicyIndex
{
  public:
    /// The fewest buckets.
    static constexpr uint32_t INITIAL_BUCKETS{8};

    /// The most buckets (xfrm_policy_hashmax).
    static constexpr uint32_t MAX_BUCKETS{1 << 20};

    /// @param generator the system's; must outlive this
    explicit PolicyIndex(PolicyIndexGenerator& generator);

    /// @param index an index @param nBuckets a power of two @return the bucket it is in (R109)
    static uint32_t Fold(uint32_t index, uint32_t nBuckets)
    {
        return (index ^ index >> 8) & (nBuckets - 1);
    }

    /**
     * @brief Choose the index of a policy that replaces none (xfrm_gen_index(), R113).
     * @param direction direction of the policy
     * @param wanted the index asked for, 0 for none
     * @return @p wanted if it is free and of this direction, else a fresh one
     */
    uint32_t Choose(Direction direction, uint32_t wanted);

    /// @param policy a policy with an index that no other has
    void Insert(const Ptr<Policy>& policy);

    /// @param policy a policy that was inserted, to take out
    void Erase(const Policy& policy);

    /// @return the policy of an index, null if there is none
    Ptr<Policy> Find(uint32_t index) const;

    /// @return buckets, a power of two
    uint32_t GetBuckets() const
    {
        return m_nBuckets;
    }

    /// @brief Double the buckets once if there are too few (R115).
    /// @param nPolicies of all directions together
    void GrowFor(uint32_t nPolicies);

  private:
    PolicyIndexGenerator& m_generator;                    //!< of the system
    std::unordered_map<uint32_t, Ptr<Policy>> m_policies; //!< all, by index
    uint32_t m_nBuckets{INITIAL_BUCKETS};                 //!< buckets of the kernel's table
};

} // namespace ns3::xfrm

#endif // XFRM_POLICY_INDEX_H
