/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_KERNEL_H
#define XFRM_KERNEL_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::xfrm
{

/// What a lookup leaves behind for the next one.
enum class LookupMemory : uint8_t
{
    FlowCache, //!< what each flow came to (R302)
    LastChain, //!< the last chain of each CPU (R305)
    Nothing    //!< nothing (R306)
};

/**
 * @ingroup xfrm
 * @brief What sets the lookups of one generation of kernels apart: a preset.
 *
 * Source: net/xfrm/xfrm_policy.c of 4.1, 4.14 and 4.19 (doc/spec/kernel-generations.md, R302, R305,
 * R306, R315, R316).  The default is Linux 4.1.  Which locks are taken is another choice
 * (LockPreset).
 *
 * The limit of dsts is 32768 in all of them (R311).  Left out: output marks of states (4.14) and
 * interface ids (4.19), which no configuration here has; the device of a flow in the lookup of its
 * outer route (R318), which counts for devices of VRFs only by then; the references that 4.14 loses
 * when it uses a chain again (R317).
 */
struct Kernel
{
    std::string_view name{"linux-4.1"};                //!< its name
    std::string_view help{"a flow cache of each CPU"}; //!< what it remembers of lookups
    LookupMemory memory{LookupMemory::FlowCache};      //!< the same
    bool holdsAgain{false}; //!< the timer of held packets may hold them again by itself, and not
                            //!< only by what the flow cache remembers (R316)

    /// @param name one of GetNames() @return the preset
    /// @throws std::invalid_argument naming what is allowed
    static const Kernel& Find(std::string_view name);

    /// @return names of all presets
    static std::vector<std::string> GetNames();
};

} // namespace ns3::xfrm

#endif // XFRM_KERNEL_H
