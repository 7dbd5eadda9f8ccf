/*
 * SPDX-License-Identifier: GPL-2.0-only
 *
 * What becomes of packets whose state is not there yet, and of those that outlive one?
 *
 *   H 10.1.0.2 --- 10.1.0.1 A 10.9.0.1 === 10.9.0.2 B 10.2.0.1 --- 10.2.0.2 K
 *
 * A and B have policies for a tunnel between them, no states, and IKE daemons that take some time.
 *
 * First packets: 10, one every 70 ms, of H (forwarded) or of A (local).  With larval_drop those of
 * the time until the answer are lost, 0 and 70 ms or 0 to 210 ms; local senders hear nothing of it,
 * as a blackhole takes their packets.  Without it they are held, and the queue is looked at after
 * 100 ms and then, if they are H's, after 200 ms more: at 300 ms the first four leave, behind the
 * one of 280 ms.  A's own are lost at the first look that finds no state, since it is under another
 * key than theirs: two at 100 ms, two more at 240 ms.
 *
 * A full queue: 105 packets in 52 ms, and daemons that accept and never answer.  101 packets fit.
 * For H's, looks after 0.1 s, 0.2 s, ... 102.4 s more make 204.7 s, and the packet and the looks
 * at 51.1, 102.3 and 204.7 s find no larval state, as one lives 30 s, and ask.
 *
 * Rekeying: a packet that is lost, then 5000, one every 10 ms; the daemons take 255 ms.  After a
 * hard limit 26 packets die on the old chain until the answer, twice; if it is one of packets, the
 * one that finds it reached dies too.  A soft limit brings the next states in time.
 *
 * A storm: 200 flows, nine packets of each, one every 7 s, and nobody answers.  What templates ask
 * for is asked for at 0 and, when the larval states have expired, 35 s: once for a tunnel, 200
 * times if each policy has its own, and for 200 destinations of one policy in transport mode.
 *
 * Run: ./xfrm example xfrm-larval.  Expected output:
 *
 *   First packets
 *     sender  larval_drop  answer ms  told ok  lost               as  received  late  OutNoStates
 *          H            1         80        -     2  XfrmOutNoStates         8     0            2
 *          A            1         80       10     2        blackhole         8     0            2
 *          H            0         80        -     0                -        10     2            0
 *          A            0         80       10     0                -        10     2            0
 *          H            1        250        -     4  XfrmOutNoStates         6     0            4
 *          A            1        250       10     4        blackhole         6     0            4
 *          H            0        250        -     0                -        10     4            0
 *          A            0        250       10     4     held: EAGAIN         6     0            2
 *   A full queue
 *     sender  sent  told ok  told EAGAIN  held  purged after s  acquires  XfrmOutNoStates
 *          H   105        -            -   101           204.7         4                0
 *          A   105      101            4   101             0.1         1                1
 *   Rekeying, and the counters XfrmOut...
 *     limits                   sent  received  pairs  NoStates  StateExpired  StateInvalid
 *     none                     5001      5000      1         1             0             0
 *     20 s                     5001      4948      3         1             0            52
 *     15 s soft, 20 s          5001      5000      4         1             0             0
 *     2000 packets             5001      4946      3         1             2            52
 *     1500 soft, 2000 packets  5001      5000      4         1             0             0
 *   A storm
 *     policies                  daemons  packets  acquires  larval states  XfrmOutNoStates
 *     a tunnel                   absent     1800         0              0             1800
 *     a tunnel                   silent     1800         2              1             1800
 *     a tunnel for each flow     silent     1800       400            200             1800
 *     transport                  silent     1800       400            200             1800
 */

#include "ns3/boolean.h"
#include "ns3/command-line.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"
#include "ns3/xfrm-helper.h"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using xfrm::Counter;

const std::string ENDS = " tmpl src 10.9.0.1 dst 10.9.0.2 proto esp mode tunnel";
const std::string FLOWS = "ip xfrm policy add src 10.1.0.0/24 dst 10.2.0.0/24";
const std::string TUNNEL = FLOWS + " dir out" + ENDS;

/// Packets that a node sends, one after the other.
struct Stream
{
    uint32_t node;              //!< 0 to 3
    std::string to{"10.2.0.2"}; //!< whom to
    uint32_t nPackets{1};       //!< how many
    Time start{Seconds(1)};     //!< when the first
    Time interval{Time(0)};     //!< from one to the next
    uint16_t port{5000};        //!< source port
};

