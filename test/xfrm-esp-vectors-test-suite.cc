/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-codecs.h"
#include "xfrm-test-states.h"

#include "ns3/test.h"
#include "ns3/xfrm-libcrypto-algorithms.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// A published ESP packet.
struct PacketVector
{
    std::string source;     //!< where it is published
    Algorithm algorithm;    //!< its combined algorithm, or its cipher
    uint32_t spi;           //!< SPI
    uint64_t sequence;      //!< sequence number
    bool isExtended;        //!< whether it is an extended one
    std::string iv;         //!< initialisation vector
    std::string clear;      //!< clear bytes, without trailer
    std::string ciphertext; //!< what follows the initialisation vector
};

/// @return the packets of draft-mcgrew-gcm-test-01, section 4
std::vector<PacketVector>
MakeGcmVectors()
{
    const std::string gcm = "rfc4106(gcm(aes))";
    return {
        {"first",
         {gcm, FromHex("4c80cdefbb5d10da906ac73c3613a634 2e443b68"), 128},
         0x4321,
         0x8765432100000000,
         true,
         "4956ed7e3b244cfe",
         "45000048699a000080114db7c0a80102c0a801010a9bf15638d3010000010000"
         "00000000045f736970045f756470037369700963796265726369747902646b00"
         "00210001",
         "fecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa13ceac34"
         "cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1884f5ff6247aeabb786b93bce"
         "61bc17d768fd9732 459018148f6cbe722fd04796562dfdb4"},
        {"192 bits",
         {gcm, FromHex("feffe9928665731c6d6a8f9467308308feffe9928665731c cafebabe"), 128},
         0xa5f8,
         0xa,
         false,
         "facedbaddecaf888",
         "45000028a4ad4000400678800a01038f0a010612802306b8cb712602dd6bb03e501016d07568",
         "a5b1f8066029aea40e598b8122de02420938b3ab33f828e687b8858b5bfbdbd0"
         "315b27452144cc77 95457b9652037f5318027b5b4cd7a636"},
        {"256 bits",
         {gcm,
          FromHex("abbccddef00112233445566778899aababbccddef00112233445566778899aab 11223344"),
          128},
         0x4a2cbfe3,
         2,
         false,
         "0102030405060708",
         "4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee000000000"
         "7002400020bf0000020405b401010402",
         "ff425c9b724599df7a3bcd510194e00d6a78107f1b0b1cbf06efae9d65a5d763"
         "748a637985771d347f0545659f14e99def842d8e b335f4eecfdbf831824b4c4915956c96"},
        {"GMAC",
         {"rfc4543(gcm(aes))", FromHex("4c80cdefbb5d10da906ac73c3613a634 22433c64"), 128},
         0x4321,
         7,
         false,
         "0000000000000000",
         "45000030da3a00008001df3bc0a80005c0a800010800c6cd0200070061626364"
         "65666768696a6b6c6d6e6f7071727374",
         "45000030da3a00008001df3bc0a80005c0a800010800c6cd0200070061626364"
         "65666768696a6b6c6d6e6f707172737401020201 f2a9a836e155106aa8dcd618e4099aaa"},
    };
}

/// @return the packets of RFC 3602, section 4, cases 5 and 6
std::vector<PacketVector>
MakeCbcVectors()
{
    const Algorithm aes{"cbc(aes)", FromHex("90d382b410eeba7ad938c46cec1a82bf"), 0};
    return {{"case 5",
             aes,
             0x4321,
             1,
             false,
             "e96e8c08ab465763fd098d45dd3ff893",
             "08000ebda70a00008e9c083db95b070008090a0b0c0d0e0f1011121314151617"
             "18191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637",
             "f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330013b4898dc856"
             "a4699e523a55db080b59ec3a8e4b7e52775b07d1db34ed9c538ab50c551b874a"
             "a269add047ad2d5913ac19b7cfbad4a6"},
            {"case 6",
             aes,
             0x4321,
             8,
             false,
             "69d08df7d203329db093fc4924e5bd80",
             "0800b5e8a80a0500a69c083d0b660e00777777777777777777777777",
             "f51995881ec4e0c4488987ce742e8109689bb379d2d750c0d915dca346a89f75"}};
}

