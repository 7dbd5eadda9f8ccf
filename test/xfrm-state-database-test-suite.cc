/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-states.h"

#include "ns3/test.h"

#include <cstdint>
#include <vector>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief An equal state refuses a new one, a larval one with SPI too (R150, C31).
 */
class StateAddEqualTestCase : public TestCase
{
  public:
    StateAddEqualTestCase()
        : TestCase("a state is not added beside an equal one")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        fixture.Add(1);
        fixture.AddLarval(2);
        for (const uint32_t spi : {1, 2})
        {
            StateConfig config = MakeStateConfig(spi);
            config.source = Ipv4Address("203.0.113.9"); // does not matter
            const Ptr<State> again = MakeState(config);
            const int32_t error = fixture.database.Add(again, 5);
            NS_TEST_EXPECT_MSG_EQ(error, error::EXIST, "SPI " << spi);
            NS_TEST_EXPECT_MSG_EQ((again->GetStatus() == StateStatus::Void), true, "untouched");
        }
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSpis(), "2 1", "unchanged");
        const Ptr<State> added = fixture.Add(3, 7);
        NS_TEST_EXPECT_MSG_EQ((added->GetStatus() == StateStatus::Valid), true, "status");
        NS_TEST_EXPECT_MSG_EQ(added->GetUse().addTime, 7, "time");

        // Protocols without SPI of their own are equal by both addresses.
        const auto useIpip = [](StateConfig& config) { config.id.proto = PROTO_IPIP; };
        fixture.Add(4, 1, useIpip);
        StateConfig config = MakeStateConfig(5);
        useIpip(config);
        int32_t error = fixture.database.Add(MakeState(config), 5);
        NS_TEST_EXPECT_MSG_EQ(error, error::EXIST, "IPIP of another SPI");
        config.source = Ipv4Address("203.0.113.9");
        error = fixture.database.Add(MakeState(config), 5);
        NS_TEST_EXPECT_MSG_EQ(error, 0, "IPIP of another source");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A new state takes away the larval one that it answers (R150).
 *
 * By number: wherever it is filed.  Without number, or with that of a larval state of another
 * destination: the first without SPI of the same request id, mode, protocol and addresses.
 */
class StateAddAnswerTestCase : public TestCase
{
  public:
    StateAddAnswerTestCase()
        : TestCase("a new state takes away the one larval state that it answers")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        const auto larval = [&](uint32_t reqid, uint32_t sequence) {
            return fixture.AddLarval(0, [=](StateConfig& config) {
                config.reqid = reqid;
                config.sequence = sequence;
            });
        };
        const Ptr<State> older = larval(1, 70);
        const Ptr<State> newer = larval(1, 71);
        const Ptr<State> elsewhere = larval(2, 72);
        const Ptr<State> stranger = fixture.AddLarval(0, [](StateConfig& config) {
            config.id.destination = Ipv4Address("203.0.113.9");
            config.sequence = 73;
        });
        const auto isDead = [](const Ptr<State>& state) {
            return state->GetStatus() == StateStatus::Dead;
        };
        fixture.Add(1, 1, [](StateConfig& config) { config.sequence = 72; });
        NS_TEST_EXPECT_MSG_EQ(isDead(elsewhere), true, "by number, of another reqid");
        NS_TEST_EXPECT_MSG_EQ(isDead(newer) || isDead(older), false, "only one");
        fixture.Add(2, 1, [](StateConfig& config) { config.sequence = 73; });
        NS_TEST_EXPECT_MSG_EQ(isDead(stranger), false, "by number, of another destination");
        NS_TEST_EXPECT_MSG_EQ(isDead(newer), true, "first of the chain instead");
        fixture.Add(3, 1, [](StateConfig& config) { config.mode = Mode::Transport; });
        NS_TEST_EXPECT_MSG_EQ(isDead(older), false, "another mode");
        fixture.Add(4);
        NS_TEST_EXPECT_MSG_EQ(isDead(older), true, "without number");
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetCount(), 5, "four added, the stranger left");

        const Ptr<State> withSpi = fixture.AddLarval(9);
        fixture.Add(5);
        NS_TEST_EXPECT_MSG_EQ(isDead(withSpi), false, "one with an SPI is not answered");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief An addition makes chains of the same request id and addresses stale, whatever their
 * protocol and mode (R152).
 */
