/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_BUCKET_STORE_H
#define XFRM_BUCKET_STORE_H

#include "xfrm-flow-entry.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The data layout of one CPU's flow cache: entries in their buckets, without kernel rules.
 *
 * Stands for the kernel's array of linked lists and keeps their order: a bucket is a chain from the
 * newest entry to the oldest.  A chain is one 64-byte line of 12 one-byte tags and 12 entry
 * numbers, oldest first; when it is full, its content moves to an older line behind it.  So nearly
 * every search reads one line of tags and then the one entry whose tag fits.
 *
 * Invariants:
 * - GetSize() is the sum of the chain lengths;
 * - serial numbers of a chain count down by one from the newest entry to the oldest, modulo 2^32;
 * - all lines of a chain but the first are full;
 * - tag 0 marks an unused slot, and only those.
 *
 * Pointers to entries are valid until the next Insert().
 */
class BucketStore
{
  public:
    /// @param hashShift log2 of the number of buckets, 0 to 20
    explicit BucketStore(uint32_t hashShift);

    /// @return number of buckets
    uint32_t GetBuckets() const
    {
        return m_mask + 1;
    }

    /// @return entries stored
    uint32_t GetSize() const
    {
        return m_size;
    }

    /// @param hash hash of a key @return the bucket of that key
    uint32_t GetBucket(uint32_t hash) const
    {
        return hash & m_mask;
    }

    /// @brief Make the buckets, if they are not there.  Needed before anything but GetSize().
    void Prepare();

    /// @param bucket a bucket @return entries in it
    uint32_t GetChainLength(uint32_t bucket) const
    {
        return m_lengths[bucket];
    }

    /**
     * @brief An entry's place in its chain.
     * @param bucket the entry's bucket
     * @param serial the entry's serial number
     * @return 1 for the newest entry, 2 for the one before
     */
    uint32_t GetPosition(uint32_t bucket, uint32_t serial) const
    {
        return m_nextSerials[bucket] - serial;
    }

    /// @return serial number of the next entry of each bucket; valid from Prepare() on
    const uint32_t* GetNextSerials() const
    {
        return m_nextSerials.data();
    }

    /// @param index number of an entry, below the most that were ever stored @return the entry
    FlowEntry& At(uint32_t index)
    {
        return m_entries[index];
    }

    /// @param entry an entry of this store @return its number
    uint32_t GetIndex(const FlowEntry& entry) const
    {
        return static_cast<uint32_t>(&entry - m_entries.data());
    }

    /// @param entry an entry of this store @return its key
    FlowKey GetKey(const FlowEntry& entry) const;

    /**
     * @brief Find the entry of a flow.
     * @param key the flow
     * @param hash the flow's hash
     * @return the entry, null if there is none
     */
    FlowEntry* Find(FlowKeyView key, uint32_t hash);

    /**
     * @brief Add an entry at the head of its chain.
     * @param key the flow, not stored yet
     * @param hash the flow's hash
     * @return the new entry: key, bucket and serial set, no object, flow None, epoch 0, any genid
     */
    FlowEntry& Insert(FlowKeyView key, uint32_t hash);

    /// @brief Fetch the start of a flow's chain into the host's cache.  @param hash the flow's hash
    void PrefetchBucket(uint32_t hash) const
    {
        __builtin_prefetch(m_lines.data() + GetBucket(hash));
    }

    /// @brief Fetch a bucket's entries into the host's cache.  @param bucket a bucket, or more
    void PrefetchEntries(uint32_t bucket) const
    {
        if (bucket < m_lines.size())
        {
            const Line& line = m_lines[bucket];
            for (uint32_t i = 0; i < 6; ++i) // most chains of a full table; unused slots do no harm
            {
                __builtin_prefetch(&m_entries[line.entries[i]]);
            }
        }
    }

    /// @brief Fetch the objects of a bucket's newest entries.  @param bucket a bucket, or more
    void PrefetchObjects(uint32_t bucket) const
    {
        if (bucket < m_lines.size())
        {
            const Line& line = m_lines[bucket];
            const uint32_t slots = GetFirstLineSlots(m_lengths[bucket]);
            __builtin_prefetch(m_entries[line.entries[slots < 2 ? 0 : slots - 2]].object);
            __builtin_prefetch(m_entries[line.entries[slots < 1 ? 0 : slots - 1]].object);
        }
    }

