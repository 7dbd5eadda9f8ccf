/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-libcrypto.h"

#include <algorithm>
#include <array>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdexcept>

namespace ns3::xfrm
{

namespace
{

constexpr int DECRYPT{0};         //!< libcrypto's number of that direction
constexpr int ENCRYPT{1};         //!< libcrypto's number of that direction
constexpr int SAME_DIRECTION{-1}; //!< libcrypto's number of no change

/// @brief Throw what the library says, unless a call succeeded.
/// @param isDone whether it did @param what what was tried
void
Require(bool isDone, const char* what)
{
    if (isDone)
    {
        return;
    }
    std::string text = std::string("libcrypto: ") + what;
    if (const char* reason = ERR_reason_error_string(ERR_get_error()))
    {
        text += std::string(": ") + reason;
    }
    ERR_clear_error();
    throw std::runtime_error(text);
}

/// @return a length as the library takes it
int
ToInt(size_t nBytes)
{
    return static_cast<int>(nBytes);
}

/// @return a context with a cipher and a direction, and no key
CipherContext
MakeCipherContext(const std::string& name, int direction)
{
    const std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> cipher(
        EVP_CIPHER_fetch(nullptr, name.c_str(), nullptr),
        EVP_CIPHER_free);
    Require(cipher != nullptr, name.c_str());
    CipherContext context(EVP_CIPHER_CTX_new());
    Require(context != nullptr, "no context");
    Require(EVP_CipherInit_ex2(context.get(), cipher.get(), nullptr, nullptr, direction, nullptr) ==
                1,
            name.c_str());
    return context;
}

/// @brief Set a context's key.  @param context where @param key the key
void
SetKey(EVP_CIPHER_CTX* context, std::span<const uint8_t> key)
{
    Require(EVP_CIPHER_CTX_get_key_length(context) == ToInt(key.size()), "length of a key");
    Require(EVP_CipherInit_ex2(context, nullptr, key.data(), nullptr, SAME_DIRECTION, nullptr) == 1,
            "key");
}

/// @brief Begin a message.  @param context where @param iv its initialisation vector
void
SetIv(EVP_CIPHER_CTX* context, std::span<const uint8_t> iv)
{
    Require(EVP_CipherInit_ex2(context, nullptr, nullptr, iv.data(), SAME_DIRECTION, nullptr) == 1,
            "initialisation vector");
}

/// @brief Put bytes through a cipher.  @param context where @param in the bytes
/// @param out where they go @return whether it worked
bool
Update(EVP_CIPHER_CTX* context, std::span<const uint8_t> in, std::span<uint8_t> out)
{
    uint8_t nowhere = 0; // null has a meaning of its own
    int nBytes = 0;
    return EVP_CipherUpdate(context,
                            out.empty() ? &nowhere : out.data(),
                            &nBytes,
                            in.empty() ? &nowhere : in.data(),
                            ToInt(in.size())) == 1;
}

/// @brief Let a cipher authenticate bytes only.  @param context where @param data the bytes
void
Authenticate(EVP_CIPHER_CTX* context, std::span<const uint8_t> data)
{
    int nBytes = 0;
    Require(data.empty() ||
                EVP_CipherUpdate(context, nullptr, &nBytes, data.data(), ToInt(data.size())) == 1,
            "authenticated data");
}

/// @brief End a message.  @param context where @return whether it worked, tag included
bool
Finish(EVP_CIPHER_CTX* context)
{
    std::array<uint8_t, EVP_MAX_BLOCK_LENGTH> rest{};
    int nBytes = 0;
    return EVP_CipherFinal_ex(context, rest.data(), &nBytes) == 1;
}

/// @brief Tell a context the tag that it is to find.  @param context where @param tag the tag
void
SetTag(EVP_CIPHER_CTX* context, std::span<const uint8_t> tag)
{
    std::array<uint8_t, EVP_MAX_MD_SIZE> bytes{}; // the library asks for what it may write to
    std::copy(tag.begin(), tag.end(), bytes.begin());
    Require(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, ToInt(tag.size()), bytes.data()) ==
                1,
            "tag");
}

/// @brief Set a length of a combined cipher.  @param context where @param control the library's
/// number of it @param nBytes the length [bytes]
void
SetLength(EVP_CIPHER_CTX* context, int control, uint32_t nBytes)
{
    Require(EVP_CIPHER_CTX_ctrl(context, control, static_cast<int>(nBytes), nullptr) == 1,
            "length of a nonce or tag");
}

/// @return a keyed context without padding
CipherContext
MakeKeyedCipher(const std::string& name, int direction, std::span<const uint8_t> key)
{
    CipherContext context = MakeCipherContext(name, direction);
    SetKey(context.get(), key);
    Require(EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1, "no padding");
    return context;
}

/// @brief Put a message through a cipher.  @param context where @param iv initialisation vector
/// @param in the message @param out where it goes
void
Run(EVP_CIPHER_CTX* context,
    std::span<const uint8_t> iv,
    std::span<const uint8_t> in,
    std::span<uint8_t> out)
{
    SetIv(context, iv);
    Require(Update(context, in, out) && Finish(context), "cipher");
}

} // namespace

void
LibcryptoDeleter::operator()(evp_cipher_ctx_st* context) const
{
    EVP_CIPHER_CTX_free(context);
}

