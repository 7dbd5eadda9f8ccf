/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-fuzz-targets.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <system_error>
#include <unistd.h>

namespace ns3::xfrm::fuzz
{

void
Require(bool holds, const char* what)
{
    if (!holds)
    {
        std::cerr << "does not hold: " << what << "\n";
        std::abort();
    }
}

std::string_view
ToText(Input input)
{
    return {reinterpret_cast<const char*>(input.data()), input.size()};
}

ScratchFolder::ScratchFolder()
{
    const std::filesystem::path memory{"/dev/shm"};
    const auto parent =
        std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
    m_path = parent / ("xfrm-fuzz-" + std::to_string(getpid()));
    std::filesystem::create_directories(m_path);
}

ScratchFolder::~ScratchFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

std::filesystem::path
ScratchFolder::Write(const std::string& name, std::string_view text) const
{
    std::filesystem::path path = m_path / name;
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    Require(!file.fail(), "the scratch folder can be written");
    return path;
}

} // namespace ns3::xfrm::fuzz
