/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-ipsec.h"
#include "ns3/xfrm-rss.h"

#include <stdexcept>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// A line of Microsoft's "Verifying the RSS Hash Calculation".
struct Vector
{
    std::string destination;  //!< destination address
    uint16_t destinationPort; //!< destination port
    std::string source;       //!< source address
    uint16_t sourcePort;      //!< source port
    uint32_t addresses;       //!< hash of the addresses
    uint32_t withPorts;       //!< hash of addresses and TCP ports
};

/// @return a TCP packet of a vector
template <typename Ip>
RssPacket
MakePacket(const Vector& vector, Family family)
{
    RssPacket packet;
    packet.family = family;
    packet.source = Ip(vector.source.c_str());
    packet.destination = Ip(vector.destination.c_str());
    packet.proto = PROTO_TCP;
    packet.sourcePort = vector.sourcePort;
    packet.destinationPort = vector.destinationPort;
    return packet;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief The published vectors of the Toeplitz hash, with the sample key.
 */
class RssVectorsTestCase : public TestCase
{
  public:
    RssVectorsTestCase()
        : TestCase("the hash has Microsoft's published values")
    {
    }

  private:
    void Check(const RssPacket& packet, const Vector& vector)
    {
        const Rss rss({.nQueues = 4});
        NS_TEST_EXPECT_MSG_EQ(rss.Hash(packet), vector.withPorts, vector.source << ", TCP");
        RssPacket other = packet;
        other.isFragment = true;
        NS_TEST_EXPECT_MSG_EQ(rss.Hash(other), vector.addresses, vector.source << ", fragment");
        other.isFragment = false;
        other.proto = PROTO_ICMP;
        NS_TEST_EXPECT_MSG_EQ(rss.Hash(other), vector.addresses, vector.source << ", no ports");
        NS_TEST_EXPECT_MSG_EQ(rss.GetQueue(packet), vector.withPorts % 128 % 4, "queue");
    }

    void DoRun() override
    {
        const std::vector<Vector> four{
            {"161.142.100.80", 1766, "66.9.149.187", 2794, 0x323e8fc2, 0x51ccc178},
            {"65.69.140.83", 4739, "199.92.111.2", 14230, 0xd718262a, 0xc626b0ea},
            {"12.22.207.184", 38024, "24.19.198.95", 12898, 0xd2d0a5de, 0x5c2b394a},
            {"209.142.163.6", 2217, "38.27.205.30", 48228, 0x82989176, 0xafc7327f},
            {"202.188.127.2", 1303, "153.39.163.191", 44251, 0x5d1809c5, 0x10e828a2}};
        for (const Vector& vector : four)
        {
            Check(MakePacket<Ipv4Address>(vector, Family::Ipv4), vector);
        }
        const std::vector<Vector> six{
            {"3ffe:2501:200:3::1", 1766, "3ffe:2501:200:1fff::7", 2794, 0x2cc18cd5, 0x40207d3d},
            {"ff02::1", 4739, "3ffe:501:8::260:97ff:fe40:efab", 14230, 0x0f0c461c, 0xdde51bbf},
            {"fe80::200:f8ff:fe21:67cf",
             38024,
             "3ffe:1900:4545:3:200:f8ff:fe21:67cf",
             44251,
             0x4b61e985,
             0x02d1feef}};
        for (const Vector& vector : six)
        {
            Check(MakePacket<Ipv6Address>(vector, Family::Ipv6), vector);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What of a packet is hashed: ports of UDP and the SPI of ESP only if asked for.
 */
class RssFieldsTestCase : public TestCase
{
  public:
    RssFieldsTestCase()
        : TestCase("UDP ports and SPIs spread packets only where that is set")
    {
    }

  private:
    static uint32_t Hash(const Rss::Config& config, uint8_t proto, uint16_t port, uint32_t spi)
    {
        RssPacket packet;
        packet.source = Ipv4Address("10.9.0.1");
        packet.destination = Ipv4Address("10.9.0.2");
        packet.proto = proto;
        packet.sourcePort = port;
        packet.spi = spi;
        return Rss(config).Hash(packet);
    }

    void DoRun() override
    {
        const Rss::Config addressesOnly{.usesUdpPorts = false, .usesSpi = false};
        const Rss::Config all{.usesUdpPorts = true, .usesSpi = true};
        NS_TEST_EXPECT_MSG_EQ(Hash(addressesOnly, PROTO_UDP, 1, 0),
                              Hash(addressesOnly, PROTO_UDP, 2, 0),
                              "UDP ports not asked for");
        NS_TEST_EXPECT_MSG_NE(Hash(all, PROTO_UDP, 1, 0), Hash(all, PROTO_UDP, 2, 0), "asked for");
        NS_TEST_EXPECT_MSG_EQ(Hash(addressesOnly, PROTO_ESP, 0, 1),
                              Hash(addressesOnly, PROTO_ESP, 0, 2),
                              "SPI not asked for");
        NS_TEST_EXPECT_MSG_NE(Hash(all, PROTO_ESP, 0, 1), Hash(all, PROTO_ESP, 0, 2), "asked for");
        NS_TEST_EXPECT_MSG_NE(Hash(all, PROTO_AH, 0, 1), Hash(all, PROTO_AH, 0, 2), "AH, too");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tables: the default takes the queues in turn; a given one is obeyed, and a wrong one
 * refused.
 */
class RssTableTestCase : public TestCase
{
  public:
    RssTableTestCase()
        : TestCase("the indirection table decides, and must name queues that are there")
    {
    }

  private:
    void ExpectRefused(const Rss::Config& config, const std::string& message)
    {
        std::string got;
        try
        {
            const Rss rss(config);
        }
        catch (const std::invalid_argument& error)
        {
            got = error.what();
        }
        NS_TEST_EXPECT_MSG_EQ(got, message, "refused");
    }

    void DoRun() override
    {
        const Rss rss({.nQueues = 4, .table = {3, 3}});
        for (uint16_t port = 0; port < 8; ++port)
        {
            RssPacket packet;
            packet.proto = PROTO_TCP;
            packet.sourcePort = port;
            NS_TEST_EXPECT_MSG_EQ(rss.GetQueue(packet), 3, "all to queue 3");
        }
        ExpectRefused({.nQueues = 0}, "RSS with 0 queues: must be 1 or more");
        ExpectRefused({.nQueues = 4, .table = {0, 1, 2}},
                      "RSS indirection table of 3 entries: must be a power of two");
        ExpectRefused({.nQueues = 4, .table = {0, 4}},
                      "RSS indirection table entry 1 names queue 4: must be 0 to 3");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of Rss.
 */
class RssTestSuite : public TestSuite
{
  public:
    RssTestSuite()
        : TestSuite("xfrm-rss", UNIT)
    {
        AddTestCase(new RssVectorsTestCase, TestCase::QUICK);
        AddTestCase(new RssFieldsTestCase, TestCase::QUICK);
        AddTestCase(new RssTableTestCase, TestCase::QUICK);
    }
};

static RssTestSuite g_rssTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
