/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-states.h"

#include "ns3/test.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @brief Make a state serve the flow of MakeStateFlow() only.
void
ServeFlow(StateConfig& config)
{
    config.selector = MakeStateSelector();
}

/// @brief Make a state serve another flow than that of MakeStateFlow().
void
ServeOther(StateConfig& config)
{
    config.selector = MakeStateSelector();
    config.selector.destinationPort = 6001;
}

/// @brief Leave a state's source open.
void
UseAnySource(StateConfig& config)
{
    config.source = IpAddress();
}

/// @brief Take a source whose chain is not that of the any-address (bucket 7 and 1 of 8).
void
UseThirdSource(StateConfig& config)
{
    config.source = Ipv4Address("203.0.113.3");
}

/// @return the request from that source
StateRequest
MakeThirdRequest()
{
    StateRequest request = MakeStateRequest();
    request.source = Ipv4Address("203.0.113.3");
    return request;
}

/// A change to the one state or to the request, and whether the state is still found.
struct FindVariation
{
    std::string name;                             //!< what is changed
    std::function<void(StateConfig&)> change;     //!< changes the state
    std::function<void(StateRequest&)> changeAsk; //!< changes the request
    bool isFound;                                 //!< whether it is found then
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Everything asked for must agree; algorithms are not compared (R140, R141, C22).
 */
class StateFindFilterTestCase : public TestCase
{
  public:
    StateFindFilterTestCase()
        : TestCase("a state is found only if it has all that is asked for")
    {
    }

  private:
    void DoRun() override
    {
        const auto same = [](StateConfig&) {};
        const auto ask = [](StateRequest&) {};
        const std::vector<FindVariation> variations{
            {"nothing", same, ask, true},
            {"reqid", [](StateConfig& c) { c.reqid = 2; }, ask, false},
            {"reqid 0 asked", same, [](StateRequest& r) { r.reqid = 0; }, false},
            {"reqid 0 had", [](StateConfig& c) { c.reqid = 0; }, ask, false},
            {"reqid 0 both",
             [](StateConfig& c) { c.reqid = 0; },
             [](StateRequest& r) { r.reqid = 0; },
             true},
            {"family", same, [](StateRequest& r) { r.family = Family::Ipv6; }, false},
            {"wildrecv", [](StateConfig& c) { c.flags = StateConfig::FLAG_WILDRECV; }, ask, false},
            {"destination",
             same,
             [](StateRequest& r) { r.destination = Ipv4Address("203.0.113.9"); },
             false},
            {"mode", [](StateConfig& c) { c.mode = Mode::Transport; }, ask, false},
            {"proto", same, [](StateRequest& r) { r.proto = PROTO_AH; }, false},
            {"SPI asked and had", same, [](StateRequest& r) { r.spi = 1; }, true},
            {"other SPI", same, [](StateRequest& r) { r.spi = 2; }, false},
            {"algorithm", [](StateConfig& c) { c.aead->icvBits = 64; }, ask, true},
        };
        for (const FindVariation& variation : variations)
        {
            StateDatabaseFixture fixture;
            fixture.Add(1, 1, variation.change);
            StateRequest request = MakeStateRequest();
            variation.changeAsk(request);
            const StateDatabase::Found found = fixture.Find(request);
            NS_TEST_EXPECT_MSG_EQ((found.state != nullptr), variation.isFound, variation.name);
            NS_TEST_EXPECT_MSG_EQ(found.isAcquireWanted, !variation.isFound, variation.name);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The mark is the policy's; the flow's own mark decides nothing (R141, R149, C30).
 */
class StateFindMarkTestCase : public TestCase
{
  public:
    StateFindMarkTestCase()
        : TestCase("a state is chosen by the policy's mark, not by the flow's")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        fixture.Add(1, 1, [](StateConfig& config) { config.mark = {0x12, 0xff}; });
        StateRequest request = MakeStateRequest();
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(request), error::SRCH, "no mark");
        request.mark = 0x312;
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(request), 1, "low byte agrees");
        request.mark = 0;
        Flow flow = MakeStateFlow();
        flow.common.mark = 0x12;
        const StateDatabase::Found found = fixture.database.Find(request, flow, fixture.work);
        NS_TEST_EXPECT_MSG_EQ((found.state == nullptr), true, "the flow has the mark");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A valid state needs a selector that takes the flow, or none with a family (R142).
 */
class StateFindSelectorTestCase : public TestCase
{
  public:
    StateFindSelectorTestCase()
        : TestCase("a valid state serves only flows that its selector takes")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        fixture.Add(1, 9, ServeOther);
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), error::SRCH, "another port");
        fixture.Add(2, 8, ServeFlow);
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), 2, "this flow");
        fixture.Add(3, 10, [](StateConfig& config) {
            ServeOther(config);
            config.selector.family = 0;
            config.flags = StateConfig::FLAG_AF_UNSPEC;
        });
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), 3, "selector without family: not looked at");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Not dying goes before newer, newer before older, whatever the SPI or what is left (R142,
 * R144, R164, C23, C24).
 *
 * Time is compared in whole seconds; among equal ones the first met stays, which is the one
 * inserted last.
 */
