/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-fixture.h"

#include "ns3/test.h"
#include "ns3/xfrm-jhash.h"

#include <array>
#include <string>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief Each direction starts with 8 buckets, an empty list and thresholds 32/32 (R107).
 */
class PolicyTableInitialTestCase : public TestCase
{
  public:
    PolicyTableInitialTestCase()
        : TestCase("each direction starts with eight empty buckets and full-length thresholds")
    {
    }

  private:
    void DoRun() override
    {
        const PolicyFixture fixture;
        for (const auto direction : {Direction::In, Direction::Out, Direction::Forward})
        {
            const PolicyTable& table = fixture.database.GetTable(direction);
            NS_TEST_EXPECT_MSG_EQ(table.GetBuckets(), 8, "buckets");
            NS_TEST_EXPECT_MSG_EQ(table.GetInexact().size(), 0, "inexact list");
            const PolicyThresholds thresholds = table.GetThresholds(Family::Ipv4);
            NS_TEST_EXPECT_MSG_EQ(uint32_t(thresholds.destinationBits), 32, "dbits");
            NS_TEST_EXPECT_MSG_EQ(uint32_t(thresholds.sourceBits), 32, "sbits");
            NS_TEST_EXPECT_MSG_EQ(fixture.database.GetCount(direction), 0, "count");
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetAll().size(), 0, "list of all");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Only /32 to /32 policies are exact at first (R108, C26).
 */
class PolicyTableExactTestCase : public TestCase
{
  public:
    PolicyTableExactTestCase()
        : TestCase("only policies of two full addresses are exact at first")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        fixture.Add("host", MakePolicy("10.0.0.1/32", "10.0.0.2/32"));
        fixture.Add("source", MakePolicy("10.0.0.1/32", "10.0.0.2/31"));
        fixture.Add("destination", MakePolicy("10.0.0.1/31", "10.0.0.2/32"));
        fixture.Add("subnets", MakePolicy("10.0.0.0/24", "10.0.0.0/24"));
        fixture.Add("any", MakePolicy("0.0.0.0/0", "0.0.0.0/0"));
        NS_TEST_EXPECT_MSG_EQ(fixture.GetInexact(), "source destination subnets any", "inexact");
        const PolicyTable& table = fixture.database.GetTable(Direction::Out);
        NS_TEST_EXPECT_MSG_EQ(fixture.GetNames(table.GetExact(6)), "host", "bucket of R109");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The recorded values of the bucket's hash (R109's table).
 */
class PolicyTableHashTestCase : public TestCase
{
  public:
    PolicyTableHashTestCase()
        : TestCase("addresses hash to the recorded values and buckets")
    {
    }

  private:
    void DoRun() override
    {
        struct Row
        {
            const char* destination;
            const char* source;
            uint8_t nBits;
            uint32_t hash;
            uint32_t bucketOf8;
            uint32_t bucketOf1024;
        };

        const std::array<Row, 4> rows{Row{"10.0.0.2", "10.0.0.1", 32, 0xdcf6b730, 6, 966},
                                      Row{"10.0.0.2", "10.0.0.1", 24, 0xa13d86db, 6, 998},
                                      Row{"192.168.2.10", "192.168.1.10", 32, 0xb684e449, 5, 717},
                                      Row{"192.168.2.10", "192.168.1.10", 24, 0x8a4b9feb, 0, 416}};
        for (const Row& row : rows)
        {
            const Ipv4Address destination(row.destination);
            const Ipv4Address source(row.source);
            const PolicyThresholds thresholds{row.nBits, row.nBits};
            const uint32_t hash =
                PolicyTable::HashAddresses(Family::Ipv4, destination, source, thresholds);
            NS_TEST_EXPECT_MSG_EQ(hash, row.hash, row.destination << "/" << uint32_t(row.nBits));
            NS_TEST_EXPECT_MSG_EQ(PolicyTable::Fold(hash, 8), row.bucketOf8, "of 8");
            NS_TEST_EXPECT_MSG_EQ(PolicyTable::Fold(hash, 1024), row.bucketOf1024, "of 1024");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The hash of IPv6 takes the prefix only: bits behind it change nothing, bits in it do.
 *
 * With 0 bits of both sides, both halves are the hash of no words, which is equal: their exclusive
 * or is 0.
 */
class PolicyTableHashIpv6TestCase : public TestCase
{
  public:
    PolicyTableHashIpv6TestCase()
        : TestCase("the hash of IPv6 addresses takes the bits of the thresholds only")
    {
    }

  private:
    /// @return the hash of a pair
    static uint32_t Hash(const char* destination, uint8_t nBits)
    {
        return PolicyTable::HashAddresses(Family::Ipv6,
                                          Ipv6Address(destination),
                                          Ipv6Address("2001:db8::1"),
                                          {nBits, 128});
    }

    void DoRun() override
    {
        const uint32_t none = PolicyTable::HashAddresses(Family::Ipv6,
                                                         Ipv6Address("::1"),
                                                         Ipv6Address("::2"),
                                                         {0, 0});
        NS_TEST_EXPECT_MSG_EQ(none, 0, "no bits");
        const uint32_t hash = Hash("2001:db8:8000::", 33);
        NS_TEST_EXPECT_MSG_EQ(hash, Hash("2001:db8:f000::7", 33), "bits behind the first 33");
        NS_TEST_EXPECT_MSG_NE(hash, Hash("2001:db8:7000::", 33), "bit 33");
        NS_TEST_EXPECT_MSG_NE(Hash("2001:db8::2", 128), Hash("2001:db8::3", 128), "the last bit");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The hash of an IPv6 prefix: its full words, in the order of memory, with the bits behind
 * them as seed; that of the source exclusive-ored (R109's counterpart of IPv6).
 *
 * 2001:db8::/40 of 2001:db8:aabb:: has one full word 0x20010db8 and 8 bits, 0xaa000000: in memory
 * order 0xb80d0120 and 0xaa.  2001:db8::/32 has the word only.
 */
class PolicyTableHashIpv6WordsTestCase : public TestCase
{
  public:
    PolicyTableHashIpv6WordsTestCase()
        : TestCase("the hash of an IPv6 prefix takes full words as input and the rest as seed")
    {
    }

  private:
    void DoRun() override
    {
        const uint32_t word = 0xb80d0120;
        const uint32_t hash = PolicyTable::HashAddresses(Family::Ipv6,
                                                         Ipv6Address("2001:db8:aabb::"),
                                                         Ipv6Address("2001:db8:ccdd::"),
                                                         {40, 32});
        const uint32_t expected = Jhash2(&word, 1, 0xaa) ^ Jhash2(&word, 1, 0);
        NS_TEST_EXPECT_MSG_EQ(hash, expected, "40 and 32 bits");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of PolicyTable: where policies are filed.
 */
class PolicyTableTestSuite : public TestSuite
{
  public:
    PolicyTableTestSuite()
        : TestSuite("xfrm-policy-table", UNIT)
    {
        AddTestCase(new PolicyTableInitialTestCase, TestCase::QUICK);
        AddTestCase(new PolicyTableExactTestCase, TestCase::QUICK);
        AddTestCase(new PolicyTableHashTestCase, TestCase::QUICK);
        AddTestCase(new PolicyTableHashIpv6TestCase, TestCase::QUICK);
        AddTestCase(new PolicyTableHashIpv6WordsTestCase, TestCase::QUICK);
    }
};

static PolicyTableTestSuite g_policyTableTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
