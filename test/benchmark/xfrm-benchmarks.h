/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_BENCHMARKS_H
#define XFRM_BENCHMARKS_H

#include <benchmark/benchmark.h>
#include <functional>
#include <string>
#include <vector>

namespace ns3::xfrm::bench
{

/// The reference of all ratios.
inline const std::string REFERENCE{"jhash2_8w_ns"};

/// One benchmark.
struct Entry
{
    std::string name;                            //!< its name, with the unit at the end
    std::string meaning;                         //!< what it measures
    std::function<void(benchmark::State&)> body; //!< the benchmark
    bool isTimedByHand{false};                   //!< measures a part of each iteration itself
};

/// Two benchmarks, one as a multiple of the other.
struct Quotient
{
    std::string name;        //!< its name
    std::string meaning;     //!< what it says
    std::string numerator;   //!< name of the one
    std::string denominator; //!< name of the other
};

/// @return seconds that this thread has used a CPU
double GetThreadTime();

/// @return the benchmarks of the flow cache, the reference first
std::vector<Entry> GetFlowCacheBenchmarks();

/// @return the benchmarks of the policy database
std::vector<Entry> GetPolicyBenchmarks();

/// @return what a large database is to a small one
std::vector<Quotient> GetPolicyQuotients();

/// @return the benchmarks of the state database
std::vector<Entry> GetStateBenchmarks();

/// @return what a large database of states is to a small one
std::vector<Quotient> GetStateQuotients();

/// @return the benchmarks of the lookup study
std::vector<Entry> GetStudyBenchmarks();

/// @return the benchmarks of ciphers
std::vector<Entry> GetCryptoBenchmarks();

/// @return what they are to libcrypto alone
std::vector<Quotient> GetCryptoQuotients();

/// @return the benchmarks of packets crossing a line of nodes
std::vector<Entry> GetPacketBenchmarks();

/// @return what they are to plain ns-3
std::vector<Quotient> GetPacketQuotients();

} // namespace ns3::xfrm::bench

#endif // XFRM_BENCHMARKS_H
