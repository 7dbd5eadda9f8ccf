/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IPCOMP_LAYER_H
#define XFRM_IPCOMP_LAYER_H

#include "ns3/xfrm-layer-codec.h"
#include "ns3/xfrm-state-config.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

struct z_stream_s;

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The bytes of IP Payload Compression (RFC 3173) with deflate (RFC 2394).
 *
 * Source: ipcomp_output() and ipcomp_input(), net/xfrm/xfrm_ipcomp.c, and crypto/deflate.c, Linux
 * 4.1 (R216, R235, R252).  The kernel's zlib is an older one: what is compressed is understood by
 * both, byte by byte it may differ.
 */
class IpcompLayer : public LayerCodec
{
  public:
    /// @param config a state of IPcomp
    explicit IpcompLayer(const StateConfig& config);

    uint32_t GetIvLength() const override
    {
        return 0;
    }

    /// Not sealed: too short, or no gain (R235).
    SealedBytes Seal(std::span<const uint8_t> clear, const SealInput& input) override;
    OpenedBytes Open(std::span<const uint8_t> sealed, const OpenInput& input) override;

  private:
    /// Ends a compressing stream.
    struct DeflateDeleter
    {
        void operator()(z_stream_s* stream) const; //!< ends and frees it
    };

    /// Ends a decompressing stream.
    struct InflateDeleter
    {
        void operator()(z_stream_s* stream) const; //!< ends and frees it
    };

    /// What zlib made, until the next call; none if it is not whole or does not fit.
    using Result = std::optional<std::span<const uint8_t>>;

    Result Compress(std::span<const uint8_t> clear);
    Result Decompress(std::span<const uint8_t> packed);

    uint16_t m_cpi{0};            //!< compression parameter index, the SPI
    uint32_t m_thresholdBytes{0}; //!< shorter ones are left alone [bytes]
    // A stream takes about 150 kB, and most states are of one direction.
    std::unique_ptr<z_stream_s, DeflateDeleter> m_deflate; //!< null until it is used
    std::unique_ptr<z_stream_s, InflateDeleter> m_inflate; //!< null until it is used
    std::vector<uint8_t> m_scratch;                        //!< room for a result
};

} // namespace ns3::xfrm

#endif // XFRM_IPCOMP_LAYER_H
