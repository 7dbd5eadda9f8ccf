/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STUDY_POLICIES_H
#define XFRM_STUDY_POLICIES_H

#include "xfrm-flow-space.h"

#include "ns3/xfrm-policy.h"
#include "ns3/xfrm-state-config.h"

#include <cstdint>
#include <vector>

namespace ns3::xfrm
{

/// How many policies of which kind a study has; each has flows of its own.
struct PolicyCounts
{
    static constexpr uint32_t MAX_EXACT{1'000'000}; //!< most exact ones
    static constexpr uint32_t MAX_PREFIXED{65'536}; //!< most prefixed ones
    static constexpr uint32_t MAX_INEXACT{65'536};  //!< most inexact ones

    uint32_t nInexact{0};    //!< between /20s: in the list of inexact policies
    uint32_t nPrefixed{0};   //!< between /24s, which then are exact by hash thresholds (R108)
    uint32_t nExact{0};      //!< between two addresses
    bool hasOneState{false}; //!< one tunnel serves all; else each policy has a tunnel of its own
};

/// Policies, their states and their flows.
struct StudyPolicies
{
    std::vector<PolicyConfig> policies; //!< output policies, in the order of insertion
    std::vector<StateConfig> states;    //!< their tunnels: ESP with AES-GCM-128
    std::vector<FlowBlock> blocks;      //!< flows of each policy
    std::vector<Flow> flows;            //!< flows 0, 1, ... if they are to be others
    bool wantsThresholds{false};        //!< prefixes of 24 bits on both sides are exact
};

/// Prefix length from which on policies are exact, with StudyPolicies::wantsThresholds [bits].
inline constexpr uint8_t STUDY_THRESHOLD{24};

/**
 * @brief Make policies of a gateway.
 *
 * Exact ones come first, then prefixed ones, then inexact ones.
 *
 * @param counts how many, one at least
 * @return the policies
 * @throws std::invalid_argument naming the number that is out of range
 */
StudyPolicies MakeStudyPolicies(const PolicyCounts& counts);

/// @param state a state @param number of its rekey, from 1
/// @return the state that follows it: all but the SPI is the same
StateConfig MakeRekeyed(const StateConfig& state, uint32_t number);

} // namespace ns3::xfrm

#endif // XFRM_STUDY_POLICIES_H
