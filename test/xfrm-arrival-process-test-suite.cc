/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-arrival-process.h"

#include <cmath>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

using Kind = ArrivalConfig::Kind;

constexpr int64_t NS_PER_SECOND{1'000'000'000}; //!< [ns]

/// @return all arrivals of a process that ends, made in batches of this size [ns]
std::vector<int64_t>
MakeAll(const ArrivalConfig& config, size_t batch = 1000, uint64_t seed = 1)
{
    const std::unique_ptr<ArrivalProcess> process = MakeArrivalProcess(config, FastRandom(seed));
    std::vector<int64_t> all;
    std::vector<int64_t> times(batch);
    size_t n = batch;
    while (n == batch)
    {
        n = process->Fill(times);
        all.insert(all.end(), times.begin(), times.begin() + static_cast<std::ptrdiff_t>(n));
    }
    return all;
}

/// @return arrivals in each bin of a width, from 0 [packets]
std::vector<double>
CountBins(const std::vector<int64_t>& times, int64_t width, size_t nBins)
{
    std::vector<double> bins(nBins);
    for (const int64_t time : times)
    {
        bins.at(static_cast<size_t>(time / width)) += 1;
    }
    return bins;
}

/// @return mean of numbers
double
GetMean(const std::vector<double>& numbers)
{
    double sum = 0;
    for (const double number : numbers)
    {
        sum += number;
    }
    return sum / static_cast<double>(numbers.size());
}

/// @return variance of numbers
double
GetVariance(const std::vector<double>& numbers)
{
    const double mean = GetMean(numbers);
    double sum = 0;
    for (const double number : numbers)
    {
        sum += (number - mean) * (number - mean);
    }
    return sum / static_cast<double>(numbers.size() - 1);
}

/// @return lengths of bursts, in packets: they end before gaps of more than this [ns]
std::vector<double>
GetBursts(const std::vector<int64_t>& times, int64_t gap)
{
    std::vector<double> bursts{1};
    for (size_t i = 1; i < times.size(); ++i)
    {
        if (times[i] - times[i - 1] > gap)
        {
            bursts.push_back(0);
        }
        bursts.back() += 1;
    }
    return bursts;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Arrival i is at i / rate, rounded down: of 3 packets/s at 0, 333,333,333, 666,666,666
 * and 1,000,000,000 ns.
 */
class ArrivalProcessConstantTestCase : public TestCase
{
  public:
    ArrivalProcessConstantTestCase()
        : TestCase("constant arrivals are at multiples of the distance, rounded down")
    {
    }

  private:
    void DoRun() override
    {
        ArrivalConfig config{.kind = Kind::Constant, .rate = 3, .stop = NanoSeconds(NS_PER_SECOND)};
        const std::vector<int64_t> below{0, 333'333'333, 666'666'666};
        NS_TEST_EXPECT_MSG_EQ((MakeAll(config) == below), true, "none at the stop time");
        config.start = NanoSeconds(5);
        config.stop = NanoSeconds(NS_PER_SECOND + 6);
        const std::vector<int64_t> later{5, 333'333'338, 666'666'671, 1'000'000'005};
        NS_TEST_EXPECT_MSG_EQ((MakeAll(config) == later), true, "5 ns later, and one more");
        config = {.kind = Kind::Constant, .rate = 2.5e9, .stop = NanoSeconds(3)};
        const std::vector<int64_t> dense{0, 0, 0, 1, 1, 2, 2, 2}; // 0, 0.4, 0.8, 1.2, ... 2.8
        NS_TEST_EXPECT_MSG_EQ((MakeAll(config) == dense), true, "several in a nanosecond");
        config = {.kind = Kind::Constant, .rate = 0.75, .stop = Seconds(3)};
        const std::vector<int64_t> sparse{0, 1'333'333'333, 2'666'666'666};
        NS_TEST_EXPECT_MSG_EQ((MakeAll(config) == sparse), true, "a rate that is not whole");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief 600 s at 7 * 10^4 packets/s, of a distance of 10^5 / 7 ns: arrival 7 k is at 10^5 k ns
 * to the end, and 4.2 * 10^7 of them are before the stop time.
 */
class ArrivalProcessDriftTestCase : public TestCase
{
  public:
    ArrivalProcessDriftTestCase()
        : TestCase("constant arrivals have not drifted after 600 s")
    {
    }

  private:
    void DoRun() override
    {
        const ArrivalConfig config{.kind = Kind::Constant, .rate = 7e4, .stop = Seconds(600)};
        const std::unique_ptr<ArrivalProcess> process = MakeArrivalProcess(config, FastRandom(1));
        std::vector<int64_t> times(7000);
        int64_t nBatches = 0;
        int64_t nWrong = 0;
        while (process->Fill(times) == times.size())
        {
            nWrong += times.front() == nBatches * 100'000'000 ? 0 : 1;
            nWrong += times.back() == (nBatches + 1) * 100'000'000 - 14'286 ? 0 : 1; // 10^5 / 7, up
            ++nBatches;
        }
        NS_TEST_EXPECT_MSG_EQ(nBatches, 6000, "batches of 100 ms");
        NS_TEST_EXPECT_MSG_EQ(nWrong, 0, "batches that begin or end at another time");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Packets in intervals of 100 mean distances: Poisson distributed with mean and variance
 * 100.
 *
 * Of 10^4 intervals the mean has a standard deviation of sqrt(100 / 10^4) = 0.1; the variance one
 * of sqrt((2 * 100^2 + 100) / 10^4) = 1.42 (the fourth central moment is 3 * 100^2 + 100).
 * Bounds are 4 of them.  A share of 1 - exp(-1/2) of the distances is below half of the mean,
 * with a standard deviation of 0.0005 for 10^6 of them.
 */
class ArrivalProcessPoissonTestCase : public TestCase
{
  public:
    ArrivalProcessPoissonTestCase()
        : TestCase("Poisson arrivals have counts of the same mean and variance")
    {
    }

  private:
    void DoRun() override
    {
        const ArrivalConfig config{.kind = Kind::Poisson, .rate = 1e6, .stop = Seconds(1)};
        const std::vector<int64_t> times = MakeAll(config);
        const std::vector<double> bins = CountBins(times, 100'000, 10'000);
        NS_TEST_EXPECT_MSG_EQ_TOL(GetMean(bins), 100, 0.4, "mean");
        NS_TEST_EXPECT_MSG_EQ_TOL(GetVariance(bins), 100, 5.7, "variance");
        uint32_t nShort = 0;
        for (size_t i = 1; i < times.size(); ++i)
        {
            nShort += times[i] - times[i - 1] < 500 ? 1 : 0;
        }
        const double share = nShort / static_cast<double>(times.size() - 1);
        NS_TEST_EXPECT_MSG_EQ_TOL(share, 1 - std::exp(-0.5), 0.002, "distances below half a mean");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Constant periods of 10 us on and 30 us off, a mean rate of 10^6 packets/s, equal
 * distances.
 *
 * Within a period the rate is 4 * 10^6 packets/s: 40 packets, 250 ns apart.  The first begins at
 * 0, the second at 40 us.  In 1 s 25,000 periods, 10^6 packets.
 */
class ArrivalProcessOnOffConstantTestCase : public TestCase
{
  public:
    ArrivalProcessOnOffConstantTestCase()
        : TestCase("constant on-off traffic has the bursts that were asked for")
    {
    }

  private:
    void DoRun() override
    {
        ArrivalConfig config{.kind = Kind::OnOff,
                             .rate = 1e6,
                             .stop = Seconds(1),
                             .on = MicroSeconds(10),
                             .off = MicroSeconds(30),
                             .hasConstantPeriods = true,
                             .hasConstantGaps = true};
        const std::vector<int64_t> times = MakeAll(config);
        NS_TEST_ASSERT_MSG_EQ(times.size(), 1'000'000, "packets");
        for (size_t i = 0; i < times.size(); i += 4999)
        {
            const auto expected = static_cast<int64_t>(i / 40 * 40'000 + i % 40 * 250);
            NS_TEST_EXPECT_MSG_EQ(times[i], expected, "packet " << i);
        }
        config.isPeakRate = true;
        NS_TEST_EXPECT_MSG_EQ(MakeAll(config).size(), 250'000, "10 in each period");
        NS_TEST_EXPECT_MSG_EQ_TOL(GetMeanRate(config), 250'000, 1e-6, "a quarter of the peak");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Exponential periods of 1 ms on and 1 ms off in the mean, 2 * 10^5 packets/s in the mean.
 *
 * Within a period 4 * 10^5 packets/s, so 400 packets in the mean of a period; their number is
 * geometric.  A gap longer than 60 us is within a period with a probability of exp(-24); an off
 * period is shorter with one of 1 - exp(-0.06) = 6 %, less what the distances at both of its ends
 * add (2.5 us in the mean each, together exp(-0.055)), and periods without a packet are 1 of
 * 401.  So bursts hold 400 / exp(-0.055) = 423 packets in the mean.  Of 100 s there are 50,000
 * cycles; the number of packets has, as on times vary, a standard deviation of 0.5 % (that of a
 * cycle's share of time is 0.5 of the mean over sqrt(2) and sqrt(50,000), and the same for
 * packets).
 */
class ArrivalProcessOnOffRandomTestCase : public TestCase
{
  public:
    ArrivalProcessOnOffRandomTestCase()
        : TestCase("exponential on-off traffic has its mean rate and mean burst")
    {
    }

  private:
    void DoRun() override
    {
        const ArrivalConfig config{.kind = Kind::OnOff, .rate = 2e5, .stop = Seconds(100)};
        const std::vector<int64_t> times = MakeAll(config);
        NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(times.size()), 2e7, 2e5, "packets, 1 %");
        const std::vector<double> bursts = GetBursts(times, 60'000);
        NS_TEST_EXPECT_MSG_EQ_TOL(GetMean(bursts), 423, 9, "mean burst, 2 %");
        // The deviation of a geometric number is its mean.
        NS_TEST_EXPECT_MSG_EQ_TOL(std::sqrt(GetVariance(bursts)), 423, 13, "its deviation, 3 %");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Listed times count from the start, and end at the stop time.
 */
class ArrivalProcessListTestCase : public TestCase
{
  public:
    ArrivalProcessListTestCase()
        : TestCase("listed times are moved by the start and cut at the stop")
    {
    }

  private:
    void DoRun() override
    {
        ArrivalConfig config{.kind = Kind::List, .start = NanoSeconds(100)};
        config.times = {0, 3, 3, 10, 50};
        const std::vector<int64_t> all{100, 103, 103, 110, 150};
        NS_TEST_EXPECT_MSG_EQ((MakeAll(config, 2) == all), true, "all of them");
        config.stop = NanoSeconds(110);
        const std::vector<int64_t> some{100, 103, 103};
        NS_TEST_EXPECT_MSG_EQ((MakeAll(config) == some), true, "none at the stop time");
        config.times.clear();
        NS_TEST_EXPECT_MSG_EQ(MakeAll(config).size(), 0, "an empty list");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The size of batches is the caller's affair.
 */
class ArrivalProcessBatchTestCase : public TestCase
{
  public:
    ArrivalProcessBatchTestCase()
        : TestCase("arrival times do not depend on the sizes of batches")
    {
    }

  private:
    void DoRun() override
    {
        for (const Kind kind : {Kind::Constant, Kind::Poisson, Kind::OnOff})
        {
            const ArrivalConfig config{.kind = kind, .rate = 3e5, .stop = MilliSeconds(30)};
            const std::vector<int64_t> times = MakeAll(config, 256);
            NS_TEST_EXPECT_MSG_GT(times.size(), 3000, "packets");
            for (const size_t batch : {1, 7, 1000})
            {
                NS_TEST_EXPECT_MSG_EQ((MakeAll(config, batch) == times), true, "size " << batch);
            }
            const bool isSame = MakeAll(config, 256, 2) == times;
            NS_TEST_EXPECT_MSG_EQ(isSame, (kind == Kind::Constant), "another seed");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What can't be is refused with its name, its value and what is allowed.
 */
class ArrivalProcessErrorTestCase : public TestCase
{
  public:
    ArrivalProcessErrorTestCase()
        : TestCase("arrival settings out of range are refused by name")
    {
    }

  private:
    void ExpectRefused(ArrivalConfig config, const std::string& message)
    {
        std::string got;
        try
        {
            MakeArrivalProcess(std::move(config), FastRandom(1));
        }
        catch (const std::invalid_argument& error)
        {
            got = error.what();
        }
        NS_TEST_EXPECT_MSG_EQ(got, message, "refused");
    }

    void DoRun() override
    {
        ExpectRefused({.rate = 0}, "arrival rate [packets/s] 0: must be 1e-06 to 1e+12");
        ExpectRefused({.rate = 2e12}, "arrival rate [packets/s] 2e+12: must be 1e-06 to 1e+12");
        ExpectRefused({.rate = std::nan("")},
                      "arrival rate [packets/s] nan: must be 1e-06 to 1e+12");
        ExpectRefused({.start = NanoSeconds(-1)}, "start [ns] -1: must be 0 to below 2^61");
        ExpectRefused({.start = NanoSeconds(7), .stop = NanoSeconds(7)},
                      "stop [ns] 7: must be above start, 7");
        ExpectRefused({.kind = Kind::OnOff, .on = Time(0)}, "on period [ns] 0: must be 1 or more");
        ExpectRefused({.kind = Kind::OnOff, .off = NanoSeconds(-5)},
                      "off period [ns] -5: must be 0 or more");
        ExpectRefused({.kind = Kind::List, .times = {1, 5, 4}},
                      "arrival time 2 4: must be 5 ns or more");
        ExpectRefused({.kind = Kind::List, .times = {-1}},
                      "arrival time 0 -1: must be 0 ns or more");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of arrival processes.
 */
class ArrivalProcessTestSuite : public TestSuite
{
  public:
    ArrivalProcessTestSuite()
        : TestSuite("xfrm-arrival-process", UNIT)
    {
        AddTestCase(new ArrivalProcessConstantTestCase, TestCase::QUICK);
        AddTestCase(new ArrivalProcessDriftTestCase, TestCase::QUICK);
        AddTestCase(new ArrivalProcessPoissonTestCase, TestCase::QUICK);
        AddTestCase(new ArrivalProcessOnOffConstantTestCase, TestCase::QUICK);
        AddTestCase(new ArrivalProcessOnOffRandomTestCase, TestCase::QUICK);
        AddTestCase(new ArrivalProcessListTestCase, TestCase::QUICK);
        AddTestCase(new ArrivalProcessBatchTestCase, TestCase::QUICK);
        AddTestCase(new ArrivalProcessErrorTestCase, TestCase::QUICK);
    }
};

static ArrivalProcessTestSuite g_arrivalProcessTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
