/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_IP_XFRM_H
#define XFRM_RUN_IP_XFRM_H

#include "xfrm-run-config.h"

#include <string>
#include <vector>

namespace ns3::xfrm
{

/// A file of `ip xfrm` commands, as settings name it.
struct IpXfrmFile
{
    std::string node; //!< node that it is for; empty: its commands say it by `ip -n NODE`
    std::string path; //!< the file
};

/// A file of `ip xfrm` commands with what is in it.
struct IpXfrmText
{
    IpXfrmFile file;  //!< the file
    std::string text; //!< its content
};

/// @param word FILE, or NODE=FILE; FILE may have = after a / @return what it says
IpXfrmFile ParseIpXfrmFile(const std::string& word);

/// @param file a file @return FILE, or NODE=FILE
std::string ToText(const IpXfrmFile& file);

/**
 * @brief Read the files of a run; without any, that of the usual tunnel between A and B.
 * @param config the run
 * @return the files in order, none for "none"
 * @throws ConfigError for a file that can't be read
 */
std::vector<IpXfrmText> ReadIpXfrmTexts(const RunConfig& config);

} // namespace ns3::xfrm

#endif // XFRM_RUN_IP_XFRM_H
