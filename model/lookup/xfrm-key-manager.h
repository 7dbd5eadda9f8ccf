/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_KEY_MANAGER_H
#define XFRM_KEY_MANAGER_H

#include "ns3/xfrm-policy.h"
#include "ns3/xfrm-state.h"

#include <cstdint>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Who is asked for states, and told of their end: a daemon behind a netlink socket.
 *
 * Whoever is called looks, and answers; what it wants to change of the namespace, its policies,
 * states and key managers, it does later, as an event of its own: a lookup may be under way.
 *
 * Source: struct xfrm_mgr, include/net/xfrm.h, Linux 4.1 (R180 to R183).  Left out: telling of
 * states and policies that somebody else adds or deletes; of address and port changes (R248).
 */
class KeyManager
{
  public:
    virtual ~KeyManager() = default;

    /// @param last number of the last acquire, 0: there was none @return the next one's, not 0,
    ///        which stands for none (R180)
    static constexpr uint32_t GetNextNumber(uint32_t last)
    {
        return last == UINT32_MAX ? 1 : last + 1;
    }

    /// @return whether it listens for acquires now (R181)
    virtual bool IsListening() const = 0;

    /**
     * @brief A state is wanted (ACQUIRE).
     * @param larval stands for it meanwhile: ends, flow as selector, number of the request
     * @param wanted the template
     * @param policy whose
     * @return 0 if it will see to it, else a negative errno
     */
    virtual int32_t Acquire(const Ptr<State>& larval,
                            const Template& wanted,
                            const Ptr<Policy>& policy) = 0;

    /// @brief A policy reached a limit (POLEXPIRE).
    /// @param policy the policy @param isHard it is dead now
    virtual void NotifyPolicyExpiry(const Ptr<Policy>& policy, bool isHard) = 0;

    /// @brief A state reached a limit (EXPIRE).  @param state the state @param expiry soft or hard
    virtual void NotifyExpiry(const Ptr<State>& state, StateExpiry expiry) = 0;

    /**
     * @brief Packets of a state come from another address or UDP port than it says (MAPPING, R248).
     * @param state the state @param source where from @param port source port
     */
    virtual void NotifyMapping(const Ptr<State>& /*state*/,
                               const IpAddress& /*source*/,
                               uint16_t /*port*/)
    {
    }

    /// @return whether it mirrors sequence numbers (R178); asked when it is registered
    virtual bool MirrorsReplay() const
    {
        return false;
    }

    /// @brief A state's sequence numbers have moved (NEWAE).  Called if it mirrors them.
    /// @param state the state @param event why now
    virtual void NotifyReplay(const Ptr<State>& /*state*/, ReplayEvent /*event*/)
    {
    }
};

} // namespace ns3::xfrm

#endif // XFRM_KEY_MANAGER_H
