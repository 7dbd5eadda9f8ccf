/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_POLICY_OBJECT_H
#define XFRM_POLICY_OBJECT_H

#include "ns3/ptr.h"
#include "ns3/xfrm-cache-object.h"
#include "ns3/xfrm-policy.h"

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief What the flow cache keeps for a flow of direction In or Forward: its policy.
 *
 * Source: xfrm_policy_fc_ops, net/xfrm/xfrm_policy.c, Linux 4.1 (R64).  The kernel stores the
 * policy
 * itself; here each entry has an object of its own that holds it.
 */
class PolicyObject final : public CacheObject
{
  public:
    /// @param policy the policy
    explicit PolicyObject(const Ptr<Policy>& policy)
        : m_policy(policy)
    {
    }

    /// @return the policy
    const Ptr<Policy>& GetPolicy() const
    {
        return m_policy;
    }

    /// @return refused if the policy is dead; whatever kills one calls FlowCache::NoteChange()
    Consent Get() override
    {
        return m_policy->IsDead() ? Consent::Refused : Consent::UntilChange;
    }

    /// @return whether the policy lives
    bool Check() override
    {
        return !m_policy->IsDead();
    }

    /// @return always; see Get()
    bool IsValidUntilChange() const override
    {
        return true;
    }

    /// @brief Give up the policy.
    void Delete() override
    {
        delete this;
    }

  private:
    Ptr<Policy> m_policy; //!< the policy
};

} // namespace ns3::xfrm

#endif // XFRM_POLICY_OBJECT_H
