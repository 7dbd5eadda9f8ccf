/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_BUCKET_STORE_INLINE_H
#define XFRM_BUCKET_STORE_INLINE_H

/**
 * @file
 * @ingroup xfrm
 * @brief The parts of BucketStore that lookups and walks run, inlined into the caller.
 */

#include "xfrm-bucket-store.h"

#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace ns3::xfrm
{

inline uint32_t
BucketStore::Line::Match(uint8_t tag) const
{
#ifdef __SSE2__
    const __m128i line = _mm_load_si128(reinterpret_cast<const __m128i*>(tags.data()));
    const int same = _mm_movemask_epi8(_mm_cmpeq_epi8(line, _mm_set1_epi8(static_cast<char>(tag))));
    return static_cast<uint32_t>(same) & ((1U << LINE_SLOTS) - 1);
#else
    uint32_t slots = 0;
    for (uint32_t i = 0; i < LINE_SLOTS; ++i)
    {
        slots |= static_cast<uint32_t>(tags[i] == tag) << i;
    }
    return slots;
#endif
}

[[gnu::always_inline]] inline FlowEntry*
BucketStore::Find(FlowKeyView key, uint32_t hash)
{
    const Line& line = m_lines[GetBucket(hash)];
    const uint32_t slots = line.Match(GetTag(hash));
    if (slots != 0)
    {
        FlowEntry& entry = m_entries[line.entries[std::countr_zero(slots)]];
        if (HasKey(entry, key))
        {
            return &entry;
        }
    }
    const bool isOnlyOne = (slots & (slots - 1)) == 0;
    return isOnlyOne && line.older == NO_LINE ? nullptr : FindFurther(key, hash);
}

inline FlowEntry&
BucketStore::Insert(FlowKeyView key, uint32_t hash)
{
    if (m_nFree == 0)
    {
        Grow();
    }
    const uint32_t index = m_freeEntries[--m_nFree];
    // The entry that the next miss will write.
    __builtin_prefetch(&m_entries[m_freeEntries[m_nFree == 0 ? 0 : m_nFree - 1]], 1);
    ++m_size;
    const uint32_t bucket = GetBucket(hash);
    FlowEntry& entry = m_entries[index];
    std::memcpy(entry.words.data(), key.words, sizeof(entry.words));
    entry.object = nullptr;
    entry.epoch = 0;
    entry.identity = key.identity;
    entry.bucket = bucket;
    entry.serial = m_nextSerials[bucket]++;
    entry.flow = FlowId::None;
    if (key.identity.GetWords() > FlowKey::MIN_WORDS)
    {
        StoreTail(index, key);
    }
    Append(bucket, index, GetTag(hash));
    return entry;
}

inline void
BucketStore::Append(uint32_t bucket, uint32_t index, uint8_t tag)
{
    Line& line = m_lines[bucket];
    const uint32_t length = m_lengths[bucket]++;
    const uint32_t place = length % LINE_SLOTS;
    if (place == 0 && length > 0)
    {
        AddLine(line);
    }
    line.tags[place] = tag;
    line.entries[place] = index;
}

inline void
BucketStore::Rebuild(uint32_t bucket, uint32_t nKept)
{
    Line& line = m_lines[bucket];
    if (line.older != NO_LINE)
    {
        FreeOlderLines(line);
    }
    line.tags = {};
    m_lengths[bucket] = 0;
    while (nKept > 0)
    {
        const Slot& slot = m_kept[--nKept];
        Append(bucket, slot.entry, slot.tag);
    }
}

template <typename Visit>
void
BucketStore::ForEach(uint32_t bucket, Visit&& visit) const
{
    const Line* line = &m_lines[bucket];
    for (uint32_t i = GetFirstLineSlots(m_lengths[bucket]); i > 0;)
    {
        visit(m_entries[line->entries[--i]]);
        if (i == 0 && line->older != NO_LINE)
        {
            line = &m_olderLines[line->older];
            i = LINE_SLOTS;
        }
    }
}

template <typename Keep, typename Renumber>
void
BucketStore::Retain(uint32_t bucket, Keep&& keep, Renumber&& renumber)
{
    const uint32_t length = GetChainLength(bucket);
    if (length == 0)
    {
        return;
    }
    if (m_kept.size() < length)
    {
        m_kept.resize(length);
    }
    uint32_t nKept = 0;
    uint32_t nFree = m_nFree;
    uint32_t serial = m_nextSerials[bucket];
    const Line* line = &m_lines[bucket];
    for (uint32_t i = GetFirstLineSlots(length);; i = LINE_SLOTS)
    {
        while (i > 0)
        {
            const uint32_t index = line->entries[--i];
            FlowEntry& entry = m_entries[index];
            if (!keep(entry))
            {
                if (entry.flow != FlowId::None) // seldom: spare the host's cache a write
                {
                    entry.flow = FlowId::None;
                }
                m_freeEntries[nFree++] = index;
                continue;
            }
            m_kept[nKept++] = {index, line->tags[i]};
            if (entry.serial != --serial)
            {
                // A newer entry went: the ones before it move up in the chain.
                entry.serial = serial;
                renumber(entry);
            }
        }
        if (line->older == NO_LINE)
        {
            break;
        }
        line = &m_olderLines[line->older];
    }
    m_nFree = nFree;
    if (nKept < length)
    {
        m_size -= length - nKept;
        Rebuild(bucket, nKept);
    }
}

} // namespace ns3::xfrm

#endif // XFRM_BUCKET_STORE_INLINE_H
