/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_WORK_H
#define XFRM_WORK_H

#include "ns3/xfrm-bundle-work.h"
#include "ns3/xfrm-cache-work.h"
#include "ns3/xfrm-policy-work.h"
#include "ns3/xfrm-state-work.h"
#include "ns3/xfrm-transform-type.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace ns3::xfrm
{

/// Packets that passed IP.
struct PacketWork
{
    uint64_t nReceived{0};    //!< packets taken from a device
    uint64_t nReinjected{0};  //!< packets received anew that had been inside others (netif_rx())
    uint64_t nForwarded{0};   //!< packets handed on to be forwarded
    uint64_t nDelivered{0};   //!< packets handed to a protocol of this host, but not to IPsec
    uint64_t nSent{0};        //!< packets of this host
    uint64_t nTransmitted{0}; //!< packets on their way to a device: forwarded ones and this host's,
                              //!< those included that IPsec then keeps or refuses

    /// @param other work to add @return this
    PacketWork& operator+=(const PacketWork& other)
    {
        nReceived += other.nReceived;
        nReinjected += other.nReinjected;
        nForwarded += other.nForwarded;
        nDelivered += other.nDelivered;
        nSent += other.nSent;
        nTransmitted += other.nTransmitted;
        return *this;
    }

    bool operator==(const PacketWork&) const = default;
};

/// Layers put around packets and taken off them.
struct TransformWork
{
    uint64_t nSealed{0};      //!< layers put around packets sent
    uint64_t nSealedBytes{0}; //!< bytes given to them to protect [bytes]
    uint64_t nOpened{0};      //!< layers of received packets that were opened
    uint64_t nOpenedBytes{0}; //!< bytes that came out of them [bytes]

    /// bytes enciphered and deciphered, by class of cipher [bytes]
    std::array<uint64_t, N_CIPHER_CLASSES> nCipherBytes{};
    /// bytes authenticated, by class of digest [bytes]
    std::array<uint64_t, N_DIGEST_CLASSES> nDigestBytes{};

    /**
     * @brief Count what is computed on a packet.
     * @param crypto how @param nBytes what is protected [bytes]
     */
    void AddCrypto(const CryptoClasses& crypto, uint64_t nBytes)
    {
        nCipherBytes[static_cast<size_t>(crypto.cipher)] += nBytes;
        nDigestBytes[static_cast<size_t>(crypto.digest)] += nBytes;
    }

    /// @param other work to add @return this
    TransformWork& operator+=(const TransformWork& other)
    {
        nSealed += other.nSealed;
        nSealedBytes += other.nSealedBytes;
        nOpened += other.nOpened;
        nOpenedBytes += other.nOpenedBytes;
        for (size_t i = 0; i < nCipherBytes.size(); ++i)
        {
            nCipherBytes[i] += other.nCipherBytes[i];
        }
        for (size_t i = 0; i < nDigestBytes.size(); ++i)
        {
            nDigestBytes[i] += other.nDigestBytes[i];
        }
        return *this;
    }

    bool operator==(const TransformWork&) const = default;
};

/**
 * @ingroup xfrm
 * @brief What the kernel would have done for a packet or a work item, in its own steps.
 *
 * Mechanism counts, and knows no price: a cost profile turns this into cycles.
 */
struct Work
{
    PacketWork packet;       //!< packets that passed IP
    CacheWork cache;         //!< flow cache
    PolicyWork policy;       //!< searches in the policy database
    StateWork state;         //!< searches in the state database
    BundleWork bundle;       //!< chains built
    TransformWork transform; //!< layers put around packets and taken off them

    uint64_t nOutputLookups{0}; //!< output decisions (xfrm_lookup())
    uint64_t nCacheLookups{0};  //!< calls of flow_cache_lookup(), by who calls it
    uint64_t nPolicyChecks{0};  //!< full policy checks of received packets (R261)

    /// @param other work to add @return this
    Work& operator+=(const Work& other)
    {
        packet += other.packet;
        cache += other.cache;
        policy += other.policy;
        state += other.state;
        bundle += other.bundle;
        transform += other.transform;
        nOutputLookups += other.nOutputLookups;
        nCacheLookups += other.nCacheLookups;
        nPolicyChecks += other.nPolicyChecks;
        return *this;
    }

    bool operator==(const Work&) const = default;
};

inline constexpr Work NO_WORK{}; //!< nothing was done

} // namespace ns3::xfrm

#endif // XFRM_WORK_H
