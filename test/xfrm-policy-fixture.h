/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_POLICY_FIXTURE_H
#define XFRM_POLICY_FIXTURE_H

#include "ns3/nstime.h"
#include "ns3/xfrm-policy-database.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/// @param source "10.0.0.0/24" @param destination likewise @return an IPv4 selector of them
Selector MakeSelector(const std::string& source, const std::string& destination);

/// @return what is configured of an outgoing MAIN policy with this selector and priority
PolicyConfig MakePolicy(const std::string& source,
                        const std::string& destination,
                        uint32_t priority = 0);

/// @return a UDP flow 5000 -> 6000 between two IPv4 addresses
Flow MakeFlow(const std::string& source, const std::string& destination);

/**
 * @ingroup xfrm-tests
 * @brief A policy database whose policies have names.
 */
class PolicyFixture
{
  public:
    PolicyFixture();

    /**
     * @brief Insert a policy.
     * @param name its name @param config what is configured @param isExclusive add, not update
     * @return what the database says
     */
    PolicyDatabase::Insertion Insert(const std::string& name,
                                     const PolicyConfig& config,
                                     bool isExclusive);

    /// @brief Add a policy; aborts if that fails.  @return the policy
    Ptr<Policy> Add(const std::string& name, const PolicyConfig& config);

    /// @return name of the policy that a lookup finds, "" for none; its work is in @c work
    std::string LookUp(const Flow& flow,
                       PolicyType type = PolicyType::Main,
                       Direction direction = Direction::Out);

    /// @return the name of a policy, "" for null
    std::string GetName(const Ptr<Policy>& policy) const;

    /// @return the names of policies in order: "a b c"
    std::string GetNames(const std::vector<Ptr<Policy>>& policies) const;

    /// @return the names of a direction's inexact list
    std::string GetInexact(Direction direction = Direction::Out) const;

    PolicyIndexGenerator indexes; //!< of the system
    PolicyDatabase database;      //!< what is tested
    PolicyWork work;              //!< of the last LookUp()
    uint64_t now{1'000'000};      //!< the time of insertions [s of wall clock]
    Time time{0};                 //!< the same on the clock of timers

  private:
    std::map<const Policy*, std::string> m_names; //!< of all policies made
    std::vector<Ptr<Policy>> m_policies;          //!< all policies made, so that names stay unique
};

} // namespace ns3::xfrm::tests

#endif // XFRM_POLICY_FIXTURE_H
