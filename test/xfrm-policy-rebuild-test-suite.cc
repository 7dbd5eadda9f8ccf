/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-fixture.h"

#include "ns3/test.h"

#include <cstdint>
#include <stdexcept>
#include <string>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief Thresholds are given as local and remote: 24 and 16 bits (R108).
 *
 * Outgoing, the destination is remote: a /16 to which a /24 sends is exact.  Incoming and
 * forwarded, the destination is local, so it needs 24 bits and the source 16.
 */
class PolicyThresholdsTestCase : public TestCase
{
  public:
    PolicyThresholdsTestCase()
        : TestCase("thresholds of the local and the remote side change places with the direction")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        fixture.database.SetThresholds(Family::Ipv4, 24, 16);
        fixture.database.RunRebuild();
        for (const auto direction : {Direction::In, Direction::Out, Direction::Forward})
        {
            PolicyConfig config = MakePolicy("10.1.0.0/24", "10.2.0.0/16");
            config.direction = direction;
            fixture.Add("24 to 16", config);
            config.selector = MakeSelector("10.1.0.0/16", "10.2.0.0/24");
            fixture.Add("16 to 24", config);
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.GetInexact(Direction::Out), "16 to 24", "out");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetInexact(Direction::In), "24 to 16", "in");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetInexact(Direction::Forward), "24 to 16", "forward");
        const Flow flow = MakeFlow("10.1.0.9", "10.2.7.9");
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(flow), "24 to 16", "hashed by the same bits");
        NS_TEST_EXPECT_MSG_EQ(fixture.work.nExactCompared, 1, "found in the bucket");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Impossible thresholds are refused.
 */
class PolicyThresholdsRefusedTestCase : public TestCase
{
  public:
    PolicyThresholdsRefusedTestCase()
        : TestCase("thresholds above the length of an address are refused and change nothing")
    {
    }

  private:
    /// @return whether they are refused
    static bool IsRefused(PolicyFixture& fixture, Family family, uint8_t local, uint8_t remote)
    {
        try
        {
            fixture.database.SetThresholds(family, local, remote);
        }
        catch (const std::invalid_argument&)
        {
            return true;
        }
        return false;
    }

    void DoRun() override
    {
        PolicyFixture fixture;
        fixture.Add("a", MakePolicy("10.0.0.0/24", "10.0.0.0/24"));
        const bool isLocalRefused = IsRefused(fixture, Family::Ipv4, 33, 0);
        const bool isRemoteRefused = IsRefused(fixture, Family::Ipv6, 0, 129);
        const bool isFamilyRefused = IsRefused(fixture, Family::Decnet, 0, 0);
        NS_TEST_EXPECT_MSG_EQ(isLocalRefused, true, "33 bits of IPv4");
        NS_TEST_EXPECT_MSG_EQ(isRemoteRefused, true, "129 bits of IPv6");
        NS_TEST_EXPECT_MSG_EQ(isFamilyRefused, true, "DECnet");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetInexact(), "a", "nothing changed");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief IPv6 policies of 64 bits local and 48 bits remote are exact with such thresholds, and
 * found by flows that differ in the other bits (R108, R109); IPv4 thresholds stay.
 */
class PolicyThresholdsIpv6TestCase : public TestCase
{
  public:
    PolicyThresholdsIpv6TestCase()
        : TestCase("thresholds of IPv6 make prefixes exact, and those of IPv4 stay")
    {
    }

  private:
    /// @return what is configured of an IPv6 policy
    static PolicyConfig MakeIpv6Policy(uint8_t sourcePrefix, uint8_t destinationPrefix)
    {
        PolicyConfig config;
        config.family = Family::Ipv6;
        config.selector.source = Ipv6Address("2001:db8:1:2::");
        config.selector.sourcePrefix = sourcePrefix;
        config.selector.destination = Ipv6Address("2001:db8:ffff::");
        config.selector.destinationPrefix = destinationPrefix;
        return config;
    }

