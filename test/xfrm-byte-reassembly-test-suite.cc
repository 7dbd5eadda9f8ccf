/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-codecs.h"

#include "ns3/test.h"
#include "ns3/xfrm-byte-reassembly.h"

#include <cstdint>
#include <span>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// A part of a packet whose payload counts up from 0.
struct Part
{
    size_t offset{0};    //!< where it begins, a multiple of 8 [bytes]
    size_t nBytes{0};    //!< its length [bytes]
    bool hasMore{false}; //!< others follow
    uint16_t id{1};      //!< identification
};

/// @return a part of a packet 10.9.0.1 -> 10.9.0.2 of ESP
Octets
MakePart(const Part& part)
{
    const auto front = static_cast<uint16_t>(part.offset / 8 | (part.hasMore ? 0x2000U : 0));
    Octets bytes = JoinIp(FromHex("45000000 00000000 40320000 0a090001 0a090002"),
                          50,
                          MakePattern(part.nBytes, static_cast<uint8_t>(part.offset)));
    bytes[4] = static_cast<uint8_t>(part.id >> 8);
    bytes[5] = static_cast<uint8_t>(part.id);
    bytes[6] = static_cast<uint8_t>(front >> 8);
    bytes[7] = static_cast<uint8_t>(front);
    return bytes;
}

/// Takes parts.
class ReassemblyFixture
{
  public:
    /// @return what became of a part
    FragmentVerdict Take(const Part& part)
    {
        const Octets bytes = MakePart(part);
        auto result = reassembly.Take(IpBytes(bytes), now);
        whole = result.packet;
        return result.verdict;
    }

