/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_REPORT_H
#define XFRM_RUN_REPORT_H

/**
 * @file
 * @ingroup xfrm
 * @brief What a run came to, for people and for programs.  Equal results give equal bytes.
 */

#include "xfrm-run.h"

#include <filesystem>
#include <ostream>
#include <string>

namespace ns3::xfrm
{

/// @brief Write a table for people.  @param result the run @param os where to
void PrintRun(const RunResult& result, std::ostream& os);

/// @param result the run @return one JSON object, indented, with a newline at its end
std::string MakeRunJson(const RunResult& result);

/**
 * @brief Write the files of a run into a folder.
 *
 * summary.json; config.ini, with which xfrm-sim run --config does the same again; flows.csv and
 * nodes.csv; flow-series.csv and node-series.csv, a row an interval; NODE.xfrm_stat, in the text of
 * /proc/net/xfrm_stat.
 *
 * @param result the run
 * @param folder an existing folder
 * @throws std::system_error if a file can't be written
 */
void WriteRunFiles(const RunResult& result, const std::filesystem::path& folder);

} // namespace ns3::xfrm

#endif // XFRM_RUN_REPORT_H
