/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TRACE_KEY_MANAGER_H
#define XFRM_TRACE_KEY_MANAGER_H

#include "xfrm-ipsec-traces.h"

#include "ns3/xfrm-key-manager.h"
#include "ns3/xfrm-namespace.h"

#include <cstdint>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Tells trace sources what key managers are told; never listens, and so answers nothing.
 */
class TraceKeyManager final : public KeyManager
{
  public:
    /// @param net whose key manager it is @param traces what to tell; both must outlive this
    TraceKeyManager(Namespace& net, const IpsecTraces& traces)
        : m_net(net),
          m_traces(traces)
    {
        m_net.AddKeyManager(*this);
    }

    ~TraceKeyManager() override
    {
        m_net.RemoveKeyManager(*this);
    }

    TraceKeyManager(const TraceKeyManager&) = delete;
    TraceKeyManager& operator=(const TraceKeyManager&) = delete;
    TraceKeyManager(TraceKeyManager&&) = delete;
    TraceKeyManager& operator=(TraceKeyManager&&) = delete;

    bool IsListening() const override
    {
        return false;
    }

    int32_t Acquire(const Ptr<State>& larval,
                    const Template& /*wanted*/,
                    const Ptr<Policy>& policy) override
    {
        m_traces.m_acquireTrace(larval, policy);
        return error::SRCH;
    }

    void NotifyPolicyExpiry(const Ptr<Policy>& policy, bool isHard) override
    {
        m_traces.m_policyExpireTrace(policy, isHard);
    }

    void NotifyExpiry(const Ptr<State>& state, StateExpiry expiry) override
    {
        m_traces.m_expireTrace(state, expiry == StateExpiry::Hard);
    }

    void NotifyMapping(const Ptr<State>& state, const IpAddress& source, uint16_t port) override
    {
        m_traces.m_mappingTrace(state, source.GetIpv4(), port);
    }

  private:
    Namespace& m_net;            //!< whose key manager it is
    const IpsecTraces& m_traces; //!< what to tell
};

} // namespace ns3::xfrm

#endif // XFRM_TRACE_KEY_MANAGER_H
