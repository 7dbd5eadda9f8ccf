/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"
#include "ns3/xfrm-input.h"

#include <deque>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// A packet whose layers are scripted: what each front says and what each opening yields.
class ScriptedPacket : public SealedPacket
{
  public:
    /// One layer.
    struct Layer
    {
        std::optional<SpiSequence> front; //!< what ParseSpi() says
        OpenedLayer opened;               //!< what Open() says
    };

    std::optional<SpiSequence> ParseSpi(uint8_t protocol) override
    {
        protocols.push_back(protocol);
        return layers.front().front;
    }

    OpenedLayer Open(State& /*state*/, uint64_t /*sequence*/) override
    {
        const OpenedLayer opened = layers.front().opened;
        layers.pop_front();
        return opened;
    }

    std::deque<Layer> layers;       //!< layers still closed, outermost first
    std::vector<uint8_t> protocols; //!< what ParseSpi() was asked for
};

/// A host that receives.
class InputFixture
{
  public:
    InputFixture()
        : input(host.net)
    {
    }

    /// @param mode its mode @param spi its SPI @return a state 10.9.0.2 -> 10.9.0.1, window 32
    static StateConfig MakeState(Mode mode = Mode::Tunnel, uint32_t spi = 0x2001)
    {
        StateConfig config = NamespaceFixture::MakeState(spi);
        config.id.destination = Ipv4Address("10.9.0.1");
        config.source = Ipv4Address("10.9.0.2");
        config.mode = mode;
        config.replay.windowPackets = 32;
        return config;
    }

    /**
     * @brief Receive a packet of one layer.
     * @param sequence its number @param opened what is inside @param spi its SPI
     * @return how it ended
     */
    InputResult Receive(uint32_t sequence,
                        const OpenedLayer& opened = {0, PROTO_IPIP, 84},
                        uint32_t spi = 0x2001)
    {
        ScriptedPacket sealed;
        sealed.layers.push_back({SpiSequence{spi, sequence}, opened});
        return Receive(sealed);
    }

    /// @param sealed a packet to receive @return how it ended
    InputResult Receive(ScriptedPacket& sealed)
    {
        return input.Receive(packet, sealed, path, host.Here());
    }

    NamespaceFixture host; //!< the host
    Input input;           //!< its input
    /// what is known of packets
    InputPacket packet{.destination = Ipv4Address("10.9.0.1")};
    SecPath path; //!< states of all layers opened
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief A tunnel packet (R240, R244, R254, R256, R257): counted, its state on the sec_path.
 */
class InputTunnelTestCase : public TestCase
{
  public:
    InputTunnelTestCase()
        : TestCase("a tunnel packet is opened and remembered on the path")
    {
    }

