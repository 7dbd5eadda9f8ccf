/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run.h"

#include "xfrm-helper.h"
#include "xfrm-run-network.h"
#include "xfrm-run-traffic.h"

#include "ns3/boolean.h"
#include "ns3/global-value.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>

namespace ns3::xfrm
{

namespace
{

constexpr int64_t TRAFFIC_STREAMS{10000}; //!< first random stream of traffic; before it, nodes'
constexpr uint32_t N_LOOKS{1000};         //!< how often a watcher is asked

/// Sets what is global in ns-3 for a run; ends the simulation and sets it back, come what may.
class GlobalsGuard
{
  public:
    /// @param config the run
    explicit GlobalsGuard(const RunConfig& config)
    {
        GlobalValue::GetValueByName("ChecksumEnabled", m_useChecksum);
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(config.seed);
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(config.usesPcap));
    }

    ~GlobalsGuard()
    {
        Simulator::Destroy();
        GlobalValue::Bind("ChecksumEnabled", m_useChecksum);
        RngSeedManager::SetRun(m_run);
        RngSeedManager::SetSeed(m_seed);
    }

    GlobalsGuard(const GlobalsGuard&) = delete;
    GlobalsGuard& operator=(const GlobalsGuard&) = delete;
    GlobalsGuard(GlobalsGuard&&) = delete;
    GlobalsGuard& operator=(GlobalsGuard&&) = delete;

  private:
    BooleanValue m_useChecksum;                 //!< IP checksums, before
    uint32_t m_seed{RngSeedManager::GetSeed()}; //!< seed, before
    uint64_t m_run{RngSeedManager::GetRun()};   //!< run number, before
};

/**
 * @brief Has something called in the simulation each 50 ms of real time, whatever share of the run
 * that is: for Ctrl-C and progress.
 *
 * Adds no event to those of the run that would change their order.
 */
class Pulse
{
  public:
    /// @param call what is called
    explicit Pulse(const std::function<void()>& call)
        : m_thread([this, call](const std::stop_token& end) { Beat(call, end); })
    {
    }

  private:
    void Beat(const std::function<void()>& call, const std::stop_token& end)
    {
        std::unique_lock lock(m_mutex);
        while (!m_bell.wait_for(lock, end, PERIOD, [&] { return end.stop_requested(); }))
        {
            // Of a thread other than the simulator's: it is for that.
            Simulator::ScheduleWithContext(Simulator::NO_CONTEXT, Time(0), call);
        }
    }

    static constexpr std::chrono::milliseconds PERIOD{50}; //!< between calls

    std::mutex m_mutex;                 //!< of the bell
    std::condition_variable_any m_bell; //!< rings at the end
    std::jthread m_thread;              //!< counts real time; ends before what it uses
};

/// A run under way.
class Run
{
  public:
    Run(const RunConfig& config, const RunSurroundings& surroundings)
        : m_result{.config = config, .ipXfrm = ReadIpXfrmTexts(config)},
          m_network(config, m_result.ipXfrm, 0),
          m_traffic(config, m_network, TRAFFIC_STREAMS),
          m_surroundings(surroundings)
    {
        if (config.usesPcap)
        {
            XfrmHelper::UseRealBytes();
            m_network.WritePackets(surroundings.pcapFolder);
        }
        for (const RunNetwork::Member& member : m_network.GetMembers())
        {
            m_meters.emplace_back(member);
        }
    }

    /// @return what it came to
    RunResult Complete()
    {
        const Time duration = m_result.config.duration;
        Simulator::Stop(duration);
        Sample();
        Simulator::ScheduleNow([this] { Look(); }); // to stop before Run() is to no avail
        {
            const Pulse pulse([this] { Ask(); });
            Simulator::Run();
        }
        m_network.CheckCommands();
        m_result.last = MakeSample();
        m_result.flows = m_traffic.GetFigures();
        if (m_result.series.back().time < m_result.last.time)
        {
            m_result.series.push_back(m_result.last);
        }
        m_result.isPartial = m_result.last.time < duration;
        return std::move(m_result);
    }

  private:
    RunSample MakeSample() const
    {
        RunSample sample{Simulator::Now(), m_traffic.GetCounts(), {}};
        for (const NodeMeter& meter : m_meters)
        {
            sample.nodes.push_back(meter.GetFigures());
        }
        return sample;
    }

    void Sample()
    {
        m_result.series.push_back(MakeSample());
        Simulator::Schedule(m_result.config.interval, [this] { Sample(); });
    }

    void Ask()
    {
        const double share = Simulator::Now().GetSeconds() / m_result.config.duration.GetSeconds();
        if (m_surroundings.goOn && !m_surroundings.goOn(share))
        {
            Simulator::Stop();
        }
    }

    void Look()
    {
        Ask();
        const Time step =
            NanoSeconds(std::max<int64_t>(1, m_result.config.duration.GetNanoSeconds() / N_LOOKS));
        Simulator::Schedule(step, [this] { Look(); });
    }

    RunResult m_result;                    //!< what it came to so far
    RunNetwork m_network;                  //!< nodes
    RunTraffic m_traffic;                  //!< flows
    const RunSurroundings& m_surroundings; //!< who watches
    std::deque<NodeMeter> m_meters;        //!< by node
};

} // namespace

RunResult
RunPackets(const RunConfig& config, const RunSurroundings& surroundings)
{
    CheckRunConfig(config);
    const GlobalsGuard guard(config);
    Run run(config, surroundings);
    return run.Complete();
}

} // namespace ns3::xfrm
