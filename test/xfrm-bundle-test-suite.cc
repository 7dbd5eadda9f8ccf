/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"
#include "ns3/xfrm-bundle-builder.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// Two tunnels, one in the other, of a host whose original route leads inside.
class ChainFixture
{
  public:
    ChainFixture()
    {
        host.Add(NamespaceFixture::MakeState(0x1001));
        host.Add(NamespaceFixture::MakeState(0x1002, 2));
        const std::vector<Ptr<State>>& all = host.net.GetStates().GetAll();
        states = {all[1], all[0]};
    }

    /// @return the chain of both states, or the error
    BuiltBundle Build()
    {
        return host.net.GetBundles().Build(states,
                                           NamespaceFixture::MakeFlow(),
                                           original,
                                           host.work.bundle);
    }

    NamespaceFixture host;                                  //!< the host
    std::vector<Ptr<State>> states;                         //!< inner, outer
    Ptr<Route> original{host.routes.MakeRoute("10.1.0.2")}; //!< the plain route, over inside
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Lengths and MTUs of two nested GCM tunnels (R50, R51, R52, R53, R56, R67, R68, R69).
 *
 * One such tunnel has header_len 36 and trailer_len 21.  Over 1500 bytes it takes
 * (1500 - 36 - 16) / 4 * 4 - 2 = 1446, and over 1446 it takes 1394 / 4 * 4 - 2 = 1390.
 * Each tunnel looks up the route of its outer header: source, destination and the flow's
 * type of service masked with 0x1c, and nothing else of the flow.  The second tunnel's addresses
 * are
 * its state's own, whatever the first one's are (R55); no step before adds header space (R57);
 * device
 * and gateway are those of the last route (R58).
 */
class BundleShapeTestCase : public TestCase
{
  public:
    BundleShapeTestCase()
        : TestCase("a chain knows what is still to be added and what fits")
    {
    }

