/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-flow-key.h"

#include <array>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// Fields that all differ, so that a misplaced byte shows.
const FlowFields FIELDS{.oif = 0x01020304,
                        .iif = 0x05060708,
                        .mark = 0x090a0b0c,
                        .tos = 0x0d,
                        .scope = 0x0e,
                        .proto = 0x0f,
                        .flags = 0x10,
                        .secid = 0x11121314,
                        .tunnelId = 0x2122232425262728,
                        .userId = 0x31323334};

const Ipv4Address SOURCE4("64.65.66.67");
const Ipv4Address DESTINATION4("72.73.74.75");
const Ipv6Address SOURCE6("4041:4243:4445:4647:4849:4a4b:4c4d:4e4f");
const Ipv6Address DESTINATION6("5051:5253:5455:5657:5859:5a5b:5c5d:5e5f");

/// The first 20 bytes of every key with FIELDS: numbers in host order, which is little-endian.
const std::string COMMON = "04030201 08070605 0c0b0a09 0d0e0f10 14131211 ";

/// @param layout a layout @return an IPv4 key with FIELDS
FlowKey
MakeIpv4(KeyLayout layout)
{
    const auto ports = UpperLayer::Ports(0x6162, 0x6364);
    return FlowKey::Ipv4(Direction::Out, FIELDS, SOURCE4, DESTINATION4, ports, layout);
}

/// @param layout a layout @return an IPv6 key with FIELDS and padding 0x81828384
FlowKey
MakeIpv6(KeyLayout layout)
{
    return FlowKey::Ipv6(Direction::Out,
                         FIELDS,
                         SOURCE6,
                         DESTINATION6,
                         0x717273,
                         UpperLayer::Ports(0x6162, 0x6364),
                         layout,
                         0x81828384);
}

