/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-table.h"

#include "ns3/assert.h"
#include "ns3/xfrm-jhash.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// @return a word in network order, as a little-endian machine reads it
uint32_t
ToMemoryOrder(uint32_t word)
{
    return __builtin_bswap32(word);
}

/// @return the hash of an IPv6 prefix
uint32_t
HashIpv6Prefix(const IpAddress& address, uint32_t nBits)
{
    std::array<uint32_t, 4> words{};
    const uint32_t nWords = nBits / 32;
    for (uint32_t i = 0; i < nWords; ++i)
    {
        words[i] = ToMemoryOrder(address.GetWords()[i]);
    }
    uint32_t seed = 0;
    if (nBits % 32 != 0)
    {
        seed = ToMemoryOrder(address.GetWords()[nWords] & GetPrefixMask(nBits % 32));
    }
    return Jhash2(words.data(), nWords, seed);
}

/// @return the family of a policy's selector
Family
GetFamily(const Selector& selector)
{
    return static_cast<Family>(selector.family);
}

/// @return whether marks let a new policy take the place of an old one (xfrm_policy_mark_match())
bool
DoMarksAgree(const PolicyConfig& added, const PolicyConfig& old)
{
    return added.mark == old.mark ||
           (old.mark.Takes(added.mark.Get()) && added.priority == old.priority);
}

/// @return whether a new policy is a duplicate of an old one (R111)
bool
IsDuplicate(const PolicyConfig& added, const PolicyConfig& old)
{
    return added.type == old.type && added.selector == old.selector && DoMarksAgree(added, old);
}

/// @return the first policy of a chain that has a larger priority
size_t
FindBehind(const PolicyTable::Chain& chain, uint32_t priority)
{
    const auto isBefore = [](uint32_t limit, const Ptr<Policy>& policy) {
        return limit < policy->GetConfig().priority;
    };
    return std::upper_bound(chain.begin(), chain.end(), priority, isBefore) - chain.begin();
}

/// Move the policies of a type from a chain to the end of another, in order.
void
Take(PolicyTable::Chain& from, PolicyType type, PolicyTable::Chain& to)
{
    const auto isOther = [type](const Ptr<Policy>& policy) {
        return policy->GetConfig().type != type;
    };
    const auto middle = std::stable_partition(from.begin(), from.end(), isOther);
    to.insert(to.end(), middle, from.end());
    from.erase(middle, from.end());
}

} // namespace

PolicyTable::PolicyTable()
    : m_buckets(INITIAL_BUCKETS),
      m_fronts(INITIAL_BUCKETS),
      m_thresholds{PolicyThresholds{32, 32}, PolicyThresholds{128, 128}}
{
}

uint32_t
PolicyTable::HashAddresses(Family family,
                           const IpAddress& destination,
                           const IpAddress& source,
                           const PolicyThresholds& thresholds)
{
    const auto [destinationBits, sourceBits] = thresholds;
    if (family == Family::Ipv6)
    {
        return HashIpv6Prefix(destination, destinationBits) ^ HashIpv6Prefix(source, sourceBits);
    }
    return Jhash2Words(destination.GetFirstWord() & GetPrefixMask(destinationBits),
                       source.GetFirstWord() & GetPrefixMask(sourceBits),
                       0);
}

void
PolicyTable::SetThresholds(Family family, const PolicyThresholds& thresholds)
{
    NS_ASSERT_MSG(m_nOfType[0] + m_nOfType[1] == 0, "policies would be in the wrong chains");
    m_thresholds[family == Family::Ipv6 ? 1 : 0] = thresholds;
}

void
PolicyTable::Double()
{
    std::vector<Chain> old(size_t{2} * m_buckets.size());
    old.swap(m_buckets);
    for (Chain& chain : old)
    {
        for (Ptr<Policy>& policy : chain)
        {
            GetChain(policy->GetConfig().selector).push_back(std::move(policy));
        }
    }
    RefreshFronts();
}

