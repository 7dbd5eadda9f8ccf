/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-codecs.h"
#include "xfrm-test-states.h"

#include "ns3/test.h"
#include "ns3/xfrm-ah-layer.h"
#include "ns3/xfrm-ah.h"
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

/// An IP header of 20 bytes: TOS 0x5a, length 120, id 0x1234, DF, TTL 64, AH, checksum 0xbeef,
/// 203.0.113.1 to 203.0.113.2.
constexpr std::string_view IP_HEADER{"455a0078 12344000 4033beef cb007101 cb007102"};

/// The same as it is authenticated.
constexpr std::string_view BLANK_HEADER{"45000078 12340000 00330000 cb007101 cb007102"};

/// @return a state of AH, SPI 0x1001, HMAC-SHA-256 @param icvBits its check value [bits]
StateConfig
MakeAh(uint32_t icvBits = 128)
{
    StateConfig config = MakeStateConfig(0x1001);
    UseAh(config);
    config.auth = {"hmac(sha256)", MakePattern(32), icvBits};
    return config;
}

/// @return what is behind the header @param codec with what @param clear the clear bytes
/// @param sequence the sequence number @param ipHeader the header
SealedBytes
SealAh(LayerCodec& codec, const Bytes& clear, uint64_t sequence, const Bytes& ipHeader)
{
    SealInput input;
    input.sequence = sequence;
    input.nextHeader = PROTO_UDP;
    input.ipHeader = ipHeader;
    return codec.Seal(clear, input);
}

/// @return what opening gives @param codec with what @param sealed what is behind the header
/// @param ipHeader the header @param sequence the sequence number
OpenedBytes
OpenAh(LayerCodec& codec, const Bytes& sealed, const Bytes& ipHeader, uint64_t sequence = 1)
{
    OpenInput input;
    input.sequence = sequence;
    input.ipHeader = ipHeader;
    return codec.Open(sealed, input);
}

