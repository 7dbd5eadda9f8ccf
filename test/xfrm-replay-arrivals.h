/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_REPLAY_ARRIVALS_H
#define XFRM_REPLAY_ARRIVALS_H

#include "ns3/xfrm-replay-window.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

constexpr auto NEW = ReplayVerdict::Accepted;    //!< short name for tables
constexpr auto ZERO = ReplayVerdict::Zero;       //!< short name for tables
constexpr auto OLD = ReplayVerdict::TooOld;      //!< short name for tables
constexpr auto TWICE = ReplayVerdict::Duplicate; //!< short name for tables

/// A received number, and what becomes of it.
struct NumberArrival
{
    uint32_t sequence;     //!< its low half
    ReplayVerdict verdict; //!< verdict expected
};

/// Feed arrivals to a window: those accepted are taken in.
/// @return the first that went wrong, or ""
inline std::string
Feed(ReplayWindow& window, const std::vector<NumberArrival>& arrivals)
{
    for (size_t i = 0; i < arrivals.size(); ++i)
    {
        const ReplayVerdict verdict = window.Check(arrivals[i].sequence);
        if (verdict != arrivals[i].verdict)
        {
            return "arrival " + std::to_string(i) + ", number " +
                   std::to_string(arrivals[i].sequence) + ": verdict " +
                   std::to_string(static_cast<int>(verdict));
        }
        if (verdict == NEW)
        {
            window.Advance(arrivals[i].sequence);
        }
    }
    return "";
}

} // namespace ns3::xfrm::tests

#endif // XFRM_REPLAY_ARRIVALS_H
