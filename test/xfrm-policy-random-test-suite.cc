/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-duel.h"
#include "xfrm-test-seed.h"

#include "ns3/test.h"

#include <cstdint>
#include <iostream>
#include <string>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief A policy database and the plain model of it do the same under random operations.
 *
 * They choose policies (R116, R117, R118), keep the order of insertion through adds, updates and
 * deletions (R111, R112, R113, R120, R121), thresholds and rebuilds (R107, R108, R109, R110), grow
 * (R114, R115), run timers (R122), and have policies of sockets (R119).  10 games of 10,000.
 *
 * Set XFRM_TEST_SEED to the seed of a failure to see it again.
 */
class PolicyRandomTestCase : public TestCase
{
  public:
    /// @param number of the game, so that each has its own randomness
    explicit PolicyRandomTestCase(uint64_t number)
        : TestCase("the policy database does what its plain model does, game " +
                   std::to_string(number)),
          m_number(number)
    {
    }

  private:
    void DoRun() override
    {
        PolicyDuel duel(GetTestSeed() + m_number);
        const std::string difference = duel.Run(10'000);
        NS_TEST_ASSERT_MSG_EQ(difference, "", "XFRM_TEST_SEED=" << GetTestSeed());
    }

    uint64_t m_number; //!< of the game
};

/**
 * @ingroup xfrm-tests
 * @brief Randomised test of PolicyDatabase.
 */
class PolicyRandomTestSuite : public TestSuite
{
  public:
    PolicyRandomTestSuite()
        : TestSuite("xfrm-policy-random", UNIT)
    {
        for (uint64_t number = 0; number < 10; ++number)
        {
            AddTestCase(new PolicyRandomTestCase(number), TestCase::QUICK);
        }
    }

  private:
    void DoSetup() override
    {
        std::cout << "xfrm-policy-random: XFRM_TEST_SEED=" << GetTestSeed() << std::endl;
    }
};

static PolicyRandomTestSuite g_policyRandomTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
