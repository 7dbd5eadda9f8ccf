/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STATE_MODEL_H
#define XFRM_STATE_MODEL_H

#include "ns3/xfrm-state-request.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief The rules of the state database in the plainest words: one list, walked for everything.
 *
 * The list has the order in which chains are walked; what is in which chain is computed anew each
 * time.  States are numbers.  IPv4 only; time limits are those since the addition, of which a state
 * has one at most; states are filed under their own addresses.
 */
class StateModel
{
  public:
    /// A state.
    struct Entry
    {
        uint32_t number{0};                    //!< its name
        StateConfig config;                    //!< what is configured
        StateStatus status{StateStatus::Void}; //!< where it is in its life
        bool isDying{false};                   //!< a soft limit was reached
        uint32_t genid{0};                     //!< generation
        uint64_t packets{0};                   //!< packets counted
        uint64_t addTime{0};                   //!< when it was added [s]
        uint64_t timerFrom{0};                 //!< its timer does not run before [s]
    };

    /// What Find() found.
    struct Found
    {
        std::optional<uint32_t> number{}; //!< the state
        int32_t error{0};                 //!< with none: the error
        bool isAcquireWanted{false};      //!< key managers may be asked
        uint64_t nCompared{0};            //!< states of the chains
    };

    /// @brief R140 to R147.  @param request what is asked for @param flow the flow @return answer
    Found Find(const StateRequest& request, const Flow& flow) const;

    /// @brief R155.  @param id its name @param mark the packet's mark @return the state
    std::optional<uint32_t> LookupBySpi(const StateId& id, uint32_t mark) const;

    /// @brief R150, R152.  @param number of the state @param config what is configured
    /// @param now the time [s] @return 0 or an error
    int32_t Add(uint32_t number, const StateConfig& config, uint64_t now);

    /// @brief R151.  @param number of the state @param config what is configured
    /// @param now the time [s] @return 0 or an error
    int32_t Update(uint32_t number, const StateConfig& config, uint64_t now);

    /// @brief R148.  @param number of the state @param config what is configured
    /// @param now the time [s]
    void InsertLarval(uint32_t number, const StateConfig& config, uint64_t now);

    /// @brief R162, then a packet is counted if it may pass.  @param number of a valid state
    /// @param now the time [s] @return the limit reached
    StateExpiry Use(uint32_t number, uint64_t now);

    /// @brief R153.  @param number of the state
    void Remove(uint32_t number);

    /// @brief R160, R161.  @param now the time [s]
    void RunTimers(uint64_t now);

    /// @brief R133.
    void RunGrowth();

    /// @return whether the tables are to be doubled
    bool IsGrowthDue() const
    {
        return m_isGrowthDue;
    }

    /// @return the states, in the order of chains
    const std::vector<Entry>& GetEntries() const
    {
        return m_entries;
    }

  private:
    using Test = std::function<bool(const Entry&)>;

    /// What a search has met so far.
    struct Tally
    {
        const Entry* best{nullptr}; //!< best valid state
        bool isAcquire{false};      //!< a larval one fits
        bool hasEnded{false};       //!< an expired one fits and takes the flow
        uint64_t nCompared{0};      //!< states of the chains
    };

    static uint32_t Hash(const IpAddress& destination, const IpAddress& source, uint32_t reqid);
    uint32_t GetBucket(const StateConfig& config) const;
    void Scan(const StateRequest& request, const Flow& flow, bool isSecond, Tally& tally) const;
    Entry* First(const Test& test);
    Entry* FindAnswered(const StateConfig& config);
    void Insert(Entry entry);

    std::vector<Entry> m_entries; //!< in the order of chains, heads first
    uint32_t m_nBuckets{8};       //!< size of the tables
    bool m_isGrowthDue{false};    //!< they are to be doubled
};

} // namespace ns3::xfrm::tests

#endif // XFRM_STATE_MODEL_H
