/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-sieve.h"

#include <iterator>

namespace ns3::xfrm
{

namespace
{

/// Selectors that are compared at once: without branches, so that the compiler makes vectors.
constexpr size_t BLOCK{16};

/// Insert a value into a column.
void
InsertAt(std::vector<uint32_t>& column, size_t position, uint32_t value)
{
    column.insert(std::next(column.begin(), static_cast<ptrdiff_t>(position)), value);
}

/// Take a value out of a column.
void
EraseAt(std::vector<uint32_t>& column, size_t position)
{
    column.erase(std::next(column.begin(), static_cast<ptrdiff_t>(position)));
}

} // namespace

void
PolicySieve::Insert(size_t position, const Selector& selector)
{
    InsertAt(m_destinations, position, selector.destination.GetFirstWord());
    InsertAt(m_destinationMasks, position, GetPrefixMask(selector.destinationPrefix));
    InsertAt(m_sources, position, selector.source.GetFirstWord());
    InsertAt(m_sourceMasks, position, GetPrefixMask(selector.sourcePrefix));
}

void
PolicySieve::Erase(size_t position)
{
    EraseAt(m_destinations, position);
    EraseAt(m_destinationMasks, position);
    EraseAt(m_sources, position);
    EraseAt(m_sourceMasks, position);
}

void
PolicySieve::Clear()
{
    m_destinations.clear();
    m_destinationMasks.clear();
    m_sources.clear();
    m_sourceMasks.clear();
}

size_t
PolicySieve::FindPossible(const Flow& flow, size_t first, size_t last) const
{
    const uint32_t destination = flow.destination.GetFirstWord();
    const uint32_t source = flow.source.GetFirstWord();
    for (; first + BLOCK <= last; first += BLOCK)
    {
        uint32_t nPossible = 0;
        for (size_t i = first; i < first + BLOCK; ++i)
        {
            nPossible += GetMismatch(i, destination, source) == 0 ? 1 : 0;
        }
        if (nPossible != 0)
        {
            break;
        }
    }
    while (first < last && GetMismatch(first, destination, source) != 0)
    {
        ++first;
    }
    return first;
}

} // namespace ns3::xfrm
