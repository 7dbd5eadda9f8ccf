/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-hold-queues.h"

#include "xfrm-lookup.h"

#include <algorithm>
#include <utility>

namespace ns3::xfrm
{

namespace
{

const Time MIN_TIMEOUT{MilliSeconds(100)}; //!< XFRM_QUEUE_TMO_MIN
const Time MAX_TIMEOUT{Seconds(60)};       //!< XFRM_QUEUE_TMO_MAX

} // namespace

template <class AnyQueues>
auto
HoldQueues::Find(AnyQueues& queues, const Policy& policy)
{
    return std::find_if(queues.begin(), queues.end(), [&](const Queue& queue) {
        return PeekPointer(queue.policy) == &policy;
    });
}

int32_t
HoldQueues::Hold(const Ptr<Policy>& policy, std::unique_ptr<HeldPacket> packet, Time now)
{
    auto queue = Find(m_queues, *policy);
    if (queue == m_queues.end())
    {
        queue = m_queues.insert(queue, {policy, {}, MIN_TIMEOUT, now + MIN_TIMEOUT});
    }
    if (queue->packets.size() > MAX_LENGTH)
    {
        packet->Drop(error::AGAIN);
        return error::AGAIN;
    }
    queue->packets.push_back(std::move(packet));
    queue->due = std::min(queue->due, now + queue->timeout);
    return 0;
}

std::optional<Time>
HoldQueues::GetNextDue() const
{
    const auto next =
        std::min_element(m_queues.begin(), m_queues.end(), [](const Queue& a, const Queue& b) {
            return a.due < b.due;
        });
    return next == m_queues.end() ? std::nullopt : std::optional<Time>(next->due);
}

void
HoldQueues::RunDue(Lookup& lookup, const Context& context)
{
    // What is released may be held again, by a policy that is not in the list now.
    Queues due;
    for (auto queue = m_queues.begin(); queue != m_queues.end();)
    {
        const auto next = std::next(queue);
        if (queue->due <= context.now)
        {
            due.splice(due.end(), m_queues, queue);
        }
        queue = next;
    }
    while (!due.empty())
    {
        Process(due.front(), lookup, context);
        if (due.front().packets.empty())
        {
            due.pop_front();
        }
        else
        {
            m_queues.splice(m_queues.end(), due, due.begin());
        }
    }
}

void
HoldQueues::Process(Queue& queue, Lookup& lookup, const Context& context)
{
    const HeldPacket& head = *queue.packets.front();
    const OutputDecision decision = lookup.DecideHeld(head.Decode(),
                                                      head.GetPath(),
                                                      Lookup::HeldRole::Head,
                                                      head.IsLocal(),
                                                      context);
    if (decision.verdict == OutputVerdict::Error)
    {
        Purge(queue, decision.error);
    }
    else if (decision.verdict != OutputVerdict::Hold)
    {
        Release(queue, lookup, context);
    }
    else if (queue.timeout >= MAX_TIMEOUT)
    {
        Purge(queue, error::AGAIN);
    }
    else
    {
        queue.timeout = queue.timeout * 2;
        queue.due = context.now + queue.timeout;
    }
}

void
HoldQueues::Release(Queue& queue, Lookup& lookup, const Context& context)
{
    for (Packets packets = std::exchange(queue.packets, {}); !packets.empty(); packets.pop_front())
    {
        HeldPacket& packet = *packets.front();
        const OutputDecision decision = lookup.DecideHeld(packet.Decode(),
                                                          packet.GetPath(),
                                                          Lookup::HeldRole::Each,
                                                          packet.IsLocal(),
                                                          context);
        if (decision.verdict == OutputVerdict::Error)
        {
            packet.Drop(decision.error);
        }
        else
        {
            packet.Send(decision);
        }
    }
}

void
HoldQueues::Purge(Queue& queue, int32_t error)
{
    for (Packets packets = std::exchange(queue.packets, {}); !packets.empty(); packets.pop_front())
    {
        packets.front()->Drop(error);
    }
}

void
HoldQueues::Move(const Ptr<Policy>& from, const Ptr<Policy>& to, Time now)
{
    const auto queue = Find(m_queues, *from);
    if (queue != m_queues.end())
    {
        queue->policy = to;
        queue->timeout = MIN_TIMEOUT;
        queue->due = now;
    }
}

void
HoldQueues::PurgeDead()
{
    for (auto queue = m_queues.begin(); queue != m_queues.end();)
    {
        if (queue->policy->IsDead())
        {
            Queue dead = std::move(*queue);
            queue = m_queues.erase(queue);
            Purge(dead, error::AGAIN);
        }
        else
        {
            ++queue;
        }
    }
}

size_t
HoldQueues::GetLength(const Policy& policy) const
{
    const auto queue = Find(m_queues, policy);
    return queue == m_queues.end() ? 0 : queue->packets.size();
}

} // namespace ns3::xfrm
