/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_ESP_CODEC_H
#define XFRM_ESP_CODEC_H

#include "ns3/ipv4-header.h"
#include "ns3/packet.h"
#include "ns3/xfrm-input.h"
#include "ns3/xfrm-output.h"

namespace ns3::xfrm
{

/**
 * @brief Make an ESP packet's bytes: header before, trailer behind (esp_output()).
 *
 * Only sizes are computed, ciphers are not: the payload stays as it is, and so do its tags.
 *
 * @param packet what is protected; changed into what follows the outer IP header
 * @param layer how; its state's type must be an Esp
 */
void SealEsp(Packet& packet, const SealedLayer& layer);

/**
 * @ingroup xfrm
 * @brief A received ESP packet that input opens layer by layer (esp_input()).
 *
 * Left out: deciphering.  A packet that was made with another key is refused by its fingerprint.
 */
class EspPacket final : public SealedPacket
{
  public:
    /// @param packet what follows the outer IP header; changed as layers are opened
    explicit EspPacket(const Ptr<Packet>& packet);

    std::optional<SpiSequence> ParseSpi(uint8_t protocol) override;
    OpenedLayer Open(const State& state) override;

  private:
    Ptr<Packet> m_packet; //!< what follows the outer IP header
};

} // namespace ns3::xfrm

#endif // XFRM_ESP_CODEC_H
