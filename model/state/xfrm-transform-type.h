/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TRANSFORM_TYPE_H
#define XFRM_TRANSFORM_TYPE_H

#include "xfrm-layer-codec.h"
#include "xfrm-state-config.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace ns3::xfrm
{

/// Ciphers that cost alike.
enum class CipherClass : uint8_t
{
    None,   //!< null encryption, or none
    Aes,    //!< AES in CBC or counter mode
    AesGcm, //!< AES in Galois/counter mode, authentication included
    Other   //!< all others
};
constexpr size_t N_CIPHER_CLASSES{4}; //!< classes of ciphers

/// Authentication algorithms that cost alike.
enum class DigestClass : uint8_t
{
    None, //!< none, or within the cipher
    Sha1, //!< HMAC-SHA-1
    Sha2, //!< HMAC-SHA-2
    Other //!< all others
};
constexpr size_t N_DIGEST_CLASSES{4}; //!< classes of authentication algorithms

/// What is computed on the bytes of a packet.
struct CryptoClasses
{
    CipherClass cipher{CipherClass::None}; //!< encryption
    DigestClass digest{DigestClass::None}; //!< authentication
};

/**
 * @ingroup xfrm
 * @brief What a protocol (ESP, AH, IPcomp) with its algorithms adds to a packet.
 *
 * Source: struct xfrm_type, and the header_len and trailer_len that its init_state() sets, Linux
 * 4.1: the sizes; the bytes are a LayerCodec's.  Made from a StateConfig by MakeTransformType(),
 * shared by the states that use it, never changed.
 */
class TransformType
{
  public:
    virtual ~TransformType() = default;

    /// @return bytes put before a packet, outer IP header of tunnel mode included [bytes]
    virtual uint32_t GetHeaderLength() const = 0;

    /// @return bytes that may be put behind a packet [bytes]
    virtual uint32_t GetTrailerLength() const = 0;

    /**
     * @brief The largest packet whose transform fits (get_mtu()).
     * @param mtu what fits outside [bytes]
     * @return size, which wraps around as in the kernel if not even the headers fit; none if the
     *         type has no such function [bytes]
     */
    virtual std::optional<uint32_t> GetMtu(uint32_t mtu) const = 0;

    /**
     * @brief What a packet's protected part becomes.
     * @param clearBytes tunnel: the inner IP packet; transport: what follows the IP header [bytes]
     * @param padToBytes pad shorter ones to this first (TFC, R231), 0 none [bytes]
     * @return what follows the outer IP header: UDP encapsulation, header, IV, ciphertext, ICV
     *         [bytes]
     */
    virtual uint32_t GetSealedLength(uint32_t clearBytes, uint32_t padToBytes) const = 0;

    /// @return the bit of template masks that stands for the authentication algorithm, 0 to 31; 0
    ///         without one, combined algorithms included (props.aalgo, R264)
    virtual uint8_t GetAuthNumber() const = 0;

    /// @return what is computed on the bytes of a packet
    virtual CryptoClasses GetCrypto() const = 0;

    /**
     * @brief What stands for the keys while check values are not computed.
     * @return a number that differs, nearly always, where algorithms or keys do; 0 without keys
     */
    virtual uint64_t GetKeyFingerprint() const
    {
        return 0;
    }

    /**
     * @brief Make what seals and opens the bytes of packets.
     * @param config the state that this type was made from, with its SPI
     * @return the codec, of this state alone
     * @throws std::invalid_argument for algorithms that Linux has and the library of the ciphers
     *         has not; names those that have bytes here
     */
    virtual std::unique_ptr<LayerCodec> MakeCodec(const StateConfig& config) const = 0;
};

} // namespace ns3::xfrm

#endif // XFRM_TRANSFORM_TYPE_H
