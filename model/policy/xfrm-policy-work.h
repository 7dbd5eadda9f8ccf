/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_POLICY_WORK_H
#define XFRM_POLICY_WORK_H

#include <cstdint>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief What searches in the policy database did, in the kernel's steps; a cost profile turns it
 * into cycles.
 *
 * Counts are of the kernel's walk (R116), whatever shortcut found the answer here.
 */
struct PolicyWork
{
    uint64_t nLookups{0};       //!< searches of one type and direction; a global lookup does 1 or 2
    uint64_t nExactCompared{0}; //!< policies of exact buckets compared, up to the match found there
    uint64_t nInexactCompared{0}; //!< policies of inexact lists compared, up to one that is better

    /// @param other work to add @return this
    PolicyWork& operator+=(const PolicyWork& other)
    {
        nLookups += other.nLookups;
        nExactCompared += other.nExactCompared;
        nInexactCompared += other.nInexactCompared;
        return *this;
    }

    bool operator==(const PolicyWork&) const = default;
};

} // namespace ns3::xfrm

#endif // XFRM_POLICY_WORK_H
