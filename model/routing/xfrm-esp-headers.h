/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_ESP_HEADERS_H
#define XFRM_ESP_HEADERS_H

#include "xfrm-fingerprint.h"

#include "ns3/header.h"
#include "ns3/trailer.h"

#include <cstdint>

namespace ns3
{

/**
 * @ingroup xfrm
 * @brief What stands before an ESP payload: SPI, sequence number, initialisation vector (RFC 4303).
 *
 * The vector's bytes are zero.
 */
class XfrmEspHeader : public Header
{
  public:
    static constexpr uint32_t FIXED_BYTES{8}; //!< SPI and sequence number [bytes]

    /// An empty header, to read one without vector.
    XfrmEspHeader() = default;

    /// @param ivBytes length of the vector [bytes]
    explicit XfrmEspHeader(uint32_t ivBytes);

    /// @param spi the SPI @param sequence the sequence number @param ivBytes length of the vector
    XfrmEspHeader(uint32_t spi, uint32_t sequence, uint32_t ivBytes);

    /// @return the type
    static TypeId GetTypeId();
    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(Buffer::Iterator start) const override;
    uint32_t Deserialize(Buffer::Iterator start) override;
    void Print(std::ostream& os) const override;

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

  private:
    uint32_t m_spi{0};      //!< SPI
    uint32_t m_sequence{0}; //!< sequence number
    uint32_t m_ivBytes{0};  //!< length of the vector [bytes]
};

/**
 * @ingroup xfrm
 * @brief What stands behind an ESP payload whose ciphers are not computed: padding 1, 2, 3, ...,
 * its length, the next header, and a fingerprint for integrity check value (RFC 4303).
 */
class XfrmEspTrailer : public Trailer
{
  public:
    /// What is behind the padding, check value apart: pad length and next header [bytes]
    static constexpr uint32_t FIXED_BYTES{2};

    /// An empty trailer.
    XfrmEspTrailer() = default;

    /// @param icvBytes length of the check value, to read one [bytes]
    explicit XfrmEspTrailer(uint32_t icvBytes);

    /**
     * @param tfcBytes zero bytes before the padding [bytes]
     * @param padBytes length of the padding [bytes]
     * @param nextHeader protocol of the payload
     * @param icv the check value
     */
    XfrmEspTrailer(uint32_t tfcBytes,
                   uint8_t padBytes,
                   uint8_t nextHeader,
                   const xfrm::Fingerprint& icv);

    /// @return the type
    static TypeId GetTypeId();
    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(Buffer::Iterator end) const override;
    uint32_t Deserialize(Buffer::Iterator end) override;
    void Print(std::ostream& os) const override;

    /// @return length of the padding as it says itself [bytes]
    uint8_t GetPadBytes() const
    {
        return m_padBytes;
    }

    /// @return protocol of the payload
    uint8_t GetNextHeader() const
    {
        return m_nextHeader;
    }

    /// @return the check value
    const xfrm::Fingerprint& GetIcv() const
    {
        return m_icv;
    }

  private:
    uint32_t m_tfcBytes{0};  //!< zero bytes before the padding [bytes]
    uint8_t m_padBytes{0};   //!< length of the padding [bytes]
    uint8_t m_nextHeader{0}; //!< protocol of the payload
    xfrm::Fingerprint m_icv; //!< the check value
};

} // namespace ns3

#endif // XFRM_ESP_HEADERS_H
