/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-profile-fit.h"
#include "ns3/xfrm-saturated-cores.h"
#include "ns3/xfrm-validation.h"

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @param prices some [ns] @return JSON of a profile in which all others are free
std::string
MakeProfileText(const std::map<std::string, double>& prices)
{
    auto json = nlohmann::ordered_json::parse(CostProfile::GetText("freebsd-reference-count"));
    for (const char* list : {"prices", "contention"})
    {
        for (auto& [name, price] : json[list].items())
        {
            const auto found = prices.find(name);
            price["cycles"] = found == prices.end() ? 0 : found->second;
        }
    }
    return json.dump();
}

/// @param prices some [ns] @return a profile in which all others are free
CostProfile
MakeProfile(const std::map<std::string, double>& prices)
{
    return CostProfile::Read(MakeProfileText(prices), "test.json");
}

/// @return a published number
PublishedCell
MakeCell(const std::string& section,
         const TablePlace& place,
         double value,
         bool isCalibrated = false)
{
    PublishedCell cell;
    cell.section = section;
    cell.place = place;
    cell.value = value;
    cell.isCalibrated = isCalibrated;
    cell.where = "t.md line 1";
    return cell;
}

/// @return a number that is compared
CheckedCell
MakeChecked(bool isCalibrated, bool isInside, bool isExact = false)
{
    CheckedCell cell;
    cell.published = MakeCell("V2", {}, 1, isCalibrated);
    cell.isInside = isInside;
    cell.isExact = isExact;
    return cell;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief All of C within their band, at most a tenth of P outside, exact ones equal.
 */
class ValidationVerdictTestCase : public TestCase
{
  public:
    ValidationVerdictTestCase()
        : TestCase("one of ten predictions may miss, one of nine may not")
    {
    }

  private:
    void DoRun() override
    {
        ValidationReport report;
        report.Add(MakeChecked(false, false));
        for (int i = 0; i < 8; ++i)
        {
            report.Add(MakeChecked(false, true));
        }
        NS_TEST_EXPECT_MSG_EQ(report.IsPassed(), false, "one of nine");
        report.Add(MakeChecked(false, true, true));
        NS_TEST_EXPECT_MSG_EQ(report.IsPassed(), true, "one of ten");
        report.Add(MakeChecked(true, true));
        NS_TEST_EXPECT_MSG_EQ(report.IsPassed(), true, "and one of C");
        ValidationReport calibrated = report;
        calibrated.Add(MakeChecked(true, false));
        NS_TEST_EXPECT_MSG_EQ(calibrated.IsPassed(), false, "no C may miss");
        for (int i = 0; i < 100; ++i)
        {
            report.Add(MakeChecked(false, true));
        }
        report.Add(MakeChecked(false, false, true));
        NS_TEST_EXPECT_MSG_EQ(report.IsPassed(), false, "one that has to be equal");
        NS_TEST_EXPECT_MSG_EQ(report.nPredicted, 111, "predictions");
        NS_TEST_EXPECT_MSG_EQ(report.nPredictedMissed, 2, "of them outside");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What is compared, and its band.
 *
 * C: 5 %, as it is.  V1: difference of the ratios to the flow cache's, 0.02 for UDP_STREAM: 80 of
 * 100 published, ours 101 and 125, 0.808.  V3: share of the ratio to the first, 15 %: 20 of 10
 * published; ours 23 of 10, and 24.
 */
class ValidationBandTestCase : public TestCase
{
  public:
    ValidationBandTestCase()
        : TestCase("numbers are compared as their section wants it")
    {
    }

  private:
    void DoRun() override
    {
        const ValidationScenario& list = ValidationScenario::Find("V2");
        const TablePlace first{"Intel Skylake", "1", 0};
        const auto compare = [&](double ours, bool isCalibrated) {
            return CompareCell(list, MakeCell("V2", first, 1, isCalibrated), ours, 0, 0).isInside;
        };
        NS_TEST_EXPECT_MSG_EQ(compare(1.0499, true), true, "C, below 5 %");
        NS_TEST_EXPECT_MSG_EQ(compare(0.9499, true), false, "C, above 5 %");
        NS_TEST_EXPECT_MSG_EQ(compare(1.0999, false), true, "P, below 10 %");
        NS_TEST_EXPECT_MSG_EQ(compare(1.1001, false), false, "P, above 10 %");
        const ValidationScenario& memory = ValidationScenario::Find("V1");
        const TablePlace udp{"no cache", "UDP_STREAM", 0};
        const CheckedCell ratio = CompareCell(memory, MakeCell("V1", udp, 80), 101, 100, 125);
        NS_TEST_EXPECT_MSG_EQ_TOL(ratio.error, 0.008, 1e-9, "difference of ratios");
        NS_TEST_EXPECT_MSG_EQ_TOL(ratio.band.width, 0.02, 1e-9, "band");
        NS_TEST_EXPECT_MSG_EQ(ratio.isInside, true, "inside");
        const ValidationScenario& queues = ValidationScenario::Find("V3");
        const PublishedCell four = MakeCell("V3", {"lock held shortly", "4", 0}, 20);
        NS_TEST_EXPECT_MSG_EQ_TOL(CompareCell(queues, four, 23, 10, 10).error, 0.15, 1e-9, "share");
        NS_TEST_EXPECT_MSG_EQ(CompareCell(queues, four, 22.9, 10, 10).isInside, true, "inside");
        NS_TEST_EXPECT_MSG_EQ(CompareCell(queues, four, 23.1, 10, 10).isInside, false, "outside");
        const ValidationScenario& limits = ValidationScenario::Find("V6");
        const PublishedCell none = MakeCell("V6", {"4.1: dsts can run out", "1", 0}, 0);
        NS_TEST_EXPECT_MSG_EQ(CompareCell(limits, none, 0, 0, 0).isInside, true, "equal");
        NS_TEST_EXPECT_MSG_EQ(CompareCell(limits, none, 1, 0, 0).isInside, false, "not equal");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Rates of saturated cores by hand.
 *
 * - One core, 100 ns a packet: 10^7 a second.
 * - Four cores, 30 ns each, and a line that is 50 ns on its way: 1 / 50 ns.
 * - Four cores, 300 ns to open and 100 ns with the lock of one state, which passes in 100 ns: held
 *   shortly 1 / 200 ns; held over the whole input 1 / 500 ns.
 * - Three cores that do nothing but hold it for 100 ns: one waits when it has passed, and makes the
 *   holder slower by its half, 500 ns a us: 1 / 150 ns.
 */
class SaturatedCoresTestCase : public TestCase
{
  public:
    SaturatedCoresTestCase()
        : TestCase("saturated cores carry what locks and lines let them")
    {
    }

  private:
    static double Measure(uint32_t nCores,
                          const std::string& locks,
                          const std::map<std::string, double>& prices)
    {
        const CostProfile profile = MakeProfile(prices);
        const SaturatedConfig config{.nCores = nCores,
                                     .locks = LockPreset::Find(locks),
                                     .profile = &profile};
        return MeasureSaturated(config, [](const Context& context, UsedObjects& used) {
            context.work.packet.nSent = 1;
            context.work.transform.nOpened = 1;
            used.states.push_back(1);
            used.lines.push_back(1);
        });
    }

    void Expect(double rate, double periodNs, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ_TOL(rate * periodNs / 1e9, 1, 0.01, what);
    }

    void DoRun() override
    {
        Expect(Measure(1, "none", {{"packet_sent", 100}}), 100, "one core");
        const std::map<std::string, double> line{{"packet_sent", 30}, {"line_transfer", 50}};
        Expect(Measure(4, "linux-4.2-lines", line), 50, "line");
        Expect(Measure(4, "linux-4.2", line), 7.5, "no line");
        const std::map<std::string, double> lock{{"open", 300},
                                                 {"open_state", 100},
                                                 {"lock_handover", 100}};
        Expect(Measure(4, "inline-short", lock), 200, "held shortly");
        Expect(Measure(4, "inline-long", lock), 500, "held long");
        Expect(Measure(3, "inline-short", {{"open_state", 100}, {"lock_crowding", 500}}),
               150,
               "crowded");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A table is made by known prices; a fit that starts elsewhere finds them again, and does
 * not look at P.
 */
class ProfileFitTestCase : public TestCase
{
  public:
    ProfileFitTestCase()
        : TestCase("a fit finds the prices that a table was made by")
    {
    }

  private:
    void DoRun() override
    {
        const std::map<std::string, double> prices{{"packet_forwarded", 150},
                                                   {"policy_inexact_compared", 2.5},
                                                   {"cache_hit", 30}};
        const ValidationScenario& scenario = ValidationScenario::Find("V2");
        const std::string row = "Neoverse N1";
        FitRequest request;
        request.scenario = &scenario;
        request.row = row;
        request.startName = scenario.getProfile(row);
        request.startText = CostProfile::GetText(request.startName);
        const CostProfile profile = MakeProfile(prices);
        for (const TablePlace& place :
             {TablePlace{row, "1", 0}, TablePlace{row, "1", 1}, TablePlace{row, "300", 0}})
        {
            request.cells.push_back(MakeCell("V2", place, scenario.simulate(place, profile), true));
        }
        request.cells.push_back(MakeCell("V2", {row, "10", 0}, 1000));
        request.cells.push_back(MakeCell("V2", {"ThunderX2", "10", 0}, 1000, true));
        const FitResult result = FitProfile(request);
        NS_TEST_EXPECT_MSG_EQ(result.nCells, 3, "cells");
        NS_TEST_EXPECT_MSG_LT(result.residual, 0.001, "residual");
        for (const FitResult::Price& price : result.prices)
        {
            const double wanted = prices.at(price.name);
            NS_TEST_EXPECT_MSG_EQ_TOL(price.cycles / wanted, 1, 0.02, price.name);
        }
        const CostProfile fitted = CostProfile::Read(result.text, "fitted.json");
        NS_TEST_EXPECT_MSG_NE(result.text.find("fitted to V2, Neoverse N1, cells C, residual"),
                              std::string::npos,
                              "source");
        request.cells.resize(2);
        std::string error;
        try
        {
            FitProfile(request);
        }
        catch (const std::invalid_argument& refused)
        {
            error = refused.what();
        }
        NS_TEST_EXPECT_MSG_EQ(error,
                              "fit V2: 2 numbers with C: must be 3 or more, one for each free "
                              "price",
                              "too few");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Shipped profiles say which prices are fitted, to what, and that no other section's are.
 */
class ShippedFitsTestCase : public TestCase
{
  public:
    ShippedFitsTestCase()
        : TestCase("shipped profiles name what their free prices are fitted to")
    {
    }

  private:
    void DoRun() override
    {
        for (const ValidationScenario& scenario : ValidationScenario::GetAll())
        {
            for (const std::string& row : GetProfileRows(scenario))
            {
                const auto json =
                    nlohmann::json::parse(CostProfile::GetText(scenario.getProfile(row)));
                for (const std::string_view name : scenario.getFree(row))
                {
                    const std::string key(name);
                    const auto& list =
                        json["prices"].contains(key) ? json["prices"] : json["contention"];
                    const auto source = list[key]["source"].get<std::string>();
                    const std::string wanted = "fitted to " + std::string(scenario.section) + ",";
                    NS_TEST_EXPECT_MSG_EQ(source.substr(0, wanted.size()), wanted, key);
                }
            }
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of published numbers beside simulated ones.
 */
class ValidationTestSuite : public TestSuite
{
  public:
    ValidationTestSuite()
        : TestSuite("xfrm-validation", UNIT)
    {
        AddTestCase(new ValidationVerdictTestCase, TestCase::QUICK);
        AddTestCase(new ValidationBandTestCase, TestCase::QUICK);
        AddTestCase(new SaturatedCoresTestCase, TestCase::QUICK);
        AddTestCase(new ProfileFitTestCase, TestCase::QUICK);
        AddTestCase(new ShippedFitsTestCase, TestCase::QUICK);
    }
};

static ValidationTestSuite g_validationTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
