/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-codecs.h"
#include "xfrm-test-states.h"

#include "ns3/test.h"
#include "ns3/xfrm-esp.h"
#include "ns3/xfrm-libcrypto-algorithms.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return what opening bytes gives @param codec with what @param sealed the bytes
/// @param sequence the sequence number
OpenedBytes
Open(LayerCodec& codec, const Bytes& sealed, uint64_t sequence = 1)
{
    OpenInput input;
    input.sequence = sequence;
    return codec.Open(sealed, input);
}

/// @return how opening ends: "EBADMSG" and so on, or "ok"
std::string
GetVerdict(LayerCodec& codec, const Bytes& sealed, uint64_t sequence = 1)
{
    return error::GetName(Open(codec, sealed, sequence).error);
}

/// @return a state without cipher, with HMAC-SHA-256 cut to 128 bits
StateConfig
MakeNullSha256()
{
    return MakePair(MakeAlgorithm("cipher_null", 0), MakeAlgorithm("hmac(sha256)", 32, 128));
}

/// @return a packet of MakeNullSha256() with a right check value
/// @param text what is in it, trailer included
Bytes
Authenticate(const Bytes& text)
{
    Bytes packet = FromHex("00000001 00000001");
    packet.insert(packet.end(), text.begin(), text.end());
    Bytes icv(16);
    MakeMac(*MakeNullSha256().auth)->Compute({packet}, icv);
    packet.insert(packet.end(), icv.begin(), icv.end());
    return packet;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief What is sealed has the length of R230, and comes back when it is opened (R216, R252).
 *
 * Clear texts of 1 to 70 bytes reach every pad length of every block; 1400 is a full packet.
 */
class EspRoundTripTestCase : public TestCase
{
  public:
    EspRoundTripTestCase()
        : TestCase("what is sealed has the length foretold, and opens to what it was")
    {
    }

  private:
    void DoRun() override
    {
        for (const NamedState& state : MakeNamedStates())
        {
            const Esp sizes(state.config);
            const auto codec = MakeCodec(state.config);
            NS_TEST_EXPECT_MSG_EQ(codec->GetIvLength(), sizes.GetIvLength(), state.name << ": V");
            for (const size_t nBytes : GetLengths())
            {
                const Bytes clear = MakePattern(nBytes);
                const Bytes sealed = Seal(*codec, clear, 1);
                NS_TEST_EXPECT_MSG_EQ(sealed.size(),
                                      sizes.GetSealedLength(nBytes, 0),
                                      state.name << ": length of " << nBytes);
                const OpenedBytes opened = Open(*codec, sealed);
                NS_TEST_EXPECT_MSG_EQ(opened.error, 0, state.name << ": error of " << nBytes);
                NS_TEST_EXPECT_MSG_EQ(opened.nextHeader, PROTO_UDP, state.name << ": protocol");
                NS_TEST_EXPECT_MSG_EQ((opened.clear == clear), true, state.name << ": bytes");
            }
        }
    }

    /// @return lengths of clear texts
    static std::vector<size_t> GetLengths()
    {
        std::vector<size_t> lengths{1400};
        for (size_t nBytes = 1; nBytes <= 70; ++nBytes)
        {
            lengths.push_back(nBytes);
        }
        return lengths;
    }
};

/**
 * @ingroup xfrm-tests
 * @brief SPI, sequence number, initialisation vector, text and check value are authenticated: one
 * wrong bit anywhere is EBADMSG (R258, RFC 4303, section 2.8), and the codec goes on working.
 */
class EspTamperTestCase : public TestCase
{
  public:
    EspTamperTestCase()
        : TestCase("a packet with one wrong bit anywhere does not open")
    {
    }

  private:
    void DoRun() override
    {
        for (const NamedState& state : MakeNamedStates())
        {
            const auto codec = MakeCodec(state.config);
            const Bytes sealed = Seal(*codec, MakePattern(20), 1);
            for (size_t bit = 0; bit < sealed.size() * 8; ++bit)
            {
                Bytes wrong = sealed;
                wrong[bit / 8] ^= static_cast<uint8_t>(1U << bit % 8);
                const OpenedBytes opened = Open(*codec, wrong);
                NS_TEST_EXPECT_MSG_EQ(opened.error, error::BADMSG, state.name << ": bit " << bit);
                NS_TEST_EXPECT_MSG_EQ(opened.clear.size(), 0, state.name << ": bit " << bit);
            }
            NS_TEST_EXPECT_MSG_EQ(GetVerdict(*codec, sealed), "ok", state.name << ": untouched");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A packet that is cut has no right check value, or no room for one (R258).
 *
 * esp_input() gives EINVAL below 8 + V bytes and the cipher does below 8 + V + I; from there on the
 * last I bytes are taken for the check value, which they are not.
 */
class EspCutTestCase : public TestCase
{
  public:
    EspCutTestCase()
        : TestCase("a packet that is cut anywhere does not open")
    {
    }

  private:
    void DoRun() override
    {
        for (const NamedState& state : MakeNamedStates())
        {
            const Esp sizes(state.config);
            const size_t leastBytes = 8 + sizes.GetIvLength() + sizes.GetIcvLength();
            const auto codec = MakeCodec(state.config);
            const Bytes sealed = Seal(*codec, MakePattern(20), 1);
            for (size_t nBytes = 0; nBytes < sealed.size(); ++nBytes)
            {
                const Bytes cut(sealed.begin(), sealed.begin() + nBytes);
                NS_TEST_EXPECT_MSG_EQ(GetVerdict(*codec, cut),
                                      (nBytes < leastBytes ? "EINVAL" : "EBADMSG"),
                                      state.name << ": " << nBytes << " bytes");
            }
        }
    }
};

/// A text, trailer included, and what becomes of it.
struct TextRow
{
    std::string name;    //!< what is special about it
    std::string text;    //!< the text in hexadecimal
    std::string verdict; //!< how opening ends
    std::string clear;   //!< what is left of it
};

/**
 * @ingroup xfrm-tests
 * @brief The trailer is read after the check value was found right (R258).
 *
 * esp_input_done2() refuses pad length + 2 + I >= what follows the initialisation vector, which is
 * text + I: so there is at least one clear byte.  It does not look at the padding.  59 is a dummy,
 * and a next header of 0 is an error to xfrm_input().  An empty packet, or one of a single byte,
 * has no trailer.
 */
class EspTrailerTestCase : public TestCase
{
  public:
    EspTrailerTestCase()
        : TestCase("pad lengths up to all but one byte are taken, dummies are not")
    {
    }

  private:
    void DoRun() override
    {
        const std::array rows{TextRow{"one clear byte", "aa 01 02 02 11", "ok", "aa"},
                              TextRow{"no clear byte", "01 02 02 11", "EINVAL", ""},
                              TextRow{"longer than the text", "aa 01 ff 11", "EINVAL", ""},
                              TextRow{"padding of another kind", "aa 77 88 02 11", "ok", "aa"},
                              TextRow{"no multiple of 4", "aa bb 00 11 00 11", "ok", "aabb0011"},
                              TextRow{"a dummy", "aa 01 01 3b", "EINVAL", ""},
                              TextRow{"next header 0", "aa 01 01 00", "EINVAL", ""},
                              TextRow{"nothing", "", "EINVAL", ""},
                              TextRow{"one byte", "00", "EINVAL", ""}};
        const auto codec = MakeCodec(MakeNullSha256());
        for (const TextRow& row : rows)
        {
            const OpenedBytes opened = Open(*codec, Authenticate(FromHex(row.text)));
            NS_TEST_EXPECT_MSG_EQ(error::GetName(opened.error), row.verdict, row.name);
            NS_TEST_EXPECT_MSG_EQ(ToHex(opened.clear), row.clear, row.name);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A text that is no whole number of blocks is found out behind a right check value (R258).
 *
 * The check value needs no cipher key: with that of MakeNullSha256() the packet is right for
 * AES-CBC, too, but for its 17 bytes of text behind 16 of initialisation vector.
 */
class EspBlockTestCase : public TestCase
{
  public:
    EspBlockTestCase()
        : TestCase("a text that is no multiple of the block does not open")
    {
    }

  private:
    void DoRun() override
    {
        const auto codec = MakeCodec(MakeCbc(MakeAlgorithm("hmac(sha256)", 32, 128)));
        NS_TEST_EXPECT_MSG_EQ(GetVerdict(*codec, Authenticate(MakePattern(16 + 17))),
                              "EINVAL",
                              "17 bytes");
        Bytes wrong = Authenticate(MakePattern(16 + 17));
        wrong.back() ^= 1;
        NS_TEST_EXPECT_MSG_EQ(GetVerdict(*codec, wrong), "EBADMSG", "and a wrong check value");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The upper half of extended sequence numbers is authenticated and not sent (R237, RFC 4303,
 * section 2.2.1).
 *
 * So a packet opens with its own upper half only.  Without ESN upper halves do not matter.
 */
class EspExtendedTestCase : public TestCase
{
  public:
    EspExtendedTestCase()
        : TestCase("with extended sequence numbers the half that is not sent is authenticated")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint64_t SECOND_ROUND{0x100000001};
        for (NamedState state : MakeNamedStates())
        {
            const Bytes plain = Seal(*MakeCodec(state.config), MakePattern(20), SECOND_ROUND);
            NS_TEST_EXPECT_MSG_EQ(GetVerdict(*MakeCodec(state.config), plain),
                                  "ok",
                                  state.name << ": without ESN");
            state.config.flags |= StateConfig::FLAG_ESN;
            const auto codec = MakeCodec(state.config);
            const Bytes sealed = Seal(*codec, MakePattern(20), SECOND_ROUND);
            NS_TEST_EXPECT_MSG_EQ(sealed.size(), plain.size(), state.name << ": length");
            NS_TEST_EXPECT_MSG_EQ(GetVerdict(*codec, sealed, SECOND_ROUND), "ok", state.name);
            NS_TEST_EXPECT_MSG_EQ(GetVerdict(*codec, sealed), "EBADMSG", state.name << ": round 1");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Traffic flow confidentiality puts zeros behind the clear bytes (R231).
 *
 * 20 bytes padded to 100: 100 + 2 = 102, rounded up to 104, so two bytes of padding.  Where the
 * clear bytes end only their own header says: 100 come out.
 */
class EspTfcTestCase : public TestCase
{
  public:
    EspTfcTestCase()
        : TestCase("a packet padded for confidentiality opens with the zeros behind it")
    {
    }

  private:
    void DoRun() override
    {
        const auto codec = MakeCodec(MakeStateConfig(1));
        const Bytes iv(8);
        SealInput input;
        input.nextHeader = PROTO_IPIP;
        input.padToBytes = 100;
        input.iv = iv;
        const Bytes sealed = codec->Seal(MakePattern(20), input).bytes;
        NS_TEST_EXPECT_MSG_EQ(sealed.size(), 8 + 8 + 104 + 16, "length");
        const OpenedBytes opened = Open(*codec, sealed, 0);
        Bytes expected = MakePattern(20);
        expected.resize(100);
        NS_TEST_EXPECT_MSG_EQ(ToHex(opened.clear), ToHex(expected), "bytes");
        NS_TEST_EXPECT_MSG_EQ(opened.nextHeader, PROTO_IPIP, "protocol");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Without authentication anything that has a trailer opens (RFC 4303, section 3.2).
 *
 * The null cipher shows the text: 3 + 2 bytes, rounded up to 8, take 3 bytes of padding.
 */
class EspWithoutAuthTestCase : public TestCase
{
  public:
    EspWithoutAuthTestCase()
        : TestCase("without authentication there is no check value")
    {
    }

  private:
    void DoRun() override
    {
        const auto codec = MakeCodec(MakePair(MakeAlgorithm("cipher_null", 0)));
        Bytes sealed = Seal(*codec, FromHex("aa bb cc"), 7);
        NS_TEST_EXPECT_MSG_EQ(ToHex(sealed), "0000000100000007aabbcc0102030311", "bytes");
        sealed[8] = 0xab;
        NS_TEST_EXPECT_MSG_EQ(ToHex(Open(*codec, sealed).clear), "abbbcc", "opened");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A state makes its codec once, with the SPI that it then has.
 */
class StateCodecTestCase : public TestCase
{
  public:
    StateCodecTestCase()
        : TestCase("a state keeps its codec")
    {
    }

  private:
    void DoRun() override
    {
        const Ptr<State> state = MakeState(MakeStateConfig(0x01020304));
        LayerCodec& codec = state->GetCodec();
        const Bytes sealed = Seal(codec, MakePattern(20), 5);
        NS_TEST_EXPECT_MSG_EQ(ToHex(std::span(sealed).first(8)), "0102030400000005", "header");
        NS_TEST_EXPECT_MSG_EQ(&state->GetCodec(), &codec, "the same again");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What has no bytes is refused by name, and so are wrong initialisation vectors.
 */
class EspCodecErrorsTestCase : public TestCase
{
  public:
    EspCodecErrorsTestCase()
        : TestCase("a codec refuses algorithms without bytes, and wrong initialisation vectors")
    {
    }

  private:
    void DoRun() override
    {
        const std::string ciphers = ": its bytes are not computed: must be ecb(cipher_null), "
                                    "cbc(des3_ede), cbc(aes), cbc(camellia) or rfc3686(ctr(aes))";
        for (const std::string name :
             {"cbc(des)", "cbc(cast5)", "cbc(blowfish)", "cbc(serpent)", "cbc(twofish)"})
        {
            const size_t nKeyBytes = name == "cbc(des)" ? 8 : 16;
            NS_TEST_EXPECT_MSG_EQ(GetCodecComplaint(MakePair(MakeAlgorithm(name, nKeyBytes))),
                                  name + ciphers,
                                  name);
        }
        NS_TEST_EXPECT_MSG_EQ(
            GetCodecComplaint(MakeCbc(MakeAlgorithm("xcbc(aes)", 16))),
            "xcbc(aes): its bytes are not computed: must be digest_null, hmac(md5), hmac(sha1), "
            "hmac(sha256), hmac(sha384), hmac(sha512), hmac(rmd160) or cmac(aes)",
            "xcbc(aes)");
        std::string complaint;
        try
        {
            MakeCodec(MakeStateConfig(1))->Seal(MakePattern(20), {});
        }
        catch (const std::invalid_argument& error)
        {
            complaint = error.what();
        }
        NS_TEST_EXPECT_MSG_EQ(complaint,
                              "ESP: initialisation vector of 0 bytes: must have 8",
                              "initialisation vector");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of EspLayer and State::GetCodec().
 */
class EspLayerTestSuite : public TestSuite
{
  public:
    EspLayerTestSuite()
        : TestSuite("xfrm-esp-layer", UNIT)
    {
        AddTestCase(new EspRoundTripTestCase, TestCase::QUICK);
        AddTestCase(new EspTamperTestCase, TestCase::QUICK);
        AddTestCase(new EspCutTestCase, TestCase::QUICK);
        AddTestCase(new EspTrailerTestCase, TestCase::QUICK);
        AddTestCase(new EspBlockTestCase, TestCase::QUICK);
        AddTestCase(new EspExtendedTestCase, TestCase::QUICK);
        AddTestCase(new EspTfcTestCase, TestCase::QUICK);
        AddTestCase(new EspWithoutAuthTestCase, TestCase::QUICK);
        AddTestCase(new StateCodecTestCase, TestCase::QUICK);
        AddTestCase(new EspCodecErrorsTestCase, TestCase::QUICK);
    }
};

static EspLayerTestSuite g_espLayerTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
