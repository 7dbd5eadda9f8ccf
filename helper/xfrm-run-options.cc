/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-options.h"

#include "ns3/xfrm-kernel.h"
#include "ns3/xfrm-lock-table.h"

#include <optional>

namespace ns3::xfrm
{

namespace
{

using C = RunConfig;
using Make = OptionMaker<RunConfig>;

/// An option that is a data rate, such as 1Gbps.
RunOption
MakeRate(const std::string& name, const std::string& help, DataRate RunConfig::*member)
{
    return Make::Any(name,
                     "RATE",
                     help,
                     "a data rate such as 10Gbps, 100Mbps or 64kbps",
                     member,
                     ParseRate);
}

/// udp.rate
RunOption
MakeUdpRate()
{
    const auto read = [](const std::string& text) {
        const auto rate = ParseReal(text);
        return rate && *rate >= 1e-3 && *rate <= 1e9 ? rate : std::nullopt;
    };
    return Make::Any("udp.rate",
                     "PPS",
                     "packets per second of a UDP flow",
                     "packets per second, from 0.001 to 1e9",
                     &C::udpRate,
                     read);
}

/// udp.arrivals
RunOption
MakeUdpArrivals()
{
    const auto parse = [](RunConfig& config, const std::string& text) {
        config.udpArrivals = text == "poisson"    ? Arrivals::Poisson
                             : text == "constant" ? Arrivals::Constant
                                                  : config.udpArrivals;
        return text == "poisson" || text == "constant";
    };
    const auto get = [](const RunConfig& config) {
        return config.udpArrivals == Arrivals::Poisson ? "poisson" : "constant";
    };
    return {.name = "udp.arrivals",
            .unit = "KIND",
            .help = "distances of UDP packets: constant or poisson",
            .allowed = "constant or poisson",
            .parse = parse,
            .get = get,
            .type = OptionType::Word,
            .words = {"constant", "poisson"}};
}

/// How cores come to packets.
std::vector<RunOption>
MakePollOptions()
{
    return {
        Make::Duration("napi.interrupt-delay",
                       "time that a queue's interrupt waits for more packets (rx-usecs)",
                       &C::interruptDelay,
                       true),
        Make::Whole("napi.interrupt-frames",
                    "PACKETS",
                    "... but no longer than until there are so many, 0: no such limit (rx-frames)",
                    &C::interruptFrames,
                    0,
                    1000000),
        Make::Whole("napi.poll-weight",
                    "PACKETS",
                    "packets of a receive queue before the next one has its turn",
                    &C::pollWeight,
                    1,
                    1000000),
        Make::Text("rps.steering-cores",
                   "CORES",
                   "cores that packets are handed to by their hash, as 0,1,2,3 (rps_cpus) [none]",
                   &C::steeringCores),
        Make::Whole("rps.max-backlog",
                    "PACKETS",
                    "packets from other cores that may wait for one (netdev_max_backlog)",
                    &C::maxBacklog,
                    0,
                    1000000),
    };
}

/// The cores of gateways.
std::vector<RunOption>
MakeCoreOptions()
{
    return {
        Make::Whole("rss.queues",
                    "N",
                    "receive queues of a device, 0: one a core",
                    &C::rssQueues,
                    0,
                    1024),
        Make::Whole("rss.ring",
                    "PACKETS",
                    "packets that may wait in a receive queue",
                    &C::rssRing,
                    1,
                    1000000),
        Make::Bool("rss.udp-ports", "the RSS hash covers UDP ports", &C::rssUdpPorts),
        Make::Bool("rss.spi", "the RSS hash covers the SPI of ESP", &C::rssSpi),
        Make::Text("rss.key",
                   "BYTES",
                   "key of the RSS hash, 40 bytes as 6d:5a:... [Microsoft's]",
                   &C::rssKey),
        Make::Text("rss.table",
                   "QUEUES",
                   "queue by low bits of the RSS hash, as 0,1,2,3 [all in turn]",
                   &C::rssTable),
        Make::Text("rss.affinity",
                   "CORES",
                   "core of each receive queue, as 0,1,2,3 [all in turn]",
                   &C::rssAffinity),
    };
}

/// Where results go.
std::vector<RunOption>
MakeOutputOptions()
{
    const auto readFolder = [](const std::string& text) {
        return text.empty() ? std::nullopt : std::optional(text);
    };
    std::vector<RunOption> options{
        Make::Any("out",
                  "DIR",
                  "write summary, CSV and xfrm_stat files into a new or empty folder",
                  "the name of a folder",
                  &C::out,
                  readFolder),
        Make::Bool("pcap", "write the packets of each link into DIR, too", &C::usesPcap),
        Make::Bool("json", "print one JSON object instead of tables", &C::isJson),
    };
    for (RunOption& option : options)
    {
        option.kind = RunOption::Kind::OfOutput;
        option.isSwitch = option.unit == "BOOL";
    }
    return options;
}

/// The nodes and links.
std::vector<RunOption>
MakeLineOptions()
{
    return {
        Make::Whole("line.hosts", "N", "hosts on each side", &C::hosts, 1, 64),
        Make::Whole("line.gateways", "N", "nodes between the hosts", &C::gateways, 2, 64),
        MakeRate("edge.rate", "data rate of host links", &C::edgeRate),
        Make::Duration("edge.delay", "delay of host links", &C::edgeDelay, true),
        Make::Whole("edge.mtu", "BYTES", "MTU of host links", &C::edgeMtu, 68, 65535),
        Make::Whole("edge.queue", "PACKETS", "queue of a host link", &C::edgeQueue, 1, 1000000),
        MakeRate("core.rate", "data rate of links between gateways", &C::coreRate),
        Make::Duration("core.delay", "delay of links between gateways", &C::coreDelay, true),
        Make::Whole("core.mtu", "BYTES", "MTU of links between gateways", &C::coreMtu, 68, 65535),
        Make::Whole("core.queue",
                    "PACKETS",
                    "queue of a link between gateways",
                    &C::coreQueue,
                    1,
                    1000000),
    };
}

/// What hosts send.
std::vector<RunOption>
MakeTrafficOptions()
{
    constexpr uint64_t MOST{UINT64_MAX / 2};
    return {
        Make::Whole("udp.flows", "N", "UDP flows of a pair of hosts", &C::udpFlows, 0, 4000),
        MakeUdpRate(),
        Make::Whole("udp.size", "BYTES", "payload of a UDP packet", &C::udpSize, 0, 65000),
        MakeUdpArrivals(),
        Make::Whole("udp.count", "N", "packets of a UDP flow, 0: no limit", &C::udpCount, 0, MOST),
        Make::Whole("udp.port", "PORT", "destination port, first flow", &C::udpPort, 1, 65535),
        Make::Whole("udp.source-port",
                    "PORT",
                    "source port, first flow",
                    &C::udpSourcePort,
                    1,
                    65535),
        Make::Duration("udp.start", "when UDP begins", &C::udpStart, true),
        Make::Duration("udp.stop", "when UDP ends, 0: with the run", &C::udpStop, true),
        Make::Whole("tcp.flows", "N", "TCP flows of a pair of hosts", &C::tcpFlows, 0, 4000),
        Make::Whole("tcp.bytes",
                    "BYTES",
                    "bytes of a TCP flow, 0: as many as possible",
                    &C::tcpBytes,
                    0,
                    MOST),
        Make::Whole("tcp.segment", "BYTES", "payload of a TCP segment", &C::tcpSegment, 1, 65000),
        Make::Whole("tcp.port", "PORT", "destination port, first flow", &C::tcpPort, 1, 65535),
        Make::Duration("tcp.start", "when TCP begins", &C::tcpStart, true),
        Make::Duration("tcp.stop", "when TCP ends, 0: with the run", &C::tcpStop, true),
        Make::Duration("ping.interval", "time between pings, 0: none", &C::pingInterval, true),
        Make::Whole("ping.size", "BYTES", "payload of a ping", &C::pingSize, 0, 65000),
        Make::Whole("ping.count",
                    "N",
                    "pings of a pair of hosts, 0: no limit",
                    &C::pingCount,
                    0,
                    MOST),
        Make::Duration("ping.start", "when pings begin", &C::pingStart, true),
        Make::Duration("ping.stop", "when pings end, 0: with the run", &C::pingStop, true),
    };
}

std::vector<RunOption>
MakeOptions()
{
    std::vector<RunOption> all{
        Make::Duration("duration", "simulated time", &C::duration, false),
        Make::Whole("seed", "N", "choice of all random numbers", &C::seed, 1, UINT64_MAX),
        Make::Word("kernel", "kernel whose lookups are modelled", &C::kernel, Kernel::GetNames()),
        Make::Duration("interval", "time between rows of the time series", &C::interval, false),
        Make::Whole("cores", "N", "cores of a gateway, 0: all takes no time", &C::cores, 0, 64),
        Make::Text("profile",
                   "NAME",
                   "what their work costs: free, linux-4.1-default or a JSON file",
                   &C::profile),
        Make::Word("locks", "locks that their work takes", &C::locks, LockPreset::GetNames()),
    };
    const std::vector<RunOption> ofIpsec{
        Make::Bool("ipsec.larval-drop",
                   "drop while a state is awaited (xfrm_larval_drop)",
                   &C::useLarvalDrop),
        Make::Bool("ipsec.socket-cache", "connected sockets keep their chains", &C::useSocketCache),
    };
    for (const auto& some : {MakeOutputOptions(),
                             MakeLineOptions(),
                             MakeCoreOptions(),
                             MakePollOptions(),
                             MakeTrafficOptions(),
                             ofIpsec})
    {
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

} // namespace

const std::vector<RunOption>&
GetRunOptions()
{
    static const std::vector<RunOption> options = MakeOptions();
    return options;
}

const std::vector<RunList>&
GetRunLists()
{
    static const std::vector<RunList> lists{
        {"ip-xfrm",
         "[NODE=]FILE",
         "ip xfrm commands of a node (A or gw1, B or gw2, ...), or of several by ip -n NODE; none: "
         "no IPsec [a tunnel between A and B]",
         &RunConfig::ipXfrm},
    };
    return lists;
}

} // namespace ns3::xfrm
