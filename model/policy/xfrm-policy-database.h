/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_POLICY_DATABASE_H
#define XFRM_POLICY_DATABASE_H

#include "xfrm-policy-table.h"
#include "xfrm-policy-work.h"
#include "xfrm-policy.h"

#include "ns3/ptr.h"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <unordered_map>
#include <vector>

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

  private:
    uint32_t m_next{0}; //!< next multiple of 8, wraps
};

/**
 * @ingroup xfrm
 * @brief The policies of a namespace (RFC 4301: SPD), as Linux keeps and searches them.
 *
 * Source: struct netns_xfrm, xfrm_policy_insert(), xfrm_policy_lookup(), xfrm_policy_byid(),
 * xfrm_policy_bysel_ctx(), xfrm_policy_flush(), xfrm_policy_kill() and xfrm_hash_rebuild(),
 * net/xfrm/xfrm_policy.c, Linux 4.1 (R105 to R121).  Left out: growth of the tables; socket
 * policies; timers; the hash of the table by index, since no result shows it.
 *
 * The side effects of a change beyond this database (flow-cache generation, route generation, held
 * packets; R113, R120) are Namespace's.
 *
 * Invariants:
 * - the same policies are in the tables of directions, by index and in the list of all;
 * - all of them live; one that leaves dies.
 *
 * A lookup costs O(policies of the direction), mostly 16 bytes read for each inexact one.
 * Not thread-safe.
 */
class PolicyDatabase
{
  public:
    /// What an insertion did.
    struct Insertion
    {
        int32_t error{0};        //!< 0, or error::EXIST for a duplicate of an exclusive insertion
        Ptr<Policy> replaced;    //!< the duplicate that was replaced and is dead, or null
        bool isGrowthDue{false}; //!< the resize work is to be scheduled (R114)
    };

    /// @param indexes the system's generator; must outlive the database
    explicit PolicyDatabase(PolicyIndexGenerator& indexes);

    /**
     * @brief Insert a policy (xfrm_policy_insert(), R111 to R114).
     * @param policy a policy that never was in a database; untouched if there is an error
     * @param isExclusive a duplicate is an error (add) instead of being replaced (update)
     * @param now the time [s of wall clock]
     * @return what was done
     */
    Insertion Insert(const Ptr<Policy>& policy, bool isExclusive, uint64_t now);

    /**
     * @brief Find the policy for a flow (xfrm_policy_lookup_bytype(), R116).
     * @param flow the flow; its family is that of the policies searched
     * @param type MAIN or SUB
     * @param direction the direction
     * @param work what the search did is added here
     * @return the policy, null if there is none
     */
    Ptr<Policy> Lookup(const Flow& flow,
                       PolicyType type,
                       Direction direction,
                       PolicyWork& work) const;

    /**
     * @brief Find the policy for a flow, SUB first, then MAIN (xfrm_policy_lookup(), R118).
     * @param flow the flow; its family is that of the policies searched
     * @param direction the direction
     * @param work what the searches did is added here
     * @return the policy, null if there is none
     */
    Ptr<Policy> Lookup(const Flow& flow, Direction direction, PolicyWork& work) const;

    /**
     * @brief Delete by selector (xfrm_policy_bysel_ctx(), R121).
     * @param type the policy's type
     * @param direction the policy's direction
     * @param selector equal to the policy's; without family it is one of IPv4
     * @param mark its value and mask give the bits that the policy's mark must take
     * @return the policy, which is dead now; null if there is none
     */
    Ptr<Policy> Remove(PolicyType type,
                       Direction direction,
                       const Selector& selector,
                       const Mark& mark);

    /**
     * @brief Delete by index (xfrm_policy_byid(), R121).
     * @param type the policy's type
     * @param direction the policy's direction
     * @param index the policy's index
     * @param mark its value and mask give the bits that the policy's mark must take
     * @return the policy, which is dead now; null if there is none
     */
    Ptr<Policy> RemoveByIndex(PolicyType type,
                              Direction direction,
                              uint32_t index,
                              const Mark& mark);

    /**
     * @brief Delete all policies of a type (xfrm_policy_flush()).
     * @param type the type
     * @return those policies, which are dead now, in the order of Linux' walk: by direction (in,
     *         out, forward), of each the inexact list, then the buckets from the last to the first
     */
    std::vector<Ptr<Policy>> Flush(PolicyType type);

    /**
     * @brief Set from which prefix lengths on policies are exact, and file all of them anew
     * (xfrm_hash_rebuild(), R108, R110).
     *
     * Among equal priorities the order is that of insertion afterwards, although an update before
     * kept the place of what it replaced.
     *
     * @param family IPv4 or IPv6
     * @param localBits of the address on this side: the source of output [bits]
     * @param remoteBits of the other address [bits]
     * @throws std::invalid_argument for another family or more bits than an address has
     */
    void SetThresholds(Family family, uint8_t localBits, uint8_t remoteBits);

    /// @return policies of a direction (policy_count[])
    uint32_t GetCount(Direction direction) const
    {
        return m_counts[static_cast<size_t>(direction)];
    }

    /// @return the policies of a direction by chain, to look at
    const PolicyTable& GetTable(Direction direction) const
    {
        return m_tables[static_cast<size_t>(direction)];
    }

    /// @return all policies, newest first; one that replaced another is as new as its insertion
    std::vector<Ptr<Policy>> GetAll() const;

  private:
    uint32_t ChooseIndex(const PolicyConfig& config);
    void Enter(const Ptr<Policy>& policy, uint32_t index, uint64_t now);
    void Delete(const Ptr<Policy>& policy);
    void Kill(const Ptr<Policy>& policy);

    PolicyIndexGenerator& m_indexes;                       //!< of the system
    std::array<PolicyTable, 3> m_tables;                   //!< policies of each Direction
    std::array<uint32_t, 3> m_counts{};                    //!< how many of each Direction
    std::unordered_map<uint32_t, Ptr<Policy>> m_byIndex;   //!< all, by index
    std::map<uint64_t, Ptr<Policy>, std::greater<>> m_all; //!< all, newest insertion first
    uint64_t m_nInsertions{0};                             //!< insertions so far
};

} // namespace ns3::xfrm

#endif // XFRM_POLICY_DATABASE_H
