/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_FILES_H
#define XFRM_RUN_FILES_H

/**
 * @file
 * @ingroup xfrm
 * @brief The files of a run.
 */

#include "xfrm-result-folder.h"
#include "xfrm-run.h"

#include <filesystem>

namespace ns3::xfrm
{

/**
 * @brief Write the files of a run into a folder.
 *
 * summary.json; flows.csv and nodes.csv; flow-series.csv and node-series.csv, a row an interval;
 * NODE.xfrm_stat, in the text of /proc/net/xfrm_stat; config.ini and ip-xfrm-1, ip-xfrm-2, ...,
 * with which xfrm-sim run --config does the same again.  Equal runs give equal bytes.
 *
 * @param result the run
 * @param folder an existing folder
 * @throws std::system_error if a file can't be written
 */
void WriteRunFiles(const RunResult& result, const std::filesystem::path& folder);

} // namespace ns3::xfrm

#endif // XFRM_RUN_FILES_H
