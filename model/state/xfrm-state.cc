/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-state.h"

#include <stdexcept>
#include <string>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// @param config what is configured @return the same with what follows from it, as State() says
StateConfig
Complete(StateConfig config)
{
    CheckFamily("state", config.family);
    const auto family = static_cast<uint16_t>(config.family);
    if (config.selector.family == 0 && (config.flags & StateConfig::FLAG_AF_UNSPEC) == 0)
    {
        config.selector.family = family;
    }
    if (config.selector.family != 0)
    {
        CheckFamily("selector", static_cast<Family>(config.selector.family));
    }
    const uint16_t selectorFamily = config.selector.family != 0 ? config.selector.family : family;
    if (config.mode == Mode::Transport && selectorFamily != family)
    {
        throw std::invalid_argument("selector family " + std::to_string(selectorFamily) +
                                    ": must be that of the state in transport mode, " +
                                    std::to_string(family));
    }
    config.selector.CheckPrefixes(static_cast<Family>(selectorFamily));
    config.replay.isExtended = (config.flags & StateConfig::FLAG_ESN) != 0;
    return config;
}

} // namespace

State::State(StateConfig config, std::shared_ptr<const TransformType> type)
    : m_config(Complete(std::move(config))),
      m_type(std::move(type)),
      m_replay(m_config.replay)
{
}

uint32_t
State::GetMtu(uint32_t mtu) const
{
    if (m_status == StateStatus::Valid && m_type)
    {
        if (const auto most = m_type->GetMtu(mtu))
        {
            return *most;
        }
    }
    return mtu - GetHeaderLength();
}

int32_t
State::CheckExpiry(uint64_t now)
{
    if (m_use.useTime == 0)
    {
        m_use.useTime = now;
    }
    const LifetimeLimits& limits = m_config.limits;
    if (m_use.bytes >= limits.hardBytes || m_use.packets >= limits.hardPackets)
    {
        m_status = StateStatus::Expired;
        return error::INVAL;
    }
    if (m_use.bytes >= limits.softBytes || m_use.packets >= limits.softPackets)
    {
        m_isDying = true;
    }
    return 0;
}

} // namespace ns3::xfrm
