/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_CONFIG_H
#define XFRM_RUN_CONFIG_H

#include "ns3/data-rate.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3::xfrm
{

/// How packets of a source follow one another.
enum class Arrivals : uint8_t
{
    Constant, //!< at equal distances
    Poisson   //!< at exponential distances
};

/**
 * @ingroup xfrm
 * @brief A packet-mode run: a line of hosts and gateways, and what they send.
 *
 * The defaults are the four hosts of the recorded captures: H 10.1.0.2 - A 10.1.0.1 / 10.9.0.1 -
 * B 10.9.0.2 / 10.2.0.1 - K 10.2.0.2.
 */
struct RunConfig
{
    Time duration{Seconds(10)};      //!< simulated time
    uint64_t seed{1};                //!< of all random numbers
    std::string kernel{"linux-4.1"}; //!< which kernel is modelled
    std::vector<std::string> ipXfrm; //!< files of `ip xfrm` commands: FILE, or NODE=FILE

    uint32_t hosts{1};            //!< hosts on each side, 1 to 64
    uint32_t gateways{2};         //!< nodes between them, 2 to 64; the first and last are A and B
    DataRate edgeRate{"100Mbps"}; //!< links of hosts
    Time edgeDelay{MicroSeconds(100)}; //!< links of hosts
    uint16_t edgeMtu{1500};            //!< links of hosts [bytes]
    DataRate coreRate{"100Mbps"};      //!< links between gateways
    Time coreDelay{MilliSeconds(1)};   //!< links between gateways
    uint16_t coreMtu{1500};            //!< links between gateways [bytes]

    Time start{MilliSeconds(100)};            //!< when traffic begins
    uint32_t udpFlows{1};                     //!< UDP flows of each pair of hosts
    double udpRate{1000};                     //!< packets of each [1/s]
    uint32_t udpSize{1000};                   //!< payload of each packet [bytes]
    Arrivals udpArrivals{Arrivals::Constant}; //!< distances of its packets
    uint32_t tcpFlows{1};                     //!< TCP flows of each pair of hosts
    uint64_t tcpBytes{0};                     //!< bytes of each, 0 as many as possible
    uint32_t tcpSegment{1380};                //!< payload of each segment [bytes]
    Time pingInterval{MilliSeconds(100)};     //!< between pings of each pair of hosts, 0 none
    uint32_t pingSize{56};                    //!< payload of each ping [bytes]

    bool useLarvalDrop{true};  //!< drop while a state is awaited
    bool useSocketCache{true}; //!< connected sockets keep their chains
    Time interval{Seconds(1)}; //!< between the rows of the time series
    std::string pcapPrefix;    //!< where packets are written, a file a device; empty: nowhere
};

/// A setting that can't be: its name, the value, what is allowed.
class RunConfigError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/**
 * @ingroup xfrm
 * @brief A setting of a run, by name: what command line, INI files and Python have in common.
 */
struct RunOption
{
    std::string name; //!< dotted, such as "udp.rate": in an INI file, rate in section [udp]
    std::string unit; //!< kind of value, such as "TIME"
    std::string help; //!< one line
    /// Sets it from text; throws RunConfigError
    std::function<void(RunConfig& config, const std::string& text)> set;
    /// @return its value as text, which set() takes
    std::function<std::string(const RunConfig& config)> get;
};

/// @return all settings that are single values, in the order in which help shows them
const std::vector<RunOption>& GetRunOptions();

/**
 * @brief Read settings from an INI file over others.
 * @param file its path @param config changed
 * @throws RunConfigError naming file, line, value and what is allowed
 */
void ReadRunConfig(const std::string& file, RunConfig& config);

/// @param config settings @return an INI file that gives the same settings
std::string WriteRunConfig(const RunConfig& config);

} // namespace ns3::xfrm

#endif // XFRM_RUN_CONFIG_H
