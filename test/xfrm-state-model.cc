/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-state-model.h"

#include <algorithm>
#include <utility>

namespace ns3::xfrm::tests
{

namespace
{

/// @return a word with its bytes turned round
uint32_t
Swap(uint32_t word)
{
    return word << 24 | (word & 0xff00) << 8 | (word >> 8 & 0xff00) | word >> 24;
}

/// @return whether a selector of IPv4 with prefixes of 0 or 32 takes a flow (R101)
bool
Takes(const Selector& selector, const Flow& flow)
{
    return selector.family == 2 &&
           (selector.destinationPrefix == 0 || selector.destination == flow.destination) &&
           (selector.sourcePrefix == 0 || selector.source == flow.source) &&
           (selector.destinationPortMask == 0 ||
            selector.destinationPort == flow.GetDestinationPort()) &&
           (selector.sourcePortMask == 0 || selector.sourcePort == flow.GetSourcePort()) &&
           (selector.proto == 0 || selector.proto == flow.common.proto) &&
           (selector.ifindex == 0 || selector.ifindex == flow.common.oif);
}

/// @return whether a state has what is asked for, sources aside (R141)
bool
Fits(const StateConfig& config, const StateRequest& request)
{
    return config.reqid == request.reqid && config.mark.Takes(request.mark) &&
           (config.flags & StateConfig::FLAG_WILDRECV) == 0 &&
           config.id.destination == request.destination && config.mode == request.mode &&
           config.id.proto == request.proto && (request.spi == 0 || request.spi == config.id.spi);
}

/// @return whether a state is better than another, which comes before it in the list (R142)
bool
IsBetter(const StateModel::Entry& entry, const StateModel::Entry& best)
{
    return entry.isDying != best.isDying ? best.isDying : entry.addTime > best.addTime;
}

} // namespace

uint32_t
StateModel::Hash(const IpAddress& destination, const IpAddress& source, uint32_t reqid)
{
    const uint32_t sum =
        Swap(Swap(destination.GetFirstWord()) + Swap(source.GetFirstWord())); // raw words, R132
    const uint32_t hash = 2 ^ reqid ^ sum;
    return hash ^ hash >> 16;
}

uint32_t
StateModel::GetBucket(const StateConfig& config) const
{
    return Hash(config.id.destination, config.source, config.reqid) % m_nBuckets;
}

StateModel::Entry*
StateModel::First(const Test& test)
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(), test);
    return found != m_entries.end() ? &*found : nullptr;
}

void
StateModel::Scan(const StateRequest& request, const Flow& flow, bool isSecond, Tally& tally) const
{
    const IpAddress source = isSecond ? IpAddress() : request.source;
    const uint32_t bucket = Hash(request.destination, source, request.reqid) % m_nBuckets;
    for (const Entry& entry : m_entries)
    {
        if (GetBucket(entry.config) != bucket)
        {
            continue;
        }
        ++tally.nCompared;
        const IpAddress& own = entry.config.source;
        const bool isSource = isSecond || own == source || own.IsAny() || source.IsAny();
        if (!isSource || !Fits(entry.config, request))
        {
            continue;
        }
        const bool isFlow = Takes(entry.config.selector, flow);
        tally.isAcquire = tally.isAcquire || entry.status == StateStatus::Acquire;
        tally.hasEnded = tally.hasEnded || (entry.status == StateStatus::Expired && isFlow);
        if (entry.status == StateStatus::Valid && (isFlow || entry.config.selector.family == 0) &&
            (tally.best == nullptr || IsBetter(entry, *tally.best)))
        {
            tally.best = &entry;
        }
    }
}

StateModel::Found
StateModel::Find(const StateRequest& request, const Flow& flow) const
{
    Tally tally;
    Scan(request, flow, false, tally);
    if (tally.best == nullptr && !tally.isAcquire)
    {
        Scan(request, flow, true, tally);
    }
    Found found{.nCompared = tally.nCompared};
    if (tally.best != nullptr)
    {
        found.number = tally.best->number;
    }
    else if (tally.isAcquire)
    {
        found.error = error::AGAIN;
    }
    else if (!tally.hasEnded && request.spi != 0 &&
             LookupBySpi({request.destination, request.spi, request.proto}, request.mark))
    {
        found.error = error::EXIST;
    }
    else
    {
        found.error = error::SRCH;
        found.isAcquireWanted = !tally.hasEnded;
    }
    return found;
}

std::optional<uint32_t>
StateModel::LookupBySpi(const StateId& id, uint32_t mark) const
{
    for (const Entry& entry : m_entries)
    {
        if (id.spi != 0 && entry.config.id == id && entry.config.mark.Takes(mark))
        {
            return entry.number;
        }
    }
    return std::nullopt;
}

void
StateModel::Insert(Entry entry)
{
    const uint32_t bucket = GetBucket(entry.config);
    const bool hasOthers =
        First([&](const Entry& other) { return GetBucket(other.config) == bucket; }) != nullptr;
    m_entries.insert(m_entries.begin(), std::move(entry));
    m_isGrowthDue = m_isGrowthDue || (hasOthers && m_entries.size() >= m_nBuckets);
}

