/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_JOB_QUEUES_H
#define XFRM_JOB_QUEUES_H

#include "xfrm-deadline-tree.h"
#include "xfrm-receive-queue.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

namespace ns3::xfrm
{

/// A job that waits.
/// @tparam Job what is done
template <class Job>
struct WaitingJob
{
    Job job{};          //!< it
    int64_t arrival{0}; //!< when it came [ns]
    CpuId target{0};    //!< core that is to do it
};

/// Packets that wait for a core.
/// @tparam Job what is done
template <class Job>
struct alignas(64) JobQueue
{
    ReceiveQueueFigures figures;           //!< what it saw
    bool isPolled{false};                  //!< its core knows of it, so it needs no interrupt
    ReceiveQueueConfig config;             //!< settings
    std::deque<WaitingJob<Job>> waiting;   //!< in order of arrival
    int64_t delayEnd{DeadlineTree::NEVER}; //!< when the interrupt comes that waits for more [ns]
};

/// Queues that a core takes packets from, in turn (softnet_data::poll_list).
struct PollList
{
    std::vector<uint32_t> queues; //!< their numbers
    uint32_t nTaken{0};           //!< packets taken from the first in its turn
};

/**
 * @ingroup xfrm
 * @brief The receive queues of a host: what waits in them, their interrupts, and their turns.
 *
 * A queue that gets a packet interrupts its core, at once or when its delay is over, and is then
 * polled without interrupts until it is found empty.
 *
 * Source: napi_schedule(), net_rx_action() and napi_complete(), net/core/dev.c, Linux 4.1.
 *
 * @tparam Job what waits, movable and default constructible
 */
template <class Job>
class JobQueues
{
  public:
    using Queue = JobQueue<Job>; //!< one of them

    static constexpr int64_t NEVER{DeadlineTree::NEVER}; //!< no deadline

    /// @param weight packets of a queue before the next one's turn
    explicit JobQueues(uint32_t weight)
        : m_weight(weight)
    {
    }

    /// @brief Add a queue.  @param config its settings @return its number, from 0
    uint32_t Add(const ReceiveQueueConfig& config)
    {
        m_queues.push_back(std::make_unique<Queue>());
        m_queues.back()->config = config;
        return static_cast<uint32_t>(m_queues.size() - 1);
    }

    /// @param number a queue's @return the queue
    Queue& Get(uint32_t number)
    {
        return *m_queues[number];
    }

    /// @param number a queue's @return the queue
    const Queue& Get(uint32_t number) const
    {
        return *m_queues[number];
    }

    /**
     * @brief A job comes to wait.
     * @param number of the queue @param waiting the job @param now when [ns]
     * @param polls the list of the queue's core
     */
    void Append(uint32_t number, WaitingJob<Job> waiting, int64_t now, PollList& polls)
    {
        Queue& queue = Get(number);
        queue.waiting.push_back(std::move(waiting));
        queue.figures.maxWaiting =
            std::max(queue.figures.maxWaiting, static_cast<uint32_t>(queue.waiting.size()));
        if (!queue.isPolled && !IsDelayed(queue, number, now))
        {
            Interrupt(number, polls);
        }
    }

    /// @brief A queue has its core poll it.  @param number of the queue @param polls the core's
    void Interrupt(uint32_t number, PollList& polls)
    {
        Queue& queue = Get(number);
        ++queue.figures.nInterrupts;
        queue.isPolled = true;
        queue.delayEnd = NEVER;
        polls.queues.push_back(number);
    }

    /// @brief Take turns.  @param polls a core's list, from which empty queues are dropped
    /// @return the queue whose turn it is, null if none has a packet
    Queue* Pick(PollList& polls)
    {
        while (!polls.queues.empty())
        {
            Queue& queue = Get(polls.queues.front());
            if (queue.waiting.empty())
            {
                queue.isPolled = false; // from here on it needs an interrupt (napi_complete())
                polls.queues.erase(polls.queues.begin());
                polls.nTaken = 0;
            }
            else if (polls.nTaken == m_weight)
            {
                std::rotate(polls.queues.begin(), polls.queues.begin() + 1, polls.queues.end());
                polls.nTaken = 0;
            }
            else
            {
                ++polls.nTaken;
                return &queue;
            }
        }
        return nullptr;
    }

    /**
     * @brief What Append() and Pick() come to for a packet that its core takes at once.
     * @param number of its queue, whose interrupts have no delay
     * @param polls the core's list: none of its queues has a packet
     */
    void Pass(uint32_t number, PollList& polls)
    {
        Queue& queue = Get(number);
        if (polls.queues.size() != 1 || polls.queues.front() != number)
        {
            for (const uint32_t empty : polls.queues)
            {
                Get(empty).isPolled = false;
            }
            polls.queues.assign(1, number);
        }
        queue.isPolled = true;
        polls.nTaken = 1;
        ++queue.figures.nInterrupts;
        queue.figures.maxWaiting = std::max(queue.figures.maxWaiting, 1U);
    }

    /**
     * @brief Send the interrupts of a queue to another core, which takes over what waits in it.
     * @param number of the queue @param cpu the core @param from the list of the core before
     * @param to the list of the core
     */
    void Move(uint32_t number, CpuId cpu, PollList& from, PollList& to)
    {
        Queue& queue = Get(number);
        const CpuId before = std::exchange(queue.config.cpu, cpu);
        for (WaitingJob<Job>& waiting : queue.waiting)
        {
            waiting.target = waiting.target == before ? cpu : waiting.target;
        }
        if (queue.isPolled)
        {
            from.nTaken = from.queues.front() == number ? 0 : from.nTaken;
            std::erase(from.queues, number);
            to.queues.push_back(number);
        }
    }

    /// @return when the first delay of an interrupt is over, NEVER if there is none [ns]
    int64_t GetNextDelay() const
    {
        return m_delays.empty() ? NEVER : m_delays.top().end;
    }

    /// @brief End the first delay of an interrupt.
    /// @return the queue that is to interrupt its core, none if it has done so already
    std::optional<uint32_t> EndDelay()
    {
        const Delay delay = m_delays.top();
        m_delays.pop();
        const Queue& queue = Get(delay.queue);
        const bool isDue = queue.delayEnd == delay.end && !queue.isPolled;
        return isDue ? std::optional(delay.queue) : std::nullopt;
    }

  private:
    /// An interrupt that waits for more packets.
    struct Delay
    {
        int64_t end;    //!< when it comes at the latest [ns]
        uint32_t queue; //!< its queue

        bool operator>(const Delay& other) const
        {
            return end != other.end ? end > other.end : queue > other.queue;
        }
    };

    /// Whether the interrupt of a queue waits for more packets.
    bool IsDelayed(Queue& queue, uint32_t number, int64_t now)
    {
        const ReceiveQueueConfig& config = queue.config;
        if (config.delayNs == 0 || (config.nFrames > 0 && queue.waiting.size() >= config.nFrames))
        {
            return false;
        }
        if (queue.delayEnd == NEVER)
        {
            queue.delayEnd = now + config.delayNs;
            m_delays.push({queue.delayEnd, number});
        }
        return true;
    }

    uint32_t m_weight;                            //!< packets of a queue in its turn
    std::vector<std::unique_ptr<Queue>> m_queues; //!< by number
    std::priority_queue<Delay, std::vector<Delay>, std::greater<>> m_delays; //!< earliest first
};

} // namespace ns3::xfrm

#endif // XFRM_JOB_QUEUES_H
