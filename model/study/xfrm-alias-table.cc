/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-alias-table.h"

#include <cmath>
#include <numeric>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// @brief Scale weights to a mean of 1, which is what a column holds.
void
Normalise(std::vector<double>& weights)
{
    const double sum = std::accumulate(weights.rbegin(), weights.rend(), 0.0); // small ones first
    const double factor = static_cast<double>(weights.size()) / sum;
    for (double& weight : weights)
    {
        weight *= factor;
    }
}

/// @param from where to begin @return the first weight from there on that fills a column, or does
/// not
size_t
FindColumn(const std::vector<double>& weights, size_t from, bool isFull)
{
    while (from < weights.size() && (weights[from] >= 1) != isFull)
    {
        ++from;
    }
    return from;
}

} // namespace

AliasTable::AliasTable(std::vector<double> weights)
    : m_entries(weights.size())
{
    Normalise(weights);
    for (size_t i = 0; i < m_entries.size(); ++i)
    {
        m_entries[i].alias = static_cast<uint32_t>(i); // full, unless something is done below
    }
    size_t nextSmall = FindColumn(weights, 0, false);
    size_t small = nextSmall; // the column to fill
    size_t large = FindColumn(weights, 0, true);
    while (small < weights.size() && large < weights.size())
    {
        m_entries[small] = {static_cast<uint32_t>(std::ldexp(weights[small], 32)),
                            static_cast<uint32_t>(large)};
        weights[large] -= 1 - weights[small];
        const size_t giver = large;
        large = FindColumn(weights, large, true);
        if (giver != large && giver < nextSmall)
        {
            small = giver; // its rest no longer fills its column, and the search is past it
            continue;
        }
        nextSmall = FindColumn(weights, nextSmall + 1, false);
        small = nextSmall;
    }
}

AliasTable
AliasTable::MakeZipf(uint32_t n, double exponent)
{
    std::vector<double> weights(n);
    for (uint32_t i = 0; i < n; ++i)
    {
        weights[i] = exponent == 1 ? 1.0 / (i + 1.0) : std::pow(i + 1.0, -exponent);
    }
    return AliasTable(std::move(weights));
}

} // namespace ns3::xfrm
