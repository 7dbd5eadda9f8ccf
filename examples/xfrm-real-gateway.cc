/*
 * SPDX-License-Identifier: GPL-2.0-only
 *
 * Does real traffic go through simulated gateways?
 *
 *   namespace 10.1.0.2 --tap-- 10.1.0.1 A 10.9.0.1 === 10.9.0.2 B 10.2.0.1 --- 10.2.0.2 K
 *
 * A tap device joins the network namespace in which this runs to A.  What the namespace sends to
 * K, which answers ping and UDP to port 7, and takes TCP to port 9, A puts in ESP and B takes out
 * of it, in real time and with real bytes.  With --kernel there is no A: the namespace's kernel is
 * B's peer, set up by the same `ip xfrm` commands.
 *
 *   namespace 10.9.0.1 ==tap== 10.9.0.2 B 10.2.0.1 --- 10.2.0.2 K
 *
 * Run, as root:
 *
 *   unshare --net
 *   program=build/release/examples/xfrm-real-gateway
 *   $program --duration=60s & sleep 1
 *   $program --commands | sh -ex
 *   ping -c 3 10.2.0.2
 *   kill -INT $!; wait
 *
 * Expected report at the end:
 *
 *   A sealed 3 packets and opened 3
 *   B sealed 3 packets and opened 3
 *   K received 0 bytes of UDP and 0 of TCP
 */

#include "ns3/boolean.h"
#include "ns3/command-line.h"
#include "ns3/fd-net-device.h"
#include "ns3/global-value.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/mac48-address.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-echo-helper.h"
#include "ns3/xfrm-helper.h"

#include <csignal>
#include <fcntl.h>
#include <iostream>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sstream>
#include <sys/ioctl.h>
#include <system_error>
#include <unistd.h>

using namespace ns3;

namespace
{

const std::string PRIVILEGES{"needs root, or CAP_NET_ADMIN in the network namespace, and access to "
                             "/dev/net/tun"};

/// What the command line says.
struct Options
{
    std::string tap{"xfrm0"};   //!< name of the tap device
    bool isKernel{false};       //!< the kernel of the namespace is B's peer
    bool isForCommands{false};  //!< print commands for the namespace, and do nothing
    Time duration{Seconds(60)}; //!< how long to run
    std::string pcap;           //!< where to write packets of the link to B; empty: nowhere
};

/// @return the `ip xfrm` commands of A, or with the directions swapped of B
std::string
MakeIpXfrm(bool isA)
{
    const std::string there = "src 10.9.0.1 dst 10.9.0.2 proto esp ";
    const std::string back = "src 10.9.0.2 dst 10.9.0.1 proto esp ";
    const std::string key = "reqid 1 mode tunnel replay-window 32 aead 'rfc4106(gcm(aes))' 0x";
    const std::string send = "policy add src 10.1.0.0/24 dst 10.2.0.0/24 dir ";
    const std::string receive = "policy add src 10.2.0.0/24 dst 10.1.0.0/24 dir ";
    const std::string from = " tmpl " + there + "reqid 1 mode tunnel\n";
    const std::string to = " tmpl " + back + "reqid 1 mode tunnel\n";
    const std::string ip = "ip xfrm ";
    return ip + "state add " + there + "spi 0x1001 " + key +
           "101112131415161718191a1b1c1d1e1fa0a1a2a3 128\n" + ip + "state add " + back +
           "spi 0x2001 " + key + "202122232425262728292a2b2c2d2e2fb0b1b2b3 128\n" + ip + send +
           (isA ? "out" : "in") + from + ip + receive + (isA ? "in" : "out") + to + ip +
           (isA ? receive + "fwd" + to : send + "fwd" + from);
}

/// @brief Print what to do in the namespace.
void
PrintCommands(const Options& options)
{
    const std::string& tap = options.tap;
    if (!options.isKernel)
    {
        std::cout << "ip addr add 10.1.0.2/24 dev " << tap << "\nip link set " << tap << " up\n"
                  << "ip route add 10.2.0.0/24 via 10.1.0.1\n";
        return;
    }
    std::cout << "ip link set lo up\nip addr add 10.1.0.2/32 dev lo\n"
              << "ip addr add 10.9.0.1/24 dev " << tap << "\nip link set " << tap << " up\n"
              << "ip route add 10.2.0.0/24 via 10.9.0.2 src 10.1.0.2\n"
              << MakeIpXfrm(true);
}

/// @return a new tap device @param name its name; throws std::system_error
int
OpenTap(const std::string& name)
{
    const int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    if (tun < 0)
    {
        throw std::system_error(errno, std::generic_category(), "/dev/net/tun");
    }
    ifreq request{};
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    name.copy(request.ifr_name, IFNAMSIZ - 1);
    if (ioctl(tun, TUNSETIFF, &request) != 0)
    {
        const int error = errno;
        close(tun);
        throw std::system_error(error, std::generic_category(), "tap device " + name);
    }
    return tun;
}

/// @brief Give a device an address of a network of 24 bits.
void
SetAddress(const Ptr<NetDevice>& device, const char* address)
{
    const auto ipv4 = device->GetNode()->GetObject<Ipv4>();
    const uint32_t interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(Ipv4Address(address), Ipv4Mask("/24")));
    ipv4->SetUp(interface);
}

