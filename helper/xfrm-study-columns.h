/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_STUDY_COLUMNS_H
#define XFRM_STUDY_COLUMNS_H

/**
 * @file
 * @ingroup xfrm
 * @brief The tables of a study's results: names and values of their columns.
 */

#include "ns3/xfrm-study-figures.h"

#include <span>
#include <string_view>

namespace ns3::xfrm
{

/// @param cache what a flow cache did @return hits by lookups, 0 without any
double GetHitRatio(const CacheWork& cache);

/// A number of a core of a study, by its name in tables.
struct StudyCoreColumn
{
    std::string_view name;                //!< its name
    double (*get)(const StudyCore& core); //!< its value
};

/// @return what tables say of a core, in their order
std::span<const StudyCoreColumn> GetStudyCoreColumns();

/// A number of a row of the time series, by its name in tables.
struct StudyRowColumn
{
    std::string_view name;              //!< its name
    double (*get)(const StudyRow& row); //!< its value
};

/// @return what tables say of a row, in their order
std::span<const StudyRowColumn> GetStudyRowColumns();

/// A number of a row of the time series of a core, by its name in tables.
struct StudyCoreRowColumn
{
    std::string_view name;                  //!< its name
    double (*get)(const StudyCoreRow& row); //!< its value
};

/// @return what tables say of a core in an interval, in their order
std::span<const StudyCoreRowColumn> GetStudyCoreRowColumns();

} // namespace ns3::xfrm

#endif // XFRM_STUDY_COLUMNS_H
