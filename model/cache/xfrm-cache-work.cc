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

} // namespace ns3::xfrm
