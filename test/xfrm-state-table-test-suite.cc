/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-states.h"

#include "ns3/test.h"
#include "ns3/xfrm-state-hash.h"

#include <cstdint>
#include <string>

namespace ns3::xfrm::tests
{

namespace
{

/// @return the chain by destination in which the states of MakeStateConfig() are
const StateChain&
GetChain(const StateDatabaseFixture& fixture)
{
    const StateConfig config = MakeStateConfig(1);
    return fixture.database.GetTable().GetByDestination(config.id.destination,
                                                        config.source,
                                                        config.reqid,
                                                        config.family);
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief The specification's vectors of the hashes (R132).
 */
class StateHashTestCase : public TestCase
{
  public:
    StateHashTestCase()
        : TestCase("the hashes are those of a little-endian kernel")
    {
    }

  private:
    /// Expect a hash to fall into these buckets of 8 and of 1024.
    void Expect(uint32_t hash, uint32_t of8, uint32_t of1024, const char* name)
    {
        NS_TEST_EXPECT_MSG_EQ((hash & 7), of8, name << ", of 8");
        NS_TEST_EXPECT_MSG_EQ((hash & 1023), of1024, name << ", of 1024");
    }

    void DoRun() override
    {
        const IpAddress to = Ipv4Address("203.0.113.2");
        const IpAddress from = Ipv4Address("203.0.113.1");
        const Family family = Family::Ipv4;
        NS_TEST_EXPECT_MSG_EQ(HashAddresses(to, from, family), 0x9601e203, "both");
        NS_TEST_EXPECT_MSG_EQ(HashAddresses(to, IpAddress(), family), 0xcb007102, "any source");
        Expect(HashByDestination(to, from, 1, family), 1, 1, "bydst");
        Expect(HashByDestination(to, IpAddress(), 1, family), 1, 513, "bydst, any source");
        Expect(HashBySource(to, from, family), 0, 0, "bysrc");
        Expect(HashBySpi(to, 0x00001000, PROTO_ESP, family), 5, 413, "byspi, 0x1000");
        Expect(HashBySpi(to, 0xc0ffee01, PROTO_ESP, family), 5, 509, "byspi, 0xc0ffee01");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief New states go to the heads; the list of all has the newest first (R133).
 *
 * `ip xfrm state` of Linux 4.1.6 shows the state added last first (recorded).
 */
class StateOrderTestCase : public TestCase
{
  public:
    StateOrderTestCase()
        : TestCase("chains and list have the newest state first")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        fixture.Add(1);
        const Ptr<State> second = fixture.Add(2);
        fixture.Add(3);
        fixture.Add(4, 1, [](StateConfig& config) { config.reqid = 2; });
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSpis(), "4 3 2 1", "list");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSpis(GetChain(fixture)), "3 2 1", "chain");
        fixture.database.Remove(second);
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSpis(), "4 3 1", "list without 2");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSpis(GetChain(fixture)), "3 1", "chain without 2");
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetCount(), 3, "count");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Doubling is due when a state joins a chain with others and there are more states than
 * hmask (R133).
 *
 * hmask is 7.  Seven states of one chain: 7 > 7 is false.  The eighth with a chain of its own: no
 * collision.  The ninth collides: due.  Without being due nothing is doubled.
 */
class StateGrowthDueTestCase : public TestCase
{
  public:
    StateGrowthDueTestCase()
        : TestCase("the tables grow when a crowded chain gets one state more than buckets - 1")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetTable().GetBuckets(), 8, "at first");
        for (uint32_t spi = 1; spi <= 7; ++spi)
        {
            fixture.Add(spi);
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.database.IsGrowthDue(), false, "7 in one chain");
        fixture.database.RunGrowth();
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetTable().GetBuckets(), 8, "not due");
        fixture.Add(8, 1, [](StateConfig& config) { config.reqid = 2; });
        NS_TEST_EXPECT_MSG_EQ(fixture.database.IsGrowthDue(), false, "the 8th, alone in its chain");
        fixture.Add(9);
        NS_TEST_EXPECT_MSG_EQ(fixture.database.IsGrowthDue(), true, "the 9th, with others");
        fixture.database.RunGrowth();
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetTable().GetBuckets(), 16, "doubled once");
        NS_TEST_EXPECT_MSG_EQ(fixture.database.IsGrowthDue(), false, "done");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSpis(), "9 8 7 6 5 4 3 2 1", "the list stays");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Doubling turns a chain that stays together (R133).
 *
 * A chain is walked from its head, each state becoming the head of the new one.  Chains by SPI are
 * filled in the order of the walk over destinations, too.  All states stay findable.
 */
