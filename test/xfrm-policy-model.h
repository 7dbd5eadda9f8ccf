/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_POLICY_MODEL_H
#define XFRM_POLICY_MODEL_H

#include "ns3/xfrm-policy-database.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief The policy database written once more, from the rules and as plainly as can be: IPv4 only,
 * one list of chains, policies known by a number (R107, R108, R109, R110, R111, R112, R113, R114,
 * R115, R116, R117, R118, R119, R120, R121, R122).
 *
 * Takes from the module the structs of configuration and the hash of R109 (tested by its vectors).
 */
class PolicyModel
{
  public:
    /// A policy of the model.
    struct Entry
    {
        uint32_t number{0};                //!< given by the caller
        PolicyConfig config;               //!< what is configured
        uint32_t index{0};                 //!< its index
        uint64_t addTime{0};               //!< when it was added [s]
        uint64_t useTime{0};               //!< when it was last used, 0 never [s]
        std::optional<uint64_t> dueMillis; //!< when its timer runs, nothing for never [ms]
        uint64_t arming{0};                //!< how manieth arming of a timer that was
        bool isOfSocket{false};            //!< in no chain
    };

    /// What an insertion did.
    struct Insertion
    {
        bool isRefused{false};            //!< a duplicate stood in the way
        std::optional<uint32_t> replaced; //!< number of the policy replaced
        uint32_t index{0};                //!< index of the new policy
        bool isGrowthDue{false};          //!< the tables are to grow
    };

    /// What a timer said.
    struct Expiry
    {
        uint32_t number{0}; //!< of the policy
        bool isHard{false}; //!< it ended
    };

    /// A socket, by the caller's number, and a direction.
    using SocketSlot = std::pair<uint32_t, Direction>;

    /// @param number of the policy @param config what is configured @return what was done
    Insertion Insert(uint32_t number, const PolicyConfig& config, bool isExclusive);

    /// @return number of the policy for a flow, nothing if there is none; adds to @p work
    std::optional<uint32_t> Lookup(const Flow& flow,
                                   PolicyType type,
                                   Direction direction,
                                   PolicyWork& work) const;

    /// @return number of the policy removed, nothing if there is none
    std::optional<uint32_t> Remove(PolicyType type,
                                   Direction direction,
                                   const Selector& selector,
                                   const Mark& mark);

    /// @return number of the policy removed, nothing if there is none
    std::optional<uint32_t> RemoveByIndex(PolicyType type,
                                          Direction direction,
                                          uint32_t index,
                                          const Mark& mark);

    /// @return numbers of the policies flushed, in order
    std::vector<uint32_t> Flush(PolicyType type);

    /// Set thresholds for the next rebuild.
    void SetThresholds(uint8_t localBits, uint8_t remoteBits);

    /// File all anew if thresholds were set.
    void RunRebuild();

    /// Double what is too small if growth was asked for.
    void RunGrowth();

    /// @param millis the time, from which on insertions and timers count [ms]
    void SetTime(uint64_t millis)
    {
        m_millis = millis;
    }

    /// @return the wall clock [s]
    uint64_t GetWallClock() const
    {
        return EPOCH + m_millis / 1000;
    }

    /// A policy was used now.
    void SetUsed(uint32_t number);

    /// @return what timers say up to now
    std::vector<Expiry> RunTimers();

    /// @return when the next timer runs, nothing for never [ms]
    std::optional<uint64_t> GetNextMillis() const;

    /// Give a socket a policy.  @return its index
    uint32_t SetOfSocket(const SocketSlot& slot, uint32_t number, const PolicyConfig& config);

    /// Give a socket a copy of another's policy.
    void CloneOfSocket(const SocketSlot& slot, uint32_t number, uint32_t original);

    /// Take the policy of a socket.
    void CloseSocket(const SocketSlot& slot);

    /// @return number of the policy of a socket for a flow, nothing if there is none
    std::optional<uint32_t> LookUpOfSocket(const SocketSlot& slot,
                                           const Flow& flow,
                                           uint32_t mark) const;

    /// @return buckets of a direction
    uint32_t GetBuckets(Direction direction) const
    {
        return m_buckets.at(static_cast<size_t>(direction));
    }

    /// @return buckets of the table by index
    uint32_t GetIndexBuckets() const
    {
        return m_indexBuckets;
    }

    /// @return numbers of all policies, newest first
    std::vector<uint32_t> GetAll() const;

    /// @return policies of a direction, of the host or of sockets
    uint32_t GetCount(Direction direction, bool isOfSocket = false) const;

  private:
    /// A chain: direction, then -1 for the inexact list, else the bucket.
    using ChainId = std::pair<Direction, int>;

    static constexpr uint64_t EPOCH{1'000'000}; //!< wall clock at time 0 [s]

    /// @return whether a selector takes a flow (R101)
    static bool DoesSelect(const Selector& selector, const Flow& flow);

    /// @return whether a policy takes a flow (R117)
    static bool DoesMatch(const PolicyConfig& config, const Flow& flow, PolicyType type);

    Entry& GetEntry(uint32_t number);
    Entry* FindDue();
    void Arm(Entry& entry, uint64_t delay);
    bool RunTimer(Entry& entry, std::vector<Expiry>& events);
    void FileAll();
    uint32_t DrawFresh(uint32_t lowBits);
    ChainId GetChainId(Direction direction, const Selector& selector) const;
    int GetBucket(Direction direction, const IpAddress& destination, const IpAddress& source) const;
    PolicyThresholds GetThresholds(Direction direction) const;
    bool IsIndexUsed(uint32_t index) const;
    uint32_t DrawIndex(const PolicyConfig& config);
    void EraseNumber(uint32_t number);

    std::map<ChainId, std::vector<Entry>> m_chains; //!< all policies
    std::vector<Entry> m_all;                       //!< all policies, oldest first
    std::map<SocketSlot, uint32_t> m_sockets;       //!< policies of sockets, by number
    uint32_t m_drawn{0};                            //!< indexes drawn so far
    uint8_t m_localBits{32};                        //!< threshold of the local side
    uint8_t m_remoteBits{32};                       //!< threshold of the remote side
    uint8_t m_nextLocalBits{32};                    //!< the same from the next rebuild on
    uint8_t m_nextRemoteBits{32};                   //!< the same from the next rebuild on
    bool m_isRebuildDue{false};                     //!< thresholds were set
    bool m_isGrowthDue{false};                      //!< growth was asked for
    std::array<uint32_t, 3> m_buckets{8, 8, 8};     //!< buckets of each direction
    uint32_t m_indexBuckets{8};                     //!< buckets of the table by index
    uint64_t m_millis{0};                           //!< the time [ms]
    uint64_t m_nArmings{0};                         //!< armings of timers so far
};

} // namespace ns3::xfrm::tests

#endif // XFRM_POLICY_MODEL_H
