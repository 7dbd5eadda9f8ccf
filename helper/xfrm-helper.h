/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_HELPER_H
#define XFRM_HELPER_H

#include "xfrm-ip-xfrm.h"

#include "ns3/inet-socket-address.h"
#include "ns3/node-container.h"
#include "ns3/object-factory.h"
#include "ns3/socket.h"
#include "ns3/xfrm-key-manager-model.h"
#include "ns3/xfrm-routing.h"

#include <cstdint>
#include <ostream>
#include <string>

namespace ns3
{

/**
 * @ingroup xfrm
 * @brief Puts IPsec on nodes that have their IP stack, addresses and routing protocol.
 *
 * @see XfrmRoutingHelper for nodes that are about to get their IP stack
 */
class XfrmHelper
{
  public:
    XfrmHelper();

    /// @brief Set an attribute of each XfrmRouting that is installed from now on.
    /// @param name its name @param value its value
    void SetAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Give cores to the nodes on which IPsec is installed from now on.
     * @param count cores of each, 1 to 64; 0: none, nothing takes time
     * @param profile what their work costs: "free", "linux-4.1-default" or a JSON file
     * @see XfrmCores for what else can be set, as attribute Cores
     */
    void SetCores(uint32_t count, const std::string& profile);

    /**
     * @brief Wrap a node's routing protocol.
     * @param node the node; aborts if it has no Ipv4, no routing protocol, or IPsec already
     * @return its new routing protocol
     */
    Ptr<XfrmRouting> Install(Ptr<Node> node) const;

    /// @brief Wrap the routing protocols of some nodes, one by one.  @param nodes the nodes
    void Install(const NodeContainer& nodes) const;

    /// @param node a node @return what was installed on it, null if nothing was
    static Ptr<XfrmRouting> GetRouting(Ptr<Node> node);

    /**
     * @brief Run IKE daemons that know each other on some nodes.
     * @param nodes the nodes; each must have IPsec
     * @return the daemons, answering; attributes that are set apply from the next acquire on
     */
    static Ptr<XfrmKeyManager> InstallKeyManager(const NodeContainer& nodes);

    /**
     * @brief Carry out `ip xfrm` commands on a node, now or at the times that they name.
     *
     * One that is refused at its time aborts.
     * Network namespaces that they name (ip -n NAME) do not matter.  Devices are lo, eth0, eth1,
     * ...,
     * in the order of Ipv4's interfaces.
     *
     * @param node a node with IPsec @param commands their text
     * @throws xfrm::IpXfrmError for a word that is wrong, before anything is done
     * @throws std::invalid_argument for a command that the kernel would refuse, naming its errno
     */
    static void Configure(const Ptr<Node>& node, const std::string& commands);

    /**
     * @brief Carry out one command, now.
     * @param routing IPsec of a node @param command the command
     * @param listing where list and get write; null: they are refused
     * @return 0, or the kernel's negative errno
     */
    static int32_t Apply(const Ptr<XfrmRouting>& routing,
                         const xfrm::IpXfrmCommand& command,
                         std::ostream* listing = nullptr);

    /// @brief The same for a command that must not be refused.
    /// @param routing IPsec of a node @param command the command @param listing as above
    /// @throws std::invalid_argument for one that the kernel refuses, naming its line and errno
    static void CarryOut(const Ptr<XfrmRouting>& routing,
                         const xfrm::IpXfrmCommand& command,
                         std::ostream* listing = nullptr);

    /// @param name of a device: lo, eth0, eth1, ... @return its index, as in selectors; else 0
    static int32_t GetDeviceIndex(const std::string& name);

    /// @param index of a device, as in selectors @return its name: lo, eth0, eth1, ...
    static std::string GetDeviceName(int32_t index);

    /**
     * @brief Attach a policy to a socket (setsockopt() with IP_XFRM_POLICY).
     *
     * It decides for the socket's packets before the node's policies do.  ns-3 doesn't tell when a
     * socket goes: XfrmRouting::CloseSocket() does.
     *
     * @param socket a bound UDP, TCP or raw socket on a node with IPsec
     * @param policy words of `ip xfrm policy add` behind "add", such as "dir out action allow"
     * @throws xfrm::IpXfrmError for a word that is wrong
     * @throws std::invalid_argument for a policy that the kernel would refuse, naming its errno
     */
    static void SetSocketPolicy(const Ptr<Socket>& socket, const std::string& policy);

    /// @brief The same for a socket by its ends.
    /// @param routing IPsec of its node @param socket its ends @param policy as above
    static void SetSocketPolicy(const Ptr<XfrmRouting>& routing,
                                const xfrm::SocketEndpoint& socket,
                                const std::string& policy);

    /// @param socket a UDP, TCP or raw socket with IPv4 addresses @return its ends
    static xfrm::SocketEndpoint GetEndpoint(const Ptr<Socket>& socket);

    /**
     * @brief Have real bytes made from now on by all nodes with IPsec that are free to choose
     * (attribute Crypto is Auto), and checksums by all nodes (global value ChecksumEnabled).
     *
     * To be called where packets are captured by ns-3's own helpers, which tell nobody.
     *
     * @throws std::invalid_argument for a state whose cipher has no bytes here
     */
    static void UseRealBytes();

    /**
     * @brief Capture what the interfaces of some nodes send and receive, in files
     * PREFIX-nNODE-iINTERFACE.pcap of link type raw IP, with real bytes.
     * @param prefix folder and beginning of the names @param nodes the nodes
     * @throws std::invalid_argument as UseRealBytes() does
     */
    static void EnablePcap(const std::string& prefix, const NodeContainer& nodes);

    /**
     * @brief Let a TCP socket's segments fit its chain, once and for all: ns-3 changes no segment
     * size of a connection (R205).
     * @param socket a bound TCP socket that is not connected, on a node with IPsec
     * @param remote where it is to connect
     * @return its segment size now: at most the path MTU less the headers [bytes]
     */
    static uint32_t FitSegmentSize(const Ptr<Socket>& socket, const InetSocketAddress& remote);

    /**
     * @brief Fix the random numbers of the IPsec of some nodes.
     * @param nodes the nodes; those without IPsec are left out
     * @param stream first stream to use @return streams used
     */
    static int64_t AssignStreams(const NodeContainer& nodes, int64_t stream);

  private:
    ObjectFactory m_factory; //!< makes what is installed
};

} // namespace ns3

#endif // XFRM_HELPER_H
