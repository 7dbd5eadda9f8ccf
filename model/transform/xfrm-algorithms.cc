/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-algorithms.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace ns3::xfrm
{

namespace
{

using enum AlgorithmKind;

/// @param saltBytes salt behind the key [bytes] @return the key lengths of AES and its like
constexpr KeyLengths
BlockCipherKey(uint16_t saltBytes = 0)
{
    return {static_cast<uint16_t>(16 + saltBytes),
            static_cast<uint16_t>(32 + saltBytes),
            8,
            saltBytes};
}

/// @param nBytes the only length [bytes] @return those key lengths
constexpr KeyLengths
FixedKey(uint16_t nBytes, uint16_t saltBytes = 0)
{
    return {nBytes, nBytes, 1, saltBytes};
}

constexpr KeyLengths ANY_KEY{0, UINT16_MAX, 1}; //!< any key at all

/// @return a combined algorithm whose initialisation vector has 8 bytes
constexpr AlgorithmInfo
Combined(std::string_view name, uint8_t number, KeyLengths key, uint16_t minIcvBits)
{
    return {Aead, name, {}, number, key, 8, 1, 0, minIcvBits, 128, 0};
}

/// @return an authentication algorithm
constexpr AlgorithmInfo
Authentication(std::string_view name,
               std::string_view alias,
               uint8_t number,
               KeyLengths key,
               uint16_t defaultIcvBits,
               uint16_t maxIcvBits)
{
    return {Auth, name, alias, number, key, 0, 1, defaultIcvBits, 0, maxIcvBits, 0};
}

/// @return a block cipher in CBC mode, whose initialisation vector is as long as a block
constexpr AlgorithmInfo
Cbc(std::string_view name,
    std::string_view alias,
    uint8_t number,
    KeyLengths key,
    uint8_t blockBytes)
{
    return {Encryption, name, alias, number, key, blockBytes, blockBytes, 0, 0, 0, 0};
}

/// @return a compression
constexpr AlgorithmInfo
Compressor(std::string_view name, uint8_t number, uint16_t thresholdBytes, bool isImplemented)
{
    return {Compression,
            name,
            {},
            number,
            FixedKey(0),
            0,
            1,
            0,
            0,
            0,
            thresholdBytes,
            isImplemented};
}

constexpr std::array ALGORITHMS{
    Combined("rfc4106(gcm(aes))", 18, BlockCipherKey(4), 64),
    Combined("rfc4309(ccm(aes))", 14, BlockCipherKey(3), 64),
    Combined("rfc4543(gcm(aes))", 23, BlockCipherKey(4), 128),
    Combined("rfc7539esp(chacha20,poly1305)", 0, FixedKey(36, 4), 128), // from Linux 4.2 on
    Authentication("digest_null", {}, 251, ANY_KEY, 0, 0),
    Authentication("hmac(md5)", "md5", 2, ANY_KEY, 96, 128),
    Authentication("hmac(sha1)", "sha1", 3, ANY_KEY, 96, 160),
    Authentication("hmac(sha256)", "sha256", 5, ANY_KEY, 96, 256),
    Authentication("hmac(sha384)", {}, 6, ANY_KEY, 192, 384),
    Authentication("hmac(sha512)", {}, 7, ANY_KEY, 256, 512),
    Authentication("hmac(rmd160)", "rmd160", 8, ANY_KEY, 96, 160),
    Authentication("xcbc(aes)", {}, 9, BlockCipherKey(), 96, 128),
    Authentication("cmac(aes)", {}, 0, BlockCipherKey(), 96, 128),
    AlgorithmInfo{Encryption, "ecb(cipher_null)", "cipher_null", 11, FixedKey(0), 0, 1, 0, 0, 0, 0},
    Cbc("cbc(des)", "des", 2, FixedKey(8), 8),
    Cbc("cbc(des3_ede)", "des3_ede", 3, FixedKey(24), 8),
    Cbc("cbc(cast5)", "cast5", 6, {5, 16, 1}, 8),
    Cbc("cbc(blowfish)", "blowfish", 7, {4, 56, 1}, 8),
    Cbc("cbc(aes)", "aes", 12, BlockCipherKey(), 16),
    Cbc("cbc(serpent)", "serpent", 252, {0, 32, 1}, 16),
    Cbc("cbc(camellia)", "camellia", 22, BlockCipherKey(), 16),
    Cbc("cbc(twofish)", "twofish", 253, BlockCipherKey(), 16),
    AlgorithmInfo{Encryption, "rfc3686(ctr(aes))", {}, 13, BlockCipherKey(4), 8, 1, 0, 0, 0, 0},
    Compressor("deflate", 2, 90, true),
    Compressor("lzs", 3, 90, false),
    Compressor("lzjh", 4, 50, false),
};

/// @return what the kind is called
const char*
GetKindName(AlgorithmKind kind)
{
    switch (kind)
    {
    case Aead:
        return "combined algorithm";
    case Auth:
        return "authentication algorithm";
    case Encryption:
        return "cipher";
    case Compression:
        return "compression";
    }
    return "";
}

/// @return the names of a kind that there is an algorithm behind, in words
std::string
DescribeNames(AlgorithmKind kind)
{
    std::vector<std::string> names;
    for (const AlgorithmInfo& info : ALGORITHMS)
    {
        if (info.kind == kind && info.isImplemented)
        {
            names.emplace_back(info.name);
        }
    }
    return JoinWithOr(names);
}

/// @param name the kernel's name of a cipher @return what it costs like
CipherClass
ClassifyCipher(std::string_view name)
{
    const auto has = [name](const char* word) { return name.find(word) != name.npos; };
    return has("cipher_null") ? CipherClass::None
           : has("gcm(aes)")  ? CipherClass::AesGcm
           : has("(aes)")     ? CipherClass::Aes
                              : CipherClass::Other;
}

/// @param name the kernel's name of an authentication algorithm @return what it costs like
DigestClass
ClassifyDigest(std::string_view name)
{
    const auto has = [name](const char* word) { return name.find(word) != name.npos; };
    return has("digest_null") ? DigestClass::None
           : has("sha1")      ? DigestClass::Sha1
           : has("sha")       ? DigestClass::Sha2
                              : DigestClass::Other;
}

} // namespace

std::string
JoinWithOr(const std::vector<std::string>& words)
{
    std::string text;
    for (size_t i = 0; i < words.size(); ++i)
    {
        if (i > 0)
        {
            text += i + 1 == words.size() ? " or " : ", ";
        }
        text += words[i];
    }
    return text;
}

std::string
KeyLengths::Describe() const
{
    constexpr int MOST_LISTED{3}; // more are given as a range
    std::string text;
    if ((maxBytes - minBytes) / stepBytes < MOST_LISTED)
    {
        std::vector<std::string> lengths;
        for (uint32_t nBytes = minBytes; nBytes <= maxBytes; nBytes += stepBytes)
        {
            lengths.push_back(std::to_string(nBytes));
        }
        text = JoinWithOr(lengths);
    }
    else
    {
        text = std::to_string(minBytes) + " to " + std::to_string(maxBytes);
    }
    text += " bytes";
    return saltBytes == 0 ? text : text + ", " + std::to_string(saltBytes) + " of them salt";
}

uint32_t
AlgorithmInfo::ChooseIcvBits(uint32_t icvBits) const
{
    const std::string start =
        std::string(name) + ": integrity check value of " + std::to_string(icvBits) + " bits: ";
    if (kind == Aead)
    {
        std::vector<std::string> allowed;
        for (uint32_t bits = minIcvBits; bits <= maxIcvBits; bits += 32)
        {
            if (bits == icvBits)
            {
                return icvBits;
            }
            allowed.push_back(std::to_string(bits));
        }
        throw std::invalid_argument(start + "must be " + JoinWithOr(allowed));
    }
    if (icvBits > maxIcvBits)
    {
        throw std::invalid_argument(start + "must be at most " + std::to_string(maxIcvBits));
    }
    return icvBits == 0 ? defaultIcvBits : icvBits;
}

std::span<const AlgorithmInfo>
GetAlgorithms()
{
    return ALGORITHMS;
}

const AlgorithmInfo&
FindAlgorithm(AlgorithmKind kind, std::string_view name)
{
    const auto isNamed = [=](const AlgorithmInfo& info) {
        return info.kind == kind && !name.empty() && (info.name == name || info.alias == name);
    };
    const auto found = std::find_if(ALGORITHMS.begin(), ALGORITHMS.end(), isNamed);
    if (found == ALGORITHMS.end())
    {
        throw std::invalid_argument(std::string(GetKindName(kind)) + " \"" + std::string(name) +
                                    "\": must be " + DescribeNames(kind));
    }
    return *found;
}

const AlgorithmInfo&
FindAlgorithm(AlgorithmKind kind, const Algorithm& algorithm)
{
    const AlgorithmInfo& info = FindAlgorithm(kind, algorithm.name);
    if (!info.isImplemented)
    {
        throw std::invalid_argument(std::string(GetKindName(kind)) + " \"" + algorithm.name +
                                    "\": Linux has the name only; must be " + DescribeNames(kind));
    }
    if (!info.key.Takes(algorithm.key.size()))
    {
        throw std::invalid_argument(std::string(info.name) + ": key of " +
                                    std::to_string(algorithm.key.size()) + " bytes: must have " +
                                    info.key.Describe());
    }
    return info;
}

CryptoClasses
GetCryptoClasses(const StateConfig& config)
{
    if (config.aead)
    {
        return {ClassifyCipher(FindAlgorithm(Aead, config.aead->name).name), DigestClass::None};
    }
    CryptoClasses classes;
    if (config.encryption)
    {
        classes.cipher = ClassifyCipher(FindAlgorithm(Encryption, config.encryption->name).name);
    }
    if (config.auth)
    {
        classes.digest = ClassifyDigest(FindAlgorithm(Auth, config.auth->name).name);
    }
    return classes;
}

} // namespace ns3::xfrm
