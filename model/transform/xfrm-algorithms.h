/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_ALGORITHMS_H
#define XFRM_ALGORITHMS_H

/**
 * @file
 * @ingroup xfrm
 * @brief The algorithms that IPsec knows, by their kernel names.
 */

#include "ns3/xfrm-state-config.h"
#include "ns3/xfrm-transform-type.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::xfrm
{

/// What an algorithm is for; each kind has names of its own.
enum class AlgorithmKind : uint8_t
{
    Aead,       //!< combined: cipher and authentication in one
    Auth,       //!< authentication
    Encryption, //!< cipher
    Compression //!< compression
};

/// The key lengths that an algorithm takes, salt included.
struct KeyLengths
{
    uint16_t minBytes{0};  //!< shortest [bytes]
    uint16_t maxBytes{0};  //!< longest [bytes]
    uint16_t stepBytes{1}; //!< distance of those between, from 1 [bytes]
    uint16_t saltBytes{0}; //!< of which the last are a salt [bytes]

    /// @param nBytes a length [bytes] @return whether a key may have it
    constexpr bool Takes(size_t nBytes) const
    {
        return nBytes >= minBytes && nBytes <= maxBytes && (nBytes - minBytes) % stepBytes == 0;
    }

    /// @return in words, such as "20, 28 or 36 bytes, 4 of them salt"
    std::string Describe() const;
};

/**
 * @ingroup xfrm
 * @brief What is known of an algorithm.
 *
 * Source: struct xfrm_algo_desc and the tables of net/xfrm/xfrm_algo.c, Linux 4.1; key lengths are
 * those that the ciphers of crypto/ take there, which for HMACs is any.
 */
struct AlgorithmInfo
{
    AlgorithmKind kind;       //!< what it is for
    std::string_view name;    //!< the kernel's name
    std::string_view alias;   //!< its short name, empty if there is none (compat)
    uint8_t number;           //!< PF_KEY's number (sadb_alg_id), 0 none; combined ones: that of the
                              //!< shortest integrity check value, the next ones follow
    KeyLengths key;           //!< key lengths
    uint8_t ivBytes;          //!< initialisation vector in each packet [bytes]
    uint8_t blockBytes;       //!< block of the cipher, 1 for stream ciphers [bytes]
    uint16_t defaultIcvBits;  //!< integrity check value unless told; combined ones: 0, always told;
                              //!< no authentication: 0 [bits]
    uint16_t minIcvBits;      //!< combined: the shortest one, others follow in steps of 32 [bits]
    uint16_t maxIcvBits;      //!< the longest one, 0 without authentication [bits]
    uint16_t thresholdBytes;  //!< compression: shorter packets are left alone [bytes]
    bool isImplemented{true}; //!< whether Linux has more of it than the name

    /// @param icvBits length asked for, 0 the default [bits]
    /// @return the length used; none of that length: std::invalid_argument is thrown [bits]
    uint32_t ChooseIcvBits(uint32_t icvBits) const;

    /// @return the bit of template masks that stands for it, 0 to 31: its number, of which shifts
    ///         on x86 take the low 5 bits
    uint8_t GetTemplateBit() const
    {
        return number % 32;
    }
};

/// @param words some words @return "a", "a or b", "a, b or c"
std::string JoinWithOr(const std::vector<std::string>& words);

/// @return all algorithms: combined, authentication, ciphers, compression
std::span<const AlgorithmInfo> GetAlgorithms();

/**
 * @brief Find an algorithm by name (xfrm_aead_get_byname() and its like).
 * @param kind what it is for
 * @param name its name or short name
 * @return what is known of it, for ever
 * @throws std::invalid_argument that lists those there are, if there is none of the name
 */
const AlgorithmInfo& FindAlgorithm(AlgorithmKind kind, std::string_view name);

/**
 * @brief Find an algorithm and check its key.
 * @param kind what it is for
 * @param algorithm name and key
 * @return what is known of it, for ever
 * @throws std::invalid_argument that says what is allowed, for an unknown name, a name that Linux
 *         has without an algorithm behind it, or a key of another length
 */
const AlgorithmInfo& FindAlgorithm(AlgorithmKind kind, const Algorithm& algorithm);

/// @param config a state with algorithms that are known @return what is computed on its packets
CryptoClasses GetCryptoClasses(const StateConfig& config);

} // namespace ns3::xfrm

#endif // XFRM_ALGORITHMS_H
