/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_POLICY_SIEVE_H
#define XFRM_POLICY_SIEVE_H

#include "ns3/xfrm-selector.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief A fast first look at a list of selectors: which of them could take a flow.
 *
 * Holds the first address words of each selector in contiguous columns, so that a search reads 16
 * bytes a selector and compares several at once, instead of visiting every policy.  It lets through
 * all selectors that match, and some that do not.  Linux has no such thing.
 */
class PolicySieve
{
  public:
    /// @param position where to insert, up to GetSize() @param selector the selector
    void Insert(size_t position, const Selector& selector);

    /// @param position which one to take out, below GetSize()
    void Erase(size_t position);

    /// Take out all.
    void Clear();

    /// @return selectors held
    size_t GetSize() const
    {
        return m_destinations.size();
    }

    /**
     * @brief Find a selector that could take a flow.  O(last - first).
     * @param flow the flow
     * @param first where to begin
     * @param last where to end, up to GetSize()
     * @return the first position from @p first on that could match, @p last or more if none
     */
    size_t FindPossible(const Flow& flow, size_t first, size_t last) const;

  private:
    /// @return 0 if the selector at a position could take the addresses
    uint32_t GetMismatch(size_t position, uint32_t destination, uint32_t source) const
    {
        return ((m_destinations[position] ^ destination) & m_destinationMasks[position]) |
               ((m_sources[position] ^ source) & m_sourceMasks[position]);
    }

    std::vector<uint32_t> m_destinations;     //!< first words of destinations; shape (size)
    std::vector<uint32_t> m_destinationMasks; //!< bits of them that count; shape (size)
    std::vector<uint32_t> m_sources;          //!< first words of sources; shape (size)
    std::vector<uint32_t> m_sourceMasks;      //!< bits of them that count; shape (size)
};

} // namespace ns3::xfrm

#endif // XFRM_POLICY_SIEVE_H
