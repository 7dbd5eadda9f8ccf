/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-policy-fixture.h"

#include "ns3/nstime.h"
#include "ns3/test.h"
#include "ns3/xfrm-ipsec.h"
#include "ns3/xfrm-socket-policies.h"

#include <string>

namespace ns3::xfrm::tests
{

namespace
{

/// @return a TCP socket of port 80 at an address
SocketEndpoint
MakeSocket(const char* address = "0.0.0.0")
{
    SocketEndpoint socket;
    socket.proto = PROTO_TCP;
    socket.localAddress = Ipv4Address(address);
    socket.localPort = 80;
    return socket;
}

/// @return the same, connected to 10.0.0.2 port 5000
SocketEndpoint
MakeConnected(const char* address)
{
    SocketEndpoint socket = MakeSocket(address);
    socket.remoteAddress = Ipv4Address("10.0.0.2");
    socket.remotePort = 5000;
    return socket;
}

/// @return what is configured of a policy for all flows of a direction
PolicyConfig
MakeAnyPolicy(Direction direction = Direction::Out)
{
    PolicyConfig config = MakePolicy("0.0.0.0/0", "0.0.0.0/0");
    config.direction = direction;
    return config;
}

/// Policies of sockets beside those of a host.
struct SocketFixture : PolicyFixture
{
    /// @return a policy of a socket that was set, which has to work
    Ptr<Policy> Set(const SocketEndpoint& socket, const PolicyConfig& config)
    {
        auto policy = Create<Policy>(config);
        sockets.Set(socket, policy, now);
        return policy;
    }

    SocketPolicies sockets{database}; //!< what is tested
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief A socket has a policy for input, one for output, and no other (R119).
 *
 * Forwarding and SUB policies are refused.  An index has the direction and 3 in its low bits, from
 * the generator of all: 0 | 4 for output, 8 | 3 for input.  They are counted apart, listed with all
 * others, and found neither by a search, nor by index, nor by selector, nor by a flush.
 */
class SocketPolicySetTestCase : public TestCase
{
  public:
    SocketPolicySetTestCase()
        : TestCase("policies of sockets are listed and counted, and only their sockets find them")
    {
    }

  private:
    void ExpectRefused(SocketFixture& fixture, const PolicyConfig& config, const std::string& what)
    {
        const auto setting =
            fixture.sockets.Set(MakeSocket("10.0.0.1"), Create<Policy>(config), fixture.now);
        NS_TEST_EXPECT_MSG_EQ(setting.error, error::INVAL, what);
        NS_TEST_EXPECT_MSG_EQ(fixture.sockets.IsEmpty(), true, what);
        NS_TEST_EXPECT_MSG_EQ(fixture.database.GetAll().size(), 0, what);
    }

    void ExpectHidden(SocketFixture& fixture)
    {
        PolicyDatabase& database = fixture.database;
        const std::string found = fixture.LookUp(MakeFlow("10.0.0.1", "10.0.0.2"));
        const auto byIndex = database.RemoveByIndex(PolicyType::Main, Direction::Out, 4, {});
        const auto bySelector = database.Remove(PolicyType::Main,
                                                Direction::Out,
                                                MakeSelector("0.0.0.0/0", "0.0.0.0/0"),
                                                {});
        const size_t nFlushed = database.Flush(PolicyType::Main).size();
        NS_TEST_EXPECT_MSG_EQ(found, "", "search");
        NS_TEST_EXPECT_MSG_EQ(byIndex, nullptr, "index");
        NS_TEST_EXPECT_MSG_EQ(bySelector, nullptr, "selector");
        NS_TEST_EXPECT_MSG_EQ(nFlushed, 0, "flush");
    }

