/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-captures.h"
#include "xfrm-test-line.h"

#include "ns3/double.h"
#include "ns3/integer.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"
#include "ns3/xfrm-pcap-replay.h"

#include <functional>
#include <sstream>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/**
 * @brief The line H - A - B - K with an application on one node, from 1 s on.
 *
 * Notes what it does, and what arrives at K.
 */
class ReplayLine
{
  public:
    /// @param node 0 to 3, where the application is @param file what it sends
    ReplayLine(uint32_t node, const std::string& file)
        : m_line({.installed = Installed::Empty}),
          m_replay(CreateObjectWithAttributes<XfrmPcapReplay>("FileName", StringValue(file)))
    {
        m_line.nodes.Get(node)->AddApplication(m_replay);
        m_replay->SetStartTime(Seconds(1));
        m_replay->TraceConnectWithoutContext(
            "Sent",
            Callback<void, Ptr<const Packet>>([this](const Ptr<const Packet>& packet) {
                times.push_back((Simulator::Now() - Seconds(1)).GetNanoSeconds());
                sent.push_back(packet->Copy());
            }));
        m_replay->TraceConnectWithoutContext("Skipped",
                                             Callback<void, uint64_t, const std::string&>(
                                                 [this](uint64_t number, const std::string& why) {
                                                     skipped.push_back(std::to_string(number) +
                                                                       " " + why);
                                                 }));
        m_line.nodes.Get(3)->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "LocalDeliver",
            Callback<void, const Ipv4Header&, Ptr<const Packet>, uint32_t>(
                [this](const Ipv4Header& header, const Ptr<const Packet>&, uint32_t) {
                    arrived.push_back(header);
                }));
    }

    /// @brief Run to the end.  @param name an attribute to set first @param value its value
    void Run(const std::string& name = "Repeat", const AttributeValue& value = UintegerValue(1))
    {
        m_replay->SetAttribute(name, value);
        m_line.Run(100);
    }

    /// @return the application
    Ptr<XfrmPcapReplay> Get() const
    {
        return m_replay;
    }

    std::vector<int64_t> times;       //!< when packets were sent, since it started [ns]
    std::vector<Ptr<Packet>> sent;    //!< those packets
    std::vector<std::string> skipped; //!< number and reason of skipped frames
    std::vector<Ipv4Header> arrived;  //!< headers of what arrived at K

  private:
    Line m_line;                  //!< the nodes
    Ptr<XfrmPcapReplay> m_replay; //!< the application
};

/// @return numbers with blanks between
std::string
Print(const std::vector<int64_t>& numbers)
{
    std::ostringstream text;
    for (const int64_t number : numbers)
    {
        text << number << ' ';
    }
    return text.str();
}