PolicyTable::Place
PolicyTable::FindPlace(const Policy& policy) const
{
    const PolicyConfig& added = policy.GetConfig();
    const Chain& chain = GetChain(added.selector);
    Place place;
    for (size_t i = 0; i < chain.size(); ++i)
    {
        const PolicyConfig& old = chain[i]->GetConfig();
        // A second duplicate is a policy like any other (Linux warns): only one can be replaced.
        const bool isDuplicate = !place.duplicate && IsDuplicate(added, old);
        if (isDuplicate)
        {
            place.duplicate = PeekPointer(chain[i]);
        }
        if (added.priority < old.priority || (isDuplicate && added.priority == old.priority))
        {
            if (place.duplicate)
            {
                break;
            }
        }
        else if (!isDuplicate)
        {
            place.position = i + 1;
        }
    }
    return place;
}

void
PolicyTable::Link(const Ptr<Policy>& policy, size_t position)
{
    const Selector& selector = policy->GetConfig().selector;
    Chain& chain = GetChain(selector);
    chain.insert(std::next(chain.begin(), static_cast<ptrdiff_t>(position)), policy);
    if (&chain == &m_inexact)
    {
        m_sieve.Insert(position, selector);
    }
    else
    {
        RefreshFront(&chain - m_buckets.data());
    }
    ++m_nOfType[static_cast<size_t>(policy->GetConfig().type)];
}

void
PolicyTable::LinkByPriority(const Ptr<Policy>& policy)
{
    const PolicyConfig& config = policy->GetConfig();
    Link(policy, FindBehind(GetChain(config.selector), config.priority));
}

void
PolicyTable::Unlink(const Policy& policy)
{
    Chain& chain = GetChain(policy.GetConfig().selector);
    const auto isIt = [&policy](const Ptr<Policy>& other) { return PeekPointer(other) == &policy; };
    const auto place = std::find_if(chain.begin(), chain.end(), isIt);
    NS_ASSERT_MSG(place != chain.end(), "a policy that is not in the table");
    --m_nOfType[static_cast<size_t>(policy.GetConfig().type)];
    if (&chain == &m_inexact)
    {
        m_sieve.Erase(static_cast<size_t>(place - chain.begin()));
    }
    chain.erase(place);
    if (&chain != &m_inexact)
    {
        RefreshFront(&chain - m_buckets.data());
    }
}

PolicyTable::Chain
PolicyTable::TakeAll(PolicyType type)
{
    Chain taken;
    Take(m_inexact, type, taken);
    for (auto bucket = m_buckets.rbegin(); bucket != m_buckets.rend(); ++bucket)
    {
        Take(*bucket, type, taken);
    }
    m_nOfType[static_cast<size_t>(type)] = 0;
    RefreshFronts();
    RebuildSieve();
    return taken;
}

void
PolicyTable::Clear()
{
    for (Chain& bucket : m_buckets)
    {
        bucket.clear();
    }
    m_inexact.clear();
    RefreshFronts();
    m_sieve.Clear();
    m_nOfType = {};
}

Ptr<Policy>
PolicyTable::Find(const Flow& flow, PolicyType type, PolicyWork& work) const
{
    Policy* exact = FindExact(flow, type, work);
    const uint32_t limit = exact ? exact->GetConfig().priority : UINT32_MAX;
    Policy* inexact = FindInexact(flow, type, limit, work);
    return {inexact ? inexact : exact};
}

/**
 * @brief Walk an exact bucket.
 *
 * Compared are all policies up to the first that matches, or all if none does.
 */
Policy*
PolicyTable::FindExact(const Flow& flow, PolicyType type, PolicyWork& work) const
{
    const uint32_t hash = Hash(flow.family, flow.destination, flow.source);
    const uint32_t bucket = Fold(hash, GetBuckets());
    const Front& front = m_fronts[bucket];
    for (uint32_t i = 0; i < front.nPolicies; ++i)
    {
        ++work.nExactCompared;
        if (front.hashes[i] == hash && front.policies[i]->Matches(flow, type, flow.family))
        {
            return front.policies[i];
        }
    }
    if (!front.hasMore)
    {
        return nullptr;
    }
    const Chain& chain = m_buckets[bucket];
    for (size_t i = Front::CAPACITY; i < chain.size(); ++i)
    {
        ++work.nExactCompared;
        if (chain[i]->Matches(flow, type, flow.family))
        {
            return PeekPointer(chain[i]);
        }
    }
    return nullptr;
}

