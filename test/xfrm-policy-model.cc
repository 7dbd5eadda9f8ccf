/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-model.h"

#include <algorithm>

namespace ns3::xfrm::tests
{

namespace
{

/// @return whether two addresses are in one network of that prefix length
bool
IsSameNetwork(const IpAddress& a, const IpAddress& b, uint32_t length)
{
    const uint64_t divisor = uint64_t{1} << (32 - length);
    return a.GetFirstWord() / divisor == b.GetFirstWord() / divisor;
}

} // namespace

bool
PolicyModel::DoesSelect(const Selector& selector, const Flow& flow)
{
    const bool isPortWrong =
        ((flow.GetSourcePort() ^ selector.sourcePort) & selector.sourcePortMask) != 0;
    return IsSameNetwork(flow.source, selector.source, selector.sourcePrefix) &&
           IsSameNetwork(flow.destination, selector.destination, selector.destinationPrefix) &&
           !isPortWrong;
}

bool
PolicyModel::DoesMatch(const PolicyConfig& config, const Flow& flow, PolicyType type)
{
    return config.type == type && (flow.common.mark & config.mark.mask) == config.mark.value &&
           DoesSelect(config.selector, flow);
}

namespace
{

/// @return whether a policy is a duplicate of an old one (R111)
bool
IsDuplicate(const PolicyConfig& p, const PolicyConfig& e)
{
    if (p.type != e.type || p.selector != e.selector)
    {
        return false;
    }
    const bool isIdentical = p.mark.value == e.mark.value && p.mark.mask == e.mark.mask;
    const bool isTaken = (p.mark.value & p.mark.mask & e.mark.mask) == e.mark.value;
    return isIdentical || (isTaken && p.priority == e.priority);
}

} // namespace

PolicyThresholds
PolicyModel::GetThresholds(Direction direction) const
{
    if (direction == Direction::Out)
    {
        return {m_remoteBits, m_localBits};
    }
    return {m_localBits, m_remoteBits};
}

int
PolicyModel::GetBucket(Direction direction,
                       const IpAddress& destination,
                       const IpAddress& source) const
{
    const uint32_t hash =
        PolicyTable::HashAddresses(Family::Ipv4, destination, source, GetThresholds(direction));
    return static_cast<int>((hash ^ (hash >> 16)) % GetBuckets(direction));
}

PolicyModel::ChainId
PolicyModel::GetChainId(Direction direction, const Selector& selector) const
{
    const PolicyThresholds thresholds = GetThresholds(direction);
    if (selector.destinationPrefix < thresholds.destinationBits ||
        selector.sourcePrefix < thresholds.sourceBits)
    {
        return {direction, -1};
    }
    return {direction, GetBucket(direction, selector.destination, selector.source)};
}

bool
PolicyModel::IsIndexUsed(uint32_t index) const
{
    return std::any_of(m_all.begin(), m_all.end(), [index](const Entry& entry) {
        return !entry.isOfSocket && entry.index == index;
    });
}

uint32_t
PolicyModel::DrawIndex(const PolicyConfig& config)
{
    const auto direction = static_cast<uint32_t>(config.direction);
    if (config.index != 0 && config.index % 8 == direction && !IsIndexUsed(config.index))
    {
        return config.index;
    }
    uint32_t index = DrawFresh(direction);
    while (IsIndexUsed(index))
    {
        index = DrawFresh(direction);
    }
    return index;
}

uint32_t
PolicyModel::DrawFresh(uint32_t lowBits)
{
    const uint32_t index = 8 * m_drawn++ + lowBits;
    return index == 0 ? 8 : index;
}

PolicyModel::Entry&
PolicyModel::GetEntry(uint32_t number)
{
    return *std::find_if(m_all.begin(), m_all.end(), [number](const Entry& entry) {
        return entry.number == number;
    });
}

void
PolicyModel::EraseNumber(uint32_t number)
{
    const auto isIt = [number](const Entry& entry) { return entry.number == number; };
    std::erase_if(m_all, isIt);
    for (auto& [id, chain] : m_chains)
    {
        std::erase_if(chain, isIt);
    }
}

PolicyModel::Insertion
PolicyModel::Insert(uint32_t number, const PolicyConfig& config, bool isExclusive)
{
    std::vector<Entry>& chain = m_chains[GetChainId(config.direction, config.selector)];
    const auto isDuplicate = [&](const Entry& e) { return IsDuplicate(config, e.config); };
    const auto duplicate = std::find_if(chain.begin(), chain.end(), isDuplicate);
    Insertion insertion;
    insertion.isRefused = duplicate != chain.end() && isExclusive;
    if (insertion.isRefused)
    {
        return insertion;
    }
    // Anchors stand before the duplicate, unless the new priority is larger than its own (R112).
    auto end = duplicate;
    if (duplicate != chain.end() && config.priority > duplicate->config.priority)
    {
        end = chain.end();
    }
    int64_t place = std::count_if(chain.begin(), end, [&](const Entry& e) {
        return e.config.priority <= config.priority;
    });
    if (duplicate == chain.end())
    {
        insertion.index = DrawIndex(config);
    }
    else
    {
        insertion.index = duplicate->index;
        insertion.replaced = duplicate->number;
        place -= duplicate < end ? 1 : 0;
        EraseNumber(duplicate->number);
    }
    Entry entry;
    entry.number = number;
    entry.config = config;
    entry.index = insertion.index;
    entry.addTime = GetWallClock();
    Arm(entry, 1);
    chain.insert(chain.begin() + place, entry);
    m_all.push_back(entry);
    insertion.isGrowthDue =
        !insertion.replaced && GetCount(config.direction) >= GetBuckets(config.direction);
    m_isGrowthDue = m_isGrowthDue || insertion.isGrowthDue;
    return insertion;
}

std::optional<uint32_t>
PolicyModel::Lookup(const Flow& flow, PolicyType type, Direction direction, PolicyWork& work) const
{
    ++work.nLookups;
    std::optional<uint32_t> found;
    uint32_t priority = UINT32_MAX;
    const ChainId exact{direction, GetBucket(direction, flow.destination, flow.source)};
    const auto bucket = m_chains.find(exact);
    for (size_t i = 0; bucket != m_chains.end() && !found && i < bucket->second.size(); ++i)
    {
        const Entry& entry = bucket->second[i];
        ++work.nExactCompared;
        if (DoesMatch(entry.config, flow, type))
        {
            found = entry.number;
            priority = entry.config.priority;
        }
    }
    const auto list = m_chains.find({direction, -1});
    for (size_t i = 0; list != m_chains.end() && i < list->second.size(); ++i)
    {
        const Entry& entry = list->second[i];
        ++work.nInexactCompared;
        if (DoesMatch(entry.config, flow, type) && entry.config.priority < priority)
        {
            return entry.number;
        }
    }
    return found;
}

std::optional<uint32_t>
PolicyModel::Remove(PolicyType type,
                    Direction direction,
                    const Selector& selector,
                    const Mark& mark)
{
    for (const Entry& entry : m_chains[GetChainId(direction, selector)])
    {
        const PolicyConfig& config = entry.config;
        if (config.type == type && config.selector == selector &&
            (mark.value & mark.mask & config.mark.mask) == config.mark.value)
        {
            const uint32_t number = entry.number;
            EraseNumber(number);
            return number;
        }
    }
    return std::nullopt;
}

std::optional<uint32_t>
PolicyModel::RemoveByIndex(PolicyType type, Direction direction, uint32_t index, const Mark& mark)
{
    for (const Entry& entry : m_all)
    {
        const PolicyConfig& config = entry.config;
        if (!entry.isOfSocket && entry.index == index && config.type == type &&
            config.direction == direction &&
            (mark.value & mark.mask & config.mark.mask) == config.mark.value)
        {
            const uint32_t number = entry.number;
            EraseNumber(number);
            return number;
        }
    }
    return std::nullopt;
}

std::vector<uint32_t>
PolicyModel::Flush(PolicyType type)
{
    std::vector<uint32_t> numbers;
    for (const auto direction : {Direction::In, Direction::Out, Direction::Forward})
    {
        std::vector<int> chains{-1};
        for (auto bucket = static_cast<int>(GetBuckets(direction)); bucket-- > 0;)
        {
            chains.push_back(bucket);
        }
        for (const int chain : chains)
        {
            for (const Entry& entry : m_chains[{direction, chain}])
            {
                if (entry.config.type == type)
                {
                    numbers.push_back(entry.number);
                }
            }
        }
    }
    for (const uint32_t number : numbers)
    {
        EraseNumber(number);
    }
    return numbers;
}

void
PolicyModel::SetThresholds(uint8_t localBits, uint8_t remoteBits)
{
    m_nextLocalBits = localBits;
    m_nextRemoteBits = remoteBits;
    m_isRebuildDue = true;
}

void
PolicyModel::RunRebuild()
{
    if (m_isRebuildDue)
    {
        m_isRebuildDue = false;
        m_localBits = m_nextLocalBits;
        m_remoteBits = m_nextRemoteBits;
        FileAll();
    }
}

/// File all policies of the host anew: by priority, and by age (R110).
void
PolicyModel::FileAll()
{
    m_chains.clear();
    for (const Entry& entry : m_all)
    {
        if (!entry.isOfSocket)
        {
            m_chains[GetChainId(entry.config.direction, entry.config.selector)].push_back(entry);
        }
    }
    for (auto& [id, chain] : m_chains)
    {
        std::stable_sort(chain.begin(), chain.end(), [](const Entry& a, const Entry& b) {
            return a.config.priority < b.config.priority;
        });
    }
}

void
PolicyModel::RunGrowth()
{
    if (!m_isGrowthDue)
    {
        return;
    }
    m_isGrowthDue = false;
    uint32_t sum = 0;
    const auto old = m_chains;
    m_chains.clear();
    for (const auto direction : {Direction::In, Direction::Out, Direction::Forward})
    {
        const uint32_t count = GetCount(direction);
        sum += count;
        m_buckets.at(static_cast<size_t>(direction)) *= count >= GetBuckets(direction) ? 2 : 1;
    }
    for (const auto& [id, chain] : old)
    {
        for (const Entry& entry : chain)
        {
            m_chains[GetChainId(entry.config.direction, entry.config.selector)].push_back(entry);
        }
    }
    m_indexBuckets *= sum >= m_indexBuckets ? 2 : 1;
}

std::vector<uint32_t>
PolicyModel::GetAll() const
{
    std::vector<uint32_t> numbers;
    for (auto entry = m_all.rbegin(); entry != m_all.rend(); ++entry)
    {
        numbers.push_back(entry->number);
    }
    return numbers;
}

uint32_t
PolicyModel::GetCount(Direction direction, bool isOfSocket) const
{
    return static_cast<uint32_t>(std::count_if(m_all.begin(), m_all.end(), [&](const Entry& e) {
        return e.config.direction == direction && e.isOfSocket == isOfSocket;
    }));
}

} // namespace ns3::xfrm::tests
