/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-py-class.h"
#include "xfrm-py-core.h"

#include "ns3/xfrm-flow-cache.h"
#include "ns3/xfrm-study-settings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace py = pybind11;

namespace ns3::xfrm::python
{

namespace
{

/// Key words as Python brings them; shape (n, words).
using KeyArray = py::array_t<uint32_t, py::array::c_style>;

/// Latest time of a cache, far below the limit of ns-3's clock [s].
constexpr double LATEST_SECONDS{1e8};

/// Shortest time between re-seeds [s].
constexpr double LEAST_PERIOD_SECONDS{1};

/// An object that always serves.
class ServingObject final : public CacheObject
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

/// Finds the same for every flow.
class UniformResolver
{
  public:
    /// @param finds "object", "nothing" or "error"
    /// @throws std::invalid_argument for another word
    explicit UniformResolver(const std::string& finds)
    {
        if (finds == "object")
        {
            m_resolution.object = &m_object;
            m_resolution.isValidUntilChange = true;
        }
        else if (finds == "error")
        {
            m_resolution.error = UNREACHABLE;
        }
        else if (finds != "nothing")
        {
            throw std::invalid_argument("finds " + finds + ": must be object, nothing or error");
        }
    }

    UniformResolver(const UniformResolver&) = delete;
    UniformResolver& operator=(const UniformResolver&) = delete;
    UniformResolver(UniformResolver&&) = delete;
    UniformResolver& operator=(UniformResolver&&) = delete;
    ~UniformResolver() = default;

    /// @return what every flow resolves to
    const Resolution& Get() const
    {
        return m_resolution;
    }

  private:
    static constexpr int32_t UNREACHABLE{-113}; //!< -EHOSTUNREACH with Linux' number

    ServingObject m_object;  //!< the object of all flows; the cache asks it and keeps no count
    Resolution m_resolution; //!< what every flow resolves to
};

/// @return seconds as a time @throws std::invalid_argument naming it unless least to LATEST_SECONDS
Time
ToTime(const char* name, double seconds, double least)
{
    if (!(seconds >= least && seconds <= LATEST_SECONDS))
    {
        throw std::invalid_argument(std::string(name) + " " + std::to_string(seconds) +
                                    ": must be seconds from " + std::to_string(std::lround(least)) +
                                    " to 1e8");
    }
    return Seconds(seconds);
}

/// The numbers that make up a cache.
struct Makeup
{
    int64_t nCpus;         //!< CPUs
    int64_t hashShift;     //!< log2 of the number of buckets
    int64_t lowWatermark;  //!< low watermark [entries]
    int64_t highWatermark; //!< high watermark [entries]
    int64_t seed;          //!< of the source of hash seeds
    double seedPeriod;     //!< time between re-seeds [s]
};

FlowCache::Config
ToConfig(const Makeup& makeup, const Generation& generation)
{
    const auto check = [](const char* name, int64_t value, int64_t least, int64_t most) {
        return static_cast<uint32_t>(CheckWhole(name, value, least, most));
    };
    FlowCache::Config config;
    config.nCpus = check("n_cpus", makeup.nCpus, 1, FlowCache::MAX_CPUS);
    config.table.hashShift = check("hash_shift", makeup.hashShift, 0, 20);
    config.table.lowWatermark = check("low_watermark", makeup.lowWatermark, 0, UINT32_MAX);
    config.table.highWatermark = check("high_watermark", makeup.highWatermark, 0, UINT32_MAX);
    config.refusal = generation.refusal;
    config.seedPeriod = ToTime("seed_period", makeup.seedPeriod, LEAST_PERIOD_SECONDS);
    return config;
}

/**
 * @brief A FlowCache with a resolver and a work account of its own, for any thread of Python.
 *
 * A call holds no GIL while it waits for another thread's or works.
 */
class StudiedCache
{
  public:
    StudiedCache(const Makeup& makeup, const std::string& kernel, const std::string& finds)
        : m_generation(FindGeneration(kernel)),
          m_resolver(finds),
          m_random(CheckWhole("seed", makeup.seed, 0, INT64_MAX)),
          m_cache(ToConfig(makeup, m_generation),
                  [this] { return static_cast<uint32_t>(m_random() >> 32); }),
          m_work(m_cache.GetCpus())
    {
    }

