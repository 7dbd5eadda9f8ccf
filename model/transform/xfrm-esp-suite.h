/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_ESP_SUITE_H
#define XFRM_ESP_SUITE_H

#include "ns3/xfrm-state-config.h"

#include <cstdint>
#include <memory>
#include <span>

namespace ns3::xfrm
{

/// Where the parts of an ESP packet are: header, initialisation vector, text, check value.
struct EspLayout
{
    static constexpr uint32_t HEADER_BYTES{8}; //!< SPI and sequence number

    uint32_t ivBytes{0};    //!< initialisation vector [bytes]
    uint32_t icvBytes{0};   //!< integrity check value [bytes]
    uint32_t unitBytes{1};  //!< the cipher takes multiples of this, 1 any length [bytes]
    bool isExtended{false}; //!< sequence numbers of 64 bits, the upper half of which is not sent

    /// @return what stands in front of the text [bytes]
    uint32_t GetTextStart() const
    {
        return HEADER_BYTES + ivBytes;
    }
};

/**
 * @ingroup xfrm
 * @brief The algorithms of a state of ESP at work on a packet.
 *
 * Source: esp_output() and esp_input(), net/ipv4/esp4.c, and the combined algorithms of crypto/,
 * Linux 4.1 (R216, R258); RFC 4303, sections 2.8 and 3.
 */
class EspSuite
{
  public:
    virtual ~EspSuite() = default;

    /**
     * @brief Encrypt the text of a packet where it stands, and fill in the check value.
     * @param packet header, initialisation vector, clear text with its trailer, room for the value
     * @param sequenceHigh upper half of the sequence number, of use with extended ones only
     */
    virtual void Seal(std::span<uint8_t> packet, uint32_t sequenceHigh) = 0;

    /**
     * @brief Check a packet and decrypt its text.
     * @param packet all of it; it has a header, an initialisation vector and a check value
     * @param sequenceHigh upper half of the sequence number, of use with extended ones only
     * @param clear where the clear text goes, with its trailer; as long as the text
     * @return 0; error::BADMSG: the check value is wrong; error::INVAL: not whole blocks
     */
    virtual int32_t Open(std::span<const uint8_t> packet,
                         uint32_t sequenceHigh,
                         std::span<uint8_t> clear) = 0;
};

/// @param config a state of ESP @param layout of its packets
/// @return its algorithms, keyed
/// @throws std::invalid_argument for those that libcrypto has not
std::unique_ptr<EspSuite> MakeEspSuite(const StateConfig& config, const EspLayout& layout);

} // namespace ns3::xfrm

#endif // XFRM_ESP_SUITE_H
