/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-decap.h"

#include "ns3/test.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

constexpr size_t IP_BYTES{20}; //!< header in front
constexpr size_t UDP_BYTES{8}; //!< of a UDP header

/// What becomes of packets; a counter is the one of the rule that stands behind it.
constexpr std::string_view INNER{"inner"};
constexpr std::string_view MALFORMED{"malformed"};
constexpr std::string_view HEADER_ERROR{"dropped XfrmInHdrError+1"};          //!< R242
constexpr std::string_view NO_STATES{"dropped XfrmInNoStates+1"};             //!< R244
constexpr std::string_view MISMATCH{"dropped XfrmInStateMismatch+1"};         //!< R247
constexpr std::string_view SEQUENCE_ERROR{"dropped XfrmInStateSeqError+1"};   //!< R249
constexpr std::string_view EXPIRED{"dropped XfrmInStateExpired+1"};           //!< R250
constexpr std::string_view PROTOCOL_ERROR{"dropped XfrmInStateProtoError+1"}; //!< R252, R258
constexpr std::string_view MODE_ERROR{"dropped XfrmInStateModeError+1"};      //!< R256

/// @return what becomes of a packet whose byte at an offset is changed
/// @param protection how it is protected @param packet it, changed @param offset of the byte
std::string_view
ExpectTampered(const Protection& protection, const Octets& packet, size_t offset)
{
    if (offset < IP_BYTES)
    {
        return MALFORMED; // the header's checksum
    }
    size_t start = IP_BYTES;
    if (protection.isInUdp && offset < IP_BYTES + UDP_BYTES)
    {
        const bool isShorter = ReadUint16(packet, IP_BYTES + 4) < packet.size() - IP_BYTES &&
                               ReadUint16(packet, IP_BYTES + 4) > UDP_BYTES + 8;
        constexpr std::array<std::string_view, 4> BY_FIELD{INNER, "plain", MALFORMED, MALFORMED};
        // The source port is nobody's secret: a NAT may change it (R248).
        return isShorter && (offset == IP_BYTES + 4 || offset == IP_BYTES + 5)
                   ? PROTOCOL_ERROR
                   : BY_FIELD.at((offset - IP_BYTES) / 2);
    }
    start += protection.isInUdp ? UDP_BYTES : 0;
    start += protection.protocol == PROTO_AH ? 4 : 0;
    const bool isSpi = offset >= start && offset < start + 4;
    return isSpi ? NO_STATES : PROTOCOL_ERROR;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief One byte of a packet is changed, at every offset, by its lowest, highest and all bits.
 *
 * Bytes of the IP header break its checksum.  Those of the SPI name another state, of which there
 * is none.  Sequence number 100 becomes another one that the empty window takes, and none becomes
 * 0; like all other bytes it is in the check value (RFC 4303, section 2; RFC 4302, section 2).  In
 * front of ESP in UDP: another destination port is no port of ESP, a longer length or a checksum is
 * wrong, a shorter length cuts ESP.  The packet as it was gets in afterwards: the window did not
 * advance.
 */
class DecapTamperTestCase : public TestCase
{
  public:
    /// @param protection how the packet is protected
    explicit DecapTamperTestCase(const Protection& protection)
        : TestCase("no byte can be changed unnoticed: " + protection.name),
          m_protection(protection)
    {
    }

  private:
    void DoRun() override
    {
        const Octets good = DecapFixture(m_protection).MakeSealed(m_protection, 100);
        for (size_t offset = 0; offset < good.size(); ++offset)
        {
            for (const uint8_t bits : {0x01, 0x80, 0xff})
            {
                Check(good, offset, bits);
            }
        }
    }

    /// Changes bits of a byte.
    void Check(const Octets& good, size_t offset, uint8_t bits)
    {
        DecapFixture fixture(m_protection);
        Octets packet = good;
        packet[offset] ^= bits;
        const auto expected = ExpectTampered(m_protection, packet, offset);
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(packet), expected, "byte " << offset);
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(good),
                              (expected == INNER ? SEQUENCE_ERROR : INNER),
                              "the packet as it was, behind byte " << offset);
    }

    Protection m_protection; //!< how the packet is protected
};

/**
 * @ingroup xfrm-tests
 * @brief A packet ends early, at every length (R242, R258).
 *
 * If the IP header knows nothing of it, it is no packet.  If it does: without SPI and sequence
 * number (8 bytes of ESP, 12 of AH) there is no header; with them the check value, or what is left,
 * is wrong.  In UDP, whose length is adjusted, too, up to 8 bytes are no ESP (R241).
 */