    /// @return outcomes; shape (n)
    py::array_t<uint8_t> LookUp(const KeyArray& keys,
                                int64_t family,
                                int64_t direction,
                                int64_t cpu,
                                double now)
    {
        const auto number = static_cast<uint16_t>(CheckWhole("family", family, 0, UINT16_MAX));
        const auto towards = static_cast<Direction>(CheckWhole("direction", direction, 0, 2));
        const uint32_t nWords = GetKeyWords(number, m_generation.layout);
        CheckShape(keys, number, nWords);
        const CpuId on = CheckCpu(cpu);
        const Time time = ToTime("now", now, 0);
        const auto n = static_cast<size_t>(keys.shape(0));
        py::array_t<uint8_t> outcomes(keys.shape(0));
        const FlowIdentity identity(number, towards, static_cast<uint8_t>(nWords));
        const std::span<uint8_t> results(outcomes.mutable_data(), n);
        const uint32_t* words = keys.data();

        const py::gil_scoped_release released;
        const std::lock_guard lock(m_mutex);
        m_cache.RunDue(time);
        LookUpAll(on, words, identity, results);
        return outcomes;
    }

    /// @return number of removed entries, number of tasklets
    std::pair<uint32_t, uint32_t> Flush(int64_t cpu)
    {
        const std::lock_guard lock(m_mutex);
        const FlowCache::FlushReport report = m_cache.Flush(CheckCpu(cpu), m_work);
        return {report.nRemoved, report.nTasklets};
    }

    /// @return entries destroyed
    uint64_t RunGc()
    {
        const std::lock_guard lock(m_mutex);
        return m_cache.RunGc(m_work[m_cache.GetGcCpu().value_or(0)]);
    }

    void BumpGenid()
    {
        const std::lock_guard lock(m_mutex);
        m_cache.BumpGenid();
    }

    void RequestReseed()
    {
        const std::lock_guard lock(m_mutex);
        m_cache.RequestReseed();
    }

    std::vector<uint32_t> GetSizes()
    {
        return Collect([](const FlowTable& table) { return table.GetSize(); });
    }

    std::vector<uint32_t> GetSeeds()
    {
        return Collect([](const FlowTable& table) { return table.GetSeed(); });
    }

    std::optional<CpuId> GetGcCpu()
    {
        const std::lock_guard lock(m_mutex);
        return m_cache.GetGcCpu();
    }

    uint64_t GetGarbageLength()
    {
        const std::lock_guard lock(m_mutex);
        return m_cache.GetGarbageLength();
    }

    uint32_t GetGenid()
    {
        const std::lock_guard lock(m_mutex);
        return m_cache.GetGenid();
    }

    /// @param cpu a CPU; none: all @return what was done
    CacheWork GetWork(std::optional<int64_t> cpu)
    {
        const std::lock_guard lock(m_mutex);
        if (cpu)
        {
            return m_work[CheckCpu(*cpu)];
        }
        CacheWork sum;
        for (const CacheWork& work : m_work)
        {
            sum += work;
        }
        return sum;
    }

  private:
    static void CheckShape(const KeyArray& keys, uint16_t family, uint32_t nWords)
    {
        if (nWords == 0)
        {
            throw std::invalid_argument("family " + std::to_string(family) +
                                        ": must be 2 (IPv4), 10 (IPv6) or 12 (DECnet)");
        }
        if (keys.ndim() == 2 && keys.shape(1) == nWords)
        {
            return;
        }
        std::string shape;
        for (py::ssize_t i = 0; i < keys.ndim(); ++i)
        {
            shape += (i == 0 ? "" : ", ") + std::to_string(keys.shape(i));
        }
        throw std::invalid_argument("keys of shape (" + shape + "): must have shape (n, " +
                                    std::to_string(nWords) + "), the words of n keys of family " +
                                    std::to_string(family));
    }

    CpuId CheckCpu(int64_t cpu) const
    {
        return static_cast<CpuId>(CheckWhole("cpu", cpu, 0, int64_t{m_cache.GetCpus()} - 1));
    }

    void LookUpAll(CpuId cpu,
                   const uint32_t* words,
                   FlowIdentity identity,
                   std::span<uint8_t> outcomes)
    {
        std::array<FlowKeyView, CHUNK> keys;
        std::array<CacheAnswer, CHUNK> answers;
        const auto resolve = [this](size_t, CacheObject*) { return m_resolver.Get(); };
        while (!outcomes.empty())
        {
            const size_t n = std::min(CHUNK, outcomes.size());
            for (size_t i = 0; i < n; ++i, words += identity.GetWords())
            {
                keys[i] = {words, identity};
            }
            m_cache.LookupBatch(cpu,
                                std::span<const FlowKeyView>(keys).first(n),
                                std::span(answers).first(n),
                                resolve,
                                m_work[cpu]);
            for (size_t i = 0; i < n; ++i)
            {
                outcomes[i] = static_cast<uint8_t>(answers[i].outcome);
            }
            outcomes = outcomes.subspan(n);
        }
    }