/// H, A, B and K, with IPsec and daemons on A and B; what A told, and what K received.
class Network
{
  public:
    Network(const std::string& outPolicy, bool isLarvalDrop, const std::string& presence);
    ~Network();

    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;

    /// @brief Send packets, each with its number in its length.
    void Send(const Stream& stream);

    /// @brief Have the daemons take some time for an answer.
    void SetAnswer(double milliseconds)
    {
        daemons->SetAttribute("Delay",
                              StringValue("ns3::ConstantRandomVariable[Constant=" +
                                          std::to_string(milliseconds / 1000) + "]"));
    }

    /// @brief Run until a time.
    static void RunUntil(Time time);

    /// @return a counter of A
    uint64_t Get(Counter counter) const
    {
        return a->GetNamespace().GetStatistics().Get(counter);
    }

    Ptr<XfrmRouting> a;                  //!< A's IPsec
    Ptr<XfrmKeyManager> daemons;         //!< of A and B
    std::vector<Time> drops;             //!< when A dropped packets
    std::string dropReason{"-"};         //!< why the last one
    uint32_t nOk{0};                     //!< A's own packets that were sent, as A's sender knows
    uint32_t nAgain{0};                  //!< and those for which it heard EAGAIN
    std::vector<Time> received;          //!< when K received packets
    std::vector<uint32_t> receivedSizes; //!< and their lengths [bytes]

  private:
    NodeContainer m_nodes{4}; //!< H, A, B, K
};

Network::Network(const std::string& outPolicy, bool isLarvalDrop, const std::string& presence)
{
    InternetStackHelper().Install(m_nodes);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
    const std::vector<std::string> networks{"10.1.0.0", "10.9.0.0", "10.2.0.0"};
    for (uint32_t i = 0; i < 3; ++i)
    {
        // Gateways have the low address of a link, and A has that of the middle one.
        const uint32_t low = i == 0 ? 1 : i;
        const auto devices = link.Install(m_nodes.Get(low), m_nodes.Get(2 * i + 1 - low));
        Ipv4AddressHelper(networks[i].c_str(), "255.255.255.0").Assign(devices);
    }
    XfrmHelper helper;
    helper.SetAttribute("LarvalDrop", BooleanValue(isLarvalDrop));
    const NodeContainer gateways(m_nodes.Get(1), m_nodes.Get(2));
    helper.Install(gateways);
    XfrmHelper::AssignStreams(gateways, 0);
    a = XfrmHelper::GetRouting(m_nodes.Get(1));
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(m_nodes.Get(1)->GetObject<Ipv4>())
        ->SetDefaultRoute("10.9.0.2", 2);
    XfrmHelper::Configure(m_nodes.Get(1), outPolicy);
    XfrmHelper::Configure(m_nodes.Get(2), FLOWS + " dir fwd" + ENDS);
    daemons = XfrmHelper::InstallKeyManager(gateways);
    daemons->AssignStreams(2);
    daemons->SetAttribute("Presence", StringValue(presence));

    a->m_dropTrace.ConnectWithoutContext(
        Callback<void, Ptr<const Packet>, const Ipv4Header&, const std::string&>(
            [this](const Ptr<const Packet>&, const Ipv4Header&, const std::string& reason) {
                drops.push_back(Simulator::Now());
                dropReason = reason;
            }));
    a->m_verdictTrace.ConnectWithoutContext(
        Callback<void, Ptr<const Packet>, const Ipv4Header&, const std::string&>(
            [this](const Ptr<const Packet>&, const Ipv4Header&, const std::string& verdict) {
                nOk += verdict == "ok" ? 1 : 0;
                nAgain += verdict == "EAGAIN" ? 1 : 0;
            }));
    const auto sink = Socket::CreateSocket(m_nodes.Get(3), UdpSocketFactory::GetTypeId());
    sink->Bind(InetSocketAddress(Ipv4Address::GetAny(), 9));
    sink->SetRecvCallback(Callback<void, Ptr<Socket>>([this](const Ptr<Socket>& socket) {
        receivedSizes.push_back(socket->Recv()->GetSize());
        received.push_back(Simulator::Now());
    }));
}

Network::~Network()
{
    Simulator::Destroy();
}