/// @brief Reach a network of 24 bits by a device.
void
AddRoute(const Ptr<NetDevice>& device, const char* network, const char* gateway)
{
    const auto ipv4 = device->GetNode()->GetObject<Ipv4>();
    Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->AddNetworkRouteTo(
        Ipv4Address(network),
        Ipv4Mask("/24"),
        Ipv4Address(gateway),
        ipv4->GetInterfaceForDevice(device));
}

/// @return a device of a node that is the tap device @param tun its file
Ptr<NetDevice>
JoinNamespace(const Ptr<Node>& node, int tun)
{
    const auto device = CreateObject<FdNetDevice>();
    device->SetAddress(Mac48Address::Allocate());
    device->SetFileDescriptor(tun);
    node->AddDevice(device);
    return device;
}

/// @brief Say what a gateway did.
void
Report(const char* name, const Ptr<XfrmRouting>& gateway)
{
    const auto& work = gateway->GetWork().transform;
    std::cout << name << " sealed " << work.nSealed << " packets and opened " << work.nOpened
              << '\n';
    std::ostringstream counters;
    gateway->GetNamespace().GetStatistics().Print(counters);
    std::istringstream lines(counters.str());
    std::string label;
    for (uint64_t value = 0; lines >> label >> value;)
    {
        if (value != 0)
        {
            std::cout << name << ' ' << label << ' ' << value << '\n';
        }
    }
}

volatile std::sig_atomic_t g_isInterrupted{0}; //!< a signal came

/// @brief End the simulation soon after a signal.
void
WatchSignals()
{
    if (g_isInterrupted != 0)
    {
        Simulator::Stop();
        return;
    }
    Simulator::Schedule(MilliSeconds(50), &WatchSignals);
}

/**
 * @brief The simulated gateways and host.
 */
class Network
{
  public:
    /// @param options what the command line says @param tun file of the tap device
    Network(const Options& options, int tun)
        : m_nodes(options.isKernel ? 2 : 3)
    {
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.Install(m_nodes);
        const uint32_t b = m_nodes.GetN() - 2;
        PointToPointHelper links;
        links.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
        links.SetChannelAttribute("Delay", StringValue("1ms"));
        const auto inside = links.Install(m_nodes.Get(b), m_nodes.Get(b + 1));
        Ptr<NetDevice> outside = JoinNamespace(m_nodes.Get(0), tun);
        if (!options.isKernel)
        {
            const auto middle = links.Install(m_nodes.Get(0), m_nodes.Get(1));
            SetAddress(outside, "10.1.0.1");
            SetAddress(middle.Get(0), "10.9.0.1");
            AddRoute(middle.Get(0), "10.2.0.0", "10.9.0.2");
            outside = middle.Get(1);
        }
        SetAddress(outside, "10.9.0.2");
        AddRoute(outside, "10.1.0.0", "10.9.0.1");
        SetAddress(inside.Get(0), "10.2.0.1");
        SetAddress(inside.Get(1), "10.2.0.2");
        AddRoute(inside.Get(1), "10.1.0.0", "10.2.0.1");
        SetUpIpsec();
        Serve();
        if (!options.pcap.empty())
        {
            InternetStackHelper().EnablePcapIpv4(options.pcap, m_nodes.Get(b));
        }
    }

