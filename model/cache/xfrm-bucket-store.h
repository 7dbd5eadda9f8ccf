/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_BUCKET_STORE_H
#define XFRM_BUCKET_STORE_H

#include "xfrm-flow-entry.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The data layout of one CPU's flow cache: entries in their buckets, without kernel rules.
 *
 * Stands for the kernel's array of linked lists and keeps their order: a bucket is a chain from the
 * newest entry to the oldest.  A chain is one 64-byte line of 11 one-byte tags and 11 entry
 * numbers, oldest first; when it is full, its content moves to an older line behind it.  So nearly
 * every search reads one line of tags and then the one entry whose tag fits.
 *
 * Entries of a chain are numbered from the oldest to the newest without gaps, modulo 2^32.  These
 * serial numbers follow from an entry's slot, so that nothing has to store them, and give its
 * position; they change only when a newer entry of the chain is removed.
 *
 * Invariants:
 * - GetSize() is the sum of the chain lengths;
 * - all lines of a chain but the first are full;
 * - tag 0 marks an unused slot, and only those;
 * - a free entry has no flow.
 *
 * Pointers to entries are valid until the next Insert().
 */
class BucketStore
{
  public:
    /// How far Retain() may write beyond what it returns [entries]
    static constexpr uint32_t OVERRUN{4};

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
        return m_nEntries - m_nFree;
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
        const Line& line = m_lines[bucket];
        return line.older == NO_LINE ? m_nextSerials[bucket] - line.base : GetLongLength(bucket);
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

    /// Where an entry is.
    struct Located
    {
        FlowEntry* entry; //!< the entry, null if there is none
        uint32_t serial;  //!< its serial number in its chain, if there is one
    };

    /**
     * @brief Find the entry of a flow.
     * @param key the flow
     * @param hash the flow's hash
     * @return where it is
     */
    Located Find(FlowKeyView key, uint32_t hash);

    /**
     * @brief Add an entry at the head of its chain.
     * @param key the flow, not stored yet
     * @param hash the flow's hash
     * @return the new entry: key and bucket set, no object, flow None, epochs 0, any genid
     */
    Located Insert(FlowKeyView key, uint32_t hash);

    // The quick ways, inlined, for keys of FlowKey::MIN_WORDS

    /// @param hash a flow's hash @return whether the flow is not stored; false if that takes Find()
    bool IsSurelyAbsent(uint32_t hash) const;

    /**
     * @brief Look at the one entry that is most likely the flow's.
     * @param key the flow
     * @param hash the flow's hash
     * @return where it is; nowhere if that takes a Find()
     */
    Located FindQuickly(FlowKeyView key, uint32_t hash);

    /// @param hash a flow's hash @return whether InsertQuickly() may be called for it
    bool HasRoom(uint32_t hash) const;

    /// @brief Insert() where HasRoom().  @param key as there @param hash as there @return as there
    Located InsertQuickly(FlowKeyView key, uint32_t hash);

    /// @brief Fetch the start of a flow's chain into the host's cache.  @param hash the flow's hash
    [[gnu::always_inline]] void PrefetchBucket(uint32_t hash) const
    {
        __builtin_prefetch(m_lines.data() + GetBucket(hash));
    }

    /// @brief The same of the serial number of a bucket's next entry.  @param bucket the bucket
    [[gnu::always_inline]] void PrefetchSerial(uint32_t bucket) const
    {
        __builtin_prefetch(m_nextSerials.data() + bucket);
    }

    /// @brief The same of the entry that is added next.
    [[gnu::always_inline]] void PrefetchFree() const
    {
        if (m_nFree > 0)
        {
            PrefetchEntry(m_freeEntries[m_nFree - 1]);
        }
    }

    /// @brief The same of an entry.  @param index its number, which may be no entry's
    [[gnu::always_inline]] void PrefetchEntry(uint32_t index) const
    {
        __builtin_prefetch(m_entries.data() + index);
    }

