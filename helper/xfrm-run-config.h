/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_CONFIG_H
#define XFRM_RUN_CONFIG_H

#include "xfrm-config-error.h"

#include "ns3/data-rate.h"
#include "ns3/nstime.h"

#include <cstdint>
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

/// Word that stands for no file of commands.
constexpr const char* NO_IP_XFRM{"none"};

/**
 * @ingroup xfrm
 * @brief A packet-mode run: a line of hosts and gateways, and what they send.
 *
 * The defaults are the four hosts of the recorded captures: H 10.1.0.2 - A 10.1.0.1 / 10.9.0.1 -
 * B 10.9.0.2 / 10.2.0.1 - K 10.2.0.2.  A stop of 0 is the end of the run.
 */
struct RunConfig // NOLINT(clang-analyzer-optin.performance.Padding): in the order of the help
{
    Time duration{Seconds(10)};      //!< simulated time
    uint64_t seed{1};                //!< of all random numbers
    std::string kernel{"linux-4.1"}; //!< which kernel's lookups are modelled
    Time interval{Seconds(1)};       //!< between the rows of the time series
    std::string out;                 //!< folder for files, empty: none
    bool isJson{false};              //!< print one JSON object instead of tables
    bool usesPcap{false};            //!< write the packets of each link, too

    /// Files of `ip xfrm` commands: FILE, or NODE=FILE; one "none": none; empty: the usual tunnel
    std::vector<std::string> ipXfrm;

    uint32_t hosts{1};            //!< hosts on each side, 1 to 64
    uint32_t gateways{2};         //!< nodes between them, 2 to 64; the first and last are A and B
    DataRate edgeRate{"100Mbps"}; //!< links of hosts
    Time edgeDelay{MicroSeconds(100)}; //!< links of hosts
    uint16_t edgeMtu{1500};            //!< links of hosts [bytes]
    uint32_t edgeQueue{1000};          //!< queue of each device there [packets]
    DataRate coreRate{"100Mbps"};      //!< links between gateways
    Time coreDelay{MilliSeconds(1)};   //!< links between gateways
    uint16_t coreMtu{1500};            //!< links between gateways [bytes]
    uint32_t coreQueue{1000};          //!< queue of each device there [packets]

    uint32_t udpFlows{1};                     //!< UDP flows of each pair of hosts
    double udpRate{1000};                     //!< packets of each [1/s]
    uint32_t udpSize{1000};                   //!< payload of each packet [bytes]
    Arrivals udpArrivals{Arrivals::Constant}; //!< distances of its packets
    uint64_t udpCount{0};                     //!< packets of each, 0 no limit
    uint16_t udpPort{6000};                   //!< destination port of the first of each pair
    uint16_t udpSourcePort{5000};             //!< source port of the first of each pair
    Time udpStart{MilliSeconds(100)};         //!< when they begin
    Time udpStop;                             //!< when they end

    uint32_t tcpFlows{1};             //!< TCP flows of each pair of hosts
    uint64_t tcpBytes{0};             //!< bytes of each, 0 as many as possible
    uint32_t tcpSegment{1380};        //!< payload of each segment [bytes]
    uint16_t tcpPort{8000};           //!< destination port of the first of each pair
    Time tcpStart{MilliSeconds(100)}; //!< when they begin
    Time tcpStop;                     //!< when they end

    Time pingInterval{MilliSeconds(100)}; //!< between pings of each pair of hosts, 0 none
    uint32_t pingSize{56};                //!< payload of each ping [bytes]
    uint64_t pingCount{0};                //!< pings of each pair, 0 no limit
    Time pingStart{MilliSeconds(100)};    //!< when they begin
    Time pingStop;                        //!< when they end

    uint32_t cores{0};                        //!< of each gateway, 1 to 64; 0: nothing takes time
    std::string profile{"linux-4.1-default"}; //!< what their work costs
    uint32_t rssQueues{0};                    //!< receive queues of a device, 0 one a core
    uint32_t rssRing{512};                    //!< packets that may wait in one
    bool rssUdpPorts{true};                   //!< the hash covers UDP ports
    bool rssSpi{false};                       //!< the hash covers the SPI of ESP
    std::string rssKey;                       //!< key of the hash, empty the usual one
    std::string rssTable;                     //!< queue by hash, empty all in turn
    std::string rssAffinity;                  //!< core by queue, empty all in turn
    std::string locks{"linux-4.1"};           //!< which locks their work takes
    Time interruptDelay;                      //!< an interrupt waits for more packets
    uint32_t interruptFrames{0};              //!< ... until there are so many, 0 no limit
    uint32_t pollWeight{64};                  //!< packets of one queue before the next one's turn
    std::string steeringCores;                //!< cores that packets are handed to, empty none
    uint32_t maxBacklog{1000};                //!< packets from other cores that may wait

    bool useLarvalDrop{true};  //!< drop while a state is awaited
    bool useSocketCache{true}; //!< connected sockets keep their chains
};

/**
 * @brief Check what no setting shows by itself: ports, times, the amount of results.
 * @param config settings, each of them in its own range
 * @throws ConfigError naming the setting, its value and what is allowed
 */
void CheckRunConfig(const RunConfig& config);

} // namespace ns3::xfrm

#endif // XFRM_RUN_CONFIG_H
