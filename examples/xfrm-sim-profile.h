/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SIM_PROFILE_H
#define XFRM_SIM_PROFILE_H

/**
 * @file
 * @brief Parts of the command profile.
 */

#include "xfrm-sim-commands.h"

#include <string>
#include <vector>

namespace ns3::xfrm::sim
{

/// What the command line says.
struct ProfileOptions
{
    std::vector<std::string> words; //!< what to do, and with what
    bool isJson{false};             //!< show: print the file itself
    std::string table;              //!< fit: file of tables, empty: that which is shipped
    std::string row;                //!< fit: row of the profile
    std::string start;              //!< fit: profile to start from, empty: that of the section
    std::string out;                //!< fit, measure: file that is written, empty: print it
};

/// @brief Fit prices to a section of published numbers.  @param options words: fit SECTION
/// @return the exit status
int RunProfileFit(const ProfileOptions& options);

/// @brief Measure prices of this machine.  @param options words: measure
/// @return the exit status
int RunProfileMeasure(const ProfileOptions& options);

} // namespace ns3::xfrm::sim

#endif // XFRM_SIM_PROFILE_H
