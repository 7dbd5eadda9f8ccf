/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-wire.h"

#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/ipv4.h"
#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/traffic-control-layer.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"
#include "ns3/xfrm-helper.h"
#include "ns3/xfrm-udp-encap.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// A UDP packet on the port of a key manager, written by hand.
struct UdpRow
{
    std::string what;       //!< how it is made
    int lengthShift{0};     //!< added to what its header says of its length [bytes]
    int checksumShift{-1};  //!< added to its right checksum; negative: it has none
    uint32_t nBehind{0};    //!< bytes behind its end
    uint32_t nBytes{0};     //!< else: how many it has in all; 0: all [bytes]
    std::string expected{}; //!< what B does with it
};

/// @return the UDP packet of a row @param ipBytes a good one, in IP @param row how it is made
std::vector<uint8_t>
MakeUdp(const std::vector<uint8_t>& ipBytes, const UdpRow& row)
{
    std::vector<uint8_t> udp(ipBytes.begin() + 20, ipBytes.end());
    const auto put = [&udp](size_t offset, size_t value) {
        udp[offset] = static_cast<uint8_t>(value >> 8);
        udp[offset + 1] = static_cast<uint8_t>(value);
    };
    const size_t length = udp.size() + row.lengthShift;
    put(4, length);
    if (row.checksumShift >= 0)
    {
        const uint16_t pseudo =
            SumPseudoHeader(Ipv4Address("10.9.0.1"), Ipv4Address("10.9.0.2"), length);
        put(6,
            ComputeChecksum(std::span(udp).first(std::min(length, udp.size())), pseudo) +
                row.checksumShift);
    }
    udp.resize(row.nBytes > 0 ? row.nBytes : udp.size() + row.nBehind, 0x5a);
    return udp;
}

/// @brief Have A send to B without a queue disc.
///
/// By default that is FqCoDel, which reads eight bytes of a UDP header for its hash even where
/// there are fewer; ns-3's debug builds abort then.
void
RemoveQueue(const Ptr<Node>& gateway)
{
    const auto ipv4 = gateway->GetObject<Ipv4>();
    gateway->GetObject<TrafficControlLayer>()->DeleteRootQueueDiscOnDevice(ipv4->GetNetDevice(2));
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief UDP looks at a packet before ESP is taken out of it (__udp4_lib_rcv(), R241).
 *
 * A packet of the tunnel A - B is sent to B again, in UDP that is written by hand; without a replay
 * window its ESP gets in each time, and the datagram arrives at K.  A header that says more than
 * is there, or less than its own 8 bytes, or that is not whole, is a "short packet"; one that says
 * less is believed, and with 16 = 8 + 8 the ESP is too short to be any: the socket's.  A wrong
 * checksum drops it; 0 is none.  No counter of XFRM moves for what UDP drops.
 */
class BrokenUdpTestCase : public TestCase
{
  public:
    BrokenUdpTestCase()
        : TestCase("UDP with a wrong length or checksum does not come to ESP")
    {
    }

  private:
    void DoRun() override
    {
        WireLine wire(
            {.states = WIRE_GCM + " encap espinudp 4500 4500 0.0.0.0", .templates = WIRE_TUNNEL});
        wire.GetRouting(2)->SetUdpEncap(4500, EncapType::EspInUdp);
        RemoveQueue(wire.line.nodes.Get(1));
        Listen(wire);
        wire.SendUdp({100});
        NS_TEST_ASSERT_MSG_EQ(wire.sent.size(), 1, "one ESP packet");
        const std::vector<uint8_t> good = wire.sent.front().bytes;
        const auto udpBytes = static_cast<int>(good.size() - 20);
        const std::vector<UdpRow> rows{
            {.what = "as it was", .expected = "in"},
            {.what = "right checksum", .checksumShift = 0, .expected = "in"},
            {.what = "wrong checksum", .checksumShift = 1, .expected = "EINVAL"},
            {.what = "longer than IP", .lengthShift = 1, .expected = "EINVAL"},
            {.what = "no room for a header", .lengthShift = 7 - udpBytes, .expected = "EINVAL"},
            {.what = "bytes behind", .nBehind = 4, .expected = "in"},
            {.what = "bytes behind what is summed up",
             .checksumShift = 0,
             .nBehind = 5,
             .expected = "in"},
            {.what = "bytes behind, wrong checksum",
             .checksumShift = 1,
             .nBehind = 5,
             .expected = "EINVAL"},
            {.what = "hardly a header", .nBytes = 7, .expected = "EINVAL"},
            {.what = "ports alone", .nBytes = 3, .expected = "EINVAL"},
            {.what = "too short for ESP", .lengthShift = 16 - udpBytes, .expected = "socket"}};
        for (const UdpRow& row : rows)
        {
            NS_TEST_EXPECT_MSG_EQ(Send(wire, MakeUdp(good, row)), row.expected, row.what);
            NS_TEST_EXPECT_MSG_EQ(wire.GetCounters(2), "", "counters: " << row.what);
        }
    }

    /// Listens to what B drops, and on its port.
    void Listen(WireLine& wire)
    {
        wire.GetRouting(2)->m_dropTrace.ConnectWithoutContext(
            Callback<void, Ptr<const Packet>, const Ipv4Header&, const std::string&>(
                [this](const Ptr<const Packet>&, const Ipv4Header&, const std::string& reason) {
                    m_outcome += reason;
                }));
        m_socket = Socket::CreateSocket(wire.line.nodes.Get(2), UdpSocketFactory::GetTypeId());
        m_socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 4500));
    }

    /// Sends UDP from A to B.  @return what B did
    std::string Send(WireLine& wire, const std::vector<uint8_t>& udp)
    {
        m_outcome.clear();
        wire.received.clear();
        const Ptr<Socket> sender =
            Socket::CreateSocket(wire.line.nodes.Get(1), Ipv4RawSocketFactory::GetTypeId());
        sender->SetAttribute("Protocol", UintegerValue(PROTO_UDP));
        Simulator::ScheduleNow([&] {
            sender->SendTo(Create<Packet>(udp.data(), udp.size()),
                           0,
                           InetSocketAddress("10.9.0.2", 0));
        });
        Simulator::Stop(MilliSeconds(100));
        Simulator::Run();
        sender->Close();
        m_outcome += wire.received == std::vector<uint32_t>{100} ? "in" : "";
        m_outcome += m_socket->Recv() ? "socket" : "";
        return m_outcome;
    }

    std::string m_outcome; //!< what B did
    Ptr<Socket> m_socket;  //!< of B's key manager
};

