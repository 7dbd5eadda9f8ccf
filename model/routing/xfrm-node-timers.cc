/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-node-timers.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <optional>

namespace ns3::xfrm
{

namespace
{

/// @brief Have something done at a time instead of when it was to be done.
/// @param event when that was @param due the time, maybe past; none: not at all @param action what
template <class Action>
void
Reschedule(EventId& event, const std::optional<Time>& due, Action action)
{
    event.Cancel();
    if (due)
    {
        event = Simulator::Schedule(std::max(*due - Simulator::Now(), Time(0)), action);
    }
}

} // namespace

NodeTimers::NodeTimers(Namespace& net, Lookup& lookup, NodeCpus& cpus, Time workDelay)
    : m_net(net),
      m_lookup(lookup),
      m_cpus(cpus),
      m_workDelay(workDelay)
{
    m_net.SetTimerListener([this] { ScheduleTimers(); });
}

NodeTimers::~NodeTimers()
{
    m_net.SetTimerListener({});
    m_heldEvent.Cancel();
    m_timerEvent.Cancel();
    for (EventId& event : m_events)
    {
        event.Cancel();
    }
}

void
NodeTimers::ScheduleHeld()
{
    Reschedule(m_heldEvent, m_net.GetHoldQueues().GetNextDue(), [this, cpu = m_cpus.GetCpu()] {
        m_cpus.DoOn(cpu, JobContext::Softirq, [this] {
            m_net.GetHoldQueues().RunDue(m_lookup, m_cpus.Here());
            ScheduleHeld();
        });
    });
}

void
NodeTimers::ScheduleTimers()
{
    Reschedule(m_timerEvent, m_net.GetNextTimer(), [this] {
        m_net.RunTimers(Simulator::Now());
        ScheduleTimers();
    });
}

void
NodeTimers::NotifyDown()
{
    if (m_cpus.GetCores() && !m_cpus.IsInJob())
    {
        m_cpus.DoOn(0, JobContext::Process, [this] { NotifyDown(); }); // who sets it down
        return;
    }
    m_net.NotifyDeviceDown(m_cpus.Here());
    ShareOutFlush();
    ScheduleWork();
}

void
NodeTimers::ScheduleWork()
{
    for (const Namespace::WantedWork& wanted : m_net.TakeWantedWork())
    {
        std::erase_if(m_events, [](const EventId& event) { return event.IsExpired(); });
        m_events.push_back(Simulator::Schedule(m_workDelay, [this, wanted] {
            m_cpus.DoOn(wanted.cpu, JobContext::Process, [this, wanted] { RunWork(wanted.item); });
        }));
    }
}

void
NodeTimers::RunWork(WorkItem item)
{
    m_net.RunWork(item, m_cpus.Here());
    ShareOutFlush();
}

void
NodeTimers::ShareOutFlush()
{
    m_net.TakeCpuWork([this](CpuId cpu, const CacheWork& share) {
        if (!m_cpus.IsInJob() || cpu == m_cpus.GetCores()->GetCpu())
        {
            m_cpus.Here().work.cache += share;
            return;
        }
        m_cpus.Emit([this, cpu, share] { // that CPU's tasklet
            m_cpus.GetCores()->Do(cpu, JobContext::Softirq, [this, share] {
                m_cpus.Here().work.cache += share;
            });
        });
    });
}

} // namespace ns3::xfrm
