/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CORE_SET_H
#define XFRM_CORE_SET_H

#include "xfrm-core-engine.h"
#include "xfrm-rss.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Something that a core does.
 *
 * Begin() decides and says how long it takes; its outputs leave in End(), when that time is over.
 */
class Job
{
  public:
    virtual ~Job() = default;

    /**
     * @brief Its turn has come.
     * @param stretches where it says what it needs locks for, after the time returned
     * @return how long it takes, or until it needs the first lock
     */
    virtual Time Begin(std::vector<LockedStretch>& stretches) = 0;

    /// @brief Its time is over.
    virtual void End() = 0;

    /// @brief It is lost between two cores, and never begins.
    virtual void Lose()
    {
    }

    /// @return whether it is about a packet, whose wait and latency are kept
    virtual bool IsPacket() const
    {
        return true;
    }
};

/**
 * @ingroup xfrm
 * @brief The cores of a host, driven by the simulator's events.
 *
 * When a job comes from outside, what is due at that time is done first.
 *
 * @see CoreEngine, which says what cores do
 */
class CoreSet
{
  public:
    /// Makeup.
    struct Config
    {
        uint32_t nCores{1};            //!< cores, from 1
        LockPreset locks{};            //!< which locks jobs take; by default none
        ContentionPrices contention{}; //!< what they cost
        SoftirqLimits limits{};        //!< how softirq work takes turns
        Time steering{0};              //!< time to hand a packet to another core (RPS)
    };

    /// @param config makeup @throws std::invalid_argument naming the value that is out of range
    explicit CoreSet(const Config& config);

    ~CoreSet();
    CoreSet(const CoreSet&) = delete;
    CoreSet& operator=(const CoreSet&) = delete;
    CoreSet(CoreSet&&) = delete;
    CoreSet& operator=(CoreSet&&) = delete;

    /// @return cores
    uint32_t GetCores() const
    {
        return m_engine.GetCores();
    }

    /// @return the core whose job is beginning or ending right now, none outside of jobs
    std::optional<CpuId> GetCurrent() const
    {
        return m_current;
    }

    /// @brief A job arrives; it begins at once if the core is idle.
    /// @param cpu which core @param context its context @param job it
    void Enqueue(CpuId cpu, JobContext context, std::unique_ptr<Job> job);

    /// @brief Softirq work that the job of GetCurrent() leaves behind: it is next on its core,
    /// before all that waits.  Several such jobs keep their order.  @param job it
    void EnqueueNext(std::unique_ptr<Job> job);

    /// @brief Add a queue.  @param config its settings @return its number
    uint32_t AddQueue(const ReceiveQueueConfig& config)
    {
        return m_engine.AddQueue(config);
    }

    /// @brief A packet arrives.  @param queue number of its queue @param hash its hash
    /// @param job what is to be done with it @return false if the queue is full: it is lost
    bool Receive(uint32_t queue, uint32_t hash, std::unique_ptr<Job> job);

    /// @param cpu a core @return whether a job is being done
    bool IsBusy(CpuId cpu) const;

    /// @param cpu a core @return jobs that wait
    size_t GetWaiting(CpuId cpu) const
    {
        return m_engine.GetWaiting(cpu);
    }

    /// @param cpu a core @return what it did so far
    CoreFigures GetFigures(CpuId cpu) const
    {
        return m_engine.GetFigures(cpu);
    }

    /// @param queue number of a queue @return what it saw
    const ReceiveQueueFigures& GetQueueFigures(uint32_t queue) const
    {
        return m_engine.GetQueueFigures(queue);
    }

    /// @param queue number of a queue @return packets that wait in it
    size_t GetQueueLength(uint32_t queue) const
    {
        return m_engine.GetQueueLength(queue);
    }

    /// @return the locks of its jobs
    LockTable& GetLocks()
    {
        return m_locks;
    }

    /// @return the locks of its jobs, to look at
    const LockTable& GetLocks() const
    {
        return m_locks;
    }

