/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_PROFILE_FIT_H
#define XFRM_PROFILE_FIT_H

#include "xfrm-published-table.h"
#include "xfrm-validation-scenario.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/// What is to be fitted.
struct FitRequest
{
    const ValidationScenario* scenario{nullptr}; //!< whose free prices; not null
    std::string row;                             //!< row of the profile, where rows have their own
    std::string startText;                       //!< JSON of the profile to start from
    std::string startName;                       //!< its name, for errors
    std::vector<PublishedCell> cells;            //!< numbers, of which those to calibrate on count
};

/// What a fit came to.
struct FitResult
{
    /// A price that was free.
    struct Price
    {
        std::string name; //!< its name
        double cycles{0}; //!< what it came to [cycles]
    };

    std::string text;          //!< JSON of the fitted profile
    std::vector<Price> prices; //!< those that were free
    uint32_t nCells{0};        //!< numbers that it was fitted to
    double residual{0};        //!< root mean square of their errors, as a share
    uint32_t nRuns{0};         //!< times all of them were simulated
};

/**
 * @brief Fit the free prices of a scenario to the numbers marked C: least squares of the logarithms
 * of simulated by published, by the method of Levenberg and Marquardt.
 *
 * Numbers marked P are not looked at.
 *
 * @param request what @param tell told of each run's number and residual; may be empty
 * @return the fitted profile
 * @throws std::invalid_argument for a scenario without free prices, or fewer numbers than those
 */
FitResult FitProfile(const FitRequest& request,
                     const std::function<void(uint32_t nRun, double residual)>& tell = {});

/// @param scenario a scenario @return rows that have profiles of their own, each profile once
std::vector<std::string> GetProfileRows(const ValidationScenario& scenario);

} // namespace ns3::xfrm

#endif // XFRM_PROFILE_FIT_H
