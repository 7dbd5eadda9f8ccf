/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STATE_DATABASE_H
#define XFRM_STATE_DATABASE_H

#include "xfrm-instant.h"
#include "xfrm-state-request.h"
#include "xfrm-state-table.h"
#include "xfrm-state-timers.h"
#include "xfrm-state-work.h"
#include "xfrm-state.h"

#include "ns3/ptr.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The states of a namespace (RFC 4301: SAD), as Linux keeps and searches them.
 *
 * Source: xfrm_state_find(), xfrm_state_add(), xfrm_state_update(), xfrm_state_delete(),
 * xfrm_state_flush(), xfrm_state_lookup(), xfrm_alloc_spi(), xfrm_find_acq(), xfrm_timer_handler()
 * and xfrm_hash_resize(), net/xfrm/xfrm_state.c, Linux 4.1 (R132, R133, R140 to R155, R160 to R164,
 * R178).  Left out: asking key managers (R147), which Find() leaves to its caller; security labels;
 * the care-of address of IPv6 mobility.
 *
 * Invariants:
 * - the same states are in the tables and in the list of all; none of them is void or dead;
 * - a state that leaves dies, and never comes back.
 *
 * Knows no simulator: GetNextDue() says when RunTimers() is to be called.  Searches cost O(length
 * of a chain), timers O(log(states)).  Not thread-safe.
 */
class StateDatabase
{
  public:
    using Found = FoundState; //!< what Find() found

    /// Told that a state reached a limit (EXPIRE); after a hard one it is dead.
    using ExpiryListener = std::function<void(const Ptr<State>&, StateExpiry)>;
    /// Told that a state's sequence numbers are to be mirrored (NEWAE).
    using ReplayListener = std::function<void(const Ptr<State>&, ReplayEvent)>;

    /**
     * @brief Choose the state for an output flow (xfrm_state_find(), R140 to R146).
     * @param request what is asked for
     * @param flow the flow, which the state's selector has to take
     * @param work what the search did is added here
     * @return the state, or why there is none
     */
    Found Find(const StateRequest& request, const Flow& flow, StateWork& work) const;

    /**
     * @brief Look a state up as input does (xfrm_state_lookup(), R155).
     * @param id outer destination, SPI and protocol
     * @param mark the packet's mark
     * @param family family of the outer header
     * @param work what the search did is added here
     * @return the state, whatever its status; null if there is none
     */
    Ptr<State> LookupBySpi(const StateId& id, uint32_t mark, Family family, StateWork& work) const;

    /**
     * @brief Put a state into service (xfrm_state_add(), R150, R152).
     *
     * Chains that use a state of the same request id and addresses become stale.  The larval state
     * that this one answers, if there is one, is deleted.
     *
     * @param state a void state; becomes valid, and stays untouched if there is an error
     * @param now the time
     * @return 0, or error::EXIST if an equal one is there, a larval one included (C31)
     */
    int32_t Add(const Ptr<State>& state, const Instant& now);

    /**
     * @brief Update a state (xfrm_state_update(), R151).
     *
     * A larval one is replaced, and no chain becomes stale (C32).  One in service takes over the
     * limits, and the ports if both hide in UDP; if it is used up by the new limits, it is deleted.
     *
     * @param state a void state with what is to be; becomes valid if it replaces a larval one, else
     *              it is dead at the end, or untouched if there is an error
     * @param now the time
     * @return 0; error::SRCH if there is none to update; error::EXIST for the kernel's own;
     *         error::INVAL for one that is neither larval nor valid
     */
    int32_t Update(const Ptr<State>& state, const Instant& now);

    /**
     * @brief Insert a state that is not in service, without looking for an equal one and without
     * making chains stale: how larval states get in (R148).  Its timer runs when it is to end.
     * @param state a void state
     * @param now the time
     * @param status its status, neither void nor dead
     */
    void InsertLarval(const Ptr<State>& state,
                      const Instant& now,
                      StateStatus status = StateStatus::Acquire);

    /**
     * @brief The same for what MakeLarvalState() made of a request: until the tables grow it is
     * filed under the ends that were looked for, even if the template names others.
     * @param state a void state
     * @param request what was not found
     * @param now the time
     */
    void InsertLarval(const Ptr<State>& state, const StateRequest& request, const Instant& now);

