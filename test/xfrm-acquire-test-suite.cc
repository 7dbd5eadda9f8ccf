/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"

#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// A key manager that notes what it is asked and told.
class NotedManager final : public KeyManager
{
  public:
    /// @param listens whether it listens @param answer what it says to acquires
    NotedManager(bool listens, int32_t answer)
        : listens(listens),
          answer(answer)
    {
    }

    bool IsListening() const override
    {
        return listens;
    }

    int32_t Acquire(const Ptr<State>& larval,
                    const Template& wanted,
                    const Ptr<Policy>& policy) override
    {
        numbers.push_back(larval->GetConfig().sequence);
        requestIds.push_back(wanted.reqid);
        policies.push_back(policy);
        return answer;
    }

    void NotifyPolicyExpiry(const Ptr<Policy>& /*policy*/, bool isHard) override
    {
        events.emplace_back(isHard ? "policy hard" : "policy soft");
    }

    void NotifyExpiry(const Ptr<State>& state, StateExpiry expiry) override
    {
        const std::string kind = state->GetType() ? "state" : "larval";
        events.emplace_back(kind + (expiry == StateExpiry::Hard ? " hard" : " soft"));
    }

    bool listens;                      //!< whether it listens
    int32_t answer;                    //!< what it says to acquires
    std::vector<uint32_t> numbers;     //!< numbers of acquires, in order
    std::vector<uint32_t> requestIds;  //!< request ids of their templates
    std::vector<Ptr<Policy>> policies; //!< whose templates they are
    std::vector<std::string> events;   //!< what it was told of
};

/// A gateway whose policy asks for a state that is not there.
class AcquireFixture
{
  public:
    AcquireFixture()
        : policy(host.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()})))
    {
    }

    /// @brief Decide on a packet of the flow, as xfrm_lookup() does.  @param sourcePort its port
    /// @return the error
    int32_t Send(uint16_t sourcePort = 5000)
    {
        Flow flow = NamespaceFixture::MakeFlow();
        flow.upper = UpperLayer::Ports(sourcePort, 6000);
        return host.Decide(flow).error;
    }

    /// @return states there are, larval ones included
    size_t CountStates()
    {
        return host.net.GetStates().GetCount();
    }

    NamespaceFixture host; //!< the gateway
    Ptr<Policy> policy;    //!< its policy
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Without a listener no state is to be had (R147, R181).
 *
 * Neither without a manager nor with two that do not listen is anybody asked, and there is no
 * larval state; the packet's error is that of a state that is missing (R38, larval_drop 1).
 */
class AcquireUnheardTestCase : public TestCase
{
  public:
    AcquireUnheardTestCase()
        : TestCase("where nobody listens, nobody is asked and nothing waits")
    {
    }

