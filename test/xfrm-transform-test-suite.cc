/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-states.h"

#include "ns3/test.h"
#include "ns3/xfrm-ah.h"
#include "ns3/xfrm-algorithms.h"
#include "ns3/xfrm-transform.h"

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

namespace ns3::xfrm::tests
{

namespace
{

/// @return what is wrong with a makeup, "" if nothing is
std::string
GetComplaint(const StateConfig& config)
{
    try
    {
        MakeTransformType(config);
    }
    catch (const std::invalid_argument& complaint)
    {
        return complaint.what();
    }
    return "";
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief The Authentication Header's sizes (R234).
 *
 * 12 + 12 = 24 is a multiple of 8; 12 + 16 = 28 is rounded up to 32, or stays with ALIGN4.
 */
class AhSizesTestCase : public TestCase
{
  public:
    AhSizesTestCase()
        : TestCase("AH is 12 bytes and the integrity check value, rounded up")
    {
    }

  private:
    void DoRun() override
    {
        StateConfig config = MakeStateConfig(1);
        UseAh(config);
        NS_TEST_EXPECT_MSG_EQ(Ah(config).GetHeaderLength(), 24 + 20, "96 bits, tunnel");
        NS_TEST_EXPECT_MSG_EQ(Ah(config).GetTrailerLength(), 0, "trailer");
        NS_TEST_EXPECT_MSG_EQ(Ah(config).GetMtu(1500).has_value(), false, "no size function");
        NS_TEST_EXPECT_MSG_EQ(uint32_t{Ah(config).GetAuthNumber()}, 3, "sha1");
        config.mode = Mode::Transport;
        config.auth = MakeAlgorithm("hmac(sha256)", 32, 128);
        NS_TEST_EXPECT_MSG_EQ(Ah(config).GetHeaderLength(), 32, "128 bits, transport");
        NS_TEST_EXPECT_MSG_EQ(Ah(config).GetSealedLength(64, 0), 96, "64 bytes");
        config.flags = StateConfig::FLAG_ALIGN4;
        NS_TEST_EXPECT_MSG_EQ(Ah(config).GetHeaderLength(), 28, "align4");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What Linux refuses, and mode beet, which is not modelled (R207), is refused with what is
 * allowed.
 */
class TransformErrorsTestCase : public TestCase
{
  public:
    TransformErrorsTestCase()
        : TestCase("a transformation that no kernel takes is refused with what is allowed")
    {
    }

  private:
    /// Expect a complaint about a makeup.
    void Expect(const std::function<void(StateConfig&)>& change, const std::string& complaint)
    {
        StateConfig config = MakeStateConfig(1);
        change(config);
        NS_TEST_EXPECT_MSG_EQ(GetComplaint(config), complaint, "complaint");
    }

    void ExpectAboutAlgorithms()
    {
        Expect([](StateConfig& c) { c.aead->name = "gcm(aes)"; },
               "combined algorithm \"gcm(aes)\": must be rfc4106(gcm(aes)), rfc4309(ccm(aes)), "
               "rfc4543(gcm(aes)) or rfc7539esp(chacha20,poly1305)");
        Expect([](StateConfig& c) { c.aead->key.resize(16); },
               "rfc4106(gcm(aes)): key of 16 bytes: must have 20, 28 or 36 bytes, 4 of them salt");
        Expect([](StateConfig& c) { c.aead->icvBits = 80; },
               "rfc4106(gcm(aes)): integrity check value of 80 bits: must be 64, 96 or 128");
        Expect([](StateConfig& c) { c.aead->icvBits = 0; },
               "rfc4106(gcm(aes)): integrity check value of 0 bits: must be 64, 96 or 128");
        Expect([](StateConfig& c) { c.auth = MakeAlgorithm("hmac(sha1)", 20); },
               "ESP: rfc4106(gcm(aes)) with another algorithm: must be the only one");
        Expect([](StateConfig& c) { c = MakePair(MakeAlgorithm("cbc(des3_ede)", 16), {}); },
               "cbc(des3_ede): key of 16 bytes: must have 24 bytes");
        Expect([](StateConfig& c) { c = MakePair(MakeAlgorithm("blowfish", 3), {}); },
               "cbc(blowfish): key of 3 bytes: must have 4 to 56 bytes");
        Expect([](StateConfig& c) { c = MakePair(MakeAlgorithm("rfc4106(gcm(aes))", 20), {}); },
               "cipher \"rfc4106(gcm(aes))\": must be ecb(cipher_null), cbc(des), cbc(des3_ede), "
               "cbc(cast5), cbc(blowfish), cbc(aes), cbc(serpent), cbc(camellia), cbc(twofish) or "
               "rfc3686(ctr(aes))");
        Expect([](StateConfig& c) { c = MakeCbc(MakeAlgorithm("hmac(sha1)", 20, 161)); },
               "hmac(sha1): integrity check value of 161 bits: must be at most 160");
        Expect([](StateConfig& c) { c = MakeCbc(MakeAlgorithm("", 20)); },
               "authentication algorithm \"\": must be digest_null, hmac(md5), hmac(sha1), "
               "hmac(sha256), hmac(sha384), hmac(sha512), hmac(rmd160), xcbc(aes) or cmac(aes)");
    }

    void ExpectAboutOptions()
    {
        Expect([](StateConfig& c) { c.aead.reset(); },
               "ESP without cipher: must have a combined algorithm or a cipher, which may be "
               "ecb(cipher_null)");
        Expect([](StateConfig& c) { c.mode = Mode::Beet; },
               "mode beet is not modelled: must be transport or tunnel");
        Expect([](StateConfig& c) { c.mode = static_cast<Mode>(2); },
               "mode 2: must be 0 (transport) or 1 (tunnel)");
        Expect([](StateConfig& c) { c.id.proto = PROTO_UDP; },
               "state of protocol 17: must be 50 (esp), 51 (ah) or 108 (comp)");
        Expect([](StateConfig& c) { c.compression = MakeAlgorithm("deflate", 0); },
               "ESP: compression \"deflate\": must be none");
        Expect([](StateConfig& c) { c.encapType = static_cast<EncapType>(3); },
               "ESP: UDP encapsulation of type 3: must be 1 (espinudp-nonike) or 2 (espinudp)");
        Expect(
            [](StateConfig& c) {
                c.encapType = EncapType::EspInUdp;
                c.family = Family::Ipv6;
            },
            "ESP: UDP encapsulation: must be none with IPv6");
        Expect(
            [](StateConfig& c) {
                c.tfcPad = 100;
                c.mode = Mode::Transport;
            },
            "ESP: padding of whole packets (tfcpad): must be 0 unless the mode is tunnel");
        Expect([](StateConfig& c) { c.id.proto = PROTO_AH; },
               "AH: must have an authentication algorithm and no other");
        Expect(
            [](StateConfig& c) {
                UseAh(c);
                c.encapType = EncapType::EspInUdp;
            },
            "AH: UDP encapsulation or padding of whole packets: must be none");
    }

    void DoRun() override
    {
        ExpectAboutAlgorithms();
        ExpectAboutOptions();
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The table of algorithms: names that are unique in their kind, PF_KEY's numbers (RFC 2367
 * and the kernel's own), and the thresholds of compression (R235).
 */
class AlgorithmTableTestCase : public TestCase
{
  public:
    AlgorithmTableTestCase()
        : TestCase("each name of an algorithm stands for one, with its number")
    {
    }

  private:
    void DoRun() override
    {
        for (const AlgorithmInfo& info : GetAlgorithms())
        {
            NS_TEST_EXPECT_MSG_EQ((&FindAlgorithm(info.kind, info.name) == &info), true, info.name);
            const bool isAliasOk =
                info.alias.empty() || &FindAlgorithm(info.kind, info.alias) == &info;
            NS_TEST_EXPECT_MSG_EQ(isAliasOk, true, info.name << " as " << info.alias);
        }
        const auto getNumber = [](AlgorithmKind kind, const char* name) {
            return uint32_t{FindAlgorithm(kind, name).number};
        };
        NS_TEST_EXPECT_MSG_EQ(getNumber(AlgorithmKind::Auth, "sha256"), 5, "sha256");
        NS_TEST_EXPECT_MSG_EQ(getNumber(AlgorithmKind::Encryption, "aes"), 12, "aes");
        NS_TEST_EXPECT_MSG_EQ(getNumber(AlgorithmKind::Encryption, "twofish"), 253, "twofish");
        NS_TEST_EXPECT_MSG_EQ(getNumber(AlgorithmKind::Aead, "rfc4106(gcm(aes))"), 18, "gcm, 64");
        const AlgorithmInfo& deflate =
            FindAlgorithm(AlgorithmKind::Compression, MakeAlgorithm("deflate", 0));
        NS_TEST_EXPECT_MSG_EQ(deflate.thresholdBytes, 90, "deflate");
        std::string complaint;
        try
        {
            FindAlgorithm(AlgorithmKind::Compression, MakeAlgorithm("lzs", 0));
        }
        catch (const std::invalid_argument& error)
        {
            complaint = error.what();
        }
        NS_TEST_EXPECT_MSG_EQ(complaint,
                              "compression \"lzs\": Linux has the name only; must be deflate",
                              "lzs");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of Ah, MakeTransformType() and the algorithms.
 */
class TransformTestSuite : public TestSuite
{
  public:
    TransformTestSuite()
        : TestSuite("xfrm-transform", UNIT)
    {
        AddTestCase(new AhSizesTestCase, TestCase::QUICK);
        AddTestCase(new TransformErrorsTestCase, TestCase::QUICK);
        AddTestCase(new AlgorithmTableTestCase, TestCase::QUICK);
    }
};

static TransformTestSuite g_transformTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
