/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SHOW_JSON_H
#define XFRM_SHOW_JSON_H

/**
 * @file
 * @ingroup xfrm
 * @brief States and policies for programs, in the words of iproute2.
 */

#include "ns3/xfrm-policy-database.h"
#include "ns3/xfrm-state-database.h"

#include <string>
#include <vector>

namespace ns3::xfrm
{

/// @param policy a policy @return one JSON object in one line; times in s since 1970, 0 never
std::string MakePolicyJson(const Policy& policy);

/// @param state a state
/// @return one JSON object in one line, without keys; times in s since 1970, 0 never
std::string MakeStateJson(const State& state);

/// @param policies some @return each of them by MakePolicyJson(), newest first
std::vector<std::string> ListPolicies(const PolicyDatabase& policies);

/// @param states some @return each of them by MakeStateJson(), newest first
std::vector<std::string> ListStates(const StateDatabase& states);

} // namespace ns3::xfrm

#endif // XFRM_SHOW_JSON_H