void
Network::Send(const Stream& stream)
{
    const auto source =
        Socket::CreateSocket(m_nodes.Get(stream.node), UdpSocketFactory::GetTypeId());
    // A's address towards H, since the tunnel is for that network.
    source->Bind(
        InetSocketAddress(Ipv4Address(stream.node == 1 ? "10.1.0.1" : "0.0.0.0"), stream.port));
    const InetSocketAddress target(Ipv4Address(stream.to.c_str()), 9);
    for (uint32_t i = 0; i < stream.nPackets; ++i)
    {
        Simulator::Schedule(stream.start + i * stream.interval, [source, target, i] {
            source->SendTo(Create<Packet>(100 + i % 1000), 0, target);
        });
    }
}

void
Network::RunUntil(Time time)
{
    Simulator::Stop(time - Simulator::Now());
    Simulator::Run();
}

/// @return what a number is among local senders, and a dash among forwarded packets
std::string
IfLocal(uint32_t node, uint32_t number)
{
    return node == 1 ? std::to_string(number) : "-";
}

/// @brief Print a line about the first packets of a flow.
void
PrintFlow(uint32_t node, bool isLarvalDrop, double answerMs, Time interval)
{
    Network network(TUNNEL, isLarvalDrop, "answering");
    network.SetAnswer(answerMs);
    const Stream stream{.node = node, .nPackets = 10, .interval = interval};
    network.Send(stream);
    Network::RunUntil(Seconds(5));
    uint32_t nLate = 0;
    for (size_t i = 0; i < network.received.size(); ++i)
    {
        const Time sent = stream.start + (network.receivedSizes[i] - 100) * interval;
        nLate += network.received[i] - sent > MilliSeconds(10) ? 1 : 0;
    }
    std::cout << std::setw(8) << (node == 0 ? "H" : "A") << std::setw(13) << isLarvalDrop
              << std::setw(11) << answerMs << std::setw(9) << IfLocal(node, network.nOk)
              << std::setw(6) << network.drops.size() << std::setw(17) << network.dropReason
              << std::setw(10) << network.received.size() << std::setw(6) << nLate << std::setw(13)
              << network.Get(Counter::OutNoStates) << "\n";
}

/// @brief Print what becomes of first packets.
void
PrintFirstPackets(Time interval)
{
    std::cout << "First packets\n"
                 "  sender  larval_drop  answer ms  told ok  lost               as  received  late"
                 "  OutNoStates\n";
    for (const double answerMs : {80, 250})
    {
        PrintFlow(0, true, answerMs, interval);
        PrintFlow(1, true, answerMs, interval);
        PrintFlow(0, false, answerMs, interval);
        PrintFlow(1, false, answerMs, interval);
    }
}

/// @brief Print what becomes of a burst that fills the hold queue.
void
PrintFullQueue()
{
    std::cout << "A full queue\n"
                 "  sender  sent  told ok  told EAGAIN  held  purged after s  acquires"
                 "  XfrmOutNoStates\n";
    for (const uint32_t node : {0, 1})
    {
        Network network(TUNNEL, false, "silent");
        network.Send({.node = node, .nPackets = 105, .interval = MicroSeconds(500)});
        Network::RunUntil(Seconds(300));
        const Time purged = network.drops.back();
        const auto nHeld = std::count(network.drops.begin(), network.drops.end(), purged);
        std::cout << std::setw(8) << (node == 0 ? "H" : "A") << std::setw(6) << 105 << std::setw(9)
                  << IfLocal(node, network.nOk) << std::setw(13) << IfLocal(node, network.nAgain)
                  << std::setw(6) << nHeld << std::setw(16) << std::fixed << std::setprecision(1)
                  << (purged - Seconds(1)).GetSeconds() << std::setw(10)
                  << network.daemons->GetCounts().nAcquires << std::setw(17)
                  << network.Get(Counter::OutNoStates) << "\n";
    }
}

/// Limits of states, and what they are called.
struct Limits
{
    std::string name;                 //!< in words
    Time softTime{Time(0)};           //!< attribute SoftTime
    Time hardTime{Time(0)};           //!< attribute HardTime
    uint64_t softPackets{UINT64_MAX}; //!< attribute SoftPackets
    uint64_t hardPackets{UINT64_MAX}; //!< attribute HardPackets
};