/**
 * @ingroup xfrm-tests
 * @brief Policies judge no packet that UDP drops by its length ("short packet"); a good one they
 * block, and count.
 */
class BrokenUdpUncountedTestCase : public TestCase
{
  public:
    BrokenUdpUncountedTestCase()
        : TestCase("policies do not count what UDP drops by its length")
    {
    }

  private:
    void DoRun() override
    {
        WireLine wire({.states = WIRE_GCM, .templates = WIRE_TUNNEL});
        wire.GetRouting(2)->SetUdpEncap(4500, EncapType::EspInUdp);
        XfrmHelper::Configure(wire.line.nodes.Get(2),
                              "policy add src 10.9.0.1 dst 10.9.0.2 proto udp dport 4500 dir in "
                              "action block");
        const Ptr<Socket> sender =
            Socket::CreateSocket(wire.line.nodes.Get(1), Ipv4RawSocketFactory::GetTypeId());
        sender->SetAttribute("Protocol", UintegerValue(PROTO_UDP));
        for (const uint8_t length : {13, 12})
        {
            const std::array<uint8_t, 12> udp{0x11, 0x94, 0x11, 0x94, 0, length};
            Simulator::ScheduleNow([&sender, udp] {
                sender->SendTo(Create<Packet>(udp.data(), udp.size()),
                               0,
                               InetSocketAddress("10.9.0.2", 0));
            });
            Simulator::Stop(MilliSeconds(100));
            Simulator::Run();
            NS_TEST_EXPECT_MSG_EQ(wire.GetCounters(2),
                                  (length == 13 ? "" : "XfrmInPolBlock=1"),
                                  "of 12 bytes " << int(length));
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of UDP in front of ESP.
 */
class UdpEncapTestSuite : public TestSuite
{
  public:
    UdpEncapTestSuite()
        : TestSuite("xfrm-udp-encap", SYSTEM)
    {
        AddTestCase(new BrokenUdpTestCase(), QUICK);
        AddTestCase(new BrokenUdpUncountedTestCase(), QUICK);
    }
};

const UdpEncapTestSuite g_udpEncapTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
