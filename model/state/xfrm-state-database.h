/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STATE_DATABASE_H
#define XFRM_STATE_DATABASE_H

#include "xfrm-state-table.h"
#include "xfrm-state-work.h"
#include "xfrm-state.h"

#include "ns3/ptr.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace ns3::xfrm
{

/// What a template asks for, for one flow: the inputs of xfrm_state_find() (R140).
struct StateRequest
{
    IpAddress destination;       //!< remote end
    IpAddress source;            //!< local end
    Family family{Family::Ipv4}; //!< family of the outer header (the template's)
    uint32_t reqid{0};           //!< request id, matched exactly, 0 too (C22)
    Mode mode{Mode::Transport};  //!< mode
    uint8_t proto{PROTO_ESP};    //!< protocol
    uint32_t spi{0};             //!< SPI, host order, 0 any
    uint32_t mark{0};            //!< the policy's value & mask (R149)
};

/**
 * @ingroup xfrm
 * @brief The states of a namespace (RFC 4301: SAD), as Linux keeps and searches them.
 *
 * Source: xfrm_state_find(), xfrm_state_add(), xfrm_state_update(), xfrm_state_delete(),
 * xfrm_state_flush(), xfrm_state_lookup() and xfrm_hash_resize(), net/xfrm/xfrm_state.c, Linux 4.1
 * (R132, R133, R140 to R153, R155).  Left out: asking key managers and making the larval state
 * (R147, R148), which Find() leaves to its caller; get-SPI; timers, the caller's; security labels;
 * the care-of address of IPv6 mobility.
 *
 * Invariants:
 * - the same states are in the tables and in the list of all; none of them is void or dead;
 * - a state that leaves dies, and never comes back.
 *
 * Searches cost O(length of a chain).  Not thread-safe.
 */
class StateDatabase
{
  public:
    /// What Find() found: a valid state, or an error.
    struct Found
    {
        Ptr<State> state;            //!< the state, or null
        int32_t error{0};            //!< with null: error::SRCH, error::AGAIN or error::EXIST
        bool isAcquireWanted{false}; //!< none and none under way: key managers may be asked; the
                                     //!< error is that of nobody listening (R147)
    };

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
     * @param now the time [s of wall clock]
     * @return 0, or error::EXIST if an equal one is there, a larval one included (C31)
     */
    int32_t Add(const Ptr<State>& state, uint64_t now);

    /**
     * @brief Update a state (xfrm_state_update(), R151).
     *
     * A larval one is replaced, and no chain becomes stale (C32).  One in service takes over the
     * limits, and the ports if both hide in UDP; if it is used up by the new limits, it is deleted.
     *
     * @param state a void state with what is to be; becomes valid if it replaces a larval one, else
     *              it is dead at the end, or untouched if there is an error
     * @param now the time [s of wall clock]
     * @return 0; error::SRCH if there is none to update; error::EXIST for the kernel's own;
     *         error::INVAL for one that is neither larval nor valid
     */
    int32_t Update(const Ptr<State>& state, uint64_t now);

    /**
     * @brief Insert a state that is not in service, without looking for an equal one and without
     * making chains stale: how larval states get in (R148).
     * @param state a void state
     * @param now the time [s of wall clock]
     * @param status its status, neither void nor dead
     */
    void InsertLarval(const Ptr<State>& state,
                      uint64_t now,
                      StateStatus status = StateStatus::Acquire);

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
    Ptr<State> FindEqual(const StateConfig& config) const;
    Ptr<State> FindAnswered(const StateConfig& config) const;
    Ptr<State> FindLarvalBySequence(const StateConfig& config) const;
    void BumpGenids(const StateConfig& config);
    void Insert(const Ptr<State>& state, StateStatus status, uint64_t now);

    StateTable m_table;                                   //!< by hash
    std::map<uint64_t, Ptr<State>, std::greater<>> m_all; //!< all, newest insertion first
    uint64_t m_nInsertions{0};                            //!< insertions so far
    bool m_isGrowthDue{false};                            //!< RunGrowth() is wanted
};

} // namespace ns3::xfrm

#endif // XFRM_STATE_DATABASE_H
