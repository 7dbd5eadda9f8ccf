/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-benchmarks.h"
#include "xfrm-test-line.h"
#include "xfrm-test-tunnel.h"

#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/udp-socket-factory.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3::xfrm::bench
{

namespace
{

using tests::Installed;
using tests::Line;

/// Packets in one run.
constexpr uint32_t N_PACKETS{4000};

/// IP and UDP headers [bytes]
constexpr uint32_t HEADERS_BYTES{28};

/// Sends packets from H to K, one every 200 us: slow enough for no queue to grow.
class Sender
{
  public:
    /// @param line the nodes @param packetBytes length of an IP packet [bytes]
    Sender(const Line& line, uint32_t packetBytes)
        : m_socket(Socket::CreateSocket(line.nodes.Get(0), UdpSocketFactory::GetTypeId())),
          m_payloadBytes(packetBytes - HEADERS_BYTES)
    {
        const auto sink = Socket::CreateSocket(line.nodes.Get(3), UdpSocketFactory::GetTypeId());
        sink->Bind(InetSocketAddress(Ipv4Address::GetAny(), 9));
        sink->SetRecvCallback([this](const Ptr<Socket>& socket) {
            socket->Recv();
            ++m_nReceived;
        });
        m_socket->Connect(InetSocketAddress(Line::K, 9));
        Simulator::Schedule(Seconds(1), &Sender::Send, this);
    }

    /// @return packets that reached K
    uint32_t GetReceived() const
    {
        return m_nReceived;
    }

  private:
    void Send()
    {
        m_socket->Send(Create<Packet>(m_payloadBytes));
        if (++m_nSent < N_PACKETS)
        {
            Simulator::Schedule(MicroSeconds(200), &Sender::Send, this);
        }
    }

    Ptr<Socket> m_socket;    //!< of H
    uint32_t m_payloadBytes; //!< UDP payload [bytes]
    uint32_t m_nSent{0};     //!< packets sent
    uint32_t m_nReceived{0}; //!< packets that reached K
};

/// @brief Time what a line of nodes takes to run; setting it up is not timed.
/// @param state the benchmark @param line the nodes @param packetBytes length of an IP packet
/// [bytes]
void
TimeRun(benchmark::State& state, const Line& line, uint32_t packetBytes)
{
    const Sender sender(line, packetBytes);
    const double start = GetThreadTime();
    Simulator::Run();
    state.SetIterationTime(GetThreadTime() - start);
    if (sender.GetReceived() != N_PACKETS)
    {
        state.SkipWithError("packets were lost");
    }
}

void
BenchLine(benchmark::State& state, Installed installed, uint32_t packetBytes)
{
    for (auto _ : state)
    {
        const Line line({.installed = installed});
        TimeRun(state, line, packetBytes);
    }
    state.SetItemsProcessed(state.iterations() * N_PACKETS);
}

void
BenchTunnel(benchmark::State& state, Installed installed, uint32_t packetBytes)
{
    for (auto _ : state)
    {
        const tests::TunnelLine tunnel(Mode::Tunnel,
                                       "gcm128",
                                       {.installed = installed},
                                       tests::TunnelLine::Watch::Nothing);
        TimeRun(state, tunnel.line, packetBytes);
    }
    state.SetItemsProcessed(state.iterations() * N_PACKETS);
}

} // namespace

std::vector<Entry>
GetPacketBenchmarks()
{
    const auto cross = [](Installed installed, uint32_t packetBytes) {
        return [=](benchmark::State& state) { BenchLine(state, installed, packetBytes); };
    };
    const auto tunnel = [](uint32_t packetBytes, Installed installed = Installed::Empty) {
        return [=](benchmark::State& state) { BenchTunnel(state, installed, packetBytes); };
    };
    return {
        {"packet_plain_64_us", "64 byte packet over 4 nodes", cross(Installed::Nothing, 64), true},
        {"packet_pass_64_us", "... with an empty SPD", cross(Installed::Empty, 64), true},
        {"packet_tunnel_64_us", "... through an ESP tunnel", tunnel(64), true},
        {"cores_pass_64_us", "... empty SPD, 4 cores", cross(Installed::Gateways, 64), true},
        {"cores_tunnel_64_us", "... ESP, 4 cores", tunnel(64, Installed::Gateways), true},
        {"packet_plain_1400_us", "1400 byte packet", cross(Installed::Nothing, 1400), true},
        {"packet_pass_1400_us", "... with an empty SPD", cross(Installed::Empty, 1400), true},
        {"packet_tunnel_1400_us", "... through an ESP tunnel", tunnel(1400), true},
    };
}

std::vector<Quotient>
GetPacketQuotients()
{
    return {
        {"ratio_pass_64", "to plain ns-3, empty SPD", "packet_pass_64_us", "packet_plain_64_us"},
        {"ratio_pass_1400", "...", "packet_pass_1400_us", "packet_plain_1400_us"},
        {"ratio_tunnel_64", "..., ESP tunnel", "packet_tunnel_64_us", "packet_plain_64_us"},
        {"ratio_tunnel_1400", "...", "packet_tunnel_1400_us", "packet_plain_1400_us"},
        {"ratio_cores_pass_64", "4 cores to none", "cores_pass_64_us", "packet_pass_64_us"},
        {"ratio_cores_tunnel_64", "...", "cores_tunnel_64_us", "packet_tunnel_64_us"},
    };
}

} // namespace ns3::xfrm::bench
