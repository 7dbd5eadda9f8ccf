/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SCENARIO_REPLAY_H
#define XFRM_SCENARIO_REPLAY_H

#include "xfrm-conformance.h"

#include <filesystem>

namespace ns3::xfrm::conformance
{

/**
 * @brief Play recorded scenarios in packet mode and compare what comes of each command and packet.
 *
 * The layout is that of test/golden/policy-scenarios/README.md.  Each command, packet and listing
 * after the setup is a row.
 *
 * @param results a results-VERSION.jsonl, beside its scenarios.jsonl, of a kernel that is modelled
 * @return the report
 * @throws InputError if a file is missing or malformed
 */
SetReport ReplayScenarios(const std::filesystem::path& results);

/// @param results a results-VERSION.jsonl @return whether its kernel is one that is modelled
bool IsModelled(const std::filesystem::path& results);

} // namespace ns3::xfrm::conformance

#endif // XFRM_SCENARIO_REPLAY_H
