/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_DST_ACCOUNT_H
#define XFRM_DST_ACCOUNT_H

#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <functional>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The number of dst entries that a namespace's chains use.
 *
 * Source: xfrm4_dst_ops and dst_alloc(), Linux 4.1.  Left out so far: the limits under which
 * allocation is refused (R80).
 */
class DstAccount : public SimpleRefCount<DstAccount>
{
  public:
    /// @return whether one more was allocated; false: no memory (a fault that was asked for)
    bool TryAllocate()
    {
        if (failsAllocation && failsAllocation())
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

    std::function<bool()> failsAllocation; //!< called before each allocation, true lets it fail

  private:
    uint32_t m_nLive{0}; //!< dsts in use
};

} // namespace ns3::xfrm

#endif // XFRM_DST_ACCOUNT_H