void
LibcryptoDeleter::operator()(evp_mac_ctx_st* context) const
{
    EVP_MAC_CTX_free(context);
}

Cipher::Cipher(const std::string& name, std::span<const uint8_t> key)
    : m_encryption(MakeKeyedCipher(name, ENCRYPT, key)),
      m_decryption(MakeKeyedCipher(name, DECRYPT, key)),
      m_ivBytes(EVP_CIPHER_CTX_get_iv_length(m_encryption.get()))
{
}

void
Cipher::Encrypt(std::span<const uint8_t> iv, std::span<uint8_t> text)
{
    Require(iv.size() == m_ivBytes, "length of an initialisation vector");
    Run(m_encryption.get(), iv, text, text);
}

void
Cipher::Decrypt(std::span<const uint8_t> iv,
                std::span<const uint8_t> text,
                std::span<uint8_t> clear)
{
    Require(iv.size() == m_ivBytes, "length of an initialisation vector");
    Run(m_decryption.get(), iv, text, clear);
}

AeadCipher::AeadCipher(const std::string& name,
                       std::span<const uint8_t> key,
                       uint32_t nonceBytes,
                       uint32_t tagBytes)
    : m_encryption(MakeCipherContext(name, ENCRYPT)),
      m_decryption(MakeCipherContext(name, DECRYPT)),
      m_nonceBytes(nonceBytes),
      m_isCcm(EVP_CIPHER_CTX_get_mode(m_encryption.get()) == EVP_CIPH_CCM_MODE)
{
    for (EVP_CIPHER_CTX* context : {m_encryption.get(), m_decryption.get()})
    {
        SetLength(context, EVP_CTRL_AEAD_SET_IVLEN, nonceBytes);
        if (m_isCcm)
        {
            SetLength(context, EVP_CTRL_AEAD_SET_TAG, tagBytes);
        }
        SetKey(context, key);
    }
}

void
AeadCipher::Start(EVP_CIPHER_CTX* context, const AeadInput& input, size_t textBytes) const
{
    Require(input.nonce.size() == m_nonceBytes, "length of a nonce");
    SetIv(context, input.nonce);
    if (m_isCcm)
    {
        int nBytes = 0;
        Require(EVP_CipherUpdate(context, nullptr, &nBytes, nullptr, ToInt(textBytes)) == 1,
                "length of a text");
    }
    Authenticate(context, input.data);
    Authenticate(context, input.more);
}

void
AeadCipher::Seal(const AeadInput& input, std::span<uint8_t> text, std::span<uint8_t> tag)
{
    EVP_CIPHER_CTX* context = m_encryption.get();
    Start(context, input, text.size());
    Require(Update(context, text, text), "cipher");
    Require(Finish(context), "end of a cipher");
    Require(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, ToInt(tag.size()), tag.data()) == 1,
            "tag");
}

bool
AeadCipher::Open(const AeadInput& input,
                 std::span<const uint8_t> text,
                 std::span<const uint8_t> tag,
                 std::span<uint8_t> clear)
{
    EVP_CIPHER_CTX* context = m_decryption.get();
    if (m_isCcm)
    {
        SetTag(context, tag);
        Start(context, input, text.size());
        const bool isRight = Update(context, text, clear); // compares the tag, too
        ERR_clear_error();
        return isRight;
    }
    Start(context, input, text.size());
    Require(Update(context, text, clear), "cipher");
    SetTag(context, tag);
    const bool isRight = Finish(context);
    ERR_clear_error();
    return isRight;
}

Mac::Mac(const std::string& name, const std::string& part, std::span<const uint8_t> key)
{
    const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> mac(
        EVP_MAC_fetch(nullptr, name.c_str(), nullptr),
        EVP_MAC_free);
    Require(mac != nullptr, name.c_str());
    m_context.reset(EVP_MAC_CTX_new(mac.get()));
    Require(m_context != nullptr, "no context");
    std::string value = part;
    const char* parameter = name == "CMAC" ? OSSL_MAC_PARAM_CIPHER : OSSL_MAC_PARAM_DIGEST;
    const std::array<OSSL_PARAM, 2> parameters{
        OSSL_PARAM_construct_utf8_string(parameter, value.data(), 0),
        OSSL_PARAM_construct_end()};
    const uint8_t nothing = 0; // an empty key still is one
    Require(EVP_MAC_init(m_context.get(),
                         key.empty() ? &nothing : key.data(),
                         key.size(),
                         parameters.data()) == 1,
            part.c_str());
}

void
Mac::Compute(std::initializer_list<std::span<const uint8_t>> parts, std::span<uint8_t> code)
{
    Require(EVP_MAC_init(m_context.get(), nullptr, 0, nullptr) == 1, "authentication");
    for (const auto& bytes : parts)
    {
        Require(EVP_MAC_update(m_context.get(), bytes.data(), bytes.size()) == 1,
                "authenticated data");
    }
    std::array<uint8_t, EVP_MAX_MD_SIZE> whole{};
    size_t nBytes = 0;
    Require(EVP_MAC_final(m_context.get(), whole.data(), &nBytes, whole.size()) == 1,
            "authentication code");
    Require(code.size() <= nBytes, "length of an authentication code");
    std::copy_n(whole.begin(), code.size(), code.begin());
}

} // namespace ns3::xfrm
