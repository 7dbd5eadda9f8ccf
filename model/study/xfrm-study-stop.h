/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STUDY_STOP_H
#define XFRM_STUDY_STOP_H

#include <exception>
#include <functional>

namespace ns3::xfrm
{

/// Asked with the share of a study's time that is over; false ends the study.
using StudyGoOn = std::function<bool(double share)>;

/// Thrown when a study is ended while it is still being made.
class StudyStopped : public std::exception
{
  public:
    const char* what() const noexcept override
    {
        return "the study was stopped while it was being made";
    }
};

/// @brief Ask whether to go on with making a study, each few steps.
/// @param step number of the step, from 0 @param goOn asked; empty: nobody
/// @throws StudyStopped if not
inline void
AskWhileMaking(size_t step, const StudyGoOn& goOn)
{
    constexpr size_t PERIOD{32}; // the dearest step, a state among 10^6 of one hash, takes 2 ms
    if (step % PERIOD == 0 && goOn && !goOn(0))
    {
        throw StudyStopped();
    }
}

} // namespace ns3::xfrm

#endif // XFRM_STUDY_STOP_H
