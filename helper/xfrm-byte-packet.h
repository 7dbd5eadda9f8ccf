/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_BYTE_PACKET_H
#define XFRM_BYTE_PACKET_H

#include "xfrm-ip-bytes.h"

#include "ns3/xfrm-input.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace ns3::xfrm
{

/// A layer that was opened, with all that sealing it again takes.
struct OpenedByteLayer
{
    Ptr<State> state;      //!< whose it was
    uint64_t sequence{0};  //!< its sequence number; with ESN all 64 bits
    uint8_t nextHeader{0}; //!< protocol of what was inside
    Octets ipHeader;       //!< the IP header in front, as it was
    Octets sealed;         //!< what followed it, UDP encapsulation left out
    Octets clear;          //!< what was inside; in ESP with the zeros of TFC
};

/**
 * @ingroup xfrm
 * @brief A received packet as bytes, of which input opens layer by layer, and which remembers them.
 *
 * Source: esp_input(), ah_input(), ipcomp_input() and xfrm4_transport_input(), Linux 4.1.
 *
 * Between layers of transport mode the IP header says what follows now.  Behind tunnel mode it
 * still is the outer one.
 */
class BytePacket final : public SealedPacket
{
  public:
    /**
     * @param header the IP header, options included
     * @param protocol protocol of what follows it, once UDP encapsulation is taken off
     * @param payload what follows then
     */
    BytePacket(std::span<const uint8_t> header, uint8_t protocol, std::span<const uint8_t> payload);

    std::optional<SpiSequence> ParseSpi(uint8_t protocol) override;
    OpenedLayer Open(State& state, uint64_t sequence) override;

    /// @return the packet as it stands, IP header in front
    const Octets& GetPacket() const
    {
        return m_packet;
    }

    /// @return what follows the IP header now; of tunnel mode the inner packet
    std::span<const uint8_t> GetPayload() const
    {
        return IpBytes(m_packet).GetPayload();
    }

    /// @return the layers that were opened, outermost first; moves them out
    std::vector<OpenedByteLayer> TakeLayers()
    {
        return std::move(m_layers);
    }

  private:
    Octets m_packet;                       //!< the packet
    std::vector<OpenedByteLayer> m_layers; //!< layers opened
};

/// How a layer looks that was sealed again.
struct Resealed
{
    bool isEqual{true}; //!< as it was
    size_t firstOffset{
        0}; //!< else: the first byte behind the IP header that differs, or is missing
};

/**
 * @brief Seal a layer again, with its own sequence number and initialisation vector, and compare.
 *
 * Bytes of IPcomp depend on the compressor: of those it is compared what they decompress to.
 *
 * @param layer the layer
 * @return how it looks
 */
Resealed Reseal(const OpenedByteLayer& layer);

} // namespace ns3::xfrm

#endif // XFRM_BYTE_PACKET_H
