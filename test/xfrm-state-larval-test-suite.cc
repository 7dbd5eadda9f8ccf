/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-state-expiry-log.h"
#include "xfrm-test-states.h"

#include "ns3/test.h"

#include <cstdint>
#include <string>

namespace ns3::xfrm::tests
{

namespace
{

/// @return the flow of MakeStateFlow() through device 3
Flow
MakeDeviceFlow()
{
    Flow flow = MakeStateFlow();
    flow.common.oif = 3;
    return flow;
}

/// @brief Insert what stands for the request of MakeStateRequest().
/// @param database where @param flow for which flow @param seconds when @return the state
Ptr<State>
InsertRequested(StateDatabase& database, const Flow& flow, uint64_t seconds)
{
    const Ptr<State> larval = MakeLarvalState(MakeStateRequest(), flow, {});
    database.InsertLarval(larval, MakeStateRequest(), seconds);
    return larval;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief What a larval state is made of (R148).
 *
 * Its selector takes the one flow, in all its fields; its name and properties are what was asked
 * for; it lives acq_expires, 30 s.
 */
class LarvalStateFieldsTestCase : public TestCase
{
  public:
    LarvalStateFieldsTestCase()
        : TestCase("a larval state takes one flow and has what was asked for")
    {
    }

  private:
    void DoRun() override
    {
        StateRequest request = MakeStateRequest();
        request.spi = 0x1000;
        request.mark = 0x12;
        const Ptr<State> larval =
            MakeLarvalState(request, MakeDeviceFlow(), {.mark = {0x12, 0xff}});
        larval->SetSequence(7);
        const StateConfig& config = larval->GetConfig();
        Selector exact = MakeStateSelector();
        exact.sourcePort = 5000;
        exact.sourcePortMask = 0xffff;
        exact.proto = PROTO_UDP;
        exact.ifindex = 3;
        NS_TEST_EXPECT_MSG_EQ((config.selector == exact), true, "selector");
        const StateId id{Ipv4Address("203.0.113.2"), 0x1000, PROTO_ESP};
        NS_TEST_EXPECT_MSG_EQ((config.id == id), true, "name");
        NS_TEST_EXPECT_MSG_EQ((config.source == IpAddress(Ipv4Address("203.0.113.1"))), true, "");
        NS_TEST_EXPECT_MSG_EQ((config.mode == Mode::Tunnel), true, "mode");
        NS_TEST_EXPECT_MSG_EQ(config.reqid, 1, "reqid");
        NS_TEST_EXPECT_MSG_EQ((config.family == Family::Ipv4), true, "family");
        NS_TEST_EXPECT_MSG_EQ((config.mark == Mark{0x12, 0xff}), true, "the policy's mark");
        NS_TEST_EXPECT_MSG_EQ(config.limits.hardAddSeconds, 30, "life");
        NS_TEST_EXPECT_MSG_EQ(config.sequence, 7, "number of the acquire");
        NS_TEST_EXPECT_MSG_EQ((larval->GetType() == nullptr), true, "no transform");

        Flow wide = MakeStateFlow();
        wide.family = Family::Ipv6;
        const Ptr<State> tunnel = MakeLarvalState(request, wide, {.expirySeconds = 5});
        const Selector& selector = tunnel->GetConfig().selector;
        NS_TEST_EXPECT_MSG_EQ(selector.family, 10, "IPv6 in an IPv4 tunnel");
        NS_TEST_EXPECT_MSG_EQ(uint32_t{selector.destinationPrefix}, 128, "destination");
        NS_TEST_EXPECT_MSG_EQ(uint32_t{selector.sourcePrefix}, 128, "source");
        NS_TEST_EXPECT_MSG_EQ((tunnel->GetConfig().family == Family::Ipv4), true, "outer family");
        NS_TEST_EXPECT_MSG_EQ(tunnel->GetConfig().limits.hardAddSeconds, 5, "another life");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Where a larval state is found: by destination, by source and, if it has one, by SPI
 * (R148).
 *
 * If the template names other ends than those that were looked for, the state has them, but is
 * filed under the latter: 203.0.113.1 -> 203.0.113.2 with reqid 1 is bucket 1 of 8 (R132).  A
 * growth files it anew, under its own: 203.0.113.3 -> 203.0.113.2 is bucket 7 of 8.
 */
class LarvalStateFilingTestCase : public TestCase
{
  public:
    LarvalStateFilingTestCase()
        : TestCase("a larval state is filed under what was looked for")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        StateDatabase& database = fixture.database;
        StateRequest request = MakeStateRequest();
        request.spi = 0x1000;
        database.InsertLarval(MakeLarvalState(request, MakeStateFlow(), {}), request, 100);
        NS_TEST_EXPECT_MSG_EQ(database.GetCount(), 1, "counted");
        NS_TEST_EXPECT_MSG_EQ((fixture.LookUp(0x1000) != nullptr), true, "by SPI");
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(request), error::AGAIN, "by destination");
        const auto getBySource = [&] {
            return StateDatabaseFixture::GetSpis(
                database.GetTable().GetBySource(request.destination,
                                                request.source,
                                                request.family));
        };
        NS_TEST_EXPECT_MSG_EQ(getBySource(), "4096", "by source");

        const IpAddress third = Ipv4Address("203.0.113.3");
        request.spi = 9;
        const Ptr<State> other = MakeLarvalState(request, MakeStateFlow(), {.source = third});
        database.InsertLarval(other, request, 100);
        NS_TEST_EXPECT_MSG_EQ((other->GetConfig().source == third), true, "the template's");
        const auto getChain = [&](const IpAddress& source) {
            return StateDatabaseFixture::GetSpis(
                database.GetTable().GetByDestination(request.destination, source, 1, Family::Ipv4));
        };
        NS_TEST_EXPECT_MSG_EQ(getChain(request.source), "9 4096", "filed under the request's");
        NS_TEST_EXPECT_MSG_EQ(getBySource(), "9 4096", "by source, too");
        NS_TEST_EXPECT_MSG_EQ(getChain(third), "", "not under its own");
        database.Remove(other);
        NS_TEST_EXPECT_MSG_EQ(getChain(request.source), "4096", "removed");
        NS_TEST_EXPECT_MSG_EQ(getBySource(), "4096", "removed");

        for (uint32_t spi = 10; spi < 18; ++spi)
        {
            request.spi = spi;
            const Ptr<State> next = MakeLarvalState(request, MakeStateFlow(), {.source = third});
            database.InsertLarval(next, request, 100);
        }
        NS_TEST_EXPECT_MSG_EQ(database.IsGrowthDue(), true, "larval states count for the growth");
        database.RunGrowth();
        NS_TEST_EXPECT_MSG_EQ(getChain(request.source), "4096", "filed anew");
        NS_TEST_EXPECT_MSG_EQ(getChain(third), "10 11 12 13 14 15 16 17", "filed anew");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A larval state ends after 30 s, and the next packet issues a new acquire (R148, R161,
 * R183).
 */
class LarvalStateExpiryTestCase : public TestCase
{
  public:
    LarvalStateExpiryTestCase()
        : TestCase("a larval state ends after 30 seconds, and the next one is asked for")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        StateExpiryLog log(fixture.database);
        const Ptr<State> larval = InsertRequested(fixture.database, MakeStateFlow(), 100);
        NS_TEST_EXPECT_MSG_EQ(log.GetNextSeconds(), 130, "no run after 1 s, one after 30 (R148)");
        NS_TEST_EXPECT_MSG_EQ(log.RunAt(129), "", "waiting");
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), error::AGAIN, "one acquire at a time (R183)");
        NS_TEST_EXPECT_MSG_EQ(fixture.Find().isAcquireWanted, false, "one acquire at a time");
        NS_TEST_EXPECT_MSG_EQ(log.RunAt(130), "hard 0", "told (R161, R183)");
        NS_TEST_EXPECT_MSG_EQ((larval->GetStatus() == StateStatus::Dead), true, "deleted");
        NS_TEST_EXPECT_MSG_EQ(fixture.Find().isAcquireWanted, true, "a new acquire (R183)");

        const Ptr<State> deleted = InsertRequested(fixture.database, MakeStateFlow(), 200);
        fixture.database.Remove(deleted);
        NS_TEST_EXPECT_MSG_EQ(log.RunAt(300), "", "one that was deleted is not told (R161)");

        const Ptr<State> eternal =
            MakeLarvalState(MakeStateRequest(), MakeStateFlow(), {.expirySeconds = 0});
        fixture.database.InsertLarval(eternal, MakeStateRequest(), 400);
        NS_TEST_EXPECT_MSG_EQ(log.RunAt(100'000), "", "0: for ever");
        NS_TEST_EXPECT_MSG_EQ(log.GetNextSeconds(), 0, "0: for ever");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Where nobody listens no larval state is made, and the search has failed (R147): a search
 * makes none by itself, and its error stands unless a key manager is asked.
 */
class LarvalStateUnheardTestCase : public TestCase
{
  public:
    LarvalStateUnheardTestCase()
        : TestCase("a search makes no larval state by itself")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        for (int i = 0; i < 2; ++i)
        {
            const StateDatabase::Found found = fixture.Find();
            NS_TEST_EXPECT_MSG_EQ((found.state == nullptr), true, "search " << i);
            NS_TEST_EXPECT_MSG_EQ(found.error, error::SRCH, "search " << i);
            NS_TEST_EXPECT_MSG_EQ(found.isAcquireWanted, true, "search " << i);
            NS_TEST_EXPECT_MSG_EQ(fixture.database.GetCount(), 0, "search " << i);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A larval state blocks all flows of its request, an expired state those that its selector
 * takes (C20); policies with equal request id and ends share one acquire (C21), and reqid 0 is a
 * request id like any other (C22).
 */
class LarvalStateSharingTestCase : public TestCase
{
  public:
    LarvalStateSharingTestCase()
        : TestCase("a larval state is shared by all who ask for the same")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        Flow other = MakeStateFlow();
        other.destination = Ipv4Address("10.9.0.9");
        const Ptr<State> larval = InsertRequested(fixture.database, other, 100);
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), error::AGAIN, "another flow waits (C20, C21)");
        NS_TEST_EXPECT_MSG_EQ(fixture.Find().isAcquireWanted, false, "the acquire is shared (C21)");
        StateRequest request = MakeStateRequest();
        request.reqid = 0;
        NS_TEST_EXPECT_MSG_EQ(fixture.Find(request).isAcquireWanted, true, "reqid 0 (C22)");
        fixture.database.Remove(larval);

        const Ptr<State> used = fixture.Add(1, 100, [](StateConfig& config) {
            config.selector = MakeStateSelector();
            config.limits.hardPackets = 0;
        });
        fixture.database.CheckExpiry(used, 101);
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), error::SRCH, "its own flow (C20)");
        NS_TEST_EXPECT_MSG_EQ(fixture.Find().isAcquireWanted, false, "its own flow (C20)");
        const auto found = fixture.database.Find(MakeStateRequest(), other, fixture.work);
        NS_TEST_EXPECT_MSG_EQ(found.isAcquireWanted, true, "another flow (C20)");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The answer to an acquire takes the larval state away (R150), by its number even if it is
 * filed elsewhere.
 */
class LarvalStateAnswerTestCase : public TestCase
{
  public:
    LarvalStateAnswerTestCase()
        : TestCase("the answer to an acquire takes the larval state and its timer away")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        StateExpiryLog log(fixture.database);
        const Ptr<State> larval = MakeLarvalState(MakeStateRequest(), MakeStateFlow(), {});
        larval->SetSequence(70);
        fixture.database.InsertLarval(larval, MakeStateRequest(), 100);
        fixture.Add(1, 101, [](StateConfig& config) { config.sequence = 70; });
        NS_TEST_EXPECT_MSG_EQ((larval->GetStatus() == StateStatus::Dead), true, "answered");
        NS_TEST_EXPECT_MSG_EQ(log.RunAt(200), "", "its timer is gone");
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), 1, "the answer serves");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of larval states.
 */
class StateLarvalTestSuite : public TestSuite
{
  public:
    StateLarvalTestSuite()
        : TestSuite("xfrm-state-larval", UNIT)
    {
        AddTestCase(new LarvalStateFieldsTestCase, TestCase::QUICK);
        AddTestCase(new LarvalStateFilingTestCase, TestCase::QUICK);
        AddTestCase(new LarvalStateExpiryTestCase, TestCase::QUICK);
        AddTestCase(new LarvalStateUnheardTestCase, TestCase::QUICK);
        AddTestCase(new LarvalStateSharingTestCase, TestCase::QUICK);
        AddTestCase(new LarvalStateAnswerTestCase, TestCase::QUICK);
    }
};

static StateLarvalTestSuite g_stateLarvalTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
