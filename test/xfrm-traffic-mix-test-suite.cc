/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-traffic-mix.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return all packets of a mix that ends, made in batches of this size
ArrivalList
MakeAll(const TrafficConfig& config, size_t batch = 1000)
{
    TrafficMix mix(config);
    ArrivalList all;
    ArrivalList arrivals(batch);
    size_t n = batch;
    while (n == batch)
    {
        n = mix.Fill(arrivals);
        all.insert(all.end(), arrivals.begin(), arrivals.begin() + static_cast<std::ptrdiff_t>(n));
    }
    return all;
}

/// @return a class of Poisson arrivals and Zipf flows, for 1 s
TrafficClass
MakeClass(const std::string& name, double rate, uint32_t nFlows)
{
    TrafficClass traffic;
    traffic.name = name;
    traffic.arrivals.rate = rate;
    traffic.arrivals.stop = Seconds(1);
    traffic.flows.nFlows = nFlows;
    return traffic;
}

/// @return the same with equal distances and a scan
TrafficClass
MakeRegularClass(const std::string& name, double rate, uint32_t nFlows)
{
    TrafficClass traffic = MakeClass(name, rate, nFlows);
    traffic.arrivals.kind = ArrivalConfig::Kind::Constant;
    traffic.flows.kind = FlowConfig::Kind::Scan;
    return traffic;
}

/// @return a class whose flows come once, for 1 s
TrafficClass
MakeOnceClass(const std::string& name, double rate)
{
    TrafficClass traffic = MakeClass(name, rate, 1);
    traffic.flows.kind = FlowConfig::Kind::Once;
    return traffic;
}

/// @return a class whose flows are born and die, for 1 s
TrafficClass
MakeChurnClass(const std::string& name, double rate, uint32_t nFlows)
{
    TrafficClass traffic = MakeClass(name, rate, nFlows);
    traffic.flows.kind = FlowConfig::Kind::Churn;
    traffic.flows.lifetime = MilliSeconds(10);
    return traffic;
}

/// @return the packets of a class
ArrivalList
Select(const ArrivalList& arrivals, uint16_t nClass)
{
    ArrivalList selected;
    std::copy_if(arrivals.begin(),
                 arrivals.end(),
                 std::back_inserter(selected),
                 [nClass](const Arrival& arrival) { return arrival.nClass == nClass; });
    return selected;
}

/// @return whether times do not fall
bool
IsInOrder(const ArrivalList& arrivals)
{
    return std::is_sorted(arrivals.begin(), arrivals.end(), [](const Arrival& a, const Arrival& b) {
        return a.ns < b.ns;
    });
}

