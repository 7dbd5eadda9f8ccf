/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_AH_LAYER_H
#define XFRM_AH_LAYER_H

#include "xfrm-libcrypto.h"

#include "ns3/xfrm-layer-codec.h"
#include "ns3/xfrm-state-config.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace ns3::xfrm
{

/**
 * @brief Blank what may change on the way of an IPv4 header (RFC 4302, section 3.3.3.1.1).
 *
 * As Linux does it: TOS, fragment field, TTL and checksum become 0, and so do all bytes of options
 * but those that ip_clear_mutable_options() knows to be immutable.
 *
 * @param header the header, options included; then as it is authenticated
 * @param isSent on output a source route's last hop becomes the destination; a received packet has
 *        it there
 * @return 0, or error::INVAL for options that do not fit
 * @throws std::invalid_argument for a header of another length than it says
 */
int32_t BlankMutableFields(std::span<uint8_t> header, bool isSent);

/**
 * @ingroup xfrm
 * @brief The bytes of the Authentication Header (RFC 4302) on IPv4.
 *
 * Source: ah_output(), ah_input() and ip_clear_mutable_options(), net/ipv4/ah4.c, Linux 4.1 (R216,
 * R234, R252).  Deviations: a header of a wrong length is EINVAL, not ENOMEM; what fills the header
 * up behind the check value is whatever the memory held in Linux, and 0 here; it is authenticated
 * in both.
 */
class AhLayer : public LayerCodec
{
  public:
    /// @param config a state of AH
    /// @throws std::invalid_argument for algorithms that libcrypto has not, and for IPv6
    explicit AhLayer(const StateConfig& config);

    uint32_t GetIvLength() const override
    {
        return 0;
    }

    SealedBytes Seal(std::span<const uint8_t> clear, const SealInput& input) override;
    OpenedBytes Open(std::span<const uint8_t> sealed, const OpenInput& input) override;

  private:
    size_t RoundUp(size_t nBytes) const;
    size_t GetHeaderLength(std::span<const uint8_t> sealed) const;
    void Authenticate(std::span<const uint8_t> ipHeader,
                      std::span<const uint8_t> header,
                      std::span<const uint8_t> clear,
                      uint64_t sequence,
                      std::span<uint8_t> icv);

    std::unique_ptr<Mac> m_mac; //!< the code, null for the null digest
    uint32_t m_spi{0};          //!< SPI
    uint32_t m_unitBytes{8};    //!< what the header is a multiple of [bytes]
    uint32_t m_icvBytes{0};     //!< check value, as cut [bytes]
    uint32_t m_fullIcvBytes{0}; //!< check value before it is cut [bytes]
    bool m_isExtended{false};   //!< sequence numbers of 64 bits
};

} // namespace ns3::xfrm

#endif // XFRM_AH_LAYER_H