    void DoRun() override
    {
        SocketFixture fixture;
        PolicyConfig config = MakeAnyPolicy(Direction::Forward);
        ExpectRefused(fixture, config, "forward");
        config = MakeAnyPolicy();
        config.type = PolicyType::Sub;
        ExpectRefused(fixture, config, "SUB");
        const SocketEndpoint socket = MakeSocket("10.0.0.1");
        const Ptr<Policy> out = fixture.Set(socket, MakeAnyPolicy());
        const Ptr<Policy> in = fixture.Set(socket, MakeAnyPolicy(Direction::In));
        NS_TEST_EXPECT_MSG_EQ(fixture.sockets.Get(socket, Direction::Out), out, "output");
        NS_TEST_EXPECT_MSG_EQ(fixture.sockets.Get(socket, Direction::In), in, "input");
        NS_TEST_EXPECT_MSG_EQ(out->GetIndex(), 4, "index of output");
        NS_TEST_EXPECT_MSG_EQ(in->GetIndex(), 11, "index of input");
        NS_TEST_EXPECT_MSG_EQ(out->IsOfSocket(), true, "a socket's");
        NS_TEST_EXPECT_MSG_EQ(out->GetUse().addTime, fixture.now, "added now");
        const PolicyDatabase& database = fixture.database;
        NS_TEST_EXPECT_MSG_EQ(database.GetSocketCount(Direction::Out), 1, "count of output");
        NS_TEST_EXPECT_MSG_EQ(database.GetSocketCount(Direction::In), 1, "count of input");
        NS_TEST_EXPECT_MSG_EQ(database.GetCount(Direction::Out), 0, "not the host's");
        NS_TEST_EXPECT_MSG_EQ(database.GetAll().front(), in, "listed, newest first");
        ExpectHidden(fixture);
        NS_TEST_EXPECT_MSG_EQ(out->IsDead(), false, "alive");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A policy of a socket takes flows of its selector, by the socket's family, if its mark
 * takes the socket's (R119).
 *
 * The policy's own family, and the flow's mark, play no part: an IPv6 policy of an IPv4 socket
 * takes IPv4 flows.  Mark 5/0xff takes 0x105.
 */
class SocketPolicyMatchTestCase : public TestCase
{
  public:
    SocketPolicyMatchTestCase()
        : TestCase("a socket's policy takes flows by selector and the socket's mark and family")
    {
    }

  private:
    void DoRun() override
    {
        SocketFixture fixture;
        const SocketEndpoint socket = MakeSocket("10.0.0.1");
        PolicyConfig config = MakePolicy("10.0.0.0/24", "10.0.0.0/24");
        config.mark = {5, 0xff};
        const Ptr<Policy> policy = fixture.Set(socket, config);
        Flow flow = MakeFlow("10.0.0.1", "10.0.0.2");
        flow.common.mark = 6;
        const auto lookUp = [&](const Flow& f, uint32_t mark) {
            return fixture.sockets.Lookup(socket, Direction::Out, f, mark);
        };
        NS_TEST_EXPECT_MSG_EQ(lookUp(flow, 0x105), policy, "all fit");
        flow.common.mark = 5;
        NS_TEST_EXPECT_MSG_EQ(lookUp(flow, 6), nullptr, "the socket's mark");
        NS_TEST_EXPECT_MSG_EQ(lookUp(MakeFlow("10.0.0.1", "10.0.1.2"), 5), nullptr, "selector");
        NS_TEST_EXPECT_MSG_EQ(fixture.sockets.Lookup(socket, Direction::In, flow, 5),
                              nullptr,
                              "direction");
        config = {};
        config.family = Family::Ipv6;
        const Ptr<Policy> foreign = fixture.Set(socket, config);
        NS_TEST_EXPECT_MSG_EQ(lookUp(flow, 0), foreign, "a policy of another family");
        SocketEndpoint odd = socket;
        odd.family = Family::Decnet;
        fixture.Set(odd, MakeAnyPolicy());
        NS_TEST_EXPECT_MSG_EQ(fixture.sockets.Lookup(odd, Direction::Out, flow, 0),
                              nullptr,
                              "a socket of a family without address rules");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The socket of a flow is the connected one, else that of the local address, else that of
 * the local port (R119).
 *
 * Protocol, port and family tell sockets apart.
 */
class SocketPolicyEndsTestCase : public TestCase
{
  public:
    SocketPolicyEndsTestCase()
        : TestCase("the socket of the most ends in common has the policy")
    {
    }

  private:
    void DoRun() override
    {
        SocketFixture fixture;
        const Flow flow = MakeFlow("10.0.0.1", "10.0.0.2");
        const SocketEndpoint ends = MakeConnected("10.0.0.1");
        const auto lookUp = [&](const SocketEndpoint& socket) {
            return fixture.sockets.Lookup(socket, Direction::Out, flow, 0);
        };
        NS_TEST_EXPECT_MSG_EQ(lookUp(ends), nullptr, "no policies");
        const Ptr<Policy> any = fixture.Set(MakeSocket(), MakeAnyPolicy());
        NS_TEST_EXPECT_MSG_EQ(lookUp(ends), any, "any address");
        const Ptr<Policy> bound = fixture.Set(MakeSocket("10.0.0.1"), MakeAnyPolicy());
        NS_TEST_EXPECT_MSG_EQ(lookUp(ends), bound, "the local address");
        const Ptr<Policy> connected = fixture.Set(ends, MakeAnyPolicy());
        NS_TEST_EXPECT_MSG_EQ(lookUp(ends), connected, "connected");
        NS_TEST_EXPECT_MSG_EQ(lookUp(MakeConnected("10.0.0.9")), any, "another address");
        SocketEndpoint other = ends;
        other.remotePort = 5001;
        NS_TEST_EXPECT_MSG_EQ(lookUp(other), bound, "another peer");
        other = ends;
        other.proto = PROTO_UDP;
        NS_TEST_EXPECT_MSG_EQ(lookUp(other), nullptr, "another protocol");
        other = ends;
        other.localPort = 81;
        NS_TEST_EXPECT_MSG_EQ(lookUp(other), nullptr, "another port");
        other = ends;
        other.family = Family::Ipv6;
        NS_TEST_EXPECT_MSG_EQ(lookUp(other), nullptr, "another family");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A policy that is replaced, or whose socket closes, dies as deleted ones do (R119, R120).
 */
class SocketPolicyKillTestCase : public TestCase
{
  public:
    SocketPolicyKillTestCase()
        : TestCase("replaced policies of sockets die, and all when the socket closes")
    {
    }

  private:
    void ExpectDead(const Ptr<Policy>& policy, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ(policy->IsDead(), true, what);
        NS_TEST_EXPECT_MSG_EQ(policy->GetGenid(), 1, what);
    }

    void DoRun() override
    {
        SocketFixture fixture;
        const PolicyDatabase& database = fixture.database;
        const SocketEndpoint socket = MakeSocket("10.0.0.1");
        const Ptr<Policy> old = fixture.Set(socket, MakeAnyPolicy());
        const Ptr<Policy> in = fixture.Set(socket, MakeAnyPolicy(Direction::In));
        const auto next = Create<Policy>(MakeAnyPolicy());
        const auto setting = fixture.sockets.Set(socket, next, fixture.now);
        NS_TEST_EXPECT_MSG_EQ(setting.error, 0, "set");
        NS_TEST_EXPECT_MSG_EQ(setting.replaced, old, "told to the caller");
        ExpectDead(old, "replaced");
        NS_TEST_EXPECT_MSG_EQ(in->IsDead(), false, "the other direction lives");
        NS_TEST_EXPECT_MSG_EQ(next->GetIndex(), 20, "an index of its own: 16 | 4");
        NS_TEST_EXPECT_MSG_EQ(database.GetSocketCount(Direction::Out), 1, "count");
        fixture.sockets.Close(socket);
        ExpectDead(in, "closed");
        ExpectDead(next, "closed");
        NS_TEST_EXPECT_MSG_EQ(fixture.sockets.IsEmpty(), true, "none is left");
        NS_TEST_EXPECT_MSG_EQ(database.GetSocketCount(Direction::Out), 0, "count of output");
        NS_TEST_EXPECT_MSG_EQ(database.GetSocketCount(Direction::In), 0, "count of input");
        NS_TEST_EXPECT_MSG_EQ(database.GetAll().size(), 0, "list of all");
        fixture.sockets.Close(socket);
        NS_TEST_EXPECT_MSG_EQ(database.GetAll().size(), 0, "closing again does nothing");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The child of a listening socket has copies: of equal configuration, index and times, and
 * of a life of their own (R119).
 */
class SocketPolicyCloneTestCase : public TestCase
{
  public:
    SocketPolicyCloneTestCase()
        : TestCase("children of listening sockets get clones that live by themselves")
    {
    }

  private:
    void DoRun() override
    {
        SocketFixture fixture;
        const PolicyDatabase& database = fixture.database;
        PolicyConfig config = MakePolicy("10.0.0.0/24", "10.0.0.0/24", 7);
        config.templates.resize(1);
        const Ptr<Policy> original = fixture.Set(MakeSocket(), config);
        original->SetUsed(fixture.now + 3);
        const SocketEndpoint child = MakeConnected("10.0.0.1");
        fixture.sockets.Clone(MakeSocket(), child);
        const Ptr<Policy> clone = fixture.sockets.Get(child, Direction::Out);
        NS_TEST_EXPECT_MSG_NE(clone, original, "a copy");
        NS_TEST_EXPECT_MSG_EQ(clone->GetConfig().priority, 7, "its configuration");
        NS_TEST_EXPECT_MSG_EQ(clone->GetConfig().templates.size(), 1, "its templates");
        NS_TEST_EXPECT_MSG_EQ(clone->GetIndex(), original->GetIndex(), "its index");
        NS_TEST_EXPECT_MSG_EQ(clone->GetUse().addTime, fixture.now, "when it was added");
        NS_TEST_EXPECT_MSG_EQ(clone->GetUse().useTime, fixture.now + 3, "when it was used");
        NS_TEST_EXPECT_MSG_EQ(fixture.sockets.Get(child, Direction::In), nullptr, "no input");
        NS_TEST_EXPECT_MSG_EQ(database.GetSocketCount(Direction::Out), 2, "count");
        fixture.sockets.Close(MakeSocket());
        NS_TEST_EXPECT_MSG_EQ(original->IsDead(), true, "the listener's");
        NS_TEST_EXPECT_MSG_EQ(clone->IsDead(), false, "the child's");
        NS_TEST_EXPECT_MSG_EQ(database.GetSocketCount(Direction::Out), 1, "count");
        NS_TEST_EXPECT_MSG_EQ(database.GetAll().front(), clone, "list of all");
        fixture.sockets.Clone(MakeSocket(), MakeConnected("10.0.0.7"));
        NS_TEST_EXPECT_MSG_EQ(database.GetAll().size(), 1, "nothing to inherit");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A rebuild skips policies of sockets, growth does not count them, and no timer runs for
 * them (R110, R115, R119).
 *
 * Seven policies of the host and nine of sockets: 7 is not more than hmask.  The limit of 1 s never
 * ends a socket's policy.
 */
class SocketPolicyApartTestCase : public TestCase
{
  public:
    SocketPolicyApartTestCase()
        : TestCase("rebuild, growth and timers pass by the policies of sockets")
    {
    }

  private:
    void DoRun() override
    {
        SocketFixture fixture;
        PolicyDatabase& database = fixture.database;
        PolicyConfig limited = MakeAnyPolicy();
        limited.limits.hardAddSeconds = 1;
        for (uint16_t i = 0; i < 9; ++i)
        {
            SocketEndpoint socket = MakeSocket();
            socket.localPort = i;
            fixture.Set(socket, limited);
        }
        NS_TEST_EXPECT_MSG_EQ(database.GetNextDeadline(), Time::Max(), "no timer");
        std::string names;
        for (uint32_t i = 0; i < 7; ++i)
        {
            PolicyConfig config = MakeAnyPolicy();
            config.selector.user = i;
            fixture.Add(std::to_string(i), config);
            names += (names.empty() ? "" : " ") + std::to_string(i);
        }
        NS_TEST_EXPECT_MSG_EQ(database.IsGrowthDue(), false, "7 policies");
        database.SetThresholds(Family::Ipv4, 16, 16);
        database.RunRebuild();
        NS_TEST_EXPECT_MSG_EQ(fixture.GetInexact(), names, "those of the host");
        NS_TEST_EXPECT_MSG_EQ(database.GetAll().size(), 16, "all are listed");
        NS_TEST_EXPECT_MSG_EQ(database.GetSocketCount(Direction::Out), 9, "counted");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of SocketPolicies.
 */
class PolicySocketTestSuite : public TestSuite
{
  public:
    PolicySocketTestSuite()
        : TestSuite("xfrm-policy-socket", UNIT)
    {
        AddTestCase(new SocketPolicySetTestCase, TestCase::QUICK);
        AddTestCase(new SocketPolicyMatchTestCase, TestCase::QUICK);
        AddTestCase(new SocketPolicyEndsTestCase, TestCase::QUICK);
        AddTestCase(new SocketPolicyKillTestCase, TestCase::QUICK);
        AddTestCase(new SocketPolicyCloneTestCase, TestCase::QUICK);
        AddTestCase(new SocketPolicyApartTestCase, TestCase::QUICK);
    }
};

static PolicySocketTestSuite g_policySocketTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
