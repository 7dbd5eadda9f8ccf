/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"
#include "ns3/xfrm-input.h"
#include "ns3/xfrm-output.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace ns3::xfrm::tests
{

namespace
{

/// A key manager that mirrors sequence numbers, or does not.
class Mirror : public KeyManager
{
  public:
    /// @param mirrors whether it does
    explicit Mirror(bool mirrors)
        : m_mirrors(mirrors)
    {
    }

    bool IsListening() const override
    {
        return false;
    }

    int32_t Acquire(const Ptr<State>& /*larval*/,
                    const Template& /*wanted*/,
                    const Ptr<Policy>& /*policy*/) override
    {
        return error::SRCH;
    }

    void NotifyPolicyExpiry(const Ptr<Policy>& /*policy*/, bool /*isHard*/) override
    {
    }

    void NotifyExpiry(const Ptr<State>& /*state*/, StateExpiry /*expiry*/) override
    {
    }

    bool MirrorsReplay() const override
    {
        return m_mirrors;
    }

    void NotifyReplay(const Ptr<State>& state, ReplayEvent event) override
    {
        const ReplayWindow& replay = state->GetReplay();
        told += (event == ReplayEvent::Update ? "update " : "timeout ") +
                std::to_string(replay.GetOutSequence()) + "/" +
                std::to_string(replay.GetInSequence()) + " ";
    }

    /// @return what it was told since this was last asked
    std::string Take()
    {
        return std::exchange(told, "");
    }

    std::string told; //!< what it was told

  private:
    bool m_mirrors; //!< whether it mirrors
};

/// A packet of one layer whose number is chosen.
class NumberedPacket : public SealedPacket
{
  public:
    /// @param sequence its number @param error of its opening, 0 none
    NumberedPacket(uint32_t sequence, int32_t error)
        : m_sequence(sequence),
          m_error(error)
    {
    }

    std::optional<SpiSequence> ParseSpi(uint8_t /*protocol*/) override
    {
        return SpiSequence{0x2001, m_sequence};
    }

    OpenedLayer Open(State& /*state*/, uint64_t /*sequence*/) override
    {
        return {m_error, PROTO_IPIP, 84};
    }

  private:
    uint32_t m_sequence; //!< its number
    int32_t m_error;     //!< of its opening
};

/// A host with a state for either way.
class MirroredHost
{
  public:
    MirroredHost()
        : m_output(host.net),
          m_input(host.net)
    {
        host.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
        StateConfig inbound = NamespaceFixture::MakeState(0x2001);
        std::swap(inbound.id.destination, inbound.source);
        inbound.replay.windowPackets = 32;
        host.Add(inbound);
        host.Add(NamespaceFixture::MakeState());
    }

    /// @brief Send a packet.
    void Send()
    {
        OutputPacket packet;
        packet.length = 84;
        const OutputDecision decision = host.Decide();
        m_output.Send(*decision.bundle, packet, host.Here());
    }

    /// @brief Receive a packet.  @param sequence its number @param error of its opening, 0 none
    void Receive(uint32_t sequence, int32_t error = 0)
    {
        NumberedPacket sealed(sequence, error);
        SecPath path;
        m_input.Receive({.destination = Ipv4Address("10.9.0.1")}, sealed, path, host.Here());
    }

    NamespaceFixture host; //!< the host

  private:
    Output m_output; //!< its output
    Input m_input;   //!< its input
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Packets tell key managers that mirror numbers, when they have moved by 2 (R171, R173,
 * R178).
 *
 * A packet that is sent takes a number; one that is received advances after it was opened, so a
 * forged one tells nothing (R177).  An event starts the timer, of which the host's clock is told.
 */
class ReplayNoticesTestCase : public TestCase
{
  public:
    ReplayNoticesTestCase()
        : TestCase("packets sent and received tell who mirrors sequence numbers")
    {
    }

  private:
    void DoRun() override
    {
        MirroredHost fixture;
        NamespaceFixture& host = fixture.host;
        host.now = Seconds(10);
        host.net.RunTimers(host.now); // those that run after additions
        host.net.RunTimers(host.now);
        uint32_t nToldTimers = 0;
        host.net.SetTimerListener([&] { ++nToldTimers; });
        Mirror mirror(true);
        Mirror other(false);
        host.net.AddKeyManager(mirror);
        host.net.AddKeyManager(other);
        fixture.Send();
        NS_TEST_EXPECT_MSG_EQ(mirror.Take(), "timeout 1/0 ", "the timer ran in vain before");
        NS_TEST_EXPECT_MSG_EQ(nToldTimers, 1, "the clock is told of the timer");
        const Time due = host.net.GetNextTimer().value_or(Time(0));
        NS_TEST_EXPECT_MSG_EQ(due, Seconds(11), "1 s later");
        fixture.Send();
        NS_TEST_EXPECT_MSG_EQ(mirror.Take(), "", "sent 2: moved by 1");
        fixture.Send();
        NS_TEST_EXPECT_MSG_EQ(mirror.Take(), "update 3/0 ", "sent 3: moved by 2");
        fixture.Receive(7, error::BADMSG);
        NS_TEST_EXPECT_MSG_EQ(mirror.Take(), "", "forged: no number moved");
        fixture.Receive(7);
        NS_TEST_EXPECT_MSG_EQ(mirror.Take(), "update 0/7 ", "received 7: moved by 7");
        fixture.Receive(8);
        NS_TEST_EXPECT_MSG_EQ(mirror.Take(), "", "received 8: moved by 1");
        host.now = Seconds(11);
        host.net.RunTimers(host.now);
        NS_TEST_EXPECT_MSG_EQ(mirror.Take(), "timeout 0/8 ", "the timer tells the rest");
        NS_TEST_EXPECT_MSG_EQ(other.told, "", "who does not mirror is told nothing");
        host.net.RemoveKeyManager(mirror);
        for (uint32_t i = 0; i < 5; ++i)
        {
            fixture.Send();
        }
        NS_TEST_EXPECT_MSG_EQ(mirror.told, "", "gone");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of notices of sequence numbers, from packets to key managers.
 */
class ReplayNoticesTestSuite : public TestSuite
{
  public:
    ReplayNoticesTestSuite()
        : TestSuite("xfrm-replay-notices", UNIT)
    {
        AddTestCase(new ReplayNoticesTestCase, TestCase::QUICK);
    }
};

static ReplayNoticesTestSuite g_replayNoticesTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