    /**
     * @brief Walk a bucket from the newest entry to the oldest, and free some.
     * @param bucket the bucket
     * @param keep callable FlowEntry -> bool, called once with each entry; false frees it
     * @param renumber callable FlowEntry, called with each entry that stays with another serial
     */
    template <typename Keep, typename Renumber>
    void Retain(uint32_t bucket, Keep&& keep, Renumber&& renumber);

    /**
     * @brief Walk a bucket from the newest entry to the oldest.
     * @param bucket the bucket
     * @param visit called once with each entry
     */
    template <typename Visit>
    void ForEach(uint32_t bucket, Visit&& visit) const;

    /// @param visit called once with each entry, free ones included, in any order
    template <typename Visit>
    void ForEachEntry(Visit&& visit)
    {
        std::for_each(m_entries.begin(), m_entries.end(), visit);
    }

  private:
    static constexpr uint32_t LINE_SLOTS{12};      //!< entries in a line
    static constexpr uint32_t NO_LINE{UINT32_MAX}; //!< end of a chain of lines
    static constexpr uint32_t TAIL_WORDS{FlowKey::MAX_WORDS - FlowKey::MIN_WORDS}; //!< long keys

    /// A part of a chain, oldest entry first.
    struct alignas(64) Line
    {
        std::array<uint8_t, LINE_SLOTS> tags{};     //!< byte of each entry's hash, 0 unused
        uint32_t older{NO_LINE};                    //!< line with the next older entries
        std::array<uint32_t, LINE_SLOTS> entries{}; //!< entry numbers

        /// @param tag a tag @return bit i set if slot i has it
        uint32_t Match(uint8_t tag) const;
    };

    static_assert(sizeof(Line) == 64);

    /// An entry in a line.
    struct Slot
    {
        uint32_t entry; //!< entry number
        uint8_t tag;    //!< its tag
    };

    /// @return a byte of the hash that the bucket number does not use, never 0
    static uint8_t GetTag(uint32_t hash)
    {
        const auto tag = static_cast<uint8_t>(hash >> 24);
        return tag == 0 ? 1 : tag;
    }

    /// @return how many slots of a chain's first line are used
    static uint32_t GetFirstLineSlots(uint32_t length)
    {
        return length == 0 ? 0 : (length - 1) % LINE_SLOTS + 1;
    }

    /// @return whether the entry's identity and first words are the flow's
    static bool HasHead(const FlowEntry& entry, FlowKeyView key)
    {
        return entry.identity == key.identity &&
               std::memcmp(entry.words.data(), key.words, sizeof(entry.words)) == 0;
    }

    /// @return whether the entry is the flow's
    bool HasKey(const FlowEntry& entry, FlowKeyView key) const
    {
        return HasHead(entry, key) &&
               (key.identity.GetWords() == FlowKey::MIN_WORDS || HasTail(entry, key));
    }

    FlowEntry* FindFurther(FlowKeyView key, uint32_t hash);
    bool HasTail(const FlowEntry& entry, FlowKeyView key) const;
    void StoreTail(uint32_t index, FlowKeyView key);
    void Grow();
    void Append(uint32_t bucket, uint32_t index, uint8_t tag);
    void AddLine(Line& line);
    void FreeOlderLines(Line& line);
    void Rebuild(uint32_t bucket, uint32_t nKept);

    uint32_t m_mask;                     //!< number of buckets - 1
    uint32_t m_size{0};                  //!< entries stored
    std::vector<Line> m_lines;           //!< first line of each bucket; made by Prepare()
    std::vector<uint32_t> m_lengths;     //!< chain length of each bucket; made by Prepare()
    std::vector<uint32_t> m_nextSerials; //!< serial number of each bucket's next entry
    std::vector<FlowEntry> m_entries;    //!< all entries, free ones included
    std::vector<std::array<uint32_t, TAIL_WORDS>> m_tails; //!< rest of long keys, by entry number
    uint32_t m_nFree{0};                                   //!< free entries
    std::vector<uint32_t> m_freeEntries; //!< numbers of free entries in front; as long as m_entries
    std::vector<Line> m_olderLines;      //!< lines behind the first, free ones too
    std::vector<uint32_t> m_freeLines;   //!< numbers of free older lines
    std::vector<Slot> m_kept;            //!< scratch of Retain(): what stays, newest first
};

} // namespace ns3::xfrm

#include "xfrm-bucket-store-inline.h"

#endif // XFRM_BUCKET_STORE_H
