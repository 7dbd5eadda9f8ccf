/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-study-figures.h"

#include <algorithm>

namespace ns3::xfrm
{

uint64_t
VerdictCounts::GetRefused() const
{
    uint64_t sum = nHeld;
    for (const auto& [error, count] : nRefused)
    {
        sum += count;
    }
    return sum;
}

VerdictCounts&
VerdictCounts::operator+=(const VerdictCounts& other)
{
    nPlain += other.nPlain;
    nTransformed += other.nTransformed;
    nHeld += other.nHeld;
    for (const auto& [error, count] : other.nRefused)
    {
        nRefused[error] += count;
    }
    return *this;
}

StudyInterval&
StudyInterval::operator+=(const StudyInterval& other)
{
    nOffered += other.nOffered;
    nCarried += other.nCarried;
    nRingDropped += other.nRingDropped;
    cache += other.cache;
    busyTime += other.busyTime;
    lockWait += other.lockWait;
    nWaiting += other.nWaiting;
    nEntries += other.nEntries;
    return *this;
}

StudyCore
StudyResult::GetTotal() const
{
    StudyCore sum;
    for (const StudyCore& one : cores)
    {
        sum.core.nSoftirqJobs += one.core.nSoftirqJobs;
        sum.core.nProcessJobs += one.core.nProcessJobs;
        sum.core.nSteered += one.core.nSteered;
        sum.core.nBacklogDropped += one.core.nBacklogDropped;
        sum.core.busyNs += one.core.busyNs;
        sum.core.lockWaitNs += one.core.lockWaitNs;
        sum.core.maxQueue = std::max(sum.core.maxQueue, one.core.maxQueue);
        sum.core.waiting += one.core.waiting;
        sum.core.service += one.core.service;
        sum.core.latency += one.core.latency;
        sum.verdicts += one.verdicts;
        sum.work += one.work;
        sum.nOffered += one.nOffered;
        sum.nRingDropped += one.nRingDropped;
        sum.nInterrupts += one.nInterrupts;
        sum.nWaiting += one.nWaiting;
        sum.cacheSize += one.cacheSize;
    }
    return sum;
}

} // namespace ns3::xfrm
