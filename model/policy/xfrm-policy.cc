/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy.h"

#include <stdexcept>
#include <string>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/**
 * @param config what is configured
 * @return the same, with the selector's family set
 * @throws std::invalid_argument as Policy() does
 */
PolicyConfig
Complete(PolicyConfig config)
{
    const auto family = static_cast<uint16_t>(config.family);
    CheckFamily("policy", config.family);
    if (config.selector.family != 0 && config.selector.family != family)
    {
        throw std::invalid_argument("selector family " + std::to_string(config.selector.family) +
                                    ": must be 0 (unset) or that of the policy, " +
                                    std::to_string(family));
    }
    config.selector.CheckPrefixes(config.family);
    if (config.templates.size() > MAX_DEPTH)
    {
        throw std::invalid_argument(std::to_string(config.templates.size()) +
                                    " templates: a policy has at most " +
                                    std::to_string(MAX_DEPTH));
    }
    config.selector.family = family;
    return config;
}

} // namespace

Policy::Policy(PolicyConfig config)
    : m_config(Complete(std::move(config)))
{
}

bool
Policy::Matches(const Flow& flow, PolicyType type, Family family) const
{
    return m_config.family == family && m_config.mark.Takes(flow.common.mark) &&
           m_config.type == type && m_config.selector.Matches(flow, family);
}

} // namespace ns3::xfrm
