/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-wire.h"

#include "ns3/boolean.h"
#include "ns3/icmpv4.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"
#include "ns3/xfrm-esp-headers.h"
#include "ns3/xfrm-helper.h"
#include "ns3/xfrm-icmp-error.h"

#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

const std::string TRANSPORT{"proto esp reqid 1 mode transport"};

/// ICMP errors that arrive at a node.
class IcmpErrors
{
  public:
    /// @param node the node
    explicit IcmpErrors(const Ptr<Node>& node)
    {
        node->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "LocalDeliver",
            MakeCallback(&IcmpErrors::Note, this));
    }

    /// An error, with the header that it came with.
    struct Arrived
    {
        Ipv4Header header;  //!< its IP header
        uint32_t length{0}; //!< its length, IP header included [bytes]
        IcmpError error;    //!< what it says
    };

    std::vector<Arrived> arrived; //!< those that arrived

  private:
    void Note(const Ipv4Header& header, Ptr<const Packet> packet, uint32_t /*interface*/)
    {
        if (header.GetProtocol() == PROTO_ICMP && IsIcmpError(*packet))
        {
            const auto error = ReadIcmpError(*packet);
            arrived.push_back({header, header.GetSerializedSize() + packet->GetSize(), *error});
        }
    }
};

/// Let a socket always set DF.
void
SetDontFragment(Ptr<Socket> socket)
{
    socket->SetAttribute("MtuDiscover", BooleanValue(true));
}

/// @return an ESP packet of A to B as a router quotes it, in "fragmentation needed"
Ptr<Packet>
MakeAnswer(uint32_t spi, uint32_t mtu)
{
    Ipv4Header esp;
    esp.SetSource("10.9.0.1");
    esp.SetDestination("10.9.0.2");
    esp.SetProtocol(PROTO_ESP);
    esp.SetTtl(64);
    esp.SetPayloadSize(1480);
    const Ptr<Packet> quoted = Create<Packet>(1472);
    quoted->AddHeader(XfrmEspHeader(spi, 1, 0));
    const Ptr<Packet> message = MakeFragNeeded(*quoted, esp, mtu, 1500);
    Ipv4Header header;
    header.SetSource("10.9.0.2");
    header.SetDestination("10.9.0.1");
    header.SetProtocol(PROTO_ICMP);
    header.SetTtl(64);
    header.SetPayloadSize(static_cast<uint16_t>(message->GetSize()));
    message->AddHeader(header);
    return message;
}