class DecapTruncateTestCase : public TestCase
{
  public:
    /// @param protection how the packet is protected
    explicit DecapTruncateTestCase(const Protection& protection)
        : TestCase("no packet that is cut short gets in: " + protection.name),
          m_protection(protection)
    {
    }

  private:
    void DoRun() override
    {
        DecapFixture fixture(m_protection);
        const Octets good = fixture.MakeSealed(m_protection, 100);
        const std::span<const uint8_t> all(good);
        for (size_t nBytes = 0; nBytes < good.size(); ++nBytes)
        {
            NS_TEST_EXPECT_MSG_EQ(fixture.Receive(all.first(nBytes)),
                                  MALFORMED,
                                  "of the whole " << nBytes);
        }
        const size_t leastBytes = m_protection.protocol == PROTO_AH ? 12 : 8;
        const auto payload = all.subspan(IP_BYTES + (m_protection.isInUdp ? UDP_BYTES : 0));
        for (size_t nBytes = 0; nBytes < payload.size(); ++nBytes)
        {
            const auto part = payload.first(nBytes);
            const auto outer = m_protection.isInUdp
                                   ? fixture.MakeOuter(PROTO_UDP, fixture.MakeUdp(part))
                                   : fixture.MakeOuter(m_protection.protocol, part);
            const auto small = m_protection.isInUdp ? "ike" : HEADER_ERROR;
            const bool isSmall = m_protection.isInUdp ? nBytes <= 8 : nBytes < leastBytes;
            NS_TEST_EXPECT_MSG_EQ(fixture.Receive(outer),
                                  (isSmall ? small : PROTOCOL_ERROR),
                                  "behind the header " << nBytes);
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(good), INNER, "the packet as it was");
    }

    Protection m_protection; //!< how the packet is protected
};

/**
 * @ingroup xfrm-tests
 * @brief Packets come again, late and out of order (R172, R249), window 32.
 *
 * 40 is new and comes once; 9 = 40 - 31 is the last in the window; 8 is behind it; 41 moves it, so
 * that 9 is behind, too; 0 is never right.
 */
class DecapReplayTestCase : public TestCase
{
  public:
    /// @param protection how the packets are protected
    explicit DecapReplayTestCase(const Protection& protection)
        : TestCase("no packet comes twice or too late: " + protection.name),
          m_protection(protection)
    {
    }

  private:
    void DoRun() override
    {
        DecapFixture fixture(m_protection);
        const std::vector<std::pair<uint32_t, std::string_view>> rows{{40, INNER},
                                                                      {40, SEQUENCE_ERROR},
                                                                      {9, INNER},
                                                                      {9, SEQUENCE_ERROR},
                                                                      {8, SEQUENCE_ERROR},
                                                                      {10, INNER},
                                                                      {41, INNER},
                                                                      {9, SEQUENCE_ERROR},
                                                                      {0, SEQUENCE_ERROR},
                                                                      {39, INNER}};
        for (const auto& [sequence, expected] : rows)
        {
            NS_TEST_EXPECT_MSG_EQ(fixture.Receive(fixture.MakeSealed(m_protection, sequence)),
                                  expected,
                                  "number " << sequence);
        }
    }

    Protection m_protection; //!< how the packets are protected
};

/**
 * @ingroup xfrm-tests
 * @brief Packets that are well made, and not for a state of the host (R244, R247, R252).
 *
 * SPI 0x1002 has no state.  With another key the check value is wrong.  Under the other protocol's
 * number nothing is found by what stands where the SPI is.  A packet for another address is not
 * this host's.
 */
class DecapStrangerTestCase : public TestCase
{
  public:
    /// @param protection how the packets are protected
    explicit DecapStrangerTestCase(const Protection& protection)
        : TestCase("no packet of another state gets in: " + protection.name),
          m_protection(protection)
    {
    }

  private:
    void DoRun() override
    {
        DecapFixture fixture(m_protection);
        Protection other = m_protection;
        const size_t key = other.words.find("0x");
        other.words.replace(key, 4, "0xfe");
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(DecapFixture(other).MakeSealed(other)),
                              PROTOCOL_ERROR,
                              "another key");

