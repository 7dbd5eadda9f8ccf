/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_DEADLINE_TREE_H
#define XFRM_DEADLINE_TREE_H

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The earliest of some owners' deadlines, of which each has one at most.
 *
 * A tournament: each node of a binary tree has the earlier deadline of the two below it, and of
 * equal ones the lower owner's.  Setting one costs as many steps as the tree has levels, none of
 * which depends on how the deadlines lie.
 */
class DeadlineTree
{
  public:
    static constexpr int64_t NEVER{std::numeric_limits<int64_t>::max()}; //!< no deadline

    /// @param nOwners owners, from 1; none has a deadline yet
    explicit DeadlineTree(uint32_t nOwners)
        : m_nLeaves(std::bit_ceil(std::max(nOwners, 2U))),
          m_nodes(2 * size_t{m_nLeaves})
    {
        for (uint32_t owner = 0; owner < m_nLeaves; ++owner)
        {
            m_nodes[m_nLeaves + owner].owner = owner;
        }
    }

    /// @brief Set a deadline.  @param owner whose, from 0 @param at when, NEVER for none [ns]
    void Set(uint32_t owner, int64_t at)
    {
        uint32_t node = m_nLeaves + owner;
        Node winner{at, owner};
        m_nodes[node] = winner;
        while (node > 1)
        {
            const Node& sibling = m_nodes[node ^ 1];
            const bool isLeft = (node & 1) == 0;
            const bool isBeaten = sibling.at < winner.at || (sibling.at == winner.at && !isLeft);
            winner.at = isBeaten ? sibling.at : winner.at;
            winner.owner = isBeaten ? sibling.owner : winner.owner;
            node /= 2;
            m_nodes[node] = winner;
        }
    }

    /// @return the earliest deadline, NEVER if there is none [ns]
    int64_t GetNext() const
    {
        return m_nodes[1].at;
    }

    /// @return whose it is
    uint32_t GetOwner() const
    {
        return m_nodes[1].owner;
    }

  private:
    /// A deadline.
    struct Node
    {
        int64_t at{NEVER}; //!< when [ns]
        uint32_t owner{0}; //!< whose
    };

    uint32_t m_nLeaves;        //!< owners, rounded up to a power of two
    std::vector<Node> m_nodes; //!< children of i are 2 i and 2 i + 1; owners' from m_nLeaves on
};

} // namespace ns3::xfrm

#endif // XFRM_DEADLINE_TREE_H
