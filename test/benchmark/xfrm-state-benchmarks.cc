/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-benchmarks.h"
#include "xfrm-test-states.h"

#include "ns3/xfrm-state-database.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

namespace ns3::xfrm::bench
{

namespace
{

/// Searches in one measured batch.
constexpr uint32_t STATE_BATCH{1024};

/// States of a large database, and of a small one.
constexpr uint32_t MANY_STATES{100'000};
constexpr uint32_t FEW_STATES{100}; //!< states of a small database

/// @return what asks for the state of pair i of gateways
StateRequest
MakeRequest(uint32_t i)
{
    StateRequest request = tests::MakeStateRequest();
    request.source = Ipv4Address(0x0a000000 + i);
    request.destination = Ipv4Address(0x0a800000 + i);
    request.reqid = i + 1;
    return request;
}

/// @return the state of pair i of gateways
Ptr<State>
MakeState(uint32_t i)
{
    const StateRequest request = MakeRequest(i);
    StateConfig config = tests::MakeStateConfig(0x1000 + i);
    config.source = request.source;
    config.id.destination = request.destination;
    config.reqid = request.reqid;
    return tests::MakeState(config);
}

/// A database of states, one of each pair of gateways.
struct StateFixture
{
    /// @param nStates how many
    explicit StateFixture(uint32_t nStates)
    {
        for (uint32_t i = 0; i < nStates; ++i)
        {
            nFailed += database.Add(MakeState(i), {Seconds(0), 1}) == 0 ? 0 : 1;
            database.RunGrowth();
        }
    }

    uint32_t nFailed{0};    //!< states that were not added
    StateDatabase database; //!< what is measured
    StateWork work;         //!< what was done
};

/// Fill a database, growth of its tables included.
void
BenchStateLoad(benchmark::State& state)
{
    for (auto _ : state)
    {
        const StateFixture fixture(MANY_STATES);
        if (fixture.nFailed != 0)
        {
            state.SkipWithError("a state was refused");
        }
    }
    state.SetItemsProcessed(state.iterations() * MANY_STATES);
}

/// Searches for output in random order.
void
BenchFind(benchmark::State& state, uint32_t nStates)
{
    StateFixture fixture(nStates);
    std::vector<StateRequest> requests;
    for (uint32_t i = 0; i < nStates; ++i)
    {
        requests.push_back(MakeRequest(i));
    }
    std::mt19937 random{1};
    std::shuffle(requests.begin(), requests.end(), random);
    const Flow flow = tests::MakeStateFlow();
    size_t next = 0;
    uint64_t nFound = 0;
    for (auto _ : state)
    {
        for (uint32_t i = 0; i < STATE_BATCH; ++i)
        {
            nFound += fixture.database.Find(requests[next], flow, fixture.work).state ? 1 : 0;
            next = next + 1 == requests.size() ? 0 : next + 1;
        }
    }
    if (nFound != fixture.work.nFinds)
    {
        state.SkipWithError("not every search found its state");
    }
    state.SetItemsProcessed(state.iterations() * STATE_BATCH);
}

} // namespace

std::vector<Entry>
GetStateBenchmarks()
{
    const auto find = [](uint32_t nStates) {
        return [nStates](benchmark::State& state) { BenchFind(state, nStates); };
    };
    return {{"state_insert_ns", "one of 100,000 states, growth included", BenchStateLoad},
            {"state_find_100_ns", "search for output among 100 states", find(FEW_STATES)},
            {"state_find_100k_ns", "search for output among 100,000 states", find(MANY_STATES)}};
}

std::vector<Quotient>
GetStateQuotients()
{
    return {
        {"state_find_growth", "100,000 states to 100", "state_find_100k_ns", "state_find_100_ns"}};
}

} // namespace ns3::xfrm::bench
