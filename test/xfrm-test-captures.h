/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TEST_CAPTURES_H
#define XFRM_TEST_CAPTURES_H

#include <cstdint>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/// Bytes of a packet or frame.
using Octets = std::vector<uint8_t>;

/// Link types of captures, by the number in a file (https://www.tcpdump.org/linktypes.html).
enum class FileLink : uint32_t
{
    Null = 0,
    Ethernet = 1,
    Ppp = 9,
    PppHdlc = 50,
    Raw = 101,
    Wifi = 105,
    Loop = 108,
    Cooked = 113,
    Ipv4 = 228,
    Cooked2 = 276
};

/// A frame of a capture that a test makes up.
struct Frame
{
    uint32_t seconds{0};     //!< when, since 1970 [s]
    uint32_t nanoseconds{0}; //!< and the rest of it [ns]
    Octets bytes;            //!< the whole frame
    uint32_t keptBytes{0};   //!< how much of it was captured; 0: all [bytes]
};

/// An IPv4 packet with UDP 5000 to 6000 that a test makes up.
struct Datagram
{
    std::string source{"10.1.0.2"};      //!< source address
    std::string destination{"10.2.0.2"}; //!< destination address
    uint16_t payloadBytes{10};           //!< zeros in the datagram [bytes]
    uint16_t id{0};                      //!< identification
    uint8_t ttl{64};                     //!< time to live
    uint8_t tos{0};                      //!< type of service
    bool isDf{false};                    //!< don't fragment
    uint16_t destinationPort{6000};      //!< destination port
};

/// @param datagram what @return its bytes, IP header included, with that one's checksum
Octets MakeIp(const Datagram& datagram);

/// @param front bytes @param back more bytes @return them one behind the other
Octets Join(Octets front, const Octets& back);

/// @param ip an IPv4 packet @return it in Ethernet
Octets MakeEthernet(const Octets& ip);

/**
 * @brief Write a pcap file with times in nanoseconds.
 * @param path the file @param link its link type @param frames its frames
 */
void WritePcap(const std::string& path, FileLink link, const std::vector<Frame>& frames);

/**
 * @brief Write a pcapng file with one interface and times in nanoseconds.
 * @param path the file @param link its link type @param frames its frames
 */
void WritePcapng(const std::string& path, FileLink link, const std::vector<Frame>& frames);

} // namespace ns3::xfrm::tests

#endif // XFRM_TEST_CAPTURES_H
