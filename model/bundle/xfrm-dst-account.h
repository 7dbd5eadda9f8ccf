/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_DST_ACCOUNT_H
#define XFRM_DST_ACCOUNT_H

#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <functional>
#include <utility>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The number of dst entries that a namespace's chains use.
 *
 * Source: xfrm4_dst_ops with xfrm4_garbage_collect(), and dst_alloc(), Linux 4.1 (R80).
 */
class DstAccount : public SimpleRefCount<DstAccount>
{
  public:
    /// @return whether one more was allocated; false: more than twice the threshold are in use,
    /// or a fault that was asked for
    bool TryAllocate()
    {
        m_isCrowded = m_isCrowded || m_nLive > threshold;
        if (m_nLive > 2 * uint64_t{threshold} || (failsAllocation && failsAllocation()))
        {
            return false;
        }
        ++m_nLive;
        return true;
    }

    /// @param n dsts that are gone
    void Free(uint32_t n)
    {
        m_nLive -= n;
    }

    /// @return dsts in use
    uint32_t GetLive() const
    {
        return m_nLive;
    }

    /// @return whether there was an allocation above the threshold since this was last asked: the
    ///         flow cache is to be flushed
    bool TakeCrowded()
    {
        return std::exchange(m_isCrowded, false);
    }

    uint32_t threshold{32768}; //!< dsts above which caches are flushed (xfrm4_gc_thresh)
    std::function<bool()> failsAllocation; //!< called before each allocation, true lets it fail

  private:
    uint32_t m_nLive{0};     //!< dsts in use
    bool m_isCrowded{false}; //!< there was an allocation above the threshold
};

} // namespace ns3::xfrm

#endif // XFRM_DST_ACCOUNT_H
