/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-show-text.h"

#include "xfrm-ip-xfrm-vocabulary.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <bitset>
#include <ctime>
#include <iomanip>
#include <sstream>

namespace ns3::xfrm::show
{

namespace
{

/// @param limit a limit of bytes or packets @return its text
std::string
ToText(uint64_t limit)
{
    return limit == UINT64_MAX ? "(INF)" : std::to_string(limit);
}

/// @param seconds wall clock, 0 never [s since 1970] @return date and time of day, UTC
std::string
ToDate(uint64_t seconds)
{
    if (seconds == 0)
    {
        return "-";
    }
    const auto time = static_cast<std::time_t>(seconds);
    std::tm parts{};
    gmtime_r(&time, &parts);
    std::ostringstream text;
    text << std::put_time(&parts, "%Y-%m-%d %H:%M:%S");
    return text.str();
}

/// What a selector says of the layer above IP, each word with a blank behind.
std::string
DescribeUpperLayer(const Selector& selector)
{
    std::string text;
    if (selector.proto != 0)
    {
        const auto name = NameValue(vocabulary::PROTOCOLS, selector.proto);
        text +=
            "proto " + (name.empty() ? std::to_string(selector.proto) : std::string(name)) + ' ';
    }
    if (selector.proto == PROTO_GRE)
    {
        const uint32_t key = uint32_t{selector.sourcePort} << 16 | selector.destinationPort;
        const bool hasKey = (selector.sourcePortMask | selector.destinationPortMask) != 0;
        return hasKey ? text + "key " + std::to_string(key) + ' ' : text;
    }
    const bool hasType = selector.proto == PROTO_ICMP || selector.proto == PROTO_ICMPV6 ||
                         selector.proto == PROTO_MH;
    if (selector.sourcePortMask != 0)
    {
        text += (hasType ? "type " : "sport ") + std::to_string(selector.sourcePort) + ' ';
    }
    if (selector.destinationPortMask != 0)
    {
        text += (hasType ? "code " : "dport ") + std::to_string(selector.destinationPort) + ' ';
    }
    return text;
}

} // namespace

std::string
ToHex(uint64_t value, int nDigits)
{
    std::ostringstream text;
    text << std::hex << std::setfill('0') << std::setw(nDigits) << value;
    return text.str();
}

std::string
ToText(const IpAddress& address, Family family)
{
    std::array<uint32_t, 4> words{};
    std::ranges::transform(address.GetWords(), words.begin(), [](uint32_t word) {
        return htonl(word);
    });
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(family == Family::Ipv6 ? AF_INET6 : AF_INET, words.data(), text.data(), text.size());
    return text.data();
}

std::string
ToBinary(uint8_t flags)
{
    return "0x" + std::bitset<8>(flags).to_string();
}

std::string
NameFlags(uint32_t flags, std::span<const NamedValue<uint32_t>> names)
{
    std::string text;
    const auto append = [&text](const std::string& word) {
        text += (text.empty() ? "" : " ") + word;
    };
    for (const auto& [name, flag] : names)
    {
        if ((flags & flag) != 0)
        {
            append(std::string(name));
            flags &= ~flag;
        }
    }
    if (flags != 0)
    {
        append(ToHex(flags));
    }
    return text;
}

void
Print(std::ostream& os, const Selector& selector, Family family, const ShowOptions& options)
{
    os << "src " << ToText(selector.source, family) << '/' << +selector.sourcePrefix << " dst "
       << ToText(selector.destination, family) << '/' << +selector.destinationPrefix << ' '
       << DescribeUpperLayer(selector);
    if (selector.ifindex != 0)
    {
        os << "dev "
           << (options.nameDevice ? options.nameDevice(selector.ifindex)
                                  : "if" + std::to_string(selector.ifindex))
           << ' ';
    }
    if (options.hasDetails)
    {
        os << "uid " << selector.user;
    }
    os << '\n';
}

void
Print(std::ostream& os, const Mark& mark)
{
    const auto toText = [](uint32_t number) {
        return number == 0 ? std::string("0") : "0x" + ToHex(number);
    };
    if ((mark.value | mark.mask) != 0)
    {
        os << "\tmark " << toText(mark.value) << '/' << toText(mark.mask) << " \n";
    }
}

void
Print(std::ostream& os, const LifetimeLimits& limits, const LifetimeUse& use)
{
    os << "\tlifetime config:\n"
       << "\t  limit: soft " << ToText(limits.softBytes) << "(bytes), hard "
       << ToText(limits.hardBytes) << "(bytes)\n"
       << "\t  limit: soft " << ToText(limits.softPackets) << "(packets), hard "
       << ToText(limits.hardPackets) << "(packets)\n"
       << "\t  expire add: soft " << limits.softAddSeconds << "(sec), hard "
       << limits.hardAddSeconds << "(sec)\n"
       << "\t  expire use: soft " << limits.softUseSeconds << "(sec), hard "
       << limits.hardUseSeconds << "(sec)\n"
       << "\tlifetime current:\n"
       << "\t  " << use.bytes << "(bytes), " << use.packets << "(packets)\n"
       << "\t  add " << ToDate(use.addTime) << " use " << ToDate(use.useTime) << '\n';
}

void
Print(std::ostream& os, const Transform& transform, const ShowOptions& options)
{
    os << "proto " << NameValue(vocabulary::IPSEC_PROTOCOLS, transform.proto) << ' ';
    if (transform.showsSpi || transform.spi != 0 || options.hasDetails)
    {
        os << "spi 0x" << ToHex(transform.spi, 8);
        os << (options.hasDetails ? '(' + std::to_string(transform.spi) + ") " : " ");
    }
    os << "reqid " << transform.reqid;
    os << (options.hasDetails ? "(0x" + ToHex(transform.reqid, 8) + ") " : " ");
    os << "mode " << NameValue(vocabulary::MODES, transform.mode) << '\n';
}

void
PrintLines(std::ostream& os, std::string text, const ShowOptions& options)
{
    if (options.isOneLine)
    {
        std::ranges::replace(text, '\n', '\\');
        text += '\n';
    }
    os << text;
}

} // namespace ns3::xfrm::show
