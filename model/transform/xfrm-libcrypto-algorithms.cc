/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-libcrypto-algorithms.h"

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::xfrm
{

namespace
{

using enum AlgorithmKind;

/// A name of the kernel and what libcrypto calls the same.
struct LibcryptoName
{
    AlgorithmKind kind;      //!< what it is for
    std::string_view name;   //!< the kernel's name
    std::string_view start;  //!< libcrypto's name up to the key's length, empty: nothing to compute
    std::string_view end{};  //!< what follows the key's length, empty: no length in the name
    std::string_view code{}; //!< authentication: the construction around it
};

constexpr std::array NAMES{
    LibcryptoName{Aead, "rfc4106(gcm(aes))", "AES-", "-GCM"},
    LibcryptoName{Aead, "rfc4309(ccm(aes))", "AES-", "-CCM"},
    LibcryptoName{Aead, "rfc4543(gcm(aes))", "AES-", "-GCM"},
    LibcryptoName{Aead, "rfc7539esp(chacha20,poly1305)", "ChaCha20-Poly1305"},
    LibcryptoName{Auth, "digest_null", ""},
    LibcryptoName{Auth, "hmac(md5)", "MD5", "", "HMAC"},
    LibcryptoName{Auth, "hmac(sha1)", "SHA1", "", "HMAC"},
    LibcryptoName{Auth, "hmac(sha256)", "SHA256", "", "HMAC"},
    LibcryptoName{Auth, "hmac(sha384)", "SHA384", "", "HMAC"},
    LibcryptoName{Auth, "hmac(sha512)", "SHA512", "", "HMAC"},
    LibcryptoName{Auth, "hmac(rmd160)", "RIPEMD160", "", "HMAC"},
    LibcryptoName{Auth, "cmac(aes)", "AES-", "-CBC", "CMAC"},
    LibcryptoName{Encryption, "ecb(cipher_null)", ""},
    LibcryptoName{Encryption, "cbc(des3_ede)", "DES-EDE3-CBC"},
    LibcryptoName{Encryption, "cbc(aes)", "AES-", "-CBC"},
    LibcryptoName{Encryption, "cbc(camellia)", "CAMELLIA-", "-CBC"},
    LibcryptoName{Encryption, "rfc3686(ctr(aes))", "AES-", "-CTR"},
};

/// @return libcrypto's name for one of the kernel's
/// @throws std::invalid_argument if there is none
const LibcryptoName&
FindName(AlgorithmKind kind, std::string_view name)
{
    std::vector<std::string> names;
    for (const LibcryptoName& known : NAMES)
    {
        if (known.kind == kind && known.name == name)
        {
            return known;
        }
        if (known.kind == kind)
        {
            names.emplace_back(known.name);
        }
    }
    throw std::invalid_argument(std::string(name) + ": its bytes are not computed: must be " +
                                JoinWithOr(names));
}

/// An algorithm with its key, ready for libcrypto.
struct Prepared
{
    std::string_view code;        //!< authentication: the construction around it
    std::string name;             //!< libcrypto's name, empty: nothing to compute
    std::span<const uint8_t> key; //!< key without salt
    uint32_t saltBytes{0};        //!< the salt that stands behind it [bytes]
};

/// @param kind what it is for @param algorithm it and its key @return the same for libcrypto
Prepared
Prepare(AlgorithmKind kind, const Algorithm& algorithm)
{
    const AlgorithmInfo& info = FindAlgorithm(kind, algorithm);
    const LibcryptoName& known = FindName(kind, info.name);
    Prepared prepared{known.code, std::string(known.start), algorithm.key, info.key.saltBytes};
    prepared.key = prepared.key.first(algorithm.key.size() - info.key.saltBytes);
    if (!known.end.empty())
    {
        prepared.name += std::to_string(prepared.key.size() * 8) + std::string(known.end);
    }
    return prepared;
}

constexpr uint32_t AEAD_IV_BYTES{8}; //!< of each packet, behind the salt

} // namespace

std::unique_ptr<AeadCipher>
MakeAeadCipher(const Algorithm& aead, uint32_t icvBytes)
{
    const Prepared prepared = Prepare(Aead, aead);
    return std::make_unique<AeadCipher>(prepared.name,
                                        prepared.key,
                                        prepared.saltBytes + AEAD_IV_BYTES,
                                        icvBytes);
}

std::unique_ptr<Cipher>
MakeCipher(const Algorithm& encryption)
{
    const Prepared prepared = Prepare(Encryption, encryption);
    return prepared.name.empty() ? nullptr : std::make_unique<Cipher>(prepared.name, prepared.key);
}

std::unique_ptr<Mac>
MakeMac(const Algorithm& auth)
{
    const Prepared prepared = Prepare(Auth, auth);
    return prepared.name.empty()
               ? nullptr
               : std::make_unique<Mac>(std::string(prepared.code), prepared.name, prepared.key);
}

std::span<const uint8_t>
GetSalt(AlgorithmKind kind, const Algorithm& algorithm)
{
    const uint32_t nBytes = FindAlgorithm(kind, algorithm).key.saltBytes;
    return std::span(algorithm.key).last(nBytes);
}

} // namespace ns3::xfrm
