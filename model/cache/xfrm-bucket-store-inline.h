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
BucketStore::Line::Match(uint32_t tag) const
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

[[gnu::always_inline]] inline bool
BucketStore::HasHead(const FlowEntry& entry, FlowKeyView key)
{
    static_assert(sizeof(entry.words) == 32);
#ifdef __SSE2__
    const auto* stored = reinterpret_cast<const __m128i*>(entry.words.data());
    const auto* wanted = reinterpret_cast<const __m128i*>(key.words);
    const __m128i same0 = _mm_cmpeq_epi32(_mm_load_si128(stored), _mm_loadu_si128(wanted));
    const __m128i same1 = _mm_cmpeq_epi32(_mm_load_si128(stored + 1), _mm_loadu_si128(wanted + 1));
    const bool isSame = _mm_movemask_epi8(_mm_and_si128(same0, same1)) == 0xffff;
#else
    const bool isSame = std::memcmp(entry.words.data(), key.words, sizeof(entry.words)) == 0;
#endif
    return isSame && entry.identity == key.identity;
}

[[gnu::always_inline]] inline bool
BucketStore::IsSurelyAbsent(uint32_t hash) const
{
    const Line& line = m_lines[GetBucket(hash)];
    return line.Match(GetTag(hash)) == 0 && line.older == NO_LINE;
}

[[gnu::always_inline]] inline BucketStore::Located
BucketStore::FindQuickly(FlowKeyView key, uint32_t hash)
{
    const Line& line = m_lines[GetBucket(hash)];
    const uint32_t slots = line.Match(GetTag(hash));
    if (slots != 0)
    {
        const auto slot = static_cast<uint32_t>(std::countr_zero(slots));
        FlowEntry& entry = m_entries[line.entries[slot]];
        if (HasHead(entry, key))
        {
            return {&entry, line.base + slot};
        }
    }
    return {nullptr, 0};
}

[[gnu::always_inline]] inline bool
BucketStore::HasRoom(uint32_t hash) const
{
    return m_nFree > 0 && GetFirstLineSlots(GetBucket(hash)) < LINE_SLOTS;
}

[[gnu::always_inline]] inline BucketStore::Located
BucketStore::InsertQuickly(FlowKeyView key, uint32_t hash)
{
    const uint32_t bucket = GetBucket(hash);
    Line& line = m_lines[bucket];
    const uint32_t serial = m_nextSerials[bucket];
    const uint32_t slot = serial - line.base;
    const uint32_t index = m_freeEntries[--m_nFree];
    FlowEntry& entry = m_entries[index];
    m_nextSerials[bucket] = serial + 1;
    line.entries[slot] = index;
    line.tags[slot] = static_cast<uint8_t>(GetTag(hash));
    entry.object = nullptr;
    entry.epoch = 0;
    entry.validEpoch = 0;
    entry.identity = key.identity;
    entry.bucket = bucket;
    std::memcpy(entry.words.data(), key.words, sizeof(entry.words));
    return {&entry, serial};
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
    line.base = m_nextSerials[bucket] - nKept;
    for (uint32_t slot = 0; nKept > 0; ++slot)
    {
        if (slot == LINE_SLOTS)
        {
            AddLine(line);
            slot = 0;
        }
        const Slot& kept = m_kept[--nKept];
        line.tags[slot] = kept.tag;
        line.entries[slot] = kept.entry;
    }
}

template <typename Forget>
[[gnu::always_inline]] inline CacheObject**
BucketStore::Free(const Line& line,
                  uint32_t end,
                  uint32_t n,
                  CacheObject** objects,
                  Forget&& forget)
{
    FlowEntry* const entries = m_entries.data();
    uint32_t* const freeEntries = m_freeEntries.data() + m_nFree;
    auto flows = static_cast<uint32_t>(FlowId::None);
    uint32_t nDone = 0;
    // OVERRUN at a time, though fewer may be left: the host's branch prediction knows no better.
    do
    {
        for (uint32_t i = nDone; i < nDone + OVERRUN; ++i)
        {
            const uint32_t index = line.entries[i < n ? end - 1 - i : 0];
            objects[i] = entries[index].object;
            freeEntries[i] = index;
            flows &= static_cast<uint32_t>(entries[index].flow);
        }
        nDone += OVERRUN;
    } while (nDone < n);
    m_nFree += n;
    if (static_cast<FlowId>(flows) != FlowId::None)
    {
        ForgetFlows(std::span(freeEntries, n), forget);
    }
    return objects + n;
}

template <typename Forget>
[[gnu::noinline]] void
BucketStore::ForgetFlows(std::span<const uint32_t> indices, Forget&& forget)
{
    for (const uint32_t index : indices)
    {
        if (m_entries[index].flow != FlowId::None)
        {
            forget(m_entries[index]);
            m_entries[index].flow = FlowId::None;
        }
    }
}

template <typename Visit>
void
BucketStore::ForEach(uint32_t bucket, Visit&& visit) const
{
    const Line* line = &m_lines[bucket];
    for (uint32_t i = GetFirstLineSlots(bucket); i > 0;)
    {
        visit(m_entries[line->entries[--i]]);
        if (i == 0 && line->older != NO_LINE)
        {
            line = &m_olderLines[line->older];
            i = LINE_SLOTS;
        }
    }
}

template <typename Keep, typename Forget, typename Renumber>
uint32_t
BucketStore::Retain(uint32_t bucket,
                    uint32_t nMost,
                    CacheObject** objects,
                    Keep&& keep,
                    Forget&& forget,
                    Renumber&& renumber)
{
    const uint32_t next = m_nextSerials[bucket];
    const Line* line = &m_lines[bucket];
    Slot* const kept = m_kept.data();
    uint32_t nKept = 0;
    CacheObject** freed = objects;
    for (uint32_t i = next - line->base; i > 0; i = LINE_SLOTS)
    {
        while (i > 0 && nKept < nMost)
        {
            --i;
            const Slot slot{line->entries[i], line->tags[i]};
            FlowEntry& entry = m_entries[slot.entry];
            if (!keep(entry))
            {
                freed = Free(*line, i + 1, 1, freed, forget);
                continue;
            }
            kept[nKept++] = slot;
            if (line->base + i != next - nKept)
            {
                // A newer entry went: the ones before it move up in the chain.
                renumber(entry, next - nKept);
            }
        }
        freed = Free(*line, i, i, freed, forget);
        if (line->older == NO_LINE)
        {
            break;
        }
        line = &m_olderLines[line->older];
    }
    if (freed != objects)
    {
        Rebuild(bucket, nKept);
    }
    return static_cast<uint32_t>(freed - objects);
}

} // namespace ns3::xfrm

#endif // XFRM_BUCKET_STORE_INLINE_H
