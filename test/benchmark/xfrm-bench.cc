/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup xfrm-tests
 * @brief Benchmarks of the flow cache, the policy database, ciphers and whole packets, as ratios
 * to a reference.
 *
 * Questions: what does each step of the flow cache cost, and is it below the kernel's own code?
 * Does a search among many policies cost no more than among few, but for the host's cache misses?
 * What does the module cost a simulation, beside plain ns-3?  Are ciphers as fast as libcrypto's?
 *
 * All benchmarks take turns in one process, in random order, each after a warm pass of its own;
 * what is printed is the median of the turns, in thread CPU time.
 *
 *     ./xfrm bench                  a table
 *     ./xfrm bench --json           one JSON object
 *     ./xfrm bench --filter hit     those whose name contains "hit", and the reference
 *     ./xfrm bench --filter policy  those of policies
 *     ./xfrm bench --filter study   those of the lookup study
 *     ./xfrm bench --filter gcm     those of AES-GCM, and their ratios to libcrypto alone
 *     ./xfrm bench --filter packet  those of packets, and their ratios to plain ns-3
 *     ./xfrm bench --turns 31       more turns
 */

#include "xfrm-benchmarks.h"

#include <algorithm>
#include <benchmark/benchmark.h>
#include <boost/program_options.hpp>
#include <cmath>
#include <cstdint>
#include <functional>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace
{

using namespace ns3::xfrm::bench;

/// Times of one benchmark, one a turn, in the unit of its name.
struct Result
{
    std::string name;          //!< the benchmark's name
    std::string meaning;       //!< what it measures
    std::vector<double> times; //!< time for one item, by turn

    /// @return the time below which a share of the turns lies
    double GetQuantile(double share) const
    {
        std::vector<double> sorted = times;
        std::sort(sorted.begin(), sorted.end());
        return sorted[std::lround(share * static_cast<double>(sorted.size() - 1))];
    }

    /// @return nanoseconds in the unit
    double GetUnit() const
    {
        return name.ends_with("_us") ? 1000 : 1;
    }
};

/// @return a quotient's value in each turn
Result
Divide(const Quotient& quotient, const Result& numerator, const Result& denominator)
{
    Result result{quotient.name, quotient.meaning, {}};
    std::transform(numerator.times.begin(),
                   numerator.times.end(),
                   denominator.times.begin(),
                   std::back_inserter(result.times),
                   std::divides<>());
    return result;
}

/// @return the quotients of what was run
std::vector<Result>
DivideAll(const std::vector<Result>& results)
{
    const auto find = [&](const std::string& name) {
        return std::find_if(results.begin(), results.end(), [&](const Result& result) {
            return result.name == name;
        });
    };
    std::vector<Result> quotients;
    std::vector<Quotient> wanted = GetPolicyQuotients();
    std::ranges::move(GetStateQuotients(), std::back_inserter(wanted));
    std::ranges::move(GetCryptoQuotients(), std::back_inserter(wanted));
    std::ranges::move(GetPacketQuotients(), std::back_inserter(wanted));
    for (const Quotient& quotient : wanted)
    {
        const auto numerator = find(quotient.numerator);
        const auto denominator = find(quotient.denominator);
        if (numerator != results.end() && denominator != results.end())
        {
            quotients.push_back(Divide(quotient, *numerator, *denominator));
        }
    }
    return quotients;
}

/// Collects the times of all turns, and shows progress.
class Collector : public benchmark::BenchmarkReporter
{
  public:
    explicit Collector(const std::vector<Entry>& entries)
    {
        for (const Entry& entry : entries)
        {
            m_results.push_back({entry.name, entry.meaning, {}});
        }
    }

    bool ReportContext(const Context&) override
    {
        return true;
    }

    void ReportRuns(const std::vector<Run>& runs) override
    {
        for (const Run& run : runs)
        {
            if (run.error_occurred)
            {
                m_error = run.run_name.function_name + ": " + run.error_message;
            }
            else if (run.run_type == Run::RT_Iteration)
            {
                Add(run);
            }
        }
    }

    /// @return the results, in the order of the list
    const std::vector<Result>& GetResults() const
    {
        return m_results;
    }

    /// @return what went wrong, empty if nothing did
    const std::string& GetError() const
    {
        return m_error;
    }

  private:
    void Add(const Run& run)
    {
        const auto result = std::find_if(m_results.begin(), m_results.end(), [&](const Result& r) {
            return r.name == run.run_name.function_name;
        });
        const double itemsPerSecond = run.counters.at("items_per_second");
        result->times.push_back(1e9 / itemsPerSecond / result->GetUnit());
    }

    std::vector<Result> m_results; //!< by benchmark
    std::string m_error;           //!< the last error
};

void
PrintTable(const std::vector<Result>& results, double reference, uint32_t nTurns)
{
    std::cout << "Medians of " << nTurns << " turns, thread CPU time; ratio: to " << REFERENCE
              << "\n\n"
              << std::left << std::setw(28) << "benchmark" << std::right << std::setw(10)
              << "median" << std::setw(10) << "p10" << std::setw(10) << "p90" << std::setw(9)
              << "ratio"
              << "   measures\n";
    for (const Result& result : results)
    {
        const double median = result.GetQuantile(0.5);
        std::cout << std::left << std::setw(28) << result.name << std::right << std::fixed
                  << std::setprecision(2) << std::setw(10) << median << std::setw(10)
                  << result.GetQuantile(0.1) << std::setw(10) << result.GetQuantile(0.9)
                  << std::setw(9) << std::setprecision(3) << median * result.GetUnit() / reference
                  << "   " << result.meaning << "\n";
    }
    for (const Result& quotient : DivideAll(results))
    {
        std::cout << std::left << std::setw(28) << quotient.name << std::right
                  << std::setprecision(3) << std::setw(10) << quotient.GetQuantile(0.5)
                  << std::setw(10) << quotient.GetQuantile(0.1) << std::setw(10)
                  << quotient.GetQuantile(0.9) << std::setw(9) << ""
                  << "   " << quotient.meaning << "\n";
    }
}

void
PrintJson(const std::vector<Result>& results, double reference, uint32_t nTurns)
{
    nlohmann::ordered_json json;
    json["turns"] = nTurns;
    json["reference"] = REFERENCE;
    for (const Result& result : results)
    {
        json["median"][result.name] = result.GetQuantile(0.5);
        json["p10"][result.name] = result.GetQuantile(0.1);
        json["p90"][result.name] = result.GetQuantile(0.9);
        json["ratio"][result.name] = result.GetQuantile(0.5) * result.GetUnit() / reference;
    }
    for (const Result& quotient : DivideAll(results))
    {
        json["median"][quotient.name] = quotient.GetQuantile(0.5);
        json["p10"][quotient.name] = quotient.GetQuantile(0.1);
        json["p90"][quotient.name] = quotient.GetQuantile(0.9);
    }
    std::cout << json.dump(2) << "\n";
}

/// What the command line asks for.
struct Options
{
    bool isJson{false};  //!< JSON instead of a table
    std::string filter;  //!< part of the names to run, empty for all
    uint32_t nTurns{15}; //!< turns of each benchmark
};

int
Run(const Options& options)
{
    std::vector<Entry> entries = GetFlowCacheBenchmarks();
    std::ranges::move(GetPolicyBenchmarks(), std::back_inserter(entries));
    std::ranges::move(GetStateBenchmarks(), std::back_inserter(entries));
    std::ranges::move(GetStudyBenchmarks(), std::back_inserter(entries));
    std::ranges::move(GetCryptoBenchmarks(), std::back_inserter(entries));
    std::ranges::move(GetPacketBenchmarks(), std::back_inserter(entries));
    std::erase_if(entries, [&](const Entry& entry) {
        return entry.name != REFERENCE && entry.name.find(options.filter) == std::string::npos;
    });
    for (const Entry& entry : entries)
    {
        auto* bench = benchmark::RegisterBenchmark(entry.name.c_str(), entry.body);
        bench->Repetitions(static_cast<int>(options.nTurns));
        if (entry.isTimedByHand)
        {
            bench->UseManualTime();
        }
    }
    Collector collector(entries);
    benchmark::RunSpecifiedBenchmarks(&collector);
    if (!collector.GetError().empty())
    {
        std::cerr << "xfrm-bench: " << collector.GetError() << "\n";
        return 1;
    }
    const double reference = collector.GetResults().front().GetQuantile(0.5);
    (options.isJson ? PrintJson : PrintTable)(collector.GetResults(), reference, options.nTurns);
    return 0;
}

} // namespace

