/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"
#include "ns3/xfrm-bundle-builder.h"

#include <cstdint>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return the chain of so many nested tunnels, of a flow whose plain route leads inside
Ptr<Bundle>
BuildTunnels(NamespaceFixture& host, uint32_t nTunnels)
{
    std::vector<Ptr<State>> states;
    for (uint32_t i = 0; i < nTunnels; ++i)
    {
        states.push_back(host.Add(NamespaceFixture::MakeState(0x1001 + i, 1 + i)));
    }
    return host.net.GetBundles()
        .Build(states,
               NamespaceFixture::MakeFlow(),
               host.routes.MakeRoute("10.1.0.2"),
               host.work.bundle)
        .bundle;
}

/// @return the MTU of each element, innermost first
std::vector<uint32_t>
GetMtus(const Bundle& bundle)
{
    std::vector<uint32_t> mtus;
    for (const BundleElement& element : bundle.GetElements())
    {
        mtus.push_back(element.mtu);
    }
    return mtus;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief MTUs are worked out from the last element to the first (R59, R67, R72).
 *
 * A GCM tunnel over m takes (m - 52) / 4 * 4 - 2.  Three of them over 1500: 1446 outside, over that
 * 1390, over that 1338 / 4 * 4 - 2 = 1334 inside.  In any other order the inner ones would still
 * know
 * nothing of the outer ones.  The same at a change: over 1400, 1346, 1290 and 1234.
 */
class BundleOrderTestCase : public TestCase
{
  public:
    BundleOrderTestCase()
        : TestCase("an element's MTU rests on that of the next one")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        const Ptr<Bundle> bundle = BuildTunnels(host, 3);
        NS_TEST_EXPECT_MSG_EQ((GetMtus(*bundle) == std::vector<uint32_t>{1334, 1390, 1446}),
                              true,
                              "built");
        host.routes.outside.pathMtu = 1400;
        const bool isOk = bundle->IsOk();
        NS_TEST_EXPECT_MSG_EQ(isOk, true, "no rebuild");
        NS_TEST_EXPECT_MSG_EQ((GetMtus(*bundle) == std::vector<uint32_t>{1234, 1290, 1346}),
                              true,
                              "changed");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A device that goes down (R76, R66, R70): the chain itself stays as it is.
 *
 * It is refused while the device is down, and serves again when it is up, with the elements that it
 * had.  The flow cache has dropped it meanwhile, so that the next packet builds another one.
 */
class BundleDeviceTestCase : public TestCase
{
  public:
    BundleDeviceTestCase()
        : TestCase("a device that goes down does nothing to chains but flush the flow cache")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        host.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
        host.Add(NamespaceFixture::MakeState());
        const Ptr<Bundle> held = host.Decide().bundle; // as a socket holds it
        host.routes.outside.isUp = false;
        host.net.NotifyDeviceDown(host.Here());
        bool isOk = held->IsOk();
        NS_TEST_EXPECT_MSG_EQ(isOk, false, "down");
        NS_TEST_EXPECT_MSG_EQ(held->GetElements().size(), 1, "nothing is taken from it");
        NS_TEST_EXPECT_MSG_EQ(held->GetPath()->GetDevice(), 3, "nor is it moved to the loopback");
        host.routes.outside.isUp = true;
        isOk = held->IsOk();
        NS_TEST_EXPECT_MSG_EQ(isOk, true, "up again");
        NS_TEST_EXPECT_MSG_NE(host.Decide().bundle, held, "the cache had to build another one");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A path MTU that is reported to a chain goes to its plaintext's route (R77, R78).
 *
 * The first report makes an exception and kills the route (R70): the chain is not ok, though its
 * own path is untouched.  A chain over a route of the exception is adjusted in place: (R72) 1300 is
 * less than the 1446 that the tunnel takes, 1200 less again.
 */
class BundleReportTestCase : public TestCase
{
  public:
    BundleReportTestCase()
        : TestCase("a path MTU reported to a chain is its plain route's")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        const Ptr<Bundle> first = BuildTunnels(host, 1);
        first->NotePathMtu(1300);
        NS_TEST_EXPECT_MSG_EQ(first->GetPath()->GetMtu(), 1500, "the path is not asked");
        NS_TEST_EXPECT_MSG_EQ(first->GetPath()->IsValid(), true, "and stays");
        bool isOk = first->IsOk();
        NS_TEST_EXPECT_MSG_EQ(isOk, false, "its plain route is killed");
        const Ptr<Bundle> second = host.net.GetBundles()
                                       .Build(std::vector{first->GetElements().front().state},
                                              NamespaceFixture::MakeFlow(),
                                              host.routes.MakeRoute("10.1.0.2"),
                                              host.work.bundle)
                                       .bundle;
        NS_TEST_EXPECT_MSG_EQ(second->GetMtu(), 1300, "rebuilt within the exception");
        second->NotePathMtu(1200);
        isOk = second->IsOk();
        NS_TEST_EXPECT_MSG_EQ(isOk, true, "the exception is edited");
        NS_TEST_EXPECT_MSG_EQ(second->GetMtu(), 1200, "and the chain adjusted");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A path MTU on the outer way (R78), through lookups.
 *
 * The first exception kills the route of the cached chain, so the next packet builds another chain:
 * (1400 - 52) / 4 * 4 - 2 = 1346.  The next report edits the exception, and the same chain goes on
 * with (1300 - 52) / 4 * 4 - 2 = 1246.
 */
class OuterPathMtuTestCase : public TestCase
{
  public:
    OuterPathMtuTestCase()
        : TestCase("a first exception of the outer path rebuilds chains, a later one adjusts them")
    {
    }

  private:
    void DoRun() override
    {
        NamespaceFixture host;
        host.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
        host.Add(NamespaceFixture::MakeState());
        const Ptr<Bundle> first = host.Decide().bundle;
        const auto report = [&](const Bundle& bundle, uint32_t mtu) {
            bundle.GetPath()->NotePathMtu(mtu);
            host.net.NotifyRoutesChanged();
        };
        report(*first, 1400);
        const Ptr<Bundle> second = host.Decide().bundle;
        NS_TEST_EXPECT_MSG_NE(second, first, "rebuilt");
        NS_TEST_EXPECT_MSG_EQ(second->GetMtu(), 1346, "over 1400");
        report(*second, 1300);
        const Ptr<Bundle> third = host.Decide().bundle;
        NS_TEST_EXPECT_MSG_EQ(third, second, "the same");
        NS_TEST_EXPECT_MSG_EQ(third->GetMtu(), 1246, "over 1300");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of chains over paths that change.
 */
class BundlePathTestSuite : public TestSuite
{
  public:
    BundlePathTestSuite()
        : TestSuite("xfrm-bundle-path", UNIT)
    {
        AddTestCase(new BundleOrderTestCase, TestCase::QUICK);
        AddTestCase(new BundleDeviceTestCase, TestCase::QUICK);
        AddTestCase(new BundleReportTestCase, TestCase::QUICK);
        AddTestCase(new OuterPathMtuTestCase, TestCase::QUICK);
    }
};

static BundlePathTestSuite g_bundlePathTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
