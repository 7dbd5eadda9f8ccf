/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-database.h"

#include "ns3/assert.h"

#include <stdexcept>
#include <string>

namespace ns3::xfrm
{

namespace
{

/// From insertion to the first run of the timer [s].
constexpr int64_t FIRST_DELAY{1};

/// @return the place of a direction's count in policy_count[]
size_t
GetSlot(const Policy& policy)
{
    return static_cast<size_t>(policy.GetConfig().direction) +
           (policy.IsOfSocket() ? Policy::SOCKET_DIRECTION : 0);
}

/// @return a delay from a time on, Time::Max() if time does not go that far
Time
GetDeadline(Time time, uint64_t delay)
{
    const auto nMost = static_cast<uint64_t>((Time::Max() - time).ToInteger(Time::S));
    return delay < nMost ? time + Time::FromInteger(delay, Time::S) : Time::Max();
}

} // namespace

PolicyDatabase::PolicyDatabase(PolicyIndexGenerator& indexes)
    : m_generator(indexes),
      m_indexes(indexes),
      m_thresholds{SideThresholds{32, 32}, SideThresholds{128, 128}}
{
}

PolicyDatabase::Insertion
PolicyDatabase::Insert(const Ptr<Policy>& policy, bool isExclusive, uint64_t now, Time time)
{
    NS_ASSERT_MSG(policy->m_index == 0 && !policy->m_isDead, "a policy is inserted once");
    const PolicyConfig& config = policy->GetConfig();
    const auto direction = static_cast<size_t>(config.direction);
    PolicyTable& table = m_tables[direction];
    const PolicyTable::Place place = table.FindPlace(*policy);
    if (place.duplicate && isExclusive)
    {
        return {.error = error::EXIST, .replaced = nullptr, .isGrowthDue = false};
    }
    Insertion insertion{.error = 0, .replaced = place.duplicate, .isGrowthDue = false};
    table.Link(policy, place.position);
    if (insertion.replaced)
    {
        Delete(insertion.replaced);
    }
    List(policy,
         insertion.replaced ? insertion.replaced->m_index
                            : m_indexes.Choose(config.direction, config.index),
         {.addTime = now});
    m_indexes.Insert(policy);
    m_timers.Arm(policy, GetDeadline(time, FIRST_DELAY));
    insertion.isGrowthDue = !insertion.replaced && table.IsTooSmallFor(m_counts[direction]);
    m_isGrowthDue = m_isGrowthDue || insertion.isGrowthDue;
    return insertion;
}

Ptr<Policy>
PolicyDatabase::Lookup(const Flow& flow,
                       PolicyType type,
                       Direction direction,
                       PolicyWork& work) const
{
    ++work.nLookups;
    return m_tables[static_cast<size_t>(direction)].Find(flow, type, work);
}

Ptr<Policy>
PolicyDatabase::Lookup(const Flow& flow, Direction direction, PolicyWork& work) const
{
    Ptr<Policy> sub = Lookup(flow, PolicyType::Sub, direction, work);
    return sub ? sub : Lookup(flow, PolicyType::Main, direction, work);
}

Ptr<Policy>
PolicyDatabase::Remove(PolicyType type,
                       Direction direction,
                       const Selector& selector,
                       const Mark& mark)
{
    Selector wanted = selector;
    if (wanted.family == 0)
    {
        wanted.family = static_cast<uint16_t>(Family::Ipv4);
    }
    Ptr<Policy> policy = GetTable(direction).FindSelector(type, wanted, mark.Get());
    if (policy)
    {
        Delete(policy);
    }
    return policy;
}

Ptr<Policy>
PolicyDatabase::RemoveByIndex(PolicyType type,
                              Direction direction,
                              uint32_t index,
                              const Mark& mark)
{
    const Ptr<Policy> policy = m_indexes.Find(index);
    if (!policy)
    {
        return nullptr;
    }
    const PolicyConfig& config = policy->GetConfig();
    if (config.type != type || config.direction != direction || !config.mark.Takes(mark.Get()))
    {
        return nullptr;
    }
    Delete(policy);
    return policy;
}

std::vector<Ptr<Policy>>
PolicyDatabase::Flush(PolicyType type)
{
    std::vector<Ptr<Policy>> flushed;
    for (PolicyTable& table : m_tables)
    {
        const std::vector<Ptr<Policy>> taken = table.TakeAll(type);
        flushed.insert(flushed.end(), taken.begin(), taken.end());
    }
    for (const Ptr<Policy>& policy : flushed)
    {
        Kill(policy);
    }
    return flushed;
}

void
PolicyDatabase::SetThresholds(Family family, uint8_t localBits, uint8_t remoteBits)
{
    if (family != Family::Ipv4 && family != Family::Ipv6)
    {
        throw std::invalid_argument("thresholds of family " +
                                    std::to_string(static_cast<uint32_t>(family)) +
                                    ": must be 2 (IPv4) or 10 (IPv6)");
    }
    const uint32_t nMost = family == Family::Ipv6 ? 128 : 32;
    if (localBits > nMost || remoteBits > nMost)
    {
        throw std::invalid_argument("thresholds of " + std::to_string(localBits) + " and " +
                                    std::to_string(remoteBits) + " bits: must be 0 to " +
                                    std::to_string(nMost));
    }
    m_thresholds[family == Family::Ipv6 ? 1 : 0] = {localBits, remoteBits};
    m_isRebuildDue = true;
}

void
PolicyDatabase::RunRebuild()
{
    if (!m_isRebuildDue)
    {
        return;
    }
    m_isRebuildDue = false;
    for (const auto direction : {Direction::In, Direction::Out, Direction::Forward})
    {
        PolicyTable& table = m_tables[static_cast<size_t>(direction)];
        table.Clear();
        for (const auto family : {Family::Ipv4, Family::Ipv6})
        {
            const auto [local, remote] = m_thresholds[family == Family::Ipv6 ? 1 : 0];
            const bool isOut = direction == Direction::Out;
            table.SetThresholds(family, {isOut ? remote : local, isOut ? local : remote});
        }
    }
    for (auto entry = m_all.rbegin(); entry != m_all.rend(); ++entry)
    {
        const Ptr<Policy>& policy = entry->second;
        if (!policy->IsOfSocket())
        {
            m_tables[GetSlot(*policy)].LinkByPriority(policy);
        }
    }
}

void
PolicyDatabase::RunGrowth()
{
    if (!m_isGrowthDue)
    {
        return;
    }
    m_isGrowthDue = false;
    uint32_t nPolicies = 0;
    for (size_t direction = 0; direction < m_tables.size(); ++direction)
    {
        nPolicies += m_counts[direction];
        if (m_tables[direction].IsTooSmallFor(m_counts[direction]))
        {
            m_tables[direction].Double();
        }
    }
    m_indexes.GrowFor(nPolicies);
}

std::vector<PolicyDatabase::Expiry>
PolicyDatabase::RunTimers(Time time, uint64_t now)
{
    std::vector<Expiry> events;
    while (const Ptr<Policy> policy = m_timers.TakeDue(time))
    {
        RunTimer(policy, time, now, events);
    }
    return events;
}

/// Run the timer of one policy (xfrm_policy_timer()).
void
PolicyDatabase::RunTimer(const Ptr<Policy>& policy,
                         Time time,
                         uint64_t now,
                         std::vector<Expiry>& events)
{
    const PolicyAge age = GetPolicyAge(policy->GetConfig().limits, policy->GetUse(), now);
    if (age.isExpired)
    {
        Delete(policy);
    }
    if (age.isExpired || age.isOverdue)
    {
        events.push_back({policy, age.isExpired});
    }
    if (age.delay)
    {
        m_timers.Arm(policy, GetDeadline(time, *age.delay));
    }
}

void
PolicyDatabase::AddOfSocket(const Ptr<Policy>& policy, uint64_t now)
{
    const Direction direction = policy->GetConfig().direction;
    NS_ASSERT_MSG(policy->m_index == 0 && !policy->m_isDead, "a policy is inserted once");
    NS_ASSERT_MSG(direction != Direction::Forward, "a socket forwards nothing");
    List(policy, m_generator.NextOfSocket(direction), {.addTime = now});
}

Ptr<Policy>
PolicyDatabase::CloneOfSocket(const Policy& policy)
{
    NS_ASSERT_MSG(policy.IsOfSocket(), "only policies of sockets are cloned");
    auto clone = Create<Policy>(policy.GetConfig());
    List(clone, policy.GetIndex(), policy.GetUse());
    return clone;
}

void
PolicyDatabase::RemoveOfSocket(const Ptr<Policy>& policy)
{
    NS_ASSERT_MSG(policy->IsOfSocket() && !policy->m_isDead, "not a socket's policy");
    Kill(policy);
}

std::vector<Ptr<Policy>>
PolicyDatabase::GetAll() const
{
    std::vector<Ptr<Policy>> all;
    all.reserve(m_all.size());
    for (const auto& [number, policy] : m_all)
    {
        all.push_back(policy);
    }
    return all;
}

/// Give a policy its index and times, list and count it.
void
PolicyDatabase::List(const Ptr<Policy>& policy, uint32_t index, const LifetimeUse& use)
{
    policy->m_index = index;
    policy->m_number = m_nInsertions++;
    policy->m_use = use;
    ++m_counts[GetSlot(*policy)];
    m_all.emplace(policy->m_number, policy);
}

/// Take a policy out of the database and kill it (xfrm_policy_delete(), R120).
void
PolicyDatabase::Delete(const Ptr<Policy>& policy)
{
    m_tables[GetSlot(*policy)].Unlink(*policy);
    Kill(policy);
}

/// Take a policy that is in no table off the lists, and tell its holders that it is gone.
void
PolicyDatabase::Kill(const Ptr<Policy>& policy)
{
    --m_counts[GetSlot(*policy)];
    m_all.erase(policy->m_number);
    if (!policy->IsOfSocket())
    {
        m_indexes.Erase(*policy);
    }
    m_timers.Cancel(*policy);
    policy->m_isDead = true;
    ++policy->m_genid;
}

} // namespace ns3::xfrm