  private:
    void DoRun() override
    {
        AcquireFixture gateway;
        const int32_t alone = gateway.Send();
        NS_TEST_EXPECT_MSG_EQ(alone, error::REMOTE, "no manager");
        NotedManager first(false, 0);
        NotedManager second(false, 0);
        gateway.host.net.AddKeyManager(first);
        gateway.host.net.AddKeyManager(second);
        const int32_t unheard = gateway.Send();
        NS_TEST_EXPECT_MSG_EQ(unheard, error::REMOTE, "two that do not listen");
        NS_TEST_EXPECT_MSG_EQ(first.numbers.size() + second.numbers.size(), 0, "asked");
        NS_TEST_EXPECT_MSG_EQ(gateway.CountStates(), 0, "larval states");
        NS_TEST_EXPECT_MSG_EQ(gateway.host.GetCounters(), "XfrmOutNoStates=2", "counters");
        first.listens = true;
        const StateDatabase::Found found =
            gateway.host.net.Acquire({}, {}, {}, gateway.policy, gateway.host.now);
        NS_TEST_EXPECT_MSG_EQ((found.state != nullptr), true, "one listens now");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Every manager is asked, and one that accepts is enough (R148, R180).
 *
 * All refuse: -ESRCH and no larval state, so that the next packet asks again, by the next number.
 * One of two accepts, first or last: both were asked, one of them although it does not listen,
 * since R181 wants one listener only; the larval state bears the number and is Acquire.
 */
class AcquireAnswersTestCase : public TestCase
{
  public:
    AcquireAnswersTestCase()
        : TestCase("all managers are asked, and one that accepts is enough")
    {
    }

  private:
    void CheckRefused()
    {
        AcquireFixture gateway;
        NotedManager first(true, error::SRCH);
        NotedManager second(true, error::INVAL);
        gateway.host.net.AddKeyManager(first);
        gateway.host.net.AddKeyManager(second);
        gateway.Send();
        gateway.Send();
        NS_TEST_EXPECT_MSG_EQ(gateway.CountStates(), 0, "refused: no larval state");
        NS_TEST_EXPECT_MSG_EQ((first.numbers == std::vector<uint32_t>{1, 2}), true, "each packet");
        NS_TEST_EXPECT_MSG_EQ((second.numbers == first.numbers), true, "the same numbers");
        gateway.host.net.RemoveKeyManager(first);
        gateway.Send();
        NS_TEST_EXPECT_MSG_EQ(first.numbers.size(), 2, "forgotten");
        NS_TEST_EXPECT_MSG_EQ(second.numbers.size(), 3, "the other one is asked on");
        const StateDatabase::Found found =
            gateway.host.net.Acquire({}, {}, {}, gateway.policy, gateway.host.now);
        NS_TEST_EXPECT_MSG_EQ(found.error, error::SRCH, "what is found");
    }

    void CheckAccepted(bool isFirst)
    {
        AcquireFixture gateway;
        NotedManager first(isFirst, isFirst ? 0 : error::SRCH);
        NotedManager second(!isFirst, isFirst ? error::SRCH : 0);
        gateway.host.net.AddKeyManager(first);
        gateway.host.net.AddKeyManager(second);
        const int32_t error = gateway.Send();
        NS_TEST_EXPECT_MSG_EQ(error, error::REMOTE, "it waits");
        NS_TEST_EXPECT_MSG_EQ(first.numbers.size(), 1, "first, accepts: " << isFirst);
        NS_TEST_EXPECT_MSG_EQ(second.numbers.size(), 1, "second, accepts: " << !isFirst);
        NS_TEST_ASSERT_MSG_EQ(gateway.CountStates(), 1, "a larval state");
        const Ptr<State> larval = gateway.host.net.GetStates().GetAll().front();
        NS_TEST_EXPECT_MSG_EQ((larval->GetStatus() == StateStatus::Acquire), true, "its status");
        NS_TEST_EXPECT_MSG_EQ(larval->GetConfig().sequence, 1, "its number");
    }

    void DoRun() override
    {
        CheckRefused();
        CheckAccepted(true);
        CheckAccepted(false);
    }
};

/**
 * @ingroup xfrm-tests
 * @brief What is asked for (R148, R180): the larval state has the ends and properties of the
 * template, takes the one flow only, and has the policy's mark; template and policy come along.
 */
class AcquireContentTestCase : public TestCase
{
  public:
    AcquireContentTestCase()
        : TestCase("an acquire names flow, template, policy and mark")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        PolicyConfig config = NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate(7)});
        config.mark = {0, 0xf};
        const Ptr<Policy> policy = host.Add(config);
        host.net.GetSettings().acquireSeconds = 165;
        NotedManager manager(true, 0);
        host.net.AddKeyManager(manager);
        host.Decide();
        NS_TEST_ASSERT_MSG_EQ(manager.numbers.size(), 1, "asked");
        NS_TEST_EXPECT_MSG_EQ(manager.requestIds.front(), 7, "template");
        NS_TEST_EXPECT_MSG_EQ((manager.policies.front() == policy), true, "policy");
        const StateConfig& larval = host.net.GetStates().GetAll().front()->GetConfig();
        const StateId id{Ipv4Address("10.9.0.2"), 0, PROTO_ESP};
        NS_TEST_EXPECT_MSG_EQ((larval.id == id), true, "name, without SPI");
        NS_TEST_EXPECT_MSG_EQ((larval.source == IpAddress(Ipv4Address("10.9.0.1"))), true, "from");
        NS_TEST_EXPECT_MSG_EQ((larval.mode == Mode::Tunnel), true, "mode");
        NS_TEST_EXPECT_MSG_EQ(larval.reqid, 7, "request id");
        NS_TEST_EXPECT_MSG_EQ((larval.mark == config.mark), true, "the policy's mark");
        NS_TEST_EXPECT_MSG_EQ(larval.limits.hardAddSeconds, 165, "xfrm_acq_expires");
        const Selector& selector = larval.selector;
        NS_TEST_EXPECT_MSG_EQ((selector.source == IpAddress(Ipv4Address("10.1.0.2"))), true, "src");
        NS_TEST_EXPECT_MSG_EQ(+selector.sourcePrefix, 32, "prefix of the source");
        NS_TEST_EXPECT_MSG_EQ(+selector.destinationPrefix, 32, "prefix of the destination");
        NS_TEST_EXPECT_MSG_EQ(selector.sourcePort, 5000, "source port");
        NS_TEST_EXPECT_MSG_EQ(selector.sourcePortMask, 0xffff, "all of it");
        NS_TEST_EXPECT_MSG_EQ(selector.destinationPort, 6000, "destination port");
        NS_TEST_EXPECT_MSG_EQ(selector.destinationPortMask, 0xffff, "all of it");
        NS_TEST_EXPECT_MSG_EQ(+selector.proto, PROTO_UDP, "protocol");
        NS_TEST_EXPECT_MSG_EQ(selector.ifindex, 3, "the flow's outgoing device");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief One acquire a larval state (R183, C12, C20), and a new one when that has expired.
 *
 * Flows that fit the same template wait without asking, though the larval state's selector is
 * another's.  It is made at 0 s and lives 30 s: at 29.999 s nobody is asked, at 30 s the managers
 * are told of a hard limit (R182), and the next packet asks by number 2.
 */
class AcquireOnceTestCase : public TestCase
{
  public:
    AcquireOnceTestCase()
        : TestCase("a larval state is asked for once, and again when it has expired")
    {
    }

