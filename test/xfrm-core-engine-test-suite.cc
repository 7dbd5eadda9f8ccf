/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-core-engine.h"
#include "ns3/xfrm-lock-table.h"

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// A host whose jobs take the time that they name, and lock nothing.
struct TimedHost
{
    using Job = int64_t; //!< how long it takes [ns]

    static constexpr bool IsPacket(const Job& /*job*/)
    {
        return true;
    }

    static constexpr bool NeedsEnd(const Job& /*job*/)
    {
        return false;
    }

    static int64_t Begin(CpuId /*cpu*/,
                         const Job& job,
                         int64_t /*now*/,
                         std::vector<LockedStretch>& /*stretches*/)
    {
        return job;
    }

    static void End(CpuId /*cpu*/, const Job& /*job*/, int64_t /*now*/)
    {
    }

    static int64_t Steer(CpuId /*cpu*/, CpuId /*target*/)
    {
        return 0;
    }

    static void Lose(CpuId /*cpu*/, const Job& /*job*/)
    {
    }
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Waiting times of M/D/1 and M/M/1 against the formulas of Pollaczek and Khinchine.
 *
 * With load r and services of s on average, M/M/1 waits s r / (1 - r) on average and M/D/1 half of
 * it.  The mean of n waits of M/M/1 has about the variance
 * s^2 r (2 + 5 r - 4 r^2 + r^3) / (1 - r)^4 / n: at load 0.9, n of 20 million has a standard
 * deviation of 0.5 % of the mean.
 */
class QueueFormulaTestCase : public TestCase
{
  public:
    /// @param load share of the time that the core is busy
    /// @param isExponential services are so, else constant
    QueueFormulaTestCase(double load, bool isExponential)
        : TestCase((isExponential ? "M-M-1" : "M-D-1") +
                   std::string(" waits as its formula at load ") +
                   (load < 0.7 ? "a half" : "nine tenths")),
          m_load(load),
          m_isExponential(isExponential)
    {
    }

  private:
    void DoRun() override
    {
        constexpr double serviceNs = 10000; // a nanosecond more or less is nothing
        const uint64_t nJobs = m_load < 0.7 ? 4'000'000 : 20'000'000;
        std::mt19937_64 random(5);
        std::exponential_distribution<> gap(m_load / serviceNs);
        std::exponential_distribution<> service(1 / serviceNs);
        LockTable locks(LockPreset::Find("none"), {});
        TimedHost host;
        CoreEngine<TimedHost> engine(host, 1, locks, {});
        const uint32_t queue = engine.AddQueue({.cpu = 0, .ringSize = UINT32_MAX});
        double arrival = 0;
        for (uint64_t i = 0; i < nJobs; ++i)
        {
            arrival += gap(random);
            const int64_t now = std::llround(arrival);
            engine.RunDue(now);
            const double ns = m_isExponential ? service(random) : serviceNs;
            engine.Receive(queue, std::llround(ns), 0, now);
        }
        engine.RunDue(CoreEngine<TimedHost>::NEVER - 1);
        const CoreFigures figures = engine.GetFigures(0);
        const double expected = serviceNs * m_load / (1 - m_load) / (m_isExponential ? 1 : 2);
        NS_TEST_EXPECT_MSG_EQ(figures.nSoftirqJobs, nJobs, "all are done");
        NS_TEST_EXPECT_MSG_EQ_TOL(figures.waiting.GetMean(), expected, 0.01 * expected, "wait");
        NS_TEST_EXPECT_MSG_EQ_TOL(figures.service.GetMean(),
                                  serviceNs,
                                  0.002 * serviceNs,
                                  "service");
        const double latency = expected + serviceNs;
        NS_TEST_EXPECT_MSG_EQ_TOL(figures.latency.GetMean(), latency, 0.01 * latency, "latency");
    }

    double m_load;        //!< share of the time that the core is busy
    bool m_isExponential; //!< services are so, else constant
};

/// Tests of the cores without events.
class CoreEngineTestSuite : public TestSuite
{
  public:
    CoreEngineTestSuite()
        : TestSuite("xfrm-core-engine", UNIT)
    {
        for (const double load : {0.5, 0.9})
        {
            AddTestCase(new QueueFormulaTestCase(load, false), TestCase::QUICK);
            AddTestCase(new QueueFormulaTestCase(load, true), TestCase::QUICK);
        }
    }
};

static CoreEngineTestSuite g_coreEngineTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
