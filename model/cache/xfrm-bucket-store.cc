/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-bucket-store.h"

#include <algorithm>

namespace ns3::xfrm
{

BucketStore::BucketStore(uint32_t hashShift)
    : m_mask((1U << hashShift) - 1),
      m_kept(LINE_SLOTS)
{
}

void
BucketStore::Prepare()
{
    m_lines.resize(GetBuckets());
    m_nextSerials.resize(GetBuckets());
}

uint32_t
BucketStore::GetLongLength(uint32_t bucket) const
{
    const Line* line = &m_lines[bucket];
    while (line->older != NO_LINE)
    {
        line = &m_olderLines[line->older];
    }
    return m_nextSerials[bucket] - line->base;
}

BucketStore::Located
BucketStore::Insert(FlowKeyView key, uint32_t hash)
{
    MakeRoom(GetBucket(hash));
    const Located place = InsertQuickly(key, hash);
    if (key.identity.GetWords() > FlowKey::MIN_WORDS)
    {
        StoreTail(GetIndex(*place.entry), key);
    }
    return place;
}

void
BucketStore::MakeRoom(uint32_t bucket)
{
    if (m_nFree == 0)
    {
        m_entries.emplace_back();
        m_freeEntries.resize(m_entries.size() + OVERRUN);
        m_freeEntries[m_nFree++] = m_nEntries++;
    }
    if (GetFirstLineSlots(bucket) == LINE_SLOTS)
    {
        AddLine(m_lines[bucket]);
    }
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

BucketStore::Located
BucketStore::Find(FlowKeyView key, uint32_t hash)
{
    const uint32_t tag = GetTag(hash);
    const Line* line = &m_lines[GetBucket(hash)];
    while (true)
    {
        for (uint32_t slots = line->Match(tag); slots != 0; slots &= slots - 1)
        {
            const auto slot = static_cast<uint32_t>(std::countr_zero(slots));
            FlowEntry& entry = m_entries[line->entries[slot]];
            if (HasKey(entry, key))
            {
                return {&entry, line->base + slot};
            }
        }
        if (line->older == NO_LINE)
        {
            return {nullptr, 0};
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
        m_kept.resize((m_olderLines.size() + 1) * LINE_SLOTS);
    }
    else
    {
        older = m_freeLines.back();
        m_freeLines.pop_back();
        m_olderLines[older] = line;
    }
    line.tags = {};
    line.older = older;
    line.base += LINE_SLOTS;
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
