/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_LIBCRYPTO_H
#define XFRM_LIBCRYPTO_H

/**
 * @file
 * @ingroup xfrm
 * @brief Ciphers and message authentication codes of OpenSSL's libcrypto, owned and checked.
 *
 * Keys are set up by the constructors; a message then takes its initialisation vector and its bytes
 * only.  Failures of the library throw std::runtime_error with its words.
 */

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>

struct evp_cipher_ctx_st;
struct evp_mac_ctx_st;

namespace ns3::xfrm
{

/// Frees contexts of libcrypto.
struct LibcryptoDeleter
{
    void operator()(evp_cipher_ctx_st* context) const; //!< frees a cipher's
    void operator()(evp_mac_ctx_st* context) const;    //!< frees an authentication code's
};

using CipherContext = std::unique_ptr<evp_cipher_ctx_st, LibcryptoDeleter>; //!< a cipher, keyed
using MacContext = std::unique_ptr<evp_mac_ctx_st, LibcryptoDeleter>;       //!< a code, keyed

/// A cipher that does not authenticate, without padding of its own.
class Cipher
{
  public:
    /// @param name libcrypto's name, such as "AES-128-CBC" @param key its key
    Cipher(const std::string& name, std::span<const uint8_t> key);

    /// @brief Encrypt where the text stands.
    /// @param iv initialisation vector @param text clear text, a multiple of the block; then cipher
    void Encrypt(std::span<const uint8_t> iv, std::span<uint8_t> text);

    /// @param iv initialisation vector @param text ciphertext, a multiple of the block
    /// @param clear where the clear text goes, as long
    void Decrypt(std::span<const uint8_t> iv,
                 std::span<const uint8_t> text,
                 std::span<uint8_t> clear);

  private:
    CipherContext m_encryption; //!< this way
    CipherContext m_decryption; //!< and that way
    size_t m_ivBytes{0};        //!< initialisation vector [bytes]
};

/// What a combined cipher authenticates besides the text.
struct AeadInput
{
    std::span<const uint8_t> nonce; //!< never the same for two messages
    std::span<const uint8_t> data;  //!< authenticated before the text
    std::span<const uint8_t> more;  //!< goes on behind that, empty in most uses
};

/// A cipher that authenticates.
class AeadCipher
{
  public:
    /// @param name libcrypto's name, such as "AES-128-GCM" @param key its key, without salt
    /// @param nonceBytes length of nonces [bytes] @param tagBytes length of tags [bytes]
    AeadCipher(const std::string& name,
               std::span<const uint8_t> key,
               uint32_t nonceBytes,
               uint32_t tagBytes);

    /// @brief Encrypt where the text stands.  @param input what else is authenticated
    /// @param text clear text, then ciphertext @param tag where the tag goes
    void Seal(const AeadInput& input, std::span<uint8_t> text, std::span<uint8_t> tag);

    /// @param input what else is authenticated @param text ciphertext @param tag the tag
    /// @param clear where the clear text goes, as long; worth nothing if the tag is wrong
    /// @return whether the tag is right
    bool Open(const AeadInput& input,
              std::span<const uint8_t> text,
              std::span<const uint8_t> tag,
              std::span<uint8_t> clear);

  private:
    void Start(evp_cipher_ctx_st* context, const AeadInput& input, size_t textBytes) const;

    CipherContext m_encryption; //!< this way
    CipherContext m_decryption; //!< and that way
    size_t m_nonceBytes{0};     //!< length of nonces [bytes]
    bool m_isCcm{false};        //!< counter with CBC-MAC: length and tag come first
};

/// A message authentication code.
class Mac
{
  public:
    /// @param name "HMAC" or "CMAC" @param part the digest or cipher in it, such as "SHA256"
    /// @param key its key, of any length that it takes
    Mac(const std::string& name, const std::string& part, std::span<const uint8_t> key);

    /// @brief Compute the code of a message.  @param parts the message, piece by piece
    /// @param code where its start goes, as much as fits
    void Compute(std::initializer_list<std::span<const uint8_t>> parts, std::span<uint8_t> code);

  private:
    MacContext m_context; //!< keyed
};

} // namespace ns3::xfrm

#endif // XFRM_LIBCRYPTO_H
