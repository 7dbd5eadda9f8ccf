/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-alias-table.h"
#include "ns3/xfrm-flow-population.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

using FlowKind = FlowConfig::Kind;

/// @return a population whose new flows are numbered behind the known ones
std::unique_ptr<FlowPopulation>
Make(const FlowConfig& config, uint64_t seed = 1)
{
    const FlowNumbers numbers{.firstNew = CountKnownFlows(config)};
    return MakeFlowPopulation(config, numbers, FastRandom(seed, 0), FastRandom(seed, 1));
}

/// @return times at equal distances, from 0 [ns]
std::vector<int64_t>
MakeTimes(size_t n, int64_t distance)
{
    std::vector<int64_t> times(n);
    for (size_t i = 0; i < n; ++i)
    {
        times[i] = static_cast<int64_t>(i) * distance;
    }
    return times;
}

/// @return flows of packets at these times, drawn in batches of this size
std::vector<uint32_t>
DrawAll(FlowPopulation& population, const std::vector<int64_t>& times, size_t batch = 1000)
{
    std::vector<uint32_t> flows(times.size());
    for (size_t i = 0; i < times.size(); i += batch)
    {
        const size_t n = std::min(batch, times.size() - i);
        population.Draw(std::span(times).subspan(i, n), std::span(flows).subspan(i, n));
    }
    return flows;
}

/// @return probabilities of Zipf's law
std::vector<double>
GetZipf(uint32_t n, double exponent)
{
    double sum = 0;
    for (uint32_t i = 1; i <= n; ++i)
    {
        sum += std::pow(i, -exponent);
    }
    std::vector<double> probabilities;
    for (uint32_t i = 1; i <= n; ++i)
    {
        probabilities.push_back(std::pow(i, -exponent) / sum);
    }
    return probabilities;
}