    void DoRun() override
    {
        PolicyFixture fixture;
        fixture.database.SetThresholds(Family::Ipv6, 64, 48);
        fixture.database.RunRebuild();
        fixture.Add("64 to 48", MakeIpv6Policy(64, 48));
        fixture.Add("63 to 48", MakeIpv6Policy(63, 48));
        fixture.Add("64 to 47", MakeIpv6Policy(64, 47));
        fixture.Add("v4", MakePolicy("10.0.0.0/31", "10.0.0.0/32"));
        NS_TEST_EXPECT_MSG_EQ(fixture.GetInexact(), "63 to 48 64 to 47 v4", "the list");
        Flow flow;
        flow.family = Family::Ipv6;
        flow.source = Ipv6Address("2001:db8:1:2:3::4");
        flow.destination = Ipv6Address("2001:db8:ffff:5::6");
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(flow), "64 to 48", "hashed by the same bits");
        NS_TEST_EXPECT_MSG_EQ(fixture.work.nExactCompared, 1, "found in the bucket");
        flow.destination = Ipv6Address("2001:db8:fffe::6");
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(flow), "64 to 47", "the 48th bit differs");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief New thresholds file all policies anew in order of insertion, by priority (R110).
 *
 * b, an update with a's selector and a's priority, takes a's place before c.  Filed anew, c is
 * older than b and comes first.  The host policy moves from its bucket to the list and back with
 * the thresholds.
 */
class PolicyRebuildTestCase : public TestCase
{
  public:
    PolicyRebuildTestCase()
        : TestCase("new thresholds file all policies anew, the oldest insertion first")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        fixture.Add("a", MakePolicy("10.0.0.0/24", "10.0.0.0/24", 5));
        fixture.Add("c", MakePolicy("10.0.1.0/24", "10.0.0.0/24", 5));
        fixture.Add("first", MakePolicy("0.0.0.0/0", "0.0.0.0/0", 1));
        fixture.Add("host", MakePolicy("10.0.0.1/32", "10.0.0.2/32", 5));
        fixture.Insert("b", MakePolicy("10.0.0.0/24", "10.0.0.0/24", 5), false);
        fixture.database.RunRebuild();
        NS_TEST_EXPECT_MSG_EQ(fixture.GetInexact(),
                              "first b c",
                              "no rebuild is due: an update keeps its place");
        fixture.database.SetThresholds(Family::Ipv4, 32, 32);
        fixture.database.RunRebuild();
        NS_TEST_EXPECT_MSG_EQ(fixture.GetInexact(), "first c b", "the same thresholds");
        fixture.database.SetThresholds(Family::Ipv4, 24, 24);
        fixture.database.RunRebuild();
        NS_TEST_EXPECT_MSG_EQ(fixture.GetInexact(), "first", "all others are exact");
        const std::string found = fixture.LookUp(MakeFlow("10.0.0.1", "10.0.0.2"));
        NS_TEST_EXPECT_MSG_EQ(found, "first", "smaller priority");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetNames(fixture.database.GetAll()),
                              "b host first c",
                              "the list of all is as it was");
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetCount(Direction::Out), 4, "so is the count");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Thresholds count when the rebuild ran, which is due until then, also if they are what they
 * were (R108, R110).
 *
 * A /24 to /24 policy of 10.0.0.x goes from the list to bucket 6, that of 24/24 bits (R109), and
 * 192.168.1.10 -> 192.168.2.10 from bucket 5 of 32/32 bits to bucket 0 of 24/24.  Two settings
 * before one rebuild: the last one of a family counts.
 */
