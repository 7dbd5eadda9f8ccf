/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_ARRIVAL_PROCESS_H
#define XFRM_ARRIVAL_PROCESS_H

#include "xfrm-fast-random.h"

#include "ns3/nstime.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace ns3::xfrm
{

/// When packets arrive.
struct ArrivalConfig
{
    /// Kinds of arrival processes.
    enum class Kind
    {
        Constant, //!< at equal distances, the first one at the start
        Poisson,  //!< at independent, exponentially distributed distances
        OnOff,    //!< in periods, with none between them; begins with a period
        List      //!< at given times
    };

    static constexpr double MIN_RATE{1e-6}; //!< smallest rate [packets/s]
    static constexpr double MAX_RATE{1e12}; //!< largest rate [packets/s]

    Kind kind{Kind::Poisson}; //!< which of them
    double rate{1e6};       //!< mean rate from start to stop, 1e-6 to 1e12; not of List [packets/s]
    Time start{0};          //!< since the beginning of the run, 0 or more
    Time stop{Time::Max()}; //!< no packet arrives at or after it; above start

    Time on{MilliSeconds(1)};       //!< OnOff: mean length of a period with packets, above 0
    Time off{MilliSeconds(1)};      //!< OnOff: mean length of a period without, 0 or more
    bool hasConstantPeriods{false}; //!< OnOff: periods are as long as their means, not exponential
    bool hasConstantGaps{false};    //!< OnOff: equal distances within periods, not exponential
    bool isPeakRate{false}; //!< OnOff: rate is that within a period, not the mean of all time

    std::vector<int64_t> times{}; //!< List: times since start, 0 or more, not falling [ns]
};

/// @param config valid, not List @return its mean rate between start and stop [packets/s]
double GetMeanRate(const ArrivalConfig& config);

/**
 * @ingroup xfrm
 * @brief Arrival times of packets, made in batches.
 *
 * Clocks run with a fraction of a nanosecond, and are rounded down to nanoseconds: constant
 * arrivals are exact for ever; others gather an error of a few nanoseconds in 600 s at 10^7
 * packets/s.  OnOff runs its packets by a clock that stands still between periods: with equal
 * distances a period takes up the distance where the last one left it.
 *
 * The times do not depend on the sizes of batches.
 */
class ArrivalProcess
{
  public:
    virtual ~ArrivalProcess() = default;
    ArrivalProcess(const ArrivalProcess&) = delete;
    ArrivalProcess& operator=(const ArrivalProcess&) = delete;

    /**
     * @brief Make the next times.
     * @param times filled with times since the beginning of the run, not falling [ns]
     * @return how many there are: fewer than asked for only at the end of the list or the stop time
     */
    virtual size_t Fill(std::span<int64_t> times) = 0;

  protected:
    ArrivalProcess() = default;
};

/**
 * @param config when packets arrive
 * @param random random numbers of this process alone
 * @return the process
 * @throws std::invalid_argument naming the value that is out of range
 */
std::unique_ptr<ArrivalProcess> MakeArrivalProcess(ArrivalConfig config, const FastRandom& random);

} // namespace ns3::xfrm

#endif // XFRM_ARRIVAL_PROCESS_H
