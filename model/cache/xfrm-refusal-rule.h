/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_REFUSAL_RULE_H
#define XFRM_REFUSAL_RULE_H

#include <cstdint>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief When the flow cache refuses a new entry with -ENOBUFS: a rule that came with 4.6.
 *
 * Source: flow_cache_lookup(), net/core/flow.c of 4.6.2 and 4.10.1 (doc/spec/flow-cache.md, section
 * 12; R312 and R313 of kernel-generations.md).  Limits are multiples of the high watermark; all
 * comparisons are strict; 0 means no limit.
 */
struct RefusalRule
{
    uint32_t maxEntries{0};      //!< most entries of the CPU's table [high watermarks]
    uint32_t maxPending{0};      //!< most entries waiting for the gc [high watermarks]
    bool isPendingPerCpu{false}; //!< maxPending counts for each on-line CPU
    bool bumpsGenid{false};      //!< a refusal adds 1 to the generation

    /// Up to 4.5: never.
    static constexpr RefusalRule Never()
    {
        return {};
    }

    /// 4.6 and 4.7: more than 2 watermarks of entries, or 1 waiting; bumps the generation.
    static constexpr RefusalRule Linux46()
    {
        return {.maxEntries = 2, .maxPending = 1, .bumpsGenid = true};
    }

    /// 4.8 to 4.13: more than 2 watermarks for each on-line CPU waiting.
    static constexpr RefusalRule Linux410()
    {
        return {.maxPending = 2, .isPendingPerCpu = true};
    }

    bool operator==(const RefusalRule&) const = default;

    /**
     * @param highWatermark the table's high watermark [entries]
     * @param nEntries entries in the table, after a due shrink
     * @param nPending entries waiting for the gc, those of that shrink included
     * @param nOnline CPUs on line now
     * @return whether a new entry is refused
     */
    constexpr bool Refuses(uint64_t highWatermark,
                           uint64_t nEntries,
                           uint64_t nPending,
                           uint64_t nOnline) const
    {
        const uint64_t nShares = isPendingPerCpu ? nOnline : 1;
        return (maxEntries != 0 && nEntries > maxEntries * highWatermark) ||
               (maxPending != 0 && nPending > maxPending * nShares * highWatermark);
    }
};

} // namespace ns3::xfrm

#endif // XFRM_REFUSAL_RULE_H
