/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-benchmarks.h"

#include "ns3/xfrm-traffic-mix.h"

#include <array>
#include <cstdint>
#include <vector>

namespace ns3::xfrm::bench
{

namespace
{

/// Packets in one measured batch.
constexpr size_t BATCH{256};

/// @return Poisson arrivals at 10^6 packets/s of flows that are popular by Zipf's law
TrafficConfig
MakeTraffic(uint32_t nFlows)
{
    TrafficClass traffic;
    traffic.name = "all";
    traffic.flows.nFlows = nFlows;
    TrafficConfig config;
    config.classes = {traffic};
    return config;
}

/// Packets of a lookup study, before any lookup.
void
BenchTraffic(benchmark::State& state, const TrafficConfig& config)
{
    TrafficMix mix(config);
    std::array<Arrival, BATCH> arrivals{};
    for (auto _ : state)
    {
        if (mix.Fill(arrivals) != BATCH)
        {
            state.SkipWithError("the traffic ended");
        }
        benchmark::DoNotOptimize(arrivals.data());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * BATCH));
}

} // namespace

std::vector<Entry>
GetStudyBenchmarks()
{
    const auto make = [](uint32_t nFlows, double attackShare) {
        TrafficConfig config = MakeTraffic(nFlows);
        config.attackShare = attackShare;
        return [config](benchmark::State& state) { BenchTraffic(state, config); };
    };
    return {
        {"study_traffic_ns", "a packet of 100,000 flows made, Poisson and Zipf", make(100'000, 0)},
        {"study_traffic_1m_ns", "the same of 1,000,000 flows", make(1'000'000, 0)},
        {"study_traffic_mix_ns", "the same of 100,000, 1 % an attack", make(100'000, 0.01)}};
}

} // namespace ns3::xfrm::bench