  private:
    /// What CoreEngine asks of its host.
    struct Host
    {
        using Job = std::unique_ptr<xfrm::Job>;

        static constexpr bool NeedsEnd(const Job& /*job*/)
        {
            return true; // outputs leave then
        }

        static bool IsPacket(const Job& job)
        {
            return job->IsPacket();
        }

        int64_t Begin(CpuId cpu, Job& job, int64_t now, std::vector<LockedStretch>& stretches);
        void End(CpuId cpu, Job& job, int64_t now);

        static void Lose(CpuId /*cpu*/, Job& job)
        {
            job->Lose();
        }

        int64_t Steer(CpuId /*cpu*/, CpuId /*target*/) const
        {
            return steeringNs;
        }

        std::optional<CpuId>& current; //!< core whose job begins or ends
        int64_t steeringNs;            //!< time to hand a packet on [ns]
    };

    void Fire();
    void Arm();

    std::optional<CpuId> m_current;                   //!< core whose job begins or ends
    LockTable m_locks;                                //!< locks of jobs
    Host m_host;                                      //!< how jobs begin and end
    CoreEngine<Host> m_engine;                        //!< what the cores do
    std::vector<std::pair<int64_t, EventId>> m_armed; //!< events to come, the nearest last [ns]
};

/**
 * @ingroup xfrm
 * @brief The receive side of a network card: its queues, and how packets are spread over them.
 */
class ReceiveQueues
{
  public:
    /// Settings.
    struct Config
    {
        Rss::Config rss{};             //!< how packets are spread; nQueues 0: one queue a core
        uint32_t ringSize{512};        //!< packets that may wait in a queue, from 1
        std::vector<CpuId> affinity{}; //!< core of each queue; empty: queue i on core i % cores
        Time delay{0};                 //!< an interrupt waits for more packets (rx-usecs)
        uint32_t nFrames{0};           //!< ... until there are so many, 0 no limit (rx-frames)
        std::vector<CpuId> steering{}; //!< cores that packets are handed to; empty: none (RPS)
    };

    /**
     * @param config settings
     * @param cores the host's cores; must outlive this
     * @throws std::invalid_argument naming the value that is out of range
     */
    ReceiveQueues(const Config& config, CoreSet& cores);

    /// @param config settings @param nCores the host's cores
    /// @throws std::invalid_argument naming the value that is out of range
    static void Check(const Config& config, uint32_t nCores);

    /// @param config valid settings @param nCores the host's cores
    /// @return how packets are spread, over one queue a core if no number is given
    static Rss MakeRss(const Config& config, uint32_t nCores);

    /// @param config valid settings @param nCores the host's cores @return those of each queue
    static std::vector<ReceiveQueueConfig> MakeQueues(const Config& config, uint32_t nCores);

    /**
     * @brief A packet arrives.
     * @param packet what the card sees of it @param job what is to be done with it
     * @return false if its queue is full: it is lost
     */
    bool Receive(const RssPacket& packet, std::unique_ptr<Job> job);

    /// @return core of each queue
    const std::vector<CpuId>& GetAffinity() const
    {
        return m_affinity;
    }

    /// @param queue a queue of the card, from 0 @return what it saw
    const ReceiveQueueFigures& GetFigures(uint32_t queue) const
    {
        return m_cores.GetQueueFigures(m_numbers[queue]);
    }

    /// @param queue a queue of the card, from 0 @return packets that wait in it
    size_t GetLength(uint32_t queue) const
    {
        return m_cores.GetQueueLength(m_numbers[queue]);
    }

  private:
    CoreSet& m_cores;                //!< the host's cores
    Rss m_rss;                       //!< how packets are spread
    std::vector<CpuId> m_affinity;   //!< core of each queue
    std::vector<uint32_t> m_numbers; //!< number of each queue among those of the cores
};

} // namespace ns3::xfrm

#endif // XFRM_CORE_SET_H