    /**
     * @brief Reserve an SPI for a state to come (xfrm_alloc_userspi(), R154).
     *
     * The larval state that answers the request's number, or waits between the same ends, gets it;
     * one that has an SPI keeps it.  If there is none, it is made, and stays even if it gets none.
     *
     * @param request what is asked for
     * @param random source of random numbers, drawn from unless low is high
     * @param now the time
     * @return the state, or an error
     */
    SpiAllocation AllocateSpi(const SpiRequest& request,
                              const std::function<uint32_t()>& random,
                              const Instant& now);

    /**
     * @brief Delete a state (xfrm_state_delete(), R153).
     * @param state the state; is dead afterwards, and lives on as long as somebody holds it
     * @return 0, or error::SRCH if it is not in the database
     */
    int32_t Remove(const Ptr<State>& state);

    /**
     * @brief Delete all states but the kernel's own (xfrm_state_flush()).
     * @param proto their protocol, PROTO_ANY for all
     * @return those states, which are dead now, in the order of Linux' walk: chains by destination,
     *         bucket by bucket
     */
    std::vector<Ptr<State>> Flush(uint8_t proto);

    /// @param listener told of each state that reaches a limit; empty: nobody
    void SetExpiryListener(ExpiryListener listener);

    /// @param listener told when sequence numbers are to be mirrored; empty: nobody, and none count
    void SetReplayListener(ReplayListener listener);

    /**
     * @brief Hold a state against its limits of bytes and packets, before a packet is counted
     * (R162).  At a hard limit its timer is due at once, which deletes it.
     * @param state a state of the database
     * @param now the time
     * @return the limit reached, if any; Soft once, which the listener is told
     */
    StateExpiry CheckExpiry(const Ptr<State>& state, const Instant& now);

    /// @brief A state's sequence numbers were used; tell the listener if they moved far (R178).
    /// @param state a state, after NextOut() or Advance() of its numbers @param now the time
    void NoteReplay(const Ptr<State>& state, const Instant& now);

    /// @return when the first timer is due, on the clock of timers; none if no timer runs
    std::optional<Time> GetNextDue() const;

    /// @brief Run the timers that are due, by time, then oldest insertion first (R160, R161, R178).
    /// @param now the time
    void RunTimers(const Instant& now);

    /// @return whether the tables are to be doubled, by RunGrowth() as a work item (R133)
    bool IsGrowthDue() const
    {
        return m_isGrowthDue;
    }

    /// @brief Double the tables (xfrm_hash_resize(), R133); nothing if that is not due.
    void RunGrowth();

    /// @return states in the database
    size_t GetCount() const
    {
        return m_all.size();
    }

    /// @return all states, newest first, as `ip xfrm state` lists them
    std::vector<Ptr<State>> GetAll() const;

    /// @return the tables, to look at
    const StateTable& GetTable() const
    {
        return m_table;
    }

  private:
    using TimerKind = StateTimers::Kind; //!< short name

    Ptr<State> FindEqual(const StateConfig& config) const;
    Ptr<State> FindAnswered(const StateConfig& config) const;
    Ptr<State> FindLarval(const StateConfig& config) const;
    Ptr<State> FindLarvalBySequence(const StateConfig& config) const;
    Ptr<State> FindOrMakeLarval(const SpiRequest& request, const Instant& now);
    bool IsSpiTaken(const StateConfig& config, uint32_t spi) const;
    uint32_t ChooseSpi(const StateConfig& config,
                       const SpiRequest& request,
                       const std::function<uint32_t()>& random) const;
    void BumpGenids(const StateConfig& config);
    void Enlist(const Ptr<State>& state, StateStatus status, const Instant& now);
    void NoteInsertion(bool isCollision);
    void EnterService(const Ptr<State>& state, const Instant& now);
    void AttachTunnel(const StateConfig& config, const Instant& now);
    void DetachTunnel(const StateConfig& config);
    void UpdateInPlace(State& target, const StateConfig& config);

    void RunLifetimeTimer(const Ptr<State>& state, const Instant& now);
    void TellExpiry(const Ptr<State>& state, StateExpiry expiry) const;
    void TellReplay(const Ptr<State>& state, ReplayEvent event, const Instant& now);

    StateTable m_table;                                   //!< by hash
    std::map<uint64_t, Ptr<State>, std::greater<>> m_all; //!< all, newest insertion first
    StateTimers m_timers;                                 //!< timers that run
    ExpiryListener m_expiryListener;                      //!< told of limits; empty: nobody
    ReplayListener m_replayListener; //!< told of sequence numbers; empty: nobody
    uint64_t m_nInsertions{0};       //!< insertions so far
    bool m_isGrowthDue{false};       //!< RunGrowth() is wanted
};

} // namespace ns3::xfrm

#endif // XFRM_STATE_DATABASE_H
