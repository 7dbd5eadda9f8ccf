/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-state-expiry-log.h"
#include "xfrm-test-states.h"

#include "ns3/test.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// Reserves SPIs in a database, with random numbers that are told before.
class SpiFixture
{
  public:
    /// @brief Reserve an SPI for the state of MakeStateConfig().
    /// @param low least SPI @param high largest SPI @param numbers random numbers, the first first
    /// @param change changes the request, if not empty
    /// @return what was done
    SpiAllocation Allocate(uint32_t low,
                           uint32_t high,
                           std::vector<uint32_t> numbers = {},
                           const std::function<void(StateConfig&)>& change = {})
    {
        SpiRequest request{.wanted = MakeStateConfig(0), .low = low, .high = high};
        if (change)
        {
            change(request.wanted);
        }
        nDrawn = 0;
        return states.database.AllocateSpi(
            request,
            [&] { return numbers.at(nDrawn++); },
            100);
    }

    StateDatabaseFixture states; //!< the database
    size_t nDrawn{0};            //!< random numbers drawn by the last call
};

/// @return the SPI that was reserved, 0 if none was
uint32_t
GetSpi(const SpiAllocation& allocation)
{
    return allocation.state ? allocation.state->GetConfig().id.spi : 0;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief A reservation makes a larval state that any flow between the ends may use, which lives for
 * 30 s, and is found by its SPI (R154).
 */
class SpiLarvalTestCase : public TestCase
{
  public:
    SpiLarvalTestCase()
        : TestCase("a reserved SPI is that of a larval state between the two ends")
    {
    }

  private:
    void DoRun() override
    {
        SpiFixture fixture;
        StateExpiryLog log(fixture.states.database);
        const SpiAllocation got = fixture.Allocate(0x1000, 0x1000);
        NS_TEST_ASSERT_MSG_EQ(GetSpi(got), 0x1000, "fixed");
        NS_TEST_EXPECT_MSG_EQ(got.error, 0, "fixed");
        NS_TEST_EXPECT_MSG_EQ(fixture.nDrawn, 0, "fixed: nothing is drawn");
        NS_TEST_EXPECT_MSG_EQ((got.state->GetStatus() == StateStatus::Acquire), true, "larval");
        const StateConfig& config = got.state->GetConfig();
        NS_TEST_EXPECT_MSG_EQ((config.selector.destination == config.id.destination), true, "");
        NS_TEST_EXPECT_MSG_EQ(uint32_t{config.selector.destinationPrefix}, 32, "selector");
        NS_TEST_EXPECT_MSG_EQ((config.selector.source == config.source), true, "selector");
        NS_TEST_EXPECT_MSG_EQ(uint32_t{config.selector.sourcePrefix}, 32, "selector");
        NS_TEST_EXPECT_MSG_EQ((config.mode == Mode::Tunnel), true, "mode");
        NS_TEST_EXPECT_MSG_EQ(config.reqid, 1, "reqid");
        NS_TEST_EXPECT_MSG_EQ((fixture.states.LookUp(0x1000) == got.state), true, "by SPI");
        NS_TEST_EXPECT_MSG_EQ(fixture.states.FindSpi(), error::AGAIN, "flows out wait for it");
        NS_TEST_EXPECT_MSG_EQ(log.GetNextSeconds(), 130, "life");
        NS_TEST_EXPECT_MSG_EQ(log.RunAt(130), "hard 4096", "told");
        NS_TEST_EXPECT_MSG_EQ((fixture.states.LookUp(0x1000) == nullptr), true, "free again");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Up to (high - low + 1) tries at low + number mod (high - low + 1) (R154).
 *
 * Of 10 to 12 the first is in use.  Numbers 0, 3, 5 mean 10, 10, 12: the third try succeeds.  With
 * 10 and 12 in use, 0, 3, 2 mean 10, 10, 12, which are the three tries; the larval state stays.
 */
class SpiTriesTestCase : public TestCase
{
  public:
    SpiTriesTestCase()
        : TestCase("an SPI is drawn as often as there are SPIs")
    {
    }

  private:
    void DoRun() override
    {
        SpiFixture fixture;
        fixture.states.Add(10);
        SpiAllocation got = fixture.Allocate(10, 12, {0, 3, 5, 1});
        NS_TEST_EXPECT_MSG_EQ(GetSpi(got), 12, "third try");
        NS_TEST_EXPECT_MSG_EQ(fixture.nDrawn, 3, "third try");

        got = fixture.Allocate(10, 12, {0, 3, 2, 1});
        NS_TEST_EXPECT_MSG_EQ(got.error, error::NOENT, "no fourth try, though 11 is free");
        NS_TEST_EXPECT_MSG_EQ((got.state == nullptr), true, "none");
        NS_TEST_EXPECT_MSG_EQ(fixture.nDrawn, 3, "three tries");
        NS_TEST_EXPECT_MSG_EQ(fixture.states.GetSpis(), "0 12 10", "its larval state stays");

        got = fixture.Allocate(10, 10);
        NS_TEST_EXPECT_MSG_EQ(got.error, error::NOENT, "fixed and in use");
        NS_TEST_EXPECT_MSG_EQ(fixture.states.GetSpis(), "0 12 10", "the larval state is reused");
        got = fixture.Allocate(11, 11);
        NS_TEST_EXPECT_MSG_EQ(GetSpi(got), 11, "fixed and free");
        NS_TEST_EXPECT_MSG_EQ(fixture.states.GetSpis(), "11 12 10", "the larval state got it");

        got = fixture.Allocate(0, UINT32_MAX, {1});
        NS_TEST_EXPECT_MSG_EQ(got.error, error::NOENT, "2^32 SPIs are 0 tries in 32 bits");
        got = fixture.Allocate(0, 1, {0, 1});
        NS_TEST_EXPECT_MSG_EQ(got.error, error::NOENT, "0 is free, and no SPI");
        NS_TEST_EXPECT_MSG_EQ(fixture.nDrawn, 1, "which ends the search");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The larval state of the acquire's number gets the SPI, if its destination is right; one
 * that has an SPI keeps it (R154).
 */
class SpiSequenceTestCase : public TestCase
{
  public:
    SpiSequenceTestCase()
        : TestCase("the larval state with the acquire's number gets the SPI")
    {
    }

  private:
    void DoRun() override
    {
        SpiFixture fixture;
        const auto number = [](uint32_t sequence, const char* destination) {
            return [=](StateConfig& config) {
                config.sequence = sequence;
                config.id.destination = Ipv4Address(destination);
            };
        };
        const auto useSeven = [](StateConfig& config) {
            config.sequence = 7;
            config.reqid = 9;
        };
        const Ptr<State> numbered = fixture.states.AddLarval(0, useSeven);
        fixture.states.AddLarval(0, number(8, "203.0.113.9"));
        SpiAllocation got = fixture.Allocate(5, 5, {}, number(7, "203.0.113.2"));
        NS_TEST_EXPECT_MSG_EQ((got.state == numbered), true, "of another reqid");
        NS_TEST_EXPECT_MSG_EQ(numbered->GetConfig().id.spi, 5, "its SPI");
        got = fixture.Allocate(6, 6, {}, number(7, "203.0.113.2"));
        NS_TEST_EXPECT_MSG_EQ((got.state == numbered), true, "again");
        NS_TEST_EXPECT_MSG_EQ(numbered->GetConfig().id.spi, 5, "keeps its SPI");
        got = fixture.Allocate(6, 6, {}, number(8, "203.0.113.2"));
        NS_TEST_EXPECT_MSG_EQ(GetSpi(got), 6, "another destination's number: a new one");
        NS_TEST_EXPECT_MSG_EQ(got.state->GetConfig().sequence, 0, "which has no number");
        NS_TEST_EXPECT_MSG_EQ(fixture.states.database.GetCount(), 3, "three larval states");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What makes no sense: other protocols, the range turned round, more than 16 bits of an
 * IPcomp CPI (R154).
 */
class SpiErrorsTestCase : public TestCase
{
  public:
    SpiErrorsTestCase()
        : TestCase("a reservation that makes no sense is refused and leaves nothing")
    {
    }

  private:
    void DoRun() override
    {
        SpiFixture fixture;
        const auto use = [](uint8_t proto) {
            return [=](StateConfig& config) { config.id.proto = proto; };
        };
        NS_TEST_EXPECT_MSG_EQ(fixture.Allocate(2, 1).error, error::INVAL, "turned round");
        NS_TEST_EXPECT_MSG_EQ(fixture.Allocate(1, 1, {}, use(PROTO_IPIP)).error, error::INVAL, "");
        NS_TEST_EXPECT_MSG_EQ(fixture.Allocate(1, 0x10000, {}, use(PROTO_COMP)).error,
                              error::INVAL,
                              "CPI of 17 bits");
        NS_TEST_EXPECT_MSG_EQ(fixture.states.database.GetCount(), 0, "nothing is left");
        const uint32_t cpi = GetSpi(fixture.Allocate(0xffff, 0xffff, {}, use(PROTO_COMP)));
        NS_TEST_EXPECT_MSG_EQ(cpi, 0xffff, "largest CPI");
        const uint32_t spi = GetSpi(fixture.Allocate(0x10000, 0x10000, {}, use(PROTO_AH)));
        NS_TEST_EXPECT_MSG_EQ(spi, 0x10000, "AH");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The state that was reserved for comes by an update; an addition finds its SPI taken (R154,
 * C31), and no chain is asked to look again (R151, C32).
 */
class SpiUpdateTestCase : public TestCase
{
  public:
    SpiUpdateTestCase()
        : TestCase("a reserved SPI is filled by an update, not by an addition")
    {
    }

  private:
    void DoRun() override
    {
        SpiFixture fixture;
        StateDatabase& database = fixture.states.database;
        StateExpiryLog log(database);
        const Ptr<State> relative = fixture.states.Add(1);
        const Ptr<State> larval = fixture.Allocate(5, 5).state;
        const Ptr<State> state = MakeState(MakeStateConfig(5));
        int32_t error = database.Add(state, 110);
        NS_TEST_EXPECT_MSG_EQ(error, error::EXIST, "addition (C31)");
        NS_TEST_EXPECT_MSG_EQ(relative->GetGenid(), 0, "addition");
        error = database.Update(state, 110);
        NS_TEST_EXPECT_MSG_EQ(error, 0, "update (C31)");
        NS_TEST_EXPECT_MSG_EQ((larval->GetStatus() == StateStatus::Dead), true, "replaced (R151)");
        NS_TEST_EXPECT_MSG_EQ((fixture.states.LookUp(5) == state), true, "in its place (R151)");
        NS_TEST_EXPECT_MSG_EQ(relative->GetGenid(), 0, "no chain looks again (C32)");
        NS_TEST_EXPECT_MSG_EQ(log.RunAt(110), "", "the first runs");
        NS_TEST_EXPECT_MSG_EQ(log.GetNextSeconds(), 111, "1 s after the update (R151)");
        NS_TEST_EXPECT_MSG_EQ(log.RunAt(200), "", "the larval state's timer is gone");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of the reservation of SPIs.
 */
class StateSpiTestSuite : public TestSuite
{
  public:
    StateSpiTestSuite()
        : TestSuite("xfrm-state-spi", UNIT)
    {
        AddTestCase(new SpiLarvalTestCase, TestCase::QUICK);
        AddTestCase(new SpiTriesTestCase, TestCase::QUICK);
        AddTestCase(new SpiSequenceTestCase, TestCase::QUICK);
        AddTestCase(new SpiErrorsTestCase, TestCase::QUICK);
        AddTestCase(new SpiUpdateTestCase, TestCase::QUICK);
    }
};

static StateSpiTestSuite g_stateSpiTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
