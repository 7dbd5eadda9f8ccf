/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-replay-notifier.h"

namespace ns3::xfrm
{

ReplayNotifier::ReplayNotifier(const Config& config, const ReplayWindow& window)
    : m_config(config),
      m_changeSeen(window.GetChanges())
{
    Tell(ReplayEvent::Update, window);
}

ReplayEvent
ReplayNotifier::Tell(ReplayEvent event, const ReplayWindow& window)
{
    m_outTold = static_cast<uint32_t>(window.GetOutSequence());
    m_inTold = static_cast<uint32_t>(window.GetInSequence());
    m_changeTold = window.GetChanges();
    m_isDeferred = m_isDeferred && m_config.maxAge.IsZero();
    return event;
}

std::optional<ReplayEvent>
ReplayNotifier::NoteChange(const ReplayWindow& window)
{
    if (window.GetChanges() == m_changeSeen)
    {
        return std::nullopt;
    }
    m_changeSeen = window.GetChanges();
    const uint32_t outMoved = static_cast<uint32_t>(window.GetOutSequence()) - m_outTold;
    const uint32_t inMoved = static_cast<uint32_t>(window.GetInSequence()) - m_inTold;
    const uint32_t far = m_config.maxDifference;
    if (far != 0 && (outMoved >= far || inMoved >= far))
    {
        return Tell(ReplayEvent::Update, window);
    }
    return m_isDeferred ? std::optional(Tell(ReplayEvent::Timeout, window)) : std::nullopt;
}

std::optional<ReplayEvent>
ReplayNotifier::RunTimer(const ReplayWindow& window, bool isHeard)
{
    if (!isHeard || window.GetChanges() == m_changeTold)
    {
        m_isDeferred = true;
        return std::nullopt;
    }
    return Tell(ReplayEvent::Timeout, window);
}

} // namespace ns3::xfrm
