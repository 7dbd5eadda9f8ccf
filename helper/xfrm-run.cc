/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run.h"

#include "xfrm-run-network.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/global-value.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/tcp-socket.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <deque>

namespace ns3::xfrm
{

namespace
{

constexpr int64_t TRAFFIC_STREAMS{1000}; //!< first random stream of traffic; before it, nodes'
constexpr uint32_t N_LOOKS{1000};        //!< how often a watcher is asked

/// @return name of ns-3's reason to drop a packet
const char*
GetDropName(Ipv4L3Protocol::DropReason reason)
{
    switch (reason)
    {
    case Ipv4L3Protocol::DROP_TTL_EXPIRED:
        return "ttl-expired";
    case Ipv4L3Protocol::DROP_NO_ROUTE:
        return "no-route";
    case Ipv4L3Protocol::DROP_BAD_CHECKSUM:
        return "bad-checksum";
    case Ipv4L3Protocol::DROP_INTERFACE_DOWN:
        return "interface-down";
    case Ipv4L3Protocol::DROP_ROUTE_ERROR:
        return "route-error";
    case Ipv4L3Protocol::DROP_FRAGMENT_TIMEOUT:
        return "fragment-timeout";
    default:
        return "duplicate";
    }
}

/// Counts what a node does.
class NodeMeter
{
  public:
    /// @param member the node
    explicit NodeMeter(const RunNetwork::Member& member)
        : m_routing(member.routing)
    {
        m_figures.name = member.name;
        const auto ipv4 = member.node->GetObject<Ipv4L3Protocol>();
        const auto count = [&](const char* source, uint64_t& counter) {
            ipv4->TraceConnectWithoutContext(
                source,
                Callback<void, const Ipv4Header&, Ptr<const Packet>, uint32_t>(
                    [&counter](const Ipv4Header&, const Ptr<const Packet>&, uint32_t) {
                        ++counter;
                    }));
        };
        count("SendOutgoing", m_figures.nSent);
        count("UnicastForward", m_figures.nForwarded);
        count("LocalDeliver", m_figures.nDelivered);
        ipv4->TraceConnectWithoutContext(
            "Drop",
            Callback<void,
                     const Ipv4Header&,
                     Ptr<const Packet>,
                     Ipv4L3Protocol::DropReason,
                     Ptr<Ipv4>,
                     uint32_t>([this](const Ipv4Header&,
                                      const Ptr<const Packet>&,
                                      Ipv4L3Protocol::DropReason reason,
                                      const Ptr<Ipv4>&,
                                      uint32_t) { ++m_figures.drops[GetDropName(reason)]; }));
        m_routing->TraceConnectWithoutContext(
            "Dropped",
            Callback<void, Ptr<const Packet>, const Ipv4Header&, const std::string&>(
                [this](const Ptr<const Packet>&, const Ipv4Header&, const std::string& reason) {
                    ++m_figures.drops[reason];
                }));
    }

    /// @return what it did so far
    NodeFigures GetFigures() const
    {
        Namespace& net = m_routing->GetNamespace();
        NodeFigures figures = m_figures;
        figures.nPolicies = net.GetPolicies().GetAll().size();
        figures.nStates = net.GetStates().GetCount();
        figures.cacheSize = net.GetCache().GetTable(0).GetSize();
        figures.work = m_routing->GetWork();
        figures.statistics = net.GetStatistics();
        return figures;
    }

  private:
    Ptr<XfrmRouting> m_routing; //!< its IPsec
    NodeFigures m_figures;      //!< what is counted
};

/// Sets what a run needs for the whole simulation; at its end, come what may, all is as before.
class SimulationGuard
{
  public:
    explicit SimulationGuard(const RunConfig& config)
    {
        GlobalValue::GetValueByName("ChecksumEnabled", m_checksum);
        TypeId::AttributeInformation segment;
        TypeId::LookupByName("ns3::TcpSocket").LookupAttributeByName("SegmentSize", &segment);
        m_segment = segment.initialValue;
        RngSeedManager::SetSeed(static_cast<uint32_t>(config.seed));
        RngSeedManager::SetRun(1);
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(!config.pcapPrefix.empty()));
        Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(config.tcpSegment));
    }

    ~SimulationGuard()
    {
        Simulator::Destroy();
        RngSeedManager::SetSeed(m_seed);
        RngSeedManager::SetRun(m_run);
        GlobalValue::Bind("ChecksumEnabled", m_checksum);
        Config::SetDefault("ns3::TcpSocket::SegmentSize", *m_segment);
    }

    SimulationGuard(const SimulationGuard&) = delete;
    SimulationGuard& operator=(const SimulationGuard&) = delete;
    SimulationGuard(SimulationGuard&&) = delete;
    SimulationGuard& operator=(SimulationGuard&&) = delete;

  private:
    uint32_t m_seed{RngSeedManager::GetSeed()}; //!< seed before
    uint64_t m_run{RngSeedManager::GetRun()};   //!< run number before
    BooleanValue m_checksum;                    //!< ChecksumEnabled before
    Ptr<const AttributeValue> m_segment;        //!< TCP's segment size before
};

/// A run under way.
class Run
{
  public:
    Run(const RunConfig& config, const RunWatcher& watcher)
        : m_network(config, 0),
          m_traffic(config, m_network, TRAFFIC_STREAMS),
          m_watcher(watcher)
    {
        m_result.config = config;
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
        Look();
        Simulator::Run();
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

    void Look()
    {
        const double share = Simulator::Now().GetSeconds() / m_result.config.duration.GetSeconds();
        if (m_watcher.goOn && !m_watcher.goOn(share))
        {
            Simulator::Stop();
            return;
        }
        const Time step =
            NanoSeconds(std::max<int64_t>(1, m_result.config.duration.GetNanoSeconds() / N_LOOKS));
        Simulator::Schedule(step, [this] { Look(); });
    }

    RunNetwork m_network;           //!< nodes
    RunTraffic m_traffic;           //!< flows
    const RunWatcher& m_watcher;    //!< who watches
    std::deque<NodeMeter> m_meters; //!< by node
    RunResult m_result;             //!< what it came to so far
};

} // namespace

RunResult
RunPackets(const RunConfig& config, const RunWatcher& watcher)
{
    const SimulationGuard guard(config);
    Run run(config, watcher);
    return run.Complete();
}

} // namespace ns3::xfrm
