/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-options.h"

#include "xfrm-run-values.h"

#include "ns3/xfrm-kernel.h"
#include "ns3/xfrm-lock-table.h"

#include <algorithm>
#include <cctype>
#include <type_traits>

namespace ns3::xfrm
{

namespace
{

using C = RunConfig;

/// An option whose text a function reads: std::optional<Value>(const std::string&).
template <typename Value, typename Read>
RunOption
MakeOption(const std::string& name,
           const std::string& unit,
           const std::string& help,
           const std::string& allowed,
           Value RunConfig::*member,
           const Read& read)
{
    const auto parse = [=](RunConfig& config, const std::string& text) {
        const auto value = read(text);
        if (value)
        {
            config.*member = *value;
        }
        return value.has_value();
    };
    const auto get = [=](const RunConfig& config) -> std::string {
        if constexpr (std::is_same_v<Value, std::string>)
        {
            return config.*member;
        }
        else if constexpr (std::is_same_v<Value, bool>)
        {
            return config.*member ? "true" : "false";
        }
        else if constexpr (std::is_integral_v<Value>)
        {
            return std::to_string(config.*member);
        }
        else
        {
            return ToText(config.*member);
        }
    };
    return {.name = name,
            .unit = unit,
            .help = help,
            .allowed = allowed,
            .parse = parse,
            .get = get};
}

/// An option that is a whole number within limits.
template <typename Number>
RunOption
MakeNumber(const std::string& name,
           const std::string& unit,
           const std::string& help,
           Number RunConfig::*member,
           uint64_t least,
           uint64_t most)
{
    const auto read = [=](const std::string& text) -> std::optional<Number> {
        const auto value = ParseWhole(text);
        const bool isAllowed = value && *value >= least && *value <= most;
        return isAllowed ? std::optional(static_cast<Number>(*value)) : std::nullopt;
    };
    return MakeOption(name,
                      unit,
                      help,
                      "a whole number from " + std::to_string(least) + " to " +
                          std::to_string(most),
                      member,
                      read);
}

/// An option that is a time, such as 10ms.
RunOption
MakeTime(const std::string& name, const std::string& help, Time RunConfig::*member, bool mayBeZero)
{
    const auto read = [=](const std::string& text) {
        const auto time = ParseTime(text);
        return time && (mayBeZero || !time->IsZero()) ? time : std::nullopt;
    };
    const std::string allowed =
        std::string(mayBeZero ? "0 or " : "") + "a time such as 10s, 1.5ms or 20us";
    return MakeOption(name, "TIME", help, allowed, member, read);
}

/// An option that is a data rate, such as 1Gbps.
RunOption
MakeRate(const std::string& name, const std::string& help, DataRate RunConfig::*member)
{
    return MakeOption(name,
                      "RATE",
                      help,
                      "a data rate such as 10Gbps, 100Mbps or 64kbps",
                      member,
                      ParseRate);
}

/// An option that is true or false.
RunOption
MakeBool(const std::string& name, const std::string& help, bool RunConfig::*member)
{
    const auto read = [](const std::string& text) {
        return text == "true"    ? std::optional(true)
               : text == "false" ? std::optional(false)
                                 : std::nullopt;
    };
    return MakeOption(name, "BOOL", help, "true or false", member, read);
}

/// udp.rate
RunOption
MakeUdpRate()
{
    const auto read = [](const std::string& text) {
        const auto rate = ParseReal(text);
        return rate && *rate >= 1e-3 && *rate <= 1e9 ? rate : std::nullopt;
    };
    return MakeOption("udp.rate",
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
            .get = get};
}

/// An option that is one of some names.
RunOption
MakeName(const std::string& name,
         const std::string& help,
         std::string RunConfig::*member,
         const std::vector<std::string>& names)
{
    const auto read = [=](const std::string& text) {
        return std::ranges::find(names, text) == names.end() ? std::nullopt : std::optional(text);
    };
    std::string list;
    for (const std::string& each : names)
    {
        list.append(list.empty() ? "" : ", ").append(each);
    }
    return MakeOption(name, "NAME", help + ": " + list, "one of " + list, member, read);
}

/// An option that is a text.
RunOption
MakeText(const std::string& name,
         const std::string& unit,
         const std::string& help,
         std::string RunConfig::*member)
{
    const auto read = [](const std::string& text) {
        const bool isPrintable = std::all_of(text.begin(), text.end(), [](unsigned char c) {
            return std::iscntrl(c) == 0;
        });
        return isPrintable ? std::optional(text) : std::nullopt;
    };
    return MakeOption(name, unit, help, "a text without control characters", member, read);
}

/// How cores come to packets.
std::vector<RunOption>
MakePollOptions()
{
    return {
        MakeTime("napi.interrupt-delay",
                 "time that a queue's interrupt waits for more packets (rx-usecs)",
                 &C::interruptDelay,
                 true),
        MakeNumber("napi.interrupt-frames",
                   "PACKETS",
                   "... but no longer than until there are so many, 0: no such limit (rx-frames)",
                   &C::interruptFrames,
                   0,
                   1000000),
        MakeNumber("napi.poll-weight",
                   "PACKETS",
                   "packets of a receive queue before the next one has its turn",
                   &C::pollWeight,
                   1,
                   1000000),
        MakeText("rps.steering-cores",
                 "CORES",
                 "cores that packets are handed to by their hash, as 0,1,2,3 (rps_cpus) [none]",
                 &C::steeringCores),
        MakeNumber("rps.max-backlog",
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
        MakeNumber("rss.queues",
                   "N",
                   "receive queues of a device, 0: one a core",
                   &C::rssQueues,
                   0,
                   1024),
        MakeNumber("rss.ring",
                   "PACKETS",
                   "packets that may wait in a receive queue",
                   &C::rssRing,
                   1,
                   1000000),
        MakeBool("rss.udp-ports", "the RSS hash covers UDP ports", &C::rssUdpPorts),
        MakeBool("rss.spi", "the RSS hash covers the SPI of ESP", &C::rssSpi),
        MakeText("rss.key",
                 "BYTES",
                 "key of the RSS hash, 40 bytes as 6d:5a:... [Microsoft's]",
                 &C::rssKey),
        MakeText("rss.table",
                 "QUEUES",
                 "queue by low bits of the RSS hash, as 0,1,2,3 [all in turn]",
                 &C::rssTable),
        MakeText("rss.affinity",
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
        MakeOption("out",
                   "DIR",
                   "write summary, CSV and xfrm_stat files into a new or empty folder",
                   "the name of a folder",
                   &C::out,
                   readFolder),
        MakeBool("pcap", "write the packets of each link into DIR, too", &C::usesPcap),
        MakeBool("json", "print one JSON object instead of tables", &C::isJson),
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
        MakeNumber("line.hosts", "N", "hosts on each side", &C::hosts, 1, 64),
        MakeNumber("line.gateways", "N", "nodes between the hosts", &C::gateways, 2, 64),
        MakeRate("edge.rate", "data rate of host links", &C::edgeRate),
        MakeTime("edge.delay", "delay of host links", &C::edgeDelay, true),
        MakeNumber("edge.mtu", "BYTES", "MTU of host links", &C::edgeMtu, 68, 65535),
        MakeNumber("edge.queue", "PACKETS", "queue of a host link", &C::edgeQueue, 1, 1000000),
        MakeRate("core.rate", "data rate of links between gateways", &C::coreRate),
        MakeTime("core.delay", "delay of links between gateways", &C::coreDelay, true),
        MakeNumber("core.mtu", "BYTES", "MTU of links between gateways", &C::coreMtu, 68, 65535),
        MakeNumber("core.queue",
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
        MakeNumber("udp.flows", "N", "UDP flows of a pair of hosts", &C::udpFlows, 0, 4000),
        MakeUdpRate(),
        MakeNumber("udp.size", "BYTES", "payload of a UDP packet", &C::udpSize, 0, 65000),
        MakeUdpArrivals(),
        MakeNumber("udp.count", "N", "packets of a UDP flow, 0: no limit", &C::udpCount, 0, MOST),
        MakeNumber("udp.port", "PORT", "destination port, first flow", &C::udpPort, 1, 65535),
        MakeNumber("udp.source-port",
                   "PORT",
                   "source port, first flow",
                   &C::udpSourcePort,
                   1,
                   65535),
        MakeTime("udp.start", "when UDP begins", &C::udpStart, true),
        MakeTime("udp.stop", "when UDP ends, 0: with the run", &C::udpStop, true),
        MakeNumber("tcp.flows", "N", "TCP flows of a pair of hosts", &C::tcpFlows, 0, 4000),
        MakeNumber("tcp.bytes",
                   "BYTES",
                   "bytes of a TCP flow, 0: as many as possible",
                   &C::tcpBytes,
                   0,
                   MOST),
        MakeNumber("tcp.segment", "BYTES", "payload of a TCP segment", &C::tcpSegment, 1, 65000),
        MakeNumber("tcp.port", "PORT", "destination port, first flow", &C::tcpPort, 1, 65535),
        MakeTime("tcp.start", "when TCP begins", &C::tcpStart, true),
        MakeTime("tcp.stop", "when TCP ends, 0: with the run", &C::tcpStop, true),
        MakeTime("ping.interval", "time between pings, 0: none", &C::pingInterval, true),
        MakeNumber("ping.size", "BYTES", "payload of a ping", &C::pingSize, 0, 65000),
        MakeNumber("ping.count",
                   "N",
                   "pings of a pair of hosts, 0: no limit",
                   &C::pingCount,
                   0,
                   MOST),
        MakeTime("ping.start", "when pings begin", &C::pingStart, true),
        MakeTime("ping.stop", "when pings end, 0: with the run", &C::pingStop, true),
    };
}

std::vector<RunOption>
MakeOptions()
{
    std::vector<RunOption> all{
        MakeTime("duration", "simulated time", &C::duration, false),
        MakeNumber("seed", "N", "choice of all random numbers", &C::seed, 1, UINT64_MAX),
        MakeName("kernel", "kernel whose lookups are modelled", &C::kernel, Kernel::GetNames()),
        MakeTime("interval", "time between rows of the time series", &C::interval, false),
        MakeNumber("cores", "N", "cores of a gateway, 0: all takes no time", &C::cores, 0, 64),
        MakeText("profile",
                 "NAME",
                 "what their work costs: free, linux-4.1-default or a JSON file",
                 &C::profile),
        MakeName("locks", "locks that their work takes", &C::locks, LockPreset::GetNames()),
    };
    const std::vector<RunOption> ofIpsec{
        MakeBool("ipsec.larval-drop",
                 "drop while a state is awaited (xfrm_larval_drop)",
                 &C::useLarvalDrop),
        MakeBool("ipsec.socket-cache", "connected sockets keep their chains", &C::useSocketCache),
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

void
RunOption::Set(RunConfig& config, const std::string& text) const
{
    if (!parse(config, text))
    {
        throw RunConfigError(name + " " + (text.empty() ? "\"\"" : text) + ": must be " + allowed);
    }
}

std::string
RunOption::GetSection() const
{
    const size_t dot = name.find('.');
    return dot == std::string::npos ? "" : name.substr(0, dot);
}

std::string
RunOption::GetKey() const
{
    const size_t dot = name.find('.');
    return dot == std::string::npos ? name : name.substr(dot + 1);
}

const std::vector<RunOption>&
GetRunOptions()
{
    static const std::vector<RunOption> options = MakeOptions();
    return options;
}

} // namespace ns3::xfrm
