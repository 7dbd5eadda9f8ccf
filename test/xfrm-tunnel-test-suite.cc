/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-test-tunnel.h"

#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief Lengths and sequence numbers on the wire, as a real Linux 4.1.6 sent them (R200, R202,
 * R223,
 * R230, R258, R259, R274).
 *
 * Every row of the recording sizes.jsonl: the payload goes in, one ESP packet of the recorded
 * length
 * and number goes over the link between the gateways, and the payload arrives.
 */
class RecordedSizesTestCase : public TestCase
{
  public:
    RecordedSizesTestCase()
        : TestCase("packets have the lengths and numbers of the recorded ones")
    {
    }

  private:
    /// Rows of one algorithm and mode.
    struct Rows
    {
        std::vector<uint32_t> payloads;  //!< what was sent [bytes]
        std::vector<uint32_t> lengths;   //!< what went over the link [bytes]
        std::vector<uint32_t> sequences; //!< its sequence number
    };

    void Compare(const std::string& algorithm, const std::string& mode, const Rows& rows)
    {
        const bool isTunnel = mode == "tunnel";
        TunnelLine tunnel(isTunnel ? Mode::Tunnel : Mode::Transport, algorithm);
        tunnel.SendUdp(isTunnel ? 0 : 1, isTunnel ? 3 : 2, rows.payloads);
        NS_TEST_ASSERT_MSG_EQ(tunnel.onWire.size(), rows.payloads.size(), algorithm << mode);
        for (size_t i = 0; i < rows.payloads.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(tunnel.onWire[i].length, rows.lengths[i], "row " << i);
            NS_TEST_EXPECT_MSG_EQ(tunnel.onWire[i].sequence, rows.sequences[i], "row " << i);
            NS_TEST_EXPECT_MSG_EQ(tunnel.onWire[i].spi, 0x1001, "row " << i);
        }
        NS_TEST_EXPECT_MSG_EQ((tunnel.received == rows.payloads), true, "all arrive, in order");
        NS_TEST_EXPECT_MSG_EQ(tunnel.GetCounters(1) + tunnel.GetCounters(2), "", "no counter");
    }

