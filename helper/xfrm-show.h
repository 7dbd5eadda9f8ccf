/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SHOW_H
#define XFRM_SHOW_H

/**
 * @file
 * @ingroup xfrm
 * @brief States and policies in the text of iproute2 6.1.
 *
 * Source: what `ip xfrm state` and `ip xfrm policy` of iproute2 6.1 write, with and without -s, as
 * seen in recordings and by giving it netlink messages.  The counters are Statistics::Print()'s.
 *
 * Times of day are UTC.  Left out: care-of addresses and the original address of encap, which
 * states don't keep (0.0.0.0 or :: stands for the latter); names of protocols that
 * vocabulary::PROTOCOLS does not have, which are written as numbers.
 */

#include "ns3/xfrm-policy.h"
#include "ns3/xfrm-state.h"

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

namespace ns3::xfrm
{

/// Finds the name of a device by its index.
using DeviceNameByIndex = std::function<std::string(int32_t index)>;

/// How to write.
struct ShowOptions
{
    bool hasDetails{false};         //!< lifetimes, counts and more (-s)
    bool isOneLine{false};          //!< one line for each, a backslash for the end of a line (-o)
    bool hidesKeys{false};          //!< no keys (nokeys)
    DeviceNameByIndex nameDevice{}; //!< names devices; empty: if1, if2, ...
};

/// @brief Write a state.  @param os where to @param state the state @param options how
void ShowState(std::ostream& os, const State& state, const ShowOptions& options = {});

/// @brief Write a policy.  @param os where to @param policy the policy @param options how
void ShowPolicy(std::ostream& os, const Policy& policy, const ShowOptions& options = {});

} // namespace ns3::xfrm

#endif // XFRM_SHOW_H
