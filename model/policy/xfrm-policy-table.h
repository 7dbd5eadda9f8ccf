/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_POLICY_TABLE_H
#define XFRM_POLICY_TABLE_H

#include "xfrm-policy-sieve.h"
#include "xfrm-policy-work.h"
#include "xfrm-policy.h"

#include "ns3/ptr.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3::xfrm
{

/// Prefix lengths from which on a policy is exact (struct xfrm_policy_hash, R108).
struct PolicyThresholds
{
    uint8_t destinationBits{32}; //!< of the destination (dbits) [bits]
    uint8_t sourceBits{32};      //!< of the source (sbits) [bits]

    bool operator==(const PolicyThresholds&) const = default;
};

/**
 * @ingroup xfrm
 * @brief The policies of one direction: hashed by their addresses where they are exact, and one
 * list of all others.
 *
 * Source: struct xfrm_policy_hash, policy_inexact, policy_hash_bysel(), policy_hash_direct(),
 * xfrm_bydst_resize() and the walks of xfrm_policy_insert(), xfrm_policy_lookup_bytype(),
 * xfrm_policy_bysel_ctx() and xfrm_policy_flush(), Linux 4.1 (R107 to R109, R111, R112, R115, R116,
 * R121).
 *
 * Invariants:
 * - a chain (bucket or list) runs by ascending priority, among equals in the order of R112;
 * - a policy is in the chain that its selector and the thresholds of its family say;
 * - the fronts are the first policies of the buckets, the sieve holds the selectors of the inexact
 *   list, in its order.
 *
 * Knows neither indexes nor lives of policies: PolicyDatabase's.  Not thread-safe.
 */
class PolicyTable
{
  public:
    /// A bucket of exact policies or the list of inexact ones.
    using Chain = std::vector<Ptr<Policy>>;

    /// The fewest buckets, those of an empty table.
    static constexpr uint32_t INITIAL_BUCKETS{8};

    /// The most buckets (xfrm_policy_hashmax).
    static constexpr uint32_t MAX_BUCKETS{1 << 20};

    /// An empty table with the kernel's thresholds: full-length prefixes.
    PolicyTable();

    /**
     * @brief Hash a pair of addresses (R109).
     * @param family IPv4 or IPv6; the hash of IPv6 has no recorded vectors
     * @param destination destination, of which the first destinationBits count
     * @param source source, of which the first sourceBits count
     * @param thresholds how many bits count
     * @return the hash before it is folded into a bucket
     */
    static uint32_t HashAddresses(Family family,
                                  const IpAddress& destination,
                                  const IpAddress& source,
                                  const PolicyThresholds& thresholds);

    /// @param hash from HashAddresses() @param nBuckets a power of two @return the bucket (R109)
    static uint32_t Fold(uint32_t hash, uint32_t nBuckets)
    {
        return (hash ^ hash >> 16) & (nBuckets - 1);
    }

    /// @return buckets, a power of two
    uint32_t GetBuckets() const
    {
        return static_cast<uint32_t>(m_buckets.size());
    }

    /// @param nPolicies of the direction @return whether there are too few buckets (R115)
    bool IsTooSmallFor(uint32_t nPolicies) const
    {
        return nPolicies > GetBuckets() - 1 && GetBuckets() < MAX_BUCKETS;
    }

    /// Double the buckets; the order within them stays (xfrm_bydst_resize(), R115).
    void Double();

    /// @param bucket below GetBuckets() @return its policies
    const Chain& GetExact(uint32_t bucket) const
    {
        return m_buckets[bucket];
    }

    /// @return the policies that are not exact
    const Chain& GetInexact() const
    {
        return m_inexact;
    }

    /// @param family IPv4 or IPv6 @return from which prefix lengths on its policies are exact
    const PolicyThresholds& GetThresholds(Family family) const
    {
        return m_thresholds[family == Family::Ipv6 ? 1 : 0];
    }

    /**
     * @param family IPv4 or IPv6
     * @param thresholds from which prefix lengths on its policies are exact
     *
     * The table must be empty.
     */
    void SetThresholds(Family family, const PolicyThresholds& thresholds);

    /// Where a policy is to be inserted.
    struct Place
    {
        size_t position{0};         //!< in its chain
        Policy* duplicate{nullptr}; //!< what it replaces, null if nothing
    };

    /// @param policy a policy that is not in the table @return its place (R111, R112)
    Place FindPlace(const Policy& policy) const;

    /// @param policy what to insert @param position where in its chain, as FindPlace() says
    void Link(const Ptr<Policy>& policy, size_t position);

    /// @brief Insert behind the last policy of smaller or equal priority.  @param policy the policy
    void LinkByPriority(const Ptr<Policy>& policy);

    /// @param policy a policy of the table, to take out
    void Unlink(const Policy& policy);

    /// @return all policies of a type, inexact ones first, then by descending buckets; taken out
    Chain TakeAll(PolicyType type);

    /// Take out all policies; buckets and thresholds stay.
    void Clear();

    /**
     * @brief Find the policy for a flow (R116).
     * @param flow the flow
     * @param type type of policies searched
     * @param work what the kernel's walk compares is added here
     * @return the policy, null if there is none
     */
    Ptr<Policy> Find(const Flow& flow, PolicyType type, PolicyWork& work) const;

    /// @return a policy of this type, selector and mark, null if there is none (R121)
    Ptr<Policy> FindSelector(PolicyType type, const Selector& selector, uint32_t mark) const;

  private:
    /// The first policies of a bucket, in one cache line: what nearly all searches need of it.
    struct alignas(64) Front
    {
        static constexpr uint32_t CAPACITY{4};    //!< policies that have a place here
        std::array<uint32_t, CAPACITY> hashes{};  //!< a policy takes no flow of another hash
        std::array<Policy*, CAPACITY> policies{}; //!< the policies; shape (nPolicies)
        uint32_t nPolicies{0};                    //!< policies here
        bool hasMore{false};                      //!< others are behind them
    };

    bool IsExact(const Selector& selector) const;
    uint32_t Hash(Family family, const IpAddress& destination, const IpAddress& source) const;
    void RefreshFront(size_t bucket);
    void RefreshFronts();
    Chain& GetChain(const Selector& selector);
    const Chain& GetChain(const Selector& selector) const;
    Policy* FindExact(const Flow& flow, PolicyType type, PolicyWork& work) const;
    Policy* FindInexact(const Flow& flow, PolicyType type, uint32_t limit, PolicyWork& work) const;
    void RebuildSieve();

    std::vector<Chain> m_buckets;                 //!< exact policies; shape (a power of two)
    std::vector<Front> m_fronts;                  //!< of each bucket; shape as m_buckets
    Chain m_inexact;                              //!< all others
    PolicySieve m_sieve;                          //!< selectors of m_inexact, in its order
    std::array<PolicyThresholds, 2> m_thresholds; //!< of IPv4 and IPv6
    std::array<uint32_t, 2> m_nOfType{};          //!< policies of each PolicyType
};

} // namespace ns3::xfrm

#endif // XFRM_POLICY_TABLE_H
