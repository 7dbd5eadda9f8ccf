/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_NODE_IPSEC_H
#define XFRM_NODE_IPSEC_H

#include "xfrm-ipsec-traces.h"
#include "xfrm-node-cpus.h"
#include "xfrm-node-receive.h"
#include "xfrm-node-routes.h"
#include "xfrm-node-teller.h"
#include "xfrm-node-timers.h"
#include "xfrm-node-transmit.h"
#include "xfrm-packet-hook.h"
#include "xfrm-socket-cache.h"
#include "xfrm-trace-key-manager.h"

#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/xfrm-lookup.h"
#include "ns3/xfrm-namespace.h"
#include "ns3/xfrm-path-mtu.h"
#include "ns3/xfrm-policy-check.h"

#include <cstdint>
#include <functional>
#include <optional>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The IPsec of a node: lets mechanism decide on its packets and does what that says.
 *
 * Source: the order of events of ip_forward(), ip_local_deliver(), icmp_route_lookup() and the
 * output of sockets, Linux 4.1 (doc/spec/xfrm-datapath.md, sections 1, 6 and 7).  What leaves is
 * NodeTransmit's, what is opened NodeReceive's.
 */
class NodeIpsec final : public PacketHook
{
  public:
    /// Leads a packet to SendLocal() once IP forwarded it; null if that can't be done now.
    using Divert = std::function<Ptr<Ipv4Route>(uint64_t uid)>;

    /// Settings.
    struct Config
    {
        Namespace::Config net;              //!< makeup of its namespace
        std::function<uint32_t()> drawSeed; //!< source of hash seeds
        Time workDelay{MicroSeconds(10)};   //!< from asking for a work item until it runs
        bool useSocketCache{true};          //!< connected sockets keep their chains
        PathMtuDiscovery discovery{PathMtuDiscovery::Dont}; //!< of packets that say nothing (R204)
        bool forwardsByPathMtu{false}; //!< hold what is forwarded against the path MTU, not
                                       //!< the device's (ip_forward_use_pmtu, R272)
        NodeCores* cores{nullptr}; //!< where packets are worked on; must outlive this; null: all
                                   //!< at once, in no time, and as if on CPU 0
    };

    /**
     * @param ipv4 IP of the node
     * @param protocol what finds the routes
     * @param traces what to tell; all three must outlive this
     * @param divert leads forwarded packets here
     * @param config settings @throws std::invalid_argument for a value outside its range
     */
    NodeIpsec(Ipv4L3Protocol& ipv4,
              const Ptr<Ipv4RoutingProtocol>& protocol,
              const IpsecTraces& traces,
              Divert divert,
              const Config& config);

    ~NodeIpsec() override;
    NodeIpsec(const NodeIpsec&) = delete;
    NodeIpsec& operator=(const NodeIpsec&) = delete;
    NodeIpsec(NodeIpsec&&) = delete;
    NodeIpsec& operator=(NodeIpsec&&) = delete;

    bool WantsLocal(const Ipv4Route& route) const override;
    int32_t DecideEarly(const Ptr<const Packet>& packet,
                        const Ipv4Header& header,
                        const Ptr<Ipv4Route>& route) override;
    void SendLocal(const Ptr<Packet>& packet,
                   const Ipv4Header& header,
                   const Ptr<Ipv4Route>& route) override;
    bool WantsReceived() const override;
    void Forward(const Ptr<const Packet>& packet,
                 const Ipv4Header& header,
                 const Ptr<Ipv4Route>& route,
                 const Ptr<const NetDevice>& input,
                 const ForwardCallback& forward) override;
    bool AllowsDelivery(const Ptr<const Packet>& packet,
                        const Ipv4Header& header,
                        uint32_t interface) override;
    bool Take(const Ptr<const Packet>& packet,
              const Ipv4Header& header,
              uint32_t interface) override;

    /**
     * @brief Decide for a socket that is being connected, which may keep the decision
     * (ip_route_connect(), R4, R7).
     * @param socket its ends @param mark its mark
     * @return 0 or error of the kernel's connect()
     */
    int32_t Connect(const SocketEndpoint& socket, uint32_t mark);

    /// @brief What fits into one packet of a socket.  Decides as Connect() does.
    /// @param socket its ends @param mark its mark
    /// @return the path MTU; 0 if connect() would fail [bytes]
    uint32_t GetPathMtu(const SocketEndpoint& socket, uint32_t mark);

    /// @brief A socket has gone, with its policies and the chain that it kept.
    /// @param socket its ends
    void CloseSocket(const SocketEndpoint& socket);

    /// @return what opens received packets
    NodeReceive& GetReceive()
    {
        return m_receive;
    }