/// Have A receive a packet from the link to B.
void
ReceiveAtA(WireLine& wire, const Ptr<Packet>& packet)
{
    const Ptr<Node> a = wire.line.nodes.Get(1);
    a->GetObject<Ipv4L3Protocol>()->Receive(a->GetObject<Ipv4>()->GetNetDevice(2),
                                            packet,
                                            Ipv4L3Protocol::PROT_NUMBER,
                                            Address(),
                                            Address(),
                                            NetDevice::PACKET_HOST);
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief A packet with DF that passes the device, 1500, but not the chain, 1446 (R219, R222, R272,
 * R278): H is told 1446 by an ICMP packet of 576 bytes and type of service 0xc0.
 */
class ChainMtuToldTestCase : public TestCase
{
  public:
    ChainMtuToldTestCase()
        : TestCase("a source is told what the chain takes")
    {
    }

  private:
    void DoRun() override
    {
        WireLine wire({.states = WIRE_GCM, .templates = WIRE_TUNNEL});
        const IcmpErrors errors(wire.line.nodes.Get(0));
        wire.SendUdp({1472}, SetDontFragment);
        NS_TEST_ASSERT_MSG_EQ(errors.arrived.size(), 1, "one answer");
        const IcmpErrors::Arrived& answer = errors.arrived.front();
        NS_TEST_EXPECT_MSG_EQ(answer.error.IsFragNeeded(), true, "fragmentation needed");
        NS_TEST_EXPECT_MSG_EQ(answer.error.mtu, 1446, "what the chain takes");
        NS_TEST_EXPECT_MSG_EQ(answer.length, 576, "as much as fits");
        NS_TEST_EXPECT_MSG_EQ(int(answer.header.GetTos()), 0xc0, "internetwork control");
        NS_TEST_EXPECT_MSG_EQ(answer.error.header.GetDestination(), Line::K, "what is quoted");
        NS_TEST_EXPECT_MSG_EQ(wire.GetCounters(1), "XfrmOutStateModeError=1", "its counter");
        NS_TEST_EXPECT_MSG_EQ(wire.sent.size(), 0, "nothing leaves");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What H learned holds for its next packets (R77, R204): with 1446 known, a second datagram
 * of 1472 bytes with DF is refused at H itself.
 */
class LearnedBySourceTestCase : public TestCase
{
  public:
    LearnedBySourceTestCase()
        : TestCase("a source that learned a path MTU refuses larger packets itself")
    {
    }

  private:
    void DoRun() override
    {
        WireLine wire({.states = WIRE_GCM, .templates = WIRE_TUNNEL});
        std::vector<std::string> verdicts;
        wire.GetRouting(0)->m_verdictTrace.ConnectWithoutContext(
            Callback<void, Ptr<const Packet>, const Ipv4Header&, const std::string&>(
                [&](const Ptr<const Packet>&, const Ipv4Header&, const std::string& verdict) {
                    verdicts.push_back(verdict);
                }));
        wire.SendUdp({1472, 100, 100, 1472, 1418}, SetDontFragment);
        const std::vector<std::string> expected{"ok", "ok", "ok", "EMSGSIZE", "ok"};
        NS_TEST_EXPECT_MSG_EQ((verdicts == expected), true, "answered after 2 ms and some");
        NS_TEST_EXPECT_MSG_EQ((wire.received == std::vector<uint32_t>{100, 100, 1418}),
                              true,
                              "what fits arrives");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A path MTU that is reported for our own ESP packets (R275, R78): chains follow, if the
 * quoted SPI is that of a state; less than 552 counts as 552, and after 600 s it is forgotten.
 *
 * With 1400 the chain takes 1400 - 36 - 16 rounded down to 4, less 2: 1346.  With 552 it takes 498.
 */
class ReportedForEspTestCase : public TestCase
{
  public:
    /// @param name what is expected @param spi SPI quoted @param mtu MTU reported
    /// @param after when H sends after the report [s] @param chainMtu what it is told then
    ReportedForEspTestCase(const std::string& name,
                           uint32_t spi,
                           uint32_t mtu,
                           int64_t after,
                           uint16_t chainMtu)
        : TestCase("a path MTU reported for ESP packets " + name),
          m_spi(spi),
          m_mtu(mtu),
          m_after(after),
          m_chainMtu(chainMtu)
    {
    }

  private:
    void DoRun() override
    {
        WireLine wire({.states = WIRE_GCM, .templates = WIRE_TUNNEL});
        const IcmpErrors errors(wire.line.nodes.Get(0));
        Simulator::Schedule(MilliSeconds(1), [&] { ReceiveAtA(wire, MakeAnswer(m_spi, m_mtu)); });
        const Ptr<Socket> sender =
            Socket::CreateSocket(wire.line.nodes.Get(0), UdpSocketFactory::GetTypeId());
        SetDontFragment(sender);
        Simulator::Schedule(Seconds(m_after), [sender] {
            sender->SendTo(Create<Packet>(1472), 0, InetSocketAddress(Line::K, 6000));
        });
        Simulator::Stop(Seconds(m_after + 1));
        Simulator::Run();
        NS_TEST_ASSERT_MSG_EQ(errors.arrived.size(), 1, "H is told");
        NS_TEST_EXPECT_MSG_EQ(errors.arrived.front().error.mtu, m_chainMtu, "what the chain takes");
    }

    uint32_t m_spi;      //!< SPI quoted
    uint32_t m_mtu;      //!< MTU reported [bytes]
    int64_t m_after;     //!< when H sends after the report [s]
    uint16_t m_chainMtu; //!< what H is told then [bytes]
};

/**
 * @ingroup xfrm-tests
 * @brief An ICMP error of A about a packet of K goes by the policy for the packets that it answers,
 * if that has flag icmp (R276).
 *
 * K's packet has TTL 2, which ends at A, behind the tunnel.  A answers from 10.9.0.1, for which
 * there is no policy; reversed, the quoted packet goes from H to K, for which there is one.
 */
class AnswerByPolicyTestCase : public TestCase
{
  public:
    /// @param hasFlag the policy has flag icmp
    explicit AnswerByPolicyTestCase(bool hasFlag)
        : TestCase(hasFlag ? "an ICMP error goes by a policy with flag icmp"
                           : "an ICMP error does not go by a policy without flag icmp"),
          m_hasFlag(hasFlag)
    {
    }

  private:
    void DoRun() override
    {
        WireLine wire({.states = WIRE_GCM, .templates = WIRE_TUNNEL});
        if (m_hasFlag)
        {
            XfrmHelper::Configure(wire.line.nodes.Get(1),
                                  "policy update src 10.1.0.0/24 dst 10.2.0.0/24 dir out flag icmp "
                                  "tmpl src 10.9.0.1 dst 10.9.0.2 " +
                                      WIRE_TUNNEL);
        }
        const Ptr<Socket> sender =
            Socket::CreateSocket(wire.line.nodes.Get(3), UdpSocketFactory::GetTypeId());
        sender->SetIpTtl(2);
        Simulator::Schedule(Seconds(1), [sender] {
            sender->SendTo(Create<Packet>(100), 0, InetSocketAddress(Line::H, 6000));
        });
        Simulator::Stop(Seconds(2));
        Simulator::Run();
        NS_TEST_ASSERT_MSG_EQ(wire.sent.size(), 1, "A answers");
        NS_TEST_EXPECT_MSG_EQ(int(wire.sent.front().GetProtocol()),
                              int(m_hasFlag ? PROTO_ESP : PROTO_ICMP),
                              "how");
    }

    bool m_hasFlag; //!< the policy has flag icmp
};

/**
 * @ingroup xfrm-tests
 * @brief An ICMP error that a policy refuses is let in for the packet that it answers, if its state
 * has flag icmp (R269).
 *
 * A's datagram finds no socket on B.  B's answer goes by the policy of the datagram (R276).  A
 * blocks ICMP, which counts, but the policy of UDP from B to A accepts what protects it.
 */
class AnswerLetInTestCase : public TestCase
{
  public:
    /// @param hasFlag the states have flag icmp
    explicit AnswerLetInTestCase(bool hasFlag)
        : TestCase(hasFlag ? "an ICMP error is let in by the policy of what it answers"
                           : "an ICMP error without flag icmp of its state stays out"),
          m_hasFlag(hasFlag)
    {
    }

  private:
    void DoRun() override
    {
        WireLine wire({.states = WIRE_GCM + (m_hasFlag ? " flag icmp" : ""),
                       .templates = TRANSPORT,
                       .isTunnel = false});
        XfrmHelper::Configure(
            wire.line.nodes.Get(1),
            "policy add src 10.9.0.2 dst 10.9.0.1 proto icmp dir in action block");
        XfrmHelper::Configure(wire.line.nodes.Get(2),
                              "policy update src 10.9.0.2 dst 10.9.0.1 proto udp dir out flag icmp "
                              "tmpl " +
                                  TRANSPORT);
        const IcmpErrors errors(wire.line.nodes.Get(1));
        const Ptr<Socket> sender =
            Socket::CreateSocket(wire.line.nodes.Get(1), UdpSocketFactory::GetTypeId());
        Simulator::Schedule(Seconds(1), [sender] {
            sender->SendTo(Create<Packet>(100), 0, InetSocketAddress("10.9.0.2", 6000));
        });
        Simulator::Stop(Seconds(2));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(errors.arrived.size(), size_t{m_hasFlag}, "delivered");
        NS_TEST_EXPECT_MSG_EQ(wire.GetCounters(1), "XfrmInPolBlock=1", "the first check counts");
    }

    bool m_hasFlag; //!< the states have flag icmp
};

/**
 * @ingroup xfrm-tests
 * @brief An echo reply goes the way of B's own packets, as type 0, not as the 8 that it answers
 * (R277, R102).
 */
class EchoReplyTestCase : public TestCase
{
  public:
    EchoReplyTestCase()
        : TestCase("an echo reply is decided on by its own type")
    {
    }

  private:
    static std::string Ping(const std::string& type)
    {
        WireLine wire({.states = WIRE_GCM, .templates = WIRE_TUNNEL});
        XfrmHelper::Configure(wire.line.nodes.Get(2),
                              "policy add src 10.9.0.2 dst 10.9.0.1 proto icmp type " + type +
                                  " dir out action block");
        const Ptr<Socket> sender =
            Socket::CreateSocket(wire.line.nodes.Get(1), Ipv4RawSocketFactory::GetTypeId());
        sender->SetAttribute("Protocol", UintegerValue(PROTO_ICMP));
        const Ptr<Packet> echo = Create<Packet>(56);
        echo->AddHeader(Icmpv4Echo());
        Icmpv4Header icmp;
        icmp.SetType(Icmpv4Header::ICMPV4_ECHO);
        echo->AddHeader(icmp);
        Simulator::Schedule(Seconds(1), [sender, echo] {
            sender->SendTo(echo, 0, InetSocketAddress("10.9.0.2", 0));
        });
        Simulator::Stop(Seconds(2));
        Simulator::Run();
        return wire.GetCounters(2);
    }

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(Ping("0"), "XfrmOutPolBlock=1", "type of the reply");
        NS_TEST_EXPECT_MSG_EQ(Ping("8"), "", "type of the request");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of ICMP errors: those that gateways send, and what they learn from others.
 */
class IcmpErrorTestSuite : public TestSuite
{
  public:
    IcmpErrorTestSuite()
        : TestSuite("xfrm-icmp-error", SYSTEM)
    {
        AddTestCase(new ChainMtuToldTestCase(), QUICK);
        AddTestCase(new LearnedBySourceTestCase(), QUICK);
        AddTestCase(new ReportedForEspTestCase("is believed", 0x1001, 1400, 2, 1346), QUICK);
        AddTestCase(new ReportedForEspTestCase("has a floor", 0x1001, 100, 2, 498), QUICK);
        AddTestCase(new ReportedForEspTestCase("is for a state", 0x1234, 1400, 2, 1446), QUICK);
        AddTestCase(new ReportedForEspTestCase("is not raised", 0x1001, 1600, 2, 1446), QUICK);
        AddTestCase(new ReportedForEspTestCase("is kept", 0x1001, 1400, 599, 1346), QUICK);
        AddTestCase(new ReportedForEspTestCase("is forgotten", 0x1001, 1400, 601, 1446), QUICK);
        AddTestCase(new EchoReplyTestCase(), QUICK);
        for (const bool hasFlag : {true, false})
        {
            AddTestCase(new AnswerByPolicyTestCase(hasFlag), QUICK);
            AddTestCase(new AnswerLetInTestCase(hasFlag), QUICK);
        }
    }
};

const IcmpErrorTestSuite g_icmpErrorTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
