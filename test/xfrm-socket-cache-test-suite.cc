/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-network.h"

#include "ns3/ipv4-l3-protocol.h"
#include "ns3/test.h"
#include "ns3/xfrm-socket-cache.h"

#include <string>

namespace ns3::xfrm::tests
{

namespace
{

/// A TCP socket of a host, whose decisions are kept.
class KeptSocket
{
  public:
    KeptSocket()
        : m_cache(*m_ipv4)
    {
        flow.common.proto = PROTO_TCP;
        host.Add(NamespaceFixture::MakePolicy({NamespaceFixture::MakeTemplate()}));
    }

    /// @brief Send a segment.  @return what was decided, by the socket or by a lookup
    OutputDecision Send()
    {
        if (const OutputDecision* kept = m_cache.Find(flow))
        {
            return *kept;
        }
        const Ptr<Route> route = host.routes.MakeRoute("10.2.0.2");
        OutputDecision decision = host.lookup.DecideLocal(flow, route, host.Here());
        m_cache.Store(flow, decision, route);
        return decision;
    }

    /// @brief Drop what is kept, as negative advice does.
    void Forget()
    {
        m_cache.Forget(SocketEndpoint::OfFlow(flow, Direction::Out));
    }

    Flow flow{NamespaceFixture::MakeFlow()}; //!< of its segments
    NamespaceFixture host;                   //!< the host

  private:
    Ptr<Ipv4L3Protocol> m_ipv4{CreateObject<Ipv4L3Protocol>()}; //!< IP of a node without sockets
    SocketCache m_cache;                                        //!< what sockets keep
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief A blackhole is dead from birth (R5, R6, R7, R8): its socket looks up for every packet.
 *
 * Each lookup counts OutNoStates, and no packet that is discarded counts anything else.  The
 * blackhole has no chain, so none of a state's transformations.  Once the state is there, the chain
 * is kept, and no lookup follows.
 */
class BlackholeSocketTestCase : public TestCase
{
  public:
    BlackholeSocketTestCase()
        : TestCase("a socket never keeps a blackhole")
    {
    }

  private:
    void DoRun() override
    {
        KeptSocket socket;
        for (uint32_t n = 1; n <= 3; ++n)
        {
            const OutputDecision decision = socket.Send();
            NS_TEST_EXPECT_MSG_EQ((decision.verdict == OutputVerdict::Blackhole), true, n);
            NS_TEST_EXPECT_MSG_EQ(decision.error, 0, "its sender sees success");
            NS_TEST_EXPECT_MSG_EQ(decision.bundle, nullptr, "no chain");
            NS_TEST_EXPECT_MSG_EQ(socket.host.GetCounters(),
                                  "XfrmOutNoStates=" + std::to_string(n),
                                  "a lookup a packet");
        }
        socket.host.Add(NamespaceFixture::MakeState());
        const Ptr<Bundle> chain = socket.Send().bundle;
        NS_TEST_EXPECT_MSG_NE(chain, nullptr, "the state is there");
        NS_TEST_EXPECT_MSG_EQ(socket.Send().bundle, chain, "kept");
        NS_TEST_EXPECT_MSG_EQ(socket.host.work.nOutputLookups, 4, "no lookup for the last one");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Negative advice (R75): the socket drops its chain, whatever its state.
 *
 * The next segment is looked up.  The flow cache was not advised, so it has the same chain still.
 */
class NegativeAdviceTestCase : public TestCase
{
  public:
    NegativeAdviceTestCase()
        : TestCase("a socket that drops its chain gets it from the flow cache")
    {
    }

  private:
    void DoRun() override
    {
        KeptSocket socket;
        socket.host.Add(NamespaceFixture::MakeState());
        const Ptr<Bundle> chain = socket.Send().bundle;
        socket.Send();
        NS_TEST_EXPECT_MSG_EQ(socket.host.work.nOutputLookups, 1, "kept");
        socket.Forget();
        NS_TEST_EXPECT_MSG_EQ(socket.Send().bundle, chain, "the same chain");
        NS_TEST_EXPECT_MSG_EQ(socket.host.work.nOutputLookups, 2, "looked up");
        NS_TEST_EXPECT_MSG_EQ(socket.host.work.bundle.nBundles, 1, "not built");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of SocketCache.
 */
class SocketCacheTestSuite : public TestSuite
{
  public:
    SocketCacheTestSuite()
        : TestSuite("xfrm-socket-cache", UNIT)
    {
        AddTestCase(new BlackholeSocketTestCase, TestCase::QUICK);
        AddTestCase(new NegativeAdviceTestCase, TestCase::QUICK);
    }
};

static SocketCacheTestSuite g_socketCacheTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
