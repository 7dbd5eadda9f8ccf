/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-core.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3::xfrm
{

Core::Core(CpuId cpu, Core*& current)
    : m_cpu(cpu),
      m_current(current)
{
}

Core::~Core()
{
    m_end.Cancel();
}

void
Core::Append(Queue& queue, std::unique_ptr<Job> job, ReceiveRing* ring)
{
    queue.push_back({std::move(job), Simulator::Now(), ring});
    if (IsBusy())
    {
        m_figures.maxQueue = std::max(m_figures.maxQueue, static_cast<uint32_t>(GetWaiting()));
        return;
    }
    Run();
}

void
Core::Enqueue(JobContext context, std::unique_ptr<Job> job)
{
    Append(context == JobContext::Softirq ? m_softirq : m_process, std::move(job));
}

bool
Core::Receive(ReceiveRing& ring, std::unique_ptr<Job> job)
{
    if (!ring.Enter())
    {
        return false;
    }
    Append(m_softirq, std::move(job), &ring);
    return true;
}

void
Core::EnqueueNext(std::unique_ptr<Job> job)
{
    Append(m_next, std::move(job));
}

void
Core::Run()
{
    while (!IsBusy())
    {
        // Jobs of no duration end within Begin(), so the queues are looked at anew each time.
        if (!Begin(m_next) && !Begin(m_softirq) && !Begin(m_process))
        {
            return;
        }
    }
}

bool
Core::Begin(Queue& queue)
{
    if (queue.empty())
    {
        return false;
    }
    Waiting next = std::move(queue.front());
    queue.pop_front();
    if (next.ring)
    {
        next.ring->Leave();
    }
    if (&queue != &m_next)
    {
        m_figures.waiting.Add(Simulator::Now() - next.arrival);
    }
    m_running = std::move(next.job);
    m_context = &queue == &m_process ? JobContext::Process : JobContext::Softirq;
    m_segments.clear();
    Core* const outer = std::exchange(m_current, this);
    m_running->Begin(m_segments);
    m_current = outer;
    m_duration = Time(0);
    for (const Segment& segment : m_segments)
    {
        m_duration += segment.duration;
    }
    if (m_duration.IsZero())
    {
        End();
    }
    else
    {
        m_end = Simulator::Schedule(m_duration, [this] {
            End();
            Run();
        });
    }
    return true;
}

void
Core::End()
{
    ++(m_context == JobContext::Softirq ? m_figures.nSoftirqJobs : m_figures.nProcessJobs);
    m_figures.busyTime += m_duration;
    m_figures.service.Add(m_duration);
    Core* const outer = std::exchange(m_current, this);
    m_running->End();
    m_current = outer;
    m_running.reset();
}

} // namespace ns3::xfrm