/// @brief Print what becomes of a long flow when its states reach their limits.
void
PrintRekeying()
{
    std::cout << "Rekeying, and the counters XfrmOut...\n"
                 "  limits                   sent  received  pairs  NoStates  StateExpired"
                 "  StateInvalid\n";
    const std::vector<Limits> all{
        {.name = "none"},
        {.name = "20 s", .hardTime = Seconds(20)},
        {.name = "15 s soft, 20 s", .softTime = Seconds(15), .hardTime = Seconds(20)},
        {.name = "2000 packets", .hardPackets = 2000},
        {.name = "1500 soft, 2000 packets", .softPackets = 1500, .hardPackets = 2000}};
    for (const Limits& limits : all)
    {
        Network network(TUNNEL, true, "answering");
        network.SetAnswer(255);
        network.daemons->SetAttribute("SoftTime", TimeValue(limits.softTime));
        network.daemons->SetAttribute("HardTime", TimeValue(limits.hardTime));
        network.daemons->SetAttribute("SoftPackets", UintegerValue(limits.softPackets));
        network.daemons->SetAttribute("HardPackets", UintegerValue(limits.hardPackets));
        network.Send({.node = 0});
        network.Send({.node = 0,
                      .nPackets = 5000,
                      .start = Seconds(2),
                      .interval = MilliSeconds(10),
                      .port = 5001});
        Network::RunUntil(Seconds(53));
        std::cout << "  " << std::left << std::setw(23) << limits.name << std::right << std::setw(6)
                  << 5001 << std::setw(10) << network.received.size() << std::setw(7)
                  << network.daemons->GetCounts().nPairs << std::setw(10)
                  << network.Get(Counter::OutNoStates) << std::setw(14)
                  << network.Get(Counter::OutStateExpired) << std::setw(14)
                  << network.Get(Counter::OutStateInvalid) << "\n";
    }
}

/// A storm: who sends what by which policies to whom.
struct Storm
{
    std::string name;           //!< in words
    std::string presence;       //!< of the daemons
    bool hasOwnPolicies{false}; //!< each flow has a policy with a request id of its own
    bool isTransport{false};    //!< A sends itself, to a destination a flow, in transport mode
};

/// @return A's policies in a storm
std::string
MakePolicies(const Storm& storm, uint32_t nFlows)
{
    if (storm.isTransport)
    {
        return "ip xfrm policy add src 10.1.0.0/24 dst 10.9.0.0/16 dir out"
               " tmpl proto esp mode transport";
    }
    if (!storm.hasOwnPolicies)
    {
        return TUNNEL;
    }
    std::ostringstream policies;
    for (uint32_t i = 0; i < nFlows; ++i)
    {
        policies << FLOWS << " proto udp sport " << 10000 + i << " dir out" << ENDS << " reqid "
                 << 1 + i << "\n";
    }
    return policies.str();
}

/// @brief Print what many flows ask of daemons that do not answer.
void
PrintStorm(uint32_t nFlows)
{
    std::cout << "A storm\n"
                 "  policies                  daemons  packets  acquires  larval states"
                 "  XfrmOutNoStates\n";
    const std::vector<Storm> all{{"a tunnel", "absent"},
                                 {"a tunnel", "silent"},
                                 {"a tunnel for each flow", "silent", true},
                                 {"transport", "silent", false, true}};
    for (const Storm& storm : all)
    {
        Network network(MakePolicies(storm, nFlows), true, storm.presence);
        for (uint32_t i = 0; i < nFlows; ++i)
        {
            const std::string peer =
                "10.9." + std::to_string(1 + i / 250) + "." + std::to_string(1 + i % 250);
            network.Send({.node = storm.isTransport ? 1U : 0U,
                          .to = storm.isTransport ? peer : "10.2.0.2",
                          .nPackets = 9,
                          .interval = Seconds(7),
                          .port = static_cast<uint16_t>(10000 + i)});
        }
        Network::RunUntil(Seconds(58));
        std::cout << "  " << std::left << std::setw(24) << storm.name << std::right << std::setw(9)
                  << storm.presence << std::setw(9) << network.drops.size() << std::setw(10)
                  << network.daemons->GetCounts().nAcquires << std::setw(15)
                  << network.a->GetNamespace().GetStates().GetCount() << std::setw(17)
                  << network.Get(Counter::OutNoStates) << "\n";
    }
}

int
main(int argc, char** argv)
{
    Time interval = MilliSeconds(70);
    uint32_t nFlows = 200;
    CommandLine arguments;
    arguments.AddValue("interval", "from one of the first packets to the next", interval);
    arguments.AddValue("flows", "flows of the storm, up to 50000", nFlows);
    arguments.Parse(argc, argv);
    PrintFirstPackets(interval);
    PrintFullQueue();
    PrintRekeying();
    PrintStorm(nFlows);
    return 0;
}
