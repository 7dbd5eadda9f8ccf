/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-captures.h"

#include "ns3/ipv4-address.h"
#include "ns3/ipv4-header.h"
#include "ns3/packet.h"
#include "ns3/udp-header.h"

#include <fstream>
#include <string_view>

namespace ns3::xfrm::tests
{

namespace
{

constexpr uint64_t NS_PER_S{1'000'000'000};

/// @brief Append a number, least byte first.  @param to where @param nBytes how many bytes
void
Put(Octets& to, uint64_t number, size_t nBytes)
{
    for (size_t i = 0; i < nBytes; ++i)
    {
        to.push_back(static_cast<uint8_t>(number >> (8 * i)));
    }
}

void
Write(const std::string& path, const Octets& bytes)
{
    std::ofstream(path, std::ios::binary)
        << std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

/// @return how much of a frame was captured
size_t
GetKept(const Frame& frame)
{
    return frame.keptBytes == 0 ? frame.bytes.size() : frame.keptBytes;
}

/// @brief Append what was captured of a frame.
void
PutKept(Octets& to, const Frame& frame)
{
    to.insert(to.end(), frame.bytes.begin(), frame.bytes.begin() + GetKept(frame));
}

/// @brief Append a block of pcapng.  @param type its type @param body what it holds
void
PutBlock(Octets& to, uint32_t type, Octets body)
{
    body.resize((body.size() + 3) / 4 * 4); // blocks are of whole words
    const size_t length = body.size() + 12;
    Put(to, type, 4);
    Put(to, length, 4);
    to.insert(to.end(), body.begin(), body.end());
    Put(to, length, 4);
}

} // namespace

Octets
MakeIp(const Datagram& datagram)
{
    const auto packet = Create<Packet>(datagram.payloadBytes);
    UdpHeader udp;
    udp.SetSourcePort(5000);
    udp.SetDestinationPort(datagram.destinationPort);
    packet->AddHeader(udp);
    Ipv4Header ip;
    ip.EnableChecksum();
    ip.SetSource(Ipv4Address(datagram.source.c_str()));
    ip.SetDestination(Ipv4Address(datagram.destination.c_str()));
    ip.SetProtocol(17);
    ip.SetIdentification(datagram.id);
    ip.SetTtl(datagram.ttl);
    ip.SetTos(datagram.tos);
    datagram.isDf ? ip.SetDontFragment() : ip.SetMayFragment();
    ip.SetPayloadSize(static_cast<uint16_t>(packet->GetSize()));
    packet->AddHeader(ip);
    Octets bytes(packet->GetSize());
    packet->CopyData(bytes.data(), packet->GetSize());
    return bytes;
}

Octets
Join(Octets front, const Octets& back)
{
    front.insert(front.end(), back.begin(), back.end());
    return front;
}

Octets
MakeEthernet(const Octets& ip)
{
    return Join(Join(Octets(12), {0x08, 0x00}), ip);
}

void
WritePcap(const std::string& path, FileLink link, const std::vector<Frame>& frames)
{
    Octets file;
    Put(file, 0xa1b23c4d, 4); // times in nanoseconds
    Put(file, 2, 2);          // version 2.4
    Put(file, 4, 2);
    Put(file, 0, 8);
    Put(file, 65535, 4);
    Put(file, static_cast<uint32_t>(link), 4);
    for (const Frame& frame : frames)
    {
        Put(file, frame.seconds, 4);
        Put(file, frame.nanoseconds, 4);
        Put(file, GetKept(frame), 4);
        Put(file, frame.bytes.size(), 4);
        PutKept(file, frame);
    }
    Write(path, file);
}

void
WritePcapng(const std::string& path, FileLink link, const std::vector<Frame>& frames)
{
    Octets section;
    Put(section, 0x1a2b3c4d, 4); // byte order
    Put(section, 1, 2);          // version 1.0
    Put(section, 0, 2);
    Put(section, UINT64_MAX, 8); // of unknown length
    Octets interface;
    Put(interface, static_cast<uint32_t>(link), 2);
    Put(interface, 0, 2);
    Put(interface, 65535, 4);
    interface = Join(interface, {9, 0, 1, 0, 9, 0, 0, 0}); // if_tsresol: 10^-9 s
    Put(interface, 0, 4);                                  // no more options
    Octets file;
    PutBlock(file, 0x0a0d0d0a, section);
    PutBlock(file, 1, interface);
    for (const Frame& frame : frames)
    {
        const uint64_t time = frame.seconds * NS_PER_S + frame.nanoseconds;
        Octets body;
        Put(body, 0, 4); // interface
        Put(body, time >> 32, 4);
        Put(body, time & UINT32_MAX, 4);
        Put(body, GetKept(frame), 4);
        Put(body, frame.bytes.size(), 4);
        PutKept(body, frame);
        PutBlock(file, 6, body);
    }
    Write(path, file);
}

} // namespace ns3::xfrm::tests
