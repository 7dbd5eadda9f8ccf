/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-captures.h"

#include "ns3/test.h"
#include "ns3/xfrm-pcap-reader.h"

#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>
#include <utility>

namespace ns3::xfrm::tests
{

namespace
{

/// @return the error of opening a file and reading it to its end; empty if there is none
std::string
FindError(const std::string& path, const std::string& filter = "")
{
    try
    {
        PcapReader reader(path, filter);
        while (reader.Next())
        {
        }
    }
    catch (const std::invalid_argument& error)
    {
        return error.what();
    }
    return "";
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Frames of each link type around the same packet (https://www.tcpdump.org/linktypes.html).
 *
 * Ethernet carries the tags of 802.1ad and 802.1Q.
 */
class LinkTypeTestCase : public TestCase
{
  public:
    /// @param name name of the link type @param link its number @param front what is in front
    LinkTypeTestCase(const std::string& name, FileLink link, Octets front)
        : TestCase("the packet is found in a frame of type " + name),
          m_link(link),
          m_front(std::move(front))
    {
    }

  private:
    void DoRun() override
    {
        const Octets ip = MakeIp({.id = 7});
        const std::string path = CreateTempDirFilename("link.pcap");
        WritePcap(path, m_link, {{3, 5, Join(m_front, ip)}});
        PcapReader reader(path);
        const auto packet = reader.Next();
        NS_TEST_ASSERT_MSG_EQ(packet.has_value(), true, "is found");
        NS_TEST_EXPECT_MSG_EQ((packet->ip == ip), true, "the same bytes");
        NS_TEST_EXPECT_MSG_EQ(packet->time.GetNanoSeconds(), 3'000'000'005, "time");
        NS_TEST_EXPECT_MSG_EQ(packet->number, 1, "number");
        NS_TEST_EXPECT_MSG_EQ(packet->wireBytes, m_front.size() + ip.size(), "frame");
        NS_TEST_EXPECT_MSG_EQ(packet->isTruncated, false, "whole");
        NS_TEST_EXPECT_MSG_EQ(reader.Next().has_value(), false, "the only one");
        NS_TEST_EXPECT_MSG_EQ(reader.GetSkipped(), 0, "nothing skipped");
    }

    FileLink m_link; //!< number of the link type
    Octets m_front;  //!< what is in front of the packet
};

/**
 * @ingroup xfrm-tests
 * @brief pcapng, whose interface has times of 10^-9 s, gives what pcap gives.
 */
class PcapngTestCase : public TestCase
{
  public:
    PcapngTestCase()
        : TestCase("a pcapng file is read, with its nanoseconds")
    {
    }

  private:
    void DoRun() override
    {
        const std::string path = CreateTempDirFilename("new.pcapng");
        WritePcapng(path,
                    FileLink::Raw,
                    {{1, 999'999'999, MakeIp({.id = 1})}, {2, 1, MakeIp({.id = 2})}});
        PcapReader reader(path);
        const auto first = reader.Next();
        const auto second = reader.Next();
        NS_TEST_ASSERT_MSG_EQ(second.has_value(), true, "two packets");
        NS_TEST_EXPECT_MSG_EQ(first->time.GetNanoSeconds(), 1'999'999'999, "first");
        NS_TEST_EXPECT_MSG_EQ(second->time.GetNanoSeconds(), 2'000'000'001, "second");
        NS_TEST_EXPECT_MSG_EQ((second->ip == MakeIp({.id = 2})), true, "its bytes");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Ethernet pads frames to 60 bytes, and a capture keeps the first bytes only.
 *
 * A packet of 38 bytes leaves 8 bytes of padding.  Of a packet of 1028 bytes 100 - 14 = 86 were
 * kept; its frame had 1042.
 */
class TrimmedTestCase : public TestCase
{
  public:
    TrimmedTestCase()
        : TestCase("padding is dropped and what was cut off is told of")
    {
    }

  private:
    void DoRun() override
    {
        Octets padded = MakeEthernet(MakeIp({}));
        padded.resize(60);
        const Octets large = MakeIp({.payloadBytes = 1000});
        const std::string path = CreateTempDirFilename("trimmed.pcap");
        WritePcap(path, FileLink::Ethernet, {{0, 0, padded}, {0, 0, MakeEthernet(large), 100}});
        PcapReader reader(path);
        const auto first = reader.Next();
        const auto second = reader.Next();
        NS_TEST_ASSERT_MSG_EQ(second.has_value(), true, "two packets");
        NS_TEST_EXPECT_MSG_EQ((first->ip == MakeIp({})), true, "without padding");
        NS_TEST_EXPECT_MSG_EQ(first->wireBytes, 60, "with padding");
        NS_TEST_EXPECT_MSG_EQ(first->isTruncated, false, "whole");
        NS_TEST_EXPECT_MSG_EQ((second->ip == Octets(large.begin(), large.begin() + 86)),
                              true,
                              "what was kept");
        NS_TEST_EXPECT_MSG_EQ(second->wireBytes, 1042, "frame");
        NS_TEST_EXPECT_MSG_EQ(second->isTruncated, true, "in part");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What is no IPv4 packet that can be used (RFC 791), each in a frame of its own.
 */
class SkipTestCase : public TestCase
{
  public:
    /// Makes the bytes of a frame.  Not before the test runs: ns-3's own tests want the metadata
    /// of packets switched on before there are packets.
    using MakeBytes = std::function<Octets()>;

    /**
     * @param name what is wrong @param makeBytes makes the frame @param why why it is skipped
     * @param keptBytes how much of the frame is kept, 0: all of it [bytes]
     */
    SkipTestCase(const std::string& name, MakeBytes makeBytes, PcapSkip why, uint32_t keptBytes)
        : TestCase("a frame is skipped: " + name),
          m_makeBytes(std::move(makeBytes)),
          m_why(why),
          m_keptBytes(keptBytes)
    {
    }

  private:
    void DoRun() override
    {
        const Octets good = MakeIp({.id = 3});
        const std::string path = CreateTempDirFilename("skip.pcap");
        WritePcap(path,
                  FileLink::Ethernet,
                  {{1, 0, m_makeBytes(), m_keptBytes}, {9, 0, MakeEthernet(good)}});
        PcapReader reader(path);
        std::map<uint64_t, PcapSkip> told;
        reader.SetSkipListener([&](uint64_t number, PcapSkip why) { told[number] = why; });
        const auto packet = reader.Next();
        NS_TEST_ASSERT_MSG_EQ(packet.has_value(), true, "the frame behind it");
        NS_TEST_EXPECT_MSG_EQ(packet->number, 2, "its number");
        NS_TEST_EXPECT_MSG_EQ((packet->ip == good), true, "its bytes");
        NS_TEST_EXPECT_MSG_EQ(reader.GetSkipped(m_why), 1, "counted by reason");
        NS_TEST_EXPECT_MSG_EQ(reader.GetSkipped(), 1, "counted once");
        NS_TEST_EXPECT_MSG_EQ((told == std::map<uint64_t, PcapSkip>{{1, m_why}}), true, "told of");
    }

    MakeBytes m_makeBytes; //!< makes the frame
    PcapSkip m_why;        //!< why it is skipped
    uint32_t m_keptBytes;  //!< how much of the frame is kept, 0: all of it [bytes]
};

/**
 * @ingroup xfrm-tests
 * @brief A filter hides frames: they have numbers and are not counted as skipped.
 */
class ReaderFilterTestCase : public TestCase
{
  public:
    ReaderFilterTestCase()
        : TestCase("a filter chooses frames, which keep their numbers")
    {
    }

  private:
    void DoRun() override
    {
        const std::string path = CreateTempDirFilename("filter.pcap");
        WritePcap(path,
                  FileLink::Ethernet,
                  {{0, 0, MakeEthernet(MakeIp({.destinationPort = 53}))},
                   {0, 0, Octets(60)},
                   {0, 0, MakeEthernet(MakeIp({.id = 4}))}});
        PcapReader reader(path, "udp dst port 6000");
        const auto packet = reader.Next();
        NS_TEST_ASSERT_MSG_EQ(packet.has_value(), true, "chosen");
        NS_TEST_EXPECT_MSG_EQ(packet->number, 3, "number");
        NS_TEST_EXPECT_MSG_EQ(reader.Next().has_value(), false, "the only one");
        NS_TEST_EXPECT_MSG_EQ(reader.GetSkipped(), 0, "none skipped");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What can't be read gives one line that names the file and what is allowed.
 */
class ReaderErrorTestCase : public TestCase
{
  public:
    ReaderErrorTestCase()
        : TestCase("an error names the file, what is wrong and what is allowed")
    {
    }

  private:
    void Expect(const std::string& path,
                const std::string& what,
                const std::string& allowed,
                const std::string& filter = "")
    {
        const std::string error = FindError(path, filter);
        NS_TEST_EXPECT_MSG_EQ(error.starts_with(path + ": " + what), true, "what: " << error);
        NS_TEST_EXPECT_MSG_EQ(error.ends_with(": must be " + allowed), true, "must: " << error);
        NS_TEST_EXPECT_MSG_EQ((error.find('\n') == std::string::npos), true, "one line");
    }

    void DoRun() override
    {
        Expect(CreateTempDirFilename("none.pcap"),
               "No such file or directory",
               "a file that can be read");
        const std::string text = CreateTempDirFilename("text.pcap");
        std::ofstream(text) << "This is no capture, but it is long enough to be one.";
        Expect(text, "unknown file format", "a pcap or pcapng file");
        const std::string wifi = CreateTempDirFilename("wifi.pcap");
        WritePcap(wifi, FileLink::Wifi, {});
        Expect(wifi,
               "link type 802.11",
               "one of Ethernet, raw IP, Linux cooked v1, Linux cooked v2, PPP, BSD loopback");
        const std::string good = CreateTempDirFilename("good.pcap");
        WritePcap(good, FileLink::Raw, {{0, 0, MakeIp({})}});
        Expect(good, "filter \"no such\": ", "an expression of pcap-filter(7)", "no such");
        const std::string late = CreateTempDirFilename("late.pcap");
        WritePcap(late, FileLink::Raw, {{0, 1'000'000'000, MakeIp({})}});
        Expect(late, "frame 1: its time", "between 1970 and 2262");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A file that ends within a frame gives the frames before, then an error.
 */
class CutFileTestCase : public TestCase
{
  public:
    CutFileTestCase()
        : TestCase("a file that is cut off gives an error behind its last whole frame")
    {
    }

  private:
    void DoRun() override
    {
        const std::string path = CreateTempDirFilename("cut.pcap");
        WritePcap(path, FileLink::Raw, {{0, 0, MakeIp({})}});
        std::ofstream(path, std::ios::app) << "1234567";
        PcapReader reader(path);
        NS_TEST_EXPECT_MSG_EQ(reader.Next().has_value(), true, "a whole one");
        const std::string start = path + ": behind frame 1: truncated dump file";
        const std::string error = FindError(path);
        NS_TEST_EXPECT_MSG_EQ(error.substr(0, start.size()), start, "what is wrong");
        NS_TEST_EXPECT_MSG_EQ(error.ends_with(": must be whole frames to the end"),
                              true,
                              "what is allowed in: " << error);
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of PcapReader.
 */
class PcapReaderTestSuite : public TestSuite
{
  public:
    PcapReaderTestSuite()
        : TestSuite("xfrm-pcap-reader", UNIT)
    {
        AddLinkTypes();
        AddSkips();
        AddTestCase(new PcapngTestCase, TestCase::QUICK);
        AddTestCase(new TrimmedTestCase, TestCase::QUICK);
        AddTestCase(new ReaderFilterTestCase, TestCase::QUICK);
        AddTestCase(new ReaderErrorTestCase, TestCase::QUICK);
        AddTestCase(new CutFileTestCase, TestCase::QUICK);
    }

  private:
    void Add(const std::string& name, FileLink link, Octets front)
    {
        AddTestCase(new LinkTypeTestCase(name, link, std::move(front)), TestCase::QUICK);
    }

    void AddLinkTypes()
    {
        const Octets tagged{0x88, 0xa8, 0, 5, 0x81, 0, 0, 7, 0x08, 0x00};
        Add("Ethernet with two tags", FileLink::Ethernet, Join(Octets(12), tagged));
        Add("raw IP", FileLink::Raw, {});
        Add("raw IPv4", FileLink::Ipv4, {});
        Add("Linux cooked v1", FileLink::Cooked, Join(Octets(14), {0x08, 0x00}));
        Add("Linux cooked v1 with a tag",
            FileLink::Cooked,
            Join(Octets(14), {0x81, 0, 0, 7, 0x08, 0x00}));
        Add("Linux cooked v2", FileLink::Cooked2, Join({0x08, 0x00}, Octets(18)));
        Add("PPP as of ns-3", FileLink::Ppp, {0x00, 0x21});
        Add("PPP with a short protocol", FileLink::Ppp, {0x21});
        Add("PPP with address and control", FileLink::Ppp, {0xff, 0x03, 0x00, 0x21});
        Add("PPP in HDLC framing", FileLink::PppHdlc, {0xff, 0x03, 0x21});
        Add("BSD loopback, least byte first", FileLink::Null, {2, 0, 0, 0});
        Add("BSD loopback, most byte first", FileLink::Null, {0, 0, 0, 2});
        Add("OpenBSD loopback", FileLink::Loop, {0, 0, 0, 2});
    }

    void AddSkip(const std::string& name,
                 const SkipTestCase::MakeBytes& makeBytes,
                 PcapSkip why,
                 uint32_t keptBytes = 0)
    {
        AddTestCase(new SkipTestCase(name, makeBytes, why, keptBytes), TestCase::QUICK);
    }

    /// @return what makes a frame with one byte of the IP header altered
    static SkipTestCase::MakeBytes Alter(size_t offset, uint8_t value)
    {
        return [offset, value] {
            Octets frame = MakeEthernet(MakeIp({}));
            frame.at(14 + offset) = value;
            return frame;
        };
    }

    void AddSkips()
    {
        const auto arp = [] { return Join(Octets(12), {0x08, 0x06}); };
        const auto whole = [] { return MakeEthernet(MakeIp({})); };
        const auto cut = [whole] {
            Octets frame = whole();
            frame.resize(33);
            return frame;
        };
        AddSkip("ARP", arp, PcapSkip::NotIpv4);
        AddSkip(
            "no type",
            [] { return Octets(13); },
            PcapSkip::CutShort);
        AddSkip("header of 19 bytes", cut, PcapSkip::CutShort);
        AddSkip("header of 19 bytes kept", whole, PcapSkip::CutShort, 33);
        AddSkip("options not kept", Alter(0, 0x46), PcapSkip::CutShort, 34);
        AddSkip("version 6", Alter(0, 0x65), PcapSkip::BadHeader);
        AddSkip("header of four words", Alter(0, 0x44), PcapSkip::BadHeader);
        AddSkip("total length 19", Alter(3, 19), PcapSkip::BadLength);
        AddSkip("total length of a byte more than there is", Alter(3, 39), PcapSkip::BadLength);
    }
};

static PcapReaderTestSuite g_pcapReaderTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
