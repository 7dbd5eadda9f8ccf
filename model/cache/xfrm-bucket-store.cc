/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-bucket-store.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace ns3::xfrm
{

BucketStore::BucketStore(uint32_t hashShift)
    : m_mask((1U << hashShift) - 1)
{
}

FlowEntry&
BucketStore::Insert(FlowKeyView key, uint32_t hash)
{
    if (m_lines.empty())
    {
        m_lines.resize(GetBuckets());
        m_chains.resize(GetBuckets());
    }
    const uint32_t index = NewEntry();
    FlowEntry& entry = m_entries[index];
    std::copy_n(key.words, entry.words.size(), entry.words.begin());
    if (key.identity.GetWords() > FlowKey::MIN_WORDS)
    {
        StoreTail(index, key);
    }
    entry.object = nullptr;
    entry.epoch = 0;
    entry.identity = key.identity;
    entry.bucket = GetBucket(hash);
    entry.serial = m_chains[entry.bucket].nextSerial++;
    entry.flow = FlowId::None;
    ++m_size;
    Append(entry.bucket, {index, GetTag(hash)});
    return entry;
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

uint32_t
BucketStore::NewEntry()
{
    if (m_freeEntries.empty())
    {
        m_entries.emplace_back();
        return static_cast<uint32_t>(m_entries.size() - 1);
    }
    const uint32_t index = m_freeEntries.back();
    m_freeEntries.pop_back();
    return index;
}

void
BucketStore::Free(uint32_t index)
{
    m_entries[index].flow = FlowId::None;
    m_freeEntries.push_back(index);
    --m_size;
}

void
BucketStore::Append(uint32_t bucket, Slot slot)
{
    Line& line = m_lines[bucket];
    const uint32_t length = m_chains[bucket].length++;
    const uint32_t place = length % LINE_SLOTS;
    if (place == 0 && length > 0)
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
    line.tags[place] = slot.tag;
    line.entries[place] = slot.entry;
}

void
BucketStore::Rebuild(uint32_t bucket)
{
    Line& line = m_lines[bucket];
    for (uint32_t older = line.older; older != NO_LINE; older = m_olderLines[older].older)
    {
        m_freeLines.push_back(older);
    }
    line.tags = {};
    line.older = NO_LINE;
    m_chains[bucket].length = 0;
    for (size_t i = m_kept.size(); i-- > 0;)
    {
        Append(bucket, m_kept[i]);
    }
}

} // namespace ns3::xfrm