  private:
    void DoRun() override
    {
        InputFixture fixture;
        const Ptr<State> state = fixture.host.Add(InputFixture::MakeState());
        const InputResult result = fixture.Receive(1);
        NS_TEST_EXPECT_MSG_EQ((result.verdict == InputVerdict::Decapsulated), true, "opened");
        NS_TEST_ASSERT_MSG_EQ(fixture.path.size(), 1, "path");
        NS_TEST_EXPECT_MSG_EQ(fixture.path[0], state, "its state");
        NS_TEST_EXPECT_MSG_EQ(state->GetUse().bytes, 84, "bytes of what was inside");
        NS_TEST_EXPECT_MSG_EQ(state->GetUse().packets, 1, "packets");
        NS_TEST_EXPECT_MSG_EQ(state->GetUse().useTime, 1434931200, "first used");
        NS_TEST_EXPECT_MSG_EQ(fixture.host.GetCounters(), "", "no counter");
        NS_TEST_EXPECT_MSG_EQ(fixture.host.work.transform.nOpened, 1, "work");
        NS_TEST_EXPECT_MSG_EQ(fixture.host.work.state.nSpiLookups, 1, "one search");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Each drop with its counter (R242, R244, R245, R246, R247, R252, R256, R258, R281, C44).
 *
 * The state is found by destination, SPI, protocol and mark; it joins the path before it is tested.
 */
class InputDropTestCase : public TestCase
{
  public:
    InputDropTestCase()
        : TestCase("each reason to drop a received packet has its counter")
    {
    }

  private:
    void Expect(InputFixture& fixture,
                const InputResult& result,
                const std::string& counters,
                size_t pathLength)
    {
        NS_TEST_EXPECT_MSG_EQ((result.verdict == InputVerdict::Dropped), true, counters);
        NS_TEST_EXPECT_MSG_EQ(fixture.host.GetCounters(), counters, counters);
        NS_TEST_EXPECT_MSG_EQ(fixture.path.size(), pathLength, "path: " << counters);
    }

    void DoRun() override
    {
        {
            InputFixture fixture;
            ScriptedPacket sealed;
            sealed.layers.push_back({std::nullopt, {}});
            Expect(fixture, fixture.Receive(sealed), "XfrmInHdrError=1", 0);
        }
        {
            InputFixture fixture;
            fixture.host.Add(InputFixture::MakeState());
            Expect(fixture, fixture.Receive(1, {}, 0x2002), "XfrmInNoStates=1", 0);
            fixture.packet.protocol = PROTO_AH;
            Expect(fixture, fixture.Receive(1), "XfrmInNoStates=2", 0);
            fixture.packet.protocol = PROTO_ESP;
            fixture.packet.destination = Ipv4Address("10.1.0.1");
            Expect(fixture, fixture.Receive(1), "XfrmInNoStates=3", 0);
        }
        {
            InputFixture fixture;
            fixture.host.net.GetStates().InsertLarval(
                Create<State>(InputFixture::MakeState(), nullptr),
                1);
            Expect(fixture, fixture.Receive(1), "XfrmAcquireError=1", 1);
        }
        {
            InputFixture fixture;
            fixture.host.net.GetStates().InsertLarval(
                Create<State>(InputFixture::MakeState(Mode::Tunnel, 0x2002), nullptr),
                1,
                StateStatus::Expired);
            Expect(fixture, fixture.Receive(1, {}, 0x2002), "XfrmInStateInvalid=1", 1);
        }
        {
            InputFixture fixture;
            fixture.host.Add(InputFixture::MakeState());
            fixture.packet.encapType = EncapType::EspInUdp;
            Expect(fixture, fixture.Receive(1), "XfrmInStateMismatch=1", 1);
        }
        {
            InputFixture fixture;
            const Ptr<State> state = fixture.host.Add(InputFixture::MakeState());
            Expect(fixture,
                   fixture.Receive(1, {error::BADMSG, 0, 0}),
                   "XfrmInStateProtoError=1",
                   1);
            NS_TEST_EXPECT_MSG_EQ(state->statistics.nIntegrityFailed, 1, "wrong ICV");
            Expect(fixture, fixture.Receive(1, {error::INVAL, 0, 0}), "XfrmInStateProtoError=2", 2);
            NS_TEST_EXPECT_MSG_EQ(state->statistics.nIntegrityFailed, 1, "malformed is no ICV");
            NS_TEST_EXPECT_MSG_EQ(state->GetUse().packets, 0, "not counted");
            const InputResult again = fixture.Receive(1);
            NS_TEST_EXPECT_MSG_EQ((again.verdict == InputVerdict::Decapsulated),
                                  true,
                                  "the window did not advance");
        }
        {
            InputFixture fixture;
            fixture.host.Add(InputFixture::MakeState());
            Expect(fixture, fixture.Receive(1, {0, PROTO_UDP, 64}), "XfrmInStateModeError=1", 1);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The replay window on the way in (R249, R281, C47).
 *
 * Window 32: 100 is new, 100 again was seen, 69 = 100 - 31 is the last in the window, 68 is too
 * old,
 * 0 is never right.  Without a window everything passes.
 */
class InputReplayTestCase : public TestCase
{
  public:
    InputReplayTestCase()
        : TestCase("replayed and old packets are dropped, and the state says which")
    {
    }

  private:
    void DoRun() override
    {
        InputFixture fixture;
        const Ptr<State> state = fixture.host.Add(InputFixture::MakeState());
        const std::vector<std::pair<uint32_t, bool>> rows{{100, true},
                                                          {100, false},
                                                          {69, true},
                                                          {68, false},
                                                          {0, false}};
        for (const auto& [sequence, isTaken] : rows)
        {
            const InputResult result = fixture.Receive(sequence);
            fixture.path.clear();
            NS_TEST_EXPECT_MSG_EQ((result.verdict == InputVerdict::Decapsulated),
                                  isTaken,
                                  "number " << sequence);
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.host.GetCounters(), "XfrmInStateSeqError=3", "counted");
        NS_TEST_EXPECT_MSG_EQ(state->statistics.nReplay, 1, "seen before");
        NS_TEST_EXPECT_MSG_EQ(state->statistics.nReplayWindow, 1, "too old");
        StateConfig open = InputFixture::MakeState(Mode::Tunnel, 0x2002);
        open.replay.windowPackets = 0;
        fixture.host.Add(open);
        for (const uint32_t sequence : {7, 7, 0})
        {
            const InputResult result = fixture.Receive(sequence, {0, PROTO_IPIP, 84}, 0x2002);
            fixture.path.clear();
            NS_TEST_EXPECT_MSG_EQ((result.verdict == InputVerdict::Decapsulated),
                                  true,
                                  "no window, number " << sequence);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A state that ended (R246, R250): expired once, then there is none.
 */
class InputExpiryTestCase : public TestCase
{
  public:
    InputExpiryTestCase()
        : TestCase("a state at its limit drops the packet and is gone")
    {
    }

  private:
    void DoRun() override
    {
        InputFixture fixture;
        StateConfig limited = InputFixture::MakeState();
        limited.limits.hardPackets = 1;
        fixture.host.Add(limited);
        fixture.Receive(1);
        fixture.Receive(2);
        NS_TEST_EXPECT_MSG_EQ(fixture.host.GetCounters(), "XfrmInStateExpired=1", "expired");
        fixture.Receive(3);
        NS_TEST_EXPECT_MSG_EQ(fixture.host.GetCounters(),
                              "XfrmInNoStates=1 XfrmInStateExpired=1",
                              "gone");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Transport layers are opened until something else comes (R243, R255, R257).
 *
 * Two nested transport layers are opened and delivered.  Six layers are the most; a seventh is not
 * even looked up.  A transport state without selector family finds no mode and drops uncounted.
 */
class InputTransportTestCase : public TestCase
{
  public:
    InputTransportTestCase()
        : TestCase("transport layers are opened one after the other, six at most")
    {
    }

  private:
    static ScriptedPacket MakeNested(uint32_t nLayers)
    {
        ScriptedPacket sealed;
        for (uint32_t i = 1; i <= nLayers; ++i)
        {
            const uint8_t next = i < nLayers ? PROTO_ESP : PROTO_UDP;
            sealed.layers.push_back({SpiSequence{0x2001, i}, {0, next, 64}});
        }
        return sealed;
    }

    void DoRun() override
    {
        InputFixture fixture;
        fixture.host.Add(InputFixture::MakeState(Mode::Transport));
        ScriptedPacket two = MakeNested(2);
        const InputResult result = fixture.Receive(two);
        NS_TEST_EXPECT_MSG_EQ((result.verdict == InputVerdict::Delivered), true, "two layers");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(result.nextHeader), PROTO_UDP, "what was inside");
        NS_TEST_EXPECT_MSG_EQ(fixture.path.size(), 2, "path");

        InputFixture deep;
        deep.host.Add(InputFixture::MakeState(Mode::Transport));
        ScriptedPacket seven = MakeNested(7);
        deep.Receive(seven);
        NS_TEST_EXPECT_MSG_EQ(deep.host.GetCounters(), "XfrmInBufferError=1", "too deep");
        NS_TEST_EXPECT_MSG_EQ(seven.layers.size(), 1, "six were opened");

        InputFixture unspecified;
        StateConfig config = InputFixture::MakeState(Mode::Transport);
        config.flags = StateConfig::FLAG_AF_UNSPEC;
        unspecified.host.Add(config);
        const InputResult none = unspecified.Receive(1, {0, PROTO_UDP, 64});
        NS_TEST_EXPECT_MSG_EQ((none.verdict == InputVerdict::Dropped), true, "no mode");
        NS_TEST_EXPECT_MSG_EQ(unspecified.host.GetCounters(), "", "and no counter");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of Input.
 */
class InputTestSuite : public TestSuite
{
  public:
    InputTestSuite()
        : TestSuite("xfrm-input", UNIT)
    {
        AddTestCase(new InputTunnelTestCase, TestCase::QUICK);
        AddTestCase(new InputDropTestCase, TestCase::QUICK);
        AddTestCase(new InputReplayTestCase, TestCase::QUICK);
        AddTestCase(new InputExpiryTestCase, TestCase::QUICK);
        AddTestCase(new InputTransportTestCase, TestCase::QUICK);
    }
};

static InputTestSuite g_inputTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