    /**
     * @brief Walk a bucket from the newest entry to the oldest, and free all but some.
     * @param bucket the bucket
     * @param nMost how many entries may stay
     * @param objects the objects of the freed entries are written here, in the chain's order; room
     *                for as many as the bucket has, and OVERRUN more
     * @param keep callable FlowEntry -> bool, asked until so many stay; false frees the entry
     * @param forget callable FlowEntry, called with each freed entry that has a flow
     * @param renumber callable (FlowEntry, uint32_t), called with each entry that stays with
     *                 another serial number, and that number
     * @return entries freed
     */
    template <typename Keep, typename Forget, typename Renumber>
    uint32_t Retain(uint32_t bucket,
                    uint32_t nMost,
                    CacheObject** objects,
                    Keep&& keep,
                    Forget&& forget,
                    Renumber&& renumber);

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
    static constexpr uint32_t LINE_SLOTS{11};      //!< entries in a line
    static constexpr uint32_t NO_LINE{UINT32_MAX}; //!< end of a chain of lines
    static constexpr uint32_t TAIL_WORDS{FlowKey::MAX_WORDS - FlowKey::MIN_WORDS}; //!< long keys

    /// A part of a chain, oldest entry first.
    struct alignas(64) Line
    {
        std::array<uint8_t, LINE_SLOTS> tags{};     //!< byte of each entry's hash, 0 unused
        uint32_t older{NO_LINE};                    //!< line with the next older entries
        uint32_t base{0};                           //!< serial number of the entry in slot 0
        std::array<uint32_t, LINE_SLOTS> entries{}; //!< entry numbers

        /// @param tag a tag @return bit i set if slot i has it
        uint32_t Match(uint32_t tag) const;
    };

    static_assert(sizeof(Line) == 64);

    /// An entry in a line.
    struct Slot
    {
        uint32_t entry; //!< entry number
        uint8_t tag;    //!< its tag
    };

    /// @return a byte of the hash that the bucket number does not use, never 0
    static uint32_t GetTag(uint32_t hash)
    {
        const uint32_t tag = hash >> 24;
        return tag == 0 ? 1 : tag;
    }

    /// @return how many slots of a chain's first line are used
    uint32_t GetFirstLineSlots(uint32_t bucket) const
    {
        return m_nextSerials[bucket] - m_lines[bucket].base;
    }

    /// @return whether the entry's identity and first words are the flow's
    static bool HasHead(const FlowEntry& entry, FlowKeyView key);

    /// @return whether the entry is the flow's
    bool HasKey(const FlowEntry& entry, FlowKeyView key) const
    {
        return HasHead(entry, key) &&
               (key.identity.GetWords() == FlowKey::MIN_WORDS || HasTail(entry, key));
    }

    uint32_t GetLongLength(uint32_t bucket) const;
    void MakeRoom(uint32_t bucket);
    bool HasTail(const FlowEntry& entry, FlowKeyView key) const;
    void StoreTail(uint32_t index, FlowKeyView key);
    void AddLine(Line& line);
    void FreeOlderLines(Line& line);
    void Rebuild(uint32_t bucket, uint32_t nKept);

    /// @brief Free @p n slots before slot @p end, the newest first; the rest as in Retain().
    template <typename Forget>
    CacheObject** Free(const Line& line,
                       uint32_t end,
                       uint32_t n,
                       CacheObject** objects,
                       Forget&& forget);

    template <typename Forget>
    void ForgetFlows(std::span<const uint32_t> indices, Forget&& forget);

    uint32_t m_mask;                     //!< number of buckets - 1
    uint32_t m_nEntries{0};              //!< length of m_entries
    uint32_t m_nFree{0};                 //!< free entries
    std::vector<Line> m_lines;           //!< first line of each bucket; made by Prepare()
    std::vector<uint32_t> m_nextSerials; //!< serial number of each bucket's next entry
    std::vector<FlowEntry> m_entries;    //!< all entries, free ones included
    std::vector<uint32_t> m_freeEntries; //!< m_nFree numbers, and as much room as Retain() needs
    std::vector<std::array<uint32_t, TAIL_WORDS>> m_tails; //!< rest of long keys, by entry number
    std::vector<Line> m_olderLines;    //!< lines behind the first, free ones too
    std::vector<uint32_t> m_freeLines; //!< numbers of free older lines
    std::vector<Slot> m_kept; //!< scratch of Retain(): what stays, newest first; holds any chain
};

} // namespace ns3::xfrm

#include "xfrm-bucket-store-inline.h"

#endif // XFRM_BUCKET_STORE_H
