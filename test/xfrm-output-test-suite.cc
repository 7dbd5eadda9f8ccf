/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"
#include "ns3/xfrm-ecn.h"
#include "ns3/xfrm-output.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// A host with one tunnel for the flow, or as a test changes it.
class OutputFixture
{
  public:
    /// @param config its only state @param wanted the template that asks for it
    explicit OutputFixture(const StateConfig& config = NamespaceFixture::MakeState(),
                           const Template& wanted = NamespaceFixture::MakeTemplate())
        : output(host.net)
    {
        host.Add(NamespaceFixture::MakePolicy({wanted}));
        state = host.Add(config);
        bundle = host.Decide().bundle;
    }

    /// @return a UDP packet of the flow of 84 bytes, with DF, TOS 0x2e << 2 and ECT(1), TTL 17
    static OutputPacket MakePacket()
    {
        OutputPacket packet;
        packet.header.source = Ipv4Address("10.1.0.2");
        packet.header.destination = Ipv4Address("10.2.0.2");
        packet.header.protocol = PROTO_UDP;
        packet.header.tos = 0xb9;
        packet.header.ttl = 17;
        packet.header.id = 4711;
        packet.header.isDontFragment = true;
        packet.length = 84;
        return packet;
    }

    /// @brief Send a packet.  @param packet the packet @return how it ended
    OutputResult Send(OutputPacket& packet)
    {
        return output.Send(*bundle, packet, host.Here());
    }

    NamespaceFixture host; //!< the host
    Output output;         //!< its output
    Ptr<State> state;      //!< its state
    Ptr<Bundle> bundle;    //!< the flow's chain
};

/// @return a transport state of the flow
StateConfig
MakeTransport()
{
    StateConfig config = NamespaceFixture::MakeState();
    config.mode = Mode::Transport;
    config.id.destination = Ipv4Address("10.2.0.2");
    config.source = Ipv4Address("10.1.0.2");
    return config;
}

/// @return a template for it
Template
MakeTransportTemplate()
{
    Template wanted;
    wanted.reqid = 1;
    return wanted;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief The header of a tunnel (R200, R202, R211, R221, R223 to R227, R230, C49).
 *
 * An 84-byte packet becomes 140 bytes (table under R232).  TTL is the host's 64, not the inner 17.
 * DF and TOS are the inner packet's; ECT(1) is copied.  With DF and no ignore_df the id is 0.
 */
class OutputTunnelHeaderTestCase : public TestCase
{
  public:
    OutputTunnelHeaderTestCase()
        : TestCase("a tunnel puts its own header outside")
    {
    }

  private:
    void DoRun() override
    {
        OutputFixture fixture;
        OutputPacket packet = OutputFixture::MakePacket();
        const OutputResult result = fixture.Send(packet);
        NS_TEST_ASSERT_MSG_EQ(result.error, 0, "sent");
        NS_TEST_EXPECT_MSG_EQ(packet.length, 140, "length");
        NS_TEST_EXPECT_MSG_EQ(packet.header.source.GetIpv4(), Ipv4Address("10.9.0.1"), "source");
        NS_TEST_EXPECT_MSG_EQ(packet.header.destination.GetIpv4(),
                              Ipv4Address("10.9.0.2"),
                              "destination");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(packet.header.protocol), PROTO_ESP, "protocol");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(packet.header.tos), 0xb9, "type of service");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(packet.header.ttl), 64, "TTL");
        NS_TEST_EXPECT_MSG_EQ(packet.header.isDontFragment, true, "DF");
        NS_TEST_EXPECT_MSG_EQ(packet.header.id, 0, "id");
        NS_TEST_EXPECT_MSG_EQ(packet.header.lengthBytes, 20, "no options");
        NS_TEST_ASSERT_MSG_EQ(packet.layers.size(), 1, "one layer");
        NS_TEST_EXPECT_MSG_EQ(packet.layers[0].inside.id, 4711, "the inner header is kept");
        NS_TEST_EXPECT_MSG_EQ(packet.layers[0].sequence, 1, "first number");
        NS_TEST_EXPECT_MSG_EQ(packet.layers[0].sealedBytes, 120, "behind the header");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What the state's flags and the route change in the outer header (R224 to R227).
 */
class OutputFlagsTestCase : public TestCase
{
  public:
    OutputFlagsTestCase()
        : TestCase("flags and routes change the outer header")
    {
    }

