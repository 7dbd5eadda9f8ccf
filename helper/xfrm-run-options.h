/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_OPTIONS_H
#define XFRM_RUN_OPTIONS_H

#include "xfrm-option.h"
#include "xfrm-run-config.h"

#include <vector>

namespace ns3::xfrm
{

/// A setting of a run.
using RunOption = Option<RunConfig>;

/// A setting of a run that may be given several times.
using RunList = OptionList<RunConfig>;

/// @return all settings that are single values, in the order in which help shows them; the
/// settings of a section follow one another, and those without section come first
const std::vector<RunOption>& GetRunOptions();

/// @return all settings of a run that are lists
const std::vector<RunList>& GetRunLists();

} // namespace ns3::xfrm

#endif // XFRM_RUN_OPTIONS_H
