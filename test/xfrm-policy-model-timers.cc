/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup xfrm-tests
 * @brief The plain model of a policy database: timers (R122), and policies of sockets (R119).
 */

#include "xfrm-policy-model.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ns3::xfrm::tests
{

void
PolicyModel::SetUsed(uint32_t number)
{
    GetEntry(number).useTime = GetWallClock();
}

void
PolicyModel::Arm(Entry& entry, uint64_t delay)
{
    entry.dueMillis = m_millis + 1000 * delay;
    entry.arming = ++m_nArmings;
}

std::optional<uint64_t>
PolicyModel::GetNextMillis() const
{
    std::optional<uint64_t> next;
    for (const Entry& entry : m_all)
    {
        if (entry.dueMillis && (!next || *entry.dueMillis < *next))
        {
            next = entry.dueMillis;
        }
    }
    return next;
}

/// @return the policy whose timer runs next, null if none is due
PolicyModel::Entry*
PolicyModel::FindDue()
{
    Entry* due = nullptr;
    for (Entry& entry : m_all)
    {
        if (entry.dueMillis && *entry.dueMillis <= m_millis &&
            (!due ||
             std::pair(*entry.dueMillis, entry.arming) < std::pair(*due->dueMillis, due->arming)))
        {
            due = &entry;
        }
    }
    return due;
}

std::vector<PolicyModel::Expiry>
PolicyModel::RunTimers()
{
    std::vector<Expiry> events;
    while (Entry* entry = FindDue())
    {
        entry->dueMillis.reset();
        if (RunTimer(*entry, events))
        {
            EraseNumber(entry->number);
        }
    }
    return events;
}

/// Run a timer (R122).  @return whether the policy ends
bool
PolicyModel::RunTimer(Entry& entry, std::vector<Expiry>& events)
{
    const LifetimeLimits& limits = entry.config.limits;
    const uint64_t now = GetWallClock();
    const uint64_t useBase = entry.useTime == 0 ? entry.addTime : entry.useTime;
    const std::array<std::pair<uint64_t, uint64_t>, 2> hard{
        std::pair(limits.hardAddSeconds, entry.addTime),
        std::pair(limits.hardUseSeconds, useBase)};
    const std::array<std::pair<uint64_t, uint64_t>, 2> soft{
        std::pair(limits.softAddSeconds, entry.addTime),
        std::pair(limits.softUseSeconds, useBase)};
    uint64_t next = UINT64_MAX;
    bool isOverdue = false;
    for (const auto& [limit, base] : hard)
    {
        if (limit != 0 && base + limit <= now)
        {
            events.push_back({entry.number, true});
            return true;
        }
        next = limit != 0 ? std::min(next, base + limit - now) : next;
    }
    for (const auto& [limit, base] : soft)
    {
        const bool isPast = limit != 0 && base + limit <= now;
        isOverdue = isOverdue || isPast;
        next = limit != 0 ? std::min(next, isPast ? 30 : base + limit - now) : next;
    }
    if (isOverdue)
    {
        events.push_back({entry.number, false});
    }
    if (next != UINT64_MAX)
    {
        Arm(entry, next);
    }
    return false;
}

uint32_t
PolicyModel::SetOfSocket(const SocketSlot& slot, uint32_t number, const PolicyConfig& config)
{
    CloseSocket(slot);
    Entry entry;
    entry.number = number;
    entry.config = config;
    entry.index = DrawFresh(3 + static_cast<uint32_t>(slot.second));
    entry.addTime = GetWallClock();
    entry.isOfSocket = true;
    m_all.push_back(entry);
    m_sockets[slot] = number;
    return entry.index;
}

void
PolicyModel::CloneOfSocket(const SocketSlot& slot, uint32_t number, uint32_t original)
{
    Entry entry = GetEntry(original);
    entry.number = number;
    m_all.push_back(entry);
    m_sockets[slot] = number;
}

void
PolicyModel::CloseSocket(const SocketSlot& slot)
{
    const auto found = m_sockets.find(slot);
    if (found != m_sockets.end())
    {
        EraseNumber(found->second);
        m_sockets.erase(found);
    }
}

std::optional<uint32_t>
PolicyModel::LookUpOfSocket(const SocketSlot& slot, const Flow& flow, uint32_t mark) const
{
    const auto found = m_sockets.find(slot);
    for (const Entry& entry : m_all)
    {
        if (found != m_sockets.end() && entry.number == found->second &&
            DoesSelect(entry.config.selector, flow) &&
            (mark & entry.config.mark.mask) == entry.config.mark.value)
        {
            return entry.number;
        }
    }
    return std::nullopt;
}

} // namespace ns3::xfrm::tests
