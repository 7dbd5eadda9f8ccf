/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_ESP_LAYER_H
#define XFRM_ESP_LAYER_H

#include "xfrm-esp-suite.h"
#include "xfrm-esp.h"

#include "ns3/xfrm-layer-codec.h"

#include <cstdint>
#include <memory>
#include <span>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The bytes of Encapsulating Security Payload (RFC 4303).
 *
 * Source: esp_output(), esp_input() and esp_input_done2(), net/ipv4/esp4.c, Linux 4.1 (R216, R231,
 * R232, R237, R258).  Left out: UDP encapsulation, which is the caller's.
 */
class EspLayer : public LayerCodec
{
  public:
    /// @param sizes what ESP adds @param config the state that they were made from
    /// @throws std::invalid_argument for algorithms that libcrypto has not
    EspLayer(const Esp& sizes, const StateConfig& config);

    uint32_t GetIvLength() const override
    {
        return m_layout.ivBytes;
    }

    SealedBytes Seal(std::span<const uint8_t> clear, const SealInput& input) override;
    OpenedBytes Open(std::span<const uint8_t> sealed, const OpenInput& input) override;

  private:
    Esp m_sizes;                       //!< what ESP adds
    uint32_t m_spi{0};                 //!< SPI
    EspLayout m_layout;                //!< where the parts of a packet are
    std::unique_ptr<EspSuite> m_suite; //!< what protects it
};

} // namespace ns3::xfrm

#endif // XFRM_ESP_LAYER_H
