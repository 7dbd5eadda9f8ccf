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

/// @throws std::invalid_argument unless the prefix length is one of the family
void
CheckPrefix(const char* name, uint32_t prefixLength, Family family)
{
    const uint32_t nMost = family == Family::Ipv6 ? 128 : 32;
    if (prefixLength > nMost)
    {
        throw std::invalid_argument(std::string(name) + " prefix length " +
                                    std::to_string(prefixLength) + ": must be 0 to " +
                                    std::to_string(nMost));
    }
}

/**
 * @param config what is configured
 * @return the same, with the selector's family set
 * @throws std::invalid_argument as Policy() does
 */
PolicyConfig
Complete(PolicyConfig config)
{
    const auto family = static_cast<uint16_t>(config.family);
    if (config.family != Family::Ipv4 && config.family != Family::Ipv6)
    {
        throw std::invalid_argument("policy family " + std::to_string(family) +
                                    ": must be 2 (IPv4) or 10 (IPv6)");
    }
    if (config.selector.family != 0 && config.selector.family != family)
    {
        throw std::invalid_argument("selector family " + std::to_string(config.selector.family) +
                                    ": must be 0 (unset) or that of the policy, " +
                                    std::to_string(family));
    }
    CheckPrefix("destination", config.selector.destinationPrefix, config.family);
    CheckPrefix("source", config.selector.sourcePrefix, config.family);
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
