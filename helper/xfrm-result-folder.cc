/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-result-folder.h"

#include "xfrm-config-error.h"

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>
#include <unistd.h>

namespace ns3::xfrm
{

namespace
{

namespace fs = std::filesystem;

} // namespace

ResultFolder::ResultFolder(const fs::path& place)
    : m_place(fs::absolute(place).lexically_normal())
{
    if (!m_place.has_filename())
    {
        m_place = m_place.parent_path(); // there was a slash at the end
    }
    const auto refuse = [&](const std::string& why) {
        throw ConfigError("out " + place.string() + ": " + why +
                          ": must be a folder that is new or empty");
    };
    std::error_code error;
    const bool exists = fs::exists(m_place, error);
    if (exists && (!fs::is_directory(m_place) || !fs::is_empty(m_place, error)))
    {
        refuse("exists");
    }
    m_work = m_place.string() + ".part" + std::to_string(getpid());
    if (!fs::create_directory(m_work, error))
    {
        refuse(error ? error.message() : "another run is writing it");
    }
}

ResultFolder::~ResultFolder()
{
    std::error_code ignored;
    fs::remove_all(m_work, ignored);
}

void
ResultFolder::Finish()
{
    fs::rename(m_work, m_place); // also over an empty folder
}

void
WriteFile(const fs::path& path, const std::function<void(std::ostream&)>& write)
{
    std::ofstream file(path, std::ios::binary);
    write(file);
    file.close();
    if (!file)
    {
        throw std::system_error(errno == 0 ? EIO : errno, std::generic_category(), path.string());
    }
}

} // namespace ns3::xfrm