class StateGenidTestCase : public TestCase
{
  public:
    StateGenidTestCase()
        : TestCase("an added state bumps the generation of its relatives, not its own")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        const Ptr<State> same = fixture.Add(1);
        const Ptr<State> ah = fixture.Add(2, 1, [](StateConfig& config) {
            UseAh(config);
            config.mode = Mode::Transport;
        });
        const Ptr<State> reqid = fixture.Add(3, 1, [](StateConfig& config) { config.reqid = 2; });
        const Ptr<State> source =
            fixture.Add(4, 1, [](StateConfig& config) { config.source = IpAddress(); });
        const Ptr<State> marked = fixture.Add(5, 1, [](StateConfig& config) {
            config.mark = {1, 1};
        });
        // So far: AH and the marked one bumped the first; the marked one bumped AH.
        NS_TEST_EXPECT_MSG_EQ(same->GetGenid(), 2, "first");
        NS_TEST_EXPECT_MSG_EQ(ah->GetGenid(), 1, "AH");
        const Ptr<State> last = fixture.Add(6);
        NS_TEST_EXPECT_MSG_EQ(same->GetGenid(), 3, "the same ends");
        NS_TEST_EXPECT_MSG_EQ(ah->GetGenid(), 2, "another protocol and mode");
        NS_TEST_EXPECT_MSG_EQ(reqid->GetGenid(), 0, "another reqid");
        NS_TEST_EXPECT_MSG_EQ(source->GetGenid(), 0, "another source");
        NS_TEST_EXPECT_MSG_EQ(marked->GetGenid(), 0, "a mark that does not take the new one's");
        NS_TEST_EXPECT_MSG_EQ(last->GetGenid(), 0, "its own");
        fixture.database.Remove(last);
        NS_TEST_EXPECT_MSG_EQ(same->GetGenid(), 3, "a deletion bumps nothing (R153)");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief An update replaces a larval state without making any chain stale (R151, C31, C32).
 */
class StateUpdateLarvalTestCase : public TestCase
{
  public:
    StateUpdateLarvalTestCase()
        : TestCase("an update puts a state in the place of a larval one and bumps no generation")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        const Ptr<State> relative = fixture.Add(1);
        const Ptr<State> larval = fixture.AddLarval(2);
        const Ptr<State> state = MakeState(MakeStateConfig(2));
        int32_t error = fixture.database.Update(state, 9);
        NS_TEST_EXPECT_MSG_EQ(error, 0, "update");
        NS_TEST_EXPECT_MSG_EQ((larval->GetStatus() == StateStatus::Dead), true, "larval one");
        NS_TEST_EXPECT_MSG_EQ((state->GetStatus() == StateStatus::Valid), true, "new one");
        NS_TEST_EXPECT_MSG_EQ(state->GetUse().addTime, 9, "added");
        NS_TEST_EXPECT_MSG_EQ((fixture.LookUp(2) == state), true, "in its place");
        NS_TEST_EXPECT_MSG_EQ(relative->GetGenid(), 0, "generation");
        NS_TEST_EXPECT_MSG_EQ(fixture.GetSpis(), "2 1", "list");

        error = fixture.database.Update(MakeState(MakeStateConfig(3)), 9);
        NS_TEST_EXPECT_MSG_EQ(error, error::SRCH, "nothing to update");
        fixture.AddLarval(4, {}, StateStatus::Expired);
        error = fixture.database.Update(MakeState(MakeStateConfig(4)), 9);
        NS_TEST_EXPECT_MSG_EQ(error, error::INVAL, "an expired one");
        fixture.Add(5, 1, [](StateConfig& config) { config.isKernelOwned = true; });
        error = fixture.database.Update(MakeState(MakeStateConfig(5)), 9);
        NS_TEST_EXPECT_MSG_EQ(error, error::EXIST, "the kernel's own");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief An update of a valid state changes limits and UDP ports, and nothing else (R151).
 *
 * It stops dying.  One that was used and is over its new limits ends at once (R162, C41); one that
 * never was used is not checked.
 */
class StateUpdateValidTestCase : public TestCase
{
  public:
    StateUpdateValidTestCase()
        : TestCase("an update of a valid state changes its limits and ports only")
    {
    }

  private:
    /// @return a state's makeup with UDP encapsulation, a port and a hard limit
    static StateConfig MakeConfig(uint16_t port, uint64_t hardPackets)
    {
        StateConfig config = MakeStateConfig(1);
        config.encapType = EncapType::EspInUdp;
        config.encapSourcePort = port;
        config.limits.hardPackets = hardPackets;
        return config;
    }

