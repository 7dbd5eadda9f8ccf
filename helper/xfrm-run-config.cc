/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-config.h"

#include <algorithm>
#include <boost/lexical_cast.hpp>
#include <boost/property_tree/ini_parser.hpp>
#include <boost/property_tree/ptree.hpp>
#include <cmath>
#include <fstream>
#include <sstream>

namespace ns3::xfrm
{

namespace
{

/// @throws RunConfigError for a value that is not allowed
[[noreturn]] void
Refuse(const std::string& name, const std::string& text, const std::string& allowed)
{
    throw RunConfigError(name + " " + (text.empty() ? "\"\"" : text) + ": must be " + allowed);
}

/// @return the text of a time with its unit, shortest first
std::string
ToText(Time time)
{
    const std::vector<std::pair<Time, const char*>> units{{Seconds(1), "s"},
                                                          {MilliSeconds(1), "ms"},
                                                          {MicroSeconds(1), "us"}};
    for (const auto& [unit, name] : units)
    {
        if (time.GetNanoSeconds() % unit.GetNanoSeconds() == 0)
        {
            return std::to_string(time.GetNanoSeconds() / unit.GetNanoSeconds()) + name;
        }
    }
    return std::to_string(time.GetNanoSeconds()) + "ns";
}

/// @return the text of a data rate with its unit, shortest first
std::string
ToText(const DataRate& rate)
{
    const std::vector<std::pair<uint64_t, const char*>> units{{1000000000, "Gbps"},
                                                              {1000000, "Mbps"},
                                                              {1000, "kbps"}};
    for (const auto& [unit, name] : units)
    {
        if (rate.GetBitRate() % unit == 0)
        {
            return std::to_string(rate.GetBitRate() / unit) + name;
        }
    }
    return std::to_string(rate.GetBitRate()) + "bps";
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
    const auto set = [=](RunConfig& config, const std::string& text) {
        const bool isNumber =
            !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
        uint64_t value = 0;
        if (!isNumber || !boost::conversion::try_lexical_convert(text, value) || value < least ||
            value > most)
        {
            Refuse(name,
                   text,
                   "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
        }
        config.*member = static_cast<Number>(value);
    };
    return {name, unit, help, set, [=](const RunConfig& config) {
                return std::to_string(config.*member);
            }};
}

/// An option that is a time, such as 10ms.
RunOption
MakeTime(const std::string& name, const std::string& help, Time RunConfig::*member, bool mayBeZero)
{
    const auto set = [=](RunConfig& config, const std::string& text) {
        const std::string allowed =
            std::string(mayBeZero ? "0 or " : "") + "a time such as 10s, 1.5ms or 20us";
        double value = 0;
        std::string unit;
        std::istringstream stream(text);
        stream >> value >> unit;
        const std::vector<std::pair<std::string, double>> units{{"s", 1e9},
                                                                {"ms", 1e6},
                                                                {"us", 1e3},
                                                                {"ns", 1},
                                                                {"min", 60e9},
                                                                {"h", 3600e9}};
        const auto known = std::find_if(units.begin(), units.end(), [&](const auto& each) {
            return each.first == unit;
        });
        const bool isZero = mayBeZero && text == "0";
        if (!isZero && (known == units.end() || !stream.eof() || !std::isfinite(value) ||
                        value < 0 || (value == 0 && !mayBeZero) || value * known->second > 9e18))
        {
            Refuse(name, text, allowed);
        }
        config.*member = isZero ? Time(0) : NanoSeconds(std::llround(value * known->second));
    };
    return {name, "TIME", help, set, [=](const RunConfig& config) {
                return ToText(config.*member);
            }};
}

/// An option that is a data rate, such as 1Gbps.
RunOption
MakeRate(const std::string& name, const std::string& help, DataRate RunConfig::*member)
{
    const auto set = [=](RunConfig& config, const std::string& text) {
        double value = 0;
        std::string unit;
        std::istringstream stream(text);
        stream >> value >> unit;
        const std::vector<std::pair<std::string, double>> units{{"bps", 1},
                                                                {"kbps", 1e3},
                                                                {"Mbps", 1e6},
                                                                {"Gbps", 1e9}};
        const auto known = std::find_if(units.begin(), units.end(), [&](const auto& each) {
            return each.first == unit;
        });
        if (known == units.end() || !stream.eof() || !(value > 0) || value * known->second > 1e15 ||
            value * known->second < 1)
        {
            Refuse(name, text, "a data rate such as 10Gbps, 100Mbps or 64kbps");
        }
        config.*member = DataRate(static_cast<uint64_t>(std::llround(value * known->second)));
    };
    return {name, "RATE", help, set, [=](const RunConfig& config) {
                return ToText(config.*member);
            }};
}

/// An option that is true or false.
RunOption
MakeSwitch(const std::string& name, const std::string& help, bool RunConfig::*member)
{
    const auto set = [=](RunConfig& config, const std::string& text) {
        if (text != "true" && text != "false")
        {
            Refuse(name, text, "true or false");
        }
        config.*member = text == "true";
    };
    return {name, "BOOL", help, set, [=](const RunConfig& config) {
                return config.*member ? "true" : "false";
            }};
}

/// udp.rate
RunOption
MakeUdpRate()
{
    const std::string name = "udp.rate";
    const auto set = [name](RunConfig& config, const std::string& text) {
        double value = 0;
        if (!boost::conversion::try_lexical_convert(text, value) || !(value > 0) || value > 1e9)
        {
            Refuse(name, text, "packets per second, above 0, at most 1e9");
        }
        config.udpRate = value;
    };
    return {name, "PPS", "packets per second of a UDP flow", set, [](const RunConfig& config) {
                std::ostringstream text;
                text << config.udpRate;
                return text.str();
            }};
}

/// udp.arrivals
RunOption
MakeUdpArrivals()
{
    const auto set = [](RunConfig& config, const std::string& text) {
        if (text != "constant" && text != "poisson")
        {
            Refuse("udp.arrivals", text, "constant or poisson");
        }
        config.udpArrivals = text == "poisson" ? Arrivals::Poisson : Arrivals::Constant;
    };
    return {"udp.arrivals",
            "KIND",
            "distances of UDP packets: constant or poisson",
            set,
            [](const RunConfig& config) {
                return config.udpArrivals == Arrivals::Poisson ? "poisson" : "constant";
            }};
}

/// kernel
RunOption
MakeKernel()
{
    const auto set = [](RunConfig& config, const std::string& text) {
        if (text != "linux-4.1")
        {
            Refuse("kernel", text, "linux-4.1");
        }
        config.kernel = text;
    };
    return {"kernel",
            "NAME",
            "kernel that is modelled: linux-4.1",
            set,
            [](const RunConfig& config) { return config.kernel; }};
}

std::vector<RunOption>
MakeOptions()
{
    using C = RunConfig;
    return {
        MakeTime("duration", "simulated time", &C::duration, false),
        MakeNumber("seed", "N", "seed of all random numbers", &C::seed, 1, UINT32_MAX),
        MakeKernel(),
        MakeTime("interval", "time between rows of the time series", &C::interval, false),
        MakeNumber("line.hosts", "N", "hosts on each side", &C::hosts, 1, 64),
        MakeNumber("line.gateways", "N", "nodes between the hosts", &C::gateways, 2, 64),
        MakeRate("edge.rate", "data rate of host links", &C::edgeRate),
        MakeTime("edge.delay", "delay of host links", &C::edgeDelay, true),
        MakeNumber("edge.mtu", "BYTES", "MTU of host links", &C::edgeMtu, 68, 65535),
        MakeRate("core.rate", "data rate of links between gateways", &C::coreRate),
        MakeTime("core.delay", "delay of links between gateways", &C::coreDelay, true),
        MakeNumber("core.mtu", "BYTES", "MTU of links between gateways", &C::coreMtu, 68, 65535),
        MakeTime("traffic.start", "when traffic begins", &C::start, true),
        MakeNumber("udp.flows", "N", "UDP flows of a pair of hosts", &C::udpFlows, 0, 10000),
        MakeUdpRate(),
        MakeNumber("udp.size", "BYTES", "payload of a UDP packet", &C::udpSize, 0, 65000),
        MakeUdpArrivals(),
        MakeNumber("tcp.flows", "N", "TCP flows of a pair of hosts", &C::tcpFlows, 0, 10000),
        MakeNumber("tcp.bytes",
                   "BYTES",
                   "bytes of a TCP flow, 0: as many as possible",
                   &C::tcpBytes,
                   0,
                   UINT64_MAX / 2),
        MakeNumber("tcp.segment", "BYTES", "payload of a TCP segment", &C::tcpSegment, 1, 65000),
        MakeTime("ping.interval", "time between pings, 0: none", &C::pingInterval, true),
        MakeNumber("ping.size", "BYTES", "payload of a ping", &C::pingSize, 0, 65000),
        MakeSwitch("ipsec.larval-drop",
                   "drop while a state is awaited (xfrm_larval_drop)",
                   &C::useLarvalDrop),
        MakeSwitch("ipsec.socket-cache", "connected sockets keep their chains", &C::useSocketCache),
    };
}

/// @return the name of a setting, by its section, maybe empty, and its key there
std::string
Join(const std::string& section, const std::string& key)
{
    std::string name = section;
    name.append(section.empty() ? "" : ".").append(key);
    return name;
}

/// @return number of the line of an INI file that sets a name, from 1; 0 if none does
size_t
FindLine(const std::string& file, const std::string& name)
{
    std::ifstream stream(file);
    std::string section;
    size_t number = 0;
    for (std::string line; std::getline(stream, line);)
    {
        ++number;
        const size_t first = line.find_first_not_of(" \t");
        if (first == std::string::npos)
        {
            continue;
        }
        if (line[first] == '[')
        {
            section = line.substr(first + 1, line.find(']') - first - 1);
            continue;
        }
        const std::string key = line.substr(first, line.find_first_of(" \t=", first) - first);
        if (Join(section, key) == name)
        {
            return number;
        }
    }
    return 0;
}

/// Sets one name of an INI file.
void
SetFromFile(const std::string& file,
            const std::string& name,
            const std::string& text,
            RunConfig& config)
{
    const std::string place = file + ":" + std::to_string(FindLine(file, name)) + ": ";
    if (name == "ip-xfrm")
    {
        std::istringstream words(text);
        for (std::string word; words >> word;)
        {
            config.ipXfrm.push_back(word);
        }
        return;
    }
    const std::vector<RunOption>& options = GetRunOptions();
    const auto option = std::find_if(options.begin(), options.end(), [&](const RunOption& each) {
        return each.name == name;
    });
    if (option == options.end())
    {
        throw RunConfigError(place + name + ": no such setting: xfrm-sim run --help lists them");
    }
    try
    {
        option->set(config, text);
    }
    catch (const RunConfigError& error)
    {
        throw RunConfigError(place + error.what());
    }
}

} // namespace

const std::vector<RunOption>&
GetRunOptions()
{
    static const std::vector<RunOption> options = MakeOptions();
    return options;
}

void
ReadRunConfig(const std::string& file, RunConfig& config)
{
    boost::property_tree::ptree tree;
    try
    {
        boost::property_tree::read_ini(file, tree);
    }
    catch (const boost::property_tree::ini_parser_error& error)
    {
        throw RunConfigError(file + ":" + std::to_string(error.line()) + ": " + error.message() +
                             ": must be an INI file that can be read");
    }
    RunConfig changed = config;
    for (const auto& [key, node] : tree)
    {
        if (node.empty())
        {
            SetFromFile(file, key, node.data(), changed);
        }
        for (const auto& [inner, value] : node)
        {
            SetFromFile(file, Join(key, inner), value.data(), changed);
        }
    }
    config = changed;
}

std::string
WriteRunConfig(const RunConfig& config)
{
    std::string text = "; settings of xfrm-sim run\n";
    std::string ipXfrm;
    for (const std::string& each : config.ipXfrm)
    {
        ipXfrm.append(ipXfrm.empty() ? "" : " ").append(each);
    }
    if (!ipXfrm.empty())
    {
        text += "ip-xfrm = " + ipXfrm + "\n";
    }
    std::string section;
    for (const RunOption& option : GetRunOptions())
    {
        const size_t dot = option.name.find('.');
        const std::string own = dot == std::string::npos ? "" : option.name.substr(0, dot);
        if (own != section)
        {
            text += "\n[" + own + "]\n";
            section = own;
        }
        text += option.name.substr(dot == std::string::npos ? 0 : dot + 1) + " = " +
                option.get(config) + "\n";
    }
    return text;
}

} // namespace ns3::xfrm
