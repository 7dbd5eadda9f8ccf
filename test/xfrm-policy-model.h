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
 * one list of chains, policies known by a number (R108, R109, R111, R112, R113, R114, R116, R118,
 * R120, R121).
 *
 * Takes from the module the structs of configuration and the hash of R109 (tested by its vectors).
 */
class PolicyModel
{
  public:
    /// A policy of the model.
    struct Entry
    {
        uint32_t number{0};  //!< given by the caller
        PolicyConfig config; //!< what is configured
        uint32_t index{0};   //!< its index
    };

    /// What an insertion did.
    struct Insertion
    {
        bool isRefused{false};            //!< a duplicate stood in the way
        std::optional<uint32_t> replaced; //!< number of the policy replaced
        uint32_t index{0};                //!< index of the new policy
        bool isGrowthDue{false};          //!< the tables are to grow
    };

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

    /// File all anew with other thresholds.
    void SetThresholds(uint8_t localBits, uint8_t remoteBits);

    /// @return numbers of all policies, newest first
    std::vector<uint32_t> GetAll() const;

    /// @return policies of a direction
    uint32_t GetCount(Direction direction) const;

  private:
    /// A chain: direction, then -1 for the inexact list, else the bucket.
    using ChainId = std::pair<Direction, int>;

    ChainId GetChainId(Direction direction, const Selector& selector) const;
    int GetBucket(Direction direction, const IpAddress& destination, const IpAddress& source) const;
    PolicyThresholds GetThresholds(Direction direction) const;
    bool IsIndexUsed(uint32_t index) const;
    uint32_t DrawIndex(const PolicyConfig& config);
    void EraseNumber(uint32_t number);

    std::map<ChainId, std::vector<Entry>> m_chains; //!< all policies
    std::vector<Entry> m_all;                       //!< all policies, oldest first
    uint32_t m_drawn{0};                            //!< indexes drawn so far
    uint8_t m_localBits{32};                        //!< threshold of the local side
    uint8_t m_remoteBits{32};                       //!< threshold of the remote side
};

} // namespace ns3::xfrm::tests

#endif // XFRM_POLICY_MODEL_H
