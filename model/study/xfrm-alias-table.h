/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_ALIAS_TABLE_H
#define XFRM_ALIAS_TABLE_H

#include "ns3/xfrm-huge-page-allocator.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Draws numbers with given weights, in constant time: the alias method.
 *
 * Source: Walker, "An Efficient Method for Generating Discrete Random Variables with General
 * Distributions" (ACM TOMS 3, 1977); built in O(n) as Vose describes (IEEE TSE 17, 1991).
 *
 * Of n numbers each has a column of the share 1/n.  A column gives its own number, or above its
 * threshold that of another, its alias.  Thresholds are rounded down to 2^-32 of a column, so each
 * number's share is right within 2^-32.  8 bytes a number.
 */
class AliasTable
{
  public:
    /// A column.
    struct Entry
    {
        uint32_t threshold{0}; //!< share of the column that gives its own number [2^-32]
        uint32_t alias{0};     //!< what the rest gives
    };

    /// @param weights by number: 0 or more, finite, not all of them 0; 1 to 2^32 - 1 of them
    explicit AliasTable(std::vector<double> weights);

    /// @param n how many numbers, from 1 @param exponent s @return the table of Zipf's law: number
    /// k has the weight (k + 1)^-s
    static AliasTable MakeZipf(uint32_t n, double exponent);

    /// @brief Ask the host for the column of a place, ahead of Pick().  @param place see Pick()
    [[gnu::always_inline]] void Prefetch(uint64_t place) const
    {
        __builtin_prefetch(m_entries.data() + (place >> 32));
    }

    /// @param place column in the upper half, place within it in the lower; as from ScaleRandom()
    /// @return the number that is there
    uint32_t Pick(uint64_t place) const
    {
        const auto column = static_cast<uint32_t>(place >> 32);
        const Entry entry = m_entries[column];
        // By masks: the host would mispredict a branch every other time.
        const uint32_t mask = 0U - (static_cast<uint32_t>(place) < entry.threshold ? 1U : 0U);
        return (column & mask) | (entry.alias & ~mask);
    }

    /// @return the columns
    std::span<const Entry> GetEntries() const
    {
        return m_entries;
    }

  private:
    std::vector<Entry, HugePageAllocator<Entry>> m_entries; //!< by column
};

} // namespace ns3::xfrm

#endif // XFRM_ALIAS_TABLE_H
