/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-fixture.h"

#include "ns3/test.h"

#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief A deletion unlinks, counts down and tells the policy's holders; other policies keep their
 * generation (R120, C27).
 */
class PolicyKillTestCase : public TestCase
{
  public:
    PolicyKillTestCase()
        : TestCase("a deleted policy is unlinked, dead and of a new generation, and only it")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        const PolicyConfig config = MakePolicy("10.0.0.0/24", "10.0.0.0/24", 5);
        const Ptr<Policy> gone = fixture.Add("gone", config);
        const Ptr<Policy> other = fixture.Add("other", MakePolicy("0.0.0.0/0", "0.0.0.0/0", 6));
        const Ptr<Policy> removed =
            fixture.database.Remove(PolicyType::Main, Direction::Out, config.selector, {});
        NS_TEST_EXPECT_MSG_EQ(removed, gone, "handed back");
        NS_TEST_EXPECT_MSG_EQ(gone->IsDead(), true, "dead");
        NS_TEST_EXPECT_MSG_EQ(gone->GetGenid(), 1, "generation");
        NS_TEST_EXPECT_MSG_EQ(other->IsDead(), false, "the other lives");
        NS_TEST_EXPECT_MSG_EQ(other->GetGenid(), 0, "the other's generation");
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetCount(Direction::Out), 1, "count");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetNames(fixture.database.GetAll()), "other", "list of all");
        const std::string found = fixture.LookUp(MakeFlow("10.0.0.1", "10.0.0.2"));
        NS_TEST_EXPECT_MSG_EQ(found, "other", "no longer found");
        const Ptr<Policy> again =
            fixture.database.RemoveByIndex(PolicyType::Main, Direction::Out, gone->GetIndex(), {});
        NS_TEST_EXPECT_MSG_EQ(again, nullptr, "nor by its index");
        NS_TEST_EXPECT_MSG_EQ(fixture.Add("re-added", config)->GetIndex(), 17, "a fresh index");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Deletion by selector needs equal type, direction and selector bytes, and a mark that the
 * policy's takes (R121).
 *
 * The policy takes 5/0xff.  Given 0x105/0xffff, 0x105 & 0xff = 5 is taken; 5 with mask 0 gives 0,
 * which is not.
 */
class PolicyRemoveTestCase : public TestCase
{
  public:
    PolicyRemoveTestCase()
        : TestCase("a deletion by selector needs equal bytes and a mark that is taken")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        PolicyConfig config = MakePolicy("10.0.0.0/24", "10.0.0.0/24");
        config.mark = {5, 0xff};
        fixture.Add("a", config);
        const auto remove =
            [&](PolicyType type, Direction direction, const Selector& selector, const Mark& mark) {
                return fixture.GetName(fixture.database.Remove(type, direction, selector, mark));
            };
        const auto main = PolicyType::Main;
        const auto out = Direction::Out;
        Selector selector = config.selector;
        NS_TEST_EXPECT_MSG_EQ(remove(PolicyType::Sub, out, selector, config.mark), "", "type");
        NS_TEST_EXPECT_MSG_EQ(remove(main, Direction::In, selector, config.mark), "", "direction");
        NS_TEST_EXPECT_MSG_EQ(remove(main, out, selector, {5, 0}), "", "mark");
        selector.ifindex = 1;
        NS_TEST_EXPECT_MSG_EQ(remove(main, out, selector, config.mark), "", "selector");
        selector = config.selector;
        selector.family = 2;
        NS_TEST_EXPECT_MSG_EQ(remove(main, out, selector, {0x105, 0xffff}), "a", "all fit");
        NS_TEST_EXPECT_MSG_EQ(remove(main, out, selector, {0x105, 0xffff}), "", "once");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Deletion by index needs equal type and direction and a mark that is taken, too (R121).
 */
class PolicyRemoveByIndexTestCase : public TestCase
{
  public:
    PolicyRemoveByIndexTestCase()
        : TestCase("a deletion by index needs equal type and direction and a mark that is taken")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        PolicyConfig config = MakePolicy("10.0.0.1/32", "10.0.0.2/32");
        config.mark = {5, 0xff};
        config.index = 33;
        fixture.Add("a", config);
        const auto remove = [&](PolicyType type,
                                Direction direction,
                                uint32_t index,
                                const Mark& mark) {
            return fixture.GetName(fixture.database.RemoveByIndex(type, direction, index, mark));
        };
        const auto main = PolicyType::Main;
        const auto out = Direction::Out;
        NS_TEST_EXPECT_MSG_EQ(remove(PolicyType::Sub, out, 33, config.mark), "", "type");
        NS_TEST_EXPECT_MSG_EQ(remove(main, Direction::In, 33, config.mark), "", "direction");
        NS_TEST_EXPECT_MSG_EQ(remove(main, out, 41, config.mark), "", "index");
        NS_TEST_EXPECT_MSG_EQ(remove(main, out, 33, {}), "", "mark");
        NS_TEST_EXPECT_MSG_EQ(remove(main, out, 33, config.mark), "a", "all fit");
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(MakeFlow("10.0.0.1", "10.0.0.2")), "", "gone");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A flush kills all policies of its type: by direction, the list, then the buckets from the
 * last; the others stay (R120).
 *
 * 10.0.0.1 -> 10.0.0.2 is in bucket 6 and 192.168.1.10 -> 192.168.2.10 in bucket 5 (R109).
 */
class PolicyFlushTestCase : public TestCase
{
  public:
    PolicyFlushTestCase()
        : TestCase("a flush kills the policies of its type in the order of the kernel's walk")
    {
    }

