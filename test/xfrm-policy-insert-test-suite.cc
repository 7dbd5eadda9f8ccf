/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-fixture.h"

#include "ns3/test.h"
#include "ns3/xfrm-ipsec.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief What makes a policy a duplicate of one with mark 1/0xf and priority 5 (R111).
 *
 * Type and all selector bytes must be equal.  Marks agree if they are identical, whatever the
 * priority; or, at equal priority, if the old one takes the bits of the new one: 0x11 & 0xff =
 * 0x11, & 0xf = 1 is taken, 2/0xf gives 2, which is not.  The value 0x11 of a mask 0xf gives 1.
 */
class PolicyDuplicateTestCase : public TestCase
{
  public:
    PolicyDuplicateTestCase()
        : TestCase("a duplicate has equal type and selector bytes, and marks that agree")
    {
    }

  private:
    /// Add to the same policy one that differs by a change.
    void Expect(bool isDuplicate,
                const std::string& what,
                const std::function<void(PolicyConfig&)>& change)
    {
        PolicyFixture fixture;
        PolicyConfig config = MakePolicy("10.1.0.0/16", "10.2.0.0/16", 5);
        config.mark = {1, 0xf};
        fixture.Add("old", config);
        change(config);
        const int32_t result = fixture.Insert("new", config, true).error;
        NS_TEST_EXPECT_MSG_EQ(result, (isDuplicate ? error::EXIST : 0), what);
    }

    void DoRun() override
    {
        Expect(true, "equal", [](PolicyConfig&) {});
        Expect(true, "action", [](PolicyConfig& c) { c.action = PolicyAction::Block; });
        Expect(true, "priority, identical marks", [](PolicyConfig& c) { c.priority = 6; });
        Expect(false, "type", [](PolicyConfig& c) { c.type = PolicyType::Sub; });
        Expect(false, "direction", [](PolicyConfig& c) { c.direction = Direction::In; });
        Expect(false, "user", [](PolicyConfig& c) { c.selector.user = 1; });
        Expect(false, "port behind its mask", [](PolicyConfig& c) { c.selector.sourcePort = 1; });
        Expect(false, "address behind its prefix", [](PolicyConfig& c) {
            c.selector.source = Ipv4Address("10.1.0.1");
        });
        Expect(true, "a mark that is taken", [](PolicyConfig& c) { c.mark = {0x11, 0xff}; });
        Expect(true, "only bits that count", [](PolicyConfig& c) { c.mark = {0x11, 0xf}; });
        Expect(false, "a mark that is not taken", [](PolicyConfig& c) { c.mark = {2, 0xf}; });
        Expect(false, "a mark that is taken, other priority", [](PolicyConfig& c) {
            c.mark = {0x11, 0xff};
            c.priority = 4;
        });
    }
};

/**
 * @ingroup xfrm-tests
 * @brief An exclusive insertion of a duplicate fails and changes nothing, the index generator
 * included (R111).
 */
class PolicyExclusiveTestCase : public TestCase
{
  public:
    PolicyExclusiveTestCase()
        : TestCase("adding a duplicate fails and changes nothing")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        const Ptr<Policy> old = fixture.Add("old", MakePolicy("10.1.0.0/16", "10.2.0.0/16", 5));
        const PolicyDatabase::Insertion insertion =
            fixture.Insert("new", MakePolicy("10.1.0.0/16", "10.2.0.0/16", 4), true);
        NS_TEST_EXPECT_MSG_EQ(insertion.error, error::EXIST, "error");
        NS_TEST_EXPECT_MSG_EQ(insertion.replaced, nullptr, "nothing replaced");
        NS_TEST_EXPECT_MSG_EQ(insertion.isGrowthDue, false, "no growth");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetInexact(), "old", "the list");
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetCount(Direction::Out), 1, "the count");
        NS_TEST_EXPECT_MSG_EQ(old->IsDead(), false, "the old one lives");
        NS_TEST_EXPECT_MSG_EQ(fixture.indexes.Next(Direction::Out), 9, "one index was drawn: 1");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Ascending priority, the older first among equals, in a list and in a bucket (R112).
 */
class PolicyOrderTestCase : public TestCase
{
  public:
    PolicyOrderTestCase()
        : TestCase("policies stand by ascending priority, the older first among equals")
    {
    }

  private:
    /// Add policies a to f of one prefix length that differ in their port, in mixed priorities.
    static void Fill(PolicyFixture& fixture, const std::string& length)
    {
        const std::vector<uint32_t> priorities{5, 3, 5, 0, UINT32_MAX, 3};
        for (size_t i = 0; i < priorities.size(); ++i)
        {
            PolicyConfig config =
                MakePolicy("10.0.0.1/" + length, "10.0.0.2/" + length, priorities[i]);
            config.selector.sourcePort = static_cast<uint16_t>(i);
            config.selector.sourcePortMask = 0xffff;
            fixture.Add(std::string(1, static_cast<char>('a' + i)), config);
        }
    }

