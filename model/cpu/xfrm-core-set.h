/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CORE_SET_H
#define XFRM_CORE_SET_H

#include "xfrm-core.h"
#include "xfrm-rss.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The cores of a host.
 */
class CoreSet
{
  public:
    /// @param nCores cores, from 1 @throws std::invalid_argument for 0
    explicit CoreSet(uint32_t nCores);

    /// @return cores
    uint32_t GetCores() const
    {
        return static_cast<uint32_t>(m_cores.size());
    }

    /// @param cpu number of a core, unchecked @return the core
    Core& GetCore(CpuId cpu)
    {
        return m_cores[cpu];
    }

    /// @copydoc GetCore
    const Core& GetCore(CpuId cpu) const
    {
        return m_cores[cpu];
    }

    /// @return the core whose job is beginning or ending right now, null outside of jobs
    Core* GetCurrent() const
    {
        return m_current;
    }

  private:
    Core* m_current{nullptr}; //!< the core that runs now
    std::deque<Core> m_cores; //!< by number
};

/**
 * @ingroup xfrm
 * @brief The receive side of a network card: its queues' rings, who serves them, and how packets
 * are
 * spread.
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
    };

    /**
     * @param config settings
     * @param cores the host's cores; must outlive this
     * @throws std::invalid_argument naming the value that is out of range
     */
    ReceiveQueues(const Config& config, CoreSet& cores);

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

    /// @return rings, by queue
    const std::deque<ReceiveRing>& GetRings() const
    {
        return m_rings;
    }

  private:
    CoreSet& m_cores;                //!< the host's cores
    Rss m_rss;                       //!< how packets are spread
    std::vector<CpuId> m_affinity;   //!< core of each queue
    std::deque<ReceiveRing> m_rings; //!< by queue
};

} // namespace ns3::xfrm

#endif // XFRM_CORE_SET_H
