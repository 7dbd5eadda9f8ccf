/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CACHE_WORK_H
#define XFRM_CACHE_WORK_H

#include <cstdint>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief What the flow cache did, in the kernel's steps; a cost profile turns it into cycles.
 *
 * Counts are those of the kernel's algorithm, whatever our data layout spares: nCompared is the
 * number of chain entries that flow_cache_lookup() would look at.
 *
 * Identities:
 * - lookups = nHits + nNegative + nRefused + nStale + nMisses + nUnstored + nUncached + nNoBuffers;
 * - resolver calls = nRefused + nStale + nMisses + nUnstored + nUncached;
 * - nMisses = entries added, so entries stored = nMisses - nEvicted - nFlushed.
 */
struct CacheWork
{
    uint64_t nHits{0};      //!< lookups that ended in CacheOutcome::Hit
    uint64_t nNegative{0};  //!< ... in CacheOutcome::Negative
    uint64_t nRefused{0};   //!< ... in CacheOutcome::Refused
    uint64_t nStale{0};     //!< ... in CacheOutcome::Stale
    uint64_t nMisses{0};    //!< ... in CacheOutcome::Miss
    uint64_t nUnstored{0};  //!< ... in CacheOutcome::Unstored
    uint64_t nUncached{0};  //!< ... in CacheOutcome::Uncached
    uint64_t nNoBuffers{0}; //!< ... in CacheOutcome::NoBuffers

    uint64_t nErrors{0};   //!< resolver calls that returned an error
    uint64_t nCompared{0}; //!< chain entries compared with a key

    uint64_t nShrinks{0};       //!< watermark shrinks, those that removed nothing included
    uint64_t nReseeds{0};       //!< new hash seeds drawn
    uint64_t nWalkedBuckets{0}; //!< buckets walked by shrinks, re-seeds, flushes and CPU removal
    uint64_t nChecks{0};        //!< calls of CacheObject::Check(), those spared included
    uint64_t nEvicted{0};       //!< entries unlinked by shrinks, re-seeds and CPU removal
    uint64_t nFlushed{0};       //!< entries unlinked by flushes

    uint64_t nCollects{0};  //!< times dropped entries were put on the gc list, or it was taken
    uint64_t nDestroyed{0}; //!< entries freed by the gc work
    uint64_t nDeletes{0};   //!< calls of CacheObject::Delete(), by lookups and by the gc work

    uint64_t nHashedWords{0}; //!< words hashed [32-bit words]

    /// @return lookups done, by the first identity
    uint64_t GetLookups() const
    {
        return nHits + nNegative + nRefused + nStale + nMisses + nUnstored + nUncached + nNoBuffers;
    }

    /// @param other work to add @return this
    CacheWork& operator+=(const CacheWork& other);

    /// @param other work to take away, a part of this @return this
    CacheWork& operator-=(const CacheWork& other);

    /// @param n how often it was done @return that much
    CacheWork operator*(uint64_t n) const;

    bool operator==(const CacheWork&) const = default;
};

} // namespace ns3::xfrm

#endif // XFRM_CACHE_WORK_H