    void DoRun() override
    {
        PolicyFixture fixture;
        Fill(fixture, "31");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetInexact(), "d b f a c e", "the list");
        Fill(fixture, "32");
        const PolicyTable& table = fixture.database.GetTable(Direction::Out);
        NS_TEST_EXPECT_MSG_EQ(fixture.GetNames(table.GetExact(6)), "d b f a c e", "the bucket");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Where an update goes (R112).
 *
 * The list is a (3), b (5), old (5), c (5), d (7).  With 5 the walk stops at old: behind b, old's
 * own place. With 4 it stops there, too: behind a. With 6 it goes on behind c; with 7 behind d.
 * With 0 there is no anchor: head.
 */
class PolicyUpdateTestCase : public TestCase
{
  public:
    PolicyUpdateTestCase()
        : TestCase("an update keeps its place unless the priority changes")
    {
    }

  private:
    /// @return the list after an update of "old" to a priority
    static std::string Update(uint32_t priority)
    {
        PolicyFixture fixture;
        fixture.Add("a", MakePolicy("10.0.0.0/24", "10.0.0.0/24", 3));
        fixture.Add("b", MakePolicy("10.0.1.0/24", "10.0.0.0/24", 5));
        fixture.Add("old", MakePolicy("10.0.2.0/24", "10.0.0.0/24", 5));
        fixture.Add("c", MakePolicy("10.0.3.0/24", "10.0.0.0/24", 5));
        fixture.Add("d", MakePolicy("10.0.4.0/24", "10.0.0.0/24", 7));
        fixture.Insert("new", MakePolicy("10.0.2.0/24", "10.0.0.0/24", priority), false);
        return fixture.GetInexact();
    }

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(Update(5), "a b new c d", "equal");
        NS_TEST_EXPECT_MSG_EQ(Update(4), "a new b c d", "smaller");
        NS_TEST_EXPECT_MSG_EQ(Update(3), "a new b c d", "as small as a");
        NS_TEST_EXPECT_MSG_EQ(Update(0), "new a b c d", "smallest");
        NS_TEST_EXPECT_MSG_EQ(Update(6), "a b c new d", "larger");
        NS_TEST_EXPECT_MSG_EQ(Update(7), "a b c d new", "as large as d");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Of two duplicates an update replaces the first; the second is an anchor like any policy
 * (R111, R112).
 *
 * x has mark 1/1 and priority 3, y takes any mark and has 5.  An update with mark 1/1 and priority
 * 5 has x's very mark, and y at equal priority takes it, too.
 */
class PolicyTwoDuplicatesTestCase : public TestCase
{
  public:
    PolicyTwoDuplicatesTestCase()
        : TestCase("an update replaces the first of two duplicates and stands behind the second")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        PolicyConfig config = MakePolicy("10.0.0.0/24", "10.0.0.0/24", 3);
        config.mark = {1, 1};
        const Ptr<Policy> x = fixture.Add("x", config);
        fixture.Add("y", MakePolicy("10.0.0.0/24", "10.0.0.0/24", 5));
        config.priority = 5;
        const PolicyDatabase::Insertion insertion = fixture.Insert("new", config, false);
        NS_TEST_EXPECT_MSG_EQ(insertion.replaced, x, "replaced");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetInexact(), "y new", "the list");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief One generator steps by 8 over all namespaces; 0 becomes 8; used values are skipped (R113).
 *
 * Draws: in 0 -> 8; out 8 | 1 = 9 in the other database; in 16; then the wanted 24 is given, so the
 * next draw for in, 24, is skipped: 32.  Forward: 40 | 2 = 42.
 */
class PolicyIndexTestCase : public TestCase
{
  public:
    PolicyIndexTestCase()
        : TestCase("indexes come from one generator for all databases and are never 0")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        PolicyDatabase other(fixture.indexes);
        PolicyConfig config = MakePolicy("10.0.0.0/24", "10.0.0.0/24");
        config.direction = Direction::In;
        NS_TEST_EXPECT_MSG_EQ(fixture.Add("a", config)->GetIndex(), 8, "never 0");
        const Ptr<Policy> foreign = Create<Policy>(MakePolicy("10.0.0.0/24", "10.0.0.0/24"));
        other.Insert(foreign, true, 1, Seconds(0));
        NS_TEST_EXPECT_MSG_EQ(foreign->GetIndex(), 9, "another namespace, out");
        config.selector.user = 1;
        NS_TEST_EXPECT_MSG_EQ(fixture.Add("b", config)->GetIndex(), 16, "next of in");
        config.selector.user = 2;
        config.index = 24;
        NS_TEST_EXPECT_MSG_EQ(fixture.Add("c", config)->GetIndex(), 24, "wanted");
        config.selector.user = 3;
        NS_TEST_EXPECT_MSG_EQ(fixture.Add("d", config)->GetIndex(), 32, "wanted, but in use");
        config.direction = Direction::Forward;
        NS_TEST_EXPECT_MSG_EQ(fixture.Add("e", config)->GetIndex(), 42, "not of this direction");
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetCount(Direction::In), 4, "count of in");
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetCount(Direction::Forward), 1, "of forward");
        NS_TEST_EXPECT_MSG_EQ(other.GetCount(Direction::Out), 1, "of the other database");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The replaced policy hands over its index, dies, and leaves the count as it was (R113).
 *
 * The index that the new one asks for is not looked at then, and none is drawn: the next is 9.
 */
class PolicyReplacedTestCase : public TestCase
{
  public:
    PolicyReplacedTestCase()
        : TestCase("a replaced policy hands over its index and dies")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        PolicyConfig config = MakePolicy("10.0.0.0/24", "10.0.0.0/24");
        const Ptr<Policy> old = fixture.Add("old", config);
        config.index = 81;
        const PolicyDatabase::Insertion insertion = fixture.Insert("new", config, false);
        NS_TEST_EXPECT_MSG_EQ(insertion.replaced, old, "told to the caller");
        NS_TEST_EXPECT_MSG_EQ(old->IsDead(), true, "dead");
        NS_TEST_EXPECT_MSG_EQ(old->GetGenid(), 1, "its chains are stale");
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetCount(Direction::Out), 1, "count");
        const std::vector<Ptr<Policy>> all = fixture.database.GetAll();
        NS_TEST_EXPECT_MSG_EQ(fixture.GetNames(all), "new", "all policies");
        NS_TEST_EXPECT_MSG_EQ(all.front()->GetIndex(), 1, "inherited");
        NS_TEST_EXPECT_MSG_EQ(all.front()->GetGenid(), 0, "a generation of its own");
        NS_TEST_EXPECT_MSG_EQ(fixture.indexes.Next(Direction::Out), 9, "no index was drawn");
        const Ptr<Policy> removed =
            fixture.database.RemoveByIndex(PolicyType::Main, Direction::Out, 1, {});
        NS_TEST_EXPECT_MSG_EQ(fixture.GetName(removed), "new", "found by its index");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The time of adding is set, that of use is 0; a direction of 8 buckets is to grow from its
 * eighth policy on, unless one was replaced (R114).
 *
 * The test is count > 7, at every insertion until growth is done.  Other directions do not count,
 * inexact policies do.
 */
class PolicyGrowthTestCase : public TestCase
{
  public:
    PolicyGrowthTestCase()
        : TestCase("growth is due when there are as many policies as buckets")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        PolicyConfig config = MakePolicy("10.0.0.0/24", "10.0.0.0/24");
        config.direction = Direction::In;
        fixture.Add("other direction", config);
        config.direction = Direction::Out;
        for (uint32_t i = 1; i <= 9; ++i)
        {
            config.selector.user = i;
            const PolicyDatabase::Insertion insertion = fixture.Insert("p", config, true);
            NS_TEST_EXPECT_MSG_EQ(insertion.isGrowthDue, (i >= 8), "policy " << i);
        }
        const PolicyDatabase::Insertion update = fixture.Insert("p", config, false);
        NS_TEST_EXPECT_MSG_EQ(update.isGrowthDue, false, "replaced");
        const LifetimeUse use = fixture.database.GetAll().front()->GetUse();
        NS_TEST_EXPECT_MSG_EQ(use.addTime, 1'000'000, "added now");
        NS_TEST_EXPECT_MSG_EQ(use.useTime, 0, "never used");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of PolicyDatabase::Insert().
 */
class PolicyInsertTestSuite : public TestSuite
{
  public:
    PolicyInsertTestSuite()
        : TestSuite("xfrm-policy-insert", UNIT)
    {
        AddTestCase(new PolicyDuplicateTestCase, TestCase::QUICK);
        AddTestCase(new PolicyExclusiveTestCase, TestCase::QUICK);
        AddTestCase(new PolicyOrderTestCase, TestCase::QUICK);
        AddTestCase(new PolicyUpdateTestCase, TestCase::QUICK);
        AddTestCase(new PolicyTwoDuplicatesTestCase, TestCase::QUICK);
        AddTestCase(new PolicyIndexTestCase, TestCase::QUICK);
        AddTestCase(new PolicyReplacedTestCase, TestCase::QUICK);
        AddTestCase(new PolicyGrowthTestCase, TestCase::QUICK);
    }
};

static PolicyInsertTestSuite g_policyInsertTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
