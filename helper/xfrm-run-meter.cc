/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-run-meter.h"

#include "ns3/ipv4-l3-protocol.h"
#include "ns3/point-to-point-net-device.h"

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t PPP_HEADER{2}; //!< what a point-to-point device adds to a packet [bytes]

/// @return name of ns-3's reason to drop a packet
const char*
GetDropName(Ipv4L3Protocol::DropReason reason)
{
    switch (reason)
    {
    case Ipv4L3Protocol::DROP_TTL_EXPIRED:
        return "ttl-expired";
    case Ipv4L3Protocol::DROP_NO_ROUTE:
        return "no-route";
    case Ipv4L3Protocol::DROP_BAD_CHECKSUM:
        return "bad-checksum";
    case Ipv4L3Protocol::DROP_INTERFACE_DOWN:
        return "interface-down";
    case Ipv4L3Protocol::DROP_ROUTE_ERROR:
        return "route-error";
    case Ipv4L3Protocol::DROP_FRAGMENT_TIMEOUT:
        return "fragment-timeout";
    default:
        return "duplicate";
    }
}

} // namespace

NodeMeter::NodeMeter(const RunNetwork::Member& member)
    : m_routing(member.routing)
{
    m_figures.name = member.name;
    ListenToIp(member.node);
    for (uint32_t i = 0; i < member.node->GetNDevices(); ++i)
    {
        if (const auto device = DynamicCast<PointToPointNetDevice>(member.node->GetDevice(i)))
        {
            ListenToDevice(device);
        }
    }
    m_routing->TraceConnectWithoutContext(
        "Dropped",
        Callback<void, Ptr<const Packet>, const Ipv4Header&, const std::string&>(
            [this](const Ptr<const Packet>&, const Ipv4Header&, const std::string& reason) {
                ++m_figures.drops[reason];
            }));
    m_routing->TraceConnectWithoutContext(
        "RingDropped",
        Callback<void, Ptr<const Packet>, const Ipv4Header&, Ptr<const NetDevice>>(
            [this](const Ptr<const Packet>&, const Ipv4Header&, const Ptr<const NetDevice>&) {
                ++m_figures.drops["ring-full"];
            }));
}

void
NodeMeter::ListenToIp(const Ptr<Node>& node)
{
    const auto ipv4 = node->GetObject<Ipv4L3Protocol>();
    const auto count = [&](const char* source, uint64_t& counter) {
        ipv4->TraceConnectWithoutContext(
            source,
            Callback<void, const Ipv4Header&, Ptr<const Packet>, uint32_t>(
                [&counter](const Ipv4Header&, const Ptr<const Packet>&, uint32_t) { ++counter; }));
    };
    count("SendOutgoing", m_figures.nSent);
    count("UnicastForward", m_figures.nForwarded);
    count("LocalDeliver", m_figures.nDelivered);
    ipv4->TraceConnectWithoutContext(
        "Drop",
        Callback<void,
                 const Ipv4Header&,
                 Ptr<const Packet>,
                 Ipv4L3Protocol::DropReason,
                 Ptr<Ipv4>,
                 uint32_t>([this](const Ipv4Header&,
                                  const Ptr<const Packet>&,
                                  Ipv4L3Protocol::DropReason reason,
                                  const Ptr<Ipv4>&,
                                  uint32_t) { ++m_figures.drops[GetDropName(reason)]; }));
}

void
NodeMeter::ListenToDevice(const Ptr<NetDevice>& device)
{
    const auto listen = [&](const char* source, const auto& count) {
        device->TraceConnectWithoutContext(source, Callback<void, Ptr<const Packet>>(count));
    };
    listen("PhyRxEnd", [this](const Ptr<const Packet>& packet) {
        ++m_figures.nIn;
        m_figures.inBytes += packet->GetSize() - PPP_HEADER;
    });
    listen("PhyTxBegin", [this](const Ptr<const Packet>& packet) {
        ++m_figures.nOut;
        m_figures.outBytes += packet->GetSize() - PPP_HEADER;
    });
    listen("MacTxDrop", [this](const Ptr<const Packet>&) { ++m_figures.drops["queue-full"]; });
}

NodeFigures
NodeMeter::GetFigures() const
{
    Namespace& net = m_routing->GetNamespace();
    NodeFigures figures = m_figures;
    figures.nPolicies = net.GetPolicies().GetAll().size();
    figures.nStates = net.GetStates().GetCount();
    for (CpuId cpu = 0; cpu < net.GetCache().GetCpus(); ++cpu)
    {
        figures.cacheSize += net.GetCache().GetTable(cpu).GetSize();
    }
    figures.work = m_routing->GetWork();
    figures.statistics = net.GetStatistics();
    if (const NodeCores* const cores = m_routing->GetCores())
    {
        figures.receive = cores->GetCounts();
        figures.nInFlight = cores->GetInFlight();
        figures.cores = SampleCores(*m_routing);
        figures.locks = SampleLocks(*m_routing);
        if (figures.receive.nBacklogDropped > 0)
        {
            figures.drops["backlog-full"] = figures.receive.nBacklogDropped;
        }
    }
    CheckSums(*m_routing);
    return figures;
}

} // namespace ns3::xfrm
