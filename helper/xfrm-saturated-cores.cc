/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-saturated-cores.h"

#include "ns3/xfrm-core-engine.h"
#include "ns3/xfrm-job-planner.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace ns3::xfrm
{

namespace
{

/// The host of such cores.
class SaturatedHost
{
  public:
    /// A job: all are alike.
    struct Job
    {
    };

    SaturatedHost(const SaturatedConfig& config, const SaturatedTask& task)
        : m_task(task),
          m_locks(config.locks, config.profile->GetContention()),
          m_planner(*config.profile, m_locks),
          m_nBegun(config.nCores)
    {
    }

    // For CoreEngine

    int64_t Begin(CpuId cpu, Job& /*job*/, int64_t now, std::vector<LockedStretch>& stretches)
    {
        ++m_nBegun[cpu];
        m_used.states.clear();
        m_used.lines.clear();
        Work work;
        m_task({cpu, NanoSeconds(now), work}, m_used);
        const JobObjects objects{.states = m_used.states,
                                 .transmitQueue = cpu,
                                 .lines = m_used.lines};
        return m_planner.Plan(work, NO_WORK, objects, stretches);
    }

    void End(CpuId /*cpu*/, const Job& /*job*/, int64_t /*now*/)
    {
    }

    static bool IsPacket(const Job& /*job*/)
    {
        return true;
    }

    static bool NeedsEnd(const Job& /*job*/)
    {
        return false;
    }

    static int64_t Steer(CpuId /*cpu*/, CpuId /*target*/)
    {
        return 0;
    }

    static void Lose(CpuId /*cpu*/, const Job& /*job*/)
    {
    }

    // For the measurement

    LockTable& GetLocks()
    {
        return m_locks;
    }

    /// @return jobs that the core began which began most
    uint64_t GetMost() const
    {
        return *std::ranges::max_element(m_nBegun);
    }

    /// @return jobs begun
    uint64_t GetAll() const
    {
        uint64_t sum = 0;
        for (const uint64_t nBegun : m_nBegun)
        {
            sum += nBegun;
        }
        return sum;
    }

  private:
    const SaturatedTask& m_task;    //!< done for each job
    LockTable m_locks;              //!< their locks
    JobPlanner m_planner;           //!< says how long they take
    std::vector<uint64_t> m_nBegun; //!< jobs begun, by core
    UsedObjects m_used;             //!< scratch of Begin()
};

} // namespace

double
MeasureSaturated(const SaturatedConfig& config, const SaturatedTask& task)
{
    SaturatedHost host(config, task);
    const SoftirqLimits limits;
    CoreEngine<SaturatedHost> engine(host, config.nCores, host.GetLocks(), limits);
    for (uint32_t i = 0; i <= config.nJobs; ++i)
    {
        for (CpuId cpu = 0; cpu < config.nCores; ++cpu)
        {
            engine.Enqueue(cpu, JobContext::Softirq, {}, 0);
        }
    }
    int64_t now = 0;
    const auto run = [&](uint64_t nMost) {
        while (host.GetMost() < nMost)
        {
            now = engine.GetNextDeadline();
            if (now == CoreEngine<SaturatedHost>::NEVER)
            {
                throw std::invalid_argument("profile " + config.profile->GetName() +
                                            ": jobs take no time: must have prices");
            }
            engine.RunDue(now);
        }
        return std::pair(now, host.GetAll());
    };
    const auto [begin, nBefore] = run(config.nJobs / 4);
    const auto [end, nAfter] = run(config.nJobs);
    return static_cast<double>(nAfter - nBefore) * 1e9 / static_cast<double>(end - begin);
}

} // namespace ns3::xfrm