int
main(int argc, char** argv)
{
    namespace po = boost::program_options;
    Options options;
    po::options_description description("Usage: xfrm bench [options]\n\nOptions");
    auto add = description.add_options();
    add("help,h", "show this help");
    add("json", po::bool_switch(&options.isJson), "print one JSON object instead of a table");
    add("filter", po::value(&options.filter), "run only the benchmarks whose name contains this");
    add("turns",
        po::value(&options.nTurns)->default_value(15),
        "turns of each benchmark, 1 to 1000");
    try
    {
        po::variables_map values;
        po::store(po::parse_command_line(argc, argv, description), values);
        po::notify(values);
        if (values.count("help") > 0)
        {
            std::cout << description;
            return 0;
        }
        if (options.nTurns < 1 || options.nTurns > 1000)
        {
            throw po::error("--turns " + std::to_string(options.nTurns) + ": must be 1 to 1000");
        }
    }
    catch (const po::error& error)
    {
        std::cerr << "xfrm-bench: " << error.what() << "\n";
        return 2;
    }
    // The library's own options are not offered: turns must interleave for ratios to mean anything.
    std::vector<std::string> words{"xfrm-bench",
                                   "--benchmark_enable_random_interleaving=true",
                                   "--benchmark_min_time=0.02"};
    std::vector<char*> pointers;
    std::transform(words.begin(), words.end(), std::back_inserter(pointers), [](std::string& word) {
        return word.data();
    });
    int nWords = static_cast<int>(pointers.size());
    benchmark::Initialize(&nWords, pointers.data());
    return Run(options);
}
