/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_HOLD_QUEUES_H
#define XFRM_HOLD_QUEUES_H

#include "xfrm-context.h"

#include "ns3/nstime.h"
#include "ns3/xfrm-flow.h"
#include "ns3/xfrm-policy.h"
#include "ns3/xfrm-route.h"

#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <optional>

namespace ns3::xfrm
{

class Lookup;
struct OutputDecision;

/// A packet that is held; it is sent or dropped once.
class HeldPacket
{
  public:
    virtual ~HeldPacket() = default;

    /// @return its flow, as decoded from the packet (R82, R84)
    virtual Flow Decode() const = 0;

    /// @return the plain route that it has (dst->path)
    virtual Ptr<Route> GetPath() const = 0;

    /// @return whether it is of a socket of this host, whose policy then decides first
    virtual bool IsLocal() const = 0;

    /// @brief Send it.  @param decision by what: Plain, Transform, or Hold to be held again
    virtual void Send(const OutputDecision& decision) = 0;

    /// @brief Drop it.  @param error why
    virtual void Drop(int32_t error) = 0;
};

/**
 * @ingroup xfrm
 * @brief Packets that wait for a state, with larval_drop off: a queue for each policy.
 *
 * Source: struct xfrm_policy_queue with xdst_queue_output(), xfrm_policy_queue_process() and
 * xfrm_policy_requeue(), net/xfrm/xfrm_policy.c, Linux 4.1 (R81 to R86).  Left out: packets that
 * are still in the driver's hands (R81), since no driver here keeps one that is sent again.
 *
 * Knows no simulator: GetNextDue() says when RunDue() is to be called.
 */
class HoldQueues
{
  public:
    static constexpr size_t MAX_LENGTH{100}; //!< a queue longer than this takes no more packets

    /**
     * @brief Hold a packet (xdst_queue_output(), R81).
     * @param policy whose queue @param packet the packet @param now the time
     * @return 0; or -EAGAIN, the queue is full: the packet was dropped
     */
    int32_t Hold(const Ptr<Policy>& policy, std::unique_ptr<HeldPacket> packet, Time now);

    /// @return when the first timer fires; none if no packet is held
    std::optional<Time> GetNextDue() const;

    /// @brief Run the timers that are due (xfrm_policy_queue_process(), R82).
    /// @param lookup decides anew @param context where and when it runs
    void RunDue(Lookup& lookup, const Context& context);

    /// @brief A policy was replaced: its packets are the new one's, which looks at them at once
    /// (R86).
    /// @param from the replaced policy @param to the new one @param now the time
    void Move(const Ptr<Policy>& from, const Ptr<Policy>& to, Time now);

    /// @brief Drop the packets of policies that are dead (R120).
    void PurgeDead();

    /// @param policy a policy @return packets that it holds
    size_t GetLength(const Policy& policy) const;

  private:
    using Packets = std::deque<std::unique_ptr<HeldPacket>>;

    /// Packets of a policy.
    struct Queue
    {
        Ptr<Policy> policy; //!< the policy
        Packets packets;    //!< in order of arrival
        Time timeout;       //!< how long the timer runs; 0 before the first packet
        Time due;           //!< when the timer fires
    };

    using Queues = std::list<Queue>;

    template <class AnyQueues>
    static auto Find(AnyQueues& queues, const Policy& policy);
    static void Process(Queue& queue, Lookup& lookup, const Context& context);
    static void Release(Queue& queue, Lookup& lookup, const Context& context);
    static void Purge(Queue& queue, int32_t error);

    Queues m_queues; //!< those with packets, in order of their first
};

} // namespace ns3::xfrm

#endif // XFRM_HOLD_QUEUES_H