    /// @brief Say what happened.
    void Report() const
    {
        for (uint32_t i = 0; i + 1 < m_nodes.GetN(); ++i)
        {
            ::Report(IsA(i) ? "A" : "B", XfrmHelper::GetRouting(m_nodes.Get(i)));
        }
        std::cout << "K received " << m_nUdpBytes << " bytes of UDP and " << m_tcp->GetTotalRx()
                  << " of TCP\n";
    }

  private:
    /// @return whether a node is A
    bool IsA(uint32_t node) const
    {
        return node + 3 == m_nodes.GetN();
    }

    /// Makes all but K gateways.
    void SetUpIpsec()
    {
        for (uint32_t i = 0; i + 1 < m_nodes.GetN(); ++i)
        {
            XfrmHelper().Install(m_nodes.Get(i));
            XfrmHelper::Configure(m_nodes.Get(i), MakeIpXfrm(IsA(i)));
        }
    }

    /// Lets K answer UDP and take TCP.
    void Serve()
    {
        const Ptr<Node> k = m_nodes.Get(m_nodes.GetN() - 1);
        UdpEchoServerHelper(7).Install(k).Get(0)->TraceConnectWithoutContext(
            "Rx",
            Callback<void, Ptr<const Packet>>(
                [this](const Ptr<const Packet>& packet) { m_nUdpBytes += packet->GetSize(); }));
        PacketSinkHelper sink("ns3::TcpSocketFactory", InetSocketAddress("0.0.0.0", 9));
        m_tcp = DynamicCast<PacketSink>(sink.Install(k).Get(0));
    }

    NodeContainer m_nodes;   //!< A, unless the kernel is B's peer; B; K
    Ptr<PacketSink> m_tcp;   //!< takes TCP on K
    uint64_t m_nUdpBytes{0}; //!< UDP that K answered [bytes]
};

/// @brief Simulate in real time until the end, or a signal.
void
Run(const Options& options)
{
    GlobalValue::Bind("SimulatorImplementationType", StringValue("ns3::RealtimeSimulatorImpl"));
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    const Network network(options, OpenTap(options.tap));
    std::signal(SIGINT, [](int) { g_isInterrupted = 1; });
    std::signal(SIGTERM, [](int) { g_isInterrupted = 1; });
    Simulator::ScheduleNow(&WatchSignals);
    Simulator::Stop(options.duration);
    std::cout << "tap device " << options.tap << " is there for " << options.duration.GetSeconds()
              << " s" << std::endl;
    Simulator::Run();
    network.Report();
    Simulator::Destroy();
}

} // namespace

int
main(int argc, char** argv)
{
    Options options;
    CommandLine arguments;
    arguments.Usage("Joins this network namespace to simulated IPsec gateways by a tap device.\n"
                    "Printing --commands aside, this " +
                    PRIVILEGES + ".");
    arguments.AddValue("tap", "name of the tap device", options.tap);
    arguments.AddValue("kernel",
                       "let the kernel of the namespace be the peer, not a simulated gateway",
                       options.isKernel);
    arguments.AddValue("commands", "print what to do in the namespace", options.isForCommands);
    arguments.AddValue("duration", "how long to run, unless a signal ends it", options.duration);
    arguments.AddValue("pcap", "prefix of captures of B", options.pcap);
    arguments.Parse(argc, argv);
    if (options.isForCommands)
    {
        PrintCommands(options);
        return 0;
    }
    try
    {
        Run(options);
    }
    catch (const std::system_error& error)
    {
        std::cerr << "xfrm-real-gateway: " << error.what() << " (" << PRIVILEGES << ")\n";
        return 2;
    }
    return 0;
}
