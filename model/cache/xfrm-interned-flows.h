/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_INTERNED_FLOWS_H
#define XFRM_INTERNED_FLOWS_H

#include "xfrm-flow-entry.h"
#include "xfrm-huge-page-allocator.h"

#include <cstdint>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Flows known beforehand, numbered, each with a record of the entry where it was last seen.
 *
 * With it a hit costs no hash and no search, and touches one half cache line.  One record a flow
 * serves all CPUs: flows seldom change their CPU where receive-side scaling pins them, and a flow
 * that does is searched by key.
 */
class InternedFlows
{
  public:
    /// Where a flow's entry was last seen, and what a hit on it does.
    struct alignas(32) Place
    {
        CacheObject* object{nullptr}; //!< the entry's object
        uint32_t epoch{0};            //!< epoch in which a lookup here is a hit, 0 none
        CpuId cpu{UINT32_MAX};        //!< CPU of the table; UINT32_MAX before the first lookup
        uint32_t entry{0};            //!< entry number in that table
        uint32_t bucket{0};           //!< the entry's bucket, if epoch is not 0
        uint32_t serial{0};           //!< the entry's serial number, if epoch is not 0
        uint32_t nWords{0};           //!< key length, if epoch is not 0 [32-bit words]
    };

    static_assert(sizeof(Place) == 32);

    /**
     * @brief Number a flow.  Equal flows may be numbered twice; they share their entries.
     * @param key the flow
     * @return its number: 0, 1, 2, ...
     * @throws std::length_error when 2^32 - 1 flows, or 2^32 key words, are exceeded
     */
    FlowId Add(FlowKeyView key);

    /// @return flows numbered
    uint32_t GetSize() const
    {
        return static_cast<uint32_t>(m_places.size());
    }

    /// @param flow a number from Add() @return its key, valid until the next Add()
    FlowKeyView GetKey(FlowId flow) const
    {
        const Key& key = m_keys[static_cast<uint32_t>(flow)];
        return {m_words.data() + key.firstWord, key.identity};
    }

    /// @param flow a number from Add() @return its place, to read or set
    Place& GetPlace(FlowId flow)
    {
        return m_places[static_cast<uint32_t>(flow)];
    }

    /// @return all places, by flow number; valid until the next Add()
    const Place* GetPlaces() const
    {
        return m_places.data();
    }

    /// @brief Have fetched where a flow's entry was last seen, and what says where its key is.
    /// @param flow a number from Add()
    [[gnu::always_inline]] void PrefetchPlace(FlowId flow) const
    {
        __builtin_prefetch(m_places.data() + static_cast<uint32_t>(flow));
        __builtin_prefetch(m_keys.data() + static_cast<uint32_t>(flow));
    }

    /// @brief Have a flow's key fetched.  @param flow a number from Add()
    [[gnu::always_inline]] void PrefetchKey(FlowId flow) const
    {
        __builtin_prefetch(m_words.data() + m_keys[static_cast<uint32_t>(flow)].firstWord);
    }

    /// @brief Let no record stand for a hit.
    void ForgetEpochs();

  private:
    /// A key in m_words.
    struct Key
    {
        uint32_t firstWord{0}; //!< index of its first word
        FlowIdentity identity; //!< family, direction, length
    };

    std::vector<Place, HugePageAllocator<Place>> m_places;      //!< by flow number
    std::vector<Key, HugePageAllocator<Key>> m_keys;            //!< by flow number
    std::vector<uint32_t, HugePageAllocator<uint32_t>> m_words; //!< all keys, one after the other
};

} // namespace ns3::xfrm

#endif // XFRM_INTERNED_FLOWS_H
