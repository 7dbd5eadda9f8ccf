/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-codecs.h"

#include "xfrm-test-states.h"

#include "ns3/abort.h"
#include "ns3/xfrm-algorithms.h"
#include "ns3/xfrm-transform.h"

#include <numeric>
#include <stdexcept>
#include <utility>

namespace ns3::xfrm::tests
{

namespace
{

constexpr uint32_t SPI{0x1001}; //!< of all states

/// @return an algorithm whose key counts up from 0x40
Algorithm
MakeKeyed(const std::string& name, size_t nKeyBytes, uint32_t icvBits = 0)
{
    return {name, MakePattern(nKeyBytes, 0x40), icvBits};
}

/// @return a name: algorithm, bytes of the key, bits of the check value
std::string
Describe(const Algorithm& algorithm)
{
    return algorithm.name + " " + std::to_string(algorithm.key.size()) + "/" +
           std::to_string(algorithm.icvBits);
}

/// @return the lengths of an algorithm's key that are tried [bytes]
std::vector<size_t>
GetKeyLengths(AlgorithmKind kind, const std::string& name)
{
    const KeyLengths& key = FindAlgorithm(kind, name).key;
    std::vector<size_t> lengths;
    for (size_t nBytes = key.minBytes; nBytes <= key.maxBytes; nBytes += 8)
    {
        lengths.push_back(nBytes);
    }
    return lengths;
}

/// @brief Add the combined algorithms.
void
AddCombined(std::vector<NamedState>& states)
{
    const std::vector<std::pair<std::string, std::vector<uint32_t>>> algorithms{
        {"rfc4106(gcm(aes))", {64, 96, 128}},
        {"rfc4309(ccm(aes))", {64, 96, 128}},
        {"rfc4543(gcm(aes))", {128}},
        {"rfc7539esp(chacha20,poly1305)", {128}}};
    for (const auto& [name, icvLengths] : algorithms)
    {
        for (const size_t nBytes : GetKeyLengths(AlgorithmKind::Aead, name))
        {
            for (const uint32_t icvBits : icvLengths)
            {
                StateConfig config = MakeStateConfig(SPI);
                config.aead = MakeKeyed(name, nBytes, icvBits);
                states.push_back({Describe(*config.aead), config});
            }
        }
    }
}

/// @brief Add a cipher with authentication.
void
AddPair(std::vector<NamedState>& states, const Algorithm& encryption, const Algorithm& auth)
{
    StateConfig config = MakePair(encryption, auth);
    config.id.spi = SPI;
    states.push_back({Describe(encryption) + ", " + Describe(auth), config});
}

} // namespace

Bytes
FromHex(std::string_view hex)
{
    Bytes bytes;
    std::string digits;
    for (const char digit : hex)
    {
        if (digit != ' ')
        {
            digits += digit;
        }
        if (digits.size() == 2)
        {
            bytes.push_back(static_cast<uint8_t>(std::stoul(digits, nullptr, 16)));
            digits.clear();
        }
    }
    return bytes;
}

std::string
ToHex(std::span<const uint8_t> bytes)
{
    constexpr std::string_view DIGITS{"0123456789abcdef"};
    std::string hex;
    for (const uint8_t byte : bytes)
    {
        hex += DIGITS[byte >> 4];
        hex += DIGITS[byte & 0xfU];
    }
    return hex;
}

Bytes
MakePattern(size_t nBytes, uint8_t first)
{
    Bytes bytes(nBytes);
    std::iota(bytes.begin(), bytes.end(), first);
    return bytes;
}

std::unique_ptr<LayerCodec>
MakeCodec(const StateConfig& config)
{
    return MakeTransformType(config)->MakeCodec(config);
}

std::string
GetCodecComplaint(const StateConfig& config)
{
    try
    {
        MakeCodec(config);
    }
    catch (const std::invalid_argument& complaint)
    {
        return complaint.what();
    }
    return "";
}

std::vector<NamedState>
MakeNamedStates()
{
    std::vector<NamedState> states;
    AddCombined(states);
    const Algorithm sha1 = MakeKeyed("hmac(sha1)", 20);
    for (const std::string name :
         {"cipher_null", "cbc(aes)", "rfc3686(ctr(aes))", "cbc(des3_ede)", "cbc(camellia)"})
    {
        for (const size_t nBytes : GetKeyLengths(AlgorithmKind::Encryption, name))
        {
            AddPair(states, MakeKeyed(name, nBytes), sha1);
        }
    }
    const Algorithm aes = MakeKeyed("cbc(aes)", 16);
    for (const std::string name : {"md5", "sha256", "hmac(sha384)", "hmac(sha512)", "rmd160"})
    {
        for (const uint32_t icvBits : {0, 64, 128})
        {
            AddPair(states, aes, MakeKeyed(name, 32, icvBits));
        }
    }
    AddPair(states, aes, MakeKeyed("cmac(aes)", 32, 128));
    return states;
}

Bytes
Seal(LayerCodec& codec, const Bytes& clear, uint64_t sequence)
{
    const Bytes iv = MakePattern(codec.GetIvLength(), 0x30);
    SealInput input;
    input.sequence = sequence;
    input.nextHeader = PROTO_UDP;
    input.iv = iv;
    const SealedBytes sealed = codec.Seal(clear, input);
    NS_ABORT_MSG_UNLESS(sealed.isSealed, "not sealed");
    return sealed.bytes;
}

} // namespace ns3::xfrm::tests