    template <typename Get>
    std::vector<uint32_t> Collect(const Get& get)
    {
        const std::lock_guard lock(m_mutex);
        std::vector<uint32_t> values;
        for (CpuId cpu = 0; cpu < m_cache.GetCpus(); ++cpu)
        {
            values.push_back(get(m_cache.GetTable(cpu)));
        }
        return values;
    }

    static constexpr size_t CHUNK{64}; //!< lookups in one call of the cache

    const Generation& m_generation; //!< which kernel
    UniformResolver m_resolver;     //!< resolver, and owner of what it finds
    std::mt19937_64 m_random;       //!< source of hash seeds
    FlowCache m_cache;              //!< the cache
    std::vector<CacheWork> m_work;  //!< what was done; shape (CPUs)
    std::mutex m_mutex;             //!< held by the one call at work
};

/// @return name of each count -> count
py::dict
ToDict(const CacheWork& work)
{
    py::dict dict;
    const auto add = [&](const char* name, uint64_t count) { dict[name] = count; };
    add("n_hits", work.nHits);
    add("n_negative", work.nNegative);
    add("n_refused", work.nRefused);
    add("n_stale", work.nStale);
    add("n_misses", work.nMisses);
    add("n_unstored", work.nUnstored);
    add("n_uncached", work.nUncached);
    add("n_no_buffers", work.nNoBuffers);
    add("n_errors", work.nErrors);
    add("n_compared", work.nCompared);
    add("n_shrinks", work.nShrinks);
    add("n_reseeds", work.nReseeds);
    add("n_walked_buckets", work.nWalkedBuckets);
    add("n_checks", work.nChecks);
    add("n_evicted", work.nEvicted);
    add("n_flushed", work.nFlushed);
    add("n_collects", work.nCollects);
    add("n_destroyed", work.nDestroyed);
    add("n_deletes", work.nDeletes);
    add("n_hashed_words", work.nHashedWords);
    return dict;
}

py::dict
GetWorkDict(StudiedCache& cache, std::optional<int64_t> cpu)
{
    CacheWork work;
    {
        const py::gil_scoped_release released;
        work = cache.GetWork(cpu);
    }
    return ToDict(work);
}

/// @return a cache
std::unique_ptr<StudiedCache>
MakeCache(int64_t nCpus,
          int64_t hashShift,
          int64_t lowWatermark,
          int64_t highWatermark,
          int64_t seed,
          double seedPeriod,
          const std::string& kernel,
          const std::string& finds)
{
    EndTimeAccounts();
    const Makeup makeup{nCpus, hashShift, lowWatermark, highWatermark, seed, seedPeriod};
    return std::make_unique<StudiedCache>(makeup, kernel, finds);
}

} // namespace

void
BindFlowCache(py::module_& module)
{
    using Released = py::call_guard<py::gil_scoped_release>;
    const py::class_<StudiedCache> bound =
        py::class_<StudiedCache>(module, "FlowCache", py::is_final())
            .def("lookup",
                 &StudiedCache::LookUp,
                 py::arg("keys"),
                 py::arg("family"),
                 py::arg("direction"),
                 py::arg("cpu"),
                 py::arg("now"))
            .def("flush", &StudiedCache::Flush, py::arg("cpu"), Released())
            .def("run_gc", &StudiedCache::RunGc, Released())
            .def("bump_genid", &StudiedCache::BumpGenid, Released())
            .def("request_reseed", &StudiedCache::RequestReseed, Released())
            .def("sizes", &StudiedCache::GetSizes, Released())
            .def("seeds", &StudiedCache::GetSeeds, Released())
            .def("gc_cpu", &StudiedCache::GetGcCpu, Released())
            .def("garbage_length", &StudiedCache::GetGarbageLength, Released())
            .def("genid", &StudiedCache::GetGenid, Released())
            .def("work", &GetWorkDict, py::arg("cpu"));
    Seal(bound);
    module.def("make_flow_cache",
               &MakeCache,
               py::arg("n_cpus"),
               py::arg("hash_shift"),
               py::arg("low_watermark"),
               py::arg("high_watermark"),
               py::arg("seed"),
               py::arg("seed_period"),
               py::arg("kernel"),
               py::arg("finds"),
               "Make a FlowCache, whose flows all resolve alike.");
}

} // namespace ns3::xfrm::python
