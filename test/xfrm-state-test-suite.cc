/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-states.h"

#include "ns3/test.h"

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return what is wrong with a makeup, "" if nothing is @param change changes a right one
std::string
GetComplaint(const std::function<void(StateConfig&)>& change)
{
    StateConfig config = MakeStateConfig(1);
    change(config);
    try
    {
        const auto state = Create<State>(config, nullptr);
    }
    catch (const std::invalid_argument& complaint)
    {
        return complaint.what();
    }
    return "";
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief A new state (R130), its default limits (R131), and the kernel's numbers (R134).
 */
class StateDefaultsTestCase : public TestCase
{
  public:
    StateDefaultsTestCase()
        : TestCase("a new state is void, unused and without limits")
    {
    }

  private:
    void DoRun() override
    {
        const Ptr<State> state = MakeState(MakeStateConfig(1));
        NS_TEST_EXPECT_MSG_EQ((state->GetStatus() == StateStatus::Void), true, "status");
        NS_TEST_EXPECT_MSG_EQ(state->IsDying(), false, "dying");
        NS_TEST_EXPECT_MSG_EQ(state->GetGenid(), 0, "generation");
        NS_TEST_EXPECT_MSG_EQ(state->GetUse().useTime, 0, "never used");
        NS_TEST_EXPECT_MSG_EQ(state->GetReplay().GetWindow(), 0, "replay window");
        const LifetimeLimits& limits = state->GetConfig().limits;
        NS_TEST_EXPECT_MSG_EQ(limits.hardBytes, UINT64_MAX, "bytes");
        NS_TEST_EXPECT_MSG_EQ(limits.softPackets, UINT64_MAX, "packets");
        NS_TEST_EXPECT_MSG_EQ(limits.hardAddSeconds, 0, "seconds since it was added");
        NS_TEST_EXPECT_MSG_EQ(limits.softUseSeconds, 0, "seconds since its first use");
        // The numbers that messages to and from the kernel carry.
        NS_TEST_EXPECT_MSG_EQ(uint32_t{StateConfig::FLAG_NOECN}, 1, "noecn");
        NS_TEST_EXPECT_MSG_EQ(uint32_t{StateConfig::FLAG_DECAP_DSCP}, 2, "decap-dscp");
        NS_TEST_EXPECT_MSG_EQ(uint32_t{StateConfig::FLAG_NOPMTUDISC}, 4, "nopmtudisc");
        NS_TEST_EXPECT_MSG_EQ(uint32_t{StateConfig::FLAG_WILDRECV}, 8, "wildrecv");
        NS_TEST_EXPECT_MSG_EQ(uint32_t{StateConfig::FLAG_ICMP}, 16, "icmp");
        NS_TEST_EXPECT_MSG_EQ(uint32_t{StateConfig::FLAG_AF_UNSPEC}, 32, "af-unspec");
        NS_TEST_EXPECT_MSG_EQ(uint32_t{StateConfig::FLAG_ALIGN4}, 64, "align4");
        NS_TEST_EXPECT_MSG_EQ(uint32_t{StateConfig::FLAG_ESN}, 128, "esn");
        NS_TEST_EXPECT_MSG_EQ(StateConfig::EXTRA_DONT_ENCAP_DSCP, 1, "dont-encap-dscp");
        NS_TEST_EXPECT_MSG_EQ(static_cast<int>(StateStatus::Acquire), 1, "ACQ");
        NS_TEST_EXPECT_MSG_EQ(static_cast<int>(StateStatus::Dead), 5, "DEAD");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A selector without family gets the state's, unless the flag forbids it (R131); the flag
 * for extended numbers makes the window one for them (R170).
 */
class StateCompletionTestCase : public TestCase
{
  public:
    StateCompletionTestCase()
        : TestCase("a selector without family gets the state's, unless af-unspec is set")
    {
    }

  private:
    void DoRun() override
    {
        StateConfig config = MakeStateConfig(1);
        NS_TEST_EXPECT_MSG_EQ(MakeState(config)->GetConfig().selector.family, 2, "IPv4 state");
        config.flags = StateConfig::FLAG_AF_UNSPEC;
        NS_TEST_EXPECT_MSG_EQ(MakeState(config)->GetConfig().selector.family, 0, "af-unspec");
        config.selector.family = 10;
        NS_TEST_EXPECT_MSG_EQ(MakeState(config)->GetConfig().selector.family, 10, "given");
        config.selector.family = 0;
        config.flags = StateConfig::FLAG_ESN;
        config.family = Family::Ipv6;
        config.replay.windowPackets = 32;
        const Ptr<State> extended = MakeState(config);
        NS_TEST_EXPECT_MSG_EQ(extended->GetConfig().selector.family, 10, "IPv6 state");
        NS_TEST_EXPECT_MSG_EQ(extended->GetReplay().IsExtended(), true, "esn");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The size function counts for a valid state only (R68).
 *
 * AES-GCM in tunnel mode: header 36, and from 1500 its size function gives 1446 (R230).  AH with 96
 * bits has a header of 24, 44 with the outer IP header, and no size function (R234).  A larval
 * state has no headers.
 */
class StateMtuTestCase : public TestCase
{
  public:
    StateMtuTestCase()
        : TestCase("the largest packet is the size function's for a valid state only")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        const Ptr<State> esp = fixture.Add(1);
        NS_TEST_EXPECT_MSG_EQ(esp->GetHeaderLength(), 36, "header");
        NS_TEST_EXPECT_MSG_EQ(esp->GetTrailerLength(), 21, "trailer");
        NS_TEST_EXPECT_MSG_EQ(esp->GetMtu(1500), 1446, "valid");
        fixture.database.Remove(esp);
        NS_TEST_EXPECT_MSG_EQ(esp->GetMtu(1500), 1464, "dead: 1500 - 36");

        const Ptr<State> ah = fixture.Add(2, 1, UseAh);
        NS_TEST_EXPECT_MSG_EQ(ah->GetMtu(1500), 1456, "AH: 1500 - 44");
        NS_TEST_EXPECT_MSG_EQ(fixture.AddLarval(0)->GetMtu(1500), 1500, "larval");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A hard limit of 2 packets lets exactly 2 pass (R162, C48).
 *
 * The check precedes the count, so the third packet is the first to see 2 >= 2.  Time of first use
 * is set by the first check and stays.
 */
class StateHardPacketsTestCase : public TestCase
{
  public:
    StateHardPacketsTestCase()
        : TestCase("a hard limit of N packets lets exactly N pass")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        const Ptr<State> state =
            fixture.Add(1, 100, [](StateConfig& config) { config.limits.hardPackets = 2; });
        for (uint64_t i = 0; i < 2; ++i)
        {
            const int32_t error = state->CheckExpiry(200 + i);
            NS_TEST_EXPECT_MSG_EQ(error, 0, "packet " << i);
            NS_TEST_EXPECT_MSG_EQ((state->GetStatus() == StateStatus::Valid), true, "packet " << i);
            state->Count(1000);
        }
        const int32_t error = state->CheckExpiry(300);
        NS_TEST_EXPECT_MSG_EQ(error, error::INVAL, "third packet");
        NS_TEST_EXPECT_MSG_EQ((state->GetStatus() == StateStatus::Expired), true, "afterwards");
        NS_TEST_EXPECT_MSG_EQ(state->GetUse().packets, 2, "packets counted");
        NS_TEST_EXPECT_MSG_EQ(state->GetUse().bytes, 2000, "bytes counted");
        NS_TEST_EXPECT_MSG_EQ(state->GetUse().addTime, 100, "added");
        NS_TEST_EXPECT_MSG_EQ(state->GetUse().useTime, 200, "first use");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Bytes against soft and hard limits (R162).
 *
 * Soft 1000, hard 2000, packets of 600: the checks see 0, 600, 1200 (soft), 1800 (still soft), 2400
 * (hard).  A limit is reached by being equal: after 1000 bytes, not after 999.
 */
class StateByteLimitsTestCase : public TestCase
{
  public:
    StateByteLimitsTestCase()
        : TestCase("a state is dying from its soft limit on and expired at its hard one")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        const auto limit = [](StateConfig& config) {
            config.limits.softBytes = 1000;
            config.limits.hardBytes = 2000;
        };
        const Ptr<State> state = fixture.Add(1, 1, limit);
        const std::vector<bool> isDying{false, false, true, true};
        for (size_t i = 0; i < isDying.size(); ++i)
        {
            const int32_t error = state->CheckExpiry(5);
            NS_TEST_EXPECT_MSG_EQ(error, 0, "packet " << i);
            NS_TEST_EXPECT_MSG_EQ(state->IsDying(), isDying[i], "packet " << i);
            state->Count(600);
        }
        const int32_t error = state->CheckExpiry(5);
        NS_TEST_EXPECT_MSG_EQ(error, error::INVAL, "2400 bytes");

        const Ptr<State> edge = fixture.Add(2, 1, limit);
        edge->Count(999);
        edge->CheckExpiry(5);
        NS_TEST_EXPECT_MSG_EQ(edge->IsDying(), false, "999 bytes");
        edge->Count(1);
        edge->CheckExpiry(5);
        NS_TEST_EXPECT_MSG_EQ(edge->IsDying(), true, "1000 bytes");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A soft limit of packets; reaching both limits at once is the hard one's case (R162).
 */
class StateSoftPacketsTestCase : public TestCase
{
  public:
    StateSoftPacketsTestCase()
        : TestCase("where both limits are reached the hard one acts alone")
    {
    }

  private:
    void DoRun() override
    {
        StateDatabaseFixture fixture;
        const Ptr<State> soft =
            fixture.Add(1, 1, [](StateConfig& config) { config.limits.softPackets = 1; });
        soft->CheckExpiry(5);
        NS_TEST_EXPECT_MSG_EQ(soft->IsDying(), false, "no packet yet");
        soft->Count(1);
        const int32_t softError = soft->CheckExpiry(5);
        NS_TEST_EXPECT_MSG_EQ(softError, 0, "dying ones serve");
        NS_TEST_EXPECT_MSG_EQ(soft->IsDying(), true, "one packet");

        const Ptr<State> both = fixture.Add(2, 1, [](StateConfig& config) {
            config.limits.softPackets = 0;
            config.limits.hardPackets = 0;
        });
        const int32_t hardError = both->CheckExpiry(5);
        NS_TEST_EXPECT_MSG_EQ(hardError, error::INVAL, "0 packets allowed");
        NS_TEST_EXPECT_MSG_EQ(both->IsDying(), false, "no soft event");
        NS_TEST_EXPECT_MSG_EQ(both->GetUse().useTime, 5, "used all the same");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Makeups that no kernel takes (R131, R170).
 */
class StateErrorsTestCase : public TestCase
{
  public:
    StateErrorsTestCase()
        : TestCase("a makeup that no kernel takes is refused with what is allowed")
    {
    }

  private:
    void DoRun() override
    {
        const auto complain = [](const std::function<void(StateConfig&)>& change) {
            return GetComplaint(change);
        };
        NS_TEST_EXPECT_MSG_EQ(complain([](StateConfig& c) { c.family = Family::Decnet; }),
                              "state family 12: must be 2 (IPv4) or 10 (IPv6)",
                              "family");
        NS_TEST_EXPECT_MSG_EQ(complain([](StateConfig& c) { c.selector.family = 12; }),
                              "selector family 12: must be 2 (IPv4) or 10 (IPv6)",
                              "selector family");
        NS_TEST_EXPECT_MSG_EQ(complain([](StateConfig& c) { c.selector.family = 10; }),
                              "",
                              "IPv6 in an IPv4 tunnel");
        NS_TEST_EXPECT_MSG_EQ(complain([](StateConfig& c) {
                                  c.selector.family = 10;
                                  c.mode = Mode::Transport;
                              }),
                              "selector family 10: must be that of the state in transport mode, 2",
                              "transport");
        NS_TEST_EXPECT_MSG_EQ(complain([](StateConfig& c) { c.selector.destinationPrefix = 33; }),
                              "destination prefix length 33: must be 0 to 32",
                              "destination prefix");
        NS_TEST_EXPECT_MSG_EQ(complain([](StateConfig& c) { c.selector.sourcePrefix = 64; }),
                              "source prefix length 64: must be 0 to 32",
                              "source prefix");
        NS_TEST_EXPECT_MSG_EQ(complain([](StateConfig& c) { c.flags = StateConfig::FLAG_ESN; }),
                              "replay window 0: must be 1 or more with extended sequence numbers",
                              "esn without window");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of State.
 */
class StateTestSuite : public TestSuite
{
  public:
    StateTestSuite()
        : TestSuite("xfrm-state", UNIT)
    {
        AddTestCase(new StateDefaultsTestCase, TestCase::QUICK);
        AddTestCase(new StateCompletionTestCase, TestCase::QUICK);
        AddTestCase(new StateMtuTestCase, TestCase::QUICK);
        AddTestCase(new StateHardPacketsTestCase, TestCase::QUICK);
        AddTestCase(new StateByteLimitsTestCase, TestCase::QUICK);
        AddTestCase(new StateSoftPacketsTestCase, TestCase::QUICK);
        AddTestCase(new StateErrorsTestCase, TestCase::QUICK);
    }
};

static StateTestSuite g_stateTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
