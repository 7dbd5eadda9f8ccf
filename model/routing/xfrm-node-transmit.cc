/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-node-transmit.h"

#include "xfrm-fragmenter.h"
#include "xfrm-node-headers.h"
#include "xfrm-packet-layers.h"

#include <algorithm>

namespace ns3::xfrm
{

namespace
{

/// @return whether a chain leaves the pieces of a packet as they are: it makes no tunnel (R206)
bool
KeepsPieces(const Bundle& bundle)
{
    return std::none_of(bundle.GetElements().begin(),
                        bundle.GetElements().end(),
                        [](const BundleElement& element) {
                            return element.state->GetConfig().mode != Mode::Transport;
                        });
}

/// @return how a packet of this host was put together, which is not cut if it is whole
Cut
ChoosePieces(const Bundle& bundle, const OutgoingPacket& out, uint32_t length)
{
    if (!out.isLocal || length <= bundle.GetMtu() || !KeepsPieces(bundle))
    {
        return {};
    }
    const uint32_t headerBytes = out.header.GetSerializedSize();
    return CutToPieces(length - headerBytes,
                       bundle.GetElements().front().headerLength,
                       headerBytes,
                       bundle.GetMtu());
}

} // namespace

NodeTransmit::NodeTransmit(Ipv4L3Protocol& ipv4,
                           Namespace& net,
                           NodeCpus& cpus,
                           const IpsecTraces& traces)
    : m_ipv4(ipv4),
      m_cpus(cpus),
      m_traces(traces),
      m_output(net)
{
}

void
NodeTransmit::Emit(const Ptr<Packet>& packet, const Ipv4Header& header, const Ptr<Ipv4Route>& route)
{
    m_cpus.Emit([this](const Ptr<Packet>& whole,
                       const Ipv4Header& outer,
                       const Ptr<Ipv4Route>& way) { m_ipv4.SendWithHeader(whole, outer, way); },
                packet,
                header,
                route);
}

void
NodeTransmit::EmitCut(const OutgoingPacket& out, const Ptr<Ipv4Route>& route, const Cut& cut)
{
    for (const PacketFragment& fragment : CutPacket(*out.packet, out.header, cut))
    {
        Emit(fragment.packet, fragment.header, route);
    }
}

void
NodeTransmit::SendPlain(const OutgoingPacket& out, const Ptr<Ipv4Route>& route)
{
    const uint32_t headerBytes = out.header.GetSerializedSize();
    if (out.pathMtu != 0 && headerBytes + out.packet->GetSize() > out.pathMtu)
    {
        EmitCut(out, route, CutToFit(out.packet->GetSize(), headerBytes, out.pathMtu));
        return;
    }
    Emit(out.packet, out.header, route); // IP cuts it to the device's MTU
}

OutputResult
NodeTransmit::SendOut(const OutgoingPacket& out, const NodeRoute& path, Cut cut)
{
    const uint32_t headerBytes = out.header.GetSerializedSize();
    const uint32_t length = headerBytes + out.packet->GetSize();
    const uint32_t mtu = path.GetMtu();
    if (length <= mtu)
    {
        Emit(out.packet, out.header, path.GetRoute());
        return {};
    }
    if (out.header.IsDontFragment() && !out.mayExceedMtu)
    {
        return {.error = error::MSGSIZE, .mtu = mtu};
    }
    if (cut.nPieces == 1)
    {
        cut = CutToFit(out.packet->GetSize(), headerBytes, mtu);
    }
    EmitCut(out, path.GetRoute(), cut);
    return {};
}

OutputResult
NodeTransmit::SendTransformed(const Bundle& bundle, OutgoingPacket& out)
{
    PacketSealer sealer(out.packet, out.header, m_isReal ? &m_ivs : nullptr);
    OutputPacket sealed;
    sealed.header = DescribeHeader(out.header);
    sealed.length = sealed.header.lengthBytes + out.packet->GetSize();
    sealed.hasSocket = out.isLocal;
    sealed.mayExceedMtu = out.mayExceedMtu;
    sealed.bytes = &sealer;
    const Cut pieces = ChoosePieces(bundle, out, sealed.length);
    m_cpus.NoteChain(bundle);
    const OutputResult result = m_output.Send(bundle, sealed, m_cpus.Here());
    if (result.error != 0)
    {
        return result;
    }
    if (sealed.length > UINT16_MAX)
    {
        return {.error = error::MSGSIZE}; // no IP packet is that long
    }
    m_traces.m_transformTrace(out.packet, out.header, sealed.layers);
    return SendOut(out, static_cast<const NodeRoute&>(*bundle.GetPath()), pieces);
}

} // namespace ns3::xfrm
