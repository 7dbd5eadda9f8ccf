/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @brief V2: VPP with a list of policies that is searched for each packet, against its flow cache.
 *
 * The column says which policy of the list matches.  VPP works on vectors of packets, so a job is
 * one.  What VPP does not have (chains, a search for states) is free in its profiles; all else of a
 * packet is one price, packet_forwarded.
 */

#include "xfrm-validation-host.h"
#include "xfrm-validation-scenario.h"

#include <algorithm>

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t VECTOR{256};           //!< packets of a vector (VLIB_FRAME_SIZE)
constexpr uint32_t LIST_PACKET_BYTES{64}; //!< length of a packet [bytes]
constexpr uint32_t MAX_POLICIES{60'000};  //!< most policies

/// A list of policies of which the last one matches.
class LongList
{
  public:
    /// @param direction of the policies @param nPolicies how many @param hasCache with a flow cache
    LongList(Direction direction, uint32_t nPolicies, bool hasCache)
        : m_host({.kernel = hasCache ? "linux-4.1" : "linux-4.19"}),
          m_flow(MakeForwardedFlow(validation::SOURCE, GetAddress(nPolicies - 1, 1), 1024))
    {
        m_host.Add(m_tunnel.MakeState());
        for (uint32_t i = 0; i < nPolicies; ++i)
        {
            m_host.Add(m_tunnel.MakePolicy(direction, validation::SOURCE_NET, GetAddress(i, 0)));
        }
    }

    /// @brief Send a packet.  @param context where it runs
    void Send(const Context& context)
    {
        UsedObjects used;
        m_host.Forward(m_flow, LIST_PACKET_BYTES, {}, context, used);
        ++context.work.packet.nForwarded;
    }

    /// @brief Receive a packet.  @param context where it runs
    void Receive(const Context& context)
    {
        UsedObjects used;
        const ValidationHost::Sealed sealed{.id = m_id,
                                            .sequence = ++m_sequence,
                                            .inside = LIST_PACKET_BYTES};
        const SecPath path = m_host.Open(sealed, context, used);
        m_host.Forward(m_flow, LIST_PACKET_BYTES, path, context, used);
        ++context.work.packet.nForwarded;
    }

  private:
    static Ipv4Address GetAddress(uint32_t network, uint32_t host)
    {
        return Ipv4Address(validation::FIRST_NETWORK + network * validation::NETWORK_STEP + host);
    }

    const ValidationTunnel m_tunnel{validation::NEAR_END,
                                    validation::FAR_END,
                                    1};          //!< serves all policies
    const StateId m_id{m_tunnel.MakeState().id}; //!< names its state
    ValidationHost m_host;                       //!< the router
    Flow m_flow;                                 //!< that of the last policy
    uint32_t m_sequence{0};                      //!< last packet received
};

/// @return packets a second
double
Simulate(Direction direction, const TablePlace& place, const CostProfile& profile)
{
    LongList list(direction, GetNumber(place.column), place.part == 1);
    const auto task = [&](const Context& context, UsedObjects& /*used*/) {
        for (uint32_t i = 0; i < VECTOR; ++i)
        {
            direction == Direction::Out ? list.Send(context) : list.Receive(context);
        }
    };
    return MeasureSaturated({.nJobs = 8, .profile = &profile}, task) * VECTOR;
}

/// @return a scenario without names and what is measured
ValidationScenario
MakeListScenario()
{
    ValidationScenario scenario;
    scenario.nParts = 2;
    scenario.mostNumber = MAX_POLICIES;
    scenario.getBand = [](const TablePlace&) { return Band(); };
    scenario.getFree = [](const std::string&) {
        return std::vector<std::string_view>{"packet_forwarded",
                                             "policy_inexact_compared",
                                             "cache_hit"};
    };
    return scenario;
}

} // namespace

ValidationScenario
MakePolicyListScenario()
{
    ValidationScenario scenario = MakeListScenario();
    scenario.section = "V2";
    scenario.what = "Mpps sent by index of the policy: with the list / with the flow cache";
    scenario.rows = {"Intel Skylake", "Neoverse N1", "ThunderX2"};
    scenario.getProfile = [](const std::string& row) {
        return row == "Intel Skylake" ? "vpp-skylake"
               : row == "Neoverse N1" ? "vpp-neoverse-n1"
                                      : "vpp-thunderx2";
    };
    scenario.simulate = [](const TablePlace& place, const CostProfile& profile) {
        return Simulate(Direction::Out, place, profile) / 1e6;
    };
    return scenario;
}

ValidationScenario
MakeInboundListScenario()
{
    ValidationScenario scenario = MakeListScenario();
    scenario.section = "V2in";
    scenario.what = "Mbit/s received by index of the policy: with the list / with the flow cache";
    scenario.rows = {"ThunderX2"};
    scenario.getProfile = [](const std::string&) { return "vpp-thunderx2-inbound"; };
    scenario.simulate = [](const TablePlace& place, const CostProfile& profile) {
        return Simulate(Direction::Forward, place, profile) * LIST_PACKET_BYTES * 8 / 1e6;
    };
    return scenario;
}

} // namespace ns3::xfrm
