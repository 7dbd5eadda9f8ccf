/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_PY_TABLES_H
#define XFRM_PY_TABLES_H

/**
 * @file
 * @ingroup xfrm
 * @brief Tables of results as columns of numbers.
 */

#include "ns3/xfrm-time-histogram.h"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <string>

namespace ns3::xfrm::python
{

/**
 * @param columns what tables say of a row, in their order
 * @param rows the rows
 * @return name of each column -> array of float64, shape (rows)
 */
template <class Columns, class Rows>
pybind11::dict
ToArrays(const Columns& columns, const Rows& rows)
{
    pybind11::dict arrays;
    for (const auto& column : columns)
    {
        pybind11::array_t<double> values(static_cast<pybind11::ssize_t>(rows.size()));
        double* value = values.mutable_data();
        for (const auto& row : rows)
        {
            *value++ = static_cast<double>(column.get(row));
        }
        arrays[pybind11::str(std::string(column.name))] = values;
    }
    return arrays;
}

/// @param histogram durations @return "lower_ns", "count" -> arrays of float64, shape (bins)
inline pybind11::dict
ToArrays(const TimeHistogram& histogram)
{
    struct Column
    {
        const char* name;
        double (*get)(const TimeHistogram::Bin& bin);
    };

    static constexpr Column COLUMNS[]{
        {"lower_ns",
         [](const TimeHistogram::Bin& bin) { return static_cast<double>(bin.leastNs); }},
        {"count", [](const TimeHistogram::Bin& bin) { return static_cast<double>(bin.count); }}};
    return ToArrays(COLUMNS, histogram.GetBins());
}

} // namespace ns3::xfrm::python

#endif // XFRM_PY_TABLES_H
