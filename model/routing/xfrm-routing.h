/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_ROUTING_H
#define XFRM_ROUTING_H

#include "xfrm-cores.h"
#include "xfrm-diversion.h"
#include "xfrm-ipsec-protocol.h"
#include "xfrm-ipsec-traces.h"
#include "xfrm-node-cores.h"
#include "xfrm-node-ipsec.h"
#include "xfrm-packet-hook.h"
#include "xfrm-reassembly.h"

#include "ns3/event-id.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/net-device.h"
#include "ns3/random-variable-stream.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace ns3
{

namespace xfrm
{

/// The parameter types of a member function.
template <class Function>
struct MemberFunction;

/// @copydoc MemberFunction
template <class Result, class Class, class... Arguments>
struct MemberFunction<Result (Class::*)(Arguments...)>
{
    /// Type of parameter I, counted from 0
    template <size_t I>
    using Argument = std::tuple_element_t<I, std::tuple<Arguments...>>;
};

/// Type of a parameter of RouteInput(): callbacks come by value up to ns-3.37, later by reference.
template <size_t I>
using RouteInputArgument = MemberFunction<decltype(&Ipv4RoutingProtocol::RouteInput)>::Argument<I>;

} // namespace xfrm

/**
 * @ingroup xfrm
 * @brief Puts IPsec between IP and the routing protocol of a node.
 *
 * Wraps the node's routing protocol, which goes on finding the routes, and leads the packets that
 * have one to IPsec.  It is a list routing since ns-3 looks for the parts of a list by casting to
 * it: what it shows as its members are those of the wrapped list, or the one wrapped protocol.
 *
 * While there is nothing to decide, every call is handed through and packets, times and traces are
 * those of a node without it.
 *
 * On a node with cores (attribute Cores), received packets wait in receive queues and packets of
 * this host for a core, and go on when their core's work on them is over.  ns-3.37 hands packets
 * to raw sockets before they are routed, so ping does not see the last node's time.
 *
 * Left out: packets that ns-3 sends without asking its routing protocol (limited broadcasts, and
 * link-local multicasts and subnet broadcasts of sockets bound to an address) do without IPsec, and
 * so do all subnet broadcasts, since sockets compare them with the addresses of the route's device.
 * Linux decides on them too.  What this host sends to itself goes without the policies of sockets.
 * Where nothing was to be decided before, a hook that comes to want packets of this host while the
 * node receives one is asked from the end of that event on.
 */
class XfrmRouting : public Ipv4ListRouting, public xfrm::IpsecTraces
{
  public:
    /// @return the type
    static TypeId GetTypeId();

    XfrmRouting();
    XfrmRouting(const XfrmRouting&) = delete;
    XfrmRouting& operator=(const XfrmRouting&) = delete;
    ~XfrmRouting() override;

    /// What becomes of the bytes of packets.
    enum Crypto
    {
        CRYPTO_AUTO, //!< they are real where packets may leave the simulation (xfrm::IsRealNear())
        CRYPTO_REAL, //!< ciphers and check values are computed
        CRYPTO_SIZES //!< only lengths are right, which takes less of the host's time
    };

    /// Whether a protocol knows its Ipv4 already.
    enum class Attachment
    {
        Attached, //!< it was in use on this node: its SetIpv4() isn't called again
        Fresh     //!< it was not: its SetIpv4() is called when this one's is
    };

    /**
     * @brief Say what finds the routes.  Once, before this is given to an Ipv4.
     * @param wrapped the protocol, not null
     * @param attachment whether it is in use already
     */
    void Wrap(const Ptr<Ipv4RoutingProtocol>& wrapped, Attachment attachment);

    /// @return what finds the routes
    Ptr<Ipv4RoutingProtocol> GetWrapped() const;

    /// @return whether this was given to an Ipv4, and is in use
    bool IsInstalled() const
    {
        return m_ipsec != nullptr;
    }

    /// @return policies, states, flow cache and counters; aborts before this is given to an Ipv4
    xfrm::Namespace& GetNamespace() const;

    /// @return all that IPsec did on this node so far, and with cores, all that IP did; aborts
    ///         before this is given to an Ipv4
    xfrm::Work GetWork() const;

    /// @return the node's cores; null if it has none, so that nothing takes time
    const xfrm::NodeCores* GetCores() const
    {
        return m_cores.get();
    }

    /**
     * @brief Decide what the kernel's connect() decides, for a socket that is being connected.
     *
     * ns-3's sockets ask nobody when they are connected; with the first packet they send, IPsec
     * decides for them.  To be called where the difference counts: an error, or a counter.  The
     * socket takes policies along that it had before.  It is taken to have type of service 0, and
     * no trace source tells of the lookup.
     *
     * @param socket its ends; the local address may be any @param mark its mark
     * @return 0 or a negative errno, such as xfrm::error::PERM
     */
    int32_t Connect(const xfrm::SocketEndpoint& socket, uint32_t mark = 0);

    /**
     * @brief What fits into one packet of a socket, by its chain or route (getsockopt() with
     * IP_MTU, R204).  Decides as Connect() does.
     * @param socket its ends @param mark its mark
     * @return the path MTU; 0 if the kernel's connect() would fail [bytes]
     */
    uint32_t GetPathMtu(const xfrm::SocketEndpoint& socket, uint32_t mark = 0);

    /// @brief A socket has gone, of which ns-3 tells nobody: its policies die, and it keeps its
    /// chain no longer.
    /// @param socket its ends, as when its policies were set or Connect() was called
    void CloseSocket(const xfrm::SocketEndpoint& socket);

    /// @brief Exempt a device's routes from output policies (sysctl disable_xfrm, R14).
    /// @param device a device of the node @param isDisabled whether; loopback is by default
    void SetDisableXfrm(const Ptr<const NetDevice>& device, bool isDisabled);

    /// @brief Exempt what comes in by a device from policy checks (sysctl disable_policy, R260).
    /// @param device a device of the node @param isDisabled whether; loopback is by default
    void SetDisablePolicy(const Ptr<const NetDevice>& device, bool isDisabled);

    /**
     * @brief Take ESP out of the UDP packets for a port, as the socket of a key manager has it done
     * (socket option UDP_ENCAP, R241).
     * @param port the port, whatever the address: in practice 4500
     * @param type how ESP hides there; None: not at all any more
     */
    void SetUdpEncap(uint16_t port, xfrm::EncapType type);

    /// @brief Choose what becomes of the bytes of packets; for real ones, states with ciphers that
    /// have no bytes here are refused from then on.  @param crypto the choice
    /// @throws std::invalid_argument for real ones, if there is such a state already
    void SetCrypto(Crypto crypto);

    /// @return the choice, as it was made
    Crypto GetCrypto() const
    {
        return m_crypto;
    }

    /// @param device a device of the node @return its index in selectors: 1 for loopback, and on
    /// from
    /// there in the order of Ipv4's interfaces; 0 for a stranger
    int32_t GetDeviceIndex(const Ptr<const NetDevice>& device) const;

    /// @brief Fix the random numbers of the flow cache's hash seeds and of initialisation vectors.
    /// @param stream first stream to use @return streams used
    int64_t AssignStreams(int64_t stream);

    /// @brief Let another decide on packets instead of the node's IPsec.
    /// @param hook decides; null: nobody
    void SetHook(std::unique_ptr<xfrm::PacketHook> hook);

    /**
     * @brief Get ready to lead packets of this host to the hook.
     *
     * To be called when the hook comes to want them.  Takes effect at once, except before the
     * simulation starts, since interfaces may still be added, and while the node receives a packet:
     * then as an event of its own at the same time.
     */
    void PrepareDiversion();

    // Ipv4ListRouting

    /// @brief Add to the wrapped list; aborts if what is wrapped is no list.
    /// @param routingProtocol what to add @param priority its priority
    void AddRoutingProtocol(Ptr<Ipv4RoutingProtocol> routingProtocol, int16_t priority) override;
    uint32_t GetNRoutingProtocols() const override;
    Ptr<Ipv4RoutingProtocol> GetRoutingProtocol(uint32_t index, int16_t& priority) const override;

    // Ipv4RoutingProtocol

    Ptr<Ipv4Route> RouteOutput(Ptr<Packet> p,
                               const Ipv4Header& header,
                               Ptr<NetDevice> oif,
                               Socket::SocketErrno& sockerr) override;
    bool RouteInput(Ptr<const Packet> p,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> idev,
                    xfrm::RouteInputArgument<3> ucb,
                    xfrm::RouteInputArgument<4> mcb,
                    xfrm::RouteInputArgument<5> lcb,
                    xfrm::RouteInputArgument<6> ecb) override;
    void NotifyInterfaceUp(uint32_t interface) override;
    void NotifyInterfaceDown(uint32_t interface) override;
    void NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void SetIpv4(Ptr<Ipv4> ipv4) override;
    void PrintRoutingTable(Ptr<OutputStreamWrapper> stream,
                           Time::Unit unit = Time::S) const override;

  protected:
    void DoInitialize() override;
    void DoDispose() override;

  private:
    xfrm::NodeIpsec::Config MakeConfig();
    void MakeIpsec();
    void MakeCores();
    uint32_t DrawSeed();
    void SetLarvalDrop(bool useLarvalDrop);
    bool GetLarvalDrop() const;
    xfrm::NodeRoutes::DeviceSettings& GetDeviceSettings(const Ptr<const NetDevice>& device);
    Ptr<Ipv4Route> DivertForwarded(uint64_t uid);
    void Deliver(const Ptr<const Packet>& packet, const Ipv4Header& header, uint32_t interface);
    void DeliverByIp(const Ptr<const Packet>& packet, const Ipv4Header& header, uint32_t interface);
    IpL4Protocol::RxStatus DeliverWhole(const Ptr<Packet>& packet,
                                        const Ipv4Header& header,
                                        const Ptr<Ipv4Interface>& interface,
                                        const Ptr<IpL4Protocol>& protocol);
    bool NeedsHook(const Ipv4Header& header) const;
    void ApplyCrypto(Crypto crypto);
    void InsertProtocol(uint8_t number);
    bool Route(const Ptr<const Packet>& packet,
               const Ipv4Header& header,
               const Ptr<const NetDevice>& input,
               const MulticastForwardCallback& multicast,
               const ErrorCallback& refuse);
    void Queue(const Ptr<const Packet>& packet,
               const Ipv4Header& header,
               const Ptr<const NetDevice>& input);
    void Input(const Ptr<const Packet>& packet,
               const Ipv4Header& header,
               const Ptr<const NetDevice>& input);
    void QueueLocal(const Ptr<Packet>& packet,
                    const Ipv4Header& header,
                    const Ptr<Ipv4Route>& route);
    void SendLocal(const Ptr<Packet>& packet,
                   const Ipv4Header& header,
                   const Ptr<Ipv4Route>& route);
    void Multicast(const Ptr<Ipv4MulticastRoute>& route,
                   const Ptr<const Packet>& packet,
                   const Ipv4Header& header);
    void Refuse(const Ptr<const Packet>& packet,
                const Ipv4Header& header,
                Socket::SocketErrno error);
    /// @return whether the routing protocol had kept the packet that it answers for, and so no job
    /// is about it now
    bool IsLate() const;
    bool IsForDevice(Ipv4Address destination, const Ipv4Route& route) const;
    bool IsPseudo(uint32_t interface) const;
    void Forward(const Ptr<Ipv4Route>& route,
                 const Ptr<const Packet>& packet,
                 const Ipv4Header& header);

    Ptr<Ipv4RoutingProtocol> m_wrapped;              //!< finds the routes
    Ptr<Ipv4ListRouting> m_wrappedList;              //!< the same if it is a list, else null
    Attachment m_attachment{Attachment::Fresh};      //!< whether it has its Ipv4
    Ptr<Ipv4L3Protocol> m_ipv4;                      //!< IP of the node
    Ptr<NetDevice> m_loopback;                       //!< its loopback; null without cores
    std::string m_kernel;                            //!< attribute Kernel
    bool m_useLarvalDrop{true};                      //!< attribute LarvalDrop
    bool m_hasNoPmtuDisc{false};                     //!< attribute NoPmtuDisc
    uint32_t m_gcThreshold{32768};                   //!< attribute GcThreshold
    uint8_t m_defaultTtl{64};                        //!< attribute DefaultTtl
    uint64_t m_epoch{1};                             //!< attribute Epoch [s since 1970]
    Time m_workDelay;                                //!< attribute WorkDelay
    bool m_useSocketCache{true};                     //!< attribute SocketCache
    int m_discovery{0};                              //!< attribute PathMtuDiscovery
    bool m_forwardsByPathMtu{false};                 //!< attribute ForwardUsePmtu
    Crypto m_crypto{CRYPTO_AUTO};                    //!< attribute Crypto
    EventId m_startEvent;                            //!< when the run begins
    bool m_hasRandomIvs{false};                      //!< attribute RandomIv
    Ptr<XfrmCores> m_coreSettings;                   //!< attribute Cores
    Ptr<UniformRandomVariable> m_seeds;              //!< hash seeds; null until one is drawn
    int64_t m_stream{-1};                            //!< stream of the hash seeds, -1: any
    Ptr<UniformRandomVariable> m_ivs;                //!< vectors; null: they are not drawn
    std::unique_ptr<xfrm::NodeCores> m_cores;        //!< the node's cores; null: none
    std::unique_ptr<xfrm::NodeIpsec> m_ipsec;        //!< the node's IPsec; null before SetIpv4()
    std::vector<Ptr<XfrmIpsecProtocol>> m_protocols; //!< bring it packets to open
    std::unique_ptr<xfrm::Reassembly> m_reassembly;  //!< shows what came in fragments
    std::unique_ptr<xfrm::PacketHook> m_other;    //!< decides instead of IPsec, null: nobody does
    xfrm::PacketHook* m_hook{nullptr};            //!< who decides on packets; null: nobody
    std::unique_ptr<xfrm::Diversion> m_diversion; //!< leads packets of this host to the hook

    uint32_t m_nReceiving{0}; //!< packets being received, one within the other

    // IP makes the same callbacks anew for each packet, so those of the first one serve all.
    UnicastForwardCallback m_forwardHere;     //!< calls Forward()
    UnicastForwardCallback m_forwardByIp;     //!< forwards by Ipv4L3Protocol
    LocalDeliverCallback m_deliverHere;       //!< calls Deliver()
    LocalDeliverCallback m_deliverByIp;       //!< delivers by Ipv4L3Protocol
    MulticastForwardCallback m_multicastHere; //!< calls Multicast()
    MulticastForwardCallback m_multicastByIp; //!< forwards by Ipv4L3Protocol
    ErrorCallback m_refuseHere;               //!< calls Refuse()
    ErrorCallback m_refuseByIp;               //!< refuses by Ipv4L3Protocol
    const NetDevice* m_input{nullptr}; //!< device of the packet being routed, null in between
};

} // namespace ns3

#endif // XFRM_ROUTING_H