    void DoRun() override
    {
        std::map<std::pair<std::string, std::string>, Rows> all;
        std::ifstream file(std::string(XFRM_GOLDEN_DIR) + "/captures/linux-4.1.6/sizes.jsonl");
        size_t nRows = 0;
        for (std::string line; std::getline(file, line); ++nRows)
        {
            const auto row = nlohmann::json::parse(line);
            Rows& rows = all[{row["alg"], row["mode"]}];
            rows.payloads.push_back(row["payload"]);
            rows.lengths.push_back(row["outer_len"][0]);
            rows.sequences.push_back(row["seq"][0]);
        }
        NS_TEST_ASSERT_MSG_EQ(nRows, 256, "rows recorded");
        for (const auto& [which, rows] : all)
        {
            Compare(which.first, which.second, rows);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief UDP, TCP and ping go through a tunnel both ways, whatever the links and the routing are.
 */
class TunnelTrafficTestCase : public TestCase
{
  public:
    /// @param config makeup of the line @param name of the case
    TunnelTrafficTestCase(const Line::Config& config, const std::string& name)
        : TestCase("UDP, TCP and ping go through a tunnel: " + name),
          m_config(config)
    {
    }

  private:
    void DoRun() override
    {
        const bool isDynamic =
            m_config.routes == Line::Routes::Rip || m_config.routes == Line::Routes::Olsr;
        TunnelLine tunnel(Mode::Tunnel, "gcm128", m_config);
        const IpTrace trace(tunnel.line.nodes);
        tunnel.line.AddTraffic(isDynamic ? 60 : 1);
        tunnel.line.Run(isDynamic ? 80 : 10);
        NS_TEST_EXPECT_MSG_EQ(tunnel.GetCounters(1), "", "A counts nothing");
        NS_TEST_EXPECT_MSG_EQ(tunnel.GetCounters(2), "", "B counts nothing");
        size_t nEsp = 0;
        for (const TunnelLine::OnWire& sent : tunnel.onWire)
        {
            const bool isInner = sent.header.GetDestination() == Line::K;
            NS_TEST_EXPECT_MSG_EQ(isInner, false, "nothing for K goes out in clear");
            nEsp += sent.sequence != 0; // of the fragments of a packet the first has the number
        }
        NS_TEST_EXPECT_MSG_GT(nEsp, 100, "much goes through the tunnel");
        const LifetimeUse& sent = tunnel.GetState(1)->GetUse();
        const LifetimeUse& opened = tunnel.GetState(2)->GetUse();
        NS_TEST_EXPECT_MSG_EQ(sent.packets, nEsp, "A's state counts them");
        if (m_config.link == Line::Link::Csma)
        {
            NS_TEST_EXPECT_MSG_LT(sent.packets - opened.packets, 10, "few wait for ARP in vain");
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(opened.packets, sent.packets, "B's state counts the same");
        NS_TEST_EXPECT_MSG_EQ(opened.bytes, sent.bytes, "and as many bytes (R218, R254)");
    }

    Line::Config m_config; //!< makeup of the line
};

/**
 * @ingroup xfrm-tests
 * @brief A packet whose TTL ends on the way through a tunnel (R226, R271).
 *
 * TTL 1 ends at A, TTL 2 at B, which decrements the inner TTL after it has opened the packet; TTL 3
 * reaches K.  A asks neither policies for output nor the tunnel for a packet that ends there.
 */
class TunnelTimeExceededTestCase : public TestCase
{
  public:
    TunnelTimeExceededTestCase()
        : TestCase("time exceeded comes from the right hop through a tunnel")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<std::string> senders{"10.1.0.1", "10.9.0.2", ""};
        for (uint8_t ttl = 1; ttl <= 3; ++ttl)
        {
            TunnelLine tunnel;
            std::vector<Ipv4Address> answers;
            tunnel.line.nodes.Get(0)->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
                "LocalDeliver",
                Callback<void, const Ipv4Header&, Ptr<const Packet>, uint32_t>(
                    [&](const Ipv4Header& header, const Ptr<const Packet>&, uint32_t) {
                        if (header.GetProtocol() == PROTO_ICMP)
                        {
                            answers.push_back(header.GetSource());
                        }
                    }));
            tunnel.SendUdp(0, 3, {100}, [ttl](const Ptr<Socket>& socket) {
                socket->SetIpTtl(ttl);
            });
            const std::string& expected = senders[ttl - 1];
            NS_TEST_EXPECT_MSG_EQ(answers.size(), (expected.empty() ? 0 : 1), "TTL " << +ttl);
            if (!answers.empty())
            {
                NS_TEST_EXPECT_MSG_EQ(answers[0], Ipv4Address(expected.c_str()), "TTL " << +ttl);
            }
            NS_TEST_EXPECT_MSG_EQ(tunnel.received.size(), (ttl == 3 ? 1 : 0), "TTL " << +ttl);
            NS_TEST_EXPECT_MSG_EQ(tunnel.GetState(1)->GetUse().packets,
                                  (ttl == 1 ? 0 : 1),
                                  "through the tunnel, TTL " << +ttl);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Packets that leave a chain in many fragments (R200, R205): put together again, and opened.
 *
 * 4000 bytes of payload become some 4090, so three fragments of 1500, through a tunnel and, sent by
 * the gateway itself, in transport mode.  8000 bytes are six.
 */
class TunnelFragmentsTestCase : public TestCase
{
  public:
    TunnelFragmentsTestCase()
        : TestCase("packets in many fragments are opened")
    {
    }

  private:
    void DoRun() override
    {
        for (const Mode mode : {Mode::Tunnel, Mode::Transport})
        {
            TunnelLine tunnel(mode);
            // Larger links outside: forwarded packets reach A whole.
            for (const uint32_t node : {0, 3})
            {
                tunnel.line.nodes.Get(node)->GetDevice(1)->SetMtu(9000);
            }
            tunnel.line.nodes.Get(1)->GetDevice(1)->SetMtu(9000);
            tunnel.line.nodes.Get(2)->GetDevice(2)->SetMtu(9000);
            const bool isTunnel = mode == Mode::Tunnel;
            const std::vector<uint32_t> payloads{100, 4000, 8000, 4001};
            tunnel.SendUdp(isTunnel ? 0 : 1, isTunnel ? 3 : 2, payloads);
            NS_TEST_EXPECT_MSG_EQ((tunnel.received == payloads), true, "all arrive whole");
            NS_TEST_EXPECT_MSG_EQ(tunnel.onWire.size(), 1 + 3 + 6 + 3, "fragments");
            NS_TEST_EXPECT_MSG_EQ(tunnel.GetCounters(2), "", "no counter");
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief States that a node can't carry yet are refused: AH, and ESP in UDP.
 */
class UncarriedStateTestCase : public TestCase
{
  public:
    UncarriedStateTestCase()
        : TestCase("a node that makes real bytes refuses states whose ciphers it has not")
    {
    }

  private:
    void DoRun() override
    {
        const TunnelLine tunnel;
        StateConfig serpent = MakeRecordedState("10.9.0.1", "10.9.0.2", 3, Mode::Tunnel, "gcm128");
        serpent.aead.reset();
        serpent.encryption = Algorithm{"cbc(serpent)", std::vector<uint8_t>(16), 0};
        const Ptr<XfrmRouting> routing = tunnel.GetRouting(1);
        NS_TEST_EXPECT_MSG_EQ(routing->GetNamespace().AddState(serpent, Time(0)), 0, "lengths");
        const auto isRefused = [](const std::function<void()>& action) {
            try
            {
                action();
                return false;
            }
            catch (const std::invalid_argument& error)
            {
                return std::string(error.what()).find("cbc(aes)") != std::string::npos;
            }
        };
        const auto choose = [&] { routing->SetCrypto(XfrmRouting::CRYPTO_REAL); };
        NS_TEST_EXPECT_MSG_EQ(isRefused(choose), true, "there is such a state");
        routing->GetNamespace().FlushStates(PROTO_ANY);
        NS_TEST_EXPECT_MSG_EQ(isRefused(choose), false, "there is none any more");
        const auto add = [&] { routing->GetNamespace().AddState(serpent, Time(0)); };
        NS_TEST_EXPECT_MSG_EQ(isRefused(add), true, "no more of them");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of gateways with a tunnel between them.
 */
class TunnelTestSuite : public TestSuite
{
  public:
    TunnelTestSuite()
        : TestSuite("xfrm-tunnel", SYSTEM)
    {
        AddTestCase(new RecordedSizesTestCase, TestCase::QUICK);
        const auto add = [this](const std::string& name, Line::Link link, Line::Routes routes) {
            const Line::Config config{.link = link,
                                      .routes = routes,
                                      .installed = Installed::Empty};
            AddTestCase(new TunnelTrafficTestCase(config, name), TestCase::QUICK);
        };
        add("static routes", Line::Link::PointToPoint, Line::Routes::Static);
        add("global routing", Line::Link::PointToPoint, Line::Routes::Global);
        add("Ethernet", Line::Link::Csma, Line::Routes::Static);
        add("RIP", Line::Link::PointToPoint, Line::Routes::Rip);
        add("OLSR", Line::Link::PointToPoint, Line::Routes::Olsr);
        AddTestCase(new TunnelTimeExceededTestCase, TestCase::QUICK);
        AddTestCase(new TunnelFragmentsTestCase, TestCase::QUICK);
        AddTestCase(new UncarriedStateTestCase, TestCase::QUICK);
    }
};

static TunnelTestSuite g_tunnelTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
