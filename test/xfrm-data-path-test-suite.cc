/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-wire.h"

#include "ns3/test.h"

#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

const std::vector<uint32_t> PAYLOADS{0, 1, 2, 13, 100, 1000, 1400, 1472, 3000};

/// @return times and lengths of what was sent, as one text
std::string
DescribeLengths(const WireLine& wire)
{
    std::string text;
    for (const WireLine::Sent& sent : wire.sent)
    {
        text += std::to_string(sent.time.GetNanoSeconds()) + ":" +
                std::to_string(sent.bytes.size()) + " ";
    }
    return text;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Real bytes, and lengths alone: the same packets at the same times, and all arrive (R216,
 * R218, R230, R234, R252, R254).
 */
class RealAndSizesTestCase : public TestCase
{
  public:
    /// @param name what the states do @param config states and policies
    RealAndSizesTestCase(const std::string& name, const WireConfig& config)
        : TestCase("real bytes and lengths alone agree and arrive: " + name),
          m_config(config)
    {
    }

  private:
    std::string SendAll(XfrmRouting::Crypto crypto)
    {
        WireLine wire(m_config, crypto);
        wire.SendUdp(PAYLOADS);
        NS_TEST_EXPECT_MSG_EQ((wire.received == PAYLOADS), true, "all arrive unchanged, in order");
        NS_TEST_EXPECT_MSG_EQ(wire.GetCounters(1) + wire.GetCounters(2), "", "no counter");
        return DescribeLengths(wire);
    }

    void DoRun() override
    {
        const std::string real = SendAll(XfrmRouting::CRYPTO_REAL);
        const std::string sizes = SendAll(XfrmRouting::CRYPTO_SIZES);
        NS_TEST_EXPECT_MSG_EQ(real, sizes, "times and lengths");
        NS_TEST_EXPECT_MSG_NE(real, "", "something was sent");
    }

    WireConfig m_config; //!< states and policies
};

/**
 * @ingroup xfrm-tests
 * @brief A gateway with lengths alone sends to one with real bytes, and the other way round: what a
 * packet is shows in itself.
 */
class MixedCryptoTestCase : public TestCase
{
  public:
    MixedCryptoTestCase()
        : TestCase("nodes with real bytes and nodes with lengths alone understand each other")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<XfrmRouting::Crypto> choices{XfrmRouting::CRYPTO_SIZES,
                                                       XfrmRouting::CRYPTO_REAL};
        for (const auto crypto : choices)
        {
            WireLine wire({.states = WIRE_GCM, .templates = WIRE_TUNNEL}, crypto);
            wire.GetRouting(2)->SetCrypto(crypto == XfrmRouting::CRYPTO_REAL
                                              ? XfrmRouting::CRYPTO_SIZES
                                              : XfrmRouting::CRYPTO_REAL);
            wire.SendUdp({100, 1400});
            NS_TEST_EXPECT_MSG_EQ(wire.received.size(),
                                  2,
                                  "B has the other choice than " << crypto);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief IPcomp in tunnel mode compresses what gains, and sends the rest as IP in IP, which its
 * automatic state takes (R235, R256, R264).
 *
 * MakePayload() of 1000 bytes repeats 0 to 255, and compresses well: the packet has protocol 108
 * and is shorter than the 1028 bytes inside.  With 20 bytes the inner packet has 48, less than the
 * threshold of 90: protocol 4, 68 bytes.
 */
class CompressionTestCase : public TestCase
{
  public:
    CompressionTestCase()
        : TestCase("IPcomp compresses what gains, and its tunnel takes the rest")
    {
    }

  private:
    void DoRun() override
    {
        WireLine wire({.states = "proto comp comp deflate",
                       .templates = "proto comp reqid 1 mode tunnel level use"});
        const StateDatabase& states = wire.GetRouting(2)->GetNamespace().GetStates();
        NS_TEST_EXPECT_MSG_EQ(states.GetCount(), 4, "one more for either way");
        wire.SendUdp({1000, 20});
        NS_TEST_ASSERT_MSG_EQ(wire.sent.size(), 2, "packets");
        NS_TEST_EXPECT_MSG_EQ(int(wire.sent[0].GetProtocol()), 108, "compressed");
        NS_TEST_EXPECT_MSG_LT(wire.sent[0].bytes.size(), 1000, "compressed");
        NS_TEST_EXPECT_MSG_EQ(int(wire.sent[1].GetProtocol()), 4, "left as it is");
        NS_TEST_EXPECT_MSG_EQ(wire.sent[1].bytes.size(), 68, "left as it is");
        NS_TEST_EXPECT_MSG_EQ((wire.received == std::vector<uint32_t>{1000, 20}), true, "arrived");
        NS_TEST_EXPECT_MSG_EQ(wire.GetCounters(2), "", "no counter");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The IPv4-in-IPv4 state of IPcomp is the kernel's: users cannot delete it, and it goes with
 * the last state of its ends (R153, R235).
 */
class TunnelStateTestCase : public TestCase
{
  public:
    TunnelStateTestCase()
        : TestCase("the tunnel of IPcomp comes and goes with the states that need it")
    {
    }

  private:
    void DoRun() override
    {
        const WireLine wire({.states = "proto comp comp deflate\nproto comp comp deflate",
                             .templates = "proto comp reqid 1 mode tunnel level use"});
        Namespace& net = wire.GetRouting(1)->GetNamespace();
        const StateId tunnel{Ipv4Address("10.9.0.2"), Ipv4Address("10.9.0.1").Get(), PROTO_IPIP};
        NS_TEST_EXPECT_MSG_EQ(net.GetStates().GetCount(), 6, "two and one, either way");
        NS_TEST_EXPECT_MSG_EQ(net.DeleteState(tunnel, 0, Family::Ipv4),
                              error::PERM,
                              "not a user's");
        StateId comp{Ipv4Address("10.9.0.2"), 0x1001, PROTO_COMP};
        NS_TEST_EXPECT_MSG_EQ(net.DeleteState(comp, 0, Family::Ipv4), 0, "the first");
        NS_TEST_EXPECT_MSG_EQ(net.GetStates().GetCount(), 5, "the other needs it");
        ++comp.spi;
        NS_TEST_EXPECT_MSG_EQ(net.DeleteState(comp, 0, Family::Ipv4), 0, "the last");
        NS_TEST_EXPECT_MSG_EQ(net.GetStates().GetCount(), 3, "with its tunnel");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of bytes on the wire.
 */
class DataPathTestSuite : public TestSuite
{
  public:
    DataPathTestSuite()
        : TestSuite("xfrm-data-path", SYSTEM)
    {
        AddSuites();
        AddNested();
        AddTestCase(new MixedCryptoTestCase(), QUICK);
        AddTestCase(new CompressionTestCase(), QUICK);
        AddTestCase(new TunnelStateTestCase(), QUICK);
    }

  private:
    void AddSuites()
    {
        const std::string key16{"0x000102030405060708090a0b0c0d0e0f"};
        const std::string key20{"0x000102030405060708090a0b0c0d0e0f10111213"};
        const std::vector<std::pair<std::string, std::string>> states{
            {"GCM", WIRE_GCM},
            {"GCM with ESN", WIRE_GCM + " replay-window 64 flag esn"},
            {"GMAC", "proto esp aead 'rfc4543(gcm(aes))' " + key20 + " 128"},
            {"CBC and SHA-1", "proto esp enc 'cbc(aes)' " + key16 + " auth 'hmac(sha1)' " + key20},
            {"CTR and SHA-256",
             "proto esp enc 'rfc3686(ctr(aes))' " + key20 + " auth 'hmac(sha256)' " + key16},
            {"no cipher and MD5", "proto esp enc cipher_null '' auth 'hmac(md5)' " + key16},
            {"AH with SHA-1", "proto ah auth 'hmac(sha1)' " + key20},
            {"AH with SHA-512", "proto ah auth 'hmac(sha512)' " + key20},
            {"TFC padding", WIRE_GCM + " tfcpad 700"},
        };
        for (const auto& [name, words] : states)
        {
            const bool isAh = words.find("proto ah") == 0;
            const std::string proto = isAh ? "proto ah" : "proto esp";
            AddTestCase(new RealAndSizesTestCase(
                            name + ", tunnel",
                            {.states = words, .templates = proto + " reqid 1 mode tunnel"}),
                        QUICK);
            if (words.find("tfcpad") == std::string::npos)
            {
                AddTestCase(
                    new RealAndSizesTestCase(name + ", transport",
                                             {.states = words,
                                              .templates = proto + " reqid 1 mode transport",
                                              .isTunnel = false}),
                    QUICK);
            }
        }
    }

    /// Chains of several states: IPcomp, ESP and AH within each other.
    void AddNested()
    {
        const std::string ah{"proto ah mode transport auth 'hmac(sha1)' 0x00112233"};
        const std::string comp{"proto comp mode tunnel comp deflate"};
        AddTestCase(new RealAndSizesTestCase(
                        "AH around ESP",
                        {.states = WIRE_GCM + "\n" + ah,
                         .templates = WIRE_TUNNEL + "\nproto ah reqid 1 mode transport"}),
                    QUICK);
        AddTestCase(
            new RealAndSizesTestCase("AH around ESP around IPcomp",
                                     {.states = comp + "\n" + WIRE_GCM + " mode transport\n" + ah,
                                      .templates = "proto comp reqid 1 mode tunnel level use"
                                                   "\nproto esp reqid 1 mode transport"
                                                   "\nproto ah reqid 1 mode transport"}),
            QUICK);
    }
};

const DataPathTestSuite g_dataPathTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