/// @return the packet of RFC 7634, appendix A
std::vector<PacketVector>
MakeChachaVectors()
{
    return {{"appendix A",
             {"rfc7539esp(chacha20,poly1305)",
              FromHex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f a0a1a2a3"),
              128},
             0x01020304,
             5,
             false,
             "1011121314151617",
             "45000054a6f200004001e778c6336405c000020508005b7a3a080000553bec10"
             "0007362708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223"
             "2425262728292a2b2c2d2e2f3031323334353637",
             "24039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef407ae5c6"
             "14ee8099d52844eb61aa95dfab4c02f72aa71e7c4c4f64c9befe2facc638e8f3"
             "cbec163fac469b502773f6fb94e664da9165b82829f641e0"
             "76aaa8266b7fb0f7b11b369907e1ad43"}};
}

/// A key, a message and what is computed of them.
struct KeyedVector
{
    Algorithm algorithm; //!< the algorithm, with its key
    std::string iv;      //!< initialisation vector in hexadecimal, if it has one
    std::string result;  //!< what is computed, in hexadecimal
};

/// @return a message of characters
Bytes
ToBytes(const std::string& text)
{
    return {text.begin(), text.end()};
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Published ESP packets, byte by byte, both ways.
 *
 * They all have padding 1, 2, 3 ... (R232) and a next header of 1 or 4, which is in the ciphertext.
 */
class EspPacketVectorTestCase : public TestCase
{
  public:
    /// @param source where they are published @param nextHeader their next header
    /// @param vectors the packets
    EspPacketVectorTestCase(const std::string& source,
                            uint8_t nextHeader,
                            std::vector<PacketVector> vectors)
        : TestCase("packets are those of " + source),
          m_nextHeader(nextHeader),
          m_vectors(std::move(vectors))
    {
    }

  private:
    /// @return the state of a packet
    static StateConfig MakeState(const PacketVector& vector)
    {
        StateConfig config = MakeStateConfig(vector.spi);
        config.aead.reset();
        (vector.algorithm.icvBits == 0 ? config.encryption : config.aead) = vector.algorithm;
        config.flags = vector.isExtended ? StateConfig::FLAG_ESN : 0;
        return config;
    }

    void DoRun() override
    {
        for (const PacketVector& vector : m_vectors)
        {
            const auto codec = MakeCodec(MakeState(vector));
            const Bytes iv = FromHex(vector.iv);
            SealInput input;
            input.sequence = vector.sequence;
            input.nextHeader = m_nextHeader;
            input.iv = iv;
            const Bytes sealed = codec->Seal(FromHex(vector.clear), input).bytes;
            NS_TEST_EXPECT_MSG_EQ(ToHex(std::span(sealed).subspan(8)),
                                  ToHex(iv) + ToHex(FromHex(vector.ciphertext)),
                                  vector.source);
            OpenInput received;
            received.sequence = vector.sequence;
            const OpenedBytes opened = codec->Open(sealed, received);
            NS_TEST_EXPECT_MSG_EQ(opened.error, 0, vector.source);
            NS_TEST_EXPECT_MSG_EQ(ToHex(opened.clear), vector.clear, vector.source);
            NS_TEST_EXPECT_MSG_EQ(opened.nextHeader, m_nextHeader, vector.source);
        }
    }

    uint8_t m_nextHeader;                //!< next header of all
    std::vector<PacketVector> m_vectors; //!< the packets
};

/**
 * @ingroup xfrm-tests
 * @brief Ciphers by themselves: what ESP makes of a whole first block, or of counter mode's text
 * (R216).
 *
 * RFC 3686, section 6, vectors 1, 4 and 7.  A first block in CBC mode with a zero initialisation
 * vector is the block by itself: RFC 3713, appendix A (Camellia), and NIST SP 800-67, appendix B
 * (3DES, the first block).
 */
class EspCipherVectorTestCase : public TestCase
{
  public:
    EspCipherVectorTestCase()
        : TestCase("ciphers are those of their specifications")
    {
    }

  private:
    /// Expect a ciphertext to start with bytes.
    void Expect(const KeyedVector& vector, const Bytes& clear)
    {
        const auto codec = MakeCodec(MakePair(vector.algorithm));
        const Bytes iv = FromHex(vector.iv);
        SealInput input;
        input.iv = iv;
        const Bytes sealed = codec->Seal(clear, input).bytes;
        const std::string cipher = ToHex(std::span(sealed).subspan(8 + iv.size()));
        NS_TEST_EXPECT_MSG_EQ(cipher.substr(0, vector.result.size()),
                              vector.result,
                              vector.algorithm.name << vector.algorithm.key.size());
    }

    void DoRun() override
    {
        const std::string ctr = "rfc3686(ctr(aes))";
        const Bytes message = ToBytes("Single block msg");
        Expect({{ctr, FromHex("ae6852f8121067cc4bf7a5765577f39e 00000030"), 0},
                "0000000000000000",
                "e4095d4fb7a7b3792d6175a3261311b8"},
               message);
        Expect({{ctr, FromHex("16af5b145fc9f579c175f93e3bfb0eed863d06ccfdb78515 00000048"), 0},
                "36733c147d6d93cb",
                "4b55384fe259c9c84e7935a003cbe928"},
               message);
        Expect(
            {{ctr,
              FromHex("776beff2851db06f4c8a0542c8696f6c6a81af1eec96b4d37fc1d689e6c1c104 00000060"),
              0},
             "db5672c97aa8f0b2",
             "145ad01dbf824ec7560863dc71e3e0c0"},
            message);
        const std::string camellia = "0123456789abcdeffedcba9876543210";
        Expect({{"cbc(camellia)", FromHex(camellia), 0},
                "00000000000000000000000000000000",
                "67673138549669730857065648eabe43"},
               FromHex(camellia));
        Expect({{"cbc(des3_ede)", FromHex("0123456789abcdef 23456789abcdef01 456789abcdef0123"), 0},
                "0000000000000000",
                "a826fd8ce53b855f"},
               FromHex("5468652071756663"));
    }
};

/**
 * @ingroup xfrm-tests
 * @brief AES-CCM taken apart (RFC 3610, section 2, with RFC 4309's nonce of 11 bytes, so L = 4).
 *
 * The text is in counter mode, the first counter being flags L - 1 = 3, nonce, 1.  The check value
 * is the CBC-MAC of B0, the length of the associated data in 2 bytes and these, filled up with
 * zeros, and the text, filled up, under the counter 0.  B0 is flags, nonce, length of the text; its
 * flags are 64 (there are associated data) + 8 * (16 - 2) / 2 (16 bytes of check value) + 3.
 */
class EspCcmTestCase : public TestCase
{
  public:
    EspCcmTestCase()
        : TestCase("CCM is counter mode and CBC-MAC")
    {
    }

  private:
    void DoRun() override
    {
        const Bytes key = MakePattern(16, 0x40);
        Bytes keyAndSalt = key;
        keyAndSalt.insert(keyAndSalt.end(), {0xa0, 0xa1, 0xa2});
        StateConfig config = MakeStateConfig(0x1001);
        config.aead = {"rfc4309(ccm(aes))", keyAndSalt, 128};
        const Bytes sealed = Seal(*MakeCodec(config), MakePattern(18), 5);

        const std::string nonce = "a0a1a2 3031323334353637";
        // 18 clear bytes and 2 make 20, which needs no padding.
        Bytes text = MakePattern(18);
        text.insert(text.end(), {0, PROTO_UDP});
        Bytes blocks = FromHex("7b" + nonce + "00000014 0008 0000100100000005 000000000000");
        blocks.insert(blocks.end(), text.begin(), text.end());
        blocks.resize(64);
        Cipher("AES-128-CBC", key).Encrypt(Bytes(16), blocks);
        Bytes icv(blocks.end() - 16, blocks.end());

        Cipher counter("AES-128-CTR", key);
        counter.Encrypt(FromHex("03" + nonce + "00000000"), icv);
        counter.Encrypt(FromHex("03" + nonce + "00000001"), text);
        NS_TEST_EXPECT_MSG_EQ(ToHex(std::span(sealed).subspan(16)),
                              ToHex(text) + ToHex(icv),
                              "text and check value");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Authentication codes: RFC 2202 and RFC 2286, test case 2, RFC 4231, test cases 2 and 6 (a
 * key longer than a block), RFC 4493, example 2.
 *
 * Each is computed twice, from the same start; what is cut is the start of the whole (R233).
 */
class MacVectorTestCase : public TestCase
{
  public:
    MacVectorTestCase()
        : TestCase("authentication codes are those of their specifications")
    {
    }

  private:
    /// Expect a code.
    void Expect(const std::string& name,
                const Bytes& key,
                const Bytes& message,
                const std::string& expected)
    {
        const auto mac = MakeMac({name, key, 0});
        for (const size_t nBytes : {expected.size() / 2, size_t{12}})
        {
            Bytes code(nBytes);
            const std::span<const uint8_t> whole(message);
            mac->Compute({whole.first(5), whole.subspan(5)}, code);
            NS_TEST_EXPECT_MSG_EQ(ToHex(code), expected.substr(0, 2 * nBytes), name);
        }
    }

    void DoRun() override
    {
        const Bytes jefe = ToBytes("Jefe");
        const Bytes want = ToBytes("what do ya want for nothing?");
        Expect("hmac(md5)", jefe, want, "750c783e6ab0b503eaa86e310a5db738");
        Expect("hmac(sha1)", jefe, want, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        Expect("hmac(rmd160)", jefe, want, "dda6c0213a485a9e24f4742064a7f033b43c4069");
        Expect("hmac(sha256)",
               jefe,
               want,
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        Expect("hmac(sha384)",
               jefe,
               want,
               "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
               "8e2240ca5e69e2c78b3239ecfab21649");
        Expect("hmac(sha512)",
               jefe,
               want,
               "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
               "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
        Expect("hmac(sha256)",
               Bytes(131, 0xaa),
               ToBytes("Test Using Larger Than Block-Size Key - Hash Key First"),
               "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
        Expect("cmac(aes)",
               FromHex("2b7e151628aed2a6abf7158809cf4f3c"),
               FromHex("6bc1bee22e409f96e93d7e117393172a"),
               "070a16b46b4d4144f79bdd9dd04a287c");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Linux takes keys of any length for HMAC, none included (RFC 2104: filled up with zeros).
 *
 * So no key and a key of zeros give the same.
 */
class MacEmptyKeyTestCase : public TestCase
{
  public:
    MacEmptyKeyTestCase()
        : TestCase("no key is a key of zeros")
    {
    }

  private:
    void DoRun() override
    {
        const Bytes message = MakePattern(40);
        Bytes empty(20);
        Bytes zeros(20);
        MakeMac({"hmac(sha1)", {}, 0})->Compute({message}, empty);
        MakeMac({"hmac(sha1)", Bytes(20), 0})->Compute({message}, zeros);
        NS_TEST_EXPECT_MSG_EQ(ToHex(empty), ToHex(zeros), "codes");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of EspLayer and its algorithms against what is published of them.
 */
class EspVectorsTestSuite : public TestSuite
{
  public:
    EspVectorsTestSuite()
        : TestSuite("xfrm-esp-vectors", UNIT)
    {
        AddTestCase(new EspPacketVectorTestCase("draft-mcgrew-gcm-test-01", 1, MakeGcmVectors()),
                    TestCase::QUICK);
        AddTestCase(new EspPacketVectorTestCase("RFC 3602", 1, MakeCbcVectors()), TestCase::QUICK);
        AddTestCase(new EspPacketVectorTestCase("RFC 7634", 4, MakeChachaVectors()),
                    TestCase::QUICK);
        AddTestCase(new EspCipherVectorTestCase, TestCase::QUICK);
        AddTestCase(new EspCcmTestCase, TestCase::QUICK);
        AddTestCase(new MacVectorTestCase, TestCase::QUICK);
        AddTestCase(new MacEmptyKeyTestCase, TestCase::QUICK);
    }
};

static EspVectorsTestSuite g_espVectorsTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
