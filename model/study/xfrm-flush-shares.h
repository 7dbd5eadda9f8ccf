/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_FLUSH_SHARES_H
#define XFRM_FLUSH_SHARES_H

#include "ns3/xfrm-cache-work.h"
#include "ns3/xfrm-flow-entry.h"

#include <cstdint>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief What flushes have cores do (flow_cache_flush_per_cpu()), and what came of it.
 *
 * A core walks its table in the same way again and again while nothing else happens there, so
 * equal shares in a row are kept once.
 */
class FlushShares
{
  public:
    /// A core's share of flushes.
    struct Share
    {
        CacheWork work;       //!< what there is to do
        int64_t ns{-1};       //!< how long that takes, -1: not known [ns]
        uint64_t nPending{0}; //!< times that it is still to be done
        uint64_t nDone{0};    //!< times that it was done, not in Core::done
    };

    /// @param nCores cores
    explicit FlushShares(uint32_t nCores)
        : m_cores(nCores)
    {
    }

    /// @brief A core has a share to do.  @param cpu the core @param work what
    /// @return its number, for Begin()
    uint32_t Add(CpuId cpu, const CacheWork& work);

    /// @brief A core does it.  @param cpu the core @param number from Add()
    /// @return the share; Share::ns may be set; valid until the next call
    Share& Begin(CpuId cpu, uint32_t number);

    /// @brief Add what a core did.  @param cpu the core @param sum it is added here
    void AddTo(CpuId cpu, CacheWork& sum) const;

  private:
    static constexpr uint32_t NONE{UINT32_MAX}; //!< no share

    /// What is known of a core.
    struct Core
    {
        uint32_t last{NONE}; //!< its last share
        CacheWork done;      //!< what it did of those before
    };

    std::vector<Core> m_cores;    //!< by number
    std::vector<Share> m_shares;  //!< by number
    std::vector<uint32_t> m_free; //!< numbers that are not in use
};

} // namespace ns3::xfrm

#endif // XFRM_FLUSH_SHARES_H
