/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-decap.h"

#include "ns3/test.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

const std::string DEFLATE{"comp deflate"};

/// Selector and direction of what the host itself receives.
constexpr const char* IN{"src 10.9.0.1/32 dst 10.9.0.2/32 dir in"};

/// @return 200 bytes that compress well, as a datagram 10.1.0.2 -> 10.2.0.2
Octets
MakeLongInner()
{
    const Octets inner = DecapFixture::MakeInner();
    return JoinIp(IpBytes(inner).GetHeader(), PROTO_UDP, Octets(200, 7));
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief What is inside comes out as it was, without the zeros of TFC (R231, R259).
 *
 * The inner packet has 20 + 8 + 20 = 48 bytes, and is padded to 300.  Sealed again, the zeros are
 * what was captured.
 */
class DecapPaddedTestCase : public TestCase
{
  public:
    DecapPaddedTestCase()
        : TestCase("an inner packet comes out without its padding, and is sealed again with it")
    {
    }

  private:
    void DoRun() override
    {
        DecapFixture fixture(ListProtections().front());
        const Octets sealed = fixture.Seal(fixture.MakeInner(), {.padToBytes = 300});
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(fixture.MakeOuter(PROTO_ESP, sealed)),
                              "inner",
                              "verdict");
        NS_TEST_EXPECT_MSG_EQ(ToHex(fixture.last.inner), ToHex(fixture.MakeInner()), "inside");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.isOpened, true, "opened");
        NS_TEST_EXPECT_MSG_EQ(fixture.ResealLast(), "equal", "sealed again");
        // 8 bytes of header, 8 of initialisation vector, then the text.
        fixture.last.layers.front().sealed[20] ^= 1;
        NS_TEST_EXPECT_MSG_EQ(fixture.ResealLast(), "differs at 20", "another byte");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Layers around layers (R243, R257, R264): each is opened, and sealed again alike.
 *
 * AH around ESP, both in transport mode, between the two hosts; a tunnel in a tunnel, both for this
 * host; ESP in transport mode around IPcomp in tunnel mode, which is compared by what comes out, or
 * around what IPcomp left as it was: IPcomp's own state for IP in IP takes it (R235), and meets
 * only optional templates (R264).
 */
class DecapNestedTestCase : public TestCase
{
  public:
    DecapNestedTestCase()
        : TestCase("layers in layers are opened one after the other")
    {
    }

  private:
    void Expect(DecapFixture& fixture, const Octets& packet, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(packet), "inner", what);
        NS_TEST_EXPECT_MSG_EQ(fixture.last.layers.size(), 2, what << ": layers");
        NS_TEST_EXPECT_MSG_EQ(fixture.ResealLast(), "equal", what << ": sealed again");
    }

    void DoRun() override
    {
        const auto datagram = DecapFixture::MakeUdp(MakePattern(20), 6000);
        DecapFixture bundle(MakeStateText(DECAP_SHA1, "ah", "transport") +
                            MakeStateText(DECAP_GCM, "esp", "transport", 0x1002) +
                            MakePolicyText("tmpl proto esp reqid 1 tmpl proto ah reqid 1", IN));
        const Octets esp = bundle.Seal(datagram, {.spi = 0x1002, .nextHeader = PROTO_UDP});
        const Octets ah = bundle.Seal(esp, {.protocol = PROTO_AH, .nextHeader = PROTO_ESP});
        Expect(bundle, bundle.MakeOuter(PROTO_AH, ah), "AH around ESP");
        NS_TEST_EXPECT_MSG_EQ(ToHex(bundle.last.inner),
                              ToHex(bundle.MakeOuter(PROTO_UDP, datagram)),
                              "the datagram behind the header");

        DecapFixture tunnels(MakeStateText(DECAP_GCM) +
                             MakeStateText(DECAP_GCM, "esp", "tunnel", 0x1002) +
                             MakePolicyText(MakeTunnelText() + " " + MakeTunnelText()));
        const Octets inner = tunnels.Seal(tunnels.MakeInner(), {.spi = 0x1002});
        const Octets outer = tunnels.Seal(tunnels.MakeOuter(PROTO_ESP, inner));
        Expect(tunnels, tunnels.MakeOuter(PROTO_ESP, outer), "a tunnel in a tunnel");
        NS_TEST_EXPECT_MSG_EQ(ToHex(tunnels.last.inner), ToHex(tunnels.MakeInner()), "inside");

        DecapFixture comp(
            MakeStateText(DEFLATE, "comp") + MakeStateText(DECAP_GCM, "esp", "transport", 0x1002) +
            MakePolicyText(MakeTunnelText("comp") + " level use tmpl proto esp reqid 1"));
        const Octets small = comp.Seal(MakeLongInner(), {.protocol = PROTO_COMP});
        const Octets packed = comp.Seal(small, {.spi = 0x1002, .nextHeader = PROTO_COMP});
        Expect(comp, comp.MakeOuter(PROTO_ESP, packed), "ESP around IPcomp");
        NS_TEST_EXPECT_MSG_EQ(ToHex(comp.last.inner), ToHex(MakeLongInner()), "inside");
        const LayerWords plain{.spi = 0x1002, .sequence = 2, .nextHeader = PROTO_IPIP};
        const Octets left = comp.Seal(comp.MakeInner(), plain);
        Expect(comp, comp.MakeOuter(PROTO_ESP, left), "ESP around IP in IP");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Types of service come inside (R259), with the inner header's checksum.
 *
 * Outer CE marks ECT(0) as CE, and leaves what is not ECN-capable; with noecn it marks nothing.
 * With decap-dscp the outer DSCP replaces the inner one.
 */
class DecapTosTestCase : public TestCase
{
  public:
    DecapTosTestCase()
        : TestCase("congestion marks and DSCP come inside")
    {
    }

  private:
    void DoRun() override
    {
        /// Flags of the state, type of service outside, inside before, inside after.
        struct Row
        {
            std::string flags;
            uint8_t outer;
            uint8_t before;
            uint8_t after;
        };

        const std::vector<Row> rows{{"", 0x03, 0x02, 0x03},
                                    {"", 0x03, 0x00, 0x00},
                                    {"", 0xb8, 0x22, 0x22},
                                    {"flag noecn ", 0x03, 0x02, 0x02},
                                    {"flag decap-dscp ", 0xb8, 0x22, 0xba}};
        for (const Row& row : rows)
        {
            DecapFixture fixture(MakeStateText(row.flags + DECAP_GCM) +
                                 MakePolicyText(MakeTunnelText()));
            const Octets sealed = fixture.Seal(fixture.MakeInner(row.before));
            fixture.Receive(fixture.MakeOuter(PROTO_ESP, sealed, row.outer));
            const IpBytes inner(fixture.last.inner);
            NS_TEST_ASSERT_MSG_EQ(inner.IsWellFormed(), true, "checksum: " << row.flags);
            NS_TEST_EXPECT_MSG_EQ(uint32_t(inner.GetTos()), uint32_t(row.after), row.flags);
            NS_TEST_EXPECT_MSG_EQ(fixture.ResealLast(), "equal", "sealed again: " << row.flags);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What comes to a port where ESP hides in UDP (R241, R269).
 *
 * One byte 0xff is a keepalive; another one, ESP of up to 8 bytes and 4 zeros in front are for the
 * socket (IKE).  With the non-IKE marker it is the other way round: 8 zeros are ESP.  The checksum
 * counts, unless it is 0 or the sum of the pseudo header, which the sender's card completes: 0x0a09
 * + 1 + 0x0a09 + 2 + 17 + 9 = 0x142f.  Policies are asked first if the socket has no bypass.
 */
class DecapUdpTestCase : public TestCase
{
  public:
    DecapUdpTestCase()
        : TestCase("ESP, IKE and keepalives in UDP are told apart")
    {
    }

  private:
    static Octets Wrap(const Octets& carried, uint16_t port = 4500)
    {
        return DecapFixture::MakeOuter(PROTO_UDP, DecapFixture::MakeUdp(carried, port));
    }

    static Octets WithMarker(const Octets& esp)
    {
        Octets carried(8 + esp.size());
        std::ranges::copy(esp, carried.begin() + 8);
        return carried;
    }

    void DoRun() override
    {
        const std::string hidden = DECAP_GCM + " encap espinudp 4500 4500 0.0.0.0";
        const std::string marked = DECAP_GCM + " encap espinudp-nonike 4500 500 0.0.0.0";
        DecapFixture fixture(MakeStateText(hidden) +
                             MakeStateText(marked, "esp", "tunnel", 0x1002) +
                             MakePolicyText(MakeTunnelText()));
        const Octets esp = fixture.Seal(fixture.MakeInner());
        const Octets other = fixture.Seal(fixture.MakeInner(), {.spi = 0x1002});
        const std::vector<std::pair<Octets, std::string>> rows{
            {Wrap({0xff}), "keepalive"},
            {Wrap({0xfe}), "ike"},
            {Wrap({}), "ike"},
            {Wrap(Octets(8, 1)), "ike"},
            {Wrap(Octets(9, 1)), "dropped XfrmInNoStates+1"},
            {Wrap(WithMarker(esp)), "ike"},
            {Wrap(esp), "inner"},
            {Wrap(esp, 500), "ike"},
            {Wrap(WithMarker(esp), 500), "dropped XfrmInStateMismatch+1"},
            {Wrap(WithMarker(other), 500), "inner"},
            {Wrap(WithMarker(Octets(8, 1)), 500), "ike"},
            {Wrap({0xff}, 6000), "plain"}};
        for (size_t i = 0; i < rows.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(fixture.Receive(rows[i].first), rows[i].second, "row " << i);
        }
        CheckChecksum(fixture);
        CheckBypass(hidden);
    }

    void CheckChecksum(DecapFixture& fixture)
    {
        Octets keepalive = Wrap({0xff});
        keepalive[26] = 0x14;
        keepalive[27] = 0x2f;
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(keepalive), "keepalive", "the card's sum");
        keepalive[27] = 0x30;
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(keepalive), "malformed", "a wrong one");
        // What it lacks: ports 2 x 0x1194, length 9, the byte 0xff00; 0x142f + 0x2328 + 9 + 0xff00
        // = 0x13660, folded 0x3661, inverted 0xc99e.
        keepalive[26] = 0xc9;
        keepalive[27] = 0x9e;
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(keepalive), "keepalive", "the right one");
    }

    void CheckBypass(const std::string& hidden)
    {
        const std::string commands =
            MakeStateText(hidden, "esp", "transport") +
            MakePolicyText("tmpl proto esp reqid 1",
                           "src 10.9.0.1/32 dst 10.9.0.2/32 proto udp dir in");
        DecapFixture strict(commands, {.hasBypass = false});
        const Octets esp =
            strict.Seal(strict.MakeUdp(MakePattern(20), 6000), {.nextHeader = PROTO_UDP});
        NS_TEST_EXPECT_MSG_EQ(strict.Receive(Wrap(esp)),
                              "dropped XfrmInTmplMismatch+1",
                              "without a bypass");
        DecapFixture usual(commands);
        NS_TEST_EXPECT_MSG_EQ(usual.Receive(Wrap(esp)), "inner", "with it");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Policies have the last word on what was opened (R260, R262, R263, R265, R267).
 */
class DecapPolicyTestCase : public TestCase
{
  public:
    DecapPolicyTestCase()
        : TestCase("policies drop what came by a tunnel that they do not want")
    {
    }

  private:
    std::string Receive(const std::string& policies, bool hasPolicyCheck = true)
    {
        DecapFixture fixture(MakeStateText(DECAP_GCM) + policies,
                             {.hasPolicyCheck = hasPolicyCheck});
        const Octets sealed = fixture.Seal(fixture.MakeInner());
        std::string text = fixture.Receive(fixture.MakeOuter(PROTO_ESP, sealed));
        NS_TEST_EXPECT_MSG_EQ(fixture.last.isOpened, true, "it opens: " << policies);
        NS_TEST_EXPECT_MSG_EQ(fixture.ResealLast(), "equal", "sealed again: " << policies);
        return text;
    }

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(Receive(""), "dropped XfrmInNoPols+1", "none");
        NS_TEST_EXPECT_MSG_EQ(Receive("", false), "inner", "none, which nobody asks");
        NS_TEST_EXPECT_MSG_EQ(Receive(MakePolicyText("tmpl proto esp reqid 1")),
                              "dropped XfrmInTmplMismatch+1",
                              "transport mode wanted");
        NS_TEST_EXPECT_MSG_EQ(Receive(MakePolicyText("action block")),
                              "dropped XfrmInPolBlock+1",
                              "blocked");
        const std::string in{"src 10.1.0.0/24 dst 10.2.0.0/24 dir in"};
        NS_TEST_EXPECT_MSG_EQ(Receive(MakePolicyText(MakeTunnelText(), in)),
                              "dropped XfrmInNoPols+1",
                              "a policy for what is for this host, but this goes through");
        NS_TEST_EXPECT_MSG_EQ(Receive(MakePolicyText(MakeTunnelText())), "inner", "wanted");

        DecapFixture plain(MakeStateText(DECAP_GCM) + MakePolicyText("tmpl proto esp reqid 1", IN));
        NS_TEST_EXPECT_MSG_EQ(plain.Receive(plain.MakeOuter(PROTO_ICMP, MakePattern(8))),
                              "dropped XfrmInTmplMismatch+1",
                              "plain, where ESP is wanted");
        NS_TEST_EXPECT_MSG_EQ(plain.last.isOpened, false, "nothing to open");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief An ESP packet in fragments is opened when all are there (R240), and one of two that
 * overlap never.
 */
class DecapFragmentTestCase : public TestCase
{
  public:
    DecapFragmentTestCase()
        : TestCase("fragments of ESP are put together before they are opened")
    {
    }

  private:
    /// @return a part of a packet @param offset in its payload, a multiple of 8 [bytes]
    /// @param nBytes how much [bytes]
    static Octets Cut(const Octets& packet, size_t offset, size_t nBytes)
    {
        const auto payload = IpBytes(packet).GetPayload();
        const size_t end = std::min(payload.size(), offset + nBytes);
        Octets part = DecapFixture::MakeOuter(PROTO_ESP, payload.subspan(offset, end - offset));
        part[6] = end < payload.size() ? 0x20 : 0;
        part[7] = static_cast<uint8_t>(offset / 8);
        part[10] = part[11] = 0; // not computed
        return part;
    }

    void DoRun() override
    {
        const Protection gcm = ListProtections().front();
        DecapFixture fixture(gcm);
        const Octets packet = fixture.MakeSealed(gcm);
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(Cut(packet, 40, 100)), "fragment", "the last");
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(Cut(packet, 0, 16)), "fragment", "the first");
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(Cut(packet, 16, 24)), "inner", "the one between");
        NS_TEST_EXPECT_MSG_EQ(fixture.ResealLast(), "equal", "sealed again");
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(Cut(packet, 0, 16)), "fragment", "another packet");
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(Cut(packet, 8, 16)),
                              "overlapping fragment",
                              "8 bytes come again");
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(Cut(packet, 16, 100)), "fragment", "the rest");
        NS_TEST_EXPECT_MSG_EQ(fixture.decap.GetIncomplete(), 1, "waits for what was dropped");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What is authentic but no IP packet inside is dropped behind IPsec, where IP looks at it.
 */
class DecapGarbageTestCase : public TestCase
{
  public:
    DecapGarbageTestCase()
        : TestCase("a tunnel with something else than a packet inside gives nothing")
    {
    }

  private:
    void DoRun() override
    {
        DecapFixture fixture(ListProtections().front());
        const Octets garbage = fixture.Seal(MakePattern(60));
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(fixture.MakeOuter(PROTO_ESP, garbage)),
                              "malformed",
                              "no packet");
        NS_TEST_EXPECT_MSG_EQ(fixture.last.isOpened, false, "nothing came out");
        Octets longer = fixture.MakeInner();
        longer.pop_back(); // less than its total length
        const Octets sealed = fixture.Seal(longer, {.sequence = 2});
        NS_TEST_EXPECT_MSG_EQ(fixture.Receive(fixture.MakeOuter(PROTO_ESP, sealed)),
                              "malformed",
                              "a byte is missing");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of Decap.
 */
class DecapTestSuite : public TestSuite
{
  public:
    DecapTestSuite()
        : TestSuite("xfrm-decap", UNIT)
    {
        AddTestCase(new DecapPaddedTestCase, TestCase::QUICK);
        AddTestCase(new DecapNestedTestCase, TestCase::QUICK);
        AddTestCase(new DecapTosTestCase, TestCase::QUICK);
        AddTestCase(new DecapUdpTestCase, TestCase::QUICK);
        AddTestCase(new DecapPolicyTestCase, TestCase::QUICK);
        AddTestCase(new DecapFragmentTestCase, TestCase::QUICK);
        AddTestCase(new DecapGarbageTestCase, TestCase::QUICK);
    }
};

static DecapTestSuite g_decapTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
