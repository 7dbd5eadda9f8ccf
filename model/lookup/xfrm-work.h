/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_WORK_H
#define XFRM_WORK_H

#include "ns3/xfrm-bundle-work.h"
#include "ns3/xfrm-cache-work.h"
#include "ns3/xfrm-policy-work.h"
#include "ns3/xfrm-state-work.h"

#include <cstdint>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief What the kernel would have done for a packet or a work item, in its own steps.
 *
 * Mechanism counts, and knows no price: a cost profile turns this into cycles.
 */
struct Work
{
    CacheWork cache;   //!< flow cache
    PolicyWork policy; //!< searches in the policy database
    StateWork state;   //!< searches in the state database
    BundleWork bundle; //!< chains built

    uint64_t nOutputLookups{0}; //!< output decisions (xfrm_lookup())
    uint64_t nPolicyChecks{0};  //!< full policy checks of received packets (R261)
    uint64_t nTransforms{0};    //!< transformations of packets sent
    uint64_t nSealedBytes{0};   //!< bytes given to them to protect [bytes]
    uint64_t nReceived{0};      //!< layers of received packets that were opened
    uint64_t nOpenedBytes{0};   //!< bytes that came out of them [bytes]

    /// @param other work to add @return this
    Work& operator+=(const Work& other)
    {
        cache += other.cache;
        policy += other.policy;
        state += other.state;
        bundle += other.bundle;
        nOutputLookups += other.nOutputLookups;
        nPolicyChecks += other.nPolicyChecks;
        nTransforms += other.nTransforms;
        nSealedBytes += other.nSealedBytes;
        nReceived += other.nReceived;
        nOpenedBytes += other.nOpenedBytes;
        return *this;
    }

    bool operator==(const Work&) const = default;
};

} // namespace ns3::xfrm

#endif // XFRM_WORK_H
