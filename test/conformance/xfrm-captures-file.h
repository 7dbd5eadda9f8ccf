/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CAPTURES_FILE_H
#define XFRM_CAPTURES_FILE_H

#include "ns3/xfrm-ip-xfrm.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ns3::xfrm::conformance
{

/// The gateways, as their network namespaces are called in commands: A and B.
inline constexpr std::array<const char*, 2> GATEWAYS{"nA", "nB"};

/// How much counters moved, by label, such as "XfrmInError"; without those that did not.
using CounterMoves = std::map<std::string, uint64_t>;

/// What a gateway had come to when packets had been sent.
struct RecordedDump
{
    CounterMoves statistics;           //!< its counters
    std::vector<std::string> states;   //!< `ip -s xfrm state`: a text each, newest first
    std::vector<std::string> policies; //!< `ip -s xfrm policy`: a text each, newest first
};

/// A run of a recording: a NAME.txt.
struct RecordedRun
{
    std::vector<IpXfrmCommand> commands; //!< commands, in order
    std::array<RecordedDump, 2> dumps;   //!< what became of A and B
};

/**
 * @brief Read a NAME.txt.
 * @param file the file
 * @return the run
 * @throws InputError if it is malformed, or a part of it is missing
 */
RecordedRun ReadRun(const std::filesystem::path& file);

/**
 * @brief Find commands that set up a mode with an algorithm, for records without a run.
 * @param folder the recording
 * @param algorithm name of the algorithm in the names of runs @param mode "tunnel" or "transport"
 * @param hasEncap whether ESP is to be in UDP, from port 4500 to port 4500
 * @return the commands of the first run of that algorithm and mode, with or without encapsulation
 * @throws InputError if there is no such run
 */
std::vector<IpXfrmCommand> FindCommands(const std::filesystem::path& folder,
                                        const std::string& algorithm,
                                        const std::string& mode,
                                        bool hasEncap);

/**
 * @brief Split a text of `ip xfrm` at the beginnings of states or policies.
 * @param text the text @return a text each
 */
std::vector<std::string> SplitDump(const std::string& text);

/**
 * @brief Blank out what a recorder's clock and kernel have made up.
 * @param block text of a state or policy
 * @return the text with the same dates and index for all
 */
std::string NormalizeDump(const std::string& block);

} // namespace ns3::xfrm::conformance

#endif // XFRM_CAPTURES_FILE_H
