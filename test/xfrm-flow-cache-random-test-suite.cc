/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flow-cache-duel.h"
#include "xfrm-test-seed.h"

#include "ns3/test.h"

#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/**
 * @param hashShift log2 of the buckets
 * @param low low watermark
 * @param high high watermark
 * @param refusal refusal rule
 * @param nCpus possible CPUs; the last one is off line at first if there are more than two
 * @return such a makeup, with a generation about to wrap
 */
FlowCache::Config
MakeConfig(uint32_t hashShift,
           uint32_t low,
           uint32_t high,
           RefusalRule refusal = {},
           uint32_t nCpus = 3)
{
    return {.nCpus = nCpus,
            .nOnline = nCpus > 2 ? nCpus - 1 : nCpus,
            .table = {.hashShift = hashShift, .lowWatermark = low, .highWatermark = high},
            .genid = UINT32_MAX - 10,
            .refusal = refusal};
}

/// @return a scenario of a small table
FlowCacheDuel::Scenario
MakeSmall(const std::string& name, const FlowCache::Config& config, KeyLayout layout)
{
    return {.name = name,
            .config = config,
            .layout = layout,
            .nFlows = 6 * config.table.highWatermark + 8,
            .nHotFlows = config.table.highWatermark / 2 + 1,
            .nOperations = 70'000};
}

/// @return a scenario of default sizes, where little disturbs the growth of the tables
FlowCacheDuel::Scenario
MakeLarge(const std::string& name, RefusalRule refusal, uint32_t nCpus)
{
    return {.name = name,
            .config = MakeConfig(10, 2048, 4096, refusal, nCpus),
            .nFlows = 20'000,
            .nHotFlows = 2'000,
            .nDisruptions = 1,
            .nOperations = 100'000};
}

/// @return all scenarios: 10^6 operations
std::vector<FlowCacheDuel::Scenario>
MakeScenarios()
{
    const RefusalRule v46 = RefusalRule::Linux46();
    const RefusalRule v410 = RefusalRule::Linux410();
    return {
        MakeSmall("one bucket", MakeConfig(0, 2, 4), KeyLayout::Linux41),
        MakeSmall("one long chain", MakeConfig(0, 20, 40), KeyLayout::Linux43),
        MakeSmall("two buckets", MakeConfig(1, 5, 8), KeyLayout::Linux410),
        MakeSmall("quota above the mark", MakeConfig(1, 40, 12), KeyLayout::Linux41),
        MakeSmall("quota of zero", MakeConfig(2, 3, 9, {}, 1), KeyLayout::Linux41),
        MakeSmall("four buckets of 4.6", MakeConfig(2, 8, 16, v46), KeyLayout::Linux43),
        MakeSmall("quota above the mark of 4.6", MakeConfig(1, 60, 12, v46), KeyLayout::Linux43),
        MakeSmall("eight buckets of 4.6", MakeConfig(3, 16, 30, v46, 4), KeyLayout::Linux43),
        MakeSmall("four buckets of 4.10", MakeConfig(2, 8, 16, v410), KeyLayout::Linux410),
        MakeSmall("eight buckets of 4.10", MakeConfig(3, 8, 12, v410, 5), KeyLayout::Linux410),
        MakeLarge("default sizes", RefusalRule::Never(), 1),
        MakeLarge("default sizes of 4.6", v46, 1),
        MakeLarge("default sizes of 4.10", v410, 2)};
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief A flow cache and the plain model of it do the same under random operations.
 *
 * Set XFRM_TEST_SEED to the seed of a failure to see it again.
 */
class FlowCacheRandomTestCase : public TestCase
{
  public:
    /// @param number of the scenario @param scenario what to play with
    FlowCacheRandomTestCase(uint64_t number, const FlowCacheDuel::Scenario& scenario)
        : TestCase("the flow cache does what its plain model does: " + scenario.name),
          m_number(number),
          m_scenario(scenario)
    {
    }

  private:
    void DoRun() override
    {
        FlowCacheDuel duel(m_scenario, GetTestSeed() + m_number);
        const std::string difference = duel.Run();
        NS_TEST_ASSERT_MSG_EQ(difference, "", "XFRM_TEST_SEED=" << GetTestSeed());
    }

    uint64_t m_number;                  //!< of the scenario, so that each has its own randomness
    FlowCacheDuel::Scenario m_scenario; //!< what to play with
};

/**
 * @ingroup xfrm-tests
 * @brief Randomised test of FlowCache.
 */
class FlowCacheRandomTestSuite : public TestSuite
{
  public:
    FlowCacheRandomTestSuite()
        : TestSuite("xfrm-flow-cache-random", UNIT)
    {
        uint64_t number = 0;
        for (const FlowCacheDuel::Scenario& scenario : MakeScenarios())
        {
            AddTestCase(new FlowCacheRandomTestCase(number++, scenario), TestCase::QUICK);
        }
    }

  private:
    void DoSetup() override
    {
        std::cout << "xfrm-flow-cache-random: XFRM_TEST_SEED=" << GetTestSeed() << std::endl;
    }
};

static FlowCacheRandomTestSuite g_flowCacheRandomTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