  private:
    void DoRun() override
    {
        ChainFixture fixture;
        Flow flow = NamespaceFixture::MakeFlow();
        flow.common.tos = 0xff;
        flow.common.mark = 7;
        const BuiltBundle built = fixture.host.net.GetBundles().Build(fixture.states,
                                                                      flow,
                                                                      fixture.original,
                                                                      fixture.host.work.bundle);
        NS_TEST_ASSERT_MSG_EQ(built.error, 0, "built");
        const std::vector<BundleElement>& elements = built.bundle->GetElements();
        NS_TEST_ASSERT_MSG_EQ(elements.size(), 2, "an element a state");
        NS_TEST_EXPECT_MSG_EQ(elements[0].headerLength, 72, "both headers are to come");
        NS_TEST_EXPECT_MSG_EQ(elements[1].headerLength, 36, "one header is to come");
        NS_TEST_EXPECT_MSG_EQ(elements[0].trailerLength, 42, "both trailers");
        NS_TEST_EXPECT_MSG_EQ(elements[1].trailerLength, 21, "one trailer");
        NS_TEST_EXPECT_MSG_EQ(elements[1].mtu, 1446, "outer");
        NS_TEST_EXPECT_MSG_EQ(elements[0].mtu, 1390, "inner");
        NS_TEST_EXPECT_MSG_EQ(built.bundle->GetMtu(), 1390, "the chain's is the first's");
        NS_TEST_EXPECT_MSG_EQ(elements[0].route, fixture.original, "the first's plain route");
        NS_TEST_EXPECT_MSG_NE(elements[1].route, built.bundle->GetPath(), "one lookup a tunnel");
        NS_TEST_EXPECT_MSG_EQ(built.bundle->GetPath()->GetDevice(), 3, "it leaves outside");
        const std::vector<RouteRequest>& requests = fixture.host.routes.requests;
        NS_TEST_ASSERT_MSG_EQ(requests.size(), 2, "a lookup a tunnel");
        NS_TEST_EXPECT_MSG_EQ(requests[0].source.GetIpv4(), Ipv4Address("10.9.0.1"), "source");
        NS_TEST_EXPECT_MSG_EQ(requests[0].destination.GetIpv4(), Ipv4Address("10.9.0.2"), "peer");
        NS_TEST_EXPECT_MSG_EQ(uint32_t(requests[0].tos), 0x1c, "what routing sees of the TOS");
        NS_TEST_EXPECT_MSG_EQ(requests[1].source.GetIpv4(), Ipv4Address("10.9.0.1"), "its own");
        NS_TEST_EXPECT_MSG_EQ(fixture.host.work.bundle.nElements, 2, "work: elements");
        NS_TEST_EXPECT_MSG_EQ(fixture.host.work.bundle.nRouteLookups, 2, "work: routes");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The MTU of the plain route bounds the chain's (R67); transport mode has no outer route.
 *
 * GCM transport over 1500 takes ((1500 - 16 - 16 - 20) / 4 * 4) + 20 - 2 = 1466.  Its path is the
 * original route.
 */
class BundleTransportTestCase : public TestCase
{
  public:
    BundleTransportTestCase()
        : TestCase("a transport chain stays on its plain route and within that route's MTU")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        StateConfig config = NamespaceFixture::MakeState();
        config.mode = Mode::Transport;
        const Ptr<State> state = host.Add(config);
        const Ptr<Route> original = host.routes.MakeRoute("10.9.0.2");
        const BuiltBundle built = host.net.GetBundles().Build(std::vector{state},
                                                              NamespaceFixture::MakeFlow(),
                                                              original,
                                                              host.work.bundle);
        NS_TEST_ASSERT_MSG_EQ(built.error, 0, "built");
        NS_TEST_EXPECT_MSG_EQ(built.bundle->GetPath(), original, "no lookup, the plain route");
        NS_TEST_EXPECT_MSG_EQ(built.bundle->GetMtu(), 1466, "what fits");
        host.routes.inside.mtu = 1300;
        const BuiltBundle bounded =
            host.net.GetBundles().Build(std::vector{host.Add(NamespaceFixture::MakeState(2))},
                                        NamespaceFixture::MakeFlow(),
                                        host.routes.MakeRoute("10.1.0.2"),
                                        host.work.bundle);
        NS_TEST_EXPECT_MSG_EQ(bounded.bundle->GetMtu(), 1300, "the plain route's MTU is smaller");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Everything that makes a chain unusable, one cause at a time (R70, R71, R73).
 */
class BundleOkTestCase : public TestCase
{
  public:
    BundleOkTestCase()
        : TestCase("a chain is asked for its path, device, states, policy and routes")
    {
    }

  private:
    void ExpectRefused(const std::string& cause, const std::function<void(ChainFixture&)>& change)
    {
        ChainFixture fixture;
        const Ptr<Policy> policy =
            fixture.host.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
        fixture.original = fixture.host.routes.MakeRoute("10.1.0.2");
        const Ptr<Bundle> bundle = fixture.Build().bundle;
        bundle->SetMatch({{policy}, 2});
        const bool wasOk = bundle->IsOk();
        NS_TEST_EXPECT_MSG_EQ(wasOk, true, "before: " << cause);
        change(fixture);
        const bool isOk = bundle->IsOk();
        NS_TEST_EXPECT_MSG_EQ(isOk, false, cause);
        NS_TEST_EXPECT_MSG_EQ(bundle->Check(), false, "check: " << cause);
        NS_TEST_EXPECT_MSG_EQ((bundle->Get() == Consent::Refused), true, "get: " << cause);
    }

    void DoRun() override
    {
        ExpectRefused("path", [](ChainFixture& f) { f.host.routes.outside.isRouteRight = false; });
        ExpectRefused("plain route",
                      [](ChainFixture& f) { f.host.routes.inside.isRouteRight = false; });
        ExpectRefused("route generation", [](ChainFixture& f) { f.host.routes.BumpGeneration(); });
        ExpectRefused("device down", [](ChainFixture& f) { f.host.routes.outside.isUp = false; });
        ExpectRefused("inner state dead", [](ChainFixture& f) {
            f.host.net.DeleteState(f.states[0]->GetConfig().id, 0, Family::Ipv4);
        });
        ExpectRefused("outer state dead", [](ChainFixture& f) {
            f.host.net.DeleteState(f.states[1]->GetConfig().id, 0, Family::Ipv4);
        });
        ExpectRefused("a newer state of the same request id",
                      [](ChainFixture& f) { f.host.Add(NamespaceFixture::MakeState(0x1003, 2)); });
        ExpectRefused("policy replaced", [](ChainFixture& f) {
            const Selector selector = NamespaceFixture::MakePolicy().selector;
            f.host.net.DeletePolicy(PolicyType::Main,
                                    Direction::Out,
                                    selector,
                                    Mark(),
                                    f.host.Here());
        });
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A new path MTU goes through the chain at the next look (R70g, R72).
 *
 * Over 1400 bytes the outer tunnel takes (1400 - 52) / 4 * 4 - 2 = 1346, and the inner one over
 * that 1294 / 4 * 4 - 2 = 1290.  Growing again to 1500 gives 1446 and 1390.
 */
class BundleMtuTestCase : public TestCase
{
  public:
    BundleMtuTestCase()
        : TestCase("a change of the path MTU reaches every element")
    {
    }

  private:
    void DoRun() override
    {
        ChainFixture fixture;
        const Ptr<Bundle> bundle = fixture.Build().bundle;
        const std::vector<BundleElement>& elements = bundle->GetElements();
        fixture.host.routes.outside.pathMtu = 1400;
        NS_TEST_EXPECT_MSG_EQ(bundle->GetMtu(), 1390, "not before it is looked at");
        bool isOk = bundle->IsOk();
        NS_TEST_EXPECT_MSG_EQ(isOk, true, "no rebuild");
        NS_TEST_EXPECT_MSG_EQ(elements[1].mtu, 1346, "outer");
        NS_TEST_EXPECT_MSG_EQ(elements[0].childMtu, 1346, "what the inner one sees");
        NS_TEST_EXPECT_MSG_EQ(elements[0].mtu, 1290, "inner");
        fixture.host.routes.outside.pathMtu = 0;
        isOk = bundle->IsOk();
        NS_TEST_EXPECT_MSG_EQ(isOk, true, "no rebuild");
        NS_TEST_EXPECT_MSG_EQ(elements[1].mtu, 1446, "outer again");
        NS_TEST_EXPECT_MSG_EQ(elements[0].mtu, 1390, "inner again");
        // Only the plain route of the first element shrinks: elements behind it stay (R72).
        fixture.host.routes.inside.pathMtu = 1200;
        isOk = bundle->IsOk();
        NS_TEST_EXPECT_MSG_EQ(isOk, true, "no rebuild");
        NS_TEST_EXPECT_MSG_EQ(elements[1].mtu, 1446, "outer untouched");
        NS_TEST_EXPECT_MSG_EQ(elements[0].mtu, 1200, "bounded by the plain route");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Consent of chains and dummies (R62, R63).
 *
 * A dummy that waits for states refuses; one that blocks or lets through serves, its policies'
 * death
 * notwithstanding.  No dummy survives a check.  A chain over routes that do not tell of their
 * changes is to be asked at each use.
 */
class BundleConsentTestCase : public TestCase
{
  public:
    BundleConsentTestCase()
        : TestCase("dummies serve unless they wait for states, and never survive a shrink")
    {
    }

  private:
    void DoRun() override
    {
        ChainFixture fixture;
        const std::vector<std::pair<int32_t, Consent>> rows{{1, Consent::Refused},
                                                            {0, Consent::UntilChange},
                                                            {-1, Consent::UntilChange}};
        for (const auto& [nTransforms, consent] : rows)
        {
            const BuiltBundle dummy =
                fixture.host.net.GetBundles().BuildDummy({{}, nTransforms},
                                                         fixture.host.work.bundle);
            NS_TEST_EXPECT_MSG_EQ((dummy.bundle->Get() == consent), true, nTransforms);
            NS_TEST_EXPECT_MSG_EQ(dummy.bundle->Check(), false, nTransforms);
        }
        const Ptr<Bundle> chain = fixture.Build().bundle;
        NS_TEST_EXPECT_MSG_EQ((chain->Get() == Consent::UntilChange), true, "routes tell");
        fixture.host.routes.outside.notesChanges = false;
        const Ptr<Bundle> shy = fixture.Build().bundle;
        NS_TEST_EXPECT_MSG_EQ((shy->Get() == Consent::Once), true, "routes do not tell");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A chain that cannot be built leaves nothing behind, whatever fails wherever (R50, R54,
 * R79).
 *
 * References of states and routes and the number of dsts are what they were.
 */
class BundleFailureTestCase : public TestCase
{
  public:
    BundleFailureTestCase()
        : TestCase("a failed build gives every reference back")
    {
    }

  private:
    void ExpectFailure(const std::string& cause,
                       int32_t error,
                       const std::function<void(ChainFixture&)>& change)
    {
        ChainFixture fixture;
        change(fixture);
        const auto count = [&] {
            return std::vector<uint32_t>{fixture.states[0]->GetReferenceCount(),
                                         fixture.states[1]->GetReferenceCount(),
                                         fixture.original->GetReferenceCount(),
                                         fixture.host.routes.nLive,
                                         fixture.host.net.GetBundles().GetAccount()->GetLive()};
        };
        const std::vector<uint32_t> before = count();
        const BuiltBundle built = fixture.Build();
        NS_TEST_EXPECT_MSG_EQ(built.error, error, cause);
        NS_TEST_EXPECT_MSG_EQ(built.bundle, nullptr, cause);
        NS_TEST_EXPECT_MSG_EQ((count() == before), true, "references: " << cause);
    }

    /// Lets the n-th allocation from now on fail.
    static void FailAllocation(ChainFixture& fixture, uint32_t n)
    {
        fixture.host.net.GetBundles().GetAccount()->failsAllocation = [n]() mutable {
            return n-- == 0;
        };
    }

    void DoRun() override
    {
        ExpectFailure("no memory for element 0", error::NOBUFS, [](ChainFixture& f) {
            FailAllocation(f, 0);
        });
        ExpectFailure("no memory for element 1", error::NOBUFS, [](ChainFixture& f) {
            FailAllocation(f, 1);
        });
        ExpectFailure("no outer route", error::NETUNREACH, [](ChainFixture& f) {
            f.host.routes.failsWith = error::NETUNREACH;
        });
        ExpectFailure("the local end is not this host's", error::INVAL, [](ChainFixture& f) {
            StateConfig config = NamespaceFixture::MakeState(0x1003);
            config.source = Ipv4Address("192.0.2.1");
            f.states[1] = f.host.Add(config);
        });
        ExpectFailure("no device", error::NODEV, [](ChainFixture& f) {
            f.host.routes.outside.index = 0;
        });
        ExpectFailure("no mode for the family", error::AFNOSUPPORT, [](ChainFixture& f) {
            StateConfig config = NamespaceFixture::MakeState(0x1003);
            config.mode = Mode::Transport;
            config.family = Family::Ipv6;
            config.flags = StateConfig::FLAG_AF_UNSPEC;
            f.states[1] = f.host.Add(config);
        });
        ChainFixture fixture;
        fixture.Build();
        NS_TEST_EXPECT_MSG_EQ(fixture.host.net.GetBundles().GetAccount()->GetLive(),
                              0,
                              "a chain that goes frees its dsts");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of Bundle and BundleBuilder.
 */
class BundleTestSuite : public TestSuite
{
  public:
    BundleTestSuite()
        : TestSuite("xfrm-bundle", UNIT)
    {
        AddTestCase(new BundleShapeTestCase, TestCase::QUICK);
        AddTestCase(new BundleTransportTestCase, TestCase::QUICK);
        AddTestCase(new BundleOkTestCase, TestCase::QUICK);
        AddTestCase(new BundleMtuTestCase, TestCase::QUICK);
        AddTestCase(new BundleConsentTestCase, TestCase::QUICK);
        AddTestCase(new BundleFailureTestCase, TestCase::QUICK);
    }
};

static BundleTestSuite g_bundleTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