/// @return frames of packets from H to K at the given times [ns], numbered from 1
std::vector<Frame>
MakeFrames(const std::vector<uint32_t>& times)
{
    std::vector<Frame> frames;
    for (const uint32_t time : times)
    {
        const auto id = static_cast<uint16_t>(frames.size() + 1);
        frames.push_back({1'700'000'000, time, MakeIp({.id = id})});
    }
    return frames;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief When packets leave, of a file with packets at 100, 400, 250 and 1000 ns.
 *
 * By the file's times, counted from the first: 0, 300, then the one that is late, at once, 900.
 * Half as fast they are twice as far apart.  At 3 packets per second the n-th leaves after n / 3 s,
 * rounded.
 * Three passes of 0, 300, 300, 900 are 900 + 900 / 3 = 1200 apart, the mean distance between them.
 */
class ReplayTimesTestCase : public TestCase
{
  public:
    /// @param setting what is set @param name the attribute @param value its value
    /// @param times when packets are to leave [ns]
    ReplayTimesTestCase(const std::string& setting,
                        std::string name,
                        const AttributeValue& value,
                        std::vector<int64_t> times)
        : TestCase("packets leave at the right times: " + setting),
          m_name(std::move(name)),
          m_value(value.Copy()),
          m_times(std::move(times))
    {
    }

  private:
    void DoRun() override
    {
        const std::string path = CreateTempDirFilename("times.pcap");
        WritePcap(path, FileLink::Raw, MakeFrames({100, 400, 250, 1000}));
        ReplayLine line(0, path);
        line.Run(m_name, *m_value);
        NS_TEST_EXPECT_MSG_EQ(Print(line.times), Print(m_times), "times");
        NS_TEST_EXPECT_MSG_EQ(line.arrived.size(), m_times.size(), "all arrive");
        NS_TEST_EXPECT_MSG_EQ(line.Get()->GetSent(), m_times.size(), "count");
    }

    std::string m_name;           //!< attribute
    Ptr<AttributeValue> m_value;  //!< its value
    std::vector<int64_t> m_times; //!< when packets are to leave [ns]
};

/**
 * @ingroup xfrm-tests
 * @brief A packet arrives with the header of the file, its TTL less by the two gateways.
 *
 * H sends one with another's source address; and it is as if A had received it from H, where A
 * takes off one, too.
 */
class ReplayHeaderTestCase : public TestCase
{
  public:
    /// @param node where @param receiveFrom attribute ReceiveFrom
    /// @param ttl what is left of 60 at K
    ReplayHeaderTestCase(uint32_t node, int32_t receiveFrom, uint8_t ttl)
        : TestCase(receiveFrom < 0 ? "a host sends packets with their own headers"
                                   : "a gateway forwards packets as if they had come in"),
          m_node(node),
          m_receiveFrom(receiveFrom),
          m_ttl(ttl)
    {
    }

  private:
    void DoRun() override
    {
        const std::string path = CreateTempDirFilename("header.pcap");
        const Octets ip =
            MakeIp({.source = "192.0.2.7", .id = 4711, .ttl = 60, .tos = 0xb9, .isDf = true});
        WritePcap(path, FileLink::Ethernet, {{5, 0, MakeEthernet(ip)}});
        ReplayLine line(m_node, path);
        line.Run("ReceiveFrom", IntegerValue(m_receiveFrom));
        NS_TEST_ASSERT_MSG_EQ(line.arrived.size(), 1, "arrives");
        const Ipv4Header& header = line.arrived[0];
        NS_TEST_EXPECT_MSG_EQ(header.GetSource(), Ipv4Address("192.0.2.7"), "source");
        NS_TEST_EXPECT_MSG_EQ(header.GetIdentification(), 4711, "identification");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(header.GetTtl()), uint32_t(m_ttl), "TTL");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(header.GetTos()), 0xb9, "type of service");
        NS_TEST_EXPECT_MSG_EQ(header.IsDontFragment(), true, "DF");
        NS_TEST_EXPECT_MSG_EQ(header.GetPayloadSize(), 18, "length");
        Octets sent(line.sent.at(0)->GetSize());
        line.sent[0]->CopyData(sent.data(), sent.size());
        NS_TEST_EXPECT_MSG_EQ((sent == ip), true, "bytes told of");
    }

    uint32_t m_node;       //!< where
    int32_t m_receiveFrom; //!< attribute ReceiveFrom
    uint8_t m_ttl;         //!< TTL at K
};

/**
 * @ingroup xfrm-tests
 * @brief Of a packet of 128 bytes 60 were kept: it leaves whole, with zeros.
 */
class ReplayTruncatedTestCase : public TestCase
{
  public:
    ReplayTruncatedTestCase()
        : TestCase("what a capture cut off is zeros")
    {
    }

  private:
    void DoRun() override
    {
        const std::string path = CreateTempDirFilename("short.pcap");
        WritePcap(path, FileLink::Raw, {{0, 0, MakeIp({.payloadBytes = 100}), 60}});
        ReplayLine line(0, path);
        line.Run();
        NS_TEST_ASSERT_MSG_EQ(line.arrived.size(), 1, "arrives");
        NS_TEST_EXPECT_MSG_EQ(line.arrived[0].GetPayloadSize(), 108, "whole");
        NS_TEST_EXPECT_MSG_EQ(line.sent.at(0)->GetSize(), 128, "whole when it left");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Frames that are not sent: ARP, a packet with IP options, a routing protocol's, and one to
 * a network that A has no route to, which knows those of the line only.
 */
class ReplaySkippedTestCase : public TestCase
{
  public:
    ReplaySkippedTestCase()
        : TestCase("frames that are not sent are told of with the reason")
    {
    }

  private:
    void DoRun() override
    {
        Octets options = MakeIp({});
        options.at(0) = 0x46;
        Octets arp = MakeEthernet({});
        arp.at(13) = 0x06;
        const std::string path = CreateTempDirFilename("skipped.pcap");
        WritePcap(path,
                  FileLink::Ethernet,
                  {{0, 0, arp},
                   {0, 0, MakeEthernet(options)},
                   {0, 0, MakeEthernet(MakeIp({}))},
                   {0, 0, MakeEthernet(MakeIp({.destination = "224.0.0.9"}))},
                   {0, 0, MakeEthernet(MakeIp({.destination = "198.51.100.1"}))}});
        ReplayLine line(1, path);
        line.Run();
        std::string all;
        for (const std::string& skipped : line.skipped)
        {
            all += skipped + "; ";
        }
        NS_TEST_EXPECT_MSG_EQ(all,
                              "1 not IPv4; 2 IP options; 4 link-local multicast or broadcast; "
                              "5 no route, or refused by IPsec; ",
                              "skipped");
        NS_TEST_EXPECT_MSG_EQ(line.Get()->GetSkipped(), 4, "count");
        NS_TEST_EXPECT_MSG_EQ(line.Get()->GetSent(), 1, "sent");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A filter, and a file without a packet that passes it.
 */
class ReplayFilterTestCase : public TestCase
{
  public:
    ReplayFilterTestCase()
        : TestCase("only packets that the filter lets through are sent")
    {
    }

  private:
    void DoRun() override
    {
        const std::string path = CreateTempDirFilename("filter.pcap");
        WritePcap(path, FileLink::Raw, MakeFrames({0, 100, 200}));
        {
            ReplayLine line(0, path);
            line.Run("Filter", StringValue("ip[4:2] = 2 or ip[4:2] = 3"));
            NS_TEST_EXPECT_MSG_EQ(Print(line.times), "0 100 ", "ids 2 and 3");
        }
        ReplayLine line(0, path);
        line.Get()->SetAttribute("Repeat", UintegerValue(3));
        line.Run("Filter", StringValue("tcp"));
        NS_TEST_EXPECT_MSG_EQ(line.Get()->GetSent(), 0, "none");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief An application that is stopped sends no more.
 */
class ReplayStopTestCase : public TestCase
{
  public:
    ReplayStopTestCase()
        : TestCase("nothing is sent once the application is stopped")
    {
    }

  private:
    void DoRun() override
    {
        const std::string path = CreateTempDirFilename("stop.pcap");
        WritePcap(path, FileLink::Raw, MakeFrames({0, 100, 200, 300}));
        ReplayLine line(0, path);
        line.Get()->SetStopTime(Seconds(1) + NanoSeconds(150));
        line.Run();
        NS_TEST_EXPECT_MSG_EQ(Print(line.times), "0 100 ", "before 150 ns");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of XfrmPcapReplay.
 */
class PcapReplayTestSuite : public TestSuite
{
  public:
    PcapReplayTestSuite()
        : TestSuite("xfrm-pcap-replay", SYSTEM)
    {
        AddTimes("as captured", "Rate", DoubleValue(0), {0, 300, 300, 900});
        AddTimes("half as fast", "TimeScale", DoubleValue(2), {0, 600, 600, 1800});
        AddTimes("3 a second",
                 "Rate",
                 DoubleValue(3),
                 {0, 333'333'333, 666'666'667, 1'000'000'000});
        AddTimes("three times",
                 "Repeat",
                 UintegerValue(3),
                 {0, 300, 300, 900, 1200, 1500, 1500, 2100, 2400, 2700, 2700, 3300});
        AddTestCase(new ReplayHeaderTestCase(0, -1, 58), TestCase::QUICK);
        AddTestCase(new ReplayHeaderTestCase(1, 1, 58), TestCase::QUICK);
        AddTestCase(new ReplayTruncatedTestCase, TestCase::QUICK);
        AddTestCase(new ReplaySkippedTestCase, TestCase::QUICK);
        AddTestCase(new ReplayFilterTestCase, TestCase::QUICK);
        AddTestCase(new ReplayStopTestCase, TestCase::QUICK);
    }

  private:
    void AddTimes(const std::string& setting,
                  const std::string& name,
                  const AttributeValue& value,
                  std::vector<int64_t> times)
    {
        AddTestCase(new ReplayTimesTestCase(setting, name, value, std::move(times)),
                    TestCase::QUICK);
    }
};

static PcapReplayTestSuite g_pcapReplayTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