/**
 * @brief Walk the inexact list for a policy of a priority below a limit.
 *
 * Compared are all policies up to the first that matches and is below the limit.  If there is none,
 * Linux 4.1 walks the whole list, also past matches that are not below it, although the order
 * excludes any better one from there on.  The search here ends there and counts them all.
 */
Policy*
PolicyTable::FindInexact(const Flow& flow, PolicyType type, uint32_t limit, PolicyWork& work) const
{
    if (m_nOfType[static_cast<size_t>(type)] != 0 && !m_inexact.empty())
    {
        const bool isAllBelow = m_inexact.back()->GetConfig().priority < limit;
        const size_t nBelow =
            isAllBelow ? m_inexact.size() : (limit == 0 ? 0 : FindBehind(m_inexact, limit - 1));
        for (size_t i = m_sieve.FindPossible(flow, 0, nBelow); i < nBelow;
             i = m_sieve.FindPossible(flow, i + 1, nBelow))
        {
            if (m_inexact[i]->Matches(flow, type, flow.family))
            {
                work.nInexactCompared += i + 1;
                return PeekPointer(m_inexact[i]);
            }
        }
    }
    work.nInexactCompared += m_inexact.size();
    return nullptr;
}

Ptr<Policy>
PolicyTable::FindSelector(PolicyType type, const Selector& selector, uint32_t mark) const
{
    for (const Ptr<Policy>& policy : GetChain(selector))
    {
        const PolicyConfig& config = policy->GetConfig();
        if (config.type == type && config.mark.Takes(mark) && config.selector == selector)
        {
            return policy;
        }
    }
    return nullptr;
}

/// @return whether policies with this selector are exact (R108)
bool
PolicyTable::IsExact(const Selector& selector) const
{
    const PolicyThresholds& thresholds = GetThresholds(GetFamily(selector));
    return selector.destinationPrefix >= thresholds.destinationBits &&
           selector.sourcePrefix >= thresholds.sourceBits;
}

/// @return the hash of addresses by the thresholds of their family
uint32_t
PolicyTable::Hash(Family family, const IpAddress& destination, const IpAddress& source) const
{
    return HashAddresses(family, destination, source, GetThresholds(family));
}

/// Bring the front of a bucket in line with it.
void
PolicyTable::RefreshFront(size_t bucket)
{
    const Chain& chain = m_buckets[bucket];
    Front& front = m_fronts[bucket];
    front = {};
    front.nPolicies = std::min<uint32_t>(chain.size(), Front::CAPACITY);
    front.hasMore = chain.size() > Front::CAPACITY;
    for (uint32_t i = 0; i < front.nPolicies; ++i)
    {
        const Selector& selector = chain[i]->GetConfig().selector;
        front.policies[i] = PeekPointer(chain[i]);
        front.hashes[i] = Hash(GetFamily(selector), selector.destination, selector.source);
    }
}

/// Bring all fronts in line with their buckets.
void
PolicyTable::RefreshFronts()
{
    m_fronts.resize(m_buckets.size());
    for (size_t bucket = 0; bucket < m_buckets.size(); ++bucket)
    {
        RefreshFront(bucket);
    }
}

/// @return the chain of policies with this selector (policy_hash_bysel())
const PolicyTable::Chain&
PolicyTable::GetChain(const Selector& selector) const
{
    if (!IsExact(selector))
    {
        return m_inexact;
    }
    return m_buckets[Fold(Hash(GetFamily(selector), selector.destination, selector.source),
                          GetBuckets())];
}

/// @return the chain of policies with this selector
PolicyTable::Chain&
PolicyTable::GetChain(const Selector& selector)
{
    return const_cast<Chain&>(std::as_const(*this).GetChain(selector));
}

/// Bring the sieve in line with the inexact list.
void
PolicyTable::RebuildSieve()
{
    m_sieve.Clear();
    for (const Ptr<Policy>& policy : m_inexact)
    {
        m_sieve.Insert(m_sieve.GetSize(), policy->GetConfig().selector);
    }
}

} // namespace ns3::xfrm
