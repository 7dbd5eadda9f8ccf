/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STUDY_REPORT_H
#define XFRM_STUDY_REPORT_H

/**
 * @file
 * @ingroup xfrm
 * @brief What a study came to, for people and for programs.  Equal results give equal bytes.
 */

#include "xfrm-study-columns.h"
#include "xfrm-study-settings.h"

#include "ns3/xfrm-study-figures.h"

#include <filesystem>
#include <ostream>
#include <string>

namespace ns3::xfrm
{

/// @brief Write tables for people.
/// @param settings the study @param result what it came to @param os where to
void PrintStudy(const StudySettings& settings, const StudyResult& result, std::ostream& os);

/// @param settings the study @param result what it came to
/// @return one JSON object, indented, with a newline at its end
std::string MakeStudyJson(const StudySettings& settings, const StudyResult& result);

/// @param settings the study @param result what it came to
/// @return the same, without its cores and its time series, in one line
std::string MakeStudySummary(const StudySettings& settings, const StudyResult& result);

/**
 * @brief Write the files of a study into a folder.
 *
 * summary.json; cores.csv; series.csv, a row an interval; core-series.csv, a row an interval and
 * core; xfrm_stat; config.ini and what it names,
 * with which xfrm-sim study --config does the same again.
 *
 * @param settings the study @param result what it came to @param folder an existing folder
 * @throws std::system_error if a file can't be written
 */
void WriteStudyFiles(const StudySettings& settings,
                     const StudyResult& result,
                     const std::filesystem::path& folder);

} // namespace ns3::xfrm

#endif // XFRM_STUDY_REPORT_H
