/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-kernel.h"

#include <array>
#include <stdexcept>

namespace ns3::xfrm
{

namespace
{

constexpr std::array KERNELS{
    Kernel{},
    Kernel{"linux-4.14", "the last chain of each CPU", LookupMemory::LastChain, false},
    Kernel{"linux-4.19", "nothing", LookupMemory::Nothing, true},
};

} // namespace

const Kernel&
Kernel::Find(std::string_view name)
{
    std::string allowed;
    for (const Kernel& kernel : KERNELS)
    {
        if (kernel.name == name)
        {
            return kernel;
        }
        allowed.append(allowed.empty() ? "" : ", ").append(kernel.name);
    }
    throw std::invalid_argument("kernel " + std::string(name) + ": must be one of " + allowed);
}

std::vector<std::string>
Kernel::GetNames()
{
    std::vector<std::string> names;
    names.reserve(KERNELS.size());
    for (const Kernel& kernel : KERNELS)
    {
        names.emplace_back(kernel.name);
    }
    return names;
}

} // namespace ns3::xfrm
