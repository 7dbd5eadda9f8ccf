/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_PACKET_LAYERS_H
#define XFRM_PACKET_LAYERS_H

#include "ns3/ipv4-header.h"
#include "ns3/packet.h"
#include "ns3/xfrm-input.h"
#include "ns3/xfrm-output.h"

#include <cstdint>
#include <optional>

namespace ns3::xfrm
{

class Esp;
class IvSource;

/**
 * @ingroup xfrm
 * @brief A packet that output seals layer by layer.
 *
 * With real bytes ciphers and check values are computed.  Without, only lengths are right: ESP and
 * AH leave what they protect as it is, behind a true header and trailer, and a fingerprint of the
 * key stands in the check value.  IPcomp computes in either case, since lengths depend on it.
 *
 * The packet stays the same object, with its number and packet tags; real bytes lose the byte tags
 * of what they protect.
 */
class PacketSealer final : public ClearPacket
{
  public:
    /**
     * @param packet what follows the IP header; changed as layers are sealed
     * @param header its IP header; changed into the one that is in front now; must outlive this
     * @param ivs where initialisation vectors come from, must outlive this; null: no real bytes
     */
    PacketSealer(const Ptr<Packet>& packet, Ipv4Header& header, IvSource* ivs);

    SealedSize Seal(const SealedLayer& layer, const IpHeader& outside) override;

  private:
    void PushHeader(const IpHeader& outside);
    SealedSize SealBytes(const SealedLayer& layer);
    void PushUdp(const StateConfig& config);

    Ptr<Packet> m_packet;       //!< what follows the IP header
    Ipv4Header& m_header;       //!< the IP header in front
    IvSource* m_ivs;            //!< where initialisation vectors come from; null: no real bytes
    bool m_wasTunnelled{false}; //!< the header in front is of our making
};

/**
 * @ingroup xfrm
 * @brief A received packet that input opens layer by layer (esp_input(), ah_input(),
 * ipcomp_input(), xfrm_tunnel_rcv()).
 *
 * Takes packets with and without real bytes: those without are known by the fingerprint of their
 * key.
 */
class PacketOpener final : public SealedPacket
{
  public:
    /**
     * @param packet what follows the IP header; changed as layers are opened
     * @param header the IP header
     * @param isReal what ESP without a check value holds, which nothing in the packet tells
     */
    PacketOpener(const Ptr<Packet>& packet, const Ipv4Header& header, bool isReal);

    std::optional<SpiSequence> ParseSpi(uint8_t protocol) override;
    OpenedLayer Open(State& state, uint64_t sequence) override;

    /// @return the IP header in front, with the protocol and length of what follows it now
    const Ipv4Header& GetHeader() const
    {
        return m_header;
    }

  private:
    std::optional<OpenedLayer> OpenEspByFingerprint(const Esp& esp);
    std::optional<OpenedLayer> OpenAhByFingerprint(const State& state);
    std::optional<OpenedLayer> OpenByFingerprint(const State& state);
    OpenedLayer OpenBytes(State& state, uint64_t sequence);

    Ptr<Packet> m_packet; //!< what follows the IP header
    Ipv4Header m_header;  //!< the IP header
    bool m_isReal;        //!< ESP without a check value has real bytes
};

} // namespace ns3::xfrm

#endif // XFRM_PACKET_LAYERS_H
