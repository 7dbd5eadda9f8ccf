/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TEST_CODECS_H
#define XFRM_TEST_CODECS_H

#include "ns3/xfrm-layer-codec.h"
#include "ns3/xfrm-state-config.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::xfrm::tests
{

/// Bytes of a packet or key.
using Bytes = std::vector<uint8_t>;

/// @param hex bytes in hexadecimal, between which there may be spaces @return the bytes
Bytes FromHex(std::string_view hex);

/// @param bytes some bytes @return them in hexadecimal
std::string ToHex(std::span<const uint8_t> bytes);

/// @param nBytes how many @param first the first @return bytes that count up
Bytes MakePattern(size_t nBytes, uint8_t first = 0);

/// @param config a state @return what seals and opens its packets
std::unique_ptr<LayerCodec> MakeCodec(const StateConfig& config);

/// @param config a state @return what MakeCodec() complains of, "" if it does not
std::string GetCodecComplaint(const StateConfig& config);

/// A state with a name that says what is special about it.
struct NamedState
{
    std::string name;   //!< such as "rfc4106(gcm(aes)) 20/64"
    StateConfig config; //!< its makeup: ESP, tunnel mode, SPI 0x1001, keys that count up
};

/// @return states of ESP with every algorithm that has bytes, every length of its key that is a
///         multiple of 8 bytes, and check values of its own length and cut
std::vector<NamedState> MakeNamedStates();

/// @brief Seal bytes with the initialisation vector 0x30, 0x31 ... and next header 17.
/// @param codec with what @param clear the bytes @param sequence sequence number
/// @return the sealed bytes
Bytes Seal(LayerCodec& codec, const Bytes& clear, uint64_t sequence);

} // namespace ns3::xfrm::tests

#endif // XFRM_TEST_CODECS_H
