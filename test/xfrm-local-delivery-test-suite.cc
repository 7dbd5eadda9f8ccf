/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-wire.h"

#include "ns3/inet-socket-address.h"
#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/xfrm-helper.h"

#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// Open the port of a key manager on both gateways.
void
OpenPorts(WireLine& wire, EncapType type)
{
    for (const uint32_t node : {1, 2})
    {
        wire.GetRouting(node)->SetUdpEncap(4500, type);
    }
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief A datagram that came in fragments is checked whole (section 1, R103, R260, C29): B blocks
 * port 6000, which no fragment shows.
 */
class FragmentsCheckedWholeTestCase : public TestCase
{
  public:
    FragmentsCheckedWholeTestCase()
        : TestCase("a datagram that came in fragments is checked whole")
    {
    }

  private:
    void DoRun() override
    {
        WireLine wire({.states = WIRE_GCM, .templates = WIRE_TUNNEL});
        XfrmHelper::Configure(wire.line.nodes.Get(2),
                              "policy add src 10.9.0.1 dst 10.9.0.2 proto udp dport 6000 dir in "
                              "action block");
        const Ptr<Socket> receiver =
            Socket::CreateSocket(wire.line.nodes.Get(2), UdpSocketFactory::GetTypeId());
        receiver->Bind(InetSocketAddress(Ipv4Address::GetAny(), 6001));
        const Ptr<Socket> sender =
            Socket::CreateSocket(wire.line.nodes.Get(1), UdpSocketFactory::GetTypeId());
        for (const uint16_t port : {6000, 6001})
        {
            Simulator::Schedule(Seconds(1), [sender, port] {
                sender->SendTo(Create<Packet>(3000), 0, InetSocketAddress("10.9.0.2", port));
            });
        }
        Simulator::Stop(Seconds(2));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(wire.sent.size(), 6, "three fragments each");
        NS_TEST_EXPECT_MSG_EQ(wire.GetCounters(2), "XfrmInPolBlock=1", "one datagram, once");
        NS_TEST_EXPECT_MSG_EQ(receiver->GetRxAvailable(), 3000, "the other one arrived");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief ESP in UDP, with and without the old marker (R230, R236, R241, R247).
 *
 * 100 bytes of payload make an inner packet of 128, ciphertext 132, and 20 + 8 + 8 + 8 + 132 + 16 =
 * 192; with the marker of 8 bytes 200.  UDP has ports 4500, the length behind the IP header, and no
 * checksum.
 */
class UdpEncapTestCase : public TestCase
{
  public:
    /// @param type "espinudp" or "espinudp-nonike" @param encap the same
    /// @param length what goes over the wire [bytes]
    UdpEncapTestCase(const std::string& type, EncapType encap, uint32_t length)
        : TestCase("ESP goes in UDP: " + type),
          m_type(type),
          m_encap(encap),
          m_length(length)
    {
    }

  private:
    void DoRun() override
    {
        WireLine wire({.states = WIRE_GCM + " encap " + m_type + " 4500 4500 0.0.0.0",
                       .templates = WIRE_TUNNEL});
        OpenPorts(wire, m_encap);
        wire.SendUdp({100, 3000});
        NS_TEST_ASSERT_MSG_GT(wire.sent.size(), 1, "something is sent");
        const WireLine::Sent& first = wire.sent.front();
        NS_TEST_EXPECT_MSG_EQ(first.bytes.size(), m_length, "length");
        NS_TEST_EXPECT_MSG_EQ(int(first.GetProtocol()), int(PROTO_UDP), "protocol");
        NS_TEST_EXPECT_MSG_EQ(first.Get16(20), 4500, "source port");
        NS_TEST_EXPECT_MSG_EQ(first.Get16(22), 4500, "destination port");
        NS_TEST_EXPECT_MSG_EQ(first.Get16(24), m_length - 20, "UDP length");
        NS_TEST_EXPECT_MSG_EQ(first.Get16(26), 0, "no checksum");
        NS_TEST_EXPECT_MSG_EQ((wire.received == std::vector<uint32_t>{100, 3000}), true, "arrive");
    }

    std::string m_type; //!< how ESP hides
    EncapType m_encap;  //!< the same
    uint32_t m_length;  //!< what goes over the wire [bytes]
};

/**
 * @ingroup xfrm-tests
 * @brief What is no ESP on the port of a key manager (R241): a byte 0xff is swallowed, four zero
 * bytes in front are its own, as are eight bytes or less.
 */
class KeyManagerPortTestCase : public TestCase
{
  public:
    KeyManagerPortTestCase()
        : TestCase("a key manager gets what is no ESP on its port")
    {
    }

  private:
    void DoRun() override
    {
        WireLine wire({.states = WIRE_GCM, .templates = WIRE_TUNNEL});
        OpenPorts(wire, EncapType::EspInUdp);
        const Ptr<Socket> receiver =
            Socket::CreateSocket(wire.line.nodes.Get(2), UdpSocketFactory::GetTypeId());
        receiver->Bind(InetSocketAddress(Ipv4Address::GetAny(), 4500));
        const Ptr<Socket> sender =
            Socket::CreateSocket(wire.line.nodes.Get(1), UdpSocketFactory::GetTypeId());
        const std::vector<std::vector<uint8_t>> payloads{
            {0xff},                                     // keepalive
            {0xff, 0xff},                               // short
            {0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8},       // marked as the key manager's
            {9, 9, 9, 9, 1, 2, 3, 4},                   // too short for ESP
            {9, 9, 9, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10} // ESP of no state
        };
        Simulator::Schedule(Seconds(1), [&] {
            for (const auto& payload : payloads)
            {
                sender->SendTo(Create<Packet>(payload.data(), payload.size()),
                               0,
                               InetSocketAddress("10.9.0.2", 4500));
            }
        });
        Simulator::Stop(Seconds(2));
        Simulator::Run();
        std::vector<uint32_t> sizes;
        while (const Ptr<Packet> packet = receiver->Recv())
        {
            sizes.push_back(packet->GetSize());
        }
        NS_TEST_EXPECT_MSG_EQ((sizes == std::vector<uint32_t>{2, 12, 8}), true, "its own");
        NS_TEST_EXPECT_MSG_EQ(wire.GetCounters(2), "XfrmInNoStates=1", "the last one");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A peer whose port is another than its state says is told of, and let in (R248).
 */
class MappingTestCase : public TestCase
{
  public:
    MappingTestCase()
        : TestCase("key managers are told when a peer moves behind its NAT")
    {
    }

  private:
    void DoRun() override
    {
        WireLine wire(
            {.states = WIRE_GCM + " encap espinudp 4500 4500 0.0.0.0", .templates = WIRE_TUNNEL});
        OpenPorts(wire, EncapType::EspInUdp);
        XfrmHelper::Configure(wire.line.nodes.Get(2),
                              "state update src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1001 reqid 1 "
                              "mode tunnel " +
                                  WIRE_GCM.substr(std::string("proto esp ").size()) +
                                  " encap espinudp 4501 4500 0.0.0.0");
        std::vector<uint16_t> ports;
        wire.GetRouting(2)->m_mappingTrace.ConnectWithoutContext(
            Callback<void, Ptr<const State>, Ipv4Address, uint16_t>(
                [&](const Ptr<const State>&, Ipv4Address, uint16_t port) {
                    ports.push_back(port);
                }));
        wire.SendUdp({100});
        NS_TEST_EXPECT_MSG_EQ((ports == std::vector<uint16_t>{4500}), true, "where it is now");
        NS_TEST_EXPECT_MSG_EQ(wire.received.size(), 1, "let in");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A state that hides in UDP takes no plain ESP, and the other way round (R247).
 */
class EncapMismatchTestCase : public TestCase
{
  public:
    EncapMismatchTestCase()
        : TestCase("a state in UDP takes no ESP without it")
    {
    }

  private:
    void DoRun() override
    {
        WireLine wire({.states = WIRE_GCM, .templates = WIRE_TUNNEL});
        XfrmHelper::Configure(wire.line.nodes.Get(2),
                              "state delete dst 10.9.0.2 proto esp spi 0x1001\n"
                              "state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 0x1001 reqid 1 "
                              "mode tunnel " +
                                  WIRE_GCM.substr(std::string("proto esp ").size()) +
                                  " encap espinudp 4500 4500 0.0.0.0");
        wire.SendUdp({100});
        NS_TEST_EXPECT_MSG_EQ(wire.GetCounters(2), "XfrmInStateMismatch=1", "its counter");
        NS_TEST_EXPECT_MSG_EQ(wire.received.size(), 0, "stays out");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of what is delivered to hosts: fragments, and ESP in UDP.
 */
class LocalDeliveryTestSuite : public TestSuite
{
  public:
    LocalDeliveryTestSuite()
        : TestSuite("xfrm-local-delivery", SYSTEM)
    {
        AddTestCase(new FragmentsCheckedWholeTestCase(), QUICK);
        AddTestCase(new UdpEncapTestCase("espinudp", EncapType::EspInUdp, 192), QUICK);
        AddTestCase(new UdpEncapTestCase("espinudp-nonike", EncapType::EspInUdpNonIke, 200), QUICK);
        AddTestCase(new KeyManagerPortTestCase(), QUICK);
        AddTestCase(new MappingTestCase(), QUICK);
        AddTestCase(new EncapMismatchTestCase(), QUICK);
    }
};

const LocalDeliveryTestSuite g_localDeliveryTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
