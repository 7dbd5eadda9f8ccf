/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_PY_CONFIGS_H
#define XFRM_PY_CONFIGS_H

/**
 * @file
 * @ingroup xfrm
 * @brief Settings of studies and runs as Python has them, by the tables of the command line.
 */

#include "ns3/xfrm-run-options.h"
#include "ns3/xfrm-study-settings.h"

#include <map>
#include <pybind11/pybind11.h>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm::python
{

/// Settings as text, by option.
using Texts = std::map<std::string, std::string>;

/// Settings that are lists, by option.
using Lists = std::map<std::string, std::vector<std::string>>;

/// The tables of a study.  @return them
inline const std::vector<Option<StudySettings>>&
GetOptions(const StudySettings& /* of what */)
{
    return GetStudyOptions();
}

/// The tables of a run.  @return them
inline const std::vector<Option<RunConfig>>&
GetOptions(const RunConfig& /* of what */)
{
    return GetRunOptions();
}

/// The lists of a study.  @return their table
inline const std::vector<OptionList<StudySettings>>&
GetLists(const StudySettings& /* of what */)
{
    return GetStudyLists();
}

/// The lists of a run.  @return their table
inline const std::vector<OptionList<RunConfig>>&
GetLists(const RunConfig& /* of what */)
{
    return GetRunLists();
}

/**
 * @brief Make settings.
 * @tparam Config StudySettings or RunConfig
 * @param texts those that are given, the others have their defaults; names that no table has are
 *              ignored
 * @param lists the same of lists
 * @return the settings
 * @throws ConfigError for the first of the table that is not allowed
 */
template <class Config>
Config
MakeConfig(const Texts& texts, const Lists& lists)
{
    Config config;
    for (const Option<Config>& option : GetOptions(config))
    {
        if (const auto given = texts.find(option.name); given != texts.end())
        {
            option.Set(config, given->second);
        }
    }
    for (const OptionList<Config>& list : GetLists(config))
    {
        if (const auto given = lists.find(list.name); given != lists.end())
        {
            config.*(list.member) = given->second;
        }
    }
    return config;
}

/// @brief Add the tables of settings, and what reads and writes them.
/// @param module the extension module
void BindConfigs(pybind11::module_& module);

} // namespace ns3::xfrm::python

#endif // XFRM_PY_CONFIGS_H
