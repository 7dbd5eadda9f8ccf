/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_INSTANT_H
#define XFRM_INSTANT_H

#include "ns3/nstime.h"

#include <cstdint>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief A moment on two clocks: that of timers, which runs on evenly, and the wall clock.
 *
 * Source: CLOCK_BOOTTIME, on which the timers of states run, and get_seconds(), by which they
 * judge, Linux 4.1.  The wall clock may jump, which R160 takes care of.
 */
struct Instant
{
    /// @param seconds the time on both clocks [s of wall clock]
    Instant(uint64_t seconds) // NOLINT(google-explicit-constructor): where whole seconds will do
        : Instant(Time::FromInteger(seconds, Time::S), seconds)
    {
    }

    /// @param sinceStart time on the clock of timers @param seconds wall clock [s of wall clock]
    Instant(Time sinceStart, uint64_t seconds)
        : time(sinceStart),
          wallClock(seconds)
    {
    }

    Time time;          //!< clock of timers
    uint64_t wallClock; //!< wall clock, 0 stands for "never" [s of wall clock]
};

} // namespace ns3::xfrm

#endif // XFRM_INSTANT_H
