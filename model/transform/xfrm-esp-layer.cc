/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-esp-layer.h"

#include "xfrm-network-order.h"

#include "ns3/xfrm-ipsec.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace ns3::xfrm
{

namespace
{

constexpr size_t FOOTER_BYTES{2}; //!< pad length and next header

/// @return where the parts of a state's packets are
EspLayout
MakeLayout(const Esp& sizes, const StateConfig& config)
{
    return {.ivBytes = sizes.GetIvLength(),
            .icvBytes = sizes.GetIcvLength(),
            .unitBytes = sizes.GetCipherBlockLength(),
            .isExtended = (config.flags & StateConfig::FLAG_ESN) != 0};
}

/// @brief Take the trailer off, as esp_input_done2() does: the padding is not looked at.
/// @param opened clear text with its trailer; then without, or the error
void
RemoveTrailer(OpenedBytes& opened)
{
    const size_t nBytes = opened.clear.size();
    const size_t padLength = nBytes < FOOTER_BYTES ? 0 : opened.clear[nBytes - FOOTER_BYTES];
    // xfrm_input() takes a next header of 0 for an error.
    if (padLength + FOOTER_BYTES >= nBytes || opened.clear.back() == PROTO_NONE ||
        opened.clear.back() == 0)
    {
        opened = {error::INVAL, 0, {}};
        return;
    }
    opened.nextHeader = opened.clear.back();
    opened.clear.resize(nBytes - FOOTER_BYTES - padLength);
}

} // namespace

EspLayer::EspLayer(const Esp& sizes, const StateConfig& config)
    : m_sizes(sizes),
      m_spi(config.id.spi),
      m_layout(MakeLayout(sizes, config)),
      m_suite(MakeEspSuite(config, m_layout))
{
}

SealedBytes
EspLayer::Seal(std::span<const uint8_t> clear, const SealInput& input)
{
    if (input.iv.size() != m_layout.ivBytes)
    {
        throw std::invalid_argument("ESP: initialisation vector of " +
                                    std::to_string(input.iv.size()) + " bytes: must have " +
                                    std::to_string(m_layout.ivBytes));
    }
    const auto clearBytes = static_cast<uint32_t>(clear.size());
    const auto trailer = m_sizes.MakeTrailer(clearBytes, input.padToBytes, input.nextHeader);
    SealedBytes sealed;
    sealed.bytes.resize(m_layout.GetTextStart() + clear.size() + trailer.size() +
                        m_layout.icvBytes);
    const std::span packet(sealed.bytes);
    PutUint32(packet, m_spi);
    PutUint32(packet.subspan(4), static_cast<uint32_t>(input.sequence));
    auto next = packet.begin() + EspLayout::HEADER_BYTES;
    next = std::ranges::copy(input.iv, next).out;
    next = std::ranges::copy(clear, next).out;
    std::ranges::copy(trailer, next);
    m_suite->Seal(packet, static_cast<uint32_t>(input.sequence >> 32));
    return sealed;
}

OpenedBytes
EspLayer::Open(std::span<const uint8_t> sealed, const OpenInput& input)
{
    const size_t leastBytes = m_layout.GetTextStart() + m_layout.icvBytes;
    if (sealed.size() < leastBytes || sealed.size() == m_layout.GetTextStart())
    {
        return {error::INVAL, 0, {}};
    }
    OpenedBytes opened;
    opened.clear.resize(sealed.size() - leastBytes);
    opened.error = m_suite->Open(sealed, static_cast<uint32_t>(input.sequence >> 32), opened.clear);
    if (opened.error != 0)
    {
        opened.clear.clear();
        return opened;
    }
    RemoveTrailer(opened);
    return opened;
}

} // namespace ns3::xfrm
