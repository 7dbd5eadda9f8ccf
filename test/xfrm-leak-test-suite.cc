/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-wire.h"

#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/udp-l4-protocol.h"
#include "ns3/xfrm-helper.h"

#include <malloc.h>
#include <memory>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// @return what of the heap is in use [bytes]
size_t
GetHeapInUse()
{
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Many flows, one packet each, and nothing is left of them.
 *
 * The flow cache keeps 4096 flows at most (R66), so that once it has turned over, the heap in use
 * grows no more: two times a quarter of the flows apart, by less than a byte a packet.  Afterwards
 * each state is held by this test alone, and no dst entry of a chain is left (R80).
 */
class ManyFlowsTestCase : public TestCase
{
  public:
    /// @param nFlows flows
    explicit ManyFlowsTestCase(uint32_t nFlows)
        : TestCase("nothing is left of " + std::to_string(nFlows) + " flows"),
          m_nFlows(nFlows)
    {
    }

  private:
    /// Send one packet of the next flow, and come back for the one after.
    void SendNext(const Ptr<UdpL4Protocol>& udp)
    {
        const uint32_t flow = m_nSent++;
        udp->Send(Create<Packet>(100),
                  Line::H,
                  Line::K,
                  static_cast<uint16_t>(1 + flow % 60000),
                  static_cast<uint16_t>(1 + flow / 60000),
                  m_route);
        if (m_nSent == m_nFlows / 2 || m_nSent == m_nFlows * 3 / 4)
        {
            // A pause, in which no packet is under way.
            Simulator::Schedule(MilliSeconds(50), [this] { m_heap.push_back(GetHeapInUse()); });
            Simulator::Schedule(MilliSeconds(60), [this, udp] { SendNext(udp); });
        }
        else if (m_nSent < m_nFlows)
        {
            Simulator::Schedule(MicroSeconds(20), [this, udp] { SendNext(udp); });
        }
    }

    void DoRun() override
    {
        auto wire = std::make_unique<WireLine>(
            WireConfig{.states = "proto esp aead 'rfc4106(gcm(aes))' "
                                 "0x101112131415161718191a1b1c1d1e1fa0a1a2a3 128",
                       .templates = "proto esp reqid 1 mode tunnel"},
            XfrmRouting::CRYPTO_SIZES,
            WireLine::Watch::Nothing);
        const Ptr<Node> h = wire->line.nodes.Get(0);
        Socket::SocketErrno error = Socket::ERROR_NOTERROR;
        Ipv4Header header;
        header.SetDestination(Line::K);
        m_route = h->GetObject<Ipv4>()->GetRoutingProtocol()->RouteOutput(nullptr,
                                                                          header,
                                                                          nullptr,
                                                                          error);
        const auto udp = h->GetObject<UdpL4Protocol>();
        Simulator::Schedule(Seconds(1), [this, udp] { SendNext(udp); });
        Simulator::Stop(Seconds(2) + MicroSeconds(20) * m_nFlows);
        Simulator::Run();
        m_route = nullptr;
        std::vector<Ptr<State>> states;
        std::vector<Ptr<DstAccount>> accounts;
        for (const uint32_t node : {1, 2})
        {
            Namespace& net = wire->GetRouting(node)->GetNamespace();
            const std::vector<Ptr<State>> own = net.GetStates().GetAll();
            states.insert(states.end(), own.begin(), own.end());
            accounts.push_back(net.GetBundles().GetAccount());
        }
        const uint64_t nOpened = wire->GetRouting(2)->GetWork().transform.nOpened;
        wire.reset();
        NS_TEST_EXPECT_MSG_EQ(nOpened, m_nFlows, "all went through");
        NS_TEST_ASSERT_MSG_EQ(m_heap.size(), 2, "looks at the heap");
        NS_TEST_EXPECT_MSG_LT(m_heap[1],
                              m_heap[0] + m_nFlows / 4,
                              "heap in use, a quarter of the flows later");
        for (const Ptr<State>& state : states)
        {
            NS_TEST_EXPECT_MSG_EQ(state->GetReferenceCount(), 1, "held by this test alone");
        }
        for (const Ptr<DstAccount>& account : accounts)
        {
            NS_TEST_EXPECT_MSG_EQ(account->GetLive(), 0, "dst entries of chains");
        }
    }

    uint32_t m_nFlows;          //!< flows
    uint32_t m_nSent{0};        //!< flows so far
    Ptr<Ipv4Route> m_route;     //!< H's route to K
    std::vector<size_t> m_heap; //!< heap in use, at two times [bytes]
};

/**
 * @ingroup xfrm-tests
 * @brief Tests that nothing is left behind.
 */
class LeakTestSuite : public TestSuite
{
  public:
    LeakTestSuite()
        : TestSuite("xfrm-leak", SYSTEM)
    {
        AddTestCase(new ManyFlowsTestCase(40'000), QUICK);
        AddTestCase(new ManyFlowsTestCase(1'000'000), TAKES_FOREVER);
    }
};

const LeakTestSuite g_leakTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
