/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-cost-items.h"

#include <array>
#include <type_traits>

namespace ns3::xfrm
{

namespace
{

static_assert(std::is_standard_layout_v<Work>, "places in it are counted in bytes");

/// @return the place of the count of a class [bytes]
constexpr size_t
AtClass(size_t array, size_t index)
{
    return array + index * sizeof(uint64_t);
}

constexpr size_t CIPHERS{offsetof(Work, transform) + offsetof(TransformWork, nCipherBytes)};
constexpr size_t DIGESTS{offsetof(Work, transform) + offsetof(TransformWork, nDigestBytes)};

/// @return the place of the count of a cipher [bytes]
constexpr size_t
At(CipherClass cipher)
{
    return AtClass(CIPHERS, static_cast<size_t>(cipher));
}

/// @return the place of the count of an authentication algorithm [bytes]
constexpr size_t
At(DigestClass digest)
{
    return AtClass(DIGESTS, static_cast<size_t>(digest));
}

constexpr size_t PACKET{offsetof(Work, packet)};
constexpr size_t CACHE{offsetof(Work, cache)};
constexpr size_t POLICY{offsetof(Work, policy)};
constexpr size_t STATE{offsetof(Work, state)};
constexpr size_t BUNDLE{offsetof(Work, bundle)};
constexpr size_t TRANSFORM{offsetof(Work, transform)};

constexpr std::array ITEMS{
    CostItem{"packet_received",
             "packet",
             "driver, ip_rcv() and the route of a received packet",
             PACKET + offsetof(PacketWork, nReceived),
             Stage::Receive},
    CostItem{"packet_reinjected",
             "packet",
             "netif_rx(), ip_rcv() and the route of a packet that was inside another",
             PACKET + offsetof(PacketWork, nReinjected),
             Stage::Receive},
    CostItem{"packet_forwarded",
             "packet",
             "ip_forward(), output and driver",
             PACKET + offsetof(PacketWork, nForwarded),
             Stage::Send},
    CostItem{"packet_delivered",
             "packet",
             "from ip_local_deliver() to the protocol and its socket",
             PACKET + offsetof(PacketWork, nDelivered),
             Stage::Send},
    CostItem{"packet_sent",
             "packet",
             "from the socket through ip_queue_xmit() or its like to the driver",
             PACKET + offsetof(PacketWork, nSent),
             Stage::Send},
    CostItem{"transmit",
             "packet",
             "__dev_xmit_skb() and the driver, with the lock of a transmit queue",
             PACKET + offsetof(PacketWork, nTransmitted),
             Stage::Transmit},
    CostItem{"output_lookup",
             "lookup",
             "xfrm_lookup() without what is below",
             offsetof(Work, nOutputLookups),
             Stage::Receive},
    CostItem{"policy_check",
             "check",
             "__xfrm_policy_check() without what is below",
             offsetof(Work, nPolicyChecks),
             Stage::Receive},
    CostItem{"cache_hit",
             "lookup",
             "flow_cache_lookup() that finds a valid entry",
             CACHE + offsetof(CacheWork, nHits),
             Stage::Receive},
    CostItem{"cache_negative",
             "lookup",
             "... that finds an entry without an object",
             CACHE + offsetof(CacheWork, nNegative),
             Stage::Receive},
    CostItem{"cache_refused",
             "lookup",
             "... whose entry's object refuses",
             CACHE + offsetof(CacheWork, nRefused),
             Stage::Receive},
    CostItem{"cache_stale",
             "lookup",
             "... whose entry is of an old generation",
             CACHE + offsetof(CacheWork, nStale),
             Stage::Receive},
    CostItem{"cache_miss",
             "lookup",
             "... that adds an entry",
             CACHE + offsetof(CacheWork, nMisses),
             Stage::Receive},
    CostItem{"cache_unstored",
             "lookup",
             "... that may not add one",
             CACHE + offsetof(CacheWork, nUnstored),
             Stage::Receive},
    CostItem{"cache_uncached",
             "lookup",
             "... for a family or CPU without a cache",
             CACHE + offsetof(CacheWork, nUncached),
             Stage::Receive},
    CostItem{"cache_no_buffers",
             "lookup",
             "... that is refused for want of room",
             CACHE + offsetof(CacheWork, nNoBuffers),
             Stage::Receive},
    CostItem{"cache_hashed_word",
             "32-bit word",
             "a word of a key hashed",
             CACHE + offsetof(CacheWork, nHashedWords),
             Stage::Receive},
    CostItem{"cache_compared",
             "entry",
             "an entry of a chain compared",
             CACHE + offsetof(CacheWork, nCompared),
             Stage::Receive},
    CostItem{"cache_reseed",
             "re-seed",
             "a new hash_rnd, without the entries dropped",
             CACHE + offsetof(CacheWork, nReseeds),
             Stage::Receive},
    CostItem{"cache_shrink",
             "shrink",
             "flow_cache_shrink() without what is below",
             CACHE + offsetof(CacheWork, nShrinks),
             Stage::Receive},
    CostItem{"cache_walked_bucket",
             "bucket",
             "a bucket walked by a shrink, re-seed or flush",
             CACHE + offsetof(CacheWork, nWalkedBuckets),
             Stage::Receive},
    CostItem{"cache_check",
             "entry",
             "an entry asked whether it is valid",
             CACHE + offsetof(CacheWork, nChecks),
             Stage::Receive},
    CostItem{"cache_evicted",
             "entry",
             "an entry unlinked by a shrink or re-seed",
             CACHE + offsetof(CacheWork, nEvicted),
             Stage::Receive},
    CostItem{"cache_flushed",
             "entry",
             "an entry unlinked by a flush",
             CACHE + offsetof(CacheWork, nFlushed),
             Stage::Receive},
    CostItem{"cache_collect",
             "splice",
             "dropped entries put on the gc list, or the list taken, with its lock",
             CACHE + offsetof(CacheWork, nCollects),
             Stage::Collect},
    CostItem{"cache_destroyed",
             "entry",
             "an entry freed by flow_cache_gc_task()",
             CACHE + offsetof(CacheWork, nDestroyed),
             Stage::Receive},
    CostItem{"cache_delete",
             "object",
             "what an entry held is given back: a chain of dsts, or a reference to a policy",
             CACHE + offsetof(CacheWork, nDeletes),
             Stage::Receive},
    CostItem{"policy_lookup",
             "search",
             "xfrm_policy_lookup_bytype() without what is below",
             POLICY + offsetof(PolicyWork, nLookups),
             Stage::PolicySearch},
    CostItem{"policy_exact_compared",
             "policy",
             "a policy of a hash bucket compared",
             POLICY + offsetof(PolicyWork, nExactCompared),
             Stage::PolicySearch},
    CostItem{"policy_inexact_compared",
             "policy",
             "a policy of the inexact list compared",
             POLICY + offsetof(PolicyWork, nInexactCompared),
             Stage::PolicySearch},
    CostItem{"state_find",
             "search",
             "xfrm_state_find() without what is below",
             STATE + offsetof(StateWork, nFinds),
             Stage::StateSearch},
    CostItem{"state_find_compared",
             "state",
             "a state of its chain compared",
             STATE + offsetof(StateWork, nFindCompared),
             Stage::StateSearch},
    CostItem{"spi_lookup",
             "search",
             "xfrm_state_lookup() without what is below",
             STATE + offsetof(StateWork, nSpiLookups),
             Stage::StateSearch},
    CostItem{"spi_compared",
             "state",
             "a state of its chain compared",
             STATE + offsetof(StateWork, nSpiCompared),
             Stage::StateSearch},
    CostItem{"bundle",
             "chain",
             "xfrm_bundle_create() without what is below",
             BUNDLE + offsetof(BundleWork, nBundles),
             Stage::Build},
    CostItem{"bundle_element",
             "dst",
             "a dst allocated and filled",
             BUNDLE + offsetof(BundleWork, nElements),
             Stage::Build},
    CostItem{"bundle_route",
             "lookup",
             "a route looked up for a chain",
             BUNDLE + offsetof(BundleWork, nRouteLookups),
             Stage::Build},
    CostItem{"bundle_reused",
             "chain",
             "xfrm_xdst_can_reuse() of 4.14 that finds the last chain of its CPU right",
             BUNDLE + offsetof(BundleWork, nReused),
             Stage::Build,
             true},
    CostItem{"seal",
             "layer",
             "xfrm_output_one() and the protocol, without the bytes",
             TRANSFORM + offsetof(TransformWork, nSealed),
             Stage::Transform},
    CostItem{"seal_state",
             "layer",
             "... what of it holds the lock of the state: lifetime and sequence number",
             TRANSFORM + offsetof(TransformWork, nSealed),
             Stage::StateUse},
    CostItem{"open",
             "layer",
             "xfrm_input() and the protocol, without the bytes",
             TRANSFORM + offsetof(TransformWork, nOpened),
             Stage::Transform},
    CostItem{"open_state",
             "layer",
             "... what of it holds the lock of the state: replay window and lifetime",
             TRANSFORM + offsetof(TransformWork, nOpened),
             Stage::StateUse},
    CostItem{"cipher_aes_byte",
             "byte",
             "AES in CBC or counter mode",
             At(CipherClass::Aes),
             Stage::Transform},
    CostItem{"cipher_aes_gcm_byte",
             "byte",
             "AES in Galois/counter mode",
             At(CipherClass::AesGcm),
             Stage::Transform},
    CostItem{"cipher_other_byte",
             "byte",
             "any other cipher",
             At(CipherClass::Other),
             Stage::Transform},
    CostItem{"digest_sha1_byte", "byte", "HMAC-SHA-1", At(DigestClass::Sha1), Stage::Transform},
    CostItem{"digest_sha2_byte", "byte", "HMAC-SHA-2", At(DigestClass::Sha2), Stage::Transform},
    CostItem{"digest_other_byte",
             "byte",
             "any other authentication",
             At(DigestClass::Other),
             Stage::Transform},
};

constexpr std::array CONTENTION_ITEMS{
    ContentionItem{"line_transfer",
                   "transfer",
                   "a cache line comes from the core that wrote it last",
                   &ContentionPrices::transfer},
    ContentionItem{"lock_handover",
                   "grant",
                   "a lock passes to a core that waits for it",
                   &ContentionPrices::handover},
    ContentionItem{"lock_waiter",
                   "core",
                   "... more for each further core that waits, if all watch one line",
                   &ContentionPrices::waiter},
    ContentionItem{"packet_steered",
                   "packet",
                   "get_rps_cpu() and enqueue_to_backlog(), with the interrupt of the other core",
                   &ContentionPrices::steer},
    ContentionItem{"lock_crowding",
                   "core and us",
                   "a core that waits slows the one that has the lock, if all watch its line",
                   &ContentionPrices::crowding,
                   true},
};

} // namespace

std::span<const CostItem>
GetCostItems()
{
    return ITEMS;
}

std::span<const ContentionItem>
GetContentionItems()
{
    return CONTENTION_ITEMS;
}

} // namespace ns3::xfrm
