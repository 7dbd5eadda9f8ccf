/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_BUNDLE_WORK_H
#define XFRM_BUNDLE_WORK_H

#include <cstdint>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief What was done to have chains; a cost profile turns it into cycles.
 */
struct BundleWork
{
    uint64_t nBundles{0};      //!< chains built, dummies included
    uint64_t nReused{0};       //!< chains that were not built, since the CPU's last one served
    uint64_t nElements{0};     //!< dst entries allocated
    uint64_t nRouteLookups{0}; //!< plain routes looked up for outer headers and source addresses

    /// @param other work to add @return this
    BundleWork& operator+=(const BundleWork& other)
    {
        nBundles += other.nBundles;
        nReused += other.nReused;
        nElements += other.nElements;
        nRouteLookups += other.nRouteLookups;
        return *this;
    }

    bool operator==(const BundleWork&) const = default;
};

} // namespace ns3::xfrm

#endif // XFRM_BUNDLE_WORK_H
