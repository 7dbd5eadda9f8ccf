/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-benchmarks.h"

#include "ns3/xfrm-flow-cache.h"
#include "ns3/xfrm-jhash.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace ns3::xfrm::bench
{

namespace
{

/// Lookups in one measured batch.
constexpr size_t LOOKUP_BATCH{1024};

/// Lookups by key in one call of a batch.
constexpr uint32_t KEY_BATCH{32};

/// Lookups in one call of the interned face.
constexpr size_t INTERNED_BATCH{32};

/// An object that always serves, on a cache line of its own as real ones are.
class alignas(64) ServingObject final : public CacheObject
{
  public:
    Consent Get() override
    {
        return Consent::UntilChange;
    }

    bool Check() override
    {
        return true;
    }

    void Delete() override
    {
    }
};

/// An IPv4 key without its identity, which all flows here share.
using KeyWords = std::array<uint32_t, FlowKey::MIN_WORDS>;

/// Identity of all flows here.
const FlowIdentity IDENTITY{static_cast<uint16_t>(Family::Ipv4), Direction::Out, 8};

/// @return an IPv4 UDP key of this number; different numbers give different keys
KeyWords
MakeKey(uint32_t number)
{
    const FlowFields common{.oif = 2, .iif = 1, .proto = 17};
    const FlowKey key =
        FlowKey::Ipv4(Direction::Out,
                      common,
                      Ipv4Address(0x0a000000 + (number >> 12)),
                      Ipv4Address(0x0a800001),
                      UpperLayer::Ports(static_cast<uint16_t>(1024 + (number & 0xfff)), 5000));
    KeyWords words;
    std::copy_n(key.View().words, words.size(), words.begin());
    return words;
}

/// How lookups are called.
enum class Calls
{
    Single, //!< one lookup a call
    Batch   //!< KEY_BATCH lookups a call
};

/// A cache, its flows and their objects.
class Fixture
{
  public:
    /// @param nFlows number of flows @param nCpus number of CPUs
    explicit Fixture(uint32_t nFlows, uint32_t nCpus = 1)
        : objects(nFlows),
          cache({.nCpus = nCpus}, [this] { return static_cast<uint32_t>(random()); })
    {
        keys.reserve(nFlows);
        for (uint32_t i = 0; i < nFlows; ++i)
        {
            keys.push_back(MakeKey(i));
            views.push_back({keys.back().data(), IDENTITY});
        }
    }

    /// Give every flow a number.
    void Intern()
    {
        for (const KeyWords& words : keys)
        {
            cache.Intern({words.data(), IDENTITY});
        }
    }

    /// Put the keys in random order.
    void ShuffleKeys()
    {
        std::shuffle(keys.begin(), keys.end(), random);
    }

    /// Look up one flow by key.  @tparam isValidUntilChange what the resolver promises
    template <bool isValidUntilChange = true>
    CacheAnswer LookUp(CpuId cpu, uint32_t flow)
    {
        const auto resolve = [&](CacheObject*) {
            return Resolution{&objects[flow], 0, isValidUntilChange};
        };
        return cache.Lookup(cpu, views[flow], resolve, work);
    }

    /// Look up flows by key on CPU 0.
    void LookUpRange(Calls calls, uint32_t first, uint32_t n)
    {
        for (uint32_t i = first; i < first + n; i += KEY_BATCH)
        {
            LookUpSome(calls, i, std::min<uint32_t>(KEY_BATCH, first + n - i));
        }
    }

    /// Look up the next KEY_BATCH flows by key on CPU 0, all flows in turn.
    void LookUpNext(Calls calls)
    {
        LookUpSome(calls, m_next, KEY_BATCH);
        m_next += KEY_BATCH;
        if (m_next + KEY_BATCH > views.size())
        {
            m_next = 0;
        }
    }

    /// Look up one flow by number.
    CacheAnswer LookUpInterned(CpuId cpu, uint32_t flow)
    {
        return cache.Lookup(
            cpu,
            FlowId{flow},
            [&](CacheObject*) {
                return Resolution{&objects[flow], 0, true};
            },
            work);
    }

    /// Look up flows by number.
    void LookUpBatch(CpuId cpu, std::span<const FlowId> flows, std::span<CacheAnswer> answers)
    {
        const auto resolve = [&](size_t i, CacheObject*) {
            return Resolution{&objects[static_cast<uint32_t>(flows[i])], 0, true};
        };
        cache.LookupBatch(cpu, flows, answers, resolve, work);
    }

    /// @return the numbers 0 to n - 1, shuffled
    std::vector<uint32_t> Shuffle(uint32_t n)
    {
        std::vector<uint32_t> order(n);
        std::iota(order.begin(), order.end(), 0);
        std::shuffle(order.begin(), order.end(), random);
        return order;
    }

    std::mt19937 random{1};             //!< hash seeds and orders
    std::vector<ServingObject> objects; //!< object of each flow; outlives the cache
    FlowCache cache;                    //!< the cache
    std::vector<KeyWords> keys;         //!< key of each flow
    std::vector<FlowKeyView> views;     //!< key of each flow, as lookups take it
    CacheWork work;                     //!< what was done

  private:
    void LookUpSome(Calls calls, uint32_t first, uint32_t n)
    {
        if (calls == Calls::Single)
        {
            for (uint32_t i = 0; i < n; ++i)
            {
                benchmark::DoNotOptimize(LookUp(0, first + i));
            }
            return;
        }
        std::array<CacheAnswer, KEY_BATCH> answers;
        const auto resolve = [&](size_t i, CacheObject*) {
            return Resolution{&objects[first + i], 0, true};
        };
        const auto some = std::span<const FlowKeyView>(views).subspan(first, n);
        cache.LookupBatch(0, some, std::span(answers).first(n), resolve, work);
        benchmark::DoNotOptimize(answers);
    }

    uint32_t m_next{0}; //!< the flow that LookUpNext() begins with
};

/// Report a broken assumption, so that no figure of it is printed.
bool
Require(benchmark::State& state, bool condition, const std::string& what)
{
    if (!condition)
    {
        state.SkipWithError(what.c_str());
    }
    return condition;
}

/// jhash2 of 8 words, each seeded by the one before.
void
BenchJhash2(benchmark::State& state)
{
    std::vector<uint32_t> words(8, 0x9e3779b9);
    uint32_t hash = 1;
    for (auto _ : state)
    {
        for (size_t i = 0; i < LOOKUP_BATCH; ++i)
        {
            hash = Jhash2(words.data(), 8, hash);
        }
        benchmark::DoNotOptimize(hash);
    }
    state.SetItemsProcessed(state.iterations() * LOOKUP_BATCH);
}

/// Hits by key, over a working set in random order.
void
BenchHit(benchmark::State& state, Calls calls, uint32_t nFlows)
{
    Fixture fixture(nFlows);
    fixture.ShuffleKeys();
    for (int pass = 0; pass < 2; ++pass)
    {
        fixture.LookUpRange(calls, 0, nFlows);
    }
    const uint64_t before = fixture.work.nHits;
    for (auto _ : state)
    {
        for (size_t i = 0; i < LOOKUP_BATCH / KEY_BATCH; ++i)
        {
            fixture.LookUpNext(calls);
        }
    }
    const auto nLookups = static_cast<uint64_t>(state.iterations()) * LOOKUP_BATCH;
    Require(state, fixture.work.nHits - before == nLookups, "not every lookup was a hit");
    state.SetItemsProcessed(static_cast<int64_t>(nLookups));
}

/// Hits by flow number, in batches: @p nCached flows a CPU, spread over a population of @p nFlows.
void
BenchHitInterned(benchmark::State& state, uint32_t nFlows, uint32_t nCpus, uint32_t nCached)
{
    Fixture fixture(nFlows, nCpus);
    fixture.Intern();
    // The flows of each CPU, in the order of their lookups.
    std::vector<std::vector<FlowId>> flows(nCpus);
    const std::vector<uint32_t> population = fixture.Shuffle(nFlows);
    for (uint32_t i = 0; i < nCached * nCpus; ++i)
    {
        flows[i % nCpus].push_back(FlowId{population[i]});
    }
    std::array<CacheAnswer, INTERNED_BATCH> answers;
    CpuId cpu = 0;
    size_t next = 0;
    const auto lookUpBatch = [&] {
        fixture.LookUpBatch(cpu, std::span(flows[cpu]).subspan(next, INTERNED_BATCH), answers);
        benchmark::DoNotOptimize(answers);
        benchmark::ClobberMemory();
        // Another CPU each time, as packets arrive.
        if (++cpu == nCpus)
        {
            cpu = 0;
            next = next + 2 * INTERNED_BATCH > nCached ? 0 : next + INTERNED_BATCH;
        }
    };
    for (uint32_t i = 0; i < 2 * nCached * nCpus / INTERNED_BATCH + nCpus; ++i)
    {
        lookUpBatch();
    }
    const uint64_t before = fixture.work.nHits;
    for (auto _ : state)
    {
        for (size_t i = 0; i < LOOKUP_BATCH / INTERNED_BATCH; ++i)
        {
            lookUpBatch();
        }
    }
    const auto nLookups = static_cast<uint64_t>(state.iterations()) * LOOKUP_BATCH;
    Require(state, fixture.work.nHits - before == nLookups, "not every lookup was a hit");
    state.SetItemsProcessed(static_cast<int64_t>(nLookups));
}

/// Hits by flow number, one call each.
void
BenchHitInternedSingle(benchmark::State& state)
{
    constexpr uint32_t nFlows = 4000;
    Fixture fixture(nFlows);
    fixture.Intern();
    const std::vector<uint32_t> order = fixture.Shuffle(nFlows);
    for (int pass = 0; pass < 2; ++pass)
    {
        for (const uint32_t flow : order)
        {
            fixture.LookUpInterned(0, flow);
        }
    }
    size_t next = 0;
    for (auto _ : state)
    {
        for (size_t i = 0; i < LOOKUP_BATCH; ++i)
        {
            benchmark::DoNotOptimize(fixture.LookUpInterned(0, order[next]));
            next = next + 1 == nFlows ? 0 : next + 1;
        }
    }
    state.SetItemsProcessed(state.iterations() * LOOKUP_BATCH);
}

/// Misses with insertion into a table that already holds the low watermark, without shrinks.
void
BenchMiss(benchmark::State& state, Calls calls)
{
    constexpr uint32_t nHalf = 2048;
    Fixture fixture(2 * nHalf);
    for (auto _ : state)
    {
        fixture.cache.RequestReseed();
        fixture.LookUpRange(Calls::Batch, 0, nHalf);
        fixture.cache.RunGc(fixture.work);
        const uint64_t before = fixture.work.nMisses;
        const double start = GetThreadTime();
        fixture.LookUpRange(calls, nHalf, nHalf);
        state.SetIterationTime(GetThreadTime() - start);
        Require(state, fixture.work.nMisses - before == nHalf, "not every lookup was a miss");
    }
    Require(state, fixture.work.nShrinks == 0, "a shrink ran");
    state.SetItemsProcessed(state.iterations() * nHalf);
}

/// Nothing but misses: shrinks and gc work are part of it.
void
BenchAllMiss(benchmark::State& state, Calls calls)
{
    constexpr uint32_t nFlows = 1 << 14;
    Fixture fixture(nFlows);
    const auto lookUpBatch = [&] {
        for (size_t i = 0; i < LOOKUP_BATCH / KEY_BATCH; ++i)
        {
            fixture.LookUpNext(calls);
        }
        if (fixture.cache.GetGcCpu())
        {
            fixture.cache.RunGc(fixture.work);
        }
    };
    for (size_t i = 0; i < nFlows / LOOKUP_BATCH; ++i)
    {
        lookUpBatch();
    }
    for (auto _ : state)
    {
        lookUpBatch();
    }
    const CacheWork& work = fixture.work;
    Require(state,
            static_cast<double>(work.nMisses) >= 0.999 * static_cast<double>(work.GetLookups()),
            "more than 0.1 % of the lookups were no misses");
    state.SetItemsProcessed(state.iterations() * LOOKUP_BATCH);
}

/// A watermark shrink of 4097 entries; @p isAsking: it has to call Check() for each that stays.
void
BenchShrink(benchmark::State& state, bool isAsking)
{
    constexpr uint32_t nFlows = 4097;
    Fixture fixture(2 * nFlows);
    uint32_t offset = 0;
    for (auto _ : state)
    {
        fixture.cache.RequestReseed();
        for (uint32_t flow = 0; flow < nFlows; ++flow)
        {
            isAsking ? fixture.LookUp<false>(0, offset + flow) : fixture.LookUp(0, offset + flow);
        }
        fixture.cache.RunGc(fixture.work);
        offset = nFlows - offset;
        const uint64_t before = fixture.work.nShrinks;
        const double start = GetThreadTime();
        fixture.LookUp(0, offset);
        state.SetIterationTime(GetThreadTime() - start);
        Require(state, fixture.work.nShrinks - before == 1, "no shrink ran");
    }
    state.SetItemsProcessed(state.iterations());
}

/// A re-seed that drops 4000 entries.
void
BenchReseed(benchmark::State& state)
{
    constexpr uint32_t nFlows = 4000;
    Fixture fixture(nFlows);
    for (auto _ : state)
    {
        for (uint32_t flow = 0; flow < nFlows; ++flow)
        {
            fixture.LookUp(0, flow);
        }
        fixture.cache.RequestReseed();
        const double start = GetThreadTime();
        fixture.LookUp(0, 0);
        state.SetIterationTime(GetThreadTime() - start);
        fixture.cache.RunGc(fixture.work);
    }
    Require(state,
            fixture.work.nEvicted == static_cast<uint64_t>(state.iterations()) * nFlows,
            "not every re-seed dropped 4000 entries");
    state.SetItemsProcessed(state.iterations());
}

} // namespace

double
GetThreadTime()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

std::vector<Entry>
GetFlowCacheBenchmarks()
{
    const auto hit = [](Calls calls, uint32_t nFlows) {
        return [=](benchmark::State& state) { BenchHit(state, calls, nFlows); };
    };
    const auto miss = [](Calls calls) {
        return [=](benchmark::State& state) { BenchMiss(state, calls); };
    };
    const auto allMiss = [](Calls calls) {
        return [=](benchmark::State& state) { BenchAllMiss(state, calls); };
    };
    const auto shrink = [](bool isAsking) {
        return [=](benchmark::State& state) { BenchShrink(state, isAsking); };
    };
    const auto interned = [](uint32_t nFlows, uint32_t nCpus) {
        return [=](benchmark::State& state) { BenchHitInterned(state, nFlows, nCpus, 4000); };
    };
    return {
        {REFERENCE, "jhash2 of 8 words, each seeded by the last result", BenchJhash2},
        {"hit_64_ns", "hit by key, hash included, 64 flows", hit(Calls::Single, 64)},
        {"hit_256_ns", "... 256 flows", hit(Calls::Single, 256)},
        {"hit_1024_ns", "... 1024 flows", hit(Calls::Single, 1024)},
        {"hit_4000_ns", "... 4000 flows", hit(Calls::Single, 4000)},
        {"hit_batch_64_ns", "the same in batches of 32, 64 flows", hit(Calls::Batch, 64)},
        {"hit_batch_4000_ns", "... 4000 flows", hit(Calls::Batch, 4000)},
        {"miss_ns", "miss and insertion, 2048 to 4096 entries", miss(Calls::Single), true},
        {"miss_batch_ns", "the same in batches of 32", miss(Calls::Batch), true},
        {"allmiss_ns", "misses only, shrinks and gc included", allMiss(Calls::Single)},
        {"allmiss_batch_ns", "the same in batches of 32", allMiss(Calls::Batch)},
        {"shrink_us", "shrink of 4097 entries", shrink(false), true},
        {"shrink_asking_us", "the same, calling Check()", shrink(true), true},
        {"reseed_us", "re-seed dropping 4000 entries", BenchReseed, true},
        {"hit_interned_single_4000_ns",
         "hit by number, one a call, 4000 flows",
         BenchHitInternedSingle},
        {"hit_interned_4000_ns", "hit by number, batches of 32, 4000 flows", interned(4000, 1)},
        {"hit_interned_1m_ns", "... 4000 flows of 10^6 interned", interned(1000000, 1)},
        {"hit_interned_16cpu_ns", "... 16 CPUs with 4000 flows each", interned(64000, 16)},
    };
}

} // namespace ns3::xfrm::bench