/// @param bytes bytes @return them in hexadecimal, a space after every four
std::string
ToHex(const auto& bytes)
{
    std::string text;
    for (size_t i = 0; i < bytes.size(); ++i)
    {
        text += "0123456789abcdef"[bytes[i] >> 4];
        text += "0123456789abcdef"[bytes[i] & 15];
        text += i % 4 == 3 ? " " : "";
    }
    return text;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Key lengths by family and layout: the table in section 12 of doc/spec/flow-cache.md.
 */
class FlowKeyWordsTestCase : public TestCase
{
  public:
    FlowKeyWordsTestCase()
        : TestCase("each family has its key length in each layout")
    {
    }

  private:
    /// A layout and the lengths of its IPv4, IPv6 and DECnet keys [32-bit words].
    struct Row
    {
        KeyLayout layout;
        std::array<uint32_t, 3> words;
    };

    void DoRun() override
    {
        const std::array<Row, 3> rows{{{KeyLayout::Linux41, {8, 16, 8}},
                                       {KeyLayout::Linux43, {12, 18, 10}},
                                       {KeyLayout::Linux410, {14, 20, 12}}}};
        for (const Row& row : rows)
        {
            for (uint16_t family = 0; family < 50; ++family)
            {
                const uint32_t expected = family == 2    ? row.words[0]
                                          : family == 10 ? row.words[1]
                                          : family == 12 ? row.words[2]
                                                         : 0;
                NS_TEST_EXPECT_MSG_EQ(GetKeyWords(family, row.layout), expected, family);
            }
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief IPv4: source at 20, destination at 24, ports at 28 with the destination first.
 *
 * Section 13, corner cases 22 and 23.
 */
class FlowKeyIpv4TestCase : public TestCase
{
  public:
    FlowKeyIpv4TestCase()
        : TestCase("an IPv4 key has the source address first and the destination port first")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(ToHex(MakeIpv4(KeyLayout::Linux41).GetBytes()),
                              COMMON + "40414243 48494a4b 63646162 ",
                              "32 bytes");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief IPv6: destination at 20, source at 36, flow label at 52, ports at 56, padding at 60.
 *
 * Section 13, corner case 22.
 */
class FlowKeyIpv6TestCase : public TestCase
{
  public:
    FlowKeyIpv6TestCase()
        : TestCase("an IPv6 key has the destination address first and padding at its end")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(ToHex(MakeIpv6(KeyLayout::Linux41).GetBytes()),
                              COMMON + "50515253 54555657 58595a5b 5c5d5e5f "
                                       "40414243 44454647 48494a4b 4c4d4e4f "
                                       "00717273 63646162 84838281 ",
                              "64 bytes");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief From 4.3 on: 4 bytes of padding, the tunnel id at 24 in network order, addresses from 32
 * on.
 *
 * IPv4 gets 4 bytes of padding at its end, IPv6 loses its own.
 */
class FlowKeyTunnelTestCase : public TestCase
{
  public:
    FlowKeyTunnelTestCase()
        : TestCase("the layout of 4.3 has the tunnel id after the common fields")
    {
    }

  private:
    void DoRun() override
    {
        const std::string common = COMMON + "00000000 21222324 25262728 ";
        NS_TEST_EXPECT_MSG_EQ(ToHex(MakeIpv4(KeyLayout::Linux43).GetBytes()),
                              common + "40414243 48494a4b 63646162 00000000 ",
                              "48 bytes of IPv4");
        NS_TEST_EXPECT_MSG_EQ(ToHex(MakeIpv6(KeyLayout::Linux43).GetBytes()),
                              common + "50515253 54555657 58595a5b 5c5d5e5f "
                                       "40414243 44454647 48494a4b 4c4d4e4f 00717273 63646162 ",
                              "72 bytes of IPv6");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief From 4.10 on: the user id at 32 in host order, 4 bytes of padding, addresses from 40 on.
 */
class FlowKeyUserTestCase : public TestCase
{
  public:
    FlowKeyUserTestCase()
        : TestCase("the layout of 4.10 has the user id after the tunnel id")
    {
    }

  private:
    void DoRun() override
    {
        const std::string common = COMMON + "00000000 21222324 25262728 34333231 00000000 ";
        NS_TEST_EXPECT_MSG_EQ(ToHex(MakeIpv4(KeyLayout::Linux410).GetBytes()),
                              common + "40414243 48494a4b 63646162 00000000 ",
                              "56 bytes of IPv4");
        NS_TEST_EXPECT_MSG_EQ(ToHex(MakeIpv6(KeyLayout::Linux410).GetBytes()),
                              common + "50515253 54555657 58595a5b 5c5d5e5f "
                                       "40414243 44454647 48494a4b 4c4d4e4f 00717273 63646162 ",
                              "80 bytes of IPv6");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The upper-layer word in all its meanings, in network order.  Section 13, corner case 23.
 */
class UpperLayerTestCase : public TestCase
{
  public:
    UpperLayerTestCase()
        : TestCase("the upper-layer word is in network order, the destination port first")
    {
    }

  private:
    void DoRun() override
    {
        const auto ports = UpperLayer::Ports(0x0102, 0x0304).GetBytes();
        const auto icmp = UpperLayer::Icmp(8, 1).GetBytes();
        const auto spi = UpperLayer::Spi(0x01020304).GetBytes();
        const auto gre = UpperLayer::GreKey(0x05060708).GetBytes();
        NS_TEST_EXPECT_MSG_EQ(ToHex(UpperLayer().GetBytes()), "00000000 ", "nothing known");
        NS_TEST_EXPECT_MSG_EQ(ToHex(ports), "03040102 ", "source port 0102, destination port 0304");
        NS_TEST_EXPECT_MSG_EQ(ToHex(icmp), "08010000 ", "type, code");
        NS_TEST_EXPECT_MSG_EQ(ToHex(spi), "01020304 ", "SPI");
        NS_TEST_EXPECT_MSG_EQ(ToHex(gre), "05060708 ", "GRE key");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A key has its family's length in one of the three layouts, and none in other families.
 *
 * In bytes: IPv4 32, 48, 56; IPv6 64, 72, 80; DECnet 32, 40, 48 (8/12/14, 16/18/20, 8/10/12 words).
 */
class FlowKeyLengthTestCase : public TestCase
{
  public:
    FlowKeyLengthTestCase()
        : TestCase("a key of a length that its family does not have is turned down")
    {
    }

  private:
    /// @param family of a key @param size its bytes @return what is wrong with it, empty if nothing
    static std::string GetError(uint16_t family, size_t size)
    {
        try
        {
            const FlowKey key(family, Direction::Out, std::vector<uint8_t>(size));
            return "";
        }
        catch (const std::invalid_argument& error)
        {
            return error.what();
        }
    }

    void DoRun() override
    {
        const std::map<uint16_t, std::set<size_t>> allowed{
            {1, {0}},
            {2, {32, 48, 56}},
            {10, {64, 72, 80}},
            {12, {32, 40, 48}},
        };
        for (const auto& [family, sizes] : allowed)
        {
            for (const size_t size : {0, 4, 31, 32, 33, 36, 40, 48, 56, 64, 72, 80, 81, 84, 1056})
            {
                const std::string error = GetError(family, size);
                const bool isAllowed = sizes.count(size) == 1;
                NS_TEST_EXPECT_MSG_EQ(error.empty(), isAllowed, family << ", " << size);
            }
        }
        const std::string error = GetError(2, 36);
        NS_TEST_EXPECT_MSG_NE(error.find("family 2 with 36 bytes"), std::string::npos, error);
        NS_TEST_EXPECT_MSG_NE(error.find("32, 48, 56"), std::string::npos, error);
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A key made from the bytes of another one is that key again.
 */
class FlowKeyBytesTestCase : public TestCase
{
  public:
    FlowKeyBytesTestCase()
        : TestCase("a key survives the way to bytes and back")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto layout : {KeyLayout::Linux41, KeyLayout::Linux43, KeyLayout::Linux410})
        {
            const FlowKey key = MakeIpv6(layout);
            const FlowKey copy(10, Direction::Out, key.GetBytes());
            NS_TEST_EXPECT_MSG_EQ((copy == key), true, "layout " << static_cast<int>(layout));
            NS_TEST_EXPECT_MSG_EQ(copy.View().Hash(5), key.View().Hash(5), "the hash");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Family and direction are compared but not hashed.  Section 13, corner case 24.
 */
class FlowKeyIdentityTestCase : public TestCase
{
  public:
    FlowKeyIdentityTestCase()
        : TestCase("keys that differ in direction or family only have one hash")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<uint8_t> bytes = MakeIpv4(KeyLayout::Linux41).GetBytes();
        const FlowKey out(2, Direction::Out, bytes);
        const FlowKey forward(2, Direction::Forward, bytes);
        const FlowKey decnet(12, Direction::Out, bytes);
        NS_TEST_EXPECT_MSG_EQ((out == forward), false, "another direction is another key");
        NS_TEST_EXPECT_MSG_EQ((out == decnet), false, "another family is another key");
        NS_TEST_EXPECT_MSG_EQ(out.View().Hash(9), forward.View().Hash(9), "direction");
        NS_TEST_EXPECT_MSG_EQ(out.View().Hash(9), decnet.View().Hash(9), "family");
        NS_TEST_EXPECT_MSG_EQ(out.View().identity.GetFamily(), 2, "the family is kept");
        NS_TEST_EXPECT_MSG_EQ((forward.View().identity.GetDirection() == Direction::Forward),
                              true,
                              "the direction is kept");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The hash of a key is that of its words, whatever the length.
 */
class FlowKeyHashTestCase : public TestCase
{
  public:
    FlowKeyHashTestCase()
        : TestCase("the hash of a key is the hash of its words")
    {
    }

  private:
    void DoRun() override
    {
        for (uint32_t nWords = FlowKey::MIN_WORDS; nWords <= FlowKey::MAX_WORDS; ++nWords)
        {
            std::vector<uint32_t> words;
            for (uint32_t i = 1; i <= nWords; ++i)
            {
                words.push_back(0x01000000 * i + 2);
            }
            const FlowKeyView key{words.data(),
                                  FlowIdentity(2, Direction::In, static_cast<uint8_t>(nWords))};
            const uint32_t expected = Jhash2(words.data(), nWords, 3);
            NS_TEST_EXPECT_MSG_EQ(key.Hash(3), expected, nWords << " words");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A family without a key is not cached, whatever its number.
 */
class FlowKeyUncachedTestCase : public TestCase
{
  public:
    FlowKeyUncachedTestCase()
        : TestCase("a key without bytes is not cached")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(FlowKey().View().IsCached(), false, "no family");
        NS_TEST_EXPECT_MSG_EQ(FlowKey(1, Direction::Out, {}).View().IsCached(), false, "AF_UNIX");
        NS_TEST_EXPECT_MSG_EQ(MakeIpv4(KeyLayout::Linux41).View().IsCached(), true, "AF_INET");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of FlowKey.
 */
class FlowKeyTestSuite : public TestSuite
{
  public:
    FlowKeyTestSuite()
        : TestSuite("xfrm-flow-key", UNIT)
    {
        AddTestCase(new FlowKeyWordsTestCase, TestCase::QUICK);
        AddTestCase(new FlowKeyIpv4TestCase, TestCase::QUICK);
        AddTestCase(new FlowKeyIpv6TestCase, TestCase::QUICK);
        AddTestCase(new FlowKeyTunnelTestCase, TestCase::QUICK);
        AddTestCase(new FlowKeyUserTestCase, TestCase::QUICK);
        AddTestCase(new UpperLayerTestCase, TestCase::QUICK);
        AddTestCase(new FlowKeyLengthTestCase, TestCase::QUICK);
        AddTestCase(new FlowKeyBytesTestCase, TestCase::QUICK);
        AddTestCase(new FlowKeyIdentityTestCase, TestCase::QUICK);
        AddTestCase(new FlowKeyHashTestCase, TestCase::QUICK);
        AddTestCase(new FlowKeyUncachedTestCase, TestCase::QUICK);
    }
};

static FlowKeyTestSuite g_flowKeyTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
