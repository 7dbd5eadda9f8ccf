/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/random-variable-stream.h"
#include "ns3/test.h"
#include "ns3/xfrm-deadline-tree.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/// The earliest deadline comes first, of equal ones the lowest owner's.
class DeadlineOrderTestCase : public TestCase
{
  public:
    DeadlineOrderTestCase()
        : TestCase("The earliest deadline comes first, of equal ones the lowest owner has")
    {
    }

  private:
    void DoRun() override
    {
        DeadlineTree tree(3);
        NS_TEST_EXPECT_MSG_EQ(tree.GetNext(), DeadlineTree::NEVER, "none is set");
        tree.Set(2, 50);
        tree.Set(1, 70);
        NS_TEST_EXPECT_MSG_EQ(tree.GetNext(), 50, "the earlier of two");
        NS_TEST_EXPECT_MSG_EQ(tree.GetOwner(), 2, "whose it is");
        tree.Set(0, 50);
        NS_TEST_EXPECT_MSG_EQ(tree.GetOwner(), 0, "the lower of two with the same");
        tree.Set(0, 90);
        NS_TEST_EXPECT_MSG_EQ(tree.GetOwner(), 2, "put off");
        tree.Set(2, DeadlineTree::NEVER);
        NS_TEST_EXPECT_MSG_EQ(tree.GetNext(), 70, "given up");
        NS_TEST_EXPECT_MSG_EQ(tree.GetOwner(), 1, "so it is the next one's turn");
    }
};

/// Whatever is set, the tree's first is that of a search through all.
class DeadlineRandomTestCase : public TestCase
{
  public:
    /// @param nOwners owners
    explicit DeadlineRandomTestCase(uint32_t nOwners)
        : TestCase("As a search through all, " + std::to_string(nOwners) + " owners"),
          m_nOwners(nOwners)
    {
    }

  private:
    void DoRun() override
    {
        const auto random = CreateObject<UniformRandomVariable>();
        random->SetStream(m_nOwners);
        DeadlineTree tree(m_nOwners);
        std::vector<int64_t> all(m_nOwners, DeadlineTree::NEVER);
        for (uint32_t i = 0; i < 20000; ++i)
        {
            const uint32_t owner = random->GetInteger(0, m_nOwners - 1);
            // Few different times, so that many are equal.
            const uint32_t time = random->GetInteger(0, 9);
            all[owner] = time == 0 ? DeadlineTree::NEVER : time;
            tree.Set(owner, all[owner]);
            const auto first = std::min_element(all.begin(), all.end());
            NS_TEST_ASSERT_MSG_EQ(tree.GetNext(), *first, "the earliest, step " << i);
            if (*first != DeadlineTree::NEVER)
            {
                NS_TEST_ASSERT_MSG_EQ(tree.GetOwner(), first - all.begin(), "whose, step " << i);
            }
        }
    }

    uint32_t m_nOwners; //!< owners
};

/// Tests of the deadline tree.
class DeadlineTreeTestSuite : public TestSuite
{
  public:
    DeadlineTreeTestSuite()
        : TestSuite("xfrm-deadline-tree", UNIT)
    {
        AddTestCase(new DeadlineOrderTestCase, TestCase::QUICK);
        for (const uint32_t nOwners : {1U, 2U, 5U, 16U, 33U})
        {
            AddTestCase(new DeadlineRandomTestCase(nOwners), TestCase::QUICK);
        }
    }
};

static DeadlineTreeTestSuite g_deadlineTreeTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
