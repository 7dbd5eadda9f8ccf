/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RESULT_FOLDER_H
#define XFRM_RESULT_FOLDER_H

/**
 * @file
 * @ingroup xfrm
 * @brief The folder of results: complete, or not there.
 */

#include <filesystem>
#include <functional>
#include <ostream>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief A folder that is filled beside its place, and put there when it is complete.
 *
 * Without Finish() nothing stays.
 */
class ResultFolder
{
  public:
    /// @param place where it is to be: new, in a folder that exists, or an empty folder
    /// @throws ConfigError unless it can be made
    explicit ResultFolder(const std::filesystem::path& place);

    ~ResultFolder();
    ResultFolder(const ResultFolder&) = delete;
    ResultFolder& operator=(const ResultFolder&) = delete;
    ResultFolder(ResultFolder&&) = delete;
    ResultFolder& operator=(ResultFolder&&) = delete;

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
 * @brief Write a file by a function.
 * @param path the file @param write writes its content
 * @throws std::system_error if not all of it was written
 */
void WriteFile(const std::filesystem::path& path, const std::function<void(std::ostream&)>& write);

} // namespace ns3::xfrm

#endif // XFRM_RESULT_FOLDER_H
