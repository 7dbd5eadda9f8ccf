/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STUDY_ARRIVALS_H
#define XFRM_STUDY_ARRIVALS_H

#include "xfrm-study-settings.h"

namespace ns3::xfrm
{

/**
 * @brief Set what arrives at a study's host: by its settings, or from the file that they name.
 * @param settings what is asked for @param config changed: traffic, and flows if a capture has them
 * @throws ConfigError naming the setting, its value and what is allowed, or file and line
 */
void SetArrivals(const StudySettings& settings, StudyConfig& config);

} // namespace ns3::xfrm

#endif // XFRM_STUDY_ARRIVALS_H
