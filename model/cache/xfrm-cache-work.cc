/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-cache-work.h"

namespace ns3::xfrm
{

CacheWork&
CacheWork::operator+=(const CacheWork& other)
{
    nHits += other.nHits;
    nNegative += other.nNegative;
    nRefused += other.nRefused;
    nStale += other.nStale;
    nMisses += other.nMisses;
    nUnstored += other.nUnstored;
    nUncached += other.nUncached;
    nNoBuffers += other.nNoBuffers;
    nHashedWords += other.nHashedWords;
    nCompared += other.nCompared;
    nErrors += other.nErrors;
    nShrinks += other.nShrinks;
    nReseeds += other.nReseeds;
    nWalkedBuckets += other.nWalkedBuckets;
    nChecks += other.nChecks;
    nEvicted += other.nEvicted;
    nFlushed += other.nFlushed;
    nCollects += other.nCollects;
    nDestroyed += other.nDestroyed;
    nDeletes += other.nDeletes;
    return *this;
}

CacheWork&
CacheWork::operator-=(const CacheWork& other)
{
    nHits -= other.nHits;
    nNegative -= other.nNegative;
    nRefused -= other.nRefused;
    nStale -= other.nStale;
    nMisses -= other.nMisses;
    nUnstored -= other.nUnstored;
    nUncached -= other.nUncached;
    nNoBuffers -= other.nNoBuffers;
    nHashedWords -= other.nHashedWords;
    nCompared -= other.nCompared;
    nErrors -= other.nErrors;
    nShrinks -= other.nShrinks;
    nReseeds -= other.nReseeds;
    nWalkedBuckets -= other.nWalkedBuckets;
    nChecks -= other.nChecks;
    nEvicted -= other.nEvicted;
    nFlushed -= other.nFlushed;
    nCollects -= other.nCollects;
    nDestroyed -= other.nDestroyed;
    nDeletes -= other.nDeletes;
    return *this;
}

CacheWork
CacheWork::operator*(uint64_t n) const
{
    return {.nHits = nHits * n,
            .nNegative = nNegative * n,
            .nRefused = nRefused * n,
            .nStale = nStale * n,
            .nMisses = nMisses * n,
            .nUnstored = nUnstored * n,
            .nUncached = nUncached * n,
            .nNoBuffers = nNoBuffers * n,
            .nErrors = nErrors * n,
            .nCompared = nCompared * n,
            .nShrinks = nShrinks * n,
            .nReseeds = nReseeds * n,
            .nWalkedBuckets = nWalkedBuckets * n,
            .nChecks = nChecks * n,
            .nEvicted = nEvicted * n,
            .nFlushed = nFlushed * n,
            .nCollects = nCollects * n,
            .nDestroyed = nDestroyed * n,
            .nDeletes = nDeletes * n,
            .nHashedWords = nHashedWords * n};
}

} // namespace ns3::xfrm