class StateFindBestTestCase : public TestCase
{
  public:
    StateFindBestTestCase()
        : TestCase("the best state is not dying, then the newest, then the one inserted last")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        const auto limit = [](StateConfig& config) { config.limits.softPackets = 1; };
        const Ptr<State> first = fixture.Add(30, 100, limit);
        first->Count(1);
        first->CheckExpiry(100);
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), 30, "a dying one serves while it is alone");
        fixture.Add(20, 50);
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), 20, "older, but not dying");
        fixture.Add(10, 60);
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), 10, "newer");
        fixture.Add(40, 60);
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), 40, "as new, inserted last");
        fixture.Add(50, 59);
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), 40, "older, inserted last");
        NS_TEST_EXPECT_MSG_EQ(fixture.work.nFinds, 1, "searches");
        NS_TEST_EXPECT_MSG_EQ(fixture.work.nFindCompared, 5, "one chain, all of it");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief After the tables were doubled the order among equal times has turned (R133, C23).
 *
 * Eight states of one chain: the eighth makes the count 8 > hmask 7 in a chain with others.
 */
class StateFindAfterGrowthTestCase : public TestCase
{
  public:
    StateFindAfterGrowthTestCase()
        : TestCase("after a table resize the state inserted first wins among equals")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        for (uint32_t spi = 1; spi <= 8; ++spi)
        {
            fixture.Add(spi);
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), 8, "before");
        fixture.database.RunGrowth();
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), 1, "after");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A larval state makes every flow wait that asks for the same, not only its own (R142, R145,
 * C20, C21).
 *
 * It is filed by request id and ends: requests of different policies share it.  A valid state is
 * returned all the same (R144).
 */
class StateFindLarvalTestCase : public TestCase
{
  public:
    StateFindLarvalTestCase()
        : TestCase("a larval state makes all flows of its request wait")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        fixture.AddLarval(0, ServeOther);
        StateDatabase::Found found = fixture.Find();
        NS_TEST_EXPECT_MSG_EQ(found.error, error::AGAIN, "another flow's larval state");
        NS_TEST_EXPECT_MSG_EQ(found.isAcquireWanted, false, "no second request");
        StateRequest request = MakeStateRequest();
        request.reqid = 2;
        NS_TEST_EXPECT_MSG_EQ(fixture.Find(request).isAcquireWanted, true, "another reqid");
        request = MakeStateRequest();
        request.spi = 7;
        NS_TEST_EXPECT_MSG_EQ(fixture.Find(request).isAcquireWanted, true, "an SPI it has not");

        const Ptr<State> expired =
            fixture.Add(1, 1, [](StateConfig& config) { config.limits.hardPackets = 0; });
        expired->CheckExpiry(1);
        NS_TEST_EXPECT_MSG_EQ((expired->GetStatus() == StateStatus::Expired), true, "expired");
        // The Add() above took the larval state away, since it answered it (R150).
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), error::SRCH, "expired");
        fixture.AddLarval(0, ServeOther);
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), error::AGAIN, "waiting goes before an error");
        fixture.Add(2, 1, [](StateConfig& config) { config.source = IpAddress(); });
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), 2, "a valid one goes before waiting");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A state that ended blocks the flows that its selector takes, without a request to key
 * managers (R142, R145, C20).
 */
class StateFindEndedTestCase : public TestCase
{
  public:
    StateFindEndedTestCase()
        : TestCase("an expired state blocks only flows that its selector takes")
    {
    }

