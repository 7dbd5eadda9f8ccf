/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/test.h"
#include "ns3/xfrm-bundle-builder.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return the makeup of the state of an element: a tunnel 10.9.0.1 -> 10.9.0.2
StateConfig
MakeTunnel(size_t place)
{
    return NamespaceFixture::MakeState(0x1001 + place, 1 + place);
}

/// A policy of so many nested tunnels, on a host that can be counted through.
class NestedTunnels
{
  public:
    /// @param nTunnels how many
    explicit NestedTunnels(size_t nTunnels)
    {
        for (size_t i = 0; i < nTunnels; ++i)
        {
            states.push_back(host.Add(MakeTunnel(i)));
        }
    }

    /// @brief Have a state stand at a place.  @param place the place @param config its makeup
    void Replace(size_t place, StateConfig config)
    {
        config.id.spi += 0x1000;
        states[place] = host.Add(config);
    }

    /// @return the account of dsts
    const Ptr<DstAccount>& GetAccount()
    {
        return host.net.GetBundles().GetAccount();
    }

    /// @return references to each state and to the plain route, routes and dsts that exist
    std::vector<uint32_t> CountAll()
    {
        std::vector<uint32_t> counts{original->GetReferenceCount(),
                                     host.routes.nLive,
                                     GetAccount()->GetLive()};
        for (const Ptr<State>& state : states)
        {
            counts.push_back(state->GetReferenceCount());
        }
        return counts;
    }

    /// @return the chain, or the error
    BuiltBundle Build()
    {
        return host.net.GetBundles().Build(states,
                                           NamespaceFixture::MakeFlow(),
                                           original,
                                           host.work.bundle);
    }

    NamespaceFixture host;                                  //!< the host
    std::vector<Ptr<State>> states;                         //!< innermost first
    Ptr<Route> original{host.routes.MakeRoute("10.1.0.2")}; //!< the plain route, over inside
};

/// A cause, and how it comes about at an element.
struct FaultCause
{
    std::string name;                                  //!< what it is
    int32_t error;                                     //!< with what the build fails
    std::function<void(NestedTunnels&, size_t)> force; //!< lets it strike the element at a place
};

/// @brief End every cause.  @param tunnels where
void
Heal(NestedTunnels& tunnels)
{
    tunnels.GetAccount()->failsAllocation = {};
    tunnels.host.net.GetBundles().SetFault({});
    tunnels.host.routes.failsWith = 0;
    for (size_t i = 0; i < tunnels.states.size(); ++i)
    {
        StateConfig config = MakeTunnel(i);
        config.id.spi += 0x2000;
        tunnels.states[i] = tunnels.host.Add(config);
    }
}

