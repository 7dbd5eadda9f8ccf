/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-flow-decoder.h"
#include "ns3/xfrm-ipsec.h"

#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return the header of a packet 10.1.0.2 -> 10.2.0.2 with TOS 0xff
Ipv4Header
MakeHeader(uint8_t proto)
{
    Ipv4Header header;
    header.SetSource(Ipv4Address("10.1.0.2"));
    header.SetDestination(Ipv4Address("10.2.0.2"));
    header.SetProtocol(proto);
    header.SetTos(0xff);
    return header;
}

/// @return a packet with these bytes
Ptr<Packet>
MakePacket(const std::vector<uint8_t>& bytes)
{
    return Create<Packet>(bytes.data(), bytes.size());
}

/// @return the bytes of a flow's upper-layer word, as a number
uint32_t
GetUpper(const Flow& flow)
{
    const std::array<uint8_t, 4>& bytes = flow.upper.GetBytes();
    return static_cast<uint32_t>(bytes[0]) << 24 | static_cast<uint32_t>(bytes[1]) << 16 |
           static_cast<uint32_t>(bytes[2]) << 8 | bytes[3];
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Fields of packets that were received and of those of this host (R1, R103, R104).
 *
 * A router sees input device 0, the whole type of service, and the output device of the packet's
 * route.  A socket's flow has input device 1, the loopback, and the type of service masked with
 * 0x1c.
 */
class FlowDecoderFieldsTestCase : public TestCase
{
  public:
    FlowDecoderFieldsTestCase()
        : TestCase("a router's flow and a socket's differ in input device and type of service")
    {
    }

  private:
    void DoRun() override
    {
        const Ptr<Packet> packet = MakePacket({0x13, 0x88, 0x17, 0x70}); // 5000, 6000
        const Flow routed = DecodeFlow(MakeHeader(PROTO_UDP), *packet, 3, 0);
        NS_TEST_EXPECT_MSG_EQ(routed.common.oif, 3, "output device");
        NS_TEST_EXPECT_MSG_EQ(routed.common.iif, 0, "input device");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(routed.common.tos), 0xff, "type of service");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(routed.common.proto), PROTO_UDP, "protocol");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(routed.common.scope + routed.common.flags), 0, "others");
        NS_TEST_EXPECT_MSG_EQ(routed.source.GetIpv4(), Ipv4Address("10.1.0.2"), "source");
        NS_TEST_EXPECT_MSG_EQ(routed.destination.GetIpv4(), Ipv4Address("10.2.0.2"), "target");
        NS_TEST_EXPECT_MSG_EQ(routed.GetSourcePort(), 5000, "source port");
        NS_TEST_EXPECT_MSG_EQ(routed.GetDestinationPort(), 6000, "destination port");
        const Flow local = MakeLocalFlow(MakeHeader(PROTO_UDP), *packet, 3, 0);
        NS_TEST_EXPECT_MSG_EQ(local.common.oif, 3, "output device");
        NS_TEST_EXPECT_MSG_EQ(local.common.iif, 1, "input device");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(local.common.tos), 0x1c, "type of service");
        NS_TEST_EXPECT_MSG_EQ(local.GetSourcePort(), 5000, "source port");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Where each protocol has what stands for its ports (R103), and when it is missing.
 *
 * Bytes 01 02 03 ...: ports are the first four, ICMP's type and code the first two, an SPI the
 * first
 * four (ESP), those from 4 on (AH) or the two from 2 on (IPcomp).  A GRE key follows the flags, or
 * the
 * checksum if there is one.  Any fragment, and what is cut short, has 0.
 */
class FlowDecoderUpperTestCase : public TestCase
{
  public:
    FlowDecoderUpperTestCase()
        : TestCase("ports are found by protocol, but not in fragments or packets cut short")
    {
    }

  private:
    void DoRun() override
    {
        struct Row
        {
            uint8_t proto;
            uint32_t upper; // destination first for ports
            uint32_t needed;
        };

        const std::vector<Row> rows{{PROTO_UDP, 0x03040102, 4},
                                    {PROTO_TCP, 0x03040102, 4},
                                    {PROTO_UDPLITE, 0x03040102, 4},
                                    {PROTO_SCTP, 0x03040102, 4},
                                    {PROTO_DCCP, 0x03040102, 4},
                                    {PROTO_ICMP, 0x01020000, 2},
                                    {PROTO_ESP, 0x01020304, 4},
                                    {PROTO_AH, 0x05060708, 8},
                                    {PROTO_COMP, 0x00000304, 4},
                                    {99, 0, 0}};
        const std::vector<uint8_t> bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        for (const Row& row : rows)
        {
            const std::string name = "protocol " + std::to_string(row.proto);
            Ipv4Header header = MakeHeader(row.proto);
            NS_TEST_EXPECT_MSG_EQ(GetUpper(DecodeFlow(header, *MakePacket(bytes), 0, 0)),
                                  row.upper,
                                  name);
            if (row.needed > 0)
            {
                const std::vector<uint8_t> cut(bytes.begin(), bytes.begin() + row.needed - 1);
                NS_TEST_EXPECT_MSG_EQ(GetUpper(DecodeFlow(header, *MakePacket(cut), 0, 0)),
                                      0,
                                      name << ", cut short");
            }
            header.SetMoreFragments();
            NS_TEST_EXPECT_MSG_EQ(GetUpper(DecodeFlow(header, *MakePacket(bytes), 0, 0)),
                                  0,
                                  name << ", first fragment");
            header.SetLastFragment();
            header.SetFragmentOffset(8);
            NS_TEST_EXPECT_MSG_EQ(GetUpper(DecodeFlow(header, *MakePacket(bytes), 0, 0)),
                                  0,
                                  name << ", last fragment");
        }
        const auto decodeGre = [&](const std::vector<uint8_t>& gre) {
            return GetUpper(DecodeFlow(MakeHeader(PROTO_GRE), *MakePacket(gre), 0, 0));
        };
        NS_TEST_EXPECT_MSG_EQ(decodeGre({0x20, 0, 8, 0, 1, 2, 3, 4}), 0x01020304, "GRE key");
        NS_TEST_EXPECT_MSG_EQ(decodeGre({0xa0, 0, 8, 0, 9, 9, 9, 9, 1, 2, 3, 4}),
                              0x01020304,
                              "GRE key behind a checksum");
        NS_TEST_EXPECT_MSG_EQ(decodeGre({0, 0, 8, 0, 1, 2, 3, 4}), 0, "GRE without key");
        NS_TEST_EXPECT_MSG_EQ(decodeGre({0x20, 0, 8, 0, 1, 2, 3}), 0, "GRE cut short");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of DecodeFlow() and MakeLocalFlow().
 */
class FlowDecoderTestSuite : public TestSuite
{
  public:
    FlowDecoderTestSuite()
        : TestSuite("xfrm-flow-decoder", UNIT)
    {
        AddTestCase(new FlowDecoderFieldsTestCase, TestCase::QUICK);
        AddTestCase(new FlowDecoderUpperTestCase, TestCase::QUICK);
    }
};

static FlowDecoderTestSuite g_flowDecoderTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
