/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup xfrm-tests
 * @brief Gives every file of FOLDER/TARGET/ to its target.
 *
 * Usage: xfrm-fuzz-regressions FOLDER...  Ends with an abort for an input that is a finding, with 1
 * if there are none at all, else with 0.
 */

#include "xfrm-fuzz-targets.h"

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

namespace
{

using namespace ns3::xfrm::fuzz;

/// @brief Give the files of a folder to a target.
/// @return how many there were @param target the target @param folder the folder, if there is one
size_t
RunAll(const Target& target, const std::filesystem::path& folder)
{
    size_t nInputs = 0;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(folder, missing))
    {
        std::cout << entry.path().string() << "\n" << std::flush; // which it is, if it aborts
        std::ifstream file(entry.path(), std::ios::binary);
        const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
        target.run({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
        ++nInputs;
    }
    return nInputs;
}

} // namespace

int
main(int argc, char** argv)
{
    size_t nInputs = 0;
    for (const std::filesystem::path folder : std::vector<std::string>(argv + 1, argv + argc))
    {
        for (const Target& target : TARGETS)
        {
            nInputs += RunAll(target, folder / target.name);
        }
    }
    std::cout << nInputs << " inputs\n";
    return nInputs == 0 ? 1 : 0;
}
