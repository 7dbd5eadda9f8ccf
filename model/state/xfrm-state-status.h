/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STATE_STATUS_H
#define XFRM_STATE_STATUS_H

/**
 * @file
 * @ingroup xfrm
 * @brief Where a state is in its life, what ends it, and what it counts.
 */

#include <cstdint>
#include <optional>

namespace ns3::xfrm
{

/// Where a state is in its life, with the kernel's numbers (XFRM_STATE_*).
enum class StateStatus : uint8_t
{
    Void = 0,    //!< made, not in the database yet
    Acquire = 1, //!< larval: a key manager was asked for it
    Valid = 2,   //!< in service
    Error = 3,   //!< nothing in this version ever assigns it
    Expired = 4, //!< a hard limit was reached
    Dead = 5     //!< deleted
};

/// Which limits of a state were reached, as key managers are told (EXPIRE).
enum class StateExpiry : uint8_t
{
    None, //!< none
    Soft, //!< a soft one: it is dying
    Hard  //!< a hard one: it ends
};

/// What a run of a state's timer found (R160).
struct StateTimerRun
{
    StateExpiry expiry{StateExpiry::None}; //!< what is to be told; after Hard it is to be deleted
    std::optional<uint64_t> nextSeconds;   //!< when to run again from now, from 1; none: never [s]
};

/// What one state counts of bad packets (struct xfrm_stats; R281).
struct StateStatistics
{
    uint32_t nReplayWindow{0};    //!< older than the window
    uint32_t nReplay{0};          //!< seen before
    uint32_t nIntegrityFailed{0}; //!< wrong integrity check value
};

} // namespace ns3::xfrm

#endif // XFRM_STATE_STATUS_H
