/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SIZED_PACKET_H
#define XFRM_SIZED_PACKET_H

#include "ns3/xfrm-input.h"

#include <cstdint>
#include <optional>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief A received packet of one tunnel layer of which only lengths are known, and which is right.
 */
class SizedPacket final : public SealedPacket
{
  public:
    /// @param front what its header says @param inside length of the packet inside [bytes]
    SizedPacket(const SpiSequence& front, uint32_t inside)
        : m_front(front),
          m_inside(inside)
    {
    }

    std::optional<SpiSequence> ParseSpi(uint8_t /*protocol*/) override
    {
        return m_front;
    }

    OpenedLayer Open(State& /*state*/, uint64_t /*sequence*/) override
    {
        return {.error = 0, .nextHeader = PROTO_IPIP, .clearBytes = m_inside};
    }

  private:
    SpiSequence m_front; //!< what its header says
    uint32_t m_inside;   //!< length of the packet inside [bytes]
};

} // namespace ns3::xfrm

#endif // XFRM_SIZED_PACKET_H
