/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STATE_DUEL_H
#define XFRM_STATE_DUEL_H

#include "xfrm-state-model.h"

#include "ns3/xfrm-state-database.h"

#include <cstddef>
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
 * @brief A state database and its plain model under the same random operations.
 *
 * Values come from small sets, so that ties, collisions and hits are frequent; up to some 60 states
 * are there, so that tables grow three times.
 */
class StateDuel
{
  public:
    /// @param seed of the operations
    explicit StateDuel(uint64_t seed);

    /// @param nOperations how many @return the first difference in words, "" if there is none
    std::string Run(uint32_t nOperations);

  private:
    uint32_t Draw(uint32_t n);
    bool IsOneIn(uint32_t n);
    IpAddress DrawEnd();
    Mark DrawMark();
    StateConfig DrawConfig();
    LifetimeLimits DrawLimits();
    StateRequest DrawRequest();
    Flow DrawFlow();
    std::optional<uint32_t> DrawPresent();

    void Operate();
    void Find();
    void LookUp();
    void Add();
    void Update();
    void InsertLarval();
    void Use();
    void Remove();
    void PassTime();
    void CompareAll();

    uint32_t Enrol(const Ptr<State>& state);
    void Expect(bool isEqual, const std::string& what);
    void ExpectSame(const Ptr<State>& state,
                    std::optional<uint32_t> number,
                    const std::string& what);

    std::mt19937_64 m_random;                   //!< source of all choices
    StateDatabase m_database;                   //!< what is tested
    StateModel m_model;                         //!< what it is compared with
    std::vector<Ptr<State>> m_states;           //!< all states made, by number
    std::map<const State*, uint32_t> m_numbers; //!< of all states made
    uint64_t m_now{1000};                       //!< the time [s]
    uint32_t m_nWarnings{0};                    //!< soft limits that the database told
    std::string m_difference;                   //!< the first difference
};

} // namespace ns3::xfrm::tests

#endif // XFRM_STATE_DUEL_H
