/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_NODE_IPSEC_H
#define XFRM_NODE_IPSEC_H

#include "xfrm-ipsec-traces.h"
#include "xfrm-node-cpus.h"
#include "xfrm-node-routes.h"
#include "xfrm-node-timers.h"
#include "xfrm-packet-hook.h"
#include "xfrm-socket-cache.h"
#include "xfrm-trace-key-manager.h"

#include "ns3/event-id.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/xfrm-input.h"
#include "ns3/xfrm-lookup.h"
#include "ns3/xfrm-namespace.h"
#include "ns3/xfrm-output.h"
#include "ns3/xfrm-policy-check.h"
#include "ns3/xfrm-sec-path.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The IPsec of a node: lets mechanism decide on its packets and does what that says.
 *
 * Source: the order of events of ip_forward(), ip_local_deliver(), xfrm4_rcv() and
 * xfrm4_output(), Linux 4.1 (doc/spec/xfrm-datapath.md, section 1).
 *
 * A received packet that sheds a layer is received anew (R259), and its sec_path goes with it: at
 * the same time, but as an event of its own, as the kernel's backlog does it (netif_rx()).
 * Deviations: fragments for this host are checked one by one, with ports 0, since ns-3 reassembles
 * behind this point, where Linux checks the whole datagram.
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

    /**
     * @brief Decide for a socket that is being connected, which may keep the decision
     * (ip_route_connect(), R4, R7).
     * @param socket its ends @param mark its mark
     * @return 0 or error of the kernel's connect()
     */
    int32_t Connect(const SocketEndpoint& socket, uint32_t mark);

    /// @brief A socket has gone, with its policies and the chain that it kept.
    /// @param socket its ends
    void CloseSocket(const SocketEndpoint& socket);

    /**
     * @brief An ESP packet for this host arrived (xfrm4_rcv()).
     * @param packet what follows the IP header @param header the IP header
     * @param interface where it came in
     */
    void ReceiveEsp(const Ptr<Packet>& packet,
                    const Ipv4Header& header,
                    const Ptr<Ipv4Interface>& interface);

    /// @param protocol an IP protocol @return whether its packets are opened here
    static bool Opens(uint8_t protocol);

    /// The sec_path of a packet that is received anew.
    struct Arriving
    {
        uint64_t uid; //!< the packet's number
        SecPath path; //!< states of the layers that it shed
    };

    /// @return what the packet being received is, if it had been inside another
    const std::optional<Arriving>& GetArriving() const
    {
        return m_arriving;
    }

    /// @brief Say what packet is received now.  @param arriving that it had been inside another
    /// @return what was received before
    std::optional<Arriving> ExchangeArriving(std::optional<Arriving> arriving)
    {
        return std::exchange(m_arriving, std::move(arriving));
    }

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
    /// A packet that shed a layer.
    struct Opened
    {
        Ptr<Packet> packet;           //!< what was inside, with its IP header
        SecPath path;                 //!< states of the layers that it shed
        Ptr<Ipv4Interface> interface; //!< where it came in
    };

    /// A packet that is on its way to SendLocal().
    struct Early
    {
        uint64_t uid;            //!< the packet's number
        OutputDecision decision; //!< what was decided
    };

    /// What of the work so far tells whether there is something to tell.
    struct Mark
    {
        explicit Mark(const Work& work)
            : nReseeds(work.cache.nReseeds),
              nShrinks(work.cache.nShrinks),
              nEvicted(work.cache.nEvicted),
              nBundles(work.bundle.nBundles)
        {
        }

        uint64_t nReseeds; //!< seeds drawn
        uint64_t nShrinks; //!< shrinks
        uint64_t nEvicted; //!< entries that they removed
        uint64_t nBundles; //!< chains built
    };

    class Held;

    uint32_t GetMark(const Packet& packet) const;
    OutputDecision DecideLocal(const Ptr<const Packet>& packet,
                               const Ipv4Header& header,
                               const Ptr<Ipv4Route>& route);
    OutputDecision DecideFlow(const Flow& flow,
                              Ipv4Address destination,
                              const Ptr<Ipv4Route>& route,
                              const Context& context);
    std::optional<OutputDecision> TakeEarly(uint64_t uid);
    void SendOut(const Ptr<Packet>& packet, const Ipv4Header& header, const Ptr<Ipv4Route>& route);
    int32_t Transmit(const Bundle& bundle,
                     const Ptr<Packet>& packet,
                     const Ipv4Header& header,
                     bool isLocal);
    int32_t Hold(const Bundle& bundle,
                 const Ptr<Packet>& packet,
                 const Ipv4Header& header,
                 bool isLocal);
    int32_t CarryOut(const OutputDecision& decision,
                     const Ptr<Packet>& packet,
                     const Ipv4Header& header,
                     const Ptr<Ipv4Route>& route,
                     bool isLocal);
    void TransmitForwarded(const Bundle& bundle,
                           const Ptr<Packet>& packet,
                           const Ipv4Header& header);
    void ForwardTransformed(const Ptr<Bundle>& bundle,
                            const Ptr<const Packet>& packet,
                            const Ipv4Header& header,
                            const ForwardCallback& forward);
    void RunBacklog();
    void ReceiveAnew(const Opened& opened);
    const SecPath& GetPath(uint64_t uid) const;
    void Drop(const Ptr<const Packet>& packet, const Ipv4Header& header, const std::string& reason);
    void TellLookup(const Ptr<const Packet>& packet,
                    const Ipv4Header& header,
                    const OutputDecision& decision,
                    const Context& context,
                    const Mark& before);
    void TellCacheWork(const Context& context, const Mark& before);

    Ipv4L3Protocol& m_ipv4;               //!< IP of the node
    const IpsecTraces& m_traces;          //!< what to tell
    Divert m_divert;                      //!< leads forwarded packets here
    NodeCpus m_cpus;                      //!< where packets are worked on
    NodeRoutes m_routes;                  //!< routes of the node
    PolicyIndexGenerator m_indexes;       //!< of the node
    Namespace m_net;                      //!< policies, states, flow cache, counters
    Lookup m_lookup;                      //!< decides on output
    Output m_output;                      //!< transforms
    Input m_input;                        //!< opens
    PolicyCheck m_check;                  //!< checks what was received
    NodeTimers m_timers;                  //!< runs what is due
    TraceKeyManager m_teller;             //!< tells what key managers are told
    std::optional<SocketCache> m_sockets; //!< chains that sockets keep; none if switched off
    std::optional<Arriving> m_arriving;   //!< packet being received anew
    std::optional<Early> m_early;         //!< packet that was decided on when it was routed
    Ptr<Bundle> m_forwarding;             //!< chain of the packet that IP is forwarding now
    SecPath m_noPath;                     //!< path of all others
    std::deque<Opened> m_backlog;         //!< to be received anew
    EventId m_backlogEvent;               //!< when they will be
};

} // namespace ns3::xfrm

#endif // XFRM_NODE_IPSEC_H
