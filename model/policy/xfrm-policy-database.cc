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

constexpr uint32_t INDEX_STEP{8};     //!< distance of indexes of one direction
constexpr uint32_t DIRECTION_MASK{7}; //!< bits of an index that are the direction

/// @return the direction of a policy with this index
uint32_t
GetDirectionNumber(uint32_t index)
{
    return index & DIRECTION_MASK;
}

} // namespace

uint32_t
PolicyIndexGenerator::Next(Direction direction)
{
    const uint32_t index = m_next | static_cast<uint32_t>(direction);
    m_next += INDEX_STEP;
    return index != 0 ? index : INDEX_STEP;
}

PolicyDatabase::PolicyDatabase(PolicyIndexGenerator& indexes)
    : m_indexes(indexes)
{
}

PolicyDatabase::Insertion
PolicyDatabase::Insert(const Ptr<Policy>& policy, bool isExclusive, uint64_t now)
{
    NS_ASSERT_MSG(policy->m_index == 0 && !policy->m_isDead, "a policy is inserted once");
    const auto direction = static_cast<size_t>(policy->GetConfig().direction);
    PolicyTable& table = m_tables[direction];
    const PolicyTable::Place place = table.FindPlace(*policy);
    if (place.duplicate && isExclusive)
    {
        return {.error = error::EXIST, .replaced = nullptr, .isGrowthDue = false};
    }
    Insertion insertion{.error = 0, .replaced = place.duplicate, .isGrowthDue = false};
    table.Link(policy, place.position);
    ++m_counts[direction];
    if (insertion.replaced)
    {
        Delete(insertion.replaced);
    }
    Enter(policy,
          insertion.replaced ? insertion.replaced->m_index : ChooseIndex(policy->GetConfig()),
          now);
    insertion.isGrowthDue = !insertion.replaced && m_counts[direction] > table.GetBuckets() - 1 &&
                            table.GetBuckets() < PolicyTable::MAX_BUCKETS;
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
    const auto found = m_byIndex.find(index);
    if (found == m_byIndex.end())
    {
        return nullptr;
    }
    const Ptr<Policy> policy = found->second;
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
    for (PolicyTable& table : m_tables)
    {
        table.Clear();
    }
    m_tables[0].SetThresholds(family, {localBits, remoteBits});
    m_tables[1].SetThresholds(family, {remoteBits, localBits});
    m_tables[2].SetThresholds(family, {localBits, remoteBits});
    for (auto policy = m_all.rbegin(); policy != m_all.rend(); ++policy)
    {
        const Direction direction = policy->second->GetConfig().direction;
        m_tables[static_cast<size_t>(direction)].LinkByPriority(policy->second);
    }
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

/// @return the index of a new policy that replaces none (xfrm_gen_index(), R113)
uint32_t
PolicyDatabase::ChooseIndex(const PolicyConfig& config)
{
    uint32_t index = config.index;
    if (GetDirectionNumber(index) != static_cast<uint32_t>(config.direction))
    {
        index = 0;
    }
    while (index == 0 || m_byIndex.contains(index))
    {
        index = m_indexes.Next(config.direction);
    }
    return index;
}

/// Give a policy its index and times, and list it.
void
PolicyDatabase::Enter(const Ptr<Policy>& policy, uint32_t index, uint64_t now)
{
    policy->m_index = index;
    policy->m_number = m_nInsertions++;
    policy->m_use = {.addTime = now};
    m_byIndex.emplace(index, policy);
    m_all.emplace(policy->m_number, policy);
}

/// Take a policy out of the database and kill it (xfrm_policy_delete(), R120).
void
PolicyDatabase::Delete(const Ptr<Policy>& policy)
{
    m_tables[static_cast<size_t>(policy->GetConfig().direction)].Unlink(*policy);
    Kill(policy);
}

/// Take a policy that has left its table off the lists, and tell its holders that it is gone.
void
PolicyDatabase::Kill(const Ptr<Policy>& policy)
{
    --m_counts[static_cast<size_t>(policy->GetConfig().direction)];
    m_all.erase(policy->m_number);
    m_byIndex.erase(policy->m_index);
    policy->m_isDead = true;
    ++policy->m_genid;
}

} // namespace ns3::xfrm