class PolicyRebuildDueTestCase : public TestCase
{
  public:
    PolicyRebuildDueTestCase()
        : TestCase("thresholds take effect when the rebuild runs")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        PolicyDatabase& database = fixture.database;
        fixture.Add("net", MakePolicy("10.0.0.0/24", "10.0.0.0/24"));
        fixture.Add("host", MakePolicy("192.168.1.10/32", "192.168.2.10/32"));
        NS_TEST_EXPECT_MSG_EQ(database.IsRebuildDue(), false, "nothing was set");
        database.SetThresholds(Family::Ipv4, 8, 8);
        database.SetThresholds(Family::Ipv6, 64, 48);
        database.SetThresholds(Family::Ipv4, 24, 24);
        NS_TEST_EXPECT_MSG_EQ(database.IsRebuildDue(), true, "thresholds were set");
        const PolicyTable& table = database.GetTable(Direction::Out);
        NS_TEST_EXPECT_MSG_EQ(fixture.GetInexact(), "net", "not yet");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetNames(table.GetExact(5)), "host", "bucket of 32/32");
        database.RunRebuild();
        NS_TEST_EXPECT_MSG_EQ(database.IsRebuildDue(), false, "done");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetInexact(), "", "all are exact");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetNames(table.GetExact(6)), "net", "bucket of 24/24");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetNames(table.GetExact(0)), "host", "bucket of 24/24");
        const PolicyThresholds out = table.GetThresholds(Family::Ipv6);
        NS_TEST_EXPECT_MSG_EQ((out == PolicyThresholds{48, 64}), true, "IPv6: out to 48 bits");
        const PolicyThresholds in = database.GetTable(Direction::In).GetThresholds(Family::Ipv6);
        NS_TEST_EXPECT_MSG_EQ((in == PolicyThresholds{64, 48}), true, "IPv6: in to 64 bits");
        database.SetThresholds(Family::Ipv4, 24, 24);
        NS_TEST_EXPECT_MSG_EQ(database.IsRebuildDue(), true, "the same ones");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Growth and thresholds meet: buckets stay as many in a rebuild, which files into all of
 * them (R110, R115).
 *
 * The ninth policy makes 16 buckets of 8.  Pair 10.0.0.1 -> 10.0.0.2 of 24/24 bits has the hash
 * 0xa13d86db (R109), folded 0xa13d86db ^ 0xa13d = 0xa13d27e6: 6 of 16.
 */
class PolicyRebuildGrownTestCase : public TestCase
{
  public:
    PolicyRebuildGrownTestCase()
        : TestCase("a rebuild keeps the number of buckets")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        fixture.Add("net", MakePolicy("10.0.0.0/24", "10.0.0.0/24"));
        for (uint32_t i = 1; i < 9; ++i)
        {
            const std::string prefix = "10." + std::to_string(i) + ".0.0/16";
            fixture.Add(std::to_string(i), MakePolicy(prefix, "0.0.0.0/0"));
            fixture.database.RunGrowth();
        }
        fixture.database.SetThresholds(Family::Ipv4, 24, 24);
        fixture.database.RunRebuild();
        const PolicyTable& table = fixture.database.GetTable(Direction::Out);
        NS_TEST_EXPECT_MSG_EQ(table.GetBuckets(), 16, "buckets");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetNames(table.GetExact(6)), "net", "bucket 6 of 16");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetInexact(), "1 2 3 4 5 6 7 8", "the others, by age");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of thresholds and rebuilds.
 */
class PolicyRebuildTestSuite : public TestSuite
{
  public:
    PolicyRebuildTestSuite()
        : TestSuite("xfrm-policy-rebuild", UNIT)
    {
        AddTestCase(new PolicyThresholdsTestCase, TestCase::QUICK);
        AddTestCase(new PolicyThresholdsRefusedTestCase, TestCase::QUICK);
        AddTestCase(new PolicyThresholdsIpv6TestCase, TestCase::QUICK);
        AddTestCase(new PolicyRebuildTestCase, TestCase::QUICK);
        AddTestCase(new PolicyRebuildDueTestCase, TestCase::QUICK);
        AddTestCase(new PolicyRebuildGrownTestCase, TestCase::QUICK);
    }
};

static PolicyRebuildTestSuite g_policyRebuildTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
