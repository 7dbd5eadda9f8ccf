/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-bucket-store.h"

#include <algorithm>

namespace ns3::xfrm
{

BucketStore::BucketStore(uint32_t hashShift)
    : m_mask((1U << hashShift) - 1)
{
}

void
BucketStore::Prepare()
{
    m_lines.resize(GetBuckets());
    m_lengths.resize(GetBuckets());
    m_nextSerials.resize(GetBuckets());
}

void
BucketStore::Grow()
{
    m_freeEntries.emplace_back();
    m_freeEntries[m_nFree++] = static_cast<uint32_t>(m_entries.size());
    m_entries.emplace_back();
}

FlowKey
BucketStore::GetKey(const FlowEntry& entry) const
{
    std::array<uint32_t, FlowKey::MAX_WORDS> words{};
    const auto tail = std::copy(entry.words.begin(), entry.words.end(), words.begin());
    if (entry.identity.GetWords() > FlowKey::MIN_WORDS)
    {
        const auto& rest = m_tails[GetIndex(entry)];
        std::copy(rest.begin(), rest.end(), tail);
    }
    return FlowKey(FlowKeyView{words.data(), entry.identity});
}

FlowEntry*
BucketStore::FindFurther(FlowKeyView key, uint32_t hash)
{
    const uint8_t tag = GetTag(hash);
    const Line* line = &m_lines[GetBucket(hash)];
    while (true)
    {
        for (uint32_t slots = line->Match(tag); slots != 0; slots &= slots - 1)
        {
            FlowEntry& entry = m_entries[line->entries[std::countr_zero(slots)]];
            if (HasKey(entry, key))
            {
                return &entry;
            }
        }
        if (line->older == NO_LINE)
        {
            return nullptr;
        }
        line = &m_olderLines[line->older];
    }
}

bool
BucketStore::HasTail(const FlowEntry& entry, FlowKeyView key) const
{
    return std::equal(key.words + FlowKey::MIN_WORDS,
                      key.words + key.identity.GetWords(),
                      m_tails[GetIndex(entry)].begin());
}

void
BucketStore::StoreTail(uint32_t index, FlowKeyView key)
{
    if (m_tails.size() <= index)
    {
        m_tails.resize(m_entries.size());
    }
    std::copy(key.words + FlowKey::MIN_WORDS,
              key.words + key.identity.GetWords(),
              m_tails[index].begin());
}

void
BucketStore::AddLine(Line& line)
{
    uint32_t older;
    if (m_freeLines.empty())
    {
        older = static_cast<uint32_t>(m_olderLines.size());
        m_olderLines.push_back(line);
    }
    else
    {
        older = m_freeLines.back();
        m_freeLines.pop_back();
        m_olderLines[older] = line;
    }
    line = Line();
    line.older = older;
}

void
BucketStore::FreeOlderLines(Line& line)
{
    for (uint32_t older = line.older; older != NO_LINE; older = m_olderLines[older].older)
    {
        m_freeLines.push_back(older);
    }
    line.older = NO_LINE;
}

} // namespace ns3::xfrm
