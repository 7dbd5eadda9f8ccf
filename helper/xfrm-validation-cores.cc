/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @brief V3, V4 and V7: cores that meet at a lock, or at a line that all write.
 */

#include "xfrm-validation-host.h"
#include "xfrm-validation-scenario.h"

#include <algorithm>
#include <memory>

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t MAX_CORES{1024};           //!< most cores
constexpr uint32_t MAX_GATEWAY_FLOWS{50'000}; //!< most flows of the gateway
constexpr uint32_t TCP_PACKET_BYTES{1500};    //!< V3: length of a packet [bytes]
constexpr uint32_t GATEWAY_PACKET_BYTES{60};  //!< V4: length of a packet [bytes]
constexpr uint32_t GATEWAY_CORES{24};         //!< V4: cores, each with a receive queue
constexpr uint32_t JOBS{600};                 //!< packets of a core
constexpr uint32_t ROUNDS{8};                 //!< packets of each flow, at least

/// V3: N cores, each with a receive queue, that get packets of one state.
double
SimulateOneState(const TablePlace& place, const CostProfile& profile)
{
    const bool isLong = place.row == "lock held over the whole input";
    const uint32_t nCores = GetNumber(place.column);
    const ValidationTunnel tunnel{validation::FAR_END, validation::NEAR_END, 1};
    const Ipv4Address network(validation::FIRST_NETWORK);
    ValidationHost host({.nCpus = nCores, .kernel = "linux-4.19"});
    host.Add(tunnel.MakeState());
    host.Add(tunnel.MakePolicy(Direction::In, validation::SOURCE_NET, network));
    const Flow flow =
        MakeForwardedFlow(validation::SOURCE, Ipv4Address(validation::FIRST_NETWORK + 1), 1024);
    const StateId id = tunnel.MakeState().id;
    uint32_t sequence = 0;
    const auto task = [&](const Context& context, UsedObjects& used) {
        const ValidationHost::Sealed sealed{id, ++sequence, TCP_PACKET_BYTES};
        ++context.work.packet.nReceived;
        host.Deliver(flow, host.Open(sealed, context, used), context);
        ++context.work.packet.nDelivered;
    };
    const double rate =
        MeasureSaturated({.nCores = nCores,
                          .locks = LockPreset::Find(isLong ? "inline-long" : "inline-short"),
                          .nJobs = JOBS,
                          .profile = &profile},
                         task);
    return rate * TCP_PACKET_BYTES * 8 / 1e9;
}

/// A gateway whose flows each have a policy and a state of their own, between the same two ends.
class Gateway
{
  public:
    /// @param nFlows flows @param hasIpsec they go through tunnels
    Gateway(uint32_t nFlows, bool hasIpsec)
        : m_host({.nCpus = std::min(nFlows, GATEWAY_CORES), .kernel = "linux-4.1"}),
          m_next(GATEWAY_CORES)
    {
        for (uint32_t i = 0; i < nFlows; ++i)
        {
            const uint32_t network = validation::FIRST_NETWORK + i * validation::NETWORK_STEP;
            m_flows.push_back(
                MakeForwardedFlow(validation::SOURCE, Ipv4Address(network + 1), 1024));
            if (hasIpsec)
            {
                const ValidationTunnel tunnel{validation::NEAR_END, validation::FAR_END, i + 1};
                m_host.Add(tunnel.MakeState());
                m_host.Add(tunnel.MakePolicy(Direction::Out,
                                             validation::SOURCE_NET,
                                             Ipv4Address(network)));
            }
        }
    }

    /// @brief Forward a packet of the core's next flow.
    void Forward(const Context& context, UsedObjects& used)
    {
        // Flow i arrives at queue i modulo the queues.
        uint32_t& next = m_next[context.cpu];
        const size_t flow = context.cpu + size_t{next} * GATEWAY_CORES;
        next = flow + GATEWAY_CORES < m_flows.size() ? next + 1 : 0;
        ++context.work.packet.nReceived;
        m_host.Forward(m_flows[flow], GATEWAY_PACKET_BYTES, {}, context, used);
        ++context.work.packet.nForwarded;
        ++context.work.packet.nTransmitted;
    }

  private:
    ValidationHost m_host;        //!< the gateway
    std::vector<Flow> m_flows;    //!< by number
    std::vector<uint32_t> m_next; //!< which of its flows is next, by core
};

/// V4: a gateway of 24 cores, each with a receive queue; flows take the queues in turn.
double
SimulateGateway(const TablePlace& place, const CostProfile& profile)
{
    const uint32_t nFlows = GetNumber(place.column);
    Gateway gateway(nFlows, place.row == "IPsec out");
    const auto task = [&](const Context& context, UsedObjects& used) {
        gateway.Forward(context, used);
    };
    const uint32_t nJobs = std::max(JOBS, ROUNDS * nFlows / GATEWAY_CORES);
    return MeasureSaturated({.nCores = std::min(nFlows, GATEWAY_CORES),
                             .locks = LockPreset::Find("linux-4.2-lines"),
                             .nJobs = nJobs,
                             .profile = &profile},
                            task) /
           1e6;
}

/// V7: N senders, who may all count a reference to the same policy.
double
SimulateReferenceCount(const TablePlace& place, const CostProfile& profile)
{
    const bool counts = place.row == "with the count";
    const auto task = [counts](const Context& context, UsedObjects& used) {
        ++context.work.packet.nSent;
        used.lines.assign(counts ? 1 : 0, 1);
    };
    return MeasureSaturated({.nCores = GetNumber(place.column),
                             .locks = LockPreset::Find("linux-4.2-lines"),
                             .nJobs = JOBS,
                             .profile = &profile},
                            task) /
           1e6;
}

} // namespace

