/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-codecs.h"
#include "xfrm-test-states.h"

#include "ns3/test.h"
#include "ns3/xfrm-ipcomp.h"
#include "ns3/xfrm-transform.h"

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

namespace ns3::xfrm::tests
{

namespace
{

/// @return a state of IPcomp: SPI 0x1234, tunnel mode
StateConfig
MakeIpcomp()
{
    StateConfig config = MakeStateConfig(0x1234);
    config.id.proto = PROTO_COMP;
    config.aead.reset();
    config.compression = MakeAlgorithm("deflate", 0);
    return config;
}

/// @return what sealing gives @param codec with what @param clear the clear bytes
SealedBytes
SealComp(LayerCodec& codec, const Bytes& clear)
{
    SealInput input;
    input.nextHeader = PROTO_UDP;
    return codec.Seal(clear, input);
}

/// @return bytes that do not compress: of a linear congruential generator
/// @param nBytes how many
Bytes
MakeNoise(size_t nBytes)
{
    Bytes bytes;
    uint32_t state = 1;
    for (size_t i = 0; i < nBytes; ++i)
    {
        state = state * 1664525 + 1013904223;
        bytes.push_back(static_cast<uint8_t>(state >> 24));
    }
    return bytes;
}

/// @return a packet of one stored block (RFC 1951, section 3.2.4) @param clear what is stored
/// @param flags the flags of the IPcomp header
Bytes
Store(const Bytes& clear, uint8_t flags = 0)
{
    const auto nLow = static_cast<uint8_t>(clear.size());
    const auto nHigh = static_cast<uint8_t>(clear.size() >> 8);
    Bytes packet{PROTO_UDP, flags, 0x12, 0x34, 0x01, nLow, nHigh};
    packet.push_back(~nLow);
    packet.push_back(~nHigh);
    packet.insert(packet.end(), clear.begin(), clear.end());
    return packet;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief IPcomp foretells nothing of a packet but the outer header of tunnel mode (R235).
 */
class IpcompSizesTestCase : public TestCase
{
  public:
    IpcompSizesTestCase()
        : TestCase("IPcomp adds nothing that is known before, in tunnel mode the outer header")
    {
    }

  private:
    void DoRun() override
    {
        StateConfig config = MakeIpcomp();
        const Ipcomp tunnel(config);
        NS_TEST_EXPECT_MSG_EQ(tunnel.GetHeaderLength(), 20, "tunnel");
        NS_TEST_EXPECT_MSG_EQ(tunnel.GetTrailerLength(), 0, "trailer");
        NS_TEST_EXPECT_MSG_EQ(tunnel.GetMtu(1500).has_value(), false, "no size function");
        NS_TEST_EXPECT_MSG_EQ(tunnel.GetSealedLength(200, 0), 200, "as long as before");
        NS_TEST_EXPECT_MSG_EQ(uint32_t{tunnel.GetAuthNumber()}, 0, "no authentication");
        config.mode = Mode::Transport;
        NS_TEST_EXPECT_MSG_EQ(Ipcomp(config).GetHeaderLength(), 0, "transport");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What verify_newsa_info() and ipcomp_init_state() refuse.
 */
class IpcompErrorsTestCase : public TestCase
{
  public:
    IpcompErrorsTestCase()
        : TestCase("a state of IPcomp that no kernel takes is refused with what is allowed")
    {
    }

  private:
    /// Expect a complaint about a makeup.
    void Expect(const std::function<void(StateConfig&)>& change, const std::string& expected)
    {
        StateConfig config = MakeIpcomp();
        change(config);
        NS_TEST_EXPECT_MSG_EQ(GetCodecComplaint(config), expected, "complaint");
    }

    void DoRun() override
    {
        const std::string one = "IPcomp: must have a compression and no other algorithm";
        Expect([](StateConfig& c) { c.compression.reset(); }, one);
        Expect([](StateConfig& c) { c.auth = MakeAlgorithm("hmac(sha1)", 20); }, one);
        Expect([](StateConfig& c) { c.encryption = MakeAlgorithm("cipher_null", 0); }, one);
        Expect([](StateConfig& c) { c.aead = MakeStateConfig(1).aead; }, one);
        const std::string none =
            "IPcomp: UDP encapsulation or padding of whole packets: must be none";
        Expect([](StateConfig& c) { c.encapType = EncapType::EspInUdp; }, none);
        Expect([](StateConfig& c) { c.tfcPad = 100; }, none);
        Expect([](StateConfig& c) { c.id.spi = 0x10000; },
               "IPcomp: SPI 65536: must be at most 65535");
        Expect([](StateConfig& c) { c.id.spi = 0xffff; }, "");
        Expect([](StateConfig& c) { c.compression->name = "lzs"; },
               "compression \"lzs\": Linux has the name only; must be deflate");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What compresses is sent behind next header, flags 0 and SPI, and comes back (R235).
 *
 * Lengths from the threshold to the longest packet; the codec is the same for all of them.
 */
class IpcompRoundTripTestCase : public TestCase
{
  public:
    IpcompRoundTripTestCase()
        : TestCase("what compresses gets shorter, and opens to what it was")
    {
    }

  private:
    void DoRun() override
    {
        const auto codec = MakeCodec(MakeIpcomp());
        for (const size_t nBytes : {90, 91, 500, 1400, 9000, 65000})
        {
            Bytes clear(nBytes, 'a');
            clear.back() = 'b';
            const SealedBytes sealed = SealComp(*codec, clear);
            NS_TEST_ASSERT_MSG_EQ(sealed.isSealed, true, nBytes << " bytes");
            NS_TEST_EXPECT_MSG_EQ(ToHex(std::span(sealed.bytes).first(4)),
                                  "11001234",
                                  nBytes << " bytes: header");
            NS_TEST_EXPECT_MSG_LT(sealed.bytes.size(), nBytes, nBytes << " bytes: length");
            const OpenedBytes opened = codec->Open(sealed.bytes, {});
            NS_TEST_EXPECT_MSG_EQ(opened.error, 0, nBytes << " bytes: error");
            NS_TEST_EXPECT_MSG_EQ(opened.nextHeader, PROTO_UDP, nBytes << " bytes: protocol");
            NS_TEST_EXPECT_MSG_EQ((opened.clear == clear), true, nBytes << " bytes: content");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Packets below the threshold, and those that do not get shorter, are left alone (R235).
 *
 * Deflate's threshold is 90 bytes.  Noise takes a stored block, 5 bytes more than itself.
 */
class IpcompLeftAloneTestCase : public TestCase
{
  public:
    IpcompLeftAloneTestCase()
        : TestCase("short packets and noise are not compressed")
    {
    }

  private:
    void DoRun() override
    {
        const auto codec = MakeCodec(MakeIpcomp());
        NS_TEST_EXPECT_MSG_EQ(SealComp(*codec, Bytes(89)).isSealed, false, "89 zeros");
        NS_TEST_EXPECT_MSG_EQ(SealComp(*codec, Bytes(90)).isSealed, true, "90 zeros");
        const SealedBytes noise = SealComp(*codec, MakeNoise(1400));
        NS_TEST_EXPECT_MSG_EQ(noise.isSealed, false, "noise");
        NS_TEST_EXPECT_MSG_EQ(noise.bytes.size(), 0, "bytes of noise");
        NS_TEST_EXPECT_MSG_EQ(noise.error, 0, "which is no error");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The gain must be more than the header of 4 bytes (R235: compressed + 4 >= original).
 *
 * Noise takes more than itself.  Zeros behind it are one match of a few bits, however many: so
 * their number decides, and it passes through the one at which result and header are as long as the
 * packet.
 */
class IpcompGainTestCase : public TestCase
{
  public:
    IpcompGainTestCase()
        : TestCase("a packet is compressed if it gets shorter with the header")
    {
    }

  private:
    void DoRun() override
    {
        const auto codec = MakeCodec(MakeIpcomp());
        uint32_t nSealed = 0;
        for (size_t nZeros = 0; nZeros <= 60; ++nZeros)
        {
            Bytes clear = MakeNoise(200);
            clear.resize(200 + nZeros);
            const SealedBytes sealed = SealComp(*codec, clear);
            nSealed += sealed.isSealed ? 1 : 0;
            NS_TEST_EXPECT_MSG_EQ((!sealed.isSealed || sealed.bytes.size() < clear.size()),
                                  true,
                                  nZeros << " zeros: shorter");
            NS_TEST_EXPECT_MSG_EQ((sealed.isSealed || nSealed == 0),
                                  true,
                                  nZeros << " zeros: as fewer were");
        }
        NS_TEST_EXPECT_MSG_GT(nSealed, 0, "many zeros");
        NS_TEST_EXPECT_MSG_LT(nSealed, 61, "few zeros");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Flags are ignored, and what is not longer than the compressed bytes and the header is
 * refused.
 *
 * ipcomp_decompress() refuses a result of fewer bytes than it was given and 4.  A stored block is 5
 * bytes longer than its content (RFC 1951, section 3.2.4); 200 zeros take much less.
 */
class IpcompOpenTestCase : public TestCase
{
  public:
    IpcompOpenTestCase()
        : TestCase("flags do not matter, and a result that is not longer is malformed")
    {
    }

  private:
    void DoRun() override
    {
        const auto codec = MakeCodec(MakeIpcomp());
        NS_TEST_EXPECT_MSG_EQ(codec->Open(Store(MakePattern(200)), {}).error,
                              error::INVAL,
                              "a stored block");
        Bytes sealed = SealComp(*codec, Bytes(200)).bytes;
        sealed[1] = 0xff;
        NS_TEST_EXPECT_MSG_EQ(codec->Open(sealed, {}).error, 0, "flags");
        sealed[0] = 0;
        NS_TEST_EXPECT_MSG_EQ(codec->Open(sealed, {}).error, error::INVAL, "next header 0");
        sealed[0] = PROTO_NONE;
        NS_TEST_EXPECT_MSG_EQ(codec->Open(sealed, {}).error, 0, "59 is no dummy here");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The shortest result that is accepted is as long as the packet (R252).
 *
 * A fixed Huffman block of one literal 0 and one match of n zeros at distance 1, by hand (RFC 1951,
 * section 3.2.6), bits from the lowest on: final 1, type 01 (low bit first: 1 0); literal 0 is
 * 00110000; lengths 3 to 10 are codes 257 to 264, 0000001 to 0001000; distance 1 is 00000; end is
 * 0000000.  3 + 8 + 7 + 5 + 7 = 30 bits, 4 bytes: with the header 8, so 8 zeros (a match of 7, code
 * 261, 0000101) are enough and 7 (a match of 6, code 260, 0000100) are not.
 *
 * Bits: 1 10 00110000 0000101 00000 0000000.  Bytes, lowest bit first: 11000110 -> 0x63; 00000001
 * -> 0x80; 01000000 -> 0x02; 000000 -> 0x00.  For code 260: 00000001 00000000 -> 0x80 0x00.
 */
class IpcompShortestTestCase : public TestCase
{
  public:
    IpcompShortestTestCase()
        : TestCase("a result as long as the packet is accepted, a shorter one is not")
    {
    }

  private:
    void DoRun() override
    {
        const auto codec = MakeCodec(MakeIpcomp());
        const OpenedBytes eight = codec->Open(FromHex("11001234 63800200"), {});
        NS_TEST_EXPECT_MSG_EQ(eight.error, 0, "8 bytes");
        NS_TEST_EXPECT_MSG_EQ(ToHex(eight.clear), "0000000000000000", "8 zeros");
        const OpenedBytes seven = codec->Open(FromHex("11001234 63800000"), {});
        NS_TEST_EXPECT_MSG_EQ(seven.error, error::INVAL, "7 bytes");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A stream that is cut or of another kind is EINVAL; there is no check value.
 *
 * crypto/deflate.c gives a stream that ends too soon one zero byte more, so that a cut of the last
 * byte goes unnoticed if that was 0; noise of 1400 bytes and 100 zeros ends in another one.  Wrong
 * bits may open to other bytes, but not to more than 65400, and never crash.
 */
class IpcompBrokenTestCase : public TestCase
{
  public:
    IpcompBrokenTestCase()
        : TestCase("a broken stream is malformed or opens to something else")
    {
    }

  private:
    void DoRun() override
    {
        const auto codec = MakeCodec(MakeIpcomp());
        Bytes clear = MakeNoise(1400);
        clear.resize(1500);
        const Bytes sealed = SealComp(*codec, clear).bytes;
        NS_TEST_EXPECT_MSG_GT(uint32_t{sealed.back()}, 0, "last byte");
        for (size_t nBytes = 0; nBytes < sealed.size(); ++nBytes)
        {
            const Bytes cut(sealed.begin(), sealed.begin() + nBytes);
            NS_TEST_EXPECT_MSG_EQ(codec->Open(cut, {}).error, error::INVAL, "cut at " << nBytes);
        }
        for (size_t i = 4; i < sealed.size(); ++i)
        {
            Bytes wrong = sealed;
            wrong[i] ^= 0x55;
            const OpenedBytes opened = codec->Open(wrong, {});
            NS_TEST_EXPECT_MSG_EQ((opened.error == error::INVAL || opened.clear != clear),
                                  true,
                                  "byte " << i);
            NS_TEST_EXPECT_MSG_LT(opened.clear.size(), 65401, "byte " << i);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief More than 65400 bytes do not fit (IPCOMP_SCRATCH_SIZE), compressed to a few or not.
 *
 * 65400 zeros open.  One zero more seals, since only the result must fit, and does not open.
 */
class IpcompBombTestCase : public TestCase
{
  public:
    IpcompBombTestCase()
        : TestCase("a packet that would open to more than fits is malformed")
    {
    }

  private:
    void DoRun() override
    {
        const auto codec = MakeCodec(MakeIpcomp());
        NS_TEST_EXPECT_MSG_EQ(codec->Open(SealComp(*codec, Bytes(65400)).bytes, {}).error,
                              0,
                              "65400 bytes");
        NS_TEST_EXPECT_MSG_EQ(codec->Open(SealComp(*codec, Bytes(65401)).bytes, {}).error,
                              error::INVAL,
                              "65401 bytes");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of Ipcomp and IpcompLayer.
 */
class IpcompTestSuite : public TestSuite
{
  public:
    IpcompTestSuite()
        : TestSuite("xfrm-ipcomp", UNIT)
    {
        AddTestCase(new IpcompSizesTestCase, TestCase::QUICK);
        AddTestCase(new IpcompErrorsTestCase, TestCase::QUICK);
        AddTestCase(new IpcompRoundTripTestCase, TestCase::QUICK);
        AddTestCase(new IpcompLeftAloneTestCase, TestCase::QUICK);
        AddTestCase(new IpcompGainTestCase, TestCase::QUICK);
        AddTestCase(new IpcompOpenTestCase, TestCase::QUICK);
        AddTestCase(new IpcompShortestTestCase, TestCase::QUICK);
        AddTestCase(new IpcompBrokenTestCase, TestCase::QUICK);
        AddTestCase(new IpcompBombTestCase, TestCase::QUICK);
    }
};

static IpcompTestSuite g_ipcompTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
