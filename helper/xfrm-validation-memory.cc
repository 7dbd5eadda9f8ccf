/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @brief V1: client - X1 - X2 - server, namespaces of one machine, a tunnel between X1 and X2.
 *
 * One CPU does all that a packet needs from client to server.  What it needs but IPsec is one price
 * for each kind of traffic: packet_received for a TCP segment, packet_sent for a packet of
 * UDP_STREAM, packet_delivered for a transaction of UDP_RR.
 *
 * A TCP segment is what segmentation offload hands on at once.  Packets of a direction come in
 * bursts of what a CPU's backlog does in a row, and two segments have an ACK.
 */

#include "xfrm-validation-host.h"
#include "xfrm-validation-scenario.h"

#include <array>

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t PACKETS{192};         //!< packets, or transactions, taken as one job
constexpr uint32_t DATAGRAM_BYTES{92};   //!< 64 bytes of UDP in IPv4 [bytes]
constexpr uint32_t ACK_BYTES{52};        //!< an ACK with timestamps [bytes]
constexpr uint32_t SEGMENT_BYTES{64000}; //!< what segmentation offload hands on at once [bytes]
constexpr uint32_t MTU_BYTES{65535};     //!< so that it passes as one packet [bytes]
constexpr uint32_t SEGMENTS_AN_ACK{2};   //!< segments that one ACK is for (RFC 1122, 4.2.3.2)
constexpr uint32_t BURST{64};            //!< segments in a row, before their ACKs (dev_weight)

const Ipv4Address CLIENT_NET("10.1.0.0");
const Ipv4Address SERVER_NET("10.2.0.0");
const Ipv4Address X1("192.0.2.1");
const Ipv4Address X2("192.0.2.2");

/// The line.
class NamespaceLine
{
  public:
    /// @param kernel which kernel is modelled
    explicit NamespaceLine(const std::string& kernel)
        : m_chains(std::make_shared<LastChains>(LastChains{.byCpu = {nullptr}})),
          m_x1({.kernel = kernel, .lastChains = m_chains, .mtu = MTU_BYTES}),
          m_x2({.kernel = kernel, .lastChains = m_chains, .mtu = MTU_BYTES})
    {
        const ValidationTunnel there{X1, X2, 1};
        const ValidationTunnel back{X2, X1, 2};
        for (ValidationHost* host : {&m_x1, &m_x2})
        {
            host->Add(there.MakeState());
            host->Add(back.MakeState());
        }
        AddPolicies(m_x1, there, CLIENT_NET, SERVER_NET, back);
        AddPolicies(m_x2, back, SERVER_NET, CLIENT_NET, there);
    }

    /// @brief A packet crosses the line.  @param isRequest from the client; else from the server
    /// @param length its length [bytes] @param context where it runs
    void Cross(bool isRequest, uint32_t length, const Context& context)
    {
        ValidationHost& near = isRequest ? m_x1 : m_x2;
        ValidationHost& far = isRequest ? m_x2 : m_x1;
        const Flow& flow = isRequest ? m_request : m_response;
        UsedObjects used;
        const auto sealed = near.Forward(flow, length, {}, context, used);
        const SecPath path = far.Open(sealed.value(), context, used);
        far.Forward(flow, length, path, context, used);
    }

  private:
    static void AddPolicies(ValidationHost& host,
                            const ValidationTunnel& out,
                            Ipv4Address near,
                            Ipv4Address far,
                            const ValidationTunnel& in)
    {
        host.Add(out.MakePolicy(Direction::Out, near, far));
        host.Add(in.MakePolicy(Direction::Forward, far, near));
    }

    std::shared_ptr<LastChains> m_chains; //!< the machine's: namespaces share them
    ValidationHost m_x1;                  //!< the client's gateway
    ValidationHost m_x2;                  //!< the server's
    Flow m_request{MakeForwardedFlow(Ipv4Address("10.1.0.1"), Ipv4Address("10.2.0.1"), 1024)};
    Flow m_response{MakeForwardedFlow(Ipv4Address("10.2.0.1"), Ipv4Address("10.1.0.1"), 1024)};
};

/// @return kernel of a row
std::string
GetKernel(const std::string& row)
{
    return row == "flow cache" ? "linux-4.1" : row == "no cache" ? "linux-4.19" : "linux-4.14";
}

/// One packet or transaction, by what is sent; number counts them.
void
DoOne(NamespaceLine& line, const std::string& column, uint32_t number, const Context& context)
{
    if (column == "UDP_STREAM")
    {
        ++context.work.packet.nSent;
        line.Cross(true, DATAGRAM_BYTES, context);
    }
    else if (column == "UDP_RR")
    {
        ++context.work.packet.nDelivered;
        line.Cross(true, DATAGRAM_BYTES, context);
        line.Cross(false, DATAGRAM_BYTES, context);
    }
    else
    {
        ++context.work.packet.nReceived;
        line.Cross(true, SEGMENT_BYTES, context);
        const uint32_t nAcks = number % BURST == 0 ? BURST / SEGMENTS_AN_ACK : 0;
        for (uint32_t i = 0; i < nAcks; ++i)
        {
            line.Cross(false, ACK_BYTES, context);
        }
    }
}

/// @return in the units of the table: Mbit/s of payload, or transactions a second
double
ToUnit(const std::string& column, double perSecond)
{
    constexpr double DATAGRAM_BITS{64 * 8};
    return column == "UDP_RR"       ? perSecond
           : column == "UDP_STREAM" ? perSecond * DATAGRAM_BITS / 1e6
                                    : perSecond * SEGMENT_BYTES * 8 / 1e6;
}

double
SimulateMemory(const TablePlace& place, const CostProfile& profile)
{
    NamespaceLine line(GetKernel(place.row));
    const double jobs =
        MeasureSaturated({.nJobs = 8, .profile = &profile}, [&](const Context& context, auto&) {
            for (uint32_t i = 0; i < PACKETS; ++i)
            {
                DoOne(line, place.column, i, context);
            }
        });
    return ToUnit(place.column, jobs * PACKETS);
}

Band
GetBand(const TablePlace& place)
{
    const double width = place.column == "TCP_STREAM" ? 0.01
                         : place.column == "UDP_RR"   ? 0.05
                                                      : 0.02;
    return {.width = width, .isAbsolute = true};
}

} // namespace

ValidationScenario
MakeMemoryScenario()
{
    ValidationScenario scenario;
    scenario.section = "V1";
    scenario.what = "TCP_STREAM and UDP_STREAM in Mbit/s, UDP_RR in transactions/s";
    scenario.rows = {"flow cache", "no cache", "per-CPU last chain"};
    scenario.columns = {"TCP_STREAM", "UDP_STREAM", "UDP_RR"};
    scenario.comparison = Comparison::FirstRow;
    scenario.getBand = GetBand;
    scenario.getProfile = [](const std::string&) { return "linux-4.12-namespaces"; };
    scenario.getFree = [](const std::string&) {
        return std::vector<std::string_view>{"packet_received",
                                             "packet_sent",
                                             "packet_delivered",
                                             "bundle"};
    };
    scenario.simulate = SimulateMemory;
    return scenario;
}

} // namespace ns3::xfrm