  private:
    void DoRun() override
    {
        for (const StateStatus status : {StateStatus::Expired, StateStatus::Error})
        {
            StateDatabaseFixture fixture;
            fixture.AddLarval(1, ServeOther, status);
            fixture.AddLarval(
                2,
                [](StateConfig& config) { config.flags = StateConfig::FLAG_AF_UNSPEC; },
                status);
            StateDatabase::Found found = fixture.Find();
            NS_TEST_EXPECT_MSG_EQ(found.error, error::SRCH, "nothing that takes the flow");
            NS_TEST_EXPECT_MSG_EQ(found.isAcquireWanted, true, "nothing that takes the flow");
            fixture.AddLarval(3, ServeFlow, status);
            found = fixture.Find();
            NS_TEST_EXPECT_MSG_EQ(found.error, error::SRCH, "one that takes the flow");
            NS_TEST_EXPECT_MSG_EQ(found.isAcquireWanted, false, "one that takes the flow");
            fixture.Add(4);
            NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), 4, "a valid one goes before the error");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief States without source are looked for only where the first chain has nothing (R143).
 *
 * From 203.0.113.3 the first chain is bucket 7, that of the any-address bucket 1.
 */
class StateFindAnySourceTestCase : public TestCase
{
  public:
    StateFindAnySourceTestCase()
        : TestCase("a state of any source loses to one of the right source, however new")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        fixture.Add(1, 20, UseAnySource);
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(MakeThirdRequest()), 1, "alone");
        NS_TEST_EXPECT_MSG_EQ(fixture.work.nFindCompared, 1, "an empty chain, then its");
        fixture.Add(2, 10, UseThirdSource);
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(MakeThirdRequest()), 2, "older, of the source");
        NS_TEST_EXPECT_MSG_EQ(fixture.work.nFindCompared, 1, "the second chain is not needed");

        // A larval one in the first chain stops the search, too.
        StateDatabaseFixture waiting;
        waiting.Add(1, 20, UseAnySource);
        waiting.AddLarval(0, UseThirdSource);
        NS_TEST_EXPECT_MSG_EQ(waiting.FindSpi(MakeThirdRequest()), error::AGAIN, "larval");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief An any-address on either side agrees with all in the first chain; the second pass does not
 * compare sources at all (R141, R143).
 *
 * 203.0.113.1 and the any-address share bucket 1 of 8, so both kinds of states meet there and time
 * decides.  From 203.0.113.3 nothing is in bucket 7, and the second pass takes what it finds in
 * bucket 1: a state of 203.0.113.1.
 */
class StateFindSharedChainTestCase : public TestCase
{
  public:
    StateFindSharedChainTestCase()
        : TestCase("in a shared chain any-addresses agree with every source")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        fixture.Add(1, 10);
        fixture.Add(2, 20, UseAnySource);
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), 2, "any source, newer, same chain");
        StateRequest anySource = MakeStateRequest();
        anySource.source = IpAddress();
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(anySource), 2, "any source asked");
        NS_TEST_EXPECT_MSG_EQ(fixture.work.nFindCompared, 2, "one pass");

        StateDatabaseFixture stranger;
        stranger.Add(1, 10);
        NS_TEST_EXPECT_MSG_EQ(stranger.FindSpi(anySource), 1, "any source asked, one had");
        NS_TEST_EXPECT_MSG_EQ(stranger.FindSpi(MakeThirdRequest()), 1, "another's, second pass");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A wanted SPI that a state has which was not chosen is an error of its own (R146).
 */
class StateFindTakenSpiTestCase : public TestCase
{
  public:
    StateFindTakenSpiTestCase()
        : TestCase("a wanted SPI that an unfit state has is refused")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        fixture.Add(7, 1, [](StateConfig& config) { config.reqid = 2; });
        StateRequest request = MakeStateRequest();
        request.spi = 7;
        StateDatabase::Found found = fixture.Find(request);
        NS_TEST_EXPECT_MSG_EQ(found.error, error::EXIST, "failed the filter");
        NS_TEST_EXPECT_MSG_EQ(found.isAcquireWanted, false, "failed the filter");
        NS_TEST_EXPECT_MSG_EQ(fixture.work.nSpiLookups, 1, "searches by SPI");
        NS_TEST_EXPECT_MSG_EQ(fixture.work.nSpiCompared, 1, "compared by SPI");
        request.spi = 8;
        NS_TEST_EXPECT_MSG_EQ(fixture.Find(request).isAcquireWanted, true, "a free SPI");
        request.spi = 0;
        NS_TEST_EXPECT_MSG_EQ(fixture.Find(request).isAcquireWanted, true, "any SPI");

        StateDatabaseFixture other;
        other.Add(7, 1, ServeOther);
        request.spi = 7;
        NS_TEST_EXPECT_MSG_EQ(other.FindSpi(request), error::EXIST, "its selector did not match");
        other.AddLarval(7, ServeFlow, StateStatus::Expired);
        NS_TEST_EXPECT_MSG_EQ(other.FindSpi(request), error::SRCH, "an ended one goes before");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of StateDatabase::Find().
 */
class StateFindTestSuite : public TestSuite
{
  public:
    StateFindTestSuite()
        : TestSuite("xfrm-state-find", UNIT)
    {
        AddTestCase(new StateFindFilterTestCase, TestCase::QUICK);
        AddTestCase(new StateFindMarkTestCase, TestCase::QUICK);
        AddTestCase(new StateFindSelectorTestCase, TestCase::QUICK);
        AddTestCase(new StateFindBestTestCase, TestCase::QUICK);
        AddTestCase(new StateFindAfterGrowthTestCase, TestCase::QUICK);
        AddTestCase(new StateFindLarvalTestCase, TestCase::QUICK);
        AddTestCase(new StateFindEndedTestCase, TestCase::QUICK);
        AddTestCase(new StateFindAnySourceTestCase, TestCase::QUICK);
        AddTestCase(new StateFindSharedChainTestCase, TestCase::QUICK);
        AddTestCase(new StateFindTakenSpiTestCase, TestCase::QUICK);
    }
};

static StateFindTestSuite g_stateFindTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