  private:
    void DoRun() override
    {
        PolicyFixture fixture;
        fixture.Add("bucket 5", MakePolicy("192.168.1.10/32", "192.168.2.10/32"));
        fixture.Add("bucket 6", MakePolicy("10.0.0.1/32", "10.0.0.2/32"));
        fixture.Add("list 2", MakePolicy("0.0.0.0/0", "0.0.0.0/0", 2));
        fixture.Add("list 1", MakePolicy("10.0.0.0/24", "0.0.0.0/0", 1));
        PolicyConfig config = MakePolicy("0.0.0.0/0", "0.0.0.0/0", 1);
        config.type = PolicyType::Sub;
        const Ptr<Policy> sub = fixture.Add("sub", config);
        config.type = PolicyType::Main;
        config.direction = Direction::In;
        fixture.Add("in", config);
        const std::vector<Ptr<Policy>> flushed = fixture.database.Flush(PolicyType::Main);
        NS_TEST_EXPECT_MSG_EQ(fixture.GetNames(flushed),
                              "in list 1 list 2 bucket 6 bucket 5",
                              "the order");
        for (const Ptr<Policy>& policy : flushed)
        {
            NS_TEST_EXPECT_MSG_EQ(policy->IsDead(), true, fixture.GetName(policy));
            NS_TEST_EXPECT_MSG_EQ(policy->GetGenid(), 1, fixture.GetName(policy));
        }
        NS_TEST_EXPECT_MSG_EQ(sub->IsDead(), false, "the SUB policy lives");
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetCount(Direction::Out), 1, "count of out");
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetCount(Direction::In), 0, "count of in");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetNames(fixture.database.GetAll()), "sub", "list of all");
        const std::string found = fixture.LookUp(MakeFlow("10.0.0.1", "10.0.0.2"), PolicyType::Sub);
        NS_TEST_EXPECT_MSG_EQ(found, "sub", "still found");
        NS_TEST_EXPECT_MSG_EQ(fixture.work.nInexactCompared, 1, "alone in the list");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of PolicyDatabase: deletions.
 */
class PolicyRemoveTestSuite : public TestSuite
{
  public:
    PolicyRemoveTestSuite()
        : TestSuite("xfrm-policy-remove", UNIT)
    {
        AddTestCase(new PolicyKillTestCase, TestCase::QUICK);
        AddTestCase(new PolicyRemoveTestCase, TestCase::QUICK);
        AddTestCase(new PolicyRemoveByIndexTestCase, TestCase::QUICK);
        AddTestCase(new PolicyFlushTestCase, TestCase::QUICK);
    }
};

static PolicyRemoveTestSuite g_policyRemoveTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
