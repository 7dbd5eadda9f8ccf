/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_AH_HEADER_H
#define XFRM_AH_HEADER_H

#include "xfrm-fingerprint.h"

#include "ns3/header.h"

#include <cstdint>

namespace ns3
{

/**
 * @ingroup xfrm
 * @brief An Authentication Header (RFC 4302) whose check value is not computed.
 */
class XfrmAhHeader : public Header
{
  public:
    static constexpr uint32_t FIXED_BYTES{12}; //!< all but the check value [bytes]

    /// An empty header.
    XfrmAhHeader() = default;

    /// @param icvBytes length of the check value and its padding, to read one [bytes]
    explicit XfrmAhHeader(uint32_t icvBytes);

    /**
     * @param nextHeader protocol of the payload
     * @param spi the SPI @param sequence the sequence number
     * @param icv the check value with its padding, a multiple of 4 bytes
     */
    XfrmAhHeader(uint8_t nextHeader, uint32_t spi, uint32_t sequence, const xfrm::Fingerprint& icv);

    /// @return the type
    static TypeId GetTypeId();
    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(Buffer::Iterator start) const override;
    uint32_t Deserialize(Buffer::Iterator start) override;
    void Print(std::ostream& os) const override;

    /// @return protocol of the payload
    uint8_t GetNextHeader() const
    {
        return m_nextHeader;
    }

    /// @return the SPI
    uint32_t GetSpi() const
    {
        return m_spi;
    }

    /// @return the sequence number
    uint32_t GetSequence() const
    {
        return m_sequence;
    }

    /// @return the check value
    const xfrm::Fingerprint& GetIcv() const
    {
        return m_icv;
    }

  private:
    uint8_t m_nextHeader{0}; //!< protocol of the payload
    uint32_t m_spi{0};       //!< SPI
    uint32_t m_sequence{0};  //!< sequence number
    xfrm::Fingerprint m_icv; //!< the check value
};

} // namespace ns3

#endif // XFRM_AH_HEADER_H
