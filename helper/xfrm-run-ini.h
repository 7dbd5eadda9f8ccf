/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_INI_H
#define XFRM_RUN_INI_H

/**
 * @file
 * @ingroup xfrm
 * @brief Settings of a run as an INI file: "rate = 10" in section [udp] is udp.rate.
 *
 * Comments begin with ; and have lines of their own.  ip-xfrm, without section, holds any number of
 * words, in double quotes if they have blanks; the files that they name are looked for beside the
 * INI file.
 */

#include "xfrm-run-config.h"

#include <filesystem>
#include <string>

namespace ns3::xfrm
{

/**
 * @brief Read settings from an INI file over others.
 * @param file its path @param config changed if all goes well; its ipXfrm is replaced, if given
 * @throws ConfigError naming file, line, value and what is allowed
 */
void ReadRunConfig(const std::filesystem::path& file, RunConfig& config);

/// @param config settings @return an INI file that gives the same run
std::string WriteRunConfig(const RunConfig& config);

} // namespace ns3::xfrm

#endif // XFRM_RUN_INI_H