  private:
    void DoRun() override
    {
        StateConfig config = NamespaceFixture::MakeState();
        config.flags = StateConfig::FLAG_NOECN | StateConfig::FLAG_NOPMTUDISC;
        OutputFixture fixture(config);
        fixture.host.routes.outside.hopLimit = 99;
        OutputPacket packet = OutputFixture::MakePacket();
        fixture.Send(packet);
        NS_TEST_EXPECT_MSG_EQ(uint32_t(packet.header.tos), 0xb8, "NOECN clears the marks");
        NS_TEST_EXPECT_MSG_EQ(packet.header.isDontFragment, false, "NOPMTUDISC: no DF");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(packet.header.ttl), 99, "the route's hop limit");
        const uint16_t id = packet.header.id;
        packet = OutputFixture::MakePacket();
        fixture.Send(packet);
        NS_TEST_EXPECT_MSG_EQ(packet.header.id, id + 1, "without DF ids grow");

        config.flags = 0;
        config.extraFlags = StateConfig::EXTRA_DONT_ENCAP_DSCP;
        OutputFixture noDscp(config);
        packet = OutputFixture::MakePacket();
        packet.mayExceedMtu = true;
        noDscp.Send(packet);
        NS_TEST_EXPECT_MSG_EQ(uint32_t(packet.header.tos), 0x01, "no DSCP, still ECN");
        noDscp.Send(packet = OutputFixture::MakePacket());
        NS_TEST_EXPECT_MSG_EQ(packet.header.id, 0, "DF without ignore_df");

        packet = OutputFixture::MakePacket();
        packet.header.isDontFragment = false;
        OutputFixture clear;
        clear.Send(packet);
        NS_TEST_EXPECT_MSG_EQ(packet.header.isDontFragment, false, "no DF inside, none outside");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Congestion marks across a tunnel (R224, R259; RFC 3168, limited functionality aside).
 */
class EcnTestCase : public TestCase
{
  public:
    EcnTestCase()
        : TestCase("congestion marks and DSCP cross the tunnel as Linux lets them")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(uint32_t(EncapsulateTos(0xb8, true, true)), 0xb8, "not ECN-capable");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(EncapsulateTos(0xb9, true, true)), 0xb9, "ECT(1)");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(EncapsulateTos(0xba, true, true)), 0xba, "ECT(0)");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(EncapsulateTos(0xbb, true, true)), 0xba, "CE to ECT(0)");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(EncapsulateTos(0xbb, false, true)), 0x02, "no DSCP");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(EncapsulateTos(0xbb, true, false)), 0xb8, "no ECN");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(DecapsulateTos(0x03, 0xba, false, true)),
                              0xbb,
                              "CE goes in");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(DecapsulateTos(0x03, 0xb8, false, true)), 0xb8, "not-ECT");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(DecapsulateTos(0x03, 0xba, false, false)), 0xba, "NOECN");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(DecapsulateTos(0x02, 0xb9, false, true)), 0xb9, "no CE");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(DecapsulateTos(0x20, 0xb9, true, true)),
                              0x21,
                              "DSCP goes in");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Transport mode keeps its header (R218, R220, C43).
 *
 * 84 bytes become 120 with GCM; 64 bytes behind the header are counted.  DF and size do not matter.
 */
class OutputTransportTestCase : public TestCase
{
  public:
    OutputTransportTestCase()
        : TestCase("transport mode replaces the protocol and nothing else")
    {
    }

  private:
    void DoRun() override
    {
        OutputFixture fixture(MakeTransport(), MakeTransportTemplate());
        OutputPacket packet = OutputFixture::MakePacket();
        OutputResult result = fixture.Send(packet);
        NS_TEST_EXPECT_MSG_EQ(result.error, 0, "sent");
        NS_TEST_EXPECT_MSG_EQ(packet.length, 120, "length");
        NS_TEST_EXPECT_MSG_EQ(packet.header.id, 4711, "id");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(packet.header.ttl), 17, "TTL");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(packet.header.protocol), PROTO_ESP, "protocol");
        NS_TEST_EXPECT_MSG_EQ(fixture.state->GetUse().bytes, 64, "without the IP header");
        packet = OutputFixture::MakePacket();
        packet.length = 9000;
        result = fixture.Send(packet);
        NS_TEST_EXPECT_MSG_EQ(result.error, 0, "no size test");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The size test of tunnels (R203, R222): 1446 bytes pass, 1447 do not.
 *
 * Without DF, with ignore_df, or after one test it is skipped.  It counts OutStateModeError, and
 * neither a sequence number nor a packet is used up, since it comes before them.
 */
class OutputSizeTestCase : public TestCase
{
  public:
    OutputSizeTestCase()
        : TestCase("a tunnel refuses what exceeds its MTU and must not be fragmented")
    {
    }

