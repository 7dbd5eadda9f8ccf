/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STATE_WORK_H
#define XFRM_STATE_WORK_H

#include <cstdint>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief What searches in the state database did, in the kernel's steps; a cost profile turns it
 * into cycles.
 */
struct StateWork
{
    uint64_t nFinds{0};        //!< searches for output (xfrm_state_find())
    uint64_t nFindCompared{0}; //!< states of bydst chains looked at by them
    uint64_t nSpiLookups{0};   //!< searches for input (by SPI)
    uint64_t nSpiCompared{0};  //!< states of byspi chains looked at by them

    /// @param other work to add @return this
    StateWork& operator+=(const StateWork& other)
    {
        nFinds += other.nFinds;
        nFindCompared += other.nFindCompared;
        nSpiLookups += other.nSpiLookups;
        nSpiCompared += other.nSpiCompared;
        return *this;
    }

    bool operator==(const StateWork&) const = default;
};

} // namespace ns3::xfrm

#endif // XFRM_STATE_WORK_H
