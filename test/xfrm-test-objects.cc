/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-objects.h"

#include "ns3/abort.h"

namespace ns3::xfrm::tests
{

ScriptedObject::ScriptedObject(Consent consent, bool isValid)
    : consent(consent),
      isValid(isValid)
{
}

Consent
ScriptedObject::Get()
{
    NS_ABORT_MSG_IF(nDeletes != 0, "Get() after Delete()");
    ++nGets;
    return consent;
}

bool
ScriptedObject::Check()
{
    NS_ABORT_MSG_IF(nDeletes != 0, "Check() after Delete()");
    ++nChecks;
    return isValid;
}

void
ScriptedObject::Delete()
{
    NS_ABORT_MSG_IF(nDeletes != 0, "Delete() after Delete()");
    ++nDeletes;
}

FlowKey
MakeKey(uint32_t number, Direction direction)
{
    return FlowKey::Ipv4(direction,
                         {.mark = number},
                         Ipv4Address("10.0.0.1"),
                         Ipv4Address("10.0.0.2"),
                         UpperLayer::Ports(1000, 80));
}

FlowKey
MakeIpv6Key(uint32_t number, uint32_t padding)
{
    return FlowKey::Ipv6(Direction::Out,
                         {.mark = number},
                         Ipv6Address("2001:db8::1"),
                         Ipv6Address("2001:db8::2"),
                         0,
                         UpperLayer::Ports(1000, 80),
                         KeyLayout::Linux41,
                         padding);
}

FlowKey
MakeUncachedKey()
{
    return {1, Direction::Out, {}};
}

CacheFixture::CacheFixture(const FlowCache::Config& config)
    : work(config.nCpus),
      cache(config, [this] { return ++nSeeds; })
{
}

ScriptedObject&
CacheFixture::NewObject(Consent consent, bool isValid)
{
    return objects.emplace_back(consent, isValid);
}

void
CacheFixture::LookUpRange(uint32_t first, uint32_t last)
{
    for (uint32_t number = first; number <= last; ++number)
    {
        LookUp(MakeKey(number));
    }
}

std::vector<uint32_t>
CacheFixture::FindNumbers(uint32_t bucket, uint32_t n) const
{
    std::vector<uint32_t> numbers;
    for (uint32_t number = 1; numbers.size() < n; ++number)
    {
        if (cache.GetTable(cpu).GetBucket(MakeKey(number)) == bucket)
        {
            numbers.push_back(number);
        }
    }
    return numbers;
}

std::string
CacheFixture::GetFlows(CpuId of) const
{
    std::string flows;
    cache.GetTable(of).ForEach([&flows](const FlowEntry& entry) {
        flows += (flows.empty() ? "" : " ") + std::to_string(entry.words[2]); // the mark
    });
    return flows;
}

const FlowEntry&
CacheFixture::GetEntry(uint32_t number) const
{
    const FlowEntry* found = nullptr;
    cache.GetTable(cpu).ForEach(
        [&](const FlowEntry& entry) { found = entry.words[2] == number ? &entry : found; });
    NS_ABORT_MSG_UNLESS(found, "no entry of flow " << number);
    return *found;
}

uint32_t
CacheFixture::GetSize() const
{
    return cache.GetTable(cpu).GetSize();
}

void
CacheFixture::CheckIdentities() const
{
    CacheWork total;
    uint64_t nStored = 0;
    for (CpuId each = 0; each < cache.GetCpus(); ++each)
    {
        total += work[each];
        nStored += cache.GetTable(each).GetSize();
    }
    NS_ABORT_MSG_UNLESS(total.GetLookups() == m_nLookups, "each lookup has one outcome");
    NS_ABORT_MSG_UNLESS(total.nRefused + total.nStale + total.nMisses + total.nUnstored +
                                total.nUncached ==
                            resolverInputs.size(),
                        "each outcome but three is a call of the resolver");
    NS_ABORT_MSG_UNLESS(total.nMisses - total.nEvicted - total.nFlushed == nStored,
                        "entries are those added less those removed");
}

} // namespace ns3::xfrm::tests
