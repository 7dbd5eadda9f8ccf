/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CAPTURES_REPLAY_H
#define XFRM_CAPTURES_REPLAY_H

#include "xfrm-conformance.h"

#include <filesystem>
#include <vector>

namespace ns3::xfrm::conformance
{

/**
 * @brief Send the packets of recorded captures anew, in packet mode, and compare what comes of
 * them.
 *
 * The layout is that of test/golden/captures/README.md.  Each record of a PART.jsonl is a row of
 * set captures/FOLDER/PART.  What A and B had come to behind each run, by its NAME.txt, makes the
 * set captures/FOLDER/dumps, with a row for the counters of a host and for each state and policy.
 *
 * @param folder a folder of recordings of one kernel
 * @param progress called before each set; may be empty
 * @return a report for each set
 * @throws InputError if a file is missing or malformed
 */
std::vector<SetReport> ReplayCaptures(const std::filesystem::path& folder,
                                      const Progress& progress);

/// @param folder a folder @return whether it has recorded captures of a kernel that is modelled
bool HasModelledCaptures(const std::filesystem::path& folder);

} // namespace ns3::xfrm::conformance

#endif // XFRM_CAPTURES_REPLAY_H
