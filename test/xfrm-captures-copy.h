/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CAPTURES_COPY_H
#define XFRM_CAPTURES_COPY_H

#include "xfrm-conformance.h"

#include <filesystem>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/// A copy of the recording linux-4.1.6, or of one part, that a test may damage; removed at the end.
class CapturesCopy
{
  public:
    /// @param folder where to put the copy @param part name of the part; empty: all parts
    /// @param run what names of its runs begin with
    CapturesCopy(const std::string& folder, const std::string& part, const std::string& run);

    ~CapturesCopy();
    CapturesCopy(const CapturesCopy&) = delete;
    CapturesCopy& operator=(const CapturesCopy&) = delete;
    CapturesCopy(CapturesCopy&&) = delete;
    CapturesCopy& operator=(CapturesCopy&&) = delete;

    /// @return the folder of the recording
    static std::filesystem::path GetOriginal();

    /// @param name of a file @return it
    std::filesystem::path GetFile(const std::string& name) const;

    /// @brief Alter the first place of a text.  @param name of the file @param from the text
    /// @param to what stands there afterwards @return whether it was there
    bool Edit(const std::string& name, const std::string& from, const std::string& to) const;

    /// @return the reports of a replay
    std::vector<conformance::SetReport> Replay() const;

    /// @return the error of a replay, without the folder; empty if there is none
    std::string GetError() const;

  private:
    void CopyRecords(const std::string& part, const std::string& run) const;

    std::filesystem::path m_top;    //!< folder of the folder
    std::filesystem::path m_folder; //!< folder of the copy
};

} // namespace ns3::xfrm::tests

#endif // XFRM_CAPTURES_COPY_H
