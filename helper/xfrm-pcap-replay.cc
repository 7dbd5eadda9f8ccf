/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-pcap-replay.h"

#include "ns3/double.h"
#include "ns3/integer.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("XfrmPcapReplay");

NS_OBJECT_ENSURE_REGISTERED(XfrmPcapReplay);

TypeId
XfrmPcapReplay::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::XfrmPcapReplay")
            .SetParent<Application>()
            .SetGroupName("Xfrm")
            .AddConstructor<XfrmPcapReplay>()
            .AddAttribute("FileName",
                          "The capture, pcap or pcapng.",
                          StringValue(""),
                          MakeStringAccessor(&XfrmPcapReplay::m_fileName),
                          MakeStringChecker())
            .AddAttribute("Filter",
                          "Which frames of it count, as in pcap-filter(7); empty: all.",
                          StringValue(""),
                          MakeStringAccessor(&XfrmPcapReplay::m_filter),
                          MakeStringChecker())
            .AddAttribute("Rate",
                          "Packets per second; 0: as the file's times say.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&XfrmPcapReplay::m_rate),
                          MakeDoubleChecker<double>(0, 1e9))
            .AddAttribute("TimeScale",
                          "What distances in the file are multiplied by, above 1 to be slower; "
                          "without meaning if Rate is set.",
                          DoubleValue(1),
                          MakeDoubleAccessor(&XfrmPcapReplay::m_timeScale),
                          MakeDoubleChecker<double>(1e-9, 1e9))
            .AddAttribute("Repeat",
                          "How many times the file is sent.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&XfrmPcapReplay::m_repeat),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("ReceiveFrom",
                          "Number of the interface of Ipv4 by whose device the packets come in; "
                          "-1: this host sends them.",
                          IntegerValue(-1),
                          MakeIntegerAccessor(&XfrmPcapReplay::m_receiveFrom),
                          MakeIntegerChecker<int32_t>(-1))
            .AddTraceSource("Sent",
                            "A packet was sent, or came in; with its IP header.",
                            MakeTraceSourceAccessor(&XfrmPcapReplay::m_sentTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("Skipped",
                            "A frame of the file was not sent: its number, and why.",
                            MakeTraceSourceAccessor(&XfrmPcapReplay::m_skippedTrace),
                            "ns3::XfrmPcapReplay::SkippedCallback");
    return tid;
}

XfrmPcapReplay::XfrmPcapReplay() = default;
XfrmPcapReplay::~XfrmPcapReplay() = default;

uint64_t
XfrmPcapReplay::GetSent() const
{
    return m_nSent;
}

uint64_t
XfrmPcapReplay::GetSkipped() const
{
    return m_nSkipped;
}

void
XfrmPcapReplay::DoDispose()
{
    m_reader.reset();
    m_ipv4 = nullptr;
    m_device = nullptr;
    Application::DoDispose();
}

void
XfrmPcapReplay::StartApplication()
{
    NS_LOG_FUNCTION(this);
    m_ipv4 = GetNode()->GetObject<Ipv4L3Protocol>();
    NS_ABORT_MSG_UNLESS(m_ipv4, "XfrmPcapReplay: node " << GetNode()->GetId() << " must have IP");
    if (m_receiveFrom >= 0)
    {
        const uint32_t nInterfaces = m_ipv4->GetNInterfaces();
        NS_ABORT_MSG_UNLESS(static_cast<uint32_t>(m_receiveFrom) < nInterfaces,
                            "XfrmPcapReplay: ReceiveFrom "
                                << m_receiveFrom << ": must be -1 or less than " << nInterfaces);
        m_device = m_ipv4->GetNetDevice(m_receiveFrom);
    }
    m_start = Simulator::Now();
    ScheduleNext();
}

void
XfrmPcapReplay::StopApplication()
{
    NS_LOG_FUNCTION(this);
    m_next.Cancel();
    m_reader.reset();
}

void
XfrmPcapReplay::Open()
{
    m_reader = std::make_unique<xfrm::PcapReader>(m_fileName, m_filter);
    m_reader->SetSkipListener(
        [this](uint64_t number, xfrm::PcapSkip why) { Skip(number, xfrm::GetText(why)); });
}

/// @return the next packet, of the next pass if need be; none behind the last one
std::optional<xfrm::CapturedPacket>
XfrmPcapReplay::Read()
{
    try
    {
        std::optional<xfrm::CapturedPacket> packet;
        if (m_reader)
        {
            packet = m_reader->Next();
        }
        const bool isOver = m_reader && m_nInPass == 0; // a file without packets has no more later
        if (packet || isOver || m_nPasses == m_repeat)
        {
            return packet;
        }
        Open();
        packet = m_reader->Next();
        ++m_nPasses;
        m_passStart = BeginPass();
        m_nInPass = 0;
        m_firstCaptured = m_lastCaptured = packet ? packet->time : Time(0);
        return packet;
    }
    catch (const std::invalid_argument& error)
    {
        NS_ABORT_MSG("XfrmPcapReplay: " << error.what());
    }
}

/// @return when the pass that is being begun begins
Time
XfrmPcapReplay::BeginPass()
{
    const Time length = (m_lastCaptured - m_firstCaptured) * int64x64_t(m_timeScale);
    const Time distance = m_nInPass > 1 ? length / static_cast<int64_t>(m_nInPass - 1) : Time(0);
    return m_nPasses == 1 ? m_start : m_passStart + length + distance;
}

/// @return when to send a packet that was read last
Time
XfrmPcapReplay::GetSendTime(const xfrm::CapturedPacket& packet) const
{
    if (m_rate > 0)
    {
        return m_start + Seconds(static_cast<double>(m_nRead) / m_rate);
    }
    return m_passStart + (packet.time - m_firstCaptured) * int64x64_t(m_timeScale);
}

void
XfrmPcapReplay::ScheduleNext()
{
    m_packet = Read();
    if (!m_packet)
    {
        m_reader.reset();
        return;
    }
    const Time time = std::max(GetSendTime(*m_packet), Simulator::Now());
    m_lastCaptured = std::max(m_lastCaptured, m_packet->time);
    ++m_nInPass;
    ++m_nRead;
    m_next = Simulator::Schedule(time - Simulator::Now(), [this] {
        Send(*m_packet);
        ScheduleNext();
    });
}

/// @return why a packet can't be sent; null if it can
const char*
XfrmPcapReplay::FindObstacle(const Ipv4Header& header) const
{
    const Ipv4Address destination = header.GetDestination();
    if (header.GetSerializedSize() != Ipv4Header().GetSerializedSize())
    {
        return "IP options";
    }
    if (!m_device && (destination.IsLocalMulticast() || destination.IsBroadcast()))
    {
        return "link-local multicast or broadcast"; // routing protocols need a device for them
    }
    return nullptr;
}

void
XfrmPcapReplay::Send(const xfrm::CapturedPacket& captured)
{
    Ipv4Header header;
    const auto packet = Create<Packet>(captured.ip.data(), captured.ip.size());
    packet->PeekHeader(header);
    if (const char* const why = FindObstacle(header))
    {
        Skip(captured.number, why);
        return;
    }
    if (captured.isTruncated)
    {
        const uint32_t totalBytes = header.GetSerializedSize() + header.GetPayloadSize();
        packet->AddAtEnd(Create<Packet>(totalBytes - packet->GetSize()));
    }
    const Ptr<Packet> sent = packet->Copy();
    if (m_device)
    {
        // Sender and receiver of the frame are those of another network.
        const Address address = m_device->GetAddress();
        m_ipv4->Receive(m_device,
                        packet,
                        Ipv4L3Protocol::PROT_NUMBER,
                        address,
                        address,
                        NetDevice::PACKET_HOST);
    }
    else if (!SendAsHost(packet))
    {
        Skip(captured.number, "no route, or refused by IPsec");
        return;
    }
    ++m_nSent;
    m_sentTrace(sent);
}

/// What Ipv4RawSocketImpl does with IpHeaderInclude; that one aborts if the source is not an
/// address of the node.  @return whether there was a route
bool
XfrmPcapReplay::SendAsHost(const Ptr<Packet>& packet)
{
    Ipv4Header header;
    packet->RemoveHeader(header);
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    const Ptr<Ipv4Route> route =
        m_ipv4->GetRoutingProtocol()->RouteOutput(packet, header, nullptr, error);
    if (!route)
    {
        return false;
    }
    m_ipv4->SendWithHeader(packet, header, route);
    return true;
}

void
XfrmPcapReplay::Skip(uint64_t number, const std::string& why)
{
    ++m_nSkipped;
    m_skippedTrace(number, why);
}

} // namespace ns3