class StateGrowthOrderTestCase : public TestCase
{
  public:
    StateGrowthOrderTestCase()
        : TestCase("doubling the tables turns the order of a chain")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        // Two of one SPI: the mark of the second does not take 1, so it is no equal of the first.
        fixture.Add(1, 1, [](StateConfig& config) { config.mark = {1, 0xff}; });
        fixture.Add(1);
        for (uint32_t spi = 2; spi <= 7; ++spi)
        {
            fixture.Add(spi);
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSpis(GetChain(fixture)), "7 6 5 4 3 2 1 1", "before");
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(1, 1)->GetConfig().mark.mask, 0, "newest first");
        fixture.database.RunGrowth();
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSpis(GetChain(fixture)), "1 1 2 3 4 5 6 7", "after");
        NS_TEST_EXPECT_MSG_EQ(fixture.LookUp(1, 1)->GetConfig().mark.mask, 0xff, "oldest first");
        for (uint32_t spi = 1; spi <= 7; ++spi)
        {
            const bool isFound = fixture.LookUp(spi) != nullptr;
            NS_TEST_EXPECT_MSG_EQ(isFound, true, "SPI " << spi);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Input finds the first state of family, SPI, protocol, destination and mark, whatever its
 * status; the source is not looked at (R155, C44).
 */
class StateLookupTestCase : public TestCase
{
  public:
    StateLookupTestCase()
        : TestCase("input finds states by destination, SPI, protocol, family and mark")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        const Ptr<State> state = fixture.Add(5, 1, [](StateConfig& config) {
            config.mark = {2, 3};
        });
        NS_TEST_EXPECT_MSG_EQ((fixture.LookUp(5, 6) == state), true, "mark 6 & 3 = 2");
        NS_TEST_EXPECT_MSG_EQ(fixture.work.nSpiLookups, 1, "searches");
        NS_TEST_EXPECT_MSG_EQ(fixture.work.nSpiCompared, 1, "compared");
        NS_TEST_EXPECT_MSG_EQ((fixture.LookUp(5, 1) == nullptr), true, "mark");
        NS_TEST_EXPECT_MSG_EQ((fixture.LookUp(6, 2) == nullptr), true, "SPI");
        const auto lookUp = [&](StateId id, Family family) {
            return fixture.database.LookupBySpi(id, 2, family, fixture.work) == state;
        };
        const StateId id = MakeStateConfig(5).id;
        NS_TEST_EXPECT_MSG_EQ(lookUp(id, Family::Ipv4), true, "the same");
        NS_TEST_EXPECT_MSG_EQ(lookUp(id, Family::Ipv6), false, "family");
        NS_TEST_EXPECT_MSG_EQ(lookUp({id.destination, 5, PROTO_AH}, Family::Ipv4), false, "AH");
        NS_TEST_EXPECT_MSG_EQ(lookUp({Ipv4Address("203.0.113.3"), 5, PROTO_ESP}, Family::Ipv4),
                              false,
                              "destination");
        const Ptr<State> larval = fixture.AddLarval(8);
        NS_TEST_EXPECT_MSG_EQ((fixture.LookUp(8) == larval), true, "a larval state with SPI");
        fixture.AddLarval(0);
        NS_TEST_EXPECT_MSG_EQ((fixture.LookUp(0) == nullptr), true, "no SPI, no entry (R132)");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A deleted state is dead, in no table, and lives on for those who hold it (R153).
 */
class StateRemoveTestCase : public TestCase
{
  public:
    StateRemoveTestCase()
        : TestCase("a deleted state is dead and found by nobody")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        const Ptr<State> state = fixture.Add(1);
        int32_t error = fixture.database.Remove(state);
        NS_TEST_EXPECT_MSG_EQ(error, 0, "deletion");
        NS_TEST_EXPECT_MSG_EQ((state->GetStatus() == StateStatus::Dead), true, "status");
        NS_TEST_EXPECT_MSG_EQ((fixture.LookUp(1) == nullptr), true, "by SPI");
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), error::SRCH, "by destination");
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetCount(), 0, "count");
        error = fixture.database.Remove(state);
        NS_TEST_EXPECT_MSG_EQ(error, error::SRCH, "twice");
        const Ptr<State> stranger = MakeState(MakeStateConfig(2));
        error = fixture.database.Remove(stranger);
        NS_TEST_EXPECT_MSG_EQ(error, error::SRCH, "never added");
        NS_TEST_EXPECT_MSG_EQ((stranger->GetStatus() == StateStatus::Void), true, "untouched");
        fixture.Add(1);
        NS_TEST_EXPECT_MSG_EQ(fixture.FindSpi(), 1, "its place is free");
        // From within a chain: the pointer given goes away with the state's place.
        error = fixture.database.Remove(*GetChain(fixture).begin());
        NS_TEST_EXPECT_MSG_EQ(error, 0, "the head of a chain");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSpis(GetChain(fixture)), "", "the chain");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A flush deletes the states of a protocol, or all, but the kernel's own (R153).
 *
 * Chains by destination go in order: the request ids 1 and 2 are in buckets 1 and 2
 * (2 ^ reqid ^ 0xe203 ^ 0x9601, low three bits: 1, 2), each newest first.
 */
