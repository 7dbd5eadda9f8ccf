/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-states.h"

#include "ns3/test.h"
#include "ns3/xfrm-esp.h"

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return the same in transport mode
StateConfig
MakeTransport(StateConfig config)
{
    config.mode = Mode::Transport;
    return config;
}

/// @return the same behind UDP
StateConfig
MakeEncap(StateConfig config, EncapType type = EncapType::EspInUdp)
{
    config.encapType = type;
    return config;
}

/// What is expected of an algorithm, tunnel and transport.
struct SizeRow
{
    std::string name;   //!< what it is
    StateConfig config; //!< makeup, tunnel mode
    uint32_t v;         //!< initialisation vector
    uint32_t b;         //!< block
    uint32_t i;         //!< integrity check value
    uint32_t header[2]; //!< header, tunnel and transport
    uint32_t trailer;   //!< trailer
    uint32_t mtu[2];    //!< largest packet from 1500, tunnel and transport
    uint32_t outer[2];  //!< what an IP packet of 84 bytes becomes, tunnel and transport
};

/// @return the rows of the table under R232
std::vector<SizeRow>
MakeSizeRows()
{
    const StateConfig gcm = MakeStateConfig(1);
    const StateConfig sha1 = MakeCbc(MakeAlgorithm("hmac(sha1)", 20, 96));
    const StateConfig sha256 = MakeCbc(MakeAlgorithm("hmac(sha256)", 32, 128));
    const StateConfig sha256Default = MakeCbc(MakeAlgorithm("hmac(sha256)", 32));
    const StateConfig null =
        MakePair(MakeAlgorithm("ecb(cipher_null)", 0), MakeAlgorithm("hmac(sha1)", 20, 96));
    return {
        {"gcm", gcm, 8, 4, 16, {36, 16}, 21, {1446, 1466}, {140, 120}},
        {"sha1", sha1, 16, 16, 12, {44, 24}, 29, {1438, 1458}, {152, 136}},
        {"sha256", sha256, 16, 16, 16, {44, 24}, 33, {1438, 1458}, {156, 140}},
        {"sha256 default", sha256Default, 16, 16, 12, {44, 24}, 29, {1438, 1458}, {152, 136}},
        {"null", null, 0, 4, 12, {28, 8}, 17, {1458, 1478}, {128, 108}},
        {"gcm, NAT-T", MakeEncap(gcm), 8, 4, 16, {44, 24}, 21, {1438, 1458}, {148, 128}},
        {"sha1, NAT-T", MakeEncap(sha1), 16, 16, 12, {52, 32}, 29, {1422, 1442}, {160, 144}},
        {"sha256, NAT-T", MakeEncap(sha256), 16, 16, 16, {52, 32}, 33, {1422, 1442}, {164, 148}},
    };
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Every row of the specification's table of sizes (R230, R231, R232).
 *
 * An IP packet of 84 bytes: tunnel mode protects all of it behind a new IP header of 20;
 * transport mode protects 64 bytes behind the packet's own 20.
 */
class EspSizesTestCase : public TestCase
{
  public:
    EspSizesTestCase()
        : TestCase("each algorithm has the sizes of the specification's table")
    {
    }

  private:
    void DoRun() override
    {
        for (const SizeRow& row : MakeSizeRows())
        {
            for (size_t mode = 0; mode < 2; ++mode)
            {
                const Esp esp(mode == 0 ? row.config : MakeTransport(row.config));
                const std::string name = row.name + (mode == 0 ? ", tunnel" : ", transport");
                NS_TEST_EXPECT_MSG_EQ(esp.GetIvLength(), row.v, name << ": V");
                NS_TEST_EXPECT_MSG_EQ(esp.GetBlockLength(), row.b, name << ": B");
                NS_TEST_EXPECT_MSG_EQ(esp.GetIcvLength(), row.i, name << ": I");
                NS_TEST_EXPECT_MSG_EQ(esp.GetHeaderLength(), row.header[mode], name << ": header");
                NS_TEST_EXPECT_MSG_EQ(esp.GetTrailerLength(), row.trailer, name << ": trailer");
                NS_TEST_EXPECT_MSG_EQ(esp.GetMtu(1500).value(), row.mtu[mode], name << ": MTU");
                NS_TEST_EXPECT_MSG_EQ(20 + esp.GetSealedLength(mode == 0 ? 84 : 64, 0),
                                      row.outer[mode],
                                      name << ": outer length");
            }
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The largest packet fits, and one more byte does not (R230, R68).
 *
 * For every link MTU from 100 to 1600: what get_mtu() gives, sealed behind 20 bytes of IP header,
 * is at most the MTU, and one byte more is above it.  In transport mode the packet's own IP header
 * of 20 is part of both.
 */
class EspMtuTestCase : public TestCase
{
  public:
    EspMtuTestCase()
        : TestCase("the largest packet fits outside, and one byte more does not")
    {
    }

  private:
    void DoRun() override
    {
        for (const SizeRow& row : MakeSizeRows())
        {
            for (uint32_t mtu = 100; mtu <= 1600; ++mtu)
            {
                const Esp tunnel(row.config);
                const uint32_t whole = tunnel.GetMtu(mtu).value();
                const Esp transport(MakeTransport(row.config));
                const uint32_t payload = transport.GetMtu(mtu).value() - 20;
                const bool isTight = 20 + tunnel.GetSealedLength(whole, 0) <= mtu &&
                                     20 + tunnel.GetSealedLength(whole + 1, 0) > mtu &&
                                     20 + transport.GetSealedLength(payload, 0) <= mtu &&
                                     20 + transport.GetSealedLength(payload + 1, 0) > mtu;
                NS_TEST_EXPECT_MSG_EQ(isTight, true, row.name << ", link MTU " << mtu);
            }
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The MTU does not fall with every byte of overhead (C50).
 *
 * Room from 1500 in tunnel mode: 1500 - 44 - 12 = 1444 and 1500 - 44 - 16 = 1440, both rounded down
 * to 1440; minus 2: 1438.
 */
class EspRoundingTestCase : public TestCase
{
  public:
    EspRoundingTestCase()
        : TestCase("four more bytes of integrity check value may cost no MTU")
    {
    }

  private:
    void DoRun() override
    {
        const Esp sha1(MakeCbc(MakeAlgorithm("hmac(sha1)", 20, 96)));
        const Esp sha256(MakeCbc(MakeAlgorithm("hmac(sha256)", 32, 128)));
        NS_TEST_EXPECT_MSG_EQ(sha1.GetMtu(1500).value(), sha256.GetMtu(1500).value(), "MTU");
        NS_TEST_EXPECT_MSG_EQ(sha1.GetSealedLength(84, 0) + 4, sha256.GetSealedLength(84, 0), "84");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The padding of each clear length (R232).
 *
 * GCM, blocks of 4: 84 + 2 = 86 becomes 88, 2 bytes of padding; 82 + 2 is a multiple already; 83
 * + 2 needs 3.  CBC, blocks of 16: 62 + 2 = 64 needs none, 63 + 2 needs 15.  The bytes are 1, 2,
 * 3, the pad length, the next header.
 */
class EspPaddingTestCase : public TestCase
{
  public:
    EspPaddingTestCase()
        : TestCase("padding fills the last block with 1, 2, 3 ...")
    {
    }

  private:
    void DoRun() override
    {
        const Esp gcm(MakeStateConfig(1));
        NS_TEST_EXPECT_MSG_EQ(gcm.GetPadLength(82), 0, "GCM, 82");
        NS_TEST_EXPECT_MSG_EQ(gcm.GetPadLength(83), 3, "GCM, 83");
        NS_TEST_EXPECT_MSG_EQ(gcm.GetPadLength(84), 2, "GCM, 84");
        NS_TEST_EXPECT_MSG_EQ(gcm.GetCipherLength(84), 88, "GCM, 84, ciphertext");
        const Esp cbc(MakeCbc(MakeAlgorithm("hmac(sha1)", 20)));
        NS_TEST_EXPECT_MSG_EQ(cbc.GetPadLength(62), 0, "CBC, 62");
        NS_TEST_EXPECT_MSG_EQ(cbc.GetPadLength(63), 15, "CBC, 63");
        const std::vector<uint8_t> trailer{1, 2, 3, 3, PROTO_IPIP};
        NS_TEST_EXPECT_MSG_EQ((gcm.MakeTrailer(83, 0, PROTO_IPIP) == trailer), true, "bytes");
        const std::vector<uint8_t> least{0, PROTO_UDP};
        NS_TEST_EXPECT_MSG_EQ((gcm.MakeTrailer(82, 0, PROTO_UDP) == least), true, "no padding");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Shorter packets are padded to a length first, longer ones are left alone (R231).
 *
 * To 100: 84 gets 16 zeros; 100 + 2 = 102 becomes 104 with 2 bytes of padding.
 */
class EspTfcLengthTestCase : public TestCase
{
  public:
    EspTfcLengthTestCase()
        : TestCase("packets shorter than the TFC length look as long as it")
    {
    }

  private:
    void DoRun() override
    {
        const Esp gcm(MakeStateConfig(1));
        NS_TEST_EXPECT_MSG_EQ(gcm.GetSealedLength(84, 100), 8 + 8 + 104 + 16, "84");
        NS_TEST_EXPECT_MSG_EQ(gcm.GetSealedLength(100, 100), 8 + 8 + 104 + 16, "100");
        NS_TEST_EXPECT_MSG_EQ(gcm.GetSealedLength(104, 100), 8 + 8 + 108 + 16, "104");
        NS_TEST_EXPECT_MSG_EQ(gcm.GetPadLength(84, 100), 2, "pad length");
        std::vector<uint8_t> trailer(16);
        trailer.insert(trailer.end(), {1, 2, 2, PROTO_IPIP});
        NS_TEST_EXPECT_MSG_EQ((gcm.MakeTrailer(84, 100, PROTO_IPIP) == trailer), true, "bytes");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Default lengths of integrity check values (R233).
 *
 * The trailer is B + 1 + I with B = 16.
 */
class EspIcvTestCase : public TestCase
{
  public:
    EspIcvTestCase()
        : TestCase("each authentication algorithm has its default truncation")
    {
    }

  private:
    void DoRun() override
    {
        struct Row
        {
            const char* name;
            uint32_t icvBits;
            uint32_t authNumber;
        };

        const std::vector<Row> rows{{"hmac(md5)", 96, 2},
                                    {"hmac(sha1)", 96, 3},
                                    {"hmac(sha256)", 96, 5},
                                    {"hmac(sha384)", 192, 6},
                                    {"hmac(sha512)", 256, 7},
                                    {"hmac(rmd160)", 96, 8},
                                    {"xcbc(aes)", 96, 9},
                                    {"digest_null", 0, 251 - 7 * 32},
                                    {"sha1", 96, 3},
                                    {"md5", 96, 2}};
        for (const Row& row : rows)
        {
            const Esp esp(MakeCbc(MakeAlgorithm(row.name, 16)));
            NS_TEST_EXPECT_MSG_EQ(8 * esp.GetIcvLength(), row.icvBits, row.name);
            NS_TEST_EXPECT_MSG_EQ(esp.GetTrailerLength(), 17 + row.icvBits / 8, row.name);
            NS_TEST_EXPECT_MSG_EQ(uint32_t{esp.GetAuthNumber()}, row.authNumber, row.name);
        }
        const Esp alone(MakePair(MakeAlgorithm("cbc(aes)", 16), std::nullopt));
        NS_TEST_EXPECT_MSG_EQ(alone.GetIcvLength(), 0, "no authentication");
        NS_TEST_EXPECT_MSG_EQ(uint32_t{alone.GetAuthNumber()}, 0, "no authentication");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Initialisation vector and block of each cipher (R230).
 */
class EspCiphersTestCase : public TestCase
{
  public:
    EspCiphersTestCase()
        : TestCase("each cipher has its initialisation vector and block")
    {
    }

  private:
    void DoRun() override
    {
        struct Row
        {
            const char* name;
            size_t nKeyBytes;
            uint32_t v;
            uint32_t b;
        };

        const std::vector<Row> rows{{"cipher_null", 0, 0, 4},
                                    {"cbc(des)", 8, 8, 8},
                                    {"des3_ede", 24, 8, 8},
                                    {"cbc(cast5)", 16, 8, 8},
                                    {"cbc(blowfish)", 56, 8, 8},
                                    {"aes", 32, 16, 16},
                                    {"cbc(serpent)", 32, 16, 16},
                                    {"cbc(camellia)", 24, 16, 16},
                                    {"cbc(twofish)", 16, 16, 16},
                                    {"rfc3686(ctr(aes))", 20, 8, 4}};
        for (const Row& row : rows)
        {
            const Esp esp(
                MakePair(MakeAlgorithm(row.name, row.nKeyBytes), MakeAlgorithm("hmac(sha1)", 20)));
            NS_TEST_EXPECT_MSG_EQ(esp.GetIvLength(), row.v, row.name << ": V");
            NS_TEST_EXPECT_MSG_EQ(esp.GetBlockLength(), row.b, row.name << ": B");
        }
        StateConfig config = MakeStateConfig(1);
        for (const auto& [name, nKeyBytes, icvBits] :
             std::vector<std::tuple<std::string, size_t, uint32_t>>{
                 {"rfc4106(gcm(aes))", 28, 64},
                 {"rfc4106(gcm(aes))", 36, 96},
                 {"rfc4309(ccm(aes))", 19, 128},
                 {"rfc4543(gcm(aes))", 20, 128},
                 {"rfc7539esp(chacha20,poly1305)", 36, 128}})
        {
            config.aead = MakeAlgorithm(name, nKeyBytes, icvBits);
            const Esp esp(config);
            NS_TEST_EXPECT_MSG_EQ(esp.GetIvLength(), 8, name << ": V");
            NS_TEST_EXPECT_MSG_EQ(esp.GetBlockLength(), 4, name << ": B");
            NS_TEST_EXPECT_MSG_EQ(8 * esp.GetIcvLength(), icvBits, name << ": I");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Extended sequence numbers change no size (R237); UDP adds 8 bytes, with the non-IKE marker
 * 16 (R230); an outer IPv6 header has 40.
 */
class EspOptionsTestCase : public TestCase
{
  public:
    EspOptionsTestCase()
        : TestCase("extended numbers cost nothing, UDP 8 bytes, the non-IKE marker 8 more")
    {
    }

  private:
    void DoRun() override
    {
        const Esp plain(MakeStateConfig(1));
        StateConfig config = MakeStateConfig(1);
        config.flags = StateConfig::FLAG_ESN;
        config.replay.windowPackets = 32;
        const Esp esn(config);
        NS_TEST_EXPECT_MSG_EQ(esn.GetHeaderLength(), plain.GetHeaderLength(), "header");
        NS_TEST_EXPECT_MSG_EQ(esn.GetTrailerLength(), plain.GetTrailerLength(), "trailer");
        NS_TEST_EXPECT_MSG_EQ(esn.GetMtu(1500).value(), plain.GetMtu(1500).value(), "MTU");
        NS_TEST_EXPECT_MSG_EQ(esn.GetSealedLength(84, 0), plain.GetSealedLength(84, 0), "84");

        const Esp marked(MakeEncap(MakeStateConfig(1), EncapType::EspInUdpNonIke));
        NS_TEST_EXPECT_MSG_EQ(plain.GetEncapLength(), 0, "plain");
        NS_TEST_EXPECT_MSG_EQ(marked.GetEncapLength(), 16, "non-IKE");
        NS_TEST_EXPECT_MSG_EQ(marked.GetHeaderLength(), 36 + 16, "non-IKE, header");
        NS_TEST_EXPECT_MSG_EQ(marked.GetSealedLength(84, 0),
                              plain.GetSealedLength(84, 0) + 16,
                              "non-IKE, 84");

        config.family = Family::Ipv6;
        NS_TEST_EXPECT_MSG_EQ(Esp(config).GetHeaderLength(), 16 + 40, "IPv6");
        NS_TEST_EXPECT_MSG_EQ(Esp(config).GetMtu(1500).value(), 1426, "IPv6: 1500 - 56 - 16 - 2");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of Esp.
 */
class EspTestSuite : public TestSuite
{
  public:
    EspTestSuite()
        : TestSuite("xfrm-esp", UNIT)
    {
        AddTestCase(new EspSizesTestCase, TestCase::QUICK);
        AddTestCase(new EspMtuTestCase, TestCase::QUICK);
        AddTestCase(new EspRoundingTestCase, TestCase::QUICK);
        AddTestCase(new EspPaddingTestCase, TestCase::QUICK);
        AddTestCase(new EspTfcLengthTestCase, TestCase::QUICK);
        AddTestCase(new EspIcvTestCase, TestCase::QUICK);
        AddTestCase(new EspCiphersTestCase, TestCase::QUICK);
        AddTestCase(new EspOptionsTestCase, TestCase::QUICK);
    }
};

static EspTestSuite g_espTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
