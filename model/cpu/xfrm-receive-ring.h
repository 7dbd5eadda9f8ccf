/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RECEIVE_RING_H
#define XFRM_RECEIVE_RING_H

#include <algorithm>
#include <cstdint>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The descriptors of a receive queue: packets that no core has begun yet, up to a limit.
 *
 * Invariant: packets accepted = packets begun + packets waiting.
 */
class ReceiveRing
{
  public:
    /// @param size most packets that may wait, from 1
    explicit ReceiveRing(uint32_t size)
        : m_size(size)
    {
    }

    /// @brief A packet arrives.  @return false if there is no room: it is lost
    bool Enter()
    {
        if (m_waiting == m_size)
        {
            ++m_nDropped;
            return false;
        }
        ++m_nAccepted;
        m_maxWaiting = std::max(m_maxWaiting, ++m_waiting);
        return true;
    }

    /// @brief A packet is begun.
    void Leave()
    {
        --m_waiting;
    }

    /// @return packets that wait
    uint32_t GetWaiting() const
    {
        return m_waiting;
    }

    /// @return most packets that ever waited
    uint32_t GetMaxWaiting() const
    {
        return m_maxWaiting;
    }

    /// @return packets accepted
    uint64_t GetAccepted() const
    {
        return m_nAccepted;
    }

    /// @return packets lost
    uint64_t GetDropped() const
    {
        return m_nDropped;
    }

  private:
    uint32_t m_size;          //!< most packets that may wait
    uint32_t m_waiting{0};    //!< packets that wait
    uint32_t m_maxWaiting{0}; //!< most that ever waited
    uint64_t m_nAccepted{0};  //!< packets accepted
    uint64_t m_nDropped{0};   //!< packets lost
};

} // namespace ns3::xfrm

#endif // XFRM_RECEIVE_RING_H