class StateFlushTestCase : public TestCase
{
  public:
    StateFlushTestCase()
        : TestCase("a flush deletes all but the kernel's own states, chain by chain")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        fixture.Add(1, 1, [](StateConfig& config) { config.reqid = 2; });
        fixture.Add(2);
        fixture.Add(3, 1, UseAh);
        fixture.Add(4, 1, [](StateConfig& config) { config.isKernelOwned = true; });
        fixture.Add(5);
        const auto flush = [&](uint8_t proto) {
            std::string spis;
            for (const Ptr<State>& state : fixture.database.Flush(proto))
            {
                const bool isDead = state->GetStatus() == StateStatus::Dead;
                spis += std::to_string(state->GetConfig().id.spi) + (isDead ? " " : "? ");
            }
            return spis;
        };
        NS_TEST_EXPECT_MSG_EQ(flush(PROTO_AH), "3 ", "AH");
        NS_TEST_EXPECT_MSG_EQ(flush(PROTO_AH), "", "AH again");
        NS_TEST_EXPECT_MSG_EQ(flush(PROTO_ANY), "5 2 1 ", "all");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSpis(), "4", "left");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of the tables of StateDatabase: order, growth, lookups, deletions.
 */
class StateTableTestSuite : public TestSuite
{
  public:
    StateTableTestSuite()
        : TestSuite("xfrm-state-table", UNIT)
    {
        AddTestCase(new StateHashTestCase, TestCase::QUICK);
        AddTestCase(new StateOrderTestCase, TestCase::QUICK);
        AddTestCase(new StateGrowthDueTestCase, TestCase::QUICK);
        AddTestCase(new StateGrowthOrderTestCase, TestCase::QUICK);
        AddTestCase(new StateLookupTestCase, TestCase::QUICK);
        AddTestCase(new StateRemoveTestCase, TestCase::QUICK);
        AddTestCase(new StateFlushTestCase, TestCase::QUICK);
    }
};

static StateTableTestSuite g_stateTableTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
