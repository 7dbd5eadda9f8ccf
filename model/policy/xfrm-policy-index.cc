/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-index.h"

#include "ns3/assert.h"

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t INDEX_STEP{8};     //!< distance of indexes of one direction
constexpr uint32_t DIRECTION_MASK{7}; //!< bits of an index that are the direction

} // namespace

uint32_t
PolicyIndexGenerator::Next(Direction direction)
{
    return Draw(static_cast<uint32_t>(direction));
}

uint32_t
PolicyIndexGenerator::NextOfSocket(Direction direction)
{
    return Draw(Policy::SOCKET_DIRECTION + static_cast<uint32_t>(direction));
}

/// @return the next multiple of 8 with these low bits, 8 instead of 0
uint32_t
PolicyIndexGenerator::Draw(uint32_t lowBits)
{
    const uint32_t index = m_next | lowBits;
    m_next += INDEX_STEP;
    return index != 0 ? index : INDEX_STEP;
}

PolicyIndex::PolicyIndex(PolicyIndexGenerator& generator)
    : m_generator(generator)
{
}

uint32_t
PolicyIndex::Choose(Direction direction, uint32_t wanted)
{
    uint32_t index = wanted;
    if ((index & DIRECTION_MASK) != static_cast<uint32_t>(direction))
    {
        index = 0;
    }
    while (index == 0 || m_policies.contains(index))
    {
        index = m_generator.Next(direction);
    }
    return index;
}

void
PolicyIndex::Insert(const Ptr<Policy>& policy)
{
    const uint32_t index = policy->GetIndex();
    NS_ASSERT_MSG(!m_policies.contains(index), "index " << index << " is in use");
    m_policies.emplace(index, policy);
}

void
PolicyIndex::Erase(const Policy& policy)
{
    m_policies.erase(policy.GetIndex());
}

Ptr<Policy>
PolicyIndex::Find(uint32_t index) const
{
    const auto found = m_policies.find(index);
    return found != m_policies.end() ? found->second : nullptr;
}

void
PolicyIndex::GrowFor(uint32_t nPolicies)
{
    if (nPolicies > m_nBuckets - 1 && m_nBuckets < MAX_BUCKETS)
    {
        m_nBuckets *= 2;
    }
}

} // namespace ns3::xfrm
