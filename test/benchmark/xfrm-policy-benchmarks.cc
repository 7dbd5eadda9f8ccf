/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-benchmarks.h"

#include "ns3/nstime.h"
#include "ns3/xfrm-policy-database.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace ns3::xfrm::bench
{

namespace
{

/// Lookups in one measured batch.
constexpr uint32_t POLICY_BATCH{1024};

/// Policies of a large database, and of a small one.
constexpr uint32_t MANY_POLICIES{100'000};
constexpr uint32_t FEW_POLICIES{100}; //!< policies of a small database

/// Policies of a long inexact list.
constexpr uint32_t LIST{10'000};

/// @return the flow of pair i of hosts
Flow
MakeFlow(uint32_t i)
{
    Flow flow;
    flow.source = Ipv4Address(0x0a000000 + i);
    flow.destination = Ipv4Address(0x0a800000 + i);
    return flow;
}

/// @return a policy for pair i of hosts, or for the networks around them
Ptr<Policy>
MakePolicy(uint32_t i, uint8_t prefix)
{
    const Flow flow = MakeFlow(i);
    PolicyConfig config;
    config.selector.source = flow.source;
    config.selector.sourcePrefix = prefix;
    config.selector.destination = flow.destination;
    config.selector.destinationPrefix = prefix;
    return Create<Policy>(config);
}

/// A database of policies of pairs of hosts.
struct PolicyFixture
{
    /// @param nPolicies how many @param prefix their prefix length: 32 makes them exact
    PolicyFixture(uint32_t nPolicies, uint8_t prefix)
        : database(indexes)
    {
        for (uint32_t i = 0; i < nPolicies; ++i)
        {
            database.Insert(MakePolicy(i, prefix), true, 1, Seconds(0));
            database.RunGrowth();
        }
    }

    PolicyIndexGenerator indexes; //!< of the system
    PolicyDatabase database;      //!< what is measured
    PolicyWork work;              //!< what was done
};

/// Report a broken assumption, so that no figure of it is printed.
void
RequireTrue(benchmark::State& state, bool condition, const std::string& what)
{
    if (!condition)
    {
        state.SkipWithError(what.c_str());
    }
}

/// Fill a database with exact policies, growth of its tables included.
void
BenchPolicyLoad(benchmark::State& state)
{
    for (auto _ : state)
    {
        const PolicyFixture fixture(MANY_POLICIES, 32);
        RequireTrue(state,
                    fixture.database.GetCount(Direction::Out) == MANY_POLICIES,
                    "a policy is missing");
    }
    state.SetItemsProcessed(state.iterations() * MANY_POLICIES);
}

/// Lookups of exact policies in random order.
void
BenchExact(benchmark::State& state, uint32_t nPolicies)
{
    PolicyFixture fixture(nPolicies, 32);
    std::vector<Flow> flows;
    for (uint32_t i = 0; i < nPolicies; ++i)
    {
        flows.push_back(MakeFlow(i));
    }
    std::mt19937 random{1};
    std::shuffle(flows.begin(), flows.end(), random);
    size_t next = 0;
    uint64_t nFound = 0;
    for (auto _ : state)
    {
        for (uint32_t i = 0; i < POLICY_BATCH; ++i)
        {
            nFound +=
                fixture.database.Lookup(flows[next], PolicyType::Main, Direction::Out, fixture.work)
                    ? 1
                    : 0;
            next = next + 1 == flows.size() ? 0 : next + 1;
        }
    }
    RequireTrue(state, nFound == fixture.work.nLookups, "not every lookup found its policy");
    state.SetItemsProcessed(state.iterations() * POLICY_BATCH);
}

/// Lookups that walk a long list of subnet policies to its end.
void
BenchInexact(benchmark::State& state)
{
    PolicyFixture fixture(LIST, 31);
    const Flow flow = MakeFlow(0x00400000);
    for (auto _ : state)
    {
        benchmark::DoNotOptimize(
            fixture.database.Lookup(flow, PolicyType::Main, Direction::Out, fixture.work));
    }
    const auto nSteps = static_cast<uint64_t>(state.iterations()) * LIST;
    RequireTrue(state, fixture.work.nInexactCompared == nSteps, "a walk ended early");
    state.SetItemsProcessed(static_cast<int64_t>(nSteps));
}

} // namespace

std::vector<Entry>
GetPolicyBenchmarks()
{
    const auto exact = [](uint32_t nPolicies) {
        return [nPolicies](benchmark::State& state) { BenchExact(state, nPolicies); };
    };
    return {{"policy_insert_ns", "one of 100,000 exact policies, growth included", BenchPolicyLoad},
            {"policy_exact_100_ns", "lookup among 100 exact policies", exact(FEW_POLICIES)},
            {"policy_exact_100k_ns", "lookup among 100,000 exact policies", exact(MANY_POLICIES)},
            {"policy_inexact_step_ns", "one policy of an inexact list of 10,000", BenchInexact}};
}

std::vector<Quotient>
GetPolicyQuotients()
{
    return {{"policy_exact_growth",
             "100,000 exact policies to 100",
             "policy_exact_100k_ns",
             "policy_exact_100_ns"}};
}

} // namespace ns3::xfrm::bench