    /// @return what sends packets
    NodeTransmit& GetTransmit()
    {
        return m_transmit;
    }

    /// @brief Choose between real bytes and lengths alone.  @param isReal whether bytes are real
    /// @throws std::invalid_argument for a state whose cipher has no bytes here
    void SetRealBytes(bool isReal);

    /**
     * @brief Does its DF make a packet of this host matter, though policies don't?
     * @param packet the packet @return whether to decide on it
     */
    bool WantsSize(const Packet& packet) const;

    /// @brief A policy was inserted (R86).
    void NotifyPolicies()
    {
        m_timers.ScheduleHeld();
    }

    /// @brief An interface went down (R66).
    void NotifyDown()
    {
        m_timers.NotifyDown();
    }

    /// @return its namespace
    Namespace& GetNamespace()
    {
        return m_net;
    }

    /// @return its routes, with what is set for devices
    NodeRoutes& GetRoutes()
    {
        return m_routes;
    }

    /// @return all that was done so far
    Work GetWork() const
    {
        return m_cpus.GetWork();
    }

  private:
    /// A packet that is on its way to SendLocal().
    struct Early
    {
        uint64_t uid;            //!< the packet's number
        OutputDecision decision; //!< what was decided
    };

    class Held;

    uint32_t GetMark(const Packet& packet) const;
    OutputDecision DecideConnect(const SocketEndpoint& socket, uint32_t mark);
    OutputDecision DecideLocal(const Ptr<const Packet>& packet,
                               const Ipv4Header& header,
                               const Ptr<Ipv4Route>& route);
    OutputDecision DecideFlow(const Flow& flow,
                              Ipv4Address destination,
                              const Ptr<Ipv4Route>& route,
                              const Context& context);
    OutputDecision DecideIcmpError(const Flow& flow,
                                   const Ptr<const Packet>& packet,
                                   const Ptr<NodeRoute>& plain,
                                   const Context& context);
    std::optional<OutputDecision> DecideByQuoted(const Ptr<const Packet>& packet,
                                                 const Ptr<NodeRoute>& plain,
                                                 const Context& context);
    std::optional<OutputDecision> TakeEarly(uint64_t uid);
    bool FitsLocal(const OutputDecision& decision, OutgoingPacket& out, const Ipv4Route& route);
    int32_t Transmit(const Bundle& bundle, OutgoingPacket& out);
    int32_t Hold(const Bundle& bundle, const OutgoingPacket& out);
    int32_t CarryOut(const OutputDecision& decision,
                     OutgoingPacket& out,
                     const Ptr<Ipv4Route>& route);
    bool IsTooBigToForward(const OutputDecision& decision,
                           const Ptr<const Packet>& packet,
                           const Ipv4Header& header,
                           const NodeRoute& plain);
    void TransmitForwarded(const Bundle& bundle,
                           const Ptr<Packet>& packet,
                           const Ipv4Header& header);
    void ForwardTransformed(const Ptr<Bundle>& bundle,
                            const Ptr<const Packet>& packet,
                            const Ipv4Header& header,
                            const ForwardCallback& forward);
    CheckResult CheckDelivery(const Ptr<const Packet>& packet,
                              const Flow& flow,
                              const SecPath& path);
    void TellTooBig(const Packet& packet, const Ipv4Header& header, uint32_t mtu);
    void NotePathMtu(const Packet& icmp);

    Ipv4L3Protocol& m_ipv4;               //!< IP of the node
    Divert m_divert;                      //!< leads forwarded packets here
    PathMtuDiscovery m_discovery;         //!< of packets that say nothing
    bool m_forwardsByPathMtu;             //!< hold what is forwarded against the path MTU
    NodeCpus m_cpus;                      //!< where packets are worked on
    NodeRoutes m_routes;                  //!< routes of the node
    PolicyIndexGenerator m_indexes;       //!< of the node
    Namespace m_net;                      //!< policies, states, flow cache, counters
    Lookup m_lookup;                      //!< decides on output
    PolicyCheck m_check;                  //!< checks what was received
    NodeTimers m_timers;                  //!< runs what is due
    NodeTeller m_teller;                  //!< tells what is done
    NodeTransmit m_transmit;              //!< sends
    NodeReceive m_receive;                //!< opens
    TraceKeyManager m_keyManager;         //!< tells what key managers are told
    std::optional<SocketCache> m_sockets; //!< chains that sockets keep; none if switched off
    std::optional<Early> m_early;         //!< packet that was decided on when it was routed
    Ptr<Bundle> m_forwarding;             //!< chain of the packet that IP is forwarding now
};

} // namespace ns3::xfrm

#endif // XFRM_NODE_IPSEC_H
