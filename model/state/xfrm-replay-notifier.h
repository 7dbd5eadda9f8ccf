/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_REPLAY_NOTIFIER_H
#define XFRM_REPLAY_NOTIFIER_H

#include "xfrm-replay-window.h"

#include "ns3/nstime.h"

#include <cstdint>
#include <optional>

namespace ns3::xfrm
{

/// Why sequence numbers are told (NEWAE), with the kernel's numbers (XFRM_REPLAY_*).
enum class ReplayEvent : uint8_t
{
    Update = 1, //!< they have moved far enough
    Timeout = 2 //!< they have changed, and the last time is long enough ago
};

/**
 * @ingroup xfrm
 * @brief Decides when a state's sequence numbers are told to those who mirror them.
 *
 * Source: xfrm_replay_notify(), its variants for rings, and xfrm_replay_timer_handler(),
 * net/xfrm/xfrm_replay.c and xfrm_state.c, Linux 4.1 (R178).  Left out: thresholds that are changed
 * while the state lives (NEWAE from user space).
 *
 * Numbers are compared by their low halves, as in all variants of the kernel.  After each event the
 * timer is to run once more, GetMaxAge() later; a run that finds nothing new is the last one, and
 * the next change is told at once then.
 */
class ReplayNotifier
{
  public:
    /// Thresholds.  The defaults are the kernel's.
    struct Config
    {
        uint32_t maxDifference{2}; //!< tell when a number has moved by this, 0: by the timer only
                                   //!< (net.core.xfrm_aevent_rseqth) [packets]
        Time maxAge{Time::FromInteger(1, Time::S)}; //!< tell after this time, 0: never
                                                    //!< (net.core.xfrm_aevent_etime)
    };

    /// @param config thresholds @param window the numbers, which count as told
    ReplayNotifier(const Config& config, const ReplayWindow& window);

    /**
     * @brief Numbers were taken or noted, and somebody listens (XFRM_REPLAY_UPDATE).
     * @param window the numbers; nothing is done if they are as at the last call
     * @return what is to be told, if anything
     */
    std::optional<ReplayEvent> NoteChange(const ReplayWindow& window);

    /**
     * @brief The timer has run (XFRM_REPLAY_TIMEOUT).
     * @param window the numbers
     * @param isHeard whether somebody listens
     * @return what is to be told, if anything
     */
    std::optional<ReplayEvent> RunTimer(const ReplayWindow& window, bool isHeard);

    /// @return after an event, and after the state was added, the timer runs this much later; 0: it
    ///         does not
    Time GetMaxAge() const
    {
        return m_config.maxAge;
    }

  private:
    ReplayEvent Tell(ReplayEvent event, const ReplayWindow& window);

    Config m_config;          //!< thresholds
    uint32_t m_outTold{0};    //!< last number sent that was told, low half
    uint32_t m_inTold{0};     //!< highest number received that was told, low half
    uint64_t m_changeTold{0}; //!< change of the window that was told
    uint64_t m_changeSeen;    //!< change of the window at the last NoteChange()
    bool m_isDeferred{false}; //!< the timer ran with nothing to tell (XFRM_TIME_DEFER)
};

} // namespace ns3::xfrm

#endif // XFRM_REPLAY_NOTIFIER_H
