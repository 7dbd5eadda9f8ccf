/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_OPTIONS_H
#define XFRM_RUN_OPTIONS_H

#include "xfrm-run-config.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief A setting of a run, by name: what command line, INI files and Python have in common.
 */
struct RunOption
{
    /// Whether a config.ini has it that says how to run again.
    enum class Kind
    {
        OfRun,   //!< yes
        OfOutput //!< no: it says where results go
    };

    std::string name;    //!< dotted, such as "udp.rate": in an INI file, rate in section [udp]
    std::string unit;    //!< kind of value, such as "TIME"
    std::string help;    //!< one line
    std::string allowed; //!< which values are allowed, such as "true or false"
    /// Sets it from text; false, and nothing set, for text that is not allowed
    std::function<bool(RunConfig& config, const std::string& text)> parse;
    /// @return its value as text, which parse() takes
    std::function<std::string(const RunConfig& config)> get;
    Kind kind{Kind::OfRun}; //!< whether a config.ini has it
    bool isSwitch{false};   //!< its name alone on a command line means true

    /// @brief Set it.  @param config changed @param text its value
    /// @throws RunConfigError naming it, the value and what is allowed
    void Set(RunConfig& config, const std::string& text) const;

    /// @return its section, empty for none
    std::string GetSection() const;

    /// @return its name in its section
    std::string GetKey() const;
};

/// @return all settings that are single values, in the order in which help shows them; the
/// settings of a section follow one another, and those without section come first
const std::vector<RunOption>& GetRunOptions();

} // namespace ns3::xfrm

#endif // XFRM_RUN_OPTIONS_H