  private:
    OutputResult Send(OutputFixture& fixture,
                      uint32_t length,
                      const std::function<void(OutputPacket&)>& change = {})
    {
        OutputPacket packet = OutputFixture::MakePacket();
        packet.length = length;
        if (change)
        {
            change(packet);
        }
        return fixture.Send(packet);
    }

    void DoRun() override
    {
        OutputFixture fixture;
        OutputResult result = Send(fixture, 1446);
        NS_TEST_EXPECT_MSG_EQ(result.error, 0, "fits");
        result = Send(fixture, 1447);
        NS_TEST_EXPECT_MSG_EQ(result.error, error::MSGSIZE, "too big");
        NS_TEST_EXPECT_MSG_EQ(result.mtu, 1446, "what would fit");
        NS_TEST_EXPECT_MSG_EQ(fixture.host.GetCounters(), "XfrmOutStateModeError=1", "counted");
        NS_TEST_EXPECT_MSG_EQ(fixture.state->GetUse().packets, 1, "only the first");
        result = Send(fixture, 1447, [](OutputPacket& p) { p.header.isDontFragment = false; });
        NS_TEST_EXPECT_MSG_EQ(result.error, 0, "no DF");
        result = Send(fixture, 1447, [](OutputPacket& p) { p.mayExceedMtu = true; });
        NS_TEST_EXPECT_MSG_EQ(result.error, 0, "ignore_df");
        result = Send(fixture, 1447, [](OutputPacket& p) { p.wasSizeTested = true; });
        NS_TEST_EXPECT_MSG_EQ(result.error, 0, "tested before");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Failures in their order, with their counters (R212 to R215, R219, C41, C48).
 *
 * A limit of two packets lets two pass; the third counts OutStateExpired, and from then on the
 * state
 * is dead, so that a packet on the cached chain counts OutStateInvalid.  A sequence number that
 * would wrap counts OutStateSeqError, each time again.
 */
class OutputFailureTestCase : public TestCase
{
  public:
    OutputFailureTestCase()
        : TestCase("a state that ends, or has no number left, drops packets")
    {
    }

  private:
    void DoRun() override
    {
        StateConfig limited = NamespaceFixture::MakeState();
        limited.limits.hardPackets = 2;
        OutputFixture fixture(limited);
        const std::vector<int32_t> errors{0, 0, error::INVAL, error::INVAL};
        const std::vector<std::string> counters{"",
                                                "",
                                                "XfrmOutStateExpired=1",
                                                "XfrmOutStateExpired=1 XfrmOutStateInvalid=1"};
        for (size_t i = 0; i < errors.size(); ++i)
        {
            OutputPacket packet = OutputFixture::MakePacket();
            const OutputResult result = fixture.Send(packet);
            NS_TEST_EXPECT_MSG_EQ(result.error, errors[i], "packet " << i);
            NS_TEST_EXPECT_MSG_EQ(fixture.host.GetCounters(), counters[i], "packet " << i);
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.state->GetUse().packets, 2, "packets");
        NS_TEST_EXPECT_MSG_EQ(fixture.state->GetUse().bytes, 168, "whole inner packets");

        StateConfig last = NamespaceFixture::MakeState();
        last.replay.outSequence = 0xfffffffe;
        OutputFixture atEnd(last);
        for (const int32_t error : {0, error::OVERRUN, error::OVERRUN})
        {
            OutputPacket packet = OutputFixture::MakePacket();
            const OutputResult result = atEnd.Send(packet);
            NS_TEST_EXPECT_MSG_EQ(result.error, error, "at the end of the numbers");
        }
        NS_TEST_EXPECT_MSG_EQ(atEnd.host.GetCounters(), "XfrmOutStateSeqError=2", "counted");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Failures for want of memory or of a next element (R203, R210, R216, R217, C42).
 *
 * No headroom fails before a number is taken.  The protocol's failure leaves a gap: number and
 * packet
 * are used up.  So does a chain that ends.
 */
class OutputFaultTestCase : public TestCase
{
  public:
    OutputFaultTestCase()
        : TestCase("steps that fail have their errors and counters, and may use up a number")
    {
    }

  private:
    void Expect(OutputStep step, int32_t error, const std::string& counters, uint64_t nPackets)
    {
        OutputFixture fixture;
        fixture.output.SetFault([step](OutputStep each, size_t) { return each == step; });
        OutputPacket packet = OutputFixture::MakePacket();
        OutputResult result = fixture.Send(packet);
        NS_TEST_EXPECT_MSG_EQ(result.error, error, counters);
        NS_TEST_EXPECT_MSG_EQ(fixture.host.GetCounters(), counters, counters);
        NS_TEST_EXPECT_MSG_EQ(fixture.state->GetUse().packets, nPackets, counters);
        fixture.output.SetFault({});
        packet = OutputFixture::MakePacket();
        result = fixture.Send(packet);
        NS_TEST_EXPECT_MSG_EQ(packet.layers[0].sequence, nPackets + 1, "next number: " << counters);
    }

    void DoRun() override
    {
        Expect(OutputStep::Headroom, error::NOMEM, "XfrmOutError=1", 0);
        Expect(OutputStep::Protocol, error::NOMEM, "XfrmOutStateProtoError=1", 1);
        Expect(OutputStep::Pop, error::HOSTUNREACH, "XfrmOutError=1", 1);
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Traffic flow confidentiality (R231): short packets are padded, up to what fits.
 *
 * 84 bytes padded to 200: 20 + 8 + 8 + (202 rounded up to 204) + 16 = 256.  tfcpad 9000 is bounded
 * by the MTU 1446, which makes 1500.
 */
class OutputPaddingTestCase : public TestCase
{
  public:
    OutputPaddingTestCase()
        : TestCase("TFC pads short packets, at most to what fits")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& [tfcPad, length] :
             std::vector<std::pair<uint32_t, uint32_t>>{{200, 256}, {50, 140}, {9000, 1500}})
        {
            StateConfig config = NamespaceFixture::MakeState();
            config.tfcPad = tfcPad;
            OutputFixture fixture(config);
            OutputPacket packet = OutputFixture::MakePacket();
            fixture.Send(packet);
            NS_TEST_EXPECT_MSG_EQ(packet.length, length, "tfcpad " << tfcPad);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A tunnel in a tunnel (R202, R222): the first header goes inside the second.
 *
 * 84 bytes become 140, and those 20 + 8 + 8 + (142 -> 144) + 16 = 196.
 */
class OutputNestedTestCase : public TestCase
{
  public:
    OutputNestedTestCase()
        : TestCase("each element of a chain transforms what the one before made")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        host.Add(NamespaceFixture::MakePolicy(
            {NamespaceFixture::MakeTemplate(1), NamespaceFixture::MakeTemplate(2)}));
        host.Add(NamespaceFixture::MakeState(0x1001, 1));
        host.Add(NamespaceFixture::MakeState(0x1002, 2));
        Output output(host.net);
        OutputPacket packet = OutputFixture::MakePacket();
        const OutputResult result = output.Send(*host.Decide().bundle, packet, host.Here());
        NS_TEST_ASSERT_MSG_EQ(result.error, 0, "sent");
        NS_TEST_EXPECT_MSG_EQ(packet.length, 196, "length");
        NS_TEST_ASSERT_MSG_EQ(packet.layers.size(), 2, "layers");
        NS_TEST_EXPECT_MSG_EQ(packet.layers[0].state->GetConfig().id.spi, 0x1001, "inner first");
        NS_TEST_EXPECT_MSG_EQ(packet.layers[1].clearBytes, 140, "the outer one protects all");
        NS_TEST_EXPECT_MSG_EQ(packet.layers[1].inside.destination.GetIpv4(),
                              Ipv4Address("10.9.0.2"),
                              "the first tunnel's header is inside");
        NS_TEST_EXPECT_MSG_EQ(host.work.transform.nSealed, 2, "work");
        NS_TEST_EXPECT_MSG_EQ(host.work.transform.nSealedBytes, 84 + 140, "bytes");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of Output.
 */
class OutputTestSuite : public TestSuite
{
  public:
    OutputTestSuite()
        : TestSuite("xfrm-output", UNIT)
    {
        AddTestCase(new OutputTunnelHeaderTestCase, TestCase::QUICK);
        AddTestCase(new OutputFlagsTestCase, TestCase::QUICK);
        AddTestCase(new EcnTestCase, TestCase::QUICK);
        AddTestCase(new OutputTransportTestCase, TestCase::QUICK);
        AddTestCase(new OutputSizeTestCase, TestCase::QUICK);
        AddTestCase(new OutputFailureTestCase, TestCase::QUICK);
        AddTestCase(new OutputFaultTestCase, TestCase::QUICK);
        AddTestCase(new OutputPaddingTestCase, TestCase::QUICK);
        AddTestCase(new OutputNestedTestCase, TestCase::QUICK);
    }
};

static OutputTestSuite g_outputTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
