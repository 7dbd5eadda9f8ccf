/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_INPUT_H
#define XFRM_INPUT_H

#include "xfrm-context.h"
#include "xfrm-ip-header.h"
#include "xfrm-namespace.h"
#include "xfrm-sec-path.h"

#include <cstdint>
#include <optional>

namespace ns3::xfrm
{

/// What the front of an ESP, AH or IPcomp header says.
struct SpiSequence
{
    uint32_t spi{0};      //!< SPI, host order; IPcomp: its CPI
    uint32_t sequence{0}; //!< sequence number, host order; IPcomp: 0
};

/// What was inside a layer.
struct OpenedLayer
{
    int32_t error{0};      //!< 0; -EBADMSG: wrong ICV; -EINVAL: malformed, or a dummy (R258)
    uint8_t nextHeader{0}; //!< protocol of what was inside
    uint32_t clearBytes{
        0}; //!< its length: tunnel, the inner packet; transport, the payload [bytes]
};

/**
 * @ingroup xfrm
 * @brief A received packet whose layers input opens one by one; whoever has the bytes implements
 * it.
 */
class SealedPacket
{
  public:
    virtual ~SealedPacket() = default;

    /**
     * @brief Read the front of what now follows the IP header (xfrm_parse_spi()).
     * @param protocol its protocol
     * @return what it says; none if it is cut short
     */
    virtual std::optional<SpiSequence> ParseSpi(uint8_t protocol) = 0;

    /**
     * @brief Authenticate and decrypt it, and remove header and trailer (the input of a
     * struct xfrm_type).
     * @param state whose it is @param sequence its sequence number, with ESN all 64 bits (R175)
     * @return what was inside, which from then on follows the IP header
     */
    virtual OpenedLayer Open(State& state, uint64_t sequence) = 0;
};

/// What input knows of a packet at the start.
struct InputPacket
{
    IpAddress destination;                //!< of the outer header
    IpAddress source{};                   //!< of the outer header
    uint8_t protocol{PROTO_ESP};          //!< of what follows it
    Family family{Family::Ipv4};          //!< family of the outer header
    uint32_t mark{0};                     //!< packet mark
    EncapType encapType{EncapType::None}; //!< UDP encapsulation that was taken off
    uint16_t encapPort{0};                //!< its source port
};

/// How input ended.
enum class InputVerdict : uint8_t
{
    Dropped,      //!< without a word to its sender
    Decapsulated, //!< tunnel mode: the inner packet is received anew on the same device (R259)
    Delivered     //!< transport mode: what was inside goes to its protocol (R259)
};

/// How input ended, and why.
struct InputResult
{
    InputVerdict verdict{InputVerdict::Dropped}; //!< how it ended
    std::optional<Counter> counter{};            //!< the counter that was moved
    uint8_t nextHeader{0};                       //!< protocol of what was inside, unless dropped
};

/**
 * @ingroup xfrm
 * @brief Receives ESP, AH and IPcomp packets: state, replay window, lifetime, mode.
 *
 * Source: xfrm_input(), net/xfrm/xfrm_input.c, Linux 4.1 (R240 to R259).  Left out: asynchronous
 * crypto (R253), tunnel devices (R251), no memory for a sec_path (R240).
 */
class Input
{
  public:
    /// @param net the namespace; must outlive this
    explicit Input(Namespace& net);

    /**
     * @brief Open a packet's layers down to a tunnel or a transport protocol (xfrm_input()).
     * @param packet what is known of it
     * @param sealed its bytes
     * @param path states of layers opened before; those of this call are appended
     * @param context where it runs
     * @return how it ended
     */
    InputResult Receive(const InputPacket& packet,
                        SealedPacket& sealed,
                        SecPath& path,
                        const Context& context);

  private:
    struct Layer;

    /// Why a packet is dropped; there is one drop that no counter tells of (R255).
    struct Refusal
    {
        std::optional<Counter> counter; //!< the counter that moves
    };

    std::optional<Refusal> Admit(State& state, const Layer& layer, const Context& context);
    std::optional<Refusal> Open(State& state, Layer& layer, const Context& context);
    void TellMapping(State& state, const Layer& layer);
    static std::optional<Refusal> CheckMode(const State& state, uint8_t nextHeader);
    InputResult Drop(const Refusal& refusal);

    Namespace& m_net; //!< the namespace
};

} // namespace ns3::xfrm

#endif // XFRM_INPUT_H