/// @return what a mix is refused with, empty if it is not
std::string
GetRefusal(const TrafficConfig& config)
{
    try
    {
        const TrafficMix mix(config);
    }
    catch (const std::invalid_argument& error)
    {
        return error.what();
    }
    return "";
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Class 0 every 100 ms, class 1 every 50 ms for 150 ms: both have packets at 0 and 100 ms.
 *
 * Flows of class 0 are 0 and 1 in turn, those of class 1 are 2, 3 and 4.
 */
class TrafficMixOrderTestCase : public TestCase
{
  public:
    TrafficMixOrderTestCase()
        : TestCase("packets come in order of time, and of their classes at the same time")
    {
    }

  private:
    void DoRun() override
    {
        TrafficConfig config;
        config.classes = {MakeRegularClass("slow", 10, 2), MakeRegularClass("fast", 20, 3)};
        config.classes[0].arrivals.stop = MilliSeconds(201);
        config.classes[1].arrivals.stop = MilliSeconds(150);
        config.classes[1].lengthBytes = 1500;
        const ArrivalList expected{{0, 0, 0, 100},
                                   {0, 2, 1, 1500},
                                   {50'000'000, 3, 1, 1500},
                                   {100'000'000, 1, 0, 100},
                                   {100'000'000, 4, 1, 1500},
                                   {200'000'000, 0, 0, 100}};
        for (const size_t batch : {1, 2, 4, 100})
        {
            NS_TEST_EXPECT_MSG_EQ((MakeAll(config, batch) == expected), true, "size " << batch);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Shares of 10^5 packets/s in 1 s: 20,000, 50,000 and 30,000 packets.
 *
 * The number of Poisson arrivals has the standard deviation sqrt(n); bounds are 4 of them.
 */
class TrafficMixRatesTestCase : public TestCase
{
  public:
    TrafficMixRatesTestCase()
        : TestCase("each class has its share of the total rate")
    {
    }

  private:
    void DoRun() override
    {
        TrafficConfig config;
        config.totalRate = 1e5;
        config.classes = {MakeClass("a", 7, 10), MakeClass("b", 7, 10), MakeClass("c", 3e4, 10)};
        config.classes[0].share = 0.2;
        config.classes[1].share = 0.5;
        const ArrivalList all = MakeAll(config);
        NS_TEST_EXPECT_MSG_EQ(IsInOrder(all), true, "order");
        const auto count = [&](uint16_t nClass) {
            return static_cast<double>(Select(all, nClass).size());
        };
        NS_TEST_EXPECT_MSG_EQ_TOL(count(0), 20'000, 566, "a fifth");
        NS_TEST_EXPECT_MSG_EQ_TOL(count(1), 50'000, 895, "half");
        NS_TEST_EXPECT_MSG_EQ_TOL(count(2), 30'000, 693, "by its own rate");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Each class has random streams of its own.
 */
class TrafficMixStreamsTestCase : public TestCase
{
  public:
    TrafficMixStreamsTestCase()
        : TestCase("a further class does not change the packets of the others")
    {
    }

  private:
    void DoRun() override
    {
        TrafficConfig config;
        config.classes = {MakeClass("a", 1e4, 100)};
        const ArrivalList alone = MakeAll(config);
        config.classes.push_back(MakeClass("b", 3e4, 100));
        const ArrivalList two = MakeAll(config);
        NS_TEST_EXPECT_MSG_EQ((Select(two, 0) == alone), true, "a, with b");
        config.classes.push_back(MakeOnceClass("c", 2e4));
        const ArrivalList three = MakeAll(config);
        NS_TEST_EXPECT_MSG_EQ((Select(three, 0) == alone), true, "a, with b and c");
        NS_TEST_EXPECT_MSG_EQ((Select(three, 1) == Select(two, 1)), true, "b, with c");
        // The same settings, other numbers.
        config.classes = {MakeClass("a", 1e4, 100), MakeClass("b", 1e4, 100)};
        const ArrivalList alike = MakeAll(config);
        NS_TEST_EXPECT_MSG_NE(Select(alike, 0).front().ns, Select(alike, 1).front().ns, "a, b");
        config.seed = 2;
        NS_TEST_EXPECT_MSG_NE(MakeAll(config).front().ns, alike.front().ns, "another seed");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Known flows are numbered first, class by class: 0 to 9, 10 to 29, none of c, 30 to 34.
 * Of the 2^32 - 1 - 35 numbers above, each of the two classes with new flows has half:
 * 2147483630.
 */
class TrafficMixNumbersTestCase : public TestCase
{
  public:
    TrafficMixNumbersTestCase()
        : TestCase("classes have flow numbers of their own")
    {
    }

  private:
    void DoRun() override
    {
        TrafficConfig config;
        config.classes = {MakeClass("a", 1e4, 10),
                          MakeChurnClass("b", 1e5, 20),
                          MakeOnceClass("c", 1e3),
                          MakeClass("d", 1e4, 5)};
        const TrafficMix mix(config);
        NS_TEST_EXPECT_MSG_EQ(mix.GetKnownFlows(), 35, "known flows");
        const auto classes = mix.GetClasses();
        NS_TEST_ASSERT_MSG_EQ(classes.size(), 4, "classes");
        NS_TEST_EXPECT_MSG_EQ(classes[1].numbers.firstKnown, 10, "b");
        NS_TEST_EXPECT_MSG_EQ(classes[1].nKnownFlows, 20, "b");
        NS_TEST_EXPECT_MSG_EQ(classes[1].hasNewFlows, true, "b");
        NS_TEST_EXPECT_MSG_EQ(classes[1].isOnce, false, "b");
        NS_TEST_EXPECT_MSG_EQ(classes[1].numbers.firstNew, 35, "b");
        NS_TEST_EXPECT_MSG_EQ(classes[1].numbers.endNew, 35 + 2'147'483'630U, "b");
        NS_TEST_EXPECT_MSG_EQ(classes[2].isOnce, true, "c");
        NS_TEST_EXPECT_MSG_EQ(classes[2].numbers.firstNew, 35 + 2'147'483'630U, "c");
        NS_TEST_EXPECT_MSG_EQ(classes[3].numbers.firstKnown, 30, "d");
        NS_TEST_EXPECT_MSG_EQ(classes[3].hasNewFlows, false, "d");
        CheckFlows(MakeAll(config));
    }

    /// Each packet's flow is one of its class's.
    void CheckFlows(const ArrivalList& all)
    {
        uint32_t nextOnce = 35 + 2'147'483'630U;
        uint32_t nWrong = 0;
        uint32_t nBorn = 0;
        for (const Arrival& arrival : all)
        {
            const bool isNew = arrival.flow >= 35;
            const bool isRight[4]{arrival.flow < 10,
                                  arrival.flow >= 10 &&
                                      (arrival.flow < 30 || (isNew && arrival.flow < 100'000)),
                                  arrival.flow == nextOnce,
                                  arrival.flow >= 30 && arrival.flow < 35};
            nWrong += isRight[arrival.nClass] ? 0 : 1;
            nextOnce += arrival.nClass == 2 ? 1 : 0;
            nBorn += arrival.nClass == 1 && isNew ? 1 : 0;
        }
        NS_TEST_EXPECT_MSG_EQ(nWrong, 0, "packets with another class's flow");
        NS_TEST_EXPECT_MSG_GT(nBorn, 50'000, "packets of flows that were born");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief An attack of 25 % on 8 * 10^4 packets/s: 6 * 10^4 remain, 2 * 10^4 are flows of their
 * own.
 */
class TrafficMixAttackTestCase : public TestCase
{
  public:
    TrafficMixAttackTestCase()
        : TestCase("an attack takes its share of the packets, and its flows never come again")
    {
    }

  private:
    void DoRun() override
    {
        TrafficConfig config;
        config.classes = {MakeClass("a", 6e4, 100), MakeClass("b", 2e4, 100)};
        config.attackShare = 0.25;
        config.attackBytes = 64;
        const ArrivalList all = MakeAll(config);
        const ArrivalList attack = Select(all, 2);
        const auto n = static_cast<double>(attack.size());
        NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(all.size()), 8e4, 1131, "packets");
        NS_TEST_EXPECT_MSG_EQ_TOL(n, 2e4, 566, "of the attack");
        NS_TEST_EXPECT_MSG_EQ(attack.front().length, 64, "their length");
        std::set<uint32_t> flows;
        for (const Arrival& arrival : attack)
        {
            flows.insert(arrival.flow);
        }
        NS_TEST_EXPECT_MSG_EQ(flows.size(), attack.size(), "flows");
        NS_TEST_EXPECT_MSG_EQ(*flows.begin(), 200, "above the known ones");
        const TrafficMix mix(config);
        NS_TEST_EXPECT_MSG_EQ(mix.GetClasses()[2].name, "attack", "its name");
        NS_TEST_EXPECT_MSG_EQ(mix.GetClasses()[2].isOnce, true, "once");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Recorded packets keep their times, flows and lengths, behind the flows of the class
 * before.
 */
class TrafficMixRecordedTestCase : public TestCase
{
  public:
    TrafficMixRecordedTestCase()
        : TestCase("recorded packets are a class as any other")
    {
    }

  private:
    void DoRun() override
    {
        TrafficClass recorded;
        recorded.name = "recorded";
        recorded.recorded = std::make_shared<const ArrivalList>(
            ArrivalList{{5, 1, 9, 60}, {7, 0, 9, 1400}, {600'000'000, 4, 9, 60}});
        TrafficConfig config;
        config.classes = {recorded};
        const ArrivalList same{{5, 1, 0, 60}, {7, 0, 0, 1400}, {600'000'000, 4, 0, 60}};
        NS_TEST_EXPECT_MSG_EQ((MakeAll(config, 2) == same), true, "alone");
        config.classes = {MakeRegularClass("regular", 2, 10), recorded};
        const ArrivalList mixed{{0, 0, 0, 100},
                                {5, 11, 1, 60},
                                {7, 10, 1, 1400},
                                {500'000'000, 1, 0, 100},
                                {600'000'000, 14, 1, 60}};
        NS_TEST_EXPECT_MSG_EQ((MakeAll(config, 2) == mixed), true, "with another class");
        const TrafficMix mix(config);
        NS_TEST_EXPECT_MSG_EQ(mix.GetKnownFlows(), 15, "its flows are 0 to 4");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The size of batches is the caller's affair.
 */
class TrafficMixBatchTestCase : public TestCase
{
  public:
    TrafficMixBatchTestCase()
        : TestCase("packets do not depend on the sizes of batches")
    {
    }

  private:
    void CheckConfig(const TrafficConfig& config)
    {
        const ArrivalList all = MakeAll(config, 256);
        NS_TEST_EXPECT_MSG_GT(all.size(), 9000, "packets");
        for (const size_t batch : {1, 7, 10'000})
        {
            NS_TEST_EXPECT_MSG_EQ((MakeAll(config, batch) == all), true, "size " << batch);
        }
    }

    void DoRun() override
    {
        TrafficConfig config;
        config.classes = {MakeChurnClass("one", 1e4, 100)};
        CheckConfig(config);
        config.classes.push_back(MakeClass("two", 3e4, 100));
        config.classes.push_back(MakeOnceClass("three", 1e3));
        CheckConfig(config);
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What can't be is refused with its name, its value and what is allowed.
 */
class TrafficMixErrorTestCase : public TestCase
{
  public:
    TrafficMixErrorTestCase()
        : TestCase("mixes out of range are refused by name")
    {
    }

  private:
    void ExpectRefused(const TrafficConfig& config, const std::string& message)
    {
        NS_TEST_EXPECT_MSG_EQ(GetRefusal(config), message, "refused");
    }

    void DoRun() override
    {
        ExpectRefused({}, "number of traffic classes 0: must be 1 to 256");
        TrafficConfig config;
        config.classes = {MakeClass("a", 0, 10)};
        ExpectRefused(config,
                      "traffic class a: arrival rate [packets/s] 0: must be 1e-06 to 1e+12");
        config.classes = {MakeClass("a", 1, 0)};
        ExpectRefused(config, "traffic class a: number of flows 0: must be 1 to 10000000");
        config.classes = {MakeClass("a", 1, 1)};
        config.classes[0].share = 1.5;
        ExpectRefused(config, "share of traffic class a 1.5: must be 0 to 1");
        config.classes[0].share = 0.75;
        ExpectRefused(config, "total rate [packets/s] 0: must be above 0, as classes have shares");
        config.totalRate = 10;
        config.classes.push_back(config.classes[0]);
        ExpectRefused(config, "sum of traffic shares 1.5: must be 1 or less");
        config.classes = {MakeClass("a", 1, 1)};
        config.attackShare = 1;
        ExpectRefused(config, "attack share 1: must be 0 to below 1");
        config.classes[0].recorded = std::make_shared<const ArrivalList>();
        config.attackShare = 0.5;
        ExpectRefused(config, "attack share 0.5: must be 0 with given times");
        config.attackShare = 0;
        config.classes[0].recorded =
            std::make_shared<const ArrivalList>(ArrivalList{{0, 0xffff'fffe, 0, 60}});
        ExpectRefused(config, "known flows 4294967295: must be below 4294967295");
        config.classes[0].recorded =
            std::make_shared<const ArrivalList>(ArrivalList{{2, 0, 0, 60}, {1, 0, 0, 60}});
        ExpectRefused(config, "traffic class a: arrival time 1 1: must be 2 ns or more");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of TrafficMix.
 */
class TrafficMixTestSuite : public TestSuite
{
  public:
    TrafficMixTestSuite()
        : TestSuite("xfrm-traffic-mix", UNIT)
    {
        AddTestCase(new TrafficMixOrderTestCase, TestCase::QUICK);
        AddTestCase(new TrafficMixRatesTestCase, TestCase::QUICK);
        AddTestCase(new TrafficMixStreamsTestCase, TestCase::QUICK);
        AddTestCase(new TrafficMixNumbersTestCase, TestCase::QUICK);
        AddTestCase(new TrafficMixAttackTestCase, TestCase::QUICK);
        AddTestCase(new TrafficMixRecordedTestCase, TestCase::QUICK);
        AddTestCase(new TrafficMixBatchTestCase, TestCase::QUICK);
        AddTestCase(new TrafficMixErrorTestCase, TestCase::QUICK);
    }
};

static TrafficMixTestSuite g_trafficMixTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
