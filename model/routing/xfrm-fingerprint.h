/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FINGERPRINT_H
#define XFRM_FINGERPRINT_H

#include "ns3/buffer.h"

#include <algorithm>
#include <cstdint>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief What stands in an integrity check value that is not computed: the fingerprint of a key, so
 * that a receiver with another key refuses the packet as it would a forged one.
 */
class Fingerprint
{
  public:
    /// A fingerprint of 0.
    Fingerprint() = default;

    /// @param value what stands for the key @param icvBytes length of the check value [bytes]
    Fingerprint(uint64_t value, uint32_t icvBytes)
        : m_value(icvBytes >= MAX_BYTES ? value : value & ((uint64_t{1} << (8 * icvBytes)) - 1)),
          m_icvBytes(icvBytes)
    {
    }

    /// @brief Write a check value.  @param start where; moved behind it
    void Write(Buffer::Iterator& start) const
    {
        const uint32_t nBytes = std::min(m_icvBytes, MAX_BYTES);
        for (uint32_t i = 0; i < nBytes; ++i)
        {
            start.WriteU8(static_cast<uint8_t>(m_value >> (8 * i)));
        }
        start.WriteU8(0, m_icvBytes - nBytes);
    }

    /// @brief Read a check value as one.
    /// @param start where; moved behind what a fingerprint fills @param icvBytes its length [bytes]
    /// @return what stands there
    static Fingerprint Read(Buffer::Iterator& start, uint32_t icvBytes)
    {
        uint64_t value = 0;
        for (uint32_t i = 0; i < std::min(icvBytes, MAX_BYTES); ++i)
        {
            value |= static_cast<uint64_t>(start.ReadU8()) << (8 * i);
        }
        return {value, icvBytes};
    }

    /// @return the length of the check value [bytes]
    uint32_t GetIcvLength() const
    {
        return m_icvBytes;
    }

    bool operator==(const Fingerprint&) const = default;

  private:
    static constexpr uint32_t MAX_BYTES{8}; //!< most of a fingerprint [bytes]

    uint64_t m_value{0};    //!< as much of it as the check value holds
    uint32_t m_icvBytes{0}; //!< length of the check value [bytes]
};

} // namespace ns3::xfrm

#endif // XFRM_FINGERPRINT_H