/// @return all causes that strike single elements, in the order in which a build meets them
const std::vector<FaultCause>&
GetCauses()
{
    static const std::vector<FaultCause> causes{
        {"no such family",
         error::INVAL,
         [](NestedTunnels& t, size_t place) {
             t.host.net.GetBundles().SetFault(
                 [place](size_t at) { return at == place ? error::INVAL : 0; });
         }},
        {"no memory",
         error::NOBUFS,
         [](NestedTunnels& t, size_t place) {
             t.GetAccount()->failsAllocation = [place]() mutable { return place-- == 0; };
         }},
        {"no mode for the family",
         error::AFNOSUPPORT,
         [](NestedTunnels& t, size_t place) {
             StateConfig config = MakeTunnel(place);
             config.mode = Mode::Transport;
             config.family = Family::Ipv6;
             config.flags = StateConfig::FLAG_AF_UNSPEC;
             t.Replace(place, config);
         }},
        {"the local end is not this host's",
         error::INVAL,
         [](NestedTunnels& t, size_t place) {
             StateConfig config = MakeTunnel(place);
             config.source = Ipv4Address("192.0.2.1");
             t.Replace(place, config);
         }},
        {"no outer route",
         error::NETUNREACH,
         [](NestedTunnels& t, size_t place) {
             t.host.routes.requests.clear();
             t.host.routes.failsWith = error::NETUNREACH;
             t.host.routes.nSpared = place;
         }},
    };
    return causes;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Each cause at each element of chains of 1 to XFRM_MAX_DEPTH elements (R50, R54, R79).
 *
 * Afterwards the references of states and routes and the number of dsts are what they were, and the
 * same chain is built once the cause has gone.  No device is the last route's alone, so that it
 * strikes after all elements.
 */
class BundleFaultTestCase : public TestCase
{
  public:
    BundleFaultTestCase()
        : TestCase("whatever fails at whichever element, a build leaves nothing behind")
    {
    }

  private:
    void ExpectFailure(const FaultCause& cause, size_t nElements, size_t place)
    {
        const std::string where =
            cause.name + " at " + std::to_string(place) + " of " + std::to_string(nElements);
        NestedTunnels tunnels(nElements);
        cause.force(tunnels, place);
        const std::vector<uint32_t> before = tunnels.CountAll();
        {
            const BuiltBundle built = tunnels.Build();
            NS_TEST_EXPECT_MSG_EQ(built.error, cause.error, where);
            NS_TEST_EXPECT_MSG_EQ(built.bundle, nullptr, where);
            NS_TEST_EXPECT_MSG_EQ((tunnels.CountAll() == before), true, "counts: " << where);
        }
        Heal(tunnels);
        const BuiltBundle again = tunnels.Build();
        NS_TEST_EXPECT_MSG_EQ(again.error, 0, "gone: " << where);
        NS_TEST_EXPECT_MSG_EQ(tunnels.GetAccount()->GetLive(), nElements, "dsts: " << where);
    }

    void ExpectNoDevice(size_t nElements)
    {
        NestedTunnels tunnels(nElements);
        const std::vector<uint32_t> before = tunnels.CountAll();
        tunnels.host.routes.outside.index = 0;
        const BuiltBundle built = tunnels.Build();
        NS_TEST_EXPECT_MSG_EQ(built.error, error::NODEV, nElements << " elements");
        NS_TEST_EXPECT_MSG_EQ(tunnels.host.work.bundle.nElements, nElements, "after all of them");
        NS_TEST_EXPECT_MSG_EQ((tunnels.CountAll() == before), true, nElements << " elements");
    }

    void DoRun() override
    {
        for (size_t nElements = 1; nElements <= MAX_DEPTH; ++nElements)
        {
            for (const FaultCause& cause : GetCauses())
            {
                for (size_t place = 0; place < nElements; ++place)
                {
                    ExpectFailure(cause, nElements, place);
                }
            }
            ExpectNoDevice(nElements);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief The same through a whole lookup, which also holds policies (R30, R31, R32, R34, R79).
 *
 * At most 5 templates get as far as a chain.  A chain that fails counts OutBundleGenError; a flow
 * copy that fails, after the chain was built, OutBundleCheckError (-ENOMEM).  No object is stored
 * for an error: policy and states keep the references that they had before the packet.
 */
class LookupFaultTestCase : public TestCase
{
  public:
    LookupFaultTestCase()
        : TestCase("a lookup whose chain fails gives policies, states, routes and dsts back")
    {
    }

  private:
    /// @return templates of so many tunnels
    static std::vector<Template> MakeTemplates(size_t nTunnels)
    {
        std::vector<Template> templates;
        for (size_t i = 0; i < nTunnels; ++i)
        {
            templates.push_back(NamespaceFixture::MakeTemplate(1 + i));
        }
        return templates;
    }

    void ExpectFailure(size_t nElements,
                       const std::string& name,
                       int32_t error,
                       const std::string& counters,
                       const std::function<void(NestedTunnels&)>& force)
    {
        NestedTunnels tunnels(nElements);
        const Ptr<Policy> policy =
            tunnels.host.Add(NamespaceFixture::MakePolicy(MakeTemplates(nElements)));
        force(tunnels);
        const std::vector<uint32_t> before = tunnels.CountAll();
        const uint32_t nPolicyReferences = policy->GetReferenceCount();
        const OutputDecision decision = tunnels.host.Decide();
        NS_TEST_EXPECT_MSG_EQ(decision.error, error, name);
        NS_TEST_EXPECT_MSG_EQ(tunnels.host.GetCounters(), counters, name);
        NS_TEST_EXPECT_MSG_EQ((tunnels.CountAll() == before), true, "counts: " << name);
        NS_TEST_EXPECT_MSG_EQ(policy->GetReferenceCount(), nPolicyReferences, "policy: " << name);
    }

    void DoRun() override
    {
        for (size_t nElements = 1; nElements < MAX_DEPTH; ++nElements)
        {
            for (const FaultCause& cause : GetCauses())
            {
                for (size_t place = 0; place < nElements; ++place)
                {
                    if (cause.error == error::AFNOSUPPORT || cause.name.starts_with("the local"))
                    {
                        continue; // states that no template of this policy chooses
                    }
                    ExpectFailure(nElements,
                                  cause.name,
                                  cause.error,
                                  "XfrmOutBundleGenError=1",
                                  [&](NestedTunnels& tunnels) { cause.force(tunnels, place); });
                }
            }
            ExpectFailure(nElements,
                          "no device",
                          error::NODEV,
                          "XfrmOutBundleGenError=1",
                          [](NestedTunnels& tunnels) { tunnels.host.routes.outside.index = 0; });
            ExpectFailure(nElements,
                          "no memory for the flow",
                          error::NOMEM,
                          "XfrmOutBundleCheckError=1",
                          [](NestedTunnels& tunnels) {
                              tunnels.host.net.GetFaults().flowCopy = [] { return true; };
                          });
        }
        ExpectFailure(MAX_DEPTH, "too many", error::NOBUFS, "XfrmOutPolError=1", [](auto&) {});
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Dummies that fail (R45, R46, R79, R80): no memory, and for held packets no device.
 */
class DummyFaultTestCase : public TestCase
{
  public:
    DummyFaultTestCase()
        : TestCase("a dummy that fails gives its policy, route and dst back, and counts nothing")
    {
    }

  private:
    void ExpectFailure(int32_t error, const std::function<void(NamespaceFixture&)>& force)
    {
        for (const bool holds : {false, true})
        {
            NamespaceFixture host;
            host.net.GetSettings().useLarvalDrop = !holds;
            const Ptr<Policy> policy =
                host.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
            const uint32_t nReferences = policy->GetReferenceCount();
            force(host);
            const OutputDecision decision = host.Decide();
            const bool isMet = holds || error == error::NOBUFS; // a bare one needs no device
            NS_TEST_EXPECT_MSG_EQ(decision.error, (isMet ? error : error::REMOTE), "error");
            NS_TEST_EXPECT_MSG_EQ(host.GetCounters(), (isMet ? "" : "XfrmOutNoStates=1"), "count");
            NS_TEST_EXPECT_MSG_EQ(host.routes.nLive, 0, "routes");
            NS_TEST_EXPECT_MSG_EQ(host.net.GetBundles().GetAccount()->GetLive(),
                                  (isMet ? 0 : 1),
                                  "dsts");
            NS_TEST_EXPECT_MSG_EQ(policy->GetReferenceCount(),
                                  nReferences + (isMet ? 0 : 1),
                                  "policy");
        }
    }

    void DoRun() override
    {
        ExpectFailure(error::NOBUFS, [](NamespaceFixture& host) {
            host.net.GetBundles().GetAccount()->failsAllocation = [] { return true; };
        });
        ExpectFailure(error::NODEV, [](NamespaceFixture& host) { host.routes.outside.index = 0; });
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of what failed builds leave behind.
 */
class BundleFaultTestSuite : public TestSuite
{
  public:
    BundleFaultTestSuite()
        : TestSuite("xfrm-bundle-fault", UNIT)
    {
        AddTestCase(new BundleFaultTestCase, TestCase::QUICK);
        AddTestCase(new LookupFaultTestCase, TestCase::QUICK);
        AddTestCase(new DummyFaultTestCase, TestCase::QUICK);
    }
};

static BundleFaultTestSuite g_bundleFaultTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