        DecapFixture stranger(
            MakeStateText(m_protection.words, m_protection.proto, "tunnel", 0x1002));
        const Octets sealed =
            stranger.Seal(stranger.MakeInner(), {.spi = 0x1002, .protocol = m_protection.protocol});
        const Octets outer = m_protection.isInUdp
                                 ? fixture.MakeOuter(PROTO_UDP, fixture.MakeUdp(sealed))
                                 : fixture.MakeOuter(m_protection.protocol, sealed);
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(outer), NO_STATES, "another SPI");

        const uint8_t protocol = m_protection.protocol == PROTO_AH ? PROTO_ESP : PROTO_AH;
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(fixture.MakeOuter(protocol, sealed)),
                              NO_STATES,
                              "another protocol");

        Octets away = fixture.MakeSealed(m_protection);
        away[19] = 3; // 10.9.0.3
        away[11] -= 1;
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(away), "not for this host", "another address");
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(fixture.MakeSealed(m_protection)), INNER, "its own");
    }

    Protection m_protection; //!< how the packets are protected
};

/**
 * @ingroup xfrm-tests
 * @brief Authentic packets that the state can't take (R247, R250, R256, R258).
 *
 * A tunnel with UDP inside instead of IP; a dummy, which does not move the window; the second
 * packet of a state that takes one, after which it is gone; ESP in UDP for a state that does not
 * want it, and the other way round.
 */
class DecapUnfitTestCase : public TestCase
{
  public:
    DecapUnfitTestCase()
        : TestCase("an authentic packet that does not fit its state is dropped")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<Protection> all = ListProtections();
        const Protection& gcm = all.front();
        const Protection& inUdp = all.back();
        DecapFixture tunnel(gcm);
        const auto seal = [](DecapFixture& fixture, uint8_t nextHeader, uint32_t spi = 0x1001) {
            return fixture.Seal(fixture.MakeInner(), {.spi = spi, .nextHeader = nextHeader});
        };
        const Octets dummy = tunnel.MakeOuter(PROTO_ESP, seal(tunnel, PROTO_NONE));
        NS_TEST_EXPECT_MSG_EQ(tunnel.Receive(dummy), PROTOCOL_ERROR, "a dummy");
        NS_TEST_EXPECT_MSG_EQ(tunnel.Receive(dummy), PROTOCOL_ERROR, "the same number");
        const Octets udp = tunnel.MakeOuter(PROTO_ESP, seal(tunnel, PROTO_UDP));
        NS_TEST_EXPECT_MSG_EQ(tunnel.Receive(udp), MODE_ERROR, "UDP in a tunnel");
        NS_TEST_EXPECT_MSG_EQ(tunnel.last.inner.empty(), true, "nothing comes out of it");

        Protection limited = gcm;
        limited.words += " limit packet-hard 1";
        DecapFixture once(limited);
        NS_TEST_EXPECT_MSG_EQ(once.Receive(once.MakeSealed(gcm, 1)), INNER, "the first");
        const Octets second = once.MakeSealed(gcm, 2);
        NS_TEST_EXPECT_MSG_EQ(once.Receive(second), EXPIRED, "one too many");
        NS_TEST_EXPECT_MSG_EQ(once.Receive(second), NO_STATES, "its state is gone");

        DecapFixture both(MakeStateText(gcm.words) +
                          MakeStateText(inUdp.words, "esp", "tunnel", 0x1002));
        const auto hidden = both.MakeUdp(seal(both, PROTO_IPIP));
        NS_TEST_EXPECT_MSG_EQ(both.Receive(both.MakeOuter(PROTO_UDP, hidden)),
                              MISMATCH,
                              "in UDP, and should not be");
        NS_TEST_EXPECT_MSG_EQ(
            both.Receive(both.MakeOuter(PROTO_ESP, seal(both, PROTO_IPIP, 0x1002))),
            MISMATCH,
            "not in UDP, and should be");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of Decap against packets that must not get in.
 */
class DecapTamperTestSuite : public TestSuite
{
  public:
    DecapTamperTestSuite()
        : TestSuite("xfrm-decap-tamper", UNIT)
    {
        for (const Protection& protection : ListProtections())
        {
            AddTestCase(new DecapTamperTestCase(protection), TestCase::QUICK);
            AddTestCase(new DecapTruncateTestCase(protection), TestCase::QUICK);
            AddTestCase(new DecapReplayTestCase(protection), TestCase::QUICK);
            AddTestCase(new DecapStrangerTestCase(protection), TestCase::QUICK);
        }
        AddTestCase(new DecapUnfitTestCase, TestCase::QUICK);
    }
};

static DecapTamperTestSuite g_decapTamperTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