    void DoRun() override
    {
        StateDatabaseFixture fixture;
        const Ptr<State> state = MakeState(MakeConfig(4500, 10));
        fixture.database.Add(state, 1);
        StateConfig change = MakeConfig(4501, 0);
        change.reqid = 9;
        change.selector = MakeStateSelector();
        const Ptr<State> unused = MakeState(change);
        int32_t error = fixture.database.Update(unused, 2);
        NS_TEST_EXPECT_MSG_EQ(error, 0, "never used");
        NS_TEST_EXPECT_MSG_EQ((unused->GetStatus() == StateStatus::Dead), true, "the new one");
        NS_TEST_EXPECT_MSG_EQ((fixture.LookUp(1) == state), true, "the old one stays");
        NS_TEST_EXPECT_MSG_EQ((state->GetStatus() == StateStatus::Valid), true, "not checked");
        const StateConfig& now = state->GetConfig();
        NS_TEST_EXPECT_MSG_EQ(now.encapSourcePort, 4501, "port");
        NS_TEST_EXPECT_MSG_EQ(now.limits.hardPackets, 0, "limits");
        NS_TEST_EXPECT_MSG_EQ(now.reqid, 1, "reqid stays");
        NS_TEST_EXPECT_MSG_EQ(uint32_t{now.selector.destinationPrefix}, 0, "selector stays");
        NS_TEST_EXPECT_MSG_EQ(state->GetUse().addTime, 1, "age stays");

        change.limits = {.softPackets = 1, .hardPackets = 5};
        fixture.database.Update(MakeState(change), 3);
        state->CheckExpiry(4);
        state->Count(100);
        state->CheckExpiry(4);
        NS_TEST_EXPECT_MSG_EQ(state->IsDying(), true, "soft limit");
        change.limits.softPackets = 3;
        fixture.database.Update(MakeState(change), 5);
        NS_TEST_EXPECT_MSG_EQ(state->IsDying(), false, "more allowed");
        change.limits.hardPackets = 1;
        error = fixture.database.Update(MakeState(change), 6);
        NS_TEST_EXPECT_MSG_EQ(error, 0, "used up");
        NS_TEST_EXPECT_MSG_EQ((state->GetStatus() == StateStatus::Dead), true, "ended");
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetCount(), 0, "gone");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief An update takes the selector over where the protocol is not one of IPsec, and UDP ports
 * only if both hide in UDP (R151).
 */
class StateUpdateOtherTestCase : public TestCase
{
  public:
    StateUpdateOtherTestCase()
        : TestCase("an update takes over selectors of other protocols, and no UDP where none was")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        const Ptr<State> esp = fixture.Add(1);
        StateConfig change = MakeStateConfig(1);
        change.encapType = EncapType::EspInUdp;
        change.encapSourcePort = 4500;
        int32_t error = fixture.database.Update(MakeState(change), 2);
        NS_TEST_EXPECT_MSG_EQ(error, 0, "ESP");
        NS_TEST_EXPECT_MSG_EQ((esp->GetConfig().encapType == EncapType::None), true, "no UDP");

        const Ptr<State> ipip =
            fixture.Add(2, 1, [](StateConfig& config) { config.id.proto = PROTO_IPIP; });
        change = MakeStateConfig(3);
        change.id.proto = PROTO_IPIP;
        change.selector = MakeStateSelector();
        error = fixture.database.Update(MakeState(change), 2);
        NS_TEST_EXPECT_MSG_EQ(error, 0, "IPIP, found by its addresses");
        const bool isTaken = ipip->GetConfig().selector == change.selector;
        NS_TEST_EXPECT_MSG_EQ(isTaken, true, "selector");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of how StateDatabase adds and updates.
 */
class StateDatabaseTestSuite : public TestSuite
{
  public:
    StateDatabaseTestSuite()
        : TestSuite("xfrm-state-database", UNIT)
    {
        AddTestCase(new StateAddEqualTestCase, TestCase::QUICK);
        AddTestCase(new StateAddAnswerTestCase, TestCase::QUICK);
        AddTestCase(new StateGenidTestCase, TestCase::QUICK);
        AddTestCase(new StateUpdateLarvalTestCase, TestCase::QUICK);
        AddTestCase(new StateUpdateValidTestCase, TestCase::QUICK);
        AddTestCase(new StateUpdateOtherTestCase, TestCase::QUICK);
    }
};

static StateDatabaseTestSuite g_stateDatabaseTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
