/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STATE_TABLE_H
#define XFRM_STATE_TABLE_H

#include "xfrm-state.h"

#include "ns3/ptr.h"

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief A chain of a hash table of states, from the head to the tail (struct hlist_head).
 */
class StateChain
{
  public:
    /// @param state a state; becomes the head
    void PushHead(const Ptr<State>& state)
    {
        m_tailFirst.push_back(state);
    }

    /// @param state a state; unlinked, the order of the others stays
    /// @return whether it was in the chain
    bool Unlink(const Ptr<State>& state)
    {
        const auto place = std::find(m_tailFirst.begin(), m_tailFirst.end(), state);
        if (place == m_tailFirst.end())
        {
            return false;
        }
        m_tailFirst.erase(place);
        return true;
    }

    /// @return the head
    auto begin() const
    {
        return m_tailFirst.rbegin();
    }

    /// @return behind the tail
    auto end() const
    {
        return m_tailFirst.rend();
    }

    /// @return whether it is empty
    bool IsEmpty() const
    {
        return m_tailFirst.empty();
    }

  private:
    /// The head is the last element; most chains have one state or none.
    boost::container::small_vector<Ptr<State>, 1> m_tailFirst;
};

/**
 * @ingroup xfrm
 * @brief The three hash tables of the state database: by destination, by source, by SPI.
 *
 * Source: state_bydst, state_bysrc and state_byspi of struct netns_xfrm, and
 * xfrm_hash_transfer(), net/xfrm/xfrm_state.c, Linux 4.1 (R132, R133).  A state without SPI is in
 * the first two only.  The chains' order is the kernel's, since it decides ties (R144).
 */
class StateTable
{
  public:
    static constexpr uint32_t MAX_BUCKETS{1 << 20}; //!< most buckets (xfrm_state_hashmax)

    /// An empty table of 8 buckets.
    StateTable()
        : StateTable(INITIAL_BUCKETS)
    {
    }

    /**
     * @brief Link a state at the heads of its chains.
     * @param state a state that is in none
     * @return whether there was another one in its chain by destination
     */
    bool Insert(const Ptr<State>& state)
    {
        return Insert(state, state->GetConfig().id.destination, state->GetConfig().source);
    }

    /**
     * @brief The same in the chains of other addresses, until the next Double(): as a larval state
     * is filed under the ends that were looked for (R148).
     * @param state a state that is in none
     * @param destination outer destination to file it under
     * @param source outer source to file it under
     * @return whether there was another one in its chain by destination
     */
    bool Insert(const Ptr<State>& state, const IpAddress& destination, const IpAddress& source);

    /// @brief Link a state that got its SPI at the head of its chain by SPI (R154).
    /// @param state a state that is in the other two
    void InsertBySpi(const Ptr<State>& state);

    /// @brief Unlink a state.  @param state a state that is in the table
    void Remove(const Ptr<State>& state);

    /// @brief Double all three, as the kernel does: chains by destination are walked from the last
    /// bucket to the first, and each state goes to the heads of its new chains.
    void Double();

    /// @param destination outer destination @param source outer source @param reqid request id
    /// @param family of the addresses @return the chain in which such states are
    const StateChain& GetByDestination(const IpAddress& destination,
                                       const IpAddress& source,
                                       uint32_t reqid,
                                       Family family) const;

    /// @param destination outer destination @param source outer source @param family of both
    /// @return the chain in which such states are
    const StateChain& GetBySource(const IpAddress& destination,
                                  const IpAddress& source,
                                  Family family) const;

    /// @param id destination, SPI other than 0, protocol @param family of the destination
    /// @return the chain in which such states are
    const StateChain& GetBySpi(const StateId& id, Family family) const;

    /// @return the chains by destination, to walk
    const std::vector<StateChain>& GetAllByDestination() const
    {
        return m_byDestination;
    }

    /// @return buckets of each of the three, a power of two
    uint32_t GetBuckets() const
    {
        return static_cast<uint32_t>(m_byDestination.size());
    }

  private:
    static constexpr size_t INITIAL_BUCKETS{8}; //!< buckets at first

    /// Where a state's chains are, in each of the three.
    struct Slots
    {
        size_t byDestination; //!< in m_byDestination
        size_t bySource;      //!< in m_bySource
        size_t bySpi;         //!< in m_bySpi; of no use without SPI
    };

    /// @param nBuckets buckets of each of the three
    explicit StateTable(size_t nBuckets);

    size_t GetSlot(uint32_t hash) const
    {
        return hash & (m_byDestination.size() - 1);
    }

    Slots FindSlots(const StateConfig& config) const
    {
        return FindSlots(config, config.id.destination, config.source);
    }

    Slots FindSlots(const StateConfig& config,
                    const IpAddress& destination,
                    const IpAddress& source) const;

    std::vector<StateChain> m_byDestination; //!< by addresses and request id
    std::vector<StateChain> m_bySource;      //!< by addresses
    std::vector<StateChain> m_bySpi;         //!< by destination, SPI and protocol
};

} // namespace ns3::xfrm

#endif // XFRM_STATE_TABLE_H
