/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-state-duel.h"
#include "xfrm-test-seed.h"

#include "ns3/test.h"

#include <cstdint>
#include <iostream>
#include <string>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief A state database and the plain model of it do the same under random operations: choice
 * (R140, R141, R142, R143, R144, R145, R146), growth (R133), additions (R150, R152), updates
 * (R151), searches by SPI (R155), limits (R160, R161, R162).
 *
 * Many short games, since the tables of a game grow only at first.  Set XFRM_TEST_SEED to the seed
 * of a failure to see it again.
 */
class StateRandomTestCase : public TestCase
{
  public:
    StateRandomTestCase()
        : TestCase("the state database does what its plain model does")
    {
    }

  private:
    static constexpr uint32_t N_GAMES{200}; //!< games
    static constexpr uint32_t N_MOVES{500}; //!< operations of a game

    void DoRun() override
    {
        for (uint32_t game = 0; game < N_GAMES; ++game)
        {
            StateDuel duel(GetTestSeed() + game);
            const std::string difference = duel.Run(N_MOVES);
            NS_TEST_ASSERT_MSG_EQ(difference,
                                  "",
                                  "XFRM_TEST_SEED=" << GetTestSeed() << ", game " << game);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Randomised test of StateDatabase.
 */
class StateRandomTestSuite : public TestSuite
{
  public:
    StateRandomTestSuite()
        : TestSuite("xfrm-state-random", UNIT)
    {
        AddTestCase(new StateRandomTestCase, TestCase::QUICK);
    }

  private:
    void DoSetup() override
    {
        std::cout << "xfrm-state-random: XFRM_TEST_SEED=" << GetTestSeed() << std::endl;
    }
};

static StateRandomTestSuite g_stateRandomTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
