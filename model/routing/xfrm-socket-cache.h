/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SOCKET_CACHE_H
#define XFRM_SOCKET_CACHE_H

#include "ns3/ipv4-l3-protocol.h"
#include "ns3/xfrm-flow.h"
#include "ns3/xfrm-lookup.h"

#include <cstddef>
#include <unordered_map>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief The chains that sockets keep: what the kernel's connected sockets do not look up again.
 *
 * Source: sk_dst_check() and the sk_dst_cache of TCP and connected UDP sockets, Linux 4.1 (R7, R8,
 * R74, C11, C28, C63).  ns-3's sockets have no such thing, so it is kept here by local endpoint:
 * protocol, addresses, ports.  TCP always has one; UDP if the socket is connected, which is looked
 * up once an endpoint.
 */
class SocketCache
{
  public:
    /// @param ipv4 IP of the node whose sockets they are; must outlive this
    explicit SocketCache(Ipv4L3Protocol& ipv4);

    /**
     * @brief What a socket decided before, if it still holds (sk_dst_check()).
     * @param flow a packet of this host
     * @return the decision; null if there is none, or its chain or route is stale
     */
    const OutputDecision* Find(const Flow& flow);

    /**
     * @brief Keep a decision for the packet's socket, if that keeps any.
     *
     * Blackholes and errors are never kept: they are invalid from birth (R7).
     *
     * @param flow the packet @param decision what was decided @param route its plain route
     */
    void Store(const Flow& flow, const OutputDecision& decision, const Ptr<Route>& route);

    /// @brief A socket has gone, with the decisions for all that it sent to.  O(sockets)
    /// @param socket its ends; without a port on the other side, it was not connected
    void Forget(const SocketEndpoint& socket);

  private:
    /// What names a socket.
    struct Endpoint
    {
        Ipv4Address source;      //!< local address
        Ipv4Address destination; //!< remote address
        uint32_t ports{0};       //!< local port, remote port
        uint8_t proto{0};        //!< TCP or UDP

        bool operator==(const Endpoint&) const = default;
    };

    struct EndpointHash
    {
        size_t operator()(const Endpoint& endpoint) const;
    };

    /// What is known of a socket.
    struct Entry
    {
        bool keepsChain{false};  //!< it is of the kind that does
        bool isSet{false};       //!< decision and route are set
        OutputDecision decision; //!< what was decided
        Ptr<Route> route;        //!< the plain route then
    };

    static bool HasSocket(const Flow& flow);
    static Endpoint MakeEndpoint(const Flow& flow);
    bool IsConnected(const Endpoint& endpoint) const;
    Entry& GetEntry(const Endpoint& endpoint);

    Ipv4L3Protocol& m_ipv4; //!< IP of the node whose sockets they are
    std::unordered_map<Endpoint, Entry, EndpointHash> m_entries; //!< by socket; never walked
};

} // namespace ns3::xfrm

#endif // XFRM_SOCKET_CACHE_H