ValidationScenario
MakeOneStateScenario()
{
    ValidationScenario scenario;
    scenario.section = "V3";
    scenario.what = "Gbit/s of one state by receive queues";
    scenario.rows = {"lock held over the whole input", "lock held shortly"};
    scenario.mostNumber = MAX_CORES;
    scenario.comparison = Comparison::FirstCell;
    scenario.getBand = [](const TablePlace&) { return Band{.width = 0.15}; };
    scenario.getProfile = [](const std::string&) { return "linux-inline-crypto"; };
    scenario.getFree = [](const std::string&) {
        return std::vector<std::string_view>{"packet_delivered",
                                             "open",
                                             "open_state",
                                             "lock_crowding"};
    };
    scenario.simulate = SimulateOneState;
    return scenario;
}

ValidationScenario
MakeGatewayScenario()
{
    ValidationScenario scenario;
    scenario.section = "V4";
    scenario.what = "Mpps by flows";
    scenario.rows = {"IPsec out", "plain router"};
    scenario.mostNumber = MAX_GATEWAY_FLOWS;
    scenario.getBand = [](const TablePlace&) { return Band{.width = 0.15}; };
    scenario.getProfile = [](const std::string&) { return "linux-4.4-gateway"; };
    scenario.getFree = [](const std::string&) {
        return std::vector<std::string_view>{"packet_forwarded", "seal", "line_transfer"};
    };
    scenario.simulate = SimulateGateway;
    return scenario;
}

ValidationScenario
MakeReferenceCountScenario()
{
    ValidationScenario scenario;
    scenario.section = "V7";
    scenario.what = "Mpps by senders";
    scenario.rows = {"without the count", "with the count"};
    scenario.mostNumber = MAX_CORES;
    scenario.getBand = [](const TablePlace&) { return Band(); };
    scenario.getProfile = [](const std::string&) { return "freebsd-reference-count"; };
    scenario.getFree = [](const std::string&) {
        return std::vector<std::string_view>{"packet_sent", "line_transfer"};
    };
    scenario.simulate = SimulateReferenceCount;
    return scenario;
}

} // namespace ns3::xfrm
