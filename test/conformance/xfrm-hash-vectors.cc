/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-hash-vectors.h"

#include "xfrm-format.h"
#include "xfrm-table-file.h"

#include "ns3/xfrm-flow-key.h"
#include "ns3/xfrm-jhash.h"

#include <arpa/inet.h>
#include <array>
#include <sstream>

namespace ns3::xfrm::conformance
{

namespace
{

/// Columns of keylayout.csv.
enum KeyColumn : size_t
{
    FAMILY,
    OIF,
    IIF,
    MARK,
    TOS,
    SCOPE,
    PROTO,
    FLAGS,
    SECID,
    SADDR,
    DADDR,
    FLOW_LABEL,
    ULI_KIND,
    ULI_A,
    ULI_B,
    PAD,
    KEY_HEX,
    N_WORDS,
    HASH_RND,
    JHASH2,
    BUCKET
};

/// Number of buckets of keylayout.csv's last column, less one.
constexpr uint32_t BUCKET_MASK{1023};

void
Compare(SetReport& report, const TableFile& file, size_t column, const std::string& got)
{
    if (file.Get(column) != got)
    {
        report.mismatches.push_back(
            {file.GetRow(), file.GetColumns()[column], file.Get(column), got});
    }
}

UpperLayer
ReadUpperLayer(const TableFile& file)
{
    const std::string& kind = file.Get(ULI_KIND);
    const auto number = [&file](size_t column, uint64_t highest) {
        return static_cast<uint32_t>(file.GetNumber(column, highest));
    };
    if (kind == "sport/dport")
    {
        return UpperLayer::Ports(number(ULI_A, UINT16_MAX), number(ULI_B, UINT16_MAX));
    }
    if (kind == "icmp type/code")
    {
        return UpperLayer::Icmp(number(ULI_A, UINT8_MAX), number(ULI_B, UINT8_MAX));
    }
    if (kind == "spi")
    {
        return UpperLayer::Spi(number(ULI_A, UINT32_MAX));
    }
    if (kind == "gre_key")
    {
        return UpperLayer::GreKey(number(ULI_A, UINT32_MAX));
    }
    file.Fail(ULI_KIND, "sport/dport, icmp type/code, spi or gre_key");
}

FlowFields
ReadCommon(const TableFile& file)
{
    return {.oif = file.GetSigned(OIF),
            .iif = file.GetSigned(IIF),
            .mark = static_cast<uint32_t>(file.GetNumber(MARK, UINT32_MAX)),
            .tos = static_cast<uint8_t>(file.GetNumber(TOS, UINT8_MAX)),
            .scope = static_cast<uint8_t>(file.GetNumber(SCOPE, UINT8_MAX)),
            .proto = static_cast<uint8_t>(file.GetNumber(PROTO, UINT8_MAX)),
            .flags = static_cast<uint8_t>(file.GetNumber(FLAGS, UINT8_MAX)),
            .secid = static_cast<uint32_t>(file.GetNumber(SECID, UINT32_MAX))};
}

Ipv4Address
ReadIpv4(const TableFile& file, size_t column)
{
    in_addr address{};
    if (inet_pton(AF_INET, file.Get(column).c_str(), &address) != 1)
    {
        file.Fail(column, "an IPv4 address");
    }
    return Ipv4Address(ntohl(address.s_addr));
}

Ipv6Address
ReadIpv6(const TableFile& file, size_t column)
{
    std::array<uint8_t, 16> address{};
    if (inet_pton(AF_INET6, file.Get(column).c_str(), address.data()) != 1)
    {
        file.Fail(column, "an IPv6 address");
    }
    return Ipv6Address(address.data());
}

FlowKey
ReadKey(const TableFile& file)
{
    const FlowFields common = ReadCommon(file);
    const UpperLayer upper = ReadUpperLayer(file);
    switch (static_cast<Family>(file.GetNumber(FAMILY, UINT16_MAX)))
    {
    case Family::Ipv4:
        return FlowKey::Ipv4(Direction::Out,
                             common,
                             ReadIpv4(file, SADDR),
                             ReadIpv4(file, DADDR),
                             upper);
    case Family::Ipv6:
        return FlowKey::Ipv6(Direction::Out,
                             common,
                             ReadIpv6(file, SADDR),
                             ReadIpv6(file, DADDR),
                             static_cast<uint32_t>(file.GetNumber(FLOW_LABEL, UINT32_MAX)),
                             upper,
                             KeyLayout::Linux41,
                             static_cast<uint32_t>(file.GetNumber(PAD, UINT32_MAX)));
    default:
        file.Fail(FAMILY, "2 (IPv4) or 10 (IPv6)");
    }
}

} // namespace

SetReport
ReplayJhash2(const std::filesystem::path& path)
{
    SetReport report{.name = "jhash2", .rows = 0, .mismatches = {}};
    TableFile file(path, {"n_words", "initval", "words", "jhash2"});
    while (file.Next())
    {
        std::istringstream text(file.Get(2));
        std::vector<uint32_t> words;
        for (uint32_t word; text >> std::hex >> word;)
        {
            words.push_back(word);
        }
        if (!text.eof() || words.size() != file.GetNumber(0))
        {
            file.Fail(2, "n_words hexadecimal words, separated by blanks");
        }
        Compare(report, file, 3, Hex(Jhash2(words.data(), words.size(), file.GetHex(1))));
    }
    report.rows = file.GetRows();
    return report;
}

SetReport
ReplayKeyLayout(const std::filesystem::path& path)
{
    SetReport report{.name = "keylayout", .rows = 0, .mismatches = {}};
    TableFile file(path,
                   {"family", "oif",   "iif",     "mark",    "tos",       "scope",    "proto",
                    "flags",  "secid", "saddr",   "daddr",   "flowlabel", "uli_kind", "uli_a",
                    "uli_b",  "pad",   "key_hex", "n_words", "hash_rnd",  "jhash2",   "bucket"});
    while (file.Next())
    {
        const FlowKey key = ReadKey(file);
        const uint32_t hash = key.View().Hash(file.GetHex(HASH_RND));
        Compare(report, file, KEY_HEX, HexBytes(key.GetBytes()));
        Compare(report, file, N_WORDS, std::to_string(key.View().identity.GetWords()));
        Compare(report, file, JHASH2, Hex(hash));
        Compare(report, file, BUCKET, std::to_string(hash & BUCKET_MASK));
    }
    report.rows = file.GetRows();
    return report;
}

} // namespace ns3::xfrm::conformance
