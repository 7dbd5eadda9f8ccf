/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_VALIDATION_H
#define XFRM_VALIDATION_H

/**
 * @file
 * @ingroup xfrm
 * @brief Published numbers beside simulated ones.
 */

#include "xfrm-published-table.h"
#include "xfrm-validation-scenario.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/// A published number beside the simulated one.
struct CheckedCell
{
    PublishedCell published;  //!< the number, and where it is from
    double simulated{0};      //!< ours
    double publishedRatio{0}; //!< what is compared
    double simulatedRatio{0}; //!< ours
    double error{0};          //!< difference of these, of which the band is
    Band band;                //!< most that the error may be
    bool isExact{false};      //!< they have to be equal
    bool isInside{false};     //!< the error is within the band
};

/// All of them.
struct ValidationReport
{
    static constexpr double CALIBRATED_BAND{0.05}; //!< most error of a number calibrated on
    static constexpr uint32_t MISSES{10};          //!< of so many predictions one may be off

    std::vector<CheckedCell> cells; //!< in the order of the file

    uint32_t nCalibrated{0};       //!< numbers that profiles are calibrated on
    uint32_t nCalibratedMissed{0}; //!< ... outside their band
    uint32_t nPredicted{0};        //!< numbers that are predicted
    uint32_t nPredictedMissed{0};  //!< ... outside their band
    uint32_t nExactMissed{0};      //!< ... of these, not equal though they have to be

    /// @brief Add a number, and count it.  @param cell the number
    void Add(CheckedCell cell);

    /// @return whether all of C are within 5 %, all exact ones are equal, and at most a tenth of P
    /// is outside its band
    bool IsPassed() const
    {
        return nCalibratedMissed == 0 && nExactMissed == 0 &&
               nPredictedMissed * MISSES <= nPredicted;
    }
};

/**
 * @brief Check that scenarios know all places of some numbers.
 * @param cells numbers
 * @throws PublishedTableError naming the first that is unknown, and what is allowed
 */
void CheckPlaces(const std::vector<PublishedCell>& cells);

/**
 * @brief Compare a number of a scenario.
 * @param scenario its scenario @param published it @param simulated ours
 * @param reference the published number that it is divided by @param ours the same, simulated
 * @return the comparison; numbers to calibrate on are compared as they are
 */
CheckedCell CompareCell(const ValidationScenario& scenario,
                        const PublishedCell& published,
                        double simulated,
                        double reference,
                        double ours);

/**
 * @brief Simulate all published numbers.
 * @param cells they, in places that scenarios know
 * @param tell told of each before it is simulated; may be empty
 * @return both
 */
ValidationReport Validate(const std::vector<PublishedCell>& cells,
                          const std::function<void(const PublishedCell& cell)>& tell = {});

/// @brief Write a report as tables.  @param report it @param os where to
void PrintText(const ValidationReport& report, std::ostream& os);

/// @brief Write a report as a JSON object.  @param report it @param os where to
void PrintJson(const ValidationReport& report, std::ostream& os);

/// @brief Write a report as comma-separated values.  @param report it @param os where to
void PrintCsv(const ValidationReport& report, std::ostream& os);

} // namespace ns3::xfrm

#endif // XFRM_VALIDATION_H
