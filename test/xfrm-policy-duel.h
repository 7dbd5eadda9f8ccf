/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_POLICY_DUEL_H
#define XFRM_POLICY_DUEL_H

#include "xfrm-policy-model.h"

#include "ns3/xfrm-socket-policies.h"

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief A policy database and its plain model under the same random operations.
 *
 * Values come from small sets, so that duplicates, ties and hits are frequent.
 */
class PolicyDuel
{
  public:
    /// @param seed of the operations
    explicit PolicyDuel(uint64_t seed);

    /// @param nOperations how many @return the first difference in words, "" if there is none
    std::string Run(uint32_t nOperations);

  private:
    uint32_t Draw(uint32_t n);
    Direction DrawDirection();
    LifetimeLimits DrawLimits();
    IpAddress DrawAddress();
    uint8_t DrawPrefix();
    Mark DrawMark();
    Selector DrawSelector();
    PolicyConfig DrawConfig();
    Flow DrawFlow();

    void Insert();
    void Lookup();
    void LookUpGlobally();
    void Remove();
    void RemoveByIndex();
    void Flush();
    void SetThresholds();
    void RunWork();
    void RunTimers();
    void SetOfSocket();
    void CloneOfSocket();
    void CloseSocket();
    void LookUpOfSocket();
    void Perform(uint32_t choice);
    void CompareAll();
    void CompareTables();
    uint32_t GiveNumber(const Ptr<Policy>& policy);

    void Expect(bool isEqual, const std::string& what);
    void ExpectSame(const Ptr<Policy>& policy,
                    std::optional<uint32_t> number,
                    const std::string& what);
    void ExpectKilled(const Ptr<Policy>& policy, const std::string& what);

    std::mt19937_64 m_random;                    //!< source of all choices
    PolicyIndexGenerator m_indexes;              //!< of the database
    PolicyDatabase m_database{m_indexes};        //!< what is tested
    SocketPolicies m_sockets{m_database};        //!< what is tested, of sockets
    PolicyModel m_model;                         //!< what it is compared with
    uint64_t m_millis{0};                        //!< the time [ms]
    std::map<const Policy*, uint32_t> m_numbers; //!< of all policies made
    std::vector<Ptr<Policy>> m_policies;         //!< all policies made, by number
    std::vector<Selector> m_selectors;           //!< of policies inserted, to hit again
    std::string m_difference;                    //!< the first difference
};

} // namespace ns3::xfrm::tests

#endif // XFRM_POLICY_DUEL_H