  private:
    void DoRun() override
    {
        AcquireFixture gateway;
        NotedManager manager(true, 0);
        gateway.host.net.AddKeyManager(manager);
        for (uint16_t port = 5000; port < 5100; ++port)
        {
            gateway.Send(port);
        }
        NS_TEST_EXPECT_MSG_EQ(manager.numbers.size(), 1, "a hundred flows");
        NS_TEST_EXPECT_MSG_EQ(gateway.CountStates(), 1, "one larval state");
        gateway.host.now = MilliSeconds(29999);
        gateway.host.net.RunTimers(gateway.host.now);
        gateway.Send();
        NS_TEST_EXPECT_MSG_EQ(manager.numbers.size(), 1, "it lives");
        const auto due = gateway.host.net.GetNextTimer();
        NS_TEST_ASSERT_MSG_EQ(due.has_value(), true, "its timer runs");
        NS_TEST_EXPECT_MSG_EQ(*due, Seconds(30), "until it is 30 s old");
        gateway.host.now = Seconds(30);
        gateway.host.net.RunTimers(gateway.host.now);
        NS_TEST_EXPECT_MSG_EQ(gateway.CountStates(), 0, "it ends");
        NS_TEST_ASSERT_MSG_EQ(manager.events.size(), 1, "told");
        NS_TEST_EXPECT_MSG_EQ(manager.events.front(), "larval hard", "of a hard limit");
        gateway.Send();
        NS_TEST_EXPECT_MSG_EQ((manager.numbers == std::vector<uint32_t>{1, 2}), true, "asked anew");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Numbers of acquires (R180): from 1, and after 2^32 - 1 comes 1, since 0 stands for none.
 */
class AcquireNumberTestCase : public TestCase
{
  public:
    AcquireNumberTestCase()
        : TestCase("the number of an acquire is never 0")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(KeyManager::GetNextNumber(0), 1, "the first");
        NS_TEST_EXPECT_MSG_EQ(KeyManager::GetNextNumber(UINT32_MAX - 1), UINT32_MAX, "the largest");
        NS_TEST_EXPECT_MSG_EQ(KeyManager::GetNextNumber(UINT32_MAX), 1, "and on");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief All managers are told of limits, listening or not (R182): EXPIRE soft and hard of a
 * state's time and packets, POLEXPIRE soft and hard of a policy.
 *
 * State and policy are added at 0 s: soft at 2 s, hard at 4 s (R160, R122).  Another state may take
 * one packet, with a warning from the first on: the first warns, the second ends it (R162).
 */
class ExpiryEventsTestCase : public TestCase
{
  public:
    ExpiryEventsTestCase()
        : TestCase("key managers are told of every limit")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        NotedManager deaf(false, 0);
        NotedManager listening(true, 0);
        host.net.AddKeyManager(deaf);
        host.net.AddKeyManager(listening);
        StateConfig state = NamespaceFixture::MakeState();
        state.limits.softAddSeconds = 2;
        state.limits.hardAddSeconds = 4;
        host.Add(state);
        PolicyConfig policy = NamespaceFixture::MakePolicy();
        policy.limits.softAddSeconds = 2;
        policy.limits.hardAddSeconds = 4;
        host.Add(policy);
        for (uint32_t second = 1; second <= 4; ++second)
        {
            host.now = Seconds(second);
            host.net.RunTimers(host.now);
        }
        const std::vector<std::string> byTime{"state soft",
                                              "policy soft",
                                              "state hard",
                                              "policy hard"};
        NS_TEST_EXPECT_MSG_EQ((listening.events == byTime), true, "by time");
        StateConfig counted = NamespaceFixture::MakeState(0x1002);
        counted.limits.softPackets = 0;
        counted.limits.hardPackets = 1;
        const Ptr<State> added = host.Add(counted);
        listening.events.clear();
        const int32_t first = host.net.CheckExpiry(added, host.now);
        added->Count(100);
        const int32_t second = host.net.CheckExpiry(added, host.now);
        NS_TEST_EXPECT_MSG_EQ(first, 0, "the first packet passes");
        NS_TEST_EXPECT_MSG_EQ(second, error::INVAL, "the second does not");
        const std::vector<std::string> byPackets{"state soft", "state hard"};
        NS_TEST_EXPECT_MSG_EQ((listening.events == byPackets), true, "by packets");
        NS_TEST_EXPECT_MSG_EQ(deaf.events.size(), 6, "one that does not listen is told too");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of what a namespace asks its key managers, and tells them.
 */
class AcquireTestSuite : public TestSuite
{
  public:
    AcquireTestSuite()
        : TestSuite("xfrm-acquire", UNIT)
    {
        AddTestCase(new AcquireUnheardTestCase, TestCase::QUICK);
        AddTestCase(new AcquireAnswersTestCase, TestCase::QUICK);
        AddTestCase(new AcquireContentTestCase, TestCase::QUICK);
        AddTestCase(new AcquireOnceTestCase, TestCase::QUICK);
        AddTestCase(new AcquireNumberTestCase, TestCase::QUICK);
        AddTestCase(new ExpiryEventsTestCase, TestCase::QUICK);
    }
};

static AcquireTestSuite g_acquireTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
