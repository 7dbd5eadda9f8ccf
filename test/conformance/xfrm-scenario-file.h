/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SCENARIO_FILE_H
#define XFRM_SCENARIO_FILE_H

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace ns3::xfrm::conformance
{

/// Where a scenario's packet is sent.
enum class Via
{
    Out,    //!< by the host with policies
    In,     //!< to it
    Forward //!< through it
};

/// A packet of a scenario, and what is done before it.
struct ScenarioPacket
{
    Via via{Via::Out};                     //!< where it is sent
    std::string source;                    //!< source address
    std::string destination;               //!< destination address
    std::string proto;                     //!< "udp", "tcp" or "icmp"
    uint16_t sourcePort{5000};             //!< source port
    uint16_t destinationPort{6000};        //!< destination port
    uint8_t type{8};                       //!< ICMP type
    uint8_t code{0};                       //!< ICMP code
    uint32_t mark{0};                      //!< mark of its socket
    bool isConnected{false};               //!< its UDP socket is connected first
    std::vector<std::string> policies;     //!< policies of its socket, words of `ip xfrm policy`
    std::vector<std::string> peerPolicies; //!< policies of the receiving socket
    std::vector<std::string> before;       //!< `ip xfrm` commands before it
};

/// A scenario.
struct Scenario
{
    std::string id;                      //!< its name
    std::vector<std::string> setup;      //!< `ip xfrm` commands at first
    std::vector<ScenarioPacket> packets; //!< the packets
    bool useLarvalDrop{true};            //!< net.core.xfrm_larval_drop
    bool isHeard{true};                  //!< somebody listens for acquires
};

/// What a kernel did in a scenario, as recorded.
struct RecordedScenario
{
    std::vector<nlohmann::json> commands; //!< of each command its "cmd" and "rc", maybe "err"
    std::optional<std::vector<nlohmann::json>> packets; //!< of each packet; none: it was not played
    std::optional<std::vector<nlohmann::json>>
        dumpOrder; //!< names of policies as listed after the setup
};

/**
 * @brief Read a scenarios.jsonl.
 * @param file the file
 * @return its scenarios, in order
 * @throws InputError if it is malformed, naming line and field
 */
std::vector<Scenario> ReadScenarios(const std::filesystem::path& file);

/// What one kernel did in the scenarios.
struct RecordedKernel
{
    std::string version;                     //!< of the kernel, such as "4.1.6"
    std::vector<RecordedScenario> scenarios; //!< by scenario
};

/**
 * @brief Read a results-VERSION.jsonl.
 * @param file the file @param scenarios what it is about
 * @return what that kernel did
 * @throws InputError if it is malformed or does not fit the scenarios, naming line and field
 */
RecordedKernel ReadResults(const std::filesystem::path& file,
                           const std::vector<Scenario>& scenarios);

} // namespace ns3::xfrm::conformance

#endif // XFRM_SCENARIO_FILE_H
