/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-benchmarks.h"

#include "ns3/simulator.h"
#include "ns3/xfrm-lookup-study.h"
#include "ns3/xfrm-traffic-mix.h"

#include <array>
#include <cstdint>
#include <vector>

namespace ns3::xfrm::bench
{

namespace
{

/// Packets in one measured batch.
constexpr size_t STUDY_BATCH{256};

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
    std::array<Arrival, STUDY_BATCH> arrivals{};
    for (auto _ : state)
    {
        if (mix.Fill(arrivals) != STUDY_BATCH)
        {
            state.SkipWithError("the traffic ended");
        }
        benchmark::DoNotOptimize(arrivals.data());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * STUDY_BATCH));
}

/// What a study is about.
struct StudyShape
{
    uint32_t nCores{16};               //!< cores
    uint32_t nFlows{100'000};          //!< flows, popular by Zipf's law
    StudyWork work{StudyWork::Lookup}; //!< what is done for a packet
    double rate{1e6};                  //!< of all packets [1/s]
    bool hasOneState{false};           //!< one state for all policies
};

/// A lookup study as a whole, once its flow caches are warm: 10 policies, linux-4.1-default.
void
BenchStudy(benchmark::State& state, const StudyShape& shape)
{
    StudyConfig config;
    config.nCores = shape.nCores;
    config.profile = CostProfile::Load("linux-4.1-default");
    config.locks = LockPreset::Find("linux-4.1");
    config.policies = MakeStudyPolicies({.nInexact = 10, .hasOneState = shape.hasOneState});
    config.work = shape.work;
    config.traffic = MakeTraffic(shape.nFlows);
    config.traffic.classes.front().arrivals.rate = shape.rate;
    config.duration = Seconds(1000);
    Simulator::Run(); // from here on ns-3 no longer keeps account of each Time that there is
    LookupStudy study(config);
    study.RunFor(Seconds(1));
    for (auto _ : state)
    {
        study.RunFor(MilliSeconds(10));
    }
    state.SetItemsProcessed(
        static_cast<int64_t>(static_cast<double>(state.iterations()) * 0.01 * shape.rate));
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
    const auto study = [](const StudyShape& shape) {
        return [shape](benchmark::State& state) { BenchStudy(state, shape); };
    };
    return {
        {"study_lookup_ns", "a lookup of a study of 16 cores and 100,000 flows, all in", study({})},
        {"study_lookup_1cpu_ns", "the same on 1 core", study({.nCores = 1})},
        {"study_lookup_64cpu_ns", "the same on 64 cores", study({.nCores = 64})},
        {"study_lookup_10k_ns", "the same of 10,000 flows", study({.nFlows = 10'000})},
        {"study_lookup_1m_ns", "the same of 1,000,000 flows", study({.nFlows = 1'000'000})},
        {"study_lookup_contended_ns",
         "a packet forwarded by a study of 16 cores that share a state, all in",
         study({.work = StudyWork::Forward, .rate = 4e6, .hasOneState = true})},
        {"study_traffic_ns", "a packet of 100,000 flows made, Poisson and Zipf", make(100'000, 0)},
        {"study_traffic_1m_ns", "the same of 1,000,000 flows", make(1'000'000, 0)},
        {"study_traffic_mix_ns", "the same of 100,000, 1 % an attack", make(100'000, 0.01)}};
}

} // namespace ns3::xfrm::bench
