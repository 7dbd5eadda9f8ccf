/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-ipsec.h"
#include "ns3/xfrm-selector.h"

#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return a UDP flow 10.1.0.2:5000 -> 10.2.0.2:6000 that leaves by device 3
Flow
MakeUdpFlow()
{
    Flow flow;
    flow.common.proto = PROTO_UDP;
    flow.common.oif = 3;
    flow.source = Ipv4Address("10.1.0.2");
    flow.destination = Ipv4Address("10.2.0.2");
    flow.upper = UpperLayer::Ports(5000, 6000);
    return flow;
}

/// @return a selector of exactly that flow, all fields set
Selector
MakeUdpSelector()
{
    Selector selector;
    selector.source = Ipv4Address("10.1.0.2");
    selector.sourcePrefix = 32;
    selector.destination = Ipv4Address("10.2.0.2");
    selector.destinationPrefix = 32;
    selector.sourcePort = 5000;
    selector.sourcePortMask = 0xffff;
    selector.destinationPort = 6000;
    selector.destinationPortMask = 0xffff;
    selector.proto = PROTO_UDP;
    selector.ifindex = 3;
    return selector;
}

/// One change to the exact selector, and whether it still takes the flow.
struct Variation
{
    std::string name;          //!< what is changed
    void (*change)(Selector&); //!< changes it
    bool isTaken;              //!< whether the flow matches then
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Each field of a selector must fit, and each wildcard takes anything (R100, R101).
 *
 * 10.2.0.2 and 10.2.0.3 share their first 31 bits.  Port 6000 = 0x1770 and 0x1700 share the high
 * byte.  The output device decides, never the input device.  family is not looked at.
 */
class SelectorFieldsTestCase : public TestCase
{
  public:
    SelectorFieldsTestCase()
        : TestCase("a selector takes a flow only if every field fits")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<Variation> variations{
            {"nothing", [](Selector&) {}, true},
            {"destination", [](Selector& s) { s.destination = Ipv4Address("10.2.0.3"); }, false},
            {"source", [](Selector& s) { s.source = Ipv4Address("10.1.0.3"); }, false},
            {"31 bits of another destination",
             [](Selector& s) {
                 s.destination = Ipv4Address("10.2.0.3");
                 s.destinationPrefix = 31;
             },
             true},
            {"no bits of another source",
             [](Selector& s) {
                 s.source = Ipv4Address("192.0.2.1");
                 s.sourcePrefix = 0;
             },
             true},
            {"destination port", [](Selector& s) { s.destinationPort = 6001; }, false},
            {"source port", [](Selector& s) { s.sourcePort = 5001; }, false},
            {"high byte of the destination port",
             [](Selector& s) {
                 s.destinationPort = 0x1700;
                 s.destinationPortMask = 0xff00;
             },
             true},
            {"a source port of which no bit counts",
             [](Selector& s) {
                 s.sourcePort = 1;
                 s.sourcePortMask = 0;
             },
             true},
            {"no source port",
             [](Selector& s) {
                 s.sourcePort = 0;
                 s.sourcePortMask = 0;
             },
             true},
            {"protocol", [](Selector& s) { s.proto = PROTO_TCP; }, false},
            {"any protocol, ports still compared",
             [](Selector& s) {
                 s.proto = 0;
                 s.destinationPort = 6001;
             },
             false},
            {"any protocol", [](Selector& s) { s.proto = 0; }, true},
            {"device", [](Selector& s) { s.ifindex = 4; }, false},
            {"any device", [](Selector& s) { s.ifindex = 0; }, true},
            {"family", [](Selector& s) { s.family = 10; }, true},
            {"user", [](Selector& s) { s.user = 1000; }, true},
        };
        for (const Variation& variation : variations)
        {
            Selector selector = MakeUdpSelector();
            variation.change(selector);
            NS_TEST_EXPECT_MSG_EQ(selector.Matches(MakeUdpFlow(), Family::Ipv4),
                                  variation.isTaken,
                                  "changed: " << variation.name);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What stands for the ports, by protocol (R102).
 *
 * The word's bytes are 0x12 0x34 0x56 0x78.  Ports have the destination first; ICMP has type and
 * code in the first two bytes; a mobility header only a type; a GRE key is 0x12345678.
 */
class SelectorPortsTestCase : public TestCase
{
  public:
    SelectorPortsTestCase()
        : TestCase("each protocol has its own stand-in for the ports")
    {
    }

  private:
    void DoRun() override
    {
        struct Row
        {
            uint8_t proto;
            uint16_t source;
            uint16_t destination;
        };

        const std::vector<Row> rows{{PROTO_TCP, 0x5678, 0x1234},
                                    {PROTO_UDP, 0x5678, 0x1234},
                                    {PROTO_UDPLITE, 0x5678, 0x1234},
                                    {PROTO_SCTP, 0x5678, 0x1234},
                                    {PROTO_ICMP, 0x12, 0x34},
                                    {PROTO_ICMPV6, 0x12, 0x34},
                                    {PROTO_MH, 0x12, 0},
                                    {PROTO_GRE, 0x1234, 0x5678},
                                    {PROTO_DCCP, 0, 0},
                                    {PROTO_ESP, 0, 0},
                                    {PROTO_AH, 0, 0},
                                    {0, 0, 0}};
        for (const Row& row : rows)
        {
            Flow flow;
            flow.common.proto = row.proto;
            flow.upper = UpperLayer::Spi(0x12345678);
            NS_TEST_EXPECT_MSG_EQ(flow.GetSourcePort(),
                                  row.source,
                                  "source, protocol " << uint32_t(row.proto));
            NS_TEST_EXPECT_MSG_EQ(flow.GetDestinationPort(),
                                  row.destination,
                                  "destination, protocol " << uint32_t(row.proto));
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief IPv6 prefixes of any length, also across words; other families match nothing (R101).
 */
class SelectorFamilyTestCase : public TestCase
{
  public:
    SelectorFamilyTestCase()
        : TestCase("an IPv6 prefix may end within any word, and other families match nothing")
    {
    }

  private:
    void DoRun() override
    {
        Flow flow;
        flow.family = Family::Ipv6;
        flow.source = Ipv6Address("2001:db8::1");
        flow.destination = Ipv6Address("2001:db8:1:2:8000::2");
        Selector selector;
        selector.destination = Ipv6Address("2001:db8:1:2:c000::9");
        const std::vector<std::pair<uint8_t, bool>> rows{{0, true},
                                                         {32, true},
                                                         {64, true},
                                                         {65, true},
                                                         {66, false},
                                                         {128, false}};
        for (const auto& [prefix, isTaken] : rows)
        {
            selector.destinationPrefix = prefix;
            NS_TEST_EXPECT_MSG_EQ(selector.Matches(flow, Family::Ipv6),
                                  isTaken,
                                  "/" << uint32_t(prefix));
        }
        NS_TEST_EXPECT_MSG_EQ(Selector().Matches(flow, Family::Decnet), false, "DECnet");
        NS_TEST_EXPECT_MSG_EQ(flow.destination.GetIpv6(),
                              Ipv6Address("2001:db8:1:2:8000::2"),
                              "the address survives");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of Selector and Flow.
 */
class SelectorTestSuite : public TestSuite
{
  public:
    SelectorTestSuite()
        : TestSuite("xfrm-selector", UNIT)
    {
        AddTestCase(new SelectorFieldsTestCase, TestCase::QUICK);
        AddTestCase(new SelectorPortsTestCase, TestCase::QUICK);
        AddTestCase(new SelectorFamilyTestCase, TestCase::QUICK);
    }
};

static SelectorTestSuite g_selectorTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
