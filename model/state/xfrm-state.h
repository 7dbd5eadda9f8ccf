/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STATE_H
#define XFRM_STATE_H

#include "xfrm-layer-codec.h"
#include "xfrm-replay-notifier.h"
#include "xfrm-replay-window.h"
#include "xfrm-state-config.h"
#include "xfrm-state-status.h"
#include "xfrm-state-timers.h"
#include "xfrm-transform-type.h"

#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief A state (RFC 4301: security association).
 *
 * Source: struct xfrm_state, xfrm_state_mtu(), xfrm_state_check_expire() and
 * xfrm_timer_handler(), net/xfrm/xfrm_state.c, Linux 4.1 (R68, R130, R131, R134, R160, R162).  Left
 * out: security labels; the care-of address of IPv6 mobility; when timers run, which is its
 * database's.
 *
 * Counted: it lives on after its deletion while chains and received packets hold it, and tells them
 * by GetStatus().  A StateDatabase changes its status, generation, timers, the SPI of a larval one
 * and, on an update, its limits and ports.
 */
class State : public SimpleRefCount<State>
{
  public:
    /**
     * @param config what is configured; a selector without family gets the state's, unless
     *               FLAG_AF_UNSPEC (R131)
     * @param type what its protocol does to a packet, null for a larval state
     * @throws std::invalid_argument for a family other than IPv4 and IPv6, a prefix longer than an
     *         address, a transport state with a selector of the other family, a replay window that
     *         ReplayWindow refuses
     */
    State(StateConfig config, std::shared_ptr<const TransformType> type);

    /**
     * @brief Hold it against its limits of bytes and packets, before a packet is counted
     * (xfrm_state_check_expire(), R162).
     *
     * Sets the time of first use.  At a hard limit its status becomes Expired, and whoever called
     * has it deleted at once (R161).  At a soft limit IsDying() turns true, once, which is when key
     * managers are to be told.
     *
     * @param now the time [s of wall clock]
     * @return 0, or error::INVAL at a hard limit
     */
    int32_t CheckExpiry(uint64_t now);

    /**
     * @brief Hold it against its limits of time (xfrm_timer_handler(), R160).
     *
     * At a soft limit IsDying() turns true, once.  A hard limit since it was added is put off as
     * long as a soft one was scheduled and its run did not find it reached, since the clock has
     * jumped then.  As in the kernel that includes states that another soft limit made dying
     * before: each run at the hard limit moves their time of addition, and they do not end by it.
     *
     * @param now the time [s of wall clock]
     * @return what was found; nothing for a dead state, a hard limit for an expired one
     */
    StateTimerRun RunTimer(uint64_t now);

    /// @brief Note the number of the acquire that asks for it (km.seq, R180).
    /// @param sequence the number, not 0; for a larval state, before it is inserted
    void SetSequence(uint32_t sequence)
    {
        m_config.sequence = sequence;
    }

    /// @brief Count a packet (R215, R254).  @param bytes its protected part [bytes]
    void Count(uint64_t bytes)
    {
        m_use.bytes += bytes;
        ++m_use.packets;
    }

    /// @return what was configured
    const StateConfig& GetConfig() const
    {
        return m_config;
    }

    /// @return what its protocol does to a packet; null for a larval state
    const TransformType* GetType() const
    {
        return m_type.get();
    }

    /**
     * @brief What seals and opens the bytes of its packets, made at first use.
     * @return the codec, of a state that is not larval
     * @throws std::invalid_argument as TransformType::MakeCodec() does
     */
    LayerCodec& GetCodec();

    /// @return bytes that it puts before a packet, the outer IP header of tunnel mode included
    ///         (props.header_len), 0 for a larval state [bytes]
    uint32_t GetHeaderLength() const
    {
        return m_type ? m_type->GetHeaderLength() : 0;
    }

    /// @return bytes that it may put behind a packet (props.trailer_len), 0 for a larval state
    ///         [bytes]
    uint32_t GetTrailerLength() const
    {
        return m_type ? m_type->GetTrailerLength() : 0;
    }

    /**
     * @brief The largest packet that it may be given (xfrm_state_mtu(), R68).
     * @param mtu what fits outside [bytes]
     * @return size, which wraps around as in the kernel if not even the headers fit [bytes]
     */
    uint32_t GetMtu(uint32_t mtu) const;

    /// @return where it is in its life
    StateStatus GetStatus() const
    {
        return m_status;
    }

    /// @return its generation: chains built under another one are stale (R72, R152)
    uint32_t GetGenid() const
    {
        return m_genid;
    }

    /// @return whether a soft limit was reached: others are preferred (R142, R164)
    bool IsDying() const
    {
        return m_isDying;
    }

    /// @return what was counted, when it was added and first used [s of wall clock]
    const LifetimeUse& GetUse() const
    {
        return m_use;
    }

    /// @return number of its insertion into its database, from 1, 0 before; no two have the same
    uint64_t GetNumber() const
    {
        return m_timers.number;
    }

    /// @return its sequence numbers
    ReplayWindow& GetReplay()
    {
        return m_replay;
    }

    /// @return its sequence numbers
    const ReplayWindow& GetReplay() const
    {
        return m_replay;
    }

    StateStatistics statistics; //!< bad packets

  private:
    friend class StateDatabase;

    bool IsHardTimeOver(uint64_t now, int64_t& nextSeconds);
    bool IsSoftTimeOver(uint64_t now, int64_t& nextSeconds);

    StateConfig m_config;                        //!< what was configured
    std::shared_ptr<const TransformType> m_type; //!< null for a larval state
    std::unique_ptr<LayerCodec> m_codec;         //!< null until it is used
    StateStatus m_status{StateStatus::Void};     //!< where it is in its life
    bool m_isDying{false};                       //!< a soft limit was reached
    uint32_t m_genid{0};                         //!< generation
    LifetimeUse m_use;                           //!< counts and times
    std::optional<int64_t> m_softAddLeft; //!< time left when the soft limit since the addition was
                                          //!< scheduled, until a run finds it reached [s]
    StateTimers::Owner m_timers;          //!< its timers, and the number of its insertion, 0 none
    ReplayWindow m_replay;                //!< sequence numbers
    ReplayNotifier m_notifier;            //!< when they are told
};

} // namespace ns3::xfrm

#endif // XFRM_STATE_H