    ByteReassembly reassembly; //!< puts them together
    Octets whole;              //!< the packet, if the last part made it whole
    Time now{0};               //!< the time
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Three parts in all six orders give the same packet, whole with the third.
 */
class ReassemblyOrderTestCase : public TestCase
{
  public:
    ReassemblyOrderTestCase()
        : TestCase("fragments in any order give the packet")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<Part> parts{{0, 16, true}, {16, 8, true}, {24, 5, false}};
        const Octets front = MakePart({.id = 1}); // a header alone
        const Octets expected = JoinIp(front, 50, MakePattern(29));
        const std::vector<std::vector<size_t>> orders{{0, 1, 2},
                                                      {0, 2, 1},
                                                      {1, 0, 2},
                                                      {1, 2, 0},
                                                      {2, 0, 1},
                                                      {2, 1, 0}};
        for (const auto& order : orders)
        {
            ReassemblyFixture fixture;
            const std::vector<FragmentVerdict> verdicts{fixture.Take(parts[order[0]]),
                                                        fixture.Take(parts[order[1]]),
                                                        fixture.Take(parts[order[2]])};
            const bool areRight = verdicts == std::vector{FragmentVerdict::Waiting,
                                                          FragmentVerdict::Waiting,
                                                          FragmentVerdict::Whole};
            NS_TEST_EXPECT_MSG_EQ(areRight, true, "whole with the third, which is " << order[2]);
            NS_TEST_EXPECT_MSG_EQ(ToHex(fixture.whole), ToHex(expected), "the packet");
            NS_TEST_EXPECT_MSG_EQ(fixture.reassembly.GetIncomplete(), 0, "nothing waits");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A part that covers bytes of another one drops all of its packet.
 *
 * Behind 8 to 24: the same, one byte of it from the front, from behind, from the middle, around it.
 */
class ReassemblyOverlapTestCase : public TestCase
{
  public:
    ReassemblyOverlapTestCase()
        : TestCase("fragments that overlap drop their packet")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<Part> rows{{8, 16, true},
                                     {0, 16, true},
                                     {16, 16, true},
                                     {16, 8, true},
                                     {0, 32, true}};
        for (const Part& row : rows)
        {
            ReassemblyFixture fixture;
            fixture.Take({8, 16, true});
            const bool overlaps = fixture.Take(row) == FragmentVerdict::Overlaps;
            NS_TEST_EXPECT_MSG_EQ(overlaps, true, row.offset << ", bytes " << row.nBytes);
            NS_TEST_EXPECT_MSG_EQ(fixture.reassembly.GetIncomplete(), 0, "all is dropped");
        }
        ReassemblyFixture fixture;
        fixture.Take({8, 16, true});
        const bool touches = fixture.Take({0, 8, true}) == FragmentVerdict::Waiting &&
                             fixture.Take({24, 8, true}) == FragmentVerdict::Waiting;
        NS_TEST_EXPECT_MSG_EQ(touches, true, "neighbours do not");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Parts that can't be: no bytes; not a multiple of 8 in front of others; behind the end; an
 * end before what came; two ends; beyond 65535 bytes (offset 65528 leaves less than a header).
 */
class ReassemblyMalformedTestCase : public TestCase
{
  public:
    ReassemblyMalformedTestCase()
        : TestCase("fragments that no packet has are dropped")
    {
    }

  private:
    void Expect(const std::vector<Part>& before, const Part& part, const char* what)
    {
        ReassemblyFixture fixture;
        for (const Part& each : before)
        {
            fixture.Take(each);
        }
        const bool isMalformed = fixture.Take(part) == FragmentVerdict::Malformed;
        NS_TEST_EXPECT_MSG_EQ(isMalformed, true, what);
    }

    void DoRun() override
    {
        Expect({}, {8, 0, true}, "no bytes");
        Expect({}, {0, 12, true}, "12 bytes, and more");
        Expect({{16, 8, false}}, {24, 8, true}, "behind the end");
        Expect({{16, 8, true}}, {0, 8, false}, "an end before what came");
        Expect({{16, 8, false}}, {24, 8, false}, "another end");
        Expect({}, {65512, 8, false}, "65540 bytes");
        ReassemblyFixture fixture;
        const bool fits = fixture.Take({65504, 8, false}) == FragmentVerdict::Waiting;
        NS_TEST_EXPECT_MSG_EQ(fits, true, "65532 bytes");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Fragments wait for 30 s (IP_FRAG_TIME), each packet by itself.
 */
class ReassemblyTimeTestCase : public TestCase
{
  public:
    ReassemblyTimeTestCase()
        : TestCase("fragments are given up after 30 s")
    {
    }

  private:
    void DoRun() override
    {
        ReassemblyFixture fixture;
        fixture.Take({.offset = 0, .nBytes = 8, .hasMore = true, .id = 1});
        fixture.now = NanoSeconds(29999999999);
        const bool isWhole =
            fixture.Take({.offset = 8, .nBytes = 8, .id = 1}) == FragmentVerdict::Whole;
        NS_TEST_EXPECT_MSG_EQ(isWhole, true, "just in time");
        fixture.Take({.offset = 0, .nBytes = 8, .hasMore = true, .id = 1});
        fixture.now += Seconds(30);
        const bool isLate =
            fixture.Take({.offset = 8, .nBytes = 8, .id = 1}) == FragmentVerdict::Waiting;
        NS_TEST_EXPECT_MSG_EQ(isLate, true, "too late");
        NS_TEST_EXPECT_MSG_EQ(fixture.reassembly.GetIncomplete(), 2, "the first, and the second");
        const bool isOther = fixture.Take({.offset = 0, .nBytes = 8, .hasMore = true, .id = 2}) ==
                             FragmentVerdict::Waiting;
        NS_TEST_EXPECT_MSG_EQ(isOther, true, "of another identification");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of ByteReassembly.
 */
class ByteReassemblyTestSuite : public TestSuite
{
  public:
    ByteReassemblyTestSuite()
        : TestSuite("xfrm-byte-reassembly", UNIT)
    {
        AddTestCase(new ReassemblyOrderTestCase, TestCase::QUICK);
        AddTestCase(new ReassemblyOverlapTestCase, TestCase::QUICK);
        AddTestCase(new ReassemblyMalformedTestCase, TestCase::QUICK);
        AddTestCase(new ReassemblyTimeTestCase, TestCase::QUICK);
    }
};

static ByteReassemblyTestSuite g_byteReassemblyTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