StateModel::Entry*
StateModel::FindAnswered(const StateConfig& config)
{
    // By number: the first larval state of the lowest bucket.
    Entry* numbered = nullptr;
    for (Entry& entry : m_entries)
    {
        if (config.sequence != 0 && entry.config.sequence == config.sequence &&
            entry.status == StateStatus::Acquire && entry.config.mark.Takes(config.mark.Get()) &&
            (numbered == nullptr || GetBucket(entry.config) < GetBucket(numbered->config)))
        {
            numbered = &entry;
        }
    }
    if (numbered != nullptr && numbered->config.id.proto == config.id.proto &&
        numbered->config.id.destination == config.id.destination)
    {
        return numbered;
    }
    return First([&](const Entry& entry) {
        const StateConfig& larval = entry.config;
        return entry.status == StateStatus::Acquire && larval.id.spi == 0 &&
               larval.reqid == config.reqid && larval.mode == config.mode &&
               larval.id.proto == config.id.proto &&
               larval.id.destination == config.id.destination && larval.source == config.source &&
               larval.mark.Takes(config.mark.Get());
    });
}

int32_t
StateModel::Add(uint32_t number, const StateConfig& config, uint64_t now)
{
    if (LookupBySpi(config.id, config.mark.Get()))
    {
        return error::EXIST;
    }
    const Entry* answered = FindAnswered(config);
    const std::optional<uint32_t> leaving =
        answered != nullptr ? std::optional(answered->number) : std::nullopt;
    for (Entry& entry : m_entries)
    {
        if (entry.config.reqid == config.reqid && entry.config.source == config.source &&
            entry.config.id.destination == config.id.destination &&
            entry.config.mark.Takes(config.mark.Get()))
        {
            ++entry.genid;
        }
    }
    Insert({.number = number,
            .config = config,
            .status = StateStatus::Valid,
            .addTime = now,
            .timerFrom = now + 1});
    if (leaving)
    {
        Remove(*leaving);
    }
    return 0;
}

int32_t
StateModel::Update(uint32_t number, const StateConfig& config, uint64_t now)
{
    const auto found = LookupBySpi(config.id, config.mark.Get());
    if (!found)
    {
        return error::SRCH;
    }
    Entry& old = *First([&](const Entry& entry) { return entry.number == *found; });
    if (old.status == StateStatus::Acquire)
    {
        Insert({.number = number,
                .config = config,
                .status = StateStatus::Valid,
                .addTime = now,
                .timerFrom = now + 1});
        Remove(*found);
        return 0;
    }
    if (old.status != StateStatus::Valid)
    {
        return error::INVAL;
    }
    old.config.limits = config.limits;
    old.isDying = false;
    old.timerFrom = now + 1;
    if (old.packets != 0)
    {
        old.isDying = old.packets >= config.limits.softPackets;
        if (old.packets >= config.limits.hardPackets)
        {
            Remove(*found);
        }
    }
    return 0;
}

void
StateModel::InsertLarval(uint32_t number, const StateConfig& config, uint64_t now)
{
    Insert({.number = number,
            .config = config,
            .status = StateStatus::Acquire,
            .addTime = now,
            .timerFrom = now});
}

StateExpiry
StateModel::Use(uint32_t number, uint64_t now)
{
    Entry& entry = *First([&](const Entry& other) { return other.number == number; });
    if (entry.packets >= entry.config.limits.hardPackets)
    {
        entry.status = StateStatus::Expired;
        entry.timerFrom = now;
        return StateExpiry::Hard;
    }
    const bool isWarned = !entry.isDying && entry.packets >= entry.config.limits.softPackets;
    entry.isDying = entry.isDying || isWarned;
    ++entry.packets;
    return isWarned ? StateExpiry::Soft : StateExpiry::None;
}

void
StateModel::Remove(uint32_t number)
{
    std::erase_if(m_entries, [&](const Entry& entry) { return entry.number == number; });
}

void
StateModel::RunTimers(uint64_t now)
{
    const auto isOver = [&](const Entry& entry, uint64_t limit) {
        return now >= entry.timerFrom && limit != 0 && entry.addTime + limit <= now;
    };
    std::erase_if(m_entries, [&](const Entry& entry) {
        return entry.status == StateStatus::Expired ||
               isOver(entry, entry.config.limits.hardAddSeconds);
    });
    for (Entry& entry : m_entries)
    {
        entry.isDying = entry.isDying || isOver(entry, entry.config.limits.softAddSeconds);
    }
}

void
StateModel::RunGrowth()
{
    if (!m_isGrowthDue)
    {
        return;
    }
    m_isGrowthDue = false;
    std::vector<Entry> moved;
    for (uint32_t bucket = m_nBuckets; bucket-- > 0;)
    {
        for (const Entry& entry : m_entries)
        {
            if (GetBucket(entry.config) == bucket)
            {
                moved.insert(moved.begin(), entry); // to the heads of its new chains
            }
        }
    }
    m_entries = std::move(moved);
    m_nBuckets *= 2;
}

} // namespace ns3::xfrm::tests
