/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_LAYER_CODEC_H
#define XFRM_LAYER_CODEC_H

#include <cstdint>
#include <span>
#include <vector>

namespace ns3::xfrm
{

/// What a layer is sealed with, besides its bytes.
struct SealInput
{
    uint64_t sequence{0};        //!< sequence number; with ESN all 64 bits
    uint8_t nextHeader{0};       //!< protocol of the clear bytes
    uint32_t padToBytes{0};      //!< pad shorter ones to this first (TFC, R231), 0 none [bytes]
    std::span<const uint8_t> iv; //!< initialisation vector, of GetIvLength() bytes
    std::span<const uint8_t>
        ipHeader; //!< AH: the IP header in front as it will leave, total length
                  //!< and protocol AH set, with its options; else ignored
};

/// A sealed layer.
struct SealedBytes
{
    bool isSealed{true};        //!< false: IPcomp left the packet alone (R235), or an error
    std::vector<uint8_t> bytes; //!< what follows the IP header, UDP encapsulation left out; empty
                                //!< unless sealed
    int32_t error{0};           //!< 0, or error::INVAL: AH cannot read the IP header's options
};

/// What a layer is opened with, besides its bytes.
struct OpenInput
{
    uint64_t sequence{0}; //!< as the replay window reconstructs it; with ESN all 64 bits
    std::span<const uint8_t>
        ipHeader; //!< AH: the IP header in front as received, with its options;
                  //!< else ignored
};

/// An opened layer.
struct OpenedBytes
{
    int32_t error{0};           //!< 0; error::BADMSG: the integrity check value is wrong;
                                //!< error::INVAL: malformed, or a dummy packet (R258)
    uint8_t nextHeader{0};      //!< protocol of the clear bytes, never 0 without an error
    std::vector<uint8_t> clear; //!< clear bytes, in ESP with the zeros of TFC; empty on an error
};

/**
 * @ingroup xfrm
 * @brief What a state's protocol does to the bytes of a packet, with its algorithms and keys.
 *
 * Source: struct xfrm_type, its output() and input(), Linux 4.1 (R216, R252).  Left out: the
 * outer IP header, UDP encapsulation and where the bytes come from, which are the caller's.  Keys
 * are set up once; a packet costs no more than its own bytes.  Made by TransformType::MakeCodec().
 */
class LayerCodec
{
  public:
    virtual ~LayerCodec() = default;

    /// @return the initialisation vector that each packet needs [bytes]
    virtual uint32_t GetIvLength() const = 0;

    /**
     * @brief Seal what is protected.
     * @param clear tunnel: the inner IP packet; transport: what follows the IP header
     * @param input what it is sealed with
     * @return what follows the outer IP header
     * @throws std::invalid_argument for an initialisation vector or IP header of another length
     * @throws std::runtime_error when the library of the ciphers fails
     */
    virtual SealedBytes Seal(std::span<const uint8_t> clear, const SealInput& input) = 0;

    /**
     * @brief Check and open what was received.
     * @param sealed what follows the outer IP header and UDP encapsulation; any bytes at all
     * @param input what it is opened with
     * @return the clear bytes, or what is wrong
     * @throws std::invalid_argument for an IP header of another length than it says
     * @throws std::runtime_error when the library of the ciphers fails
     */
    virtual OpenedBytes Open(std::span<const uint8_t> sealed, const OpenInput& input) = 0;
};

} // namespace ns3::xfrm

#endif // XFRM_LAYER_CODEC_H