/// @return how opening ends, "ok" or the error's name
std::string
GetAhVerdict(LayerCodec& codec,
             const Bytes& sealed,
             const Bytes& ipHeader = FromHex(IP_HEADER),
             uint64_t sequence = 1)
{
    return error::GetName(OpenAh(codec, sealed, ipHeader, sequence).error);
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief The whole of a packet, written down byte by byte (R234, RFC 4302, section 2).
 *
 * With 128 bits the header has 12 + 16 = 28 bytes, rounded up to 32, or with ALIGN4 as it is:
 * payload length 32 / 4 - 2 = 6 and 28 / 4 - 2 = 5.  The check value is that of the blank IP
 * header, the AH header with zeros for it, and the clear bytes.
 */
class AhBytesTestCase : public TestCase
{
  public:
    AhBytesTestCase()
        : TestCase("AH is next header, length, SPI, number, check value and fill")
    {
    }

  private:
    /// Expect a header.  @param config the state @param start what it starts with
    /// @param nFill zeros behind the check value
    void Expect(const StateConfig& config, const std::string& start, size_t nFill)
    {
        const Bytes clear = MakePattern(8);
        Bytes message = FromHex(std::string(BLANK_HEADER) + start);
        message.resize(message.size() + 16 + nFill);
        message.insert(message.end(), clear.begin(), clear.end());
        Bytes icv(16);
        MakeMac(*config.auth)->Compute({message}, icv);
        icv.resize(16 + nFill);
        const auto codec = MakeCodec(config);
        const SealedBytes sealed = SealAh(*codec, clear, 5, FromHex(IP_HEADER));
        NS_TEST_EXPECT_MSG_EQ(ToHex(sealed.bytes),
                              start + ToHex(icv) + "0001020304050607",
                              "packet");
        NS_TEST_EXPECT_MSG_EQ(sealed.bytes.size(), Ah(config).GetSealedLength(8, 0), "length");
    }

    void DoRun() override
    {
        StateConfig config = MakeAh();
        Expect(config, "110600000000100100000005", 4);
        config.flags = StateConfig::FLAG_ALIGN4;
        Expect(config, "110500000000100100000005", 0);
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Every authentication algorithm, whole and cut, with and without ESN.
 *
 * What changes on the way may change: TOS, fragment field, TTL, checksum.  With ESN the upper half
 * of the number is authenticated (RFC 4302, section 2.5.1).
 */
class AhRoundTripTestCase : public TestCase
{
  public:
    AhRoundTripTestCase()
        : TestCase("a packet opens although its IP header changed on the way")
    {
    }

  private:
    /// Expect a packet to open to what it was.
    void Expect(const StateConfig& config, const std::string& name)
    {
        constexpr uint64_t SECOND_ROUND{0x100000001};
        const bool isExtended = (config.flags & StateConfig::FLAG_ESN) != 0;
        const Bytes changed = FromHex("45ff0078 12342001 01330102 cb007101 cb007102");
        const auto codec = MakeCodec(config);
        const Bytes clear = MakePattern(60);
        const Bytes sealed = SealAh(*codec, clear, SECOND_ROUND, FromHex(IP_HEADER)).bytes;
        const OpenedBytes opened = OpenAh(*codec, sealed, changed, SECOND_ROUND);
        NS_TEST_EXPECT_MSG_EQ(opened.error, 0, name << ": error");
        NS_TEST_EXPECT_MSG_EQ(opened.nextHeader, PROTO_UDP, name << ": protocol");
        NS_TEST_EXPECT_MSG_EQ(ToHex(opened.clear), ToHex(clear), name << ": bytes");
        const bool isBlind = config.auth->name == "digest_null" || !isExtended;
        NS_TEST_EXPECT_MSG_EQ(GetAhVerdict(*codec, sealed),
                              (isBlind ? "ok" : "EBADMSG"),
                              name << ": first round");
    }

    void DoRun() override
    {
        for (const std::string name : {"digest_null",
                                       "hmac(md5)",
                                       "hmac(sha1)",
                                       "hmac(sha256)",
                                       "hmac(sha384)",
                                       "hmac(sha512)",
                                       "hmac(rmd160)",
                                       "cmac(aes)"})
        {
            for (const uint32_t icvBits : {0, 64, 128})
            {
                StateConfig config = MakeAh();
                config.auth = {name, MakePattern(16), name == "digest_null" ? 0 : icvBits};
                Expect(config, name + " " + std::to_string(icvBits));
                config.flags = StateConfig::FLAG_ESN;
                Expect(config, name + " with ESN " + std::to_string(icvBits));
            }
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief One wrong bit of what is sealed is EBADMSG, but in the payload length, which is EINVAL.
 *
 * The length is 6 for 12 + 16 bytes, rounded up to 32.  Only 10 is accepted besides, for 12 + 32
 * rounded up to 48, and it differs from 6 in two bits.  Of the IP header every byte matters but
 * those that may change on the way.
 */
class AhTamperTestCase : public TestCase
{
  public:
    AhTamperTestCase()
        : TestCase("a packet with one wrong bit does not open")
    {
    }

  private:
    void DoRun() override
    {
        const auto codec = MakeCodec(MakeAh());
        const Bytes ipHeader = FromHex(IP_HEADER);
        const Bytes sealed = SealAh(*codec, MakePattern(20), 1, ipHeader).bytes;
        for (size_t bit = 0; bit < sealed.size() * 8; ++bit)
        {
            Bytes wrong = sealed;
            wrong[bit / 8] ^= static_cast<uint8_t>(1U << bit % 8);
            NS_TEST_EXPECT_MSG_EQ(GetAhVerdict(*codec, wrong),
                                  (bit / 8 == 1 ? "EINVAL" : "EBADMSG"),
                                  "bit " << bit);
        }
        const Bytes mutableBytes{1, 6, 7, 8, 10, 11};
        for (size_t i = 1; i < ipHeader.size(); ++i)
        {
            Bytes wrong = ipHeader;
            wrong[i] ^= 0x10;
            const bool mayChange =
                mutableBytes.end() != std::find(mutableBytes.begin(), mutableBytes.end(), i);
            NS_TEST_EXPECT_MSG_EQ(GetAhVerdict(*codec, sealed, wrong),
                                  (mayChange ? "ok" : "EBADMSG"),
                                  "byte " << i << " of the IP header");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A packet that is cut is malformed while its header is not all there, then wrong.
 */
class AhCutTestCase : public TestCase
{
  public:
    AhCutTestCase()
        : TestCase("a packet that is cut anywhere does not open")
    {
    }

  private:
    void DoRun() override
    {
        const auto codec = MakeCodec(MakeAh());
        const Bytes sealed = SealAh(*codec, MakePattern(20), 1, FromHex(IP_HEADER)).bytes;
        for (size_t nBytes = 0; nBytes < sealed.size(); ++nBytes)
        {
            const Bytes cut(sealed.begin(), sealed.begin() + nBytes);
            NS_TEST_EXPECT_MSG_EQ(GetAhVerdict(*codec, cut),
                                  (nBytes < 32 ? "EINVAL" : "EBADMSG"),
                                  nBytes << " bytes");
        }
        NS_TEST_EXPECT_MSG_EQ(GetAhVerdict(*codec, sealed), "ok", "whole");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief ah_input() takes the header length of the whole check value, too.
 *
 * 12 + 32 = 44 rounded up is 48 bytes, payload length 10; of them 16 are zero for the check value,
 * the others are authenticated as they came.  Linux never sends this.
 */
class AhWholeLengthTestCase : public TestCase
{
  public:
    AhWholeLengthTestCase()
        : TestCase("a header as long as the check value before it is cut is accepted")
    {
    }

  private:
    void DoRun() override
    {
        const StateConfig config = MakeAh();
        Bytes packet = FromHex("110a0000 00001001 00000001");
        packet.resize(12 + 16);
        for (size_t i = 0; i < 20 + 4; ++i) // fill, and 4 clear bytes
        {
            packet.push_back(0xc0 + i);
        }
        Bytes icv(16);
        MakeMac(*config.auth)->Compute({FromHex(BLANK_HEADER), packet}, icv);
        std::copy(icv.begin(), icv.end(), packet.begin() + 12);
        const OpenedBytes opened = OpenAh(*MakeCodec(config), packet, FromHex(IP_HEADER));
        NS_TEST_EXPECT_MSG_EQ(opened.error, 0, "error");
        NS_TEST_EXPECT_MSG_EQ(ToHex(opened.clear), "d4d5d6d7", "bytes");
    }
};

/// Options of an IP header, and what is authenticated of them.
struct OptionRow
{
    std::string name;        //!< what is special about them
    std::string options;     //!< in hexadecimal, a multiple of 4 bytes
    std::string blank;       //!< what is authenticated
    std::string destination; //!< the destination then
};

/**
 * @ingroup xfrm-tests
 * @brief Which options are kept, and which become zeros (RFC 4302, appendix A1, as
 * ip_clear_mutable_options() has it).
 *
 * Kept: security (0x82), extended security (0x85), CIPSO (0x86), router alert (0x94), 0x95, NOP,
 * and all from the end of the list on.  A source route's last hop is the destination for whoever
 * sends.
 */
class AhOptionsTestCase : public TestCase
{
  public:
    AhOptionsTestCase()
        : TestCase("options that change on the way become zeros, the others stay")
    {
    }

  private:
    void DoRun() override
    {
        const std::string own = "cb007102";
        const std::array rows{
            OptionRow{"router alert", "94040000", "94040000", own},
            OptionRow{"router alert that has a value", "94041234", "94041234", own},
            OptionRow{"security", "820403a5", "820403a5", own},
            OptionRow{"extended security", "850403a5", "850403a5", own},
            OptionRow{"CIPSO", "8604a5a5", "8604a5a5", own},
            OptionRow{"RFC 1770", "95041234", "95041234", own},
            OptionRow{"record route", "0707040a 01020300", "00000000 00000000", own},
            OptionRow{"timestamp", "44080501 00001234", "00000000 00000000", own},
            OptionRow{"between NOPs",
                      "01070304 01940400 01010100",
                      "01000000 01940400 01010100",
                      own},
            OptionRow{"behind the end", "00070304", "00070304", own},
            OptionRow{"loose route", "83070401 02030400", "00000000 00000000", "01020304"},
            OptionRow{"strict route",
                      "890b0401 02030405 06070800",
                      "00000000 00000000 00000000",
                      "05060708"}};
        for (const OptionRow& row : rows)
        {
            const Bytes options = FromHex(row.options);
            Bytes header = FromHex(IP_HEADER);
            header.insert(header.end(), options.begin(), options.end());
            header[0] = static_cast<uint8_t>(0x40 + header.size() / 4);
            const Bytes whole = header;
            NS_TEST_EXPECT_MSG_EQ(BlankMutableFields(header, true), 0, row.name);
            NS_TEST_EXPECT_MSG_EQ(ToHex(std::span(header).subspan(20)),
                                  ToHex(FromHex(row.blank)),
                                  row.name);
            NS_TEST_EXPECT_MSG_EQ(ToHex(std::span(header).subspan(16, 4)),
                                  row.destination,
                                  row.name << ": destination");
            header = whole;
            NS_TEST_EXPECT_MSG_EQ(BlankMutableFields(header, false), 0, row.name);
            NS_TEST_EXPECT_MSG_EQ(ToHex(std::span(header).subspan(16, 4)),
                                  own,
                                  row.name << ": destination as received");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A source route opens at its last hop, where the header's destination is the last address.
 *
 * On the way the option's pointer moves and its addresses change places.
 */
class AhSourceRouteTestCase : public TestCase
{
  public:
    AhSourceRouteTestCase()
        : TestCase("a source route opens at its end")
    {
    }

  private:
    void DoRun() override
    {
        const auto codec = MakeCodec(MakeAh());
        const Bytes sent =
            FromHex("475a0080 12344000 4033beef cb007101 0a000001 830704cb 00710200");
        const Bytes got = FromHex("475a0080 12344000 3f33aaaa cb007101 cb007102 8307080a 00000100");
        const Bytes sealed = SealAh(*codec, MakePattern(20), 1, sent).bytes;
        NS_TEST_EXPECT_MSG_EQ(GetAhVerdict(*codec, sealed, got), "ok", "at the end");
        NS_TEST_EXPECT_MSG_EQ(GetAhVerdict(*codec, sealed, sent), "EBADMSG", "on the way");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Options that do not fit are EINVAL both ways; headers that are none are the caller's
 * mistake.
 */
class AhBadHeaderTestCase : public TestCase
{
  public:
    AhBadHeaderTestCase()
        : TestCase("options that do not fit are malformed, other headers are refused")
    {
    }

  private:
    void DoRun() override
    {
        const auto codec = MakeCodec(MakeAh());
        const Bytes sealed = SealAh(*codec, MakePattern(20), 1, FromHex(IP_HEADER)).bytes;
        for (const std::string options :
             {"07000000", "07010000", "07050000", "01010107", "83050401 02030000"})
        {
            Bytes header = FromHex(std::string(IP_HEADER) + options);
            header[0] = static_cast<uint8_t>(0x40 + header.size() / 4);
            const SealedBytes none = SealAh(*codec, MakePattern(20), 1, header);
            NS_TEST_EXPECT_MSG_EQ(none.error, error::INVAL, options << ", sent");
            NS_TEST_EXPECT_MSG_EQ(none.isSealed, false, options << ", sent");
            NS_TEST_EXPECT_MSG_EQ(GetAhVerdict(*codec, sealed, header),
                                  "EINVAL",
                                  options << ", received");
        }
        const std::string rule = " bytes: must be 20 to 60, as its own length says, ";
        ExpectComplaint({}, "AH: IP header of 0" + rule + "0");
        ExpectComplaint(FromHex("44000000 00000000 00000000 00000000"),
                        "AH: IP header of 16" + rule + "16");
        ExpectComplaint(FromHex(std::string(IP_HEADER) + "01"),
                        "AH: IP header of 21" + rule + "20");
    }

    /// Expect a header to be refused.
    void ExpectComplaint(Bytes header, const std::string& expected)
    {
        std::string complaint;
        try
        {
            BlankMutableFields(header, true);
        }
        catch (const std::invalid_argument& error)
        {
            complaint = error.what();
        }
        NS_TEST_EXPECT_MSG_EQ(complaint, expected, "complaint");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A next header of 0 is an error to xfrm_input(), behind a right check value; 59 is none.
 */
class AhNextHeaderTestCase : public TestCase
{
  public:
    AhNextHeaderTestCase()
        : TestCase("next header 0 is malformed")
    {
    }

  private:
    void DoRun() override
    {
        const auto codec = MakeCodec(MakeAh());
        const Bytes ipHeader = FromHex(IP_HEADER);
        SealInput input;
        input.sequence = 1;
        input.ipHeader = ipHeader;
        const auto getVerdict = [&](uint8_t nextHeader) {
            input.nextHeader = nextHeader;
            return GetAhVerdict(*codec, codec->Seal(MakePattern(20), input).bytes);
        };
        NS_TEST_EXPECT_MSG_EQ(getVerdict(0), "EINVAL", "0");
        NS_TEST_EXPECT_MSG_EQ(getVerdict(PROTO_NONE), "ok", "59");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief IPv6 has sizes only.
 */
class AhCodecErrorsTestCase : public TestCase
{
  public:
    AhCodecErrorsTestCase()
        : TestCase("AH has no bytes on IPv6, and none of AES-XCBC")
    {
    }

  private:
    void DoRun() override
    {
        StateConfig config = MakeAh();
        config.family = Family::Ipv6;
        NS_TEST_EXPECT_MSG_EQ(GetCodecComplaint(config),
                              "AH: bytes of IPv6 packets: must be IPv4",
                              "IPv6");
        config = MakeAh();
        config.auth = MakeAlgorithm("xcbc(aes)", 16);
        NS_TEST_EXPECT_MSG_EQ(GetCodecComplaint(config).substr(0, 36),
                              "xcbc(aes): its bytes are not compute",
                              "xcbc(aes)");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of AhLayer.
 */
class AhLayerTestSuite : public TestSuite
{
  public:
    AhLayerTestSuite()
        : TestSuite("xfrm-ah-layer", UNIT)
    {
        AddTestCase(new AhBytesTestCase, TestCase::QUICK);
        AddTestCase(new AhRoundTripTestCase, TestCase::QUICK);
        AddTestCase(new AhTamperTestCase, TestCase::QUICK);
        AddTestCase(new AhCutTestCase, TestCase::QUICK);
        AddTestCase(new AhWholeLengthTestCase, TestCase::QUICK);
        AddTestCase(new AhOptionsTestCase, TestCase::QUICK);
        AddTestCase(new AhSourceRouteTestCase, TestCase::QUICK);
        AddTestCase(new AhBadHeaderTestCase, TestCase::QUICK);
        AddTestCase(new AhNextHeaderTestCase, TestCase::QUICK);
        AddTestCase(new AhCodecErrorsTestCase, TestCase::QUICK);
    }
};

static AhLayerTestSuite g_ahLayerTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
