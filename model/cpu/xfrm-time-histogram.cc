/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-time-histogram.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ns3::xfrm
{

uint64_t
TimeHistogram::GetLeast(uint32_t bin)
{
    constexpr uint32_t perShift = 1U << SUB_BITS;
    const uint32_t shift = GetShift(bin);
    return shift == 0 ? bin : static_cast<uint64_t>(bin % perShift + perShift) << shift;
}

uint64_t
TimeHistogram::GetMiddle(uint32_t bin)
{
    return GetLeast(bin) + (uint64_t{1} << GetShift(bin)) / 2;
}

void
TimeHistogram::AddAll(std::span<const int64_t> durations)
{
    constexpr size_t MOST{32}; // lines that are fetched side by side
    std::array<uint32_t, MOST> bins{};
    for (; !durations.empty(); durations = durations.subspan(std::min(MOST, durations.size())))
    {
        const auto some = durations.first(std::min(MOST, durations.size()));
        for (size_t i = 0; i < some.size(); ++i)
        {
            const auto ns = static_cast<uint64_t>(std::max<int64_t>(some[i], 0));
            bins[i] = GetBin(ns);
            __builtin_prefetch(m_bins.data() + bins[i], 1);
            m_sum += static_cast<double>(ns);
            m_max = std::max(m_max, ns);
        }
        const auto used = std::span(bins).first(some.size());
        m_bins.resize(std::max<size_t>(m_bins.size(), std::ranges::max(used) + 1));
        for (const uint32_t bin : used)
        {
            ++m_bins[bin];
        }
        m_count += some.size();
    }
}

std::vector<TimeHistogram::Bin>
TimeHistogram::GetBins() const
{
    std::vector<Bin> bins;
    for (uint32_t bin = 0; bin < m_bins.size(); ++bin)
    {
        if (m_bins[bin] > 0)
        {
            bins.push_back({GetLeast(bin), m_bins[bin]});
        }
    }
    return bins;
}

Time
TimeHistogram::GetPercentile(double share) const
{
    const auto wanted = static_cast<uint64_t>(
        std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(m_count)));
    if (wanted == m_count)
    {
        return GetMax();
    }
    uint64_t nBelow = 0;
    for (uint32_t bin = 0; bin < m_bins.size(); ++bin)
    {
        nBelow += m_bins[bin];
        if (nBelow >= wanted && nBelow > 0)
        {
            return NanoSeconds(std::min(GetMiddle(bin), m_max));
        }
    }
    return GetMax();
}

TimeHistogram&
TimeHistogram::operator+=(const TimeHistogram& other)
{
    m_bins.resize(std::max(m_bins.size(), other.m_bins.size()));
    for (size_t bin = 0; bin < other.m_bins.size(); ++bin)
    {
        m_bins[bin] += other.m_bins[bin];
    }
    m_count += other.m_count;
    m_sum += other.m_sum;
    m_max = std::max(m_max, other.m_max);
    return *this;
}

TimeHistogram&
TimeHistogram::operator-=(const TimeHistogram& other)
{
    for (size_t bin = 0; bin < other.m_bins.size(); ++bin)
    {
        m_bins[bin] -= other.m_bins[bin];
    }
    while (!m_bins.empty() && m_bins.back() == 0)
    {
        m_bins.pop_back();
    }
    m_count -= other.m_count;
    m_sum -= other.m_sum;
    const uint64_t last = m_bins.empty() ? 0 : GetMiddle(static_cast<uint32_t>(m_bins.size() - 1));
    m_max = std::min(m_max, last);
    return *this;
}

} // namespace ns3::xfrm
