/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-state.h"

#include "ns3/assert.h"

#include <algorithm>
#include <limits>
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

constexpr int64_t NEVER{std::numeric_limits<int64_t>::max()}; //!< no run of the timer is wanted

/// @param limit a limit of time [s] @param from since when it counts [s of wall clock]
/// @param now the time [s of wall clock]
/// @return time left, 0 or less: it is over; huge limits wrap around as in the kernel [s]
int64_t
GetTimeLeft(uint64_t limit, uint64_t from, uint64_t now)
{
    return static_cast<int64_t>(limit + from - now);
}

} // namespace

State::State(StateConfig config, std::shared_ptr<const TransformType> type)
    : m_config(Complete(std::move(config))),
      m_type(std::move(type)),
      m_replay(m_config.replay),
      m_notifier(m_config.notices, m_replay)
{
}

LayerCodec&
State::GetCodec()
{
    NS_ASSERT_MSG(m_type, "a larval state has no bytes");
    if (!m_codec)
    {
        m_codec = m_type->MakeCodec(m_config);
    }
    return *m_codec;
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

bool
State::IsHardTimeOver(uint64_t now, int64_t& nextSeconds)
{
    const LifetimeLimits& limits = m_config.limits;
    if (limits.hardAddSeconds != 0)
    {
        int64_t left = GetTimeLeft(limits.hardAddSeconds, m_use.addTime, now);
        if (left <= 0)
        {
            if (!m_softAddLeft)
            {
                return true;
            }
            m_use.addTime = now - *m_softAddLeft - 1;
            left = GetTimeLeft(limits.hardAddSeconds, 0, *m_softAddLeft);
        }
        nextSeconds = std::min(nextSeconds, left);
    }
    if (limits.hardUseSeconds != 0)
    {
        const uint64_t firstUse = m_use.useTime != 0 ? m_use.useTime : now;
        const int64_t left = GetTimeLeft(limits.hardUseSeconds, firstUse, now);
        if (left <= 0)
        {
            return true;
        }
        nextSeconds = std::min(nextSeconds, left);
    }
    return false;
}

bool
State::IsSoftTimeOver(uint64_t now, int64_t& nextSeconds)
{
    const LifetimeLimits& limits = m_config.limits;
    bool isOver = false;
    if (limits.softAddSeconds != 0)
    {
        const int64_t left = GetTimeLeft(limits.softAddSeconds, m_use.addTime, now);
        if (left <= 0)
        {
            isOver = true;
            m_softAddLeft.reset();
        }
        else if (left < nextSeconds)
        {
            nextSeconds = left;
            m_softAddLeft = left;
        }
    }
    if (limits.softUseSeconds != 0)
    {
        const uint64_t firstUse = m_use.useTime != 0 ? m_use.useTime : now;
        const int64_t left = GetTimeLeft(limits.softUseSeconds, firstUse, now);
        isOver = isOver || left <= 0;
        nextSeconds = left > 0 ? std::min(nextSeconds, left) : nextSeconds;
    }
    return isOver;
}

StateTimerRun
State::RunTimer(uint64_t now)
{
    if (m_status == StateStatus::Dead)
    {
        return {};
    }
    int64_t nextSeconds = NEVER;
    if (m_status == StateStatus::Expired || IsHardTimeOver(now, nextSeconds))
    {
        return {StateExpiry::Hard, std::nullopt};
    }
    StateTimerRun run;
    if (!m_isDying && IsSoftTimeOver(now, nextSeconds))
    {
        m_isDying = true;
        run.expiry = StateExpiry::Soft;
    }
    if (nextSeconds != NEVER)
    {
        // Limits that were lowered below a scheduled soft one leave less than nothing.  Linux then
        // runs the timer at once, over and over; here a second passes between the runs.
        run.nextSeconds = static_cast<uint64_t>(std::max<int64_t>(nextSeconds, 1));
    }
    return run;
}

} // namespace ns3::xfrm
