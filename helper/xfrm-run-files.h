/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_FILES_H
#define XFRM_RUN_FILES_H

/**
 * @file
 * @ingroup xfrm
 * @brief The folder of a run: complete, or not there.
 */

#include "xfrm-run.h"

#include <filesystem>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief A folder that is filled beside its place, and put there when it is complete.
 *
 * Without Finish() nothing stays.
 */
class RunFolder
{
  public:
    /// @param place where it is to be: new, in a folder that exists, or an empty folder
    /// @throws RunConfigError unless it can be made
    explicit RunFolder(const std::filesystem::path& place);

    ~RunFolder();
    RunFolder(const RunFolder&) = delete;
    RunFolder& operator=(const RunFolder&) = delete;
    RunFolder(RunFolder&&) = delete;
    RunFolder& operator=(RunFolder&&) = delete;

    /// @return where to write
    const std::filesystem::path& Get() const
    {
        return m_work;
    }

    /// @brief All is written: put it in its place.
    /// @throws std::system_error if something else came there in the meantime
    void Finish();

  private:
    std::filesystem::path m_place; //!< where it is to be
    std::filesystem::path m_work;  //!< where it is filled
};

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
