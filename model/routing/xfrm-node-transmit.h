/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_NODE_TRANSMIT_H
#define XFRM_NODE_TRANSMIT_H

#include "xfrm-ipsec-traces.h"
#include "xfrm-iv-source.h"
#include "xfrm-node-cpus.h"
#include "xfrm-node-routes.h"

#include "ns3/ipv4-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-route.h"
#include "ns3/packet.h"
#include "ns3/xfrm-output.h"
#include "ns3/xfrm-path-mtu.h"

#include <cstdint>

namespace ns3::xfrm
{

/// A packet that leaves, and what its sender allows.
struct OutgoingPacket
{
    Ptr<Packet> packet;       //!< what follows the IP header
    Ipv4Header header;        //!< the IP header
    bool isLocal{false};      //!< it is of this host
    bool mayExceedMtu{false}; //!< it may be cut, whatever its DF says (ignore_df)
    uint32_t pathMtu{0};      //!< what was learned to fit on its plain way, 0: the device's [bytes]
};

/**
 * @ingroup xfrm
 * @brief Sends packets of a node: through their chain, cut to what the path takes, out by IP.
 *
 * Source: xfrm4_output(), ip_finish_output() and ip_fragment(), Linux 4.1 (R200, R206, R220 to
 * R227, C43).  Bytes are real or only lengths are, @see PacketSealer.
 */
class NodeTransmit
{
  public:
    /**
     * @param ipv4 IP of the node @param net its policies and states
     * @param cpus where packets are worked on @param traces what to tell; all four must outlive
     * this
     */
    NodeTransmit(Ipv4L3Protocol& ipv4, Namespace& net, NodeCpus& cpus, const IpsecTraces& traces);

    /// @brief Choose between real bytes and lengths alone.  @param isReal whether bytes are real
    void SetRealBytes(bool isReal)
    {
        m_isReal = isReal;
    }

    /// @return whether bytes are real
    bool HasRealBytes() const
    {
        return m_isReal;
    }

    /// @return where initialisation vectors come from
    IvSource& GetIvs()
    {
        return m_ivs;
    }

    /**
     * @brief Send a packet through its chain and out.
     * @param bundle the chain @param out the packet; changed into what leaves, or as far as it came
     * @return how it ended; with -EMSGSIZE the source is to be told, unless it is of this host
     */
    OutputResult SendTransformed(const Bundle& bundle, OutgoingPacket& out);

    /// @brief Send a packet out as it is, cut to what fits on its way.
    /// @param out the packet @param route its route
    void SendPlain(const OutgoingPacket& out, const Ptr<Ipv4Route>& route);

  private:
    OutputResult SendOut(const OutgoingPacket& out, const NodeRoute& path, Cut cut);
    void Emit(const Ptr<Packet>& packet, const Ipv4Header& header, const Ptr<Ipv4Route>& route);
    void EmitCut(const OutgoingPacket& out, const Ptr<Ipv4Route>& route, const Cut& cut);

    Ipv4L3Protocol& m_ipv4;      //!< IP of the node
    NodeCpus& m_cpus;            //!< where packets are worked on
    const IpsecTraces& m_traces; //!< what to tell
    Output m_output;             //!< transforms
    IvSource m_ivs;              //!< where initialisation vectors come from
    bool m_isReal{false};        //!< bytes are real
};

} // namespace ns3::xfrm

#endif // XFRM_NODE_TRANSMIT_H
