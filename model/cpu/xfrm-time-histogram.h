/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TIME_HISTOGRAM_H
#define XFRM_TIME_HISTOGRAM_H

#include "ns3/nstime.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Durations by their size: exact count, mean and extremes, percentiles to three digits.
 *
 * Durations are counted in nanoseconds.  Each power of two has 1024 equal bins, so that a bin is at
 * most 1/1024 of its lower end wide, and durations below 2048 ns have bins of their own.  Bins are
 * made up to the longest duration.
 */
class TimeHistogram
{
  public:
    /// @brief Add a duration.  @param duration 0 or more
    void Add(Time duration)
    {
        Add(duration.GetNanoSeconds());
    }

    /// @brief Add a duration.  @param signedNs 0 or more [ns]
    void Add(int64_t signedNs)
    {
        const auto ns = static_cast<uint64_t>(std::max<int64_t>(signedNs, 0));
        const size_t bin = GetBin(ns);
        if (bin >= m_bins.size()) [[unlikely]]
        {
            m_bins.resize(bin + 1);
        }
        ++m_bins[bin];
        ++m_count;
        m_sum += static_cast<double>(ns);
        m_max = std::max(m_max, ns);
    }

    /**
     * @brief Add durations, which is quicker than one by one: bins far apart are fetched side by
     * side.
     * @param durations 0 or more [ns]; shape (n)
     */
    void AddAll(std::span<const int64_t> durations);

    /// @brief Add durations of 0.  @param n how many
    void AddZeros(uint64_t n)
    {
        if (n > 0)
        {
            m_bins.resize(std::max<size_t>(m_bins.size(), 1));
            m_bins[0] += n;
            m_count += n;
        }
    }

    /// @return durations added
    uint64_t GetCount() const
    {
        return m_count;
    }

    /// @return their mean, 0 if there are none [ns]
    double GetMean() const
    {
        return m_count == 0 ? 0.0 : m_sum / static_cast<double>(m_count);
    }

    /// @return the largest, 0 if there are none
    Time GetMax() const
    {
        return NanoSeconds(m_max);
    }

    /// A bin that has durations.
    struct Bin
    {
        uint64_t leastNs; //!< its lower end [ns]
        uint64_t count;   //!< durations in it
    };

    /// @return the bins that have durations, from the shortest on
    std::vector<Bin> GetBins() const;

    /**
     * @param share share of the durations, 0 to 1
     * @return the middle of the bin in which the share ends; the largest duration for all of them;
     *         0 if there are none
     */
    Time GetPercentile(double share) const;

    /// @brief Add all of another's.  @param other the other @return this
    TimeHistogram& operator+=(const TimeHistogram& other);

    /**
     * @brief Take away all of another's, which were added before.
     *
     * The largest duration is then known to its bin only.
     *
     * @param other the other @return this
     */
    TimeHistogram& operator-=(const TimeHistogram& other);

  private:
    static constexpr uint32_t SUB_BITS{10}; //!< log2 of the bins of a power of two

    /// @return the bin of a duration [ns]
    static uint32_t GetBin(uint64_t ns)
    {
        const auto width = static_cast<uint32_t>(std::bit_width(ns));
        const uint32_t shift = width > SUB_BITS + 1 ? width - SUB_BITS - 1 : 0;
        return (shift << SUB_BITS) + static_cast<uint32_t>(ns >> shift);
    }

    /// @return log2 of the width of a bin [ns]
    static uint32_t GetShift(uint32_t bin)
    {
        const uint32_t nShifted = bin >> SUB_BITS;
        return nShifted < 2 ? 0 : nShifted - 1;
    }

    static uint64_t GetLeast(uint32_t bin);
    static uint64_t GetMiddle(uint32_t bin);

    std::vector<uint64_t> m_bins; //!< durations in each bin, up to the last that has any
    uint64_t m_count{0};          //!< durations
    double m_sum{0};              //!< their sum [ns]
    uint64_t m_max{0};            //!< the largest [ns]
};

} // namespace ns3::xfrm

#endif // XFRM_TIME_HISTOGRAM_H
