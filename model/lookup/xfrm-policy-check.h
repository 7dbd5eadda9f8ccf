/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_POLICY_CHECK_H
#define XFRM_POLICY_CHECK_H

#include "xfrm-context.h"
#include "xfrm-lookup-cache.h"
#include "xfrm-namespace.h"
#include "xfrm-sec-path.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace ns3::xfrm
{

/// Whether a received packet may go on, and if not, why.
struct CheckResult
{
    bool isAccepted{true};                      //!< it may go on
    std::optional<Counter> counter{};           //!< the counter that was moved
    std::optional<CacheOutcome> cacheOutcome{}; //!< how the flow cache answered, if it was asked
};

/**
 * @ingroup xfrm
 * @brief Do policies let a received packet in, or through?
 *
 * Source: __xfrm_policy_check2() and __xfrm_policy_check(), with xfrm_policy_ok() and
 * xfrm_state_ok(), net/xfrm/xfrm_policy.c, Linux 4.1 (R260 to R267).  IPv4 has no template sort in
 * 4.1, so templates keep their order (R268).  What mark a receiving socket has is not known here:
 * its policy is asked with mark 0.
 */
class PolicyCheck
{
  public:
    /// @param net the namespace; must outlive this
    explicit PolicyCheck(Namespace& net);

    /**
     * @brief Can the full check be left out (R260)?  Most packets can do without their flow.
     * @param direction In or Forward
     * @param path states of the layers that the packet shed
     * @param hasNoPolicy its input device is exempt (DST_NOPOLICY)
     * @return whether the packet passes
     */
    bool PassesUnchecked(Direction direction, const SecPath& path, bool hasNoPolicy) const;

    /// @param flow of a packet that is for this host
    /// @return whether its socket has a policy for input, so that the full check has to be made
    bool HasSocketPolicy(const Flow& flow) const;

    /**
     * @brief Check a packet (__xfrm_policy_check(), R261 to R267).
     * @param direction In or Forward
     * @param flow the packet's flow (R103); null: its header could not be read
     * @param path states of the layers that it shed
     * @param context where it runs
     * @return whether it may go on
     */
    CheckResult Check(Direction direction,
                      const Flow* flow,
                      const SecPath& path,
                      const Context& context);

  private:
    FoundPolicy Find(Direction direction, const Flow& flow, const Context& context);
    std::optional<Counter> Judge(const Ptr<Policy>& first,
                                 const Flow& flow,
                                 const SecPath& path,
                                 const Context& context);

    Namespace& m_net; //!< the namespace
};

} // namespace ns3::xfrm

#endif // XFRM_POLICY_CHECK_H
