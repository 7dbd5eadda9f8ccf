/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_LIBCRYPTO_ALGORITHMS_H
#define XFRM_LIBCRYPTO_ALGORITHMS_H

/**
 * @file
 * @ingroup xfrm
 * @brief Which of libcrypto's algorithms stands behind each of the kernel's names.
 *
 * Algorithms that Linux has and libcrypto's default provider has not (single DES, CAST5, Blowfish,
 * Serpent, Twofish, AES-XCBC) are refused with std::invalid_argument, which lists those there are.
 */

#include "xfrm-algorithms.h"
#include "xfrm-libcrypto.h"

#include "ns3/xfrm-state-config.h"

#include <cstdint>
#include <memory>
#include <span>

namespace ns3::xfrm
{

/// @param aead a combined algorithm, its key with the salt @param icvBytes its check value [bytes]
/// @return its cipher, whose nonces are the salt and 8 bytes of initialisation vector
std::unique_ptr<AeadCipher> MakeAeadCipher(const Algorithm& aead, uint32_t icvBytes);

/// @param encryption a cipher, its key with the salt @return it; null for the null cipher
std::unique_ptr<Cipher> MakeCipher(const Algorithm& encryption);

/// @param auth an authentication algorithm @return it; null for the null digest
std::unique_ptr<Mac> MakeMac(const Algorithm& auth);

/// @param kind what it is for @param algorithm an algorithm, its key with the salt
/// @return the salt, which stands behind the key, as a part of that; empty if it has none
std::span<const uint8_t> GetSalt(AlgorithmKind kind, const Algorithm& algorithm);

} // namespace ns3::xfrm

#endif // XFRM_LIBCRYPTO_ALGORITHMS_H
