/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_POLICY_DATABASE_H
#define XFRM_POLICY_DATABASE_H

#include "xfrm-policy-index.h"
#include "xfrm-policy-table.h"
#include "xfrm-policy-timers.h"
#include "xfrm-policy-work.h"
#include "xfrm-policy.h"

#include "ns3/nstime.h"
#include "ns3/ptr.h"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The policies of a namespace (RFC 4301: SPD), as Linux keeps and searches them.
 *
 * Source: struct netns_xfrm, xfrm_policy_insert(), xfrm_policy_lookup(), xfrm_policy_byid(),
 * xfrm_policy_bysel_ctx(), xfrm_policy_flush(), xfrm_policy_kill(), xfrm_policy_timer(),
 * xfrm_hash_resize(), xfrm_hash_rebuild() and xfrm_sk_policy_insert(), net/xfrm/xfrm_policy.c,
 * Linux 4.1 (R105 to R122).  The policies of sockets are listed and counted here; which socket has
 * which, SocketPolicies knows.
 *
 * Growth, new thresholds and timers take effect when the owner has them run: RunGrowth() and
 * RunRebuild() as work items when they are due, RunTimers() at GetNextDeadline().
 *
 * The side effects of a change beyond this database (flow-cache generation, route generation, held
 * packets; R113, R120) are Namespace's.
 *
 * Invariants:
 * - the same policies are in the tables of directions, by index and, with those of sockets, in the
 *   list of all;
 * - all of them live; one that leaves dies, and its timer stops.
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

    /// What the timer of a policy says (km_policy_expired(), R122).
    struct Expiry
    {
        Ptr<Policy> policy; //!< the policy; dead if it is hard
        bool isHard{false}; //!< past a hard limit, not a soft one
    };

    /// @param indexes the system's generator; must outlive the database
    explicit PolicyDatabase(PolicyIndexGenerator& indexes);

    /**
     * @brief Insert a policy (xfrm_policy_insert(), R111 to R114).
     * @param policy a policy that never was in a database; untouched if there is an error
     * @param isExclusive a duplicate is an error (add) instead of being replaced (update)
     * @param now the time [s of wall clock]
     * @param time the same on the clock of timers: the policy's is due 1 s later
     * @return what was done
     */
    Insertion Insert(const Ptr<Policy>& policy, bool isExclusive, uint64_t now, Time time);

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
     * @brief Set from which prefix lengths on policies are exact, as soon as RunRebuild() ran
     * (xfrm_set_spdinfo(), R108).
     * @param family IPv4 or IPv6
     * @param localBits of the address on this side: the source of output [bits]
     * @param remoteBits of the other address [bits]
     * @throws std::invalid_argument for another family or more bits than an address has
     */
    void SetThresholds(Family family, uint8_t localBits, uint8_t remoteBits);

    /// @return whether thresholds were set that are not in effect: RunRebuild() is wanted
    bool IsRebuildDue() const
    {
        return m_isRebuildDue;
    }

    /**
     * @brief File all policies anew by the thresholds set (xfrm_hash_rebuild(), R110); nothing if
     * that is not due.
     *
     * Among equal priorities the order is that of insertion afterwards, although an update before
     * kept the place of what it replaced.  Linux 4.1 files the policies of sockets, too, in tables
     * that do not exist; they are skipped here.
     */
    void RunRebuild();

    /// @return whether tables are to grow: RunGrowth() is wanted (R114)
    bool IsGrowthDue() const
    {
        return m_isGrowthDue;
    }

    /// @brief Double once each table that has too few buckets (xfrm_hash_resize(), R115); nothing
    /// if that is not due.
    void RunGrowth();

    /// @return when RunTimers() is wanted next, Time::Max() for never.  O(1)
    Time GetNextDeadline() const
    {
        return m_timers.GetNextDeadline();
    }

    /**
     * @brief Run the timers that are due (xfrm_policy_timer(), R122).
     * @param time the time
     * @param now the same [s of wall clock]
     * @return warnings and ends, in the order of deadlines, among equals of arming
     */
    std::vector<Expiry> RunTimers(Time time, uint64_t now);

    /**
     * @brief List and count the policy of a socket (xfrm_sk_policy_insert(), R119).
     *
     * It has an index of its own, but can't be found by it, and no timer: limits never end it.
     *
     * @param policy a policy for input or output that never was in a database
     * @param now the time [s of wall clock]
     */
    void AddOfSocket(const Ptr<Policy>& policy, uint64_t now);

    /// @brief List and count a copy of a socket's policy, of the same index and times
    /// (clone_policy(), R119).  @param policy a socket's policy @return the copy
    Ptr<Policy> CloneOfSocket(const Policy& policy);

    /// @brief The socket of a policy has it no more: it dies (R119, R120).
    /// @param policy the policy
    void RemoveOfSocket(const Ptr<Policy>& policy);

    /// @return policies of sockets of a direction (policy_count[] behind the first three)
    uint32_t GetSocketCount(Direction direction) const
    {
        return m_counts[Policy::SOCKET_DIRECTION + static_cast<size_t>(direction)];
    }

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

    /// @return buckets of the table by index
    uint32_t GetIndexBuckets() const
    {
        return m_indexes.GetBuckets();
    }

    /// @return all policies, those of sockets too, newest first; one that replaced another is as
    /// new as its insertion
    std::vector<Ptr<Policy>> GetAll() const;

  private:
    /// Thresholds of a family, by side instead of by direction.
    struct SideThresholds
    {
        uint8_t localBits{0};  //!< of the address on this side [bits]
        uint8_t remoteBits{0}; //!< of the other [bits]
    };

    void List(const Ptr<Policy>& policy, uint32_t index, const LifetimeUse& use);
    void Delete(const Ptr<Policy>& policy);
    void Kill(const Ptr<Policy>& policy);
    void RunTimer(const Ptr<Policy>& policy, Time time, uint64_t now, std::vector<Expiry>& events);

    PolicyIndexGenerator& m_generator;                     //!< of the system
    std::array<PolicyTable, 3> m_tables;                   //!< policies of each Direction
    std::array<uint32_t, 6> m_counts{};                    //!< of each Direction, then of sockets
    PolicyIndex m_indexes;                                 //!< all but sockets', by index
    PolicyTimers m_timers;                                 //!< timers of all but sockets'
    std::map<uint64_t, Ptr<Policy>, std::greater<>> m_all; //!< all, newest insertion first
    uint64_t m_nInsertions{0};                             //!< insertions so far
    std::array<SideThresholds, 2> m_thresholds;            //!< set for IPv4 and IPv6
    bool m_isRebuildDue{false};                            //!< RunRebuild() is wanted
    bool m_isGrowthDue{false};                             //!< RunGrowth() is wanted
};

} // namespace ns3::xfrm

#endif // XFRM_POLICY_DATABASE_H