/// @return the chi-square statistic of flows, expected with these probabilities
double
GetChiSquare(const std::vector<uint32_t>& flows, const std::vector<double>& probabilities)
{
    std::vector<double> counts(probabilities.size());
    for (const uint32_t flow : flows)
    {
        counts.at(flow) += 1;
    }
    double chiSquare = 0;
    for (size_t i = 0; i < counts.size(); ++i)
    {
        const double expected = probabilities[i] * static_cast<double>(flows.size());
        chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    return chiSquare;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief What the columns of a table give in sum is what was asked for, but for thresholds that
 * are rounded down to 2^-32 of a column: a number loses at most that, and gains it at most once
 * from each of n columns.
 */
class FlowPopulationAliasTestCase : public TestCase
{
  public:
    FlowPopulationAliasTestCase()
        : TestCase("an alias table has the probabilities that were asked for")
    {
    }

  private:
    void CheckShares(const AliasTable& table, const std::vector<double>& probabilities)
    {
        const auto n = static_cast<double>(probabilities.size());
        std::vector<double> shares(probabilities.size());
        for (size_t i = 0; i < shares.size(); ++i)
        {
            const AliasTable::Entry& entry = table.GetEntries()[i];
            const double threshold = std::ldexp(entry.threshold, -32);
            shares[i] += threshold / n;
            shares.at(entry.alias) += (1 - threshold) / n;
        }
        for (size_t i = 0; i < shares.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(shares[i], probabilities[i], 0x1p-31, "number " << i);
        }
    }

    void DoRun() override
    {
        CheckShares(AliasTable({1}), {1});
        CheckShares(AliasTable({0, 3, 0, 1}), {0, 0.75, 0, 0.25});
        CheckShares(AliasTable({1, 2, 3, 4, 5, 6, 7, 8}),
                    {1 / 36., 2 / 36., 3 / 36., 4 / 36., 5 / 36., 6 / 36., 7 / 36., 8 / 36.});
        for (const double exponent : {0.0, 0.5, 1.0, 2.0})
        {
            CheckShares(AliasTable::MakeZipf(1000, exponent), GetZipf(1000, exponent));
        }
        const AliasTable half({3, 1}); // column 1: half of its own, half of number 0
        NS_TEST_EXPECT_MSG_EQ(half.Pick(0), 0, "column 0");
        NS_TEST_EXPECT_MSG_EQ(half.Pick(0xffff'ffff), 0, "end of column 0");
        NS_TEST_EXPECT_MSG_EQ(half.Pick(0x1'7fff'ffff), 1, "below the threshold of column 1");
        NS_TEST_EXPECT_MSG_EQ(half.Pick(0x1'8000'0000), 0, "at it");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief 10^6 packets of 1000 flows: chi-square has 999 degrees of freedom, so a mean of 999 and
 * a standard deviation of sqrt(2 * 999) = 44.7.  Bounds are 4 of them.  Flow 999 has at least 33
 * packets, enough for the statistic.
 */
class FlowPopulationZipfTestCase : public TestCase
{
  public:
    FlowPopulationZipfTestCase()
        : TestCase("flows are as popular as the law says")
    {
    }

  private:
    void CheckPopulation(const FlowConfig& config, double exponent)
    {
        const std::unique_ptr<FlowPopulation> population = Make(config);
        const std::vector<uint32_t> flows = DrawAll(*population, MakeTimes(1'000'000, 0));
        const double chiSquare = GetChiSquare(flows, GetZipf(1000, exponent));
        NS_TEST_EXPECT_MSG_EQ_TOL(chiSquare, 999, 179, "exponent " << exponent);
    }

    void DoRun() override
    {
        for (const double exponent : {0.0, 0.8, 1.0, 1.2})
        {
            CheckPopulation({.nFlows = 1000, .exponent = exponent}, exponent);
        }
        CheckPopulation({.kind = FlowKind::Uniform, .nFlows = 1000}, 0);
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Three flows numbered from 10, over and over.
 */
class FlowPopulationScanTestCase : public TestCase
{
  public:
    FlowPopulationScanTestCase()
        : TestCase("a scan takes the flows one after the other")
    {
    }

  private:
    void DoRun() override
    {
        const FlowConfig config{.kind = FlowKind::Scan, .nFlows = 3};
        const auto scan =
            MakeFlowPopulation(config, {.firstKnown = 10}, FastRandom(1), FastRandom(2));
        const std::vector<uint32_t> expected{10, 11, 12, 10, 11, 12, 10};
        NS_TEST_EXPECT_MSG_EQ((DrawAll(*scan, MakeTimes(7, 1), 2) == expected), true, "the order");
        NS_TEST_EXPECT_MSG_EQ(CountKnownFlows(config), 3, "known flows");
        NS_TEST_EXPECT_MSG_EQ(HasNewFlows(config), false, "new flows");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief 1000 flows that live 100 ms in the mean: 10^4 births a second.
 *
 * Packets every 10 us for 10 s, 10^6 in all, alike to all slots: a flow that lives for a time t
 * has none of its 100 packets a second in the mean with the probability exp(-100 t), which is for
 * exponential lives of mean 0.1 s 1 / (1 + 100 * 0.1) = 1 / 11.  So of 1000 + 10^5 flows, the
 * last ones of which live on, 101,000 * 10 / 11 = 91,818 are seen: standard deviation sqrt(10^5 *
 * 100 / 121 + 10^5 / 121) = 289, as births vary, too.  The largest number is near 10^5 + 1000,
 * with a deviation of 316.  Those alive at the end: each slot's.
 */
class FlowPopulationChurnTestCase : public TestCase
{
  public:
    FlowPopulationChurnTestCase()
        : TestCase("flows are born at the rate at which they die")
    {
    }

  private:
    void DoRun() override
    {
        const FlowConfig config{.kind = FlowKind::Churn,
                                .nFlows = 1000,
                                .exponent = 0,
                                .lifetime = MilliSeconds(100)};
        const std::unique_ptr<FlowPopulation> churn = Make(config);
        const std::vector<uint32_t> flows = DrawAll(*churn, MakeTimes(1'000'000, 10'000));
        const std::set<uint32_t> seen(flows.begin(), flows.end());
        NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(seen.size()), 91'818, 1156, "flows seen");
        NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(*seen.rbegin()), 101'000, 1264, "born");
        NS_TEST_EXPECT_MSG_LT(*std::max_element(flows.begin(), flows.begin() + 10), 1030, "early");
        const std::set<uint32_t> late(flows.end() - 100, flows.end());
        NS_TEST_EXPECT_MSG_GT(*late.begin(), 1000, "the first ones are dead after 100 lives");
        NS_TEST_EXPECT_MSG_EQ(CountKnownFlows(config), 1000, "known flows");
        NS_TEST_EXPECT_MSG_EQ(HasNewFlows(config), true, "new flows");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A new flow is as popular as the one that it replaces.
 *
 * Ten flows that live 1 ms in the mean, 1 s: slot 0 has with exponent 2 the share 1 / (1 + 1/4 +
 * ... + 1/100) = 0.6453 of the packets.  Of two packets next to each other, 1 us apart, both
 * belong to the same flow if they go to the same slot, but for a birth there (1 in 1000): the sum
 * of the squared shares, (1 + 1/16 + 1/81 + ... + 1/10^4) * 0.6453^2 = 1.0820 * 0.4164 = 0.4506,
 * less a thousandth.  10^6 pairs, not independent; 1 % is many deviations.
 */
class FlowPopulationChurnZipfTestCase : public TestCase
{
  public:
    FlowPopulationChurnZipfTestCase()
        : TestCase("a new flow is as popular as the one that it replaces")
    {
    }

  private:
    void DoRun() override
    {
        const std::unique_ptr<FlowPopulation> churn = Make(
            {.kind = FlowKind::Churn, .nFlows = 10, .exponent = 2, .lifetime = MilliSeconds(1)});
        const std::vector<uint32_t> flows = DrawAll(*churn, MakeTimes(1'000'000, 1000));
        uint32_t nSame = 0;
        for (size_t i = 1; i < flows.size(); ++i)
        {
            nSame += flows[i] == flows[i - 1] ? 1 : 0;
        }
        NS_TEST_EXPECT_MSG_EQ_TOL(nSame / 1e6, 0.450, 0.0045, "pairs of the same flow");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Flows that come once have rising numbers, until there are none left.
 */
class FlowPopulationOnceTestCase : public TestCase
{
  public:
    FlowPopulationOnceTestCase()
        : TestCase("flows of an attack never come again, and end with their numbers")
    {
    }

  private:
    void DoRun() override
    {
        const FlowConfig config{.kind = FlowKind::Once};
        const auto once = MakeFlowPopulation(config,
                                             {.firstNew = 50, .endNew = 55},
                                             FastRandom(1),
                                             FastRandom(2));
        const std::vector<uint32_t> expected{50, 51, 52, 53, 54};
        NS_TEST_EXPECT_MSG_EQ((DrawAll(*once, MakeTimes(5, 1), 2) == expected), true, "in order");
        std::string got;
        try
        {
            DrawAll(*once, MakeTimes(1, 1));
        }
        catch (const std::length_error& error)
        {
            got = error.what();
        }
        NS_TEST_EXPECT_MSG_EQ(got, "more than 5 new flows: their numbers must be below 55", "end");
        NS_TEST_EXPECT_MSG_EQ(CountKnownFlows(config), 0, "known flows");
        NS_TEST_EXPECT_MSG_EQ(HasNewFlows(config), true, "new flows");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The size of batches is the caller's affair.
 */
class FlowPopulationBatchTestCase : public TestCase
{
  public:
    FlowPopulationBatchTestCase()
        : TestCase("flows do not depend on the sizes of batches")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<int64_t> times = MakeTimes(10'000, 700);
        for (const FlowKind kind :
             {FlowKind::Zipf, FlowKind::Uniform, FlowKind::Scan, FlowKind::Churn, FlowKind::Once})
        {
            const FlowConfig config{.kind = kind, .nFlows = 100, .lifetime = MicroSeconds(200)};
            const std::vector<uint32_t> flows = DrawAll(*Make(config), times, 256);
            for (const size_t batch : {1, 7, 10'000})
            {
                const bool isSame = DrawAll(*Make(config), times, batch) == flows;
                NS_TEST_EXPECT_MSG_EQ(isSame, true, "size " << batch);
            }
            const bool isDrawn = DrawAll(*Make(config, 2), times) != flows;
            NS_TEST_EXPECT_MSG_EQ(isDrawn,
                                  (kind != FlowKind::Scan && kind != FlowKind::Once),
                                  "another seed");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What can't be is refused with its name, its value and what is allowed.
 */
class FlowPopulationErrorTestCase : public TestCase
{
  public:
    FlowPopulationErrorTestCase()
        : TestCase("flow settings out of range are refused by name")
    {
    }

  private:
    void ExpectRefused(const FlowConfig& config, const std::string& message)
    {
        std::string got;
        try
        {
            Make(config);
        }
        catch (const std::invalid_argument& error)
        {
            got = error.what();
        }
        NS_TEST_EXPECT_MSG_EQ(got, message, "refused");
    }

    void DoRun() override
    {
        ExpectRefused({.nFlows = 0}, "number of flows 0: must be 1 to 10000000");
        ExpectRefused({.nFlows = 10'000'001}, "number of flows 10000001: must be 1 to 10000000");
        ExpectRefused({.exponent = -0.5}, "Zipf exponent -0.5: must be 0 to 10");
        ExpectRefused({.exponent = std::nan("")}, "Zipf exponent nan: must be 0 to 10");
        ExpectRefused({.kind = FlowKind::Churn, .lifetime = Time(0)},
                      "lifetime of flows [ns] 0: must be 1 or more");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of flow populations.
 */
class FlowPopulationTestSuite : public TestSuite
{
  public:
    FlowPopulationTestSuite()
        : TestSuite("xfrm-flow-population", UNIT)
    {
        AddTestCase(new FlowPopulationAliasTestCase, TestCase::QUICK);
        AddTestCase(new FlowPopulationZipfTestCase, TestCase::QUICK);
        AddTestCase(new FlowPopulationScanTestCase, TestCase::QUICK);
        AddTestCase(new FlowPopulationChurnTestCase, TestCase::QUICK);
        AddTestCase(new FlowPopulationChurnZipfTestCase, TestCase::QUICK);
        AddTestCase(new FlowPopulationOnceTestCase, TestCase::QUICK);
        AddTestCase(new FlowPopulationBatchTestCase, TestCase::QUICK);
        AddTestCase(new FlowPopulationErrorTestCase, TestCase::QUICK);
    }
};

static FlowPopulationTestSuite g_flowPopulationTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
